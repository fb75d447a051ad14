"""The form's questions: asked in full once, recalled briefly once, and then the form only listens.

Whoever asks about something else gets that answer; a form that asks again below every answer is a nuisance.
It stays open, so that the number or address is still taken up whenever it comes.
"""

from __future__ import annotations

from enum import Enum

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.interfaces import Tracker

from actions.code_steps import CODE_STEP
from actions.reading import (
    ASKED,
    IDENTITY_PROOF,
    ORDER_NUMBER,
    PENDING_TASK,
    REQUESTED,
    WAITING_TASK,
    remembered,
)


class Asked(Enum):
    """How far the question of the moment has come."""

    IN_FULL = "in_full"
    REFUSED = "refused"
    """The last answer was no good and the customer was told what is: that was the question."""
    RECALLED = "recalled"
    SILENT = "silent"
    """Since then the form only listened: the last words were about something else."""


_NEXT = {None: Asked.IN_FULL, Asked.IN_FULL: Asked.RECALLED}


def asked(slot: str, how: Asked) -> EventType:
    """Note how far a question has come."""
    return SlotSet(ASKED, f"{slot}:{how.value}")


def asked_before(tracker: Tracker, slot: str) -> Asked | None:
    """How far the question for a slot has come; None when it was not asked, or another was."""
    name, _, how = (remembered(tracker, ASKED) or "").partition(":")
    return Asked(how) if name == slot else None


def next_asking(before: Asked | None) -> Asked | None:
    """How to ask next; None when the form only listens now."""
    return _NEXT.get(before)


def ask_afresh() -> EventType:
    """Let the next question be asked in full."""
    return SlotSet(ASKED, None)


def give_up() -> list[EventType]:
    """Forget what the form was for; without a requested slot it is over."""
    forgotten = (PENDING_TASK, WAITING_TASK, ORDER_NUMBER, IDENTITY_PROOF, CODE_STEP, REQUESTED)
    return [SlotSet(slot, None) for slot in forgotten]
