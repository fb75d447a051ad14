"""Asks Telegram for updates, again and again; by asking for what comes next, all before are acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from balie.channels.errors import OutsideRefusedError, OutsideUnavailableError
from balie.channels.telegram.asking import POLL
from balie.channels.telegram.client import TelegramClient
from balie.channels.telegram.intake import TelegramIntake
from balie.kernel.errors import place_of
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)

WAITS_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)

WHAT_TO_DO: Final = {
    "conflict": "another program asks for this bot's updates, or a webhook is set (balie telegram check)",
    "token_refused": "Telegram does not know the token in BALIE_TELEGRAM_TOKEN",
}


class Polling:
    """The loop; nothing ends it but :meth:`stop`."""

    def __init__(
        self, client: TelegramClient, intake: TelegramIntake, *, waits_s: Sequence[float] = WAITS_S
    ) -> None:
        """Build it; ``waits_s`` are the rests after one failure, two in a row, …; the last one repeats."""
        self._client = client
        self._intake = intake
        self._waits_s = waits_s
        self._offset = 0
        self._failures = 0
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._running = asyncio.create_task(self._run(), name="Telegram's updates")

    async def stop(self) -> None:
        """End; what was fetched and not stored is fetched again afterwards."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])

    async def ask_once(self, *, wait: timedelta = POLL) -> int:
        """Fetch and store what there is; answers how many updates came.

        Raises:
            OutsideUnavailableError: Telegram cannot be asked now.
            StoreUnavailableError: Nothing was stored; the same updates come again.
        """
        updates = await self._client.fetch_updates(self._offset, wait=wait)
        if updates:
            await self._intake.receive(updates)
            self._offset = max(self._offset, *(_next_after(update) for update in updates))
        return len(updates)

    async def _run(self) -> None:
        while True:
            reason = await self._try()
            if reason is None:
                self._failures = 0
            else:
                await self._rest(reason)

    async def _try(self) -> str | None:
        """Ask once; why it did not work, or None."""
        try:
            await self.ask_once()
        except (OutsideUnavailableError, OutsideRefusedError) as error:
            return error.reason
        except StoreUnavailableError as error:
            return error.code
        except Exception as error:
            # Outermost. Without the error's text: it may quote a message.
            return place_of(error)
        return None

    async def _rest(self, reason: str) -> None:
        self._failures += 1
        advice = WHAT_TO_DO.get(reason, "it is tried again")
        level = logging.ERROR if reason in WHAT_TO_DO else logging.WARNING
        if self._failures == 1 or self._failures % 10 == 0:
            log.log(level, "Telegram's updates cannot be fetched (%s): %s", reason, advice)
        await asyncio.sleep(self._waits_s[min(self._failures, len(self._waits_s)) - 1])


def _next_after(update: object) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number + 1 if isinstance(number, int) else 0
