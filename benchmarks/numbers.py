"""How fast the figures of the desk are counted: 90 days with 20,000 conversations, seeded.

Usage: ``.venv/bin/python -m benchmarks.numbers [--database URL] [--json FILE]``

The database must be empty; without one, SQLite in a temporary folder is used.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

from balie.agents.models import AgentRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.customers.models import CustomerRow
from balie.handoff.models import HandoffRow, RatingRow
from balie.handoff.numbers import NumbersService
from balie.handoff.numbers_repository import NumbersQuery
from balie.kernel.emotion import EMOTIONS
from balie.storage.bulk import insert_rows
from balie.storage.engine import open_async_engine, open_sync_engine
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import UnitOfWork, bulk_write

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
DAYS = 90
CONVERSATIONS = 20_000
CUSTOMERS = 5_000
HANDOFF_SHARE = 0.2
RUNS = 15
TEAMS = ("service", "workshop", "returns")
REASONS = ("asked", "angry", "confused", "not_understood", "failed", "policy", "valuable")
CODES = ("solved", "solved", "solved", "partly_solved", "not_solved", "no_answer", "called")
WORDS = "Waar blijft mijn bestelling? Ik had haar eergisteren al verwacht, en ik moet zaterdag op pad. "


@dataclass
class Rows:
    """Rows of each table, made with one seed."""

    random: Random = field(default_factory=lambda: Random(11))
    conversations: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    handoffs: list[dict[str, Any]] = field(default_factory=list)
    ratings: list[dict[str, Any]] = field(default_factory=list)

    def add_conversation(self) -> None:
        """A conversation of two to twelve messages; every fifth goes to an agent, some are taken up again."""
        random = self.random
        begins_at = NOW - timedelta(days=DAYS) * random.random()
        conversation_id, language = self._id(), random.choice(("nl", "nl", "en"))
        turns = random.randint(1, 6)
        at = begins_at
        for turn in range(turns):
            comes_back = turn and random.random() < 0.03
            at += timedelta(hours=random.randint(2, 90)) if comes_back else timedelta(seconds=50)
            self._add_turn(conversation_id, 2 * turn + 1, at, language)
        self.conversations.append(
            {
                "id": conversation_id,
                "channel": "web_widget",
                "heard_via": "web_widget",
                "status": "with_assistant",
                "page_language": language,
                "explicit_language": None,
                "language": language,
                "recent_languages": [language],
                "customer_id": random.randint(1, CUSTOMERS) if random.random() < 0.6 else None,
                "proof": None,
                "proven_order_number": None,
                "proven_at": None,
                "slots": {},
                "assistant_helps": False,
                "handoff_number": 0,
                "customer_read": 0,
                "agent_read": 0,
                "last_sequence": 2 * turns,
                "created_at": begins_at,
                "last_active_at": at + timedelta(seconds=1),
            }
        )
        if random.random() < HANDOFF_SHARE:
            self._add_handoff(conversation_id, begins_at + (at - begins_at) / 2, language)

    def _add_turn(self, conversation_id: UUID, sequence: int, at: datetime, language: str) -> None:
        ours = {"conversation_id": conversation_id, "language": language, "buttons": [], "payload": None}
        empty = {"in_reply_to": None, "agent_id": None, "opening": None, "remark": None}
        question = {
            "id": self._id(),
            "sequence": sequence,
            "author": "customer",
            "text": WORDS,
            "client_message_id": self._id(),
            "turn_state": "answered",
            "response": None,
            "intent": "track_order",
            "emotion": self._emotion(),
            "created_at": at,
        }
        answer = {
            "id": self._id(),
            "sequence": sequence + 1,
            "author": "assistant",
            "text": WORDS * 3,
            "client_message_id": None,
            "in_reply_to": question["id"],
            "turn_state": "none",
            "response": "utter_default" if self.random.random() < 0.1 else "utter_track_order",
            "intent": None,
            "emotion": None,
            "created_at": at + timedelta(seconds=1),
        }
        self.messages += [ours | empty | question, ours | empty | answer]

    def _add_handoff(self, conversation_id: UUID, at: datetime, language: str) -> None:
        random = self.random
        handoff_id = self._id()
        accepted_at = at + timedelta(seconds=random.expovariate(1 / 90))
        replied_at = accepted_at + timedelta(seconds=random.expovariate(1 / 40))
        ended_at = replied_at + timedelta(minutes=random.expovariate(1 / 12))
        self.handoffs.append(
            {
                "id": handoff_id,
                "conversation_id": conversation_id,
                "state": "resolved",
                "reason": random.choice(REASONS),
                "facts": {},
                "desk": "own",
                "team": random.choice(TEAMS),
                "language": language,
                "topic": None,
                "band": "regular",
                "mood": "normal",
                "requested_at": at,
                "queued_at": at,
                "offered_to": None,
                "offer_expires_at": None,
                "agent_id": random.randint(1, 10),
                "accepted_at": accepted_at,
                "first_reply_at": replied_at,
                "first_reply_due_at": at + timedelta(minutes=3),
                "snoozed_until": None,
                "wish": None,
                "contact": None,
                "promised_at": None,
                "code": random.choice(CODES),
                "note": None,
                "ended_at": ended_at,
            }
        )
        answered = random.random() < 0.4
        self.ratings.append(
            {
                "conversation_id": conversation_id,
                "handoff_id": handoff_id,
                "agent_id": None,
                "language": language,
                "asked_at": ended_at,
                "score": random.randint(1, 5) if answered else None,
                "text": None,
                "answered_at": ended_at if answered else None,
            }
        )

    def _emotion(self) -> dict[str, Any]:
        weights = [self.random.random() ** 3 for _ in EMOTIONS]
        shares = {
            label: round(weight / sum(weights), 4) for label, weight in zip(EMOTIONS, weights, strict=True)
        }
        label = max(shares, key=lambda each: shares[each])
        return {"label": label, "probabilities": shares, "model": "0123456789ab", "known": True}

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)


def fill(database_url: str) -> Rows:
    """Write the tables and their rows."""
    upgrade(database_url)
    rows = Rows()
    for _ in range(CONVERSATIONS):
        rows.add_conversation()
    # As a shop writes them: one after another.
    rows.conversations.sort(key=lambda row: row["created_at"])
    rows.messages.sort(key=lambda row: row["created_at"])
    rows.handoffs.sort(key=lambda row: row["requested_at"])
    rows.ratings.sort(key=lambda row: row["asked_at"])
    engine = open_sync_engine(database_url)
    with bulk_write(engine) as connection:
        insert_rows(connection, AgentRow, [_agent(number) for number in range(1, 11)])
        insert_rows(connection, CustomerRow, [_customer(number) for number in range(1, CUSTOMERS + 1)])
        insert_rows(connection, ConversationRow, rows.conversations)
        insert_rows(connection, MessageRow, rows.messages)
        insert_rows(connection, HandoffRow, rows.handoffs)
        insert_rows(connection, RatingRow, rows.ratings)
    engine.dispose()
    return rows


def _agent(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "email": f"a{number}@shop.example",
        "name": f"Agent {number}",
        "display_name": f"A{number}",
        "password_hash": None,
        "role": "agent",
        "languages": ["nl"],
        "topics": [],
        "teams": list(TEAMS),
        "capacity": 3,
        "presence": "offline",
        "presence_at": NOW,
        "active": True,
        "created_at": NOW,
    }


def _customer(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "external_id": f"K-{number}",
        "first_name": "A",
        "last_name": "B",
        "email": f"k{number}@mail.example",
        "phone": None,
        "language": "nl",
        "account_type": "personal",
        "registered_at": NOW - timedelta(days=900),
    }


async def measure(database_url: str) -> dict[str, Any]:
    """How long one overview takes, in milliseconds, and what it costs in memory."""
    engine = open_async_engine(database_url)
    numbers = NumbersService(UnitOfWork(engine), clock=lambda: NOW)
    query = NumbersQuery(numbers.period(numbers.today - timedelta(days=DAYS), numbers.today))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times, busy = [], []
    for _ in range(RUNS):
        started, started_busy = time.perf_counter(), time.process_time()
        overview = await numbers.overview(query)
        times.append((time.perf_counter() - started) * 1000)
        busy.append((time.process_time() - started_busy) * 1000)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    await engine.dispose()
    return {
        "database": engine.dialect.name,
        "conversations": overview.total.conversations,
        "handoffs": overview.total.handoffs,
        "median_ms": round(median(times), 1),
        "worst_ms": round(max(times), 1),
        "processor_ms": round(median(busy), 1),
        "grown_mb": round(grown / 1024, 1),
    }


def main() -> None:
    """Measure and print; with ``--json`` also write the figures to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database_url = arguments.database or f"sqlite:///{folder}/balie.db"
        fill(database_url)
        figures = asyncio.run(measure(database_url))
    print(json.dumps(figures, indent=2))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
