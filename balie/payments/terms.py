"""What the shop promises about paying: one typed value, read from its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from balie.orders.errors import ShopTermsError
from balie.orders.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerms:
    """The shop's conditions of payment.

    Attributes:
        orders: The conditions of orders.
        shop_name: Stands on the customer's statement.
        unpaid_kept: How long an order that is not paid is kept after the last try.
        double_charge_working_days: The most until an amount that was taken twice is back.
        return_url: Where customers go after paying.
    """

    orders: Terms
    shop_name: str
    unpaid_kept: timedelta
    double_charge_working_days: int
    return_url: str

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing or is no number.
        """
        try:
            payment = shop["payment"]
            return cls(
                orders=Terms.from_shop(shop),
                shop_name=str(shop["name"]),
                unpaid_kept=timedelta(minutes=int(payment["unpaid_order_kept_minutes"])),
                double_charge_working_days=int(payment["double_charge_refund_working_days"]),
                return_url=str(shop["links"]["orders"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error
