"""What a change means, as the replies about it may use it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from balie.assistant.speech import Choice
from balie.orders.outcomes import Effects, Refused
from balie.orders.policy_facts import Alternative, Change, Elsewhere

_INTENT: Final[Mapping[Alternative, str]] = {
    Change.CANCEL_ORDER: "cancel_order",
    Change.CANCEL_LINE: "change_order",
    Change.CHANGE_QUANTITY: "change_order",
    Change.CHANGE_VARIANT: "change_order",
    Change.ADD_LINE: "change_order",
    Change.CHANGE_ADDRESS: "change_shipping_address",
    Change.RETURN_ITEM: "return_item",
    Change.EXCHANGE_ITEM: "exchange_item",
    Change.REFUND: "get_refund",
    Change.REPORT_DAMAGE: "damaged_item",
    Change.REPORT_MISSING: "wrong_or_missing_item",
    Elsewhere.PERSON: "contact_human_agent",
    Elsewhere.TRACK_ORDER: "track_order",
    Elsewhere.TRACK_REFUND: "track_refund",
    Elsewhere.WARRANTY: "warranty",
    Elsewhere.NEW_ORDER: "place_order",
    Elsewhere.STOCK_ALERT: "back_in_stock_alert",
}
"""The question that leads to what helps instead."""


def alternative_choices(refused: Refused) -> list[Choice]:
    """A button to what helps instead; none when nothing does."""
    return [] if refused.alternative is None else [Choice(intent=_INTENT[refused.alternative])]


def describe_effects(effects: Effects) -> dict[str, Any]:
    """Money and days of a change; None for what does not happen."""
    return {
        "refund": effects.refund,
        "refund_by": effects.refund_by,
        "fee": effects.fee,
        "to_pay": effects.to_pay,
    }
