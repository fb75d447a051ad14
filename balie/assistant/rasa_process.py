"""The Rasa server as our child process: started, waited for, restarted, stopped; and trained."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from balie.assistant.errors import RasaNotInstalledError, RasaNotStartedError, TrainingFailedError
from balie.assistant.model_files import model_path

STOP_WAIT = timedelta(seconds=8)
START_WAIT = timedelta(seconds=90)
POLL_EVERY_S = 0.2
LOG_TAIL_LINES = 15

# One request is one short computation: more threads only fight for the processor.
QUIET_AND_SMALL: Mapping[str, str] = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "SANIC_HOST": "127.0.0.1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONUNBUFFERED": "1",
}


@dataclass(frozen=True, slots=True)
class RasaSettings:
    """What the child process needs to know.

    Attributes:
        project: The repository root, where config.yml and models/ lie.
        token: Shared by the two halves; handed over in the environment, never as an argument.
        database: SQLite file of Rasa's tracker store; several servers may share one.
        timeout: How long it may work on one request; whole seconds.
        emotion: Whether it reads messages for their mood.
    """

    project: Path
    model: Path
    port: int
    internal_port: int
    token: str
    log_file: Path
    database: Path
    timeout: timedelta = timedelta(seconds=8)
    emotion: bool = True

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"http://127.0.0.1:{self.port}"


class RasaProcess:
    """One Rasa server; started again by ``run`` whenever it ends by itself."""

    def __init__(self, settings: RasaSettings) -> None:
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the server and wait until it answers with the model loaded.

        Raises:
            RasaNotInstalledError: The Rasa environment is not there.
            RasaNotStartedError: It ended or did not answer in time; holds the end of its log.
        """
        await self._spawn()
        try:
            await asyncio.wait_for(self._wait_until_ready(), START_WAIT.total_seconds())
        except TimeoutError as error:
            await self.stop()
            raise RasaNotStartedError(self._log_tail()) from error

    async def run(self, on_restart: Callable[[int], None]) -> None:
        """Watch a started server for ever; start it again when it ends, waiting longer each time."""
        failures = 0
        while True:
            assert self._process is not None
            status = await self._process.wait()
            on_restart(status)
            await asyncio.sleep(min(2**failures, 30))
            try:
                await self.start()
                failures = 0
            except RasaNotStartedError:
                failures += 1

    async def stop(self) -> None:
        """Ask the server to end, and end it when it does not."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_WAIT.total_seconds())
        except TimeoutError:
            process.kill()
            await process.wait()

    async def __aenter__(self) -> RasaProcess:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _spawn(self) -> None:
        settings = self._settings
        settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        with settings.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                rasa_python(settings.project),
                *("-m", "nlu.serve", str(settings.model), str(settings.port)),
                cwd=settings.project,
                env=_environment(settings),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal is for the service, which then stops Rasa in order.
                start_new_session=True,
            )

    async def _wait_until_ready(self) -> None:
        assert self._process is not None
        async with httpx.AsyncClient(base_url=self._settings.url, timeout=5) as client:
            while not await self._is_ready(client):
                if self._process.returncode is not None:
                    raise RasaNotStartedError(self._log_tail())
                await asyncio.sleep(POLL_EVERY_S)

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        """Ready means that a message was understood: the first one warms everything up."""
        try:
            parsed = await client.post(
                "/model/parse", params={"token": self._settings.token}, json={"text": "hallo"}
            )
        except httpx.TransportError:
            return False
        return parsed.status_code == httpx.codes.OK and bool(parsed.json().get("intent", {}).get("name"))

    def _log_tail(self) -> str:
        lines = self._settings.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])


async def train_model(project: Path, on_line: Callable[[str], None]) -> Path:
    """Train the model of the present content and code.

    Args:
        project: The repository root.
        on_line: Called with every line Rasa prints, to show that it goes on.

    Returns:
        The model's path.

    Raises:
        RasaNotInstalledError: The Rasa environment is not there.
        TrainingFailedError: Rasa refused; holds the end of what it printed.
    """
    model = model_path(project)
    process = await asyncio.create_subprocess_exec(
        rasa_python(project),
        *("-m", "nlu.lean", "train", "--config", "config.yml", "--domain", "domain.yml"),
        *("--data", "data/rules", "data/stories", "data/nlu", "--endpoints", "endpoints.yml"),
        *("--out", "models", "--fixed-model-name", model.name.removesuffix(".tar.gz")),
        cwd=project,
        env={**os.environ, **QUIET_AND_SMALL, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    printed: list[str] = []
    async for line in process.stdout:
        printed.append(line.decode(errors="replace").rstrip())
        on_line(printed[-1])
    if await process.wait() != 0 or not model.exists():
        raise TrainingFailedError("\n".join(printed[-LOG_TAIL_LINES:]))
    return model


def rasa_python(project: Path) -> str:
    """The Python of the Rasa environment.

    Raises:
        RasaNotInstalledError: It is not there.
    """
    python = project / ".venv-rasa" / "bin" / "python"
    if not python.exists():
        raise RasaNotInstalledError(python)
    return str(python)


def _environment(settings: RasaSettings) -> dict[str, str]:
    return {
        **os.environ,
        **QUIET_AND_SMALL,
        "BALIE_INTERNAL_PORT": str(settings.internal_port),
        "BALIE_INTERNAL_TOKEN": settings.token,
        "BALIE_RASA_DB": str(settings.database),
        "BALIE_EMOTION": "on" if settings.emotion else "off",
        "BALIE_RASA_TIMEOUT": str(math.ceil(settings.timeout.total_seconds())),
    }
