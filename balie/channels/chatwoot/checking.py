"""Whether Chatwoot is set up the way the assistant needs it; changes nothing there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from balie.channels.chatwoot.client import ChatwootClient
from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about the set-up.

    Attributes:
        is_good: None when it could not be seen.
    """

    what: str
    is_good: bool | None
    advice: str = ""


async def check_chatwoot(client: ChatwootClient) -> tuple[Remark, ...]:
    """Everything that can be seen with the tokens we have; the first remark is about the bot's token."""
    token = await _check_token(client)
    if not token.is_good:
        return (token,)
    if not client.access.read_token:
        hint = "set BALIE_CHATWOOT_READ_TOKEN to an agent's token to have it checked"
        return (token, Remark("hours and failures", None, hint))
    hours = await _look("office hours text", client.list_inboxes, _judge_hours)
    failures = await _look("bot failures", client.get_account, _judge_failures)
    return (token, hours, failures)


async def _check_token(client: ChatwootClient) -> Remark:
    try:
        await client.probe_token()
    except OutsideUnavailableError as error:
        advice = "BALIE_CHATWOOT_TOKEN" if error.reason == "answered_401" else "BALIE_CHATWOOT_URL"
        return Remark(f"bot token: {error.reason}", is_good=False, advice=advice)
    return Remark("bot token", is_good=True)


async def _look(what: str, ask: Callable[[], Awaitable[Any]], judge: Callable[[Any], Remark]) -> Remark:
    try:
        return judge(await ask())
    except (OutsideUnavailableError, OutsideRefusedError) as error:
        return Remark(f"{what}: {error.reason}", None, "BALIE_CHATWOOT_READ_TOKEN")


def _judge_hours(inboxes: list[dict[str, Any]]) -> Remark:
    """Chatwoot's own text for closing time would be sent while the assistant is answering."""
    noisy = [
        str(inbox.get("name", inbox.get("id")))
        for inbox in inboxes
        if inbox.get("working_hours_enabled") and inbox.get("out_of_office_message")
    ]
    if noisy:
        advice = f"take the out-of-office text out of inbox {', '.join(noisy)}: the assistant says it"
        return Remark("office hours text", is_good=False, advice=advice)
    return Remark("office hours text", is_good=True)


def _judge_failures(account: dict[str, Any]) -> Remark:
    settings = account.get("settings")
    kept = settings.get("keep_pending_on_bot_failure") if isinstance(settings, dict) else None
    if kept is None:
        return Remark("keep_pending_on_bot_failure", None, "this Chatwoot does not tell")
    return Remark(
        "keep_pending_on_bot_failure",
        is_good=bool(kept),
        advice="" if kept else "switch it on for the account: one late answer would silence the assistant",
    )
