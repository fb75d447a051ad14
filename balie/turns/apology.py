"""What a customer is told when the assistant failed them: the truth, and a person."""

from __future__ import annotations

from typing import Final

from balie.content.render import RenderedButton
from balie.conversations.views import NewButton, NewReply
from balie.turns.ports import Renderer

UNAVAILABLE_RESPONSE: Final = "utter_assistant_unavailable"
HUMAN_INTENT: Final = "contact_human_agent"


def apologise(renderer: Renderer, language: str | None) -> NewReply:
    """The reply for a failed turn; it always offers a person, whatever buttons the content has.

    Raises:
        BalieError: The content lacks the sentence; ``check_apology`` finds that at start.
    """
    rendered = renderer.render(UNAVAILABLE_RESPONSE, language, {})
    buttons = [_new_button(button) for button in rendered.buttons]
    person = f"/{HUMAN_INTENT}"
    if all(button.payload != person for button in buttons):
        buttons.append(NewButton(renderer.title_of(HUMAN_INTENT, language), payload=person))
    return NewReply(rendered.text, tuple(buttons), UNAVAILABLE_RESPONSE, rendered.language)


def _new_button(button: RenderedButton) -> NewButton:
    if button.url is not None:
        return NewButton(button.title, url=button.url)
    return NewButton(button.title, payload=f"/{button.intent}")
