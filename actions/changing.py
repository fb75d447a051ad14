"""Begins a change of an order: which one is meant, and whether it can be done at all; the rest the form asks.

``actions.confirming`` goes on from there: it asks for details and shows the offer; ``actions.making`` has it
made.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.change_flows import ChangeFlow
from actions.changeable import (
    RECENT_ORDERS,
    Changeable,
    deny_as_a_whole,
    find_changeable,
    order_choices,
)
from actions.forms import WISH, begin, over
from actions.listening import Heard, Listener
from actions.look_up import PersonalLookUp
from actions.reading import (
    BEGIN,
    DETAIL,
    ORDER_NUMBER,
    PENDING_TASK,
    conversation_id_of,
    intent_of,
    message_id_of,
    named_in_message,
    order_mention,
    remembered,
    typed_text,
)
from actions.records import Records, RecordsOffice
from actions.tills import say_denial
from actions.today import Today
from actions.variant_words import find_named_in_full
from actions.which_order import asked_which_order
from actions.wishes import FIRST, ITEMS, PRODUCT, STORY, Wish
from balie.assistant.speech import Choice
from balie.orders.errors import OrderNotFoundError
from balie.orders.options import Options
from balie.orders.policy_facts import Allowed, Refusal
from balie.orders.views import OrderView

NOTHING = Options(order_number="", verdict=Allowed(), items=())
"""What may be chosen while the order is not known."""


class ActionBeginChange(PersonalLookUp):
    """Finds the order that is to be changed; what that means, the confirmation shows."""

    def __init__(self, flow: ChangeFlow, office: RecordsOffice, listener: Listener, *, today: Today) -> None:
        super().__init__(office, today=today)
        self.task = flow.intent
        self.level = flow.level
        self.explains_first = flow.explains
        self._flow = flow
        self._listener = listener

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell how it works when that is what is asked; else begin, or find out first who they are."""
        if await self._is_wanted(tracker):
            return await super().run(dispatcher, tracker, domain)
        begin_it = Choice(intent=self.task, slots={DETAIL: BEGIN}, title=f"title_begin_{self.task}")
        say(dispatcher, f"utter_{self.task}", choices=[begin_it])
        return [SlotSet(PENDING_TASK, None), *over(tracker)]

    async def _is_wanted(self, tracker: Tracker) -> bool:
        named = named_in_message(tracker, ORDER_NUMBER)
        if not self._flow.offers_to_begin or not typed_text(tracker) or named is not None:
            return True
        heard = Heard(tracker, self._flow, country="", begins=True)
        return self._flow.is_meant(await self._listener.hears_message(Wish(), heard))

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> list[EventType]:
        """Have the change of the order that was meant confirmed, or say which could be, or why none can."""
        number = await self.tell(dispatcher, tracker, records)
        if number is None:
            wish = SlotSet(WISH, self._wish(tracker, NOTHING).as_slot())
            return [SlotSet(PENDING_TASK, None), *over(tracker), wish, asked_which_order(self.task)]
        return begin(self.task, await self._wish_for(number, tracker, records), number=number)

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """Say what stands in the way; the number of the order when nothing does."""
        number = order_mention(tracker).number
        if number is not None:
            return await self._settle(number, dispatcher, records)
        possible: Sequence[Changeable] = await find_changeable(self._flow, records)
        elsewhere = await self._named_elsewhere(possible, tracker, records)
        if elsewhere is not None:
            return await self._settle(elsewhere, dispatcher, records)
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
            say_denial(dispatcher, self.task, deny_as_a_whole(self._flow, number, verdict), others)
            return None
        return number

    async def _named_elsewhere(
        self, possible: Sequence[Changeable], tracker: Tracker, records: Records
    ) -> str | None:
        """The order of which a product is named in full that none of the possible ones holds.

        That one is meant: why it cannot be changed is the answer, rather than a question about another thing.
        """
        text, flow = typed_text(tracker), self._flow
        is_of_the_order = flow.find_detail(ITEMS) is not None and flow.find_detail(PRODUCT) is None
        if not is_of_the_order or any(_holds_named(one.order, text) for one in possible):
            return None
        recent = await records.list_recent_orders(RECENT_ORDERS)
        return next((order.number for order in recent if _holds_named(order, text)), None)

    def _with_what_was_named(self, possible: Sequence[Changeable], tracker: Tracker) -> Sequence[Changeable]:
        """Those orders that hold the product, or are of the day, that was named; all of them when none is."""
        day = self._listener.names_day(tracker)
        possible = [one for one in possible if one.order.placed_on == day] or possible
        detail, text = self._flow.find_detail(ITEMS), typed_text(tracker)
        if detail is None or not text:
            return possible
        named = [
            one for one in possible if self._listener.hears(detail, text, one.options, tracker) is not None
        ]
        return named or possible

    async def _wish_for(self, number: str, tracker: Tracker, records: Records) -> Wish:
        if not self._flow.details:
            return Wish()
        options = await records.list_options(number, self._flow.change)
        wish = await self._hear_first(self._wish(tracker, options), options, tracker)
        if not self._flow.reads_messages:
            return wish
        order = await records.get_order(number)
        heard = Heard(tracker, self._flow, order.country, begins=True)
        return await self._listener.hears_message(wish, heard)

    def _wish(self, tracker: Tracker, options: Options) -> Wish:
        """What the sentence that asks for it says of it; any other message goes on with what was said."""
        text = typed_text(tracker)
        if not text or intent_of(tracker) != self.task:
            return Wish.from_slot(remembered(tracker, WISH))
        place = message_id_of(tracker)
        wish = Wish() if place is None else Wish().having(FIRST, str(place))
        return self._listener.hears_all(self._flow, text, wish, options, tracker)

    async def _hear_first(self, wish: Wish, options: Options, tracker: Tracker) -> Wish:
        """The wish with what its first sentence says of an order that was not known of when it was typed."""
        if intent_of(tracker) == self.task and typed_text(tracker):
            return wish
        text = await self._listener.messages.read(conversation_id_of(tracker), wish.get(FIRST))
        if text is None:
            return wish
        wish = self._listener.hears_all(self._flow, text, wish, options, tracker)
        story = self._flow.find_detail(STORY)
        tells = story is not None and wish.get(STORY) is None and story.is_told(text)
        return wish.having(STORY, wish.get(FIRST) or "") if tells else wish

    def _wait_for_identity(self, records: Records | None, tracker: Tracker) -> list[EventType]:
        wish = self._wish(tracker, NOTHING)
        waits = super()._wait_for_identity(records, tracker)
        # What somebody wanted before, such as something in their basket, is left for this.
        return [*over(tracker), *waits, SlotSet(WISH, wish.as_slot())]


def _holds_named(order: OrderView, text: str) -> bool:
    """Whether the whole name of something in an order stands in a text."""
    return any(find_named_in_full(text, {line.sku: line.names}) is not None for line in order.lines)
