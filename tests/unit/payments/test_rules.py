from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.kernel.back_off import BACK_OFF, wait_after
from balie.kernel.simulated_trouble import Trouble, Troubles
from balie.payments.kinds import LinkRefusal
from balie.payments.rules import allocate, key_of, lasts_long_enough, link_refusal

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)

amounts = st.dictionaries(st.integers(1, 6), st.integers(0, 5_000), max_size=6)


@given(st.integers(1, 20_000), amounts, st.none() | st.integers(1, 6))
def test_parts_add_up_to_the_cent_and_no_payment_gives_more_than_it_has(
    amount: int, left: dict[int, int], first: int | None
) -> None:
    parts = allocate(amount, left, first=first)

    if parts is None:
        assert amount > sum(left.values())
        return
    assert sum(parts.values()) == amount
    assert all(0 < part <= left[payment] for payment, part in parts.items())


def test_a_refund_goes_back_in_one_piece_where_it_can() -> None:
    assert allocate(500, {1: 300, 2: 900, 3: 600}) == {3: 500}


def test_the_payment_that_was_one_too_many_gives_first() -> None:
    assert allocate(500, {1: 500, 2: 500}, first=2) == {2: 500}
    assert allocate(500, {1: 800, 2: 200}, first=2) == {2: 200, 1: 300}


@pytest.mark.parametrize(
    ("is_cancelled", "due_minor", "refusal"),
    [
        (False, 1, None),
        (False, 0, LinkRefusal.ALREADY_PAID),
        (True, 0, LinkRefusal.ORDER_CANCELLED),
        (True, 100, LinkRefusal.ORDER_CANCELLED),
    ],
)
def test_there_is_a_link_only_where_something_is_due(
    is_cancelled: bool, due_minor: int, refusal: LinkRefusal | None
) -> None:
    assert link_refusal(is_cancelled=is_cancelled, due_minor=due_minor) is refusal


def test_a_link_that_ends_in_a_moment_is_not_handed_out() -> None:
    assert lasts_long_enough(NOW + timedelta(minutes=10), NOW)
    assert not lasts_long_enough(NOW + timedelta(minutes=9), NOW)


def test_the_same_facts_have_the_same_key_and_others_another() -> None:
    assert key_of("refund", NOW, 1) == key_of("refund", NOW, 1)
    assert len({key_of("refund", NOW, 1), key_of("refund", NOW, 2), key_of("link", NOW, 1)}) == 3


def test_waits_grow_and_the_longest_repeats() -> None:
    waits = [wait_after(attempts) for attempts in range(1, 9)]

    assert waits[:5] == list(BACK_OFF)
    assert set(waits[5:]) == {timedelta(hours=6)}


def test_troubles_come_as_ordered_and_then_by_the_dice() -> None:
    ordered = Troubles(down_for=1, lose_answers=2)

    assert [ordered.next() for _ in range(4)] == [
        Trouble.DOWN, Trouble.ANSWER_LOST, Trouble.ANSWER_LOST, Trouble.NONE,
    ]  # fmt: skip
    assert {Troubles().next() for _ in range(50)} == {Trouble.NONE}
    assert Trouble.NONE not in {Troubles(share=1.0).next() for _ in range(50)}
    one, other = Troubles(share=0.5), Troubles(share=0.5)
    assert [one.next() for _ in range(50)] == [other.next() for _ in range(50)]
