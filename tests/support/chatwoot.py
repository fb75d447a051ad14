"""A small Chatwoot: the agent-bot protocol of docs/chatwoot.md, and every nasty thing it may do.

It keeps its own books, so a test can compare what it holds with what we hold. Its API is an ASGI app; its
events go to whatever ``hand_in`` leads to. Events wait in ``outbox`` until a test lets them go: in order,
doubled, mixed up, or lost.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.types import Receive, Scope, Send

BOT_TOKEN = "the bot's token"
AGENT_TOKEN = "an agent's token"
ACCOUNT = 1
URL = "http://chatwoot.example"
PATIENCE_S = 5.0
RETRIES = 3

_PATH = re.compile(r"/api/v1/accounts/(\d+)(?:/conversations/(\d+)/(\w+)|/(inboxes))?")

HandIn = Callable[[dict[str, Any]], Awaitable[int]]
"""Brings an event to Balie; answers the HTTP status."""


@dataclass
class Conversation:
    """One conversation, as Chatwoot keeps it."""

    id: int
    status: str = "pending"
    assignee: dict[str, Any] | None = None
    team: int | None = None
    priority: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    language: str = "nl"
    updated_at: float = 0.0
    first_reply: str | None = None

    def said_to_customer(self) -> list[str]:
        """What the customer was told, in order."""
        return [
            one["content"]
            for one in self.messages
            if one["message_type"] == "outgoing" and not one["private"]
        ]

    def notes(self) -> list[str]:
        """What only agents see."""
        return [one["content"] for one in self.messages if one["private"]]


@dataclass(frozen=True)
class Call:
    """A request that came in."""

    method: str
    path: str
    token: str
    body: Any

    @property
    def what(self) -> str:
        """``messages``, ``note``, ``toggle_status:open``, …"""
        name = self.path.rpartition("/")[2]
        if name == "messages" and self.method == "POST":
            return "note" if self.body["private"] else "messages"
        return f"{name}:{self.body['status']}" if name == "toggle_status" else name


class StandInChatwoot:
    """The desk. Everything that happens is in ``calls`` and ``conversations``."""

    def __init__(self) -> None:
        self.conversations: dict[int, Conversation] = {}
        self.calls: list[Call] = []
        self.outbox: list[dict[str, Any]] = []
        self.troubles: list[str] = []
        """What goes wrong with the next calls: a status, ``500 after`` or ``lost after`` it was done."""
        self.called = asyncio.Event()
        self.opened_by_error = 0
        self.inboxes: list[dict[str, Any]] = []
        self.settings: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        self.hand_in: HandIn | None = None
        self.patience_s = PATIENCE_S
        self._ids = itertools.count(101)
        self._moments = itertools.count(1_700_000_000)

    # What people do.

    def open(self, *, language: str = "nl", status: str = "pending") -> Conversation:
        """A customer opens a conversation in an inbox with an assistant."""
        conversation = Conversation(next(self._ids), status, language=language)
        self.conversations[conversation.id] = conversation
        return conversation

    def customer_says(
        self, conversation: Conversation, text: str | None, *, files: tuple[tuple[str, bytes], ...] = ()
    ) -> dict[str, Any]:
        """Whoever writes after the end gets the assistant again; a snoozed one goes to people."""
        back = {"resolved": "pending", "snoozed": "open"}
        conversation.status = back.get(conversation.status, conversation.status)
        message = self._message(
            conversation, text, "incoming", {"id": 7, "name": "Sanne", "email": "s@x.example"}
        )
        message["attachments"] = [self._file(kind, content) for kind, content in files]
        return self._tell_message(conversation, message, "message_created")

    def customer_chooses(self, conversation: Conversation, message_id: int, value: str) -> dict[str, Any]:
        """In Chatwoot's widget a choice changes the message that offered it."""
        message = next(one for one in conversation.messages if one["id"] == message_id)
        message["content_attributes"]["submitted_values"] = [{"title": "?", "value": value}]
        self._touch(conversation)
        return self._tell_message(conversation, message, "message_updated", new=False)

    def agent_writes(self, conversation: Conversation, text: str, *, private: bool = False) -> dict[str, Any]:
        """A person writes to the customer, or to other agents."""
        sender = {"id": 3, "name": "Joris Agent", "email": "joris@x.example", "type": "user"}
        message = self._message(conversation, text, "outgoing", sender, private=private)
        if not private:
            conversation.first_reply = "2026-11-03T10:00:00Z"
        return self._tell_message(conversation, message, "message_created")

    def agent_takes(self, conversation: Conversation) -> None:
        """A person assigns it to themselves, which opens it."""
        conversation.assignee = {"id": 3, "name": "Joris Agent"}
        self._set_status(conversation, "open")

    def agent_gives_back(self, conversation: Conversation) -> None:
        """There is no event for this."""
        conversation.status, conversation.assignee = "pending", None
        self._touch(conversation)

    def agent_resolves(self, conversation: Conversation) -> None:
        """The work is done."""
        self._set_status(conversation, "resolved")

    def look_at_widget(self) -> dict[str, Any]:
        """Somebody opens the page."""
        return self._tell(
            {"event": "webwidget_triggered", "id": 55, "account": {"id": ACCOUNT}, "event_info": {}}
        )

    # How events get to us.

    async def deliver(self, *events: dict[str, Any]) -> list[int]:
        """Bring what waits, in this order; whatever waits when none is named. Answers the last statuses."""
        chosen = list(events) or list(self.outbox)
        for event in chosen:
            if event in self.outbox:
                self.outbox.remove(event)
        return [await self._bring(event) for event in chosen]

    def lose_events(self) -> None:
        """As after a restart of Chatwoot's own workers."""
        self.outbox.clear()

    async def _bring(self, event: dict[str, Any]) -> int:
        assert self.hand_in is not None
        status = 0
        for _ in range(1 + RETRIES):
            try:
                async with asyncio.timeout(self.patience_s):
                    status = await self.hand_in(deepcopy(event))
            except (TimeoutError, httpx.HTTPError):
                status = 0
            if status not in {429, 500}:
                break
        if status != 200:
            self._give_up_on_bot(event)
        return status

    def _give_up_on_bot(self, event: dict[str, Any]) -> None:
        told = event.get("conversation") or event
        conversation = self.conversations.get(told.get("id", 0))
        if conversation is not None and conversation.status == "pending":
            self.opened_by_error += 1
            self._message(conversation, "Conversation was marked open by system", "activity", None)
            self._set_status(conversation, "open")

    # What the API does.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The API."""
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        if scope["path"] in self.files:
            await _answer(send, 200, self.files[scope["path"]])
            return
        call = Call(
            scope["method"],
            scope["path"],
            headers.get("api_access_token", ""),
            json.loads(body) if body else None,
        )
        self.calls.append(call)
        self.called.set()
        status, answer = self._handle(call)
        await _answer(send, status, json.dumps(answer).encode())

    def _handle(self, call: Call) -> tuple[int, Any]:
        trouble = self.troubles.pop(0) if self.troubles else "fine"
        if trouble in {"429", "500", "404"}:
            return int(trouble), {"error": trouble}
        if trouble == "unreachable":
            raise httpx.ConnectError("nobody there")
        status, answer = self._do(call)
        if trouble == "500 after":
            return 500, {"error": "after"}
        if trouble == "lost after":
            raise httpx.ReadTimeout("no answer")
        return status, answer

    def _do(self, call: Call) -> tuple[int, Any]:
        found = _PATH.fullmatch(call.path)
        if found is None:
            return 404, {}
        if call.token not in {BOT_TOKEN, AGENT_TOKEN}:
            return 401, {"errors": ["Invalid Access Token"]}
        if call.method == "GET":
            return self._read(call, found)
        conversation = self.conversations.get(int(found[2] or 0))
        if conversation is None:
            return 404, {"error": "Resource could not be found"}
        return 200, getattr(self, f"_api_{found[3]}")(conversation, call.body)

    def _read(self, call: Call, found: re.Match[str]) -> tuple[int, Any]:
        if call.token != AGENT_TOKEN:
            return 401, {"error": "Bots may not"}
        if found[4]:
            return 200, {"payload": self.inboxes}
        if found[2]:
            return 200, {"payload": self.conversations[int(found[2])].messages}
        return 200, {"id": ACCOUNT, "settings": self.settings}

    def _api_messages(self, conversation: Conversation, body: dict[str, Any]) -> Any:
        sender = {"id": 2, "name": "Balie", "type": "agent_bot"}
        message = self._message(conversation, body["content"], "outgoing", sender, private=body["private"])
        message["content_type"] = body["content_type"]
        message["content_attributes"] = body["content_attributes"]
        self._tell_message(conversation, message, "message_created")
        return {"id": message["id"]}

    def _api_toggle_status(self, conversation: Conversation, body: dict[str, Any]) -> Any:
        if body["status"] == "pending":
            conversation.assignee = None
        self._set_status(conversation, body["status"])
        return {"payload": {"success": True, "current_status": conversation.status}}

    def _api_toggle_priority(self, conversation: Conversation, body: dict[str, Any]) -> Any:
        conversation.priority = body["priority"]
        return {}

    def _api_custom_attributes(self, conversation: Conversation, body: dict[str, Any]) -> Any:
        conversation.attributes = body["custom_attributes"]
        return {}

    def _api_assignments(self, conversation: Conversation, body: dict[str, Any]) -> Any:
        conversation.team = body["team_id"]
        return {}

    def _set_status(self, conversation: Conversation, status: str) -> None:
        conversation.status = status
        self._touch(conversation)
        events = {"open": "conversation_opened", "resolved": "conversation_resolved"}
        if status in events:
            self._tell({"event": events[status], **self._conversation(conversation)})

    # What it says.

    def _message(
        self, conversation: Conversation, text: str | None, kind: str, sender: Any, *, private: bool = False
    ) -> dict[str, Any]:
        self._touch(conversation)
        message = {
            "id": next(self._ids),
            "content": text,
            "content_type": "text",
            "content_attributes": {},
            "message_type": kind,
            "private": private,
            "sender": sender,
            "source_id": None,
        }
        conversation.messages.append(message)
        return message

    def _file(self, kind: str, content: bytes) -> dict[str, Any]:
        number = next(self._ids)
        self.files[f"/rails/active_storage/{number}"] = content
        return {"id": number, "file_type": kind, "data_url": f"{URL}/rails/active_storage/{number}"}

    def _touch(self, conversation: Conversation) -> None:
        conversation.updated_at = float(next(self._moments))

    def _conversation(self, conversation: Conversation) -> dict[str, Any]:
        return {
            "id": conversation.id,
            "inbox_id": 4,
            "status": conversation.status,
            "meta": {
                "sender": {"id": 7, "name": "Sanne", "type": "contact"},
                "assignee": conversation.assignee,
            },
            "additional_attributes": {"browser_language": conversation.language},
            "custom_attributes": conversation.attributes,
            "priority": conversation.priority,
            "labels": [],
            "can_reply": True,
            "first_reply_created_at": conversation.first_reply,
            "updated_at": conversation.updated_at,
        }

    def _tell_message(
        self, conversation: Conversation, message: dict[str, Any], event: str, *, new: bool = True
    ) -> dict[str, Any]:
        return self._tell(
            {
                "event": event,
                **message,
                "conversation": self._conversation(conversation),
                "account": {"id": ACCOUNT, "name": "Duin & Dal"},
                "inbox": {"id": 4, "name": "Website"},
            }
        )

    def _tell(self, event: dict[str, Any]) -> dict[str, Any]:
        told = deepcopy(event)
        self.outbox.append(told)
        return told


async def _answer(send: Send, status: int, body: bytes) -> None:
    await send(
        {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": body})
