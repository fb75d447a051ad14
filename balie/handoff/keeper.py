"""Keeps the queue moving: offers, offers that nobody answered, agents who are gone, promises that are due.

Everything it does is a step that somebody else may take at the same moment; whoever comes second finds that
the conversation has moved on, and that is all. It may run in any number of processes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from balie.agents.kinds import Presence
from balie.conversations.bell import Bell
from balie.handoff import steps
from balie.handoff.book import Book, Books, Tools
from balie.handoff.case_promises import promise_case
from balie.handoff.case_repository import UndecidedCase, list_undecided
from balie.handoff.errors import HandoffMovedOnError, HandoffNotFoundError
from balie.handoff.hours import TeamClock
from balie.handoff.keeper_rules import (
    is_lost,
    is_over,
    must_be_asked_again,
    to_be_woken,
)
from balie.handoff.kinds import HandoffState, Step, Wish
from balie.handoff.lining_up import LOOK_BACK, MOST_OBSERVATIONS, PASSED_ON, rank
from balie.handoff.passing_on import OFFER_LASTS
from balie.handoff.promising import Promise, promise_facts
from balie.handoff.routing import AgentLoad, Wanted, choose_agent
from balie.handoff.sayings import HELP, MESSAGE, WAIT, WITHDRAW
from balie.handoff.steps import must_be_as_seen
from balie.handoff.views import OWN_DESK, AgentOnDuty, Handoff
from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

STILL_WAITING_BUTTONS: Final = (WAIT, HELP, MESSAGE, WITHDRAW)
TOLD: Final = "told_again"
"""The fact of a handoff that says how often the customer was told that it takes longer."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything that is open, and who is there."""

    handoffs: tuple[Handoff, ...]
    agents: tuple[AgentOnDuty, ...]
    busy: Mapping[int, int]
    last_given: Mapping[int, datetime]
    not_wanted: Mapping[Any, frozenset[int]]
    last_messages: Mapping[ConversationId, tuple[str, datetime]]

    def in_state(self, state: HandoffState) -> tuple[Handoff, ...]:
        return tuple(handoff for handoff in self.handoffs if handoff.state is state)


