"""Which reply tells how an order stands, and the facts it needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from balie.assistant.speech import Choice
from balie.catalogue.words import in_language
from balie.content.filters import LOCALES
from balie.orders.kinds import ShipmentEventKind
from balie.orders.status import OrderStatus, PaymentState
from balie.orders.views import DeliveryView, OrderView

_S = OrderStatus

OPEN: Final = frozenset({_S.PLACED, _S.PAID, _S.PACKED, _S.SHIPPED, _S.OUT_FOR_DELIVERY, _S.READY_FOR_PICKUP})
"""An order in one of these is still to come."""

REPLY: Final[Mapping[OrderStatus, str]] = {
    _S.PLACED: "utter_order_not_paid",
    _S.PAID: "utter_order_being_packed",
    _S.PACKED: "utter_order_packed",
    _S.SHIPPED: "utter_order_on_its_way",
    _S.OUT_FOR_DELIVERY: "utter_order_out_for_delivery",
    _S.READY_FOR_PICKUP: "utter_order_ready_for_pickup",
    _S.DELIVERED: "utter_order_delivered",
    _S.CANCELLED: "utter_order_cancelled",
    _S.RETURNED: "utter_order_returned",
}
_LATE_REPLY: Final[Mapping[OrderStatus, str]] = {
    _S.PAID: "utter_order_late_before_shipping",
    _S.PACKED: "utter_order_late_before_shipping",
    _S.SHIPPED: "utter_order_late_on_its_way",
}
_TROUBLE_REPLY: Final[Mapping[ShipmentEventKind, str]] = {
    ShipmentEventKind.DELIVERY_FAILED: "utter_order_delivery_failed",
    ShipmentEventKind.SENT_BACK: "utter_order_sent_back",
}
_MOST_ITEMS: Final = 3


def choose_reply(delivery: DeliveryView) -> str:
    """The name of the reply: trouble at the door first, then lateness, then the usual course."""
    if delivery.status is OrderStatus.SHIPPED and _latest_event(delivery) in _TROUBLE_REPLY:
        return _TROUBLE_REPLY[delivery.events[0].kind]
    if delivery.is_late and delivery.status in _LATE_REPLY:
        return _LATE_REPLY[delivery.status]
    return REPLY[delivery.status]


def describe_order(order: OrderView, delivery: DeliveryView, *, today: date) -> dict[str, Any]:
    """The facts that the replies about an order may use (``data/replies/orders.yml``)."""
    parcel = delivery.leading_parcel
    return {
        "number": order.number,
        "placed_on": order.placed_on,
        "today": today,
        "promised_on": delivery.promised_on,
        "expected_on": delivery.expected_on,
        "late_by": delivery.late_by_working_days,
        "carrier": delivery.carrier,
        "track_url": delivery.track_url,
        "pickup_place": delivery.pickup_place,
        "method": delivery.method,
        "city": delivery.city,
        "items": [in_every_language(line.names) for line in order.lines[:_MOST_ITEMS]],
        "more_items": len(order.lines) > _MOST_ITEMS,
        "parcels": len(delivery.parcels),
        "arrived_parcels": sum(parcel.delivered_on is not None for parcel in delivery.parcels),
        "delayed": _latest_event(delivery) is ShipmentEventKind.DELAYED,
        "delivered_on": delivery.delivered_on,
        "ready_on": (parcel.ready_on if parcel else None) or today,
        "cancelled_on": order.cancelled_on,
        "paid": order.payment_state is PaymentState.PAID,
    }


def choose_orders(orders: Sequence[OrderView], *, intent: str = "choose_order") -> list[Choice]:
    """A button for each order; ``intent`` is what is wanted of it."""
    return [
        Choice(
            intent=intent,
            slots={"order_number": order.number},
            title="title_of_order",
            facts={"number": order.number, "placed_on": order.placed_on.isoformat()},
        )
        for order in orders
    ]


def in_every_language(texts: Mapping[str, str]) -> dict[str, str]:
    """The text in each language we may speak, borrowed from another where the store has none."""
    return {language: in_language(texts, language) for language in LOCALES}


def _latest_event(delivery: DeliveryView) -> ShipmentEventKind | None:
    return delivery.events[0].kind if delivery.events else None
