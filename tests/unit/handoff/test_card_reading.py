from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from balie.conversations.views import Author
from balie.handoff.card_reading import (
    MOST_CHARACTERS,
    Spoken,
    find_subject,
    read_mood,
    read_quotes,
    read_tried,
    read_wants,
    spoken_from,
)
from balie.handoff.card_titles import ContentTitles
from balie.kernel.emotion import EMOTIONS, Emotion, EmotionLabel
from balie.kernel.ids import MessageId
from tests.support.content import real_renderer

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
TITLES = ContentTitles(real_renderer().library, "nl")
LIBRARY = real_renderer().library


def feels(label: EmotionLabel, share: float) -> Emotion:
    rest = (1 - share) / (len(EMOTIONS) - 1)
    return Emotion(label, {each: share if each == label else rest for each in EMOTIONS}, "test")


class Talk:
    """A conversation, message by message."""

    def __init__(self) -> None:
        self.messages: list[Spoken] = []

    def asks(self, text: str = "waar is het", intent: str | None = "track_order", **more: Any) -> Talk:
        return self._add(Author.CUSTOMER, text=text, intent=intent, **more)

    def told(self, response: str, text: str = "Je pakket is onderweg.") -> Talk:
        return self._add(Author.ASSISTANT, text=text, response=response, in_reply_to=self.messages[-1].id)

    def _add(self, author: Author, **more: Any) -> Talk:
        place = len(self.messages) + 1
        at = NOON + timedelta(minutes=place)
        self.messages.append(Spoken(MessageId(uuid4()), place, author, at=at, **more))
        return self


def test_the_last_three_different_wishes_are_told_newest_first() -> None:
    talk = Talk()
    for intent in (
        "greet",
        "track_order",
        "get_refund",
        "track_order",
        "return_item",
        "cancel_order",
        "thank",
    ):
        talk.asks(intent=intent)

    wants = read_wants(talk.messages, {}, TITLES)

    assert [one.intent for one in wants.intents] == ["cancel_order", "return_item", "track_order"]
    assert wants.intents[2].title == LIBRARY.articles["track_order"].title["nl"]
    assert wants.intents[2].at == talk.messages[3].at


def test_small_talk_is_told_where_there_was_nothing_else() -> None:
    assert [one.intent for one in read_wants(Talk().asks(intent="greet").messages, {}, TITLES).intents] == [
        "greet"
    ]


def test_the_flow_and_the_slots_stand_apart() -> None:
    slots = {
        "order_number": "DD1048213",
        "pending_task": "track_order",
        "pending_change": None,
        "place": None,
    }

    wants = read_wants((), slots, TITLES)

    assert (wants.flow, wants.slots) == ("track_order", {"order_number": "DD1048213"})


def test_wanting_a_person_is_no_subject() -> None:
    talk = Talk().asks(intent="track_order").asks(intent="complaint").asks(intent="contact_human_agent")

    assert find_subject(talk.messages, TITLES) == "track_order"
    assert find_subject(talk.messages[1:], TITLES) is None


def test_only_what_was_typed_is_quoted_and_a_long_message_is_cut() -> None:
    talk = (
        Talk().asks("een").asks("", pressed=True).asks("twee").asks("Kies er een", pressed=True).asks("drie")
    )
    talk.asks("v" * 1000)

    quotes = read_quotes(talk.messages)

    assert [quote.text[:4] for quote in quotes] == ["twee", "drie", "vvvv"]
    assert len(quotes[2].text) == MOST_CHARACTERS


def test_the_mood_line_names_the_sentences_that_moved_it_most() -> None:
    talk = (
        Talk()
        .asks("hoi", emotion=feels("neutral", 0.9))
        .asks("al een week te laat", emotion=feels("anger", 0.7))
    )
    talk.told("utter_order_on_its_way").asks("knop", pressed=True, emotion=feels("joy", 0.9))
    talk.asks("wat een waardeloze winkel", emotion=feels("anger", 0.95))

    mood = read_mood(talk.messages)

    assert mood is not None
    assert mood.leading == "anger"
    assert [point.sequence for point in mood.line] == [1, 2, 5]
    assert [point.leading for point in mood.line] == ["neutral", "neutral", "anger"]
    assert [mover.text for mover in mood.moved_by] == ["wat een waardeloze winkel", "al een week te laat"]


