"""The way to the Bot API for python-telegram-bot: with our time limits, and errors that say enough."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any, Final

import httpx
from telegram.error import TelegramError
from telegram.request import HTTPXRequest, RequestData

CONNECT_S: Final = 3.0
LONGEST_CALL: Final = timedelta(seconds=10)
LONGEST_UPLOAD: Final = timedelta(seconds=15)
"""Both shorter than what a claimed call is nobody else's (``balie.channels.store.LEASE``)."""

POLL: Final = timedelta(seconds=25)
"""How long Telegram may keep a question for updates, when there are none."""

_KEEP_ALIVE_S: Final = 15.0
_TOO_MANY: Final = 429
_SERVER_FAULT: Final = 500


class AskedToRestError(TelegramError):
    """429; the library's own error cannot be made without a warning (v22.2)."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many requests")
        self.wait = wait


class ServerFaultError(TelegramError):
    """5xx: whether it was done, nobody knows."""

    def __init__(self, code: int) -> None:
        super().__init__(f"Answered {code}")
        self.code = code


class TimeIsUpError(TelegramError):
    """It took longer than we wait."""


class PatientRequest(HTTPXRequest):
    """One kind of question, with one limit over everything: httpx's own limits are for each step."""

    def __init__(self, connections: int, longest: timedelta) -> None:
        """Build it.

        Args:
            connections: At the same time.
            longest: For one question.
        """
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=_KEEP_ALIVE_S)
        longest_s = longest.total_seconds()
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=CONNECT_S,
            read_timeout=longest_s,
            write_timeout=longest_s,
            media_write_timeout=LONGEST_UPLOAD.total_seconds(),
            pool_timeout=CONNECT_S,
            httpx_kwargs={"limits": limits},
        )
        self._longest_s = longest_s

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *args: Any,
        **options: Any,
    ) -> tuple[int, bytes]:
        """Ask; see :class:`telegram.request.BaseRequest`."""
        uploads = request_data is not None and bool(request_data.multipart_data)
        limit_s = max(self._longest_s, LONGEST_UPLOAD.total_seconds()) if uploads else self._longest_s
        try:
            async with asyncio.timeout(limit_s):
                status, content = await super().do_request(url, method, request_data, *args, **options)
        except TimeoutError as error:
            raise TimeIsUpError("Timed out") from error
        if status == _TOO_MANY:
            raise AskedToRestError(_wait_of(content))
        if status >= _SERVER_FAULT:
            raise ServerFaultError(status)
        return status, content


def _wait_of(content: bytes) -> timedelta:
    try:
        wait_s = json.loads(content)["parameters"]["retry_after"]
        return timedelta(seconds=min(max(float(wait_s), 1.0), 86_400.0))
    except (ValueError, KeyError, TypeError):
        return timedelta(seconds=1)
