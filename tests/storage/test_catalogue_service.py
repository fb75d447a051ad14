from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from balie.catalogue.errors import ProductNotFoundError, StoreNotFoundError
from balie.catalogue.models import (
    CategoryRow,
    ProductRow,
    ProductVariantRow,
    StockRow,
    StoreHoursRow,
    StoreRow,
    StoreSpecialHoursRow,
)
from balie.catalogue.places import Place
from balie.catalogue.service import CatalogueService
from balie.kernel.money import Money
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 3)
RED, BLUE = {"nl": "rood", "en": "red"}, {"nl": "donkerblauw", "en": "dark blue"}


@pytest.fixture
def catalogue(unit_of_work: UnitOfWork) -> CatalogueService:
    return CatalogueService(unit_of_work, clock=StillClock(NOW))


async def add(unit_of_work: UnitOfWork, *rows: Any) -> None:
    async with unit_of_work.write() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def product(sku: str, name: dict[str, str], **details: Any) -> ProductRow:
    values = {
        "category": "jackets",
        "brand": "Kaapstorm",
        "descriptions": {"nl": "Houdt droog.", "en": "Keeps dry."},
        "facts": {"nl": {"gewicht": "410 g"}, "en": {"weight": "410 g"}},
        "delivery_kind": "parcel",
        "active": True,
        "updated_at": NOW,
    }
    return ProductRow(sku=sku, names=name, **{**values, **details})


def store(code: str, city: str, postcode: str, point: tuple[float, float]) -> StoreRow:
    return StoreRow(
        code=code,
        name=f"Duin & Dal {city}",
        street="Voorstraat",
        house_number="1",
        postcode=postcode,
        city=city,
        country="NL",
        latitude=point[0],
        longitude=point[1],
        phone="+31 30 555 01 01",
        services=["workshop", "something new"],
        directions={"nl": "bij het station"},
    )


@pytest.fixture
async def jacket(unit_of_work: UnitOfWork) -> str:
    row = product("DD-1", {"nl": "Kaapstorm Vinde regenjas", "en": "Kaapstorm Vinde rain jacket"})
    await add(
        unit_of_work,
        CategoryRow(code="jackets", names={"nl": "jassen", "en": "jackets"}, search_words={}),
        row,
    )
    sizes = (("M", RED, 14995), ("L", RED, 14995), ("L", BLUE, 15995))
    variants = [
        ProductVariantRow(
            product_id=row.id,
            sku=f"DD-1-{position}",
            position=position,
            size=size,
            colours=colours,
            price_minor=price,
            currency="EUR",
        )
        for position, (size, colours, price) in enumerate(sizes)
    ]
    utrecht = store("utrecht", "Utrecht", "3512AK", (52.09, 5.12))
    groningen = store("groningen", "Groningen", "9711HE", (53.22, 6.57))
    await add(unit_of_work, *variants, groningen, utrecht)
    online = [
        (variants[0].id, None, 4, None),
        (variants[1].id, None, 0, date(2026, 11, 20)),
        (variants[2].id, None, 9, None),
    ]
    in_stores = [(variants[1].id, utrecht.id, 2, None), (variants[2].id, groningen.id, 1, None)]
    for variant_id, store_id, quantity, restocked_on in (*online, *in_stores):
        row_of_stock = StockRow(
            variant_id=variant_id, store_id=store_id, quantity=quantity, restocked_on=restocked_on
        )
        await add(unit_of_work, row_of_stock)
    return "DD-1"


async def test_product_is_told_in_the_language_asked_for(catalogue: CatalogueService, jacket: str) -> None:
    dutch, english = [await catalogue.get_product(jacket, language) for language in ("nl", "en")]

    assert (dutch.name, dict(dutch.facts)) == ("Kaapstorm Vinde regenjas", {"gewicht": "410 g"})
    assert (english.name, english.category_name) == ("Kaapstorm Vinde rain jacket", "jackets")
    assert (english.price_from, english.price_to) == (Money(14995), Money(15995))
    assert (dutch.sizes, dutch.colours) == (("M", "L"), ("rood", "donkerblauw"))


async def test_product_without_a_translation_falls_back(catalogue: CatalogueService, jacket: str) -> None:
    french = await catalogue.get_product(jacket, "fr")

    assert (french.name, dict(french.facts)) == ("Kaapstorm Vinde regenjas", {"gewicht": "410 g"})


async def test_unknown_product_is_an_error(catalogue: CatalogueService) -> None:
    with pytest.raises(ProductNotFoundError):
        await catalogue.get_product("DD-9", "nl")
    with pytest.raises(ProductNotFoundError):
        await catalogue.get_stock("DD-9", "nl")


async def test_search_finds_a_product_with_its_price(catalogue: CatalogueService, jacket: str) -> None:
    [found] = await catalogue.search_products("regenjas", "en")

    assert (found.sku, found.name, found.price_from) == (jacket, "Kaapstorm Vinde rain jacket", Money(14995))


async def test_search_notices_new_products_within_a_second_and_leaves_out_those_off_sale(
    unit_of_work: UnitOfWork, jacket: str
) -> None:
    clock = StillClock(NOW)
    catalogue = CatalogueService(unit_of_work, clock=clock)
    assert await catalogue.search_products("pannenset", "nl") == ()

    await add(
        unit_of_work,
        product("DD-2", {"nl": "Kampvuur pannenset"}),
        product("DD-3", {"nl": "Kampvuur pannenset oud"}, active=False),
    )
    clock.advance(timedelta(seconds=1))

    assert [found.sku for found in await catalogue.search_products("pannenset", "nl")] == ["DD-2"]


