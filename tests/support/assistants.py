"""An assistant for tests: says what it was told to say, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.port import (
    AssistantAnswer,
    AssistantButton,
    AssistantReply,
    AssistantTurn,
    Understanding,
)
from balie.kernel.ids import ConversationId

Behaviour = Callable[[AssistantTurn], AssistantAnswer]


def saying(*texts: str, language: str | None = "nl", response: str = "utter_test") -> AssistantAnswer:
    return AssistantAnswer(tuple(AssistantReply(text, (), response, language) for text in texts), language)


SILENCE = saying(language="nl")
MENU = AssistantAnswer(
    (
        AssistantReply(
            "Wat wil je doen?",
            (
                AssistantButton("Volg mijn pakket", payload="/track_order"),
                AssistantButton("Winkels", url="https://shop.example/stores"),
            ),
            "utter_menu",
            "nl",
        ),
    ),
    "nl",
)


def echo(turn: AssistantTurn) -> AssistantAnswer:
    return saying(f"U zei: {turn.text}")


@dataclass
class FakeAssistant:
    """Answers at once with ``behaviour``; holds its answer back while ``gate`` is closed."""

    behaviour: Behaviour = echo
    asked: list[tuple[ConversationId, AssistantTurn]] = field(default_factory=list)
    reading: Callable[[str], Understanding] = lambda _: Understanding("nl", 1.0, "greet", 1.0, ())
    parsed: list[str] = field(default_factory=list)
    begun_again: list[ConversationId] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    is_up: bool = True
    running: int = 0
    most_running: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def wait_until_running(self, turns: int) -> None:
        while self.running < turns:
            self._changed.clear()
            await self._changed.wait()

    @property
    def texts(self) -> list[str]:
        return [turn.text for _, turn in self.asked]

    async def reply_to(self, conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        self.asked.append((conversation_id, turn))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self._changed.set()
        try:
            await self.gate.wait()
            if not self.is_up:
                raise AssistantUnavailableError("Down for a test.")
            return self.behaviour(turn)
        finally:
            self.running -= 1

    async def parse(self, text: str) -> Understanding:
        self.parsed.append(text)
        if not self.is_up:
            raise AssistantUnavailableError("Down for a test.")
        return self.reading(text)

    async def begin_again(self, conversation_id: ConversationId) -> None:
        if not self.is_up:
            raise AssistantUnavailableError("Down for a test.")
        self.begun_again.append(conversation_id)

    async def is_ready(self) -> bool:
        return self.is_up
