"""What a basket costs, and whether a code or a gift card may be used. Exact, in whole minor units. Pure.

How it is worked out, in this order (docs/data-model.md says the same for people):

1. The goods: quantity times price, over all lines.
2. The discount of a percentage is taken of the goods of the whole basket, and rounded once, half a cent
   up. Several discounts are each taken of the full price, and together never more than the goods.
3. Delivery is that of the most cumbersome thing in the basket. It is free when the goods, *after* the
   discount, reach the amount from which it is; of an empty basket nothing is delivered.
4. A gift card is money: it pays of the total, delivery too, and changes neither of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from balie.baskets.kinds import Reason
from balie.baskets.outcomes import Allowed, Refused, Verdict
from balie.baskets.terms import DeliveryRate, DeliveryTerms
from balie.catalogue.kinds import DeliveryKind
from balie.kernel.money import Money

_CUMBERSOME: Final = (DeliveryKind.BIKE, DeliveryKind.BULKY, DeliveryKind.PARCEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """What counts of a line: so many pieces at a price."""

    unit_price_minor: int
    quantity: int
    delivery_kind: DeliveryKind = DeliveryKind.PARCEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A percentage of the goods, or an amount: exactly one of the two."""

    percent: int | None = None
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketTotals:
    """What a basket costs, in minor units.

    ``goods - discount + delivery = total = gift_card + to_pay``, and nothing of it is negative.

    Attributes:
        discounts_minor: What each discount gives, in the order given; together ``discount_minor``.
        free_delivery_in_minor: How much more has to be bought for free delivery; None when it is free, or
            never will be.
        delivers: Whether all of it is brought to that country.
    """

    goods_minor: int
    discounts_minor: tuple[int, ...]
    delivery_minor: int
    gift_card_minor: int
    free_delivery_in_minor: int | None
    delivers: bool

    @property
    def discount_minor(self) -> int:
        """What all discounts give."""
        return sum(self.discounts_minor)

    @property
    def total_minor(self) -> int:
        """What the basket costs."""
        return self.goods_minor - self.discount_minor + self.delivery_minor

    @property
    def to_pay_minor(self) -> int:
        """What is left when the gift card has paid."""
        return self.total_minor - self.gift_card_minor


