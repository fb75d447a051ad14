from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from balie.customers.loyalty import Balance, PointsEntry, points_to_voucher, work_out_balance

TODAY = date(2026, 11, 3)


def came(points: int, days_ago: int, *, lasts: int | None = 730) -> PointsEntry:
    day = TODAY - timedelta(days=days_ago)
    return PointsEntry(points, day, None if lasts is None else day + timedelta(days=lasts))


def went(points: int, days_ago: int) -> PointsEntry:
    return PointsEntry(-points, TODAY - timedelta(days=days_ago))


def test_points_add_up() -> None:
    assert work_out_balance([came(100, 50), came(30, 10)], today=TODAY).points == 130


def test_no_entries_are_no_points() -> None:
    assert work_out_balance([], today=TODAY) == Balance(0, 0, None)


def test_points_lapse_on_their_last_day() -> None:
    on_the_day = work_out_balance([came(100, 730)], today=TODAY)
    day_before = work_out_balance([came(100, 729)], today=TODAY)

    assert (on_the_day.points, day_before.points) == (0, 100)


def test_points_that_lapse_first_are_spent_first() -> None:
    balance = work_out_balance([came(100, 700), came(100, 10), went(60, 5)], today=TODAY)

    assert balance == Balance(140, 40, TODAY + timedelta(days=30))


def test_lapsed_points_cannot_be_spent() -> None:
    balance = work_out_balance([came(100, 800), came(50, 60), went(20, 5)], today=TODAY)

    assert balance.points == 30


def test_points_of_one_day_lapse_together() -> None:
    balance = work_out_balance([came(40, 700), came(2, 700), came(9, 1)], today=TODAY)

    assert (balance.expiring_points, balance.expires_on) == (42, TODAY + timedelta(days=30))


def test_points_without_an_end_never_lapse() -> None:
    assert work_out_balance([came(40, 9000, lasts=None)], today=TODAY) == Balance(40, 0, None)


def test_points_taken_back_after_they_were_spent_are_missing_from_the_next_ones() -> None:
    balance = work_out_balance([came(250, 90), went(250, 80), went(100, 70), came(130, 10)], today=TODAY)

    assert balance.points == 30


def test_voucher_is_ready_when_nothing_is_missing() -> None:
    assert (points_to_voucher(180, 250), points_to_voucher(250, 250), points_to_voucher(900, 250)) == (
        70,
        0,
        0,
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-300, 300).filter(bool), st.integers(0, 1500)), max_size=30))
def test_balance_is_never_negative_nor_more_than_came_in(changes: list[tuple[int, int]]) -> None:
    entries = [
        came(points, days) if points > 0 else went(-points, days)
        for points, days in sorted(changes, key=lambda change: -change[1])
    ]

    balance = work_out_balance(entries, today=TODAY)

    assert 0 <= balance.expiring_points <= balance.points
    assert balance.points <= sum(points for points, _ in changes if points > 0)
