"""Stopping, and hearing the last answer again."""

from __future__ import annotations

from balie.orders.demo.personas import SANNE
from tests.support.counter import Answer, Shop

REPEAT = "action_repeat_answer"


async def test_the_last_answer_is_said_again(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask("action_opening_hours", "hallo")
    await stranger.hears("Je pakket komt morgen.")

    answer = await stranger.ask(REPEAT, "wat zei je")

    assert answer.responses == ["utter_repeat"]
    assert answer.text == "Je pakket komt morgen."


async def test_a_name_in_the_last_answer_does_not_pass_through_rasa(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.ask("action_opening_hours", "hallo")
    await customer.hears("Hallo Sanne, ik ben Balie.")

    answer = await customer.ask(REPEAT)

    assert answer.text == "Hallo Sanne, ik ben Balie."
    assert "Sanne" not in str(customer.carried)


async def test_with_nothing_said_yet_there_is_nothing_to_repeat(shop: Shop) -> None:
    stranger = await shop.stranger()

    assert (await stranger.ask(REPEAT)).responses == ["utter_repeat_answer"]


async def test_within_a_form_the_form_repeats_its_own_question(shop: Shop) -> None:
    stranger = await shop.stranger()
    stranger.active_loop = "identify_form"

    assert await stranger.ask(REPEAT) == Answer()


async def test_stopping_a_form_forgets_what_it_was_for(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask("action_track_order", f"waar is {SANNE.order_number}")
    stranger.active_loop = "identify_form"

    answer = await stranger.ask("action_stop_flow", "laat maar")

    assert answer.responses == ["utter_stop_flow"]
    assert stranger.slots["pending_task"] is None
    assert stranger.slots["order_number"] is None


async def test_stopping_when_nothing_goes_on_is_no_trouble(shop: Shop) -> None:
    stranger = await shop.stranger()

    assert (await stranger.ask("action_stop_flow")).responses == ["utter_nothing_to_stop"]
