"""What is typed about cards, at the counter: others, cheaper and better ones, one of them, none of them."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from actions.card_follow_ups import CardFollowUps
from actions.follow_up_words import FollowUpWords
from balie.assistant.reading import read_emotion
from balie.conversations.cards import ProductCard
from balie.conversations.views import NewButton, NewReply, TurnOutcome, TurnState
from balie.recommendations.kinds import ListKind
from tests.support.content import real_renderer
from tests.support.counter import Answer, Customer, Shop
from tests.support.recommending import Lists

DONE = TurnOutcome(TurnState.ANSWERED, "nl")
ANGER = read_emotion({"label": "anger", "probabilities": {"anger": 0.95}, "model": "test", "known": True})


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    """Tents, popular and in stock."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    tents = await lists.products("tents")
    await lists.popular(all=tents, category_tents=tents)
    return lists


async def sees(customer: Customer, answer: Answer) -> None:
    """Have the answer stored as the customer sees it."""
    conversations = customer.shop.conversations
    turn = await conversations.find_pending_turn(customer.conversation.id)
    assert turn is not None
    replies = [
        NewReply(
            text,
            tuple(
                NewButton(each["title"], each.get("payload"), each.get("url"), each.get("card"))
                for each in answer.buttons
            ),
            response,
            customer.language,
            cards=tuple(map(ProductCard.from_document, answer.cards)),
        )
        for text, response in zip(answer.texts, answer.responses, strict=True)
    ]
    await conversations.record_replies(turn, replies, DONE)


async def shown(customer: Customer, text: str = "welke tent raad je aan?") -> Answer:
    answer = await customer.ask("action_recommend_product", text)
    await sees(customer, answer)
    return answer


async def is_angry(customer: Customer) -> None:
    """Have said something angry before, and been answered."""
    conversations, conversation_id = customer.shop.conversations, customer.conversation.id
    await conversations.record_customer_message(
        conversation_id, "wat een waardeloze winkel", client_message_id=uuid4()
    )
    turn = await conversations.find_pending_turn(conversation_id)
    assert turn is not None
    reply = NewReply("Dat is vervelend.", (), "utter_default", customer.language)
    await conversations.record_replies(turn, [reply], replace(DONE, emotion=ANGER))


async def heard(customer: Customer, text: str) -> str | None:
    """Type something; what it is heard as."""
    await customer.shop.conversations.record_customer_message(
        customer.conversation.id, text, client_message_id=uuid4()
    )
    return await heard_of_the_oldest(customer)


async def heard_of_the_oldest(customer: Customer) -> str | None:
    """What the text that waits longest is heard as."""
    conversations = customer.shop.conversations
    turn = await conversations.find_pending_turn(customer.conversation.id)
    assert turn is not None
    words = FollowUpWords(real_renderer().library.words_of_answers)
    found = await CardFollowUps(conversations, words, customer.shop.manners).read(turn)
    return None if found is None else found.payload


async def types(customer: Customer, text: str) -> Answer:
    """Type something about the cards, and see what comes of it."""
    payload = await heard(customer, text)
    assert payload is not None, text
    answer = await customer.press("action_" + payload[1:].partition("{")[0], payload)
    await sees(customer, answer)
    return answer


def prices(answer: Answer) -> list[int]:
    return [card["price"]["minor"] for card in answer.cards]


def skus(answer: Answer) -> set[str]:
    return {card["sku"] for card in answer.cards}


@pytest.mark.parametrize(("language", "words"), [("nl", "wat anders graag"), ("en", "any others?")])
async def test_others_are_shown_by_words_too(shop: Shop, lists: Lists, language: str, words: str) -> None:
    customer = await shop.stranger(language)
    first = await shown(customer)
    others = await types(customer, words)

    assert others.responses == ["utter_something_else"]
    assert skus(others)
    assert not skus(first) & skus(others)


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "heb je iets goedkopers?"), ("en", "anything cheaper?")]
)
async def test_cheaper_ones_cost_less_than_every_one_shown_until_there_are_none(
    shop: Shop, lists: Lists, language: str, words: str
) -> None:
    customer = await shop.stranger(language)
    answer = await shown(customer)
    rounds = 0
    while answer.cards:
        before = min(prices(answer))
        answer = await types(customer, words)
        assert all(price < before for price in prices(answer))
        rounds += 1

    assert rounds > 1
    assert answer.responses == ["utter_nothing_cheaper"]
    assert skus(answer) <= set(await lists.products("tents"))


