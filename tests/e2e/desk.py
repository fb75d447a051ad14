"""The desk as an agent sees it. Everything is found by its role and name."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from balie.settings import PROJECT_ROOT

TEXTS: dict[str, Any] = json.loads((PROJECT_ROOT / "web/desk/src/texts.json").read_text("utf-8"))
WITHIN_MS = 20_000
OF_THE_DESK = {"X-Balie-Desk": "1"}


class Desk:
    """One agent's desk, in one tab."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.waiters = page.locator("[data-waiter]")
        self.column = page.locator("section.column.active")
        self.thread = self.column.get_by_role("log")
        self.composer = self.column.locator("textarea[data-composer]")
        self.dialog = page.get_by_role("dialog")

    def words(self, section: str, name: str) -> str:
        text: str = TEXTS[section][name][self.language]
        return text

    def button(self, section: str, name: str, *, within: Page | Locator | None = None) -> Locator:
        return (within or self.page).get_by_role("button", name=self.words(section, name))

    def part(self, title: str) -> Locator:
        """A part of the customer's card."""
        heading = self.page.get_by_role("heading", name=self.words("card", title))
        return self.page.locator("section.part").filter(has=heading)

    def sign_in(self, name: str) -> Desk:
        """As one of the demo shop's agents."""
        self.page.get_by_role("button", name=name).click()
        expect(self.page.get_by_role("heading", name=self.words("queue", "title"))).to_be_visible()
        return self

    def waiter(self, words: str) -> Locator:
        return self.waiters.filter(has_text=words)

    def accept(self, words: str) -> None:
        """Take the waiting customer whose last sentence this is."""
        card = self.waiter(words)
        expect(card).to_be_visible(timeout=WITHIN_MS)
        self.button("queue", "accept", within=card).click()
        expect(self.composer).to_be_visible(timeout=WITHIN_MS)

    def write(self, text: str) -> None:
        """Say something to the customer."""
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.thread.locator(".row.agent", has_text=text)).to_be_visible(timeout=WITHIN_MS)

    def send_photo(self, jpeg: bytes) -> None:
        """Show the customer a picture."""
        photo = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": jpeg}
        self.column.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
        expect(self.thread.locator(".row.agent img")).to_be_visible(timeout=WITHIN_MS)

    def note(self, text: str) -> None:
        """Write something for colleagues."""
        self.button("composer", "to_note", within=self.column).click()
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.thread.get_by_text(text)).to_be_visible(timeout=WITHIN_MS)

    def expect_said(self, text: str) -> None:
        expect(self.thread.locator(".row.customer", has_text=text)).to_be_visible(timeout=WITHIN_MS)

    def transfer_to_team(self, team: str, *, note: str) -> None:
        """Put the customer into another team's queue."""
        self.button("conversation", "transfer", within=self.column).click()
        self.dialog.get_by_role("combobox").select_option(label=team)
        self.dialog.get_by_role("textbox").fill(note)
        self.button("dialogs", "transfer", within=self.dialog).click()
        expect(self.dialog).to_be_hidden(timeout=WITHIN_MS)

    def go_to(self, page: str) -> None:
        """One of the pages of the bar."""
        self.page.goto(f"{self.page.url.partition('#')[0]}#/{page}")
        expect(self.page.get_by_role("heading").first).to_be_visible()

    def open_conversation(self, conversation: str) -> None:
        """One of this agent's own."""
        self.page.goto(f"{self.page.url.partition('#')[0]}#/c/{conversation}")

    def open_orders(self) -> None:
        """The customer's orders, beside the conversation."""
        self.page.get_by_role("tab", name=self.words("card", "tab_orders")).click()

    def be(self, presence: str) -> None:
        """Say whether this agent takes customers."""
        answer = self.page.request.put(
            f"{self.api}/session/presence", data={"presence": presence}, headers=OF_THE_DESK
        )
        assert answer.ok, answer.text()

    def post(self, path: str) -> tuple[int, Any]:
        """Ask the API, as the page would."""
        answer = self.page.request.post(f"{self.api}/{path}", data={}, headers=OF_THE_DESK)
        return answer.status, answer.json()

    @property
    def api(self) -> str:
        return f"{self.page.url.partition('/desk')[0]}/api/v1/desk"

    def step(self, name: str, *, note: str = "", choose: str | None = None) -> None:
        """Transfer, resolve or hand back, in its window."""
        self.button("conversation", name, within=self.column).click()
        if choose is not None:
            self.dialog.get_by_label(choose).first.check()
        if note:
            self.dialog.get_by_role("textbox").fill(note)
        self.button("dialogs", name, within=self.dialog).last.click()
        expect(self.dialog).to_be_hidden(timeout=WITHIN_MS)
