"""The words of payments."""

from __future__ import annotations

from enum import StrEnum


class ProviderState(StrEnum):
    """How a payment stands at the provider."""

    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class RefundProgress(StrEnum):
    """How far the provider is with money that goes back."""

    PENDING = "pending"
    DONE = "done"


class LinkState(StrEnum):
    """How far a link to pay has come; an order has at most one that has not ended."""

    WANTED = "wanted"
    OPEN = "open"
    ENDED = "ended"


class SendState(StrEnum):
    """How far a refund is with the provider."""

    WANTED = "wanted"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"


class LinkRefusal(StrEnum):
    """Why there is no link to pay."""

    ALREADY_PAID = "already_paid"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_CHANGED = "order_changed"
    PROVIDER_REFUSED = "provider_refused"


class DoubleChargeRefusal(StrEnum):
    """Why a payment is not given back as one that was taken twice."""

    NO_SUCH_PAYMENT = "no_such_payment"
    NOT_DOUBLED = "not_doubled"
    ALREADY_REFUNDED = "already_refunded"
