"""How the card, canned replies and orders look on the desk's wire (``desk_card_schemas`` describes it)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from balie.advice.for_agents import AgentAdvice
from balie.gateway.wire import Json
from balie.handoff.canned import FilledReply
from balie.handoff.card_views import (
    Card,
    CardCase,
    CardCustomer,
    CardNote,
    CardOrder,
    CardSuggestion,
    MoodLine,
)
from balie.handoff.desk_order_views import DeskOffer, DeskOrder, Possible
from balie.kernel.money import Money
from balie.orders.views import OrderLineView


def card_json(card: Card, advice: AgentAdvice | None) -> Json:
    """A card, with what the agent might suggest."""
    return {
        "conversation_id": str(card.conversation_id),
        "built_ms": round(card.built_ms, 1),
        "customer": None if card.customer is None else _customer_json(card.customer),
        "wants": {
            "intents": [
                {"intent": one.intent, "title": one.title, "at": one.at.isoformat()}
                for one in card.wants.intents
            ],
            "flow": card.wants.flow,
            "flow_title": card.wants.flow_title,
            "slots": dict(card.wants.slots),
        },
        "quotes": [
            {"sequence": quote.sequence, "text": quote.text, "at": quote.at.isoformat()}
            for quote in card.quotes
        ],
        "mood": None if card.mood is None else _mood_json(card.mood),
        "tried": [
            {"response": one.response, "title": one.title, "at": one.at.isoformat(), "helped": one.helped}
            for one in card.tried
        ],
        "reason": (
            None
            if card.reason is None
            else {"code": card.reason.code.value, "facts": facts_json(card.reason.facts)}
        ),
        "suggestion": _suggestion_json(card.suggestion),
        "replies": [{"text": reply.text, "language": reply.language} for reply in card.replies],
        "languages": {"customer": card.languages.customer, "agent": card.languages.agent},
        "notes": [_note_json(note) for note in card.notes],
        "history": {
            "earlier_conversations": card.history.earlier_conversations,
            "last_at": None if card.history.last_at is None else card.history.last_at.isoformat(),
            "repeat_within_h": card.history.repeat_within_h,
        },
        "recommendations": None if advice is None else advice_json(advice),
    }


def advice_json(advice: AgentAdvice) -> Json:
    """What the agent might suggest."""
    return {
        "products": [
            {
                "sku": card.sku,
                "name": card.name,
                "said": card.said,
                "price": _money_json(card.price),
                "reason": card.reason,
                "url": card.url,
            }
            for card in advice.cards
        ],
        "withheld": None if advice.withheld is None else advice.withheld.value,
    }


def canned_json(reply: FilledReply) -> Json:
    """A canned reply, ready to be sent."""
    return {"shortcut": reply.shortcut, "title": reply.title, "text": reply.text}


def desk_order_json(found: DeskOrder, language: str | None) -> Json:
    """An order, and what may be done with it; names in the agent's language where there are any."""
    order = found.order
    return {
        "number": order.number,
        "status": order.status.value,
        "placed_at": order.placed_at.isoformat(),
        "total": _money_json(order.total),
        "lines": [_line_json(line, language) for line in order.lines],
        "may": [_possible_json(one) for one in found.may],
    }


def offer_json(offer: DeskOffer) -> Json:
    """What would happen."""
    effects = offer.effects
    return {
        "action": offer.action.value,
        "number": offer.order_number,
        "offer_id": offer.offer_id,
        "text": offer.text,
        "refund": None if effects is None or effects.refund is None else _money_json(effects.refund),
        "refund_by": _iso(None if effects is None else effects.refund_by),
        "fee": None if effects is None or effects.fee is None else _money_json(effects.fee),
    }


def facts_json(facts: Mapping[str, Any]) -> Json:
    """Facts as JSON can hold them: days in ISO 8601, everything else as it is."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _customer_json(customer: CardCustomer) -> Json:
    return {
        "known": customer.known,
        "level": customer.level,
        "lapsed": customer.lapsed,
        "name": customer.name,
        "external_id": customer.external_id,
        "language": customer.language,
        "band": None if customer.band is None else customer.band.value,
        "since": None if customer.since is None else customer.since.isoformat(),
        "lifetime_total": None if customer.lifetime_total is None else _money_json(customer.lifetime_total),
        "orders": [_order_json(order) for order in customer.orders],
        "open_cases": [_case_json(case) for case in customer.open_cases],
        "consents": dict(customer.consents),
        "loyalty_points": customer.loyalty_points,
    }


def _order_json(order: CardOrder) -> Json:
    return {
        "number": order.number,
        "status": order.status.value,
        "placed_at": order.placed_at.isoformat(),
        "total": _money_json(order.total),
    }


def _case_json(case: CardCase) -> Json:
    return {
        "number": case.number,
        "kind": case.kind.value,
        "promised_by": case.promised_by.isoformat(),
        "wants_person": case.wants_person,
        "overdue": case.overdue,
    }


def _mood_json(mood: MoodLine) -> Json:
    return {
        "leading": mood.leading,
        "strength": round(mood.strength, 4),
        "line": [
            {"sequence": point.sequence, "leading": point.leading, "strength": round(point.strength, 4)}
            for point in mood.line
        ],
        "moved_by": [
            {"sequence": mover.sequence, "text": mover.text, "emotion": mover.emotion}
            for mover in mood.moved_by
        ],
    }


def _suggestion_json(suggestion: CardSuggestion) -> Json:
    return {
        "action": suggestion.action.value,
        "title": suggestion.title,
        "why": suggestion.why,
        "because": [{"code": why.code, "facts": facts_json(why.facts)} for why in suggestion.because],
    }


def _note_json(note: CardNote) -> Json:
    agent = None if note.agent_id is None else {"id": note.agent_id, "display_name": note.author}
    return {
        "id": str(note.id),
        "text": note.text,
        "agent": agent,
        "created_at": note.created_at.isoformat(),
        "after_sequence": note.after_sequence,
    }


def _line_json(line: OrderLineView, language: str | None) -> Json:
    name = line.names.get(language or "") or next(iter(line.names.values()), line.sku)
    return {"name": name, "quantity": line.quantity, "price": _money_json(line.unit_price)}


def _possible_json(possible: Possible) -> Json:
    return {
        "action": possible.action.value,
        "allowed": possible.allowed,
        "reason": possible.reason,
        "text": possible.text,
    }


def _money_json(money: Money) -> Json:
    return {"minor_units": money.minor_units, "currency": money.currency}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
