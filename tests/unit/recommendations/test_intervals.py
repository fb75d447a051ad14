"""Intervals, against published examples and against what they must be."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.recommendations.intervals import (
    UNKNOWN,
    Sample,
    difference,
    mean,
    mean_difference,
    ratio,
    share,
)


def rounded(interval: tuple[float | None, ...], digits: int = 4) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, digits) for value in interval)


def test_a_share_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3.
    assert rounded(share(81, 263)) == (0.3080, 0.2553, 0.3662)
    assert rounded(share(15, 148)) == (0.1014, 0.0624, 0.1605)
    assert rounded(share(0, 20)) == (0.0, 0.0, 0.1611)
    assert rounded(share(1, 29)) == (0.0345, 0.0061, 0.1718)


def test_a_difference_is_newcombes() -> None:
    # Newcombe (1998), Statistics in Medicine 17:873-890, table II, method 10.
    assert rounded(difference(56, 70, 48, 80)) == (0.2, 0.0524, 0.3339)
    assert rounded(difference(9, 10, 3, 10)) == (0.6, 0.1705, 0.8090)
    assert rounded(difference(5, 56, 0, 29)) == (0.0893, -0.0381, 0.1926)
    assert rounded(difference(10, 10, 0, 10)) == (1.0, 0.6075, 1.0)


def test_a_ratio_is_katzs() -> None:
    times, low, high = ratio(30, 100, 15, 100)
    spread = math.sqrt(1 / 30 - 1 / 100 + 1 / 15 - 1 / 100)

    assert times == pytest.approx(2.0)
    assert (low, high) == (
        pytest.approx(2 * math.exp(-1.959964 * spread), rel=1e-6),
        pytest.approx(2 * math.exp(1.959964 * spread), rel=1e-6),
    )


def test_of_nothing_nothing_is_said() -> None:
    empty, one = Sample(0, 0, 0), Sample(1, 500, 250_000)

    assert [share(0, 0), difference(1, 2, 0, 0), ratio(0, 5, 1, 5), ratio(1, 5, 0, 5)] == [UNKNOWN] * 4
    assert (mean(empty), mean(one)) == (UNKNOWN, (500.0, None, None))
    assert mean_difference(one, one) == UNKNOWN


def sample_of(amounts: list[float]) -> Sample:
    return Sample(len(amounts), sum(amounts), sum(amount * amount for amount in amounts))


def test_ninety_five_of_a_hundred_means_are_inside() -> None:
    dice, inside = random.Random(5), 0
    for _ in range(400):
        found = mean(sample_of([dice.expovariate(1 / 40) for _ in range(200)]))
        inside += (found.low or 0) <= 40 <= (found.high or 0)

    assert 0.92 < inside / 400 < 0.98


def test_equal_samples_do_not_differ() -> None:
    same = sample_of([1, 2, 3, 4])

    found = mean_difference(same, same)

    assert found.value == 0
    assert found.low == -(found.high or 0)


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 500), st.integers(0, 500))
def test_every_interval_holds_its_estimate_and_stays_where_it_can_be(
    of: int, count: int, other_of: int, other_count: int
) -> None:
    count, other_count = min(count, of), min(other_count, other_of)
    for found, least, most in (
        (share(count, of), 0.0, 1.0),
        (difference(count, of, other_count, other_of), -1.0, 1.0),
        (ratio(count, of, other_count, other_of), 0.0, math.inf),
    ):
        if found != UNKNOWN:
            assert found.value is not None
            assert least - 1e-9 <= (found.low or 0.0) <= found.value + 1e-9
            assert found.value - 1e-9 <= (found.high or 0.0) <= most + 1e-9
