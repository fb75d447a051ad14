"""Calls Chatwoot's API with the agent bot's token; it may call nothing else than this."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError

LONGEST_CALL: Final = timedelta(seconds=10)
MOST_ATTACHMENT_BYTES: Final = 10_000_000
MOST_REDIRECTS: Final = 3
_KEEP_ALIVE_S: Final = 3.0

_REFUSALS_FOR_GOOD: Final = frozenset({400, 404, 405, 409, 410, 413, 415, 422})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatwootAccess:
    """Where our Chatwoot is, and how we may use it.

    Attributes:
        url: Its address, without a slash at the end.
        token: Of the agent bot.
        read_token: Of an agent, which may read messages; empty when there is none.
        teams: Numbers of Chatwoot's teams by the names of ours.
        own_url: How customers reach us, for links to our own pages.
    """

    url: str
    account: int
    token: str = field(repr=False)
    read_token: str = field(default="", repr=False)
    teams: Mapping[str, int] = field(default_factory=dict)
    own_url: str = ""


class ChatwootClient:
    """One method for each call that the adapter makes."""

    def __init__(
        self, access: ChatwootAccess, http: httpx.AsyncClient, *, longest: timedelta = LONGEST_CALL
    ) -> None:
        self.access = access
        self._http = http
        self._longest_s = longest.total_seconds()
        self._base = f"{access.url}/api/v1/accounts/{access.account}"

    @classmethod
    def at(cls, access: ChatwootAccess) -> ChatwootClient:
        """A client with connections of its own."""
        limits = httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S)
        return cls(access, httpx.AsyncClient(limits=limits, timeout=LONGEST_CALL.total_seconds()))

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def create_message(self, conversation: str, body: Mapping[str, Any]) -> None:
        """Say something, or note something for agents."""
        await self._post(conversation, "messages", body)

    async def set_status(self, conversation: str, status: str) -> None:
        """``pending``: the assistant's; ``open``: people's; ``resolved``."""
        await self._post(conversation, "toggle_status", {"status": status})

    async def set_priority(self, conversation: str, priority: str) -> None:
        """``low`` to ``urgent``."""
        await self._post(conversation, "toggle_priority", {"priority": priority})

    async def set_attributes(self, conversation: str, attributes: Mapping[str, Any]) -> None:
        """Replace all attributes of a conversation."""
        await self._post(conversation, "custom_attributes", {"custom_attributes": dict(attributes)})

    async def assign_team(self, conversation: str, team: int) -> None:
        """Put it into a team's list."""
        await self._post(conversation, "assignments", {"team_id": team})

    async def list_messages(self, conversation: str) -> list[dict[str, Any]]:
        """The last twenty or so messages, oldest first. Needs the read token."""
        answer = await self._read(f"{self._base}/conversations/{conversation}/messages")
        messages = answer.get("payload") if isinstance(answer, dict) else None
        return [found for found in messages or [] if isinstance(found, dict)]

    async def list_inboxes(self) -> list[dict[str, Any]]:
        """The inboxes of the account, with their settings. Needs the read token."""
        answer = await self._read(f"{self._base}/inboxes")
        inboxes = answer.get("payload") if isinstance(answer, dict) else None
        return [found for found in inboxes or [] if isinstance(found, dict)]

    async def get_account(self) -> dict[str, Any]:
        """The account with its settings. Needs the read token."""
        answer = await self._read(self._base)
        return answer if isinstance(answer, dict) else {}

    async def probe_token(self) -> None:
        """Nothing when the bot's token is known: it asks for a status that nothing has, of no conversation.

        Raises:
            OutsideUnavailableError: Nobody answers, or the token is refused.
        """
        try:
            await self.set_status("0", "pending")
        except OutsideRefusedError:
            return  # whoever is told that there is no such conversation has been let in

    async def fetch_attachment(self, address: str) -> bytes:
        """A file that a customer sent, from Chatwoot itself or from where it sends us on to.

        Raises:
            OutsideRefusedError: It lies elsewhere, is too large, or is gone.
            OutsideUnavailableError: Not now.
        """
        if urlsplit(address).netloc != urlsplit(self.access.url).netloc:
            raise OutsideRefusedError("attachment_elsewhere")
        try:
            async with asyncio.timeout(self._longest_s):
                return await self._fetch(address)
        except (httpx.HTTPError, TimeoutError) as error:
            raise OutsideUnavailableError(_reason(error), maybe_done=False) from error

    async def _fetch(self, address: str) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            async with self._http.stream("GET", address) as answer:
                if answer.next_request is not None:
                    address = str(answer.next_request.url)
                    continue
                if not answer.is_success:
                    _raise_for(answer)
                content = b""
                async for piece in answer.aiter_bytes():
                    content += piece
                    if len(content) > MOST_ATTACHMENT_BYTES:
                        raise OutsideRefusedError("attachment_too_large")
                return content
        raise OutsideRefusedError("attachment_elsewhere")

    async def _read(self, address: str) -> Any:
        return await self._call("GET", address, self.access.read_token)

    async def _post(self, conversation: str, what: str, body: Mapping[str, Any]) -> None:
        address = f"{self._base}/conversations/{conversation}/{what}"
        await self._call("POST", address, self.access.token, dict(body))

    async def _call(self, method: str, address: str, token: str, body: Any = None) -> Any:
        headers = {"api_access_token": token}
        try:
            # One limit over everything: httpx's own are for each step, and an answer may come drop by drop.
            async with asyncio.timeout(self._longest_s):
                answer = await self._http.request(method, address, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            connected = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
            raise OutsideUnavailableError(_reason(error), maybe_done=connected) from error
        if not answer.is_success:
            _raise_for(answer)
        try:
            return answer.json()
        except ValueError:
            return None


def _raise_for(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _REFUSALS_FOR_GOOD:
        raise OutsideRefusedError(f"answered_{status}")
    asked_for = answer.headers.get("retry-after", "")
    retry_after = timedelta(seconds=int(asked_for)) if asked_for.isdecimal() else None
    raise OutsideUnavailableError(f"answered_{status}", maybe_done=status >= 500, retry_after=retry_after)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "timed_out"
    return "unreachable" if isinstance(error, httpx.ConnectError) else "broke_off"