def price_basket(
    lines: Iterable[PricedLine],
    discounts: Sequence[Discount],
    *,
    gift_card_minor: int = 0,
    delivery: DeliveryTerms,
    country: str,
) -> BasketTotals:
    """Work out what a basket costs; the order of lines makes no difference.

    Args:
        lines: What counts; an empty basket costs nothing.
        discounts: Those that may be used.
        gift_card_minor: What a gift card holds; 0 when there is none.
        delivery: The shop's rates.
        country: Where it goes (ISO 3166).
    """
    counted = list(lines)
    goods = sum(line.unit_price_minor * line.quantity for line in counted)
    given = _share_discounts(goods, discounts)
    rate = _rate_of(counted, delivery, country)
    price, free_in = _price_delivery(rate, goods - sum(given)) if rate is not None and counted else (0, None)
    return BasketTotals(
        goods_minor=goods,
        discounts_minor=given,
        delivery_minor=price,
        gift_card_minor=min(max(gift_card_minor, 0), goods - sum(given) + price),
        free_delivery_in_minor=free_in,
        delivers=rate is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """A discount code, and what has come of it.

    Attributes:
        min_order: What the goods must cost before any discount.
        customer_id: The only one who may use it; None when everybody may.
        used_by_customer: Whether whoever wants to use it has used it before; False for a stranger.
    """

    code: str
    percent: int | None
    amount: Money | None
    min_order: Money
    starts_on: date | None
    ends_on: date | None
    max_uses: int | None
    uses: int
    once_per_customer: bool
    customer_id: int | None
    combinable: bool
    active: bool
    used_by_customer: bool = False

    @property
    def discount(self) -> Discount:
        """What it gives."""
        return Discount(percent=self.percent, amount_minor=self.amount.minor_units if self.amount else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketFacts:
    """What decides about a code besides the code itself.

    Attributes:
        goods: What the goods cost before any discount.
        customer_id: Who wants to use it; None when nobody knows.
        codes: The codes that count already.
        combinable: Whether the shop lets several discounts be used at once.
    """

    goods: Money
    customer_id: int | None
    codes: tuple[CodeFacts, ...] = ()
    combinable: bool = False


def check_discount(code: CodeFacts | None, basket: BasketFacts, *, today: date) -> Verdict:
    """Whether a code may be used with a basket.

    What is wrong with the code itself is said before what is missing in the basket, and nothing at all is
    said about somebody else's code.

    Args:
        code: None when there is no such code.
        basket: What it would be used with.
        today: The shop's present day.
    """
    if code is None or not code.active:
        return Refused(reason=Reason.UNKNOWN)
    if code.customer_id is not None and code.customer_id != basket.customer_id:
        return Refused(reason=Reason.NOT_YOURS)
    return _check_days(code, today) or _check_uses(code) or _check_basket(code, basket) or Allowed()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """A gift card; ``balance`` follows from its entries."""

    balance: Money
    last_four: str
    expires_on: date
    blocked: bool


def check_gift_card(card: CardFacts | None, *, currency: str, today: date) -> CardFacts | Refused:
    """The gift card, if it can pay.

    Args:
        card: None when there is no such card.
        currency: Of what is to be paid.
        today: The shop's present day.
    """
    if card is None or card.blocked:
        return Refused(reason=Reason.UNKNOWN)
    if card.expires_on < today:
        return Refused(reason=Reason.EXPIRED, on=card.expires_on)
    if card.balance.minor_units <= 0:
        return Refused(reason=Reason.EMPTY)
    if card.balance.currency != currency:
        return Refused(reason=Reason.OTHER_CURRENCY)
    return card


def _share_discounts(goods_minor: int, discounts: Sequence[Discount]) -> tuple[int, ...]:
    left, given = goods_minor, []
    for discount in discounts:
        amount = min(_amount_of(discount, goods_minor), left)
        left -= amount
        given.append(amount)
    return tuple(given)


def _amount_of(discount: Discount, goods_minor: int) -> int:
    if discount.percent is None:
        return discount.amount_minor or 0
    return (2 * goods_minor * discount.percent + 100) // 200  # half a cent up, without fractions


def _rate_of(lines: Sequence[PricedLine], delivery: DeliveryTerms, country: str) -> DeliveryRate | None:
    kinds = {line.delivery_kind for line in lines}
    kind = next((kind for kind in _CUMBERSOME if kind in kinds), DeliveryKind.PARCEL)
    return delivery.find_rate(kind, country)


def _price_delivery(rate: DeliveryRate, paid_for_goods_minor: int) -> tuple[int, int | None]:
    """The price, and how much more has to be bought until there is none."""
    if rate.free_from_minor is None or rate.price_minor == 0:
        return rate.price_minor, None
    missing = rate.free_from_minor - paid_for_goods_minor
    return (rate.price_minor, missing) if missing > 0 else (0, None)


def _check_days(code: CodeFacts, today: date) -> Refused | None:
    if code.starts_on is not None and today < code.starts_on:
        return Refused(reason=Reason.NOT_YET, on=code.starts_on)
    if code.ends_on is not None and today > code.ends_on:
        return Refused(reason=Reason.EXPIRED, on=code.ends_on)
    return None


def _check_uses(code: CodeFacts) -> Refused | None:
    is_used_up = code.max_uses is not None and code.uses >= code.max_uses
    if is_used_up or (code.once_per_customer and code.used_by_customer):
        return Refused(reason=Reason.USED)
    return None


def _check_basket(code: CodeFacts, basket: BasketFacts) -> Refused | None:
    if code.amount is not None and code.amount.currency != basket.goods.currency:
        return Refused(reason=Reason.OTHER_CURRENCY)
    for other in basket.codes:
        if other.code != code.code and not (basket.combinable and code.combinable and other.combinable):
            return Refused(reason=Reason.NOT_COMBINABLE, other_code=other.code)
    missing = code.min_order.minor_units - basket.goods.minor_units
    if missing > 0:
        return Refused(
            reason=Reason.MINIMUM_NOT_REACHED,
            missing=Money(missing, basket.goods.currency),
            minimum=code.min_order,
        )
    return None
