"""Does what was confirmed, once, or leaves everything as it is."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.forms import CONFIRMATION, FORGOTTEN, OFFER, PENDING_CHANGE, say_closed
from actions.open_change import Answer, FormAction, OpenChange
from actions.reading import ORDER_NUMBER, conversation_id_of, message_id_of, remembered
from actions.tills import Denied, say_denial
from balie.assistant.speech import APOLOGY
from balie.audit.turns import Turn
from balie.orders.errors import OrderNotFoundError


class ActionMakeChange(FormAction):
    """Does what was confirmed, or leaves everything as it is."""

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_make_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Change, and say what was done; the same turn again changes nothing and says the same."""
        if remembered(tracker, PENDING_CHANGE) is None:
            return []  # the question ended the form by itself, and said why
        try:
            change = await self.open_change(tracker, settled=False)
        except OrderNotFoundError:
            say(dispatcher, "utter_order_not_found", number=remembered(tracker, ORDER_NUMBER))
        else:
            await self._finish(change, dispatcher, tracker)
        return [SlotSet(slot, None) for slot in FORGOTTEN]

    async def _finish(
        self, change: OpenChange | None, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        answer = remembered(tracker, CONFIRMATION)
        if change is None:
            say_closed(dispatcher, tracker)
        elif answer is None:
            say(dispatcher, APOLOGY)
        elif answer == Answer.YES:
            await self._make(change, dispatcher, tracker)
        else:
            others = await change.till.list_others()
            say(dispatcher, f"utter_{change.flow.intent}_left", number=change.till.number, choices=others)

    async def _make(self, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        conversation_id, message_id = conversation_id_of(tracker), message_id_of(tracker)
        offer = remembered(tracker, OFFER)
        if conversation_id is None or message_id is None or offer is None:
            say(dispatcher, APOLOGY)
            return
        turn = Turn(conversation_id=conversation_id, message_id=message_id)
        outcome = await change.till.make(change.wish, change.options, turn=turn, confirmed=offer)
        if isinstance(outcome, Denied):
            say_denial(dispatcher, change.flow.intent, outcome)
        else:
            say(dispatcher, f"utter_{change.flow.intent}_done", choices=outcome.choices, **outcome.facts)
