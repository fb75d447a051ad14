"""The table of moods, and the rules that hold whatever a customer feels."""

from __future__ import annotations

from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.assistant.emotion_policy import (
    CALM,
    TABLE,
    Opening,
    Priority,
    Remark,
    Said,
    Stance,
    choose_stance,
)
from balie.content.check_moods import OPENINGS, REMARKS
from balie.conversations.mood import Reading, find_mood
from balie.kernel.emotion import Emotion, EmotionLabel
from balie.kernel.ids import MessageId
from tests.support.moods import MoodyConversation, emotion
from tests.unit.conversations.test_mood import turns_of_anything


def stance_after(*shares: dict[str, float], said: Said | None = None) -> Stance:
    readings = [Reading(MessageId(uuid4()), emotion(**each)) for each in shares]
    return choose_stance(find_mood(readings), said or Said())


VERY: dict[str, dict[str, float]] = {
    each: {each: 0.95} for each in get_args(EmotionLabel) if each != "neutral"
}
CALMLY: dict[str, float] = {}


def test_every_emotion_has_its_row() -> None:
    assert set(TABLE) == set(get_args(EmotionLabel))


def test_content_has_words_for_every_opening_and_remark() -> None:
    assert set(OPENINGS) == set(Opening)
    assert set(REMARKS) == set(Remark)


@pytest.mark.parametrize("quiet", ["surprise", "neutral"])
def test_nothing_is_done_about_surprise_and_calm(quiet: str) -> None:
    assert stance_after({quiet: 0.95}, {quiet: 0.95}) == CALM


def test_the_first_anger_is_apologised_for_and_goes_no_further() -> None:
    assert stance_after(VERY["anger"]) == Stance(
        Opening.ANGER, allows_offers=False, priority=Priority.RAISED, offers_person=False
    )


def test_the_second_angry_turn_brings_a_person() -> None:
    stance = stance_after(VERY["anger"], VERY["anger"], said=Said({Opening.ANGER: 1}))

    assert stance.offers_person
    assert stance.priority is Priority.HIGH
    assert stance.opening is Opening.ANGER_AGAIN


def test_nobody_is_apologised_to_twice() -> None:
    angry = [VERY["anger"]] * 3

    assert stance_after(*angry).opening is Opening.ANGER
    assert stance_after(*angry, said=Said({Opening.ANGER: 2, Opening.ANGER_AGAIN: 1})).opening is None
    assert (
        stance_after(*angry, said=Said({Opening.ANGER: 6, Opening.ANGER_AGAIN: 3})).opening
        is Opening.ANGER_AGAIN
    )


def test_an_apology_of_long_ago_does_not_count() -> None:
    assert stance_after(VERY["anger"], said=Said({Opening.ANGER: 9})).opening is Opening.ANGER


def test_a_person_is_offered_at_the_third_confused_turn() -> None:
    lost = [VERY["confusion"]] * 3

    assert [stance_after(*lost[:turns]).offers_person for turns in (1, 2, 3)] == [False, False, True]
    assert all(stance_after(*lost[:turns]).is_brief for turns in (1, 2, 3))


@pytest.mark.parametrize("glad", ["joy", "gratitude"])
def test_a_glad_customer_may_be_asked_for_a_review_once(glad: str) -> None:
    assert stance_after(VERY[glad]).invites
    assert not stance_after(VERY[glad], said=Said({Remark.REVIEW: 5})).invites


@pytest.mark.parametrize("low", ["anger", "sadness", "fear"])
def test_nothing_is_offered_to_somebody_who_feels_bad(low: str) -> None:
    stance = stance_after(VERY[low])

    assert not stance.allows_offers
    assert not stance.invites


def test_a_glad_word_right_after_anger_is_not_taken_up() -> None:
    assert stance_after(VERY["anger"], VERY["joy"]).opening is None


def test_two_angry_turns_keep_their_priority_when_calm_returns() -> None:
    calmed = stance_after(VERY["anger"], VERY["anger"], CALMLY, CALMLY, CALMLY)

    assert calmed.opening is None
    assert calmed.allows_offers
    assert calmed.priority is Priority.RAISED


def is_angry(readings: list[Reading]) -> bool:
    """Most of all anger in the newest message, but for a doubt about a calm one; or in the mood."""
    newest = readings[-1].emotion
    read_so = newest is not None and newest.known and newest.label == "anger" and not is_doubtful(newest)
    return read_so or find_mood(readings).leading == "anger"


def is_doubtful(anger: Emotion) -> bool:
    ranking = sorted(anger.probabilities.values(), reverse=True)
    return anger.probabilities["anger"] < 0.5 and ranking[2] < anger.probabilities["neutral"] == ranking[1]


@given(turns_of_anything)
def test_nothing_is_offered_within_two_turns_of_anger(readings: list[Reading]) -> None:
    for end in range(1, len(readings) + 1):
        lately = [is_angry(readings[:upto]) for upto in range(max(1, end - 2), end + 1)]
        stance = choose_stance(find_mood(readings[:end]))
        assert not (any(lately) and (stance.allows_offers or stance.invites))


@given(turns_of_anything)
def test_a_person_is_offered_only_in_anger_and_confusion_that_lasts(readings: list[Reading]) -> None:
    mood = find_mood(readings)

    if choose_stance(mood).offers_person:
        assert mood.leading in {"anger", "confusion"}
        assert mood.angry_turns >= 2 or mood.confused_turns >= 3


ASKED = [
    "create_account",
    "check_payment_methods",
    "discount_code",
    "thank",
    "goodbye",
    "place_order",
    "review",
]
readings_and_questions = st.lists(
    st.tuples(st.sampled_from(ASKED), st.sampled_from([*VERY.values(), CALMLY, {"anger": 0.6}])), max_size=7
)


@settings(max_examples=60, deadline=None)
@given(readings_and_questions)
async def test_no_button_sells_anything_within_two_turns_of_anger(
    turns: list[tuple[str, dict[str, float]]],
) -> None:
    conversation = MoodyConversation("en")
    since = 99
    for asks, shares in turns:
        reading = emotion(**shares)
        said = await conversation.turn(asks, reading)
        since = 0 if reading.label == "anger" else since + 1
        if since <= 2:
            # The rest of a shortened answer was asked for too.
            assert not ({*said.payloads} & SELLING) - {f"/{asks}"}
            assert not (said.remark or "").startswith("review")


SELLING = {
    f"/{intent}"
    for intent in (
        "recommend_product",
        "alternative_products",
        "complementary_products",
        "discount_code",
        "newsletter_subscription",
        "gift_card",
        "loyalty_points",
        "review",
        "place_order",
    )
}
"""Written out: what content calls an offer must not shrink unnoticed."""
