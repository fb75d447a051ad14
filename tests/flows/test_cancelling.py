"""Calling an order off at the counter: shown, confirmed, done once."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from balie.orders.demo.personas import FIEN, JAMES, LOTTE, MERYEM, NOOR, SANNE, YOUSSEF, DemoCustomer
from balie.orders.models import OrderRow
from balie.orders.status import OrderStatus
from tests.support.counter import Answer, Customer, Shop

CANCEL = "action_cancel_order"


async def status_of(shop: Shop, customer: Customer, number: str) -> OrderStatus:
    return (await shop.orders.get_order(customer.conversation.customer_id or 0, number)).status


async def ask_to_cancel(customer: Customer, text: str = "annuleer mijn bestelling") -> Answer:
    """What Rasa does when the action leaves a change pending: it runs the form."""
    answer = await customer.ask(CANCEL, text)
    if customer.slots.get("pending_change") is None:
        return answer
    customer.active_loop = "confirm_form"
    return await customer.press("action_ask_confirmation", "")


async def reply(customer: Customer, intent: str, text: str) -> Answer:
    """Answer the question; the change is made as soon as there is a yes or no."""
    said = await customer.ask("validate_confirm_form", text, intent=intent)
    return await customer.go_on_confirming(said, text)


async def press(customer: Customer, payload: str) -> Answer:
    said = await customer.press("validate_confirm_form", payload)
    return await customer.go_on_confirming(said, payload)


@pytest.mark.parametrize(
    ("language", "question", "done"),
    [
        ("nl", "Zal ik bestelling DD1048702", "Bestelling DD1048702 is geannuleerd"),
        ("en", "Shall I cancel order DD1048702", "Order DD1048702 is cancelled"),
    ],
)
async def test_an_order_is_cancelled_after_a_yes_that_names_it(
    shop: Shop, language: str, question: str, done: str
) -> None:
    customer = await shop.known(MERYEM, language)

    asked = await ask_to_cancel(customer)
    before = await status_of(shop, customer, MERYEM.order_number)
    answer = await reply(customer, "affirm", "ja")

    assert question in asked.text
    assert before is OrderStatus.PLACED
    assert answer.responses == ["utter_cancel_order_done"]
    assert done in answer.text
    assert await status_of(shop, customer, MERYEM.order_number) is OrderStatus.CANCELLED
    assert customer.slots["pending_change"] is None


async def test_the_button_says_yes_as_well(shop: Shop) -> None:
    customer = await shop.known(MERYEM)

    asked = await ask_to_cancel(customer)
    answer = await press(customer, asked.buttons[0]["payload"])

    assert asked.titles == ["Ja, annuleer hem", "Nee, laat maar staan"]
    assert answer.responses == ["utter_cancel_order_done"]


async def test_after_a_no_everything_stays(shop: Shop) -> None:
    customer = await shop.known(MERYEM)

    await ask_to_cancel(customer)
    answer = await reply(customer, "deny", "nee")

    assert answer.responses == ["utter_cancel_order_left"]
    assert await status_of(shop, customer, MERYEM.order_number) is OrderStatus.PLACED


async def test_a_button_of_an_earlier_question_changes_nothing_and_the_question_is_shown_again(
    shop: Shop,
) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)

    answer = await press(customer, '/confirm_change{"offer": "of-another-question"}')

    assert answer.responses == ["utter_confirm_cancel_order"]
    assert await status_of(shop, customer, MERYEM.order_number) is OrderStatus.PLACED


@pytest.mark.parametrize(
    ("persona", "says", "helps"),
    [
        (JAMES, "is al onderweg", "return_item"),
        (YOUSSEF, "is al onderweg", "return_item"),
        (FIEN, "is al geannuleerd", "track_refund"),
    ],
)
async def test_what_cannot_be_cancelled_is_explained_with_what_helps_instead(
    shop: Shop, persona: DemoCustomer, says: str, helps: str
) -> None:
    customer = await shop.known(persona)

    answer = await ask_to_cancel(customer, f"annuleer {persona.order_number}")

    assert answer.responses == ["utter_cancel_order_refused"]
    assert says in answer.text
    assert answer.buttons[0]["payload"].startswith(f"/{helps}")
    assert customer.slots["pending_change"] is None


async def test_no_and_another_order_corrects_instead_of_starting_over(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    async with shop.unit_of_work.write() as session:
        theirs = update(OrderRow).where(OrderRow.number == NOOR.order_number)
        await session.execute(theirs.values(customer_id=customer.conversation.customer_id))
    await ask_to_cancel(customer)

    answer = await reply(customer, "deny", f"nee, de andere, {NOOR.order_number}")

    assert answer.responses == ["utter_cancel_order_refused"]
    assert NOOR.order_number in answer.text
    assert customer.active_loop is None
    assert await status_of(shop, customer, MERYEM.order_number) is OrderStatus.PLACED


@pytest.mark.parametrize("number", [LOTTE.order_number, "DD0000001"])
async def test_somebody_elses_order_and_a_missing_one_get_the_same_sentence(shop: Shop, number: str) -> None:
    customer = await shop.known(SANNE)

    answer = await ask_to_cancel(customer, f"annuleer {number}")

    assert answer.responses == ["utter_order_not_found"]
    assert customer.slots["pending_change"] is None


async def test_somebody_elses_order_named_in_between_is_not_shown(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)

    answer = await reply(customer, "deny", f"nee, {LOTTE.order_number}")

    assert answer.responses == ["utter_order_not_found"]
    assert customer.slots["pending_change"] is None


async def test_an_order_that_changed_in_between_is_not_cancelled_as_shown(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)
    other_tab = await shop.known(MERYEM)
    await ask_to_cancel(other_tab)
    await reply(other_tab, "affirm", "ja")

    answer = await reply(customer, "affirm", "ja")

    assert answer.responses == ["utter_cancel_order_refused"]
    assert "al geannuleerd" in answer.text


async def test_the_same_turn_again_cancels_once_and_says_the_same(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)
    said = await customer.ask("validate_confirm_form", "ja", intent="affirm")
    before = dict(customer.slots)

    first = await customer.repeat("action_make_change", "ja")
    customer.slots = before
    again = await customer.repeat("action_make_change", "ja")

    assert said.responses == []
    assert first.texts == again.texts
    assert first.responses == ["utter_cancel_order_done"]


async def test_the_question_is_recalled_once_after_another_question_and_then_only_listens(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)

    other = await customer.ask("validate_confirm_form", "hoe lang duurt dat", intent="check_refund_policy")
    recalled = await customer.press("action_ask_confirmation", "")
    silent = await customer.press("action_ask_confirmation", "")

    assert other.responses == []
    assert recalled.responses == ["utter_ask_again_cancel_order"]
    assert silent.responses == []


async def test_a_yes_long_after_the_question_is_taken_for_something_else_until_it_was_shown_again(
    shop: Shop,
) -> None:
    customer = await shop.known(MERYEM)
    await ask_to_cancel(customer)
    for _ in range(2):  # two questions in between: the first recalls, the second leaves it at that
        await customer.ask("validate_confirm_form", "en de bezorging?", intent="delivery_period")
        await customer.press("action_ask_confirmation", "")

    answer = await reply(customer, "affirm", "ja")
    assert answer.responses == ["utter_confirm_cancel_order"]
    assert await status_of(shop, customer, MERYEM.order_number) is OrderStatus.PLACED

    answer = await reply(customer, "affirm", "ja")
    assert answer.responses == ["utter_cancel_order_done"]


async def test_a_stranger_is_asked_who_they_are_first(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask(CANCEL, f"annuleer {MERYEM.order_number}")

    assert answer.responses == []
    assert stranger.slots["pending_task"] == "cancel_order"
    assert stranger.slots.get("pending_change") is None


async def test_with_several_that_could_be_cancelled_the_customer_chooses(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    async with shop.unit_of_work.write() as session:
        theirs = update(OrderRow).where(OrderRow.number == LOTTE.order_number)
        await session.execute(theirs.values(customer_id=customer.conversation.customer_id))

    asked = await ask_to_cancel(customer)
    button = next(button for button in asked.buttons if LOTTE.order_number in button["title"])
    chosen = await customer.press(CANCEL, button["payload"])

    assert asked.responses == ["utter_cancel_order_which"]
    assert len(asked.buttons) == 2
    assert chosen.responses == []
    assert customer.slots["pending_change"] == "cancel_order"
    assert customer.slots["order_number"] == LOTTE.order_number
