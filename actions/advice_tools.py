"""What helping to choose takes, whatever it is that is asked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.advice_showing import AdviceDesk, Query, explain
from actions.advice_wishes import ADVICE_SLOTS, USE, AdviceWish, Kinds, hear_wish
from actions.for_whom import hear_for_whom
from actions.products import SURE_SCORE
from actions.reading import REQUESTED
from actions.typed_answers import AnswerReader
from balie.advice.adviser import Advice
from balie.advice.terms import AdviceTerms
from balie.assistant.spoken_language import Tongue
from balie.catalogue.goods_finder import MeantGoods
from balie.catalogue.goods_words import Audience
from balie.catalogue.service import CatalogueService
from balie.content.articles import OUT_OF_SCOPE
from balie.recommendations.kinds import ListKind

TASK: Final = "recommend_product"
READY: Final = "ready"
ADVICE_FORM: Final = "advice_form"
WHICH: Final = "which"
"""The question which product is meant; asked by the action itself, before the form begins."""

ABOUT_IT: Final = frozenset({None, OUT_OF_SCOPE, "affirm", "deny"})
"""What an answer to a question of the form is understood as."""
NEVER_AN_ANSWER: Final = frozenset({"stop_flow", "repeat_answer", "contact_human_agent"})
OVER_BUDGET: Final = "over_budget"
_NEAR: Final = 1.25
"""So much more than somebody wants to pay is worth mentioning."""
SHORT_ANSWER: Final = 4
"""So few words answer the question, even when they read like another one."""


@dataclass(frozen=True, slots=True)
class AdviceTools:
    """What helping to choose takes."""

    desk: AdviceDesk
    catalogue: CatalogueService
    reader: AnswerReader
    tongue: Tongue
    terms: AdviceTerms

    async def hear(
        self, text: str, wish: AdviceWish, language: str, *, asked: str | None = None
    ) -> AdviceWish:
        """The wish with everything that a text says of it.

        What names no kind of goods may name a thing: then its kind is meant.
        """
        audience = hear_for_whom(text, self.reader).audience or wish.audience
        goods = await self.catalogue.find_goods(text, None if audience is None else Audience(audience))
        kinds = Kinds(await self.catalogue.list_categories(), self.terms.uses, goods)
        heard = hear_wish(text, wish, self.reader, kinds, asked=asked)
        if not text or heard.categories or (asked is not None and heard != wish):
            return heard
        hits = await self.catalogue.search_products(text, language, 1)
        if not hits or hits[0].score < SURE_SCORE:
            return heard
        pictures = await self.catalogue.find_pictures([hits[0].sku])
        return heard.having_answered(USE, categories=(pictures[hits[0].sku].category,))


async def show_wished(
    tools: AdviceTools, dispatcher: CollectingDispatcher, tracker: Tracker, wish: AdviceWish
) -> None:
    """Show what fits a wish and say what was understood of it, or why nothing is shown.

    Of a kind that costs more than that, what comes nearest is shown, and that it does is said.
    """
    query = Query(ListKind.PERSONAL, wish=wish)
    moment = await tools.desk.open(tracker)
    advice = None if moment is None else await tools.desk.find(moment, query)
    basis = None
    if moment is not None and advice is not None and not advice.cards and wish.words and wish.budget:
        basis, nearly = OVER_BUDGET, replace(wish, budget=round(wish.budget * _NEAR))
        query = replace(query, wish=nearly, own_budget=wish.budget)
        advice = await tools.desk.find(moment, query)
    if advice is None or not advice.cards:
        explain(dispatcher, TASK, advice, Query(ListKind.PERSONAL, wish=wish))
        return
    goods = await tools.desk.find_shown(query, advice, tools.tongue.of(tracker.latest_message))
    facts = said_of(replace(query, wish=wish), goods, basis or _basis(wish, advice))
    tools.desk.show(dispatcher, "utter_recommended", query, advice, **facts)


def said_of(query: Query, goods: MeantGoods, basis: str) -> dict[str, Any]:
    """What the text above the cards says: what the choice rests on, and what was understood."""
    wish = query.wish
    return {
        "basis": basis,
        "budget": wish.budget,
        "gift": wish.is_gift,
        "kinds": list(goods.labels),
        "audience": None if goods.audience is None else goods.audience.value,
    }


def _basis(wish: AdviceWish, advice: Advice) -> str:
    """What the text says that the choice rests on; of what merely lies on the shelf it says nothing."""
    if wish.says_something or not (advice.is_personal or advice.is_popular):
        return "wish"
    return "personal" if advice.is_personal else "popular"


def closed(tracker: Tracker) -> list[EventType]:
    """Nothing is asked any more; a form that did is over."""
    forgotten = [SlotSet(slot, None) for slot in ADVICE_SLOTS]
    if tracker.active_loop_name != ADVICE_FORM:
        return forgotten
    return [*forgotten, ActiveLoop(None), SlotSet(REQUESTED, None)]
