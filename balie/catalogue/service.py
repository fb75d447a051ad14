"""What the rest of Balie may ask about products, stock and stores."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from balie.catalogue.assemble import (
    offering,
    product_hit,
    product_view,
    quantities_per_store,
    searchable_product,
    stock_view,
    store_calendar,
    store_view,
    variant_stock_views,
)
from balie.catalogue.errors import ProductNotFoundError, StoreNotFoundError
from balie.catalogue.goods_finder import GoodsFinder, MeantGoods, SaidGoods
from balie.catalogue.goods_words import Audience, GoodsWords
from balie.catalogue.hours import DayHours, Opening, StoreCalendar
from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow, StoreRow
from balie.catalogue.places import Place, distance_km, locate
from balie.catalogue.repository import ProductRepository, StoreRepository
from balie.catalogue.search import ProductIndex
from balie.catalogue.variants import is_colour, is_size
from balie.catalogue.views import (
    CategoryView,
    NearStoreView,
    Offering,
    ProductHit,
    ProductPicture,
    ProductView,
    StockView,
    StoreStockView,
    StoreView,
)
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.storage.unit_of_work import Session, UnitOfWork

NO_WORDS: Final = GoodsWords()
LOOKS_EVERY: Final = timedelta(seconds=1)
"""How long a change of products may go unnoticed: one turn asks for their words many times."""


class CatalogueService:
    """Answers questions about products and stores; changes nothing.

    Keeps the words of the catalogue in memory and notices within a second when products have changed.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        *,
        goods: GoodsWords = NO_WORDS,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            goods: What customers call goods, and whom goods are for.
            clock: The present moment.
            timezone: Of the stores.
        """
        self._unit_of_work = unit_of_work
        self._goods_words = goods
        self._clock = clock
        self._timezone = timezone
        self._known = _Known(None, ProductIndex(()), GoodsFinder((), goods))
        self._looked_at: datetime | None = None
        self._looking = asyncio.Lock()

    async def search_products(self, text: str, language: str, limit: int = 5) -> tuple[ProductHit, ...]:
        """Products that a text names, best first; empty when none comes close.

        Args:
            text: What the customer wrote: a name, a kind of product, a whole sentence, or a product number.
            language: The language of names in the answer; names in other languages are found too.
            limit: How many at most.
        """
        known = await self._current()
        in_its_words = known.goods.in_words_of_catalogue(text, known.index.knows)
        matches = known.index.search(in_its_words, language, limit)
        async with self._unit_of_work.read() as session:
            repository = ProductRepository(session)
            found = await repository.find_by_skus([match.sku for match in matches])
            variants = await repository.list_variants([product.id for product, _ in found.values()])
        return tuple(
            product_hit(
                *found[match.sku],
                _of_product(variants, found[match.sku][0].id),
                language=language,
                score=match.score,
            )
            for match in matches
            if match.sku in found
        )

    async def find_goods(self, text: str, audience: Audience | None = None) -> SaidGoods:
        """What a sentence says of goods: which kinds it names, and for whom.

        Args:
            text: What the customer wrote.
            audience: Whom they are for, if that is known; what the sentence calls them comes before it.
        """
        return await asyncio.to_thread((await self._current_goods()).find, text, audience)

    async def find_anchor_goods(self, text: str) -> SaidGoods:
        """The goods with which something is to go: "bij een tent", else those that were named at all."""
        return await asyncio.to_thread((await self._current_goods()).find_anchors, text)

    async def find_goods_of(self, words: Sequence[str], audience: Audience | None = None) -> frozenset[str]:
        """The products of kinds that were named (:attr:`SaidGoods.words`), by number.

        Of more than a question bears (:data:`balie.catalogue.goods_finder.MOST_NAMED`) an even sample.
        """
        return await asyncio.to_thread((await self._current_goods()).find_skus, words, audience)

    async def narrow_goods(
        self, words: Sequence[str], audience: Audience | None, categories: Collection[str], language: str
    ) -> tuple[MeantGoods, ...]:
        """The goods that are meant, what suits best first; see :meth:`GoodsFinder.narrow`."""
        goods = await self._current_goods()
        return await asyncio.to_thread(goods.narrow, words, audience, categories, language)

    async def get_product(self, sku: str, language: str) -> ProductView:
        """One product with its facts, in a language.

        Raises:
            ProductNotFoundError: Nothing is sold under this number.
        """
        async with self._unit_of_work.read() as session:
            repository = ProductRepository(session)
            product, category = await _get_product_rows(repository, sku)
            variants = await repository.list_variants([product.id])
        return product_view(product, category, variants, language=language)

    async def find_pictures(self, skus: Sequence[str]) -> Mapping[str, ProductPicture]:
        """What shows products, and where, by number; unknown numbers are left out."""
        async with self._unit_of_work.read() as session:
            found = await ProductRepository(session).find_by_skus(skus)
        return {
            sku: ProductPicture(product.category, product.names, product.picture_url, product.page_url)
            for sku, (product, _) in found.items()
        }

    async def find_products_of(self, variant_skus: Sequence[str]) -> Mapping[str, str]:
        """The number of the product that each variant is one of; unknown variants are left out."""
        async with self._unit_of_work.read() as session:
            return await ProductRepository(session).find_products_of(variant_skus)

    async def list_categories(self) -> tuple[CategoryView, ...]:
        """The kinds of products that are sold, by code."""
        async with self._unit_of_work.read() as session:
            rows = await ProductRepository(session).list_categories()
        return tuple(CategoryView(row.code, row.names, row.search_words) for row in rows)

    async def get_offering(self, sku: str) -> Offering:
        """One product in everything it comes in, with what the web warehouse has of it.

        Raises:
            ProductNotFoundError: Nothing is sold under this number.
        """
        async with self._unit_of_work.read() as session:
            repository = ProductRepository(session)
            product, _ = await _get_product_rows(repository, sku)
            variants = await repository.list_variants([product.id])
            stock = await repository.list_stock([variant.id for variant in variants])
        return offering(product, variants, stock)

    async def get_stock(
        self,
        sku: str,
        language: str,
        *,
        size: str | None = None,
        colour: str | None = None,
        near: Place | None = None,
    ) -> StockView:
        """How many of a product there are, online and in every store.

        Args:
            sku: The product's number.
            language: Of names and colours in the answer.
            size: As written by the customer (``maat 42``); None counts every size.
            colour: As written by the customer, in any language; None counts every colour.
            near: Where the customer is: the nearest stores come first.

        Raises:
            ProductNotFoundError: Nothing is sold under this number.
        """
        async with self._unit_of_work.read() as session:
            repository = ProductRepository(session)
            product, _ = await _get_product_rows(repository, sku)
            every = await repository.list_variants([product.id])
            wanted = [v for v in every if is_size(size, v.size) and is_colour(colour, v.colours)]
            stock = await repository.list_stock([variant.id for variant in wanted])
            stores = await StoreRepository(session).list_all()
        return stock_view(
            product,
            every,
            variants=variant_stock_views(wanted, stock, language),
            stores=_stock_in_stores(stores, stock, near),
            language=language,
        )

    async def list_stores(self) -> tuple[StoreView, ...]:
        """Every store, by city."""
        async with self._unit_of_work.read() as session:
            return tuple(store_view(store) for store in await StoreRepository(session).list_all())

    async def get_store(self, store_code: str) -> StoreView:
        """One store.

        Raises:
            StoreNotFoundError: There is none with this code.
        """
        async with self._unit_of_work.read() as session:
            return store_view(await _get_store_row(session, store_code))

    async def find_stores_near(
        self, place: str, limit: int = 3, *, country: str = "NL"
    ) -> tuple[NearStoreView, ...]:
        """The stores nearest to a place.

        Args:
            place: A postcode or city, or a sentence that names one.
            limit: How many at most.
            country: Whose postcodes four digits without letters are (``NL`` or ``BE``).

        Returns:
            Nearest first; empty when the place is not recognised.
        """
        async with self._unit_of_work.read() as session:
            stores = await StoreRepository(session).list_all()
        here = _locate(Place(place, country), stores)
        if here is None:
            return ()
        near = (NearStoreView(store_view(store), distance_km(here, _point(store))) for store in stores)
        return tuple(sorted(near, key=lambda found: found.distance_km)[:limit])

    async def opening_hours(self, store_code: str, day: date) -> DayHours:
        """When a store is open on a day: special hours and public holidays count.

        Raises:
            StoreNotFoundError: There is none with this code.
        """
        return (await self._calendar(store_code)).hours_on(day)

    async def list_opening_hours(
        self, store_code: str, first_day: date, days: int = 7
    ) -> tuple[DayHours, ...]:
        """When a store is open on successive days.

        Raises:
            StoreNotFoundError: There is none with this code.
        """
        calendar = await self._calendar(store_code)
        return tuple(calendar.hours_on(first_day + timedelta(days=offset)) for offset in range(days))

    async def next_opening(self, store_code: str, moment: datetime | None = None) -> Opening | None:
        """Whether a store is open, until when, or when it opens next.

        Args:
            store_code: Which store.
            moment: From when on to look; None is now.

        Returns:
            None when it stays closed for weeks.

        Raises:
            StoreNotFoundError: There is none with this code.
        """
        calendar = await self._calendar(store_code)
        return calendar.find_opening(moment or self._clock(), self._timezone)

    async def _calendar(self, store_code: str) -> StoreCalendar:
        async with self._unit_of_work.read() as session:
            store = await _get_store_row(session, store_code)
            repository = StoreRepository(session)
            hours = await repository.list_hours(store.id)
            return store_calendar(store, hours, await repository.list_special_hours(store.id))

    async def _current_goods(self) -> GoodsFinder:
        return (await self._current()).goods

    async def _current(self) -> _Known:
        """The words of the catalogue as it is, or was a moment ago."""
        if self._must_look():
            # Of many who ask at once one looks; the others wait for that, and hold no transaction meanwhile.
            async with self._looking:
                if self._must_look():
                    await self._look()
        return self._known

    def _must_look(self) -> bool:
        if self._looked_at is None:
            return True
        return not timedelta() <= self._clock() - self._looked_at < LOOKS_EVERY

    async def _look(self) -> None:
        """Learn the words anew where products have changed."""
        now = self._clock()
        async with self._unit_of_work.read() as session:
            repository = ProductRepository(session)
            fingerprint = await repository.fingerprint()
            if fingerprint == self._known.fingerprint:
                self._looked_at = now
                return
            products = [searchable_product(*found) for found in await repository.list_active()]
        # A large catalogue takes a moment: other customers need not wait for it.
        index = await asyncio.to_thread(ProductIndex, products)
        goods = await asyncio.to_thread(GoodsFinder, products, self._goods_words)
        self._known, self._looked_at = _Known(fingerprint, index, goods), now


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of a catalogue.

    Attributes:
        fingerprint: Of the catalogue that they are of; None before any was read.
    """

    fingerprint: tuple[int, datetime | None] | None
    index: ProductIndex
    goods: GoodsFinder


