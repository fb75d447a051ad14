"""Which cards are in sight, and what a typed follow-up becomes: a button's meaning, never what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from actions.card_follow_ups import (
    LOOK_BACK,
    STILL_ABOUT_THEM,
    CardFollowUps,
    CardQuestion,
    find_in_sight,
)
from actions.follow_up_words import CardWish, FollowUpWords
from balie.conversations.cards import ProductCard
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author, Message, PendingTurn, VisibleButton
from balie.kernel.ids import ConversationId, MessageId
from balie.kernel.money import Money
from balie.recommendations.kinds import ListKind
from tests.support.content import real_renderer

QUERY = json.dumps({"list": "personal", "anchors": [], "wish": '{"budget": 50000}', "shown": ["A", "B"]})
CARDS = (
    ProductCard(sku="A", name="Koepeltent", price=Money(19_995), reason="Veel gekozen.", key="k1"),
    ProductCard(sku="B", name="Tunneltent", price=Money(9_995), reason="Past bij je mat.", key="k2"),
)
WORDS = FollowUpWords(real_renderer().library.words_of_answers)


def said(
    response: str = "utter_recommended", *, author: Author = Author.ASSISTANT, **more: object
) -> Message:
    message = Message(
        MessageId(uuid4()), 1, author, "…", "nl", (), datetime(2026, 11, 3, tzinfo=UTC), response=response
    )
    return replace(message, **more)  # type: ignore[arg-type]


SHOWN = said(cards=CARDS, buttons=(VisibleButton("Laat iets anders zien", id="else"),))
FACTS = said("utter_product_facts", buttons=(VisibleButton("In mandje", id="basket"),))


@dataclass
class Conversations:
    """What a store would know."""

    messages: Sequence[Message] = (SHOWN,)
    meanings: Mapping[MessageId, Mapping[str, str]] = field(
        default_factory=lambda: {
            SHOWN.id: {
                "view": '/show_product{"card": "k1:A"}',
                "else": f"/something_else{json.dumps({'detail': QUERY})}",
            },
            FACTS.id: {
                "stock": '/product_availability{"product_query": "B"}',
                "basket": '/put_in_basket{"card": "k2:B"}',
            },
        }
    )
    asked: list[int] = field(default_factory=list)

    async def list_said(
        self, conversation_id: ConversationId, most: int, *, before: int
    ) -> tuple[Message, ...]:
        self.asked.append(most)
        return tuple(message for message in self.messages if message.sequence < before)[:most]

    async def list_meanings(
        self, conversation_id: ConversationId, message_id: MessageId
    ) -> Mapping[str, str]:
        return self.meanings.get(message_id, {})


def turn(text: str, status: ConversationStatus = ConversationStatus.WITH_ASSISTANT) -> PendingTurn:
    return PendingTurn(
        ConversationId(uuid4()), MessageId(uuid4()), text, None, "nl", None, ("nl",), 5, status=status
    )


async def payload_of(text: str, *messages: Message) -> str | None:
    reader = CardFollowUps(Conversations(messages or (SHOWN,)), WORDS, None)
    heard = await reader.read(turn(text))
    return None if heard is None else heard.payload


def question_of(payload: str | None) -> CardQuestion:
    assert payload is not None
    intent, _, slots = payload.partition("{")
    assert intent == "/card_follow_up"
    question = CardQuestion.from_detail(json.loads("{" + slots)["detail"])
    assert question is not None
    return question


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("de tweede", '/show_product{"card": "k2:B"}'),
        ("the dome tent, number 1", None),
        ("die koepeltent", '/show_product{"card": "k1:A"}'),
        ("doe de eerste maar in mijn mandje", '/put_in_basket{"card": "k1:A"}'),
        ("i don't like the second one", '/not_interested{"card": "k2:B"}'),
        ("laat maar wat anders zien", f"/something_else{json.dumps({'detail': QUERY})}"),
        ("waar blijft mijn pakket", None),
    ],
)
async def test_what_a_button_does_is_done_as_by_that_button(text: str, payload: str | None) -> None:
    assert await payload_of(text) == payload


async def test_cheaper_is_below_the_cheapest_that_was_shown() -> None:
    question = question_of(await payload_of("iets goedkopers"))

    assert (question.wish, question.limit, question.is_named) == (CardWish.CHEAPER, 9_994, False)
    asked = question.next_query()
    assert (asked.list, asked.wish.budget, asked.shown) == (ListKind.PERSONAL, 9_994, ("A", "B"))


async def test_an_amount_that_is_named_counts_itself() -> None:
    question = question_of(await payload_of("under 50"))

    assert (question.limit, question.is_named, question.next_query().wish.budget) == (5_000, True, 5_000)


async def test_cheaper_than_one_of_them_is_below_that_one() -> None:
    assert question_of(await payload_of("goedkoper dan de eerste")).limit == 19_994


async def test_better_is_above_the_dearest_and_leaves_the_budget_behind() -> None:
    asked = question_of(await payload_of("heb je iets beters")).next_query()

    assert (asked.least, asked.wish.budget) == (19_996, None)


async def test_something_else_within_an_amount_is_asked_with_it() -> None:
    question = question_of(await payload_of("iets anders tot 60 euro"))

    assert (question.wish, question.next_query().wish.budget) == (CardWish.MORE, 6_000)


async def test_why_takes_the_reasons_of_the_cards_along() -> None:
    everything, one = await payload_of("waarom deze?"), await payload_of("waarom de tweede?")

    assert question_of(everything).reasons == (
        ("Koepeltent", "Veel gekozen."),
        ("Tunneltent", "Past bij je mat."),
    )
    assert question_of(one).reasons == (("Tunneltent", "Past bij je mat."),)


async def test_those_that_came_in_place_of_others_are_known_as_such() -> None:
    again = replace(SHOWN, response="utter_instead_of_those")

    assert question_of(await payload_of("niks voor mij")).again is False
    assert question_of(await payload_of("niks voor mij", again)).again is True
    assert question_of(await payload_of("niks voor mij")).cards == ("k1:A", "k2:B")


async def test_cards_without_a_button_to_the_next_ones_have_next_ones_too() -> None:
    suggestion = said("suggestion", cards=CARDS[:1])
    asked = question_of(await payload_of("iets anders", suggestion)).next_query()

    assert (asked.list, asked.shown) == (ListKind.PERSONAL, ("A",))


async def test_what_was_told_of_last_can_be_taken_without_a_name() -> None:
    assert await payload_of("die neem ik", FACTS, SHOWN) == '/put_in_basket{"card": "k2:B"}'
    assert await payload_of("die neem ik", SHOWN) is None


async def test_what_was_said_after_the_text_is_not_what_it_is_about() -> None:
    later = replace(SHOWN, id=MessageId(uuid4()), sequence=6, cards=CARDS[::-1])
    told_later = replace(FACTS, sequence=6)

    assert await payload_of("de tweede", later, SHOWN) == '/show_product{"card": "k2:B"}'
    assert await payload_of("die neem ik", told_later, SHOWN) is None
    assert await payload_of("die neem ik", replace(FACTS, sequence=4), SHOWN) is not None


@pytest.mark.parametrize("text", ["nee, die niet", "deze niet"])
async def test_which_one_is_not_liked_has_to_be_known(text: str) -> None:
    only_one = replace(SHOWN, cards=CARDS[:1])

    assert await payload_of(text, SHOWN) is None
    assert await payload_of(text, FACTS, SHOWN) == '/not_interested{"card": "k2:B"}'
    assert question_of(await payload_of(text, only_one)).wish is CardWish.DISLIKED


async def test_what_was_told_of_last_is_what_is_not_liked() -> None:
    assert await payload_of("niet interessant", FACTS, SHOWN) == '/not_interested{"card": "k2:B"}'


@pytest.mark.parametrize(
    "between",
    [
        said("utter_delivery_period"),
        said("utter_ask_confirmation"),
        said("utter_recommend_product", author=Author.AGENT),
    ],
)
async def test_another_subject_takes_the_cards_out_of_sight(between: Message) -> None:
    assert await payload_of("iets goedkopers", between, SHOWN) is None
    assert await payload_of("de tweede", between, SHOWN) is None


@pytest.mark.parametrize("response", sorted(STILL_ABOUT_THEM))
def test_what_is_said_about_them_leaves_them_in_sight(response: str) -> None:
    in_sight = find_in_sight([said(response), SHOWN])

    assert in_sight is not None
    assert in_sight.shown == SHOWN


def test_the_newest_cards_count() -> None:
    newer = replace(SHOWN, cards=CARDS[:1])
    in_sight = find_in_sight([newer, SHOWN])

    assert in_sight is not None
    assert in_sight.shown == newer
    assert find_in_sight([]) is None


@pytest.mark.parametrize("status", [ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.RESOLVED])
async def test_nothing_is_looked_up_where_the_assistant_does_not_have_the_conversation(
    status: ConversationStatus,
) -> None:
    conversations = Conversations()

    assert await CardFollowUps(conversations, WORDS, None).read(turn("iets goedkopers", status)) is None
    assert conversations.asked == []


async def test_little_is_looked_back() -> None:
    conversations = Conversations([said("utter_not_interested")] * LOOK_BACK + [SHOWN])

    assert await CardFollowUps(conversations, WORDS, None).read(turn("iets goedkopers")) is None
    assert conversations.asked == [LOOK_BACK]


@pytest.mark.parametrize(
    "written", [None, "", "{}", "[]", "null", '{"wish": "else"}', '{"wish": "why", "reasons": [1]}']
)
def test_what_is_no_question_about_cards_is_none(written: str | None) -> None:
    assert CardQuestion.from_detail(written) is None


def test_every_reply_that_leaves_cards_in_sight_exists() -> None:
    library = real_renderer().library

    assert {name for name in STILL_ABOUT_THEM if name not in library.replies} == set()
