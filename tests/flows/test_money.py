"""Invoices, refunds and points."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from balie.orders.demo.personas import (
    EMMA,
    FIEN,
    JAMES,
    LOTTE,
    NOOR,
    PIETER,
    SANNE,
    TOM,
    YOUSSEF,
    DemoCustomer,
)
from balie.outbox.models import OutboxLetterRow
from tests.support.counter import Shop


async def test_an_invoice_tells_amount_tax_and_that_it_is_paid(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.ask("action_check_invoice", f"factuur van {SANNE.order_number}")

    invoice = await shop.orders.get_invoice(customer.conversation.customer_id or 0, SANNE.order_number)
    assert answer.responses == ["utter_invoice_paid"]
    assert invoice.number in answer.text
    assert f"{invoice.total.minor_units // 100}," in answer.text
    assert "btw" in answer.text
    assert "(iDEAL)" in answer.text


async def test_an_order_that_has_not_left_has_no_invoice_yet(shop: Shop) -> None:
    customer = await shop.known(LOTTE)

    answer = await customer.ask("action_check_invoice", f"factuur {LOTTE.order_number}")

    assert answer.responses == ["utter_invoice_not_yet"]
    assert LOTTE.order_number in answer.text


async def test_without_a_number_the_newest_invoice_is_told(shop: Shop) -> None:
    customer = await shop.known(JAMES, "en")

    answer = await customer.ask("action_check_invoice", "show me my invoice")

    assert answer.responses == ["utter_invoice_paid"]
    assert JAMES.order_number in answer.text


@pytest.mark.parametrize(
    ("persona", "response", "says"),
    [
        (EMMA, "utter_refund_approved", "goedgekeurd"),
        (PIETER, "utter_refund_waiting_for_return", "nog niet bij ons binnen"),
        (FIEN, "utter_refund_paid", "terugbetaald"),
        (TOM, "utter_no_refund", "geen terugbetaling"),
    ],
)
async def test_a_refund_says_how_far_it_is(
    shop: Shop, persona: DemoCustomer, response: str, says: str
) -> None:
    customer = await shop.known(persona)

    answer = await customer.ask("action_track_refund", "waar blijft mijn geld")

    assert answer.responses == [response]
    assert says in answer.text


async def test_an_order_talked_about_before_does_not_hide_the_refund_of_another(shop: Shop) -> None:
    customer = await shop.known(EMMA)
    orders = await shop.orders.list_recent_orders(customer.conversation.customer_id or 0, 10)
    customer.slots["order_number"] = orders[-1].number

    answer = await customer.ask("action_track_refund", "en mijn terugbetaling?")

    assert EMMA.order_number in answer.text


async def test_points_say_what_is_missing_until_a_voucher(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    answer = await customer.ask("action_loyalty_points", "hoeveel punten heb ik")

    assert answer.responses == ["utter_points"]
    assert "**230 punten**" in answer.text
    assert "Nog 20" in answer.text


async def test_points_that_are_good_for_a_voucher_and_lapse_soon_say_so(shop: Shop) -> None:
    customer = await shop.known(YOUSSEF, "en")

    answer = await customer.ask("action_loyalty_points", "how many points do i have")

    assert "good for a voucher of €10.00" in answer.text
    assert "Use 90 of them in time" in answer.text


async def test_who_is_not_a_member_hears_what_it_is_worth(shop: Shop) -> None:
    customer = await shop.known(TOM)

    answer = await customer.ask("action_loyalty_points", "mijn punten")

    assert answer.responses == ["utter_not_a_member"]
    assert "Lid worden" in answer.titles


async def test_somebody_elses_order_has_no_invoice_and_no_refund_either(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    invoice = await customer.ask("action_check_invoice", f"factuur {EMMA.order_number}")
    refund = await customer.ask("action_track_refund", f"terugbetaling {EMMA.order_number}")

    assert invoice.responses == refund.responses == ["utter_order_not_found"]


@pytest.mark.parametrize(("language", "says"), [("nl", "Hier is factuur"), ("en", "Here is invoice")])
async def test_an_invoice_is_handed_out_as_a_link(shop: Shop, language: str, says: str) -> None:
    customer = await shop.known(SANNE, language)

    answer = await customer.ask("action_get_invoice", f"factuur als pdf van {SANNE.order_number}")

    invoice = await shop.orders.get_invoice(customer.conversation.customer_id or 0, SANNE.order_number)
    assert answer.responses == ["utter_invoice_ready"]
    assert says in answer.text
    assert answer.buttons[0]["url"] == f"/api/v1/documents/invoices/{invoice.number}.pdf"


async def test_a_stranger_hears_how_invoices_come_and_is_asked_who_they_are(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask("action_get_invoice", f"factuur van {SANNE.order_number} graag")
    known = await stranger.fill_in(SANNE.email)

    assert answer.responses == ["utter_get_invoice"]
    assert known.responses == ["utter_invoice_ready"]


async def test_an_invoice_that_is_not_there_yet_is_not_handed_out(shop: Shop) -> None:
    customer = await shop.known(LOTTE)

    answer = await customer.ask("action_get_invoice", f"factuur van {LOTTE.order_number}")

    assert answer.responses == ["utter_invoice_not_yet"]
    assert not any("documents" in button.get("url", "") for button in answer.buttons)


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("mail me de factuur van {}", "utter_invoice_mailed"),
        ("graag de factuur van {} per e-mail", "utter_invoice_mailed"),
        ("please email me the invoice of {}", "utter_invoice_mailed"),
        ("kunnen jullie de factuur van {} mailen?", "utter_invoice_ready"),
        ("de factuur van {} graag", "utter_invoice_ready"),
        # Of which order: the newest is shown, and may not be the one that is meant.
        ("mail me de factuur", "utter_invoice_ready"),
        ("mail de factuur van {} naar boekhouding@bedrijf.example", "utter_invoice_ready"),
    ],
)
async def test_who_says_so_gets_the_invoice_by_mail_at_once(shop: Shop, text: str, response: str) -> None:
    customer = await shop.known(NOOR)

    answer = await customer.ask("action_get_invoice", text.format(NOOR.order_number))

    assert answer.responses == [response]


async def test_what_was_shown_is_mailed_when_it_is_said_then(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.ask("action_get_invoice", f"factuur van {SANNE.order_number}")

    sent = await customer.ask("action_get_invoice", "stuur hem maar per mail")

    assert sent.responses == ["utter_invoice_mailed"]
    assert SANNE.order_number in sent.text


async def test_an_invoice_is_mailed_to_the_known_address_once(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    ready = await customer.ask("action_get_invoice", f"factuur van {NOOR.order_number}")
    [by_mail] = [button["payload"] for button in ready.buttons if button["title"] == "Mail hem naar mij"]

    sent = await customer.press("action_get_invoice", by_mail)
    again = await customer.run_again("action_get_invoice", by_mail)

    assert sent.responses == ["utter_invoice_mailed"]
    assert f"{NOOR.email[0]}•••@" in sent.text
    assert NOOR.email not in sent.text
    assert again.text == sent.text
    async with shop.unit_of_work.read() as session:
        letters = list(await session.scalars(select(OutboxLetterRow)))
    assert [(one.recipient, one.letter) for one in letters] == [(NOOR.email, "letter_invoice")]
