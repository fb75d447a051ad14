"""Agents at their desks and customers who wait for them, over the real app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID, uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from balie.agents.kinds import Presence, Role
from balie.agents.views import AgentView
from balie.gateway.desk_access import COOKIE
from balie.handoff import steps
from balie.handoff.kinds import Reason
from balie.handoff.views import HandoffRequest
from balie.kernel.ids import ConversationId
from tests.support.agents import PASSWORD, add_agent
from tests.support.gateway import BASE_URL, Balie, Customer

DESK = "/api/v1/desk"
ASKED = "Mag ik iemand spreken?"


@dataclass
class AtDesk:
    """Somebody who is signed in, with a browser."""

    agent: AgentView
    http: httpx.AsyncClient

    @property
    def token(self) -> str:
        return self.http.cookies[COOKIE]

    async def step(self, customer: Customer, step: str, **body: Any) -> httpx.Response:
        return await self.http.post(f"/conversations/{customer.id}/{step}", json=body or None)

    async def accept(self, customer: Customer) -> dict[str, Any]:
        answer = await self.step(customer, "accept")
        assert answer.status_code == 200, answer.text
        item: dict[str, Any] = answer.json()
        return item

    async def write(self, customer: Customer, text: str, **more: Any) -> httpx.Response:
        message = {"client_message_id": str(uuid4()), "text": text, **more}
        return await self.http.post(f"/conversations/{customer.id}/messages", json=message)

    async def note(self, customer: Customer, text: str, **more: Any) -> httpx.Response:
        note = {"client_note_id": str(uuid4()), "text": text, **more}
        return await self.http.post(f"/conversations/{customer.id}/notes", json=note)

    async def page(self, customer: Customer, after: int = 0) -> dict[str, Any]:
        answer = await self.http.get(f"/conversations/{customer.id}", params={"after": after})
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    async def queue(self) -> list[str]:
        items = (await self.http.get("/queue")).json()["items"]
        return [item["conversation_id"] for item in items]

    async def listed(self, view: str, **more: str) -> list[str]:
        answer = await self.http.get("/conversations", params={"view": view, **more})
        assert answer.status_code == 200, answer.text
        return [item["conversation_id"] for item in answer.json()["items"]]


@asynccontextmanager
async def desk_browser(balie: Balie) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the desk's own page; nobody is signed in."""
    transport = httpx.ASGITransport(balie.app, raise_app_exceptions=False)
    headers = {"X-Balie-Desk": "1", "Origin": BASE_URL}
    async with httpx.AsyncClient(transport=transport, base_url=f"{BASE_URL}{DESK}", headers=headers) as http:
        yield http


async def sign_in(balie: Balie, browser: httpx.AsyncClient, role: Role) -> None:
    """Somebody new with this role."""
    agent = await add_agent(balie.agents, role=role)
    answer = await browser.post("/session", json={"email": agent.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text


@asynccontextmanager
async def at_desk(balie: Balie, first_name: str = "Sanne", **more: Any) -> AsyncIterator[AtDesk]:
    """An agent of the service team, signed in and online; ``more`` goes to the account."""
    agent = await add_agent(balie.agents, first_name, **more)
    await balie.agents.set_presence(agent.id, Presence.ONLINE)
    async with desk_browser(balie) as http:
        answer = await http.post("/session", json={"email": agent.email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        yield AtDesk(agent, http)


async def waiting(balie: Balie, text: str = ASKED, *, team: str = "service", **more: Any) -> Customer:
    """A customer who has said something and waits for somebody of a team."""
    customer = await balie.open(language="nl")
    await balie.conversations.record_customer_message(id_of(customer), text, client_message_id=uuid4())
    request = HandoffRequest(**{"reason": Reason.ASKED, "team": team, "language": "nl", **more})
    await balie.keeping.take(lambda book: steps.request(book.handoffs, id_of(customer), request, book.now))
    balie.conversations.bell.ring(id_of(customer))
    return customer


def id_of(customer: Customer) -> ConversationId:
    return ConversationId(UUID(customer.id))


class DeskSocket:
    """A desk's live socket in our words."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.subprotocol = connection.subprotocol

    @classmethod
    @asynccontextmanager
    async def of(cls, token: str, address: str, *, origin: str | None = None) -> AsyncIterator[Self]:
        async with connect(
            f"ws://{address}{DESK}/live",
            subprotocols=["balie.desk.v1"],  # type: ignore[list-item]
            additional_headers={"Cookie": f"{COOKIE}={token}"},
            origin=origin or f"http://{address}",  # type: ignore[arg-type]
            proxy=None,
        ) as connection:
            yield cls(connection)

    async def next_event(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            event: dict[str, Any] = json.loads(await self._connection.recv())
        return event

    async def until(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Every event up to one of this kind with these fields."""
        events = [await self.next_event()]
        while events[-1]["type"] != kind or any(events[-1].get(name) != v for name, v in fields.items()):
            events.append(await self.next_event())
        return events

    async def list_of(self, kind: str, *customers: Customer) -> dict[str, Any]:
        """The first event of this kind that lists just these."""
        while True:
            event = (await self.until(kind))[-1]
            if [item["conversation_id"] for item in event["items"]] == [each.id for each in customers]:
                return event

    async def send(self, event: object) -> None:
        await self._connection.send(event if isinstance(event, str | bytes) else json.dumps(event))

    async def watch(self, **after: int) -> None:
        await self.send({"type": "watch", "conversations": after})

    async def settle(self) -> list[dict[str, Any]]:
        """Everything that comes before the answer to a ping."""
        await self.send({"type": "ping"})
        return (await self.until("pong"))[:-1]

    async def close_code(self) -> int | None:
        async with asyncio.timeout(5):
            with suppress(ConnectionClosed):
                async for _ in self._connection:
                    pass
        return self._connection.close_code
