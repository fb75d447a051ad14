"""What calls for a person, and how firmly: one table, pure. The first row that applies decides.

It reads the mood over the last turns, never a single message; the table of moods
(``balie.assistant.emotion_policy``) has offered a person before this table calls one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from balie.handoff.bands import Band
from balie.handoff.kinds import Reason

ASKED_RESPONSE: Final = "utter_contact_human_agent"
ASKED_BACK_RESPONSES: Final = frozenset({"utter_about_product", "utter_about_kind"})
"""It was not understood either, but goods were named: these ask what is meant, in words of their own."""
NOT_UNDERSTOOD_RESPONSES: Final = (
    frozenset({"utter_default", "utter_out_of_scope", "assistant_rephrase", "assistant_choose"})
    | ASKED_BACK_RESPONSES
)
FAILED_RESPONSES: Final = frozenset({"utter_action_failed", "utter_assistant_unavailable"})
ANGRY_TURNS: Final = 3
"""After the second, the assistant has offered a person."""
CONFUSED_TURNS: Final = 4
NOT_UNDERSTOOD_TURNS: Final = 3
"""The first: say it differently; the second: choose from buttons."""
FAILED_TURNS: Final = 2


class Act(StrEnum):
    """What is done about it."""

    HAND_OFF = "hand_off"
    CHOOSE = "choose"
    """Show what it may be about, with buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What the table looks at, with the turn that is going on.

    Attributes:
        asked: Whether the customer wants a person.
        leading: The emotion that leads in the mood; None when nobody reads it.
        angry_turns: Of the last eight.
        not_understood: How many turns in a row, up to this one, were not understood.
        failed: The same of those that went wrong.
        band: How much the customer has bought.
    """

    asked: bool = False
    leading: str | None = None
    angry_turns: int = 0
    confused_turns: int = 0
    not_understood: int = 0
    failed: int = 0
    band: Band = Band.NEW


@dataclass(frozen=True, slots=True)
class Trigger:
    """That something has to be done."""

    act: Act
    reason: Reason
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    applies: Callable[[Situation], bool]
    act: Act
    reason: Reason
    fact: str | None = None


TABLE: Final[Sequence[_Row]] = (
    _Row(lambda now: now.asked, Act.HAND_OFF, Reason.ASKED),
    _Row(
        lambda now: now.band is Band.TOP and now.leading == "anger" and now.angry_turns > 0,
        Act.HAND_OFF,
        Reason.VALUABLE,
        "angry_turns",
    ),
    _Row(lambda now: now.band is Band.TOP and now.failed > 0, Act.HAND_OFF, Reason.VALUABLE, "failed"),
    _Row(
        lambda now: now.leading == "anger" and now.angry_turns >= ANGRY_TURNS,
        Act.HAND_OFF,
        Reason.ANGRY,
        "angry_turns",
    ),
    _Row(lambda now: now.failed >= FAILED_TURNS, Act.HAND_OFF, Reason.FAILED, "failed"),
    _Row(
        lambda now: now.not_understood >= NOT_UNDERSTOOD_TURNS,
        Act.HAND_OFF,
        Reason.NOT_UNDERSTOOD,
        "not_understood",
    ),
    _Row(
        lambda now: now.leading == "confusion" and now.confused_turns >= CONFUSED_TURNS,
        Act.HAND_OFF,
        Reason.CONFUSED,
        "confused_turns",
    ),
    _Row(lambda now: now.not_understood == 2, Act.CHOOSE, Reason.NOT_UNDERSTOOD, "not_understood"),
)


def find_trigger(situation: Situation) -> Trigger | None:
    """What the situation calls for; None when the assistant goes on as it is.

    >>> find_trigger(Situation(asked=True)).reason.value
    'asked'
    >>> find_trigger(Situation(leading="anger", angry_turns=2)) is None
    True
    """
    for row in TABLE:
        if row.applies(situation):
            facts = {} if row.fact is None else {row.fact: getattr(situation, row.fact)}
            return Trigger(row.act, row.reason, facts)
    return None
