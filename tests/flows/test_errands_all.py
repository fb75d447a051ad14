"""What every errand has in common at the counter: shown, confirmed, done once, or left as it is."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from actions.errand_flows import ERRANDS as FLOWS
from balie.orders.demo.personas import NOOR, SANNE
from tests.flows.errand_table import (
    ERRANDS,
    Errand,
    brought_to_the_offer,
    count_audits,
    letters_of,
)
from tests.support.counter import Shop

INTENTS = frozenset(FLOWS) - {"place_order", "discount_code", "gift_card"}
"""Shopping has tests of its own."""

each = pytest.mark.parametrize("errand", ERRANDS, ids=[errand.name for errand in ERRANDS])


def test_every_errand_is_tried_in_both_languages() -> None:
    tried = {(errand.intent, errand.language) for errand in ERRANDS}

    assert tried == {(intent, language) for intent in INTENTS for language in ("nl", "en")}


@each
async def test_it_is_shown_and_done_after_a_typed_yes(shop: Shop, errand: Errand) -> None:
    customer, shown = await brought_to_the_offer(shop, errand)
    before = await count_audits(shop)

    done = await customer.says("ja" if errand.language == "nl" else "yes", "affirm")

    assert errand.says in shown.text
    assert before == 0, "nothing is done before the yes"
    assert done.responses == [f"utter_{errand.intent}_done"]
    assert await count_audits(shop) == 1
    assert customer.slots["pending_change"] is None
    assert customer.slots["wish"] is None


@each
async def test_a_button_says_yes_as_well(shop: Shop, errand: Errand) -> None:
    customer, shown = await brought_to_the_offer(shop, errand)

    done = await customer.taps(shown, shown.titles[0])

    assert shown.titles[0].startswith(("Ja", "Yes"))
    assert done.responses == [f"utter_{errand.intent}_done"]


@each
async def test_a_no_leaves_everything_as_it_is(shop: Shop, errand: Errand) -> None:
    customer, shown = await brought_to_the_offer(shop, errand)

    left = await customer.says("nee" if errand.language == "nl" else "no", "deny")

    assert shown.titles[1].startswith(("Nee", "No"))
    assert left.responses == [f"utter_{errand.intent}_left"]
    assert await count_audits(shop) == 0
    assert await letters_of(shop) == []


@each
async def test_stopping_forgets_what_was_said(shop: Shop, errand: Errand) -> None:
    customer, _ = await brought_to_the_offer(shop, errand)

    stopped = await customer.ask("action_stop_flow", "laat maar")

    assert stopped.responses == ["utter_stop_flow"]
    assert customer.slots["wish"] is None
    assert customer.slots["pending_change"] is None


@each
async def test_after_a_question_in_between_it_is_recalled_and_goes_on(shop: Shop, errand: Errand) -> None:
    customer, _ = await brought_to_the_offer(shop, errand)

    recalled = await customer.says("hoe lang duurt de bezorging?", "delivery_period")
    done = await customer.says("ja", "affirm")

    assert recalled.responses == [f"utter_ask_again_{errand.intent}"]
    assert done.responses == [f"utter_{errand.intent}_done"]


@each
async def test_the_same_turn_twice_does_it_once_and_says_the_same(shop: Shop, errand: Errand) -> None:
    customer, _ = await brought_to_the_offer(shop, errand)
    await customer.ask("validate_confirm_form", "ja", intent="affirm")
    kept = dict(customer.slots)

    first = await customer.repeat("action_make_change", "ja")
    letters = await letters_of(shop)
    customer.slots = kept
    again = await customer.repeat("action_make_change", "ja")

    assert again.text == first.text
    assert await count_audits(shop) == 1
    assert await letters_of(shop) == letters


@each
async def test_nothing_private_stands_in_what_rasa_keeps_or_carries(shop: Shop, errand: Errand) -> None:
    customer, shown = await brought_to_the_offer(shop, errand)
    slots = json.dumps(customer.slots)

    done = await customer.says("ja", "affirm")

    known = (errand.persona.email, errand.persona.address.street, errand.persona.last_name)
    for secret in (*errand.private, *known):
        assert secret not in slots
        assert not any(secret in text for text in customer.carried)
    assert "‹private" not in shown.text + done.text


@each
async def test_an_old_button_does_nothing(shop: Shop, errand: Errand) -> None:
    customer, shown = await brought_to_the_offer(shop, errand)
    customer.slots["offer"] = "another"

    again = await customer.taps(shown, shown.titles[0])

    assert again.responses == [f"utter_confirm_{errand.intent}"]
    assert await count_audits(shop) == 0


@each
async def test_what_changed_meanwhile_is_not_done(shop: Shop, errand: Errand) -> None:
    customer, _ = await brought_to_the_offer(shop, errand)
    customer.slots["offer"] = "of something else"
    customer.slots["confirmation"] = "yes"

    refused = await customer.repeat("action_make_change", "ja")

    assert refused.responses == [f"utter_{errand.intent}_refused"]
    assert refused.text.startswith(("Er is intussen iets veranderd", "Something"))
    assert await count_audits(shop) == 0


@pytest.mark.parametrize("intent", sorted(intent for intent in INTENTS if FLOWS[intent].level > 0))
async def test_a_stranger_gets_nothing_done_even_with_every_slot_filled(shop: Shop, intent: str) -> None:
    stranger = await shop.stranger()
    wish = {"newsletter": "join", "data": "erase", "account_type": "business", "order": ""}
    stranger.slots.update(pending_change=intent, wish=json.dumps(wish), offer="guessed", confirmation="yes")

    await stranger.ask("action_make_change", "ja")

    assert await count_audits(shop) == 0


@pytest.mark.parametrize(
    ("intent", "wish", "says"),
    [
        ("edit_account", {"field": "name", "contact": f"name:{uuid4()}"}, "alleen letters"),
        ("edit_account", {"field": "phone", "contact": f"phone:{uuid4()}"}, "Dat nummer kan niet kloppen"),
        (
            "edit_account",
            {"field": "email", "contact": f"email:{uuid4()}"},
            "Dat e-mailadres kan niet kloppen",
        ),
        ("create_account", {"contact": f"email:{uuid4()}"}, "Dat e-mailadres kan niet kloppen"),
        ("recover_password", {"contact": f"email:{uuid4()}"}, "Dat e-mailadres kan niet kloppen"),
        ("set_up_shipping_address", {"address": str(uuid4())}, "bezorgen we niet"),
    ],
)
async def test_what_stood_in_a_message_that_is_gone_is_asked_again(
    shop: Shop, intent: str, wish: dict[str, str], says: str
) -> None:
    customer = await shop.known(SANNE)
    customer.slots.update(pending_change=intent, wish=json.dumps({"order": "", **wish}))
    customer.active_loop = "confirm_form"

    refused = await customer.press("action_ask_confirmation", "")

    assert refused.responses == [f"utter_{intent}_refused"]
    assert says in refused.text
    assert customer.slots["pending_change"] == intent


async def test_who_showed_one_order_by_its_postcode_is_asked_for_more(shop: Shop) -> None:
    neighbour = await shop.stranger()
    await neighbour.ask("action_track_order", f"waar is {SANNE.order_number}")
    await neighbour.fill_in(SANNE.postcode)

    await neighbour.wants("newsletter_subscription", "meld me aan voor de nieuwsbrief")
    refused = await neighbour.fill_in(SANNE.postcode)
    await neighbour.fill_in(SANNE.email)
    shown = await neighbour.repeat("action_ask_confirmation", "")

    assert refused.responses == ["utter_identity_email_needed"]
    assert shown.responses == ["utter_confirm_newsletter_subscription"]


async def test_an_explanation_in_the_middle_of_something_else_leaves_that_open(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("return_item", "ik wil iets terugsturen")

    told = await customer.ask("action_click_and_collect", "hoe lang bewaren jullie iets in de winkel?")

    assert told.responses == ["utter_click_and_collect"]
    assert customer.slots["pending_change"] == "return_item"
    assert customer.events == [{"event": "followup", "timestamp": None, "name": "confirm_form"}]


async def test_a_question_about_the_errand_itself_is_answered_and_nothing_is_forgotten(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("click_and_collect", "ik haal de Fjellvik Varen koepeltent op in Utrecht")
    wish = customer.slots["wish"]

    told = await customer.ask("action_click_and_collect", "hoe lang blijft die dan liggen?")

    assert told.responses == ["utter_click_and_collect"]
    assert "Laat iets apart leggen" not in told.titles
    assert customer.slots["wish"] == wish
