"""Helps to choose: shows at once what fits a customer or their words, else asks two questions at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Protocol

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.advice_showing import Query
from actions.advice_tools import (
    ABOUT_IT,
    NEVER_AN_ANSWER,
    READY,
    SHORT_ANSWER,
    TASK,
    WHICH,
    AdviceTools,
    closed,
    said_of,
    show_wished,
)
from actions.advice_wishes import (
    ADVICE,
    ADVICE_SLOTS,
    ADVICE_WISH,
    ANY,
    BUDGET,
    PENDING_ADVICE,
    USE,
    AdviceWish,
)
from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before
from actions.for_whom import GIFT
from actions.reading import DETAIL, intent_of, named_in_message, payload_of, remembered, typed_text
from balie.assistant.speech import Choice
from balie.catalogue.goods_finder import MeantGoods
from balie.recommendations.kinds import ListKind

CHOOSE_DETAIL: Final = "choose_detail"
WANTED: Final = "wanted"
POPULAR: Final = "popular"


class Related(Protocol):
    """What asks about which product it is, and has the form listen to the answer."""

    async def hear(self, tracker: Tracker) -> list[EventType]:
        """Take up what was typed; nothing when it is about something else."""

    async def answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        """Show what was asked for."""


class _AdviceAction(Action):
    """What the actions of the flow have in common."""

    def __init__(self, tools: AdviceTools) -> None:
        self._tools = tools

    async def _show(self, dispatcher: CollectingDispatcher, tracker: Tracker, wish: AdviceWish) -> None:
        await show_wished(self._tools, dispatcher, tracker, wish)

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
        text = typed_text(tracker)
        kept = named_in_message(tracker, DETAIL)
        wish = await self._tools.hear(text, AdviceWish.from_slot(kept), self._language(tracker))
        # Whoever asks what many buy needs no questions first.
        is_enough = wish.says_something or self._tools.reader.find(WANTED, text) == POPULAR
        if is_enough or await self._shows_personal(dispatcher, tracker, wish):
            if is_enough:
                await self._show(dispatcher, tracker, wish)
            return closed(tracker)
        moment = await self._tools.desk.open(tracker)
        if moment is None or not self._tools.terms.is_on:
            say(dispatcher, f"utter_{TASK}")
            return closed(tracker)
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
            dispatcher, "utter_recommended", query, advice, **said_of(query, MeantGoods(), "personal")
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
        if remembered(tracker, PENDING_ADVICE) != TASK:
            # What asks about which product has asked already; from now on the form listens.
            return [asked(WHICH, Asked.IN_FULL)]
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

    def __init__(self, tools: AdviceTools, related: Mapping[str, Related]) -> None:
        super().__init__(tools)
        self._related = related

    def name(self) -> str:
        """Rasa's name of the action."""
        return "validate_advice_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """The answer as slots; nothing when the message was about something else."""
        related = self._related.get(remembered(tracker, PENDING_ADVICE) or "")
        if related is not None:
            return await related.hear(tracker)
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
        if not text or question is None or intent in NEVER_AN_ANSWER:
            return None
        is_about_it = intent in {*ABOUT_IT, TASK} and not self._tools.reader.is_question(text)
        if not is_about_it and intent != TASK and len(text.split()) > SHORT_ANSWER:
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
            return wish.having_answered(USE, categories=tuple(terms.uses[value]), words=())
        if question == BUDGET and value.isdecimal() and int(value) in terms.budgets:
            return wish.having_answered(BUDGET, budget=int(value))
        if question in {USE, BUDGET} and value == ANY:
            return wish.having_answered(question)
        return None


class ActionGiveAdvice(_AdviceAction):
    """Recommends what fits the answers."""

    def __init__(self, tools: AdviceTools, related: Mapping[str, Related]) -> None:
        super().__init__(tools)
        self._related = related

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_give_advice"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Show, and forget the questions."""
        pending = remembered(tracker, PENDING_ADVICE)
        related = self._related.get(pending or "")
        if related is None and pending is not None:
            await self._show(dispatcher, tracker, self._wish(tracker))
        events = [] if related is None else await related.answer(dispatcher, tracker)
        return [*events, *(SlotSet(slot, None) for slot in ADVICE_SLOTS)]


def _button(question: str, value: str) -> Choice:
    slots = {DETAIL: f"{question}:{value}"}
    if question == BUDGET and value != ANY:
        return Choice(
            intent=CHOOSE_DETAIL, slots=slots, title="title_budget_up_to", facts={"budget": int(value)}
        )
    return Choice(intent=CHOOSE_DETAIL, slots=slots, title=f"title_{question}_{value}")
