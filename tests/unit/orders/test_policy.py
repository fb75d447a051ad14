from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.orders.errors import ShopTermsError
from balie.orders.kinds import DeliveryMethod
from balie.orders.policy import (
    BY_STATUS,
    ITEM_CONDITIONS,
    MOST_PIECES_PER_LINE,
    ORDER_CONDITIONS,
    before_choosing,
    decide,
)
from balie.orders.policy_facts import (
    Allowed,
    Alternative,
    Change,
    ChangeFacts,
    Elsewhere,
    ItemCondition,
    ItemFacts,
    Reason,
    Refusal,
    WantedVariant,
)
from balie.orders.status import OrderStatus
from balie.orders.terms import Terms
from balie.settings import PROJECT_ROOT

SHOP = yaml.safe_load((PROJECT_ROOT / "data/shop/shop.yml").read_text("utf-8"))
TERMS = Terms.from_shop(SHOP)
TODAY = date(2026, 11, 3)
ITEM = ItemFacts(quantity=2)
VARIANT = WantedVariant(sold=True, fits_delivery=True, needed=1, in_stock=1)
# BALIE_EXAMPLES=10000 looks at ten thousand; the usual run at fewer.
EXAMPLES = settings(max_examples=int(os.environ.get("BALIE_EXAMPLES", "200")), deadline=None)


def order(status: OrderStatus, **details: object) -> ChangeFacts:
    received = TODAY - timedelta(days=3) if status is OrderStatus.DELIVERED else None
    facts = ChangeFacts(
        status=status,
        today=TODAY,
        received_on=received,
        delivery_method=DeliveryMethod.STANDARD,
        country="NL",
        items=(ITEM,),
    )
    return replace(facts, **details)  # type: ignore[arg-type]


def delivered(days_ago: int, **item: object) -> ChangeFacts:
    return order(
        OrderStatus.DELIVERED,
        received_on=TODAY - timedelta(days=days_ago),
        items=(replace(ITEM, **item),),  # type: ignore[arg-type]
    )


S, C, R, E = OrderStatus, Change, Reason, Elsewhere


@pytest.mark.parametrize(
    ("change", "status", "reason", "alternative"),
    [
        (C.CANCEL_ORDER, S.PACKED, R.PACKED, E.PERSON),
        (C.CANCEL_ORDER, S.SHIPPED, R.SHIPPED, C.RETURN_ITEM),
        (C.CANCEL_ORDER, S.OUT_FOR_DELIVERY, R.SHIPPED, C.RETURN_ITEM),
        (C.CANCEL_ORDER, S.READY_FOR_PICKUP, R.SHIPPED, C.RETURN_ITEM),
        (C.CANCEL_ORDER, S.DELIVERED, R.DELIVERED, C.RETURN_ITEM),
        (C.CANCEL_ORDER, S.CANCELLED, R.ALREADY_CANCELLED, E.TRACK_REFUND),
        (C.CANCEL_LINE, S.SHIPPED, R.SHIPPED, C.RETURN_ITEM),
        (C.CHANGE_VARIANT, S.DELIVERED, R.DELIVERED, C.EXCHANGE_ITEM),
        (C.ADD_LINE, S.PACKED, R.PACKED, E.NEW_ORDER),
        (C.CHANGE_ADDRESS, S.SHIPPED, R.SHIPPED, E.PERSON),
        (C.CHANGE_ADDRESS, S.DELIVERED, R.DELIVERED, None),
        (C.RETURN_ITEM, S.PAID, R.NOT_SHIPPED, C.CANCEL_ORDER),
        (C.RETURN_ITEM, S.PACKED, R.PACKED, E.PERSON),
        (C.RETURN_ITEM, S.RETURNED, R.ALREADY_RETURNED, E.TRACK_REFUND),
        (C.EXCHANGE_ITEM, S.PLACED, R.NOT_SHIPPED, C.CHANGE_VARIANT),
        (C.REFUND, S.PAID, R.NOTHING_TO_REFUND, C.CANCEL_ORDER),
        (C.REFUND, S.DELIVERED, R.NOTHING_TO_REFUND, C.RETURN_ITEM),
        (C.REFUND, S.PACKED, R.NOTHING_TO_REFUND, E.PERSON),
        (C.REFUND, S.CANCELLED, R.NOTHING_TO_REFUND, E.TRACK_REFUND),
        (C.REPORT_DAMAGE, S.SHIPPED, R.ON_ITS_WAY, E.TRACK_ORDER),
        (C.REPORT_MISSING, S.PAID, R.NOT_SHIPPED, E.TRACK_ORDER),
    ],
)
def test_state_of_the_order_rules_it_out_and_something_else_helps(
    change: Change, status: OrderStatus, reason: Reason, alternative: Alternative | None
) -> None:
    verdict = decide(change, order(status), TERMS)

    assert isinstance(verdict, Refusal)
    assert (verdict.reason, verdict.alternative) == (reason, alternative)


