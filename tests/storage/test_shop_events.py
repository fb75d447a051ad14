"""What the pages of the shop tell, in both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from balie.recommendations.asked import Who
from balie.recommendations.events import MOST_PER_MINUTE, EventService, ShopEvent, Taken
from balie.recommendations.kinds import EventKind, ListKind
from balie.recommendations.models import OutcomeRow, ShopEventRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import NOW, RecommendingShop


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    return await RecommendingShop(unit_of_work).open()


def a_view(sku: str = "TENT", **details: Any) -> ShopEvent:
    return ShopEvent(**{"id": uuid4(), "kind": EventKind.VIEW, "at": NOW, "sku": sku, **details})


def views(count: int) -> list[ShopEvent]:
    return [a_view() for _ in range(count)]


async def take(shop: RecommendingShop, who: Who, *events: ShopEvent, page_agreed: bool = True) -> Taken:
    return await shop.events.take(who, events, page_agreed=page_agreed)


async def test_what_a_visitor_does_is_stored(shop: RecommendingShop) -> None:
    conversation = await shop.conversation()
    searched = ShopEvent(id=uuid4(), kind=EventKind.SEARCH, at=NOW, words="koepeltent")
    put_in = ShopEvent(id=uuid4(), kind=EventKind.BASKET, at=NOW, sku="TENT", quantity=2)

    taken = await take(shop, Who(None, conversation), a_view(), searched, put_in)

    assert taken == Taken(3, {})
    assert await shop.rows(ShopEventRow, "visitor", "kind", "sku", "words", "quantity") == [
        (conversation, "view", "TENT", None, None),
        (conversation, "search", None, "koepeltent", None),
        (conversation, "basket", "TENT", None, 2),
    ]


async def test_nothing_is_stored_of_who_does_not_want_it(shop: RecommendingShop) -> None:
    refuses = Who(await shop.customer(agreed=False))
    visitor = Who(None, await shop.conversation())

    assert await take(shop, refuses, a_view()) == Taken(has_agreed=False)
    assert await take(shop, visitor, a_view(), page_agreed=False) == Taken(has_agreed=False)
    assert await shop.rows(ShopEventRow, "id") == []


async def test_nothing_is_stored_where_recommendations_are_off(shop: RecommendingShop) -> None:
    off = EventService(shop.unit_of_work, clock=shop.clock, is_on=False)

    taken = await off.take(Who(None, await shop.conversation()), [a_view()], page_agreed=True)

    assert taken == Taken(has_agreed=False)


async def test_the_same_event_is_stored_once(shop: RecommendingShop) -> None:
    visitor, event = Who(None, await shop.conversation()), a_view()

    assert await take(shop, visitor, event, event) == Taken(1, {"repeated": 1})
    assert await take(shop, visitor, event) == Taken(0, {"repeated": 1})
    assert await take(shop, Who(await shop.customer()), event) == Taken(1, {})


async def test_unknown_products_are_dropped_and_variants_are_their_product(shop: RecommendingShop) -> None:
    taken = await take(shop, Who(await shop.customer()), a_view("NO-SUCH"), a_view("BIKE-V"))

    assert taken == Taken(1, {"unknown_product": 1})
    assert await shop.rows(ShopEventRow, "sku") == ["BIKE"]


async def test_a_clock_in_the_future_is_put_right_and_an_old_one_says_nothing(shop: RecommendingShop) -> None:
    future, old = a_view(at=NOW + timedelta(days=400)), a_view(at=NOW - timedelta(days=8))

    assert await take(shop, Who(await shop.customer()), future, old) == Taken(1, {"too_old": 1})
    assert await shop.rows(ShopEventRow, "at", "received_at") == [(NOW, NOW)]


async def test_a_machine_that_clicks_a_hundred_times_a_minute_does_not_count(shop: RecommendingShop) -> None:
    machine, person = Who(None, await shop.conversation()), Who(None, await shop.conversation())
    await take(shop, person, a_view("BIKE"))
    await take(shop, machine, *views(30))
    shop.clock.advance(timedelta(seconds=61))
    slowly = await take(shop, machine, *views(50))

    fast = await take(shop, machine, *views(50))

    assert slowly.stored == 50
    assert fast == Taken(is_too_much=True)
    assert await shop.rows(ShopEventRow, "sku") == ["BIKE"]


async def test_somebody_who_looks_at_many_pages_is_no_machine(shop: RecommendingShop) -> None:
    person = Who(None, await shop.conversation())
    await take(shop, person, *views(30))

    assert (await take(shop, person, *views(MOST_PER_MINUTE - 30))).stored == MOST_PER_MINUTE - 30


async def test_a_page_that_was_led_to_by_a_recommendation_is_a_click(shop: RecommendingShop) -> None:
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET")
    customer = Who(await shop.customer())
    key = (await shop.show(customer)).items[0].key
    seen = a_view("HELMET", exposure=key)
    put_in = a_view("HELMET", kind=EventKind.BASKET, quantity=1, exposure=key)
    taken_out = a_view("HELMET", kind=EventKind.BASKET, quantity=0, exposure=key)

    await take(shop, customer, seen, put_in, taken_out, a_view("LIGHT", exposure="0" * 32))

    assert await shop.rows(OutcomeRow, "kind", "ref") == [
        ("click", "followed"),
        ("basket", str(put_in.id)),
    ]


async def test_a_basket_of_the_shops_own_counts_after_it_was_shown(shop: RecommendingShop) -> None:
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET")
    conversation = await shop.conversation()
    await shop.show(Who(None, conversation))
    shop.clock.advance(timedelta(minutes=1))
    put_in = a_view("HELMET-V", kind=EventKind.BASKET, quantity=1, at=shop.clock())
    await take(shop, Who(None, conversation), put_in)

    await shop.outcomes.attribute_late()

    assert await shop.rows(OutcomeRow, "kind") == ["basket"]


async def test_old_events_are_forgotten(shop: RecommendingShop) -> None:
    await take(shop, Who(await shop.customer()), a_view())
    early = await shop.events.forget_old()
    shop.clock.advance(timedelta(days=401))

    assert (early, await shop.events.forget_old()) == (0, 1)
    assert await shop.rows(ShopEventRow, "id") == []
