"""Does what was confirmed, once, or leaves everything as it is."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.change_facts import describe_effects, describe_wish
from actions.changing import (
    CONFIRMATION,
    FORGOTTEN,
    OFFER,
    ChangeTools,
    find_changeable,
    order_choices,
    say_refusal,
)
from actions.documents import Documents
from actions.open_change import Answer, FormAction, OpenChange
from actions.reading import ORDER_NUMBER, conversation_id_of, message_id_of, remembered
from balie.assistant.speech import APOLOGY
from balie.orders.changes_asked import Request, Turn
from balie.orders.errors import OrderNotFoundError
from balie.orders.outcomes import Done, Refused


class ActionMakeChange(FormAction):
    """Does what was confirmed, or leaves everything as it is."""

    def __init__(self, tools: ChangeTools, documents: Documents) -> None:
        super().__init__(tools)
        self._documents = documents

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_make_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Change, and say what was done; the same turn again changes nothing and says the same."""
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
        if change is None or answer is None:
            say(dispatcher, APOLOGY)
        elif answer == Answer.YES:
            await self._make(change, dispatcher, tracker)
        else:
            others = order_choices(
                change.flow, await find_changeable(change.flow, change.records), but=change.number
            )
            say(dispatcher, f"utter_{change.flow.intent}_left", number=change.number, choices=others)

    async def _make(self, change: OpenChange, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        conversation_id, message_id = conversation_id_of(tracker), message_id_of(tracker)
        offer = remembered(tracker, OFFER)
        if conversation_id is None or message_id is None or offer is None:
            say(dispatcher, APOLOGY)
            return
        turn = Turn(conversation_id=conversation_id, message_id=message_id)
        request = await self.request_of(change, tracker)
        outcome = await change.records.make_change(change.number, request, turn=turn, confirmed=offer)
        if isinstance(outcome, Refused):
            say_refusal(dispatcher, change.flow.intent, outcome, ())
            return
        self._say_done(outcome, request, change, dispatcher)

    def _say_done(
        self, done: Done, request: Request, change: OpenChange, dispatcher: CollectingDispatcher
    ) -> None:
        say(
            dispatcher,
            f"utter_{change.flow.intent}_done",
            number=change.number,
            return_number=done.return_number,
            choices=self._documents.for_return(done),
            **describe_wish(change.wish, change.options, request),
            **describe_effects(done.effects),
        )
