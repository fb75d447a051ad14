"""What an order looks like at one moment, as JSON: for the audit, and to notice that it has changed."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any

from balie.orders.changes_asked import Request
from balie.orders.outcomes import Effects
from balie.orders.scene import Scene
from balie.storage.base import Base

_ORDER = (
    "packed_at", "cancelled_at", "street", "house_number", "postcode", "city", "country",
    "shipping_minor", "discount_minor", "total_minor",
)  # fmt: skip


def take_snapshot(scene: Scene) -> dict[str, Any]:
    """Every fact of the order that a customer's decision may rest on; what carriers report is not one."""
    record = scene.record
    return {
        **_columns(record.order, _ORDER),
        "lines": [_columns(one, ("position", "sku", "quantity", "unit_price_minor")) for one in record.lines],
        "payments": [_columns(one, ("amount_minor", "paid_at", "failed_at")) for one in record.payments],
        "parcels": [_columns(one, ("shipped_at", "ready_at", "delivered_at")) for one in record.shipments],
        "returns": [
            _columns(one, ("number", "method", "pick_up_on", "received_at")) for one in scene.returns
        ],
        "return_lines": [
            _columns(one, ("order_line_id", "quantity", "reason")) for one in scene.return_lines
        ],
        "reservations": [
            _columns(one, ("variant_id", "quantity", "kept_until", "released_at"))
            for one in scene.reservations
        ],
        "cases": [_columns(one, ("number", "state")) for one in scene.cases],
        "refunds": [
            _columns(one, ("amount_minor", "approved_at", "refused_at", "paid_at")) for one in scene.refunds
        ],
    }


def compare(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between two snapshots: how it was, and how it is."""
    differing = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in differing}, {name: after[name] for name in differing}


def offer_id(snapshot: dict[str, Any], request: Request, effects: Effects) -> str:
    """Says whether an offer is still the same: same order, same wish, same money.

    Days are left out: an offer of one minute to midnight is good one minute later.
    """
    money = (effects.total, effects.refund, effects.to_pay, effects.fee)
    seen = json.dumps([snapshot, repr(request), repr(money)], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def _columns(row: Base, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
