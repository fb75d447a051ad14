"""From rows to views: the one place of the catalogue that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from balie.catalogue.hours import Period, SpecialDay, StoreCalendar
from balie.catalogue.kinds import DeliveryKind, StoreService
from balie.catalogue.models import (
    CategoryRow,
    ProductRow,
    ProductVariantRow,
    StockRow,
    StoreHoursRow,
    StoreRow,
    StoreSpecialHoursRow,
)
from balie.catalogue.search import SearchableProduct
from balie.catalogue.views import (
    OfferedVariant,
    Offering,
    ProductHit,
    ProductView,
    StockView,
    StoreStockView,
    StoreView,
    VariantStockView,
)
from balie.catalogue.words import in_language
from balie.kernel.money import Money


def searchable_product(product: ProductRow, category: CategoryRow) -> SearchableProduct:
    """What the product can be found by."""
    languages = category.names.keys() | category.search_words.keys()
    return SearchableProduct(
        sku=product.sku,
        brand=product.brand,
        names=product.names,
        category_words={
            language: [category.names.get(language, ""), *category.search_words.get(language, [])]
            for language in languages
        },
        descriptions=product.descriptions,
        category=product.category,
    )


def product_hit(
    product: ProductRow,
    category: CategoryRow,
    variants: Sequence[ProductVariantRow],
    *,
    language: str,
    score: float,
) -> ProductHit:
    """The product as one line of a list of finds."""
    return ProductHit(
        sku=product.sku,
        name=in_language(product.names, language),
        brand=product.brand,
        category_name=in_language(category.names, language),
        price_from=min(map(price_of, variants), default=Money(0)),
        score=score,
    )


def product_view(
    product: ProductRow, category: CategoryRow, variants: Sequence[ProductVariantRow], *, language: str
) -> ProductView:
    """The product with all that is told about it."""
    facts_language = next(
        (wanted for wanted in (language, "nl", "en", *product.facts) if wanted in product.facts), None
    )
    return ProductView(
        sku=product.sku,
        name=in_language(product.names, language),
        brand=product.brand,
        category=product.category,
        category_name=in_language(category.names, language),
        description=in_language(product.descriptions, language),
        facts=product.facts[facts_language] if facts_language else {},
        price_from=min(map(price_of, variants), default=Money(0)),
        price_to=max(map(price_of, variants), default=Money(0)),
        sizes=sizes_of(variants),
        colours=colours_of(variants, language),
        delivery_kind=DeliveryKind(product.delivery_kind),
    )


def variant_stock_views(
    variants: Sequence[ProductVariantRow], stock: Iterable[StockRow], language: str
) -> tuple[VariantStockView, ...]:
    """Each variant and what lies of it in the web warehouse."""
    online = {row.variant_id: row for row in stock if row.store_id is None}
    return tuple(_variant_stock_view(variant, online.get(variant.id), language) for variant in variants)


def offering(
    product: ProductRow, variants: Sequence[ProductVariantRow], stock: Sequence[StockRow]
) -> Offering:
    """The product in everything it comes in."""
    online = {row.variant_id: row.quantity for row in stock if row.store_id is None}
    return Offering(
        sku=product.sku,
        names=product.names,
        variants=tuple(
            OfferedVariant(
                sku=variant.sku,
                size=variant.size,
                colours=variant.colours,
                price=price_of(variant),
                online_quantity=online.get(variant.id, 0),
            )
            for variant in variants
        ),
    )


def stock_view(
    product: ProductRow,
    every: Sequence[ProductVariantRow],
    *,
    variants: tuple[VariantStockView, ...],
    stores: tuple[StoreStockView, ...],
    language: str,
) -> StockView:
    """The stock of those variants that were asked for, out of every one that is made."""
    online_quantity = sum(variant.online_quantity for variant in variants)
    expected = [variant.restocked_on for variant in variants if variant.restocked_on is not None]
    return StockView(
        sku=product.sku,
        name=in_language(product.names, language),
        variants=variants,
        sizes=sizes_of(every),
        colours=colours_of(every, language),
        online_quantity=online_quantity,
        restocked_on=None if online_quantity else min(expected, default=None),
        stores=stores,
    )


def store_view(store: StoreRow) -> StoreView:
    """The store with its address."""
    known = {service.value for service in StoreService}
    return StoreView(
        code=store.code,
        name=store.name,
        street=store.street,
        house_number=store.house_number,
        postcode=store.postcode,
        city=store.city,
        country=store.country,
        phone=store.phone,
        latitude=store.latitude,
        longitude=store.longitude,
        services=tuple(StoreService(service) for service in store.services if service in known),
        directions=store.directions,
    )


def store_calendar(
    store: StoreRow, hours: Iterable[StoreHoursRow], special_hours: Iterable[StoreSpecialHoursRow]
) -> StoreCalendar:
    """Everything that decides when the store is open."""
    week: dict[int, list[Period]] = {}
    for row in hours:
        week.setdefault(row.weekday, []).append(Period(row.opens_at, row.closes_at))
    special_days = {row.day: SpecialDay(_special_period(row), row.reasons) for row in special_hours}
    return StoreCalendar(week, special_days, store.country)


def price_of(variant: ProductVariantRow) -> Money:
    """What a variant costs."""
    return Money(variant.price_minor, variant.currency)


def sizes_of(variants: Sequence[ProductVariantRow]) -> tuple[str, ...]:
    """Every size once, in the order in which variants are shown."""
    return tuple(dict.fromkeys(variant.size for variant in variants if variant.size is not None))


def colours_of(variants: Sequence[ProductVariantRow], language: str) -> tuple[str, ...]:
    """Every colour once, in the order in which variants are shown."""
    return tuple(
        dict.fromkeys(in_language(variant.colours, language) for variant in variants if variant.colours)
    )


def quantities_per_store(stock: Iterable[StockRow]) -> Mapping[int, int]:
    """How many lie in each store, by store id; the web warehouse left out."""
    quantities: dict[int, int] = {}
    for row in stock:
        if row.store_id is not None:
            quantities[row.store_id] = quantities.get(row.store_id, 0) + row.quantity
    return quantities


def _special_period(row: StoreSpecialHoursRow) -> Period | None:
    if row.opens_at is None or row.closes_at is None:
        return None
    return Period(row.opens_at, row.closes_at)


def _variant_stock_view(
    variant: ProductVariantRow, online: StockRow | None, language: str
) -> VariantStockView:
    quantity = 0 if online is None else online.quantity
    return VariantStockView(
        sku=variant.sku,
        size=variant.size,
        colour=in_language(variant.colours, language) or None,
        price=price_of(variant),
        online_quantity=quantity,
        restocked_on=None if online is None or quantity else online.restocked_on,
    )
