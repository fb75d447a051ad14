"""The one suggestion that nobody asked for: when it is made, and above all when not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from balie.advice.adviser import Adviser
from balie.advice.suggesting import Suggester
from balie.assistant.port import AssistantAnswer
from balie.conversations.status import ConversationStatus
from balie.conversations.views import NewButton, NewReply, PendingTurn, TurnOutcome, TurnState
from balie.kernel.emotion import Emotion, EmotionLabel
from balie.orders.demo.personas import SANNE
from balie.recommendations.models import ExposureRow
from balie.recommendations.service import RecommendationService
from balie.recommendations.terms import RecommendationTerms
from tests.support.content import real_renderer
from tests.support.counter import Customer, Shop
from tests.support.recommending import Lists

THANKS = NewReply("Graag gedaan!", (), "utter_thank", "nl")
REVIEW = replace(
    THANKS,
    text="Graag gedaan!\n\nEen review helpt anderen kiezen.",
    remark="review.nl.0",
    buttons=(NewButton("Review schrijven", "/review"),),
)


def reads(label: EmotionLabel, share: float = 0.95) -> Emotion:
    return Emotion(label, {label: share}, "test", known=True)


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    """Sanne wants advice, and there is some for her."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    await lists.agree(SANNE)
    await lists.personal(SANNE, (await lists.products("helmets"))[:4])
    await lists.popular(all=(await lists.products("tents"))[:4])
    return lists


def suggester(shop: Shop, adviser: Adviser | None = None) -> Suggester:
    return Suggester(adviser or shop.adviser, shop.conversations, real_renderer())


async def turn_of(customer: Customer, text: str) -> PendingTurn:
    await customer.shop.conversations.record_customer_message(
        customer.conversation.id, text, client_message_id=uuid4()
    )
    turn = await customer.shop.conversations.find_pending_turn(customer.conversation.id)
    assert turn is not None
    return turn


async def answered(customer: Customer, text: str, response: str, emotion: Emotion | None = None) -> None:
    turn = await turn_of(customer, text)
    outcome = TurnOutcome(TurnState.ANSWERED, "nl", emotion)
    await customer.shop.conversations.record_replies(turn, [NewReply("…", (), response, "nl")], outcome)


async def thanked(customer: Customer, emotion: Emotion | None, **changed: Any) -> tuple[NewReply, ...]:
    """Say thanks, and have what is said to it looked at; it is recorded."""
    turn = replace(await turn_of(customer, "super, bedankt!"), **changed)
    answer = AssistantAnswer((), "nl", emotion)
    replies = await suggester(customer.shop).after_answer(turn, answer, [THANKS])
    await customer.shop.conversations.record_replies(
        turn, list(replies), TurnOutcome(TurnState.ANSWERED, "nl", emotion)
    )
    return replies


async def test_a_glad_customer_who_was_helped_gets_one_suggestion_and_no_second(
    shop: Shop, lists: Lists
) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")
    first = await thanked(customer, reads("joy"))
    await answered(customer, "en retourneren?", "utter_check_return_policy")
    second = await thanked(customer, reads("gratitude"))

    assert [reply.response for reply in first] == ["utter_thank", "suggestion"]
    assert len(first[1].cards) == 1
    assert first[1].cards[0].name in first[1].text
    assert "?" not in first[1].text
    assert [reply.response for reply in second] == ["utter_thank"]
    assert [unasked for _, _, unasked in await lists.exposures()] == [True]


async def test_the_suggestion_takes_the_place_of_the_request_for_a_review(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")
    turn = await turn_of(customer, "super, bedankt!")
    replies = await suggester(shop).after_answer(turn, AssistantAnswer((), "nl", reads("joy")), [REVIEW])

    assert replies[0] == THANKS


@pytest.mark.parametrize("label", ["anger", "sadness", "fear", "neutral", "confusion"])
async def test_nobody_who_is_not_glad_gets_one(shop: Shop, lists: Lists, label: EmotionLabel) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")

    assert len(await thanked(customer, reads(label))) == 1
    assert await lists.exposures() == []


async def test_a_glad_word_soon_after_anger_brings_none(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "dit is belachelijk", "utter_delivery_period", reads("anger"))

    assert len(await thanked(customer, reads("joy"))) == 1


async def test_whoever_was_not_helped_gets_none(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "blub", "utter_default")

    assert len(await thanked(customer, reads("joy"))) == 1


async def test_without_consent_there_is_none(shop: Shop, lists: Lists) -> None:
    await lists.agree(SANNE, agreed=False)
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")

    assert len(await thanked(customer, reads("joy"))) == 1
    assert await lists.exposures() == []


async def test_a_stranger_gets_none(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await answered(customer, "wanneer komt het", "utter_delivery_period")

    assert len(await thanked(customer, reads("joy"))) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"status": ConversationStatus.WAITING_FOR_AGENT},
        {"status": ConversationStatus.WITH_AGENT},
        {"status": ConversationStatus.WAITING_FOR_AGENT, "assistant_helps": True},
        {"payload": "/thank"},
    ],
)
async def test_none_while_a_person_is_wanted_or_has_it_nor_for_a_button(
    shop: Shop, lists: Lists, changed: dict[str, Any]
) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")

    assert len(await thanked(customer, reads("joy"), **changed)) == 1


async def test_whoever_has_seen_products_gets_none(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await answered(customer, "wat raad je aan", "utter_recommended")

    assert len(await thanked(customer, reads("joy"))) == 1


async def test_the_hold_out_is_shown_nothing_and_that_is_written_down_once(shop: Shop, lists: Lists) -> None:
    facts = dict(real_renderer().library.shop)
    held = {**facts, "recommendations": {**facts["recommendations"], "hold_out_percent": 99.999}}
    terms = RecommendationTerms.from_shop(held)
    clock = shop.services.clock
    service = RecommendationService(shop.unit_of_work, terms, clock=clock)
    adviser = Adviser(service, shop.outcomes, shop.catalogue, shop.conversations, clock=clock)
    customer = await shop.known(SANNE)
    await answered(customer, "wanneer komt het", "utter_delivery_period")
    turn = await turn_of(customer, "super, bedankt!")
    answer = AssistantAnswer((), "nl", reads("joy"))
    for _ in range(2):
        replies = await suggester(shop, adviser).after_answer(turn, answer, [REVIEW])

    assert replies == (REVIEW,)
    async with shop.unit_of_work.read() as session:
        assert list(await session.scalars(select(ExposureRow.withheld))) == [True]
