"""The form's questions: asked in full once, recalled briefly once, and then the form only listens.

Whoever asks about something else gets that answer; a form that asks again below every answer is a nuisance.
It stays open, so that the number or address is still taken up whenever it comes.
"""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.reading import ASKED, IDENTITY_PROOF, ORDER_NUMBER, remembered


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


class _AskFor(Action):
    slot: ClassVar[str]

    def name(self) -> str:
        """Rasa's name of the action."""
        return f"action_ask_{self.slot}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Ask, recall the question, or say nothing."""
        next_step = next_asking(asked_before(tracker, self.slot))
        if next_step is None:
            return [asked(self.slot, Asked.RECALLED)]
        say(
            dispatcher,
            f"utter_ask_{self.slot}" if next_step is Asked.IN_FULL else f"utter_ask_again_{self.slot}",
        )
        return [asked(self.slot, next_step)]


class ActionAskOrderNumber(_AskFor):
    """Asks which order it is about."""

    slot = ORDER_NUMBER


class ActionAskIdentityProof(_AskFor):
    """Asks for the e-mail address or postcode of the order."""

    slot = IDENTITY_PROOF
