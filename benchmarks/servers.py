"""The two things that are compared, each as its own users start it: Balie, and a default Rasa assistant."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from balie.cli.running_rasa import free_port

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
BALIE = ROOT / ".venv" / "bin" / "balie"
START_WAIT_S = 600
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True)
class Server:
    """Something that answers, and the processes it consists of."""

    url: str
    process_id: int
    seconds_to_start: float


@asynccontextmanager
async def run_balie(folder: Path, more: Mapping[str, str] | None = None) -> AsyncIterator[Server]:
    """Balie as ``balie up`` starts it, with the demo shop in a folder of its own, and ``more`` settings."""
    port = free_port()
    environment = {
        "BALIE_VAR_DIR": str(folder),
        "BALIE_PUBLIC_PORT": str(port),
        "BALIE_INTERNAL_PORT": str(free_port()),
        "BALIE_RASA_PORT": str(free_port()),
        "BALIE_MESSAGES_PER_MINUTE": "1000000",
        "BALIE_CONVERSATIONS_PER_MINUTE": "1000000",
        **(more or {}),
    }
    url = f"http://127.0.0.1:{port}"
    async with _run([str(BALIE), "up", "--demo"], environment, f"{url}/ready", folder / "up.log") as server:
        yield Server(url, *server)


@asynccontextmanager
async def run_default_rasa(model: Path) -> AsyncIterator[Server]:
    """A default Rasa 3.6 assistant on its bare REST channel."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(RASA_PYTHON), "-m", "rasa", "run", "--model", str(model), "--port", str(port)]
    command += ["--interface", "127.0.0.1", "--enable-api"]
    command += ["--credentials", "benchmarks/rasa_default/credentials.yml"]
    command += ["--endpoints", "benchmarks/rasa_default/endpoints.yml"]
    with tempfile.TemporaryDirectory() as folder:
        async with _run(command, {}, f"{url}/status", Path(folder) / "rasa.log") as server:
            yield Server(url, *server)


@asynccontextmanager
async def _run(
    command: list[str], environment: dict[str, str], ready_url: str, log_file: Path
) -> AsyncIterator[tuple[int, float]]:
    started = asyncio.get_running_loop().time()
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env={**os.environ, **QUIET, **environment}, stdout=log, stderr=log
        )
    try:
        await _wait_until_ready(process, ready_url, log_file)
        yield process.pid, asyncio.get_running_loop().time() - started
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _wait_until_ready(process: asyncio.subprocess.Process, url: str, log_file: Path) -> None:
    deadline = asyncio.get_running_loop().time() + START_WAIT_S
    async with httpx.AsyncClient(timeout=5) as client:
        while asyncio.get_running_loop().time() < deadline:
            if process.returncode is not None:
                raise RuntimeError(f"the server ended with status {process.returncode}:\n{_tail(log_file)}")
            try:
                if (await client.get(url)).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{url} did not answer in {START_WAIT_S} s")


def _tail(log_file: Path) -> str:
    return log_file.read_text("utf-8", "replace")[-2000:]


def resident_megabytes(process_id: int) -> dict[str, float]:
    """Resident memory of a process and its children, by command name and process id (Linux)."""
    found = {}
    for each in _family(process_id):
        status = Path(f"/proc/{each}/status").read_text("utf-8")
        resident = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
        command = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        name = "rasa" if "nlu.serve" in command or "-m rasa" in command else "balie"
        found[f"{name} {each}"] = int(resident.split()[1]) / 1024
    return found


def _family(process_id: int) -> Iterator[int]:
    yield process_id
    for children in Path(f"/proc/{process_id}/task").glob("*/children"):
        for child in children.read_text("utf-8").split():
            yield from _family(int(child))
