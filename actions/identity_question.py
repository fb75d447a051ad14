"""What the form asks to find out who a customer is: an order number and its proof, or a code by mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.asking import Asked, asked, asked_before, next_asking
from actions.code_desk import AGAIN, CodeDesk
from actions.code_steps import CODE_STEP, USE_EMAIL_CODE, CodeStep, Step
from actions.look_up import PersonalLookUp
from actions.reading import IDENTITY_PROOF, ORDER_NUMBER, conversation_id_of, remembered, waiting_task
from balie.assistant.speech import Choice
from balie.conversations.access import Level

CODE, CODE_ADDRESS = "code", "code_address"
"""Questions besides those for the order number and its proof."""
OTHER_WAY: Final = (Choice(intent=USE_EMAIL_CODE, title="title_use_email_code"),)
"""The button for those who have no order number."""

_CHOICES: Final = {ORDER_NUMBER: OTHER_WAY, CODE: AGAIN}
_REPLIES: Final = {
    Asked.IN_FULL: "utter_ask_",
    Asked.RECALLED: "utter_ask_again_",
}


class ActionAskIdentityProof(Action):
    """Asks what is missing; sends a code where one is wanted, which is a question too."""

    def __init__(self, desk: CodeDesk, tasks: Mapping[str, PersonalLookUp]) -> None:
        self._desk = desk
        self._tasks = tasks

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_ask_{IDENTITY_PROOF}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Ask in full, recall the question, or say nothing."""
        step = CodeStep.from_slot(remembered(tracker, CODE_STEP))
        if step is None or step.step is not Step.WANTED:
            return self._ask(_question(step, tracker), dispatcher, tracker)
        conversation_id = conversation_id_of(tracker)
        by_order = self._needed(tracker) < Level.FRESH
        if conversation_id is not None and await self._desk.send(
            conversation_id, step.place, dispatcher, by_order=by_order
        ):
            return [SlotSet(CODE_STEP, CodeStep(Step.SENT, step.place).as_slot), asked(CODE, Asked.IN_FULL)]
        # The address is gone: it has to be typed.
        return [
            SlotSet(CODE_STEP, CodeStep(Step.ADDRESS).as_slot),
            *self._ask(CODE_ADDRESS, dispatcher, tracker),
        ]

    def _ask(self, question: str, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
        how = next_asking(asked_before(tracker, question))
        if how is None:
            return [asked(question, Asked.SILENT)]
        needs_email = self._needed(tracker) >= Level.CUSTOMER
        choices = _CHOICES.get(question, ())
        say(dispatcher, f"{_REPLIES[how]}{question}", choices=choices, needs_email=needs_email)
        return [asked(question, how)]

    def _needed(self, tracker: Tracker) -> Level:
        task = self._tasks.get(waiting_task(tracker) or "")
        return Level.NOBODY if task is None else task.level


def _question(step: CodeStep | None, tracker: Tracker) -> str:
    """What is missing, by name."""
    if step is not None:
        return CODE if step.step is Step.SENT else CODE_ADDRESS
    return ORDER_NUMBER if remembered(tracker, ORDER_NUMBER) is None else IDENTITY_PROOF
