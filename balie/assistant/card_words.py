"""Puts products that are shown into words: cards with buttons, and the same as numbered lines of a text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from balie.assistant.dressing import SpokenButton
from balie.content.render import Renderer
from balie.conversations.cards import ProductCard
from balie.kernel.money import Money

CARD: Final = "card"
"""The entity by which a button of a card says whose it is: :func:`card_mark`."""
SHOW_PRODUCT: Final = "show_product"
PUT_IN_BASKET: Final = "put_in_basket"
NOT_INTERESTED: Final = "not_interested"
PRESSED: Final = (SHOW_PRODUCT, PUT_IN_BASKET, NOT_INTERESTED)
"""What the buttons of a card ask for, in their order."""

_REASON: Final = "card_reason"
_LINE: Final = "card_line"


class CardFacts(BaseModel):
    """One product that is to be shown, as an action hands it over.

    Attributes:
        names: Per language.
        price: Of the cheapest variant, in minor units of ``currency``.
        reason: Why it is shown (``balie.recommendations.kinds.Reason``).
        about: Names of the product that the reason is about, per language.
        key: Of the exposure.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    sku: str
    names: dict[str, str]
    price: int
    currency: str
    reason: str
    about: dict[str, str] | None = None
    key: str
    picture: str | None = None
    url: str | None = None


def card_mark(key: str, sku: str) -> str:
    """How a button says which card it is of.

    >>> card_mark("0a1b", "DD-1")
    '0a1b:DD-1'
    """
    return f"{key}:{sku}"


def read_card_mark(mark: str) -> tuple[str, str]:
    """Key and product number of a card; both empty when it is no mark.

    >>> read_card_mark("0a1b:DD-1"), read_card_mark("")
    (('0a1b', 'DD-1'), ('', ''))
    """
    key, _, sku = mark.partition(":")
    return (key, sku) if sku else ("", "")


def word_cards(products: Sequence[CardFacts], renderer: Renderer, language: str) -> tuple[ProductCard, ...]:
    """The cards in a language.

    Raises:
        BalieError: The content has no words for a reason.
    """
    return tuple(
        ProductCard(
            sku=product.sku,
            name=in_language(product.names, language),
            price=Money(product.price, product.currency),
            reason=renderer.render(_REASON, language, _reason_facts(product, language)).text,
            key=product.key,
            picture=product.picture,
            url=product.url,
        )
        for product in products
    )


def list_cards(cards: Sequence[ProductCard], renderer: Renderer, language: str) -> str:
    """The cards as one paragraph of a text: a line for each, which begins with its number.

    Raises:
        BalieError: The content has no words for a line.
    """
    lines = (
        renderer.render(
            _LINE, language, {"name": card.name, "price": card.price.minor_units, "reason": card.reason}
        ).text
        for card in cards
    )
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def card_buttons(cards: Sequence[ProductCard], renderer: Renderer, language: str) -> Iterator[SpokenButton]:
    """What can be pressed on each card: show, add to the basket, not interested."""
    titles = {intent: renderer.render(f"title_{intent}", language, {}).text for intent in PRESSED}
    for number, card in enumerate(cards):
        for intent, title in titles.items():
            if intent == SHOW_PRODUCT and card.url is not None:
                yield SpokenButton(title, url=card.url, card=number)
            else:
                slots = json.dumps({CARD: card_mark(card.key, card.sku)})
                yield SpokenButton(title, f"/{intent}{slots}", card=number)


def in_language(names: Mapping[str, str], language: str) -> str:
    """A name in a language, else in any."""
    return names.get(language) or next(iter(names.values()), "")


def _reason_facts(product: CardFacts, language: str) -> Mapping[str, str | None]:
    about = None if product.about is None else in_language(product.about, language)
    return {"reason": product.reason, "about": about}
