"""The two sentences that a card suggests: words from the content, filled with what the store knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from balie.content.render import Renderer
from balie.handoff.card_person import Focus
from balie.handoff.card_views import CardReply
from balie.handoff.suggestions import Action, CaseSituation
from balie.kernel.emotion import EmotionLabel
from balie.orders.views import RefundView

REPLIES_PER_ACTION: Final = 2
HELLO, APOLOGY, SYMPATHY = "desk_hello", "desk_apology", "desk_sympathy"
_FOR_MOOD: Final[Mapping[EmotionLabel, str]] = {"anger": APOLOGY, "sadness": SYMPATHY, "fear": SYMPATHY}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFacts:
    """What a suggested reply may say.

    Attributes:
        first_name: None while nobody has shown to be this customer.
        is_first: Whether no agent has written in this conversation yet.
    """

    language: str
    agent_name: str
    first_name: str | None
    today: date
    mood: EmotionLabel
    is_first: bool
    focus: Focus | None
    refund: RefundView | None
    case: CaseSituation | None


def reply_name(action: Action, number: int) -> str:
    """The name of a suggested reply in the content; numbers begin with 1.

    >>> reply_name(Action.TRACE_PARCEL, 2)
    'desk_reply_trace_parcel_2'
    """
    return f"desk_reply_{action.value}_{number}"


def write_replies(renderer: Renderer, action: Action, known: ReplyFacts) -> tuple[CardReply, ...]:
    """What an agent could say to take this step, with words for the customer's mood before it.

    Raises:
        ResponseNotRenderedError: The words miss a fact; the content check finds that before.
    """
    facts = _facts(known)
    openings = [HELLO] if known.is_first else []
    openings += [_FOR_MOOD[known.mood]] if known.mood in _FOR_MOOD else []
    opening = " ".join(renderer.render(name, known.language, facts).text for name in openings)
    spoken = [
        renderer.render(reply_name(action, number), known.language, facts)
        for number in range(1, REPLIES_PER_ACTION + 1)
    ]
    return tuple(
        CardReply("\n\n".join(filter(None, (opening, reply.text))), reply.language) for reply in spoken
    )


def _facts(known: ReplyFacts) -> dict[str, Any]:
    return {
        "customer": None if known.first_name is None else {"first_name": known.first_name},
        "agent": {"display_name": known.agent_name},
        "today": known.today,
        "order": None if known.focus is None else _order_facts(known.focus),
        "refund": None if known.refund is None else _refund_facts(known.refund),
        "case": None if known.case is None else _case_facts(known.case),
    }


def _order_facts(focus: Focus) -> dict[str, Any]:
    delivery = focus.delivery
    return {
        "number": delivery.order_number,
        "placed_on": focus.placed_on,
        "promised_on": delivery.promised_on,
        "expected_on": delivery.expected_on,
        "late_by": delivery.late_by_working_days,
        "carrier": delivery.carrier,
        "track_url": delivery.track_url,
        "delivered_on": delivery.delivered_on,
    }


def _refund_facts(refund: RefundView) -> dict[str, Any]:
    return {
        "number": refund.order_number,
        "amount": refund.amount.minor_units,
        "method": refund.method.value,
        "expected_by": refund.expected_by,
    }


def _case_facts(case: CaseSituation) -> dict[str, Any]:
    return {"number": case.number, "promised_by": case.promised_by}
