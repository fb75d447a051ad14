"""One step at a time: take up an event, send a call, and write down what became of it. Never raises."""

from __future__ import annotations

import logging

from balie.channels.errors import NotWantedAnyMoreError, OutsideRefusedError, OutsideUnavailableError
from balie.channels.kinds import CallState
from balie.channels.patience import EVENT_ATTEMPTS, wait_after
from balie.channels.port import OutsideChannel
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall, StoredEvent
from balie.kernel.errors import BalieError, ErrorKind, place_of
from balie.storage.errors import StoreUnavailableError

log = logging.getLogger(__name__)


class Steps:
    """What is done with an event or a call that is claimed.

    Only a database that cannot be used is raised (:class:`StoreUnavailableError`): whoever is at it stops,
    and what was claimed is anybody's once the claim has run out.
    """

    def __init__(self, store: ChannelStore) -> None:
        self._store = store

    async def take(self, channel: OutsideChannel, event: StoredEvent) -> None:
        """Take up an event."""
        try:
            await channel.take(event)
        except BalieError as error:
            await self._give_back(event, error.code, again=error.kind is ErrorKind.UNAVAILABLE)
        except Exception as error:
            # Whatever broke: one event must not stop the others.
            log.error("Event %d of %s broke off: %s", event.id, channel.name, place_of(error))  # noqa: TRY400
            await self._give_back(event, "broke_off", again=True)
        else:
            await self._store.finish_event(event)

    async def _give_back(self, event: StoredEvent, trouble: str, *, again: bool) -> None:
        if not again:
            log.info("Event %d (%s) changed nothing: %s", event.id, event.kind, trouble)
            await self._store.finish_event(event, trouble=trouble)
        elif event.attempts >= EVENT_ATTEMPTS:
            log.error("Event %d (%s) was given up: %s", event.id, event.kind, trouble)
            await self._store.finish_event(event, trouble=trouble, given_up=True)
        else:
            log.warning("Event %d (%s) is taken up again: %s", event.id, event.kind, trouble)
            await self._store.postpone_event(event, trouble, wait_after(event.attempts))

    async def send(self, channel: OutsideChannel, call: ClaimedCall) -> None:
        """Send a call."""
        try:
            await channel.send(call)
        except OutsideUnavailableError as error:
            wait = wait_after(1 if error.is_turn else call.attempts, error.retry_after)
            maybe_sent = error.maybe_done or call.maybe_sent
            log.warning("Call %d (%s) is tried again: %s", call.id, call.kind, error.reason)
            await self._store.postpone_call(call, error.reason, wait, maybe_sent=maybe_sent)
        except OutsideRefusedError as error:
            log.error("Call %d (%s) was given up: %s", call.id, call.kind, error.reason)  # noqa: TRY400
            await self._store.end_call(call, CallState.GIVEN_UP, error.reason)
        except NotWantedAnyMoreError as error:
            await self._store.end_call(call, CallState.DROPPED, error.code)
        except StoreUnavailableError as error:
            await self._break_off(call, error.code)
        except Exception as error:
            log.error("Call %d (%s) broke off: %s", call.id, call.kind, place_of(error))  # noqa: TRY400
            await self._break_off(call, "broke_off")
        else:
            await self._store.note_sent(call)

    async def _break_off(self, call: ClaimedCall, trouble: str) -> None:
        await self._store.postpone_call(call, trouble, wait_after(call.attempts), maybe_sent=True)
