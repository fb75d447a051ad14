"""Where is my order, asked by the demo shop's customers on 3 November 2026."""

from __future__ import annotations

import pytest

from balie.orders.demo.personas import FIEN, JAMES, LOTTE, MERYEM, SANNE, TOM, YOUSSEF, DemoCustomer
from tests.support.counter import Shop

TRACK = "action_track_order"


@pytest.mark.parametrize(
    ("persona", "response", "says"),
    [
        (SANNE, "utter_order_late_on_its_way", "3 werkdagen te laat"),
        (TOM, "utter_order_ready_for_pickup", "Dagbladhandel De Meir, Antwerpen"),
        (YOUSSEF, "utter_order_out_for_delivery", "komt vandaag"),
        (LOTTE, "utter_order_being_packed", "wordt nu ingepakt"),
        (JAMES, "utter_order_on_its_way", "onderweg met Royal Mail"),
        (MERYEM, "utter_order_not_paid", "betaling heb ik nog niet gezien"),
        (FIEN, "utter_order_cancelled", "geannuleerd"),
    ],
)
async def test_a_known_customer_hears_how_the_newest_order_stands(
    shop: Shop, persona: DemoCustomer, response: str, says: str
) -> None:
    customer = await shop.known(persona)

    answer = await customer.ask(TRACK, "waar is mijn pakket")

    assert answer.responses == [response]
    assert says in answer.text
    assert persona.order_number in answer.text


async def test_the_same_answer_comes_in_english(shop: Shop) -> None:
    customer = await shop.known(SANNE, "en")

    answer = await customer.ask(TRACK, "where is my parcel")

    assert "3 working days late" in answer.text
    assert "Talk to a person" in answer.titles


async def test_a_late_parcel_can_be_traced_and_says_until_when(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.ask(TRACK)

    assert "laten opsporen" in answer.text
    assert "5 werkdagen" in answer.text
    assert "Met een medewerker spreken" in answer.titles


async def test_the_order_that_was_named_is_told_and_remembered(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    orders = await shop.orders.list_recent_orders(customer.conversation.customer_id or 0, 5)
    older = orders[-1].number

    answer = await customer.ask(TRACK, f"waar is {older}")

    assert older in answer.text
    assert customer.slots["order_number"] == older
    assert customer.slots["pending_task"] is None


async def test_other_orders_that_are_still_to_come_are_one_press_away(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    orders = await shop.orders.list_recent_orders(customer.conversation.customer_id or 0, 5)

    answer = await customer.ask(TRACK, f"waar is {orders[-1].number}")
    button = next(button for button in answer.buttons if SANNE.order_number in button["title"])
    chosen = await customer.press("action_choose_order", button["payload"])

    assert button["payload"] == f'/choose_order{{"order_number": "{SANNE.order_number}"}}'
    assert chosen.responses == ["utter_order_late_on_its_way"]


@pytest.mark.parametrize("number", [TOM.order_number, "DD0000001"])
async def test_somebody_elses_order_and_a_missing_one_get_the_same_sentence(shop: Shop, number: str) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.ask(TRACK, f"waar is {number}")

    assert answer.responses == ["utter_order_not_found"]
    assert answer.text.replace(number, "#").startswith("Bestelling # kan ik bij jouw gegevens niet vinden")
    assert "Antwerpen" not in answer.text
    assert customer.slots["order_number"] is None


async def test_a_button_that_outlived_its_conversation_finds_nothing(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.press(
        "action_choose_order", f'/choose_order{{"order_number": "{SANNE.order_number}"}}'
    )

    assert answer.responses == ["utter_order_not_found"]
