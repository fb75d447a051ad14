"""What Rasa's response names sound like: answers its natural-language-generation call with rendered content.

Every answer carries our mark, so that silence can be told from failure (docs/architecture.md, "One turn").
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.spoken_language import Tongue
from balie.content.errors import ResponseNotFoundError, ResponseNotRenderedError
from balie.content.render import RenderedButton, RenderedReply, Renderer
from balie.kernel.ids import ConversationId

APOLOGY: Final = "utter_action_failed"

_log = logging.getLogger(__name__)


class _FromRasa(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Choice(_FromRasa):
    """A button that an action adds to a response, worded by content.

    Attributes:
        intent: What it asks for; its article's title is the button's text unless ``title`` says otherwise.
        slots: What the customer thereby says.
        title: Name of the reply that is the button's text.
        facts: For that reply.
    """

    intent: str
    slots: dict[str, str] = Field(default_factory=dict)
    title: str | None = None
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def payload(self) -> str:
        """What Rasa reads when it is pressed.

        >>> Choice(intent="choose_order", slots={"order_number": "DD1048213"}).payload
        '/choose_order{"order_number": "DD1048213"}'
        """
        return f"/{self.intent}{json.dumps(self.slots) if self.slots else ''}"


class NlgArguments(_FromRasa):
    """What an action hands over with a response (``actions.answers``)."""

    facts: dict[str, Any] = Field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


class NlgTracker(_FromRasa):
    """What we read of Rasa's tracker."""

    sender_id: str
    latest_message: dict[str, Any] = Field(default_factory=dict)
    slots: dict[str, Any] = Field(default_factory=dict)

    @field_validator("latest_message", mode="before")
    @classmethod
    def _nothing_said_yet(cls, value: object) -> object:
        return {} if value is None else value


class NlgRequest(_FromRasa):
    """The body of Rasa's call (rasa/core/nlg/callback.py)."""

    response: str
    arguments: NlgArguments = NlgArguments()
    tracker: NlgTracker


class Speaker:
    """Renders responses in the customer's language, with the personal facts that each may use."""

    def __init__(self, renderer: Renderer, personal_facts: PersonalFacts) -> None:
        self._renderer = renderer
        self._personal_facts = personal_facts
        self._tongue = Tongue(renderer.library.languages, renderer.library.default_language)

    async def speak(self, request: NlgRequest) -> dict[str, Any]:
        """The answer to Rasa's call: ``text``, ``buttons`` and ``custom`` with our mark.

        A response that cannot be rendered becomes an apology, never an error: Rasa would say nothing at all.
        """
        language = self._tongue.of(request.tracker.latest_message)
        try:
            rendered = await self._render(request, language)
            return _answer(request.response, rendered, self._choices(request, language))
        except (ResponseNotFoundError, ResponseNotRenderedError) as error:
            # The problem itself may quote a fact; `balie content check` shows it with sample facts.
            _log.error("Not said: %s (%s, %s)", request.response, error.code, type(error.__cause__).__name__)
        apology = self._renderer.render(APOLOGY, language, {})
        return _answer(APOLOGY, apology, ())

    async def _render(self, request: NlgRequest, language: str) -> RenderedReply:
        wanted = self._renderer.required_facts(request.response)
        conversation_id = _conversation_id(request.tracker.sender_id)
        known = {} if conversation_id is None else await self._personal_facts.find(conversation_id, wanted)
        facts = {**_remembered(request.tracker.slots), **known, **request.arguments.facts}
        return self._renderer.render(request.response, language, facts)

    def _choices(self, request: NlgRequest, language: str) -> Iterator[dict[str, str]]:
        for choice in request.arguments.choices:
            if choice.title is not None:
                title = self._renderer.render(choice.title, language, choice.facts).text
            elif choice.intent in self._renderer.library.articles:
                title = self._renderer.title_of(choice.intent, language)
            else:
                continue
            yield {"title": title, "payload": choice.payload}


def _answer(response: str, rendered: RenderedReply, choices: Iterable[dict[str, str]]) -> dict[str, Any]:
    """The body of our answer; the action's buttons come first, and no button twice.

    Buttons are a list even when there are none: Rasa appends to it.
    """
    buttons: dict[str, dict[str, str]] = {}
    for button in (*choices, *map(_button, rendered.buttons)):
        buttons.setdefault(button.get("payload") or button["url"], button)
    mark = {"response": response, "language": rendered.language}
    return {
        "text": rendered.text,
        "buttons": list(buttons.values()),
        "custom": {"balie": mark},
    }


def _button(button: RenderedButton) -> dict[str, str]:
    if button.url is not None:
        return {"title": button.title, "url": button.url}
    return {"title": button.title, "payload": f"/{button.intent}"}


def _remembered(slots: Mapping[str, Any]) -> dict[str, Any]:
    """What texts may use of the dialogue's memory."""
    return {name: slots.get(name) for name in ("order_number", "pending_task")}


def _conversation_id(sender_id: str) -> ConversationId | None:
    """Our id; None when Rasa talks to somebody else, such as a developer in its shell."""
    try:
        return ConversationId(UUID(sender_id))
    except ValueError:
        return None
