"""Sending back and exchanging at the counter: asked what is missing, shown, registered once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from balie.catalogue.models import StockRow
from balie.orders.demo.personas import FIEN, JAMES, MERYEM, NOOR, PIETER, SANNE
from balie.orders.models import OrderLineRow, OrderRow, RefundRow, ReservationRow, ReturnLineRow, ReturnRow
from tests.support.counter import Answer, Customer, Shop


async def returns_of(shop: Shop, number: str) -> list[ReturnRow]:
    async with shop.unit_of_work.read() as session:
        query = select(ReturnRow).join(OrderRow, OrderRow.id == ReturnRow.order_id)
        return list(await session.scalars(query.where(OrderRow.number == number)))


async def item_names(shop: Shop, customer: Customer, number: str) -> list[str]:
    order = await shop.orders.get_order(customer.conversation.customer_id or 0, number)
    return [line.names[customer.language] for line in order.lines]


async def long_had(shop: Shop, customer: Customer) -> str:
    """The name of something that somebody bought a year ago, and not lately."""
    async with shop.unit_of_work.read() as session:
        query = (
            select(OrderLineRow.names)
            .join(OrderRow, OrderRow.id == OrderLineRow.order_id)
            .where(OrderRow.customer_id == customer.conversation.customer_id)
            .order_by(OrderRow.placed_at, OrderLineRow.id)
        )
        names = [each[customer.language] for each in await session.scalars(query)]
    return next(name for name in names if names.count(name) == 1)


async def until_shown(customer: Customer, answer: Answer, *titles: str) -> Answer:
    for title in titles:
        answer = await customer.taps(answer, title)
    return answer


@pytest.mark.parametrize(
    ("language", "wish", "titles", "shown", "done"),
    [
        ("nl", "ik wil iets terugsturen", ["Te klein", "Ongebruikt", "Opsturen met een label"],
         "Zal ik deze retour aanmelden", "Je retour is aangemeld: **RDD1048031-1**"),
        ("en", "i want to return something", ["Too small", "Unused", "Send it with a label"],
         "Shall I register this return", "Your return is registered: **RDD1048031-1**"),
    ],
)  # fmt: skip
async def test_a_return_is_registered_after_its_questions_and_a_yes(
    shop: Shop, *, language: str, wish: str, titles: list[str], shown: str, done: str
) -> None:
    customer = await shop.known(NOOR, language)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]

    which = await customer.wants("return_item", f"{wish} {NOOR.order_number}")
    offer = await until_shown(customer, which, jacket, *titles)
    before = await returns_of(shop, NOOR.order_number)
    answer = await customer.says("ja" if language == "nl" else "yes", "affirm")

    assert which.titles[:1] == [jacket]
    assert shown in offer.text
    assert jacket in offer.text
    assert before == []
    assert done in answer.text
    [returned] = await returns_of(shop, NOOR.order_number)
    assert returned.method == "parcel"
    assert answer.buttons[0]["url"] == "/api/v1/documents/labels/RDD1048031-1.pdf"
    assert customer.slots["wish"] is None


async def test_what_the_first_sentence_says_is_not_asked_again(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]

    asked = await customer.wants(
        "return_item",
        f"de {jacket.split()[0].lower()} uit {NOOR.order_number} valt te klein, ik breng hem naar de winkel",
    )

    assert asked.responses == ["utter_return_item_condition"]
    assert customer.slots["wish"] is not None
    assert '"reason": "too_small"' in customer.slots["wish"]
    assert '"method": "store"' in customer.slots["wish"]


async def test_answers_may_be_typed(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket, boots, _swimsuit = await item_names(shop, customer, NOOR.order_number)

    await customer.wants("return_item", f"ik wil iets terugsturen uit {NOOR.order_number}")
    await customer.says(f"{jacket} en {boots}")
    await customer.says("ze zijn te groot", "size_advice")
    await customer.says("alleen gepast, labels eraan")
    offer = await customer.says("ik stuur ze op", "delivery_options")

    assert offer.responses == ["utter_confirm_return_item"]
    assert jacket in offer.text
    assert boots in offer.text


async def test_a_question_in_between_is_no_answer_and_the_question_comes_back(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("return_item", f"alles uit {NOOR.order_number} gaat terug, te klein")

    between = await customer.says("mag ik het ook in de winkel brengen?", "check_return_policy")
    again = await customer.repeat("action_ask_confirmation", "")

    assert between.responses == ["utter_return_item_condition"]
    assert "Nog één vraag" in between.text
    assert again.responses == []


async def test_a_detail_is_corrected_at_the_end_without_starting_over(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    first = await customer.wants("return_item", f"alles uit {NOOR.order_number} gaat terug, te klein")
    offer = await until_shown(customer, first, "Ongebruikt", "Opsturen met een label")

    corrected = await customer.says("nee, ik breng het naar de winkel", "deny")
    done = await customer.says("ja", "affirm")

    assert "op te sturen met een label" in offer.text
    assert "in te leveren in een winkel" in corrected.text
    assert done.responses == ["utter_return_item_done"]
    assert [one.method for one in await returns_of(shop, NOOR.order_number)] == ["store"]
    assert not any("url" in button and "labels" in button["url"] for button in done.buttons)


async def test_a_statement_right_after_the_offer_corrects_whatever_it_was_taken_for(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    first = await customer.wants("return_item", f"alles uit {NOOR.order_number} gaat terug, te klein")
    await until_shown(customer, first, "Ongebruikt", "Opsturen met een label")

    corrected = await customer.says("ik lever het liever in een winkel in", "store_location")

    assert corrected.responses == ["utter_confirm_return_item"]
    assert "in te leveren in een winkel" in corrected.text


async def test_damaged_items_come_back_free_and_their_condition_is_not_asked(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    asked = await customer.wants("return_item", f"{jacket} uit {NOOR.order_number} is kapot")

    offer = await customer.taps(asked, "Opsturen met een label")

    assert asked.responses == ["utter_return_item_method"]
    assert "voor het opsturen" not in offer.text


async def test_a_seal_is_only_asked_about_where_there_is_one(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket, _boots, swimsuit = await item_names(shop, customer, NOOR.order_number)
    which = await customer.wants("return_item", f"retour uit {NOOR.order_number}, te klein")

    of_jacket = await customer.taps(which, jacket)
    of_swimsuit = await customer.taps(which, swimsuit)
    refused = await customer.taps(of_swimsuit, "Zegel of strip is eraf")

    assert of_jacket.titles == ["Ongebruikt", "Gebruikt"]
    assert of_swimsuit.titles == ["Ongebruikt", "Zegel of strip is eraf", "Gebruikt"]
    asked_method = refused
    assert asked_method.responses == ["utter_return_item_method"]
    end = await customer.taps(asked_method, "Inleveren in een winkel")
    assert end.responses == ["utter_return_item_refused"]
    assert "Zonder zegel" in end.text
    assert customer.active_loop is None


@pytest.mark.parametrize(
    ("persona", "says", "helps"),
    [
        (MERYEM, "nog niet verstuurd", "cancel_order"),
        (FIEN, "is geannuleerd", "track_refund"),
    ],
)
async def test_what_cannot_come_back_is_explained(shop: Shop, persona: object, says: str, helps: str) -> None:
    customer = await shop.known(persona)  # type: ignore[arg-type]

    answer = await customer.wants("return_item", f"retour {persona.order_number}")  # type: ignore[attr-defined]

    assert answer.responses == ["utter_return_item_refused"]
    assert says in answer.text
    assert answer.buttons[0]["payload"].startswith(f"/{helps}")


async def test_an_item_that_is_on_its_way_back_cannot_be_chosen_again(shop: Shop) -> None:
    customer = await shop.known(PIETER)
    names = await item_names(shop, customer, PIETER.order_number)

    asked = await customer.wants("return_item", f"nog iets terug uit {PIETER.order_number}")

    # Only the other item is left, so it is not asked which.
    assert asked.responses == ["utter_return_item_reason"]
    assert names[1] in asked.text


async def test_an_old_button_of_another_order_chooses_nothing(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("return_item", f"retour uit {NOOR.order_number}")

    answer = await customer.press(
        "validate_confirm_form", f'/choose_detail{{"detail": "items:{SANNE.order_number}:1"}}'
    )
    asked = await customer.go_on_confirming(answer, "")

    assert asked.responses == ["utter_return_item_items"]


@pytest.mark.parametrize("value", ["0", "99", "1,99", "x", "", "1,1"])
async def test_a_forged_button_chooses_nothing(shop: Shop, value: str) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("return_item", f"retour uit {NOOR.order_number}")

    answer = await customer.press(
        "validate_confirm_form", f'/choose_detail{{"detail": "items:{NOOR.order_number}:{value}"}}'
    )
    asked = await customer.go_on_confirming(answer, "")

    assert asked.responses == ["utter_return_item_items"]


async def test_the_same_turn_again_registers_one_return(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    first = await customer.wants("return_item", f"alles uit {NOOR.order_number} gaat terug, te klein")
    await until_shown(customer, first, "Ongebruikt", "Opsturen met een label")
    await customer.ask("validate_confirm_form", "ja", intent="affirm")
    before = dict(customer.slots)

    once = await customer.repeat("action_make_change", "ja")
    customer.slots = before
    again = await customer.repeat("action_make_change", "ja")

    assert once.texts == again.texts
    assert once.buttons == again.buttons
    async with shop.unit_of_work.read() as session:
        [returned] = await returns_of(shop, NOOR.order_number)
        refunds = await session.scalar(
            select(func.count()).select_from(RefundRow).where(RefundRow.return_id == returned.id)
        )
        lines = await session.scalar(
            select(func.count()).select_from(ReturnLineRow).where(ReturnLineRow.return_id == returned.id)
        )
    assert (refunds, lines) == (1, 3)


async def test_two_tabs_cannot_register_the_same_items_twice(shop: Shop) -> None:
    one, other = await shop.known(NOOR), await shop.known(NOOR)
    for customer in (one, other):
        first = await customer.wants("return_item", f"alles uit {NOOR.order_number} gaat terug, te klein")
        await until_shown(customer, first, "Ongebruikt", "Opsturen met een label")

    await one.says("ja", "affirm")
    answer = await other.says("ja", "affirm")

    assert answer.responses == ["utter_return_item_refused"]
    assert len(await returns_of(shop, NOOR.order_number)) == 1


async def test_a_stranger_hears_how_it_works_and_goes_on_with_what_they_said(shop: Shop) -> None:
    stranger = await shop.stranger()

    explained = await stranger.wants("return_item", f"de jas uit {NOOR.order_number} is te klein")
    stranger.active_loop = "identify_form"
    resumed = await stranger.fill_in(NOOR.email)
    asked = await stranger._begin_form(resumed)

    assert explained.responses == ["utter_return_item"]
    # Which jacket it is, the order tells once it may be seen.
    assert asked.responses == ["utter_return_item_condition"]
    assert '"reason": "too_small"' in stranger.slots["wish"]


async def test_an_exchange_keeps_the_new_size_aside(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("exchange_item", f"ruilen uit {NOOR.order_number}, te klein")

    sizes = await customer.taps(which, jacket)
    offer = await until_shown(customer, sizes, sizes.titles[0], "Ongebruikt", "Inleveren in een winkel")
    done = await customer.says("ja", "affirm")

    assert sizes.responses == ["utter_exchange_item_variant"]
    assert all(title.startswith("Maat") for title in sizes.titles)
    assert offer.responses == ["utter_confirm_exchange_item"]
    assert done.responses == ["utter_exchange_item_done"]
    async with shop.unit_of_work.read() as session:
        assert await session.scalar(select(func.count()).select_from(ReservationRow)) == 1


async def test_a_size_may_be_typed(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("exchange_item", f"ruilen uit {NOOR.order_number}, te klein")
    sizes = await customer.taps(which, jacket)
    wanted = sizes.titles[0].removeprefix("Maat ").split(",")[0]

    answer = await customer.says(f"doe maar maat {wanted}", "exchange_item")

    assert answer.responses == ["utter_exchange_item_condition"]


async def test_without_another_size_the_customer_is_offered_to_send_it_back(shop: Shop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StockRow).values(quantity=0))
    customer = await shop.known(NOOR)
    jacket = (await item_names(shop, customer, NOOR.order_number))[0]
    which = await customer.wants("exchange_item", f"ruilen uit {NOOR.order_number}")

    answer = await customer.taps(which, jacket)

    assert answer.responses == ["utter_exchange_item_refused"]
    assert answer.buttons[0]["payload"] == f'/return_item{{"order_number": "{NOOR.order_number}"}}'
    assert customer.active_loop is None


async def test_somebody_elses_order_is_not_there(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.wants("return_item", f"retour {JAMES.order_number}")

    assert answer.responses == ["utter_order_not_found"]


async def give_order(shop: Shop, number: str, customer: Customer) -> None:
    async with shop.unit_of_work.write() as session:
        theirs = update(OrderRow).where(OrderRow.number == number)
        await session.execute(theirs.values(customer_id=customer.conversation.customer_id))


@pytest.mark.parametrize("typed", ["{}", "die van {} graag"])
async def test_which_order_may_be_answered_by_typing_its_number_also_after_a_digression(
    shop: Shop, typed: str
) -> None:
    customer = await shop.known(NOOR)
    await give_order(shop, SANNE.order_number, customer)
    asked = await customer.ask("action_return_item", "ik wil iets terugsturen, te klein")
    await customer.ask("action_opening_hours", "tot hoe laat is Utrecht open?")

    answer = await customer.ask("action_track_order", typed.format(NOOR.order_number))

    assert asked.responses == ["utter_return_item_which"]
    assert answer.responses == []
    assert customer.slots["pending_change"] == "return_item"
    assert customer.slots["order_number"] == NOOR.order_number
    assert '"reason": "too_small"' in customer.slots["wish"]
    assert customer.events[-1] == {"event": "followup", "timestamp": None, "name": "confirm_form"}


async def test_a_bare_number_while_the_form_goes_on_means_the_other_order(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await give_order(shop, SANNE.order_number, customer)
    await customer.wants("return_item", f"ik wil iets terugsturen uit {NOOR.order_number}")

    answer = await customer.says(SANNE.order_number, "track_order")

    assert SANNE.order_number in answer.text
    assert answer.responses == ["utter_return_item_items"]


@pytest.mark.parametrize("asked", ["waar is {}?", "wanneer wordt mijn bestelling met nummer {} nou bezorgd"])
async def test_a_question_about_an_order_is_no_answer_to_which_order(shop: Shop, asked: str) -> None:
    customer = await shop.known(NOOR)
    await give_order(shop, SANNE.order_number, customer)
    await customer.ask("action_return_item", "ik wil iets terugsturen")

    answer = await customer.ask("action_track_order", asked.format(SANNE.order_number))

    assert answer.responses[0].startswith("utter_order_")
    assert customer.slots.get("pending_change") is None


@pytest.mark.parametrize("task", ["return_item", "damaged_item"])
async def test_a_product_of_an_order_that_is_too_old_is_explained_and_no_other_taken_for_it(
    shop: Shop, task: str
) -> None:
    customer = await shop.known(NOOR)
    name = await long_had(shop, customer)

    answer = await customer.wants(task, f"de {name} moet terug, hij is kapot")

    assert answer.responses == [f"utter_{task}_refused"]
    assert customer.slots["pending_change"] is None
    assert NOOR.order_number not in answer.text


async def test_a_product_that_an_order_in_time_holds_too_is_taken_from_there(shop: Shop) -> None:
    customer = await shop.known(NOOR)

    answer = await customer.wants("return_item", "de Duinroos Haven regenjas dames mag terug")

    assert answer.responses == ["utter_return_item_reason"]
