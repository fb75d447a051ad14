"""How a turn is answered: words for the mood, once; what was said before is read from the store."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from balie.assistant.dressing import choose_variant
from balie.assistant.manners import look_back
from balie.assistant.speech import NlgRequest
from balie.conversations.views import Author, PastMessage
from balie.kernel.emotion import Emotion
from balie.kernel.ids import MessageId
from balie.storage.errors import StoreUnavailableError
from tests.support.content import real_renderer
from tests.support.moods import Memory, MoodyConversation, emotion

LIBRARY = real_renderer().library
FUMING = emotion(anger=0.95)
LOST = emotion(confusion=0.9)
CALM = emotion()
IN_A_FORM = {"requested_slot": "order_number"}


def words(occasion: str, language: str = "nl") -> tuple[str, ...]:
    return tuple(LIBRARY.words_for_mood(occasion, language))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("feeling", ["anger", "sadness", "fear", "confusion", "joy", "gratitude"])
async def test_an_answer_begins_with_words_for_the_mood(feeling: str, language: str) -> None:
    conversation = MoodyConversation(language)

    said = await conversation.turn("exchange_item", emotion(**{feeling: 0.95}))

    first, _, answer = said.text.partition("\n\n")
    assert first in words(feeling, language)
    assert answer.startswith(real_renderer().render("utter_exchange_item", language, {}).text[:40])
    assert said.opening == f"{feeling}.{language}.{words(feeling, language).index(first)}"


async def test_the_reading_travels_with_the_first_reply_of_a_turn() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    first = await conversation.speak(asked, "utter_warranty", FUMING, attempt="one")
    second = await conversation.speak(asked, "utter_return_item", FUMING, attempt="one")

    assert first.answer["custom"]["balie"]["emotion"] == FUMING.as_document()
    assert set(second.answer["custom"]["balie"]) == {"response", "language", "slots"}


async def test_deliberate_silence_carries_the_reading_and_no_words() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    silence = await conversation.speak(asked, "utter_silence", FUMING, attempt="one")

    assert silence.answer["text"] == ""
    assert silence.answer["buttons"] == []
    assert silence.answer["custom"]["balie"]["emotion"]["label"] == "anger"


async def test_only_the_first_reply_of_a_turn_has_words_for_the_mood() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    first = await conversation.speak(asked, "utter_warranty", FUMING, attempt="one")
    second = await conversation.speak(asked, "utter_create_account", FUMING, attempt="one")

    assert first.answer["text"].startswith(words("anger"))
    assert not second.answer["text"].startswith(words("anger"))
    assert "/loyalty_points" not in [button.get("payload") for button in second.answer["buttons"]]


async def test_the_store_is_asked_once_a_turn() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    for response in ("utter_warranty", "utter_create_account", "utter_return_item"):
        await conversation.speak(asked, response, FUMING, attempt="one")

    assert conversation.memory.reads == 1


async def test_a_turn_that_is_taken_again_is_answered_alike() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    first = await conversation.speak(asked, "utter_warranty", FUMING, attempt="broken off")
    again = await conversation.speak(asked, "utter_warranty", FUMING, attempt="taken again")

    assert again.answer == first.answer
    assert first.answer["text"].startswith(words("anger"))


async def test_a_message_is_not_judged_by_those_behind_it() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)
    conversation.memory.add(Author.CUSTOMER, emotion=FUMING)
    conversation.memory.add(Author.CUSTOMER, emotion=FUMING)

    spoken = await conversation.speak(asked, "utter_create_account", CALM, attempt="one")

    assert "opening" not in spoken.answer["custom"]["balie"]


async def test_the_same_words_are_never_said_twice_in_a_row() -> None:
    conversation = MoodyConversation()
    openings = []
    for _ in range(20):
        for reading in (emotion(gratitude=1.0), CALM, CALM):
            said = await conversation.turn("warranty", reading)
            openings += [said.opening] if said.opening else []

    assert len(openings) == 20
    assert all(before != after for before, after in pairwise(openings))
    assert len(set(openings[: len(words("gratitude"))])) == len(words("gratitude"))


@pytest.mark.parametrize("count", [1, 2, 6])
def test_a_variant_is_always_found(count: int) -> None:
    heard = [f"joy.nl.{index}" for index in range(count)]

    chosen = choose_variant(count, "joy.nl", [*heard, "joy.own", "joy.en.9"], "seed")

    assert 0 <= chosen < count
    assert count == 1 or chosen != count - 1


def test_which_words_are_chosen_depends_on_the_message() -> None:
    assert len({choose_variant(6, "joy.nl", [], str(uuid4())) for _ in range(200)}) == 6


@pytest.mark.parametrize("response", ["greet", "thank", "goodbye", "affirm", "bot_challenge", "stop_flow"])
@pytest.mark.parametrize("feeling", ["anger", "joy", "gratitude", "confusion"])
async def test_small_talk_needs_no_words_for_a_mood(response: str, feeling: str) -> None:
    said = await MoodyConversation().turn(response, emotion(**{feeling: 0.95}))

    assert said.opening is None


@pytest.mark.parametrize("response", ["utter_ask_order_number", "utter_ask_identity_proof"])
async def test_the_first_question_of_a_form_has_words_for_a_mood_and_its_repetition_has_none(
    response: str,
) -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)
    facts = {"order_number": "DD1048213", "pending_task": None, "needs_email": False}

    first = await conversation.speak(asked, response, FUMING, attempt="one", facts=facts)
    again = await conversation.speak(asked, response, FUMING, attempt="two", slots=IN_A_FORM, facts=facts)

    assert "opening" in first.answer["custom"]["balie"]
    assert "opening" not in again.answer["custom"]["balie"]


async def test_a_question_in_the_middle_of_a_form_is_answered_with_words_for_the_mood() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    answer = await conversation.speak(asked, "utter_warranty", FUMING, attempt="one", slots=IN_A_FORM)
    question = await conversation.speak(
        asked, "utter_ask_order_number", FUMING, attempt="one", slots=IN_A_FORM
    )

    assert "opening" in answer.answer["custom"]["balie"]
    assert "opening" not in question.answer["custom"]["balie"]


@pytest.mark.parametrize("response", ["utter_default", "utter_out_of_scope", "utter_ask_order_number"])
@pytest.mark.parametrize("feeling", ["confusion", "fear", "joy", "gratitude"])
async def test_where_there_is_no_answer_nothing_announces_one(response: str, feeling: str) -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)

    spoken = await conversation.speak(asked, response, emotion(**{feeling: 0.95}), attempt="one")

    assert "opening" not in spoken.answer["custom"]["balie"]


async def test_an_angry_customer_who_is_not_understood_hears_that_they_were_heard() -> None:
    said = await MoodyConversation().turn("out_of_scope", FUMING)

    assert said.text.startswith(words("anger"))


async def test_an_answer_that_says_sorry_itself_is_the_apology() -> None:
    conversation = MoodyConversation("en")

    first = await conversation.turn("complaint", FUMING)
    second = await conversation.turn("warranty", FUMING)

    assert first.text.startswith("I am sorry it went this way.")
    assert first.opening == "anger.own"
    assert (second.opening or "").startswith("anger_again.")


async def test_a_person_is_offered_with_a_sentence_once_and_with_a_button_each_time() -> None:
    conversation = MoodyConversation()

    turns = [await conversation.turn("warranty", FUMING) for _ in range(3)]

    assert [turn.remark is not None for turn in turns] == [False, True, False]
    assert [turn.payloads[:1] == ["/contact_human_agent"] for turn in turns] == [False, True, True]
    assert turns[1].text.endswith(words("person"))


async def test_whoever_is_told_how_to_reach_a_person_is_not_offered_one() -> None:
    conversation = MoodyConversation()
    await conversation.turn("warranty", FUMING)

    said = await conversation.turn("contact_human_agent", FUMING)

    assert said.remark is None
    assert "/contact_human_agent" not in said.payloads


async def test_every_reply_of_a_turn_leads_to_a_person_in_lasting_anger() -> None:
    conversation = MoodyConversation()
    await conversation.turn("warranty", FUMING)
    asked = conversation.memory.add(Author.CUSTOMER)

    for response in ("utter_loyalty_points", "utter_ask_order_number"):
        spoken = await conversation.speak(asked, response, FUMING, attempt="one")
        assert spoken.answer["buttons"][0]["payload"] == "/contact_human_agent"


async def test_a_confused_customer_gets_the_first_part_and_the_rest_at_a_button() -> None:
    conversation = MoodyConversation("en")

    short = await conversation.turn("exchange_item", LOST)
    whole = await conversation.turn("exchange_item", press=True)

    assert "In a store it is quicker" not in short.text
    assert short.answer["buttons"][0] == {"title": "Tell me the rest", "payload": "/exchange_item"}
    assert len(short.answer["buttons"]) <= 3
    assert "In a store it is quicker" in whole.text


@pytest.mark.parametrize("asks", ["data_privacy", "check_cancellation_fee", "delete_account"])
async def test_what_must_be_said_whole_is_said_whole(asks: str) -> None:
    said = await MoodyConversation("en").turn(asks, LOST)

    assert said.text.endswith(real_renderer().render(f"utter_{asks}", "en", {}).text)


async def test_choices_of_an_action_and_the_person_stay_however_many_there_are() -> None:
    conversation = MoodyConversation()
    for _ in range(2):
        await conversation.turn("warranty", LOST)
    asked = conversation.memory.add(Author.CUSTOMER)
    choices = [
        {
            "intent": "choose_order",
            "slots": {"order_number": number},
            "title": "title_of_order",
            "facts": facts,
        }
        for number in ("DD1", "DD2", "DD3")
        for facts in [{"number": number, "placed_on": "2026-11-01"}]
    ]

    spoken = await conversation.speak(asked, "utter_default", LOST, attempt="one", choices=choices)

    payloads = [button["payload"] for button in spoken.answer["buttons"]]
    assert [payload.partition("{")[0] for payload in payloads] == ["/choose_order"] * 3 + [
        "/contact_human_agent"
    ]


async def test_an_offer_that_an_action_makes_goes_in_anger() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)
    choices = [{"intent": "recommend_product"}, {"intent": "contact_customer_service"}]

    spoken = await conversation.speak(asked, "utter_default", FUMING, attempt="one", choices=choices)

    payloads = [button["payload"] for button in spoken.answer["buttons"]]
    assert payloads[0] == "/contact_customer_service"
    assert "/recommend_product" not in payloads


async def test_whoever_asks_about_the_newsletter_in_anger_can_still_leave_it() -> None:
    conversation = MoodyConversation()
    asked = conversation.memory.add(Author.CUSTOMER)
    leave = {
        "intent": "newsletter_subscription",
        "slots": {"detail": "newsletter=leave"},
        "title": "title_newsletter_leave",
    }

    told = await conversation.speak(
        asked, "utter_newsletter_subscription", FUMING, attempt="one", choices=[leave]
    )
    other = await conversation.speak(asked, "utter_default", FUMING, attempt="two", choices=[leave])

    assert told.answer["buttons"][0]["title"] == "Afmelden"
    assert "/discount_code" not in [button.get("payload") for button in told.answer["buttons"]]
    assert "Afmelden" not in [button["title"] for button in other.answer["buttons"]]


async def test_a_pressed_button_is_not_read() -> None:
    conversation = MoodyConversation()

    said = await conversation.turn("warranty", FUMING, press=True)

    assert "emotion" not in said.mark
    assert said.opening is None


@pytest.mark.parametrize(
    "document",
    [
        {"label": "rage", "probabilities": {"anger": 1.0}},
        {"label": "anger"},
        {"label": "anger", "probabilities": {"anger": None}},
        {"label": "anger", "probabilities": {"anger": "much"}},
        {"label": "anger", "probabilities": {"anger": float("nan")}},
        {"label": "anger", "probabilities": {"anger": 7.0}},
        {"label": "anger", "probabilities": {"anger": 0.9, "joy": 0.9}},
        "anger",
        ["anger"],
        5,
    ],
)
async def test_what_is_no_reading_is_left_out_and_logged_without_the_text(
    document: Any, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = MoodyConversation()
    message = {"message_id": "m", "text": "geheim", "emotion": document, "language": None}
    tracker = {"sender_id": str(conversation.id), "latest_message": message}

    with caplog.at_level(logging.WARNING):
        answer = await conversation.speaker.speak(
            NlgRequest.model_validate({"response": "utter_warranty", "tracker": tracker})
        )

    assert set(answer["custom"]["balie"]) == {"response", "language", "slots"}
    assert "reading" in caplog.text
    assert "geheim" not in caplog.text


async def test_without_the_store_an_answer_is_given_and_nothing_is_offered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    conversation = MoodyConversation()
    conversation.memory.failure = StoreUnavailableError("database is locked")
    asked = conversation.memory.add(Author.CUSTOMER)

    spoken = await conversation.speak(asked, "utter_create_account", emotion(joy=0.9), attempt="one")

    payloads = [button.get("payload") for button in spoken.answer["buttons"]]
    assert "/loyalty_points" not in payloads
    assert "/registration_problems" in payloads
    assert "mood" in caplog.text


async def test_somebody_in_rasas_own_shell_is_answered_by_their_last_message() -> None:
    conversation = MoodyConversation()
    message = {"message_id": "m", "emotion": FUMING.as_document()}
    request = {"response": "utter_warranty", "tracker": {"sender_id": "default", "latest_message": message}}

    answer = await conversation.speaker.speak(NlgRequest.model_validate(request))

    assert answer["custom"]["balie"]["opening"].startswith("anger.")
    assert conversation.memory.reads == 0


def test_looking_back_counts_turns_and_not_messages() -> None:
    memory = Memory()
    memory.add(Author.CUSTOMER, emotion=FUMING)
    memory.add(Author.ASSISTANT, response="utter_warranty", opening="anger.nl.1", remark="person.nl.0")
    memory.add(Author.ASSISTANT, response="utter_ask_order_number")
    memory.add(Author.CUSTOMER, pressed=True, emotion=FUMING)
    memory.add(Author.AGENT)
    memory.add(Author.CUSTOMER, emotion=CALM)

    seen = look_back(memory.messages)

    assert dict(seen.said.turns_since) == {"anger": 2, "person": 2}
    assert seen.heard == ("anger.nl.1", "person.nl.0")
    assert [reading.emotion for reading in seen.readings] == [FUMING, None, CALM]


def test_nobody_but_a_customer_is_read() -> None:
    furious: Emotion = FUMING
    others = [
        PastMessage(MessageId(UUID(int=index)), index, author, emotion=furious)
        for index, author in enumerate(Author)
        if author is not Author.CUSTOMER
    ]

    assert look_back(others).readings == ()
