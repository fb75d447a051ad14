"""Reads what a change looks at, under locks where it is going to be written, and writes what was planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select, update

from balie.cases.repository import CaseRepository
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.customers.repository import CustomerRepository
from balie.orders.models import (
    OrderRow,
    PaymentRow,
    RefundRow,
    ReservationRow,
    ReturnLineRow,
    ReturnRow,
)
from balie.orders.repository import OrderRepository, RowType
from balie.orders.scene import Scene, VariantRecord
from balie.storage.unit_of_work import Session


class ChangeRepository:
    """Finds and locks, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def lock_order(self, order: OrderRow) -> None:
        """Keep the order and its payments as they are now until this transaction ends.

        What belongs to an order refers to it, so PostgreSQL lets nobody add a parcel or a return meanwhile.
        SQLite has let in no other writer since the transaction began.
        """
        await self._locked(select(OrderRow).where(OrderRow.id == order.id))
        await self._locked(select(PaymentRow).where(PaymentRow.order_id == order.id).order_by(PaymentRow.id))

    async def load_scene(
        self, order: OrderRow, variant_skus: Collection[str], *, now: datetime, timezone: ZoneInfo, lock: bool
    ) -> Scene:
        """Everything a change of this order looks at.

        Args:
            order: Locked, when ``lock``.
            variant_skus: Variants that are wanted, besides those of the lines.
            now: The present moment.
            timezone: Where the shop's days begin and end.
            lock: Whether the stock stays as it is until the transaction ends.
        """
        [record] = await OrderRepository(self._session).load_records([order])
        returns = await self._all(
            select(ReturnRow).where(ReturnRow.order_id == order.id).order_by(ReturnRow.id)
        )
        return_lines = await self._return_lines([one.id for one in returns])
        line_variants = [line.variant_id for line in record.lines if line.variant_id is not None]
        return Scene(
            record=record,
            returns=returns,
            return_lines=return_lines,
            reservations=await self._reservations([one.id for one in return_lines]),
            refunds=await self._all(
                select(RefundRow).where(RefundRow.order_id == order.id).order_by(RefundRow.id)
            ),
            cases=await CaseRepository(self._session).list_open_of_order(order.id),
            variants=await self._variants(line_variants, variant_skus, lock=lock),
            member=await self._is_member(order.customer_id),
            now=now,
            timezone=timezone,
        )

    async def list_siblings(self, variants: Sequence[VariantRecord]) -> list[VariantRecord]:
        """Every variant of the products of these, with its stock in the web warehouse."""
        products = {one.product.id for one in variants}
        if not products:
            return []
        query = (
            select(ProductVariantRow, ProductRow, StockRow)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .outerjoin(
                StockRow, and_(StockRow.variant_id == ProductVariantRow.id, StockRow.store_id.is_(None))
            )
            .where(ProductVariantRow.product_id.in_(products))
            .order_by(ProductVariantRow.position, ProductVariantRow.id)
        )
        rows = await self._session.execute(query)
        return [VariantRecord(variant, product, stock) for variant, product, stock in rows]

    async def list_lapsed_reservations(self, now: datetime, timezone: ZoneInfo) -> Sequence[ReservationRow]:
        """Those whose days have passed and whose item has not come, locked."""
        today = now.astimezone(timezone).date()
        query = (
            select(ReservationRow)
            .join(ReturnLineRow, ReturnLineRow.id == ReservationRow.return_line_id)
            .join(ReturnRow, ReturnRow.id == ReturnLineRow.return_id)
            .where(
                ReservationRow.kept_until < today,
                ReservationRow.released_at.is_(None),
                ReturnRow.received_at.is_(None),
            )
            .order_by(ReservationRow.variant_id, ReservationRow.id)
        )
        return await self._all(query.with_for_update(of=ReservationRow))

    async def put_back(self, variant_id: int, pieces: int) -> None:
        """Put pieces into the web warehouse; nothing is counted where it keeps no stock of them."""
        await self._session.execute(
            update(StockRow)
            .where(StockRow.variant_id == variant_id, StockRow.store_id.is_(None))
            .values(quantity=StockRow.quantity + pieces)
        )

    async def _variants(
        self, ids: Collection[int], skus: Collection[str], *, lock: bool
    ) -> dict[str, VariantRecord]:
        query = (
            select(ProductVariantRow, ProductRow)
            .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
            .where(or_(ProductVariantRow.id.in_(ids), ProductVariantRow.sku.in_(skus)))
        )
        found = [(variant, product) for variant, product in await self._session.execute(query)]
        stock_query = (
            select(StockRow)
            .where(StockRow.variant_id.in_([variant.id for variant, _ in found]), StockRow.store_id.is_(None))
            # Everybody takes locks in the same order, so that nobody waits for somebody who waits for them.
            .order_by(StockRow.variant_id)
        )
        stock = await (self._locked(stock_query) if lock else self._all(stock_query))
        by_variant = {row.variant_id: row for row in stock}
        return {
            variant.sku: VariantRecord(variant, product, by_variant.get(variant.id))
            for variant, product in found
        }

    async def _return_lines(self, return_ids: Collection[int]) -> Sequence[ReturnLineRow]:
        query = select(ReturnLineRow).where(ReturnLineRow.return_id.in_(return_ids))
        return await self._all(query.order_by(ReturnLineRow.id)) if return_ids else []

    async def _reservations(self, return_line_ids: Collection[int]) -> Sequence[ReservationRow]:
        query = select(ReservationRow).where(ReservationRow.return_line_id.in_(return_line_ids))
        return await self._all(query.order_by(ReservationRow.id)) if return_line_ids else []

    async def _is_member(self, customer_id: int) -> bool:
        return await CustomerRepository(self._session).find_loyalty_account(customer_id) is not None

    async def _locked(self, query: Select[RowType]) -> Sequence[RowType]:
        fresh = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(fresh)).all()

    async def _all(self, query: Select[RowType]) -> Sequence[RowType]:
        return (await self._session.scalars(query)).all()
