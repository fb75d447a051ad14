"""Look-ups about the customer: answered at once for a known customer, after a short form for a stranger."""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import ask_afresh
from actions.code_steps import CODE_STEP, CodeStep, first_step
from actions.reading import (
    IDENTIFY_FORM,
    IDENTITY_PROOF,
    ORDER_NUMBER,
    PENDING_TASK,
    WAITING_TASK,
    conversation_id_of,
    order_mention,
    remembered,
)
from actions.records import Records, RecordsOffice
from actions.today import Today
from balie.conversations.access import Access, Level


class PersonalLookUp(Action):
    """What every look-up about the customer has in common.

    Attributes:
        task: The intent it answers; the value of ``pending_task`` while we do not know the customer.
        level: How sure we must be of who asks: what tells of the customer as a whole needs ``CUSTOMER``.
        explains_first: Whether a stranger is told how it works before they are asked who they are.
    """

    task: str
    level: Level = Level.ORDER
    explains_first: bool = False

    def __init__(self, office: RecordsOffice, *, today: Today) -> None:
        self._office = office
        self._today = today

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_{self.task}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer, or leave the task pending so that the rules ask who the customer is."""
        records = await self._office.open_for(conversation_id_of(tracker))
        if records is None:
            await self._say_first(dispatcher, tracker)
        if records is None or not self.is_open(records.access, tracker):
            return self._wait_for_identity(records, tracker)
        return await self.answer(dispatcher, tracker, records)

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> list[EventType]:
        """Tell what was asked, and note which order was talked about."""
        told = await self.tell(dispatcher, tracker, records)
        return [SlotSet(PENDING_TASK, None), SlotSet(ORDER_NUMBER, told)]

    @abstractmethod
    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """Say the answer.

        Returns:
            The number of the order that it was about, or None.
        """

    def is_open(self, access: Access, tracker: Tracker) -> bool:
        """Whether what is asked may be told to somebody with this access."""
        number = order_mention(tracker).number
        return access.level >= self.level and (number is None or access.covers_order(number))

    async def _say_first(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """What somebody hears before they are asked who they are."""
        is_asked_already = tracker.active_loop_name == IDENTIFY_FORM
        if not is_asked_already and await self._office.has_lapsed(conversation_id_of(tracker)):
            say(dispatcher, "utter_identity_lapsed")
        elif self.level >= Level.CUSTOMER or self.explains_first:
            # They may only want to know how it works; whoever wants more answers the form's question.
            say(dispatcher, f"utter_{self.task}")

    def _wait_for_identity(self, records: Records | None, tracker: Tracker) -> list[EventType]:
        # Whoever showed one order and now asks for more need not type its number again.
        number = remembered(tracker, ORDER_NUMBER) or (records.access.only_order if records else None)
        goes_on = tracker.active_loop_name == IDENTIFY_FORM
        open_step = CodeStep.from_slot(remembered(tracker, CODE_STEP)) if goes_on else None
        step = first_step(self.level, records.access.level if records else Level.NOBODY, open_step)
        return [
            SlotSet(PENDING_TASK, self.task),
            SlotSet(WAITING_TASK, self.task),
            SlotSet(ORDER_NUMBER, number),
            SlotSet(IDENTITY_PROOF, None),
            SlotSet(CODE_STEP, step.as_slot if step else None),
            ask_afresh(),
        ]
