"""The demo shop's page, as far as a customer logs in there."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

LOG_IN = {"nl": "Inloggen", "en": "Log in"}
LOG_OUT = {"nl": "Uitloggen", "en": "Log out"}
MAILBOX = {"nl": "Postvak van de demo", "en": "Mailbox of the demo"}
OPEN_MAILBOX = {"nl": "Postvak", "en": "Mailbox"}
MAIL_WITHIN_MS = 20_000
PRODUCT_PAGE = {
    "nl": {
        "tips": "Gebruik wat ik hier bekijk",
        "to_basket": "In mandje",
        "basket": "Mandje",
        "ask": "Vraag het de assistent",
    },
    "en": {
        "tips": "Use what I look at here",
        "to_basket": "Add to basket",
        "basket": "Basket",
        "ask": "Ask the assistant",
    },
}


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

    def open_mail(self, subject: str, *, to: str) -> Locator:
        """Open the newest mail to somebody with this subject, which may still be on its way."""
        mailbox = self._page.get_by_role("group", name=MAILBOX[self._language])
        mailbox.get_by_role("button", name=OPEN_MAILBOX[self._language], exact=True).click()
        mails = mailbox.get_by_role("listitem").get_by_role("button", name=subject).filter(has_text=to)
        mails.first.click(timeout=MAIL_WITHIN_MS)
        return mailbox.get_by_role("article")

    def log_out(self) -> None:
        """Log out again."""
        self._page.get_by_role("button", name=LOG_OUT[self._language]).click()


class ProductPage:
    """The page of one product of the demo shop."""

    def __init__(self, page: Page, language: str) -> None:
        self._words = PRODUCT_PAGE[language]
        self.page = page
        self.name = page.get_by_role("heading", level=1)
        self.tips = page.get_by_role("checkbox", name=self._words["tips"])
        self.to_basket = page.get_by_role("main").get_by_role("button", name=self._words["to_basket"])
        self.basket = page.get_by_role("dialog", name=self._words["basket"])
        self.stock = page.get_by_role("status").filter(
            has_text=re.compile("voorraad|uitverkocht|[Ss]tock|out")
        )

    def put_in_basket(self) -> None:
        """Press the button, and see the basket."""
        self.to_basket.click()
        expect(self.basket).to_be_visible()

    def choose(self, option: str) -> None:
        """A size or a colour."""
        self.page.get_by_role("radio", name=option, exact=True).check()

    def ask(self) -> None:
        """Press the button that opens the chat."""
        self.page.get_by_role("button", name=self._words["ask"], exact=True).click()
