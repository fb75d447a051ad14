"""Complaints, lower prices elsewhere, and what we keep of somebody, at the counter."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from balie.cases.models import CaseRow
from balie.orders.demo.personas import NOOR, SANNE
from tests.flows.errand_table import letters_of
from tests.support.counter import Customer, Shop

STORY = "de bezorger gooide mijn pakket over de schutting en lachte me uit"


async def cases_of(shop: Shop) -> list[CaseRow]:
    async with shop.unit_of_work.read() as session:
        return list(await session.scalars(select(CaseRow).order_by(CaseRow.id)))


async def complaining(shop: Shop, language: str = "nl") -> Customer:
    """A customer who was asked what happened."""
    customer = await shop.known(SANNE, language)
    asked = await customer.wants("complaint", "ik wil een klacht indienen")
    assert asked.responses == ["utter_complaint_story"]
    return customer


async def test_a_complaint_is_kept_in_the_customers_own_words_with_a_promise(shop: Shop) -> None:
    customer = await complaining(shop)
    await customer.says(STORY)

    done = await customer.says("ja", "affirm")

    [case] = await cases_of(shop)
    assert (case.kind, case.story, case.promised_by) == ("complaint", STORY, date(2026, 11, 5))
    assert case.customer_id == customer.conversation.customer_id
    assert f"**{case.number}**" in done.text
    assert "donderdag 5 november" in done.text
    assert await letters_of(shop) == [("letter_case_opened", SANNE.email)]


async def test_a_first_sentence_that_tells_it_is_not_asked_for_again(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    shown = await customer.wants("complaint", f"klacht: {STORY}")

    assert shown.responses == ["utter_confirm_complaint"]


@pytest.mark.parametrize(
    "first",
    [
        "hoe dien ik bij u een klacht in over een medewerker?",
        "hoe lang duurt het voor jullie op een klacht reageren",
        "slechte service",
    ],
)
async def test_a_first_sentence_that_tells_nothing_is_asked_what_happened(shop: Shop, first: str) -> None:
    customer = await shop.known(SANNE)

    asked = await customer.wants("complaint", first)

    assert asked.responses == ["utter_complaint_story"]
    assert "binnen 2 werkdagen" in asked.text


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        (STORY, "out_of_scope"),
        ("Jullie hebben me nu al drie weken laten wachten op een nieuwe fiets.", "track_order"),
        ("waarom belt er nooit iemand terug als ik al vier keer heb gevraagd of dat kan??", "complaint"),
        ("slechte service", "complaint"),
        (f"mijn bestelling {SANNE.order_number} is zoek en niemand doet iets", "complaint"),
        ("nee dat is het niet want de monteur was onbeschoft tegen mijn moeder", "deny"),
    ],
)
async def test_what_happened_may_sound_like_anything(shop: Shop, said: str, intent: str) -> None:
    customer = await complaining(shop)

    shown = await customer.says(said, intent)
    await customer.says("ja", "affirm")

    assert shown.responses == ["utter_confirm_complaint"]
    assert [case.story for case in await cases_of(shop)] == [said]


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("hoe lang duurt de bezorging", "delivery_period"),
        ("wat zijn jullie openingstijden?", "opening_hours"),
        ("ja", "affirm"),
        ("nee", "deny"),
        ("hallo", "greet"),
        ("dank je wel", "thank"),
        ("ik wil iets ruilen", "exchange_item"),
        ("ik wil een medewerker spreken die mij nu eindelijk eens helpt", "contact_human_agent"),
    ],
)
async def test_what_is_no_story_is_none(shop: Shop, said: str, intent: str) -> None:
    customer = await complaining(shop)

    answer = await customer.says(said, intent)

    assert answer.responses == ["utter_complaint_story"]
    assert '"story"' not in customer.slots["wish"]


async def test_a_long_angry_story_may_come_in_pieces(shop: Shop) -> None:
    customer = await complaining(shop)
    pieces = [
        "Het is een schande!!! " + "Niemand doet iets. " * 89 + "Niets.",
        "en ze lachten me ook nog uit",
        "in Utrecht",
    ]

    for piece in pieces:
        shown = await customer.says(piece)
    await customer.says("ja", "affirm")

    assert shown.text.startswith("Dat hoort erbij.")
    assert [case.story for case in await cases_of(shop)] == ["\n\n".join(pieces)]


async def test_a_long_addition_belongs_to_it_whatever_it_reads_like(shop: Shop) -> None:
    customer = await complaining(shop)
    await customer.says(STORY)
    addition = "en aan de telefoon werd ik ook nog een half uur in de wacht gezet"

    shown = await customer.says(addition, "contact_customer_service")
    await customer.says("ja", "affirm")

    assert shown.text.startswith("Dat hoort erbij.")
    assert [case.story for case in await cases_of(shop)] == [f"{STORY}\n\n{addition}"]


async def test_a_question_or_a_thank_you_is_not_added_to_the_story(shop: Shop) -> None:
    customer = await complaining(shop)
    await customer.says(STORY)

    await customer.says("wanneer hoor ik dan iets?", "complaint")
    await customer.says("dank je", "thank")
    await customer.says("ja", "affirm")

    assert [case.story for case in await cases_of(shop)] == []
    await customer.says("ja", "affirm")
    assert [case.story for case in await cases_of(shop)] == [STORY]


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_a_stranger_needs_not_say_who_they_are_and_gets_a_number_all_the_same(
    shop: Shop, language: str
) -> None:
    stranger = await shop.stranger(language)

    shown = await stranger.wants("complaint", f"klacht: {STORY}")
    done = await stranger.says("ja", "affirm")

    [case] = await cases_of(shop)
    assert stranger.slots["pending_task"] is None
    assert ("e-mail of telefoon" in shown.text) or ("e-mail or phone" in shown.text)
    assert case.number in done.text
    assert case.customer_id is None
    assert "service@duinendal.example" in done.text
    assert await letters_of(shop) == []


async def test_a_stranger_may_add_how_to_reach_them_and_rasa_does_not_learn_it(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.wants("complaint", f"klacht: {STORY}")

    shown = await stranger.says("mijn mail is boze.klant@voorbeeld.example", "edit_account")
    done = await stranger.says("ja", "affirm")

    [case] = await cases_of(shop)
    assert shown.text.startswith("Dat hoort erbij.")
    assert (case.story or "").endswith("boze.klant@voorbeeld.example")
    assert "weet alleen niet hoe we je bereiken" not in done.text
    assert not any("boze.klant" in text for text in [*stranger.carried, str(stranger.slots)])


async def test_after_five_complaints_a_person_is_better(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    for _ in range(5):
        await customer.wants("complaint", f"klacht: {STORY}")
        await customer.says("ja", "affirm")

    refused = await customer.wants("complaint", f"klacht: {STORY}")

    assert refused.responses == ["utter_complaint_refused"]
    assert refused.buttons[0]["payload"] == "/contact_human_agent"
    assert customer.slots["pending_change"] is None


async def test_an_angry_customer_gets_no_offer_on_the_way(shop: Shop) -> None:
    customer = await complaining(shop)
    shown = await customer.says(STORY)
    done = await customer.says("ja", "affirm")

    payloads = [button.get("payload", "") for button in [*shown.buttons, *done.buttons]]
    assert not any("review" in payload or "newsletter" in payload for payload in payloads)


@pytest.mark.parametrize(
    "question", ["zijn jullie altijd de goedkoopste, en zo niet?", "geldt die prijsgarantie ook voor amazon"]
)
async def test_who_asks_how_a_price_match_works_is_told_with_a_button_to_begin(
    shop: Shop, question: str
) -> None:
    customer = await shop.known(SANNE)

    told = await customer.wants("price_match", question)
    asked = await customer.chooses_order("price_match", told.buttons[0]["payload"])

    assert told.responses == ["utter_price_match"]
    assert told.titles[0] == "Laat mijn prijs bekijken"
    assert asked.responses == ["utter_price_match_product"]


async def test_a_price_in_the_first_sentence_is_not_asked_for_again(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    asked = await customer.wants(
        "price_match", "zelfde tent gezien voor 30 euro minder bij een andere winkel"
    )
    shown = await customer.says("Fjellvik Varen koepeltent")
    await customer.says("ja", "affirm")

    [case] = await cases_of(shop)
    assert asked.responses == ["utter_price_match_product"]
    assert shown.responses == ["utter_confirm_price_match"]
    assert "**Fjellvik Varen koepeltent**" in shown.text
    assert (case.kind, case.facts) == ("price_match", {"product": "DD-10001"})


async def test_where_several_products_can_be_meant_they_are_to_choose_from(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    await customer.wants("price_match", "bij Kampeerhuis zag ik hem 20 euro goedkoper")
    asked = await customer.says("de koepeltent")
    shown = await customer.taps(asked, asked.titles[1])

    assert asked.responses == ["utter_price_match_product"]
    assert "Welke van deze" in asked.text
    assert f"**{asked.titles[1]}**" in shown.text


async def test_a_price_may_be_corrected_to_another_product_before_the_yes(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("price_match", "de Fjellvik Varen koepeltent is bij Kampeerhuis 20 euro goedkoper")

    shown = await customer.says("nee, de Kampvuur Medio koepeltent", "deny")

    assert "**Kampvuur Medio koepeltent**" in shown.text


async def test_a_stranger_too_can_have_a_price_looked_at(shop: Shop) -> None:
    stranger = await shop.stranger("en")
    await stranger.wants("price_match", "the Fjellvik Varen dome tent is 20 euros less at Camping House")

    done = await stranger.says("yes", "affirm")

    [case] = await cases_of(shop)
    assert case.number in done.text
    assert "how to reach you" in done.text


async def test_who_asks_about_privacy_is_told_with_a_button_for_each_wish(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    told = await customer.wants("data_privacy", "wordt dit gesprek bewaard")
    shown = await customer.chooses_order("data_privacy", told.buttons[1]["payload"])

    assert told.responses == ["utter_data_privacy"]
    assert told.titles[:2] == ["Mijn gegevens opvragen", "Mijn gegevens laten wissen"]
    assert shown.responses == ["utter_confirm_data_privacy"]
    assert "Terughalen kan niet meer" in shown.text
    assert "7 jaar" in shown.text


@pytest.mark.parametrize(
    ("correction", "kind"),
    [
        ("nee, de andere", "data_erasure"),
        ("nee, alles wissen", "data_erasure"),
        ("no, the other one", "data_erasure"),
    ],
)
async def test_the_wish_about_data_may_be_corrected_before_the_yes(
    shop: Shop, correction: str, kind: str
) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("data_privacy", "ik wil inzage in mijn gegevens")

    shown = await customer.says(correction, "deny")
    await customer.says("ja", "affirm")

    assert shown.responses == ["utter_confirm_data_privacy"]
    assert [case.kind for case in await cases_of(shop)] == [kind]


async def test_a_stranger_shows_by_a_code_who_they_are_and_then_it_goes_on(shop: Shop) -> None:
    stranger = await shop.stranger()
    told = await stranger.wants("data_privacy", "verwijder al mijn gegevens")
    asked = await stranger.enter_identify_form()
    await stranger.fill_in(NOOR.email)
    await stranger.fill_in(shop.code_book.codes[-1])

    shown = await stranger.repeat("action_ask_confirmation", "")

    assert told.responses == ["utter_data_privacy"]
    assert asked.responses == ["utter_ask_code_address"]
    assert shown.responses == ["utter_confirm_data_privacy"]
    assert "wissen" in shown.text


async def test_too_many_requests_about_data_lead_to_who_answers_them(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    for _ in range(5):
        await customer.wants("data_privacy", "ik wil inzage in mijn gegevens")
        await customer.says("ja", "affirm")

    refused = await customer.wants("data_privacy", "ik wil inzage in mijn gegevens")

    assert refused.responses == ["utter_data_privacy_refused"]
    assert "privacy@duinendal.example" in refused.text
