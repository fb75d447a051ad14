"""A provider of messages with its customers' phones: the other side of docs/webhook-channel.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import uuid4

import httpx

from balie.channels.errors import SignatureInvalidError
from balie.channels.kinds import WEBHOOK_CHANNEL
from balie.channels.port import ChannelLimits
from balie.channels.signed_webhooks.signing import HEADER, check_signature, sign
from balie.channels.store import ChannelStore
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.contract.channels.driver import Courier, Person, Seen, Sent, Trouble
from tests.contract.channels.house import House

SECRET = "a secret that the provider and Balie share"
EVENTS = "/api/v1/channels/webhook/events"
LONGEST = 600
PATIENCE_S = 20.0


class ProviderRig:
    """See :class:`tests.contract.channels.driver.Rig`."""

    channel = WEBHOOK_CHANNEL
    house: House
    http: httpx.AsyncClient

    def __init__(self, port: int) -> None:
        self.port = port
        self.courier = Courier()
        self.troubles: deque[Trouble] = deque()
        self.refusals: list[int] = []
        """What the next messages are answered, in place of a yes."""
        self.phones: dict[str, Phone] = {}
        self.something = asyncio.Condition()

    @property
    def settings(self) -> dict[str, Any]:
        """How we find it."""
        return {
            "webhook_channel_url": f"http://127.0.0.1:{self.port}/balie",
            "webhook_channel_secret": SECRET,
            "webhook_channel_longest_text": LONGEST,
        }

    @property
    def limits(self) -> ChannelLimits:
        channels = self.house.services.channels
        assert channels is not None
        return next(one.limits for one in channels.of_customers if one.name == WEBHOOK_CHANNEL)

    def move_in(self, house: House) -> None:
        self.house = house
        self.http = httpx.AsyncClient(base_url=house.base_url, trust_env=False)

    async def person(self, name: str = "Sanne", *, language: str = "nl") -> Phone:
        phone = Phone(self, f"+316{len(self.phones):08}", language)
        self.phones[phone.chat] = phone
        return phone

    async def forge(self, text: str) -> int:
        """Signed with another secret."""
        event = {"id": str(uuid4()), "chat": next(iter(self.phones)), "type": "message", "text": text}
        body = json.dumps(event).encode()
        headers = {HEADER: sign("not the secret that the two share", body, self.house.clock())}
        return (await self.http.post(EVENTS, content=body, headers=headers)).status_code

    def fails(self, *troubles: Trouble) -> None:
        self.troubles.extend(troubles)

    async def carry(self) -> int:
        return await self.courier.carry()

    async def aclose(self) -> None:
        await self.http.aclose()

    async def hand_in(self, sent: Sent, event: dict[str, Any]) -> int:
        """Bring an event to Balie."""
        body = json.dumps(event).encode()
        headers = {HEADER: sign(SECRET, body, self.house.clock())}
        answer = await self.http.post(EVENTS, content=body, headers=headers)
        sent.refusal = answer.json()["error"]["code"] if 400 <= answer.status_code < 500 else None
        return answer.status_code

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection; our answers are lost when that is what a test wants."""
        try:
            while (status := await self._answer_one(reader)) is not None:
                writer.write(f"HTTP/1.1 {status} .\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer_one(self, reader: asyncio.StreamReader) -> int | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:]]
        headers = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        try:
            check_signature(SECRET, body, headers[HEADER.lower()], self.house.clock())
        except SignatureInvalidError:
            return 401
        event = json.loads(body)
        if event["type"] == "ping":
            return 204
        is_shown = event["type"] == "message"
        trouble = self.troubles.popleft() if is_shown and self.troubles else None
        if trouble is Trouble.REFUSED:
            return 500
        if is_shown and self.refusals:
            return self.refusals.pop(0)
        phone = self.phones.get(event["chat"])
        status = 204 if phone is None else phone.receives(event)
        async with self.something:
            self.something.notify_all()
        return None if trouble is Trouble.UNANSWERED else status


@dataclass
class Phone:
    """One customer's phone."""

    rig: ProviderRig
    chat: str
    language: str
    got: dict[str, dict[str, Any]] = field(default_factory=dict)
    off: set[str] = field(default_factory=set)
    is_typed_to: bool = False
    has_left: bool = False

    def receives(self, event: dict[str, Any]) -> int:
        """Show what comes, once per id; answers the HTTP status."""
        if self.has_left:
            return 410
        match event["type"]:
            case "message":
                self.got.setdefault(event["id"], event)
            case "keyboard_off":
                self.off.add(event["message"])
            case "typing":
                self.is_typed_to = True
        return 204

    async def says(self, text: str) -> Sent:
        return await self._bring({"type": "message", "text": text})

    async def presses(self, title: str) -> Sent:
        return await self._bring({"type": "press", "button_id": self.button(title)})

    async def presses_button_of(self, other: Person, title: str) -> Sent:
        return await self._bring({"type": "press", "button_id": cast("Phone", other).button(title)})

    def button(self, title: str) -> str:
        """The newest button with a title."""
        buttons = [button for event in self.got.values() for button in event["buttons"]]
        found: str = next(one["id"] for one in reversed(buttons) if one["title"] == title)
        return found

    async def sends_photo(self, content: bytes) -> Sent:
        return await self._bring({"type": "photo", "photo_base64": b64encode(content).decode()})

    async def edits(self, sent: Sent, text: str) -> Sent:
        return await self._bring({"type": "edit", "message": sent.id, "text": text})

    async def leaves(self, *, silently: bool = False) -> None:
        self.has_left = True
        if not silently:
            await self._bring({"type": "stopped"})

    async def returns(self) -> None:
        self.has_left = False
        await self._bring({"type": "started"})

    async def continues(self, code: str) -> Sent:
        return await self._bring({"type": "started", "code": code})

    async def sees(self) -> list[Seen]:
        return [self._seen(event) for event in self.got.values()]

    async def sees_typing(self) -> None:
        async with asyncio.timeout(PATIENCE_S), self.rig.something:
            await self.rig.something.wait_for(lambda: self.is_typed_to)

    async def conversation_id(self) -> ConversationId:
        store = ChannelStore(UnitOfWork(self.rig.house._engine))
        link = await store.find_link(WEBHOOK_CHANNEL, self.chat)
        assert link is not None
        return link.conversation_id

    def _seen(self, event: dict[str, Any]) -> Seen:
        is_off = event["id"] in self.off
        titles = tuple(one["title"] for one in event["buttons"] if "url" in one or not is_off)
        photos = tuple(b64decode(photo["jpeg_base64"]) for photo in event["photos"])
        return Seen(event["text"], titles, photos)

    async def _bring(self, what: dict[str, Any]) -> Sent:
        event = {"id": str(uuid4()), "chat": self.chat, "language": self.language, **what}

        async def send() -> int:
            return await self.rig.hand_in(sent, event)

        sent = Sent(event["id"], send)
        return await self.rig.courier.bring(sent)


@asynccontextmanager
async def provider() -> AsyncIterator[ProviderRig]:
    """A provider that listens."""
    rig: ProviderRig | None = None
    lines: dict[asyncio.Task[Any] | None, asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert rig is not None
        lines[asyncio.current_task()] = writer
        await rig.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**24)
    rig = ProviderRig(server.sockets[0].getsockname()[1])
    try:
        yield rig
    finally:
        server.close()
        for writer in lines.values():
            writer.close()
        await asyncio.gather(*(task for task in lines if task is not None))
        await server.wait_closed()
