"""The troubles of a simulated outside world: dice for a demo, exact orders for tests."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

SEED: Final = 1987


class Trouble(Enum):
    """What goes wrong with one call."""

    NONE = "none"
    DOWN = "down"
    ANSWER_LOST = "answer_lost"


@dataclass(slots=True)
class Troubles:
    """Decides about each call in turn.

    Attributes:
        share: How many calls get into trouble, in [0, 1]; half of those are done all the same, and only the
            answer is lost.
        down_for: So many of the next calls find nobody there.
        lose_answers: So many of the calls after that are done, but nobody hears of it.
    """

    share: float = 0.0
    down_for: int = 0
    lose_answers: int = 0
    _dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 (dice, not secrets)

    def next(self) -> Trouble:
        """What goes wrong with this call."""
        if self.down_for > 0:
            self.down_for -= 1
            return Trouble.DOWN
        if self.lose_answers > 0:
            self.lose_answers -= 1
            return Trouble.ANSWER_LOST
        if self._dice.random() >= self.share:
            return Trouble.NONE
        return self._dice.choice((Trouble.DOWN, Trouble.ANSWER_LOST))
