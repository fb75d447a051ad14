"""A small HTTP server in Rasa's place: it says what Rasa's REST channel would, or what it never should."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.types import Receive, Scope, Send

from balie.assistant.port import AssistantAnswer, AssistantReply
from balie.gateway.server import bind, serving

TOKEN = "a token for tests"


def as_rasa_says(answer: AssistantAnswer) -> list[dict[str, Any]]:
    """How Rasa's REST channel passes on what our NLG endpoint rendered: parts, then the mark."""
    reading = None if answer.emotion is None else answer.emotion.as_document()
    if not answer.replies:
        return [_mark("utter_silence", answer.language, emotion=reading)]
    first, *others = answer.replies
    return [
        *_messages(first, emotion=reading),
        *(message for reply in others for message in _messages(reply)),
    ]


def _messages(reply: AssistantReply, **reading: Any) -> list[dict[str, Any]]:
    buttons = [
        {"title": button.title, "payload": button.payload}
        if button.url is None
        else {"title": button.title, "url": button.url}
        for button in reply.buttons
    ]
    if buttons:
        parts: list[dict[str, Any]] = [{"recipient_id": "x", "text": reply.text, "buttons": buttons}]
    else:
        # rasa/core/channels/channel.py: plain texts are split at blank lines, texts with buttons are not.
        parts = [{"recipient_id": "x", "text": part} for part in reply.text.split("\n\n")]
    said = {"opening": reply.opening, "remark": reply.remark}
    return [*parts, _mark(reply.response, reply.language, **said, **reading)]


def _mark(response: str | None, language: str | None, **more: Any) -> dict[str, Any]:
    known = {name: value for name, value in more.items() if value is not None}
    return {"recipient_id": "x", "custom": {"balie": {"response": response, "language": language, **known}}}


@dataclass
class RasaStandIn:
    """Answers every call with ``status`` and ``body``; holds the answer back while ``gate`` is closed."""

    status: int = 200
    body: bytes = b"[]"
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def __post_init__(self) -> None:
        self.gate.set()

    def will_say(self, messages: object) -> None:
        self.status, self.body = 200, json.dumps(messages).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        is_ours = parse_qs(scope["query_string"].decode()).get("token") == [TOKEN]
        self.asked.append((scope["path"], json.loads(body or b"null")))
        await self.gate.wait()
        await send({"type": "http.response.start", "status": self.status if is_ours else 401, "headers": []})
        await send({"type": "http.response.body", "body": self.body})


@asynccontextmanager
async def rasa_stand_in() -> AsyncIterator[RasaStandIn]:
    stand_in = RasaStandIn()
    listening = bind("127.0.0.1", 0, setting="-")
    stand_in.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with serving(stand_in, listening):
        yield stand_in
        stand_in.gate.set()
