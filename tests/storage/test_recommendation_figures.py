"""What recommendations bring, counted by both databases from the same rows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from balie.recommendations.asked import Who
from balie.recommendations.errors import FiguresPeriodError
from balie.recommendations.figures import Outcomes
from balie.recommendations.hold_out import is_held_out
from balie.recommendations.intervals import UNKNOWN
from balie.recommendations.kinds import ListKind, OutcomeKind
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import RecommendingShop

TODAY = date(2026, 11, 3)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    opened = await RecommendingShop(unit_of_work, hold_out_percent=50).open()
    await opened.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET", "LIGHT")
    return opened


async def customers(shop: RecommendingShop, count: int, *, held_out: bool) -> list[Who]:
    found: list[Who] = []
    while len(found) < count:
        shop.orders += 1
        who = Who(await shop.customer(f"K-{shop.orders}"))
        if is_held_out(who, 0.5) is held_out:
            found.append(who)
    return found


async def read(shop: RecommendingShop) -> Outcomes:
    await shop.outcomes.attribute_late()
    return await shop.figures.read(shop.figures.days(TODAY, TODAY + timedelta(days=29)))


async def test_nothing_shown_has_no_figures(shop: RecommendingShop) -> None:
    figures = await read(shop)

    assert (figures.total.shown, figures.total.clicks.share, figures.lists) == (0, UNKNOWN, ())
    assert figures.total.lift.difference == UNKNOWN


async def test_clicks_baskets_purchases_and_revenue_are_counted_per_product_shown(
    shop: RecommendingShop,
) -> None:
    [first, second] = await customers(shop, 2, held_out=False)
    shown = await shop.show(first, mood="joy")
    await shop.show(second, occasion="two")
    for number in (1, 2):
        await shop.outcomes.note(shown.items[0].key, OutcomeKind.CLICK, f"message-{number}")
    await shop.outcomes.dismiss(second, "LIGHT", shown.items[1].key)
    await shop.buy(first.customer_id or 0, "HELMET", "LIGHT")

    figures = await read(shop)
    total = figures.total

    counts = [rate.count for rate in (total.clicks, total.baskets, total.dismissed, total.purchases)]
    assert (total.shown, counts) == (4, [1, 0, 1, 2])
    assert (total.revenue_minor, total.per_shown.value) == (8_500, 2_125.0)
    assert [(part.name, part.shown, part.revenue_minor) for part in figures.moods] == [
        ("", 2, 0),
        ("joy", 2, 8_500),
    ]
    assert [part.name for part in figures.lists] == ["complementary"]
    assert (figures.currency, figures.settled) == ("EUR", False)


async def test_what_came_back_is_no_purchase(shop: RecommendingShop) -> None:
    [who] = await customers(shop, 1, held_out=False)
    await shop.show(who)
    await shop.send_back(await shop.buy(who.customer_id or 0, "HELMET"))

    total = (await read(shop)).total

    assert (total.purchases.count, total.revenue_minor) == (0, 0)


async def test_money_of_another_kind_is_not_added_up(shop: RecommendingShop) -> None:
    [who] = await customers(shop, 1, held_out=False)
    await shop.show(who)
    await shop.buy(who.customer_id or 0, "HELMET", currency="GBP")

    total = (await read(shop)).total

    assert (total.purchases.count, total.revenue_minor) == (1, 0)


async def test_the_lift_compares_people_and_each_counts_once(shop: RecommendingShop) -> None:
    shown = await customers(shop, 4, held_out=False)
    held_out = await customers(shop, 4, held_out=True)
    for turn in ("one", "two"):
        for who in (*shown, *held_out):
            await shop.show(who, occasion=f"{turn}:{who.customer_id}", is_unasked=True)
    for who in (*shown[:3], held_out[0]):
        await shop.buy(who.customer_id or 0, "HELMET", "LIGHT")

    figures = await read(shop)
    lift = figures.total.lift

    assert (lift.shown.bought.count, lift.shown.bought.of) == (3, 4)
    assert (lift.held_out.bought.count, lift.held_out.bought.of) == (1, 4)
    assert (lift.difference.value, lift.ratio.value) == (0.5, 3.0)
    assert lift.difference.low is not None
    assert lift.difference.low < 0 < (lift.difference.high or 0)
    assert lift.revenue.value == pytest.approx(8_500 * 0.5)
    assert figures.total.shown == 16
    assert [part.lift.ratio.value for part in figures.lists] == [3.0]


async def test_what_was_asked_for_says_nothing_about_the_lift(shop: RecommendingShop) -> None:
    [who] = await customers(shop, 1, held_out=True)
    await shop.show(who)

    total = (await read(shop)).total

    assert (total.shown, total.lift.held_out.bought.of, total.lift.shown.bought.of) == (2, 0, 0)


async def test_other_days_are_not_counted(shop: RecommendingShop) -> None:
    [who] = await customers(shop, 1, held_out=False)
    await shop.show(who)

    yesterday = shop.figures.days(TODAY - timedelta(days=1), TODAY - timedelta(days=1))

    assert (await shop.figures.read(yesterday)).total.shown == 0


async def test_a_period_is_settled_when_nobody_can_buy_in_time_any_more(shop: RecommendingShop) -> None:
    today = shop.figures.days(TODAY, TODAY)
    early = (await shop.figures.read(today)).settled
    shop.clock.advance(timedelta(days=8))

    assert (early, (await shop.figures.read(today)).settled) == (False, True)


@pytest.mark.parametrize("days", [-1, 366])
async def test_a_period_that_cannot_be_counted_is_refused(shop: RecommendingShop, days: int) -> None:
    with pytest.raises(FiguresPeriodError):
        shop.figures.days(TODAY, TODAY + timedelta(days=days))
