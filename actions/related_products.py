"""What goes with a product, and what there is instead of it; the two lists never mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import AdviceDesk, Query, explain
from actions.advice_tools import (
    ABOUT_IT,
    NEVER_AN_ANSWER,
    READY,
    SHORT_ANSWER,
    WHICH,
    AdviceTools,
    closed,
    show_wished,
)
from actions.advice_wishes import ADVICE, ADVICE_WISH, PENDING_ADVICE, AdviceWish, find_budget
from actions.answers import say
from actions.asking import ask_afresh, asked_before
from actions.goods_questions import GoodsAsked, find_asked
from actions.named_products import choose_named, shares_word
from actions.offers import may_offer
from actions.products import MOST_CHOICES, SURE_SCORE, ProductQuestion, ask_which, meant
from actions.reading import (
    PRODUCT,
    conversation_id_of,
    intent_of,
    named_in_message,
    remembered,
    typed_text,
)
from actions.records import RecordsOffice
from actions.typed_answers import AnswerReader
from balie.assistant.manners import Manners
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import ProductHit
from balie.recommendations.kinds import ListKind
from balie.storage.errors import StoreUnavailableError

ALTERNATIVES: Final = "alternative_products"
COMPLEMENTARY: Final = "complementary_products"
_DENY: Final = "deny"
_WHICH: Final = {ALTERNATIVES: "utter_like_which", COMPLEMENTARY: "utter_goes_with_which"}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a question is about.

    Attributes:
        products: That it is surely about; several are of one kind.
        kinds: Phrases that name the kinds that it is about, where it is about no single product.
        is_last_order: The products are those that the customer bought last.
        is_beside: A kind is asked for that is to go with them.
        maybe: What it may be about, where nothing is sure.
        is_earlier: The product was talked about before; the message names none.
    """

    maybe: ProductQuestion
    products: tuple[ProductHit, ...] = ()
    kinds: tuple[str, ...] = ()
    is_last_order: bool = False
    is_beside: bool = False
    is_earlier: bool = False

    @property
    def is_named(self) -> bool:
        """Whether the message itself names what it is about."""
        return bool(self.products or self.kinds) and not (self.is_last_order or self.is_earlier)


class AnchorFinder:
    """Finds the products that a question is about."""

    def __init__(self, catalogue: CatalogueService, office: RecordsOffice, tongue: Tongue) -> None:
        self._catalogue = catalogue
        self._office = office
        self._tongue = tongue

    async def find(self, tracker: Tracker, *, last_order: bool = False) -> Anchor:
        """What a message is about.

        What it surely names counts, then what was talked about before, then what it may name. Of a kind that
        it names, the product that was talked about is meant; then, if ``last_order``, what was bought last.
        """
        language = self._tongue.of(tracker.latest_message)
        named, before = named_in_message(tracker, PRODUCT), remembered(tracker, PRODUCT)
        text = named or typed_text(tracker)
        if named is None:
            anchor = await self._of_kind(tracker, text, last_order=last_order)
            if anchor is not None:
                return anchor
        hits = await self._search(text, language, MOST_CHOICES)
        likely = _likely(text, hits, is_chosen=named is not None)
        if likely:
            return Anchor(ProductQuestion(text, language, likely), likely)
        earlier = await self._search(before or "", language, 1) if named is None else ()
        if _is_sure(earlier):
            return Anchor(ProductQuestion(text, language, earlier), earlier, is_earlier=True)
        maybe = ProductQuestion(text, language, tuple(hit for hit in hits if shares_word(text, hit)))
        bought = await self._last_bought(tracker) if last_order else ()
        return Anchor(maybe, bought, is_last_order=bool(bought))

    async def labels(self, tracker: Tracker, kinds: Sequence[str]) -> list[str]:
        """What kinds are called in the customer's language; empty where that cannot be said."""
        language = self._tongue.of(tracker.latest_message)
        meant = await self._catalogue.narrow_goods(kinds, None, (), language)
        return list(meant[0].labels)

    async def _of_kind(self, tracker: Tracker, text: str, *, last_order: bool) -> Anchor | None:
        """What it is about where it names a kind of goods; None where it names none."""
        language = self._tongue.of(tracker.latest_message)
        said = await self._catalogue.find_anchor_goods(text)
        words = said.words
        if said.is_beside:
            return Anchor(ProductQuestion(text, language, ()), kinds=words, is_beside=True)
        skus = await self._catalogue.find_goods_of(words) if words else frozenset()
        question = ProductQuestion(text, language, ())
        if not skus:
            return Anchor(question, kinds=words) if words else None
        if len(skus) <= MOST_CHOICES:
            found = [await self._search(sku, language, 1) for sku in sorted(skus)]
            hits = tuple(hit for each in found for hit in each)
            return Anchor(ProductQuestion(text, language, hits), hits)
        earlier = await self._search(remembered(tracker, PRODUCT) or "", language, 1)
        if _is_sure(earlier) and earlier[0].sku in skus:
            return Anchor(ProductQuestion(text, language, earlier), earlier)
        bought = await self._last_bought(tracker) if last_order else ()
        of_kind = tuple(hit for hit in bought if hit.sku in skus)
        return Anchor(question, of_kind, () if of_kind else words, is_last_order=bool(of_kind))

    async def _last_bought(self, tracker: Tracker) -> tuple[ProductHit, ...]:
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


