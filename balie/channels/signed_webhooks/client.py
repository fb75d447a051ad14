"""Posts signed webhooks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import httpx

from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError
from balie.channels.signed_webhooks.signing import HEADER, sign
from balie.kernel.clock import Clock

LONGEST_CALL: Final = timedelta(seconds=10)

GONE: Final = "answered_410"

_REFUSALS_FOR_GOOD: Final = frozenset({400, 410, 413, 422})


@dataclass(frozen=True, slots=True)
class WebhookAccess:
    """Where the other side listens, and the secret that we share."""

    url: str
    secret: str = field(repr=False)


class WebhookClient:
    """Posts one event at a time."""

    def __init__(
        self,
        access: WebhookAccess,
        http: httpx.AsyncClient,
        *,
        clock: Clock,
        longest: timedelta = LONGEST_CALL,
    ) -> None:
        self.access = access
        self._http = http
        self._clock = clock
        self._longest_s = longest.total_seconds()

    @classmethod
    def at(cls, access: WebhookAccess, clock: Clock) -> WebhookClient:
        """A client with connections of its own."""
        return cls(access, httpx.AsyncClient(timeout=LONGEST_CALL.total_seconds()), clock=clock)

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def post(self, event: Mapping[str, Any]) -> None:
        """Send an event; every try is signed anew, for the other side believes a signature five minutes.

        Raises:
            OutsideUnavailableError: Nobody took it.
            OutsideRefusedError: The other side will never take it: 400, 410 (``GONE``), 413 or 422.
        """
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Content-Type": "application/json",
            HEADER: sign(self.access.secret, body, self._clock()),
        }
        try:
            async with asyncio.timeout(self._longest_s):
                answer = await self._http.post(self.access.url, content=body, headers=headers)
        except (httpx.HTTPError, TimeoutError) as error:
            timed_out = isinstance(error, TimeoutError | httpx.TimeoutException)
            raise OutsideUnavailableError(
                "timed_out" if timed_out else "unreachable", maybe_done=timed_out
            ) from error
        if answer.is_success:
            return
        reason = f"answered_{answer.status_code}"
        if answer.status_code in _REFUSALS_FOR_GOOD:
            raise OutsideRefusedError(reason)
        raise OutsideUnavailableError(reason, maybe_done=False)