class QueueKeeper:
    """Looks at all that is open, and takes the steps that are due."""

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

    async def learn(self) -> int:
        """Remember how long earlier customers waited; answers in how many teams anybody did."""
        self._tools.experience.observed = await self._books.read(
            lambda book: book.handoffs.list_observations(book.now - LOOK_BACK, MOST_OBSERVATIONS)
        )
        return len(self._tools.experience.observed)

    async def keep(self) -> int:
        """Take every step that is due now; how many were taken."""
        now = self._clock()
        look = await self._books.read(_look)
        taken = 0
        for handoff in look.in_state(HandoffState.OFFERED):
            if handoff.offer_expires_at is not None and handoff.offer_expires_at <= now:
                taken += await self._take(handoff, self._let_lapse)
        for handoff in look.in_state(HandoffState.ACCEPTED):
            taken += await self._look_after_accepted(handoff, look, now)
        for handoff in look.in_state(HandoffState.PROMISED):
            if is_over(handoff, now):
                taken += await self._take(handoff, self._let_expire)
        for handoff in (*look.in_state(HandoffState.QUEUED), *look.in_state(HandoffState.OFFERED)):
            taken += await self._look_after_waiting(handoff, now)
        return taken + await self._offer_all(look, now)

    async def promise_cases(self) -> int:
        """Give cases that a person decides their place among what was promised; how many got one."""
        if not self._teams:
            return 0
        undecided = await self._books.read(lambda book: list_undecided(book.connection))
        team = next(iter(self._teams))
        return sum([await self._promise_case(case, team) for case in undecided])

    async def _promise_case(self, case: UndecidedCase, team: str) -> bool:
        language, timezone = self._tools.sayings.language_of(case.language), self._teams[team].timezone
        return await self._books.write(lambda book: promise_case(book, case, team, language, timezone))

    async def _look_after_accepted(self, handoff: Handoff, look: _Look, now: datetime) -> int:
        last = look.last_messages.get(handoff.conversation_id)
        if to_be_woken(handoff, last, now):
            return await self._take(handoff, self._wake)
        agent = next((each for each in look.agents if each.id == handoff.agent_id), None)
        if handoff.desk == OWN_DESK and is_lost(handoff, agent, last, now):
            return await self._take(handoff, self._lose_agent)
        return 0

    async def _look_after_waiting(self, handoff: Handoff, now: datetime) -> int:
        there = self._teams.get(handoff.team)
        if handoff.desk != OWN_DESK or there is None:
            return 0
        if not there.is_open(now):
            return await self._take(handoff, self._close_for_today)
        if must_be_asked_again(handoff, int(handoff.facts.get(TOLD, 0)), now):
            return await self._take(handoff, self._ask_again)
        return 0

    async def _offer_all(self, look: _Look, now: datetime) -> int:
        loads = {agent.id: _load(agent, look) for agent in look.agents}
        taken = 0
        queued = [each for each in look.in_state(HandoffState.QUEUED) if each.desk == OWN_DESK]
        for ranked in rank(queued, now):
            handoff = ranked.handoff
            wanted = Wanted(
                handoff.team, handoff.language, handoff.topic, look.not_wanted.get(handoff.id, frozenset())
            )
            agent_id = choose_agent(wanted, list(loads.values()))
            if agent_id is None:
                continue
            offered = await self._take(handoff, partial(_offer, agent_id))
            if offered:
                given = loads[agent_id]
                loads[agent_id] = replace(given, busy=given.busy + 1, last_given_at=now)
            taken += offered
        return taken

    def _let_lapse(self, book: Book, handoff: Handoff) -> None:
        command = steps.Command(
            step=Step.LAPSE, facts={"agent_id": handoff.offered_to}, check=must_be_as_seen(handoff)
        )
        steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)

    def _wake(self, book: Book, handoff: Handoff) -> None:
        command = steps.Command(
            step=Step.WAKE, columns={"snoozed_until": None}, check=must_be_as_seen(handoff)
        )
        steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)

    def _lose_agent(self, book: Book, handoff: Handoff) -> None:
        name = book.name_of(handoff.agent_id)
        command = steps.Command(
            step=Step.LOSE_AGENT,
            columns={"queued_at": book.now, "facts": {**handoff.facts, PASSED_ON: True}},
            facts={"agent_id": handoff.agent_id},
            check=must_be_as_seen(handoff),
        )
        stands = steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)
        facts = {"agent": name} | book.place_facts(handoff.conversation_id)
        book.say(stands, "handoff_agent_away", facts)

    def _let_expire(self, book: Book, handoff: Handoff) -> None:
        command = steps.Command(step=Step.EXPIRE, check=must_be_as_seen(handoff))
        steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)

    def _close_for_today(self, book: Book, handoff: Handoff) -> None:
        """Nobody will come before the next opening: the customer is told by when they hear from us."""
        there = self._teams[handoff.team]
        promised = Promise(wish=Wish.MESSAGE, at=there.promise(book.now))
        command = steps.Command(
            step=Step.PROMISE,
            columns={"wish": promised.wish.value, "promised_at": promised.at},
            facts={"wish": promised.wish.value, "by": promised.at.isoformat()},
            check=must_be_as_seen(handoff),
        )
        stands = steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)
        book.say(stands, "handoff_promised", promise_facts(promised, book.now, there.timezone))

    def _ask_again(self, book: Book, handoff: Handoff) -> None:
        book.handoffs.lock_conversation(handoff.conversation_id)
        still = book.handoffs.find_open(handoff.conversation_id)
        told = int(handoff.facts.get(TOLD, 0))
        if still is None or int(still.facts.get(TOLD, 0)) != told:
            raise HandoffNotFoundError
        must_be_as_seen(handoff)(still)
        book.handoffs.change(handoff.id, {"facts": {**still.facts, TOLD: told + 1}})
        facts = {"before": told} | book.place_facts(handoff.conversation_id)
        book.say(still, "handoff_still_waiting", facts, buttons=STILL_WAITING_BUTTONS)

    async def _take(self, handoff: Handoff, step: Callable[[Book, Handoff], None]) -> int:
        try:
            await self._books.write(lambda book: step(book, handoff))
        except (HandoffMovedOnError, HandoffNotFoundError):
            return 0
        self._bell.ring(handoff.conversation_id)
        return 1


def _look(book: Book) -> _Look:
    records = book.handoffs
    handoffs = records.list_in(
        HandoffState.QUEUED, HandoffState.OFFERED, HandoffState.ACCEPTED, HandoffState.PROMISED
    )
    accepted = [each.conversation_id for each in handoffs if each.state is HandoffState.ACCEPTED]
    return _Look(
        handoffs,
        records.list_agents(),
        records.count_of_agents(),
        records.last_given(book.now - timedelta(hours=12)),
        records.list_not_wanted(),
        records.last_messages(accepted),
    )


def _offer(agent_id: int, book: Book, handoff: Handoff) -> None:
    command = steps.Command(
        step=Step.OFFER,
        columns={"offered_to": agent_id, "offer_expires_at": book.now + OFFER_LASTS},
        facts={"to_agent_id": agent_id},
        check=must_be_as_seen(handoff),
    )
    steps.take_step(book.handoffs, handoff.conversation_id, command, book.now)


def _load(agent: AgentOnDuty, look: _Look) -> AgentLoad:
    return AgentLoad(
        agent.id,
        agent.languages,
        agent.topics,
        agent.teams,
        agent.capacity,
        is_online=agent.presence is Presence.ONLINE,
        busy=look.busy.get(agent.id, 0),
        last_given_at=look.last_given.get(agent.id),
    )