class CountedStore(UnitOfWork):
    """A store that counts how often it is read."""

    def __init__(self, store: UnitOfWork) -> None:
        self._store = store
        self.reads = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        self.reads += 1
        async with self._store.read() as session:
            yield session


async def test_of_many_who_ask_at_once_one_reads_the_catalogue(unit_of_work: UnitOfWork, jacket: str) -> None:
    clock, store = StillClock(NOW), CountedStore(unit_of_work)
    catalogue = CatalogueService(store, clock=clock)
    said = await asyncio.gather(*(catalogue.find_goods("een regenjas") for _ in range(20)))
    first = store.reads
    await add(unit_of_work, product("DD-2", {"nl": "Kampvuur pannenset"}))
    clock.advance(timedelta(seconds=1))
    more = await asyncio.gather(*(catalogue.find_goods("een pannenset") for _ in range(20)))

    assert {each.words for each in said} == {("regenjas",)}
    assert {each.words for each in more} == {("pannenset",)}
    assert (first, store.reads) == (1, 2)


async def test_in_one_turn_the_catalogue_is_looked_at_once(unit_of_work: UnitOfWork, jacket: str) -> None:
    clock, store = StillClock(NOW), CountedStore(unit_of_work)
    catalogue = CatalogueService(store, clock=clock)
    for _ in range(10):
        await catalogue.find_goods("een regenjas")
        clock.advance(timedelta(milliseconds=50))

    assert store.reads == 1


async def test_a_clock_that_was_set_back_hides_no_change(unit_of_work: UnitOfWork, jacket: str) -> None:
    clock, store = StillClock(NOW), CountedStore(unit_of_work)
    catalogue = CatalogueService(store, clock=clock)
    await catalogue.find_goods("een regenjas")
    clock.advance(timedelta(hours=-1))
    await catalogue.find_goods("een regenjas")

    assert store.reads == 2


async def test_stock_adds_up_over_everything_that_fits(catalogue: CatalogueService, jacket: str) -> None:
    stock = await catalogue.get_stock(jacket, "nl")

    assert (stock.online_quantity, stock.restocked_on) == (13, None)
    assert [(found.store.city, found.quantity) for found in stock.in_stores] == [
        ("Groningen", 1),
        ("Utrecht", 2),
    ]


async def test_stock_of_one_size_and_colour_tells_when_more_are_expected(
    catalogue: CatalogueService, jacket: str
) -> None:
    stock = await catalogue.get_stock(jacket, "nl", size="maat l", colour="rode")

    assert [(variant.size, variant.colour) for variant in stock.variants] == [("L", "rood")]
    assert (stock.online_quantity, stock.restocked_on) == (0, date(2026, 11, 20))
    assert [found.store.code for found in stock.in_stores] == ["utrecht"]


async def test_size_that_is_not_made_leaves_no_variants_but_names_those_that_are(
    catalogue: CatalogueService, jacket: str
) -> None:
    stock = await catalogue.get_stock(jacket, "nl", size="XXL")

    assert (stock.variants, stock.online_quantity, stock.sizes) == ((), 0, ("M", "L"))


async def test_stock_near_a_place_has_the_nearest_store_first(
    catalogue: CatalogueService, jacket: str
) -> None:
    stock = await catalogue.get_stock(jacket, "nl", near=Place("3811BK"))

    nearest, furthest = stock.stores
    assert (nearest.store.code, furthest.store.code) == ("utrecht", "groningen")
    assert nearest.distance_km is not None
    assert nearest.distance_km < 30


async def test_nearest_store_comes_first(catalogue: CatalogueService, jacket: str) -> None:
    by_postcode = await catalogue.find_stores_near("9711 AB", limit=1)
    by_city = await catalogue.find_stores_near("ik woon in amersfoort")

    assert [found.store.code for found in by_postcode] == ["groningen"]
    assert [found.store.code for found in by_city] == ["utrecht", "groningen"]


async def test_place_nobody_knows_has_no_stores_near(catalogue: CatalogueService, jacket: str) -> None:
    assert await catalogue.find_stores_near("ergens") == ()


async def test_stores_come_by_city_with_the_services_we_know(
    catalogue: CatalogueService, jacket: str
) -> None:
    stores = await catalogue.list_stores()

    assert [found.city for found in stores] == ["Groningen", "Utrecht"]
    assert stores[0].services == ("workshop",)
    assert await catalogue.get_store("utrecht") == stores[1]


async def test_opening_hours_know_special_days_and_holidays(
    catalogue: CatalogueService, unit_of_work: UnitOfWork, jacket: str
) -> None:
    utrecht = store("zeist", "Zeist", "3701AA", (52.09, 5.23))
    await add(unit_of_work, utrecht)
    week = [
        StoreHoursRow(store_id=utrecht.id, weekday=day, opens_at=time(10), closes_at=time(18))
        for day in range(7)
    ]
    late = StoreSpecialHoursRow(
        store_id=utrecht.id,
        day=date(2026, 11, 4),
        opens_at=time(10),
        closes_at=time(22),
        reasons={"nl": "koopavond"},
    )
    await add(unit_of_work, *week, late)

    today, tomorrow = await catalogue.list_opening_hours("zeist", TUESDAY, days=2)
    christmas = await catalogue.opening_hours("zeist", date(2026, 12, 25))
    opening = await catalogue.next_opening("zeist")

    assert [period.closes_at for period in today.periods] == [time(18)]
    assert ([period.closes_at for period in tomorrow.periods], tomorrow.reasons) == (
        [time(22)],
        {"nl": "koopavond"},
    )
    assert christmas.periods == ()
    assert opening is not None
    assert opening.open_now


async def test_unknown_store_is_an_error(catalogue: CatalogueService) -> None:
    with pytest.raises(StoreNotFoundError):
        await catalogue.next_opening("atlantis")
