"""How far a customer has come on the way by a one-time code; stands in one slot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from balie.conversations.access import Level

CODE_STEP: Final = "code_step"
USE_EMAIL_CODE, SEND_CODE_AGAIN = "use_email_code", "send_code_again"
"""What the buttons ask for: another way than the order number, another code."""
ON_FILE: Final = "on_file"
"""The place of an address that the customer did not type: the one that the shop has."""


class Step(StrEnum):
    """What comes next."""

    ADDRESS = "address"
    """We do not know where to send a code."""
    WANTED = "wanted"
    """A code is to be sent."""
    SENT = "sent"
    """A code is to be typed."""


@dataclass(frozen=True, slots=True)
class CodeStep:
    """A step, and where the address stands: ``ON_FILE``, or the id of the message in which it was typed.

    The address itself stands in no slot: it is read in its message again when it is needed.
    """

    step: Step
    place: str = ""

    @classmethod
    def from_slot(cls, slot: str | None) -> Self | None:
        """What :attr:`as_slot` wrote; None when the customer is on another way.

        >>> CodeStep.from_slot(CodeStep(Step.SENT, ON_FILE).as_slot)
        CodeStep(step=<Step.SENT: 'sent'>, place='on_file')
        """
        if not slot:
            return None
        step, _, place = slot.partition(":")
        return cls(Step(step), place)

    @property
    def as_slot(self) -> str:
        """As a slot can hold it."""
        return f"{self.step.value}:{self.place}"


def first_step(needed: Level, known: Level, open_step: CodeStep | None) -> CodeStep | None:
    """The way to begin with, for somebody who is known so far and has to be better known.

    An order number cannot show who somebody is just now: then a code is the only way.

    Args:
        needed: What is asked for needs so much.
        known: So much they have shown.
        open_step: How far they have come with a code already; a code that was sent stays good.
    """
    if open_step is not None and open_step.step is Step.SENT:
        return open_step
    if needed is not Level.FRESH:
        return None
    return CodeStep(Step.ADDRESS) if known is Level.NOBODY else CodeStep(Step.WANTED, ON_FILE)
