"""Pays out refunds that are approved: through the provider that took the money, each exactly once.

The refund row is the promise. Here it is divided among the payments it comes from, each part is written down
with its key before the provider hears of it, and only what the provider has done counts as paid. Refunds of
money that no provider took for us are left to those who took it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from balie.kernel.back_off import wait_after
from balie.kernel.clock import Clock, utc_now
from balie.kernel.money import Money
from balie.orders.models import OrderRow, PaymentRow, RefundRow
from balie.payments.errors import PaymentProviderDownError, PaymentRefusedError
from balie.payments.kinds import RefundProgress, SendState
from balie.payments.models import ProviderRefundRow
from balie.payments.port import PaymentProvider, ProviderRefund
from balie.payments.refund_repository import RefundRepository
from balie.payments.repository import PaymentRepository
from balie.payments.rules import allocate, key_of
from balie.storage.unit_of_work import Session, UnitOfWork

log = logging.getLogger(__name__)

MOST_IN_A_ROW: Final = 100
CLAIMED_FOR: Final = timedelta(minutes=1)
"""Longer than the provider may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One call that is to be made."""

    id: int
    refund_id: int
    provider_id: str
    amount: Money
    key: str
    attempts: int


class MoneyBack:
    """Hands approved refunds to the payment provider."""

    def __init__(
        self, unit_of_work: UnitOfWork, provider: PaymentProvider, *, clock: Clock = utc_now
    ) -> None:
        self._unit_of_work = unit_of_work
        self._provider = provider
        self._clock = clock

    async def send_due(self) -> int:
        """Hand over what is due, one after another, until the provider does not answer.

        Returns:
            How many parts the provider has done, or is doing.
        """
        await self._divide_approved()
        taken = 0
        for _ in range(MOST_IN_A_ROW):
            part = await self._claim()
            if part is None:
                break
            try:
                taken += await self._send(part)
            except PaymentProviderDownError as error:
                log.warning("Refund %d waits for the payment provider.", part.refund_id)
                await self._note_trouble(part, error.code)
                break
        return taken

    async def count_unsendable(self) -> int:
        """How many approved refunds are not ours to pay out: no provider took their money for us."""
        async with self._unit_of_work.read() as session:
            return await RefundRepository(session).count_unsendable()

    async def _divide_approved(self) -> None:
        async with self._unit_of_work.read() as session:
            unsent = await RefundRepository(session).list_unsent()
        for refund_id, order_id in unsent:
            async with self._unit_of_work.write() as session:
                await self._divide(session, refund_id, order_id)

    async def _divide(self, session: Session, refund_id: int, order_id: int) -> None:
        order = await PaymentRepository(session).lock_order(order_id)
        refunds = RefundRepository(session)
        refund = await refunds.find_unsent(refund_id)
        if order is None or refund is None:
            return
        payments = await refunds.provider_payments(order_id)
        going_back = await refunds.going_back(list(payments))
        left = {one.id: max(one.amount_minor - going_back.get(one.id, 0), 0) for one in payments.values()}
        parts = allocate(refund.amount_minor, left, first=refund.payment_id)
        if parts is None:
            log.warning(
                "Refund %d is more than the provider has of its order: somebody has to look.", refund_id
            )
            return
        session.add_all(
            self._part(refund, payments[payment_id], order, amount_minor=amount_minor)
            for payment_id, amount_minor in parts.items()
        )

    def _part(
        self, refund: RefundRow, payment: PaymentRow, order: OrderRow, *, amount_minor: int
    ) -> ProviderRefundRow:
        now = self._clock()
        facts = (order.number, payment.provider_id, refund.id, refund.asked_at, amount_minor)
        return ProviderRefundRow(
            refund_id=refund.id,
            payment_id=payment.id,
            key=key_of("refund", *facts),
            amount_minor=amount_minor,
            state=SendState.WANTED.value,
            created_at=now,
            attempts=0,
            due_at=now,
        )

    async def _claim(self) -> _Part | None:
        now = self._clock()
        async with self._unit_of_work.write() as session:
            refunds = RefundRepository(session)
            row = await refunds.claim_due(now, until=now + CLAIMED_FOR)
            return None if row is None else await _call(refunds, row)

    async def _send(self, part: _Part) -> bool:
        try:
            answer = await self._provider.refund(part.provider_id, part.amount, key=part.key)
        except PaymentRefusedError as error:
            log.error("The payment provider refuses refund %d: %s", part.refund_id, error.reason)  # noqa: TRY400
            await self._note_refused(part, error.reason)
            return False
        await self._note_taken(part, answer)
        return True

    async def _note_taken(self, part: _Part, answer: ProviderRefund) -> None:
        now = self._clock()
        async with self._unit_of_work.write() as session:
            parts = await RefundRepository(session).list_parts(part.refund_id)
            own = next((one for one in parts if one.id == part.id), None)
            if own is None or own.ended_at is not None:
                return
            own.provider_id, own.trouble, own.claimed_until = answer.provider_id, None, None
            if answer.progress is RefundProgress.PENDING:
                own.state, own.due_at = SendState.SENT.value, now + wait_after(part.attempts)
                return
            own.state, own.ended_at = SendState.DONE.value, now
            if all(one.state == SendState.DONE for one in parts):
                refund = await session.get_one(RefundRow, part.refund_id)
                refund.paid_at = now

    async def _note_refused(self, part: _Part, reason: str) -> None:
        async with self._unit_of_work.write() as session:
            row = await session.get(ProviderRefundRow, part.id)
            if row is not None and row.ended_at is None:
                row.state, row.ended_at = SendState.REFUSED.value, self._clock()
                row.trouble, row.claimed_until = reason, None

    async def _note_trouble(self, part: _Part, trouble: str) -> None:
        async with self._unit_of_work.write() as session:
            row = await session.get(ProviderRefundRow, part.id)
            if row is not None and row.ended_at is None:
                row.trouble, row.claimed_until = trouble, None
                row.due_at = self._clock() + wait_after(part.attempts)


async def _call(refunds: RefundRepository, row: ProviderRefundRow) -> _Part:
    payment, order = await refunds.find_payment_and_order(row.payment_id)
    assert payment.provider_id is not None, "only what the provider took is divided"
    return _Part(
        id=row.id,
        refund_id=row.refund_id,
        provider_id=payment.provider_id,
        amount=Money(row.amount_minor, order.currency),
        key=row.key,
        attempts=row.attempts,
    )
