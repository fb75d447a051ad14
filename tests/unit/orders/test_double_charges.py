from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from balie.orders.double_charges import Taken, find_double_charges

FIRST = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def taken(*amounts: int) -> list[Taken]:
    return [
        Taken(payment_id=number, amount_minor=amount, paid_at=FIRST + timedelta(minutes=number))
        for number, amount in enumerate(amounts, start=1)
    ]


def ids(payments: tuple[Taken, ...]) -> list[int]:
    return [payment.payment_id for payment in payments]


def test_the_later_of_two_equal_payments_is_one_too_many() -> None:
    assert ids(find_double_charges(taken(100, 100), overpaid_minor=100)) == [2]


def test_every_further_one_is_too_many() -> None:
    assert ids(find_double_charges(taken(100, 100, 100), overpaid_minor=200)) == [2, 3]


def test_two_halves_of_an_order_are_no_double_charge() -> None:
    assert find_double_charges(taken(50, 50), overpaid_minor=0) == ()


def test_what_is_overpaid_otherwise_is_no_double_charge() -> None:
    assert find_double_charges(taken(100), overpaid_minor=20) == ()
    assert find_double_charges(taken(100, 100), overpaid_minor=20) == ()


def test_which_came_first_decides_the_moment_not_the_order_of_the_list() -> None:
    assert ids(find_double_charges(taken(100, 100)[::-1], overpaid_minor=100)) == [2]


@given(st.lists(st.sampled_from([50, 100, 150]), max_size=6), st.integers(0, 600))
def test_no_more_is_called_doubled_than_is_overpaid_and_never_all(amounts: list[int], overpaid: int) -> None:
    doubled = find_double_charges(taken(*amounts), overpaid_minor=overpaid)

    assert sum(payment.amount_minor for payment in doubled) <= overpaid
    assert not amounts or len(doubled) < len(amounts)
