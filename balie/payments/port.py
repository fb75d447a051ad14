"""What Balie needs of a payment provider. Providers' own words stop at their adapters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from balie.kernel.money import Money
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.payments.errors import PaymentProviderDownError
from balie.payments.kinds import ProviderState, RefundProgress

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """What a customer is to pay, once.

    Attributes:
        key: The same key is the same payment; at most 64 characters.
        description: Stands on the customer's statement; nothing personal but the order's number.
        return_url: Where the customer's browser goes afterwards.
    """

    key: str
    amount: Money
    description: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPayment:
    """A payment as the provider knows it.

    Attributes:
        checkout_url: Where the customer pays; for payments that are open.
        expires_at: Until when it can be paid.
        method: How it was paid; None while it was not, and where the provider does not tell.
        failure: Why it came to nothing; None where it has not, and where the provider does not tell.
    """

    provider_id: str
    state: ProviderState
    amount: Money
    checkout_url: str
    expires_at: datetime
    paid_at: datetime | None = None
    method: PaymentMethod | None = None
    failure: PaymentFailure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRefund:
    """Money on its way back through the provider."""

    provider_id: str
    progress: RefundProgress
    amount: Money


class PaymentProvider(Protocol):
    """Takes money of customers and gives it back.

    Every call raises :class:`PaymentProviderDownError` when there is no answer in time: what was asked may
    then have been done or not, and asking again with the same key is safe.
    """

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """A payment that the customer can make; for a key that was used before, that same payment.

        Raises:
            PaymentRefusedError: It cannot be paid here, or the key was used for another amount.
        """
        ...

    async def get_payment(self, provider_id: str) -> ProviderPayment:
        """How a payment stands.

        Raises:
            PaymentRefusedError: The provider has no such payment.
        """
        ...

    async def cancel_payment(self, provider_id: str) -> ProviderPayment:
        """End a payment that nobody has made; one that has ended, or was made meanwhile, stays as it is.

        Raises:
            PaymentRefusedError: The provider has no such payment.
        """
        ...

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        """Give money of a payment back; for a key that was used before, tell how that refund stands.

        Args:
            provider_id: Of the payment.
            amount: All of it or a part.
            key: The same key never gives back twice; at most 64 characters.

        Raises:
            PaymentRefusedError: The payment was not made, less is left of it, or the key was used for another
                amount.
        """
        ...


class TimedProvider:
    """Any provider, which is down when it takes too long."""

    def __init__(self, provider: PaymentProvider, time_out: timedelta) -> None:
        self._provider = provider
        self._time_out = time_out

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """As of the port."""
        return await self._in_time(self._provider.create_payment(request))

    async def get_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        return await self._in_time(self._provider.get_payment(provider_id))

    async def cancel_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        return await self._in_time(self._provider.cancel_payment(provider_id))

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        """As of the port."""
        return await self._in_time(self._provider.refund(provider_id, amount, key=key))

    async def _in_time(self, call: Awaitable[Answer]) -> Answer:
        try:
            async with asyncio.timeout(self._time_out.total_seconds()):
                return await call
        except TimeoutError as error:
            raise PaymentProviderDownError from error
