"""The website: a browser with the widget's protocol, over HTTP and a websocket that may break at any time."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from balie.channels.port import WEBSITE_LIMITS, ChannelLimits
from balie.channels.rendering import as_plain
from balie.channels.rich_text import parse_marks
from balie.conversations.views import Author
from balie.kernel.ids import ConversationId
from tests.contract.channels.driver import Courier, Person, Seen, Sent, Trouble
from tests.contract.channels.house import House

API = "/api/v1/conversations"
PATIENCE_S = 20.0


class WidgetRig:
    """See :class:`tests.contract.channels.driver.Rig`."""

    channel = "web_widget"

    house: House
    http: httpx.AsyncClient

    def __init__(self) -> None:
        self.courier = Courier()
        self.troubles: deque[Trouble] = deque()
        self._browsers: list[Browser] = []

    def move_in(self, house: House) -> None:
        self.house = house
        self.http = httpx.AsyncClient(base_url=house.base_url, trust_env=False)

    @property
    def limits(self) -> ChannelLimits:
        return WEBSITE_LIMITS

    async def person(
        self, name: str = "Sanne", *, language: str = "nl", customer_token: str | None = None
    ) -> Browser:
        browser = Browser(self, name, language, customer_token)
        self._browsers.append(browser)
        return browser

    async def forge(self, text: str) -> int:
        """A message with a token that we never gave, into a conversation that there is."""
        there = await self.person()
        await there.open()
        body = {"client_message_id": str(uuid4()), "text": text}
        headers = {"Authorization": f"Bearer {there.token[:-4]}AAAA"}
        answer = await self.http.post(f"{API}/{there.id}/messages", json=body, headers=headers)
        return answer.status_code

    def fails(self, *troubles: Trouble) -> None:
        self.troubles.extend(troubles)

    async def carry(self) -> int:
        return await self.courier.carry()

    async def aclose(self) -> None:
        for browser in self._browsers:
            await browser.leaves()
        await self.http.aclose()


@dataclass
class Browser:
    """One customer's page: it keeps the highest sequence that it has, and asks for what comes after it."""

    rig: WidgetRig
    name: str
    language: str
    customer_token: str | None = None
    id: str = ""
    token: str = ""
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    photos: dict[str, bytes] = field(default_factory=dict)
    typing: asyncio.Event = field(default_factory=asyncio.Event)
    status: dict[str, Any] = field(default_factory=dict)
    _socket: ClientConnection | None = None

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def _path(self) -> str:
        return f"{API}/{self.id}"

    async def open(self) -> None:
        """Open a conversation, unless there is one."""
        if self.id:
            return
        body = {"language": self.language}
        if self.customer_token is not None:
            body["customer_token"] = self.customer_token
        answer = await self.rig.http.post(API, json=body)
        assert answer.status_code == 201, answer.text
        self.id, self.token = answer.json()["id"], answer.json()["token"]

    async def conversation_id(self) -> ConversationId:
        await self.open()
        return ConversationId(UUID(self.id))

    async def says(self, text: str) -> Sent:
        return await self._post({"text": text})

    async def presses(self, title: str) -> Sent:
        await self.sees()
        return await self._post({"button_id": self.button(title)})

    async def presses_button_of(self, other: Person, title: str) -> Sent:
        return await self._post({"button_id": cast("Browser", other).button(title)})

    def button(self, title: str) -> str:
        """The newest button with a title."""
        buttons = [button for _, shown in sorted(self.shown.items()) for button in shown["buttons"]]
        found: str = next(button["id"] for button in reversed(buttons) if button["title"] == title)
        return found

    async def sends_photo(self, content: bytes) -> Sent:
        await self.open()
        sent_id = str(uuid4())
        headers = {**self._headers, "Content-Type": "image/jpeg"}
        url = f"{self._path}/photos?client_message_id={sent_id}"
        return await self._bring(sent_id, url, content=content, headers=headers)

    async def edits(self, sent: Sent, text: str) -> Sent:
        raise NotImplementedError

    async def leaves(self, *, silently: bool = False) -> None:
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    async def returns(self) -> None:
        await self._connect()

    async def continues(self, code: str) -> Sent:
        """Open a page with the code in its address."""
        sent = Sent(code, lambda: self._claim(code))
        sent.status = await sent.send()
        return sent

    async def sees(self) -> list[Seen]:
        await self.open()
        await self._catch_up()
        said = [one for _, one in sorted(self.shown.items()) if one["author"] != Author.CUSTOMER.value]
        return [await self._seen(message) for message in said]

    async def sees_typing(self) -> None:
        await self.open()
        async with asyncio.timeout(PATIENCE_S):
            while not self.typing.is_set():
                await self._hear()

    async def _claim(self, code: str) -> int:
        answer = await self.rig.http.post(f"{API}/claims", json={"code": code})
        if answer.status_code == 200:
            await self.leaves()
            self.id, self.token = answer.json()["id"], answer.json()["token"]
            self.shown.clear()
        return answer.status_code

    async def _post(self, what: dict[str, str]) -> Sent:
        await self.open()
        sent_id = str(uuid4())
        body = {"client_message_id": sent_id, **what}
        return await self._bring(sent_id, f"{self._path}/messages", json=body, headers=self._headers)

    async def _bring(self, sent_id: str, url: str, **request: Any) -> Sent:
        async def send() -> int:
            answer = await self.rig.http.post(url, **request)
            sent.refusal = answer.json()["error"]["code"] if 400 <= answer.status_code < 500 else None
            return answer.status_code

        sent = Sent(sent_id, send)
        return await self.rig.courier.bring(sent)

    async def _seen(self, message: dict[str, Any]) -> Seen:
        photos = [await self._photo(photo["id"]) for photo in message["photos"]]
        is_newest = message["sequence"] == max(self.shown)
        # As web/widget/src/layout.ts does: what is no longer asked cannot be answered, links stay.
        titles = tuple(one["title"] for one in message["buttons"] if is_newest or "url" in one)
        return Seen(as_plain(parse_marks(message["text"])), titles, tuple(photos))

    async def _photo(self, photo_id: str) -> bytes:
        if photo_id not in self.photos:
            answer = await self.rig.http.get(f"{self._path}/photos/{photo_id}", headers=self._headers)
            assert answer.status_code == 200, answer.text
            self.photos[photo_id] = answer.content
        return self.photos[photo_id]

    async def _catch_up(self) -> None:
        last = await self._last_sequence()
        async with asyncio.timeout(PATIENCE_S):
            while max(self.shown, default=0) < last:
                await self._hear()

    async def _last_sequence(self) -> int:
        answer = await self.rig.http.get(
            f"{self._path}/messages", params={"after": 2**31 - 1}, headers=self._headers
        )
        assert answer.status_code == 200, answer.text
        last: int = answer.json()["last_sequence"]
        return last

    async def _hear(self) -> None:
        """The next event; a connection that breaks is made anew, from what is already shown."""
        try:
            if self._socket is None:
                await self._connect()
            assert self._socket is not None
            event = json.loads(await self._socket.recv())
        except (ConnectionClosed, WebSocketException, OSError):
            self._socket = None
            return
        if event["type"] == "message" and await self._is_lost(event["message"]):
            return
        match event["type"]:
            case "message":
                self.shown[event["message"]["sequence"]] = event["message"]
            case "typing" if event["active"]:
                self.typing.set()
            case "status":
                self.status = event

    async def _is_lost(self, message: dict[str, Any]) -> bool:
        """Whether the line breaks before a message is shown, or before anybody noted that it was."""
        if not self.rig.troubles or message["author"] == Author.CUSTOMER.value:
            return False
        trouble = self.rig.troubles.popleft()
        await self.leaves()
        if trouble is Trouble.UNANSWERED:
            self.shown[message["sequence"]] = message
            await self._connect(after=message["sequence"] - 1)
        return True

    async def _connect(self, after: int | None = None) -> None:
        shown = max(self.shown, default=0) if after is None else after
        url = f"ws://{self.rig.house.address}{self._path}/live?after={shown}"
        protocols = ["balie.v1", f"token.{self.token}"]
        self._socket = await connect(url, subprotocols=protocols, proxy=None)  # type: ignore[arg-type]
