"""Stores what was done on the pages of the shop. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.recommendations.asked import Who
from balie.recommendations.models import ShopEventRow
from balie.storage.unit_of_work import StoreConnection

_events: Final = cast("Table", ShopEventRow.__table__)


class EventRepository:
    """Works within the caller's transaction."""

    def __init__(self, connection: StoreConnection) -> None:
        self._connection = connection

    def find_products(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """The product that each number stands for, its own or a variant's; unknown ones are left out."""
        own = select(ProductRow.sku, ProductRow.sku).where(ProductRow.sku.in_(numbers))
        of_variants = (
            select(ProductVariantRow.sku, ProductRow.sku)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .where(ProductVariantRow.sku.in_(numbers))
        )
        found = [*self._connection.execute(of_variants), *self._connection.execute(own)]
        return {row[0]: row[1] for row in found}

    def find_keys(self, keys: Sequence[str]) -> frozenset[str]:
        """Those of the keys that are stored already."""
        return frozenset(self._connection.scalars(select(_events.c.key).where(_events.c.key.in_(keys))))

    def count_received(self, who: Who, since: datetime) -> int:
        """How many events came from somebody since then."""
        query = select(func.count()).select_from(_events).where(_is_of(who), _events.c.received_at >= since)
        return self._connection.scalars(query).one()

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store events; those that are stored already stay."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        if rows:
            self._connection.execute(dialect.insert(_events).values(list(rows)).on_conflict_do_nothing())

    def forget_received(self, who: Who, since: datetime) -> int:
        """Take away what came from somebody since then; answers how many."""
        query = delete(_events).where(_is_of(who), _events.c.received_at >= since)
        return len(self._connection.execute(query.returning(_events.c.id)).all())

    def forget_before(self, moment: datetime, limit: int) -> int:
        """Take away the oldest events from before then, at most so many; answers how many."""
        old = select(_events.c.id).where(_events.c.at < moment).order_by(_events.c.at).limit(limit)
        query = delete(_events).where(_events.c.id.in_(old.scalar_subquery()))
        return len(self._connection.execute(query.returning(_events.c.id)).all())


def _is_of(who: Who) -> ColumnElement[bool]:
    if who.conversation_id is not None:
        return _events.c.visitor == who.conversation_id
    return _events.c.customer_id == who.customer_id
