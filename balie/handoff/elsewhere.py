"""Handoffs whose agents work at somebody else's desk: what we are told of them.

Each method may be called again with the same arguments and changes nothing then: desks repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from balie.conversations.bell import Bell
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.policy import clean_text
from balie.conversations.repository import RepeatedMessageError
from balie.conversations.rows import Placed
from balie.conversations.views import Author, NewReply
from balie.handoff import steps
from balie.handoff.book import Book, Tools
from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step
from balie.handoff.ratings import ask_for_rating
from balie.handoff.steps import Command
from balie.handoff.talking import LONGEST_MESSAGE, LONGEST_NOTE
from balie.handoff.views import Handoff, HandoffRequest, Note
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork

Result = TypeVar("Result")


class HandoffsElsewhere:
    """Keeps our books of what agents do at other desks."""

    def __init__(
        self, unit_of_work: UnitOfWork, bell: Bell, tools: Tools, team: str, *, clock: Clock = utc_now
    ) -> None:
        """Build it; ``team`` is whose work it counts as when nobody had been asked for."""
        self._unit_of_work = unit_of_work
        self._bell = bell
        self._tools = tools
        self._team = team
        self._clock = clock

    async def take_elsewhere(self, conversation_id: ConversationId, desk: str) -> None:
        """Somebody at this desk has the conversation from now on, asked for or not.

        Raises:
            ConversationNotFoundError: No such conversation.
        """

        def work(book: Book) -> None:
            conversation = book.handoffs.lock_conversation(conversation_id)
            if conversation is None:
                raise ConversationNotFoundError
            open_one = book.handoffs.find_open(conversation_id)
            if open_one is not None and open_one.state is HandoffState.ACCEPTED and open_one.desk == desk:
                return
            if open_one is None:
                spoken = conversation.explicit_language or conversation.language or conversation.page_language
                language = book.sayings.language_of(spoken)
                wanted = HandoffRequest(reason=Reason.POLICY, team=self._team, language=language, desk=desk)
                steps.request(book.handoffs, conversation_id, wanted, book.now)
            elif open_one.state is HandoffState.ACCEPTED:
                # Our own agent had it; the customer is with somebody else by now.
                steps.take_step(book.handoffs, conversation_id, Command(step=Step.LOSE_AGENT), book.now)
            columns = {"desk": desk, "agent_id": None, "accepted_at": book.now}
            taken = steps.take_step(
                book.handoffs, conversation_id, Command(step=Step.ACCEPT, columns=columns), book.now
            )
            book.say(taken.handoff, "handoff_accepted", {"agent": None, "instead_of": None})

        await self._write(conversation_id, work)

    async def record_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, message_id: UUID
    ) -> None:
        """Store what the customer was told there, as a message of an agent whom we do not know.

        Raises:
            ConversationNotFoundError: No such conversation.
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than :data:`LONGEST_MESSAGE` characters.
        """
        cleaned = clean_text(text, max_characters=LONGEST_MESSAGE)

        def work(book: Book) -> None:
            conversation = book.conversations.take_sequence_numbers(conversation_id, 1, book.now)
            if conversation is None:
                raise ConversationNotFoundError
            placed = Placed(
                conversation_id,
                conversation.last_sequence,
                book.now,
                Author.AGENT,
                client_message_id=message_id,
            )
            book.conversations.insert_line(placed, NewReply(cleaned, (), None, conversation.spoken_language))
            open_one = book.handoffs.find_open(conversation_id)
            if open_one is not None and open_one.desk == desk and open_one.first_reply_at is None:
                book.handoffs.change(open_one.id, {"first_reply_at": book.now})

        try:
            await self._write(conversation_id, work)
        except RepeatedMessageError:
            return

    async def note_elsewhere(
        self, conversation_id: ConversationId, desk: str, text: str, *, note_id: UUID
    ) -> None:
        """Keep a note for agents; no customer reads it.

        Raises:
            ConversationNotFoundError: No such conversation.
            MessageEmptyError: Nothing to read.
            MessageTooLongError: More than :data:`LONGEST_NOTE` characters.
        """
        cleaned = clean_text(text, max_characters=LONGEST_NOTE)

        def work(book: Book) -> None:
            conversation = book.conversations.find_conversation(conversation_id)
            if conversation is None:
                raise ConversationNotFoundError
            after = conversation.last_sequence
            book.handoffs.insert_note(Note(note_id, conversation_id, None, after, cleaned, book.now))

        await self._write(conversation_id, work)

    async def resolve_elsewhere(
        self, conversation_id: ConversationId, desk: str, *, code: str | None, note: str | None
    ) -> None:
        """Their work is done; the customer is asked, once, how it went."""

        def work(book: Book) -> None:
            if self._find_theirs(book, conversation_id, desk) is None:
                return
            known = code if code in {each.value for each in ResolutionCode} else ResolutionCode.SOLVED.value
            command = Command(step=Step.RESOLVE, columns={"code": known, "note": note}, facts={"code": known})
            taken = steps.take_step(book.handoffs, conversation_id, command, book.now)
            book.say(taken.handoff, "handoff_resolved", {"agent": None, "code": known})
            ask_for_rating(book, taken.handoff, None)

        await self._write(conversation_id, work)

    async def return_elsewhere(self, conversation_id: ConversationId, desk: str, *, note: str | None) -> None:
        """They give it back to the assistant, taken or not; the customer is told."""

        def work(book: Book) -> None:
            open_one = book.handoffs.find_open(conversation_id)
            if open_one is None or open_one.desk != desk or open_one.state is HandoffState.PROMISED:
                return
            command = Command(step=Step.RETURN, columns={"note": note})
            taken = steps.take_step(book.handoffs, conversation_id, command, book.now)
            facts = {"agent": None, "solved": None}
            book.say(taken.handoff, "handoff_returned", facts, author=Author.ASSISTANT)

        await self._write(conversation_id, work)

    def _find_theirs(self, book: Book, conversation_id: ConversationId, desk: str) -> Handoff | None:
        open_one = book.handoffs.find_open(conversation_id)
        if open_one is None or open_one.desk != desk or open_one.state is not HandoffState.ACCEPTED:
            return None
        return open_one

    async def _write(self, conversation_id: ConversationId, work: Callable[[Book], Result]) -> Result:
        now = self._clock()
        result = await self._unit_of_work.run_writing(
            lambda connection: work(Book(connection, self._tools, now))
        )
        self._bell.ring(conversation_id)
        return result
