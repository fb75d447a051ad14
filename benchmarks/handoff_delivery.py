"""How soon what customers and agents write stands before the other, with the service killed every 30 s.

200 customers who wait or talk, 20 agents, SQLite, the whole service in a process of its own but for Rasa
(``benchmarks/desk_server.py``). Customers post and listen with ``after``, agents post and listen with
``watch``; what is not answered is sent again as it is. A delivery lasts from the first POST to the moment
the socket of the other one shows it. Every so often the process is killed (SIGKILL) and started again.

Usage: ``.venv/bin/python -m benchmarks.handoff_delivery [--minutes 10] [--customers 200] [--agents 20]
[--kill-every 30] [--json FILE]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

import httpx

from balie.agents.kinds import Presence
from balie.agents.service import AgentService
from balie.agents.views import NewAgent
from balie.cli.running_rasa import free_port
from balie.gateway.secret_store import with_secrets
from balie.settings import Settings
from balie.storage.engine import open_async_engine
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import UnitOfWork
from benchmarks.desk_people import Agent, Customer, Line, Log, Post
from benchmarks.servers import QUIET, ROOT

PASSWORD: Final = "een lang genoeg geheim"
CAPACITY: Final = 5
ARRIVING_S: Final = 20
"""Until everybody who waits at the beginning has come."""
BACK_AGAIN_S: Final = 3.0
"""After the service answers again: until everybody's socket is open and has caught up."""
SETTLE_S: Final = 15


@dataclass
class Service:
    """The process, and when it was away."""

    folder: Path
    port: int
    away: list[tuple[float, float]] = field(default_factory=list)
    _process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """Settings, as a shop gives them."""
        return {
            "BALIE_VAR_DIR": str(self.folder),
            "BALIE_PUBLIC_PORT": str(self.port),
            "BALIE_INTERNAL_PORT": str(free_port()),
            "BALIE_DESK_ALWAYS_OPEN": "true",
            "BALIE_MESSAGES_PER_MINUTE": "1000000",
            "BALIE_CONVERSATIONS_PER_MINUTE": "1000000",
        }

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.desk_server"),
                cwd=ROOT,
                env={**os.environ, **QUIET, **self.environment},
                stdout=log,
                stderr=log,
            )
        async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
            while not await self._answers(http):
                if self._process.returncode is not None:
                    raise RuntimeError((self.folder / "server.log").read_text("utf-8", "replace")[-2000:])
                await asyncio.sleep(0.05)

    async def restart(self) -> None:
        """Kill it as a power cut would, and start it again at once."""
        killed_at = time.perf_counter()
        await self.kill()
        await self.start()
        self.away.append((killed_at, time.perf_counter()))

    async def kill(self) -> None:
        """Kill it."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"{self.url}/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def was_away(self, post: Post) -> bool:
        """Whether it was away while a message was on its way."""
        end = post.shown_at or post.at
        return any(post.at <= up + BACK_AGAIN_S and end >= down for down, up in self.away)


async def hire(settings: Settings, count: int) -> list[str]:
    """Cookies of so many agents who are signed in."""
    upgrade(settings.resolved_database_url)
    engine = open_async_engine(settings.resolved_database_url)
    agents = AgentService(UnitOfWork(engine), settings.secret.get_secret_value())
    cookies = []
    for number in range(count):
        agent = await agents.create_agent(
            NewAgent(
                email=f"agent{number}@voorbeeld.example",
                name=f"Agent {number}",
                display_name=f"Agent {number}",
                languages=("nl",),
                teams=("service",),
                capacity=CAPACITY,
                password=PASSWORD,
            )
        )
        signed_in = await agents.sign_in(
            agent.email, PASSWORD, address=f"10.0.0.{number}", device="benchmark"
        )
        await agents.set_presence(agent.id, Presence.ONLINE)
        cookies.append(signed_in.token)
    await engine.dispose()
    return cookies


async def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Let everybody talk for so many minutes; the figures."""
    service, log = Service(folder, free_port()), Log()
    cookies = await hire(with_secrets(Settings(var_dir=folder)), arguments.agents)
    await service.start()
    limits = httpx.Limits(max_connections=arguments.customers + arguments.agents)
    try:
        async with httpx.AsyncClient(base_url=service.url, limits=limits, trust_env=False) as http:
            line = Line(service.url, http)
            agents = [Agent(line, log, Random(number), cookie) for number, cookie in enumerate(cookies)]
            customers: list[Customer] = []
            working = [asyncio.create_task(agent.run()) for agent in agents]
            visiting = [
                asyncio.create_task(_visit(line, log, Random(1000 + number), customers))
                for number in range(arguments.customers)
            ]
            await _kill_now_and_then(service, arguments.minutes * 60, arguments.kill_every)
            line.is_over = True
            await asyncio.sleep(SETTLE_S)
            amiss = await _look_in_the_store(http, log, customers, agents)
            for agent in agents:
                await agent.stop()
            for task in (*working, *visiting):
                task.cancel()
            await asyncio.gather(*working, *visiting, return_exceptions=True)
    finally:
        await service.kill()
    return _figures(service, log, amiss, arguments)


