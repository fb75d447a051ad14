"""The form asks once in full, recalls its question once, and is quiet after that."""

from __future__ import annotations

from balie.orders.demo.personas import SANNE
from tests.support.counter import Answer, Customer, Shop

ASK = "action_ask_identity_proof"


async def stranger_in_the_form(shop: Shop, text: str = "waar is mijn pakket") -> Customer:
    stranger = await shop.stranger()
    await stranger.ask("action_track_order", text)
    stranger.active_loop = "identify_form"
    return stranger


async def test_a_question_is_asked_in_full_recalled_once_and_then_left(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)

    asked = [(await stranger.ask(ASK)).responses for _ in range(4)]

    assert asked == [["utter_ask_order_number"], ["utter_ask_again_order_number"], [], []]


async def test_the_next_question_of_the_form_is_asked_in_full(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    for _ in range(3):
        await stranger.ask(ASK)

    answer = await stranger.ask(ASK, SANNE.order_number)

    assert answer.responses == ["utter_ask_identity_proof"]


async def test_after_a_refused_answer_the_refusal_is_the_question(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop, f"waar is {SANNE.order_number}")
    await stranger.ask(ASK)

    refused = await stranger.fill_in("iemand@anders.example")

    assert refused.responses == ["utter_identity_not_matched"]
    assert await stranger.ask(ASK) == Answer()


async def test_a_number_that_is_no_order_number_is_refused_with_one_sentence(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    await stranger.ask(ASK)

    refused = await stranger.fill_in("12345")

    assert refused.responses == ["utter_order_number_unreadable"]
    assert await stranger.ask(ASK) == Answer()


async def test_the_same_question_asked_again_by_the_customer_begins_anew(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    for _ in range(3):
        await stranger.ask(ASK)

    await stranger.ask("action_track_order", "nou waar is het")

    assert (await stranger.ask(ASK)).responses == ["utter_ask_order_number"]


async def test_asked_to_repeat_itself_the_form_asks_in_full(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    for _ in range(3):
        await stranger.ask(ASK)

    assert await stranger.ask("action_repeat_answer", "wat zei je") == Answer()

    assert (await stranger.ask(ASK)).responses == ["utter_ask_order_number"]


async def test_four_digits_in_another_question_are_no_order_number(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    await stranger.ask(ASK)

    assert await stranger.fill_in("is er een winkel bij 1054") == Answer()


async def test_the_number_is_taken_up_long_after_the_question_went_quiet(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    for _ in range(4):
        await stranger.ask(ASK, "en hoe laat zijn jullie open")

    answer = await stranger.fill_in(f"{SANNE.order_number} 3811BK")

    assert answer.responses == ["utter_order_late_on_its_way"]
