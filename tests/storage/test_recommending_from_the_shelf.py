"""What is shown where no list has enough: what lies on the shelf, from both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.recommendations.asked import Recommended, Silence, Who, Wish
from balie.recommendations.kinds import ListKind, OutcomeKind, Reason
from balie.recommendations.models import ExposureRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import NOW, PRODUCTS, RecommendingShop, an_occasion, skus

PAIRS, LIKE = ListKind.COMPLEMENTARY, ListKind.ALTERNATIVES
EVERY_DAY = an_occasion()
SHELF = Reason.ON_THE_SHELF


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    return await RecommendingShop(unit_of_work).open()


async def has(shop: RecommendingShop, **pieces: int) -> None:
    """So many of each product are in stock; keys are numbers with an underscore for a dash."""
    async with shop.unit_of_work.write() as session:
        for name, quantity in pieces.items():
            variant = select(ProductVariantRow.id).where(
                ProductVariantRow.sku == f"{name.replace('_', '-')}-V"
            )
            stock = update(StockRow).where(StockRow.variant_id == variant.scalar_subquery())
            await session.execute(stock.values(quantity=quantity))


async def asked(shop: RecommendingShop, who: Who | None = None, **wish: Any) -> Recommended:
    return await shop.service.personal(who or Who(), EVERY_DAY, Wish(**wish))


def why(recommended: Recommended) -> list[tuple[str, Reason]]:
    return [(each.sku, each.reason) for each in recommended.items]


async def test_a_new_shop_shows_of_each_category_what_it_has_most_of(shop: RecommendingShop) -> None:
    await has(shop, GEL=90, LOCK=70, LIGHT=80, TENT=60, BIKE_3=40, HELMET_2=30)

    shown = await asked(shop, n=6)

    assert skus(shown) == ["GEL", "LIGHT", "TENT", "BIKE-3", "HELMET-2", "LOCK"]
    assert {each.reason for each in shown.items} == {SHELF}
    assert {(each.run_id, each.about, each.lift) for each in shown.items} == {(None, None, None)}
    assert shown.items[0].price_from.minor_units == 300


async def test_of_equals_the_newest_comes_first(shop: RecommendingShop) -> None:
    assert skus(await asked(shop, categories=frozenset({"bikes"}))) == ["BIKE-3", "BIKE-2", "BIKE"]


async def test_what_was_asked_for_and_is_popular_comes_before_what_is_only_there(
    shop: RecommendingShop,
) -> None:
    await shop.popular(all=["TENT", "PUMP"], category_bike_parts=["LOCK"])
    await has(shop, LIGHT=50)

    shown = await asked(shop, categories=frozenset({"bike_parts"}))

    assert why(shown) == [("LOCK", Reason.POPULAR_HERE), ("PUMP", Reason.POPULAR), ("LIGHT", SHELF)]


async def test_a_budget_that_nothing_popular_keeps_is_kept_by_the_shelf(shop: RecommendingShop) -> None:
    await shop.popular(all=["BIKE", "TENT"])

    assert why(await asked(shop, budget_minor=2_500)) == [("GEL", SHELF), ("LIGHT", SHELF)]


async def test_what_must_cost_more_than_what_was_shown_is_found_on_the_shelf(shop: RecommendingShop) -> None:
    dear = await asked(shop, least_minor=2_501, n=10)
    affordable = await asked(shop, least_minor=2_500, budget_minor=2_500, n=10)

    assert dear.items
    assert {item.price_from.minor_units > 2_500 for item in dear.items} == {True}
    assert {item.price_from.minor_units for item in affordable.items} <= {2_500}


async def test_the_popular_that_keeps_a_budget_is_found_however_low_it_stands(shop: RecommendingShop) -> None:
    dear = await _add_products(shop, "tents", count=60, price_minor=50_000)
    await shop.popular(all=[*dear, "LIGHT"])

    shown = await asked(shop, n=1, budget_minor=2_500)

    assert why(shown) == [("LIGHT", Reason.POPULAR)]


async def test_a_product_costs_what_its_cheapest_variant_in_stock_costs(shop: RecommendingShop) -> None:
    await _add_variant(shop, "TENT", price_minor=1_000, quantity=3)
    await _add_variant(shop, "BIKE", price_minor=1_000, quantity=0)
    dear = await asked(shop, budget_minor=999, categories=frozenset({"tents", "bikes"}))
    cheap = await asked(shop, budget_minor=1_000, categories=frozenset({"tents", "bikes"}))

    assert (skus(dear), skus(cheap)) == ([], ["TENT"])
    assert cheap.items[0].price_from.minor_units == 1_000


async def test_only_what_is_meant_is_shown_the_popular_first(shop: RecommendingShop) -> None:
    await shop.popular(all=["TENT"], category_bikes=["BIKE-2", "BIKE"], category_bike_parts=["LOCK"])

    shown = await asked(shop, among=frozenset({"BIKE", "BIKE-3", "PUMP"}))

    assert why(shown) == [("BIKE", Reason.POPULAR_HERE), ("BIKE-3", SHELF), ("PUMP", SHELF)]


async def test_where_nothing_is_meant_nothing_is_shown(shop: RecommendingShop) -> None:
    await shop.popular(all=["TENT"])

    assert (await asked(shop, among=frozenset())).silence is Silence.NOTHING_FITS


async def test_what_cannot_be_had_is_not_on_the_shelf(shop: RecommendingShop) -> None:
    await shop.sell_out("BIKE")
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).where(ProductRow.sku == "BIKE-2").values(active=False))
        dollars = update(ProductVariantRow).where(ProductVariantRow.sku == "BIKE-3-V")
        await session.execute(dollars.values(currency="USD"))

    assert (await asked(shop, categories=frozenset({"bikes"}))).silence is Silence.NOTHING_FITS


async def test_the_rules_hold_for_the_shelf_too(shop: RecommendingShop) -> None:
    customer = Who(await shop.customer(), await shop.conversation())
    await shop.buy(customer.customer_id or 0, "BIKE")
    await shop.outcomes.dismiss(customer, "BIKE-2")

    everything = await asked(shop, n=10)
    bikes = await asked(shop, customer, categories=frozenset({"bikes"}))
    swimwear = await asked(shop, categories=frozenset({"swimwear"}))

    assert not {"SWIMSUIT", "GOGGLES"} & set(skus(everything))
    assert (skus(bikes), skus(swimwear)) == (["BIKE-3"], ["GOGGLES", "SWIMSUIT"])


async def test_who_wants_something_else_gets_the_rest_of_the_shelf(shop: RecommendingShop) -> None:
    shown = await asked(shop, n=2, budget_minor=5_000)
    more = await asked(shop, n=2, budget_minor=5_000, exclude=frozenset(skus(shown)))

    assert len({*skus(shown), *skus(more)}) == 4


async def test_a_list_that_has_nothing_left_is_not_filled_up_unless_something_was_asked_for(
    shop: RecommendingShop,
) -> None:
    await shop.popular(all=["TENT"])
    just_shown = frozenset({"TENT"})

    assert (await asked(shop, exclude=just_shown)).silence is Silence.NOTHING_FITS
    assert skus(await asked(shop, exclude=just_shown, budget_minor=300)) == ["GEL"]


async def test_nothing_from_the_shelf_is_brought_up_unasked(shop: RecommendingShop) -> None:
    customer = Who(await shop.customer())

    shown = await asked(shop, customer, is_unasked=True)
    tents = await asked(shop, customer, is_unasked=True, categories=frozenset({"tents"}))

    assert shown.silence is tents.silence is Silence.NOTHING_FITS


async def test_nothing_goes_with_a_product_just_because_it_is_there(shop: RecommendingShop) -> None:
    wish = Wish(categories=frozenset({"helmets"}), budget_minor=10_000)

    assert (await shop.service.complementary(Who(), ["BIKE"], EVERY_DAY, wish)).items == ()
    assert (await shop.service.complementary(Who(), ["BIKE"], EVERY_DAY, wish, of_kind=True)).items == ()


async def test_instead_of_a_product_there_is_what_lies_in_its_category(shop: RecommendingShop) -> None:
    await shop.pairs(LIKE, "BIKE", "BIKE-2")

    shown = await shop.service.alternatives(Who(), "BIKE", EVERY_DAY)
    cheaper = await shop.service.alternatives(Who(), "BIKE", EVERY_DAY, Wish(budget_minor=60_000))

    assert why(shown) == [("BIKE-2", Reason.LIKE_THIS), ("BIKE-3", SHELF)]
    assert why(cheaper) == [("BIKE-3", SHELF)]
    assert (await shop.service.alternatives(Who(), "NO-SUCH", EVERY_DAY)).items == ()


async def test_what_costs_about_as_much_comes_first_also_instead_of_what_is_sold_out(
    shop: RecommendingShop,
) -> None:
    await _add_products(shop, "bikes", count=1, price_minor=85_000)
    await has(shop, BIKE_2=90, BIKE_3=60)
    await shop.sell_out("BIKE")

    shown = await shop.service.alternatives(Who(), "BIKE", EVERY_DAY)

    assert skus(shown) == ["P-1000", "BIKE-2", "BIKE-3"]


async def test_what_was_shown_from_the_shelf_is_counted_like_everything_else(shop: RecommendingShop) -> None:
    customer = Who(await shop.customer())
    shown = await asked(shop, customer, categories=frozenset({"tents"}))
    await shop.outcomes.note_shown(customer, shown, EVERY_DAY)
    await shop.outcomes.note(shown.items[0].key, OutcomeKind.CLICK, "a-click")
    await shop.buy(customer.customer_id or 0, "TENT")
    await shop.outcomes.attribute_late()

    figures = await shop.figures.read(shop.figures.days(NOW.date(), NOW.date()))

    assert await shop.rows(ExposureRow, "sku", "reason", "run_id") == [("TENT", "on_the_shelf", None)]
    total, [personal] = figures.total, figures.lists
    for part in (total, personal):
        assert (part.shown, part.clicks.count, part.purchases.count, part.revenue_minor) == (1, 1, 1, 20_000)


async def test_an_empty_shelf_shows_nothing(shop: RecommendingShop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(delete(StockRow))

    assert (await asked(shop)).silence is Silence.NOTHING_FITS


async def test_what_most_of_a_kind_are_bought_with_comes_first(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "BIKE", "LOCK", "HELMET", "BIKE-2")
    await shop.pairs(PAIRS, "BIKE-2", "HELMET", "LIGHT", run_id=run_id)
    await shop.pairs(PAIRS, "BIKE-3", "HELMET", "LIGHT", run_id=run_id)
    await shop.pairs(PAIRS, "TENT", "PUMP", run_id=run_id)
    bikes = ["BIKE", "BIKE-2", "BIKE-3", "BIKE"]

    shown = await shop.service.complementary(Who(), bikes, EVERY_DAY, of_kind=True)

    assert skus(shown) == ["HELMET", "LIGHT", "LOCK"]
    assert {(each.reason, each.about, each.run_id) for each in shown.items} == {
        (Reason.BOUGHT_WITH, None, run_id)
    }
    assert {each.about_names for each in shown.items} == {None}


async def test_a_kind_may_be_hundreds_of_products(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET")
    kind = [f"BIKE-{number}" for number in range(10, 400)]

    shown = await shop.service.complementary(Who(), [*kind, "BIKE"], EVERY_DAY, of_kind=True)

    assert skus(shown) == ["HELMET"]


async def test_of_a_large_kind_those_that_are_asked_are_from_all_of_it_and_nothing_of_it_is_shown(
    shop: RecommendingShop,
) -> None:
    run_id = await shop.pairs(PAIRS, "Z-0", "BIKE", "HELMET")
    kind = [*(f"A-{number:03}" for number in range(500)), *(f"Z-{number}" for number in range(500)), "BIKE"]
    for number in range(2, 11):
        await shop.pairs(PAIRS, f"Z-{number}", "BIKE", "HELMET", run_id=run_id)

    shown = await shop.service.complementary(Who(), kind, EVERY_DAY, of_kind=True)

    assert skus(shown) == ["HELMET"]


async def test_nothing_of_an_order_goes_with_it_however_long_it_is(shop: RecommendingShop) -> None:
    await shop.pairs(PAIRS, "BIKE", "HELMET", "LIGHT")
    order = ["BIKE", *(f"A-{number}" for number in range(30)), "HELMET"]

    assert skus(await shop.service.complementary(Who(), order, EVERY_DAY)) == ["LIGHT"]


async def test_hygiene_is_kept_beside_a_kind_unless_it_is_that_kind(shop: RecommendingShop) -> None:
    run_id = await shop.pairs(PAIRS, "TENT", "SWIMSUIT", "LIGHT")
    await shop.pairs(PAIRS, "SWIMSUIT", "GOGGLES", run_id=run_id)

    with_tents = await shop.service.complementary(Who(), ["TENT"], EVERY_DAY, of_kind=True)
    with_suits = await shop.service.complementary(Who(), ["SWIMSUIT"], EVERY_DAY, of_kind=True)

    assert (skus(with_tents), skus(with_suits)) == (["LIGHT"], ["GOGGLES"])


async def _add_variant(shop: RecommendingShop, product: str, *, price_minor: int, quantity: int) -> None:
    async with shop.unit_of_work.read() as session:
        product_id = await session.scalar(select(ProductRow.id).where(ProductRow.sku == product))
    assert product_id is not None
    variant_id = await shop.add(
        ProductVariantRow,
        id=product_id + len(PRODUCTS),
        product_id=product_id,
        sku=f"{product}-CHEAP",
        position=2,
        colours={},
        price_minor=price_minor,
        currency="EUR",
    )
    await shop.add(StockRow, variant_id=variant_id, quantity=quantity)


async def _add_products(shop: RecommendingShop, category: str, *, count: int, price_minor: int) -> list[str]:
    numbers = range(1_000, 1_000 + count)
    details = {"category": category, "brand": "Rijwind", "names": {}, "descriptions": {}, "facts": {}}
    products = [
        {
            "id": each,
            "sku": f"P-{each}",
            "delivery_kind": "parcel",
            "active": True,
            "updated_at": NOW,
            **details,
        }
        for each in numbers
    ]
    variants = [
        {
            "id": each,
            "product_id": each,
            "sku": f"P-{each}-V",
            "position": 1,
            "colours": {},
            "currency": "EUR",
        }
        for each in numbers
    ]
    async with shop.unit_of_work.write() as session:
        await session.execute(insert(ProductRow), products)
        await session.execute(
            insert(ProductVariantRow), [{**each, "price_minor": price_minor} for each in variants]
        )
        await session.execute(insert(StockRow), [{"variant_id": each, "quantity": 5} for each in numbers])
    return [f"P-{each}" for each in numbers]
