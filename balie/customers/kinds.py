"""The words that the customer tables may hold."""

from __future__ import annotations

from enum import StrEnum


class AccountType(StrEnum):
    """Whom an account was opened for."""

    PERSONAL = "personal"
    BUSINESS = "business"


class AddressKind(StrEnum):
    """What an address is used for; a customer has at most one of each."""

    HOME = "home"
    DELIVERY = "delivery"
    BILLING = "billing"


class ConsentPurpose(StrEnum):
    """What somebody may or may not want us to do with what we know."""

    NEWSLETTER = "newsletter"
    PERSONAL_ADVICE = "personal_advice"
    MOOD = "mood"
    REVIEWS = "reviews"


class LoyaltyReason(StrEnum):
    """Why points came or went."""

    ORDER = "order"
    RETURN = "return"
    VOUCHER = "voucher"
    BIRTHDAY = "birthday"
    WELCOME = "welcome"
    CORRECTION = "correction"
