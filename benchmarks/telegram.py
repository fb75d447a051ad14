"""Telegram: whether every update is answered once and in order, and how long an answer takes.

Two runs against a stand-in Bot API server in a thread of this process (``tests/support/bot_api``), by long
polling, as ``make run`` does it:

- *crowd*: the service in a process of its own (``benchmarks/telegram_server.py``) is killed (SIGKILL) every
  so often and started again, while people write; updates come doubled and out of their order. Whoever was
  answered twice, not at all, or in another order than they wrote, is counted.
- *latency*: the whole of Balie with Rasa and the demo shop. The same questions go to the website and to
  Telegram, in blocks that alternate. A turn lasts from the POST to the answer on the socket, and from the
  update to the request that sends the answer.

Usage: ``.venv/bin/python -m benchmarks.telegram [--updates 5000] [--people 200] [--per-second 25]
[--kill-every 20] [--turns 200] [--json FILE]``
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
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx

from balie.cli.running_rasa import free_port
from balie.settings import Settings
from balie.storage.migrate import upgrade
from benchmarks.servers import QUIET, ROOT, Server, run_balie
from benchmarks.turns import BalieClient, read_questions, summary
from tests.support.bot_api import BotApi, Person

DOUBLED: Final = 0.05
REORDERED: Final = 0.02
QUIET_S: Final = 20.0
"""So long has nothing been sent when nothing more is coming; longer than a claimed call is nobody else's."""
LONGEST_WAIT_S: Final = 180.0
BLOCKS: Final = 4
HELLO: Final = "hallo"
AFTERWARDS_S: Final = 0.2
"""So long after an answer nothing more comes of it."""


def settings_for(bot: BotApi, folder: Path) -> dict[str, str]:
    """Settings of a service that has a bot."""
    return {
        "BALIE_VAR_DIR": str(folder),
        "BALIE_TELEGRAM_TOKEN": bot.token,
        "BALIE_TELEGRAM_API_URL": bot.url,
        "BALIE_MESSAGES_PER_MINUTE": "1000000",
    }


@dataclass
class Service:
    """The process that is killed."""

    folder: Path
    bot: BotApi
    kills: int = 0
    _process: asyncio.subprocess.Process | None = None
    _ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        public, internal = self._ports
        ports = {"BALIE_PUBLIC_PORT": str(public), "BALIE_INTERNAL_PORT": str(internal)}
        with (self.folder / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "benchmarks.telegram_server"),
                cwd=ROOT,
                env={**os.environ, **QUIET, **settings_for(self.bot, self.folder), **ports},
                stdout=log,
                stderr=log,
            )
        async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
            while not await self._answers(http, public):
                if self._process.returncode is not None:
                    raise RuntimeError((self.folder / "server.log").read_text("utf-8", "replace")[-2000:])
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def keep_killing(self, every_s: float) -> None:
        """Kill it again and again, and start it at once, until this is cancelled."""
        while True:
            await asyncio.sleep(every_s)
            await self.kill()
            self.kills += 1
            await self.start()

    @staticmethod
    async def _answers(http: httpx.AsyncClient, port: int) -> bool:
        try:
            return (await http.get(f"http://127.0.0.1:{port}/ready")).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@dataclass
class Said:
    """What one person wrote, in order."""

    person: Person
    texts: list[str] = field(default_factory=list)

    def say(self) -> None:
        """Write the next thing."""
        self.texts.append(f"Vraag {len(self.texts)}")
        self.person.says(self.texts[-1])

    def count(self) -> Counter[str]:
        """What became of it: lost, doubled, out of order (each person once)."""
        answers = [text.removeprefix("U zei: ") for text in self.person.texts]
        times = Counter(answers)
        in_order = sorted(answers, key=self.texts.index) == answers
        return Counter(
            lost=sum(times[text] == 0 for text in self.texts),
            doubled=sum(times[text] > 1 for text in self.texts),
            out_of_order=int(not in_order),
        )


