"""Intervals of shares, of amounts, and of how two groups differ. Pure, and nothing is drawn by lot.

Each holds what it is about in 95 of 100 cases. Sources: Wilson, J. Am. Stat. Assoc. 22 (1927) for one share;
Newcombe, Statistics in Medicine 17 (1998), method 10, for the difference of two; Katz and others,
Biometrics 34 (1978), for their ratio; the central limit theorem for means.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

Z: Final = 1.959963984540054
"""95 of 100 lie within so many standard deviations."""


class Interval(NamedTuple):
    """An estimate, and where it begins and ends; all None where nothing can be said."""

    value: float | None
    low: float | None
    high: float | None


UNKNOWN: Final = Interval(None, None, None)


@dataclass(frozen=True, slots=True)
class Sample:
    """Amounts that were seen: how many, their sum, and the sum of their squares."""

    count: int
    total: float
    squares: float


def share(count: int, of: int) -> Interval:
    """A share (Wilson's score interval).

    >>> round(share(5, 10).low, 4)
    0.2366
    """
    return UNKNOWN if of == 0 else Interval(*_wilson(count, of))


def difference(count: int, of: int, other_count: int, other_of: int) -> Interval:
    """How much larger the first share is (Newcombe's hybrid score interval): in [-1, 1]."""
    if of == 0 or other_of == 0:
        return UNKNOWN
    first, first_low, first_high = _wilson(count, of)
    other, other_low, other_high = _wilson(other_count, other_of)
    between = first - other
    below = math.hypot(first - first_low, other_high - other)
    above = math.hypot(first_high - first, other - other_low)
    return Interval(between, between - below, between + above)


def ratio(count: int, of: int, other_count: int, other_of: int) -> Interval:
    """How many times the second share the first one is (Katz's log interval); unknown when either is zero."""
    if 0 in {count, of, other_count, other_of}:
        return UNKNOWN
    times = (count / of) / (other_count / other_of)
    spread = math.sqrt(max(0.0, 1 / count - 1 / of + 1 / other_count - 1 / other_of))
    return Interval(times, times * math.exp(-Z * spread), times * math.exp(Z * spread))


def mean(sample: Sample) -> Interval:
    """What one brings on average, never less than nothing; without an interval while there is only one."""
    if sample.count == 0:
        return UNKNOWN
    average = sample.total / sample.count
    if sample.count == 1:
        return Interval(average, None, None)
    half = Z * math.sqrt(_variance(sample) / sample.count)
    return Interval(average, max(0.0, average - half), average + half)


def mean_difference(sample: Sample, other: Sample) -> Interval:
    """How much more one brings on average than one of the other sample."""
    if min(sample.count, other.count) < 2:
        return UNKNOWN
    between = sample.total / sample.count - other.total / other.count
    half = Z * math.sqrt(_variance(sample) / sample.count + _variance(other) / other.count)
    return Interval(between, between - half, between + half)


def _wilson(count: int, of: int) -> tuple[float, float, float]:
    part, z2 = count / of, Z * Z
    middle = (part + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(part * (1 - part) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return part, max(0.0, middle - half), min(1.0, middle + half)


def _variance(sample: Sample) -> float:
    return max(0.0, sample.squares - sample.total**2 / sample.count) / (sample.count - 1)