class RelatedAction(Action):
    """What is asked about products: answered at once, or after the form has heard which."""

    def __init__(self, task: str, finder: AnchorFinder, reader: AnswerReader) -> None:
        self.task = task
        self._finder = finder
        self._reader = reader

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{self.task}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show products, or ask about which."""
        anchor = await self._find(tracker)
        answered = await self._show(dispatcher, tracker, anchor)
        if answered is not None:
            return [*answered, *closed(tracker)]
        if anchor.maybe.candidates:
            asked = ask_which(dispatcher, anchor.maybe, self.task)
        else:
            say(dispatcher, _WHICH[self.task])
            asked = [SlotSet(PRODUCT, None)]
        pending = [SlotSet(PENDING_ADVICE, self.task), SlotSet(ADVICE, None), SlotSet(ADVICE_WISH, None)]
        return [*asked, *pending, ask_afresh()]

    async def hear(self, tracker: Tracker) -> list[EventType]:
        """Take up what was typed when the form asked about which; nothing when it is about something else."""
        text, intent = typed_text(tracker), intent_of(tracker)
        if not text or intent in NEVER_AN_ANSWER or asked_before(tracker, WHICH) is None:
            # The form begins with the very message that it asks about.
            return []
        may_answer = intent in {*ABOUT_IT, self.task}
        is_short = len(text.split()) <= SHORT_ANSWER
        if not may_answer and (not is_short or self._reader.is_question(text)):
            return []
        # A refusal, a rant, or a question about something else entirely names nothing of ours.
        answers = intent in {None, self.task, _DENY} or await self._names_goods(tracker)
        return [SlotSet(ADVICE, READY)] if answers else []

    async def _names_goods(self, tracker: Tracker) -> bool:
        asked = find_asked(typed_text(tracker), self._reader)
        if asked in {GoodsAsked.ELSEWHERE, GoodsAsked.CURSED}:
            return False
        return (await self._find(tracker)).is_named

    async def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Show what was asked for, now that it is known, or leave it at a no; it is not asked again."""
        anchor = await self._find(tracker)
        if intent_of(tracker) == _DENY and not anchor.is_named:
            say(dispatcher, "utter_stop_flow")
            return []
        answered = await self._show(dispatcher, tracker, anchor)
        if answered is None:
            say(dispatcher, "utter_product_not_found")
        return answered or []

    async def _find(self, tracker: Tracker) -> Anchor:
        return await self._finder.find(tracker)

    async def _show(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, anchor: Anchor
    ) -> list[EventType] | None:
        """Show products, or say that there are none; None where it is not known what it is about."""
        raise NotImplementedError


