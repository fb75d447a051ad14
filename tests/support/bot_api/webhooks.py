"""Updates posted to the bot's address, again and again until it answers 2xx."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from tests.support.bot_api.forms import Params
from tests.support.bot_api.refusals import bad_request
from tests.support.bot_api.updates import Entry, UpdateQueue

Json = dict[str, Any]
HandIn = Callable[[str, Mapping[str, str], bytes], Awaitable[int]]
"""Takes a path, headers and a body; answers the HTTP status."""

PORTS: Final = {80, 88, 443, 8443}
MOST_CONNECTIONS: Final = 100
USUAL_CONNECTIONS: Final = 40
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass
class Route:
    """Where a public address leads to in this test: another address, or a function of a loop."""

    to: str | HandIn
    loop: asyncio.AbstractEventLoop | None = None


@dataclass(frozen=True)
class Post:
    """One try to hand in an update."""

    update_id: int
    status: int
    at: float


@dataclass
class Webhook:
    """The webhook as it is set, and how it goes."""

    url: str = ""
    secret: str = ""
    has_certificate: bool = False
    most_connections: int = USUAL_CONNECTIONS
    allowed: list[str] = field(default_factory=list)
    last_error: tuple[int, str] | None = None

    def info(self, pending: int) -> Json:
        """``WebhookInfo``."""
        info: Json = {
            "url": self.url,
            "has_custom_certificate": self.has_certificate,
            "pending_update_count": pending,
        }
        if self.url:
            info |= {"max_connections": self.most_connections, "ip_address": "127.0.0.1"}
        if self.allowed:
            info["allowed_updates"] = self.allowed
        if self.last_error is not None:
            info["last_error_date"], info["last_error_message"] = self.last_error
        return info


def webhook_of(params: Params, before: Webhook) -> Webhook:
    """The webhook that a request asks for.

    Raises:
        Refusal: The real server would not take it.
    """
    url, secret = params.text("url"), params.text("secret_token")
    if not url:
        return Webhook(allowed=before.allowed)
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(params.number("max_connections", USUAL_CONNECTIONS), 1), MOST_CONNECTIONS)
    given = params.value("allowed_updates")
    has_certificate = params.upload("certificate") is not None
    return Webhook(url, secret, has_certificate, connections, before.allowed if given is None else given)


class Postman:
    """Takes updates from the queue to the webhook, chats beside each other, each chat in order."""

    def __init__(self, queue: UpdateQueue, webhook: Callable[[], Webhook]) -> None:
        self._queue = queue
        self._webhook = webhook
        self._tasks: set[asyncio.Task[None]] = set()
        self.routes: dict[str, Route] = {}
        """By the beginning of the public address (``https://shop.example``)."""
        self.posts: list[Post] = []
        self.first_retry_s = 0.05
        self.longest_retry_s = 1.0
        self.timeout_s = 60.0

    async def run(self, changed: asyncio.Event, closing: asyncio.Event) -> None:
        """Post what comes, until the server closes."""
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=self.timeout_s) as client:
            while not closing.is_set():
                changed.clear()
                self._start(client)
                wait_s = self._queue.wait_s() if self._webhook().url else None
                try:
                    await asyncio.wait_for(changed.wait(), None if wait_s is None else wait_s + 0.001)
                except TimeoutError:
                    continue
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, client: httpx.AsyncClient) -> None:
        webhook = self._webhook()
        while webhook.url and len(self._tasks) < webhook.most_connections:
            entry = self._queue.next_to_post()
            if entry is None:
                return
            task = asyncio.create_task(self._post(client, webhook, entry))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, entry: Entry) -> None:
        status, error = 0, ""
        try:
            status = await self._hand_in(client, webhook, json.dumps(entry.update).encode())
            error = f"Wrong response from the webhook: {status}"
        except httpx.TimeoutException:
            error = "Read timeout expired"
        except httpx.HTTPError:
            error = "Connection refused"
        except LookupError:
            error = "Failed to resolve host: Name or service not known"
        except Exception as failure:  # whatever breaks in the test's own function
            error = f"Connection reset: {type(failure).__name__}"
        finally:
            is_taken = 200 <= status < 300
            self.posts.append(Post(entry.update["update_id"], status, time.monotonic()))
            if not is_taken:
                webhook.last_error = (int(time.time()), error)
            retry_s = min(self.longest_retry_s, self.first_retry_s * 2**entry.attempts)
            self._tasks -= {task for task in (asyncio.current_task(),) if task is not None}
            self._queue.settle(entry, is_taken=is_taken, retry_s=retry_s)

    async def _hand_in(self, client: httpx.AsyncClient, webhook: Webhook, body: bytes) -> int:
        begin = max((one for one in self.routes if webhook.url.startswith(one)), key=len, default=None)
        if begin is None:
            raise LookupError(webhook.url)
        route, path = self.routes[begin], webhook.url[len(begin) :]
        headers = {"content-type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        if isinstance(route.to, str):
            return (await client.post(route.to + path, content=body, headers=headers)).status_code
        return await _elsewhere(route.to(path, headers, body), route.loop)


async def _elsewhere(work: Awaitable[int], loop: asyncio.AbstractEventLoop | None) -> int:
    async def waited_for() -> int:
        return await work

    if loop is None or loop is asyncio.get_running_loop():
        return await waited_for()
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(waited_for(), loop))
