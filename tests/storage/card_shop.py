"""Conversations at the desk, with the customers and orders of ``changes_shop``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from balie.agents.models import AgentRow
from balie.cases.models import CaseRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.handoff.card_views import Card
from balie.handoff.in_hand import InHand, open_in_hand
from balie.handoff.models import HandoffRow, NoteRow
from balie.kernel.emotion import EMOTIONS, EmotionLabel
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, ChangingShop
from tests.support.codes import CodeBook
from tests.support.content import real_renderer


@dataclass(frozen=True, slots=True)
class Reader:
    """The agent who looks."""

    display_name: str = "Joris"
    languages: tuple[str, ...] = ("nl", "en")


class DeskShop:
    """A shop with an agent who looks into conversations."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self.shop = ChangingShop(unit_of_work)
        self.unit_of_work = unit_of_work
        self.post = CodeBook()
        self.in_hand: InHand = open_in_hand(
            unit_of_work, real_renderer(), post=self.post, clock=self.shop.clock
        )

    async def open(self, **order: Any) -> DeskShop:
        await self.shop.open(**order)
        return self

    async def agent(self, name: str = "Joris") -> int:
        row = AgentRow(
            email=f"{name.lower()}@voorbeeld.example",
            name=name,
            display_name=name,
            password_hash=None,
            role="agent",
            languages=["nl"],
            topics=[],
            teams=[],
            capacity=4,
            presence="online",
            presence_at=NOW,
            active=True,
            created_at=NOW,
        )
        await self.shop.add(row)
        return row.id

    async def talk(self, customer: int | None = None, proof: str = "shop_token", **more: Any) -> Talk:
        """A conversation with a customer; None with nobody who is known."""
        conversation = ConversationId(uuid4())
        known = {"proof": proof, "proven_at": NOW, "customer_id": customer} if customer else {}
        columns: dict[str, Any] = {
            "id": conversation,
            "channel": "web_widget",
            "heard_via": "web_widget",
            "status": "with_agent",
            "page_language": "nl",
            "explicit_language": None,
            "language": "nl",
            "recent_languages": ["nl"],
            "customer_id": None,
            "proof": None,
            "proven_order_number": None,
            "proven_at": None,
            "slots": {},
            "assistant_helps": False,
            "handoff_number": 1,
            "customer_read": 0,
            "agent_read": 0,
            "last_sequence": 0,
            "created_at": NOW,
            "last_active_at": NOW,
            **known,
            **more,
        }
        await self.shop.add(ConversationRow(**columns))
        return Talk(self, conversation)


@dataclass
class Talk:
    """One conversation."""

    desk: DeskShop
    id: ConversationId
    said: int = 0
    last_asked: UUID | None = None
    ids: dict[int, UUID] = field(default_factory=dict)

    async def asks(self, text: str, intent: str | None = None, feels: EmotionLabel | None = None) -> Talk:
        self.last_asked = uuid4()
        emotion = None if feels is None else _reading(feels)
        return await self._add(
            id=self.last_asked,
            author="customer",
            text=text,
            intent=intent,
            emotion=emotion,
            turn_state="answered",
            client_message_id=uuid4(),
        )

    async def told(self, response: str, text: str = "Ik heb het opgezocht.") -> Talk:
        return await self._add(
            id=uuid4(),
            author="assistant",
            text=text,
            response=response,
            in_reply_to=self.last_asked,
            turn_state="none",
        )

    async def written(self, agent: int, text: str = "Hoi.") -> Talk:
        return await self._add(id=uuid4(), author="agent", text=text, agent_id=agent, turn_state="none")

    async def handoff(self, agent: int | None = None, **more: Any) -> HandoffRow:
        """A person is wanted; has it, when there is an agent."""
        columns: dict[str, Any] = {
            "id": uuid4(),
            "conversation_id": self.id,
            "state": "queued" if agent is None else "accepted",
            "reason": "asked",
            "facts": {},
            "desk": "own",
            "team": "service",
            "language": "nl",
            "topic": None,
            "band": "new",
            "mood": "normal",
            "requested_at": NOW,
            "queued_at": NOW,
            "agent_id": agent,
            "accepted_at": None if agent is None else NOW,
            **more,
        }
        row = HandoffRow(**columns)
        await self.desk.shop.add(row)
        return row

    async def note(self, agent: int, text: str) -> None:
        await self.desk.shop.add(
            NoteRow(
                id=uuid4(),
                conversation_id=self.id,
                agent_id=agent,
                after_sequence=self.said,
                text=text,
                created_at=NOW,
            )
        )

    async def case(self, number: str, promised_by: date, **more: Any) -> None:
        columns: dict[str, Any] = {
            "number": number,
            "kind": "complaint",
            "state": "open",
            "customer_id": None,
            "order_id": None,
            "conversation_id": self.id,
            "message_id": uuid4(),
            "opened_at": NOW,
            "promised_by": promised_by,
            "wants_person": False,
            "remedy": None,
            "story": None,
            "facts": {},
            **more,
        }
        await self.desk.shop.add(CaseRow(**columns))

    async def card(self, reader: Reader | None = None) -> Card:
        return await self.desk.in_hand.card.build(self.id, reader or Reader())

    async def _add(self, **columns: Any) -> Talk:
        self.said += 1
        row = MessageRow(
            conversation_id=self.id,
            sequence=self.said,
            language="nl",
            buttons=[],
            created_at=NOW + timedelta(minutes=self.said),
            **columns,
        )
        await self.desk.shop.add(row)
        return self


def _reading(label: EmotionLabel) -> dict[str, Any]:
    shares = {each: 0.9 if each == label else 0.1 / (len(EMOTIONS) - 1) for each in EMOTIONS}
    return {"label": label, "probabilities": shares, "model": "test", "known": True}
