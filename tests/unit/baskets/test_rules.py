"""What baskets cost, and which codes may be used: by examples, and whatever lies in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.baskets.kinds import Reason
from balie.baskets.outcomes import Allowed, Refused
from balie.baskets.rules import (
    BasketFacts,
    BasketTotals,
    CardFacts,
    CodeFacts,
    Discount,
    PricedLine,
    check_discount,
    check_gift_card,
    price_basket,
)
from balie.baskets.terms import DeliveryRate, DeliveryTerms
from balie.catalogue.kinds import DeliveryKind
from balie.kernel.money import Money

TODAY = date(2026, 11, 3)
EVERYWHERE = frozenset({"NL", "BE", "DE"})
DELIVERY = DeliveryTerms(
    home=DeliveryRate(price_minor=395, free_from_minor=5000, countries=frozenset({"NL", "BE"})),
    abroad=DeliveryRate(price_minor=795, free_from_minor=15000, countries=EVERYWHERE),
    bulky=DeliveryRate(price_minor=1995, free_from_minor=None, countries=EVERYWHERE),
    bike=DeliveryRate(price_minor=4995, free_from_minor=100000, countries=frozenset({"NL", "BE"})),
)

lines = st.builds(
    PricedLine,
    unit_price_minor=st.integers(0, 500_000),
    quantity=st.integers(1, 99),
    delivery_kind=st.sampled_from(DeliveryKind),
)
discounts = st.one_of(
    st.builds(Discount, percent=st.integers(1, 100)),
    st.builds(Discount, amount_minor=st.integers(1, 2_000_000)),
)
baskets = st.lists(lines, max_size=8)
countries = st.sampled_from(["NL", "BE", "DE", "US"])


def price(
    of: list[PricedLine], *given: Discount, country: str = "NL", gift_card_minor: int = 0
) -> BasketTotals:
    return price_basket(of, given, gift_card_minor=gift_card_minor, delivery=DELIVERY, country=country)


def a_line(price_minor: int, quantity: int = 1, kind: DeliveryKind = DeliveryKind.PARCEL) -> PricedLine:
    return PricedLine(unit_price_minor=price_minor, quantity=quantity, delivery_kind=kind)


def a_code(**details: Any) -> CodeFacts:
    usual: dict[str, Any] = {
        "code": "WELKOM10",
        "percent": 10,
        "amount": None,
        "min_order": Money(0),
        "starts_on": None,
        "ends_on": None,
        "max_uses": None,
        "uses": 0,
        "once_per_customer": False,
        "customer_id": None,
        "combinable": False,
        "active": True,
    }
    return CodeFacts(**{**usual, **details})


def a_basket(goods_minor: int = 8000, **details: Any) -> BasketFacts:
    return BasketFacts(**{"goods": Money(goods_minor), "customer_id": None, **details})


# What a basket costs.


def test_an_empty_basket_costs_nothing_not_even_delivery() -> None:
    totals = price([])

    assert (totals.total_minor, totals.to_pay_minor, totals.free_delivery_in_minor) == (0, 0, None)
    assert totals.delivers


def test_delivery_is_paid_below_the_threshold_and_says_how_much_is_missing() -> None:
    totals = price([a_line(2000, 2)])

    assert (totals.delivery_minor, totals.total_minor, totals.free_delivery_in_minor) == (395, 4395, 1000)


def test_delivery_is_free_from_the_threshold_on() -> None:
    assert price([a_line(5000)]).delivery_minor == 0
    assert price([a_line(4999)]).delivery_minor == 395


def test_the_threshold_looks_at_what_the_goods_cost_after_the_discount() -> None:
    totals = price([a_line(5200)], Discount(percent=10))

    assert (totals.goods_minor, totals.discount_minor, totals.delivery_minor) == (5200, 520, 395)
    assert totals.free_delivery_in_minor == 5000 - 4680


def test_a_gift_card_pays_and_does_not_make_the_basket_cheaper() -> None:
    totals = price([a_line(5000)], gift_card_minor=2500)

    assert (totals.total_minor, totals.gift_card_minor, totals.to_pay_minor) == (5000, 2500, 2500)
    assert totals.delivery_minor == 0


def test_a_gift_card_pays_for_delivery_too_and_keeps_what_is_left() -> None:
    totals = price([a_line(1000)], gift_card_minor=5000)

    assert (totals.gift_card_minor, totals.to_pay_minor) == (1395, 0)


@pytest.mark.parametrize(
    ("goods", "percent", "expected"), [(5, 10, 1), (4, 10, 0), (15, 10, 2), (333, 33, 110)]
)
def test_half_a_cent_is_rounded_up_once_for_the_whole_basket(goods: int, percent: int, expected: int) -> None:
    assert price([a_line(goods)], Discount(percent=percent)).discount_minor == expected


def test_three_lines_are_rounded_together_and_not_each() -> None:
    assert price([a_line(5), a_line(5), a_line(5)], Discount(percent=10)).discount_minor == 2


def test_an_amount_never_takes_off_more_than_the_goods_cost() -> None:
    totals = price([a_line(800)], Discount(amount_minor=1000))

    assert (totals.discount_minor, totals.total_minor) == (800, 395)


def test_the_most_cumbersome_thing_decides_about_delivery() -> None:
    tent, shelf = a_line(3000), a_line(6000, kind=DeliveryKind.BULKY)
    bike = a_line(90000, kind=DeliveryKind.BIKE)

    assert price([tent, shelf]).delivery_minor == 1995
    assert price([tent, shelf, bike]).delivery_minor == 4995
    assert price([tent, bike, bike]).delivery_minor == 0


def test_a_bicycle_is_not_brought_everywhere() -> None:
    totals = price([a_line(90000, kind=DeliveryKind.BIKE)], country="DE")

    assert (totals.delivers, totals.delivery_minor) == (False, 0)


def test_abroad_has_a_price_and_a_threshold_of_its_own() -> None:
    assert price([a_line(6000)], country="DE").delivery_minor == 795
    assert price([a_line(6000)], country="BE").delivery_minor == 0
    assert price([a_line(15000)], country="DE").delivery_minor == 0


@given(baskets, st.lists(discounts, max_size=3), countries, st.integers(0, 10_000_000))
def test_no_amount_is_negative_and_the_parts_add_up(
    of: list[PricedLine], given_: list[Discount], country: str, card: int
) -> None:
    totals = price(of, *given_, country=country, gift_card_minor=card)

    parts = (
        totals.goods_minor, totals.discount_minor, totals.delivery_minor, totals.total_minor,
        totals.gift_card_minor, totals.to_pay_minor, totals.free_delivery_in_minor or 0,
    )  # fmt: skip
    assert min(parts) >= 0
    assert totals.total_minor == totals.goods_minor - totals.discount_minor + totals.delivery_minor
    assert totals.total_minor == totals.gift_card_minor + totals.to_pay_minor
    assert totals.gift_card_minor <= card


@given(baskets, st.lists(discounts, max_size=3))
def test_discounts_never_give_more_than_the_goods_cost(of: list[PricedLine], given_: list[Discount]) -> None:
    totals = price(of, *given_)

    assert len(totals.discounts_minor) == len(given_)
    assert 0 <= totals.discount_minor <= totals.goods_minor


@given(st.data(), baskets, st.lists(discounts, max_size=3), countries)
def test_the_order_of_lines_and_codes_changes_no_total(
    data: st.DataObject, of: list[PricedLine], given_: list[Discount], country: str
) -> None:
    shuffled, codes = data.draw(st.permutations(of)), data.draw(st.permutations(given_))

    before, after = price(of, *given_, country=country), price(shuffled, *codes, country=country)

    assert (before.total_minor, before.discount_minor) == (after.total_minor, after.discount_minor)


@given(baskets, lines, st.lists(discounts, max_size=2))
def test_adding_and_removing_gives_back_the_same(
    of: list[PricedLine], more: PricedLine, given_: list[Discount]
) -> None:
    added = [*of, more]

    assert price(added[:-1], *given_) == price(of, *given_)
    assert price(added, *given_).goods_minor >= price(of, *given_).goods_minor


@given(baskets.filter(bool), st.integers(1, 100))
def test_a_line_of_two_costs_what_two_lines_of_one_do(of: list[PricedLine], percent: int) -> None:
    split = [replace(line, quantity=1) for line in of for _ in range(line.quantity)]

    assert price(of, Discount(percent=percent)) == price(split, Discount(percent=percent))


# Which codes may be used.


def test_a_code_without_conditions_may_be_used() -> None:
    assert check_discount(a_code(), a_basket(), today=TODAY) == Allowed()


@pytest.mark.parametrize("code", [None, a_code(active=False)])
def test_a_code_that_is_not_there_and_one_that_is_switched_off_look_the_same(code: CodeFacts | None) -> None:
    assert check_discount(code, a_basket(), today=TODAY) == Refused(reason=Reason.UNKNOWN)


def test_a_code_counts_on_its_last_day_and_not_on_the_next() -> None:
    code = a_code(ends_on=TODAY)

    assert check_discount(code, a_basket(), today=TODAY) == Allowed()
    refused = check_discount(code, a_basket(), today=TODAY + timedelta(days=1))
    assert refused == Refused(reason=Reason.EXPIRED, on=TODAY)


def test_a_code_counts_from_its_first_day_on() -> None:
    code = a_code(starts_on=TODAY)

    assert check_discount(code, a_basket(), today=TODAY) == Allowed()
    refused = check_discount(code, a_basket(), today=TODAY - timedelta(days=1))
    assert refused == Refused(reason=Reason.NOT_YET, on=TODAY)


def test_a_minimum_says_how_much_is_missing() -> None:
    code = a_code(min_order=Money(7500))

    assert check_discount(code, a_basket(7500), today=TODAY) == Allowed()
    assert check_discount(code, a_basket(6205), today=TODAY) == Refused(
        reason=Reason.MINIMUM_NOT_REACHED, missing=Money(1295), minimum=Money(7500)
    )


def test_a_code_can_be_used_up() -> None:
    assert check_discount(a_code(max_uses=2, uses=1), a_basket(), today=TODAY) == Allowed()
    assert check_discount(a_code(max_uses=2, uses=2), a_basket(), today=TODAY) == Refused(reason=Reason.USED)


def test_a_code_for_once_is_used_when_this_customer_has_used_it() -> None:
    mine = a_basket(customer_id=7)

    assert check_discount(a_code(once_per_customer=True), mine, today=TODAY) == Allowed()
    used = a_code(once_per_customer=True, used_by_customer=True)
    assert check_discount(used, mine, today=TODAY) == Refused(reason=Reason.USED)
    assert check_discount(a_code(used_by_customer=True), mine, today=TODAY) == Allowed()


@pytest.mark.parametrize("customer_id", [None, 8])
def test_nothing_but_not_yours_is_said_of_somebody_elses_code(customer_id: int | None) -> None:
    code = a_code(customer_id=7, ends_on=TODAY - timedelta(days=9), max_uses=1, uses=1)

    refused = check_discount(code, a_basket(customer_id=customer_id), today=TODAY)

    assert refused == Refused(reason=Reason.NOT_YOURS)


def test_two_codes_go_together_only_where_both_and_the_shop_agree() -> None:
    first, second = a_code(code="A", combinable=True), a_code(code="B", combinable=True)
    beside = a_basket(codes=(first,), combinable=True)

    assert check_discount(second, beside, today=TODAY) == Allowed()
    refused = Refused(reason=Reason.NOT_COMBINABLE, other_code="A")
    assert check_discount(replace(second, combinable=False), beside, today=TODAY) == refused
    assert check_discount(second, replace(beside, combinable=False), today=TODAY) == refused
    stubborn = replace(beside, codes=(replace(first, combinable=False),))
    assert check_discount(second, stubborn, today=TODAY) == refused


def test_the_same_code_again_is_no_second_code() -> None:
    assert check_discount(a_code(), a_basket(codes=(a_code(),)), today=TODAY) == Allowed()


def test_an_amount_in_other_money_takes_nothing_off() -> None:
    code = a_code(percent=None, amount=Money(500, "GBP"))

    assert check_discount(code, a_basket(), today=TODAY) == Refused(reason=Reason.OTHER_CURRENCY)


# Which gift cards can pay.


def a_card(balance_minor: int = 2500, **details: Any) -> CardFacts:
    usual = {"balance": Money(balance_minor), "last_four": "3361", "expires_on": TODAY, "blocked": False}
    return CardFacts(**{**usual, **details})


def test_a_card_with_money_on_it_can_pay_until_its_last_day() -> None:
    assert check_gift_card(a_card(), currency="EUR", today=TODAY) == a_card()
    assert check_gift_card(a_card(), currency="EUR", today=TODAY + timedelta(days=1)) == Refused(
        reason=Reason.EXPIRED, on=TODAY
    )


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (None, Reason.UNKNOWN),
        (a_card(blocked=True), Reason.UNKNOWN),
        (a_card(0), Reason.EMPTY),
        (a_card(-100), Reason.EMPTY),
        (a_card(balance=Money(2500, "XTS")), Reason.OTHER_CURRENCY),
    ],
)
def test_a_card_that_cannot_pay_says_why(card: CardFacts | None, reason: Reason) -> None:
    assert check_gift_card(card, currency="EUR", today=TODAY) == Refused(reason=reason)
