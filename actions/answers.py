"""How an action says something: the name of a reply, the facts it needs, and buttons worded by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from enum import Enum
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from balie.assistant.card_words import CardFacts
from balie.assistant.speech import Choice
from balie.kernel.money import Money


def say(
    dispatcher: CollectingDispatcher,
    response: str,
    *,
    choices: Sequence[Choice] = (),
    cards: Sequence[CardFacts] = (),
    **facts: Any,
) -> None:
    """Say a reply of ``data/replies``, or the answer of an article.

    Args:
        dispatcher: Of the running action.
        response: Name such as ``utter_order_late``.
        choices: Buttons that depend on the facts; the reply's own buttons follow them.
        cards: Products to show; the template has them as the fact ``cards``, a numbered list.
        facts: What its template may use: plain values, dates and times, money (which becomes cents).
    """
    dispatcher.utter_message(
        response=response,
        facts=as_json(facts),
        choices=[choice.model_dump() for choice in choices],
        cards=[card.model_dump() for card in cards],
    )


def as_json(value: Any) -> Any:
    """A value as it may travel through Rasa: dates as ISO text, money as minor units.

    >>> as_json({"total": Money(3995), "on": date(2026, 11, 3)})
    {'total': 3995, 'on': '2026-11-03'}
    """
    match value:
        case Money():
            return value.minor_units
        case date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return {str(key): as_json(each) for key, each in value.items()}
        case list() | tuple():
            return [as_json(each) for each in value]
        case _:
            return value
