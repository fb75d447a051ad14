"""Words for tests: one sentence in two languages, and titles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from balie.content.errors import ResponseNotFoundError
from balie.content.library import load_library
from balie.content.render import RenderedButton, RenderedReply, Renderer
from balie.settings import PROJECT_ROOT


@cache
def real_renderer() -> Renderer:
    """The content that ships; loading it takes a moment."""
    return Renderer(load_library(PROJECT_ROOT / "data"))


SORRY = {"nl": "Dat lukt nu even niet.", "en": "That does not work right now."}
TITLES = {"nl": "Een medewerker spreken", "en": "Talk to a person"}


class FakeRenderer:
    """Knows ``utter_assistant_unavailable``; the buttons of its content can be chosen."""

    def __init__(self, buttons: tuple[RenderedButton, ...] = ()) -> None:
        self._buttons = buttons

    def render(self, response: str, language: str | None, facts: Mapping[str, Any]) -> RenderedReply:
        if response != "utter_assistant_unavailable":
            raise ResponseNotFoundError(response)
        spoken = language if language in SORRY else "nl"
        return RenderedReply(SORRY[spoken], self._buttons, spoken)

    def title_of(self, intent: str, language: str | None) -> str:
        assert intent == "contact_human_agent"
        return TITLES[language if language in TITLES else "nl"]


class WordlessRenderer(FakeRenderer):
    """Content that lacks the sentence."""

    def render(self, response: str, language: str | None, facts: Mapping[str, Any]) -> RenderedReply:
        raise ResponseNotFoundError(response)
