"""Handoffs whose agents work at somebody else's desk: what we are told of them.

Each method may be called again with the same arguments and changes nothing then: desks repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from balie.conversations.bell import Bell
from balie.conversations.policy import clean_text
from balie.conversations.repository import RepeatedMessageError
from balie.conversations.rows import Placed
from balie.conversations.steps import existing
from balie.conversations.views import Author, NewReply
from balie.handoff import ending, steps
from balie.handoff.book import Book, Books, Tools
from balie.handoff.ending import Ending
from balie.handoff.kinds import HandoffState, Reason, ResolutionCode, Step
from balie.handoff.promising import withdraw
from balie.handoff.states import WAITING
from balie.handoff.steps import Command
from balie.handoff.talking import LONGEST_MESSAGE, LONGEST_NOTE, write_note
from balie.handoff.views import Handoff, HandoffRequest
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
        self._books = Books(unit_of_work, tools, clock)
        self._bell = bell
        self._team = team

    async def take_elsewhere(self, conversation_id: ConversationId, desk: str) -> None:
        """Somebody at this desk has the conversation from now on, asked for or not.

        Raises:
            ConversationNotFoundError: No such conversation.
        """

        def work(book: Book) -> None:
            conversation = existing(book.handoffs.lock_conversation(conversation_id))
            open_one = book.handoffs.find_open(conversation_id)
            if open_one is not None and open_one.state is HandoffState.ACCEPTED and open_one.desk == desk:
                return
            if open_one is None:
                language = book.sayings.language_of(conversation.spoken_language)
                wanted = HandoffRequest(reason=Reason.POLICY, team=self._team, language=language, desk=desk)
                steps.request(book.handoffs, conversation_id, wanted, book.now)
            elif open_one.state is HandoffState.ACCEPTED:
                # Our own agent had it; the customer is with somebody else by now.
                steps.take_step(book.handoffs, conversation_id, Command(step=Step.LOSE_AGENT), book.now)
            columns = {"desk": desk, "agent_id": None, "accepted_at": book.now}
            handoff = steps.take_step(
                book.handoffs, conversation_id, Command(step=Step.ACCEPT, columns=columns), book.now
            )
            book.say(handoff, "handoff_accepted", {"agent": None, "instead_of": None})

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
            conversation = existing(book.conversations.take_sequence_numbers(conversation_id, 1, book.now))
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
        await self._write(
            conversation_id, lambda book: write_note(book, conversation_id, None, note_id, cleaned)
        )

    async def resolve_elsewhere(
        self, conversation_id: ConversationId, desk: str, *, code: str | None, note: str | None
    ) -> None:
        """Their work is done; the customer is asked, once, how it went."""

        def work(book: Book) -> None:
            theirs = _find_theirs(book, conversation_id, desk)
            if theirs is None or theirs.state is not HandoffState.ACCEPTED:
                return
            known = code if code in set(ResolutionCode) else ResolutionCode.SOLVED
            ending.resolve(book, Ending(conversation_id, note=note), ResolutionCode(known))

        await self._write(conversation_id, work)

    async def return_elsewhere(self, conversation_id: ConversationId, desk: str, *, note: str | None) -> None:
        """They give it back to the assistant, taken or not; the customer is told."""

        def work(book: Book) -> None:
            theirs = _find_theirs(book, conversation_id, desk)
            if theirs is not None and theirs.state is not HandoffState.PROMISED:
                ending.give_back(book, Ending(conversation_id, note=note), solved=None)

        await self._write(conversation_id, work)

    async def lose_customer(self, conversation_id: ConversationId, note: str, *, note_id: UUID) -> None:
        """Wait for nobody on behalf of a customer whom nothing reaches; an agent who has them is told.

        Args:
            conversation_id: Which one.
            note: What the agent is told.
            note_id: The note is kept once under it.
        """

        def work(book: Book) -> None:
            open_one = book.handoffs.find_open(conversation_id)
            if open_one is None:
                return
            if open_one.state in WAITING:
                withdraw(book, conversation_id)
            else:
                # Also of what was promised: it may have been promised by telephone.
                write_note(book, conversation_id, None, note_id, note)

        await self._write(conversation_id, work)

    async def _write(self, conversation_id: ConversationId, work: Callable[[Book], Result]) -> Result:
        result = await self._books.write(work)
        self._bell.ring(conversation_id)
        return result


def _find_theirs(book: Book, conversation_id: ConversationId, desk: str) -> Handoff | None:
    open_one = book.handoffs.find_open(conversation_id)
    return open_one if open_one is not None and open_one.desk == desk else None
