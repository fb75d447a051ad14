"""A customer has seen to it that nothing reaches them: they wait for nobody then, and agents are told."""

from __future__ import annotations

from typing import Final
from uuid import UUID, uuid5

from balie.channels.customer_planning import HELD, LEFT, MOST_HELD, has_left
from balie.channels.port import HandoffBook, Words
from balie.channels.store import ChannelStore
from balie.channels.views import ClaimedCall, Link
from balie.conversations.views import Author, Message

IDS: Final = UUID("2b9e1a34-7c0d-4c55-9f77-0b1d8e2f6a90")
"""Ids of notes for agents are made of the conversation and of what told us, in this name space."""

FOR_AGENTS: Final = "channel_customer_gone"


class Leaving:
    """Writes it down."""

    def __init__(self, store: ChannelStore, handoffs: HandoffBook, words: Words) -> None:
        self._store = store
        self._handoffs = handoffs
        self._words = words

    async def note(self, link: Link, why: str, *, told_by: str) -> None:
        """A customer has left; nothing when that is known.

        Args:
            link: Whom.
            why: ``STOPPED`` or ``BLOCKED``.
            told_by: Key of the event or call by which we know.
        """
        if has_left(link.facts):
            return
        note = self._words.render(FOR_AGENTS, None, {"channel": link.channel}).text
        note_id = uuid5(IDS, f"{link.conversation_id}:{link.channel}:{told_by}")
        # Before: what is broken off in between is done again, and changes nothing then.
        await self._handoffs.lose_customer(link.conversation_id, note, note_id=note_id)
        await self._store.note_heard(link, {LEFT: why})

    async def hold(self, call: ClaimedCall, message: Message) -> None:
        """Keep what an agent wrote, and what cannot be sent now, for when the customer is back."""
        if message.author is not Author.AGENT:
            return
        link = await self._store.find_link(call.channel, call.external_id)
        held: list[int] = [] if link is None else list(link.facts.get(HELD) or ())
        if link is not None and message.sequence not in held:
            facts = {HELD: sorted([*held, message.sequence])[-MOST_HELD:]}
            await self._store.note_heard(link, facts)
