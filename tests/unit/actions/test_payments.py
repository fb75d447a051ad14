"""A payment that went wrong, at the counter: what happened, where to pay, what goes back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from balie.orders.demo.personas import DAVID, EMMA, PRIYA, SEM
from balie.orders.models import OrderRow, RefundRow
from balie.outbox.models import OutboxLetterRow
from tests.support.counter import Shop


@pytest.mark.parametrize(
    ("language", "said", "paying"), [("nl", "geweigerd", "Nu betalen"), ("en", "declined", "Pay now")]
)
async def test_a_refused_payment_is_explained_and_can_be_paid_by_a_link(
    shop: Shop, language: str, said: str, paying: str
) -> None:
    customer = await shop.known(PRIYA, language)

    answer = await customer.ask("action_payment_issue", "my payment failed")

    assert answer.responses == ["utter_payment_retry"]
    assert said in answer.text
    [pay] = [button for button in answer.buttons if button["title"] == paying]
    assert pay["url"].startswith("https://balie.example/")


async def test_asked_again_the_link_is_the_same(shop: Shop) -> None:
    customer = await shop.known(PRIYA)

    first = await customer.ask("action_payment_issue", "betalen lukt niet")
    second = await customer.ask("action_payment_issue", "betalen lukt nog steeds niet")

    assert first.buttons[0]["url"] == second.buttons[0]["url"]


async def test_while_the_provider_is_down_the_link_is_promised_by_mail(shop: Shop) -> None:
    shop.provider.troubles.down_for = 10
    customer = await shop.known(PRIYA)

    answer = await customer.ask("action_payment_issue", "betalen lukt niet")

    assert answer.responses == ["utter_payment_provider_down"]
    assert "storing" in answer.text
    async with shop.unit_of_work.read() as session:
        written = await session.scalar(select(func.count()).select_from(OutboxLetterRow))
    assert written == 0


async def test_what_was_taken_twice_goes_back_after_a_yes(shop: Shop) -> None:
    customer = await shop.known(SEM)

    told = await customer.ask("action_payment_issue", "er is dubbel afgeschreven")
    [refund] = [button["payload"] for button in told.buttons if "/get_refund" in button.get("payload", "")]
    offer = await customer.chooses_order("get_refund", refund)
    await customer.says("ja", "affirm")
    again = await customer.ask("action_payment_issue", "er is dubbel afgeschreven")

    assert told.responses == ["utter_payment_doubled"]
    assert offer.responses == ["utter_confirm_get_refund"]
    assert again.responses == ["utter_payment_double_on_its_way"]
    async with shop.unit_of_work.read() as session:
        query = select(RefundRow).join(OrderRow, OrderRow.id == RefundRow.order_id)
        refunds = list(await session.scalars(query.where(OrderRow.number == SEM.order_number)))
    assert len(refunds) == 1


async def test_a_payment_that_is_fine_is_said_to_be_fine(shop: Shop) -> None:
    customer = await shop.known(DAVID)

    answer = await customer.ask("action_payment_issue", f"klopt de betaling van {DAVID.order_number}?")

    assert answer.responses == ["utter_payment_fine"]


async def test_a_stranger_hears_how_it_works_and_is_asked_who_they_are(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask("action_payment_issue", "mijn betaling is mislukt")

    assert answer.responses == ["utter_payment_issue"]
    assert stranger.slots["pending_task"] == "payment_issue"


async def test_somebody_elses_payment_stays_secret(shop: Shop) -> None:
    customer = await shop.known(EMMA)

    answer = await customer.ask("action_payment_issue", f"betaling van {PRIYA.order_number} lukt niet")

    assert answer.responses == ["utter_order_not_found"]
