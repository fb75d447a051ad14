"""One turn through Balie's public API against a default Rasa assistant on its bare REST channel.

Both are trained on the same articles, run on the same machine in the same run, and are asked the same
questions in the same order, in blocks that alternate (A B A B …) so that a machine that slows down
slows both. Balie's turn lasts from the POST to the moment the answer arrives on the websocket: it
includes storing question and answer, the look-up in the store and the personal text.

Usage: ``.venv/bin/python -m benchmarks.turns [--json FILE] [--turns 200] [--messages 800]``
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import websockets

from benchmarks.default_rasa import default_model
from benchmarks.servers import ROOT, Server, resident_megabytes, run_balie, run_default_rasa

Ask = Callable[[str], Awaitable[None]]
CLIENTS = 16
BLOCKS = 4
ENDS_THE_TALK = frozenset({"contact_human_agent", "out_of_scope"})
"""The second: whoever is not understood three times is given a person."""
PATIENCE_S = 5.0


class BalieClient:
    """One customer's browser: posts questions, waits for answers on the socket.

    Attributes:
        answered_at: When the first message of the last answer came, in seconds of ``time.perf_counter``.
    """

    def __init__(self, http: httpx.AsyncClient, server: Server) -> None:
        self._http = http
        self._server = server
        self._socket: Any = None
        self._path = ""
        self._headers: dict[str, str] = {}
        self.answered_at = 0.0
        self._customer_token: str | None = None

    async def open(self, customer_token: str | None) -> None:
        """Begin a conversation, as a stranger or as a customer whom the shop vouches for."""
        self._customer_token = customer_token
        body = {"language": "nl"} | ({"customer_token": customer_token} if customer_token else {})
        opened = (await self._http.post("/api/v1/conversations", json=body)).raise_for_status().json()
        self._path = f"/api/v1/conversations/{opened['id']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        address = self._server.url.replace("http", "ws", 1) + f"{self._path}/live?after=0"
        self._socket = await websockets.connect(address, additional_headers=self._headers)

    async def ask(self, text: str) -> None:
        """Ask, and wait until the assistant has answered and stopped typing.

        Where a person was called all the same, nothing comes: the next question begins a conversation.
        """
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        posted = await self._http.post(f"{self._path}/messages", json=body, headers=self._headers)
        posted.raise_for_status()
        try:
            await self._hear_answer()
        except TimeoutError:
            await self.close()
            await self.open(self._customer_token)

    async def _hear_answer(self) -> None:
        answered = False
        while True:
            event = json.loads(await asyncio.wait_for(self._socket.recv(), PATIENCE_S))
            if event["type"] == "message" and event["message"]["author"] == "assistant":
                self.answered_at = self.answered_at if answered else time.perf_counter()
                answered = True
            if answered and event["type"] == "typing" and not event["active"]:
                return

    async def close(self) -> None:
        """Leave."""
        await self._socket.close()


class RasaClient:
    """One customer of the default assistant's REST channel."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._sender = uuid.uuid4().hex

    async def ask(self, text: str) -> None:
        """Ask, and wait for the answer."""
        body = {"sender": self._sender, "message": text}
        (await self._http.post("/webhooks/rest/webhook", json=body)).raise_for_status()


