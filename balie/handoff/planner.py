"""What happens when a person is needed: which team, whether somebody is there, and what the customer is told.

Reads only; whoever takes the turn writes it down, in the transaction of its replies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.agents.kinds import Presence
from balie.content.library import Library
from balie.conversations.views import Conversation, NewReply
from balie.handoff.bands import BandTerms
from balie.handoff.book import Book, Books, Tools, as_facts
from balie.handoff.callers import Caller, find_caller
from balie.handoff.hours import TeamClock
from balie.handoff.kinds import HandoffState, Reason, Wish
from balie.handoff.promising import Promise
from balie.handoff.ratings import REMARK_WITHIN
from balie.handoff.sayings import CALL, HELP, MAIL, MESSAGE, WITHDRAW
from balie.handoff.views import OWN_DESK, AgentOnDuty, Handoff, HandoffRequest, Place
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork

WISHES: Final = (MESSAGE, CALL, MAIL)
WHILE_WAITING: Final = (HELP, MESSAGE, CALL, WITHDRAW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """That a person is needed.

    Attributes:
        mood: Priority that the mood asks for: normal, raised, high.
        intent: What it is about; None when nobody could tell.
        facts: What the reason rests on.
    """

    reason: Reason
    mood: str = "normal"
    intent: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about it.

    Attributes:
        request: What is written down.
        reply: What the customer is told.
        queues: Whether they wait from now on; else they are asked how they want to hear from us.
    """

    request: HandoffRequest
    reply: NewReply
    queues: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    waiting: tuple[Handoff, ...]
    agents: tuple[AgentOnDuty, ...]


class HandoffPlanner:
    """Knows the teams and their hours."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        library: Library,
        tools: Tools,
        teams: Mapping[str, TeamClock],
        *,
        clock: Clock = utc_now,
    ) -> None:
        self._unit_of_work = unit_of_work
        self.books = Books(unit_of_work, tools, clock)
        self._library = library
        self._tools = tools
        self._teams = teams
        self._clock = clock
        self._terms = BandTerms.from_shop(library.shop)
        self.timezone = ZoneInfo(library.shop["timezone"])

    @property
    def country(self) -> str:
        """Whose telephone numbers need no country code."""
        return str(self._library.shop["head_office"]["country"])

    async def find_caller(self, conversation: Conversation) -> Caller:
        """Whoever a conversation is with."""
        now = self._clock()
        return await self._unit_of_work.run_asking(
            lambda session: find_caller(session, conversation, self._terms, now)
        )

    async def find_open(self, conversation_id: ConversationId) -> Handoff | None:
        """The conversation's open handoff."""
        return await self.books.read(lambda book: book.handoffs.find_open(conversation_id))

    async def awaits_remark(self, conversation_id: ConversationId) -> bool:
        """Whether the customer has just said how it went, and may add a sentence."""
        return await self.books.read(
            lambda book: book.handoffs.awaits_remark(conversation_id, since=book.now - REMARK_WITHIN)
        )

    async def find_place(self, conversation_id: ConversationId) -> Place:
        """Where a customer stands who waits."""
        return await self.books.read(lambda book: book.find_place(conversation_id))

    async def plan(self, conversation: Conversation, need: Need, caller: Caller) -> Plan | None:
        """What to do for a customer who needs a person; None when the shop has nobody at a desk."""
        now = self._clock()
        seen = await self._look()
        request = self._request(conversation, need, caller, now)
        if request.desk == OWN_DESK and not seen.agents:
            return None
        there = self._teams[request.team]
        if not there.is_open(now) or not _is_manned(request, seen.agents):
            return Plan(request, self._closed(request, there, now), queues=False)
        return self._queued(request, seen.waiting, now)

    def request_for(self, conversation: Conversation, need: Need, caller: Caller) -> HandoffRequest:
        """What is written down when nobody is waited for."""
        return self._request(conversation, need, caller, self._clock())

    def promise(self, request: HandoffRequest, wish: Wish, contact: str | None, caller: Caller) -> Promise:
        """What can be promised to a customer who does not wait."""
        return Promise(
            wish=wish,
            at=self._teams[request.team].promise(self._clock()),
            contact=contact,
            letter_to=contact if wish is Wish.MAIL else caller.email,
            customer_id=caller.customer_id,
        )

    async def _look(self) -> _Seen:
        def look(book: Book) -> _Seen:
            waiting = book.handoffs.list_in(HandoffState.QUEUED, HandoffState.OFFERED)
            return _Seen(waiting, book.handoffs.list_agents())

        return await self.books.read(look)

    def _request(
        self, conversation: Conversation, need: Need, caller: Caller, now: datetime
    ) -> HandoffRequest:
        language = self._tools.sayings.language_of(conversation.spoken_language)
        topics = self._topics(need.intent)
        team = self._team(topics, language)
        return HandoffRequest(
            reason=need.reason,
            team=team,
            language=language,
            topic=topics[-1] if topics else None,
            band=caller.band.value,
            mood=need.mood,
            facts=dict(need.facts),
            due_at=self._teams[team].first_reply_due(now),
            desk=self._tools.desk_of(conversation.channel),
        )

    def _topics(self, intent: str | None) -> Sequence[str]:
        if intent is None:
            return ()
        topic = self._library.topic_of_intent.get(intent)
        return (intent,) if topic is None else (intent, topic)

    def _team(self, topics: Sequence[str], language: str) -> str:
        file = self._library.team_file
        if file is None:
            return next(iter(self._teams))
        return file.content.team_for(topics, language).id

    def _queued(self, request: HandoffRequest, waiting: Sequence[Handoff], now: datetime) -> Plan:
        ahead = sum((each.desk, each.team) == (request.desk, request.team) for each in waiting)
        place = self._tools.experience.place(request.team, ahead + 1, now)
        facts = {**as_facts(place), "reason": request.reason.value}
        reply = self._tools.sayings.say("handoff_queued", request.language, facts, buttons=WHILE_WAITING)
        return Plan(replace(request, position=place.position), reply, queues=True)

    def _closed(self, request: HandoffRequest, there: TeamClock, now: datetime) -> NewReply:
        opens_at = there.next_opening(now)
        facts = {
            "opens_at": None if opens_at is None else opens_at.astimezone(self.timezone).isoformat(),
            "today": now.astimezone(self.timezone).date().isoformat(),
            "reason": request.reason.value,
        }
        return self._tools.sayings.say("handoff_closed", request.language, facts, buttons=WISHES)


def _is_manned(request: HandoffRequest, agents: Sequence[AgentOnDuty]) -> bool:
    """Whether somebody who could come is at work: nobody is made to wait for an empty room.

    Who is at another desk is not known to us.
    """
    there = (agent for agent in agents if agent.presence is not Presence.OFFLINE)
    return request.desk != OWN_DESK or any(request.team in agent.teams for agent in there)
