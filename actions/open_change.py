"""What the form is about, as it stands in this turn."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from rasa_sdk.interfaces import Action, Tracker

from actions.flow import Flow
from actions.forms import PENDING_CHANGE, WISH
from actions.listening import Listener
from actions.reading import remembered
from actions.tills import Till
from actions.wishes import Wish
from balie.orders.options import Options


class Answer(StrEnum):
    """What the customer says to an offer."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class OpenChange:
    """What the form is about, as it stands in this turn.

    Attributes:
        wish: Settled: only what is still possible, and what can only be one thing filled in.
    """

    till: Till
    options: Options
    wish: Wish

    @property
    def flow(self) -> Flow:
        """What is to be done."""
        return self.till.flow


OpensTill: TypeAlias = Callable[[str, Tracker], Awaitable[Till | None]]
"""Opens the till of an intent for a conversation; None when there is none, or nobody may use it any more."""


class FormAction(Action):
    """What every action of the form has in common: it opens what the form is about."""

    def __init__(self, open_till: OpensTill, listener: Listener) -> None:
        self._open_till = open_till
        self.listener = listener

    async def open_change(self, tracker: Tracker, *, settled: bool = True) -> OpenChange | None:
        """What this conversation is about; None when there is nothing, or nobody may see it any more.

        Args:
            tracker: Of the running action.
            settled: Whether what is no longer possible is taken out of the wish. What was confirmed is asked
                for as it was confirmed: a turn that comes again finds the store changed already.

        Raises:
            OrderNotFoundError: The order is gone, or it is somebody else's.
        """
        till = await self._open_till(remembered(tracker, PENDING_CHANGE) or "", tracker)
        if till is None:
            return None
        said = Wish.from_slot(remembered(tracker, WISH))
        options = await till.list_options(said)
        return OpenChange(till, options, till.flow.settle(said, options) if settled else said)
