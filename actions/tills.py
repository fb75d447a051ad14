"""Where something is shown and done once it is confirmed: with the orders, or with everything else.

A till is open for one flow of one conversation; the form (``actions.confirming``) works with either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rasa_sdk.executor import CollectingDispatcher

from actions.answers import say
from actions.flow import Flow
from actions.wishes import Wish
from balie.assistant.speech import Choice
from balie.audit.turns import Turn
from balie.orders.options import Options


@dataclass(frozen=True, slots=True)
class Shown:
    """What would be done, as its question may name it.

    Attributes:
        offer_id: Goes back with the yes.
    """

    offer_id: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked, where nothing has to be changed or confirmed."""

    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """It is done, as the answer may name it; ``choices`` are buttons, such as to papers that belong to it."""

    facts: Mapping[str, Any]
    choices: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Denied:
    """Why not.

    Attributes:
        reason: A word of ``Reason`` or ``Obstacle``.
        choices: Buttons to what helps instead.
        values: Other answers to the question that it is about, which would do; None when nobody knows, and
            none when there are none.
    """

    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    choices: Sequence[Choice] = ()
    values: Sequence[str] | None = None


class Till(Protocol):
    """Shows and does one thing."""

    @property
    def flow(self) -> Flow:
        """What is done here."""
        ...

    @property
    def number(self) -> str:
        """The order that it is about; empty when it is about none."""
        ...

    async def list_options(self, wish: Wish) -> Options:
        """What may be chosen, given what was said.

        Raises:
            OrderNotFoundError: The order is gone, or it is somebody else's.
        """
        ...

    def describe(self, wish: Wish, options: Options) -> Mapping[str, Any]:
        """What was said so far, as a question may name it."""
        ...

    async def offer(self, wish: Wish, options: Options) -> Shown | Answered | Denied:
        """What a complete wish would mean; nothing is changed.

        Raises:
            OrderNotFoundError: See :meth:`list_options`.
        """
        ...

    async def make(self, wish: Wish, options: Options, *, turn: Turn, confirmed: str) -> Made | Denied:
        """Do what was offered, once.

        Raises:
            OrderNotFoundError: See :meth:`list_options`.
        """
        ...

    async def list_others(self) -> Sequence[Choice]:
        """Buttons to what else may have been meant."""
        ...

    async def country(self) -> str:
        """Where an address or telephone number is that names no country, as ISO 3166 code."""
        ...

    def nothing_to_choose(self, wish: Wish, options: Options) -> Denied:
        """What it means when a question has no answers."""
        ...


def say_denial(
    dispatcher: CollectingDispatcher, intent: str, denied: Denied, others: Sequence[Choice] = ()
) -> None:
    """Say why not, with buttons to what helps instead."""
    choices = [*denied.choices, *others]
    say(dispatcher, f"utter_{intent}_refused", reason=denied.reason, choices=choices, **denied.facts)