async def _visit(line: Line, log: Log, random: Random, customers: list[Customer]) -> None:
    """One place that is always taken: when a customer leaves, the next comes."""
    await asyncio.sleep(random.uniform(0, ARRIVING_S))
    while not line.is_over:
        customer = Customer(line, log, random)
        customers.append(customer)
        await customer.run()
        customers.remove(customer)


async def _kill_now_and_then(service: Service, seconds: float, every_s: float) -> None:
    ends_at = time.perf_counter() + seconds
    while (left := ends_at - time.perf_counter()) > 0:
        await asyncio.sleep(min(every_s, left))
        if time.perf_counter() < ends_at:
            await service.restart()


async def _look_in_the_store(
    http: httpx.AsyncClient, log: Log, customers: list[Customer], agents: list[Agent]
) -> Counter[str]:
    """What is not there, there twice, or was never shown."""
    amiss: Counter[str] = Counter()
    ends: dict[str, int] = {}
    stored: Counter[str] = Counter()
    for conversation, token in log.tokens.items():
        messages: list[Any] = []
        while True:
            page = await http.get(
                f"/api/v1/conversations/{conversation}/messages",
                params={"after": messages[-1]["sequence"] if messages else 0},
                headers={"Authorization": f"Bearer {token}"},
            )
            found = page.raise_for_status().json()["messages"]
            messages += found
            if not found:
                break
        stored.update(message["text"] for message in messages)
        ends[conversation] = len(messages)
    for text, post in (*log.from_customers.items(), *log.from_agents.items()):
        amiss["lost"] += post.is_accepted and stored[text] == 0
        amiss["doubled"] += stored[text] > 1
    amiss["lost"] += sum(customer.last != ends.get(customer.id, 0) for customer in customers if customer.id)
    amiss["lost"] += sum(
        last != ends[conversation] for agent in agents for conversation, last in agent.last.items()
    )
    amiss["lost"] += log.gaps
    amiss["doubled"] += log.doubled
    return amiss


def _figures(
    service: Service, log: Log, amiss: Counter[str], arguments: argparse.Namespace
) -> dict[str, Any]:
    away_s = [up - down for down, up in service.away]
    return {
        "minutes": arguments.minutes,
        "customers": arguments.customers,
        "agents": arguments.agents,
        "kills": len(service.away),
        "away_s": round(median(away_s), 2) if away_s else None,
        "conversations": len(log.tokens),
        "ended": log.ended,
        "customer_to_desk": _delivery(service, log.from_customers.values()),
        "desk_to_customer": _delivery(service, log.from_agents.values()),
        "refused": log.refused,
        "lost": amiss["lost"],
        "doubled": amiss["doubled"],
    }


def _delivery(service: Service, posts: Iterable[Post]) -> dict[str, Any]:
    shown = [post for post in posts if post.is_live and post.shown_at is not None]
    calm = [post for post in shown if not service.was_away(post)]
    return {"calm": _quantiles(calm), "all": _quantiles(shown)}


def _quantiles(posts: list[Post]) -> dict[str, Any]:
    times = sorted((post.shown_at - post.at) * 1000 for post in posts if post.shown_at is not None)
    if not times:
        return {"messages": 0}
    p95, p99 = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.95, 0.99))
    return {
        "messages": len(times),
        "p50_ms": round(median(times), 1),
        "p95_ms": round(p95, 1),
        "p99_ms": round(p99, 1),
    }


def main() -> None:
    """Measure and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--kill-every", type=float, default=30)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(arguments, Path(folder)))
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
