"""Queries on orders. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.orders.models import (
    InvoiceRow,
    OrderLineRow,
    OrderRow,
    PaymentRow,
    RefundRow,
    ReturnLineRow,
    ReturnRow,
    ShipmentEventRow,
    ShipmentRow,
)

RowType = TypeVar("RowType")


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order with all that its status follows from.

    Attributes:
        lines: By position.
        payments: Oldest first.
        events: Of all shipments, newest first.
        returned: Pieces that came back to us, per line id.
    """

    order: OrderRow
    lines: Sequence[OrderLineRow]
    payments: Sequence[PaymentRow]
    shipments: Sequence[ShipmentRow]
    events: Sequence[ShipmentEventRow]
    returned: dict[int, int]


class OrderRepository:
    """Finds orders and what belongs to them, within one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_number(self, candidates: Sequence[str]) -> OrderRow | None:
        """The order with the first of these numbers that exists, whoever placed it, or None."""
        found = await self._all(select(OrderRow).where(OrderRow.number.in_(candidates)))
        return min(found, key=lambda order: candidates.index(order.number), default=None)

    async def list_newest(self, customer_id: int, limit: int) -> Sequence[OrderRow]:
        """The customer's orders, newest first."""
        query = (
            select(OrderRow)
            .where(OrderRow.customer_id == customer_id)
            .order_by(OrderRow.placed_at.desc(), OrderRow.id.desc())
            .limit(limit)
        )
        return await self._all(query)

    async def load_records(self, orders: Sequence[OrderRow]) -> list[OrderRecord]:
        """Everything that belongs to these orders, in their order; a fixed number of queries."""
        ids = [order.id for order in orders]
        if not ids:
            return []
        lines = await self._all(
            select(OrderLineRow).where(OrderLineRow.order_id.in_(ids)).order_by(OrderLineRow.position)
        )
        payments = await self._all(
            select(PaymentRow)
            .where(PaymentRow.order_id.in_(ids))
            .order_by(PaymentRow.started_at, PaymentRow.id)
        )
        shipments = await self._all(
            select(ShipmentRow).where(ShipmentRow.order_id.in_(ids)).order_by(ShipmentRow.id)
        )
        events = await self._events([shipment.id for shipment in shipments])
        returned = await self._returned_per_line(ids)
        return [
            OrderRecord(
                order=order,
                lines=[line for line in lines if line.order_id == order.id],
                payments=[payment for payment in payments if payment.order_id == order.id],
                shipments=(own := [shipment for shipment in shipments if shipment.order_id == order.id]),
                events=[event for event in events if event.shipment_id in {parcel.id for parcel in own}],
                returned=returned,
            )
            for order in orders
        ]

    async def find_invoice(
        self, customer_id: int, order_id: int | None
    ) -> tuple[InvoiceRow, OrderRow] | None:
        """The newest invoice of an order, or of the customer when no order is given; None without any."""
        query = (
            select(InvoiceRow, OrderRow)
            .join(OrderRow, OrderRow.id == InvoiceRow.order_id)
            .where(OrderRow.customer_id == customer_id, InvoiceRow.kind == "invoice")
            .order_by(InvoiceRow.issued_on.desc(), InvoiceRow.id.desc())
            .limit(1)
        )
        if order_id is not None:
            query = query.where(OrderRow.id == order_id)
        found = (await self._session.execute(query)).first()
        return None if found is None else (found[0], found[1])

    async def list_refunds(
        self, customer_id: int, order_id: int | None
    ) -> list[tuple[RefundRow, OrderRow, ReturnRow | None]]:
        """Refunds with their order and (where there is one) return, newest first."""
        query = (
            select(RefundRow, OrderRow, ReturnRow)
            .join(OrderRow, OrderRow.id == RefundRow.order_id)
            .outerjoin(ReturnRow, ReturnRow.id == RefundRow.return_id)
            .where(OrderRow.customer_id == customer_id)
            .order_by(RefundRow.asked_at.desc(), RefundRow.id.desc())
        )
        if order_id is not None:
            query = query.where(OrderRow.id == order_id)
        return [(refund, order, back) for refund, order, back in await self._session.execute(query)]

    async def _events(self, shipment_ids: Sequence[int]) -> Sequence[ShipmentEventRow]:
        return await self._all(
            select(ShipmentEventRow)
            .where(ShipmentEventRow.shipment_id.in_(shipment_ids))
            .order_by(ShipmentEventRow.happened_at.desc(), ShipmentEventRow.id.desc())
        )

    async def _returned_per_line(self, order_ids: Sequence[int]) -> dict[int, int]:
        query = (
            select(ReturnLineRow.order_line_id, ReturnLineRow.quantity)
            .join(ReturnRow, ReturnRow.id == ReturnLineRow.return_id)
            .where(ReturnRow.order_id.in_(order_ids), ReturnRow.received_at.is_not(None))
        )
        returned: dict[int, int] = {}
        for line_id, quantity in await self._session.execute(query):
            returned[line_id] = returned.get(line_id, 0) + quantity
        return returned

    async def _all(self, query: Select[RowType]) -> Sequence[RowType]:
        return (await self._session.scalars(query)).all()
