"""Baskets, discount codes and gift cards at the counter."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from balie.baskets.demo import CARD_EMPTY, CARD_EXPIRED, CARD_FULL
from balie.baskets.models import BasketLineRow
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.orders.demo.personas import EMMA, NOOR
from tests.support.counter import Answer, Customer, Shop


@pytest.fixture
async def jacket(shop: Shop) -> str:
    """A product with sizes, of which there is enough."""
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StockRow).values(quantity=8))
        name = await session.scalar(
            select(ProductRow.names)
            .join(ProductVariantRow, ProductVariantRow.product_id == ProductRow.id)
            .where(ProductVariantRow.size == "M")
            .order_by(ProductRow.id)
        )
    assert name is not None
    return str(name["nl"])


async def pieces(shop: Shop) -> list[int]:
    async with shop.unit_of_work.read() as session:
        return list(await session.scalars(select(BasketLineRow.quantity)))


async def until_confirmed(customer: Customer, answer: Answer) -> Answer:
    """Take the first answer to whatever is asked, until it is shown."""
    for _ in range(4):
        if answer.responses and answer.responses[-1] == "utter_confirm_place_order":
            return answer
        answer = await customer.taps(answer, answer.titles[0])
    return answer


@pytest.mark.parametrize(
    ("language", "wish", "yes", "done"),
    [
        ("nl", "ik wil graag de {} bestellen", "ja", "mandje"),
        ("en", "i want to order the {}", "yes", "basket"),
    ],
)
async def test_a_product_is_put_into_the_basket_after_a_yes(
    shop: Shop, jacket: str, *, language: str, wish: str, yes: str, done: str
) -> None:
    customer = await shop.known(NOOR, language)

    first = await customer.wants("place_order", wish.format(jacket))
    await until_confirmed(customer, first)
    before = await pieces(shop)
    answer = await customer.says(yes, "affirm")

    assert before == []
    assert done in answer.text
    assert await pieces(shop) == [1]


async def test_pieces_that_are_named_are_counted_and_may_be_corrected(shop: Shop, jacket: str) -> None:
    customer = await shop.known(NOOR)
    first = await customer.wants("place_order", f"doe mij 2 stuks van de {jacket} maat M")
    offer = await until_confirmed(customer, first)
    corrected = await customer.says("nee, 3 stuks", "deny")
    await customer.says("ja", "affirm")

    assert "2 ×" in offer.text
    assert "3 ×" in corrected.text
    assert await pieces(shop) == [3]


@pytest.mark.parametrize(("said", "intent"), [("doe er maar 2", "out_of_scope"), ("2", "deny")])
async def test_a_bare_number_to_what_is_shown_is_how_many(
    shop: Shop, jacket: str, said: str, intent: str
) -> None:
    customer = await shop.known(NOOR)
    await until_confirmed(customer, await customer.wants("place_order", f"ik wil de {jacket} bestellen"))

    shown = await customer.says(said, intent)
    other_size = await customer.says("nee, maat 97", "deny")

    assert "2 ×" in shown.text
    assert "97" not in other_size.text


@pytest.mark.parametrize("number", ["0 stuks", "9 stuks", "1000000000 stuks", "100 stuks"])
async def test_too_many_or_none_are_refused_and_asked_again(shop: Shop, jacket: str, number: str) -> None:
    customer = await shop.known(NOOR)
    first = await customer.wants("place_order", f"doe mij {number} van de {jacket} maat M")
    answer = first
    for _ in range(4):
        if answer.responses[-1] == "utter_place_order_refused":
            break
        answer = await customer.taps(answer, answer.titles[0])

    again = await customer.says("2")

    assert answer.responses[-1] == "utter_place_order_refused"
    assert again.responses == ["utter_confirm_place_order"]
    assert await pieces(shop) == []


async def test_whoever_asks_how_ordering_works_is_told(shop: Shop) -> None:
    customer = await shop.stranger()

    told = await customer.wants("place_order", "hoe kan ik bij jullie bestellen?")

    assert told.responses == ["utter_place_order"]
    assert customer.slots.get("pending_change") is None


async def test_a_stranger_fills_the_basket_of_the_conversation(shop: Shop, jacket: str) -> None:
    stranger = await shop.stranger()
    first = await stranger.wants("place_order", f"ik wil de {jacket} bestellen")
    await until_confirmed(stranger, first)
    await stranger.says("ja", "affirm")

    assert await pieces(shop) == [1]


async def test_a_stranger_may_leave_the_basket_for_an_order_of_theirs(shop: Shop, jacket: str) -> None:
    stranger = await shop.stranger()
    await stranger.wants("place_order", f"ik wil de {jacket} bestellen")

    asked = await stranger.ask("action_cancel_order", f"annuleer {NOOR.order_number}")

    assert stranger.slots["pending_task"] == "cancel_order"
    # The rules ask who the customer is only when nothing else waits for a yes.
    assert stranger.slots["pending_change"] is None
    assert stranger.active_loop is None
    assert "utter_confirm_place_order" not in asked.responses


async def test_the_same_turn_again_puts_in_one(shop: Shop, jacket: str) -> None:
    customer = await shop.known(NOOR)
    await until_confirmed(customer, await customer.wants("place_order", f"ik wil de {jacket} bestellen"))
    slots = dict(customer.slots)
    first = await customer.says("ja", "affirm")
    customer.slots = {**slots, "confirmation": "yes"}

    again = await customer.repeat("action_make_change", "ja")

    assert await pieces(shop) == [1]
    assert again.text == first.text


async def test_a_code_is_shown_and_then_used(shop: Shop, jacket: str) -> None:
    customer = await shop.known(NOOR)
    await until_confirmed(customer, await customer.wants("place_order", f"3 stuks {jacket} bestellen"))
    await customer.says("ja", "affirm")

    offer = await customer.wants("discount_code", "ik heb de code TIENEURO, werkt die?")
    done = await customer.says("ja", "affirm")

    assert "10" in offer.text
    assert "gaat" in done.text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ZOMER5", "verlopen"),
        ("WINTER20", "pas vanaf"),
        ("FLITS25", "gebruikt"),
        ("BESTAATNIET1", "kennen we niet"),
        ("NOOR15", "persoonlijk"),
        ("WELKOM10", "er moet nog"),
    ],
)
async def test_a_code_that_cannot_be_used_is_explained(shop: Shop, code: str, said: str) -> None:
    customer = await shop.known(EMMA)

    answer = await customer.wants("discount_code", f"mijn code {code} werkt niet")

    assert answer.responses == ["utter_discount_code_refused"]
    assert said in answer.text


async def test_guessing_codes_ends(shop: Shop) -> None:
    customer = await shop.stranger()
    said = [(await customer.wants("discount_code", f"code GOKJE{number}")).text for number in range(10, 24)]

    assert "kennen we niet" in said[0]
    assert "te veel codes" in said[-1]


@pytest.mark.parametrize(
    ("code", "said"), [(CARD_FULL, "staat nog"), (CARD_EXPIRED, "verlopen"), (CARD_EMPTY, "helemaal op")]
)
async def test_what_is_left_on_a_gift_card_is_told_and_nothing_confirmed(
    shop: Shop, code: str, said: str
) -> None:
    customer = await shop.stranger()
    asked = await customer.chooses_order("gift_card", '/gift_card{"detail": "begin"}')
    answer = await customer.says(code)

    assert asked.responses == ["utter_gift_card_code"]
    assert said in answer.text
    assert customer.slots["pending_change"] is None
    assert code not in str(customer.slots)


async def test_the_article_about_gift_cards_offers_to_look(shop: Shop) -> None:
    customer = await shop.stranger()

    told = await customer.wants("gift_card", "hoe lang is een cadeaukaart geldig?")

    assert told.responses == ["utter_gift_card"]
    assert "Saldo opvragen" in told.titles
