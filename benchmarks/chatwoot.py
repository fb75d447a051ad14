"""How fast Chatwoot gets its acknowledgement while the assistant takes ten seconds for every answer.

Chatwoot gives an agent bot five seconds and then takes the conversation away from it. Here customers write
through a stand-in Chatwoot, over real sockets, to the real gateway on a real SQLite file; the assistant
behind it answers after ten seconds. Counted are the acknowledgements, the conversations that were opened by
error, and whether every message got exactly one answer.

Usage: ``.venv/bin/python -m benchmarks.chatwoot [--json FILE] [--messages 1000] [--rate 25]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from balie.assistant.port import AssistantAnswer, AssistantReply, AssistantTurn, Understanding
from balie.channels.opening import open_with
from balie.gateway.server import bind, serving
from balie.kernel.clock import utc_now
from balie.kernel.ids import ConversationId
from balie.turns.runner import Pace, TurnRunner
from tests.support.chatwoot import StandInChatwoot
from tests.support.content import FakeRenderer
from tests.support.elsewhere import PATH_SECRET, Elsewhere, app_with, elsewhere
from tests.support.store import copy_database

ASSISTANT_TAKES = timedelta(seconds=10)
SEED = 2026


class SlowAssistant:
    """Answers every question with itself, after ten seconds."""

    async def reply_to(self, _conversation_id: ConversationId, turn: AssistantTurn) -> AssistantAnswer:
        """The answer."""
        await asyncio.sleep(ASSISTANT_TAKES.total_seconds())
        return AssistantAnswer((AssistantReply(f"U zei: {turn.text}", (), "utter_test", "nl"),), "nl")

    async def begin_again(self, _conversation_id: ConversationId) -> None:
        """Nothing is remembered."""

    async def parse(self, _text: str) -> Understanding:
        """Never asked here."""
        return Understanding("nl", 1.0, "greet", 1.0, ())

    async def is_ready(self) -> bool:
        """Always."""
        return True


async def measure(customers: int, messages: int, rate: float) -> dict[str, Any]:
    """The figures, in milliseconds and counts."""
    with tempfile.TemporaryDirectory() as folder:
        async with elsewhere(copy_database(Path(folder))) as house:
            return await _measure_in(house, customers, messages, rate)


async def _measure_in(house: Elsewhere, customers: int, messages: int, rate: float) -> dict[str, Any]:
    runner = TurnRunner(house.conversations, SlowAssistant(), FakeRenderer(), pace=Pace(at_once=10_000))
    known = replace(house.house, turns=runner, clock=utc_now)
    channels = open_with(house.unit_of_work, known, chatwoot=house.chatwoot_client())
    listening = bind("127.0.0.1", 0, setting="-")
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/hooks/chatwoot/{PATH_SECRET}"
    async with (
        serving(app_with(house.settings, channels), listening),
        httpx.AsyncClient() as http,
    ):
        times_s: list[float] = []
        house.chatwoot.hand_in = _timed(http, address, times_s)
        channels.dispatcher.start()
        said = await _write(house.chatwoot, customers, messages, rate)
        await _wait_for_answers(house.chatwoot, runner)
        await channels.dispatcher.stop(timedelta(seconds=5))
        await runner.stop(timedelta())
    return _figures(house.chatwoot, said, times_s)


def _timed(http: httpx.AsyncClient, address: str, times_s: list[float]) -> Any:
    async def hand_in(event: dict[str, Any]) -> int:
        started = time.perf_counter()
        answer = await http.post(address, json=event)
        times_s.append(time.perf_counter() - started)
        return answer.status_code

    return hand_in


async def _write(chatwoot: StandInChatwoot, customers: int, messages: int, rate: float) -> list[str]:
    """Messages at random moments; answers what was written, once everything was delivered."""
    chance = random.Random(SEED)
    there = [chatwoot.open() for _ in range(customers)]
    said, deliveries = [], []
    for number in range(messages):
        said.append(f"Vraag {number}")
        event = chatwoot.customer_says(chance.choice(there), said[-1])
        deliveries.append(asyncio.create_task(chatwoot.deliver(event)))
        await asyncio.sleep(chance.expovariate(rate))
    await asyncio.gather(*deliveries)
    return said


async def _wait_for_answers(chatwoot: StandInChatwoot, runner: TurnRunner) -> None:
    """Until every turn is over and Chatwoot has told of every answer."""
    quiet = 0
    while quiet < 5:
        await asyncio.sleep(0.5)
        await runner.wait_until_idle()
        quiet = 0 if chatwoot.outbox else quiet + 1
        await chatwoot.deliver()


def _figures(chatwoot: StandInChatwoot, said: list[str], times_s: list[float]) -> dict[str, Any]:
    answers = Counter(text for one in chatwoot.conversations.values() for text in one.said_to_customer())
    steps = statistics.quantiles(times_s, n=100)
    return {
        "events": len(times_s),
        "p50_ms": round(statistics.median(times_s) * 1000, 1),
        "p99_ms": round(steps[98] * 1000, 1),
        "max_ms": round(max(times_s) * 1000, 1),
        "opened_by_error": chatwoot.opened_by_error,
        "messages": len(said),
        "lost": sum(answers[f"U zei: {text}"] == 0 for text in said),
        "doubled": sum(answers[f"U zei: {text}"] > 1 for text in said),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=25.0, help="messages a second, all customers together")
    arguments = parser.parse_args()
    figures = asyncio.run(measure(arguments.customers, arguments.messages, arguments.rate))
    print(
        "Acknowledgements to Chatwoot, with an assistant that takes 10 s: "
        f"p50 {figures['p50_ms']} ms, p99 {figures['p99_ms']} ms, longest {figures['max_ms']} ms "
        f"({figures['events']} events). Opened by error: {figures['opened_by_error']}. "
        f"Of {figures['messages']} messages {figures['lost']} lost, {figures['doubled']} answered twice."
    )
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
