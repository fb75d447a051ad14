"""From readings to a mood: what one message may do, and what it may not."""

from __future__ import annotations

import doctest
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.assistant import emotion_policy, reading
from balie.conversations import mood
from balie.conversations.mood import LEADS_FROM, Reading, find_mood
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel
from balie.kernel.ids import MessageId
from tests.support.moods import emotion

FEELINGS = [each for each in EMOTIONS if each != "neutral"]


def turn(read: Emotion | None = None, /, **shares: float) -> Reading:
    return Reading(MessageId(uuid4()), read or emotion(**shares))


@st.composite
def emotions(draw: st.DrawFn) -> Emotion:
    weights = draw(st.lists(st.floats(0.001, 1), min_size=len(EMOTIONS), max_size=len(EMOTIONS)))
    shares = {each: weight / sum(weights) for each, weight in zip(EMOTIONS, weights, strict=True)}
    label = max(EMOTIONS, key=lambda each: shares[each])
    return Emotion(label, shares, "f00", known=draw(st.booleans()))


turns_of_anything = st.lists(
    st.builds(Reading, st.builds(uuid4).map(MessageId), st.none() | emotions()), max_size=14
)


@pytest.mark.parametrize("module", [mood, emotion_policy, reading])
def test_the_examples_in_the_documentation_are_so(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_nobody_who_has_said_nothing_is_in_a_mood() -> None:
    assert find_mood([]).leading == "neutral"
    assert find_mood([]).moved_by is None


@pytest.mark.parametrize("feeling", FEELINGS)
@pytest.mark.parametrize("share", [0.5, 0.6, 0.7, 0.79])
def test_one_likely_reading_decides_nothing(feeling: EmotionLabel, share: float) -> None:
    calm = [turn() for _ in range(4)]

    assert find_mood([turn(**{feeling: share})]).leading == "neutral"
    assert find_mood([*calm, turn(**{feeling: share})]).leading == "neutral"


@pytest.mark.parametrize("feeling", FEELINGS)
@pytest.mark.parametrize("share", [0.54, 0.6, 0.7, 0.9])
@pytest.mark.parametrize("calm_turns", [0, 1, 7])
def test_two_likely_readings_in_a_row_decide_whatever_came_before(
    feeling: EmotionLabel, share: float, calm_turns: int
) -> None:
    readings = [turn() for _ in range(calm_turns)] + [turn(**{feeling: share}) for _ in range(2)]

    assert find_mood(readings).leading == feeling


def test_a_very_sure_reading_leads_but_is_one_angry_turn() -> None:
    angry = find_mood([turn(), turn(anger=0.95)])

    assert angry.leading == "anger"
    assert angry.angry_turns == 1
    assert angry.turns_since_anger == 0


def test_a_mood_beyond_doubt_is_over_two_calm_turns_later() -> None:
    certain = [turn(anger=1.0) for _ in range(6)]

    assert find_mood([*certain, turn()]).leading == "anger"
    assert find_mood([*certain, turn(), turn()]).leading == "neutral"


def test_a_single_angry_reading_is_remembered_for_what_is_not_offered() -> None:
    readings = [turn(anger=0.6), turn(), turn()]

    assert find_mood(readings).leading == "neutral"
    assert find_mood(readings).turns_since_anger == 2


def test_a_little_anger_beside_calm_is_a_doubt_and_no_anger() -> None:
    asking = turn(emotion(anger=0.30, neutral=0.26, confusion=0.24, surprise=0.20))

    assert not asking.is_angry
    assert find_mood([asking]).turns_since_anger is None


@pytest.mark.parametrize(
    "read",
    [
        emotion(anger=0.30, sadness=0.26, neutral=0.24, surprise=0.20),
        emotion(anger=0.36, confusion=0.34, neutral=0.30),
        emotion(anger=0.5, neutral=0.5),
        emotion(anger=0.51, neutral=0.49),
    ],
)
def test_anger_beside_another_feeling_or_beyond_half_is_anger(read: Emotion) -> None:
    assert turn(read).is_angry
    assert find_mood([turn(read), turn()]).turns_since_anger == 1


def test_the_message_that_moved_the_mood_is_the_one_that_weighs_most() -> None:
    fuming, grumbling = turn(anger=0.99), turn(anger=0.4, neutral=0.6)

    assert find_mood([turn(), fuming, grumbling]).moved_by == fuming.message_id


def test_of_two_that_weigh_the_same_the_newer_one_moved_it() -> None:
    first, second = turn(anger=1.0), turn(anger=0.5)

    assert find_mood([first, second]).moved_by == second.message_id


def test_words_for_a_mood_answer_a_message_that_shows_it() -> None:
    angry = [turn(anger=1.0) for _ in range(3)]

    assert find_mood(angry).felt_now
    for quiet in (turn(), Reading(MessageId(uuid4()))):
        later = find_mood([*angry, quiet])
        assert later.leading == "anger"
        assert not later.felt_now


@given(turns_of_anything)
def test_strengths_are_shares_of_one(readings: list[Reading]) -> None:
    found = find_mood(readings)

    assert set(found.strengths) == set(EMOTIONS)
    assert all(0 <= strength <= 1 for strength in found.strengths.values())
    assert sum(found.strengths.values()) == pytest.approx(1)


@given(turns_of_anything)
def test_what_leads_is_strong_enough_and_the_strongest(readings: list[Reading]) -> None:
    found = find_mood(readings)

    assert found.strength == found.strengths[found.leading]
    if found.leading == "neutral":
        assert all(found.strengths[each] < LEADS_FROM for each in FEELINGS)
        assert found.moved_by is None
    else:
        assert found.strength >= LEADS_FROM
        assert found.strength == max(found.strengths[each] for each in FEELINGS)
        assert found.moved_by in {reading.message_id for reading in readings}


@given(turns_of_anything, emotions())
def test_what_cannot_be_read_says_nothing(readings: list[Reading], unread: Emotion) -> None:
    silent = Emotion(unread.label, unread.probabilities, unread.model, known=False)
    recent = readings[-6:]

    before, after = find_mood(recent), find_mood([*recent, turn(silent), Reading(MessageId(uuid4()))])

    assert after.strengths == before.strengths
    assert (after.leading, after.moved_by) == (before.leading, before.moved_by)
    assert (after.angry_turns, after.confused_turns) == (before.angry_turns, before.confused_turns)


@given(turns_of_anything, st.floats(0, 0.5), st.floats(0.01, 0.5))
def test_more_anger_is_never_less_anger(readings: list[Reading], some: float, more: float) -> None:
    less = find_mood([*readings, turn(anger=some)])
    greater = find_mood([*readings, turn(anger=some + more)])

    assert greater.strengths["anger"] > less.strengths["anger"]


@given(turns_of_anything)
def test_a_mood_is_a_function_of_the_last_turns_only(readings: list[Reading]) -> None:
    calm = [turn() for _ in range(8)]

    assert find_mood([*readings, *calm]).leading == "neutral"
    assert find_mood(readings) == find_mood(list(readings))
