"""What Rasa's response names sound like: answers its natural-language-generation call with rendered content.

Every answer carries our mark, so that silence can be told from failure (docs/architecture.md, "One turn").
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from balie.assistant.card_words import CardFacts, card_buttons, list_cards, word_cards
from balie.assistant.dressing import Draft, Dressed, SpokenButton, dress
from balie.assistant.manners import PLAIN, Bearing, Manners
from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.spoken_language import Tongue
from balie.content.errors import ResponseNotFoundError, ResponseNotRenderedError
from balie.content.render import RenderedReply, Renderer
from balie.conversations.cards import ProductCard
from balie.kernel.ids import ConversationId

APOLOGY: Final = "utter_action_failed"
QUESTION_PREFIX: Final = "utter_ask_"
REQUESTED_SLOT: Final = "requested_slot"

OUT_OF_SCOPE: Final = "out_of_scope"
ASKED_BACK: Final = frozenset({"utter_about_product", "utter_about_kind"})
"""It was not understood, but goods were named: it is asked what is meant."""
NOT_UNDERSTOOD: Final = frozenset({"utter_default", "utter_out_of_scope"}) | ASKED_BACK
LIKELY_TOLD: Final = 5
TOLD_SLOTS: Final = (
    *("order_number", "product_query", "place", "pending_task", "pending_change", "waiting_task"),
    REQUESTED_SLOT,
)
"""What an agent may want to know of the dialogue; none of it says who somebody is."""

_log = logging.getLogger(__name__)


class _FromRasa(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Choice(_FromRasa):
    """A button that an action adds to a response, worded by content.

    Attributes:
        intent: What it asks for; its article's title is the button's text unless ``title`` says otherwise.
        url: What it opens instead of asking for something.
        slots: What the customer thereby says.
        title: Name of the reply that is the button's text.
        facts: For that reply.
    """

    intent: str = ""
    url: str | None = None
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
    cards: tuple[CardFacts, ...] = ()


class NlgTracker(_FromRasa):
    """What we read of Rasa's tracker."""

    sender_id: str
    latest_message: dict[str, Any] = Field(default_factory=dict)
    slots: dict[str, Any] = Field(default_factory=dict)

    @property
    def intent(self) -> str | None:
        """What the customer's message was understood to be for; None for a photo and before there is one."""
        intent = self.latest_message.get("intent")
        return intent.get("name") if isinstance(intent, Mapping) else None

    @property
    def likely(self) -> tuple[str, ...]:
        """What else the message may have been for, the likeliest first."""
        ranking = self.latest_message.get("intent_ranking")
        if not isinstance(ranking, list):
            return ()
        names = (str(each.get("name")) for each in ranking if isinstance(each, Mapping))
        return tuple(name for name in names if name != OUT_OF_SCOPE)[:LIKELY_TOLD]

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
    """Renders responses in the customer's language and for their mood, with the facts that each may use."""

    def __init__(
        self, renderer: Renderer, personal_facts: PersonalFacts, manners: Manners | None = None
    ) -> None:
        """Build it; without ``manners`` no mood is read, and every answer is said plainly."""
        self._renderer = renderer
        self._personal_facts = personal_facts
        self._manners = manners
        self._tongue = Tongue(renderer.library.languages, renderer.library.default_language)

    async def speak(self, request: NlgRequest) -> dict[str, Any]:
        """The answer to Rasa's call: ``text``, ``buttons`` and ``custom`` with our mark.

        A response that cannot be rendered becomes an apology, never an error: Rasa would say nothing at all.
        """
        language = self._tongue.of(request.tracker.latest_message)
        conversation_id = _conversation_id(request.tracker.sender_id)
        bearing = PLAIN
        if self._manners is not None:
            bearing = await self._manners.choose(conversation_id, request.tracker.latest_message)
        draft = await self._draft(request, language, brief=bearing.stance.is_brief)
        return _answer(draft, dress(draft, bearing, self._renderer), bearing, request.tracker)

    async def _draft(self, request: NlgRequest, language: str, *, brief: bool) -> Draft:
        try:
            cards = word_cards(request.arguments.cards, self._renderer, language)
            rendered = await self._render(request, language, cards, brief=brief)
            of_cards = card_buttons(cards, self._renderer, language) if cards else ()
            choices = (*of_cards, *self._choices(request, language))
            is_repeated = _asks_again(request)
            return Draft(request.response, rendered, choices, is_repeated_question=is_repeated, cards=cards)
        except (ResponseNotFoundError, ResponseNotRenderedError) as error:
            # The problem itself may quote a fact; `balie content check` shows it with sample facts.
            _log.error("Not said: %s (%s, %s)", request.response, error.code, type(error.__cause__).__name__)
        return Draft(APOLOGY, self._renderer.render(APOLOGY, language, {}))

    async def _render(
        self, request: NlgRequest, language: str, cards: Sequence[ProductCard], *, brief: bool
    ) -> RenderedReply:
        wanted = self._renderer.required_facts(request.response)
        conversation_id = _conversation_id(request.tracker.sender_id)
        known = {} if conversation_id is None else await self._personal_facts.find(conversation_id, wanted)
        shown = {"cards": list_cards(cards, self._renderer, language)} if cards else {}
        facts = {**_remembered(request.tracker.slots), **known, **request.arguments.facts, **shown}
        return self._renderer.render(request.response, language, facts, brief=brief)

    def _choices(self, request: NlgRequest, language: str) -> Iterator[SpokenButton]:
        for choice in request.arguments.choices:
            article = self._renderer.library.articles.get(choice.intent)
            if choice.title is not None:
                title = self._renderer.render(choice.title, language, choice.facts).text
            elif article is not None:
                title = self._renderer.title_of(choice.intent, language)
            else:
                continue
            if choice.url is not None:
                yield SpokenButton(title, url=choice.url)
            else:
                is_offer = article is not None and article.offer
                yield SpokenButton(title, choice.payload, is_offer=is_offer)


