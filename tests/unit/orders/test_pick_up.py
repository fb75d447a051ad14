"""When a carrier comes for a return, and what the policy says of other days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from balie.orders.errors import ShopTermsError
from balie.orders.kinds import DeliveryMethod
from balie.orders.pick_up import first_pick_up_day, list_pick_up_days
from balie.orders.policy import decide
from balie.orders.policy_facts import Allowed, Change, ChangeFacts, ItemFacts, Reason, Refusal
from balie.orders.status import OrderStatus
from balie.orders.terms import Terms
from balie.settings import PROJECT_ROOT

SHOP = yaml.safe_load((PROJECT_ROOT / "data/shop/shop.yml").read_text("utf-8"))
TERMS = Terms.from_shop(SHOP)
FRIDAY = date(2026, 11, 6)
MONDAY = date(2026, 11, 9)


def facts(day: date | None, *, country: str = "NL", **details: object) -> ChangeFacts:
    asked = ChangeFacts(
        status=OrderStatus.DELIVERED,
        today=FRIDAY,
        received_on=FRIDAY - timedelta(days=3),
        delivery_method=DeliveryMethod.STANDARD,
        country=country,
        items=(ItemFacts(quantity=1),),
        pick_up=True,
        pick_up_on=day,
    )
    return replace(asked, **details)  # type: ignore[arg-type]


def test_the_days_are_working_days_from_the_first_to_the_last_of_the_terms() -> None:
    days = list_pick_up_days(FRIDAY, "NL", TERMS)

    assert (days[0], days[-1], len(days)) == (MONDAY, date(2026, 11, 20), 10)
    assert all(day.weekday() < 5 for day in days)


def test_holidays_of_the_country_are_left_out() -> None:
    # Armistice Day is a holiday in Belgium.
    assert date(2026, 11, 11) in list_pick_up_days(FRIDAY, "NL", TERMS)
    assert date(2026, 11, 11) not in list_pick_up_days(FRIDAY, "BE", TERMS)


def test_nobody_comes_where_the_shop_does_not_say_so() -> None:
    assert first_pick_up_day(FRIDAY, "GB", TERMS) is None
    assert list_pick_up_days(FRIDAY, "NL", replace(TERMS, pick_up=None)) == ()


def test_a_shop_need_not_offer_it_but_must_say_all_of_it() -> None:
    without = {**SHOP, "returns": {key: value for key, value in SHOP["returns"].items() if key != "pick_up"}}
    half = {**SHOP, "returns": {**SHOP["returns"], "pick_up": {"price": 595}}}

    assert Terms.from_shop(without).pick_up is None
    with pytest.raises(ShopTermsError):
        Terms.from_shop(half)


@pytest.mark.parametrize("change", [Change.RETURN_ITEM, Change.EXCHANGE_ITEM])
def test_a_day_within_the_window_is_allowed(change: Change) -> None:
    assert isinstance(decide(change, facts(MONDAY), TERMS), Allowed)


@pytest.mark.parametrize(
    "day",
    [
        None,
        FRIDAY,
        FRIDAY - timedelta(days=7),
        FRIDAY + timedelta(days=1),
        date(2026, 11, 23),
        date(9999, 12, 31),
    ],
    ids=["no day", "today", "the past", "a Saturday", "after the window", "never"],
)
def test_any_other_day_is_refused_with_the_first_that_is_possible(day: date | None) -> None:
    refused = decide(Change.RETURN_ITEM, facts(day), TERMS)

    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.possible_from) == (Reason.PICK_UP_NOT_POSSIBLE, MONDAY)


def test_where_nobody_comes_there_is_no_first_day() -> None:
    refused = decide(Change.RETURN_ITEM, facts(MONDAY, country="GB"), TERMS)

    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.possible_from) == (Reason.PICK_UP_NOT_POSSIBLE, None)


def test_what_rules_out_the_return_itself_is_said_first() -> None:
    refused = decide(Change.RETURN_ITEM, facts(None, received_on=FRIDAY - timedelta(days=40)), TERMS)

    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.PERIOD_OVER
