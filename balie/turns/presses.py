"""Buttons that mean something to us and nothing to Rasa: waiting, promises, ratings, the transcript.

And what is typed because one of them asked for it: a number, an address, a remark.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

from balie.conversations.status import ConversationStatus
from balie.conversations.views import Conversation, NewReply, PendingTurn
from balie.handoff.book import Book
from balie.handoff.callers import Caller, masked
from balie.handoff.contacts import read_contact
from balie.handoff.errors import ContactInvalidError
from balie.handoff.kinds import HandoffState, Reason, Wish
from balie.handoff.planner import Need
from balie.handoff.promising import ASKING, Promise, promise, promise_facts, write_letter
from balie.handoff.ratings import SCORES
from balie.handoff.sayings import (
    CALL,
    HELP,
    MAIL,
    MESSAGE,
    PREFIX,
    RATING,
    TRANSCRIPT,
    USE_CONTACT,
    WAIT,
    WITHDRAW,
)
from balie.handoff.transcripts import write_transcript
from balie.handoff.views import Handoff, HandoffRequest
from balie.storage.unit_of_work import run_within
from balie.turns.persons import Persons, Said

Press = Callable[[PendingTurn, str | None], Awaitable[Said]]

_QUESTIONS: Final[Mapping[Wish, str]] = {
    Wish.CALL: "handoff_ask_contact_call",
    Wish.MAIL: "handoff_ask_contact_mail",
}
LOOKS_LIKE_A_CONTACT: Final = 6
"""Digits: whoever types so many has tried to give a number."""


def is_ours(payload: str | None) -> bool:
    """Whether a button is dealt with here."""
    return payload is not None and payload.startswith(PREFIX)


class Presses:
    """Answers what was pressed, and what was typed because of it."""

    def __init__(self, persons: Persons) -> None:
        self._persons = persons
        self._table: Mapping[str, Press] = {
            WITHDRAW: self._withdraw,
            HELP: self._help,
            WAIT: persons.still_waiting,
            MESSAGE: lambda turn, language: self._wish(turn, language, Wish.MESSAGE),
            CALL: lambda turn, language: self._wish(turn, language, Wish.CALL),
            MAIL: lambda turn, language: self._wish(turn, language, Wish.MAIL),
            USE_CONTACT: self._use_contact,
            TRANSCRIPT: self._transcript,
        }

    async def press(self, turn: PendingTurn) -> Said:
        """What a button of ours is answered with; one that means nothing any more, with silence."""
        payload, language = turn.payload or "", turn.likely_language
        press = self._table.get(payload)
        if press is not None:
            return await press(turn, language)
        if payload.startswith(RATING):
            return await self._rate(turn, language, payload.removeprefix(RATING))
        return Said(())

    async def typed(self, turn: PendingTurn) -> Said | None:
        """What is said to a number or address that was asked for; None when nothing was, or it is neither."""
        handoff = await self._persons.find_open(turn.conversation_id)
        asked = None if handoff is None else handoff.facts.get(ASKING)
        if handoff is None or not asked or handoff.state is not HandoffState.PROMISED:
            return None
        wish, language = Wish(asked), turn.likely_language
        try:
            contact = read_contact(wish, turn.text, country=self._persons.planner.country)
        except ContactInvalidError:
            return self._not_a_contact(turn, handoff, wish, language)
        conversation, caller = await self._caller(turn)
        return self._promised(conversation, caller, wish, contact, language)

    def remarked(self, turn: PendingTurn) -> Said:
        """What was typed is what the customer has to say about how it went."""
        reply = self._persons.sayings.say("rating_text_thanks", turn.likely_language)

        def work(book: Book) -> None:
            book.handoffs.remark_on(turn.conversation_id, turn.text)
            if book.handoffs.find_open(turn.conversation_id) is None:
                # Who only had something to say about it is not helped again.
                resolved = {"status": ConversationStatus.RESOLVED.value}
                book.conversations.update_conversation(turn.conversation_id, resolved)

        return Said((reply,), self._persons.in_book(work))

    async def _withdraw(self, turn: PendingTurn, language: str | None) -> Said:
        handoff = await self._persons.find_open(turn.conversation_id)
        promised = handoff is not None and handoff.state is HandoffState.PROMISED
        return self._persons.withdrawn(turn, language, promised=promised)

    async def _help(self, turn: PendingTurn, language: str | None) -> Said:
        return self._persons.helping(turn, language)

    async def _wish(self, turn: PendingTurn, language: str | None, wish: Wish) -> Said:
        conversation, caller = await self._caller(turn)
        if wish is Wish.MESSAGE:
            said = self._promised(conversation, caller, wish, None, language)
            return replace(
                said, replies=(*said.replies, self._persons.sayings.say("handoff_ask_message", language))
            )
        known = caller.contact_for(wish)
        shown = masked(wish, known)
        question = self._persons.sayings.say(_QUESTIONS[wish], language, {"known": shown})
        if shown is not None:
            use = self._persons.sayings.button(USE_CONTACT, language, title="title_use_contact", known=shown)
            question = replace(question, buttons=(use,))
        request = self._request(conversation, caller)
        pending = self._persons.planner.promise(request, wish, None, caller)
        return Said(
            (question,),
            self._persons.in_book(lambda book: promise(book, conversation.id, request, pending)),
        )

    async def _use_contact(self, turn: PendingTurn, language: str | None) -> Said:
        handoff = await self._persons.find_open(turn.conversation_id)
        asked = None if handoff is None else handoff.facts.get(ASKING)
        conversation, caller = await self._caller(turn)
        if not asked or caller.contact_for(Wish(asked)) is None:
            return Said(())
        return self._promised(conversation, caller, Wish(asked), caller.contact_for(Wish(asked)), language)

    def _promised(
        self,
        conversation: Conversation,
        caller: Caller,
        wish: Wish,
        contact: str | None,
        language: str | None,
    ) -> Said:
        planner = self._persons.planner
        request = self._request(conversation, caller)
        promised = planner.promise(request, wish, contact, caller)

        def work(book: Book) -> None:
            handoff = promise(book, conversation.id, request, promised)
            if handoff is not None:
                run_within(
                    book.connection,
                    lambda session: write_letter(session, handoff, promised, book.now, planner.timezone),
                )

        return Said((self._confirmation(promised, language),), self._persons.in_book(work))

    def _confirmation(self, promised: Promise, language: str | None) -> NewReply:
        facts = promise_facts(promised, self._persons.now(), self._persons.planner.timezone)
        return self._persons.sayings.say("handoff_promised", language, facts, buttons=(WITHDRAW,))

    def _request(self, conversation: Conversation, caller: Caller) -> HandoffRequest:
        return self._persons.planner.request_for(conversation, Need(reason=Reason.ASKED), caller)

    def _not_a_contact(
        self, turn: PendingTurn, handoff: Handoff, wish: Wish, language: str | None
    ) -> Said | None:
        digits = sum(character.isdigit() for character in turn.text)
        tried = "@" in turn.text if wish is Wish.MAIL else digits >= LOOKS_LIKE_A_CONTACT
        if not tried:
            return None
        before = int(handoff.facts.get("invalid", 0))
        reply = self._persons.sayings.say(
            "handoff_contact_invalid", language, {"wish": wish.value, "before": before}
        )
        facts = {**handoff.facts, "invalid": before + 1}
        return Said(
            (reply,), self._persons.in_book(lambda book: book.handoffs.change(handoff.id, {"facts": facts}))
        )

    async def _rate(self, turn: PendingTurn, language: str | None, score: str) -> Said:
        if score not in {str(each) for each in SCORES}:
            return Said(())
        _, caller = await self._caller(turn)
        # To an address that nobody has shown to be theirs, nothing is mailed.
        buttons = () if caller.email is None else (TRANSCRIPT,)
        sayings = self._persons.sayings
        reply = sayings.say("rating_thanks", language, {"score": int(score)}, buttons=buttons)

        def work(book: Book) -> None:
            book.handoffs.rate(turn.conversation_id, int(score), book.now)

        return Said((reply,), self._persons.in_book(work))

    async def _transcript(self, turn: PendingTurn, language: str | None) -> Said:
        conversation, caller = await self._caller(turn)
        if caller.email is None:
            return Said(())
        email = caller.email
        facts = {"contact": masked(Wish.MAIL, email)}
        planner = self._persons.planner

        def work(book: Book) -> None:
            run_within(
                book.connection,
                lambda session: write_transcript(session, book, conversation, email, planner.timezone),
            )

        return Said(
            (self._persons.sayings.say("transcript_sent", language, facts),), self._persons.in_book(work)
        )

    async def _caller(self, turn: PendingTurn) -> tuple[Conversation, Caller]:
        conversation = await self._persons.get_conversation(turn.conversation_id)
        return conversation, await self._persons.planner.find_caller(conversation)
