"""Changes that a customer confirms: which order, what would happen, yes or no, and then it is done, once.

A flow names the change and the order; the question shows the offer (``balie.orders.changes``), and the answer
goes back with the offer's id, so that nothing is ever done that was not shown. Yes and no may be typed or
pressed; a button knows its offer, so that an old one changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar, Final

from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before, next_asking
from actions.change_facts import alternative_choices, describe_effects
from actions.look_up import PersonalLookUp
from actions.order_facts import choose_orders, in_every_language
from actions.reading import (
    ORDER_NUMBER,
    PENDING_TASK,
    REQUESTED,
    conversation_id_of,
    intent_of,
    message_id_of,
    named_in_message,
    order_mention,
    remembered,
)
from actions.records import Records, RecordsOffice
from balie.assistant.speech import APOLOGY, Choice
from balie.orders.changes_asked import CancelOrder, Request, Turn
from balie.orders.errors import OrderNotFoundError
from balie.orders.outcomes import Refused
from balie.orders.policy import BY_STATUS
from balie.orders.policy_facts import Change
from balie.orders.views import OrderView

PENDING_CHANGE: Final = "pending_change"
"""The change that waits for a yes: the intent that asked for it."""
OFFER: Final = "offer"
CONFIRMATION: Final = "confirmation"
CONFIRM_FORM: Final = "confirm_form"
CONFIRM, DECLINE = "confirm_change", "decline_change"

RECENT_ORDERS: Final = 10
MOST_CHOICES: Final = 3
_MOST_ITEMS: Final = 5


class Answer(StrEnum):
    """What the customer says to an offer."""

    YES = "yes"
    NO = "no"


_REQUESTS: Final[dict[str, Request]] = {"cancel_order": CancelOrder()}
_TYPED: Final = {"affirm": Answer.YES, "deny": Answer.NO}
_PRESSED: Final = {CONFIRM: Answer.YES, DECLINE: Answer.NO}


class ActionCancelOrder(PersonalLookUp):
    """Finds the order that is to be called off; what that means, the confirmation asks."""

    task: ClassVar[str] = "cancel_order"

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> list[EventType]:
        """Have the order confirmed that was meant, or say which could be, or why none can."""
        number = await self.tell(dispatcher, tracker, records)
        if number is None:
            return [SlotSet(PENDING_TASK, None), *_over(tracker)]
        return [
            SlotSet(PENDING_TASK, None),
            SlotSet(ORDER_NUMBER, number),
            SlotSet(PENDING_CHANGE, self.task),
            SlotSet(OFFER, None),
            SlotSet(CONFIRMATION, None),
            ask_afresh(),
        ]

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """Say what stands in the way; the number of the order when nothing does."""
        number = order_mention(tracker).number
        recent = await records.list_recent_orders(RECENT_ORDERS)
        possible = _cancellable(recent)
        if number is None and len(possible) > 1:
            say(dispatcher, "utter_cancel_order_which", choices=_cancel_choices(possible))
            return None
        if number is None:
            newest = next(iter([*possible, *recent]), None)
            if newest is None:
                say(dispatcher, "utter_no_orders")
                return None
            number = newest.number
        return await self._settle(number, possible, dispatcher, records)

    async def _settle(
        self,
        number: str,
        possible: Sequence[OrderView],
        dispatcher: CollectingDispatcher,
        records: Records,
    ) -> str | None:
        try:
            offer = await records.offer_change(number, _REQUESTS[self.task])
        except OrderNotFoundError:
            say(
                dispatcher,
                "utter_order_not_found",
                number=number,
                choices=_cancel_choices(possible),
            )
            return None
        if isinstance(offer, Refused):
            say_refusal(dispatcher, self.task, offer, _cancel_choices(_others(possible, offer.order_number)))
            return None
        return offer.order_number


class ActionAskConfirmation(Action):
    """Shows the offer and asks for a yes; recalls it once, then only listens."""

    def __init__(self, office: RecordsOffice) -> None:
        self._office = office

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_ask_{CONFIRMATION}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Ask, recall, or say nothing."""
        step = next_asking(asked_before(tracker, CONFIRMATION))
        task, number = remembered(tracker, PENDING_CHANGE), remembered(tracker, ORDER_NUMBER)
        if step is None or task is None or number is None:
            return [asked(CONFIRMATION, Asked.SILENT)]
        if step is Asked.RECALLED:
            choices = _answers(task, remembered(tracker, OFFER) or "")
            say(dispatcher, f"utter_ask_again_{task}", number=number, choices=choices)
            return [asked(CONFIRMATION, step)]
        return await self._show_offer(task, number, dispatcher, tracker)

    async def _show_offer(
        self, task: str, number: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        records = await self._office.open_for(conversation_id_of(tracker))
        if records is None:
            say(dispatcher, APOLOGY)
            return _over(tracker)
        try:
            offer = await records.offer_change(number, _REQUESTS[task])
            order = await records.get_order(number)
        except OrderNotFoundError:
            say(dispatcher, "utter_order_not_found", number=number)
            return _over(tracker)
        if isinstance(offer, Refused):
            say_refusal(dispatcher, task, offer, ())
            return _over(tracker)
        say(
            dispatcher,
            f"utter_confirm_{task}",
            choices=_answers(task, offer.offer_id),
            **_describe(order),
            **describe_effects(offer.effects),
        )
        return [SlotSet(OFFER, offer.offer_id), asked(CONFIRMATION, Asked.IN_FULL)]


class ValidateConfirmForm(Action):
    """Reads the customer's answer to an offer: yes, no, another order, or something else altogether."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"validate_{CONFIRM_FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """The answer as a slot; nothing when the message was about something else."""
        intent = intent_of(tracker) or ""
        if intent in _PRESSED:
            return self._pressed(_PRESSED[intent], tracker)
        named = named_in_message(tracker, ORDER_NUMBER)
        if named is not None and intent in {*_TYPED, remembered(tracker, PENDING_CHANGE)}:
            # "No, the other one, DD…" corrects, whatever else was said of the first.
            return [SlotSet(ORDER_NUMBER, named), *_show_again()]
        if intent in _TYPED and remembered(tracker, OFFER) is not None:
            return self._typed(_TYPED[intent], tracker)
        return []

    def _typed(self, answer: Answer, tracker: Tracker) -> list[EventType]:
        if answer is Answer.YES and asked_before(tracker, CONFIRMATION) is Asked.SILENT:
            # The last words were about something else, and so may the yes be: shown again before it counts.
            return _show_again()
        return [SlotSet(CONFIRMATION, answer.value)]

    def _pressed(self, answer: Answer, tracker: Tracker) -> list[EventType]:
        if named_in_message(tracker, OFFER) != remembered(tracker, OFFER):
            # A button of an earlier question: what it showed is not what is asked now, which is shown again.
            return _show_again()
        return [SlotSet(CONFIRMATION, answer.value)]


class ActionMakeChange(Action):
    """Does what was confirmed, or leaves everything as it is."""

    def __init__(self, office: RecordsOffice) -> None:
        self._office = office

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_make_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Change, and say what was done; the same turn again changes nothing and says the same."""
        task, number = remembered(tracker, PENDING_CHANGE), remembered(tracker, ORDER_NUMBER)
        answer = remembered(tracker, CONFIRMATION)
        records = await self._office.open_for(conversation_id_of(tracker))
        if task is not None and number is not None and records is not None and answer is not None:
            if answer == Answer.YES:
                await self._make(task, number, dispatcher, tracker, records)
            else:
                recent = await records.list_recent_orders(RECENT_ORDERS)
                others = _cancel_choices(_others(_cancellable(recent), number))
                say(dispatcher, f"utter_{task}_left", number=number, choices=others)
        return [SlotSet(slot, None) for slot in (PENDING_CHANGE, OFFER, CONFIRMATION)]

    async def _make(
        self, task: str, number: str, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> None:
        conversation_id, message_id = conversation_id_of(tracker), message_id_of(tracker)
        offer = remembered(tracker, OFFER)
        if conversation_id is None or message_id is None or offer is None:
            say(dispatcher, APOLOGY)
            return
        turn = Turn(conversation_id=conversation_id, message_id=message_id)
        outcome = await records.make_change(number, _REQUESTS[task], turn=turn, confirmed=offer)
        if isinstance(outcome, Refused):
            say_refusal(dispatcher, task, outcome, ())
            return
        say(dispatcher, f"utter_{task}_done", number=number, **describe_effects(outcome.effects))


def say_refusal(
    dispatcher: CollectingDispatcher, task: str, refused: Refused, others: Sequence[Choice]
) -> None:
    """Say why not, with a button to what helps instead and to other orders."""
    say(
        dispatcher,
        f"utter_{task}_refused",
        number=refused.order_number,
        reason=refused.reason,
        alternative=refused.alternative,
        choices=[*alternative_choices(refused), *others],
    )


def _show_again() -> list[EventType]:
    return [SlotSet(CONFIRMATION, None), ask_afresh()]


def _over(tracker: Tracker) -> list[EventType]:
    """Nothing waits for a yes any more; a form that did is closed."""
    forgotten = [SlotSet(slot, None) for slot in (PENDING_CHANGE, OFFER, CONFIRMATION)]
    if tracker.active_loop_name != CONFIRM_FORM:
        return forgotten
    return [*forgotten, ActiveLoop(None), SlotSet(REQUESTED, None)]


def _cancellable(orders: Sequence[OrderView]) -> list[OrderView]:
    """Those whose state rules out nothing."""
    return [order for order in orders if BY_STATUS[Change.CANCEL_ORDER][order.status] is None]


def _others(orders: Sequence[OrderView], number: str) -> list[OrderView]:
    return [order for order in orders if order.number != number]


def _cancel_choices(orders: Sequence[OrderView]) -> list[Choice]:
    return choose_orders(orders[:MOST_CHOICES], intent="cancel_order")


def _answers(task: str, offer_id: str) -> list[Choice]:
    return [
        Choice(intent=intent, slots={OFFER: offer_id}, title=f"title_{answer}_{task}")
        for intent, answer in ((CONFIRM, "confirm"), (DECLINE, "decline"))
    ]


def _describe(order: OrderView) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_on": order.placed_on,
        "items": [in_every_language(line.names) for line in order.lines[:_MOST_ITEMS]],
        "more_items": len(order.lines) > _MOST_ITEMS,
        "order_total": order.total,
    }
