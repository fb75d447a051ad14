"""Begins a change: which order is meant, and whether it can be done at all; what is missing, the form asks.

``actions.confirming`` goes on from there: it asks for details and shows the offer; ``actions.making`` has it
made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.addresses import AddressBook
from actions.answers import say
from actions.asking import ask_afresh
from actions.change_facts import alternative_choices
from actions.change_flows import ChangeFlow
from actions.look_up import PersonalLookUp
from actions.order_facts import choose_orders
from actions.reading import (
    ORDER_NUMBER,
    PENDING_TASK,
    REQUESTED,
    conversation_id_of,
    intent_of,
    message_id_of,
    order_mention,
    remembered,
    typed_text,
)
from actions.records import Records, RecordsOffice
from actions.today import Today
from actions.typed_answers import AnswerReader
from actions.wishes import ADDRESS, ITEMS, Wish
from balie.assistant.speech import Choice
from balie.assistant.spoken_language import Tongue
from balie.orders.errors import OrderNotFoundError
from balie.orders.options import Options
from balie.orders.outcomes import Refused
from balie.orders.policy import BY_STATUS
from balie.orders.policy_facts import Allowed, Refusal
from balie.orders.views import OrderView

PENDING_CHANGE: Final = "pending_change"
"""The change that waits for a yes: the intent that asked for it."""
WISH: Final = "wish"
"""What was said of it so far (``actions.wishes``)."""
OFFER: Final = "offer"
CONFIRMATION: Final = "confirmation"
CONFIRM_FORM: Final = "confirm_form"
FORGOTTEN: Final = (PENDING_CHANGE, WISH, OFFER, CONFIRMATION)
"""What the form was for."""

NOTHING: Final = Options(order_number="", verdict=Allowed(), items=())
"""What may be chosen while the order is not known."""
RECENT_ORDERS: Final = 6
"""So many are looked through; an older one has to be named."""
MOST_CHOICES: Final = 3


@dataclass(frozen=True, slots=True)
class ChangeTools:
    """What every action of a change works with.

    Attributes:
        addresses: Finds addresses in what was typed.
        reader: Finds details in what was typed.
        tongue: In which language the names of products are read.
    """

    office: RecordsOffice
    addresses: AddressBook
    reader: AnswerReader
    tongue: Tongue

    async def find_address(self, number: str, records: Records, tracker: Tracker) -> str | None:
        """Where the latest message holds an address; in the order's country where it names none."""
        order = await records.get_order(number)
        return await self.addresses.find(
            conversation_id_of(tracker), message_id_of(tracker), country=order.country
        )


