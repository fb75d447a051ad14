"""How a conversation ends or goes back to the assistant, within one transaction, whoever's desk it was at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from balie.conversations.views import Author
from balie.handoff import steps
from balie.handoff.book import Book
from balie.handoff.case_repository import CASE, answer_case
from balie.handoff.kinds import ResolutionCode, Step
from balie.handoff.ratings import ask_for_rating
from balie.handoff.steps import Command, must_be_of
from balie.handoff.views import Handoff
from balie.kernel.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Ending:
    """Who is done with which conversation.

    Attributes:
        agent_id: None for agents at other desks, whom we do not know.
        note: For whoever is next; never for the customer.
        as_of: As in :class:`Command`.
    """

    conversation_id: ConversationId
    agent_id: int | None = None
    note: str | None = None
    as_of: int | None = None

    def step(self, step: Step, columns: Mapping[str, Any], facts: Mapping[str, Any]) -> Command:
        """What is taken; of our own agents, only the owner may."""
        return Command(
            step=step,
            agent_id=self.agent_id,
            columns={**columns, "note": self.note},
            facts=facts,
            as_of=self.as_of,
            check=None if self.agent_id is None else must_be_of(self.agent_id),
        )


def resolve(book: Book, ending: Ending, code: ResolutionCode) -> Handoff:
    """End the conversation; the customer is asked, once, how it went.

    Raises:
        BalieError: As for ``take_step``.
    """
    name = book.name_of(ending.agent_id)
    command = ending.step(Step.RESOLVE, {"code": code.value}, {"code": code.value})
    handoff = steps.take_step(book.handoffs, ending.conversation_id, command, book.now)
    book.say(handoff, "handoff_resolved", {"agent": name, "code": code.value})
    case = handoff.facts.get(CASE)
    if case:
        answer_case(book.connection, str(case), book.now)
    ask_for_rating(book, handoff, name)
    return handoff


def give_back(book: Book, ending: Ending, *, solved: bool | None) -> Handoff:
    """Give the conversation back to the assistant, which tells the customer.

    Raises:
        BalieError: As for ``take_step``.
    """
    name = book.name_of(ending.agent_id)
    command = ending.step(Step.RETURN, {}, {"solved": solved})
    handoff = steps.take_step(book.handoffs, ending.conversation_id, command, book.now)
    facts = {"agent": name, "solved": solved}
    book.say(handoff, "handoff_returned", facts, author=Author.ASSISTANT)
    return handoff
