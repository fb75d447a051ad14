"""The HTTP side of the stand-in: one ASGI application."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from starlette.types import Receive, Scope, Send

from tests.support.bot_api import forms
from tests.support.bot_api.faults import Fault
from tests.support.bot_api.polling import PollingMethods
from tests.support.bot_api.refusals import Refusal, bad_request
from tests.support.bot_api.requests import Request

if TYPE_CHECKING:
    from tests.support.bot_api.server import BotApi

_METHOD: Final = re.compile(r"/bot([^/]+)/(?:test/)?(\w+)/?")
_FILE: Final = re.compile(r"/file/bot([^/]+)/(.+)")
_TOKEN: Final = re.compile(r"\d+:[\w-]{20,}")


class Connection:
    """One request and the way back."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.path: str = scope["path"]
        self.query = scope["query_string"].decode()
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        self.content_type = headers.get("content-type", "")
        self._receive = receive
        self._send = send

    async def body(self) -> bytes | None:
        """All of it; None when the other side went away in the middle of it (it was killed)."""
        pieces: list[bytes] = []
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                return None
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                return b"".join(pieces)

    async def ended(self) -> None:
        """Wait until the other side is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(self, status: int, content: bytes, kind: bytes = b"application/json") -> None:
        """Send everything."""
        headers = [(b"content-type", kind), (b"content-length", str(len(content)).encode())]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": content})

    async def break_off(self) -> None:
        """Begin to answer and hang up."""
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._send({"type": "http.response.body", "body": b'{"ok', "more_body": True})


class Application:
    """Reads a request, checks it against the description, plays the trouble that is due, does it."""

    def __init__(self, server: BotApi) -> None:
        self._server = server
        self._polling = PollingMethods(server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = Connection(scope, receive, send)
        body = await connection.body()
        if body is None:
            return
        try:
            found = _FILE.fullmatch(connection.path)
            if found is not None:
                await self._give_file(connection, found[1], found[2])
            else:
                await self._take(connection, body)
        except Refusal as refusal:
            await connection.answer(refusal.status, json.dumps(refusal.body()).encode())

    async def _give_file(self, connection: Connection, token: str, path: str) -> None:
        self._check_token(token)
        closing, fault = self._server.wires.closing, self._server.faults.take("download", None)
        if fault is not None and await _strikes_before(fault, closing):
            await _suffer(fault, connection, closing)
        else:
            await connection.answer(200, self._file(path), b"application/octet-stream")

    async def _take(self, connection: Connection, body: bytes) -> None:
        found = _METHOD.fullmatch(connection.path)
        if found is None:
            raise Refusal(404, "Not Found")
        self._check_token(found[1])
        params = forms.read(connection.content_type, connection.query, body)
        await self._call(connection, found[2], params)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise Refusal(404, "Not Found")
        if token != self._server.token:
            raise Refusal(401, "Unauthorized")

    def _file(self, path: str) -> bytes:
        with self._server.world.lock:
            for kept in self._server.world.files.values():
                if kept.path == path:
                    return kept.content
        raise Refusal(404, "Not Found")

    async def _call(self, connection: Connection, method: str, params: forms.Params) -> None:
        fault = self._server.faults.take(method, _chat_of(params))
        outcome: str = fault.trouble if fault is not None else "ok"
        try:
            self._check(method, params)
            if await _strikes_before(fault, self._server.wires.closing):
                await _suffer(fault, connection, self._server.wires.closing)
                return
            result, words = await self._do(connection, method, params)
            if fault is not None and fault.is_after:
                outcome = f"{fault.trouble} after"
                await _suffer(fault, connection, self._server.wires.closing)
                return
            self._check_itself(method, result)
            done = {"ok": True, "result": result, **({"description": words} if words else {})}
            content = json.dumps(done).encode()
        except Refusal as refusal:
            outcome = refusal.description
            raise
        finally:
            self._note(method, params, outcome)
        await connection.answer(200, content)

    def _check(self, method: str, params: forms.Params) -> None:
        description = self._server.description
        if description is None:
            return
        problems = description.check_request(method, params)
        self._server.violations += problems
        if problems and not description.has_method(method):
            raise Refusal(404, "Not Found")
        if problems:
            raise bad_request(f"not as described: {'; '.join(problems)}")

    def _check_itself(self, method: str, result: Any) -> None:
        if self._server.checks_itself and self._server.description is not None:
            self._server.violations += self._server.description.check_answer(method, result)

    async def _do(self, connection: Connection, method: str, params: forms.Params) -> tuple[Any, str]:
        polling = self._polling.find(method)
        if polling is not None:
            return await polling(params, connection)
        handler = _by_name(self._server.methods, method)
        if handler is None:
            self._server.violations.append(f"{method}: the stand-in does not play this method")
            raise Refusal(404, "Not Found")
        with self._server.world.lock:
            return handler(self._server.world, params), ""

    def _note(self, method: str, params: forms.Params, outcome: str) -> None:
        with self._server.world.lock:
            self._server.requests.append(Request(method, params.fields, time.monotonic(), outcome))
            self._server.world.changed.notify_all()


def _by_name(methods: Mapping[str, Any], name: str) -> Any:
    found = methods.get(name)
    if found is not None:
        return found
    return next((one for key, one in methods.items() if key.lower() == name.lower()), None)


def _chat_of(params: forms.Params) -> int | None:
    return params.number("chat_id") or None


async def _strikes_before(fault: Fault | None, closing: asyncio.Event) -> bool:
    if fault is None or fault.is_after:
        return False
    if fault.trouble == "slow":
        await _either(asyncio.sleep(fault.seconds), closing.wait())
        return False
    return True


async def _suffer(fault: Fault | None, connection: Connection, closing: asyncio.Event) -> None:
    assert fault is not None
    if fault.refusal is not None:
        raise fault.refusal
    if fault.trouble == "hang":
        await _either(connection.ended(), closing.wait())
    await connection.break_off()


async def _either(*works: Any) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
