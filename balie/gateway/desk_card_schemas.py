"""The shapes of the card, canned replies and orders at the desk. Amounts are in the smallest unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from balie.advice.for_agents import Withheld
from balie.handoff.bands import Band
from balie.handoff.desk_order_views import DeskAction
from balie.handoff.kinds import Reason
from balie.handoff.suggestions import Action
from balie.kernel.emotion import EmotionLabel
from balie.orders.status import OrderStatus


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MoneyShape(_Shape):
    """An amount."""

    minor_units: int
    currency: str


class CardOrderShape(_Shape):
    """An order, in short."""

    number: str
    status: OrderStatus
    placed_at: datetime
    total: MoneyShape


class CardCaseShape(_Shape):
    """A case that is open."""

    number: str
    kind: str
    promised_by: date
    wants_person: bool = Field(description="Whether a person has to decide.")
    overdue: bool


class CardCustomerShape(_Shape):
    """Who it is, as far as the conversation has shown."""

    known: bool = Field(description="False: only an order and its postcode were known; nothing else is here.")
    level: Literal["order", "customer", "fresh"] = Field(description="How sure it was when it was shown.")
    lapsed: bool = Field(description="Shown too long ago to go by it.")
    name: str
    external_id: str
    language: str
    band: Band | None
    since: datetime | None
    lifetime_total: MoneyShape | None
    orders: list[CardOrderShape]
    open_cases: list[CardCaseShape]
    consents: dict[str, bool]
    loyalty_points: int | None = Field(description="Null for whoever is not in the loyalty programme.")


class AskedForShape(_Shape):
    """One thing the customer wanted."""

    intent: str
    title: str
    at: datetime


class WantsShape(_Shape):
    """What the customer came for."""

    intents: list[AskedForShape] = Field(description="The last three different ones, newest first.")
    flow: str | None = Field(description="What the assistant was in the middle of.")
    flow_title: str | None = Field(description="What that is called, in the agent's language.")
    slots: dict[str, str]


class QuoteShape(_Shape):
    """What the customer typed."""

    sequence: int
    text: str
    at: datetime


class MoodPointShape(_Shape):
    """The mood after one message."""

    sequence: int
    leading: EmotionLabel
    strength: float


class MoverShape(_Shape):
    """A sentence that did much for the mood."""

    sequence: int
    text: str
    emotion: EmotionLabel


class MoodLineShape(_Shape):
    """How the customer has been feeling."""

    leading: EmotionLabel
    strength: float
    line: list[MoodPointShape]
    moved_by: list[MoverShape]


class TriedShape(_Shape):
    """What the assistant answered."""

    response: str
    title: str
    at: datetime
    helped: bool | None = Field(description="False: asked again afterwards; true: thanked for; else null.")


class CardReasonShape(_Shape):
    """Why a person is needed."""

    code: Reason
    facts: dict[str, Any]


class WhyShape(_Shape):
    """One thing that speaks for a suggestion."""

    code: str
    facts: dict[str, Any]


class SuggestionShape(_Shape):
    """The next step; `title` and `why` are in the agent's language."""

    action: Action
    title: str
    why: str
    because: list[WhyShape]


class SuggestedReplyShape(_Shape):
    """What the agent could say."""

    text: str
    language: str


class SpokenLanguagesShape(_Shape):
    """The languages of both sides."""

    customer: str | None
    agent: str


class NoteAuthorShape(_Shape):
    """Who wrote a note."""

    id: int
    display_name: str | None


class CardNoteShape(_Shape):
    """What an agent wrote for whoever is next."""

    id: UUID
    text: str
    agent: NoteAuthorShape | None
    created_at: datetime
    after_sequence: int


class HistoryShape(_Shape):
    """Conversations before this one."""

    earlier_conversations: int
    last_at: datetime | None
    repeat_within_h: Literal[24, 72] | None


class CardProductShape(_Shape):
    """What an agent might suggest; `said` is its name in the customer's language, `url` its page or null."""

    sku: str
    name: str
    said: str
    price: MoneyShape
    reason: str
    url: str | None


class CardAdviceShape(_Shape):
    """What fits the customer; with `withheld` it is not for suggesting."""

    products: list[CardProductShape]
    withheld: Withheld | None


class CardShape(_Shape):
    """Everything in hand."""

    conversation_id: UUID
    built_ms: float
    customer: CardCustomerShape | None
    wants: WantsShape
    quotes: list[QuoteShape]
    mood: MoodLineShape | None
    tried: list[TriedShape]
    reason: CardReasonShape | None
    suggestion: SuggestionShape
    replies: list[SuggestedReplyShape]
    languages: SpokenLanguagesShape
    notes: list[CardNoteShape]
    history: HistoryShape
    recommendations: CardAdviceShape | None = Field(description="Null where nothing is recommended.")


class CannedShape(_Shape):
    """A canned reply, ready to be sent."""

    shortcut: str
    title: str
    text: str


class CannedList(_Shape):
    """Every canned reply, in the order of the content."""

    items: list[CannedShape]


class DeskLineShape(_Shape):
    """One position; `price` is that of one piece."""

    name: str
    quantity: int
    price: MoneyShape


class PossibleShape(_Shape):
    """Whether an action may be taken; `text` says why not, in the agent's language."""

    action: DeskAction
    allowed: bool
    reason: str | None
    text: str | None


class DeskOrderShape(CardOrderShape):
    """An order, and what may be done with it."""

    lines: list[DeskLineShape]
    may: list[PossibleShape]


class DeskOrderList(_Shape):
    """The newest orders, and the one that was talked about."""

    orders: list[DeskOrderShape]


class ActionWish(_Shape):
    """First without `confirm`: what would happen. Then with it, and with an id of the page's own making."""

    confirm: bool = False
    client_action_id: UUID | None = Field(None, description="The same again does nothing, and says the same.")
    offer_id: str | None = Field(
        None, max_length=200, description="Of what was shown; refused when the order is another by now."
    )

    @model_validator(mode="after")
    def _a_yes_has_an_id(self) -> ActionWish:
        if self.confirm and self.client_action_id is None:
            raise ValueError("what is confirmed needs a client_action_id")
        return self


class OfferShape(_Shape):
    """What would happen; nothing has."""

    action: DeskAction
    number: str
    offer_id: str | None
    text: str
    refund: MoneyShape | None
    refund_by: date | None
    fee: MoneyShape | None


class ActionAnswer(_Shape):
    """`offer` before a yes; `done` and `text` after it."""

    offer: OfferShape | None = None
    done: bool = False
    text: str | None = None
