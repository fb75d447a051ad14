"""An agent takes a conversation, within one transaction; ``service.py`` says when."""

from __future__ import annotations

from balie.handoff import steps
from balie.handoff.book import Book
from balie.handoff.errors import AgentNotAvailableError, NoRoomError
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.steps import Command
from balie.handoff.views import Handoff
from balie.kernel.ids import ConversationId


def accept(book: Book, conversation_id: ConversationId, agent_id: int, *, as_of: int | None) -> Handoff:
    """Give the conversation to an agent; whoever has it already keeps it.

    Raises:
        ConversationNotFoundError: No such conversation.
        HandoffNotFoundError: Nobody is waited for.
        HandoffTakenError: Somebody else was first, or it is offered to somebody else.
        NoRoomError: The agent has enough.
        AgentNotAvailableError: The account is closed.
    """
    # Before anything is looked at: whoever comes at the same time waits here.
    book.handoffs.lock_conversation(conversation_id)
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is not None and open_one.is_of(agent_id):
        return open_one
    name = _name_of_who_has_room(book, agent_id, open_one)
    handoff = steps.accept(book.handoffs, conversation_id, agent_id, book.now, as_of=as_of)
    book.say(handoff, "handoff_accepted", {"agent": name, "instead_of": None})
    return handoff


def take_over(book: Book, conversation_id: ConversationId, agent_id: int, *, as_of: int | None) -> Handoff:
    """Take the conversation from the colleague who has it.

    Raises:
        HandoffNotFoundError: Nobody has it.
        HandoffMovedOnError: It waits for somebody.
    """
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is not None and open_one.is_of(agent_id):
        return open_one
    before = None if open_one is None else open_one.agent_id
    command = Command(
        step=Step.TAKE_OVER,
        agent_id=agent_id,
        columns={"agent_id": agent_id, "snoozed_until": None},
        facts={"from_agent_id": before},
        as_of=as_of,
    )
    handoff = steps.take_step(book.handoffs, conversation_id, command, book.now)
    names = {"agent": book.name_of(agent_id), "instead_of": book.name_of(before)}
    book.say(handoff, "handoff_accepted", names)
    return handoff


def _name_of_who_has_room(book: Book, agent_id: int, open_one: Handoff | None) -> str:
    # Two conversations that the same agent accepts at once are counted one after the other.
    book.handoffs.lock_agent(agent_id)
    agent = book.find_agent(agent_id)
    if agent is None:
        raise AgentNotAvailableError
    busy = book.handoffs.count_of_agents().get(agent_id, 0)
    if open_one is not None and open_one.offered_to == agent_id:
        busy -= 1
    if open_one is not None and open_one.state is not HandoffState.ACCEPTED and busy >= agent.capacity:
        raise NoRoomError(agent.capacity)
    return agent.display_name
