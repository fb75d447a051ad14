"""What an agent's card says of recommendations: three that fit, or why not."""

from __future__ import annotations

from uuid import uuid4

import pytest

from balie.advice.for_agents import AgentAdvice, AgentAdviser, Withheld
from balie.conversations.views import NewReply, TurnOutcome, TurnState
from balie.gateway.desk_card_schemas import CardAdviceShape
from balie.gateway.desk_card_wire import advice_json
from balie.kernel.emotion import Emotion
from balie.orders.demo.personas import SANNE
from tests.support.content import real_renderer
from tests.support.counter import Customer, Shop
from tests.support.recommending import Lists


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    await lists.agree(SANNE)
    await lists.personal(
        SANNE, [*(await lists.products("helmets"))[:2], *(await lists.products("tents"))[:2]]
    )
    await lists.popular(all=(await lists.products("tents"))[:4])
    return lists


async def advice_on(customer: Customer, read_in: str | None = "en") -> AgentAdvice:
    adviser = AgentAdviser(customer.shop.adviser, customer.shop.conversations, real_renderer())
    return await adviser.build(customer.conversation.id, read_in)


async def test_three_that_fit_are_told_in_the_agents_language_and_named_in_the_customers(
    shop: Shop, lists: Lists
) -> None:
    advice = await advice_on(await shop.known(SANNE, "nl"))
    CardAdviceShape.model_validate(advice_json(advice))

    assert (len(advice.cards), advice.withheld) == (3, None)
    assert advice.cards[0].name.endswith("helmet")
    assert advice.cards[0].said.endswith("helm")
    assert advice.cards[0].reason == "Fits what you chose before."
    assert advice.cards[0].url == f"/products/{advice.cards[0].sku}"
    assert await lists.exposures() == []


async def test_a_stranger_has_none(shop: Shop, lists: Lists) -> None:
    assert await advice_on(await shop.stranger()) == AgentAdvice((), Withheld.UNKNOWN)


async def test_without_consent_there_are_none_and_the_card_says_so(shop: Shop, lists: Lists) -> None:
    await lists.agree(SANNE, agreed=False)

    assert await advice_on(await shop.known(SANNE)) == AgentAdvice((), Withheld.NO_CONSENT)


async def test_in_a_bad_mood_they_are_only_to_be_looked_at(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await shop.conversations.record_customer_message(
        customer.conversation.id, "wat een waardeloze winkel", client_message_id=uuid4()
    )
    turn = await shop.conversations.find_pending_turn(customer.conversation.id)
    assert turn is not None
    angry = Emotion("anger", {"anger": 0.95}, "test", known=True)
    await shop.conversations.record_replies(
        turn, [NewReply("…", (), "utter_default", "nl")], TurnOutcome(TurnState.ANSWERED, "nl", angry)
    )
    advice = await advice_on(customer)

    assert (len(advice.cards), advice.withheld) == (3, Withheld.MOOD)