def test_there_is_no_mood_where_nothing_could_be_read() -> None:
    assert read_mood(Talk().asks().told("utter_order_on_its_way").messages) is None


def test_calm_names_no_sentences() -> None:
    mood = read_mood(Talk().asks(emotion=feels("neutral", 0.9)).messages)

    assert mood is not None
    assert mood.moved_by == ()


def test_what_was_asked_again_has_not_helped_and_what_was_thanked_for_has() -> None:
    talk = Talk().asks(intent="track_order").told("utter_order_on_its_way").asks(intent="track_order")
    talk.told("utter_order_late_on_its_way").asks(intent="return_item").told("utter_return_item")
    talk.asks(intent="thank").told("utter_thank")

    tried = read_tried(talk.messages, TITLES)

    assert [(one.response, one.helped) for one in tried] == [
        ("utter_order_on_its_way", False),
        ("utter_return_item", True),
    ]
    assert tried[0].title == LIBRARY.articles["track_order"].title["nl"]
    assert tried[1].title == LIBRARY.articles["return_item"].title["nl"]


def test_an_answer_that_was_given_twice_is_told_once_the_last_time() -> None:
    talk = Talk().asks().told("utter_order_on_its_way").asks().told("utter_order_on_its_way")

    tried = read_tried(talk.messages, TITLES)

    assert [(one.at, one.helped) for one in tried] == [(talk.messages[-1].at, None)]


def test_an_answer_without_a_title_is_told_by_how_it_begins() -> None:
    talk = (
        Talk()
        .asks(intent=None)
        .told("utter_order_on_its_way", "Je **pakket** is\n\nonderweg. " + "Nu. " * 30)
    )

    [tried] = read_tried(talk.messages, TITLES)

    assert tried.title.startswith("Je pakket is onderweg. Nu.")
    assert len(tried.title) <= 60


def test_a_pressed_button_says_what_it_was_for_but_not_what_the_service_handles_itself() -> None:
    def row(payload: str) -> Any:
        columns = ("language", "intent", "emotion", "response", "in_reply_to")
        values = dict.fromkeys(columns) | {"id": uuid4(), "sequence": 1, "author": "customer", "text": "Ja"}
        return type("Row", (), values | {"created_at": NOON, "payload": payload})

    assert spoken_from(row('/cancel_order{"order_number": "DD1048213"}')).intent == "cancel_order"
    assert spoken_from(row("!handoff/withdraw")).intent is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([Author.CUSTOMER, Author.ASSISTANT, Author.AGENT, Author.SYSTEM]),
            st.text(max_size=400),
            st.sampled_from([None, "track_order", "greet", "not_an_intent", "out_of_scope"]),
            st.booleans(),
            st.one_of(st.none(), st.builds(feels, st.sampled_from(EMOTIONS), st.floats(0, 1))),
            st.sampled_from([None, "utter_track_order", "utter_nobody_wrote", "utter_silence"]),
        ),
        max_size=20,
    )
)
def test_whatever_was_said_can_be_read(said: list[tuple[Any, ...]]) -> None:
    messages = [
        Spoken(
            MessageId(uuid4()), place, author, text, NOON, intent=intent, pressed=pressed, emotion=emotion,
            response=response,
        )
        for place, (author, text, intent, pressed, emotion, response) in enumerate(said, start=1)
    ]  # fmt: skip

    read_mood(messages)
    read_wants(messages, {"order_number": 5}, TITLES)
    read_tried(messages, TITLES)
    assert len(read_quotes(messages)) <= 3
