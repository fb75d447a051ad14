"""Helps to choose: shows at once what fits a customer or their words, else asks two questions at most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import AdviceDesk, Query, explain
from actions.advice_wishes import (
    ADVICE,
    ADVICE_SLOTS,
    ADVICE_WISH,
    ANY,
    BUDGET,
    GIFT,
    PENDING_ADVICE,
    USE,
    AdviceWish,
    Kinds,
    hear_wish,
)
from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before
from actions.products import SURE_SCORE
from actions.reading import DETAIL, intent_of, named_in_message, payload_of, remembered, typed_text
from actions.typed_answers import AnswerReader
from balie.advice.adviser import Advice
from balie.advice.terms import AdviceTerms
from balie.assistant.speech import Choice
from balie.assistant.spoken_language import Tongue
from balie.catalogue.service import CatalogueService
from balie.content.articles import OUT_OF_SCOPE
from balie.recommendations.kinds import ListKind

TASK: Final = "recommend_product"
READY: Final = "ready"
CHOOSE_DETAIL: Final = "choose_detail"

_ABOUT_IT: Final = frozenset({None, TASK, OUT_OF_SCOPE, "affirm", "deny"})
_NEVER_AN_ANSWER: Final = frozenset({"stop_flow", "repeat_answer", "contact_human_agent"})
_SHORT_ANSWER: Final = 4
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
        kinds = Kinds(await self.catalogue.list_categories(), self.terms.uses)
        heard = hear_wish(text, wish, self.reader, kinds, asked=asked)
        if not text or heard.categories or (asked is not None and heard != wish):
            return heard
        hits = await self.catalogue.search_products(text, language, 1)
        if not hits or hits[0].score < SURE_SCORE:
            return heard
        pictures = await self.catalogue.find_pictures([hits[0].sku])
        return heard.having_answered(USE, categories=(pictures[hits[0].sku].category,))


class _AdviceAction(Action):
    """What the actions of the flow have in common."""

    def __init__(self, tools: AdviceTools) -> None:
        self._tools = tools

    async def _show(self, dispatcher: CollectingDispatcher, tracker: Tracker, wish: AdviceWish) -> None:
        query = Query(ListKind.PERSONAL, wish=wish)
        moment = await self._tools.desk.open(tracker)
        advice = None if moment is None else await self._tools.desk.find(moment, query)
        if advice is None or not advice.cards:
            explain(dispatcher, TASK, advice, query)
            return
        basis = _basis(wish, advice)
        self._tools.desk.show(
            dispatcher, "utter_recommended", query, advice, basis=basis, budget=wish.budget, gift=wish.is_gift
        )

    def _wish(self, tracker: Tracker) -> AdviceWish:
        return AdviceWish.from_slot(remembered(tracker, ADVICE_WISH))

    def _language(self, tracker: Tracker) -> str:
        return self._tools.tongue.of(tracker.latest_message)


class ActionRecommendProduct(_AdviceAction):
    """Recommends at once where anything is known; else has the form ask."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{TASK}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show, or leave it to the form."""
        wish = await self._tools.hear(typed_text(tracker), AdviceWish(), self._language(tracker))
        if wish.says_something or await self._shows_personal(dispatcher, tracker, wish):
            if wish.says_something:
                await self._show(dispatcher, tracker, wish)
            return [SlotSet(slot, None) for slot in ADVICE_SLOTS]
        moment = await self._tools.desk.open(tracker)
        if moment is None or not self._tools.terms.is_on:
            say(dispatcher, f"utter_{TASK}")
            return [SlotSet(slot, None) for slot in ADVICE_SLOTS]
        return [
            SlotSet(PENDING_ADVICE, TASK),
            SlotSet(ADVICE, None),
            SlotSet(ADVICE_WISH, wish.as_slot),
            ask_afresh(),
        ]

    async def _shows_personal(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, wish: AdviceWish
    ) -> bool:
        """Show what fits a customer we know something of; nobody else is helped by what merely sells."""
        moment = await self._tools.desk.open(tracker)
        if moment is None or moment.who.customer_id is None or wish.is_gift:
            return False
        query = Query(ListKind.PERSONAL)
        advice = await self._tools.desk.find(moment, query, only_personal=True)
        if not advice.cards:
            return False
        self._tools.desk.show(
            dispatcher, "utter_recommended", query, advice, basis="personal", budget=None, gift=False
        )
        return True


