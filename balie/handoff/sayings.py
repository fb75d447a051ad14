"""What customers are told when a conversation changes hands: content, in their language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from balie.content.render import Renderer
from balie.conversations.views import NewButton, NewReply

PREFIX: Final = "!"
"""Of the payloads that we deal with ourselves; Rasa never sees them."""
WITHDRAW: Final = "!handoff/withdraw"
HELP: Final = "!handoff/help"
WAIT: Final = "!handoff/wait"
MESSAGE: Final = "!handoff/message"
CALL: Final = "!handoff/call"
MAIL: Final = "!handoff/mail"
USE_CONTACT: Final = "!handoff/use"
TRANSCRIPT: Final = "!transcript"
RATING: Final = "!rating/"

TITLES: Final[Mapping[str, str]] = {
    WITHDRAW: "title_back_to_assistant",
    HELP: "title_help_meanwhile",
    WAIT: "title_wait",
    MESSAGE: "title_leave_message",
    CALL: "title_call_back",
    MAIL: "title_mail_back",
    TRANSCRIPT: "title_transcript",
}


class Sayings:
    """Puts what happens into words, with the buttons that go with it."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def say(
        self,
        response: str,
        language: str | None,
        facts: Mapping[str, Any] | None = None,
        *,
        buttons: Sequence[str] = (),
    ) -> NewReply:
        """A message; ``buttons`` are payloads of :data:`TITLES`."""
        rendered = self._renderer.render(response, language, facts or {})
        shown = tuple(self.button(payload, language) for payload in buttons)
        return NewReply(rendered.text, shown, response, rendered.language)

    def button(
        self, payload: str, language: str | None, *, title: str | None = None, **facts: Any
    ) -> NewButton:
        """One button, titled by content."""
        words = self._renderer.render(title or TITLES[payload], language, facts).text
        return NewButton(words, payload=payload)

    def language_of(self, language: str | None) -> str:
        """The language that is really spoken to somebody who speaks this one."""
        library = self._renderer.library
        return language if language in library.languages else library.default_language
