"""What was shown and what came of it, in both databases."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, update

from balie.baskets.models import BasketLineRow, BasketRow
from balie.conversations.models import ConversationRow
from balie.orders.models import OrderLineRow, OrderRow
from balie.recommendations.asked import Who
from balie.recommendations.errors import CardNotFoundError
from balie.recommendations.events import ShopEvent
from balie.recommendations.kinds import EventKind, ListKind, OutcomeKind
from balie.recommendations.models import DismissalRow, ExposureRow, OutcomeRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import RecommendingShop, an_occasion

DAY = timedelta(days=1)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    opened = await RecommendingShop(unit_of_work).open()
    await opened.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET", "LIGHT")
    return opened


async def outcomes(shop: RecommendingShop) -> list[tuple[int, str, str, int, int]]:
    found = await shop.rows(OutcomeRow, "exposure_id", "kind", "ref", "revenue_minor", "returned_minor")
    return sorted(found)


async def test_what_is_shown_is_written_down_once(shop: RecommendingShop) -> None:
    customer, conversation = await shop.customer(), await shop.conversation()
    who = Who(customer, conversation)

    await shop.show(who, mood="joy", is_unasked=True)
    again = await shop.show(who, mood="joy", is_unasked=True)

    columns = ("sku", "list", "anchor", "position", "reason", "mood", "is_unasked", "withheld", "via")
    usual = ("complementary", "BIKE")
    assert await shop.rows(ExposureRow, *columns) == [
        ("HELMET", *usual, 1, "bought_with", "joy", True, False, "widget"),
        ("LIGHT", *usual, 2, "bought_with", "joy", True, False, "widget"),
    ]
    assert await shop.rows(ExposureRow, "key") == [each.key for each in again.items]
    assert await shop.outcomes.note_shown(who, again, an_occasion()) == 0


async def test_a_conversation_has_had_its_suggestion_also_when_it_was_withheld(
    unit_of_work: UnitOfWork,
) -> None:
    shop = await RecommendingShop(unit_of_work, hold_out_percent=99.999999).open()
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET")
    asked, unasked = await shop.conversation(), await shop.conversation()
    await shop.show(Who(None, asked))
    await shop.show(Who(None, unasked, has_agreed=True), occasion="two", is_unasked=True)

    assert not await shop.outcomes.has_suggested(asked)
    assert await shop.outcomes.has_suggested(unasked)
    assert await shop.rows(ExposureRow, "withheld") == [False, True]


async def test_a_click_counts_once_however_often_it_is_told(shop: RecommendingShop) -> None:
    shown = await shop.show(Who(await shop.customer()))
    key = shown.items[0].key

    told = [await shop.outcomes.note(key, OutcomeKind.CLICK, "message-1") for _ in range(3)]
    unknown = await shop.outcomes.note("0" * 32, OutcomeKind.CLICK, "message-1")

    assert (told, unknown) == ([True, True, True], False)
    assert await outcomes(shop) == [(1, "click", "message-1", 0, 0)]


async def test_what_was_withheld_cannot_be_clicked(unit_of_work: UnitOfWork) -> None:
    shop = await RecommendingShop(unit_of_work, hold_out_percent=99.999999).open()
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET")
    shown = await shop.show(Who(await shop.customer()), is_unasked=True)

    assert not await shop.outcomes.note(shown.withheld[0].key, OutcomeKind.CLICK, "message-1")


async def test_a_link_that_is_followed_is_one_click_whoever_tells_it(shop: RecommendingShop) -> None:
    who = Who(await shop.customer(), await shop.conversation())
    key = (await shop.show(who)).items[0].key
    view = ShopEvent(id=uuid4(), kind=EventKind.VIEW, at=shop.clock(), sku="HELMET", exposure=key)
    assert who.conversation_id is not None

    await shop.outcomes.note_followed(who.conversation_id, key)
    await shop.outcomes.note_followed(who.conversation_id, key)
    await shop.events.take(who, [view], page_agreed=True)

    assert await outcomes(shop) == [(1, "click", "followed", 0, 0)]
    figures = await shop.figures.read(shop.figures.days(shop.figures.today, shop.figures.today))
    assert figures.total.clicks.count == 1


async def test_a_card_is_followed_only_where_it_was_shown(shop: RecommendingShop) -> None:
    shown_in, another = await shop.conversation(), await shop.conversation()
    key = (await shop.show(Who(None, shown_in))).items[0].key
    elsewhere = (await shop.show(Who(await shop.customer()), occasion="two")).items[0].key

    for conversation, told in ((another, key), (shown_in, elsewhere), (shown_in, "0" * 32)):
        with pytest.raises(CardNotFoundError):
            await shop.outcomes.note_followed(conversation, told)

    assert await outcomes(shop) == []


async def test_what_was_withheld_cannot_be_followed(unit_of_work: UnitOfWork) -> None:
    shop = await RecommendingShop(unit_of_work, hold_out_percent=99.999999).open()
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET")
    conversation = await shop.conversation()
    shown = await shop.show(Who(await shop.customer(), conversation), is_unasked=True)

    with pytest.raises(CardNotFoundError):
        await shop.outcomes.note_followed(conversation, shown.withheld[0].key)


async def test_not_interested_is_remembered_and_counted(shop: RecommendingShop) -> None:
    who = Who(await shop.customer(), await shop.conversation())
    shown = await shop.show(who)

    await shop.outcomes.dismiss(who, "HELMET", shown.items[0].key)

    assert await outcomes(shop) == [(1, "dismissed", "HELMET", 0, 0)]
    assert await shop.rows(DismissalRow, "customer_id", "conversation_id", "sku") == [
        (who.customer_id, None, "HELMET")
    ]


async def test_a_purchase_within_a_week_belongs_to_the_newest_exposure_once(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.show(Who(customer), occasion="one")
    shop.clock.advance(DAY)
    await shop.show(Who(customer), occasion="two")
    shop.clock.advance(6 * DAY)
    number = await shop.buy(customer, "HELMET", "TENT", quantity=2)

    first = await shop.outcomes.attribute_late()
    again = await shop.outcomes.attribute_late()

    assert await outcomes(shop) == [(3, "purchase", f"{number}:1", 12_000, 0)]
    assert (first, again) == (1, 0)


@pytest.mark.parametrize("days", [-1, 8])
async def test_a_purchase_before_or_long_after_is_nobodys(shop: RecommendingShop, days: int) -> None:
    customer = await shop.customer()
    await shop.show(Who(customer))
    await shop.buy(customer, "HELMET", at=shop.clock() + days * DAY)
    shop.clock.advance(10 * DAY)

    await shop.outcomes.attribute_late()

    assert await outcomes(shop) == []


async def test_a_purchase_of_somebody_else_is_nobodys(shop: RecommendingShop) -> None:
    await shop.show(Who(await shop.customer("K-1")))
    await shop.buy(await shop.customer("K-2"), "HELMET")

    await shop.outcomes.attribute_late()

    assert await outcomes(shop) == []


async def test_a_stranger_who_is_known_later_has_bought_it_too(shop: RecommendingShop) -> None:
    conversation, customer = await shop.conversation(), await shop.customer()
    await shop.show(Who(None, conversation))
    await shop.is_known_in(conversation, customer)
    await shop.buy(customer, "LIGHT")

    await shop.outcomes.attribute_late()

    assert [kind for _, kind, *_ in await outcomes(shop)] == ["purchase"]


async def test_what_comes_back_is_taken_off(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.show(Who(customer))
    number = await shop.buy(customer, "HELMET", quantity=3)
    await shop.outcomes.attribute_late()
    await shop.send_back(number, quantity=1)

    changed = await shop.outcomes.attribute_late()

    assert await outcomes(shop) == [(1, "purchase", f"{number}:1", 18_000, 6_000)]
    assert changed == 1


async def test_a_parcel_that_is_only_announced_is_not_back(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.show(Who(customer))
    await shop.send_back(await shop.buy(customer, "HELMET"), received=False)

    await shop.outcomes.attribute_late()

    assert [returned for *_, returned in await outcomes(shop)] == [0]


async def test_a_cancelled_order_and_a_line_that_was_taken_out_bring_nothing(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.show(Who(customer))
    cancelled, thinner = await shop.buy(customer, "HELMET"), await shop.buy(customer, "LIGHT")
    await shop.outcomes.attribute_late()
    async with shop.unit_of_work.write() as session:
        mark = update(OrderRow).where(OrderRow.number == cancelled).values(cancelled_at=shop.clock())
        await session.execute(mark)
        await session.execute(delete(OrderLineRow).where(OrderLineRow.sku == "LIGHT-V"))

    await shop.outcomes.attribute_late()

    assert await outcomes(shop) == [
        (1, "purchase", f"{cancelled}:1", 6_000, 6_000),
        (2, "purchase", f"{thinner}:1", 2_500, 2_500),
    ]


async def test_what_lies_in_our_basket_after_it_was_shown_is_an_outcome(shop: RecommendingShop) -> None:
    customer, conversation = await shop.customer(), await shop.conversation()
    await shop.show(Who(customer), occasion="one")
    await shop.show(Who(None, conversation), occasion="two")
    for owner in ({"customer_id": customer}, {"conversation_id": conversation}):
        moments = {"created_at": shop.clock(), "changed_at": shop.clock()}
        basket = await shop.add(BasketRow, currency="EUR", **owner, **moments)
        async with shop.unit_of_work.write() as session:
            line = BasketLineRow(basket_id=basket, variant_id=4, quantity=1, added_at=shop.clock())
            session.add(line)

    await shop.outcomes.attribute_late()
    await shop.outcomes.attribute_late()

    assert await outcomes(shop) == [(1, "basket", "1:4", 0, 0), (3, "basket", "2:4", 0, 0)]


async def test_a_conversation_that_goes_leaves_what_was_shown_without_its_owner(
    shop: RecommendingShop,
) -> None:
    who = Who(None, await shop.conversation())
    await shop.show(who)
    await shop.outcomes.dismiss(who, "HELMET")
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(ConversationRow))

    assert await shop.rows(ExposureRow, "conversation_id") == [None, None]
    assert await shop.rows(DismissalRow, "sku") == []
