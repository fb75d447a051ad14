"""The provider of a shop that has none: it makes no payments and says so at once."""

from __future__ import annotations

from balie.kernel.money import Money
from balie.payments.errors import PaymentRefusedError
from balie.payments.port import PaymentRequest, ProviderPayment, ProviderRefund

NO_PROVIDER = "no_provider"


class AbsentProvider:
    """Refuses everything, for good: nothing is promised that nobody can keep."""

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        """As of the port."""
        raise PaymentRefusedError(NO_PROVIDER)

    async def get_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        raise PaymentRefusedError(NO_PROVIDER)

    async def cancel_payment(self, provider_id: str) -> ProviderPayment:
        """As of the port."""
        raise PaymentRefusedError(NO_PROVIDER)

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        """As of the port."""
        raise PaymentRefusedError(NO_PROVIDER)
