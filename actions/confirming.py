"""The form of a change: asks what is missing, shows what would happen, and reads the answer.

The question shows the offer (``balie.orders.changes``), and the answer goes back with the offer's id, so that
nothing is ever done that was not shown. Yes and no may be typed or pressed; a button knows its offer or its
question, so that an old one changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before, next_asking
from actions.change_facts import describe_effects, describe_order, describe_wish, detail_choices
from actions.change_flows import ChangeFlow, Detail
from actions.changing import (
    CONFIRM_FORM,
    CONFIRMATION,
    OFFER,
    PENDING_CHANGE,
    WISH,
    over,
    say_refusal,
)
from actions.open_change import Answer, FormAction, OpenChange
from actions.reading import (
    ASKED,
    ORDER_NUMBER,
    intent_of,
    named_in_message,
    remembered,
    typed_text,
)
from actions.wishes import ADDRESS, QUANTITY, VARIANT, Wish
from balie.assistant.speech import APOLOGY, Choice
from balie.content.articles import OUT_OF_SCOPE
from balie.orders.errors import OrderNotFoundError
from balie.orders.outcomes import Refused
from balie.orders.policy_facts import Change, Reason

CONFIRM, DECLINE = "confirm_change", "decline_change"
CHOOSE_DETAIL: Final = "choose_detail"
DETAIL: Final = "detail"
"""What a button of a question means: ``question:order:value``."""


_TYPED: Final = {"affirm": Answer.YES, "deny": Answer.NO}
_PRESSED: Final = {CONFIRM: Answer.YES, DECLINE: Answer.NO}
_NEVER_AN_ANSWER: Final = frozenset({"stop_flow", "repeat_answer", "contact_human_agent"})
_ASK_AGAIN: Final = {
    Reason.INVALID_QUANTITY: (QUANTITY,),
    Reason.TOO_MANY: (QUANTITY,),
    Reason.OUT_OF_STOCK: (VARIANT, QUANTITY),
    Reason.COSTS_MORE: (VARIANT,),
    Reason.INVALID_ADDRESS: (ADDRESS,),
    Reason.COUNTRY_NOT_SERVED: (ADDRESS,),
}
"""Refusals that another answer may mend: to the first of these questions that was answered."""


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
            say(dispatcher, APOLOGY)
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
            say(dispatcher, name, number=change.number, choices=choices)
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
            # Nothing can be chosen: no other size or colour is there.
            say_refusal(dispatcher, change.flow.intent, _nothing_there(change), ())
            return over(tracker)
        say(
            dispatcher,
            f"utter_{change.flow.intent}_{detail.name}",
            number=change.number,
            again=step is Asked.RECALLED,
            choices=detail_choices(detail, change.number, change.wish, change.options),
            **describe_wish(change.wish, change.options),
        )
        return [asked(detail.name, step)]

    async def _show_offer(
        self, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        request = await self.request_of(change, tracker)
        offer = await change.records.offer_change(change.number, request)
        if isinstance(offer, Refused):
            return self._refuse(offer, change, dispatcher, tracker)
        order = await change.records.get_order(change.number)
        say(
            dispatcher,
            f"utter_confirm_{change.flow.intent}",
            choices=_answers(change.flow.intent, offer.offer_id),
            **describe_order(order),
            **describe_wish(change.wish, change.options, request),
            **describe_effects(offer.effects),
        )
        return [SlotSet(OFFER, offer.offer_id), asked(CONFIRMATION, Asked.IN_FULL)]

    def _refuse(
        self, refused: Refused, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """Say why not; where another answer may mend it, that question stays open."""
        answered = (name for name in _ASK_AGAIN.get(refused.reason, ()) if change.wish.get(name) is not None)
        detail = change.flow.find_detail(next(answered, ""))
        if detail is None:
            say_refusal(dispatcher, change.flow.intent, refused, ())
            return over(tracker)
        wish = change.wish.without(detail.name)
        choices = detail_choices(detail, change.number, wish, change.options)
        say_refusal(dispatcher, change.flow.intent, refused, choices)
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
        named = named_in_message(tracker, ORDER_NUMBER)
        if named is not None and intent in {*_TYPED, remembered(tracker, PENDING_CHANGE)}:
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
            change = await self.open_change(tracker) if text else None
        except OrderNotFoundError:
            return []
        if change is None or not change.flow.details or intent in _NEVER_AN_ANSWER:
            return []
        wish = await self._read(intent, text, change, tracker)
        if wish.said == change.wish.said:
            return self._unreadable(text, change, dispatcher, tracker)
        return [SlotSet(WISH, wish.as_slot()), SlotSet(OFFER, None), *_show_again()]

    async def _read(self, intent: str, text: str, change: OpenChange, tracker: Tracker) -> Wish:
        reader, flow, options = self.tools.reader, change.flow, change.options
        if reader.is_question(text):
            return change.wish
        language = self.tools.tongue.of(tracker.latest_message)
        wish, open_detail = change.wish, _open_question(flow, tracker)
        if flow.find_detail(ADDRESS) is not None:
            place = await self.tools.find_address(change.number, change.records, tracker)
            return wish if place is None else wish.having(ADDRESS, place)
        if open_detail is not None:
            value = reader.read(open_detail, text, wish, options, language)
            if value is not None:
                # What was said before stays: only this was asked, and what is still missing may come along.
                return reader.read_all(flow, text, wish.having(open_detail.name, value), options, language)
        if intent in {*_TYPED, flow.intent, OUT_OF_SCOPE} or _was_just_shown(tracker):
            return reader.read_all(flow, text, wish, options, language, corrects=True)
        return wish

    def _unreadable(
        self, text: str, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """An address that cannot be read is asked again, with what it needs."""
        detail = _open_question(change.flow, tracker)
        tried = any(character.isdigit() for character in text)
        if detail is None or detail.name != ADDRESS or not tried or self.tools.reader.is_question(text):
            return []
        say(dispatcher, "utter_address_unreadable")
        return [SlotSet(CONFIRMATION, None), asked(ADDRESS, Asked.REFUSED)]

    async def _chosen(self, tracker: Tracker) -> list[EventType]:
        """A button of a question; one that belongs to another order or is no longer possible does nothing."""
        name, _, rest = (named_in_message(tracker, DETAIL) or "").partition(":")
        number, _, value = rest.partition(":")
        try:
            change = await self.open_change(tracker)
        except OrderNotFoundError:
            change = None
        detail = None if change is None else change.flow.find_detail(name)
        if change is None or detail is None or number != change.number:
            return _show_again()
        if not detail.accepts(value, change.wish, change.options):
            return _show_again()
        wish = change.wish.having(name, value)
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


def _open_question(flow: ChangeFlow, tracker: Tracker) -> Detail | None:
    """The detail that was asked last; None when it was something else."""
    name, _, _ = (remembered(tracker, ASKED) or "").partition(":")
    return flow.find_detail(name)


def _was_just_shown(tracker: Tracker) -> bool:
    """Whether the offer, or its recall, is what was said last: then a statement is about it."""
    return asked_before(tracker, CONFIRMATION) in {Asked.IN_FULL, Asked.RECALLED}


def _nothing_there(change: OpenChange) -> Refused:
    is_exchange = change.flow.change is Change.EXCHANGE_ITEM
    return Refused(
        undertaking=change.flow.undertaking,
        order_number=change.number,
        reason=Reason.OUT_OF_STOCK,
        alternative=Change.RETURN_ITEM if is_exchange else None,
    )


def _show_again() -> list[EventType]:
    return [SlotSet(CONFIRMATION, None), ask_afresh()]


def _answers(task: str, offer_id: str) -> Sequence[Choice]:
    return [
        Choice(intent=intent, slots={OFFER: offer_id}, title=f"title_{answer}_{task}")
        for intent, answer in ((CONFIRM, "confirm"), (DECLINE, "decline"))
    ]
