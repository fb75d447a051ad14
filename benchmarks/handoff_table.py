"""The table of handoffs, walked in memory: many who act at once on what they saw a while ago.

Stands for any store that takes steps one after another: whoever acts holds a number that may be stale, comes
twice, or dies before or after it was written. :mod:`benchmarks.handoff_walk` walks the real store.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from balie.conversations.errors import StatusChangeRefusedError
from balie.conversations.status import ConversationStatus, change_status
from balie.handoff.errors import StepRefusedError
from balie.handoff.kinds import HandoffState, Step
from balie.handoff.states import OPEN, OWNER, next_state

TALKS: Final = 200
AGENTS: Final = 20
CAPACITY: Final = 3
INTENTIONS: Final = 64
"""How many have seen something and not acted yet."""

BY_OWNER: Final = frozenset(
    {
        Step.TRANSFER_TO_TEAM,
        Step.TRANSFER_TO_AGENT,
        Step.SNOOZE,
        Step.WAKE,
        Step.LOSE_AGENT,
        Step.RETURN,
        Step.RESOLVE,
    }
)
WEIGHTS: Final = {Step.REQUEST: 5, Step.ACCEPT: 5, Step.OFFER: 3}


@dataclass(slots=True)
class Talk:
    """One conversation, and what is known of it from outside."""

    status: ConversationStatus = ConversationStatus.WITH_ASSISTANT
    state: HandoffState | None = None
    number: int = 0
    agent: int | None = None
    offered_to: int | None = None
    snoozed: bool = False
    log: list[Step] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    """Ids of messages whose senders heard that they are stored."""


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody means to do, as things stood when they looked."""

    talk: int
    step: Step | None
    agent: int
    as_of: int | None
    message: int = 0


class RefusedError(Exception):
    """It does not fit any more."""


