"""How to train."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to train.

    Attributes:
        seed: Draws what is drawn; the same seed and data give the same lists.
        threads: How many may work at the same time.
    """

    seed: int = 1
    threads: int = 2
