"""Both apps on their ports, in one event loop, with everything that works beside them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from balie.assistant.port import Assistant
from balie.bootstrap import LOOPBACK, Services, open_services
from balie.gateway.internal_app import create_internal_app
from balie.gateway.public_app import create_public_app
from balie.gateway.secret_store import with_secrets
from balie.gateway.server import bind, serving
from balie.kernel.errors import BalieError
from balie.settings import Settings
from balie.storage.errors import StoreUnavailableError

ASSISTANT_POLL: Final = timedelta(milliseconds=250)

log = logging.getLogger(__name__)


class Server:
    """Both apps on their ports, in one event loop."""

    def __init__(self, settings: Settings, *, assistant: Assistant | None = None) -> None:
        """Prepare a server; ``assistant`` stands in for Rasa in tests."""
        self._settings = with_secrets(settings)
        self._assistant = assistant
        self._stop = asyncio.Event()
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def stop(self) -> None:
        """Ask :meth:`run` to end; running turns are given ``shutdown_grace``."""
        self._stop.set()

    async def wait_until_started(self) -> None:
        """Wait until both ports answer.

        Raises:
            BalieError: Why :meth:`run` could not start.
        """
        await asyncio.shield(self._started)

    async def run(self) -> None:
        """Serve until :meth:`stop`, and take up what an earlier run left unanswered.

        Raises:
            PortTakenError: Somebody else listens on one of the ports.
            ContentBrokenError: A content file cannot be read.
        """
        try:
            async with self._listening() as services:
                self._started.set_result(None)
                await self._serve(services)
        except BalieError as error:
            if not self._started.done():
                self._started.set_exception(error)
                self._started.exception()  # told to our own caller too: nobody has to wait for it
            raise
        finally:
            self._started.cancel()

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[Services]:
        settings, grace = self._settings, self._settings.shutdown_grace
        async with contextlib.AsyncExitStack() as stack:
            public = bind(settings.public_host, settings.public_port, setting="BALIE_PUBLIC_PORT")
            stack.enter_context(contextlib.closing(public))
            internal = bind(LOOPBACK, settings.internal_port, setting="BALIE_INTERNAL_PORT")
            stack.enter_context(contextlib.closing(internal))
            services = await stack.enter_async_context(open_services(settings, assistant=self._assistant))
            internal_app = create_internal_app(services.internal)
            public_app = create_public_app(services.public)
            await stack.enter_async_context(serving(internal_app, internal, grace=grace))
            proxies = settings.trusted_proxies
            await stack.enter_async_context(serving(public_app, public, trusted_proxies=proxies, grace=grace))
            yield services

    async def _serve(self, services: Services) -> None:
        resuming = asyncio.create_task(_resume_when_ready(services))
        services.store.post_room.start()
        services.store.outside.runner.start()
        services.store.housekeeping.start()
        services.store.recommendations.lessons.start()
        services.store.handoffs.rounds.start()
        services.store.agent_desk.start()
        if services.channels is not None:
            services.channels.start()
        try:
            await self._stop.wait()
        finally:
            resuming.cancel()
            await asyncio.gather(resuming, return_exceptions=True)
            # While both ports still answer: a running turn needs its texts, and its customer the answer.
            await services.turns.stop(self._settings.shutdown_grace)
            if services.channels is not None:
                await services.channels.stop(self._settings.shutdown_grace)
            await services.store.agent_desk.stop()
            await services.store.handoffs.rounds.stop(self._settings.shutdown_grace)
            await services.store.recommendations.lessons.stop(self._settings.shutdown_grace)
            await services.store.housekeeping.stop(self._settings.shutdown_grace)
            # Afterwards: the last turns may have promised something.
            await services.store.outside.runner.stop(self._settings.shutdown_grace)
            await services.store.post_room.stop(self._settings.shutdown_grace)


async def _resume_when_ready(services: Services) -> None:
    """Take up unanswered messages once they can be answered: Rasa starts at the same time as we do."""
    checks = services.public.ready_checks.values()
    while not all([await is_ready() for is_ready in checks]):  # noqa: ASYNC110 (Rasa tells nobody)
        await asyncio.sleep(ASSISTANT_POLL.total_seconds())
    try:
        resumed = await services.turns.resume_pending()
    except StoreUnavailableError as error:
        log.warning("Unanswered messages were not taken up: %s", error)
    else:
        log.info("Took up unanswered messages of %d conversations.", resumed)
