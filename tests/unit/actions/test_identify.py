"""How a stranger shows that an order is theirs, and what that opens."""

from __future__ import annotations

import pytest

from balie.conversations.views import Proof
from balie.orders.demo.personas import EMMA, SANNE, TOM
from tests.support.counter import Answer, Customer, Shop

TRACK = "action_track_order"


async def proof_of(customer: Customer) -> Proof | None:
    return (await customer.shop.conversations.get_conversation(customer.conversation.id)).proof


async def stranger_who_asked(shop: Shop, action: str, text: str) -> Customer:
    stranger = await shop.stranger()
    answer = await stranger.ask(action, text)
    assert answer == Answer()
    return stranger


async def test_a_stranger_is_asked_who_they_are_before_anything_is_told(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")

    assert stranger.slots["pending_task"] == "track_order"
    assert stranger.slots["order_number"] == SANNE.order_number


async def test_order_number_and_email_open_the_whole_customer(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")

    answer = await stranger.fill_in(f"ik ben {SANNE.email.upper()}")

    assert answer.responses == ["utter_order_late_on_its_way"]
    assert await proof_of(stranger) is Proof.ORDER_EMAIL
    assert (await stranger.ask("action_loyalty_points")).responses == ["utter_points"]


async def test_order_number_and_postcode_open_that_order_only(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")

    answer = await stranger.fill_in("3811 bk")

    assert answer.responses == ["utter_order_late_on_its_way"]
    assert await proof_of(stranger) is Proof.ORDER_POSTCODE
    assert not answer.titles or all("DD" not in title for title in answer.titles)


async def test_points_need_the_email_and_say_so_without_counting_a_try(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")
    await stranger.fill_in("3811BK")

    assert await stranger.ask("action_loyalty_points", "en mijn punten") == Answer()
    refused = await stranger.fill_in("3811BK")
    answer = await stranger.fill_in(SANNE.email)

    assert stranger.slots["order_number"] == SANNE.order_number
    assert refused.responses == ["utter_identity_email_needed"]
    assert answer.responses == ["utter_points"]


async def test_with_a_postcode_another_order_is_asked_for_again(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")
    await stranger.fill_in("3811BK")

    answer = await stranger.ask(TRACK, f"en {TOM.order_number}")

    assert answer == Answer()
    assert stranger.slots["pending_task"] == "track_order"


async def test_a_stranger_who_asks_about_points_hears_first_how_they_work(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask("action_loyalty_points", "hoe werkt sparen bij jullie")

    assert answer.responses == ["utter_loyalty_points"]
    assert "gratis" in answer.text
    assert stranger.slots["pending_task"] == "loyalty_points"


async def test_number_and_proof_may_come_in_one_message(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, "waar is mijn pakket")

    answer = await stranger.fill_in(f"{SANNE.order_number} en mijn postcode is 3811BK")

    assert answer.responses == ["utter_order_late_on_its_way"]


async def test_the_email_may_come_before_the_number(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, "waar is mijn pakket")

    first = await stranger.fill_in(f"mijn mail is {SANNE.email}")
    answer = await stranger.fill_in(SANNE.order_number)

    assert first.responses == ["utter_code_sent"]
    assert answer.responses == ["utter_order_late_on_its_way"]


@pytest.mark.parametrize("number", [SANNE.order_number, "DD0000001"])
async def test_a_wrong_number_and_a_wrong_address_get_the_same_sentence(shop: Shop, number: str) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {number}")

    answer = await stranger.fill_in("iemand@anders.example")

    assert answer.responses == ["utter_identity_not_matched"]
    assert "Die combinatie ken ik niet" in answer.text
    assert "4 keer" in answer.text
    assert await proof_of(stranger) is None


async def test_a_corrected_number_is_tried_with_the_address_given_before(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, "waar is DD1048214")
    await stranger.fill_in(SANNE.email)

    answer = await stranger.fill_in(f"oh nee {SANNE.order_number}")

    assert answer.responses == ["utter_order_late_on_its_way"]


async def test_after_five_wrong_tries_a_person_is_named_and_nothing_helps_any_more(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")

    answers = [await stranger.fill_in(f"fout{number}@anders.example") for number in range(5)]
    stranger.slots.update(pending_task="track_order", order_number=SANNE.order_number)
    late = await stranger.fill_in(SANNE.email)

    assert [answer.responses for answer in answers[:4]] == [["utter_identity_not_matched"]] * 4
    assert answers[4].responses == late.responses == ["utter_identity_given_up"]
    assert "+31 33 123 45 67" in answers[4].text
    assert "service@duinendal.example" in answers[4].text
    assert stranger.slots["pending_task"] is None
    assert await proof_of(stranger) is None


async def test_a_question_in_between_is_left_to_other_rules(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")
    stranger.slots["requested_slot"] = "identity_proof"
    before = dict(stranger.slots)

    answer = await stranger.ask("validate_identify_form", "waarom wil je dat weten")

    assert answer == Answer()
    assert stranger.slots == before


async def test_a_number_that_is_no_order_number_is_explained(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, "waar is mijn pakket")

    answer = await stranger.fill_in("mijn nummer is 12345678901")

    assert answer.responses == ["utter_order_number_unreadable"]


async def test_a_button_is_no_proof(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {SANNE.order_number}")

    assert await stranger.press("validate_identify_form", "/stop_flow") == Answer()


async def test_the_customers_address_never_reaches_a_slot_or_a_text(shop: Shop) -> None:
    stranger = await stranger_who_asked(shop, TRACK, f"waar is {EMMA.order_number}")

    answer = await stranger.fill_in(EMMA.email)

    assert stranger.slots["identity_proof"] is None
    assert EMMA.email not in f"{stranger.slots} {answer.text}"


async def test_resuming_without_a_waiting_task_says_nothing(shop: Shop) -> None:
    stranger = await shop.stranger()

    assert await stranger.ask("action_resume_task") == Answer()
