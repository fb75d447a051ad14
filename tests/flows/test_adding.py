"""Putting something more into an order that is not packed yet, at the counter."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from balie.audit.models import AuditEntryRow
from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow
from balie.orders.demo.personas import DAVID
from balie.orders.models import OrderRow
from balie.orders.views import OrderView
from tests.support.counter import Answer, Customer, Shop

JACKET = {"nl": "Duinroos Haven regenjas dames", "en": "Duinroos Haven women's rain jacket"}


@pytest.fixture(autouse=True)
async def enough_of_everything(shop: Shop) -> None:
    await set_stock(shop, 6)


async def set_stock(shop: Shop, quantity: int, *, name: str | None = None) -> None:
    async with shop.unit_of_work.write() as session:
        change = update(StockRow).values(quantity=quantity)
        if name is not None:
            query = select(ProductVariantRow.id).join(
                ProductRow, ProductRow.id == ProductVariantRow.product_id
            )
            of_it = query.where(ProductRow.names["nl"].as_string() == name)
            change = change.where(StockRow.variant_id.in_(of_it))
        await session.execute(change)


async def order_of(shop: Shop, customer: Customer) -> OrderView:
    return await shop.orders.get_order(customer.conversation.customer_id or 0, DAVID.order_number)


async def audits_of(shop: Shop) -> list[str]:
    async with shop.unit_of_work.read() as session:
        query = select(AuditEntryRow.undertaking).join(OrderRow, OrderRow.id == AuditEntryRow.order_id)
        return list(await session.scalars(query.where(OrderRow.number == DAVID.order_number)))


async def until_shown(customer: Customer, answer: Answer) -> Answer:
    """Take the first size and colour that are offered, until it is shown."""
    for _ in range(3):
        if answer.responses[-1] not in {"utter_change_order_size", "utter_change_order_colour"}:
            break
        answer = await customer.taps(answer, answer.titles[0])
    return answer


@pytest.mark.parametrize(
    ("language", "begin", "button", "yes"),
    [
        ("nl", "ik wil mijn bestelling wijzigen", "Iets erbij", "Ja, wijzig het"),
        ("en", "i want to change my order", "Add something", "Yes, change it"),
    ],
)
async def test_a_product_is_asked_for_shown_and_added_after_a_yes(
    shop: Shop, *, language: str, begin: str, button: str, yes: str
) -> None:
    customer = await shop.known(DAVID, language)
    before = await order_of(shop, customer)
    kinds = await customer.wants("change_order", begin)

    which = await customer.taps(kinds, button)
    sizes = await customer.says(JACKET[language])
    offer = await until_shown(customer, sizes)
    done = await customer.taps(offer, yes)

    after = await order_of(shop, customer)
    assert which.responses == ["utter_change_order_product"]
    assert sizes.responses == ["utter_change_order_size"]
    assert JACKET[language] in offer.text
    assert "1 ×" in offer.text
    assert done.responses == ["utter_change_order_done"]
    assert len(after.lines) == len(before.lines) + 1
    assert after.total.minor_units == before.total.minor_units + after.lines[-1].unit_price.minor_units
    assert await audits_of(shop) == ["change_lines"]


@pytest.mark.parametrize(
    ("language", "wish"),
    [
        ("nl", "kun je nog 2 stuks van de {} in maat M toevoegen aan mijn bestelling"),
        ("en", "please add 2 pieces of the {} in size M to my order"),
    ],
)
async def test_what_stands_in_the_first_sentence_is_not_asked(
    shop: Shop, *, language: str, wish: str
) -> None:
    customer = await shop.known(DAVID, language)

    first = await customer.wants("change_order", wish.format(JACKET[language]))
    offer = await until_shown(customer, first)
    await customer.says("ja", "affirm")

    line = (await order_of(shop, customer)).lines[-1]
    assert first.responses != ["utter_change_order_size"]
    assert "2 ×" in offer.text
    assert (line.size, line.quantity) == ("M", 2)


async def test_pieces_are_corrected_by_a_number(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    wish = f"voeg de {JACKET['nl']} maat M toe aan mijn bestelling"
    await until_shown(customer, await customer.wants("change_order", wish))

    corrected = await customer.says("doe er maar 3")
    await customer.says("ja", "affirm")

    assert "3 ×" in corrected.text
    assert (await order_of(shop, customer)).lines[-1].quantity == 3


@pytest.mark.parametrize("count", ["100", "1000000000", "0"])
async def test_an_impossible_number_is_asked_again(shop: Shop, count: str) -> None:
    customer = await shop.known(DAVID)
    wish = f"voeg {count} stuks van de {JACKET['nl']} maat M toe aan mijn bestelling"

    refused = await until_shown(customer, await customer.wants("change_order", wish))
    offer = await customer.says("2")

    assert refused.responses == ["utter_change_order_refused"]
    assert offer.responses == ["utter_confirm_change_order"]
    assert "2 ×" in offer.text
    assert await audits_of(shop) == []


async def test_more_than_there_are_says_how_many_there_are(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    wish = f"voeg 9 stuks van de {JACKET['nl']} maat M toe aan mijn bestelling"

    refused = await until_shown(customer, await customer.wants("change_order", wish))

    assert refused.responses == ["utter_change_order_refused"]
    assert "nog maar 6" in refused.text


async def test_what_is_sold_out_is_not_added_but_news_of_it_offered(shop: Shop) -> None:
    await set_stock(shop, 0, name=JACKET["nl"])
    customer = await shop.known(DAVID)

    answer = await customer.wants("change_order", f"voeg de {JACKET['nl']} toe aan mijn bestelling")

    assert answer.responses == ["utter_change_order_refused"]
    assert "is er nu niet" in answer.text
    assert answer.buttons[0]["payload"].startswith('/back_in_stock_alert{"product_query": ')
    assert customer.slots["pending_change"] is None


async def test_a_size_that_is_sold_out_is_refused_and_nothing_stays_open(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    await set_stock(shop, 0, name=JACKET["nl"])
    async with shop.unit_of_work.write() as session:
        query = select(ProductVariantRow.id).join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
        large = query.where(ProductRow.names["nl"].as_string() == JACKET["nl"], ProductVariantRow.size == "L")
        await session.execute(update(StockRow).where(StockRow.variant_id.in_(large)).values(quantity=3))
    wish = f"voeg de {JACKET['nl']} maat M toe aan mijn bestelling"

    answer = await until_shown(customer, await customer.wants("change_order", wish))

    assert answer.responses == ["utter_change_order_refused"]
    assert customer.slots["pending_change"] is None
    assert await audits_of(shop) == []


async def test_a_product_that_nobody_knows_is_asked_again(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    kinds = await customer.wants("change_order", "wijzig mijn bestelling")
    await customer.taps(kinds, "Iets erbij")

    answer = await customer.says("een qwertzuiop")

    assert answer.responses == ["utter_product_not_found"]
    assert customer.slots["pending_change"] == "change_order"


async def test_a_question_about_a_product_while_something_else_is_changed_adds_nothing(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    kinds = await customer.wants("change_order", "wijzig mijn bestelling")
    await customer.taps(kinds, "Een ander aantal")
    before = customer.slots["wish"]

    await customer.says("ik zoek ook een klimgordel", "product_availability")

    assert customer.slots["wish"] == before
