"""Facts about a product, and which product a question is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.reading import PRODUCT, named_in_message, remembered, typed_text
from balie.assistant.speech import Choice
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import ProductHit, ProductView

MOST_CHOICES: Final = 3
MOST_FACTS: Final = 6
LONGEST_QUESTION: Final = 200
SURE_SCORE: Final = 0.6
"""Below it a find may be something else that merely looks like it."""
CLEAR_LEAD: Final = 0.05
"""The best find must be so much better than the next to be the one that is meant."""


@dataclass(frozen=True, slots=True)
class ProductQuestion:
    """What is asked about which product.

    Attributes:
        text: What was asked; also says the size, colour and place.
        candidates: The products that may be meant, best first; one when it is clear, none when unknown.
    """

    text: str
    language: str
    candidates: tuple[ProductHit, ...]

    def choices(self, intent: str) -> list[Choice]:
        """A button for each candidate, which asks the same question about it."""
        return [
            Choice(
                intent=intent,
                slots={PRODUCT: f"{hit.sku} {self.text}"[:LONGEST_QUESTION]},
                title="title_of_product",
                facts={"name": hit.name},
            )
            for hit in self.candidates
        ]


class ProductFinder:
    """Finds the product a message is about: by a button, by its words, or as talked about before."""

    def __init__(self, catalogue: CatalogueService, tongue: Tongue) -> None:
        self._catalogue = catalogue
        self._tongue = tongue

    async def read(self, tracker: Tracker) -> ProductQuestion:
        """What the latest message asks about which product."""
        language = self._tongue.of(tracker.latest_message)
        text = named_in_message(tracker, PRODUCT) or typed_text(tracker)
        hits = await self._catalogue.search_products(text, language, MOST_CHOICES) if text else ()
        before = remembered(tracker, PRODUCT)
        if not hits and before is not None:
            hits = await self._catalogue.search_products(before, language, 1)
        return ProductQuestion(text, language, meant(hits))


class ActionProductInformation(Action):
    """Tells price, material, features and sizes of a product."""

    def __init__(self, finder: ProductFinder, catalogue: CatalogueService) -> None:
        self._finder = finder
        self._catalogue = catalogue

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_product_information"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell the facts, or ask which product is meant."""
        question = await self._finder.read(tracker)
        if len(question.candidates) != 1:
            return ask_which(dispatcher, question, "product_information")
        product = await self._catalogue.get_product(question.candidates[0].sku, question.language)
        tell_product(dispatcher, product)
        return [SlotSet(PRODUCT, product.sku)]


def meant(hits: Sequence[ProductHit]) -> tuple[ProductHit, ...]:
    """The products that may be meant: one when it stands out, several when they are equally likely."""
    if not hits:
        return ()
    best = hits[0].score
    alike = tuple(hit for hit in hits if best - hit.score < CLEAR_LEAD)
    return alike if best >= SURE_SCORE else tuple(hits)


def ask_which(dispatcher: CollectingDispatcher, question: ProductQuestion, intent: str) -> list[EventType]:
    """Ask which of the candidates is meant, or say that none was found."""
    if question.candidates:
        sure = question.candidates[0].score >= SURE_SCORE
        say(dispatcher, "utter_which_product", choices=question.choices(intent), sure=sure)
    else:
        say(dispatcher, "utter_product_not_found")
    return [SlotSet(PRODUCT, None)]


def tell_product(
    dispatcher: CollectingDispatcher, product: ProductView, *, first: Sequence[Choice] = ()
) -> None:
    """Tell the facts of a product; ``first`` are buttons that come before those that ask more of it."""
    sizes = [Choice(intent="size_advice")] if product.sizes else []
    say(
        dispatcher,
        "utter_product_facts",
        choices=[*first, Choice(intent="product_availability", slots={PRODUCT: product.sku}), *sizes],
        name=product.name,
        description=product.description,
        price_from=product.price_from,
        price_to=product.price_to,
        lines=list(product.facts.items())[:MOST_FACTS],
        sizes=product.sizes,
        colours=product.colours,
    )
