"""A small desk whose figures can be counted by hand; every row as the service writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from balie.agents.models import AgentRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.handoff.models import HandoffRow, RatingRow
from balie.kernel.emotion import EMOTIONS
from balie.storage.unit_of_work import UnitOfWork

MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""Ten o'clock in the shop."""


def after(minutes: float = 0, *, hours: float = 0, days: float = 0, start: datetime = MORNING) -> datetime:
    return start + timedelta(days=days, hours=hours, minutes=minutes)


def feeling(label: str = "neutral", share: float = 1.0, *, known: bool = True) -> dict[str, Any]:
    shares = dict.fromkeys(EMOTIONS, 0.0) | {"neutral": round(1 - share, 4)}
    shares[label] = shares.get(label, 0.0) + share if label == "neutral" else share
    return {"label": label, "probabilities": shares, "model": "0123456789ab", "known": known}


@dataclass
class DeskBook:
    """Writes conversations, handoffs and ratings down."""

    unit_of_work: UnitOfWork

    async def add_agent(self) -> int:
        row = {
            "email": "sanne@voorbeeld.example",
            "name": "Sanne",
            "display_name": "Sanne",
            "role": "agent",
            "languages": ["nl"],
            "topics": [],
            "teams": ["service"],
            "capacity": 3,
            "presence": "offline",
            "presence_at": MORNING,
            "active": True,
            "created_at": MORNING,
        }
        async with self.unit_of_work.write() as session:
            added = await session.execute(insert(AgentRow).values(**row).returning(AgentRow.id))
            return int(added.scalar_one())

    async def add_conversation(
        self,
        *said: tuple[str, datetime] | tuple[str, datetime, dict[str, Any]],
        language: str | None = "nl",
        customer_id: int | None = None,
    ) -> UUID:
        """``said``: author (or ``assistant:utter_…``, ``customer:failed``), moment, and how it reads."""
        conversation_id = uuid4()
        moments = [each[1] for each in said] or [MORNING]
        row = {
            "id": conversation_id,
            "channel": "web_widget",
            "heard_via": "web_widget",
            "status": "with_assistant",
            "language": language,
            "recent_languages": [],
            "customer_id": customer_id,
            "slots": {},
            "assistant_helps": False,
            "handoff_number": 0,
            "customer_read": 0,
            "agent_read": 0,
            "last_sequence": len(said),
            "created_at": moments[0],
            "last_active_at": moments[-1],
        }
        messages = [_message(conversation_id, number, *each) for number, each in enumerate(said, start=1)]
        async with self.unit_of_work.write() as session:
            await session.execute(insert(ConversationRow).values(**row))
            if messages:
                await session.execute(insert(MessageRow), messages)
        return conversation_id

    async def add_handoff(self, conversation_id: UUID, requested_at: datetime, **facts: Any) -> UUID:
        handoff_id = uuid4()
        row = {
            "id": handoff_id,
            "conversation_id": conversation_id,
            "state": "resolved",
            "reason": "asked",
            "facts": {},
            "desk": "own",
            "team": "service",
            "language": "nl",
            "band": "new",
            "mood": "normal",
            "requested_at": requested_at,
            "queued_at": requested_at,
            **facts,
        }
        async with self.unit_of_work.write() as session:
            await session.execute(insert(HandoffRow).values(**row))
        return handoff_id

    async def add_rating(
        self, conversation_id: UUID, asked_at: datetime, score: int | None, handoff_id: UUID | None = None
    ) -> None:
        row = {
            "conversation_id": conversation_id,
            "handoff_id": handoff_id,
            "language": "nl",
            "asked_at": asked_at,
            "score": score,
            "answered_at": None if score is None else asked_at,
        }
        async with self.unit_of_work.write() as session:
            await session.execute(insert(RatingRow).values(**row))


def _message(
    conversation_id: UUID, number: int, who: str, at: datetime, emotion: dict[str, Any] | None = None
) -> dict[str, Any]:
    author, _, more = who.partition(":")
    is_customer = author == "customer"
    return {
        "id": uuid4(),
        "conversation_id": conversation_id,
        "sequence": number,
        "author": author,
        "text": "…",
        "buttons": [],
        "turn_state": (more or "answered") if is_customer else "none",
        "response": None if is_customer or author != "assistant" else more or "utter_track_order",
        "emotion": emotion if is_customer else None,
        "created_at": at,
    }
