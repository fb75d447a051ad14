"""What is shown, from both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.customers.models import CustomerRow
from balie.recommendations.asked import Silence, Who, Wish
from balie.recommendations.kinds import ListKind, Reason
from balie.recommendations.repository import RunWriter
from balie.recommendations.service import RecommendationService
from balie.recommendations.views import LearnedPair
from balie.storage.unit_of_work import StoreConnection, UnitOfWork
from tests.storage.recommending_shop import NOW, RecommendingShop, an_occasion, skus

PAIRS, LIKE = ListKind.COMPLEMENTARY, ListKind.ALTERNATIVES
EVERY_DAY = an_occasion()


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    return await RecommendingShop(unit_of_work).open()


async def with_bike(shop: RecommendingShop, who: Who, wish: Wish | None = None) -> list[str]:
    return skus(await shop.service.complementary(who, ["BIKE"], EVERY_DAY, wish or Wish()))


async def test_what_goes_with_a_product_says_why(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")

    shown = await shop.service.complementary(Who(), ["BIKE"], EVERY_DAY)

    first = shown.items[0]
    assert skus(shown) == ["HELMET", "LIGHT"]
    assert (first.reason, first.about, first.about_names) == (
        Reason.BOUGHT_WITH,
        "BIKE",
        {"nl": "bike", "en": "bike"},
    )
    assert (first.price_from.minor_units, first.lift, first.run_id) == (6_000, 2.5, run_id)
    assert (first.position, first.propensity, first.explored) == (1, 1.0, False)
    assert shown.silence is None


async def test_what_only_goes_with_the_sort_of_a_product_is_not_said_to_be_bought_with_it(
    shop: RecommendingShop,
) -> None:
    def write(connection: StoreConnection) -> None:
        writer = RunWriter(connection, clock=shop.clock)
        run = writer.begin(ListKind.COMPLEMENTARY, 1, NOW)
        measured = LearnedPair("BIKE", 1, "LOCK", 2.0, lift=3.0)
        writer.add_pairs(run, [measured, LearnedPair("BIKE", 2, "HELMET", 1.0)])
        writer.put_live(run, {})

    await shop.unit_of_work.run_writing(write)

    shown = await shop.service.complementary(Who(), ["BIKE"], EVERY_DAY)
    assert [(each.sku, each.reason, each.about, each.lift) for each in shown.items] == [
        ("LOCK", Reason.BOUGHT_WITH, "BIKE", 3.0),
        ("HELMET", Reason.BOUGHT_WITH, None, None),
    ]


async def test_of_an_order_the_best_of_all_its_products_comes_first(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    await shop.pairs(PAIRS, "TENT", "PUMP", "BIKE", run_id=run_id)

    shown = await shop.service.complementary(Who(), ["BIKE", "TENT", "BIKE"], EVERY_DAY)

    assert skus(shown) == ["HELMET", "PUMP", "LIGHT"]
    assert [each.about for each in shown.items] == ["BIKE", "TENT", "BIKE"]


async def test_what_is_sold_out_online_is_not_shown(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    await shop.sell_out("HELMET")

    assert await with_bike(shop, Who()) == ["LIGHT"]


async def test_what_is_no_longer_sold_or_gone_is_not_shown(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT", "LOCK", "NEVER-SOLD")
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).where(ProductRow.sku == "HELMET").values(active=False))
        await session.execute(delete(ProductRow).where(ProductRow.sku == "LOCK"))

    assert await with_bike(shop, Who()) == ["LIGHT"]


async def test_what_costs_another_money_is_not_shown(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    async with shop.unit_of_work.write() as session:
        pounds = update(ProductVariantRow).where(ProductVariantRow.sku == "HELMET-V").values(currency="GBP")
        await session.execute(pounds)

    assert await with_bike(shop, Who()) == ["LIGHT"]


async def test_what_a_customer_has_is_not_shown_to_them(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    await shop.buy(customer, "HELMET")

    assert await with_bike(shop, Who(customer)) == ["LIGHT"]
    assert await with_bike(shop, Who(customer), Wish(for_somebody_else=True)) == ["HELMET", "LIGHT"]


async def test_what_was_cancelled_is_not_owned(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    await shop.buy(customer, "HELMET", cancelled_at=shop.clock())

    assert await with_bike(shop, Who(customer)) == ["HELMET"]


async def test_what_runs_out_is_shown_again_after_a_while(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.pairs(PAIRS, "BIKE", "GEL")
    await shop.buy(customer, "GEL")

    at_once = await with_bike(shop, Who(customer))
    shop.clock.advance(timedelta(days=21))

    assert at_once == []
    assert await with_bike(shop, Who(customer)) == ["GEL"]


async def test_what_was_sent_back_is_not_shown_even_for_somebody_else(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    await shop.send_back(await shop.buy(customer, "HELMET"), received=False)

    assert await with_bike(shop, Who(customer), Wish(for_somebody_else=True)) == ["LIGHT"]


async def test_what_somebody_does_not_want_is_not_shown_again(shop: RecommendingShop) -> None:
    customer, conversation = await shop.customer(), await shop.conversation()
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    await shop.outcomes.dismiss(Who(customer), "HELMET")
    await shop.outcomes.dismiss(Who(customer), "HELMET")
    await shop.outcomes.dismiss(Who(None, conversation), "LIGHT")

    assert await with_bike(shop, Who(customer)) == ["LIGHT"]
    assert await with_bike(shop, Who(None, conversation)) == ["HELMET"]
    assert await with_bike(shop, Who(customer, conversation)) == []
    assert await with_bike(shop, Who()) == ["HELMET", "LIGHT"]


async def test_alternatives_fall_back_on_their_category_and_nothing_else(shop: RecommendingShop) -> None:
    await shop.pairs(LIKE, "BIKE", "BIKE-2")
    await shop.popular(all=["TENT"], category_bikes=["BIKE", "BIKE-2", "BIKE-3"])

    shown = await shop.service.alternatives(Who(), "BIKE", EVERY_DAY)

    assert skus(shown) == ["BIKE-2", "BIKE-3"]
    assert [each.reason for each in shown.items] == [Reason.LIKE_THIS, Reason.POPULAR_HERE]


async def test_an_unknown_product_has_nothing_beside_it(shop: RecommendingShop) -> None:
    await shop.popular(all=["TENT"])

    with_it = await shop.service.complementary(Who(), ["NO-SUCH"], EVERY_DAY)
    like_it = await shop.service.alternatives(Who(), "NO-SUCH", EVERY_DAY)

    assert with_it.silence is like_it.silence is Silence.NOTHING_FITS


async def test_a_customer_gets_their_own_list_then_their_segment_then_everybodys(
    shop: RecommendingShop,
) -> None:
    customer = await shop.customer()
    await shop.buy(customer, "BIKE")
    await shop.buy(customer, "BIKE-2")
    await shop.personal(customer, "HELMET", because="BIKE")
    await shop.popular(all=["TENT", "LOCK"], segment_bikes=["BIKE", "PUMP"])

    shown = await shop.service.personal(Who(customer), EVERY_DAY)

    assert [(each.sku, each.reason) for each in shown.items] == [
        ("HELMET", Reason.BECAUSE_YOU_HAVE),
        ("PUMP", Reason.POPULAR_WITH_YOU),
        ("TENT", Reason.POPULAR),
    ]
    assert (shown.items[0].about, shown.items[0].about_names) == ("BIKE", {"nl": "bike", "en": "bike"})
    assert shown.segment == "bikes"


async def test_nobody_is_told_that_they_have_what_they_only_looked_at_or_sent_back(
    shop: RecommendingShop,
) -> None:
    looked, sent_back = await shop.customer("K-1"), await shop.customer("K-2")
    await shop.send_back(await shop.buy(sent_back, "BIKE"))
    reasons = []
    for customer in (looked, sent_back):
        await shop.personal(customer, "HELMET", because="BIKE")
        [item] = (await shop.service.personal(Who(customer), EVERY_DAY)).items
        reasons.append((item.reason, item.about, item.about_names))

    assert reasons == [(Reason.FITS_YOU, None, None)] * 2


async def test_who_does_not_want_advice_gets_what_everybody_gets(shop: RecommendingShop) -> None:
    customer = await shop.customer(agreed=False)
    await shop.buy(customer, "TENT")
    await shop.personal(customer, "HELMET")
    await shop.popular(all=["TENT", "LOCK"])

    shown = await shop.service.personal(Who(customer), EVERY_DAY)

    assert skus(shown) == ["TENT", "LOCK"]
    assert shown.segment is None


async def test_the_newest_answer_about_advice_counts(shop: RecommendingShop) -> None:
    customer = await shop.customer(agreed=True)
    await shop.personal(customer, "HELMET")
    await shop.popular(all=["LOCK"])
    shop.clock.advance(timedelta(days=1))
    await shop.answer(customer, agreed=False)

    assert skus(await shop.service.personal(Who(customer), EVERY_DAY)) == ["LOCK"]


async def test_a_stranger_gets_what_is_popular_where_they_look(shop: RecommendingShop) -> None:
    await shop.popular(all=["TENT", "HELMET-2"], category_helmets=["HELMET"])

    wish = Wish(categories=frozenset({"helmets"}))
    shown = await shop.service.personal(Who(), EVERY_DAY, wish)

    assert [(each.sku, each.reason) for each in shown.items] == [
        ("HELMET", Reason.POPULAR_HERE),
        ("HELMET-2", Reason.POPULAR),
    ]


async def test_what_is_too_dear_or_was_just_shown_is_not_shown(shop: RecommendingShop) -> None:
    await shop.popular(all=["TENT", "HELMET", "LIGHT", "GEL"])

    wish = Wish(n=2, budget_minor=6_000, exclude=frozenset({"LIGHT"}))

    assert skus(await shop.service.personal(Who(), EVERY_DAY, wish)) == ["HELMET", "GEL"]


async def test_swimwear_is_shown_only_to_who_brings_it_up(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "TENT", "SWIMSUIT", "LIGHT")
    await shop.pairs(PAIRS, "SWIMSUIT", "GOGGLES", run_id=run_id)
    await shop.popular(all=["SWIMSUIT", "LIGHT"], category_swimwear=["SWIMSUIT"])

    with_tent = await shop.service.complementary(Who(), ["TENT"], EVERY_DAY)
    with_suit = await shop.service.complementary(Who(), ["SWIMSUIT"], EVERY_DAY)
    anything = await shop.service.personal(Who(), EVERY_DAY)
    asked_for = await shop.service.personal(Who(), EVERY_DAY, Wish(categories=frozenset({"swimwear"})))

    assert [skus(each) for each in (with_tent, with_suit, anything, asked_for)] == [
        ["LIGHT"],
        ["GOGGLES"],
        ["LIGHT"],
        ["SWIMSUIT", "GOGGLES"],
    ]


async def test_of_three_in_a_row_at_most_two_are_of_one_category(shop: RecommendingShop) -> None:
    await shop.popular(all=["LIGHT", "LOCK", "PUMP", "TENT", "HELMET"])

    assert skus(await shop.service.personal(Who(), EVERY_DAY, Wish(n=5))) == [
        "LIGHT",
        "LOCK",
        "TENT",
        "PUMP",
        "HELMET",
    ]


async def test_nothing_unasked_without_consent(shop: RecommendingShop) -> None:
    refuses, agrees = await shop.customer("K-1", agreed=False), await shop.customer("K-2")
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    wish = Wish(n=1, is_unasked=True)

    async def suggested(who: Who) -> object:
        return (await shop.service.complementary(who, ["BIKE"], EVERY_DAY, wish)).silence

    assert await suggested(Who(refuses)) is Silence.NO_CONSENT
    assert await suggested(Who()) is Silence.NO_CONSENT
    assert await suggested(Who(agrees)) is None
    assert await suggested(Who(None, await shop.conversation(), has_agreed=True)) is None


async def test_the_hold_out_gets_nothing_unasked_but_every_answer(unit_of_work: UnitOfWork) -> None:
    shop = await RecommendingShop(unit_of_work, hold_out_percent=99.999999).open()
    customer = Who(await shop.customer())
    await shop.pairs(PAIRS, "BIKE", "HELMET")

    unasked = await shop.service.complementary(customer, ["BIKE"], EVERY_DAY, Wish(is_unasked=True))
    asked = await shop.service.complementary(customer, ["BIKE"], EVERY_DAY)

    assert (unasked.items, unasked.silence) == ((), Silence.HELD_OUT)
    assert [each.sku for each in unasked.withheld] == ["HELMET"]
    assert skus(asked) == ["HELMET"]


async def test_the_same_turn_is_shown_the_same_and_now_and_then_something_is_tried(
    unit_of_work: UnitOfWork,
) -> None:
    shop = await RecommendingShop(unit_of_work, explore_percent=50).open()
    await shop.popular(all=["TENT", "HELMET", "LIGHT", "BIKE"])

    async def last_of(turn: int) -> tuple[str, bool, float]:
        shown = await shop.service.personal(Who(), an_occasion(str(turn)), Wish(n=2))
        return shown.items[1].sku, shown.items[1].explored, shown.items[1].propensity

    seen = {turn: await last_of(turn) for turn in range(40)}

    assert {turn: await last_of(turn) for turn in range(40)} == seen
    assert set(seen.values()) == {("HELMET", False, 0.5), ("LIGHT", True, 0.25), ("BIKE", True, 0.25)}


async def test_nothing_is_recommended_where_it_is_switched_off(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    off = RecommendationService(shop.unit_of_work, shop.terms, clock=shop.clock, is_on=False)

    assert (await off.complementary(Who(), ["BIKE"], EVERY_DAY)).silence is Silence.SWITCHED_OFF


async def test_an_empty_shop_has_nothing_to_show(unit_of_work: UnitOfWork) -> None:
    shop = RecommendingShop(unit_of_work)

    assert (await shop.service.personal(Who(), EVERY_DAY)).silence is Silence.NOTHING_FITS


async def test_the_list_of_a_customer_who_is_gone_is_gone_too(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    await shop.personal(customer, "HELMET")
    await shop.popular(all=["LOCK"])
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(CustomerRow))

    assert skus(await shop.service.personal(Who(customer), EVERY_DAY)) == ["LOCK"]


@pytest.mark.parametrize("n", [0, -1])
async def test_no_places_are_filled_with_nothing(shop: RecommendingShop, n: int) -> None:
    await shop.popular(all=["TENT"])

    assert skus(await shop.service.personal(Who(), EVERY_DAY, Wish(n=n))) == []


async def test_a_customer_who_bought_thousands_of_things_is_answered_like_others(
    shop: RecommendingShop,
) -> None:
    customer = await shop.customer()
    await shop.buy(customer, *(["GEL"] * 10_000))
    await shop.pairs(PAIRS, "BIKE", "GEL", "HELMET")

    shown = await shop.service.complementary(Who(customer), ["BIKE"], EVERY_DAY)

    assert (skus(shown), shown.segment) == (["HELMET"], "nutrition")


async def test_a_shop_with_one_product_recommends_it_to_who_does_not_have_it(shop: RecommendingShop) -> None:
    customer = await shop.customer()
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(ProductRow).where(ProductRow.sku != "TENT"))
    await shop.popular(all=["TENT"], category_tents=["TENT"])

    before = await shop.service.personal(Who(customer), EVERY_DAY)
    await shop.buy(customer, "TENT")
    after = await shop.service.personal(Who(customer), EVERY_DAY)
    beside = await shop.service.alternatives(Who(customer), "TENT", EVERY_DAY)

    assert (skus(before), after.silence, beside.silence) == (
        ["TENT"],
        Silence.NOTHING_FITS,
        Silence.NOTHING_FITS,
    )