async def test_an_amount_that_is_named_is_kept_and_said(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger("en")
    await shown(customer)
    answer = await types(customer, "under 200")
    nothing = await types(customer, "max 1")

    assert answer.responses == ["utter_cheaper"]
    assert "€200.00" in answer.text
    assert max(prices(answer)) <= 20_000
    assert nothing.responses == ["utter_nothing_cheaper"]
    assert "€1.00" in nothing.text


async def test_better_ones_cost_more_and_are_said_to(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    answer = await shown(customer, "welke tent tot 150 euro raad je aan?")
    assert answer.cards
    better = await types(customer, "heb je iets beters?")

    assert better.responses == ["utter_dearer"]
    assert min(prices(better)) > max(prices(answer))
    assert "duurder" in better.text
    assert skus(better) <= set(await lists.products("tents"))


async def test_others_after_better_ones_are_no_cheaper(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await shown(customer, "welke tent tot 150 euro raad je aan?")
    await types(customer, "iets beters graag")
    others = await types(customer, "nog meer?")

    assert others.cards
    assert min(prices(others)) > max(prices(first))


async def test_one_is_told_of_and_then_taken_in_the_size_that_is_asked(shop: Shop, lists: Lists) -> None:
    helmets = await lists.products("helmets")
    await lists.popular(category_helmets=helmets)
    customer = await shop.stranger()
    first = await shown(customer, "welke helm raad je aan?")
    facts = await types(customer, "vertel meer over de tweede")
    payload = await heard(customer, "doe die maar in mijn mandje")
    assert payload is not None
    await customer.press("action_put_in_basket", payload)

    assert facts.responses == ["utter_product_facts"]
    assert first.cards[1]["name"] in facts.text
    assert customer.slots["pending_change"] == "place_order"
    assert first.cards[1]["sku"] in customer.slots["wish"]


async def test_what_comes_in_one_size_goes_into_the_basket_at_once(shop: Shop, lists: Lists) -> None:
    plain = await lists.without_variants("camp_kitchen")
    await lists.popular(category_camp_kitchen=[plain])
    customer = await shop.stranger("en")
    await shown(customer, "which stove do you recommend?")
    taken = await types(customer, "I'll take the first one")

    assert taken.responses == ["utter_place_order_done"]
    assert set(await lists.outcomes()) == {"click", "basket"}


async def test_those_that_are_not_liked_go_for_good_and_others_come_once(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await shown(customer)
    others = await types(customer, "vind ik allemaal niks")
    asked = await types(customer, "deze ook niet mooi")
    again = await customer.ask("action_recommend_product", "welke tent raad je aan?")

    assert (others.responses, asked.responses) == (["utter_instead_of_those"], ["utter_none_of_those"])
    assert not skus(first) & skus(others)
    assert not asked.cards
    assert not (skus(first) | skus(others)) & skus(again)
    assert (await lists.outcomes()).count("dismissed") == len(first.cards) + len(others.cards)


async def test_an_angry_customer_is_shown_no_others(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await is_angry(customer)
    await shown(customer)
    answer = await types(customer, "niks voor mij")

    assert answer.responses == ["utter_none_of_those"]
    assert not answer.cards


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "dat is me veel te duur"), ("en", "that's a bit much")]
)
async def test_who_complains_about_the_price_is_shown_cheaper_ones_unless_angry(
    shop: Shop, lists: Lists, language: str, words: str
) -> None:
    calm, angry = await shop.stranger(language), await shop.stranger(language)
    await is_angry(angry)
    await shown(calm)
    await shown(angry)

    assert (await types(calm, words)).responses == ["utter_cheaper"]
    assert await heard(angry, words) is None


async def test_two_texts_in_a_row_are_about_the_same_cards(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await shown(customer)
    conversations = customer.shop.conversations
    for text in ("iets anders graag", "vertel meer over de tweede"):
        await conversations.record_customer_message(customer.conversation.id, text, client_message_id=uuid4())
    turn = await conversations.find_pending_turn(customer.conversation.id)
    assert turn is not None
    later = tuple(replace(ProductCard.from_document(card), sku="LATER") for card in first.cards)
    others = NewReply("Deze misschien?", (), "utter_something_else", "nl", cards=later)
    await conversations.record_replies(turn, [others], DONE)

    payload = await heard_of_the_oldest(customer)

    assert payload is not None
    assert first.cards[1]["sku"] in payload


@pytest.mark.parametrize(("language", "words"), [("nl", "waarom deze?"), ("en", "why these?")])
async def test_why_is_answered_by_the_reasons_of_the_cards(
    shop: Shop, lists: Lists, language: str, words: str
) -> None:
    customer = await shop.stranger(language)
    first = await shown(customer)
    why = await types(customer, words)

    assert why.responses == ["utter_why_these"]
    for card in first.cards:
        assert f"**{card['name']}**: {card['reason']}" in why.text


async def test_cheaper_alternatives_stay_alternatives(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:])
    customer = await shop.stranger()
    name = await lists.name(tents[0])
    first = await customer.ask("action_alternative_products", f"iets als de {name}")
    await sees(customer, first)
    cheaper = await types(customer, "iets goedkopers")

    assert cheaper.responses == ["utter_cheaper"]
    assert {name for name, _, _ in await lists.exposures()} == {"alternatives"}


@pytest.mark.parametrize(
    "text", ["iets goedkopers", "die is elders goedkoper", "waar is mijn pakket", "laat maar", "dank je wel"]
)
async def test_without_cards_or_about_something_else_nothing_is_heard(
    shop: Shop, lists: Lists, text: str
) -> None:
    customer = await shop.stranger()
    await customer.ask("action_opening_hours", "wanneer zijn jullie open")
    await sees(customer, Answer(["utter_opening_hours"], ["Van 9 tot 5."]))
    before = await heard(customer, text)
    await sees(customer, Answer(["utter_default"], ["Dat begrijp ik niet."]))
    await shown(customer)
    after = None if text == "iets goedkopers" else await heard(customer, text)

    assert (before, after) == (None, None)