class ActionAskAdvice(_AdviceAction):
    """Asks what it is for, then what it may cost; once each, and then the form only listens."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_ask_{ADVICE}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Ask, or say nothing."""
        wish = self._wish(tracker)
        question = wish.next_question
        if question is None or asked_before(tracker, question) is not None:
            return [] if question is None else [asked(question, Asked.SILENT)]
        say(
            dispatcher,
            f"utter_ask_{question}",
            choices=[_button(question, value) for value in self._values(question, wish)],
            gift=wish.is_gift,
        )
        return [SlotSet(ADVICE_WISH, wish.having_asked(question).as_slot), asked(question, Asked.IN_FULL)]

    def _values(self, question: str, wish: AdviceWish) -> list[str]:
        if question == BUDGET:
            return [*map(str, self._tools.terms.budgets), ANY]
        return [*self._tools.terms.uses, *([] if wish.is_gift else [GIFT]), ANY]


class ValidateAdviceForm(_AdviceAction):
    """Reads the answer to what was asked; leaves everything else to other rules."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_advice_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """The answer as slots; nothing when the message was about something else."""
        wish = self._wish(tracker)
        heard = await self._hear(wish, tracker)
        if heard is None:
            return []
        is_enough = heard.next_question is None
        return [
            SlotSet(ADVICE_WISH, heard.as_slot),
            SlotSet(ADVICE, READY if is_enough else None),
            ask_afresh(),
        ]

    async def _hear(self, wish: AdviceWish, tracker: Tracker) -> AdviceWish | None:
        """The wish after the message; None when it was about something else."""
        if payload_of(tracker) is not None:
            is_detail = intent_of(tracker) == CHOOSE_DETAIL
            return self._pressed(wish, named_in_message(tracker, DETAIL) or "") if is_detail else None
        text, intent = typed_text(tracker), intent_of(tracker)
        question = wish.asked[-1] if wish.asked else None
        if not text or question is None or intent in _NEVER_AN_ANSWER:
            return None
        is_about_it = intent in _ABOUT_IT and not self._tools.reader.is_question(text)
        if not is_about_it and intent != TASK and len(text.split()) > _SHORT_ANSWER:
            return None
        heard = await self._tools.hear(text, wish, self._language(tracker), asked=question)
        if heard != wish:
            return heard
        # Whoever says something that cannot be read is not asked the same again.
        return wish.having_answered(question) if is_about_it else None

    def _pressed(self, wish: AdviceWish, detail: str) -> AdviceWish | None:
        question, _, value = detail.partition(":")
        terms = self._tools.terms
        if question == USE and value == GIFT:
            return replace(wish, is_gift=True)
        if question == USE and value in terms.uses:
            return wish.having_answered(USE, categories=tuple(terms.uses[value]))
        if question == BUDGET and value.isdecimal() and int(value) in terms.budgets:
            return wish.having_answered(BUDGET, budget=int(value))
        if question in {USE, BUDGET} and value == ANY:
            return wish.having_answered(question)
        return None


class ActionGiveAdvice(_AdviceAction):
    """Recommends what fits the answers."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_give_advice"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show, and forget the questions."""
        if remembered(tracker, PENDING_ADVICE) is not None:
            await self._show(dispatcher, tracker, self._wish(tracker))
        return [SlotSet(slot, None) for slot in ADVICE_SLOTS]


def _button(question: str, value: str) -> Choice:
    slots = {DETAIL: f"{question}:{value}"}
    if question == BUDGET and value != ANY:
        return Choice(
            intent=CHOOSE_DETAIL, slots=slots, title="title_budget_up_to", facts={"budget": int(value)}
        )
    return Choice(intent=CHOOSE_DETAIL, slots=slots, title=f"title_{question}_{value}")


def _basis(wish: AdviceWish, advice: Advice) -> str:
    """What the text says that the choice rests on; of what merely lies on the shelf it says nothing."""
    if wish.says_something or not (advice.is_personal or advice.is_popular):
        return "wish"
    return "personal" if advice.is_personal else "popular"
