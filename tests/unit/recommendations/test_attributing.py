"""Which exposure a deed is the outcome of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from balie.recommendations.attributing import BoughtLine, Happening, attribute, returned_minor
from balie.recommendations.kinds import OutcomeKind

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


def a_purchase(exposure_id: int, shown_days_ago: float, ref: str = "DD1:1") -> Happening:
    shown_at = NOW - timedelta(days=shown_days_ago)
    return Happening(exposure_id, shown_at, OutcomeKind.PURCHASE, ref, NOW, 500, "EUR")


def credited(*happenings: Happening) -> list[tuple[str, int]]:
    return [(each.ref, each.exposure_id) for each in attribute(happenings, WEEK)]


def test_the_newest_exposure_before_it_is_credited_in_any_order() -> None:
    assert credited(a_purchase(1, 3), a_purchase(2, 1), a_purchase(3, 2)) == [("DD1:1", 2)]


def test_of_two_at_the_same_moment_the_later_row_is_credited() -> None:
    assert credited(a_purchase(2, 1), a_purchase(1, 1)) == [("DD1:1", 2)]


def test_a_week_to_the_second_still_counts_and_longer_does_not() -> None:
    assert credited(a_purchase(1, 7)) == [("DD1:1", 1)]
    assert credited(a_purchase(1, 7.00002)) == []


def test_what_was_shown_afterwards_is_not_the_cause() -> None:
    assert credited(a_purchase(1, -0.00002)) == []


def test_each_line_and_each_kind_is_credited_by_itself() -> None:
    put_in = a_purchase(1, 1)._replace(kind=OutcomeKind.BASKET)

    assert len(credited(a_purchase(1, 1), a_purchase(1, 1, "DD1:2"), put_in)) == 3


@pytest.mark.parametrize(
    ("line", "returned"),
    [
        (BoughtLine(1_000, 3, 0, is_cancelled=False), 0),
        (BoughtLine(1_000, 3, 2, is_cancelled=False), 2_000),
        (BoughtLine(1_000, 1, 0, is_cancelled=False), 2_000),
        (BoughtLine(1_000, 3, 5, is_cancelled=False), 3_000),
        (BoughtLine(1_000, 4, 0, is_cancelled=False), 0),
        (BoughtLine(1_000, 3, 0, is_cancelled=True), 3_000),
        (None, 3_000),
    ],
)
def test_what_is_no_longer_ours_is_taken_off_and_never_more(line: BoughtLine | None, returned: int) -> None:
    assert returned_minor(3_000, line) == returned