async def _get_product_rows(repository: ProductRepository, sku: str) -> tuple[ProductRow, CategoryRow]:
    found = (await repository.find_by_skus([sku])).get(sku)
    if found is None:
        raise ProductNotFoundError(sku)
    return found


async def _get_store_row(session: Session, store_code: str) -> StoreRow:
    store = await StoreRepository(session).find_by_code(store_code)
    if store is None:
        raise StoreNotFoundError(store_code)
    return store


def _of_product(variants: Sequence[ProductVariantRow], product_id: int) -> list[ProductVariantRow]:
    return [variant for variant in variants if variant.product_id == product_id]


def _stock_in_stores(
    stores: Sequence[StoreRow], stock: Sequence[StockRow], near: Place | None
) -> tuple[StoreStockView, ...]:
    here = None if near is None else _locate(near, stores)
    quantities = quantities_per_store(stock)
    found = [
        StoreStockView(
            store_view(store),
            quantities.get(store.id, 0),
            None if here is None else distance_km(here, _point(store)),
        )
        for store in stores
    ]
    return tuple(sorted(found, key=lambda view: view.distance_km or 0.0))


def _locate(place: Place, stores: Sequence[StoreRow]) -> tuple[float, float] | None:
    return locate(place, extra_places={store.city: _point(store) for store in stores})


def _point(store: StoreRow) -> tuple[float, float]:
    return store.latitude, store.longitude
