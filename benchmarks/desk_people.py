"""Customers and agents of the delivery benchmark: what they send, what they are shown, and what is amiss."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import uuid4

import httpx
import websockets

ASKS: Final = "ik wil een mens"
DESK: Final = "/api/v1/desk"
RETRY_S: Final = 0.1
ANSWERED_WITHIN_S: Final = 5.0
REPLIES: Final = 5
"""Then the agent ends the conversation."""
THINKS_S: Final = (2.0, 6.0)
TALKS_EVERY_S: Final = 15.0
WAITS_EVERY_S: Final = 60.0


@dataclass(slots=True)
class Post:
    """One message on its way.

    Attributes:
        at: When it was sent first.
        is_live: Whether somebody looked at the conversation then.
        shown_at: When it stood before them.
    """

    at: float
    is_live: bool
    conversation: str
    is_accepted: bool = False
    shown_at: float | None = None


@dataclass(slots=True)
class Log:
    """Everything that was sent, and everything that was amiss."""

    from_customers: dict[str, Post] = field(default_factory=dict)
    from_agents: dict[str, Post] = field(default_factory=dict)
    doubled: int = 0
    gaps: int = 0
    refused: int = 0
    watched: set[str] = field(default_factory=set)
    """Conversations that an agent has before them."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Of every conversation."""
    ended: int = 0

    def see(self, last: int, sequence: int) -> int:
        """The number of the last message, after one more was shown."""
        self.doubled += sequence <= last
        self.gaps += sequence > last + 1
        return max(last, sequence)


