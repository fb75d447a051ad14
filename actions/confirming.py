"""The form of a change: asks what is missing, shows what would happen, and reads the answer.

The question shows the offer (``balie.orders.changes``), and the answer goes back with the offer's id, so that
nothing is ever done that was not shown. Yes and no may be typed or pressed; a button knows its offer or its
question, so that an old one changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before, next_asking
from actions.change_facts import detail_choices
from actions.change_flows import FLOWS
from actions.flow import Detail, Source
from actions.forms import CONFIRM_FORM, CONFIRMATION, OFFER, PENDING_CHANGE, WISH, over, say_closed
from actions.hearing import hear_answer, hear_first_again, open_question
from actions.open_change import Answer, FormAction, OpenChange
from actions.reading import (
    DETAIL,
    ORDER_NUMBER,
    intent_of,
    named_in_message,
    remembered,
    typed_text,
)
from actions.tills import Answered, Denied, say_denial
from actions.which_order import names_just_an_order
from actions.wishes import ADDRESS, CODE, CONTACT, COUNT, DAY, PRODUCT, QUANTITY, STARS, STORE, VARIANT
from balie.assistant.speech import Choice
from balie.content.articles import OUT_OF_SCOPE
from balie.errands.kinds import Obstacle
from balie.orders.errors import OrderNotFoundError
from balie.orders.policy_facts import Reason

CONFIRM, DECLINE = "confirm_change", "decline_change"
CHOOSE_DETAIL: Final = "choose_detail"


_TYPED: Final = {"affirm": Answer.YES, "deny": Answer.NO}
_PRESSED: Final = {CONFIRM: Answer.YES, DECLINE: Answer.NO}
_NEVER_AN_ANSWER: Final = frozenset({"stop_flow", "repeat_answer", "contact_human_agent"})
SEND_PHOTO: Final = "send_photo"
_PIECES: Final = (QUANTITY, COUNT)
_ASK_AGAIN: Final[Mapping[str, Sequence[str]]] = {
    Reason.INVALID_QUANTITY: _PIECES,
    Reason.TOO_MANY: _PIECES,
    Reason.OUT_OF_STOCK: (VARIANT, QUANTITY),
    Reason.COSTS_MORE: (VARIANT,),
    Reason.INVALID_ADDRESS: (ADDRESS,),
    Reason.COUNTRY_NOT_SERVED: (ADDRESS,),
    Reason.PICK_UP_NOT_POSSIBLE: (DAY,),
    Obstacle.INVALID_NAME: (CONTACT,),
    Obstacle.INVALID_PHONE: (CONTACT,),
    Obstacle.INVALID_EMAIL: (CONTACT,),
    Obstacle.INVALID_STARS: (STARS,),
    Obstacle.NOT_IN_STORE: (STORE,),
    Obstacle.UNKNOWN: (CODE,),
    Obstacle.NOT_A_QUANTITY: (QUANTITY,),
    Obstacle.NOT_COLLECTABLE: (STORE,),
}
"""Refusals that another answer may mend: to the first of these questions that was answered."""
_UNREADABLE: Final[Mapping[Source, str]] = {
    Source.ADDRESS: "utter_address_unreadable",
    Source.CONTACT: "utter_contact_unreadable",
    Source.PRODUCT: "utter_product_not_found",
    Source.STORE: "utter_store_unreadable",
    Source.CODE: "utter_shop_code_unreadable",
}


class ActionAskConfirmation(FormAction):
    """Asks the next thing that has to be known, and then shows the offer; recalls once, then only listens."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_ask_{CONFIRMATION}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Ask, recall, or say nothing."""
        try:
            change = await self.open_change(tracker)
        except OrderNotFoundError:
            say(dispatcher, "utter_order_not_found", number=remembered(tracker, ORDER_NUMBER))
            return over(tracker)
        if change is None:
            say_closed(dispatcher, tracker)
            return over(tracker)
        detail = change.flow.next_detail(change.wish, change.options)
        question = CONFIRMATION if detail is None else detail.name
        step = next_asking(asked_before(tracker, question))
        settled = SlotSet(WISH, change.wish.as_slot())
        if step is None:
            return [settled, asked(question, Asked.SILENT)]
        if detail is not None:
            return [settled, *self._ask_detail(detail, change, step, dispatcher, tracker)]
        if step is Asked.RECALLED:
            choices = _answers(change.flow.intent, remembered(tracker, OFFER) or "")
            name = f"utter_ask_again_{change.flow.intent}"
            say(dispatcher, name, choices=choices, **change.till.describe(change.wish, change.options))
            return [settled, asked(CONFIRMATION, step)]
        return [settled, *await self._show_offer(change, dispatcher, tracker)]

    def _ask_detail(
        self,
        detail: Detail,
        change: OpenChange,
        step: Asked,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
    ) -> list[EventType]:
        if not detail.is_open and not detail.values(change.wish, change.options):
            denied = change.till.nothing_to_choose(change.wish, change.options)
            return self._refuse(denied, change, dispatcher, tracker)
        say(
            dispatcher,
            f"utter_{change.flow.intent}_{detail.name}",
            choices=detail_choices(detail, change.till.number, change.wish, change.options),
            again=step is Asked.RECALLED,
            **change.till.describe(change.wish, change.options),
        )
        return [asked(detail.name, step)]

    async def _show_offer(
        self, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        offer = await change.till.offer(change.wish, change.options)
        if isinstance(offer, Answered):
            say(dispatcher, f"utter_{change.flow.intent}_told", **offer.facts)
            return over(tracker)
        if isinstance(offer, Denied):
            return self._refuse(offer, change, dispatcher, tracker)
        intent = change.flow.intent
        say(dispatcher, f"utter_confirm_{intent}", choices=_answers(intent, offer.offer_id), **offer.facts)
        return [SlotSet(OFFER, offer.offer_id), asked(CONFIRMATION, Asked.IN_FULL)]

    def _refuse(
        self, denied: Denied, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """Say why not; where another answer may mend it, that question stays open."""
        # Where fewer would do, it is not the choice that is the trouble.
        mends = _PIECES if denied.facts.get("at_most") else _ASK_AGAIN.get(denied.reason, ())
        answered = (name for name in mends if change.wish.get(name) is not None)
        detail = change.flow.find_detail(next(answered, ""))
        if detail is None or denied.values == ():
            say_denial(dispatcher, change.flow.intent, denied)
            return over(tracker)
        wish = change.wish.without(detail.name)
        choices = detail_choices(detail, change.till.number, wish, change.options, values=denied.values)
        say_denial(dispatcher, change.flow.intent, denied, choices)
        return [SlotSet(WISH, wish.as_slot()), asked(detail.name, Asked.REFUSED)]


class ValidateConfirmForm(FormAction):
    """Reads the customer's answer: a detail, yes, no, another order, or something else altogether."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"validate_{CONFIRM_FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """The answer as slots; nothing when the message was about something else."""
        intent = intent_of(tracker) or ""
        if intent in _PRESSED:
            return self._pressed(_PRESSED[intent], tracker)
        if intent == CHOOSE_DETAIL:
            return await self._chosen(tracker)
        named, pending = named_in_message(tracker, ORDER_NUMBER), remembered(tracker, PENDING_CHANGE)
        is_about_it = intent in {*_TYPED, pending} or names_just_an_order(tracker, self.listener.reader)
        if named is not None and pending in FLOWS and is_about_it:
            # "No, the other one, DD…" corrects, whatever else was said of the first.
            # What was said of the first is forgotten when its wish is settled against the other.
            return [SlotSet(ORDER_NUMBER, named), *_show_again()]
        said = await self._details(intent, dispatcher, tracker)
        if said:
            return said
        if intent in _TYPED and remembered(tracker, OFFER) is not None:
            return self._typed(_TYPED[intent], tracker)
        return []

    async def _details(
        self, intent: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """What the message says of the wish; nothing when it says nothing, or asks something back."""
        text = typed_text(tracker)
        try:
            change = await self.open_change(tracker) if text or intent == SEND_PHOTO else None
        except OrderNotFoundError:
            return []
        if change is None or not change.flow.details:
            return []
        if intent in _NEVER_AN_ANSWER and not self._is_word_for_word(text, change, tracker):
            return []
        wish = await hear_answer(self.listener, change, tracker)
        if wish.said == change.wish.said:
            return self._unreadable(text, change, dispatcher, tracker)
        return [SlotSet(WISH, wish.as_slot()), SlotSet(OFFER, None), *_show_again()]

    def _is_word_for_word(self, text: str, change: OpenChange, tracker: Tracker) -> bool:
        """Whether a message is just what was asked for, whatever else it could mean: "leave"."""
        question = open_question(change.flow, tracker)
        return question is not None and self.listener.reader.is_phrase_of(question.name, text)

    def _unreadable(
        self, text: str, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """What was typed in answer and cannot be read is asked again, with what it needs."""
        detail = open_question(change.flow, tracker)
        reply = None if detail is None else _UNREADABLE.get(detail.source)
        if detail is None or reply is None or self.listener.reader.is_question(text):
            return []
        is_about_it = intent_of(tracker) in {change.flow.intent, OUT_OF_SCOPE}
        has_number = any(character.isdigit() for character in text)
        if not has_number and (detail.source is Source.ADDRESS or not is_about_it):
            # Somebody who says something else: an address has a number.
            return []
        say(dispatcher, reply, **change.till.describe(change.wish, change.options))
        return [SlotSet(CONFIRMATION, None), asked(detail.name, Asked.REFUSED)]

    async def _chosen(self, tracker: Tracker) -> list[EventType]:
        """A button of a question; one that belongs to another order or is no longer possible does nothing."""
        name, _, rest = (named_in_message(tracker, DETAIL) or "").partition(":")
        number, _, value = rest.partition(":")
        try:
            change = await self.open_change(tracker)
        except OrderNotFoundError:
            change = None
        detail = None if change is None else change.flow.find_detail(name)
        if change is None or detail is None or number != change.till.number:
            return _show_again()
        if not detail.accepts(value, change.wish, change.options):
            return _show_again()
        wish = change.wish.having(name, value)
        if name == PRODUCT:
            wish = await hear_first_again(self.listener, change.till, wish, tracker)
        return [SlotSet(WISH, wish.as_slot()), SlotSet(OFFER, None), *_show_again()]

    def _typed(self, answer: Answer, tracker: Tracker) -> list[EventType]:
        if asked_before(tracker, CONFIRMATION) in {None, Asked.SILENT}:
            # The last words were about something else, and so may the yes be: shown again before it counts.
            return _show_again() if answer is Answer.YES else [SlotSet(CONFIRMATION, answer.value)]
        return [SlotSet(CONFIRMATION, answer.value)]

    def _pressed(self, answer: Answer, tracker: Tracker) -> list[EventType]:
        if named_in_message(tracker, OFFER) != remembered(tracker, OFFER):
            # A button of an earlier question: what it showed is not what is asked now, which is shown again.
            return _show_again()
        return [SlotSet(CONFIRMATION, answer.value)]


def _show_again() -> list[EventType]:
    return [SlotSet(CONFIRMATION, None), ask_afresh()]


def _answers(task: str, offer_id: str) -> Sequence[Choice]:
    return [
        Choice(intent=intent, slots={OFFER: offer_id}, title=f"title_{answer}_{task}")
        for intent, answer in ((CONFIRM, "confirm"), (DECLINE, "decline"))
    ]
