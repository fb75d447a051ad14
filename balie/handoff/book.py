"""What one transaction about a handoff works with: steps, and the words that go with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from balie.conversations.repository import ConversationRepository
from balie.conversations.rows import Placed
from balie.conversations.views import Author, NewReply
from balie.handoff.kinds import HandoffState
from balie.handoff.lining_up import Experience, find_place, rank
from balie.handoff.repository import HandoffRepository
from balie.handoff.sayings import Sayings
from balie.handoff.views import OWN_DESK, AgentOnDuty, Handoff, Place
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.kernel.measures import NO_MEASURES, Measures
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Tools:
    """What every transaction uses and none changes.

    Attributes:
        desk_of: Which desk a conversation is handed over to, by its channel.
    """

    sayings: Sayings
    experience: Experience
    measures: Measures = NO_MEASURES
    desk_of: Callable[[str], str] = lambda _channel: OWN_DESK


class Books:
    """Opens a book for each piece of work, as one transaction."""

    def __init__(self, unit_of_work: UnitOfWork, tools: Tools, clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._tools = tools
        self._clock = clock

    async def read(self, work: Callable[[Book], Result]) -> Result:
        """What a piece of work finds out.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        opened = self.opening(work)
        return await self._unit_of_work.run_reading(opened)

    async def write(self, work: Callable[[Book], Result]) -> Result:
        """What a piece of work returns whose changes are then committed; undone when it raises.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        opened = self.opening(work)
        return await self._unit_of_work.run_writing(opened)

    def opening(self, work: Callable[[Book], Result]) -> Callable[[StoreConnection], Result]:
        """The work for whoever has a transaction already; it is dated now."""
        now = self._clock()
        return lambda connection: work(Book(connection, self._tools, now))


class Book:
    """The conversation's and the handoff's records, within one transaction."""

    def __init__(self, connection: StoreConnection, tools: Tools, now: datetime) -> None:
        self.connection = connection
        self.handoffs = HandoffRepository(connection)
        self.conversations = ConversationRepository(connection)
        self.now = now
        self.sayings = tools.sayings
        self._experience = tools.experience

    def say(
        self,
        handoff: Handoff,
        response: str,
        facts: Mapping[str, Any] | None = None,
        *,
        buttons: Sequence[str] = (),
        author: Author = Author.SYSTEM,
    ) -> None:
        """Tell the customer, in the conversation."""
        line = self.sayings.say(response, handoff.language, facts, buttons=buttons)
        self.write(handoff.conversation_id, line, author=author)

    def write(self, conversation_id: ConversationId, line: NewReply, *, author: Author) -> None:
        """Put a message that answers nothing into the conversation."""
        conversation = self.conversations.take_sequence_numbers(conversation_id, 1, self.now)
        if conversation is not None:
            placed = Placed(conversation_id, conversation.last_sequence, self.now, author)
            self.conversations.insert_line(placed, line)

    def find_place(self, conversation_id: ConversationId) -> Place:
        """Where the customer stands; next, when they do not wait at all."""
        waiting = self.handoffs.list_in(HandoffState.QUEUED, HandoffState.OFFERED)
        found = find_place(conversation_id, rank(waiting, self.now), self._experience, self.now)
        return found or Place(1, None)

    def place_facts(self, conversation_id: ConversationId) -> dict[str, Any]:
        """The same, as texts want it."""
        return as_facts(self.find_place(conversation_id))

    def name_of(self, agent_id: int | None) -> str | None:
        """What customers call an agent."""
        return None if agent_id is None else self.handoffs.find_display_name(agent_id)

    def find_agent(self, agent_id: int) -> AgentOnDuty | None:
        """An agent who may answer customers."""
        return next((agent for agent in self.handoffs.list_agents() if agent.id == agent_id), None)


def as_facts(place: Place) -> dict[str, Any]:
    """A place as texts want it."""
    wait = place.wait
    minutes = None if wait is None else {"from_minutes": wait.from_minutes, "to_minutes": wait.to_minutes}
    return {"position": place.position, "wait": minutes}
