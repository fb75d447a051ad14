"""Tells whoever listens to a conversation that there is something new; what it is, is read from the store."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from balie.kernel.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Rung:
    """Something was stored: read on from the last sequence number you have."""


@dataclass(frozen=True, slots=True)
class Typing:
    """The assistant began, or ended, preparing an answer."""

    active: bool


@dataclass(frozen=True, slots=True)
class BasketChanged:
    """Something else lies in the basket: look again."""


Signal = Rung | Typing | BasketChanged

MOST_WAITING = 32


class Listener:
    """One ear at one conversation. Signals keep their order; repeats in a row become one."""

    def __init__(self) -> None:
        self._waiting: deque[Signal] = deque()
        self._something = asyncio.Event()

    def tell(self, signal: Signal) -> None:
        """Add a signal; a listener that is too slow gets the sum of what it missed."""
        if self._waiting and self._waiting[-1] == signal:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._waiting.extend((Rung(), BasketChanged()))
        self._waiting.append(signal)
        self._something.set()

    async def next_signal(self) -> Signal:
        """The oldest signal not yet taken; waits for one."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        return self._waiting.popleft()


class Bell:
    """Rings within this process, from code that runs in its event loop."""

    def __init__(self) -> None:
        self._listeners: dict[ConversationId, set[Listener]] = {}
        self._typing: set[ConversationId] = set()

    @contextmanager
    def listening(self, conversation_id: ConversationId) -> Iterator[Listener]:
        """A listener that hears everything until the block ends, and first whether there is typing now."""
        listener = Listener()
        if conversation_id in self._typing:
            listener.tell(Typing(active=True))
        self._listeners.setdefault(conversation_id, set()).add(listener)
        try:
            yield listener
        finally:
            others = self._listeners[conversation_id]
            others.discard(listener)
            if not others:
                del self._listeners[conversation_id]

    def ring(self, conversation_id: ConversationId) -> None:
        """Say that something was stored."""
        self._tell(conversation_id, Rung())

    def ring_for_basket(self, conversation_id: ConversationId) -> None:
        """Say that something else lies in the basket that this conversation fills."""
        self._tell(conversation_id, BasketChanged())

    def show_typing(self, conversation_id: ConversationId, *, active: bool) -> None:
        """Say that the assistant began or ended preparing an answer."""
        if active:
            self._typing.add(conversation_id)
        else:
            self._typing.discard(conversation_id)
        self._tell(conversation_id, Typing(active))

    def _tell(self, conversation_id: ConversationId, signal: Signal) -> None:
        for listener in self._listeners.get(conversation_id, ()):
            listener.tell(signal)