class ActionAlternativeProducts(RelatedAction):
    """Shows something like a product; of a kind, what there is of it."""

    def __init__(self, tools: AdviceTools, finder: AnchorFinder) -> None:
        super().__init__(ALTERNATIVES, finder, tools.reader)
        self._tools = tools

    async def _show(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, anchor: Anchor
    ) -> list[EventType] | None:
        if anchor.kinds:
            return await show_kind(self._tools, dispatcher, tracker)
        if len(anchor.products) != 1:
            return None
        [product] = anchor.products
        desk = self._tools.desk
        query = Query(ListKind.ALTERNATIVES, (product.sku,), _budget_of(tracker))
        advice = await desk.ask(tracker, query)
        if advice is None or not advice.cards:
            explain(dispatcher, ALTERNATIVES, advice, query)
        else:
            desk.show(dispatcher, "utter_alternatives", query, advice, name=product.name)
        return [SlotSet(PRODUCT, product.sku)]


async def show_kind(
    tools: AdviceTools, dispatcher: CollectingDispatcher, tracker: Tracker
) -> list[EventType]:
    """Show what there is of the kind that a message asks for."""
    wish = await tools.hear(typed_text(tracker), AdviceWish(), tools.tongue.of(tracker.latest_message))
    await show_wished(tools, dispatcher, tracker, wish)
    return [SlotSet(PRODUCT, None)]


class ActionComplementaryProducts(RelatedAction):
    """Shows what goes with a product or a kind; of a kind that is asked for beside it, what there is."""

    def __init__(self, tools: AdviceTools, finder: AnchorFinder) -> None:
        super().__init__(COMPLEMENTARY, finder, tools.reader)
        self._tools = tools
        self._desk = tools.desk

    async def _find(self, tracker: Tracker) -> Anchor:
        return await self._finder.find(tracker, last_order=True)

    async def _show(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, anchor: Anchor
    ) -> list[EventType] | None:
        if not anchor.products and not anchor.kinds:
            return None
        if anchor.is_beside:
            return await show_kind(self._tools, dispatcher, tracker)
        skus = tuple(hit.sku for hit in anchor.products)
        query = Query(ListKind.COMPLEMENTARY, skus, _budget_of(tracker), kinds=anchor.kinds)
        advice = await self._desk.ask(tracker, query)
        if advice is None or not advice.cards:
            explain(dispatcher, COMPLEMENTARY, advice, query)
        else:
            facts = {
                "name": anchor.products[0].name if len(skus) == 1 else None,
                "kinds": await self._finder.labels(tracker, anchor.kinds) if anchor.kinds else [],
                "last_order": anchor.is_last_order,
            }
            self._desk.show(dispatcher, "utter_goes_with", query, advice, **facts)
        return [SlotSet(PRODUCT, skus[0] if len(skus) == 1 else None)]


class Instead:
    """Shows alternatives to what is sold out without being asked, unless the mood forbids it."""

    def __init__(self, desk: AdviceDesk, manners: Manners | None) -> None:
        self._desk = desk
        self._manners = manners

    async def show(self, dispatcher: CollectingDispatcher, tracker: Tracker, sku: str, name: str) -> None:
        """Show them; nothing where there are none."""
        moment = await self._desk.open(tracker)
        if moment is None or not await may_offer(self._manners, tracker):
            return
        query = Query(ListKind.ALTERNATIVES, (sku,))
        try:
            advice = await self._desk.find(moment, query)
        except StoreUnavailableError:
            # What was asked has been answered; this is what nobody will miss.
            return
        if advice.cards:
            self._desk.show(dispatcher, "utter_alternatives_instead", query, advice, name=name)


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
