from __future__ import annotations

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from balie.orders.amounts import discount_after, settle, share_of_discount, value_of_part

EXAMPLES = settings(max_examples=int(os.environ.get("BALIE_EXAMPLES", "200")), deadline=None)
cents = st.integers(0, 2_000_000)


@EXAMPLES
@given(cents, cents, cents)
def test_settling_leaves_nobody_owing_anything(paid: int, given_back: int, total: int) -> None:
    settled = settle(paid_minor=paid, given_back_minor=given_back, total_minor=total)

    assert paid - given_back - settled.refund_minor + settled.to_pay_minor == total
    assert min(settled.refund_minor, settled.to_pay_minor) == 0


@EXAMPLES
@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=8), st.data())
def test_parts_add_up_to_the_whole_however_they_are_taken(prices: list[int], data: st.DataObject) -> None:
    goods = sum(prices)
    discount = data.draw(st.integers(0, goods))

    before, given_back = 0, 0
    for price in data.draw(st.permutations(prices)):
        value = value_of_part(
            before_minor=before, part_minor=price, goods_minor=goods, discount_minor=discount
        )
        assert 0 <= value <= price
        before, given_back = before + price, given_back + value

    assert given_back == goods - discount


@EXAMPLES
@given(cents, cents, cents)
def test_discount_shrinks_with_the_goods_and_never_grows(discount: int, before: int, after: int) -> None:
    discount = min(discount, before)

    new = discount_after(discount_minor=discount, goods_before_minor=before, goods_after_minor=after)

    assert 0 <= new <= min(discount, after)
    assert after < before or new == discount


def test_share_of_everything_is_the_whole_discount() -> None:
    assert share_of_discount(999, 12345, 12345) == 999


def test_goods_that_cost_nothing_have_no_discount() -> None:
    assert share_of_discount(0, 0, 0) == 0
    assert discount_after(discount_minor=500, goods_before_minor=0, goods_after_minor=100) == 100
