"""Asks what is meant where a message was not understood, but names goods of ours.

What is understood of a message does not know the catalogue: "is the Fjellvik Varen in stock?" may be read as
nothing that the assistant is for. Where it plainly asks for advice, or whether there is any, it is answered
all the same; where it only names goods, it is asked what is meant, and that still counts as not understood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import ANYTHING
from actions.advice_tools import ADVICE_FORM, AdviceTools
from actions.advice_wishes import AdviceWish
from actions.answers import say
from actions.availability import ActionProductAvailability
from actions.goods_questions import ACTIVITY, GoodsAsked, find_asked
from actions.offers import may_offer
from actions.products import MOST_CHOICES, ProductQuestion
from actions.reading import DETAIL, PRODUCT, typed_text
from actions.recommend_flow import ActionRecommendProduct
from actions.variant_words import find_named_in_full
from balie.assistant.manners import Manners
from balie.assistant.speech import OUT_OF_SCOPE, Choice
from balie.catalogue.goods_finder import SaidGoods
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import CategoryView, ProductHit
from balie.catalogue.words import in_language, normalise_words
from balie.storage.errors import StoreUnavailableError

ABOUT_PRODUCT: Final = "utter_about_product"
ABOUT_KIND: Final = "utter_about_kind"
_REFUSED: Final = f"utter_{OUT_OF_SCOPE}"
_TELL, _STOCK, _ADVICE = "product_information", "product_availability", "recommend_product"
_LIKE_IT, _WITH_IT = "alternative_products", "complementary_products"


@dataclass(frozen=True, slots=True)
class NamedGoods:
    """Goods of ours that a message names for sure: one product, or a kind.

    Attributes:
        product: None where it is a kind.
        wish: What is said of the kind.
        words: That name the kind.
        labels: What the kind is called in the customer's language; empty where that cannot be said.
        range: The name of the whole category, where that is what is named.
        is_surely_meant: Whether goods are meant even where nothing is asked about them.
    """

    product: ProductHit | None = None
    wish: AdviceWish = ANYTHING
    words: str = ""
    labels: tuple[str, ...] = ()
    range: str | None = None
    is_surely_meant: bool = True

    def is_about(self, asked: GoodsAsked | None) -> bool:
        """Whether a message that names them is about them, by what it asks."""
        if self.product is not None or asked in {GoodsAsked.ADVICE, GoodsAsked.STOCK}:
            return True
        return asked is None and self.is_surely_meant


class GoodsSpotter:
    """Tells which goods a text names; nothing that merely resembles."""

    def __init__(self, tools: AdviceTools) -> None:
        self._tools = tools
        self._catalogue: CatalogueService = tools.catalogue

    async def find(self, text: str, language: str) -> NamedGoods | None:
        """The goods that are named; None when there are none."""
        if not text:
            return None
        product = await self._product_in_full(text, language)
        if product is not None:
            return NamedGoods(product)
        said = await self._catalogue.find_goods(text)
        if said.words:
            return await self._of_kind(text, said, language)
        return await self._of_category(text, language)

    async def _product_in_full(self, text: str, language: str) -> ProductHit | None:
        hits = await self._catalogue.search_products(text, language, MOST_CHOICES)
        sku = find_named_in_full(text, {hit.sku: {"": hit.name, "number": hit.sku} for hit in hits})
        return next((hit for hit in hits if hit.sku == sku), None)

    async def _of_kind(self, text: str, said: SaidGoods, language: str) -> NamedGoods:
        skus = await self._catalogue.find_goods_of(said.words, said.audience)
        if len(skus) == 1:
            [only] = skus
            hits = await self._catalogue.search_products(only, language, 1)
            if hits:
                return NamedGoods(hits[0])
        wish = await self._tools.hear(text, AdviceWish(), language)
        meant = await self._catalogue.narrow_goods(said.words, said.audience, (), language)
        named = NamedGoods(None, wish, " ".join(said.words), meant[0].labels)
        return replace(named, is_surely_meant=said.is_sure)

    async def _of_category(self, text: str, language: str) -> NamedGoods | None:
        """The category whose own name is said; the words that go with it may be of anything."""
        named = _named(text, await self._catalogue.list_categories())
        if named is None:
            return None
        wish = await self._tools.hear(text, AdviceWish(), language)
        called = in_language(named.names, language)
        of_range = NamedGoods(None, replace(wish, categories=(named.code,)), called, range=called)
        return replace(of_range, is_surely_meant=not self._is_activity(named))

    def _is_activity(self, category: CategoryView) -> bool:
        """Whether a name of it is no more than what people do: "ik kan niet slapen" is about no goods."""
        return any(self._tools.reader.is_phrase_of(ACTIVITY, name) for name in category.names.values())


class ActionOutOfScope(Action):
    """Refuses what the assistant is not for; what names goods of ours is answered, or asked about."""

    def __init__(
        self,
        tools: AdviceTools,
        recommend: ActionRecommendProduct,
        availability: ActionProductAvailability,
        manners: Manners | None,
    ) -> None:
        self._tools = tools
        self._spotter = GoodsSpotter(tools)
        self._recommend = recommend
        self._availability = availability
        self._manners = manners

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{OUT_OF_SCOPE}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer, ask what is meant, or refuse."""
        goods, asked = await self._find(tracker), find_asked(typed_text(tracker), self._tools.reader)
        if goods is not None and goods.is_about(asked):
            if asked is GoodsAsked.STOCK:
                return await self._tell_stock(dispatcher, tracker, domain, goods)
            # Who is angry is neither sold anything nor asked whether it is about goods.
            if await may_offer(self._manners, tracker):
                if asked is GoodsAsked.ADVICE and goods.product is None:
                    return await self._recommend.run(dispatcher, tracker, domain)
                return _ask_back(dispatcher, goods)
        say(dispatcher, _REFUSED)
        return []

    async def _find(self, tracker: Tracker) -> NamedGoods | None:
        """The goods that are named; none while a form asks something else, whose answer may name them."""
        if tracker.active_loop_name not in {None, ADVICE_FORM}:
            return None
        try:
            return await self._spotter.find(typed_text(tracker), self._language(tracker))
        except StoreUnavailableError:
            return None

    async def _tell_stock(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, goods: NamedGoods
    ) -> list[EventType]:
        if goods.product is None:
            return await self._availability.run(dispatcher, tracker, domain)
        question = ProductQuestion(typed_text(tracker), self._language(tracker), (goods.product,))
        return await self._availability.tell(dispatcher, tracker, question)

    def _language(self, tracker: Tracker) -> str:
        return self._tools.tongue.of(tracker.latest_message)


