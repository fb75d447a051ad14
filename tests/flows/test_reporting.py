"""Broken, wrong or missing, and the guarantee, at the counter: asked, shown, registered once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from balie.cases.models import CaseRow
from balie.catalogue.models import ProductRow, StockRow
from balie.orders.demo.personas import DAVID, EMMA, NOOR, SANNE
from balie.orders.models import (
    OrderLineRow,
    OrderRow,
    RefundRow,
    ReservationRow,
    ReturnLineRow,
    ReturnRow,
    ShipmentRow,
)
from tests.support.counter import Answer, Customer, Shop

PHOTO = "0b9f4a3e-7d6c-4a51-9a54-2f1f8f2f5a10"


async def cases_of(shop: Shop, number: str) -> list[CaseRow]:
    async with shop.unit_of_work.read() as session:
        query = select(CaseRow).join(OrderRow, OrderRow.id == CaseRow.order_id)
        return list(await session.scalars(query.where(OrderRow.number == number).order_by(CaseRow.id)))


async def rows_of(shop: Shop, model: type[ReturnRow] | type[RefundRow], number: str) -> list[object]:
    async with shop.unit_of_work.read() as session:
        query = select(model).join(OrderRow, OrderRow.id == model.order_id)
        return list(await session.scalars(query.where(OrderRow.number == number)))


async def fill_stock(shop: Shop, pieces: int) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StockRow).values(quantity=pieces))


async def item_names(shop: Shop, customer: Customer, number: str) -> list[str]:
    order = await shop.orders.get_order(customer.conversation.customer_id or 0, number)
    return [line.names[customer.language] for line in order.lines]


async def report_damage(customer: Customer, *titles: str) -> Answer:
    """Until the question what is to be done about it."""
    answer = await customer.wants("damaged_item", f"de jas uit {NOOR.order_number} is kapot")
    names = await item_names(customer.shop, customer, NOOR.order_number)
    if answer.titles and answer.titles[0] in names:
        answer = await customer.taps(answer, names[0])
    for title in titles:
        answer = await customer.taps(answer, title)
    return answer


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nl",
            ["de rits is stuk", "Een nieuwe", "Opsturen met een label", "ja", "Zal ik dit", "melding"],
        ),
        ("en", ["the zip is broken", "A new one", "Send it with a label", "yes", "Shall I report", "report"]),
    ],
)
async def test_damage_is_reported_with_a_photo_and_a_new_one_kept_aside(
    shop: Shop, language: str, words: list[str]
) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR, language)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    wrong, remedy, method, yes, shown, done = words

    which = await customer.wants("damaged_item", NOOR.order_number)
    story = await customer.taps(which, jacket)
    photo = await customer.says(wrong)
    what = await customer.sends_photo(PHOTO)
    how = await customer.taps(what, remedy)
    offer = await customer.taps(how, method)
    answer = await customer.says(yes, "affirm")

    assert story.responses == ["utter_damaged_item_story"]
    assert photo.responses == ["utter_damaged_item_photo"]
    assert what.responses == ["utter_damaged_item_remedy"]
    assert shown in offer.text
    assert jacket in offer.text
    assert done in answer.text
    [case] = await cases_of(shop, NOOR.order_number)
    assert (case.kind, case.remedy, case.wants_person) == ("damaged", "replacement", False)
    assert case.story == wrong
    assert case.facts["photos"] == [PHOTO]
    assert case.number in answer.text
    assert len(await rows_of(shop, ReturnRow, NOOR.order_number)) == 1
    async with shop.unit_of_work.read() as session:
        kept = list(await session.scalars(select(ReservationRow)))
        line = await session.scalar(select(ReturnLineRow).where(ReturnLineRow.reason == "damaged"))
    assert [one.return_line_id for one in kept] == [line.id if line else None]


async def test_without_a_photo_it_is_reported_all_the_same_and_the_money_comes_back(shop: Shop) -> None:
    await fill_stock(shop, 0)
    customer = await shop.known(NOOR)
    await report_damage(customer)
    await customer.says("de naad laat los")

    how = await customer.says("ik heb geen foto")
    offer = await customer.taps(how, "Inleveren in een winkel")
    await customer.says("ja", "affirm")

    # There is no other one, so only the money is left and is not asked about.
    assert how.responses == ["utter_damaged_item_method"]
    assert "terug" in offer.text
    [case] = await cases_of(shop, NOOR.order_number)
    assert (case.remedy, case.facts["photos"]) == ("refund", [])


async def test_several_photos_may_be_sent(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await report_damage(customer)
    await customer.says("de rits is stuk")
    await customer.sends_photo(PHOTO)
    await customer.sends_photo("3d1d1f5e-30a0-4c7b-8f0f-6d2f7f6a9b22")

    assert len(json.loads(customer.slots["wish"])["photo"].split(",")) == 2


async def test_what_is_missing_is_sent_after_all_and_leaves_the_stock(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]

    which = await customer.wants("wrong_or_missing_item", f"er ontbreekt iets in {NOOR.order_number}")
    what = await customer.taps(which, jacket)
    offer = await customer.taps(what, "Een nieuwe")
    await customer.says("ja", "affirm")

    assert "alsnog" in offer.text
    [case] = await cases_of(shop, NOOR.order_number)
    assert case.kind == "missing_item"
    assert await rows_of(shop, ReturnRow, NOOR.order_number) == []
    async with shop.unit_of_work.read() as session:
        online = await session.scalars(select(StockRow.quantity).where(StockRow.store_id.is_(None)))
    assert sorted(online)[0] == 4


async def test_what_is_missing_and_dear_is_decided_by_a_person(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    dearest = await dearest_item(shop, customer)
    which = await customer.wants("wrong_or_missing_item", f"er ontbreekt iets in {NOOR.order_number}")
    what = await customer.taps(which, dearest)
    offer = await customer.taps(what, "Mijn geld terug")
    done = await customer.says("ja", "affirm")

    [case] = await cases_of(shop, NOOR.order_number)
    assert case.wants_person
    assert "collega" in offer.text
    assert "collega" in done.text
    assert await rows_of(shop, RefundRow, NOOR.order_number) == []


async def dearest_item(shop: Shop, customer: Customer) -> str:
    """Make one item dearer than the assistant may decide about."""
    names = await item_names(shop, customer, NOOR.order_number)
    async with shop.unit_of_work.write() as session:
        order_id = select(OrderRow.id).where(OrderRow.number == NOOR.order_number).scalar_subquery()
        await session.execute(
            update(OrderLineRow)
            .where(OrderLineRow.order_id == order_id, OrderLineRow.position == 1)
            .values(unit_price_minor=99_900)
        )
    return names[0]


async def test_something_else_came_and_is_swapped(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR, "en")
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("wrong_or_missing_item", f"I got the wrong item in {NOOR.order_number}")
    photo = await customer.taps(which, jacket)
    what = await customer.taps(photo, "I have no photo")
    how = await customer.taps(what, "A new one")
    offer = await customer.taps(how, "Hand it in at a store")

    assert photo.responses == ["utter_wrong_or_missing_item_photo"]
    assert "isn't what you ordered" in offer.text


async def test_the_same_item_is_not_reported_twice(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("wrong_or_missing_item", f"er ontbreekt iets in {NOOR.order_number}")
    await customer.taps(await customer.taps(which, jacket), "Een nieuwe")
    await customer.says("ja", "affirm")

    again = await customer.wants("wrong_or_missing_item", f"er ontbreekt iets in {NOOR.order_number}")

    assert jacket not in again.titles


async def test_the_same_turn_again_opens_one_case(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("wrong_or_missing_item", f"er ontbreekt iets in {NOOR.order_number}")
    await customer.taps(await customer.taps(which, jacket), "Een nieuwe")
    slots = dict(customer.slots)
    first = await customer.says("ja", "affirm")
    customer.slots = {**slots, "confirmation": "yes"}

    second = await customer.repeat("action_make_change", "ja")

    assert len(await cases_of(shop, NOOR.order_number)) == 1
    assert second.text == first.text


async def test_what_has_not_arrived_cannot_be_reported(shop: Shop) -> None:
    customer = await shop.known(DAVID)

    refused = await customer.wants("damaged_item", f"{DAVID.order_number} is kapot")

    assert refused.responses == ["utter_damaged_item_refused"]
    assert "nog niet verstuurd" in refused.text


async def test_after_the_days_for_damage_the_guarantee_helps(shop: Shop) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=120)
    async with shop.unit_of_work.write() as session:
        order_id = select(OrderRow.id).where(OrderRow.number == NOOR.order_number).scalar_subquery()
        await session.execute(
            update(ShipmentRow).where(ShipmentRow.order_id == order_id).values(delivered_at=long_ago)
        )
    customer = await shop.known(NOOR)

    refused = await customer.wants("damaged_item", f"de jas uit {NOOR.order_number} is kapot")

    assert refused.responses == ["utter_damaged_item_refused"]
    assert "garantie" in refused.text
    assert "/warranty" in refused.buttons[0]["payload"]


async def test_another_order_that_is_named_too_late_is_refused_for_what_it_is(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR)
    earlier = await customer.shop.orders.list_recent_orders(customer.conversation.customer_id or 0, 4)
    old = next(one.number for one in earlier if one.number != NOOR.order_number)
    await report_damage(customer)
    await customer.says("de rits is stuk")
    await customer.says("geen foto")
    await customer.says("een nieuwe graag")

    refused = await customer.says(f"nee, de andere: {old}", "deny")

    assert refused.responses == ["utter_damaged_item_refused"]
    assert "kon tot en met" in refused.text


@pytest.mark.parametrize(
    ("said", "intent"),
    [("gescheurd", "warranty"), ("kapot", "damaged_item"), ("hij is waardeloos", "complaint")],
)
async def test_what_is_wrong_may_be_one_word_that_reads_like_other_trouble(
    shop: Shop, said: str, intent: str
) -> None:
    customer = await shop.known(NOOR)
    await report_damage(customer)

    answer = await customer.says(said, intent)

    assert answer.responses == ["utter_damaged_item_photo"]


async def test_under_the_guarantee_a_tent_is_mended(shop: Shop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).values(category="tents"))
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("warranty", f"garantie op {NOOR.order_number}")
    await customer.taps(which, jacket)
    photo = await customer.says("de stok is gebroken")
    offer = await customer.taps(photo, "Ik heb geen foto")
    done = await customer.says("ja", "affirm")

    assert "werkplaats" in offer.text
    assert "werkplaats" in done.text
    [case] = await cases_of(shop, NOOR.order_number)
    assert (case.kind, case.remedy) == ("warranty", "repair")


async def test_whoever_asks_about_the_guarantee_is_told_and_may_begin(shop: Shop) -> None:
    customer = await shop.known(NOOR)

    told = await customer.wants("warranty", "hoe lang heb ik garantie?")

    assert told.responses == ["utter_warranty"]
    assert "Garantie gebruiken" in told.titles
    assert customer.slots.get("pending_change") is None


async def test_a_courier_comes_for_it_on_a_day_that_is_typed(shop: Shop) -> None:
    await fill_stock(shop, 5)
    customer = await shop.known(NOOR)
    await report_damage(customer)
    await customer.says("de rits is stuk")
    await customer.says("geen foto")
    await customer.says("een nieuwe graag")

    day = await customer.taps(await customer.repeat("action_ask_confirmation", ""), "Laten ophalen")
    offer = await customer.taps(day, day.titles[1])

    assert day.responses == ["utter_damaged_item_day"]
    assert "halen we op" in offer.text


async def test_a_question_in_between_is_answered_and_the_photo_asked_for_again(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await report_damage(customer)
    await customer.says("de rits is stuk")

    between = await customer.says("hoe lang duurt dat?", "check_refund_policy")

    assert between.responses == ["utter_damaged_item_photo"]
    assert "Nog even over de foto" in between.text


@pytest.mark.parametrize("persona", [EMMA, SANNE])
async def test_somebody_elses_order_cannot_be_reported(shop: Shop, persona: object) -> None:
    customer = await shop.known(persona)  # type: ignore[arg-type]

    refused = await customer.wants("damaged_item", f"de jas uit {NOOR.order_number} is kapot")

    assert refused.responses == ["utter_order_not_found"]


async def test_what_a_stranger_said_first_is_not_asked_again_once_they_are_known(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.wants("damaged_item", "mijn regenjas kwam binnen met een kapotte rits, dat is toch niks")
    await stranger.fill_in(NOOR.order_number)
    resumed = await stranger.fill_in(NOOR.email)

    asked = await stranger._begin_form(resumed)

    assert asked.responses[-1] == "utter_damaged_item_photo"