@pytest.mark.parametrize("status", [S.PLACED, S.PAID])
@pytest.mark.parametrize(
    "change",
    [C.CANCEL_ORDER, C.CANCEL_LINE, C.CHANGE_QUANTITY, C.CHANGE_VARIANT, C.ADD_LINE, C.CHANGE_ADDRESS],
)
def test_everything_can_be_changed_until_it_is_packed(change: Change, status: OrderStatus) -> None:
    assert decide(change, order(status), TERMS) == Allowed()


def test_shop_promises_what_the_table_says() -> None:
    # The answers say "until your order is packed" in words of their own.
    assert SHOP["orders"]["change_until"] == "packed"
    assert BY_STATUS[C.CANCEL_ORDER][S.PAID] is None
    assert BY_STATUS[C.CANCEL_ORDER][S.PACKED] is not None


@pytest.mark.parametrize(
    ("change", "days"),
    [
        (C.RETURN_ITEM, SHOP["returns"]["period_days"]),
        (C.EXCHANGE_ITEM, SHOP["exchange"]["period_days"]),
        (C.REPORT_DAMAGE, SHOP["damage"]["report_within_days"]),
        (C.REPORT_MISSING, SHOP["damage"]["report_within_days"]),
    ],
)
def test_last_day_of_a_period_still_counts(change: Change, days: int) -> None:
    late = decide(change, delivered(days + 1), TERMS)

    assert decide(change, delivered(days), TERMS) == Allowed(TODAY)
    assert isinstance(late, Refusal)
    assert (late.reason, late.until) == (R.PERIOD_OVER, TODAY - timedelta(days=1))


def test_period_begins_when_the_last_of_it_has_arrived() -> None:
    assert decide(C.RETURN_ITEM, order(S.SHIPPED), TERMS) == Allowed(None)


@pytest.mark.parametrize(("days_ago", "alternative"), [(15, E.WARRANTY), (729, E.WARRANTY), (731, E.PERSON)])
def test_damage_that_shows_later_is_a_matter_of_the_guarantee(days_ago: int, alternative: Elsewhere) -> None:
    verdict = decide(C.REPORT_DAMAGE, delivered(days_ago), TERMS)

    assert isinstance(verdict, Refusal)
    assert (verdict.reason, verdict.alternative) == (R.PERIOD_OVER, alternative)


