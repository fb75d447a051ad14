"""The form of whatever needs a yes: its slots, and how it begins and ends."""

from __future__ import annotations

from typing import Final

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from actions.answers import say
from actions.asking import ask_afresh
from actions.reading import ORDER_NUMBER, PENDING_TASK, REQUESTED, remembered
from actions.wishes import Wish
from balie.assistant.speech import APOLOGY, Choice

PENDING_CHANGE: Final = "pending_change"
"""What waits for a yes: the intent that asked for it."""
WISH: Final = "wish"
"""What was said of it so far (``actions.wishes``)."""
OFFER: Final = "offer"
CONFIRMATION: Final = "confirmation"
CONFIRM_FORM: Final = "confirm_form"
FORGOTTEN: Final = (PENDING_CHANGE, WISH, OFFER, CONFIRMATION)
"""What the form was for."""


def begin(task: str, wish: Wish, *, number: str | None = None) -> list[EventType]:
    """Have the form ask what is missing; the rules start it when ``pending_change`` is set.

    Args:
        task: The intent that is to be done.
        wish: What was said of it already.
        number: The order that it is about; None leaves what the dialogue remembers.
    """
    order = [] if number is None else [SlotSet(ORDER_NUMBER, number)]
    return [
        SlotSet(PENDING_TASK, None),
        *order,
        SlotSet(PENDING_CHANGE, task),
        SlotSet(WISH, wish.as_slot()),
        SlotSet(OFFER, None),
        SlotSet(CONFIRMATION, None),
        ask_afresh(),
    ]


def say_closed(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Say that nothing was done, because who they are was shown too long ago; a button begins again."""
    intent, number = remembered(tracker, PENDING_CHANGE), remembered(tracker, ORDER_NUMBER)
    if intent is None:
        say(dispatcher, APOLOGY)
        return
    slots = {} if number is None else {ORDER_NUMBER: number}
    say(dispatcher, "utter_change_lapsed", choices=[Choice(intent=intent, slots=slots)])


def over(tracker: Tracker) -> list[EventType]:
    """Nothing waits for a yes any more; a form that did is closed."""
    forgotten = [SlotSet(slot, None) for slot in FORGOTTEN]
    if tracker.active_loop_name != CONFIRM_FORM:
        return forgotten
    return [*forgotten, ActiveLoop(None), SlotSet(REQUESTED, None)]


def go_on(tracker: Tracker) -> list[EventType]:
    """After an explanation: the form that went on before goes on, whatever it is about."""
    form = tracker.active_loop_name
    if form is not None:
        # No rule says so: there would have to be one for every two of them.
        return [FollowupAction(form)]
    return [SlotSet(PENDING_TASK, None), *over(tracker)]
