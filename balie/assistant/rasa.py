"""Rasa behind the assistant port. Rasa's words (sender, payload, custom, intent ranking) stop here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.port import (
    AssistantAnswer,
    AssistantButton,
    AssistantReply,
    AssistantTurn,
    FiredKeyword,
    Understanding,
)
from balie.assistant.reading import read_emotion
from balie.assistant.redaction import redact
from balie.conversations.cards import ProductCard
from balie.kernel.emotion import Emotion
from balie.kernel.ids import ConversationId

Shape = TypeVar("Shape")

SLASH_GUARD: Final = "\u2060"
"""Invisible; before a slash it keeps Rasa from reading ``/intent{…}`` as an order."""

_CONNECT_TIMEOUT_S: Final = 2.0
_READY_TIMEOUT_S: Final = 2.0
# Rasa's server drops a quiet connection after 5 s; we drop it first and never write to a dead one.
_KEEP_ALIVE_S: Final = 3.0


class _FromRasa(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Button(_FromRasa):
    title: str
    payload: str | None = None
    url: str | None = None
    card: int | None = None


class _Mark(_FromRasa):
    """Says which content was rendered, how, and for which mood; only our NLG endpoint sets it."""

    response: str
    language: str
    emotion: dict[str, Any] | None = None
    opening: str | None = None
    remark: str | None = None
    intent: str | None = None
    slots: dict[str, Any] | None = None
    likely: list[str] = []
    cards: list[dict[str, Any]] = []


class _Custom(_FromRasa):
    balie: _Mark | None = None


class _RasaMessage(_FromRasa):
    text: str | None = None
    buttons: list[_Button] = []
    custom: _Custom | None = None

    @property
    def mark(self) -> _Mark | None:
        return self.custom.balie if self.custom is not None else None


class _Language(_FromRasa):
    code: str
    confidence: float


class _Intent(_FromRasa):
    name: str | None
    confidence: float


class _Keyword(_FromRasa):
    intent: str
    pattern: str
    text: str


class _Parse(_FromRasa):
    intent: _Intent
    language: _Language | None = None
    keywords: list[_Keyword] = []
    emotion: dict[str, Any] | None = None


_RASA_MESSAGES: Final = TypeAdapter(list[_RasaMessage])
_RASA_PARSE: Final = TypeAdapter(_Parse)


_ANYTHING: Final = TypeAdapter(dict[str, Any])
_BEGIN_AGAIN: Final = [
    {"event": "active_loop", "name": None},
    *(
        {"event": "slot", "name": name, "value": None}
        for name in ("requested_slot", "pending_task", "pending_change", "pending_advice", "waiting_task")
    ),
    {"event": "action", "name": "action_listen"},
]
"""Ends every flow that was under way."""


def as_typed(text: str) -> str:
    r"""Typed text as Rasa may see it: never a command, without what identifies a person.

    >>> as_typed("/restart") == "\u2060/restart"
    True
    """
    guarded = f"{SLASH_GUARD}{text}" if text.strip().startswith("/") else text
    return redact(guarded)


class RasaAssistant:
    """Asks a Rasa server through its REST channel, with one time limit over everything.

    Use as a context manager: it keeps connections open between turns.
    """

    def __init__(self, http: httpx.AsyncClient, *, token: str, timeout: timedelta) -> None:
        """Take over a client.

        Args:
            http: Its base address is the Rasa server's.
            token: Rasa's ``--auth-token``.
            timeout: For one whole question and answer.
        """
        self._http = http
        self._token = {"token": token}
        self._timeout_s = timeout.total_seconds()

    @classmethod
    def at(cls, url: str, *, token: str, timeout: timedelta) -> Self:
        """An assistant at an address such as ``http://127.0.0.1:5105``."""
        limits = httpx.Limits(keepalive_expiry=_KEEP_ALIVE_S)
        patience = httpx.Timeout(timeout.total_seconds(), connect=_CONNECT_TIMEOUT_S)
        http = httpx.AsyncClient(base_url=url, timeout=patience, limits=limits, trust_env=False)
        return cls(http, token=token, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """See :class:`balie.assistant.port.Assistant`."""
        question = _question(conversation_id, turn)
        messages = await self._ask("/webhooks/rest/webhook", question, _RASA_MESSAGES)
        return _answer(messages)

    async def begin_again(self, conversation_id: ConversationId) -> None:
        """See :class:`balie.assistant.port.Assistant`.

        Rasa is never paused: while an agent has the conversation, it is simply not asked (ADR 0085).
        """
        path = f"/conversations/{conversation_id}/tracker/events"
        await self._ask(path, _BEGIN_AGAIN, _ANYTHING)

    async def parse(self, text: str) -> Understanding:
        """See :class:`balie.assistant.port.Assistant`."""
        parsed = await self._ask("/model/parse", {"text": as_typed(text)}, _RASA_PARSE)
        return _understanding(parsed)

    async def is_ready(self) -> bool:
        """See :class:`balie.assistant.port.Assistant`."""
        try:
            response = await self._http.get("/status", params=self._token, timeout=_READY_TIMEOUT_S)
        except httpx.HTTPError:
            return False
        return response.is_success

    async def _ask(self, path: str, question: object, shape: TypeAdapter[Shape]) -> Shape:
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(path, params=self._token, json=question)
            return shape.validate_json(response.raise_for_status().content)
        except (httpx.HTTPError, httpx.InvalidURL, ValidationError, TimeoutError) as error:
            # The error's own text may quote the customer or the token: only its kind is told.
            raise AssistantUnavailableError(
                f"Rasa gave no usable answer ({type(error).__name__})."
            ) from error


def _question(conversation_id: ConversationId, turn: AssistantTurn) -> dict[str, Any]:
    return {
        "sender": str(conversation_id),
        "message": turn.payload if turn.payload is not None else as_typed(turn.text),
        "metadata": {
            "message_id": str(turn.message_id),
            "language": turn.explicit_language,
            "languages": list(turn.recent_languages),
            "page_language": turn.page_language,
        },
    }


def _answer(messages: Iterable[_RasaMessage]) -> AssistantAnswer:
    """Rasa splits a text at blank lines and sends the mark after it: put together what belongs together."""
    replies: list[AssistantReply] = []
    open_parts: list[_RasaMessage] = []
    language: str | None = None
    emotion: Emotion | None = None
    intent: str | None = None
    slots: dict[str, Any] | None = None
    likely: list[str] = []
    marked = False
    for message in messages:
        if message.text is not None:
            open_parts.append(message)
        if message.mark is not None:
            marked, language = True, message.mark.language
            emotion = emotion or read_emotion(message.mark.emotion)
            intent = intent or message.mark.intent
            likely = likely or message.mark.likely
            slots = message.mark.slots if message.mark.slots is not None else slots
            replies += _reply(open_parts, message.mark)
            open_parts = []
    if not marked:
        raise AssistantUnavailableError("Rasa answered without a mark: it failed, or did not use our texts.")
    replies += _reply(open_parts, None)
    return AssistantAnswer(tuple(replies), language, emotion, intent, slots, tuple(likely))


def _reply(parts: Iterable[_RasaMessage], mark: _Mark | None) -> list[AssistantReply]:
    parts = list(parts)
    text = "\n\n".join(part.text for part in parts if part.text).strip()
    if not text:
        return []
    buttons = tuple(
        AssistantButton(button.title, button.payload, button.url, button.card)
        for part in parts
        for button in part.buttons
        if (button.payload is None) != (button.url is None)
    )
    if mark is None:
        return [AssistantReply(text, buttons, None, None)]
    cards = tuple(map(ProductCard.from_document, mark.cards))
    return [AssistantReply(text, buttons, mark.response, mark.language, mark.opening, mark.remark, cards)]


def _understanding(parsed: _Parse) -> Understanding:
    language = parsed.language
    return Understanding(
        language=language.code if language else None,
        language_confidence=language.confidence if language else 0.0,
        intent=parsed.intent.name,
        confidence=parsed.intent.confidence,
        keywords=tuple(FiredKeyword(word.intent, word.pattern, word.text) for word in parsed.keywords),
        emotion=read_emotion(parsed.emotion),
    )