async def play_crowd(arguments: argparse.Namespace) -> dict[str, Any]:
    """Let people write while the service is killed; what was counted."""
    with tempfile.TemporaryDirectory() as name, BotApi() as bot:
        folder = Path(name)
        upgrade(Settings(var_dir=folder).resolved_database_url)
        service = Service(folder, bot)
        await service.start()
        bot.faults.updates(doubled=DOUBLED, reordered=REORDERED, seed=arguments.seed)
        crowd = [Said(bot.person(f"Mens{number}")) for number in range(arguments.people)]
        killing = asyncio.create_task(service.keep_killing(arguments.kill_every))
        started = time.monotonic()
        chance = Random(arguments.seed)
        for _ in range(arguments.updates):
            chance.choice(crowd).say()
            await asyncio.sleep(chance.expovariate(arguments.per_second))
        killing.cancel()
        await asyncio.gather(killing, return_exceptions=True)
        await service.kill()
        await service.start()
        await _until_quiet(bot, crowd)
        await service.kill()
        counted = sum((said.count() for said in crowd), Counter())
        return {
            "updates": arguments.updates,
            "people": arguments.people,
            "doubles": bot.queue.doubles,
            "swaps": bot.queue.swaps,
            "kills": service.kills,
            "seconds": round(time.monotonic() - started),
            "requests": len(bot.requests),
            "invalid_requests": len(bot.violations),
            "checked_against_description": bot.description is not None,
            **{what: counted[what] for what in ("lost", "doubled", "out_of_order")},
        }


async def _until_quiet(bot: BotApi, crowd: list[Said]) -> None:
    """Until everybody has as many answers as questions and nothing comes any more."""
    deadline = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < deadline:
        sent = bot.asked("sendMessage")
        is_quiet = not sent or time.monotonic() - sent[-1].at > QUIET_S
        if is_quiet and all(len(said.person.texts) >= len(said.texts) for said in crowd):
            return
        await asyncio.sleep(0.5)


async def time_turns(turns: int) -> dict[str, Any]:
    """The same questions on the website and in Telegram, each of somebody who has just said hello."""
    website: list[float] = []
    telegram: list[float] = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bot = stack.enter_context(BotApi())
        server = await stack.enter_async_context(run_balie(folder, settings_for(bot, folder)))
        http = httpx.AsyncClient(base_url=server.url, timeout=30, trust_env=False)
        await stack.enter_async_context(http)
        for question in read_questions(10, seed=1):
            await _ask_on_website(http, server, question)
            await _ask_in_telegram(bot, question)
        for block in range(BLOCKS):
            questions = read_questions(turns // BLOCKS, seed=block)
            website += [await _ask_on_website(http, server, question) for question in questions]
            telegram += [await _ask_in_telegram(bot, question) for question in questions]
        of_website, of_telegram = summary(website), summary(telegram)
        return {
            "website": of_website,
            "telegram": of_telegram,
            "ratio_p50": round(of_telegram["p50_ms"] / of_website["p50_ms"], 2),
            "ratio_p95": round(of_telegram["p95_ms"] / of_website["p95_ms"], 2),
            "invalid_requests": len(bot.violations),
        }


async def _ask_on_website(http: httpx.AsyncClient, server: Server, question: str) -> float:
    """Milliseconds from the POST to the (first) answer on the socket."""
    client = BalieClient(http, server)
    await client.open(None)
    await client.ask(HELLO)
    asked_at = time.perf_counter()
    await client.ask(question)
    await client.close()
    return (client.answered_at - asked_at) * 1000


async def _ask_in_telegram(bot: BotApi, question: str) -> float:
    """Milliseconds from the update to the request that sends the (first) answer."""
    person = bot.person()
    for text in (HELLO, question):
        before, said_at = len(person.texts), time.monotonic()
        person.says(text)
        await person.waits_for(before + 1)
        heard = 0
        while heard < len(person.texts):
            heard = len(person.texts)
            await asyncio.sleep(AFTERWARDS_S)
    sent = bot.asked("sendMessage", chat=person.id)
    return (next(one.at for one in sent if one.at >= said_at) - said_at) * 1000


def main() -> None:
    """Measure and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=5000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--per-second", type=float, default=25.0)
    parser.add_argument("--kill-every", type=float, default=20.0)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures = {
        "crowd": asyncio.run(play_crowd(arguments)),
        "latency": asyncio.run(time_turns(arguments.turns)),
    }
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
