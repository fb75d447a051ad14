"""Brings to Telegram what it has to know of our bot, and looks whether it has that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from balie.channels.errors import CustomerGoneError, OutsideRefusedError, OutsideUnavailableError
from balie.channels.port import Words
from balie.channels.telegram.client import TelegramClient
from balie.channels.telegram.updates import COMMANDS

WEBHOOK_PATH: Final = "/api/v1/channels/telegram/"
SET_UP: Final = "balie telegram setup"

_TOKEN_ADVICE: Final[Mapping[str, tuple[str, str]]] = {
    "token_refused": ("Telegram does not know this token", "BALIE_TELEGRAM_TOKEN (ask @BotFather)"),
    "unreachable": ("Telegram cannot be reached", "the connection, or BALIE_TELEGRAM_API_URL"),
    "timed_out": ("Telegram does not answer in time", "the connection, or BALIE_TELEGRAM_API_URL"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about the set-up.

    Attributes:
        what: What was found, in a sentence.
        is_good: None when it may pass by itself.
        advice: What to do about it.
    """

    what: str
    is_good: bool | None
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How we want to be known.

    Attributes:
        webhook: Where updates are to be handed in; empty: they are asked for.
        secret: The word that comes with them.
        words: The menu and the descriptions.
    """

    webhook: str
    secret: str
    words: Words

    @property
    def languages(self) -> tuple[str | None, ...]:
        """Those that Telegram is told of; None: for everybody else."""
        return (None, *self.words.languages)

    def commands(self, language: str | None) -> dict[str, str]:
        """The menu."""
        return {name: self._say(f"telegram_command_{name}", language) for name in COMMANDS}

    def descriptions(self, language: str | None) -> tuple[str, str]:
        """What is read in the empty chat, and on the bot's page."""
        return (
            self._say("telegram_description", language),
            self._say("telegram_short_description", language),
        )

    def _say(self, response: str, language: str | None) -> str:
        return self.words.render(response, language, {}).text


def webhook_address(public_url: str, secret: str) -> str:
    """Where updates are handed in."""
    return f"{public_url}{WEBHOOK_PATH}{secret}"


async def set_up(client: TelegramClient, wanted: Wanted) -> tuple[Remark, ...]:
    """Bring everything there, and look whether it has arrived.

    Raises:
        OutsideUnavailableError: Telegram cannot be asked now.
        OutsideRefusedError: It does not take something.
    """
    remarks = await check(client, wanted)
    if remarks[0].is_good is False or _lacks_https(wanted):
        return remarks
    if wanted.webhook:
        await client.set_webhook(wanted.webhook, wanted.secret)
    else:
        await client.remove_webhook()
    for language in wanted.languages:
        await client.set_commands(wanted.commands(language), language)
        await client.set_descriptions(*wanted.descriptions(language), language)
    return await check(client, wanted)


async def check(client: TelegramClient, wanted: Wanted) -> tuple[Remark, ...]:
    """Everything that can be seen; the first remark is about the token. Changes nothing."""
    token = await _look("the token", lambda: _check_token(client))
    if token.is_good is False:
        return (token,)
    return (
        token,
        await _look("the webhook", lambda: _check_webhook(client, wanted)),
        await _look("the menu", lambda: _check_commands(client, wanted)),
        await _look("the descriptions", lambda: _check_descriptions(client, wanted)),
    )


async def _look(what: str, look: Callable[[], Awaitable[Remark]]) -> Remark:
    try:
        return await look()
    except OutsideUnavailableError as error:
        found, advice = _TOKEN_ADVICE.get(error.reason, (f"{what} could not be seen: {error.reason}", ""))
        return Remark(found, is_good=False, advice=advice)
    except OutsideRefusedError as error:
        return Remark(f"{what} could not be seen: {error.reason}", is_good=False, advice=SET_UP)
    except CustomerGoneError:
        return Remark("Telegram has shut this bot out", is_good=False, advice="ask @BotSupport")


async def _check_token(client: TelegramClient) -> Remark:
    me = await client.describe_me()
    return Remark(f"the token is of @{me.name}", is_good=True)


async def _check_webhook(client: TelegramClient, wanted: Wanted) -> Remark:
    found = await client.find_webhook()
    if not wanted.webhook:
        if found.url:
            host = urlsplit(found.url).netloc
            return Remark(
                f"a webhook is set ({host}), so updates cannot be asked for", is_good=False, advice=SET_UP
            )
        return Remark(f"updates are asked for, {found.pending} wait", is_good=True)
    if _lacks_https(wanted):
        return Remark("a webhook needs an address with https", is_good=False, advice="BALIE_PUBLIC_URL")
    if found.url != wanted.webhook:
        is_other = "leads elsewhere" if found.url else "is not set"
        return Remark(f"the webhook {is_other}", is_good=False, advice=SET_UP)
    if found.last_error:
        # It is told until the next update has gone well.
        is_stuck = False if found.pending else None
        return Remark(
            f"Telegram says: {found.last_error} ({found.pending} updates wait)",
            is_good=is_stuck,
            advice="can BALIE_PUBLIC_URL be reached from outside?",
        )
    return Remark(f"updates are handed in, {found.pending} wait", is_good=True)


async def _check_commands(client: TelegramClient, wanted: Wanted) -> Remark:
    for language in wanted.languages:
        if await client.list_commands(language) != wanted.commands(language):
            return Remark(f"the menu ({language or 'default'}) is another one", is_good=False, advice=SET_UP)
    return Remark("the menu is there", is_good=True)


async def _check_descriptions(client: TelegramClient, wanted: Wanted) -> Remark:
    for language in wanted.languages:
        if await client.list_descriptions(language) != wanted.descriptions(language):
            return Remark(
                f"the description ({language or 'default'}) is another one", is_good=False, advice=SET_UP
            )
    return Remark("the descriptions are there", is_good=True)


def _lacks_https(wanted: Wanted) -> bool:
    return bool(wanted.webhook) and not wanted.webhook.startswith("https://")
