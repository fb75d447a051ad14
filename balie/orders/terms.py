"""What the shop promises about changing, returning and refunding: one typed value, read from its facts.

The numbers stand in ``data/shop/shop.yml`` and nowhere else: answers quote them from there, the policy gets
them from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from balie.kernel.money import Money
from balie.orders.errors import ShopTermsError


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUpTerms:
    """A carrier comes for returns: at what price, where, and from when to when.

    Attributes:
        fee: Taken off the refund, as the fee of a return by parcel is.
        countries: Where it comes (ISO 3166).
        earliest_working_days: After the day of asking; ``latest_working_days`` likewise.
    """

    fee: Money
    countries: frozenset[str]
    earliest_working_days: int
    latest_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The shop's conditions. Days count from the day on which the last of an order was delivered.

    Attributes:
        countries: Where the shop delivers (ISO 3166).
        cancellation_fee: Kept when a paid order is cancelled.
        return_days: How long items may come back; ``exchange_days`` likewise.
        law_days: Until then, whoever sends everything back gets the delivery costs back too.
        parcel_fee: Taken off the refund of a return by parcel; members and our own mistakes are free.
        store_fee: The same for a return in a store.
        pick_up: The same for a carrier that comes to the door; None where the shop has none.
        label_days: How long a return label can be used.
        reserved_days: How long the other variant of an exchange is kept aside.
        damage_days: How long damage, or something missing, may be reported.
        damage_answer_days: Working days in which a report is answered.
        person_above: What is missing and worth more than this, a person decides about.
        repairable_categories: What our workshop mends.
        refund_working_days: The most we need to pay; ``bank_working_days`` the most the bank needs then.
        sealed_categories: What is only taken back with its seal (swimwear, opened food).
        excluded_categories: What is never taken back.
        made_to_measure_categories: What is built for one customer.
    """

    countries: frozenset[str]
    cancellation_fee: Money
    return_days: int
    law_days: int
    parcel_fee: Money
    store_fee: Money
    label_days: int
    exchange_days: int
    reserved_days: int
    damage_days: int
    damage_answer_days: int
    person_above: Money
    repairable_categories: frozenset[str]
    warranty_years: int
    refund_working_days: int
    bank_working_days: int
    pick_up: PickUpTerms | None = None
    sealed_categories: frozenset[str] = frozenset()
    excluded_categories: frozenset[str] = frozenset()
    made_to_measure_categories: frozenset[str] = frozenset()

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts (``data/shop/shop.yml``, as parsed).

        Raises:
            ShopTermsError: Something is missing or is no number, or an exchange costs money: nobody has
                decided yet how that would be paid.
        """
        try:
            read: dict[str, Any] = {**_days(shop), **_fees(shop), **_categories(shop["returns"])}
            if int(shop["exchange"]["price"]) != 0:
                raise ShopTermsError("exchange.price is not 0")
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error
        return cls(**read)


def _days(shop: Mapping[str, Any]) -> dict[str, Any]:
    returns, exchange = shop["returns"], shop["exchange"]
    return {
        "return_days": int(returns["period_days"]),
        "law_days": int(returns["law_days"]),
        "label_days": int(returns["label_valid_days"]),
        "refund_working_days": int(returns["refund_working_days"]),
        "exchange_days": int(exchange["period_days"]),
        "reserved_days": int(exchange["reserved_days"]),
        "damage_days": int(shop["damage"]["report_within_days"]),
        "damage_answer_days": int(shop["damage"]["answer_working_days"]),
        "repairable_categories": frozenset(map(str, shop["damage"].get("repairable", ()))),
        "warranty_years": int(shop["warranty"]["years"]),
        "bank_working_days": int(shop["refund"]["bank_working_days"][-1]),
    }


def _fees(shop: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(shop["currency"])
    returns = shop["returns"]
    parcel_fee = Money(int(returns["parcel_price"]), currency)
    return {
        "countries": frozenset(map(str, shop["delivery"]["countries"])),
        "cancellation_fee": Money(int(shop["orders"]["cancellation_fee"]), currency),
        "parcel_fee": parcel_fee,
        "person_above": Money(int(shop["damage"]["person_above"]), currency),
        "store_fee": Money(0, currency) if returns["free_in_store"] else parcel_fee,
        "pick_up": _pick_up(returns.get("pick_up"), currency),
    }


def _pick_up(offered: Mapping[str, Any] | None, currency: str) -> PickUpTerms | None:
    if offered is None:
        return None
    return PickUpTerms(
        fee=Money(int(offered["price"]), currency),
        countries=frozenset(map(str, offered["countries"])),
        earliest_working_days=int(offered["earliest_working_days"]),
        latest_working_days=int(offered["latest_working_days"]),
    )


_CATEGORY_KINDS: Final = ("sealed", "excluded", "made_to_measure")


def _categories(returns: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    # Optional: a shop that does not name its categories takes everything back that looks unused.
    named = returns.get("categories", {})
    return {f"{kind}_categories": frozenset(map(str, named.get(kind, ()))) for kind in _CATEGORY_KINDS}
