"""Writes to customers of a provider: a message becomes posts whose ids stay, however often they go."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from balie.channels.customer_planning import BLOCKED, MESSAGE, has_left
from balie.channels.errors import (
    CustomerGoneError,
    NotWantedAnyMoreError,
    OutsideRefusedError,
    OutsideUnavailableError,
)
from balie.channels.leaving import Leaving
from balie.channels.port import ChannelLimits
from balie.channels.signed_webhooks.client import GONE, WebhookClient
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall
from balie.channels.webhook_channel.composing import Composer

KEYBOARD_OFF: Final = "keyboard_off"
RECAP: Final = "recap"
TYPING: Final = "typing"
PING: Final = "ping"

IDS: Final = UUID("d94c7d0e-2f83-4d0c-8f0b-6a4f0f5b7b52")
"""Ids of what goes to a provider are made of conversation, call and part, in this name space."""

LARGEST_PHOTO: Final = 5_000_000
"""Bytes: what WhatsApp takes; and a few of them are in memory at the same time here."""

_PARTS: Final = "parts"
"""Among a call's facts: how many parts of its message the other side has."""


def limits_of(longest_text: int) -> ChannelLimits:
    """What can be said there.

    Args:
        longest_text: Characters of one message.
    """
    return ChannelLimits(
        longest_text=longest_text, largest_photo=LARGEST_PHOTO, can_edit=True, can_be_left=True
    )


class WebhookChannelSender:
    """Knows for each kind of call what to post."""

    def __init__(
        self, client: WebhookClient, store: ChannelStore, composer: Composer, leaving: Leaving
    ) -> None:
        self._client = client
        self._store = store
        self._composer = composer
        self._leaving = leaving

    @property
    def limits(self) -> ChannelLimits:
        """What can be said there."""
        return self._composer.limits

    @property
    def secret(self) -> str:
        """What both sides sign with."""
        return self._client.access.secret

    async def send(self, call: ClaimedCall) -> None:
        """See :class:`balie.channels.port.OutsideChannel`."""
        if has_left(call.link_facts):
            # It was planned before they left.
            await self._hold(call)
            raise NotWantedAnyMoreError
        try:
            await self._send(call)
        except OutsideRefusedError as error:
            if error.reason != GONE:
                raise
            await self._note_gone(call)
            raise CustomerGoneError from error

    async def show_typing(self, external_id: str) -> None:
        """Show that somebody writes; nobody misses it."""
        with contextlib.suppress(OutsideUnavailableError, OutsideRefusedError):
            await self._client.post({"id": str(uuid4()), "chat": external_id, "type": TYPING})

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def _send(self, call: ClaimedCall) -> None:
        if call.kind == KEYBOARD_OFF:
            await self._take_keyboard_away(call)
            return
        parts = await self._composer.compose(call)
        for part in range(call.facts.get(_PARTS, 0), len(parts)):
            told = {"number": call.number, **parts[part]}
            await self._post(call, MESSAGE, _part_key(call, part), told)
            if part + 1 < len(parts):
                progress = {**call.facts, _PARTS: part + 1}
                await self._store.note_progress(call, progress, link_facts={})

    async def _take_keyboard_away(self, call: ClaimedCall) -> None:
        message = await self._composer.find_message(call)
        last = len(self._composer.split(message.text)) - 1
        under = _id_of(call, f"{message.sequence}:{last}")
        await self._post(call, KEYBOARD_OFF, call.key, {"message": under})

    async def _post(self, call: ClaimedCall, kind: str, key: str, told: Mapping[str, Any]) -> None:
        await self._client.post({"id": _id_of(call, key), "chat": call.external_id, "type": kind, **told})

    async def _note_gone(self, call: ClaimedCall) -> None:
        link = await self._store.find_link(call.channel, call.external_id)
        if link is not None:
            await self._leaving.note(link, BLOCKED, told_by=call.key)
        await self._hold(call)

    async def _hold(self, call: ClaimedCall) -> None:
        if call.kind == MESSAGE:
            await self._leaving.hold(call, await self._composer.find_message(call))


def _part_key(call: ClaimedCall, part: int) -> str:
    return f"{call.facts['sequence'] if call.kind == MESSAGE else call.key}:{part}"


def _id_of(call: ClaimedCall, key: str) -> str:
    return str(uuid5(IDS, f"{call.conversation_id}:{key}"))
