"""Takes Chatwoot's events in: stored, and nothing else, before they are acknowledged.

Chatwoot waits five seconds for an answer and then takes the conversation away from the assistant, so nothing
that may take long stands between its question and our yes.
"""

from __future__ import annotations

from typing import Protocol

from balie.channels.chatwoot.wire import as_event, echo_of
from balie.channels.kinds import CHATWOOT
from balie.channels.store import ChannelStore
from balie.channels.views import Facts


class Rings(Protocol):
    """Wakes whoever takes events up (``Dispatcher`` does)."""

    def ring(self) -> None:
        """Say that something came in."""
        ...


class ChatwootIntake:
    """The door for events."""

    def __init__(self, store: ChannelStore, dispatcher: Rings, account: int) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._account = account

    async def store(self, body: Facts) -> bool:
        """Store an event to be taken up afterwards; False for one that is known, or none of ours.

        An echo of our own message is not stored: it says that a call has arrived, and that is noted.

        Raises:
            DeskEventInvalidError: It is no event of Chatwoot.
            StoreUnavailableError: The database cannot be used; nothing was stored.
        """
        event = as_event(body, self._account)
        if event is None:
            return False
        echo = echo_of(event)
        if echo is not None:
            # Half of all events. There is nothing to take up afterwards.
            return await self._store.note_echo(CHATWOOT, event.thread, echo)
        if not await self._store.store_event(event):
            return False
        self._dispatcher.ring()
        return True
