"""What an account says, where orders go, how accounts begin and end, at the counter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from balie.customers.models import CustomerAddressRow, CustomerRow
from balie.errands.models import AccountDeletionRow, AccountLinkRow
from balie.orders.demo.personas import EMMA, NOOR, PIETER, SANNE, DemoCustomer
from tests.flows.errand_table import letters_of
from tests.support.clock import StillClock
from tests.support.counter import Customer, Shop

NEW_EMAIL = "sanne.nieuw@voorbeeld.example"


async def account_of(shop: Shop, persona: DemoCustomer = SANNE) -> CustomerRow:
    async with shop.unit_of_work.read() as session:
        query = select(CustomerRow).where(CustomerRow.external_id == persona.external_id)
        return (await session.scalars(query)).one()


async def begun(shop: Shop, language: str = "nl") -> Customer:
    """A customer who was asked what shall be changed."""
    customer = await shop.known(SANNE, language)
    asked = await customer.wants(
        "edit_account", "gegevens aanpassen" if language == "nl" else "update my details"
    )
    assert asked.responses == ["utter_edit_account_field"]
    return customer


@pytest.mark.parametrize(
    ("first", "says"),
    [
        ("mijn telefoonnummer is nu 06 12 34 56 78", "**+31612345678**"),
        ("verander mijn nummer van 0611111111 naar 0612345678", "**+31612345678**"),
        ("06 12345678 in plaats van mijn oude nummer", "**+31612345678**"),
        (f"mijn e-mailadres wordt {NEW_EMAIL}", f"**{NEW_EMAIL}**"),
        (f"gebruik voortaan {NEW_EMAIL} graag", f"**{NEW_EMAIL}**"),
        ("ik ben getrouwd en heet nu Van den Berg", "**Sanne Van den Berg**"),
        ("wijzig mijn naam naar Anna de Boer", "**Anna de Boer**"),
        ("my surname is now O'Neill-Smith", "**Sanne O'Neill-Smith**"),
    ],
)
async def test_what_the_first_sentence_says_is_not_asked_for_again(shop: Shop, first: str, says: str) -> None:
    customer = await shop.known(SANNE)

    shown = await customer.wants("edit_account", first)

    assert shown.responses == ["utter_confirm_edit_account"]
    assert says in shown.text


async def test_a_phone_number_is_asked_for_and_stored_with_its_country(shop: Shop) -> None:
    customer = await begun(shop)

    asked = await customer.says("mijn mobiel", "edit_account")
    await customer.says("06-12345678")
    await customer.says("ja", "affirm")

    assert "nieuwe telefoonnummer" in asked.text
    assert (await account_of(shop)).phone == "+31612345678"


@pytest.mark.parametrize(
    ("language", "button", "typed", "says"),
    [
        ("nl", "Mijn naam", "dat weet ik niet", "geen naam"),
        ("nl", "Mijn telefoonnummer", "0612", "geen telefoonnummer"),
        ("nl", "Mijn e-mailadres", "sanne bij voorbeeld", "geen e-mailadres"),
        ("en", "My name", "I don't know", "can't read a name"),
        ("en", "My phone number", "call me maybe", "can't read a phone number"),
        ("en", "My e-mail address", "sanne at example", "can't read an e-mail address"),
    ],
)
async def test_what_cannot_be_read_is_asked_again_with_an_example(
    shop: Shop, language: str, button: str, typed: str, says: str
) -> None:
    customer = await begun(shop, language)
    asked = await customer.press("action_ask_confirmation", "")
    customer.slots["asked"] = None
    asked = await customer.press("action_ask_confirmation", "")
    await customer.taps(asked, button)

    answer = await customer.says(typed)

    assert answer.responses[0] == "utter_contact_unreadable"
    assert says in answer.text
    assert '"contact"' not in customer.slots["wish"]


async def test_a_name_that_reads_like_a_yes_is_a_name(shop: Shop) -> None:
    customer = await begun(shop)
    await customer.says("mijn naam", "edit_account")

    shown = await customer.says("Jan", "affirm")

    assert "**Jan de Vries**" in shown.text


async def test_who_says_something_else_is_not_told_that_it_is_no_name(shop: Shop) -> None:
    customer = await begun(shop)
    await customer.says("mijn naam", "edit_account")

    answer = await customer.says("annuleer mijn bestelling", "cancel_order")

    assert "utter_contact_unreadable" not in answer.responses


async def test_another_field_before_the_yes_asks_for_that(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("edit_account", "mijn telefoonnummer is nu 0612345678")

    asked = await customer.says("nee, mijn e-mailadres", "deny")
    shown = await customer.says(NEW_EMAIL)

    assert asked.responses == ["utter_edit_account_contact"]
    assert "nieuwe e-mailadres" in asked.text
    assert f"**{NEW_EMAIL}**" in shown.text


async def test_another_value_before_the_yes_corrects(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("edit_account", "mijn telefoonnummer is nu 0612345678")

    shown = await customer.says("nee, 06 87654321", "deny")
    name = await customer.says("nee, mijn achternaam is De Wit", "deny")

    assert "**+31687654321**" in shown.text
    assert "**Sanne De Wit**" in name.text


async def test_another_e_mail_address_is_asked_of_both(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    shown = await customer.wants("edit_account", f"mijn e-mail is nu {NEW_EMAIL}")

    done = await customer.says("ja", "affirm")

    assert "allebei een mail" in shown.text
    assert await letters_of(shop) == [
        ("letter_email_change_old", SANNE.email),
        ("letter_email_change_confirm", NEW_EMAIL),
    ]
    assert (await account_of(shop)).email == SANNE.email
    assert "Tot die tijd verandert er niets" in done.text


async def test_somebody_elses_address_gets_the_same_sentence_and_no_mail(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    own = await customer.wants("edit_account", f"mijn e-mail is nu {NEW_EMAIL}")
    await customer.says("nee", "deny")

    theirs = await customer.wants("edit_account", f"mijn e-mail is nu {EMMA.email}")
    await customer.says("ja", "affirm")

    assert theirs.text.replace(EMMA.email, "x") == own.text.replace(NEW_EMAIL, "x")
    assert [recipient for _, recipient in await letters_of(shop)] == [SANNE.email]


@pytest.mark.parametrize("first", ["wijzig mijn naam naar Sanne de Vries", f"mijn e-mail is {SANNE.email}"])
async def test_what_is_so_already_is_said(shop: Shop, first: str) -> None:
    customer = await shop.known(SANNE)

    refused = await customer.wants("edit_account", first)

    assert refused.responses == ["utter_edit_account_refused"]
    assert "staat al zo" in refused.text


async def test_after_three_changes_of_address_a_day_is_waited(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    for number in range(3):
        await customer.wants("edit_account", f"mijn e-mail is nu nieuw{number}@voorbeeld.example")
        await customer.says("ja", "affirm")

    refused = await customer.wants("edit_account", f"mijn e-mail is nu {NEW_EMAIL}")

    assert refused.responses == ["utter_edit_account_refused"]
    assert "morgen" in refused.text


async def test_who_is_known_for_a_while_gets_a_code_first_and_then_it_goes_on(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    assert isinstance(shop.services.clock, StillClock)
    shop.services.clock.advance(timedelta(minutes=31))

    said = await customer.wants("edit_account", "mijn telefoonnummer is nu 0612345678")
    code = await customer.enter_identify_form()
    await customer.fill_in(shop.code_book.codes[-1])
    shown = await customer.repeat("action_ask_confirmation", "")

    assert said.responses == []
    assert code.responses == ["utter_code_on_file"]
    assert shown.responses == ["utter_confirm_edit_account"]
    assert "**+31612345678**" in shown.text


async def test_a_stranger_hears_how_it_works_gets_a_code_and_is_not_asked_again(shop: Shop) -> None:
    stranger = await shop.stranger("en")

    told = await stranger.wants("edit_account", "change my phone number to +31612345678")
    await stranger.enter_identify_form()
    await stranger.fill_in(SANNE.email)
    await stranger.fill_in(shop.code_book.codes[-1])
    shown = await stranger.repeat("action_ask_confirmation", "")

    assert told.responses == ["utter_edit_account"]
    assert shown.responses == ["utter_confirm_edit_account"]


async def test_a_stranger_whose_code_is_wrong_changes_nothing(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.wants("edit_account", "mijn telefoonnummer is nu 0612345678")
    await stranger.enter_identify_form()
    await stranger.fill_in(SANNE.email)

    await stranger.fill_in("000000")
    await stranger.ask("action_make_change", "ja")

    assert (await account_of(shop)).phone is None


async def test_new_orders_go_to_the_address_that_was_typed(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("set_up_shipping_address", "voeg Dorpsstraat 12, 3512 AB Utrecht toe")

    await customer.says("ja", "affirm")

    async with shop.unit_of_work.read() as session:
        query = select(CustomerAddressRow).where(
            CustomerAddressRow.customer_id == customer.conversation.customer_id,
            CustomerAddressRow.kind == "delivery",
        )
        [address] = await session.scalars(query)
    assert (address.street, address.house_number, address.city) == ("Dorpsstraat", "12", "Utrecht")


@pytest.mark.parametrize(
    ("typed", "response", "says"),
    [
        ("Dorpsstraat 12", "utter_address_unreadable", "volledig adres"),
        ("Calle Mayor 5, 28013 Madrid, Spain", "utter_set_up_shipping_address_refused", "bezorgen we niet"),
        ("Beukenlaan 12, 3811 BK Amersfoort", "utter_set_up_shipping_address_refused", "al heen"),
    ],
)
async def test_an_address_that_cannot_be_used_is_explained(
    shop: Shop, typed: str, response: str, says: str
) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("set_up_shipping_address", "nieuw adres opslaan")

    answer = await customer.says(typed)

    assert answer.responses[0] == response
    assert says in answer.text


async def test_another_address_before_the_yes_corrects(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("set_up_shipping_address", "voeg Dorpsstraat 12, 3512 AB Utrecht toe")

    shown = await customer.says("nee, Kerkstraat 5-a, 1012 AB Amsterdam", "deny")

    assert "Kerkstraat 5-a" in shown.text


async def test_an_account_that_is_of_that_type_stays_so(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    refused = await customer.wants("switch_account", "maak er een particulier account van")

    assert refused.responses == ["utter_switch_account_refused"]
    assert "al particulier" in refused.text


@pytest.mark.parametrize(
    ("language", "question", "titles"),
    [
        ("nl", "hoe wissel ik van account", ["Particulier", "Zakelijk"]),
        ("en", "how do I switch accounts", ["Personal", "Business"]),
    ],
)
async def test_who_wants_into_another_account_is_told_how(
    shop: Shop, language: str, question: str, titles: list[str]
) -> None:
    customer = await shop.known(SANNE, language)

    told = await customer.wants("switch_account", question)
    shown = await customer.chooses_order("switch_account", told.buttons[1]["payload"])
    await customer.says("ja", "affirm")

    assert told.responses == ["utter_switch_account"]
    assert told.titles[:2] == titles
    assert shown.responses == ["utter_confirm_switch_account"]
    assert (await account_of(shop)).account_type == "business"


async def test_closing_an_account_names_the_day_what_is_kept_and_how_to_change_ones_mind(shop: Shop) -> None:
    customer = await shop.known(NOOR)

    shown = await customer.wants("delete_account", "hef mijn account op")
    done = await customer.says("ja", "affirm")
    again = await customer.wants("delete_account", "hef mijn account op")

    assert "3 december 2026" in shown.text
    assert "31 december 2033" in shown.text
    assert "bedenken" in shown.text
    assert "vraag het hier nog eens" in done.text
    assert "dat had je gevraagd" in again.text
    assert await letters_of(shop) == [("letter_account_deletion", NOOR.email)]
    async with shop.unit_of_work.read() as session:
        assert len(list(await session.scalars(select(AccountDeletionRow)))) == 1

    kept = await customer.says("ja", "affirm")

    assert "Ingetrokken" in kept.text
    async with shop.unit_of_work.read() as session:
        assert list(await session.scalars(select(AccountDeletionRow))) == []


@pytest.mark.parametrize(
    ("persona", "says", "helps"),
    [(SANNE, SANNE.order_number, "track_order"), (EMMA, "geld naar je onderweg", "track_refund")],
)
async def test_while_something_is_open_an_account_is_not_closed(
    shop: Shop, persona: DemoCustomer, says: str, helps: str
) -> None:
    customer = await shop.known(persona)

    refused = await customer.wants("delete_account", "hef mijn account op")

    assert refused.responses == ["utter_delete_account_refused"]
    assert says in refused.text
    assert refused.buttons[0]["payload"] == f"/{helps}"


@pytest.mark.parametrize("intent", ["create_account", "recover_password"])
async def test_one_answer_for_addresses_that_are_known_and_unknown(shop: Shop, intent: str) -> None:
    answers = []
    for email in (PIETER.email, "p.onbekend@voorbeeld.example"):
        stranger = await shop.stranger()
        shown = await stranger.wants(intent, f"wachtwoord of account voor {email}")
        done = await stranger.says("ja", "affirm")
        answers.append((shown.text, done.text))

    assert answers[0] == answers[1]


async def test_what_is_mailed_depends_on_who_has_an_account(shop: Shop) -> None:
    for intent in ("create_account", "recover_password"):
        for email in (PIETER.email, "p.onbekend@voorbeeld.example"):
            stranger = await shop.stranger()
            await stranger.wants(intent, f"voor {email}")
            await stranger.says("ja", "affirm")

    async with shop.unit_of_work.read() as session:
        links = await session.scalars(select(AccountLinkRow).order_by(AccountLinkRow.created_at))
        made = sorted((link.purpose, link.email) for link in links)
    assert made == [
        ("create_account", "p.onbekend@voorbeeld.example"),
        ("new_password", PIETER.email),
        ("new_password", PIETER.email),
    ]


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_an_address_is_asked_for_and_one_that_is_none_asked_again(shop: Shop, language: str) -> None:
    stranger = await shop.stranger(language)

    asked = await stranger.wants("recover_password", "ik kom niet meer in mijn account")
    unreadable = await stranger.says("sanne bij voorbeeld punt nl")
    shown = await stranger.says(f"sorry, {SANNE.email}")

    assert asked.responses == ["utter_recover_password_contact"]
    assert unreadable.responses[0] == "utter_contact_unreadable"
    assert shown.responses == ["utter_confirm_recover_password"]


async def test_who_asks_how_to_get_an_account_is_told_with_a_button_to_begin(shop: Shop) -> None:
    stranger = await shop.stranger()

    told = await stranger.wants("create_account", "hoe maak ik een account aan")
    asked = await stranger.chooses_order("create_account", told.buttons[0]["payload"])

    assert told.responses == ["utter_create_account"]
    assert told.titles[0] == "Stuur me een link"
    assert asked.responses == ["utter_create_account_contact"]


async def test_another_address_for_the_link_corrects(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.wants("recover_password", "stuur een link naar a@voorbeeld.example")

    shown = await stranger.says("nee, naar b@voorbeeld.example", "deny")

    assert "b•••@voorbeeld.example" in shown.text