def test_guarantee_of_something_from_the_29th_of_february_does_not_stumble() -> None:
    facts = order(S.DELIVERED, received_on=date(2024, 2, 29), today=date(2026, 2, 28))

    verdict = decide(C.REPORT_DAMAGE, facts, TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.alternative is E.WARRANTY


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"announced": 2}, R.ALREADY_ANNOUNCED),
        ({"wanted": 3}, R.TOO_MANY),
        ({"wanted": 0}, R.INVALID_QUANTITY),
        ({"wanted": -1}, R.INVALID_QUANTITY),
        ({"excluded": True}, R.NOT_RETURNABLE),
        ({"sealed": True, "condition": ItemCondition.SEAL_BROKEN}, R.SEAL_BROKEN),
        ({"condition": ItemCondition.USED}, R.USED),
    ],
)
def test_item_that_cannot_come_back_says_why(item: dict[str, object], reason: Reason) -> None:
    verdict = decide(C.RETURN_ITEM, delivered(3, **item), TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.reason is reason


def test_too_many_says_how_many_there_are() -> None:
    verdict = decide(C.RETURN_ITEM, delivered(3, announced=1, wanted=2), TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.at_most == 1


def test_broken_seal_only_matters_where_there_has_to_be_one() -> None:
    assert isinstance(
        decide(C.RETURN_ITEM, delivered(3, condition=ItemCondition.SEAL_BROKEN), TERMS), Allowed
    )


def test_one_item_that_may_come_back_is_enough_to_begin_a_return() -> None:
    items = (ItemFacts(quantity=1, excluded=True), ITEM)

    assert isinstance(decide(C.RETURN_ITEM, order(S.DELIVERED, items=items), TERMS), Allowed)


def test_order_of_which_nothing_may_come_back_offers_no_return() -> None:
    verdict = decide(C.CANCEL_ORDER, order(S.SHIPPED, items=(replace(ITEM, excluded=True),)), TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.alternative is E.PERSON


@pytest.mark.parametrize(
    ("variant", "reason"),
    [
        ({"sold": False}, R.NOT_SOLD),
        ({"fits_delivery": False}, R.OTHER_DELIVERY),
        ({"needed": 2}, R.OUT_OF_STOCK),
    ],
)
def test_variant_that_cannot_be_had_says_why(variant: dict[str, object], reason: Reason) -> None:
    item = replace(ITEM, wanted=2, variant=replace(VARIANT, **variant))  # type: ignore[arg-type]

    verdict = decide(C.CHANGE_VARIANT, order(S.PAID, items=(item,)), TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.reason is reason


def test_out_of_stock_says_how_many_are_possible() -> None:
    item = replace(ITEM, wanted=9, variant=replace(VARIANT, needed=7, in_stock=3))

    verdict = decide(C.CHANGE_QUANTITY, order(S.PAID, items=(item,)), TERMS)

    assert isinstance(verdict, Refusal)
    assert verdict.at_most == 5


def test_nobody_orders_a_thousand_million_pieces() -> None:
    verdict = decide(C.CHANGE_QUANTITY, order(S.PAID, items=(replace(ITEM, wanted=10**9),)), TERMS)

    assert isinstance(verdict, Refusal)
    assert (verdict.reason, verdict.at_most) == (R.TOO_MANY, MOST_PIECES_PER_LINE)


def test_order_that_is_large_already_may_become_smaller() -> None:
    item = ItemFacts(quantity=200, wanted=150, variant=replace(VARIANT, needed=-50))

    assert decide(C.CHANGE_QUANTITY, order(S.PAID, items=(item,)), TERMS) == Allowed()


@pytest.mark.parametrize("change", [C.CANCEL_ORDER, C.CANCEL_LINE, C.CHANGE_QUANTITY, C.CHANGE_VARIANT])
def test_what_is_being_built_for_one_customer_goes_to_a_person(change: Change) -> None:
    verdict = decide(change, order(S.PAID, made_to_measure=True), TERMS)

    assert verdict == Refusal(R.MADE_TO_MEASURE, E.PERSON)


@pytest.mark.parametrize(
    ("details", "reason", "alternative"),
    [
        ({"new_country": "US"}, R.COUNTRY_NOT_SERVED, None),
        ({"new_country": "BE"}, R.OTHER_COUNTRY, C.CANCEL_ORDER),
        ({"delivery_method": DeliveryMethod.PICKUP_POINT}, R.COLLECTED, E.PERSON),
    ],
)
def test_address_that_changes_more_than_the_address_is_refused(
    details: dict[str, object], reason: Reason, alternative: Alternative | None
) -> None:
    verdict = decide(C.CHANGE_ADDRESS, order(S.PAID, **details), TERMS)

    assert verdict == Refusal(reason, alternative)


def test_money_that_we_hold_and_owe_goes_back_in_any_state() -> None:
    for status in OrderStatus:
        assert decide(C.REFUND, order(status, refundable_minor=1), TERMS) == Allowed()


def test_terms_are_the_shops_own_numbers() -> None:
    assert TERMS.return_days == SHOP["returns"]["period_days"]
    assert TERMS.parcel_fee.minor_units == SHOP["returns"]["parcel_price"]
    assert TERMS.bank_working_days == SHOP["refund"]["bank_working_days"][1]
    assert frozenset(SHOP["delivery"]["countries"]) == TERMS.countries


@pytest.mark.parametrize(
    "broken",
    [
        {"returns": {}},
        {"exchange": {**SHOP["exchange"], "price": 100}},
        {"refund": {**SHOP["refund"], "bank_working_days": []}},
        {"damage": {"report_within_days": "soon"}},
    ],
)
def test_shop_that_does_not_say_its_terms_is_noticed_at_once(broken: dict[str, object]) -> None:
    with pytest.raises(ShopTermsError):
        Terms.from_shop({**SHOP, **broken})


def test_categories_that_do_not_come_back_are_read_where_they_are_named() -> None:
    returns = {**SHOP["returns"], "categories": {"sealed": ["swimwear"]}}

    terms = Terms.from_shop({**SHOP, "returns": returns})

    assert (terms.sealed_categories, terms.excluded_categories) == (frozenset({"swimwear"}), frozenset())


def test_every_change_has_a_word_for_every_state() -> None:
    assert set(BY_STATUS) == set(Change)
    for row in BY_STATUS.values():
        assert set(row) == set(OrderStatus)


def test_every_alternative_in_the_tables_is_known() -> None:
    barriers = [one for row in BY_STATUS.values() for one in row.values() if one is not None]
    barriers += [barrier for rules in ORDER_CONDITIONS.values() for _, barrier in rules]
    barriers += [barrier for item_rules in ITEM_CONDITIONS.values() for _, barrier in item_rules]

    assert all(isinstance(other, Change | Elsewhere) for one in barriers for other in one.alternatives)


variants = st.builds(
    WantedVariant,
    sold=st.booleans(),
    fits_delivery=st.booleans(),
    needed=st.integers(-5, 200),
    in_stock=st.integers(0, 150),
    costs_more=st.booleans(),
)
items = st.builds(
    ItemFacts,
    quantity=st.integers(1, 5),
    announced=st.integers(0, 5),
    wanted=st.none() | st.integers(-2, 200),
    sealed=st.booleans(),
    excluded=st.booleans(),
    condition=st.sampled_from(ItemCondition),
    variant=st.none() | variants,
)
situations = st.builds(
    ChangeFacts,
    status=st.sampled_from(OrderStatus),
    today=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    received_on=st.none() | st.dates(date(2022, 1, 1), date(2030, 12, 31)),
    delivery_method=st.sampled_from(DeliveryMethod),
    country=st.sampled_from(["NL", "BE", "GB"]),
    refundable_minor=st.sampled_from([0, 0, 1, 36395]),
    refund_waiting=st.booleans(),
    refund_refused=st.booleans(),
    made_to_measure=st.booleans(),
    items=st.lists(items, max_size=3).map(tuple),
    new_country=st.none() | st.sampled_from(["NL", "BE", "US", "", "nl"]),
)
changes = st.sampled_from(Change)


@EXAMPLES
@given(changes, situations)
def test_what_is_offered_instead_is_possible(change: Change, facts: ChangeFacts) -> None:
    verdict = decide(change, facts, TERMS)

    if isinstance(verdict, Refusal) and isinstance(verdict.alternative, Change):
        assert isinstance(decide(verdict.alternative, before_choosing(facts), TERMS), Allowed)
        assert verdict.alternative is not change


@EXAMPLES
@given(changes, situations)
def test_nothing_of_an_order_is_changed_once_it_is_packed(change: Change, facts: ChangeFacts) -> None:
    before_packing = {
        C.CANCEL_ORDER, C.CANCEL_LINE, C.CHANGE_QUANTITY, C.CHANGE_VARIANT, C.ADD_LINE, C.CHANGE_ADDRESS,
    }  # fmt: skip

    if change in before_packing and isinstance(decide(change, facts, TERMS), Allowed):
        assert facts.status in {S.PLACED, S.PAID}


@EXAMPLES
@given(situations)
def test_nothing_comes_back_that_may_not(facts: ChangeFacts) -> None:
    if not isinstance(decide(C.RETURN_ITEM, facts, TERMS), Allowed):
        return

    assert facts.status in {S.SHIPPED, S.OUT_FOR_DELIVERY, S.READY_FOR_PICKUP, S.DELIVERED}
    assert facts.received_on is None or facts.today <= facts.received_on + timedelta(TERMS.return_days)
    assert any(
        not item.excluded
        and item.condition is not ItemCondition.USED
        and item.quantity > item.announced
        and (item.wanted is None or 1 <= item.wanted <= item.quantity - item.announced)
        for item in facts.items
    )


@EXAMPLES
@given(situations, st.sampled_from([C.CHANGE_QUANTITY, C.CHANGE_VARIANT, C.ADD_LINE]), items)
def test_nobody_gets_more_than_there_is(facts: ChangeFacts, change: Change, item: ItemFacts) -> None:
    if isinstance(decide(change, replace(facts, items=(item,)), TERMS), Allowed):
        assert item.variant is None or item.variant.needed <= item.variant.in_stock
        fewer = item.variant is not None and item.variant.needed <= 0
        assert item.wanted is None or 1 <= item.wanted <= MOST_PIECES_PER_LINE or fewer


@EXAMPLES
@given(situations)
def test_money_is_given_back_if_and_only_if_we_hold_and_owe_it(facts: ChangeFacts) -> None:
    assert isinstance(decide(C.REFUND, facts, TERMS), Allowed) == (facts.refundable_minor > 0)


@EXAMPLES
@given(changes, situations, st.integers(1, 400))
def test_waiting_longer_never_makes_more_possible(change: Change, facts: ChangeFacts, days: int) -> None:
    later = replace(facts, today=facts.today + timedelta(days=days))

    if isinstance(decide(change, later, TERMS), Allowed):
        assert isinstance(decide(change, facts, TERMS), Allowed)


@EXAMPLES
@given(changes, situations)
def test_what_is_allowed_until_a_day_is_asked_in_time(change: Change, facts: ChangeFacts) -> None:
    verdict = decide(change, facts, TERMS)

    if isinstance(verdict, Allowed) and verdict.until is not None:
        assert facts.today <= verdict.until
