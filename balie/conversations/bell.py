"""Tells whoever listens to a conversation that there is something new; what it is, is read from the store."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from balie.conversations.views import Author
from balie.kernel.ids import ConversationId


@dataclass(frozen=True, slots=True)
class Rung:
    """Something was stored: read on from the last sequence number you have."""


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody began, or ended, preparing a message."""

    active: bool
    author: Author = Author.ASSISTANT


@dataclass(frozen=True, slots=True)
class BasketChanged:
    """Something else lies in the basket: look again."""


@dataclass(frozen=True, slots=True)
class PlaceChanged:
    """The customer's place in a queue is another; told as it is, because so many hear it at once.

    Attributes:
        position: 1 is next.
        wait_minutes: From how many to how many; None when nobody knows.
    """

    position: int
    wait_minutes: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Edited:
    """The customer has put another text in place of a message: look at it again."""

    sequence: int


Signal = Rung | Typing | BasketChanged | PlaceChanged | Edited

WriterTold = Callable[[ConversationId, Typing], None]

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
        if self._waiting and isinstance(signal, PlaceChanged) and isinstance(self._waiting[-1], PlaceChanged):
            self._waiting.pop()
        if len(self._waiting) >= MOST_WAITING:
            edits = dict.fromkeys(each for each in self._waiting if isinstance(each, Edited))
            self._waiting.clear()
            self._waiting.extend((*edits, Rung(), BasketChanged()))
        self._waiting.append(signal)
        self._something.set()

    async def next_signal(self) -> Signal:
        """The oldest signal not yet taken; waits for one."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        return self._waiting.popleft()


@dataclass(frozen=True, slots=True)
class Changes:
    """What a watcher has not heard yet.

    Attributes:
        rung: Conversations in which something was stored.
        typing: Who types in which conversation, or does no longer.
        edited: Which messages say something else by now.
    """

    rung: frozenset[ConversationId]
    typing: Mapping[ConversationId, Typing]
    edited: Mapping[ConversationId, frozenset[int]]


class Watcher:
    """One ear at every conversation. However slow it is, it holds each conversation at most once."""

    def __init__(self) -> None:
        self._rung: set[ConversationId] = set()
        self._typing: dict[ConversationId, Typing] = {}
        self._edited: dict[ConversationId, frozenset[int]] = {}
        self._something = asyncio.Event()

    def tell(self, conversation_id: ConversationId, signal: Signal) -> None:
        """Add a signal."""
        match signal:
            case Rung():
                self._rung.add(conversation_id)
            case Typing(author=Author.CUSTOMER):
                self._typing[conversation_id] = signal
            case Edited(sequence=sequence):
                self._rung.add(conversation_id)
                self._edited[conversation_id] = self._edited.get(conversation_id, frozenset()) | {sequence}
            case _:
                return
        self._something.set()

    def wake(self) -> None:
        """End :meth:`next_changes`, with nothing if there is nothing."""
        self._something.set()

    async def next_changes(self) -> Changes:
        """Everything since the last time; waits until there is something."""
        await self._something.wait()
        self._something.clear()
        changes = Changes(frozenset(self._rung), dict(self._typing), dict(self._edited))
        self._rung.clear()
        self._typing.clear()
        self._edited.clear()
        return changes


class Bell:
    """Rings within this process, from code that runs in its event loop."""

    def __init__(self) -> None:
        self._listeners: dict[ConversationId, set[Listener]] = {}
        self._watchers: set[Watcher] = set()
        self._typing: set[tuple[ConversationId, Author]] = set()
        self._told_of_writers: set[WriterTold] = set()

    @contextmanager
    def listening(self, conversation_id: ConversationId) -> Iterator[Listener]:
        """A listener that hears everything until the block ends, and first whether there is typing now."""
        listener = Listener()
        for author in (Author.ASSISTANT, Author.AGENT):
            if (conversation_id, author) in self._typing:
                listener.tell(Typing(active=True, author=author))
        self._listeners.setdefault(conversation_id, set()).add(listener)
        try:
            yield listener
        finally:
            others = self._listeners[conversation_id]
            others.discard(listener)
            if not others:
                del self._listeners[conversation_id]

    @contextmanager
    def watching(self) -> Iterator[Watcher]:
        """A watcher that hears of every conversation until the block ends."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)

    @contextmanager
    def telling_of_writers(self, tell: WriterTold) -> Iterator[None]:
        """Until the block ends, ``tell`` is called when somebody begins or ends writing to a customer.

        It is called at once, for every conversation, and must not take long.
        """
        self._told_of_writers.add(tell)
        try:
            yield
        finally:
            self._told_of_writers.discard(tell)

    def is_present(self, conversation_id: ConversationId) -> bool:
        """Whether the customer has the conversation in front of them, as far as this process knows."""
        return conversation_id in self._listeners

    def ring(self, conversation_id: ConversationId) -> None:
        """Say that something was stored."""
        self._tell(conversation_id, Rung())

    def ring_for_edit(self, conversation_id: ConversationId, sequence: int) -> None:
        """Say that a message reads differently by now."""
        self._tell(conversation_id, Edited(sequence))

    def ring_for_basket(self, conversation_id: ConversationId) -> None:
        """Say that something else lies in the basket that this conversation fills."""
        self._tell(conversation_id, BasketChanged())

    def tell_place(
        self, conversation_id: ConversationId, position: int, wait_minutes: tuple[int, int] | None
    ) -> None:
        """Say where the customer stands, to their own pages and to nobody else."""
        for listener in self._listeners.get(conversation_id, ()):
            listener.tell(PlaceChanged(position, wait_minutes))

    def show_typing(
        self, conversation_id: ConversationId, *, active: bool, author: Author = Author.ASSISTANT
    ) -> None:
        """Say that somebody began or ended preparing a message."""
        if active:
            self._typing.add((conversation_id, author))
        else:
            self._typing.discard((conversation_id, author))
        self._tell(conversation_id, Typing(active, author))

    def _tell(self, conversation_id: ConversationId, signal: Signal) -> None:
        for watcher in self._watchers:
            watcher.tell(conversation_id, signal)
        if isinstance(signal, Typing):
            if signal.author is Author.CUSTOMER:
                return
            for tell in tuple(self._told_of_writers):
                tell(conversation_id, signal)
        for listener in self._listeners.get(conversation_id, ()):
            listener.tell(signal)
