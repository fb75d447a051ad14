"""What others may know about a customer; plain values, safe to keep after the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from balie.customers.kinds import AccountType, LoyaltyReason


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer, with as much as answers need.

    Attributes:
        external_id: The shop's own customer number.
        language: The language of the account (``nl``, ``en``), not of the conversation.
        masked_email: For "we sent it to s•••@voorbeeld.example"; the address: :class:`ContactView`.
    """

    id: int
    external_id: str
    first_name: str
    last_name: str
    language: str
    account_type: AccountType
    masked_email: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """Where letters reach a customer, and in which language they are written. Never for an answer."""

    customer_id: int
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class AddressView:
    """Where somebody lives. ``postcode`` is upper case without spaces, ``country`` ISO 3166."""

    street: str
    house_number: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class LoyaltyEntryView:
    """Points that came (positive) or went (negative) on one day."""

    points: int
    reason: LoyaltyReason
    order_number: str | None
    recorded_on: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class LoyaltyView:
    """How somebody stands in the loyalty programme.

    Attributes:
        member: False for a customer who never joined; everything else is then zero or empty.
        points: What can be spent today.
        points_to_voucher: How many are missing until the next voucher; 0 when one is ready.
        vouchers_ready: How many vouchers the points are good for.
        expiring_points: The points that lapse first; 0 when none ever do.
        expires_on: The first day on which those no longer count.
        recent_entries: Newest first.
    """

    member: bool
    points: int
    points_to_voucher: int
    vouchers_ready: int
    expiring_points: int
    expires_on: date | None
    recent_entries: tuple[LoyaltyEntryView, ...]
