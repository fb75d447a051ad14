"""How a customer has been feeling over the last turns: one pure function from readings to a mood.

A single reading never decides. The strength of an emotion is an exponential average that begins in calm,

    strength = half × reading now + half² × reading before + half³ × the one before that + …

with half = ½: a reading's weight halves with every turn (a half-life of one turn), and whatever is not
covered by readings counts as calm. An emotion leads from a strength of 0.4 on. These two numbers are the
choice that does what is wanted whatever came before: one reading leads only when it is very sure
(0.8 or more), two in a row when each is likely (0.54 or more), and a mood that was beyond doubt is
over two calm turns later. Longer half-lives let one calm start hide two angry messages; shorter ones let
a single reading decide.

Texts that could not be read and buttons that were pressed say nothing about a mood: they leave it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel
from balie.kernel.ids import MessageId

HALF: Final = 0.5
LEADS_FROM: Final = 0.4
TELLING: Final = 0.5
"""From this probability on, a message counts as one of its emotion (an angry turn, a confused turn)."""
FELT_FROM: Final = 0.3
"""Below it the message itself shows too little of the mood to be answered with words for it."""
LOOK_BACK_TURNS: Final = 8
"""Older turns would move the strength by less than half a percent."""

_FEELINGS: Final = tuple(emotion for emotion in EMOTIONS if emotion != "neutral")


@dataclass(frozen=True, slots=True)
class Reading:
    """One turn of the customer.

    Attributes:
        emotion: None for a pressed button and for a message that was not read.
    """

    message_id: MessageId
    emotion: Emotion | None = None

    def share_of(self, label: EmotionLabel) -> float:
        """How probable an emotion is in it; 0 when nothing is known."""
        known = self.emotion is not None and self.emotion.known
        return self.emotion.probabilities.get(label, 0.0) if known and self.emotion is not None else 0.0

    @property
    def says_something(self) -> bool:
        """Whether it tells anything about the mood."""
        return self.emotion is not None and self.emotion.known

    @property
    def is_angry(self) -> bool:
        """Whether anger is what it shows most of all, and more than a doubt about a calm message.

        Anger below ``TELLING`` with calm as the next likely is such a doubt. Measured with the shipped
        weights: of the 386 angry messages of writers that were not learned from (``data/emotions``), 288 have
        anger on top and not one of them like that; nor has one of 271 in GoEmotions' test part (anger,
        annoyance). Of 198 held-out questions of customers with anger on top ("which tent do you recommend?"),
        10 have. A bare threshold of 0.40 would let go of 2 and 2 of the angry ones; 0.45 of 7 and 8.
        """
        if self.emotion is None or not self.says_something or self.emotion.label != "anger":
            return False
        others = [self.share_of(feeling) for feeling in _FEELINGS if feeling != "anger"]
        is_calm_next = self.share_of("neutral") > max(others)
        return self.share_of("anger") >= TELLING or not is_calm_next


@dataclass(frozen=True, slots=True)
class Mood:
    """The mood after the newest turn.

    Attributes:
        leading: The emotion that leads; ``neutral`` when none is strong enough.
        strength: Of the leading emotion, in [0, 1].
        strengths: Of every emotion, together 1.
        felt_now: Whether the newest message itself shows the leading emotion.
        angry_turns: How many of the last turns were angry.
        confused_turns: How many of the last turns were confused.
        turns_since_anger: 0 when there is anger now, 1 for the turn before …; None when there was none. Here
            a single reading counts: holding back an offer for nothing costs nobody anything.
        moved_by: The message that did most for the leading emotion; None in calm.
    """

    leading: EmotionLabel
    strength: float
    strengths: Mapping[EmotionLabel, float]
    felt_now: bool
    angry_turns: int
    confused_turns: int
    turns_since_anger: int | None
    moved_by: MessageId | None


def find_mood(readings: Iterable[Reading]) -> Mood:
    """The mood after the last of the readings, which come in the order of the turns.

    One likely reading does not decide, two do:

    >>> from uuid import uuid4
    >>> def said(anger):
    ...     shares = {"anger": anger, "neutral": 1 - anger}
    ...     return Reading(MessageId(uuid4()), Emotion("anger", shares, "f00"))
    >>> find_mood([said(0.7)]).leading
    'neutral'
    >>> find_mood([said(0.7), said(0.7)]).leading
    'anger'
    >>> find_mood([said(0.95)]).leading, find_mood([said(0.95)]).angry_turns
    ('anger', 1)
    """
    recent = list(readings)[-LOOK_BACK_TURNS:]
    course = list(_course(recent))
    strengths = course[-1] if course else _calm()
    leading = _leading(strengths)
    newest = recent[-1] if recent else None
    return Mood(
        leading=leading,
        strength=strengths[leading],
        strengths=strengths,
        felt_now=newest is not None and newest.share_of(leading) >= FELT_FROM,
        angry_turns=_count(recent, "anger"),
        confused_turns=_count(recent, "confusion"),
        turns_since_anger=_turns_since_anger(recent, course),
        moved_by=None if leading == "neutral" else _moved_by(recent, leading),
    )


def follow_mood(readings: Iterable[Reading]) -> tuple[tuple[EmotionLabel, float], ...]:
    """What led after each of the readings, which come in the order of the turns, and how strongly."""
    led = ((_leading(strengths), strengths) for strengths in _course(readings))
    return tuple((leading, strengths[leading]) for leading, strengths in led)


def list_movers(readings: Iterable[Reading], label: EmotionLabel, most: int) -> tuple[MessageId, ...]:
    """The messages that did most for an emotion, heaviest first, without those that show little of it."""
    telling = [reading for reading in list(readings)[-LOOK_BACK_TURNS:] if reading.says_something]
    weights = [
        (reading.share_of(label) * HALF**ago, reading)
        for ago, reading in enumerate(reversed(telling))
        if reading.share_of(label) >= FELT_FROM
    ]
    heaviest = sorted(weights, key=lambda weighed: -weighed[0])[:most]
    return tuple(reading.message_id for _, reading in heaviest)


def _calm() -> dict[EmotionLabel, float]:
    return {emotion: float(emotion == "neutral") for emotion in EMOTIONS}


def _course(readings: Iterable[Reading]) -> Iterator[Mapping[EmotionLabel, float]]:
    """The strengths after each turn."""
    now = _calm()
    for reading in readings:
        if reading.says_something:
            now = {label: (1 - HALF) * now[label] + HALF * reading.share_of(label) for label in _FEELINGS}
            now["neutral"] = max(0.0, 1 - sum(now.values()))
        yield now


def _leading(strengths: Mapping[EmotionLabel, float]) -> EmotionLabel:
    strongest = max(_FEELINGS, key=lambda emotion: strengths[emotion])
    return strongest if strengths[strongest] >= LEADS_FROM else "neutral"


def _count(readings: Iterable[Reading], label: EmotionLabel) -> int:
    return sum(reading.share_of(label) >= TELLING for reading in readings)


def _turns_since_anger(
    readings: Sequence[Reading], course: Sequence[Mapping[EmotionLabel, float]]
) -> int | None:
    turns = zip(reversed(readings), reversed(course), strict=True)
    angry = (
        ago
        for ago, (reading, strengths) in enumerate(turns)
        if reading.is_angry or _leading(strengths) == "anger"
    )
    return next(angry, None)


def _moved_by(readings: Sequence[Reading], label: EmotionLabel) -> MessageId:
    """The newest of those that weigh most in the average."""
    telling = [reading for reading in readings if reading.says_something]
    weights = [reading.share_of(label) * HALF**ago for ago, reading in enumerate(reversed(telling))]
    return telling[len(telling) - 1 - weights.index(max(weights))].message_id
