"""The chat as a customer sees it. Everything is found by its role and name."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

NAMES = {
    "nl": {
        "open": "Chat",
        "message": "Bericht",
        "send": "Versturen",
        "close": "Sluiten",
        "send_photo": "Foto sturen",
        "photo": "Foto",
        "read": "Gelezen",
        "has_it": "{name} · medewerker",
        "next": "Je bent als eerste aan de beurt",
        "place": "Plaats {position} in de rij",
    },
    "en": {
        "open": "Chat",
        "message": "Message",
        "send": "Send",
        "close": "Close",
        "send_photo": "Send a photo",
        "photo": "Photo",
        "read": "Seen",
        "has_it": "{name} · customer service",
        "next": "You are next in line",
        "place": "Number {position} in line",
    },
}
ANSWER_WITHIN_MS = 20_000
LAST_SAID = ".row.customer:not(:has(~ .row.customer))"


class Widget:
    """The chat on one page, in the language the customer expects to see."""

    def __init__(self, page: Page, language: str) -> None:
        names = self.names = NAMES[language]
        self.page = page
        self.opener = page.get_by_role("button", name=names["open"], exact=True)
        self.panel = page.get_by_role("dialog")
        self.field = page.get_by_role("textbox", name=names["message"], exact=True)
        self.send_button = page.get_by_role("button", name=names["send"], exact=True)
        self.close_button = page.get_by_role("button", name=names["close"], exact=True)
        self.log = page.get_by_role("log")
        self.photo_button = page.get_by_role("button", name=names["send_photo"], exact=True)
        self.photos = self.log.get_by_role("button", name=names["photo"], exact=True)
        self.large_photo = page.get_by_role("dialog", name=names["photo"], exact=True)
        self.answers = self.log.locator(".row.assistant .bubble")
        self.replies = self.log.locator(f"{LAST_SAID} ~ .row.assistant .bubble")
        self.said = self.log.locator(".row.customer .bubble")
        self.typing = page.locator("balie-widget .typing")
        self.notice = page.locator("balie-widget .notice")
        self.agents_words = self.log.locator(".row.agent .bubble")
        self.announcements = self.log.locator(".row.system .bubble")
        self.subtitle = page.locator("balie-widget .subtitle")
        self.queue = page.locator("balie-widget .queue")
        self.read_mark = self.log.locator(".row.customer .meta", has_text=names["read"])

    def open(self) -> Widget:
        """Open the panel with the mouse."""
        self.opener.click()
        expect(self.panel).to_be_visible()
        return self

    def send(self, text: str) -> None:
        """Type a message and press the button."""
        self.field.fill(text)
        self.send_button.click()

    def send_photo(self, name: str, content: bytes, content_type: str = "image/jpeg") -> None:
        """Press the button of the camera and choose a file."""
        with self.page.expect_file_chooser() as chooser:
            self.photo_button.click()
        chooser.value.set_files({"name": name, "mimeType": content_type, "buffer": content})

    def expect_photos(self, count: int) -> None:
        """So many photos stand in the log, and every one can be seen."""
        expect(self.photos).to_have_count(count, timeout=ANSWER_WITHIN_MS)
        for photo in self.photos.all():
            photo.scroll_into_view_if_needed()
            picture = photo.locator("img[src]")
            expect(picture).to_be_visible(timeout=ANSWER_WITHIN_MS)
            assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    def press(self, title: str | re.Pattern[str]) -> None:
        """Press one of the suggested replies."""
        self.log.get_by_role("button", name=title).click()

    def expect_answer(self, *parts: str | re.Pattern[str]) -> Locator:
        """Wait until what was said last is answered, with each of these; gives the first bubble."""
        expect(self.replies.first).to_be_visible(timeout=ANSWER_WITHIN_MS)
        for part in parts:
            expect(self.replies.filter(has_text=part).first).to_be_visible(timeout=ANSWER_WITHIN_MS)
        return self.replies.first

    def ask(self, question: str, *parts: str | re.Pattern[str]) -> Locator:
        """Send a question and wait for the answer."""
        self.send(question)
        return self.expect_answer(*parts)

    def expect_place(self, position: int) -> None:
        """The bar at the top says where the customer stands in line."""
        text = self.names["next"] if position == 1 else self.names["place"].format(position=position)
        expect(self.queue).to_contain_text(text, timeout=ANSWER_WITHIN_MS)

    def expect_agent(self, name: str) -> None:
        """The header says who has the conversation, and nobody is waited for."""
        expect(self.subtitle).to_have_text(self.names["has_it"].format(name=name), timeout=ANSWER_WITHIN_MS)
        expect(self.queue).to_have_text("")

    def expect_from_agent(self, name: str, text: str | re.Pattern[str]) -> Locator:
        """Wait until an agent of this name has said this; gives the bubble."""
        # The name stands above the first of several messages, and before each for those who listen.
        bubble = self.agents_words.filter(has_text=text).filter(has_text=name).last
        expect(bubble).to_be_visible(timeout=ANSWER_WITHIN_MS)
        return bubble

    def expect_read(self) -> None:
        """An agent has read what the customer said last."""
        expect(self.read_mark).to_have_count(1, timeout=ANSWER_WITHIN_MS)

    def type_slowly(self, text: str) -> None:
        """Type key by key, without sending: the desk sees that somebody writes."""
        self.field.press_sequentially(text, delay=30)

    def expect_said(self, *texts: str) -> None:
        """The customer's own messages, in order, each once."""
        expect(self.said).to_have_count(len(texts), timeout=ANSWER_WITHIN_MS)
        for position, text in enumerate(texts):
            expect(self.said.nth(position).locator("p")).to_have_text(text)

    def watch_typing(self) -> None:
        """Measure, from now on, how long after a press of Send the typing sign shows."""
        self.page.evaluate(_WATCH_TYPING)

    def typing_shown_after_ms(self) -> float:
        """What was measured for the last message."""
        return float(self.page.evaluate("() => window.typingShownAt - window.sentAt"))

    def kept_in_browser(self) -> dict[str, Any]:
        """Everything the page has stored in this browser."""
        kept: dict[str, Any] = self.page.evaluate(
            "() => ({local: {...localStorage}, session: {...sessionStorage}, cookies: document.cookie})"
        )
        return kept


_WATCH_TYPING = """() => {
  const root = document.querySelector("balie-widget").shadowRoot;
  const sign = root.querySelector(".typing");
  root.addEventListener("click", (event) => {
    if (event.target.closest(".send")) window.sentAt = performance.now();
  }, true);
  new MutationObserver(() => {
    if (!sign.hidden) window.typingShownAt = performance.now();
  }).observe(sign, { attributeFilter: ["hidden"] });
}"""
