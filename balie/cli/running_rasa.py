"""A Rasa server for commands that have to understand text: the running one, or one just for them."""

from __future__ import annotations

import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from balie.assistant.errors import AssistantUnavailableError
from balie.assistant.model_files import find_current_model
from balie.assistant.rasa_process import RasaProcess, RasaSettings, train_model
from balie.cli.output import errors
from balie.settings import PROJECT_ROOT, Settings


@asynccontextmanager
async def understanding(settings: Settings) -> AsyncIterator[Parser]:
    """A parser over the current model; trains it first when there is none."""
    model = await current_model()
    with tempfile.TemporaryDirectory() as folder:
        rasa = RasaSettings(
            project=PROJECT_ROOT,
            model=model,
            port=free_port(),
            internal_port=settings.internal_port,
            token=secrets.token_urlsafe(),
            log_file=Path(folder) / "rasa.log",
            database=Path(folder) / "rasa.db",
        )
        with errors.status("Starting Rasa …"):
            process = RasaProcess(rasa)
            await process.start()
        try:
            async with httpx.AsyncClient(base_url=rasa.url, params={"token": rasa.token}, timeout=30) as http:
                yield Parser(http)
        finally:
            await process.stop()


async def current_model() -> Path:
    """The model of the present content, trained now when there is none."""
    model = find_current_model(PROJECT_ROOT)
    if model is not None:
        return model
    with errors.status("Training the assistant (about a minute) …") as status:
        return await train_model(
            PROJECT_ROOT, lambda line: status.update(f"Training the assistant … {line[-70:]}")
        )


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Parser:
    """Asks Rasa what a text means."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def parse(self, text: str) -> dict[str, Any]:
        """Everything the pipeline says of a text.

        Raises:
            AssistantUnavailableError: Rasa gave no usable answer.
        """
        guarded = text.replace("/", "\u2060/", 1) if text.lstrip().startswith("/") else text
        try:
            response = await self._http.post("/model/parse", json={"text": guarded})
            parsed: dict[str, Any] = response.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise AssistantUnavailableError(f"Rasa gave no usable answer: {error}") from error
        return parsed
