"""What agents do with conversations. Each method is one short transaction; the bell rings afterwards.

Everybody who looks on hears of it: the customer's page, and the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID, uuid5

from balie.agents.views import AgentView
from balie.conversations.bell import Bell
from balie.conversations.errors import MessageNotFoundError
from balie.conversations.photo_files import RedrawnPhoto
from balie.conversations.policy import clean_text
from balie.conversations.repository import RepeatedMessageError
from balie.conversations.views import Author, RecordedMessage
from balie.handoff import ending, steps, taking
from balie.handoff.book import Book, Books, Tools
from balie.handoff.ending import Ending
from balie.handoff.errors import (
    HandoffNotFoundError,
    HandoffTakenError,
    SnoozeInvalidError,
    TeamNotFoundError,
)
from balie.handoff.hours import TeamClock
from balie.handoff.kinds import ResolutionCode, Step
from balie.handoff.passing_on import Passing, pass_to_agent, pass_to_team
from balie.handoff.steps import Command, must_be_of
from balie.handoff.talking import LONGEST_MESSAGE, LONGEST_NOTE, Said, write_note, write_to_customer
from balie.handoff.views import Handoff, HandoffEvent, Note
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")

LONGEST_SNOOZE: Final = timedelta(days=30)


class HandoffService:
    """Accepting, passing on, giving back and ending conversations; what agents say and note."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        bell: Bell,
        tools: Tools,
        teams: Mapping[str, TeamClock],
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._books = Books(unit_of_work, tools, clock)
        self._bell = bell
        self._tools = tools
        self._teams = teams
        self._clock = clock

    async def accept(
        self, conversation_id: ConversationId, agent_id: int, *, as_of: int | None = None
    ) -> Handoff:
        """Give the conversation to an agent; whoever has it already keeps it.

        Raises:
            ConversationNotFoundError: No such conversation.
            HandoffNotFoundError: Nobody is waited for.
            HandoffTakenError: Somebody else was first, or it is offered to somebody else.
            NoRoomError: The agent has enough.
            AgentNotAvailableError: The account is closed.
        """
        handoff = await self._write(
            conversation_id, lambda book: taking.accept(book, conversation_id, agent_id, as_of=as_of)
        )
        waited = (handoff.accepted_at or handoff.requested_at) - handoff.requested_at
        self._tools.measures.handoff_accepted(waited.total_seconds())
        return handoff

    async def decline(
        self, conversation_id: ConversationId, agent_id: int, *, as_of: int | None = None
    ) -> Handoff:
        """Let somebody else have what was offered.

        Raises:
            HandoffMovedOnError: It is offered to nobody by now.
            HandoffTakenError: It is offered to somebody else.
        """
        command = Command(
            step=Step.DECLINE,
            agent_id=agent_id,
            facts={"agent_id": agent_id},
            as_of=as_of,
            check=steps.must_be_offered_to(agent_id),
        )
        return await self._step(conversation_id, command)

    async def transfer_to_team(
        self,
        conversation_id: ConversationId,
        agent_id: int,
        team: str,
        note: str | None = None,
        *,
        as_of: int | None = None,
    ) -> Handoff:
        """Put the conversation into a team's queue; it has waited since it was asked for.

        Raises:
            TeamNotFoundError: No such team.
            NotYourConversationError: Somebody else has it.
            HandoffNotFoundError: Nobody has it.
        """
        there = self._teams.get(team)
        if there is None:
            raise TeamNotFoundError
        passing = Passing(conversation_id, agent_id, _tidy(note), as_of)
        return await self._write(conversation_id, lambda book: pass_to_team(book, passing, there))

    async def transfer_to_agent(
        self,
        conversation_id: ConversationId,
        agent_id: int,
        to_agent_id: int,
        note: str | None = None,
        *,
        as_of: int | None = None,
    ) -> Handoff:
        """Offer the conversation to a colleague; if they do not take it, it is next in their queue.

        Raises:
            AgentNotAvailableError: The colleague is not at work.
            NotYourConversationError: Somebody else has it.
            HandoffNotFoundError: Nobody has it.
        """
        passing = Passing(conversation_id, agent_id, _tidy(note), as_of)
        return await self._write(conversation_id, lambda book: pass_to_agent(book, passing, to_agent_id))

    async def take_over(
        self, conversation_id: ConversationId, agent_id: int, *, as_of: int | None = None
    ) -> Handoff:
        """Take the conversation from the colleague who has it; for leads.

        Raises:
            HandoffNotFoundError: Nobody has it.
        """
        return await self._write(
            conversation_id, lambda book: taking.take_over(book, conversation_id, agent_id, as_of=as_of)
        )

    async def snooze(
        self, conversation_id: ConversationId, agent_id: int, until: datetime, *, as_of: int | None = None
    ) -> Handoff:
        """Put the conversation aside; it comes back by itself then, and when the customer writes.

        Raises:
            SnoozeInvalidError: Not a moment in the next 30 days.
            NotYourConversationError: Somebody else has it.
        """
        now = self._clock()
        if not now < until <= now + LONGEST_SNOOZE:
            raise SnoozeInvalidError
        command = Command(
            step=Step.SNOOZE,
            agent_id=agent_id,
            columns={"snoozed_until": until},
            facts={"until": until.isoformat()},
            as_of=as_of,
            check=must_be_of(agent_id),
        )
        return await self._step(conversation_id, command)

    async def wake(
        self, conversation_id: ConversationId, agent_id: int, *, as_of: int | None = None
    ) -> Handoff:
        """Take up again what was put aside.

        Raises:
            NotYourConversationError: Somebody else has it.
        """
        command = Command(
            step=Step.WAKE,
            agent_id=agent_id,
            columns={"snoozed_until": None},
            as_of=as_of,
            check=must_be_of(agent_id),
        )
        return await self._step(conversation_id, command)

    async def resolve(
        self,
        conversation_id: ConversationId,
        agent_id: int,
        code: ResolutionCode,
        note: str | None = None,
        *,
        as_of: int | None = None,
    ) -> Handoff:
        """End the conversation; the customer is asked, once, how it went.

        Raises:
            NotYourConversationError: Somebody else has it.
            HandoffNotFoundError: Nobody has it.
        """
        done = Ending(conversation_id, agent_id, _tidy(note), as_of)
        return await self._write(conversation_id, lambda book: ending.resolve(book, done, code))

    async def return_to_assistant(
        self,
        conversation_id: ConversationId,
        agent_id: int,
        note: str | None = None,
        *,
        solved: bool | None = None,
        as_of: int | None = None,
    ) -> Handoff:
        """Give the conversation back to the assistant, with a note that only agents read.

        Raises:
            NotYourConversationError: Somebody else has it.
            HandoffNotFoundError: Nobody has it.
        """
        done = Ending(conversation_id, agent_id, _tidy(note), as_of)
        return await self._write(conversation_id, lambda book: ending.give_back(book, done, solved=solved))

    async def record_agent_message(
        self, conversation_id: ConversationId, agent_id: int, text: str, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store what an agent writes to the customer; the same id again is the same message.

        Raises:
            NotYourConversationError: Somebody else has it.
            HandoffNotFoundError: Nobody has it.
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than :data:`LONGEST_MESSAGE` characters.
        """
        cleaned, is_seen = (
            clean_text(text, max_characters=LONGEST_MESSAGE),
            self._bell.is_present(conversation_id),
        )
        said = Said(client_message_id, cleaned, is_seen=is_seen)
        return await self._say(conversation_id, agent_id, said)

    async def record_agent_photo(
        self, conversation_id: ConversationId, agent_id: int, photo: RedrawnPhoto, *, client_message_id: UUID
    ) -> RecordedMessage:
        """Store a photo that an agent sends; otherwise as :meth:`record_agent_message`."""
        return await self._say(conversation_id, agent_id, Said(client_message_id, photo=photo))

    async def record_note(
        self, conversation_id: ConversationId, agent_id: int, text: str, *, note_id: UUID
    ) -> Note:
        """Store what agents tell each other; the same id again is the same note.

        Raises:
            ConversationNotFoundError: No such conversation.
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than :data:`LONGEST_NOTE` characters.
        """
        cleaned = clean_text(text, max_characters=LONGEST_NOTE)
        return await self._write(
            conversation_id, lambda book: write_note(book, conversation_id, agent_id, note_id, cleaned)
        )

    async def note_listening(self, conversation_id: ConversationId, listener: AgentView) -> Note:
        """Write down that a lead listens to what a colleague has; once an hour, however often they look.

        It is a note, so that everybody who reads the conversation at the desk sees who listened and when, the
        lead too; no step, because nothing changes for anybody. The customer sees no notes.

        Raises:
            ConversationNotFoundError: No such conversation.
        """
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        note_id = uuid5(conversation_id, f"listening {listener.id} {hour.isoformat()}")
        spoken = listener.languages[0] if listener.languages else None
        line = self._tools.sayings.say("desk_note_listening", spoken, {"agent": listener.display_name})
        return await self.record_note(conversation_id, listener.id, line.text, note_id=note_id)

    async def get_open(self, conversation_id: ConversationId) -> Handoff:
        """The open handoff.

        Raises:
            HandoffNotFoundError: There is none.
        """
        found = await self._books.read(lambda book: book.handoffs.find_open(conversation_id))
        if found is None:
            raise HandoffNotFoundError
        return found

    async def find_latest(self, conversation_id: ConversationId) -> Handoff | None:
        """The newest handoff of a conversation, open or not."""
        return await self._books.read(lambda book: book.handoffs.find_latest(conversation_id))

    async def list_notes(self, conversation_id: ConversationId) -> tuple[Note, ...]:
        """What agents have noted, in order."""
        return tuple(await self._books.read(lambda book: book.handoffs.list_notes(conversation_id)))

    async def list_events(self, conversation_id: ConversationId) -> tuple[HandoffEvent, ...]:
        """Every step of a conversation, in order."""
        return await self._books.read(lambda book: book.handoffs.list_events(conversation_id))

    async def _step(self, conversation_id: ConversationId, command: Command) -> Handoff:
        return await self._write(
            conversation_id,
            lambda book: steps.take_step(book.handoffs, conversation_id, command, book.now),
        )

    async def _write(self, conversation_id: ConversationId, work: Callable[[Book], Result]) -> Result:
        result = await self._books.write(lambda book: _naming(work, book))
        self._bell.ring(conversation_id)
        return result

    async def _say(self, conversation_id: ConversationId, agent_id: int, said: Said) -> RecordedMessage:
        try:
            recorded = await self._write(
                conversation_id, lambda book: write_to_customer(book, conversation_id, agent_id, said)
            )
        except RepeatedMessageError:
            return await self._first(conversation_id, said.client_message_id)
        self._bell.show_typing(conversation_id, active=False, author=Author.AGENT)
        return recorded

    async def _first(self, conversation_id: ConversationId, client_message_id: UUID) -> RecordedMessage:
        message = await self._books.read(
            lambda book: book.conversations.find_by_client_message_id(conversation_id, client_message_id)
        )
        if message is None:
            raise MessageNotFoundError
        return RecordedMessage(message, duplicate=True)


def _naming(work: Callable[[Book], Result], book: Book) -> Result:
    """What the work gives; whoever was too late learns the name of the colleague who was faster."""
    try:
        return work(book)
    except HandoffTakenError as error:
        raise HandoffTakenError(error.by, book.name_of(error.by)) from error


def _tidy(note: str | None) -> str | None:
    text = (note or "").strip()[:LONGEST_NOTE]
    return text or None
