"""Opens the till of an intent: of orders for who may see the order, of errands for who may ask."""

from __future__ import annotations

from dataclasses import dataclass

from rasa_sdk.interfaces import Tracker

from actions.change_flows import FLOWS
from actions.errand_flows import ERRANDS, ErrandFlow
from actions.errand_till import ErrandTill, ErrandTools
from actions.order_till import OrderTill, OrderTools
from actions.reading import ORDER_NUMBER, conversation_id_of, remembered
from actions.records import RecordsOffice
from actions.tills import Till
from balie.assistant.spoken_language import Tongue
from balie.conversations.access import Level
from balie.errands.asked import Asker


@dataclass(frozen=True, slots=True)
class TillOpener:
    """Knows who stands at the counter."""

    office: RecordsOffice
    tongue: Tongue
    order_tools: OrderTools
    errand_tools: ErrandTools

    async def open_till(self, intent: str, tracker: Tracker) -> Till | None:
        """The till of an intent for a conversation; None when there is none, or they may not use it."""
        if intent in ERRANDS:
            return await self.open_errand(ERRANDS[intent], tracker, needed=ERRANDS[intent].level)
        flow, number = FLOWS.get(intent), remembered(tracker, ORDER_NUMBER)
        if flow is None or number is None:
            return None
        conversation_id = conversation_id_of(tracker)
        records = await self.office.open_for(conversation_id)
        if records is None or records.access.level < flow.level:
            return None
        return OrderTill(flow, number, records, conversation_id, self.order_tools)

    async def open_errand(
        self, flow: ErrandFlow, tracker: Tracker, *, needed: Level = Level.NOBODY
    ) -> ErrandTill | None:
        """The till of an errand; None for somebody who has to show first who they are.

        Args:
            flow: The errand.
            tracker: Of the running action.
            needed: So much they have to have shown; nothing, to hear what they want.
        """
        conversation_id = conversation_id_of(tracker)
        records = await self.office.open_for(conversation_id)
        level = Level.NOBODY if records is None else records.access.level
        if conversation_id is None or level < needed:
            return None
        customer_id = records.access.customer_id if records is not None and level >= Level.CUSTOMER else None
        asker = Asker(
            customer_id=customer_id,
            conversation_id=conversation_id,
            language=self.tongue.of(tracker.latest_message),
        )
        return ErrandTill(flow, asker, conversation_id, self.errand_tools)
