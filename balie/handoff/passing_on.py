"""One agent hands a conversation to others, within one transaction; ``service.py`` says when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from balie.agents.kinds import Presence
from balie.handoff import steps
from balie.handoff.book import Book
from balie.handoff.errors import AgentNotAvailableError
from balie.handoff.hours import TeamClock
from balie.handoff.kinds import Step
from balie.handoff.lining_up import PASSED_ON
from balie.handoff.steps import Command, must_be_of
from balie.handoff.views import AgentOnDuty, Handoff
from balie.kernel.ids import ConversationId

OFFER_LASTS: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Passing:
    """Which conversation is passed on, and by whom.

    Attributes:
        note: For whoever is next; never for the customer.
        as_of: As in :class:`Command`.
    """

    conversation_id: ConversationId
    agent_id: int
    note: str | None = None
    as_of: int | None = None


def pass_to_team(book: Book, passing: Passing, there: TeamClock) -> Handoff:
    """Put the conversation into a team's queue.

    Raises:
        NotYourConversationError: Somebody else has it.
        HandoffNotFoundError: Nobody has it.
    """
    name = book.name_of(passing.agent_id)
    columns = {"team": there.team.id, "queued_at": book.now}
    facts = {"team": there.team.id, "from_agent_id": passing.agent_id}
    handoff = _pass(book, passing, Step.TRANSFER_TO_TEAM, columns, facts)
    names = {"agent": name, "team": dict(there.team.name), "to_agent": None}
    book.say(handoff, "handoff_transferred", names | book.place_facts(passing.conversation_id))
    return handoff


def pass_to_agent(book: Book, passing: Passing, to_agent_id: int) -> Handoff:
    """Offer the conversation to a colleague.

    Raises:
        AgentNotAvailableError: The colleague is not at work.
        NotYourConversationError: Somebody else has it.
        HandoffNotFoundError: Nobody has it.
    """
    name, colleague = book.name_of(passing.agent_id), book.find_agent(to_agent_id)
    is_there = colleague is not None and colleague.presence is Presence.ONLINE
    if colleague is None or not is_there or to_agent_id == passing.agent_id:
        raise AgentNotAvailableError
    team = _team_of(colleague, book.handoffs.find_open(passing.conversation_id))
    columns = {
        "offered_to": to_agent_id,
        "offer_expires_at": book.now + OFFER_LASTS,
        "queued_at": book.now,
        **({} if team is None else {"team": team}),
    }
    facts = {"from_agent_id": passing.agent_id, "to_agent_id": to_agent_id}
    handoff = _pass(book, passing, Step.TRANSFER_TO_AGENT, columns, facts)
    names = {"agent": name, "team": None, "to_agent": colleague.display_name}
    book.say(handoff, "handoff_transferred", names | book.place_facts(passing.conversation_id))
    return handoff


def _pass(
    book: Book, passing: Passing, step: Step, columns: Mapping[str, Any], facts: Mapping[str, Any]
) -> Handoff:
    open_one = book.handoffs.find_open(passing.conversation_id)
    known = {} if open_one is None else {**open_one.facts, PASSED_ON: True}
    command = Command(
        step=step,
        agent_id=passing.agent_id,
        columns={**columns, "note": passing.note, "facts": known},
        facts=facts,
        as_of=passing.as_of,
        check=must_be_of(passing.agent_id),
    )
    return steps.take_step(book.handoffs, passing.conversation_id, command, book.now)


def _team_of(colleague: AgentOnDuty, handoff: Handoff | None) -> str | None:
    """The team in which a colleague takes it over: the conversation's own, if they are in it."""
    if handoff is None or handoff.team in colleague.teams or not colleague.teams:
        return None
    return colleague.teams[0]