def _answer(draft: Draft, said: Dressed, bearing: Bearing, tracker: NlgTracker) -> dict[str, Any]:
    """The body of our answer. Buttons are a list even when there are none: Rasa appends to it."""
    reading = None if bearing.emotion is None or not bearing.is_first else bearing.emotion.as_document()
    mark = {
        "response": draft.response,
        "language": draft.rendered.language,
        "emotion": reading,
        "opening": said.opening,
        "remark": said.remark,
        "intent": tracker.intent,
        "likely": list(tracker.likely) or None if draft.response in NOT_UNDERSTOOD else None,
        "slots": {name: tracker.slots[name] for name in TOLD_SLOTS if tracker.slots.get(name) is not None},
        "cards": [card.as_document() for card in draft.cards] or None,
    }
    return {
        "text": said.text,
        "buttons": [_button(button) for button in said.buttons],
        "custom": {"balie": {name: value for name, value in mark.items() if value is not None}},
    }


def _button(button: SpokenButton) -> dict[str, Any]:
    of_card = {} if button.card is None else {"card": button.card}
    if button.url is not None:
        return {"title": button.title, "url": button.url, **of_card}
    return {"title": button.title, "payload": button.payload or "", **of_card}


def _asks_again(request: NlgRequest) -> bool:
    """Whether a form goes on asking: at its first question there is none that was asked before."""
    return (
        request.response.startswith(QUESTION_PREFIX) and request.tracker.slots.get(REQUESTED_SLOT) is not None
    )


def _remembered(slots: Mapping[str, Any]) -> dict[str, Any]:
    """What texts may use of the dialogue's memory."""
    return {name: slots.get(name) for name in ("order_number", "pending_task")}


def _conversation_id(sender_id: str) -> ConversationId | None:
    """Our id; None when Rasa talks to somebody else, such as a developer in its shell."""
    try:
        return ConversationId(UUID(sender_id))
    except ValueError:
        return None
