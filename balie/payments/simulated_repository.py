"""What the simulated provider remembers. Decides nothing."""

from __future__ import annotations

from sqlalchemy import func, select

from balie.payments.models import SimulatedPaymentRow, SimulatedRefundRow
from balie.storage.unit_of_work import Session


class SimulatedRepository:
    """Finds payments and refunds, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_by_key(self, key: str) -> SimulatedPaymentRow | None:
        """The payment that was made under a key, or None."""
        query = select(SimulatedPaymentRow).where(SimulatedPaymentRow.key == key)
        return (await self._session.scalars(query)).first()

    async def lock_payment(self, provider_id: str) -> SimulatedPaymentRow | None:
        """A payment, which stays as it is until this transaction ends; None when there is none."""
        query = select(SimulatedPaymentRow).where(SimulatedPaymentRow.provider_id == provider_id)
        return (await self._session.scalars(query.with_for_update())).first()

    async def find_refund(self, key: str) -> SimulatedRefundRow | None:
        """The refund that was made under a key, or None."""
        return await self._session.get(SimulatedRefundRow, key)

    async def given_back_minor(self, provider_id: str) -> int:
        """How much of a payment has gone back, in cents."""
        query = select(func.sum(SimulatedRefundRow.amount_minor)).where(
            SimulatedRefundRow.provider_id == provider_id
        )
        return int(await self._session.scalar(query) or 0)
