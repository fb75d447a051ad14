"""The demo shop's page, as far as a customer logs in there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

LOG_IN = {"nl": "Inloggen", "en": "Log in"}
LOG_OUT = {"nl": "Uitloggen", "en": "Log out"}


class DemoShop:
    """The page around the chat."""

    def __init__(self, page: Page, language: str) -> None:
        self._page = page
        self._language = language

    def log_in(self, customer: str = "") -> str:
        """Log in as the customer of this name, or as the first on offer; gives their name."""
        named = re.compile(f"^{LOG_IN[self._language]}: {re.escape(customer)}")
        button = self._page.get_by_role("button", name=named).first
        name = (button.get_attribute("aria-label") or "").partition(": ")[2]
        button.click()
        expect(
            self._page.get_by_text(re.compile(rf"^(Ingelogd als|Logged in as) {re.escape(name)}$"))
        ).to_be_visible()
        return name

    def log_out(self) -> None:
        """Log out again."""
        self._page.get_by_role("button", name=LOG_OUT[self._language]).click()
