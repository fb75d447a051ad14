"""The answer to "which order?" when it is typed: a number goes to the change that asked for it.

By itself a number asks where that order is. The question is remembered until another one is asked, so that a
digression in between does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.forms import CONFIRM_FORM, PENDING_CHANGE
from actions.reading import (
    ASKED,
    IDENTIFY_FORM,
    ORDER_NUMBER,
    PENDING_TASK,
    named_in_message,
    remembered,
    typed_text,
)
from actions.typed_answers import AnswerReader

_WHICH_ORDER: Final = "which_order"
_MOST_WORDS: Final = 5
"""A number with so many words around it may be an answer: "the one with DD1048213 please"."""


def asked_which_order(task: str) -> EventType:
    """Note that the customer was asked which order they mean, and for what."""
    return SlotSet(ASKED, f"{_WHICH_ORDER}:{task}")


def names_just_an_order(tracker: Tracker, reader: AnswerReader) -> bool:
    """Whether the message is an order number with a few words around it, and asks nothing."""
    text = typed_text(tracker)
    is_short = len(text.split()) <= _MOST_WORDS
    has_number = named_in_message(tracker, ORDER_NUMBER) is not None
    return is_short and has_number and not reader.is_question(text)


class WhichOrder:
    """Takes up typed order numbers.

    Args:
        changes: What begins a change, by intent.
        reader: Tells a question back from an answer.
    """

    def __init__(self, changes: Mapping[str, Action], reader: AnswerReader) -> None:
        self._changes = changes
        self._reader = reader

    async def answer(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType] | None:
        """What the change that asked does with the number; None when nothing asked, or it is no answer."""
        change = self._changes.get(self._asking(tracker) or "")
        if change is None or not names_just_an_order(tracker, self._reader):
            return None
        events: list[EventType] = await change.run(dispatcher, tracker, domain)
        set_now = {
            event["name"] for event in events if event["event"] == "slot" and event["value"] is not None
        }
        # The rules start a form after the intent of its change; this message had another one.
        forms = ((PENDING_TASK, IDENTIFY_FORM), (PENDING_CHANGE, CONFIRM_FORM))
        form = next((form for slot, form in forms if slot in set_now), None)
        return events if form is None else [*events, FollowupAction(form)]

    def _asking(self, tracker: Tracker) -> str | None:
        name, _, task = (remembered(tracker, ASKED) or "").partition(":")
        return task if name == _WHICH_ORDER else None
