"""What may be done at a desk, as values: by customers, agents and Balie itself, also at once and too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

AFTER_COMMIT: Final = 0
"""The place of a crash that nobody's statement comes after."""

CUSTOMER: Final = (*["say"] * 6, *["press"] * 3, *["turn"] * 5, "read")
AGENT: Final = (
    "accept",
    "accept",
    "accept",
    "decline",
    "to_team",
    "to_agent",
    "take_over",
    "snooze",
    "wake",
    "resolve",
    "give_back",
    "write",
    "write",
    "note",
    "presence",
)
BALIE: Final = ("keep", "keep", "later", "again", "again", "resend")
WHATS: Final = (*CUSTOMER, *AGENT, *BALIE)


@dataclass(frozen=True)
class Do:
    """One command.

    Attributes:
        what: Of :data:`WHATS`.
        talk: Which conversation; counted round.
        agent: Which agent; an odd number: the one whom it concerns.
        pick: Whatever else there is to choose: a text, a button, a colleague, a team, a span.
        late: Steps that whoever commands has not heard of; None: says nothing about what it knows.
        crash: None; else the statement after which the process dies, or :data:`AFTER_COMMIT`.
    """

    what: str
    talk: int = 0
    agent: int = 0
    pick: int = 0
    late: int | None = None
    crash: int | None = None


@dataclass(frozen=True)
class Together:
    """Commands at the same time."""

    commands: tuple[Do, ...]


@dataclass(frozen=True)
class Turn:
    """The assistant takes a turn, and meanwhile other things happen.

    Attributes:
        thinking: While it thinks.
        recording: When it knows what to say, and has not said it yet.
    """

    talk: int
    thinking: tuple[Do, ...] = ()
    recording: tuple[Do, ...] = ()
    crash: int | None = None


Move: TypeAlias = Do | Together | Turn


def draw_move(random: Random) -> Move:
    """A move, for walks that are too long for hypothesis."""
    kind = random.random()
    if kind < 0.15:
        return Together(_draw(random, WHATS, random.randint(2, 5)))
    if kind < 0.45:
        crash = random.choice((AFTER_COMMIT, 1, 2, 5, 9)) if random.random() < 0.1 else None
        thinking, recording = (_draw(random, AGENT, random.choice((0, 0, 1, 2))) for _ in range(2))
        return Turn(random.randrange(8), thinking, recording, crash)
    [command] = _draw(random, WHATS, 1)
    return command


def _draw(random: Random, whats: Sequence[str], count: int) -> tuple[Do, ...]:
    return tuple(
        Do(
            random.choice(whats),
            random.randrange(1024),
            random.randrange(1024),
            random.randrange(64),
            random.choice((None, None, None, 0, 1, 2)),
            random.choice((AFTER_COMMIT, 1, 2, 3, 5, 8, 20)) if random.random() < 0.08 else None,
        )
        for _ in range(count)
    )
