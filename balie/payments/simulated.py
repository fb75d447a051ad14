"""A payment provider that is made up: it remembers its payments, is exact, and has troubles when told to.

It stands for somebody else's service. So it has tables of its own, and must not be asked inside one of our
transactions.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from balie.kernel.clock import Clock, utc_now
from balie.kernel.money import Money
from balie.kernel.simulated_trouble import Trouble, Troubles
from balie.orders.kinds import PaymentFailure
from balie.payments.errors import PaymentProviderDownError, PaymentRefusedError
from balie.payments.kinds import ProviderState, RefundProgress
from balie.payments.models import SimulatedPaymentRow, SimulatedRefundRow
from balie.payments.port import PaymentRequest, ProviderPayment, ProviderRefund
from balie.payments.simulated_repository import SimulatedRepository
from balie.storage.unit_of_work import Session, UnitOfWork

LIFETIME: Final = timedelta(hours=24)
"""How long a payment can be made."""

CHECKOUT_PATH: Final = "/demo/pay"


@dataclass(frozen=True, slots=True)
class Checkout:
    """What stands on the checkout page."""

    payment: ProviderPayment
    description: str


class SimulatedProvider:
    """Takes no real money.

    Attributes:
        troubles: What goes wrong with the next calls.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        *,
        base_url: str = "",
        clock: Clock = utc_now,
        troubles: Troubles | None = None,
    ) -> None:
        """Build it.

        Args:
            unit_of_work: Where it remembers.
            base_url: Of the gateway that shows its checkout page.
            clock: The time at the provider.
            troubles: None for a provider that always works.
        """
        self.troubles = troubles or Troubles()
        self._unit_of_work = unit_of_work
        self._base_url = base_url.rstrip("/")
        self._clock = clock

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """As of the port."""
        async with self._answering() as session:
            known = await SimulatedRepository(session).find_by_key(request.key)
            if known is not None:
                if Money(known.amount_minor, known.currency) != request.amount:
                    raise PaymentRefusedError("key_taken")
                return self._view(known)
            payment = SimulatedPaymentRow(
                provider_id=f"sim_{hashlib.sha256(request.key.encode()).hexdigest()[:24]}",
                key=request.key,
                amount_minor=request.amount.minor_units,
                currency=request.amount.currency,
                description=request.description,
                return_url=request.return_url,
                state=ProviderState.OPEN.value,
                expires_at=self._clock() + LIFETIME,
            )
            session.add(payment)
            return self._view(payment)

    async def get_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        async with self._answering() as session:
            return self._view(await self._get(session, provider_id))

    async def cancel_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        async with self._answering() as session:
            payment = await self._get(session, provider_id)
            if payment.state == ProviderState.OPEN:
                payment.state = ProviderState.CANCELLED.value
            return self._view(payment)

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        """As of the port."""
        async with self._answering() as session:
            payment = await self._get(session, provider_id)
            known = await SimulatedRepository(session).find_refund(key)
            if known is None:
                await self._give_back(session, payment, amount, key)
            elif (known.provider_id, known.amount_minor) != (provider_id, amount.minor_units):
                raise PaymentRefusedError("key_taken")
            return ProviderRefund(provider_id=f"re_{key}", progress=RefundProgress.DONE, amount=amount)

    async def show_checkout(self, provider_id: str) -> Checkout | None:
        """What the checkout page shows; None when there is no such payment. Has no troubles."""
        async with self._unit_of_work.write() as session:
            payment = await SimulatedRepository(session).lock_payment(provider_id)
            return None if payment is None else Checkout(self._view(self._aged(payment)), payment.description)

    async def decide(
        self, provider_id: str, *, failure: PaymentFailure | None = None
    ) -> ProviderPayment | None:
        """What the customer does on the checkout page: pays, unless that fails. Once it is done, it is done.

        Returns:
            How the payment stands then; None when there is no such payment.
        """
        async with self._unit_of_work.write() as session:
            payment = await SimulatedRepository(session).lock_payment(provider_id)
            if payment is None:
                return None
            if self._aged(payment).state == ProviderState.OPEN:
                payment.state = (ProviderState.FAILED if failure else ProviderState.PAID).value
                payment.failure = failure
                payment.paid_at = None if failure else self._clock()
            return self._view(payment)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[Session]:
        trouble = self.troubles.next()
        if trouble is Trouble.DOWN:
            raise PaymentProviderDownError
        async with self._unit_of_work.write() as session:
            yield session
        if trouble is Trouble.ANSWER_LOST:
            raise PaymentProviderDownError

    async def _get(self, session: Session, provider_id: str) -> SimulatedPaymentRow:
        payment = await SimulatedRepository(session).lock_payment(provider_id)
        if payment is None:
            raise PaymentRefusedError("unknown_payment")
        return self._aged(payment)

    def _aged(self, payment: SimulatedPaymentRow) -> SimulatedPaymentRow:
        if payment.state == ProviderState.OPEN and payment.expires_at <= self._clock():
            payment.state = ProviderState.EXPIRED.value
        return payment

    async def _give_back(
        self, session: Session, payment: SimulatedPaymentRow, amount: Money, key: str
    ) -> None:
        if payment.state != ProviderState.PAID:
            raise PaymentRefusedError("not_paid")
        before = await SimulatedRepository(session).given_back_minor(payment.provider_id)
        if amount.currency != payment.currency or before + amount.minor_units > payment.amount_minor:
            raise PaymentRefusedError("more_than_paid")
        session.add(
            SimulatedRefundRow(
                key=key,
                provider_id=payment.provider_id,
                amount_minor=amount.minor_units,
                created_at=self._clock(),
            )
        )

    def _view(self, payment: SimulatedPaymentRow) -> ProviderPayment:
        return ProviderPayment(
            provider_id=payment.provider_id,
            state=ProviderState(payment.state),
            amount=Money(payment.amount_minor, payment.currency),
            checkout_url=f"{self._base_url}{CHECKOUT_PATH}/{payment.provider_id}",
            expires_at=payment.expires_at,
            paid_at=payment.paid_at,
            failure=None if payment.failure is None else PaymentFailure(payment.failure),
        )
