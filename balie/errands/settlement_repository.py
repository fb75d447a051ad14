"""What is still to settle with a customer before their account can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from balie.orders.assemble import order_status
from balie.orders.models import OrderRow, RefundRow
from balie.orders.repository import OrderRepository
from balie.orders.status import OrderStatus
from balie.storage.unit_of_work import Session

ENDED = frozenset({OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is open between a customer and the shop.

    Attributes:
        open_orders: Numbers of orders that are neither delivered nor cancelled nor returned, newest first.
        owes_money: Whether a refund was approved and is not paid.
    """

    open_orders: Sequence[str]
    owes_money: bool

    @property
    def is_settled(self) -> bool:
        """Whether nothing is open."""
        return not self.open_orders and not self.owes_money


async def find_settlement(session: Session, customer_id: int) -> Settlement:
    """Look at all orders and refunds of a customer."""
    query = select(OrderRow).where(OrderRow.customer_id == customer_id)
    orders = (await session.scalars(query.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()))).all()
    records = await OrderRepository(session).load_records(orders)
    owed = (
        exists()
        .where(RefundRow.order_id == OrderRow.id, OrderRow.customer_id == customer_id)
        .where(
            RefundRow.approved_at.is_not(None), RefundRow.paid_at.is_(None), RefundRow.refused_at.is_(None)
        )
    )
    return Settlement(
        open_orders=[record.order.number for record in records if order_status(record) not in ENDED],
        owes_money=bool(await session.scalar(select(owed))),
    )
