"""How long the card takes in the demo shop: 5,000 customers, about 40,000 orders, SQLite.

Usage: ``.venv/bin/python -m benchmarks.card [--cards N] [--database FILE] [--json FILE]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from balie.content.library import load_library
from balie.content.render import Renderer
from balie.handoff.bands import BandTerms
from balie.handoff.card import CardService, CardTerms
from balie.kernel.emotion import EMOTIONS
from balie.kernel.ids import ConversationId
from balie.orders.demo import load_demo_shop
from balie.orders.terms import Terms
from balie.storage.engine import open_async_engine
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import UnitOfWork

ROOT = Path(__file__).resolve().parent.parent
TURNS = 12
"""Of a customer, in each conversation: more than most people write before they want somebody else."""
SEED = 1987
INTENTS = ("track_order", "get_refund", "cancel_order", "return_item", "contact_human_agent", "thank")


@dataclass(frozen=True, slots=True)
class Agent:
    """Who reads the cards."""

    display_name: str = "Joris"
    languages: tuple[str, ...] = ("nl", "en")


def reading(rng: random.Random) -> dict[str, Any]:
    """How a message reads, at random."""
    shares = [rng.random() ** 4 for _ in EMOTIONS]
    shown = {label: share / sum(shares) for label, share in zip(EMOTIONS, shares, strict=True)}
    return {
        "label": max(shown, key=lambda label: shown[label]),
        "probabilities": shown,
        "model": "bench",
        "known": True,
    }


def insert(database: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    """Add one row."""
    columns, gaps = ", ".join(values), ", ".join("?" * len(values))
    database.execute(f"insert into {table} ({columns}) values ({gaps})", list(values.values()))


def add_conversations(path: Path, count: int) -> list[ConversationId]:
    """As many conversations, each with another customer; every third customer has had one before."""
    rng, now = random.Random(SEED), datetime.now(UTC)
    added: list[ConversationId] = []
    with sqlite3.connect(path) as database:
        customers = [row[0] for row in database.execute("select id from customers order by id")]
        busiest = database.execute(
            "select customer_id from orders group by 1 order by count(*) desc limit ?", [count // 10]
        )
        chosen = [row[0] for row in busiest] + rng.sample(customers, count)
        for index, customer in enumerate(chosen[:count]):
            rounds = range(1 + (index % 3 == 0))
            added += [add_conversation(database, customer, rng, now) for _ in rounds]
    return added[-count:]


def add_conversation(
    database: sqlite3.Connection, customer: int, rng: random.Random, now: datetime
) -> ConversationId:
    """One conversation of twelve turns that a person is wanted in."""
    conversation, moment = uuid4(), now - timedelta(minutes=TURNS)
    order = database.execute("select number from orders where customer_id = ? limit 1", [customer]).fetchone()
    insert(database, "conversations", {
        "id": conversation.hex, "channel": "web_widget", "heard_via": "web_widget",
        "status": "waiting_for_agent", "page_language": "nl",
        "explicit_language": None, "language": "nl", "recent_languages": '["nl"]', "customer_id": customer,
        "proof": "shop_token", "proven_order_number": None, "proven_at": str(moment.replace(tzinfo=None)),
        "slots": json.dumps({"order_number": order[0]} if order else {}), "assistant_helps": 0,
        "handoff_number": 1, "customer_read": 0, "agent_read": 0, "last_sequence": 2 * TURNS,
        "created_at": str(moment.replace(tzinfo=None)), "last_active_at": str(now.replace(tzinfo=None)),
    })  # fmt: skip
    for turn in range(TURNS):
        asked, at = uuid4(), str((moment + timedelta(minutes=turn)).replace(tzinfo=None))
        common = {"conversation_id": conversation.hex, "language": "nl", "buttons": "[]", "created_at": at}
        insert(database, "messages", {
            **common, "id": asked.hex, "sequence": 2 * turn + 1, "author": "customer",
            "text": "waar blijft mijn bestelling nou, ik wacht al een week", "intent": rng.choice(INTENTS),
            "turn_state": "answered", "emotion": json.dumps(reading(rng)), "client_message_id": uuid4().hex,
        })  # fmt: skip
        insert(database, "messages", {
            **common, "id": uuid4().hex, "sequence": 2 * turn + 2, "author": "assistant",
            "text": "Je bestelling is onderweg.", "response": "utter_order_on_its_way",
            "turn_state": "none", "in_reply_to": asked.hex,
        })  # fmt: skip
    insert(database, "handoffs", {
        "id": uuid4().hex, "conversation_id": conversation.hex, "state": "queued", "reason": "asked",
        "facts": "{}", "desk": "own", "team": "service", "language": "nl", "band": "new", "mood": "normal",
        "requested_at": str(now.replace(tzinfo=None)), "queued_at": str(now.replace(tzinfo=None)),
    })  # fmt: skip
    return ConversationId(conversation)


async def measure(path: Path, conversations: list[ConversationId]) -> list[float]:
    """Milliseconds of each card, one after the other, the first included."""
    renderer = Renderer(load_library(ROOT / "data"))
    shop = renderer.library.shop
    engine = open_async_engine(f"sqlite:///{path}")
    terms = CardTerms(Terms.from_shop(shop), BandTerms.from_shop(shop))
    service = CardService(UnitOfWork(engine), renderer, terms, timezone=ZoneInfo(shop["timezone"]))
    taken = []
    for conversation in conversations:
        started = time.perf_counter()
        await service.build(conversation, Agent())
        taken.append((time.perf_counter() - started) * 1000)
    await engine.dispose()
    return taken


def figures(taken: list[float]) -> dict[str, float]:
    """What is reported, in milliseconds."""
    ordered = sorted(taken)
    return {
        "cards": len(ordered),
        "first_ms": round(taken[0], 1),
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "max_ms": round(ordered[-1], 1),
    }


def main() -> None:
    """Measure and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cards", type=int, default=400)
    parser.add_argument("--database", type=Path, help="a demo shop that is there already; it is copied")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "balie.db"
        if arguments.database:
            shutil.copy(arguments.database, path)
        else:
            upgrade(f"sqlite:///{path}")
            load_demo_shop(f"sqlite:///{path}", today=datetime.now(UTC).date())
        found = figures(asyncio.run(measure(path, add_conversations(path, arguments.cards))))
    print(json.dumps(found, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
