"""Reads what a training learns from: orders, what came back, what was looked at, and the products.

A stream of plain rows, so that millions of lines need no memory here. Customers who were erased are not in
it: their influence goes with the next training.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, cast, exists, extract, func, literal, select
from sqlalchemy.orm import aliased

from balie.baskets.models import BasketLineRow, BasketRow
from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.customers.kinds import ConsentPurpose
from balie.customers.models import ConsentRow, CustomerRow
from balie.errands.models import StockAlertRow
from balie.orders.models import OrderLineRow, OrderRow, ReturnLineRow, ReturnRow
from balie.recommendations.kinds import EventKind, OutcomeKind
from balie.recommendations.models import DismissalRow, ExposureRow, OutcomeRow, ShopEventRow
from balie.storage.unit_of_work import BulkConnection

_ROWS_AT_ONCE: Final = 20_000
_ERASED: Final = "erased-%"
_WHOLE: Final = 1.0
_yes: Final = aliased(ConsentRow)


class SoldProduct(NamedTuple):
    """A product that is sold.

    Attributes:
        names: Per language; ``facts`` likewise, each a name with what it says.
        price_minor: Of its cheapest variant in the shop's currency; None when it has none in it.
    """

    sku: str
    category: str
    brand: str
    names: dict[str, str]
    facts: dict[str, dict[str, str]]
    price_minor: int | None


class SignalRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: BulkConnection) -> None:
        self._connection = connection

    def list_products(self, currency: str) -> list[SoldProduct]:
        """Every product that is sold, by sku.

        Args:
            currency: Prices in another one are not compared with it.
        """
        price = (
            select(func.min(ProductVariantRow.price_minor))
            .where(ProductVariantRow.product_id == ProductRow.id, ProductVariantRow.currency == currency)
            .scalar_subquery()
        )
        query = (
            select(
                ProductRow.sku,
                ProductRow.category,
                ProductRow.brand,
                ProductRow.names,
                ProductRow.facts,
                price,
            )
            .where(ProductRow.active)
            .order_by(ProductRow.sku)
        )
        # Databases sort letters each in their own way; numbers of products follow from the order.
        return sorted(SoldProduct(*row) for row in self._connection.execute(query))

    def stream_lines(self) -> Iterator[list[tuple[Any, ...]]]:
        """Lines of orders, in parts: order, position, customer, sku, moment, cancelled."""
        query = (
            select(
                OrderRow.id,
                OrderLineRow.position,
                OrderRow.customer_id,
                ProductRow.sku,
                _seconds(OrderRow.placed_at),
                OrderRow.cancelled_at.is_not(None),
            )
            .join(OrderLineRow, OrderLineRow.order_id == OrderRow.id)
            .join(ProductVariantRow, ProductVariantRow.id == OrderLineRow.variant_id)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .join(CustomerRow, CustomerRow.id == OrderRow.customer_id)
            .where(CustomerRow.external_id.not_like(_ERASED))
        )
        yield from self._stream(query)

    def stream_signals(self) -> Iterator[list[tuple[Any, ...]]]:
        """What customers did besides buying, in parts: customer, sku, kind, moment, share.

        The kinds are those of the training (``balie.jobs.recommending.frames``); ``share`` is the part of the
        pieces that it is about, 1 for all.
        """
        for query in (_RETURNED, _IN_BASKETS, _ASKED, _SEEN, _CAME_OF_IT, _DISMISSED):
            yield from self._stream(query)

    def list_agreed(self) -> set[int]:
        """The customers who want advice that is made of what we know of them."""
        query = (
            select(ConsentRow.customer_id, ConsentRow.granted)
            .where(ConsentRow.purpose == ConsentPurpose.PERSONAL_ADVICE.value)
            .order_by(ConsentRow.recorded_at, ConsentRow.id)
        )
        agreed: set[int] = set()
        for customer, granted in self._connection.execute(query):
            (agreed.add if granted else agreed.discard)(customer)
        return agreed

    def find_newest_order(self, until: datetime | None = None) -> datetime | None:
        """When the newest order was placed; None before there is one.

        Args:
            until: Orders that claim to be later than this do not count; None counts all.
        """
        query = select(func.max(OrderRow.placed_at))
        if until is not None:
            query = query.where(OrderRow.placed_at <= until)
        newest: datetime | None = self._connection.scalar(query)
        return newest

    def find_mark_of_erased(self) -> int:
        """A number that becomes another one when customers are erased; 0 before the first is."""
        query = select(func.sum(CustomerRow.id)).where(CustomerRow.external_id.like(_ERASED))
        return int(self._connection.scalar(query) or 0)

    def has_withdrawn(self, since: datetime, until: datetime) -> bool:
        """Whether somebody took a yes to personal advice back, later than one moment and up to another."""
        said_no = (
            ConsentRow.purpose == ConsentPurpose.PERSONAL_ADVICE.value,
            ~ConsentRow.granted,
            ConsentRow.recorded_at > since,
            ConsentRow.recorded_at <= until,
        )
        said_yes = exists().where(
            _yes.customer_id == ConsentRow.customer_id,
            _yes.purpose == ConsentRow.purpose,
            _yes.granted,
            _yes.recorded_at <= ConsentRow.recorded_at,
        )
        return self._connection.scalar(select(ConsentRow.id).where(*said_no, said_yes).limit(1)) is not None

    def _stream(self, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
        options = {"yield_per": _ROWS_AT_ONCE}
        for rows in self._connection.execute(query, execution_options=options).partitions():
            yield [tuple(row) for row in rows]


def _seconds(moment: Any) -> Any:
    """Whole seconds since 1970."""
    return cast(extract("epoch", moment), Integer)


_RETURNED: Final = (
    select(
        OrderRow.customer_id,
        ProductRow.sku,
        literal("returned"),
        _seconds(ReturnRow.announced_at),
        ReturnLineRow.quantity * _WHOLE / OrderLineRow.quantity,
    )
    .join(ReturnLineRow, ReturnLineRow.return_id == ReturnRow.id)
    .join(OrderLineRow, OrderLineRow.id == ReturnLineRow.order_line_id)
    .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
    .join(ProductVariantRow, ProductVariantRow.id == OrderLineRow.variant_id)
    .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
    .join(CustomerRow, CustomerRow.id == OrderRow.customer_id)
    .where(CustomerRow.external_id.not_like(_ERASED))
)
_IN_BASKETS: Final = (
    select(
        BasketRow.customer_id,
        ProductRow.sku,
        literal("basket"),
        _seconds(BasketLineRow.added_at),
        literal(_WHOLE),
    )
    .join(BasketLineRow, BasketLineRow.basket_id == BasketRow.id)
    .join(ProductVariantRow, ProductVariantRow.id == BasketLineRow.variant_id)
    .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
    .where(BasketRow.customer_id.is_not(None))
)
_ASKED: Final = (
    select(
        StockAlertRow.customer_id,
        ProductRow.sku,
        literal("asked"),
        _seconds(StockAlertRow.asked_at),
        literal(_WHOLE),
    )
    .join(ProductVariantRow, ProductVariantRow.id == StockAlertRow.variant_id)
    .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
)
_SEEN: Final = select(
    ShopEventRow.customer_id,
    ShopEventRow.sku,
    func.replace(ShopEventRow.kind, EventKind.VIEW.value, "viewed"),
    _seconds(ShopEventRow.at),
    literal(_WHOLE),
).where(ShopEventRow.customer_id.is_not(None), ShopEventRow.sku.is_not(None))
_CAME_OF_IT: Final = (
    select(
        ExposureRow.customer_id,
        ExposureRow.sku,
        func.replace(OutcomeRow.kind, OutcomeKind.CLICK.value, "asked"),
        _seconds(OutcomeRow.at),
        literal(_WHOLE),
    )
    .join(OutcomeRow, OutcomeRow.exposure_id == ExposureRow.id)
    .where(
        ExposureRow.customer_id.is_not(None),
        OutcomeRow.kind.in_([OutcomeKind.CLICK.value, OutcomeKind.BASKET.value]),
    )
)
_DISMISSED: Final = select(
    DismissalRow.customer_id,
    DismissalRow.sku,
    literal("dismissed"),
    _seconds(DismissalRow.at),
    literal(_WHOLE),
).where(DismissalRow.customer_id.is_not(None))
