"""The way by a one-time code, as far as it is typed or pressed: an address, a code, another code."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.asking import Asked, ask_afresh, asked, asked_before, give_up
from actions.code_desk import AGAIN
from actions.code_steps import CODE_STEP, SEND_CODE_AGAIN, USE_EMAIL_CODE, CodeStep, Step
from actions.identity_question import CODE, CODE_ADDRESS
from actions.reading import (
    IDENTITY_PROOF,
    ORDER_NUMBER,
    intent_of,
    message_id_of,
    named_in_message,
    remembered,
)
from actions.typed_answers import AnswerReader
from balie.conversations.code_service import CodeService
from balie.conversations.codes import CodeAccepted, CodeRefused, read_code
from balie.kernel.ids import ConversationId
from balie.orders.identification import read_proof

GIVEN: Final = "given"
_WORDS, _WANTED, _AGAIN = "email_code", "wanted", "again"
"""Of ``data/shop/answers.yml``: what is typed by somebody who wants a code, or another one."""
_NEVER_AN_ANSWER: Final = frozenset({"stop_flow", "repeat_answer", "contact_human_agent"})
_SOME_DIGITS: Final = re.compile(r"\W*(?:[^\W\d]+\W+){0,4}[0-9](?:[ .-]?[0-9]){3,8}\W*")
"""A message that is a number, with a few words before it: meant as a code, but not six digits."""


@dataclass(frozen=True, slots=True)
class CodeWay:
    """Reads what the customer does on the way by a code."""

    codes: CodeService
    reader: AnswerReader

    def pressed(self, tracker: Tracker) -> list[EventType]:
        """Go another way, or send another code; nothing for any other button."""
        step = CodeStep.from_slot(remembered(tracker, CODE_STEP))
        intent = intent_of(tracker)
        if intent not in {USE_EMAIL_CODE, SEND_CODE_AGAIN}:
            return []
        if intent == SEND_CODE_AGAIN and step is not None and step.place:
            return _go_to(CodeStep(Step.WANTED, step.place))
        return _go_to(CodeStep(Step.ADDRESS))

    async def typed(
        self, conversation_id: ConversationId, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        """What the message means on this way; nothing when it is about something else.

        Args:
            conversation_id: Where it was typed.
            text: As it was typed, but for order numbers.
            dispatcher: Of the running action.
            tracker: Of the running action.
        """
        if named_in_message(tracker, ORDER_NUMBER) is not None:
            return []
        step = CodeStep.from_slot(remembered(tracker, CODE_STEP))
        if step is not None and step.step is Step.SENT:
            code = read_code(text)
            if code is not None:
                return await self._check(conversation_id, code, dispatcher)
        message_id = message_id_of(tracker)
        if message_id is not None and read_proof(text).emails and _was_asked_for_address(step, tracker):
            return _go_to(CodeStep(Step.WANTED, str(message_id)))
        return self._words(step, text, dispatcher, tracker)

    async def _check(
        self, conversation_id: ConversationId, code: str, dispatcher: CollectingDispatcher
    ) -> list[EventType]:
        checked = await self.codes.check_code(conversation_id, code)
        if isinstance(checked, CodeAccepted):
            return [SlotSet(IDENTITY_PROOF, GIVEN), SlotSet(CODE_STEP, None)]
        if not isinstance(checked, CodeRefused):
            say(dispatcher, "utter_code_expired", choices=AGAIN)
        elif checked.tries_left:
            say(dispatcher, "utter_code_wrong", tries_left=checked.tries_left, choices=AGAIN)
        else:
            say(dispatcher, "utter_code_given_up")
            return give_up()
        return _refused()

    def _words(
        self, step: CodeStep | None, text: str, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> list[EventType]:
        if intent_of(tracker) in _NEVER_AN_ANSWER or self.reader.is_question(text):
            return []
        said = self.reader.find(_WORDS, text)
        if step is None:
            is_asked = any(asked_before(tracker, question) for question in (ORDER_NUMBER, IDENTITY_PROOF))
            return _go_to(CodeStep(Step.ADDRESS)) if said == _WANTED and is_asked else []
        if step.step is not Step.SENT:
            return []
        if said == _AGAIN:
            return _go_to(CodeStep(Step.WANTED, step.place))
        if _SOME_DIGITS.fullmatch(unicodedata.normalize("NFKC", text)):
            say(dispatcher, "utter_code_unreadable")
            return _refused()
        return []


def _was_asked_for_address(step: CodeStep | None, tracker: Tracker) -> bool:
    """Whether an address is meant for a code: it was asked for, or comes instead of the order number."""
    if step is not None:
        return any(asked_before(tracker, question) for question in (CODE, CODE_ADDRESS))
    return remembered(tracker, ORDER_NUMBER) is None and asked_before(tracker, ORDER_NUMBER) is not None


def _go_to(step: CodeStep) -> list[EventType]:
    return [SlotSet(CODE_STEP, step.as_slot), SlotSet(IDENTITY_PROOF, None), ask_afresh()]


def _refused() -> list[EventType]:
    """Let the question stay open; what was said to the answer is the question."""
    return [SlotSet(IDENTITY_PROOF, None), asked(CODE, Asked.REFUSED)]
