"""A Rasa server for commands that have to understand text: the running one, or one just for them."""

from __future__ import annotations

import secrets
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from balie.assistant.model_files import find_current_model
from balie.assistant.port import Assistant
from balie.assistant.rasa import RasaAssistant
from balie.assistant.rasa_process import RasaProcess, RasaSettings, train_model
from balie.cli.output import errors
from balie.settings import PROJECT_ROOT, Settings

PATIENCE = timedelta(seconds=30)


@asynccontextmanager
async def understanding(settings: Settings) -> AsyncIterator[Assistant]:
    """An assistant with the current model, to parse with; trains it first when there is none."""
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
            emotion=settings.emotion,
        )
        with errors.status("Starting Rasa …"):
            process = RasaProcess(rasa)
            await process.start()
        try:
            async with RasaAssistant.at(rasa.url, token=rasa.token, timeout=PATIENCE) as assistant:
                yield assistant
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
