"""What lies where: variants, their stock, wishes to hear of them, and pieces put aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Select, and_, delete, func, select, update

from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow, StoreRow
from balie.customers.models import CustomerRow
from balie.errands.collecting_rules import collection_number
from balie.errands.models import CollectionRow, StockAlertRow
from balie.errands.things import Thing
from balie.storage.unit_of_work import Session


@dataclass(frozen=True, slots=True)
class Variant:
    """One size and colour of a product."""

    row: ProductVariantRow
    product: ProductRow

    @property
    def thing(self) -> Thing:
        """How it is named."""
        return Thing(names=self.product.names, size=self.row.size, colours=self.row.colours)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish whose variant is back, with who wants to hear of it."""

    alert: StockAlertRow
    variant: Variant
    customer: CustomerRow


class ShelfRepository:
    """Finds and locks, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_variant(self, sku: str) -> Variant | None:
        """The variant of this number while it is sold, or None."""
        query = (
            select(ProductVariantRow, ProductRow)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .where(ProductVariantRow.sku == sku, ProductRow.active)
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Variant(found[0], found[1])

    async def find_stock(
        self, variant_id: int, store_id: int | None, *, lock: bool = False
    ) -> StockRow | None:
        """The stock of a variant in a store, or in the web warehouse (None); None where none is kept.

        Args:
            variant_id: Of what.
            store_id: Where.
            lock: Whether it stays as it is until the transaction ends.
        """
        query = select(StockRow).where(StockRow.variant_id == variant_id, StockRow.store_id == store_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(query)).one_or_none()

    async def list_stores_with(self, variant_id: int) -> Sequence[StoreRow]:
        """Every store that has a piece of a variant."""
        query = (
            select(StoreRow)
            .join(StockRow, StockRow.store_id == StoreRow.id)
            .where(StockRow.variant_id == variant_id, StockRow.quantity > 0)
            .order_by(StoreRow.code)
        )
        return (await self._session.scalars(query)).all()

    async def find_alert(self, variant_id: int, customer_id: int) -> StockAlertRow | None:
        """The customer's wish to hear of a variant, told or not, or None."""
        query = select(StockAlertRow).where(
            StockAlertRow.variant_id == variant_id, StockAlertRow.customer_id == customer_id
        )
        return (await self._session.scalars(query)).one_or_none()

    async def claim_waiting(self, today: date, *, limit: int) -> list[Waiting]:
        """Wishes whose variant can be bought again, oldest first, kept from everybody else."""
        online = and_(StockRow.variant_id == StockAlertRow.variant_id, StockRow.store_id.is_(None))
        query = (
            select(StockAlertRow, ProductVariantRow, ProductRow, CustomerRow)
            .join(StockRow, online)
            .join(ProductVariantRow, ProductVariantRow.id == StockAlertRow.variant_id)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .join(CustomerRow, CustomerRow.id == StockAlertRow.customer_id)
            .where(
                StockAlertRow.told_at.is_(None),
                StockAlertRow.kept_until >= today,
                StockRow.quantity > 0,
                ProductRow.active,
            )
            .order_by(StockAlertRow.asked_at, StockAlertRow.id)
            .limit(limit)
            .with_for_update(of=StockAlertRow, skip_locked=True)
        )
        rows = await self._session.execute(query)
        return [Waiting(alert, Variant(row, product), customer) for alert, row, product, customer in rows]

    async def drop_lapsed_alerts(self, today: date) -> int:
        """Forget wishes that were kept long enough, told or not; answers how many."""
        query = delete(StockAlertRow).where(StockAlertRow.kept_until < today)
        return len((await self._session.scalars(query.returning(StockAlertRow.id))).all())

    async def count_open_collections(self, customer_id: int) -> int:
        """How many pieces are put aside for a customer now."""
        query = (
            select(func.count())
            .select_from(CollectionRow)
            .where(CollectionRow.customer_id == customer_id, *_IS_OPEN)
        )
        return await self._session.scalar(query) or 0

    async def put_aside(
        self, stock: StockRow, customer_id: int, *, at: datetime, kept_until: date
    ) -> CollectionRow:
        """Take one piece off a store's locked stock and keep it for a customer."""
        assert stock.store_id is not None, "the web warehouse is no place to collect from"
        stock.quantity -= 1
        row = CollectionRow(
            # Until the database has numbered it; nobody else sees it before the transaction ends.
            number=uuid4().hex[:20],
            variant_id=stock.variant_id,
            store_id=stock.store_id,
            customer_id=customer_id,
            quantity=1,
            asked_at=at,
            kept_until=kept_until,
            collected_at=None,
            released_at=None,
        )
        self._session.add(row)
        await self._session.flush()
        row.number = collection_number(row.id)
        await self._session.flush()
        return row

    async def list_lapsed_collections(self, today: date) -> Sequence[CollectionRow]:
        """Those that nobody fetched in time, locked."""
        return await self._locked(select(CollectionRow).where(CollectionRow.kept_until < today, *_IS_OPEN))

    async def list_open_collections(self, customer_id: int) -> Sequence[CollectionRow]:
        """Those that are kept aside for a customer, locked."""
        return await self._locked(
            select(CollectionRow).where(CollectionRow.customer_id == customer_id, *_IS_OPEN)
        )

    async def put_back(self, collections: Sequence[CollectionRow], *, at: datetime) -> None:
        """Put pieces back on their shelf; nothing is counted where the store keeps no stock of them."""
        for collection in collections:
            await self._session.execute(
                update(StockRow)
                .where(StockRow.variant_id == collection.variant_id, StockRow.store_id == collection.store_id)
                .values(quantity=StockRow.quantity + collection.quantity)
            )
            collection.released_at = at

    async def _locked(self, query: Select[CollectionRow]) -> Sequence[CollectionRow]:
        # Everybody takes locks in the same order, so that nobody waits for somebody who waits for them.
        ordered = query.order_by(CollectionRow.variant_id, CollectionRow.store_id, CollectionRow.id)
        fresh = ordered.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(fresh)).all()


_IS_OPEN = (CollectionRow.collected_at.is_(None), CollectionRow.released_at.is_(None))
