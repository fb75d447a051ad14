"""What one open desk has heard of the conversations that it looks at, and what it has to hear now."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from balie.agents.views import AgentView
from balie.conversations.service import ConversationService
from balie.conversations.views import Author
from balie.gateway.conversation_routes import LARGEST_SEQUENCE
from balie.gateway.desk_hub import DeskHub, Line, line_of
from balie.gateway.desk_item_wire import Names, desk_message_json, note_json, without_words
from balie.gateway.desk_sight import is_overheard, sees
from balie.gateway.errors import EventInvalidError
from balie.handoff.board import DeskBoard
from balie.handoff.errors import HandoffNotFoundError
from balie.handoff.service import HandoffService
from balie.handoff.states import OPEN
from balie.handoff.views import DeskItem
from balie.kernel.ids import ConversationId

MOST_WATCHED: Final = 50


class NotSeenError(Exception):
    """The conversation is not there, or not for whoever wants to watch it; only the socket sees this."""


@dataclass(slots=True)
class Watched:
    """One conversation, and what was told of it.

    Attributes:
        after: Up to which message everything was told.
        is_fresh: Whether nothing was told yet.
        was_open: Whether it was with somebody, or waited, when told last.
        number: Of the last step that was told.
        unread: Messages that were told before the assistant had read them.
        edited: Messages that read differently by now than when they were told.
        is_noted: Whether it was written down that somebody listens in.
    """

    id: ConversationId
    after: int
    notes: set[UUID] = field(default_factory=set)
    listed: str | None = None
    read: tuple[int, int] | None = None
    is_fresh: bool = True
    was_open: bool = True
    number: int = 0
    unread: set[int] = field(default_factory=set)
    edited: set[int] = field(default_factory=set)
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class Sources:
    """Where everything about a conversation is read."""

    conversations: ConversationService
    handoffs: HandoffService
    board: DeskBoard
    hub: DeskHub


class Watching:
    """Tells everything new in some conversations, from a message on: each message once, in order."""

    def __init__(self, sources: Sources) -> None:
        self._from = sources
        self._watched: dict[ConversationId, Watched] = {}

    def __contains__(self, conversation_id: object) -> bool:
        return conversation_id in self._watched

    def replace(self, wanted: Mapping[ConversationId, int]) -> None:
        """Watch these, each after a message; one that was watched before goes on where it is."""
        before = self._watched
        self._watched = {each: before.get(each) or Watched(each, after) for each, after in wanted.items()}
        for each, after in wanted.items():
            self._watched[each].after = max(self._watched[each].after, after)

    def drop(self, conversation_id: ConversationId) -> None:
        """Watch one no longer."""
        self._watched.pop(conversation_id, None)

    def note_edits(self, edited: Mapping[ConversationId, frozenset[int]]) -> None:
        """Messages of these conversations read differently by now."""
        for conversation_id, sequences in edited.items():
            watched = self._watched.get(conversation_id)
            if watched is not None:
                watched.edited |= {sequence for sequence in sequences if sequence <= watched.after}

    def to_look_at(self, rung: Iterable[ConversationId]) -> list[Watched]:
        """Those of which there may be something to tell."""
        sight, heard = self._from.hub.sight, frozenset(rung)
        lines = {} if sight is None else sight.lines
        return [each for each in self._watched.values() if self._is_due(each, heard, lines.get(each.id))]

    def _is_due(self, watched: Watched, rung: frozenset[ConversationId], line: Line | None) -> bool:
        if watched.is_fresh or watched.id in rung:
            return True
        if line is None:
            return watched.was_open
        return line.listed != watched.listed or _read_in(line.item) != watched.read

    async def news(self, watched: Watched, agent: AgentView) -> AsyncGenerator[str, None]:
        """Events to send, as JSON.

        Raises:
            NotSeenError: There is nothing, or no more, to see for them; a last event may have come before.
            StoreUnavailableError: The database cannot be used; what was not told comes the next time.
        """
        line = await self._find_line(watched.id, agent)
        if line is None or not sees(agent, line.item):
            if line is not None and not watched.is_fresh:
                yield self._moved(line.item, json.dumps(without_words(line.item, self._names())))
            raise NotSeenError
        if is_overheard(agent, line.item) and not watched.is_noted:
            # Before anything is told; once, for a note rings the bell that brings us here.
            await self._from.handoffs.note_listening(watched.id, agent)
            watched.is_noted = True
        for told in (self._read_since(watched), self._said(watched)):
            async with aclosing(told) as events:
                async for event in events:
                    yield event
        watched.is_fresh, watched.was_open = False, line.item.handoff.state in OPEN
        if line.listed != watched.listed and line.item.number >= watched.number:
            watched.listed, watched.number = line.listed, line.item.number
            yield self._moved(line.item, line.listed)
        read = _read_in(line.item)
        if read != watched.read:
            watched.read = read
            yield _event("read", watched.id, customer=read[0], agent=read[1])

    async def _find_line(self, conversation_id: ConversationId, agent: AgentView) -> Line | None:
        """What the hub saw; where it saw nothing for this agent, it may have been too early: look again."""
        sight = self._from.hub.sight
        line = None if sight is None else sight.lines.get(conversation_id)
        if line is not None and sees(agent, line.item):
            return line
        try:
            item = await self._from.board.get_item(conversation_id)
        except HandoffNotFoundError:
            return None
        return line_of(item, self._names())

    async def _said(self, watched: Watched) -> AsyncGenerator[str, None]:
        more = True
        while more:
            # Notes are read after messages and told before: whoever has a message has the notes before it.
            page = await self._from.conversations.list_messages(watched.id, after=watched.after)
            notes = await self._from.handoffs.list_notes(watched.id)
            names = self._names()
            for note in notes:
                is_known = watched.is_fresh and note.after_sequence < watched.after
                if note.id not in watched.notes and not is_known:
                    yield _event("note", watched.id, note=note_json(note, names))
                watched.notes.add(note.id)
            watched.is_fresh = False
            for message in page.messages:
                if message.sequence > watched.after:
                    yield _event("message", watched.id, message=desk_message_json(message, names))
                    watched.after = max(watched.after, message.sequence)
                    if message.author is Author.CUSTOMER and message.language is None:
                        watched.unread.add(message.sequence)
            more = bool(page.messages) and page.last_sequence > watched.after

    async def _read_since(self, watched: Watched) -> AsyncGenerator[str, None]:
        """Messages that were told before anybody had read them, or before they were edited, once more."""
        told = watched.unread | watched.edited
        if not told:
            return
        page = await self._from.conversations.list_messages(watched.id, after=min(told) - 1)
        names = self._names()
        for message in page.messages:
            is_read = message.sequence in watched.unread and message.language is not None
            if is_read or message.sequence in watched.edited:
                watched.edited.discard(message.sequence)
                if message.language is not None:
                    watched.unread.discard(message.sequence)
                yield _event("reading", watched.id, message=desk_message_json(message, names))

    def _moved(self, item: DeskItem, listed: str) -> str:
        shown = self._from.hub.timed(item, listed)
        return f'{{"type": "conversation", "item": {shown}, "number": {item.number}}}'

    def _names(self) -> Names:
        sight = self._from.hub.sight
        return {} if sight is None else sight.names


def read_watch(conversations: object) -> Mapping[ConversationId, int]:
    """What a desk says that it watches.

    Raises:
        EventInvalidError: Not conversations with the number of the last message of each, or too many.
    """
    if not isinstance(conversations, dict) or len(conversations) > MOST_WATCHED:
        raise EventInvalidError(f"watch needs at most {MOST_WATCHED} conversations, each with a number")
    return {read_id(name): _read_sequence(after) for name, after in conversations.items()}


def read_id(given: object) -> ConversationId:
    """The conversation that an event names.

    Raises:
        EventInvalidError: It is no id.
    """
    try:
        return ConversationId(UUID(given if isinstance(given, str) else ""))
    except ValueError as error:
        raise EventInvalidError("a conversation is named by its id") from error


def _read_sequence(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= LARGEST_SEQUENCE:
        raise EventInvalidError("a conversation is watched after a sequence number")
    return given


def _read_in(item: DeskItem) -> tuple[int, int]:
    return item.customer_read, item.agent_read


def _event(kind: str, conversation_id: ConversationId, **fields: Any) -> str:
    return json.dumps({"type": kind, "conversation_id": str(conversation_id), **fields})
