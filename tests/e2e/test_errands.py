"""What customers have done that is no change of an order: their details, and what lies in their basket."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from balie.orders.demo.personas import EMMA
from tests.e2e.axe import expect_no_violations
from tests.e2e.service import RunningBalie
from tests.e2e.shop import DemoShop
from tests.e2e.widget import Widget

Chat = Callable[..., Widget]
SMALL_PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "color_scheme": "dark",
}


def test_a_stranger_gets_in_with_a_code_by_mail_and_changes_their_phone_number(
    chat: Chat, balie: RunningBalie
) -> None:
    widget = chat("en")

    widget.ask("I want to change my phone number", "Which e-mail address do you order with?")
    widget.ask(EMMA.email, "a six-digit code is in your mailbox")
    mail = DemoShop(widget.page, "en").open_mail("Your code for the Duin & Dal chat", to=EMMA.email)
    code = re.search(r"^\d{6}$", mail.inner_text(), re.MULTILINE)
    assert code is not None
    widget.ask(code.group(), "What is your new phone number?")
    widget.ask("+31 6 2345 6789", "+31623456789")
    assert balie.phone_of(EMMA.external_id) is None
    widget.press("Yes, change it")
    widget.expect_answer("your account is up to date")

    assert balie.phone_of(EMMA.external_id) == "+31623456789"


def test_what_the_assistant_puts_into_the_basket_lies_there_on_a_small_phone_in_the_dark(
    chat: Chat, balie: RunningBalie
) -> None:
    product = balie.find_product_without_choice("nl")
    widget = chat("nl", **SMALL_PHONE)

    widget.ask(f"Leg 2 stuks van {product} in mijn mandje", re.compile(r"Zal ik 2 × .* in je mandje leggen"))
    widget.press("Ja, in mijn mandje")
    widget.expect_answer("Ligt in je mandje")
    widget.close_button.click()
    widget.page.get_by_role("button", name=re.compile("^Mandje, 2 ")).click()

    basket = widget.page.get_by_role("dialog", name="Mandje")
    expect(basket.get_by_text(product)).to_be_visible()
    expect(basket.get_by_role("spinbutton", name=f"Aantal: {product}")).to_have_value("2")
    expect_no_violations(widget.page)
    overflow = widget.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
