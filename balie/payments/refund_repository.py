"""Queries on refunds that go back through the provider. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from balie.orders.models import OrderRow, PaymentRow, RefundRow
from balie.payments.kinds import SendState
from balie.payments.models import ProviderRefundRow
from balie.storage.unit_of_work import Session

_UNFINISHED = (SendState.WANTED.value, SendState.SENT.value)


class RefundRepository:
    """Finds and claims, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_unsent(self) -> list[tuple[int, int]]:
        """Refunds that are approved, not paid, and not with the provider that took money for the order.

        Returns:
            Pairs of refund and order, the oldest first.
        """
        query = select(RefundRow.id, RefundRow.order_id).where(*_is_unsent(), _paid_through_provider())
        found = await self._session.execute(query.order_by(RefundRow.id))
        return [(refund_id, order_id) for refund_id, order_id in found]

    async def count_unsendable(self) -> int:
        """How many approved refunds the provider has never taken money for: they are paid another way."""
        query = select(func.count()).select_from(RefundRow).where(*_is_unsent(), ~_paid_through_provider())
        return await self._session.scalar(query) or 0

    async def find_unsent(self, refund_id: int) -> RefundRow | None:
        """The refund if it is still to be handed to the provider, else None."""
        query = select(RefundRow).where(RefundRow.id == refund_id, *_is_unsent())
        return (await self._session.scalars(query)).first()

    async def provider_payments(self, order_id: int) -> dict[int, PaymentRow]:
        """The order's payments that the provider took, by id."""
        query = select(PaymentRow).where(
            PaymentRow.order_id == order_id,
            PaymentRow.paid_at.is_not(None),
            PaymentRow.provider_id.is_not(None),
        )
        return {payment.id: payment for payment in await self._session.scalars(query)}

    async def going_back(self, payment_ids: Sequence[int]) -> dict[int, int]:
        """How much of each of these payments is on its way back, or back, in cents."""
        query = (
            select(ProviderRefundRow.payment_id, func.sum(ProviderRefundRow.amount_minor))
            .where(
                ProviderRefundRow.payment_id.in_(payment_ids),
                ProviderRefundRow.state != SendState.REFUSED.value,
            )
            .group_by(ProviderRefundRow.payment_id)
        )
        return {payment_id: int(minor) for payment_id, minor in await self._session.execute(query)}

    async def claim_due(self, now: datetime, *, until: datetime) -> ProviderRefundRow | None:
        """The part that is due longest; nobody else gets it before ``until``. None when none is due."""
        is_free = or_(ProviderRefundRow.claimed_until.is_(None), ProviderRefundRow.claimed_until <= now)
        query = (
            select(ProviderRefundRow)
            .where(ProviderRefundRow.state.in_(_UNFINISHED), ProviderRefundRow.due_at <= now, is_free)
            .order_by(ProviderRefundRow.due_at, ProviderRefundRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        part = (await self._session.scalars(query)).first()
        if part is not None:
            part.claimed_until = until
            part.attempts += 1
        return part

    async def find_payment_and_order(self, payment_id: int) -> tuple[PaymentRow, OrderRow]:
        """A payment and its order.

        Raises:
            LookupError: They were erased meanwhile.
        """
        query = (
            select(PaymentRow, OrderRow)
            .join(OrderRow, OrderRow.id == PaymentRow.order_id)
            .where(PaymentRow.id == payment_id)
        )
        found = (await self._session.execute(query)).first()
        if found is None:
            raise LookupError(payment_id)
        return found[0], found[1]

    async def list_parts(self, refund_id: int) -> Sequence[ProviderRefundRow]:
        """Every part of one refund, as it is now."""
        query = select(ProviderRefundRow).where(ProviderRefundRow.refund_id == refund_id)
        fresh = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(fresh)).all()


def _is_unsent() -> tuple[ColumnElement[bool], ...]:
    with_provider = select(ProviderRefundRow.id).where(ProviderRefundRow.refund_id == RefundRow.id).exists()
    return (
        RefundRow.paid_at.is_(None),
        RefundRow.approved_at.is_not(None),
        RefundRow.refused_at.is_(None),
        ~with_provider,
    )


def _paid_through_provider() -> ColumnElement[bool]:
    return (
        select(PaymentRow.id)
        .where(
            PaymentRow.order_id == RefundRow.order_id,
            PaymentRow.paid_at.is_not(None),
            PaymentRow.provider_id.is_not(None),
        )
        .exists()
    )
