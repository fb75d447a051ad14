"""Methods about updates: fetched by long polling, or posted to a webhook."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final

from tests.support.bot_api.forms import Params
from tests.support.bot_api.refusals import Refusal
from tests.support.bot_api.webhooks import Webhook, webhook_of

if TYPE_CHECKING:
    from tests.support.bot_api.http import Connection
    from tests.support.bot_api.server import BotApi

Answer = tuple[Any, str]
"""The result, and words that the real server adds to it."""

MOST_AT_ONCE: Final = 100
LONGEST_POLL_S: Final = 50
WEBHOOK_IS_SET: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
ANOTHER_POLLS: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class PollingMethods:
    """These work on the loop of the server."""

    def __init__(self, server: BotApi) -> None:
        self._server = server
        self._methods: dict[str, Callable[[Params, Connection], Awaitable[Answer]]] = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._get_info,
        }

    def find(self, method: str) -> Callable[[Params, Connection], Awaitable[Answer]] | None:
        """The method of this name, if it is one of these."""
        return self._methods.get(method.lower())

    async def _get_updates(self, params: Params, connection: Connection) -> Answer:
        server, queue = self._server, self._server.queue
        if server.webhook.url:
            raise Refusal(409, WEBHOOK_IS_SET)
        if server.polls.current is not None:
            server.polls.current.set()
        allowed = params.value("allowed_updates")
        if allowed is not None:
            queue.allowed = allowed
        queue.acknowledge(params.number("offset"))
        limit = min(max(params.number("limit", MOST_AT_ONCE), 1), MOST_AT_ONCE)
        wait_s = min(params.number("timeout"), LONGEST_POLL_S)
        found = queue.hand_out(limit)
        if not found and wait_s > 0:
            found = await self._wait(connection, wait_s, limit)
        return found, ""

    async def _wait(self, connection: Connection, wait_s: float, limit: int) -> list[Any]:
        server, wires = self._server, self._server.wires
        taken_over, changed = asyncio.Event(), asyncio.Event()
        self._is_polled_by(taken_over)
        wires.pollers.add(changed)
        gone = asyncio.ensure_future(connection.ended())
        replaced = asyncio.ensure_future(taken_over.wait())
        try:
            return await self._first_updates(changed, (gone, replaced), time.monotonic() + wait_s, limit)
        finally:
            gone.cancel()
            replaced.cancel()
            wires.pollers.discard(changed)
            if server.polls.current is taken_over:
                self._is_polled_by(None)

    def _is_polled_by(self, poll: asyncio.Event | None) -> None:
        with self._server.world.changed:
            self._server.polls.current = poll
            self._server.world.changed.notify_all()

    async def _first_updates(
        self,
        changed: asyncio.Event,
        ends: tuple[asyncio.Future[Any], asyncio.Future[Any]],
        until: float,
        limit: int,
    ) -> list[Any]:
        server = self._server
        gone, replaced = ends
        while not gone.done() and not server.wires.closing.is_set():
            if replaced.done():
                raise Refusal(409, ANOTHER_POLLS if not server.webhook.url else WEBHOOK_IS_SET)
            changed.clear()
            found = server.queue.hand_out(limit)
            left = until - time.monotonic()
            if found or left <= 0:
                return found
            due = server.queue.wait_s()
            waiting = asyncio.ensure_future(changed.wait())
            timeout = left if due is None else min(left, due + 0.001)
            await asyncio.wait(
                {waiting, gone, replaced}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
        return []

    async def _set_webhook(self, params: Params, _connection: Connection) -> Answer:
        server = self._server
        before = server.webhook
        after = webhook_of(params, before)
        return True, self._switch(before, after, params)

    async def _delete_webhook(self, params: Params, _connection: Connection) -> Answer:
        before = self._server.webhook
        return True, self._switch(before, Webhook(allowed=before.allowed), params)

    def _switch(self, before: Webhook, after: Webhook, params: Params) -> str:
        server = self._server
        if params.flag("drop_pending_updates"):
            server.queue.forget_all()
        server.webhook = after
        server.queue.allowed = after.allowed
        if after.url and server.polls.current is not None:
            server.polls.current.set()
        server.wires.changed.set()
        what = "set" if after.url else "deleted"
        is_same = (before.url, before.secret) == (after.url, after.secret)
        return f"Webhook {'is already' if is_same else 'was'} {what}"

    async def _get_info(self, _params: Params, _connection: Connection) -> Answer:
        server = self._server
        return server.webhook.info(server.queue.pending()), ""