def _ask_back(dispatcher: CollectingDispatcher, goods: NamedGoods) -> list[EventType]:
    if goods.product is None:
        say(
            dispatcher,
            ABOUT_KIND,
            choices=_of_kind(goods),
            kinds=list(goods.labels),
            range=goods.range,
        )
        return []
    say(dispatcher, ABOUT_PRODUCT, choices=_of_product(goods.product.sku), name=goods.product.name)
    return [SlotSet(PRODUCT, goods.product.sku)]


def _of_product(sku: str) -> list[Choice]:
    about = {PRODUCT: sku}
    return [
        Choice(intent=_TELL, slots=about, title="title_about_it"),
        Choice(intent=_STOCK, slots=about, title="title_in_stock"),
        Choice(intent=_LIKE_IT, slots=about),
        Choice(intent=_WITH_IT, slots=about),
    ]


def _of_kind(goods: NamedGoods) -> list[Choice]:
    """The button for advice keeps what is wanted; what was typed stays with the conversation."""
    kept = replace(goods.wish, asked=(), answered=()).as_slot
    return [
        Choice(intent=_ADVICE, slots={DETAIL: kept}),
        Choice(intent=_STOCK, slots={PRODUCT: goods.words}, title="title_one_in_stock"),
    ]


def _named(text: str, categories: tuple[CategoryView, ...]) -> CategoryView | None:
    """The category of which the whole name stands in a text; the longest name counts."""
    said = f" {' '.join(normalise_words(text))} "
    names = [(" ".join(normalise_words(name)), each) for each in categories for name in each.names.values()]
    found = [(len(name), each) for name, each in names if name and f" {name} " in said]
    return max(found, key=lambda one: one[0], default=(0, None))[1]