def read_questions(count: int, *, seed: int = 7) -> list[str]:
    """Questions neither assistant was trained on, the same for both.

    None that asks for a person: whoever waits for one is not answered by Balie any more.
    """
    questions = []
    for file in sorted((ROOT / "benchmarks" / "data").glob("held_out_*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            questions += [row["text"] for row in csv.DictReader(lines) if row["intent"] not in ENDS_THE_TALK]
    chooser = random.Random(seed)
    return [chooser.choice(questions) for _ in range(count)]


async def time_each(ask: Ask, questions: Sequence[str]) -> list[float]:
    """Milliseconds of each turn, one after another."""
    durations = []
    for question in questions:
        started = time.perf_counter()
        await ask(question)
        durations.append((time.perf_counter() - started) * 1000)
    return durations


async def messages_per_second(asks: Sequence[Ask], questions: Sequence[str]) -> float:
    """Turns finished per second when every client asks as soon as it has its answer."""
    waiting = iter(questions)

    async def keep_asking(ask: Ask) -> None:
        for question in waiting:
            await ask(question)

    started = time.perf_counter()
    await asyncio.gather(*(keep_asking(ask) for ask in asks))
    return len(questions) / (time.perf_counter() - started)


async def demo_customer_tokens(http: httpx.AsyncClient) -> list[str]:
    """Tokens as the demo shop signs them for its customers."""
    customers = (await http.get("/demo/customers")).raise_for_status().json()
    tokens = []
    for customer in customers:
        body = {"external_id": customer["external_id"]}
        tokens.append(
            (await http.post("/demo/customer-token", json=body)).raise_for_status().json()["customer_token"]
        )
    return tokens


async def open_balie_clients(http: httpx.AsyncClient, server: Server, count: int) -> list[BalieClient]:
    """Half of them known customers, so that personal answers are part of the figure."""
    tokens = await demo_customer_tokens(http)
    clients = []
    for number in range(count):
        known = number % 2 == 0
        client = BalieClient(http, server)
        await client.open(tokens[number % len(tokens)] if known else None)
        clients.append(client)
    return clients


async def compare(turns: int, messages: int) -> dict[str, Any]:
    """Both assistants' figures and their ratios (ours / default)."""
    model = default_model()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        balie = await stack.enter_async_context(run_balie(folder))
        rasa = await stack.enter_async_context(run_default_rasa(model))
        limits = httpx.Limits(max_connections=64)
        to_balie = await stack.enter_async_context(
            httpx.AsyncClient(base_url=balie.url, timeout=30, limits=limits)
        )
        to_rasa = await stack.enter_async_context(
            httpx.AsyncClient(base_url=rasa.url, timeout=30, limits=limits)
        )
        latency = await _compare_latency(to_balie, balie, to_rasa, turns)
        throughput = await _compare_throughput(to_balie, balie, to_rasa, messages)
        memory = {
            "ours_mb": resident_megabytes(balie.process_id),
            "default_mb": resident_megabytes(rasa.process_id),
        }
        return {"latency": latency, "throughput": throughput, "memory": memory}


async def _compare_latency(
    to_balie: httpx.AsyncClient, balie: Server, to_rasa: httpx.AsyncClient, turns: int
) -> dict[str, Any]:
    ours: list[float] = []
    theirs: list[float] = []
    await time_each(RasaClient(to_rasa).ask, read_questions(10, seed=1))
    (warm,) = await open_balie_clients(to_balie, balie, 1)
    await time_each(warm.ask, read_questions(10, seed=1))
    await warm.close()
    for block in range(BLOCKS):
        questions = read_questions(turns // BLOCKS, seed=block)
        (client,) = await open_balie_clients(to_balie, balie, 1)
        ours += await time_each(client.ask, questions)
        await client.close()
        theirs += await time_each(RasaClient(to_rasa).ask, questions)
    return {"ours": summary(ours), "default": summary(theirs), **_ratios(ours, theirs)}


async def _compare_throughput(
    to_balie: httpx.AsyncClient, balie: Server, to_rasa: httpx.AsyncClient, messages: int
) -> dict[str, float]:
    ours, theirs = [], []
    for block in range(BLOCKS):
        questions = read_questions(messages // BLOCKS, seed=100 + block)
        clients = await open_balie_clients(to_balie, balie, CLIENTS)
        ours.append(await messages_per_second([client.ask for client in clients], questions))
        await asyncio.gather(*(client.close() for client in clients))
        rasa_clients = [RasaClient(to_rasa) for _ in range(CLIENTS)]
        theirs.append(await messages_per_second([client.ask for client in rasa_clients], questions))
    return {
        "ours_per_s": statistics.median(ours),
        "default_per_s": statistics.median(theirs),
        "ratio": statistics.median(ours) / statistics.median(theirs),
    }


def summary(durations: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    return {
        "turns": len(durations),
        "p50_ms": _percentile(durations, 50),
        "p95_ms": _percentile(durations, 95),
    }


def _ratios(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    return {f"ratio_p{rank}": _percentile(ours, rank) / _percentile(theirs, rank) for rank in (50, 95)}


def _percentile(values: Sequence[float], rank: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[rank - 1]


def main() -> None:
    """Compare and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=200, help="turns of one client, each side")
    parser.add_argument("--messages", type=int, default=800, help="messages of 16 clients, each side")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = asyncio.run(compare(arguments.turns, arguments.messages))
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
