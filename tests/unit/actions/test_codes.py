"""The way by a one-time code: instead of the order number, and for what only somebody just shown may do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from balie.conversations.access import Level
from balie.conversations.views import Proof
from balie.customers.masking import mask_email
from balie.orders.demo.personas import DAVID, PIETER, SANNE, TOM
from tests.support.clock import StillClock
from tests.support.codes import list_codes, list_letters
from tests.support.counter import Answer, Customer, Shop
from tests.support.store import opened

TRACK, POINTS = "action_track_order", "action_loyalty_points"
DELETE, DELETE_BUTTON = "action_delete_account", '/delete_account{"detail": "begin"}'
USE_CODE, AGAIN = "/use_email_code", "/send_code_again"
NOBODY = "niemand@nergens.example"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def shop(database_url: str, clock: StillClock) -> AsyncIterator[Shop]:
    async with opened(database_url) as unit_of_work:
        yield Shop(unit_of_work, clock)


async def stranger_in_the_form(
    shop: Shop, action: str = TRACK, text: str = "waar is mijn pakket"
) -> Customer:
    stranger = await shop.stranger()
    await stranger.ask(action, text)
    await stranger.enter_identify_form()
    return stranger


async def stranger_with_a_code(shop: Shop, email: str = SANNE.email, action: str = TRACK) -> Customer:
    stranger = await stranger_in_the_form(shop, action)
    assert (await stranger.fill_in(email)).responses == ["utter_code_sent"]
    return stranger


async def proof_of(customer: Customer) -> Proof | None:
    return (await customer.shop.conversations.get_conversation(customer.conversation.id)).proof


async def customer_of(customer: Customer) -> str | None:
    known = (await customer.shop.conversations.get_conversation(customer.conversation.id)).customer_id
    return None if known is None else (await customer.shop.customers.get_customer(known)).external_id


async def test_the_question_for_the_number_has_a_button_for_those_who_lack_it(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask(TRACK, "waar is mijn pakket")

    asked = await stranger.enter_identify_form()

    assert asked.responses == ["utter_ask_order_number"]
    assert "Code per e-mail" in asked.titles


async def test_an_address_instead_of_the_number_brings_a_code_that_opens_the_customer(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop, SANNE.email.upper())

    [letter] = await list_letters(shop.unit_of_work)
    answer = await stranger.fill_in("de code is 482 913")

    assert (letter.recipient, letter.facts["code"]) == (SANNE.email, "482913")
    assert answer.responses == ["utter_order_late_on_its_way"]
    assert await proof_of(stranger) is Proof.EMAIL_CODE
    assert await customer_of(stranger) == SANNE.external_id
    assert stranger.slots["code_step"] is stranger.slots["identity_proof"] is None
    assert (await stranger.ask(POINTS)).responses == ["utter_points"]


async def test_the_button_asks_for_the_address_first(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)

    asked = await stranger.taps_in_form(USE_CODE)
    sent = await stranger.fill_in(f"dat is {SANNE.email}")
    answer = await stranger.fill_in("482913")

    assert asked.responses == ["utter_ask_code_address"]
    assert sent.responses == ["utter_code_sent"]
    assert answer.responses == ["utter_order_late_on_its_way"]


@pytest.mark.parametrize(
    "text",
    [
        "ik heb geen bestelnummer",
        "Dat nummer heb ik niet bij de hand",
        "bestelnummer kwijt, sorry",
        "stuur me maar een code",
        "doe maar een code per mail",
        "weet ik niet",
        "I don't have the number",
        "I do not have one",
        "I lost my order number",
        "just send me a code please",
    ],
)
async def test_whoever_says_that_they_have_no_number_is_offered_a_code(shop: Shop, text: str) -> None:
    stranger = await stranger_in_the_form(shop)

    assert (await stranger.fill_in(text)).responses == ["utter_ask_code_address"]


@pytest.mark.parametrize(
    "text",
    ["wat is een bestelnummer?", "hoe kom ik aan die code", "heb je een kortingscode voor me", "wie ben jij"],
)
async def test_a_question_back_is_left_to_other_rules(shop: Shop, text: str) -> None:
    stranger = await stranger_in_the_form(shop)

    assert await stranger.fill_in(text) == Answer()


async def test_an_unknown_address_gets_the_same_words_buttons_and_rows_and_no_letter(shop: Shop) -> None:
    answers, tries = [], []
    for email in (SANNE.email, NOBODY):
        stranger = await stranger_in_the_form(shop)
        answers.append(await stranger.fill_in(email))
        tries.append(await stranger.fill_in("000000"))

    assert answers[0] == answers[1]
    assert tries[0] == tries[1]
    assert "Als dit adres bij ons bekend is" in answers[1].text
    assert tries[1].responses == ["utter_code_wrong"]
    known, unknown = await list_codes(shop.unit_of_work)
    assert known["tries"] == unknown["tries"] == 1
    assert [letter.recipient for letter in await list_letters(shop.unit_of_work)] == [SANNE.email]


async def test_a_wrong_code_says_how_many_tries_are_left_and_the_fifth_ends_it_with_a_person(
    shop: Shop,
) -> None:
    stranger = await stranger_with_a_code(shop)

    wrong = [await stranger.fill_in(f"00000{number}") for number in range(5)]

    assert [answer.responses for answer in wrong] == [["utter_code_wrong"]] * 4 + [["utter_code_given_up"]]
    assert "4 keer" in wrong[0].text
    assert "één keer" in wrong[3].text
    assert "+31 33 123 45 67" in wrong[4].text
    assert stranger.slots["pending_task"] is stranger.slots["code_step"] is None
    assert await proof_of(stranger) is None


async def test_what_is_no_code_is_explained_without_counting_a_try(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)

    assert (await stranger.fill_in("48291")).responses == ["utter_code_unreadable"]
    assert (await stranger.fill_in("de code is 4829")).responses == ["utter_code_unreadable"]
    assert (await list_codes(shop.unit_of_work))[0]["tries"] == 0


async def test_an_expired_code_is_said_to_be_and_another_is_offered(shop: Shop, clock: StillClock) -> None:
    stranger = await stranger_with_a_code(shop)
    clock.advance(timedelta(minutes=10))

    late = await stranger.fill_in("482913")
    again = await stranger.taps_in_form(AGAIN)
    answer = await stranger.fill_in("482914")

    assert late.responses == ["utter_code_expired"]
    assert "Stuur een nieuwe code" in late.titles
    assert again.responses == ["utter_code_sent"]
    assert answer.responses == ["utter_order_late_on_its_way"]
    assert len(await list_letters(shop.unit_of_work)) == 2


@pytest.mark.parametrize(
    "text", ["ik heb niets gekregen", "stuur nog een code", "I didn't get a code", "resend"]
)
async def test_another_code_can_be_asked_for_in_words(shop: Shop, text: str) -> None:
    stranger = await stranger_with_a_code(shop)

    assert (await stranger.fill_in(text)).responses == ["utter_code_sent"]
    assert (await stranger.fill_in("482913")).responses == ["utter_code_wrong"]
    assert (await stranger.fill_in("482914")).responses == ["utter_order_late_on_its_way"]


async def test_another_address_gets_another_code(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop, NOBODY)

    assert (await stranger.fill_in(f"oh nee, {SANNE.email}")).responses == ["utter_code_sent"]
    assert (await stranger.fill_in("482914")).responses == ["utter_order_late_on_its_way"]


@pytest.mark.parametrize("email", [SANNE.email, NOBODY])
async def test_after_three_codes_no_more_are_sent_whoever_asks(shop: Shop, email: str) -> None:
    stranger = await stranger_with_a_code(shop, email)
    for _ in range(2):
        await stranger.taps_in_form(AGAIN)

    limited = await stranger.taps_in_form(AGAIN)

    assert limited.responses == ["utter_codes_limited"]
    assert "of geef me je bestelnummer" in limited.text
    assert len(await list_codes(shop.unit_of_work)) == 3


async def test_the_last_code_still_works_after_the_limit(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)
    for _ in range(3):
        await stranger.taps_in_form(AGAIN)

    assert (await stranger.fill_in("482915")).responses == ["utter_order_late_on_its_way"]


async def test_a_code_of_another_conversation_is_worth_nothing(shop: Shop) -> None:
    await stranger_with_a_code(shop, SANNE.email)
    thief = await stranger_with_a_code(shop, TOM.email)

    answer = await thief.fill_in("482913")

    assert answer.responses == ["utter_code_wrong"]
    assert await customer_of(thief) is None


async def test_the_order_number_may_still_come_after_all(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    await stranger.taps_in_form(USE_CODE)

    asked = await stranger.fill_in(f"wacht, hier heb ik hem: {SANNE.order_number}")
    answer = await stranger.fill_in("3811BK")

    assert asked.responses == ["utter_ask_identity_proof"]
    assert answer.responses == ["utter_order_late_on_its_way"]
    assert await list_codes(shop.unit_of_work) == []


async def test_a_question_in_between_leaves_the_code_open_and_is_recalled_once(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)
    ask = "action_ask_identity_proof"

    assert await stranger.fill_in("hoe lang duurt bezorgen") == Answer()
    recalled = [(await stranger.repeat(ask, "hoe lang duurt bezorgen")).responses for _ in range(3)]
    answer = await stranger.fill_in("482913")

    assert recalled == [["utter_ask_again_code"], [], []]
    assert answer.responses == ["utter_order_late_on_its_way"]


async def test_asked_to_repeat_itself_the_form_asks_for_the_code_and_sends_none(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)
    await stranger.ask("action_repeat_answer", "wat zei je")

    asked = await stranger.repeat("action_ask_identity_proof", "wat zei je")

    assert asked.responses == ["utter_ask_code"]
    assert len(await list_codes(shop.unit_of_work)) == 1


async def test_another_question_takes_the_place_of_the_first_and_the_code_stays_good(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)

    await stranger.ask(POINTS, "hoeveel punten heb ik")
    answer = await stranger.fill_in("482913")

    assert answer.responses == ["utter_points"]


async def test_stopping_forgets_the_way_by_code(shop: Shop) -> None:
    stranger = await stranger_with_a_code(shop)

    assert (await stranger.ask("action_stop_flow", "laat maar")).responses == ["utter_stop_flow"]
    assert stranger.slots["code_step"] is None


async def test_neither_address_nor_code_reaches_a_slot_or_a_text(shop: Shop) -> None:
    stranger = await stranger_in_the_form(shop)
    said = [await stranger.fill_in(SANNE.email), await stranger.fill_in("000000")]
    kept = dict(stranger.slots)

    await stranger.fill_in("482913")

    assert not any(secret in f"{said} {kept} {stranger.slots}" for secret in (SANNE.email, "482913"))


async def test_an_address_in_the_first_sentence_is_not_taken_for_a_code(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask(TRACK, f"waar is mijn pakket, mail maar naar {SANNE.email}")
    stranger.active_loop = "identify_form"

    # Rasa validates the first sentence too, before anything was asked.
    text = f"waar is mijn pakket, mail maar naar {SANNE.email}"
    assert await stranger.repeat("validate_identify_form", text) == Answer()
    assert await list_codes(shop.unit_of_work) == []


# What only somebody may do who showed just now who they are.


async def known_a_while_ago(shop: Shop, clock: StillClock) -> Customer:
    customer = await shop.known(SANNE)
    clock.advance(timedelta(minutes=31))
    return customer


async def test_somebody_just_vouched_for_is_asked_for_no_code(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    await customer.press(DELETE, DELETE_BUTTON)

    assert customer.slots["pending_task"] is None
    assert await list_codes(shop.unit_of_work) == []


async def test_a_customer_known_a_while_ago_gets_a_code_at_the_address_on_file_named_in_part(
    shop: Shop, clock: StillClock
) -> None:
    customer = await known_a_while_ago(shop, clock)

    await customer.press(DELETE, DELETE_BUTTON)
    asked = await customer.enter_identify_form()

    assert customer.slots["pending_task"] == "delete_account"
    assert asked.responses == ["utter_code_on_file"]
    assert mask_email(SANNE.email) in asked.text
    assert SANNE.email not in asked.text
    [letter] = await list_letters(shop.unit_of_work)
    assert (letter.recipient, letter.facts["code"]) == (SANNE.email, "482913")
    await customer.fill_in("482913")
    assert customer.slots["pending_task"] is None
    assert customer.slots["pending_change"] == "delete_account"
    assert await proof_of(customer) is Proof.EMAIL_CODE


async def test_other_questions_need_no_code_meanwhile(shop: Shop, clock: StillClock) -> None:
    customer = await known_a_while_ago(shop, clock)

    assert (await customer.ask(POINTS)).responses == ["utter_points"]


async def test_a_postcode_gets_the_code_to_the_owner_of_the_order(shop: Shop) -> None:
    neighbour = await shop.stranger()
    await neighbour.ask(TRACK, f"waar is {PIETER.order_number}")
    await neighbour.fill_in(PIETER.postcode)

    await neighbour.press(DELETE, DELETE_BUTTON)
    asked = await neighbour.enter_identify_form()

    assert asked.responses == ["utter_code_on_file"]
    assert [letter.recipient for letter in await list_letters(shop.unit_of_work)] == [PIETER.email]
    assert PIETER.email not in asked.text
    assert (await neighbour.fill_in("000000")).responses == ["utter_code_wrong"]


async def test_a_stranger_is_asked_for_the_address_and_order_proof_is_not_enough(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.press(DELETE, DELETE_BUTTON)

    asked = await stranger.enter_identify_form()
    number = await stranger.fill_in(SANNE.order_number)
    shown = await stranger.fill_in(SANNE.email)

    assert asked.responses == ["utter_ask_code_address"]
    assert number.responses == ["utter_ask_identity_proof"]
    assert shown.responses == ["utter_code_on_file"]
    assert await proof_of(stranger) is Proof.ORDER_EMAIL
    assert stranger.slots["pending_task"] == "delete_account"
    await stranger.fill_in("482913")
    assert stranger.slots["pending_change"] == "delete_account"


async def test_when_no_more_codes_are_sent_an_order_number_is_not_offered_for_it(
    shop: Shop, clock: StillClock
) -> None:
    customer = await known_a_while_ago(shop, clock)
    await customer.press(DELETE, DELETE_BUTTON)
    await customer.enter_identify_form()
    for _ in range(2):
        await customer.taps_in_form(AGAIN)

    limited = await customer.taps_in_form(AGAIN)

    assert limited.responses == ["utter_codes_limited"]
    assert "bestelnummer" not in limited.text


# What wears off.


@pytest.mark.parametrize(
    ("proof", "lasts"),
    [(SANNE.email, timedelta(minutes=60)), (SANNE.postcode, timedelta(minutes=30))],
)
async def test_after_a_while_the_customer_is_asked_again_and_told_why(
    shop: Shop, clock: StillClock, proof: str, lasts: timedelta
) -> None:
    stranger = await shop.stranger()
    await stranger.ask(TRACK, f"waar is {SANNE.order_number}")
    await stranger.fill_in(proof)
    clock.advance(lasts - timedelta(seconds=1))
    assert (await stranger.ask(TRACK)).responses == ["utter_order_late_on_its_way"]
    # Talking on did not renew it.
    clock.advance(timedelta(seconds=1))

    lapsed = await stranger.ask(TRACK)

    assert lapsed.responses == ["utter_identity_lapsed"]
    assert stranger.slots["pending_task"] == "track_order"
    assert (await stranger.fill_in(proof)).responses == ["utter_order_late_on_its_way"]


async def test_showing_it_again_renews_it(shop: Shop, clock: StillClock) -> None:
    stranger = await stranger_with_a_code(shop)
    await stranger.fill_in("482913")
    clock.advance(timedelta(minutes=50))
    customer = await shop.conversations.get_conversation(stranger.conversation.id)
    assert customer.customer_id is not None
    await shop.conversations.recognise_customer(customer.id, customer.customer_id, proof=Proof.ORDER_EMAIL)
    clock.advance(timedelta(minutes=50))

    assert (await stranger.ask(POINTS)).responses == ["utter_points"]


async def test_a_token_of_the_shop_lasts_half_a_day(shop: Shop, clock: StillClock) -> None:
    customer = await shop.known(SANNE)
    clock.advance(timedelta(hours=12))

    lapsed = await customer.ask(POINTS)

    assert lapsed.responses == ["utter_identity_lapsed"]
    assert customer.slots["pending_task"] == "loyalty_points"


async def test_why_they_are_asked_is_said_once(shop: Shop, clock: StillClock) -> None:
    customer = await shop.known(SANNE)
    clock.advance(timedelta(hours=12))
    await customer.ask(TRACK)
    await customer.enter_identify_form()

    assert (await customer.ask("action_track_refund")).responses == []


def test_every_level_is_above_the_one_before() -> None:
    assert Level.NOBODY < Level.ORDER < Level.CUSTOMER < Level.FRESH


async def shown_a_cancellation(customer: Customer) -> Answer:
    shown = await customer.wants("cancel_order", f"annuleer {DAVID.order_number}")
    assert shown.responses == ["utter_confirm_cancel_order"]
    return shown


@pytest.mark.parametrize("says_yes", [True, False])
async def test_a_yes_that_comes_too_late_does_nothing_and_a_button_begins_again(
    shop: Shop, clock: StillClock, says_yes: bool
) -> None:
    customer = await shop.known(DAVID)
    shown = await shown_a_cancellation(customer)
    clock.advance(timedelta(hours=12))

    if says_yes:
        late = await customer.taps(shown, "Ja, annuleer hem")
    else:
        # A question in between: the form comes back to recall its own, and finds out too.
        late = await customer.press("action_ask_confirmation", "")

    assert late.responses == ["utter_change_lapsed"]
    assert "nog niets gedaan" in late.text
    assert f'/cancel_order{{"order_number": "{DAVID.order_number}"}}' in str(late.buttons)
    assert customer.slots["pending_change"] is None
    known = await shop.customers.find_by_external_id(DAVID.external_id)
    assert known is not None
    order = await shop.orders.get_order(known.id, DAVID.order_number)
    assert order.cancelled_on is None
    again = await customer.press(
        "action_cancel_order", f'/cancel_order{{"order_number": "{DAVID.order_number}"}}'
    )
    assert again.responses == ["utter_identity_lapsed"]
    assert customer.slots["pending_task"] == "cancel_order"


async def test_what_needs_somebody_just_shown_is_not_done_a_while_later(
    shop: Shop, clock: StillClock
) -> None:
    customer = await shop.known(SANNE)
    await customer.press(DELETE, DELETE_BUTTON)
    customer.active_loop = "confirm_form"
    clock.advance(timedelta(minutes=31))

    late = await customer.press("action_ask_confirmation", "")

    assert late.responses == ["utter_change_lapsed"]
    assert customer.slots["pending_change"] is None


async def test_a_form_that_ended_by_itself_is_not_spoken_of_again(shop: Shop, clock: StillClock) -> None:
    customer = await shop.known(DAVID)
    await shown_a_cancellation(customer)
    clock.advance(timedelta(hours=12))
    await customer.press("action_ask_confirmation", "")

    # Rasa's rule goes on to this whenever the form is over.
    assert await customer.press("action_make_change", "") == Answer()


async def test_what_waits_for_a_code_is_done_after_another_question_was_answered(
    shop: Shop, clock: StillClock
) -> None:
    customer = await known_a_while_ago(shop, clock)
    await customer.press(DELETE, DELETE_BUTTON)
    await customer.enter_identify_form()

    between = await customer.ask(POINTS, "hoeveel punten heb ik")
    await customer.fill_in("482913")

    assert between.responses == ["utter_points"]
    assert customer.slots["pending_change"] == "delete_account"
    assert customer.slots["waiting_task"] is None


async def test_points_that_wait_for_the_address_are_told_after_the_order_was_asked_for(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask(TRACK, f"waar is {SANNE.order_number}")
    await stranger.fill_in(SANNE.postcode)
    await stranger.ask(POINTS, "en mijn punten")
    await stranger.enter_identify_form()

    between = await stranger.ask(TRACK, "waar is mijn pakket ook alweer")
    answer = await stranger.fill_in(SANNE.email)

    assert between.responses == ["utter_order_late_on_its_way"]
    assert answer.responses == ["utter_points"]
