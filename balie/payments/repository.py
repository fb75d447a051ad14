"""Queries on links to pay, and on the orders they belong to. Decides nothing."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from balie.orders.change_repository import ChangeRepository
from balie.orders.identification import order_number_candidates
from balie.orders.models import OrderRow, PaymentRow
from balie.orders.repository import OrderRepository
from balie.orders.scene import Scene
from balie.payments.kinds import LinkState
from balie.payments.models import PaymentLinkRow
from balie.storage.unit_of_work import Session


class PaymentRepository:
    """Finds, locks and claims, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_order(self, order_number: str) -> OrderRow | None:
        """The order with a number as customers write it, whoever placed it, or None."""
        return await OrderRepository(self._session).find_by_number(order_number_candidates(order_number))

    async def lock_order(self, order_id: int) -> OrderRow | None:
        """The order, which stays as it is until this transaction ends, and so do its payments."""
        order = await self._session.get(OrderRow, order_id)
        if order is not None:
            await ChangeRepository(self._session).lock_order(order)
        return order

    async def load_scene(self, order: OrderRow, *, now: datetime, timezone: ZoneInfo) -> Scene:
        """The order with its payments and refunds."""
        return await ChangeRepository(self._session).load_scene(
            order, (), now=now, timezone=timezone, lock=False
        )

    async def find_payment(self, payment_id: int | None) -> PaymentRow | None:
        """A payment, or None."""
        return None if payment_id is None else await self._session.get(PaymentRow, payment_id)

    async def find_link(self, link_id: int) -> PaymentLinkRow | None:
        """A link as it is now, or None."""
        return await self._session.get(PaymentLinkRow, link_id, populate_existing=True)

    async def find_live_link(self, order_id: int) -> PaymentLinkRow | None:
        """The link of an order that has not ended, or None."""
        query = select(PaymentLinkRow).where(
            PaymentLinkRow.order_id == order_id, PaymentLinkRow.state != LinkState.ENDED.value
        )
        return (await self._session.scalars(query)).first()

    async def count_links(self, order_id: int) -> int:
        """How many links an order has had."""
        query = select(func.count()).select_from(PaymentLinkRow).where(PaymentLinkRow.order_id == order_id)
        return await self._session.scalar(query) or 0

    async def claim_due_link(self, now: datetime, *, until: datetime) -> PaymentLinkRow | None:
        """The link that is due longest; nobody else gets it before ``until``. None when none is due."""
        is_free = or_(PaymentLinkRow.claimed_until.is_(None), PaymentLinkRow.claimed_until <= now)
        query = (
            select(PaymentLinkRow)
            .where(PaymentLinkRow.state != "ended", PaymentLinkRow.due_at <= now, is_free)
            .order_by(PaymentLinkRow.due_at, PaymentLinkRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        link = (await self._session.scalars(query)).first()
        if link is not None:
            link.claimed_until = until
        return link
