"""Reads and writes what was shown and what came of it. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import Executable, Table, and_, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.baskets.models import BasketLineRow, BasketRow
from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.conversations.models import ConversationRow
from balie.kernel.ids import ConversationId
from balie.orders.models import OrderLineRow, OrderRow, ReturnLineRow, ReturnRow
from balie.recommendations.attributing import BoughtLine, Happening
from balie.recommendations.kinds import EventKind, OutcomeKind
from balie.recommendations.models import DismissalRow, ExposureRow, OutcomeRow, ShopEventRow
from balie.storage.base import Base
from balie.storage.unit_of_work import StoreConnection

_ROWS_AT_ONCE: Final = 500

_shown = cast("Table", ExposureRow.__table__)
_came = cast("Table", OutcomeRow.__table__)

_WHOSE: Final = func.coalesce(ExposureRow.customer_id, ConversationRow.customer_id)
"""The customer it was shown to, also when they were only known later in the conversation."""


class FoundExposure(NamedTuple):
    """An exposure, as far as an outcome needs it."""

    id: int
    sku: str
    was_withheld: bool
    conversation_id: ConversationId | None


class Purchase(NamedTuple):
    """A purchase that was attributed; ``ref`` is ``<order>:<position>``."""

    id: int
    ref: str
    revenue_minor: int
    returned_minor: int


class OutcomeRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: StoreConnection) -> None:
        self._connection = connection

    def add_exposures(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Write down what was shown; what stands there already stays. Answers how many were added."""
        return self._add(ExposureRow, rows)

    def has_unasked(self, conversation_id: ConversationId) -> bool:
        """Whether something was shown unasked, or withheld, in a conversation."""
        query = exists().where(ExposureRow.conversation_id == conversation_id, ExposureRow.is_unasked)
        return bool(self._connection.scalar(select(query)))

    def find_exposure(self, key: str) -> FoundExposure | None:
        """The exposure with this key, or None."""
        columns = (_shown.c.id, _shown.c.sku, _shown.c.withheld, _shown.c.conversation_id)
        query = select(*columns).where(_shown.c.key == key)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else FoundExposure(*row)

    def add_outcomes(self, happenings: Iterable[Happening]) -> int:
        """Write down what came of exposures; what stands there already stays. Answers how many were added."""
        rows = [
            {
                "exposure_id": each.exposure_id,
                "kind": each.kind.value,
                "ref": each.ref,
                "revenue_minor": each.revenue_minor,
                "returned_minor": 0,
                "currency": each.currency,
                "at": each.at,
            }
            for each in happenings
        ]
        return self._add(OutcomeRow, rows)

    def add_dismissal(self, row: Mapping[str, Any]) -> int:
        """Remember that somebody does not want to see a product; saying it again changes nothing."""
        return self._add(DismissalRow, [row])

    def list_purchases(self, since: datetime, shown_since: datetime) -> Iterator[Happening]:
        """Lines of orders placed since then, once for each exposure of the product to its customer."""
        query = (
            select(
                ExposureRow.id,
                ExposureRow.at,
                OrderRow.number,
                OrderLineRow.position,
                OrderRow.placed_at,
                OrderLineRow.quantity * OrderLineRow.unit_price_minor,
                OrderRow.currency,
            )
            .select_from(ExposureRow)
            .outerjoin(ConversationRow, ConversationRow.id == ExposureRow.conversation_id)
            .join(OrderRow, and_(OrderRow.customer_id == _WHOSE, OrderRow.placed_at >= ExposureRow.at))
            .join(OrderLineRow, OrderLineRow.order_id == OrderRow.id)
            .join(ProductVariantRow, ProductVariantRow.id == OrderLineRow.variant_id)
            .join(
                ProductRow,
                and_(ProductRow.id == ProductVariantRow.product_id, ProductRow.sku == ExposureRow.sku),
            )
            .where(ExposureRow.at >= shown_since, OrderRow.placed_at >= since)
        )
        for exposure_id, shown_at, number, position, at, revenue, currency in self._connection.execute(query):
            ref = f"{number}:{position}"
            yield Happening(exposure_id, shown_at, OutcomeKind.PURCHASE, ref, at, revenue, currency)

    def list_put_in_baskets(self, since: datetime, shown_since: datetime) -> Iterator[Happening]:
        """What was put into a basket since then, ours or the shop's own, once for each exposure of it."""
        for query in (_ours(since, shown_since), _elsewhere(since, shown_since)):
            for exposure_id, shown_at, at, *named in self._connection.execute(query):
                ref = ":".join(map(str, named))
                yield Happening(exposure_id, shown_at, OutcomeKind.BASKET, ref, at)

    def list_attributed(self, since: datetime) -> list[Purchase]:
        """Purchases since then that are the outcome of an exposure."""
        query = select(_came.c.id, _came.c.ref, _came.c.revenue_minor, _came.c.returned_minor).where(
            _came.c.kind == OutcomeKind.PURCHASE.value, _came.c.at >= since
        )
        return [Purchase(*row) for row in self._connection.execute(query)]

    def find_lines(self, numbers: Sequence[str]) -> dict[str, BoughtLine]:
        """How the lines of orders stand, by ``<order>:<position>``."""
        came_back = (
            select(ReturnLineRow.order_line_id, func.sum(ReturnLineRow.quantity).label("pieces"))
            .join(ReturnRow, ReturnRow.id == ReturnLineRow.return_id)
            .where(ReturnRow.received_at.is_not(None))
            .group_by(ReturnLineRow.order_line_id)
            .subquery()
        )
        query = (
            select(
                OrderRow.number,
                OrderLineRow.position,
                OrderLineRow.unit_price_minor,
                OrderLineRow.quantity,
                func.coalesce(came_back.c.pieces, 0),
                OrderRow.cancelled_at.is_not(None),
            )
            .join(OrderLineRow, OrderLineRow.order_id == OrderRow.id)
            .outerjoin(came_back, came_back.c.order_line_id == OrderLineRow.id)
        )
        found: dict[str, BoughtLine] = {}
        for some in _portions(numbers):
            for number, position, *line in self._connection.execute(query.where(OrderRow.number.in_(some))):
                price, quantity, returned, is_cancelled = line
                found[f"{number}:{position}"] = BoughtLine(price, quantity, int(returned), bool(is_cancelled))
        return found

    def put_returned(self, outcome_id: int, returned_minor: int) -> None:
        """Write down how much of a purchase came back."""
        changed = update(_came).where(_came.c.id == outcome_id).values(returned_minor=returned_minor)
        self._connection.execute(changed)

    def _add(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        added = 0
        for some in _portions(rows):
            statement = dialect.insert(cast("Table", model.__table__)).values(list(some))
            done = statement.on_conflict_do_nothing().returning(cast("Table", model.__table__).c.id)
            added += len(self._connection.execute(done).all())
        return added


def _ours(since: datetime, shown_since: datetime) -> Executable:
    """Lines of the baskets that we keep."""
    is_theirs = or_(
        BasketRow.customer_id == ExposureRow.customer_id,
        BasketRow.customer_id == ConversationRow.customer_id,
        BasketRow.conversation_id == ExposureRow.conversation_id,
    )
    return (
        select(ExposureRow.id, ExposureRow.at, BasketLineRow.added_at, BasketRow.id, BasketLineRow.variant_id)
        .select_from(BasketLineRow)
        .join(BasketRow, BasketRow.id == BasketLineRow.basket_id)
        .join(ProductVariantRow, ProductVariantRow.id == BasketLineRow.variant_id)
        .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
        .join(
            ExposureRow,
            and_(
                ExposureRow.sku == ProductRow.sku,
                ExposureRow.at >= shown_since,
                ExposureRow.at <= BasketLineRow.added_at,
            ),
        )
        .outerjoin(ConversationRow, ConversationRow.id == ExposureRow.conversation_id)
        .where(BasketRow.changed_at >= since, BasketLineRow.added_at >= since, is_theirs)
    )


def _elsewhere(since: datetime, shown_since: datetime) -> Executable:
    """What the pages of the shop tell of its own baskets."""
    is_theirs = or_(
        ShopEventRow.customer_id == ExposureRow.customer_id,
        ShopEventRow.visitor == ExposureRow.conversation_id,
    )
    return (
        select(ExposureRow.id, ExposureRow.at, ShopEventRow.at, ShopEventRow.key)
        .select_from(ShopEventRow)
        .join(
            ExposureRow,
            and_(
                ExposureRow.sku == ShopEventRow.sku,
                ExposureRow.at >= shown_since,
                ExposureRow.at <= ShopEventRow.at,
            ),
        )
        .where(
            ShopEventRow.at >= since,
            ShopEventRow.kind == EventKind.BASKET.value,
            ShopEventRow.quantity > 0,
            is_theirs,
        )
    )


Item = TypeVar("Item")


def _portions(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _ROWS_AT_ONCE):
        yield items[start : start + _ROWS_AT_ONCE]