class Model:
    """Takes steps as ``balie/handoff/steps.py`` does: all of one, or nothing of it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.talks = [Talk() for _ in range(TALKS)]
        self.intentions: list[Intention] = []
        self.taken: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.violations: list[str] = []
        self._messages = 0
        self._steps = [step for step in Step for _ in range(WEIGHTS.get(step, 1))]

    def go(self) -> None:
        """One event: somebody looks, and somebody else acts on what they saw earlier."""
        random = self.random
        if len(self.intentions) < INTENTIONS:
            self.intentions.append(self._look())
            return
        place = random.randrange(len(self.intentions))
        intention = self.intentions[place]
        fate = random.random()
        if fate < 0.05:
            # Died before it was written: nothing has happened; whoever it was tries again.
            self.refused["died before"] += 1
            return
        comes_again = fate < 0.15
        try:
            self._act(intention, is_heard=not comes_again)
        except RefusedError as error:
            self.refused[str(error)] += 1
        if not comes_again:
            self.intentions[place] = self._look()
        self.violations += self._wrong_with(self.talks[intention.talk])

    def _look(self) -> Intention:
        random = self.random
        number = random.randrange(TALKS)
        talk = self.talks[number]
        as_of = talk.number if random.random() < 0.5 else None
        agent = talk.agent if talk.agent is not None and random.random() < 0.7 else random.randrange(AGENTS)
        if random.random() < 0.3:
            self._messages += 1
            return Intention(number, None, agent, as_of, self._messages)
        return Intention(number, random.choice(self._steps), agent, as_of)

    def _act(self, intention: Intention, *, is_heard: bool) -> None:
        talk = self.talks[intention.talk]
        if intention.step is None:
            self._write(talk, intention, is_heard=is_heard)
            return
        if intention.step is Step.ACCEPT and talk.agent == intention.agent:
            raise RefusedError("has it already")
        self._check(talk, intention)
        try:
            target = next_state(intention.step, talk.state)
            status = _owner(talk.status, target)
        except StepRefusedError as error:
            raise RefusedError("no such step") from error
        except StatusChangeRefusedError as error:
            self.violations.append(f"{intention.step} from {talk.state}: {error}")
            raise RefusedError("no such owner") from error
        talk.status, talk.number = status, talk.number + 1
        talk.log.append(intention.step)
        talk.state = target if target in OPEN else None
        talk.agent = intention.agent if target is HandoffState.ACCEPTED else None
        talk.offered_to = self.random.randrange(AGENTS) if target is HandoffState.OFFERED else None
        talk.snoozed = intention.step is Step.SNOOZE
        self.taken[intention.step.value] += 1
        if intention.step is Step.ACCEPT and self._load(intention.agent) > CAPACITY:
            self.violations.append(f"agent {intention.agent} has {self._load(intention.agent)}")

    def _check(self, talk: Talk, intention: Intention) -> None:
        if intention.as_of is not None and intention.as_of != talk.number:
            raise RefusedError("too late")
        if intention.step in BY_OWNER and talk.agent != intention.agent:
            raise RefusedError("not theirs")
        if intention.step not in (Step.ACCEPT, Step.DECLINE):
            return
        if talk.offered_to is not None and talk.offered_to != intention.agent:
            raise RefusedError("offered to another")
        busy = self._load(intention.agent) - (talk.offered_to == intention.agent)
        if intention.step is Step.ACCEPT and busy >= CAPACITY:
            raise RefusedError("no room")

    def _write(self, talk: Talk, intention: Intention, *, is_heard: bool) -> None:
        if intention.message in talk.messages[-INTENTIONS:]:
            self.refused["written before"] += 1
        else:
            talk.messages.append(intention.message)
            self.taken["message"] += 1
            if talk.status is ConversationStatus.RESOLVED:
                talk.status = change_status(talk.status, ConversationStatus.WITH_ASSISTANT)
        if is_heard:
            talk.told.add(intention.message)

    def _load(self, agent: int) -> int:
        return sum(
            (talk.agent == agent and not talk.snoozed) or talk.offered_to == agent for talk in self.talks
        )

    def _wrong_with(self, talk: Talk) -> Iterator[str]:
        if talk.state is None and talk.status not in (
            ConversationStatus.WITH_ASSISTANT,
            ConversationStatus.RESOLVED,
        ):
            yield f"nothing is open, and the owner is {talk.status}"
        if talk.state is not None and OWNER[talk.state] is not talk.status:
            yield f"{talk.state}, and the owner is {talk.status}"
        if (talk.agent is not None) != (talk.state is HandoffState.ACCEPTED):
            yield f"{talk.state} with agent {talk.agent}"
        if talk.number != len(talk.log):
            yield f"{len(talk.log)} steps, and the last is {talk.number}"

    def at_the_end(self) -> Iterator[str]:
        """What is only looked at once: every step again from the first, and every message."""
        for talk in self.talks:
            state: HandoffState | None = None
            for step in talk.log:
                led_to = next_state(step, state)
                state = led_to if led_to in OPEN else None
            if state is not talk.state:
                yield f"its steps led to {state}, and it is {talk.state}"
            stored = Counter(talk.messages)
            if any(count > 1 for count in stored.values()):
                yield "a message is there twice"
            if not talk.told <= set(stored):
                yield "a message is lost"


def _owner(now: ConversationStatus, target: HandoffState) -> ConversationStatus:
    wanted = OWNER[target]
    if now is ConversationStatus.RESOLVED and wanted is not now:
        now = change_status(now, ConversationStatus.WITH_ASSISTANT)
    return now if now is wanted else change_status(now, wanted)


def walk_table(events: int, *, seed: int) -> dict[str, Any]:
    """So many events; what was counted, and everything that was wrong."""
    model = Model(seed)
    started = time.perf_counter()
    for _ in range(events):
        model.go()
    lasted_s = time.perf_counter() - started
    model.violations += model.at_the_end()
    return {
        "events": events,
        "events_per_second": round(events / lasted_s),
        "steps": dict(model.taken.most_common()),
        "refused": dict(model.refused.most_common()),
        "violations": len(model.violations),
        "first_violations": model.violations[:5],
    }
