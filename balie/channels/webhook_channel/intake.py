"""Takes the events of a webhook channel in: checked and stored, and nothing else, before we say yes."""

from __future__ import annotations

from typing import Protocol

from balie.channels.signed_webhooks.signing import check_signature
from balie.channels.store import ChannelStore
from balie.channels.webhook_channel.events import as_stored, read_channel_event
from balie.kernel.clock import Clock


class Looks(Protocol):
    """Takes events up (``Express`` does)."""

    def look(self, channel: str, thread: str) -> None:
        """Say that an event may wait in a thread; returns at once."""
        ...


class WebhookChannelIntake:
    """The door for events."""

    def __init__(self, store: ChannelStore, express: Looks, secret: str, clock: Clock) -> None:
        self._store = store
        self._express = express
        self._secret = secret
        self._clock = clock

    async def receive(self, body: bytes, signature: str) -> bool:
        """Store an event to be taken up afterwards; False when it was stored before.

        Args:
            body: As it came; the signature is of these bytes.
            signature: The header.

        Raises:
            SignatureInvalidError: It is not the other side that sends it, or it is older than five minutes.
            ChannelEventInvalidError: It is none of the events.
            StoreUnavailableError: The database cannot be used; nothing was stored.
        """
        check_signature(self._secret, body, signature, self._clock())
        event = as_stored(read_channel_event(body))
        if not await self._store.store_event(event):
            return False
        self._express.look(event.channel, event.thread)
        return True
