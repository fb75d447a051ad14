"""Changing an order before it is packed, its address, and asking for money back, at the counter."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from balie.audit.models import AuditEntryRow
from balie.catalogue.models import StockRow
from balie.orders.demo.personas import DAVID, EMMA, JAMES, LOTTE, MERYEM, NOOR, SANNE, DemoCustomer
from balie.orders.models import OrderRow, PaymentRow, RefundRow
from balie.orders.views import OrderView
from tests.support.counter import Answer, Customer, Shop

NEW_ADDRESS = "Dorpsstraat 12, 3512 AB Utrecht"


async def order_of(shop: Shop, customer: Customer, number: str) -> OrderView:
    return await shop.orders.get_order(customer.conversation.customer_id or 0, number)


async def address_of(shop: Shop, number: str) -> tuple[str, str, str, str]:
    async with shop.unit_of_work.read() as session:
        order = await session.scalar(select(OrderRow).where(OrderRow.number == number))
        assert order is not None
        return order.street, order.house_number, order.postcode, order.city


async def audits_of(shop: Shop, number: str) -> list[str]:
    async with shop.unit_of_work.read() as session:
        query = select(AuditEntryRow.undertaking).join(OrderRow, OrderRow.id == AuditEntryRow.order_id)
        return list(await session.scalars(query.where(OrderRow.number == number)))


async def choose_first_item(customer: Customer, text: str, kind: str) -> Answer:
    kinds = await customer.wants("change_order", text)
    which = await customer.taps(kinds, kind)
    return await customer.taps(which, which.titles[0])


async def test_an_item_is_taken_out_and_the_money_named(shop: Shop) -> None:
    customer = await shop.known(DAVID, "en")
    before = await order_of(shop, customer, DAVID.order_number)
    kinds = await customer.wants("change_order", "change my order")
    which = await customer.taps(kinds, "Take it out")

    offer = await customer.taps(which, which.titles[0])
    done = await customer.says("yes please", "affirm")

    assert kinds.titles == ["Another quantity", "Another size or colour", "Take it out", "Add something"]
    assert "You get" in offer.text
    assert done.responses == ["utter_change_order_done"]
    after = await order_of(shop, customer, DAVID.order_number)
    assert len(after.lines) == len(before.lines) - 1
    assert after.total.minor_units == before.total.minor_units - before.lines[0].unit_price.minor_units
    assert await audits_of(shop, DAVID.order_number) == ["change_lines"]


async def test_another_quantity_may_be_typed_and_what_is_still_to_pay_is_named(shop: Shop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StockRow).values(quantity=6))
    customer = await shop.known(DAVID)
    how_many = await choose_first_item(customer, "wijzig mijn bestelling", "Een ander aantal")

    offer = await customer.says("doe er maar 3")
    await customer.says("ja", "affirm")

    assert how_many.responses == ["utter_change_order_quantity"]
    assert "3 ×" in offer.text
    assert "moet nog" in offer.text
    assert (await order_of(shop, customer, DAVID.order_number)).lines[0].quantity == 3
    async with shop.unit_of_work.read() as session:
        query = select(PaymentRow).join(OrderRow, OrderRow.id == PaymentRow.order_id)
        payments = list(await session.scalars(query.where(OrderRow.number == DAVID.order_number)))
    assert len(payments) == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("100", "Meer dan 99"),
        ("999999999", "Meer dan 99"),
        ("98", "nog maar 7"),
    ],
)
async def test_an_impossible_quantity_is_asked_again_with_what_is_possible(
    shop: Shop, typed: str, says: str
) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StockRow).values(quantity=6))
    customer = await shop.known(DAVID)
    await choose_first_item(customer, "wijzig mijn bestelling", "Een ander aantal")

    answer = await customer.says(typed)

    assert answer.responses == ["utter_change_order_refused"]
    assert says in answer.text
    assert (await order_of(shop, customer, DAVID.order_number)).lines[0].quantity == 1


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000000", "drie komma vijf", "2,5", "1e9"])
async def test_what_is_no_number_of_pieces_is_no_answer(shop: Shop, typed: str) -> None:
    customer = await shop.known(DAVID)
    await choose_first_item(customer, "wijzig mijn bestelling", "Een ander aantal")

    answer = await customer.says(typed)

    assert answer.responses[0] in {"utter_change_order_quantity", "utter_change_order_refused"}
    assert customer.slots.get("offer") is None
    assert (await order_of(shop, customer, DAVID.order_number)).lines[0].quantity == 1


async def test_another_size_is_swapped_in(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    sizes = await choose_first_item(customer, "wijzig mijn bestelling", "Andere maat of kleur")
    before = (await order_of(shop, customer, DAVID.order_number)).lines[0]

    offer = await customer.taps(sizes, sizes.titles[0])
    done = await customer.taps(offer, "Ja, wijzig het")

    assert done.responses == ["utter_change_order_done"]
    assert (await order_of(shop, customer, DAVID.order_number)).lines[0].sku != before.sku


async def test_the_last_item_is_not_taken_out_but_the_order_offered_to_be_cancelled(shop: Shop) -> None:
    customer = await shop.known(MERYEM)
    kind = await customer.wants("change_order", "wijzig mijn bestelling")

    answer = await customer.taps(kind, "Eruit halen")

    assert kind.responses == ["utter_change_order_kind"]  # one item: not asked which
    assert answer.responses == ["utter_change_order_refused"]
    assert answer.buttons[0]["payload"] == f'/cancel_order{{"order_number": "{MERYEM.order_number}"}}'


@pytest.mark.parametrize(("persona", "says"), [(JAMES, "al onderweg"), (NOOR, "al bij je")])
async def test_what_left_already_is_not_changed(shop: Shop, persona: DemoCustomer, says: str) -> None:
    customer = await shop.known(persona)

    answer = await customer.wants("change_order", f"wijzig {persona.order_number}")

    assert answer.responses == ["utter_change_order_refused"]
    assert says in answer.text


@pytest.mark.parametrize(
    ("language", "wish", "shown", "done"),
    [
        ("nl", "kan het adres nog anders", "Zal ik bestelling", "Gedaan"),
        ("en", "please send it somewhere else", "Shall I send order", "Done"),
    ],
)
async def test_an_order_goes_to_the_address_that_was_typed_and_shown(
    shop: Shop, *, language: str, wish: str, shown: str, done: str
) -> None:
    customer = await shop.known(DAVID, language)

    asked = await customer.wants("change_shipping_address", wish)
    offer = await customer.says(f"naar {NEW_ADDRESS}")
    answer = await customer.says("ja", "affirm")

    assert asked.responses == ["utter_change_shipping_address_address"]
    assert shown in offer.text
    assert "**Dorpsstraat 12**" in offer.text
    assert "3512AB Utrecht" in offer.text
    assert done in answer.text
    assert await address_of(shop, DAVID.order_number) == ("Dorpsstraat", "12", "3512AB", "Utrecht")


async def test_an_address_in_the_first_sentence_is_shown_at_once(shop: Shop) -> None:
    customer = await shop.known(DAVID)

    offer = await customer.wants("change_shipping_address", f"stuur mijn bestelling naar {NEW_ADDRESS}")

    assert offer.responses == ["utter_confirm_change_shipping_address"]


async def test_the_dialogue_keeps_only_where_the_address_was_typed(shop: Shop) -> None:
    customer = await shop.known(DAVID)

    await customer.wants("change_shipping_address", f"stuur mijn bestelling naar {NEW_ADDRESS}")

    assert "Dorpsstraat" not in str(customer.slots)
    assert customer.last_message_id
    assert '"address"' in customer.slots["wish"]


async def test_another_address_before_the_yes_corrects(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    await customer.wants("change_shipping_address", f"stuur mijn bestelling naar {NEW_ADDRESS}")

    offer = await customer.says("nee, naar Kerkstraat 5-a, 1012 AB Amsterdam", "deny")
    await customer.says("ja", "affirm")

    assert "Kerkstraat 5-a" in offer.text
    assert (await address_of(shop, DAVID.order_number))[3] == "Amsterdam"


@pytest.mark.parametrize(
    ("typed", "response", "says"),
    [
        ("Dorpsstraat 12", "utter_address_unreadable", "volledig adres"),
        ("3512 AB 12", "utter_address_unreadable", "volledig adres"),
        ("Calle Mayor 5, 28013 Madrid, Spain", "utter_change_shipping_address_refused", "bezorgen we niet"),
        ("Kerkstraat 7, 2000 Antwerpen, België", "utter_change_shipping_address_refused", "ander land"),
    ],
)
async def test_an_address_that_cannot_be_used_is_explained(
    shop: Shop, typed: str, response: str, says: str
) -> None:
    customer = await shop.known(DAVID)
    before = await address_of(shop, DAVID.order_number)
    await customer.wants("change_shipping_address", "ander adres")

    answer = await customer.says(typed)

    assert answer.responses[0] == response
    assert says in answer.text
    assert await address_of(shop, DAVID.order_number) == before


async def test_after_an_unreadable_address_a_good_one_is_taken(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    await customer.wants("change_shipping_address", "ander adres")
    await customer.says("Dorpsstraat 12")

    offer = await customer.says(NEW_ADDRESS)

    assert offer.responses == ["utter_confirm_change_shipping_address"]


async def test_the_same_address_changes_nothing(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    home = DAVID.address

    answer = await customer.wants(
        "change_shipping_address",
        f"stuur naar {home.street} {home.house_number}, {home.postcode} {home.city}",
    )

    assert answer.responses == ["utter_change_shipping_address_refused"]
    assert "al heen" in answer.text


async def test_a_parcel_on_its_way_keeps_its_address(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.wants("change_shipping_address", f"ander adres voor {SANNE.order_number}")

    assert answer.responses == ["utter_change_shipping_address_refused"]
    assert "al onderweg" in answer.text


async def test_money_that_was_paid_twice_is_paid_back_once(shop: Shop) -> None:
    customer = await shop.known(LOTTE)
    async with shop.unit_of_work.write() as session:
        order = await session.scalar(select(OrderRow).where(OrderRow.number == LOTTE.order_number))
        assert order is not None
        paid = await session.scalar(select(PaymentRow).where(PaymentRow.order_id == order.id))
        assert paid is not None
        session.add(
            PaymentRow(
                order_id=order.id,
                method=paid.method,
                amount_minor=order.total_minor,
                started_at=paid.started_at,
                paid_at=paid.paid_at,
            )
        )

    offer = await customer.wants("get_refund", f"{LOTTE.order_number} dubbel betaald, geld terug")
    done = await customer.says("ja", "affirm")
    again = await customer.wants("get_refund", f"geld terug van {LOTTE.order_number}")

    assert offer.responses == ["utter_confirm_get_refund"]
    assert done.responses == ["utter_get_refund_done"]
    assert again.responses == ["utter_get_refund_refused"]
    async with shop.unit_of_work.read() as session:
        query = select(RefundRow).join(OrderRow, OrderRow.id == RefundRow.order_id)
        refunds = list(await session.scalars(query.where(OrderRow.number == LOTTE.order_number)))
    assert len(refunds) == 1


@pytest.mark.parametrize(
    ("persona", "says", "helps"),
    [
        (EMMA, "al onderweg", "track_refund"),
        (NOOR, "terugstuurt", "return_item"),
        (DAVID, "loopt nog", "cancel_order"),
    ],
)
async def test_money_that_is_not_open_is_explained_with_what_helps(
    shop: Shop, persona: DemoCustomer, says: str, helps: str
) -> None:
    customer = await shop.known(persona)

    answer = await customer.wants("get_refund", f"geld terug van {persona.order_number}")

    assert answer.responses == ["utter_get_refund_refused"]
    assert says in answer.text
    assert answer.buttons[0]["payload"].startswith(f"/{helps}")


async def test_stopping_forgets_what_was_said(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    await choose_first_item(customer, "wijzig mijn bestelling", "Een ander aantal")

    answer = await customer.ask("action_stop_flow", "laat maar")

    assert answer.responses == ["utter_stop_flow"]
    assert customer.slots["wish"] is None
    assert customer.slots["pending_change"] is None
