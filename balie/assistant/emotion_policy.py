"""What a mood calls for: one table, pure. Says how to answer, never what: what was asked for is answered.

It knows of nothing but the mood. Who somebody is, what they bought or are worth plays no part, and nothing
here touches prices or terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from balie.conversations.mood import Mood
from balie.kernel.emotion import EmotionLabel

CALM_TURNS_BEFORE_OFFERS: Final = 2
"""So many turns after the last anger nothing is offered."""
ANGRY_TURNS_BEFORE_PERSON: Final = 2
CONFUSED_TURNS_BEFORE_PERSON: Final = 3
TURNS_BEFORE_APOLOGY_AGAIN: Final = 8
TURNS_BEFORE_OPENING_AGAIN: Final = 2
"""Sympathy with every turn is none."""


class Opening(StrEnum):
    """Which words come before the answer; ``data/replies/openings.yml`` has them."""

    ANGER = "anger"
    """The apology: once, not with every turn."""
    ANGER_AGAIN = "anger_again"
    """For whoever is still angry after it."""
    SADNESS = "sadness"
    FEAR = "fear"
    CONFUSION = "confusion"
    JOY = "joy"
    GRATITUDE = "gratitude"


class Remark(StrEnum):
    """What comes after the answer; in the same file."""

    PERSON = "person"
    REVIEW = "review"


SYMPATHY: Final = frozenset({Opening.ANGER, Opening.ANGER_AGAIN, Opening.SADNESS})
"""Openings that also fit where there is no answer: "in short" before a question would be odd."""


class Priority(StrEnum):
    """How soon somebody should look at a conversation, as far as the mood says."""

    NORMAL = "normal"
    RAISED = "raised"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Stance:
    """How to answer.

    Attributes:
        opening: Words for the mood before the answer; None for none.
        allows_offers: Whether products, promotions or a review may be brought up unasked.
        invites: Whether this is a moment to recommend something or to ask for a review.
        is_brief: Whether to give the short form of an answer, with buttons, one question at a time.
        offers_person: Whether to offer a person.
    """

    opening: Opening | None = None
    allows_offers: bool = True
    invites: bool = False
    is_brief: bool = False
    offers_person: bool = False
    priority: Priority = Priority.NORMAL


CALM: Final = Stance()
CAUTIOUS: Final = Stance(allows_offers=False)
"""When nobody can tell what mood there is: nothing is brought up unasked."""

TABLE: Final[Mapping[EmotionLabel, Stance]] = {
    "anger": Stance(Opening.ANGER, allows_offers=False, priority=Priority.RAISED),
    "confusion": Stance(Opening.CONFUSION, is_brief=True),
    "fear": Stance(Opening.FEAR, allows_offers=False),
    "sadness": Stance(Opening.SADNESS, allows_offers=False),
    "joy": Stance(Opening.JOY, invites=True),
    "gratitude": Stance(Opening.GRATITUDE, invites=True),
    "surprise": CALM,
    "neutral": CALM,
}


@dataclass(frozen=True, slots=True)
class Said:
    """Which words for the mood this conversation has heard.

    Attributes:
        turns_since: How many turns ago each opening and each remark was last said; those never said are
            missing.
    """

    turns_since: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_invited(self) -> bool:
        """Whether a review was asked for before."""
        return Remark.REVIEW in self.turns_since

    def within(self, words: Opening | Remark, turns: int) -> bool:
        """Whether they were said so few turns ago."""
        since = self.turns_since.get(words)
        return since is not None and since <= turns


NOTHING_SAID: Final = Said()


def choose_stance(mood: Mood, said: Said = NOTHING_SAID) -> Stance:
    """How to answer a customer in this mood, after what was said before.

    >>> from balie.conversations.mood import find_mood
    >>> choose_stance(find_mood([])) == CALM
    True
    """
    stance = TABLE[mood.leading]
    if mood.leading == "anger" and mood.angry_turns >= ANGRY_TURNS_BEFORE_PERSON:
        stance = replace(stance, offers_person=True, priority=Priority.HIGH)
    if mood.leading == "confusion" and mood.confused_turns >= CONFUSED_TURNS_BEFORE_PERSON:
        stance = replace(stance, offers_person=True, priority=Priority.RAISED)
    opening = _opening(stance.opening, said) if mood.felt_now else None
    invites = stance.invites and not said.has_invited
    return _after_anger(replace(stance, opening=opening, invites=invites), mood)


def _opening(wanted: Opening | None, said: Said) -> Opening | None:
    if wanted is Opening.ANGER and said.within(Opening.ANGER, TURNS_BEFORE_APOLOGY_AGAIN):
        wanted = Opening.ANGER_AGAIN
    if wanted is None or said.within(wanted, TURNS_BEFORE_OPENING_AGAIN):
        return None
    return wanted


def _after_anger(stance: Stance, mood: Mood) -> Stance:
    """Anger outlasts itself: in what is not offered, and in how soon somebody should look."""
    since = mood.turns_since_anger
    if since is not None and since <= CALM_TURNS_BEFORE_OFFERS:
        # A glad word so soon after anger may be meant otherwise.
        opening = None if stance.opening is Opening.JOY else stance.opening
        stance = replace(stance, opening=opening, allows_offers=False, invites=False)
    if mood.angry_turns >= ANGRY_TURNS_BEFORE_PERSON and stance.priority is Priority.NORMAL:
        stance = replace(stance, priority=Priority.RAISED)
    return stance
