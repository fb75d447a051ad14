"""Begins an errand: reads what the first sentence says of it, and has the form ask the rest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.errand_flows import ErrandFlow
from actions.errand_till import ErrandTill
from actions.forms import CONFIRM_FORM, PENDING_CHANGE, WISH, begin, go_on, over
from actions.hearing import hear_beginning, hear_first_again
from actions.listening import Listener
from actions.look_up import PersonalLookUp
from actions.reading import (
    BEGIN,
    DETAIL,
    conversation_id_of,
    named_in_message,
    remembered,
    typed_text,
)
from actions.records import Records, RecordsOffice
from actions.today import Today
from actions.wishes import CANDIDATES, Wish
from balie.assistant.speech import Choice
from balie.conversations.access import Level
from balie.orders.options import Options
from balie.orders.policy_facts import Allowed

_NOTHING: Final = Options(order_number="", verdict=Allowed())

OpensErrand: TypeAlias = Callable[[ErrandFlow, Tracker], Awaitable[ErrandTill | None]]


@dataclass(frozen=True, slots=True)
class BeginTools:
    """What beginning any errand takes.

    Attributes:
        open_till: For anybody: to hear what they want, nobody has to be known.
    """

    office: RecordsOffice
    open_till: OpensErrand
    listener: Listener


class ActionBeginErrand(PersonalLookUp):
    """Has an errand asked for, or tells how it works."""

    def __init__(self, flow: ErrandFlow, tools: BeginTools, *, today: Today) -> None:
        super().__init__(tools.office, today=today)
        self.task = flow.intent
        self.level = flow.level
        self.explains_first = flow.explains
        self._flow = flow
        self._open_till = tools.open_till
        self._listener = tools.listener

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell how it works when that is what is asked; else begin, or find out first who they are.

        What went on before goes on after an explanation.
        """
        wish, wanted = await self._wish(tracker)
        if not wanted:
            say(dispatcher, f"utter_{self.task}", choices=() if self._goes_on(tracker) else self._choices())
            return go_on(tracker)
        records = await self._office.open_for(conversation_id_of(tracker))
        is_known = records is not None and self.is_open(records.access, tracker)
        if is_known or self._flow.level is Level.NOBODY:
            return begin(self.task, wish)
        if records is None and not self._flow.is_clear(wish):
            await self._say_first(dispatcher, tracker)
        waits = self._wait_for_identity(records, tracker)
        return [*over(tracker), *waits, SlotSet(WISH, wish.as_slot())]

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records
    ) -> list[EventType]:
        """Begin for a customer who is known by now."""
        wish, till = Wish.from_slot(remembered(tracker, WISH)), await self._open_till(self._flow, tracker)
        if till is not None:
            wish = await hear_first_again(self._listener, till, wish, tracker)
        return begin(self.task, wish)

    async def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, records: Records) -> str | None:
        """An errand tells nothing by itself: its form does."""
        return None

    async def _wish(self, tracker: Tracker) -> tuple[Wish, bool]:
        """What the message says of it already, and whether it is wanted rather than asked about."""
        pressed, till = named_in_message(tracker, DETAIL) or "", await self._open_till(self._flow, tracker)
        name, _, value = pressed.partition("=")
        if self._flow.find_detail(name) is not None:
            return Wish().having(name, value), True
        wish = Wish() if till is None else await hear_beginning(self._listener, till, tracker)
        if pressed == BEGIN:
            return wish, True
        asks = self._listener.reader.is_question(typed_text(tracker))
        if asks and self._goes_on(tracker):
            return wish, False
        # Who asks about tents in general wants to know how it works.
        return wish, self._flow.is_meant(wish.without(CANDIDATES) if asks else wish)

    def _goes_on(self, tracker: Tracker) -> bool:
        """Whether it was begun already, and goes on."""
        is_open = tracker.active_loop_name == CONFIRM_FORM
        return is_open and remembered(tracker, PENDING_CHANGE) == self.task

    def _choices(self) -> list[Choice]:
        """Buttons that begin it."""
        first = self._flow.details[0] if self._flow.details else None
        if self._flow.offers_to_begin or first is None:
            return [Choice(intent=self.task, slots={DETAIL: BEGIN}, title=f"title_begin_{self.task}")]
        return [
            Choice(
                intent=self.task,
                slots={DETAIL: f"{first.name}={value}"},
                title=f"title_{first.name}_{value}",
            )
            for value in first.values(Wish(), _NOTHING)
        ]
