"""What the server does wrong on demand. A fault is used up after ``times`` requests."""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Literal

from tests.support.bot_api.refusals import Refusal, bad_request, too_many
from tests.support.bot_api.updates import Disorder, UpdateQueue

Trouble = Literal["refuse", "hang", "drop", "slow"]


@dataclass
class Fault:
    """One kind of trouble, for one method or any, in one chat or any."""

    trouble: Trouble
    method: str | None = None
    chat: int | None = None
    times: int = 1
    is_after: bool = False
    """Whether the request is done all the same, and only its answer is lost."""
    refusal: Refusal | None = None
    seconds: float = 0.0
    is_lasting: bool = False
    """From the first time that it strikes it goes on for so many seconds."""
    ends_at: float | None = None
    """Monotonic seconds."""

    def is_about(self, method: str, chat: int | None) -> bool:
        """Whether it strikes this request."""
        if self.ends_at is not None and time.monotonic() >= self.ends_at:
            return False
        right_method = self.method is None or self.method.lower() == method.lower()
        return self.times > 0 and right_method and self.chat in (None, chat)


class Faults:
    """The switches of a test. A fault without a method strikes any, except ``getUpdates`` and
    ``download``: that is the fetching of a file."""

    def __init__(self, queue: UpdateQueue, lock: threading.RLock) -> None:
        self._queue = queue
        self._lock = lock
        self._waiting: list[Fault] = []
        self._rates: tuple[float, float] | None = None
        self._sent: dict[int | None, deque[float]] = defaultdict(deque)
        self.impatient = 0
        """Requests that came although a 429 had said to wait."""

    def too_many(
        self,
        method: str | None = None,
        *,
        retry_after: int = 1,
        chat: int | None = None,
        times: int = 1,
        lasting: bool = False,
    ) -> None:
        """429; ``lasting``: for the whole time, counting who comes too early in ``impatient``."""
        fault = Fault("refuse", method, chat, times, refusal=too_many(retry_after), seconds=retry_after)
        if lasting:
            fault.is_lasting, fault.times = True, 10**6
        self._add(fault)

    def fails(
        self, method: str | None = None, *, status: int = 500, chat: int | None = None, times: int = 1,
        after: bool = False,
    ) -> None:  # fmt: skip
        """500 (or another status), before or after the request was done."""
        words = {500: "Internal Server Error", 502: "Bad Gateway", 401: "Unauthorized", 404: "Not Found"}
        refusal = Refusal(status, words.get(status, "Internal Server Error"))
        self._add(Fault("refuse", method, chat, times, after, refusal))

    def refuses(self, method: str, why: str, *, chat: int | None = None, times: int = 1) -> None:
        """400 with any words."""
        self._add(Fault("refuse", method, chat, times, False, bad_request(why)))

    def hangs(
        self, method: str | None = None, *, chat: int | None = None, times: int = 1, after: bool = False
    ) -> None:
        """No answer ever, before or after the request was done: the bot's time-out."""
        self._add(Fault("hang", method, chat, times, after))

    def drops(
        self, method: str | None = None, *, chat: int | None = None, times: int = 1, after: bool = False
    ) -> None:
        """The connection breaks off in the answer, before or after the request was done."""
        self._add(Fault("drop", method, chat, times, after))

    def slow(
        self, method: str | None = None, *, seconds: float, chat: int | None = None, times: int = 1
    ) -> None:
        """The answer takes a while (a slow upload)."""
        self._add(Fault("slow", method, chat, times, False, None, seconds))

    def rates(self, *, per_second: float = 30, per_chat_per_second: float = 3) -> None:
        """Refuse, as the real one does, what is sent faster than this."""
        self._rates = (per_second, per_chat_per_second)

    def updates(
        self, *, doubled: float = 0.0, reordered: float = 0.0, within_chat: bool = True, seed: int = 1
    ) -> None:
        """Double and mix up this share of the updates from now on."""
        self._queue.disorder = Disorder(doubled, reordered, within_chat, random.Random(seed))

    def clear(self) -> None:
        """All goes well from now on."""
        with self._lock:
            self._waiting.clear()
            self._rates = None
            self._queue.disorder = Disorder()

    def left(self) -> int:
        """Faults that have not struck yet, or not often enough."""
        with self._lock:
            return sum(fault.times > 0 and not fault.is_lasting for fault in self._waiting)

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault that strikes this request, used up by one."""
        with self._lock:
            for fault in self._waiting:
                named = fault.method is not None or method not in {"getUpdates", "download"}
                if named and fault.is_about(method, chat):
                    fault.times -= 1
                    self.impatient += fault.ends_at is not None
                    if fault.is_lasting and fault.ends_at is None:
                        fault.ends_at = time.monotonic() + fault.seconds
                    return fault
            return self._too_fast(method, chat)

    def _add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def _too_fast(self, method: str, chat: int | None) -> Fault | None:
        if self._rates is None or not method.startswith(("send", "edit")) or method == "sendChatAction":
            return None
        now = time.monotonic()
        for key, rate in zip((None, chat), self._rates, strict=True):
            sent = self._sent[key]
            while sent and sent[0] <= now - 1:
                sent.popleft()
            if len(sent) >= rate:
                return Fault("refuse", refusal=too_many(1))
        self._sent[None].append(now)
        self._sent[chat].append(now)
        return None
