"""Who is recommended something, what they want, when, and what they get: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from balie.kernel.ids import ConversationId
from balie.kernel.money import Money
from balie.recommendations.kinds import ListKind, Reason

MOST_ITEMS: Final = 10


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who may be recommended something.

    Attributes:
        customer_id: None while nobody knows who it is.
        conversation_id: None outside a conversation.
        has_agreed: Whether a stranger lets the page use what they do there; of a customer, what they answered
            is in the store and counts instead.
    """

    customer_id: int | None = None
    conversation_id: ConversationId | None = None
    has_agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to see.

    Attributes:
        n: How many at most; never more than ten.
        categories: Codes of the categories they asked for; empty for any.
        among: The only products that are meant, by number; None for any.
        budget_minor: What one may cost at most, in minor units of the shop's currency.
        least_minor: What one must cost at least, likewise.
        exclude: Products not to show, because they just were.
        for_somebody_else: What they own themselves does not matter.
        is_unasked: Nobody asked for it.
    """

    n: int = 3
    categories: frozenset[str] = frozenset()
    budget_minor: int | None = None
    exclude: frozenset[str] = frozenset()
    for_somebody_else: bool = False
    is_unasked: bool = False
    among: frozenset[str] | None = None
    least_minor: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it says which goods are meant, or what they may cost."""
        return bool(self.categories) or self.among is not None or self.names_a_price

    @property
    def names_a_price(self) -> bool:
        """Whether it says what they may, or must, cost."""
        return self.budget_minor is not None or self.least_minor is not None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The moment in which something is recommended.

    Attributes:
        key: Of the turn (``<conversation>:<message>``): asked again for the same one, the same is shown, and
            it is one exposure.
        via: Where it is shown: a channel, or ``desk``.
        mood: How the customer feels, where it is read (``Emotion`` label).
    """

    key: str
    via: str
    mood: str | None = None


class Silence(StrEnum):
    """Why nothing is recommended."""

    SWITCHED_OFF = "switched_off"
    NO_CONSENT = "no_consent"
    HELD_OUT = "held_out"
    NOTHING_FITS = "nothing_fits"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendedProduct:
    """One product to show.

    Attributes:
        key: Of this exposure: by it clicks and dismissals are told (``OutcomeService``).
        names: Per language; ``about_names`` likewise.
        price_from: Of the cheapest variant that the web warehouse has.
        position: 1 is the first.
        reason: Why, as the customer is to be told.
        about: The product that the reason is about: the anchor, or the one they own; None without one.
        lift: How much more often than by chance both are bought together; None where nobody counted.
        run_id: The training that proposed it; None of what lies on the shelf.
        propensity: How likely it was to stand here; ``explored`` says that it stands here to be learned of.
    """

    key: str
    sku: str
    names: Mapping[str, str]
    brand: str
    category: str
    price_from: Money
    list: ListKind
    position: int
    reason: Reason
    about: str | None
    about_names: Mapping[str, str] | None
    lift: float | None
    propensity: float
    explored: bool
    run_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """What is shown, or why nothing is.

    Attributes:
        items: In the order in which to show them.
        withheld: What somebody in the hold-out would have been shown; write it down, never show it.
        silence: Why ``items`` is empty; None when it is not.
        segment: The customer's, where it was used or known.
    """

    list: ListKind
    is_unasked: bool
    items: tuple[RecommendedProduct, ...] = ()
    withheld: tuple[RecommendedProduct, ...] = ()
    silence: Silence | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What is known of somebody that decides what they are not shown.

    Attributes:
        owned: When they last bought a product, by its number.
        returned: Products that they sent back.
        dismissed: Products they do not want to see again.
        segment: The category they buy most of.
    """

    owned: Mapping[str, datetime]
    returned: frozenset[str]
    dismissed: frozenset[str]
    segment: str | None


NOBODY: Final = History({}, frozenset(), frozenset(), None)


def exposure_key(occasion: str, kind: ListKind, sku: str) -> str:
    """The key of one product on one list on one occasion; says nothing about any of them."""
    return blake2b(f"{occasion}|{kind.value}|{sku}".encode(), digest_size=16).hexdigest()
