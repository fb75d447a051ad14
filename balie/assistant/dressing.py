"""Gives a rendered answer the form that a mood calls for: words before and after it, and which buttons.

Pure. What was asked is answered in any mood. What nobody asked for goes when the stance allows no offers:
this is the one place where buttons pass, and content says which of them sell (``offer``, ``offer_links``).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from balie.assistant.emotion_policy import SYMPATHY, TURNS_BEFORE_OPENING_AGAIN, Opening, Remark
from balie.assistant.manners import Bearing
from balie.content.articles import Article, Reply
from balie.content.library import RESPONSE_PREFIX
from balie.content.render import RenderedReply, Renderer
from balie.conversations.cards import ProductCard

PERSON: Final = "contact_human_agent"
REVIEW: Final = "review"
WHOLE_ANSWER_TITLE: Final = "title_whole_answer"
CLOSINGS: Final = frozenset({"utter_thank", "utter_goodbye"})
"""The end of a conversation: where a review may be asked for."""
BUTTONS_AT_ONCE: Final = 3
"""For a confused customer."""


@dataclass(frozen=True, slots=True)
class SpokenButton:
    """A button as Rasa gets it: exactly one of ``payload`` and ``url``; ``card`` is the one it belongs to."""

    title: str
    payload: str | None = None
    url: str | None = None
    is_offer: bool = False
    card: int | None = None

    @property
    def target(self) -> str:
        """What makes two buttons the same."""
        of_card = "" if self.card is None else f"{self.card}:"
        return of_card + (self.payload or self.url or "")


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it is dressed.

    Attributes:
        choices: Buttons of the action, which come first.
        is_repeated_question: A form asks again, or goes on asking.
        cards: Products that it shows.
    """

    response: str
    rendered: RenderedReply
    choices: tuple[SpokenButton, ...] = ()
    is_repeated_question: bool = False
    cards: tuple[ProductCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Dressed:
    """A reply as it is said.

    Attributes:
        opening: Which words it begins with (``anger.nl.2``; ``anger.own`` when its own do).
        remark: Which words it ends with.
    """

    text: str
    buttons: tuple[SpokenButton, ...]
    opening: str | None = None
    remark: str | None = None


def dress(draft: Draft, bearing: Bearing, renderer: Renderer) -> Dressed:
    """The reply with everything that the bearing calls for; deliberate silence stays silent."""
    return _Dresser(draft, bearing, renderer).dress()


def choose_variant(count: int, occasion: str, heard: Sequence[str], seed: str) -> int:
    """Which of several ways to say something: one not heard yet, else any but the one heard last.

    >>> choose_variant(3, "joy.nl", ["joy.nl.0", "anger.nl.1", "joy.nl.2"], "any")
    1
    """
    used = [int(key.removeprefix(f"{occasion}.")) for key in heard if key.startswith(f"{occasion}.")]
    fresh = [index for index in range(count) if index not in used]
    others = fresh or [index for index in range(count) if index != used[-1]] or [0]
    return others[zlib.crc32(seed.encode()) % len(others)]


class _Dresser:
    def __init__(self, draft: Draft, bearing: Bearing, renderer: Renderer) -> None:
        self._draft = draft
        self._bearing = bearing
        self._stance = bearing.stance
        self._renderer = renderer
        self._language = draft.rendered.language
        self._content: Article | Reply = renderer.library.get_response(draft.response)

    def dress(self) -> Dressed:
        rendered = self._draft.rendered
        if not rendered.text:
            return Dressed("", self._draft.choices)
        opening, first_words = self._opening()
        remark, last_words = self._remark()
        text = "\n\n".join(filter(None, (first_words, rendered.text, last_words)))
        return Dressed(text, tuple(self._buttons(remark)), opening, remark)

    def _opening(self) -> tuple[str | None, str]:
        wanted = self._stance.opening
        if wanted is None or not self._bearing.is_first or not self._suits(wanted):
            return None, ""
        if self._content.opening == "own":
            return f"{wanted}.own", ""
        return self._words(wanted)

    def _suits(self, opening: Opening) -> bool:
        if self._content.opening == "none" or self._draft.is_repeated_question:
            return False
        if self._content.opening == "own" or not self._content.solves:
            return opening in SYMPATHY
        return True

    def _remark(self) -> tuple[str | None, str]:
        if not self._bearing.is_first:
            return None, ""
        if self._leads_to_person:
            said_lately = self._bearing.said.within(Remark.PERSON, TURNS_BEFORE_OPENING_AGAIN)
            return (None, "") if said_lately else self._words(Remark.PERSON)
        if self._stance.invites and self._draft.response in CLOSINGS and self._bearing.was_helped:
            return self._words(Remark.REVIEW)
        return None, ""

    def _words(self, occasion: Opening | Remark) -> tuple[str | None, str]:
        ways = self._renderer.library.words_for_mood(occasion, self._language)
        if not ways:
            return None, ""
        key = f"{occasion}.{self._language}"
        index = choose_variant(len(ways), key, self._bearing.heard, self._bearing.seed)
        return f"{key}.{index}", ways[index]

    @property
    def _leads_to_person(self) -> bool:
        return self._stance.offers_person and self._draft.response != RESPONSE_PREFIX + PERSON

    def _buttons(self, remark: str | None) -> Iterable[SpokenButton]:
        """No button twice; what matters most comes first."""
        needed = {button.target: button for button in self._needed_buttons() if self._may_show(button)}
        buttons = dict(needed)
        for button in self._further_buttons(remark):
            if self._may_show(button):
                buttons.setdefault(button.target, button)
        shown = list(buttons.values())
        return shown[: max(BUTTONS_AT_ONCE, len(needed))] if self._stance.is_brief else shown

    def _needed_buttons(self) -> Iterator[SpokenButton]:
        yield from self._draft.choices
        if self._draft.rendered.is_cut:
            title = self._renderer.render(WHOLE_ANSWER_TITLE, self._language, {}).text
            yield SpokenButton(title, f"/{self._draft.response.removeprefix(RESPONSE_PREFIX)}")
        if self._leads_to_person:
            yield self._button_to(PERSON)

    def _further_buttons(self, remark: str | None) -> Iterator[SpokenButton]:
        for button in self._draft.rendered.buttons:
            payload = None if button.intent is None else f"/{button.intent}"
            yield SpokenButton(button.title, payload, button.url, button.is_offer)
        if remark is not None and remark.startswith(Remark.REVIEW):
            yield self._button_to(REVIEW)

    def _button_to(self, intent: str) -> SpokenButton:
        article = self._renderer.library.articles[intent]
        return SpokenButton(article.title[self._language], f"/{intent}", is_offer=article.offer)

    def _may_show(self, button: SpokenButton) -> bool:
        if button.payload == f"/{REVIEW}" and self._bearing.said.has_invited:
            return False
        if not button.is_offer or self._stance.allows_offers:
            return True
        # Whoever asked for the newsletter, to leave it perhaps, gets the way there in any mood.
        its_own = f"/{self._draft.response.removeprefix(RESPONSE_PREFIX)}{{"
        return self._content.offer and (button.url is not None or button.target.startswith(its_own))
