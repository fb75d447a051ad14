"""What goes with a product, and what there is instead of it; the two lists never mix."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import AdviceDesk, Query, explain
from actions.advice_wishes import AdviceWish, find_budget
from actions.answers import say
from actions.named_products import choose_named, shares_word
from actions.products import MOST_CHOICES, SURE_SCORE, ProductQuestion, ask_which, meant
from actions.reading import PRODUCT, conversation_id_of, named_in_message, remembered, typed_text
from actions.records import RecordsOffice
from balie.assistant.manners import Manners
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import ProductHit
from balie.recommendations.kinds import ListKind
from balie.storage.errors import StoreUnavailableError

ALTERNATIVES: Final = "alternative_products"
COMPLEMENTARY: Final = "complementary_products"


class AnchorFinder:
    """Finds the products that a question is about."""

    def __init__(self, catalogue: CatalogueService, office: RecordsOffice, tongue: Tongue) -> None:
        self._catalogue = catalogue
        self._office = office
        self._tongue = tongue

    async def read(self, tracker: Tracker) -> tuple[ProductQuestion, bool]:
        """What a message is about, and whether that is certain.

        What a message surely names counts, then what was talked about before, then what it may name.
        """
        language = self._tongue.of(tracker.latest_message)
        named, before = named_in_message(tracker, PRODUCT), remembered(tracker, PRODUCT)
        text = named or typed_text(tracker)
        hits = await self._search(text, language, MOST_CHOICES)
        likely = _likely(text, hits, is_chosen=named is not None)
        if likely:
            return ProductQuestion(text, language, likely), True
        earlier = await self._search(before or "", language, 1) if named is None else ()
        if _is_sure(earlier):
            return ProductQuestion(text, language, earlier), True
        return ProductQuestion(text, language, tuple(hit for hit in hits if shares_word(text, hit))), False

    async def last_bought(self, tracker: Tracker) -> tuple[ProductHit, ...]:
        """What a known customer bought last; nothing of a stranger, and nothing that is not sold any more."""
        records = await self._office.open_for(conversation_id_of(tracker))
        orders = () if records is None else await records.list_recent_orders(1)
        variants = [line.sku for order in orders for line in order.lines]
        products = await self._catalogue.find_products_of(variants)
        language = self._tongue.of(tracker.latest_message)
        found = [await self._search(sku, language, 1) for sku in dict.fromkeys(products.values())]
        return tuple(hit for hits in found for hit in hits)

    async def _search(self, text: str, language: str, limit: int) -> tuple[ProductHit, ...]:
        return await self._catalogue.search_products(text, language, limit) if text else ()


class ActionAlternativeProducts(Action):
    """Shows something like a product."""

    def __init__(self, desk: AdviceDesk, finder: AnchorFinder) -> None:
        self._desk = desk
        self._finder = finder

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{ALTERNATIVES}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show alternatives, or ask to what."""
        question, is_sure = await self._finder.read(tracker)
        if len(question.candidates) > 1:
            return ask_which(dispatcher, question, ALTERNATIVES)
        if not question.candidates or not is_sure:
            say(dispatcher, "utter_like_which")
            return [SlotSet(PRODUCT, None)]
        [product] = question.candidates
        query = Query(ListKind.ALTERNATIVES, (product.sku,), _budget_of(tracker))
        moment = await self._desk.open(tracker)
        advice = None if moment is None else await self._desk.find(moment, query)
        if advice is None or not advice.cards:
            explain(dispatcher, ALTERNATIVES, advice, query)
        else:
            self._desk.show(dispatcher, "utter_alternatives", query, advice, name=product.name)
        return [SlotSet(PRODUCT, product.sku)]


class ActionComplementaryProducts(Action):
    """Shows what goes with a product: the one that is named, else those that were bought last."""

    def __init__(self, desk: AdviceDesk, finder: AnchorFinder) -> None:
        self._desk = desk
        self._finder = finder

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{COMPLEMENTARY}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show what goes with it, or ask with what."""
        question, is_sure = await self._finder.read(tracker)
        # Several that are surely meant are of one kind: what goes with one goes with the other.
        anchors = question.candidates if is_sure else await self._finder.last_bought(tracker)
        if not anchors:
            return self._ask(dispatcher, question)
        query = Query(ListKind.COMPLEMENTARY, tuple(hit.sku for hit in anchors), _budget_of(tracker))
        moment = await self._desk.open(tracker)
        advice = None if moment is None else await self._desk.find(moment, query)
        if advice is None or not advice.cards:
            explain(dispatcher, COMPLEMENTARY, advice, query)
        else:
            name = anchors[0].name if len(anchors) == 1 else None
            self._desk.show(dispatcher, "utter_goes_with", query, advice, name=name, last_order=not is_sure)
        return [SlotSet(PRODUCT, anchors[0].sku if len(anchors) == 1 else None)]

    def _ask(self, dispatcher: CollectingDispatcher, question: ProductQuestion) -> list[EventType]:
        if question.candidates:
            return ask_which(dispatcher, question, COMPLEMENTARY)
        say(dispatcher, "utter_goes_with_which")
        return [SlotSet(PRODUCT, None)]


class Instead:
    """Shows alternatives to what is sold out without being asked, unless the mood forbids it."""

    def __init__(self, desk: AdviceDesk, manners: Manners | None) -> None:
        self._desk = desk
        self._manners = manners

    async def show(self, dispatcher: CollectingDispatcher, tracker: Tracker, sku: str, name: str) -> None:
        """Show them; nothing where there are none."""
        moment = await self._desk.open(tracker)
        if moment is None or not await self._may_offer(tracker):
            return
        query = Query(ListKind.ALTERNATIVES, (sku,))
        try:
            advice = await self._desk.find(moment, query)
        except StoreUnavailableError:
            # What was asked has been answered; this is what nobody will miss.
            return
        if advice.cards:
            self._desk.show(dispatcher, "utter_alternatives_instead", query, advice, name=name)

    async def _may_offer(self, tracker: Tracker) -> bool:
        if self._manners is None:
            return True
        bearing = await self._manners.look(conversation_id_of(tracker), tracker.latest_message)
        return bearing.stance.allows_offers


def _likely(text: str, hits: tuple[ProductHit, ...], *, is_chosen: bool) -> tuple[ProductHit, ...]:
    """What a text surely names: a search finds something for any sentence."""
    if is_chosen:
        return meant(hits) if _is_sure(hits) else ()
    named = choose_named(text, hits, loosely=False)
    wanted = (named.sku,) if named.sku is not None else named.candidates
    return tuple(hit for hit in hits if hit.sku in wanted)


def _is_sure(hits: tuple[ProductHit, ...]) -> bool:
    return bool(hits) and hits[0].score >= SURE_SCORE


def _budget_of(tracker: Tracker) -> AdviceWish:
    return AdviceWish(budget=find_budget(typed_text(tracker)))