class Line:
    """Requests and sockets that are tried again until they are answered."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self.url = url
        self.http = http
        self.is_over = False

    async def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        """The first answer that is one: repeated as it is when there is none, or no store."""
        while True:
            try:
                answer = await self.http.post(path, json=body, headers=headers, timeout=ANSWERED_WITHIN_S)
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(RETRY_S)

    async def events(
        self,
        path: Callable[[], str],
        headers: dict[str, str],
        greet: Callable[[Any], Awaitable[None]] | None = None,
    ) -> AsyncIterator[str]:
        """Everything a socket says, opened anew whenever it is lost."""
        address = self.url.replace("http", "ws", 1)
        while not self.is_over:
            try:
                async with websockets.connect(
                    f"{address}{path()}",
                    additional_headers=headers,
                    open_timeout=5,
                    max_size=None,
                    proxy=None,
                ) as socket:
                    if greet is not None:
                        await greet(socket)
                    async for event in socket:
                        yield str(event)
            except (OSError, TimeoutError, websockets.WebSocketException):
                pass
            await asyncio.sleep(RETRY_S)


class Customer:
    """Somebody who asks for a person, waits, talks, and leaves when it is dealt with."""

    def __init__(self, line: Line, log: Log, random: Random) -> None:
        self._line = line
        self._log = log
        self._random = random
        self.id = ""
        self.last = 0
        self._status = ""
        self._done = asyncio.Event()

    async def run(self) -> None:
        """Until the conversation is resolved."""
        opened = (await self._line.post("/api/v1/conversations", {"language": "nl"})).json()
        self.id, token = opened["id"], opened["token"]
        self._log.tokens[self.id] = token
        headers = {"Authorization": f"Bearer {token}"}
        listening = asyncio.create_task(self._listen(headers))
        try:
            await self._say(ASKS, headers)
            while not self._done.is_set():
                pause_s = TALKS_EVERY_S if self._status == "with_agent" else WAITS_EVERY_S
                await _wait_at_most(self._done, self._random.expovariate(1 / pause_s))
                if not self._done.is_set() and not self._line.is_over:
                    await self._say(f"klant {uuid4()}", headers)
            # What was said last still arrives.
            await asyncio.sleep(2)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
        self._log.ended += 1

    async def _say(self, text: str, headers: dict[str, str]) -> None:
        body = {"client_message_id": str(uuid4()), "text": text}
        post = Post(time.perf_counter(), self.id in self._log.watched, self.id)
        if text != ASKS:
            self._log.from_customers[text] = post
        answer = await self._line.post(f"/api/v1/conversations/{self.id}/messages", body, headers)
        post.is_accepted = answer.status_code == httpx.codes.ACCEPTED

    async def _listen(self, headers: dict[str, str]) -> None:
        def path() -> str:
            return f"/api/v1/conversations/{self.id}/live?after={self.last}"

        async for text in self._line.events(path, headers):
            event = json.loads(text)
            if event["type"] == "status":
                self._status = event["status"]
                if self._status == "resolved":
                    self._done.set()
            elif event["type"] == "message":
                message = event["message"]
                self.last = self._log.see(self.last, message["sequence"])
                post = self._log.from_agents.get(message["text"])
                if post is not None and post.shown_at is None:
                    post.shown_at = time.perf_counter()


class Agent:
    """Somebody who takes what is offered, answers, and ends it."""

    def __init__(self, line: Line, log: Log, random: Random, cookie: str) -> None:
        self._line = line
        self._log = log
        self._random = random
        self._headers = {"Cookie": f"balie_desk={cookie}", "X-Balie-Desk": "1"}
        self._socket: Any = None
        self.last: dict[str, int] = {}
        """The last message seen of each conversation that is theirs."""
        self._replies: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until it is over."""

        async def greet(socket: Any) -> None:
            self._socket = socket
            await self._watch()

        # A socket is opened by a page of the desk's own.
        headers = {**self._headers, "Origin": self._line.url}
        async for text in self._line.events(lambda: f"{DESK}/live", headers, greet):
            kind = text[10 : text.index('"', 10)]
            # The queue of a hundred is for people; what is offered is said besides.
            if kind in ("message", "mine", "offer", "error"):
                await self._hear(json.loads(text))

    async def stop(self) -> None:
        """Leave what has begun."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear(self, event: Any) -> None:
        match event["type"]:
            case "offer":
                self._start(self._accept(event["item"]["conversation_id"]))
            case "mine":
                own = {item["conversation_id"] for item in event["items"]}
                if own != set(self.last):
                    gone = set(self.last) - own
                    self._log.watched -= gone
                    self.last = {each: self.last.get(each, 0) for each in own}
                    await self._watch()
            case "message":
                self._see(event["conversation_id"], event["message"])

    async def _watch(self) -> None:
        await self._socket.send(json.dumps({"type": "watch", "conversations": self.last}))

    def _see(self, conversation: str, message: Any) -> None:
        if conversation not in self.last:
            return
        self.last[conversation] = self._log.see(self.last[conversation], message["sequence"])
        self._log.watched.add(conversation)
        post = self._log.from_customers.get(message["text"])
        if post is None or post.shown_at is not None:
            return
        post.shown_at = time.perf_counter()
        self._start(self._answer(conversation))

    async def _accept(self, conversation: str) -> None:
        await asyncio.sleep(self._random.uniform(0.5, 2.0))
        await self._line.post(f"{DESK}/conversations/{conversation}/accept", None, self._headers)

    async def _answer(self, conversation: str) -> None:
        await asyncio.sleep(self._random.uniform(*THINKS_S))
        if self._line.is_over or conversation not in self.last:
            return
        if self._replies.get(conversation, 0) >= REPLIES:
            wish = {"code": "solved", "note": ""}
            await self._line.post(f"{DESK}/conversations/{conversation}/resolve", wish, self._headers)
            return
        self._replies[conversation] = self._replies.get(conversation, 0) + 1
        text = f"collega {uuid4()}"
        post = self._log.from_agents[text] = Post(
            time.perf_counter(), is_live=True, conversation=conversation
        )
        body = {"client_message_id": str(uuid4()), "text": text}
        answer = await self._line.post(f"{DESK}/conversations/{conversation}/messages", body, self._headers)
        post.is_accepted = answer.status_code == httpx.codes.ACCEPTED
        self._log.refused += not post.is_accepted

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _wait_at_most(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
