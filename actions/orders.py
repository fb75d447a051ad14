"""Where an order is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.look_up import PersonalLookUp
from actions.order_facts import OPEN, choose_orders, choose_reply, describe_order
from actions.reading import ORDER_NUMBER, conversation_id_of, order_mention
from actions.records import Records, RecordsOffice
from actions.today import Today
from actions.which_order import WhichOrder
from balie.orders.errors import OrderNotFoundError
from balie.orders.views import OrderView

RECENT_ORDERS: Final = 10
MOST_CHOICES: Final = 3


class ActionTrackOrder(PersonalLookUp):
    """Tells how the order stands that was named, or the newest that is still to come, or the last one."""

    task = "track_order"

    def __init__(self, office: RecordsOffice, which_order: WhichOrder, *, today: Today) -> None:
        super().__init__(office, today=today)
        self._which_order = which_order

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer; a number that was asked for goes where it was asked for."""
        taken = await self._which_order.answer(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain) if taken is None else taken

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """See :class:`PersonalLookUp`."""
        recent = await records.list_recent_orders(RECENT_ORDERS)
        number = order_mention(tracker).number
        try:
            order = await records.get_order(number) if number else _most_wanted(recent)
        except OrderNotFoundError:
            say(
                dispatcher,
                "utter_order_not_found",
                number=number,
                choices=choose_orders(recent[:MOST_CHOICES]),
            )
            return None
        if order is None:
            say(dispatcher, "utter_no_orders")
            return None
        await self._tell_of(order, recent, dispatcher, records)
        return order.number

    async def _tell_of(
        self,
        order: OrderView,
        recent: Sequence[OrderView],
        dispatcher: CollectingDispatcher,
        records: Records,
    ) -> None:
        delivery = await records.get_delivery(order.number)
        others = [other for other in recent if other.status in OPEN and other.number != order.number]
        say(
            dispatcher,
            choose_reply(delivery),
            choices=choose_orders(others[:MOST_CHOICES]),
            **describe_order(order, delivery, today=self._today()),
        )


class ActionChooseOrder(Action):
    """Tells how the order stands whose button was pressed."""

    def __init__(self, office: RecordsOffice, track_order: ActionTrackOrder) -> None:
        self._office = office
        self._track_order = track_order

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_choose_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer as track_order does; a button may outlive the proof it was shown for."""
        records = await self._office.open_for(conversation_id_of(tracker))
        if records is None:
            say(dispatcher, "utter_order_not_found", number=order_mention(tracker).number)
            return [SlotSet(ORDER_NUMBER, None)]
        return await self._track_order.answer(dispatcher, tracker, records)


def _most_wanted(recent: Sequence[OrderView]) -> OrderView | None:
    """The newest order that is still to come, else the newest."""
    still_to_come = [order for order in recent if order.status in OPEN]
    return next(iter([*still_to_come, *recent]), None)
