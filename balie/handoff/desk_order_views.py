"""What an agent may do with an order, and what is said of it. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from balie.kernel.ids import ConversationId
from balie.orders.outcomes import Effects
from balie.orders.views import OrderView

NO_INVOICE: Final = "no_invoice"


class DeskAction(StrEnum):
    """What an agent may do with an order."""

    CANCEL = "cancel"
    REFUND = "refund"
    RESEND_INVOICE = "resend_invoice"


@dataclass(frozen=True, slots=True)
class Possible:
    """Whether an action may be taken.

    Attributes:
        reason: A code of why not; None where it may. ``text`` says the same in the agent's language.
    """

    action: DeskAction
    allowed: bool
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """One order, and what may be done with it."""

    order: OrderView
    may: tuple[Possible, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskOffer:
    """What would happen; nothing has.

    Attributes:
        text: In words, in the agent's language.
        offer_id: Goes back with the confirmation, which is refused when anything of this has changed; None
            where nothing can.
    """

    action: DeskAction
    order_number: str
    text: str
    offer_id: str | None = None
    effects: Effects | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an agent asks for.

    Attributes:
        order_number: As the desk shows it.
        language: In which the agent reads what comes of it.
    """

    conversation_id: ConversationId
    agent_id: int
    order_number: str
    action: DeskAction
    language: str | None
