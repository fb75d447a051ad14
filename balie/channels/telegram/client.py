"""Talks with the Bot API through python-telegram-bot; others see our words and our errors only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, Final

import httpx
from telegram import Bot, BotCommand, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from balie.channels.errors import CustomerGoneError, OutsideRefusedError, OutsideUnavailableError
from balie.channels.telegram.asking import (
    LONGEST_CALL,
    POLL,
    AskedToRestError,
    PatientRequest,
    ServerFaultError,
    TimeIsUpError,
)
from balie.channels.telegram.updates import ALLOWED_UPDATES

TELEGRAM_ITSELF: Final = "https://api.telegram.org"
_CONNECTIONS: Final = 64
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

_GONE: Final = ("chat not found", "user is deactivated", "peer_id_invalid", "bot can't initiate conversation")
_ABSENT: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")
_SAME: Final = "message is not modified"


class Presence(Enum):
    """What became of a keyboard that was to be changed, and so: whether there is such a message of ours."""

    CHANGED = "changed"
    SAME = "same"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramAccess:
    """Where the Bot API is, and which bot we are."""

    token: str = field(repr=False)
    url: str = TELEGRAM_ITSELF


@dataclass(frozen=True, slots=True)
class Me:
    """The bot, as Telegram knows it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram hands in updates, and how that goes."""

    url: str
    pending: int = 0
    last_error: str = ""


class TelegramClient:
    """One method for each thing that we ask of Telegram.

    Every method raises :class:`OutsideUnavailableError` when it cannot be done now,
    :class:`OutsideRefusedError` when it never will, and :class:`CustomerGoneError` when the customer has
    blocked the bot, or is no more.
    """

    def __init__(self, access: TelegramAccess, *, longest: timedelta = LONGEST_CALL) -> None:
        self.access = access
        base = access.url.rstrip("/")
        self._bot = _RawBot(
            access.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=PatientRequest(_CONNECTIONS, longest),
            get_updates_request=PatientRequest(1, POLL + longest),
        )

    async def aclose(self) -> None:
        """Let go of connections."""
        for request in self._bot.requests:
            await request.shutdown()

    async def describe_me(self) -> Me:
        """Which bot the token is of."""
        with _asking():
            found = await self._bot.get_me()
        return Me(found.id, found.username or "")

    async def fetch_updates(self, offset: int, *, wait: timedelta = POLL) -> list[Any]:
        """Updates from a number on; by asking, all before it are acknowledged. Waits when there are none."""
        with _asking():
            return await self._bot.fetch_updates(offset, wait)

    async def send_text(self, chat: str, text: str, keyboard: InlineKeyboardMarkup | None) -> int:
        """Send a message in Telegram's HTML; answers its number."""
        with _asking():
            sent = await self._bot.send_message(
                int(chat),
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        return sent.message_id

    async def send_plain(self, chat: str, text: str) -> int:
        """Send a message as it is typed; answers its number."""
        with _asking():
            return (await self._bot.send_message(int(chat), text)).message_id

    async def send_photo(self, chat: str, jpeg: bytes, keyboard: InlineKeyboardMarkup | None) -> int:
        """Send a photo; answers its number."""
        with _asking():
            sent = await self._bot.send_photo(int(chat), jpeg, reply_markup=keyboard, filename="photo.jpg")
        return sent.message_id

    async def change_keyboard(
        self, chat: str, message: int, keyboard: InlineKeyboardMarkup | None
    ) -> Presence:
        """Give a message of ours another keyboard, or none."""
        try:
            with _asking():
                await self._bot.edit_message_reply_markup(int(chat), message, reply_markup=keyboard)
        except _NotThereError:
            return Presence.ABSENT
        except _NothingToChangeError:
            return Presence.SAME
        return Presence.CHANGED

    async def answer_press(self, press: str, toast: str) -> None:
        """Say that a button was pressed; what comes too late for that is no trouble."""
        try:
            with _asking():
                await self._bot.answer_callback_query(press, text=toast[:200] or None)
        except OutsideRefusedError:
            return

    async def show_typing(self, chat: str) -> None:
        """Say that an answer is being prepared; holds for five seconds."""
        with _asking():
            await self._bot.send_chat_action(int(chat), ChatAction.TYPING)

    async def fetch_file(self, file: str, *, most_bytes: int) -> bytes:
        """A file that a customer sent.

        Raises:
            OutsideRefusedError: It is too large, or gone.
        """
        with _asking():
            found = await self._bot.get_file(file)
            if (found.file_size or 0) > most_bytes:
                raise OutsideRefusedError("file_too_large")
            content = bytes(await found.download_as_bytearray())
        if len(content) > most_bytes:
            raise OutsideRefusedError("file_too_large")
        return content

    async def leave(self, chat: str) -> None:
        """Leave a group or a channel."""
        with _asking():
            await self._bot.leave_chat(int(chat))

    async def find_webhook(self) -> Webhook:
        """Where updates are handed in; an empty address: they are asked for."""
        with _asking():
            found = await self._bot.get_webhook_info()
        return Webhook(found.url, found.pending_update_count, found.last_error_message or "")

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates handed in there."""
        with _asking():
            await self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=ALLOWED_UPDATES, max_connections=40
            )

    async def remove_webhook(self) -> None:
        """Have updates kept until they are asked for; none is lost by that."""
        with _asking():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def set_commands(self, commands: Mapping[str, str], language: str | None) -> None:
        """The menu, for who has this language set; None: for all others."""
        told = [BotCommand(name, description) for name, description in commands.items()]
        with _asking():
            await self._bot.set_my_commands(told, language_code=language)

    async def list_commands(self, language: str | None) -> dict[str, str]:
        """The menu as Telegram has it."""
        with _asking():
            found = await self._bot.get_my_commands(language_code=language)
        return {command.command: command.description for command in found}

    async def set_descriptions(self, long: str, short: str, language: str | None) -> None:
        """What is read in the empty chat, and on the bot's page."""
        with _asking():
            await self._bot.set_my_description(long, language_code=language)
            await self._bot.set_my_short_description(short, language_code=language)

    async def list_descriptions(self, language: str | None) -> tuple[str, str]:
        """Both, as Telegram has them."""
        with _asking():
            long = await self._bot.get_my_description(language_code=language)
            short = await self._bot.get_my_short_description(language_code=language)
        return long.description, short.short_description


class _RawBot(Bot):
    """The library's bot. Updates stay as they came: one that it cannot read must not stop the others."""

    @property
    def requests(self) -> Sequence[Any]:
        return self._request

    async def fetch_updates(self, offset: int, wait: timedelta) -> list[Any]:
        question = {
            "offset": offset,
            "timeout": int(wait.total_seconds()),
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        found = await self._post("getUpdates", question)
        return found if isinstance(found, list) else []


_Kinds = type[TelegramError] | tuple[type[TelegramError], ...]


class _NotThereError(Exception):
    """There is no such message, or it is none of ours."""


class _NothingToChangeError(Exception):
    """The message has this keyboard already."""


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except TelegramError as error:
        raise _meaning_of(error) from error


def _meaning_of(error: TelegramError) -> Exception:
    for kind, meaning in _MEANINGS:
        if isinstance(error, kind):
            return meaning(error)
    return OutsideUnavailableError("answered_nonsense", maybe_done=True)


def _may_be_sent(error: TelegramError) -> bool:
    return not isinstance(error.__cause__, _NOT_SENT)


def _broken(error: TelegramError) -> Exception:
    may_be_sent = _may_be_sent(error)
    return OutsideUnavailableError("broke_off" if may_be_sent else "unreachable", maybe_done=may_be_sent)


def _refused(error: TelegramError) -> Exception:
    said = error.message.lower()
    if _SAME in said:
        return _NothingToChangeError()
    if any(words in said for words in _ABSENT):
        return _NotThereError()
    if any(words in said for words in _GONE):
        return CustomerGoneError()
    return OutsideRefusedError("answered_400")


# The first that fits: a bad request is a network error to the library.
_MEANINGS: Final[tuple[tuple[_Kinds, Callable[[Any], Exception]], ...]] = (
    (
        AskedToRestError,
        lambda error: OutsideUnavailableError("answered_429", maybe_done=False, retry_after=error.wait),
    ),
    (
        ServerFaultError,
        lambda error: OutsideUnavailableError(f"answered_{error.code}", maybe_done=True),
    ),
    (Forbidden, lambda _: CustomerGoneError()),
    (BadRequest, _refused),
    # Put right in the settings sooner or later; what customers are to hear is kept until then.
    (InvalidToken, lambda _: OutsideUnavailableError("token_refused", maybe_done=False)),
    (Conflict, lambda _: OutsideUnavailableError("conflict", maybe_done=False)),
    (ChatMigrated, lambda _: OutsideRefusedError("moved")),
    (
        (TimeIsUpError, TimedOut),
        lambda error: OutsideUnavailableError("timed_out", maybe_done=_may_be_sent(error)),
    ),
    (NetworkError, _broken),
)