class ActionBeginChange(PersonalLookUp):
    """Finds the order that is to be changed; what that means, the confirmation shows."""

    def __init__(self, flow: ChangeFlow, tools: ChangeTools, *, today: Today) -> None:
        super().__init__(tools.office, today=today)
        self.task = flow.intent
        self.explains_first = flow.explains
        self._flow = flow
        self._tools = tools

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> list[EventType]:
        """Have the change of the order that was meant confirmed, or say which could be, or why none can."""
        number = await self.tell(dispatcher, tracker, records)
        if number is None:
            wish = SlotSet(WISH, self._wish(tracker, NOTHING).as_slot())
            return [SlotSet(PENDING_TASK, None), *over(tracker), wish]
        wish = SlotSet(WISH, (await self._wish_for(number, tracker, records)).as_slot())
        return [
            SlotSet(PENDING_TASK, None),
            SlotSet(ORDER_NUMBER, number),
            SlotSet(PENDING_CHANGE, self.task),
            wish,
            SlotSet(OFFER, None),
            SlotSet(CONFIRMATION, None),
            ask_afresh(),
        ]

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """Say what stands in the way; the number of the order when nothing does."""
        number = order_mention(tracker).number
        if number is not None:
            return await self._settle(number, dispatcher, records)
        possible: Sequence[Changeable] = await find_changeable(self._flow, records)
        if len(possible) > 1:
            possible = self._with_what_was_named(possible, tracker)
        if len(possible) > 1:
            choices = order_choices(self._flow, possible)
            say(dispatcher, f"utter_{self.task}_which", choices=choices)
            return None
        if possible:
            return possible[0].order.number
        newest = await records.list_recent_orders(1)
        if not newest:
            say(dispatcher, "utter_no_orders")
            return None
        return await self._settle(newest[0].number, dispatcher, records)

    async def _settle(self, number: str, dispatcher: CollectingDispatcher, records: Records) -> str | None:
        try:
            options = await records.list_options(number, self._flow.change)
        except OrderNotFoundError:
            choices = order_choices(self._flow, await find_changeable(self._flow, records))
            say(dispatcher, "utter_order_not_found", number=number, choices=choices)
            return None
        number, verdict = options.order_number, options.verdict
        if isinstance(verdict, Refusal):
            possible = await find_changeable(self._flow, records)
            others = order_choices(self._flow, possible, but=number)
            say_refusal(dispatcher, self.task, refused_as_a_whole(self._flow, number, verdict), others)
            return None
        return number

    def _with_what_was_named(self, possible: Sequence[Changeable], tracker: Tracker) -> Sequence[Changeable]:
        """Those orders that hold the product that was named; all of them when none does."""
        detail, text = self._flow.find_detail(ITEMS), typed_text(tracker)
        if detail is None or not text:
            return possible
        language = self._tools.tongue.of(tracker.latest_message)
        named = [
            one
            for one in possible
            if self._tools.reader.read(detail, text, Wish(), one.options, language) is not None
        ]
        return named or possible

    async def _wish_for(self, number: str, tracker: Tracker, records: Records) -> Wish:
        if not self._flow.details:
            return Wish()
        wish = self._wish(tracker, await records.list_options(number, self._flow.change))
        if self._flow.find_detail(ADDRESS) is None or not typed_text(tracker):
            return wish
        place = await self._tools.find_address(number, records, tracker)
        return wish if place is None else wish.having(ADDRESS, place)

    def _wish(self, tracker: Tracker, options: Options) -> Wish:
        """What the sentence that asks for it says of it; any other message goes on with what was said."""
        text = typed_text(tracker)
        if not text or intent_of(tracker) != self.task:
            return Wish.from_slot(remembered(tracker, WISH))
        language = self._tools.tongue.of(tracker.latest_message)
        return self._tools.reader.read_all(self._flow, text, Wish(), options, language)

    def _wait_for_identity(self, records: Records | None, tracker: Tracker) -> list[EventType]:
        wish = self._wish(tracker, NOTHING)
        return [*super()._wait_for_identity(records, tracker), SlotSet(WISH, wish.as_slot())]


@dataclass(frozen=True, slots=True)
class Changeable:
    """An order that may be changed, and what may be chosen of it."""

    order: OrderView
    options: Options


async def find_changeable(flow: ChangeFlow, records: Records) -> list[Changeable]:
    """The newest orders of which the policy allows the change: those that are offered, and one more."""
    found: list[Changeable] = []
    for order in await records.list_recent_orders(RECENT_ORDERS):
        if BY_STATUS[flow.change][order.status] is not None:
            continue
        options = await records.list_options(order.number, flow.change)
        if isinstance(options.verdict, Allowed):
            found.append(Changeable(order, options))
        if len(found) > MOST_CHOICES:
            break
    return found


def order_choices(flow: ChangeFlow, possible: Sequence[Changeable], *, but: str = "") -> list[Choice]:
    """A button for each of the newest that may be changed."""
    orders = [one.order for one in possible if one.order.number != but]
    return choose_orders(orders[:MOST_CHOICES], intent=flow.intent)


def refused_as_a_whole(flow: ChangeFlow, number: str, refusal: Refusal) -> Refused:
    """A refusal of the policy before anything was chosen, as an outcome."""
    return Refused(
        undertaking=flow.undertaking,
        order_number=number,
        reason=refusal.reason,
        alternative=refusal.alternative,
        at_most=refusal.at_most,
        until=refusal.until,
    )


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
        at_most=refused.at_most,
        until=refused.until,
        choices=[*alternative_choices(refused), *others],
    )


def over(tracker: Tracker) -> list[EventType]:
    """Nothing waits for a yes any more; a form that did is closed."""
    forgotten = [SlotSet(slot, None) for slot in FORGOTTEN]
    if tracker.active_loop_name != CONFIRM_FORM:
        return forgotten
    return [*forgotten, ActiveLoop(None), SlotSet(REQUESTED, None)]
