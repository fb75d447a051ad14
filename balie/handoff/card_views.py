"""What stands on a card: everything an agent should know before the first word. Plain values, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from balie.cases.kinds import CaseKind
from balie.handoff.bands import Band
from balie.handoff.kinds import Reason
from balie.handoff.suggestions import Action, Why
from balie.kernel.emotion import EmotionLabel
from balie.kernel.ids import ConversationId
from balie.kernel.money import Money
from balie.orders.status import OrderStatus


class CardReader(Protocol):
    """The agent whom a card is made for (``AgentView`` is one)."""

    @property
    def display_name(self) -> str:
        """What customers read."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """That the agent reads and writes, the own one first."""
        ...


@dataclass(frozen=True, slots=True)
class CardOrder:
    """One order, in short."""

    number: str
    status: OrderStatus
    placed_at: datetime
    total: Money


@dataclass(frozen=True, slots=True)
class CardCase:
    """A case that is open.

    Attributes:
        wants_person: Whether a person has to decide.
        overdue: Whether the customer should have heard from us by now.
    """

    number: str
    kind: CaseKind
    promised_by: date
    wants_person: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCustomer:
    """Who it is, as far as this conversation has shown.

    Attributes:
        known: Whether they have shown to be this customer; else they only knew an order and its postcode, and
            nothing but that order is on the card.
        level: How sure it was when it was shown: ``order``, ``customer`` or ``fresh``.
        lapsed: Whether that was too long ago to go by it: ask again before something changes.
        language: Of the account.
        band: How much they have bought; None where only an order is known. ``lifetime_total`` likewise.
        orders: Newest first, at most five; after them the one that was talked about, when it is older.
        consents: The newest answer by purpose; what was never asked is missing.
        loyalty_points: None for whoever is not in the loyalty programme.
    """

    known: bool
    level: str
    lapsed: bool
    name: str
    external_id: str
    language: str
    band: Band | None
    since: datetime | None
    lifetime_total: Money | None
    orders: tuple[CardOrder, ...]
    open_cases: tuple[CardCase, ...]
    consents: Mapping[str, bool] = field(default_factory=dict)
    loyalty_points: int | None = None


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One thing the customer wanted; ``title`` in the agent's language."""

    intent: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wants:
    """What the customer came for.

    Attributes:
        intents: The last three different ones, newest first; small talk only where there was nothing else.
        flow: What the assistant was in the middle of; None when nothing.
        flow_title: What that is called, for the agent.
        slots: What the dialogue knows of the question, such as ``order_number``.
    """

    intents: tuple[AskedFor, ...] = ()
    flow: str | None = None
    flow_title: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quote:
    """What the customer wrote, word for word."""

    sequence: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoodPoint:
    """The mood after one message."""

    sequence: int
    leading: EmotionLabel
    strength: float


@dataclass(frozen=True, slots=True)
class Mover:
    """A sentence that did much for the mood, and what it shows most of all."""

    sequence: int
    text: str
    emotion: EmotionLabel


@dataclass(frozen=True, slots=True)
class MoodLine:
    """How the customer has been feeling.

    Attributes:
        line: After every message that could be read, in order.
        moved_by: Heaviest first; empty in calm.
    """

    leading: EmotionLabel
    strength: float
    line: tuple[MoodPoint, ...]
    moved_by: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What the assistant answered.

    Attributes:
        title: What it is about, in the agent's language; how it began, where the content has no word for it.
        helped: False when the same was asked again afterwards, True when thanks came back, else None.
    """

    response: str
    title: str
    at: datetime
    helped: bool | None


@dataclass(frozen=True, slots=True)
class CardReason:
    """Why a person is needed, and what that rests on."""

    code: Reason
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CardSuggestion:
    """What to do next.

    Attributes:
        title: The step in words, in the agent's language; ``why`` what speaks for it.
        because: The same as codes and facts, most telling first.
    """

    action: Action
    title: str
    why: str
    because: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class CardReply:
    """What the agent could say, ready to be sent or changed."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class CardNote:
    """What an agent wrote for whoever is next; ``author`` is their display name, None for another desk's."""

    id: UUID
    text: str
    agent_id: int | None
    author: str | None
    created_at: datetime
    after_sequence: int


@dataclass(frozen=True, slots=True)
class History:
    """Conversations before this one with the same customer.

    Attributes:
        last_at: When anything was said in them last.
        repeat_within_h: 24 or 72 when that is no longer ago; None otherwise.
    """

    earlier_conversations: int = 0
    last_at: datetime | None = None
    repeat_within_h: int | None = None


@dataclass(frozen=True, slots=True)
class SpokenLanguages:
    """What the customer writes, and what the agent does; None before the customer has written anything."""

    customer: str | None
    agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything in hand.

    Attributes:
        customer: None while nobody has shown who they are.
        mood: None when no message could be read.
        tried: In order.
        reason: None when nobody has asked for a person.
        replies: Two, in the customer's language.
        built_ms: How long it took.
    """

    conversation_id: ConversationId
    customer: CardCustomer | None
    wants: Wants
    quotes: tuple[Quote, ...]
    mood: MoodLine | None
    tried: tuple[Tried, ...]
    reason: CardReason | None
    suggestion: CardSuggestion
    replies: tuple[CardReply, ...]
    languages: SpokenLanguages
    notes: tuple[CardNote, ...]
    history: History
    built_ms: float
