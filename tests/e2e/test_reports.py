"""What went wrong is put right in the chat: a broken item with a photo, money that was taken twice."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from balie.orders.demo.personas import NOOR, SEM, DemoCustomer
from tests.e2e.conftest import NewPage
from tests.e2e.service import RunningBalie
from tests.e2e.shop import DemoShop
from tests.e2e.widget import Widget
from tests.support.photos import phone_photo


def logged_in(new_page: NewPage, customer: DemoCustomer, language: str) -> Widget:
    page = new_page(language)
    DemoShop(page, language).log_in(f"{customer.first_name} {customer.last_name}")
    return Widget(page, language).open()


def test_a_damaged_item_is_shown_on_a_photo_a_new_one_kept_aside_and_the_label_comes_by_mail(
    new_page: NewPage, balie: RunningBalie
) -> None:
    widget = logged_in(new_page, NOOR, "nl")

    widget.ask(f"De regenjas uit {NOOR.order_number} is kapot", "Wat is er mis met")
    widget.ask("Er zit een scheur in de naad", "Heb je er een foto van?")
    widget.send_photo("naad.jpg", phone_photo())
    widget.expect_answer("Hoe wil je dat we het oplossen?")
    widget.press("Een nieuwe")
    widget.expect_answer("Hoe komt het oude terug?")
    widget.press("Opsturen met een label")
    widget.expect_answer("Je krijgt een nieuwe, die ik apart leg")
    widget.press("Ja, meld het")
    widget.expect_answer(re.compile(r"Je melding is geregistreerd: CS\d+"))

    assert balie.cases_of(NOOR.order_number) == [
        ("damaged", "replacement", "Er zit een scheur in de naad", 1)
    ]
    assert balie.count_kept_aside(NOOR.order_number) == 1
    mail = DemoShop(widget.page, "nl").open_mail("Je retourlabel", to=NOOR.email)
    href = mail.get_by_role("link", name=".pdf").get_attribute("href")
    label = widget.page.request.get(f"{balie.address}{href}")
    assert label.headers["content-type"] == "application/pdf"
    assert label.body().startswith(b"%PDF-")


def test_money_that_was_taken_twice_goes_back(new_page: NewPage, balie: RunningBalie) -> None:
    widget = logged_in(new_page, SEM, "en")

    widget.ask("I was charged twice for my order", "was charged twice for order", SEM.order_number)
    widget.press("I want my money back")
    widget.expect_answer("Shall I have it paid back?")
    assert balie.count_refunds_of_payments(SEM.order_number) == 0
    widget.press("Yes, pay it back")
    widget.expect_answer(re.compile(rf"of order {SEM.order_number} goes back"))

    assert balie.count_refunds_of_payments(SEM.order_number) == 1
    widget.ask("Was I charged twice for my order?", "already on its way back to you")
    expect(widget.log.get_by_role("button", name="Yes, pay it back")).to_have_count(0)
