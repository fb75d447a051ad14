"""Writes orders that were read from a file: new ones are added, known ones are brought up to date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from balie.kernel.clock import local_day
from balie.orders.csv_columns import OrderDraft
from balie.orders.kinds import InvoiceKind
from balie.orders.models import InvoiceRow, OrderLineRow, OrderRow, PaymentRow, ShipmentRow
from balie.storage.base import Base
from balie.storage.bulk import Key, delete_where, find_ids, find_rows, insert_rows, upsert_rows
from balie.storage.csv_import import Written
from balie.storage.errors import RowsRefusedError
from balie.storage.unit_of_work import BulkConnection

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ResolvedOrder:
    """An order with the customer, the address and the variants it means."""

    draft: OrderDraft
    customer_id: int
    email: str
    address: Mapping[str, Any]
    variants: Mapping[str, Mapping[str, Any]]


def write_orders(
    connection: BulkConnection, orders: Sequence[ResolvedOrder], given: AbstractSet[str]
) -> Written:
    """Write whole orders; the same order again changes nothing.

    Args:
        connection: Inside a transaction.
        orders: No number twice.
        given: Columns of the file: parcels, payments and invoices are left alone when it has none.

    Raises:
        RowsRefusedError: A track code or invoice number belongs to another order.
    """
    by_number = {order.draft.number: order for order in orders}
    known = find_ids(connection, OrderRow, "number", list(by_number))
    upsert_rows(connection, OrderRow, [_order_row(order) for order in orders], key=Key(("number",)))
    ids = find_ids(connection, OrderRow, "number", list(by_number))
    owned = [(ids[number], order) for number, order in by_number.items()]
    _write_lines(connection, owned)
    if "shipped_at" in given:
        shipments = [_shipment_row(order_id, order) for order_id, order in owned if _is_shipped(order)]
        _replace(connection, ShipmentRow, "track_code", shipments, list(ids.values()))
    if "payment_method" in given:
        _replace_payments(connection, owned)
    if "invoice_number" in given:
        invoices = [_invoice_row(order_id, order) for order_id, order in owned if _is_invoiced(order)]
        _replace(connection, InvoiceRow, "number", invoices, list(ids.values()))
    return Written(added=len(by_number) - len(known), changed=len(known))


def _write_lines(connection: BulkConnection, owned: Sequence[tuple[int, ResolvedOrder]]) -> None:
    lines = [
        _line_row(order_id, position, line, order)
        for order_id, order in owned
        for position, line in enumerate(order.draft.lines, start=1)
    ]
    upsert_rows(connection, OrderLineRow, lines, key=Key(("order_id", "position")))
    counts = {order_id: len(order.draft.lines) for order_id, order in owned}
    wanted = ("id", "order_id", "position")
    kept = find_rows(connection, OrderLineRow, "order_id", list(counts), wanted=wanted)
    surplus = [row["id"] for row in kept if row["position"] > counts[row["order_id"]]]
    delete_where(connection, OrderLineRow, "id", surplus)


def _replace_payments(connection: BulkConnection, owned: Sequence[tuple[int, ResolvedOrder]]) -> None:
    order_ids = [order_id for order_id, _ in owned]
    there = find_rows(connection, PaymentRow, "order_id", order_ids, wanted=("order_id", "provider_id"))
    # What the payment provider has told us is more exact than the file, and refunds hang on it.
    kept = {row["order_id"] for row in there if row["provider_id"] is not None}
    replaced = [(order_id, order) for order_id, order in owned if order_id not in kept]
    delete_where(connection, PaymentRow, "order_id", [order_id for order_id, _ in replaced])
    insert_rows(connection, PaymentRow, [_payment_row(*one) for one in replaced if _is_payable(one[1])])


def _replace(
    connection: BulkConnection, model: type[Base], key: str, rows: Rows, order_ids: Sequence[int]
) -> None:
    """Write rows that have a number of their own, and remove the orders' others."""
    owners = {row[key]: row["order_id"] for row in rows}
    there = find_rows(connection, model, key, list(owners), wanted=(key, "order_id"))
    if len(owners) < len(rows) or any(row["order_id"] != owners[row[key]] for row in there):
        raise RowsRefusedError
    upsert_rows(connection, model, rows, key=Key((key,)))
    own = find_rows(connection, model, "order_id", order_ids, wanted=("id", key))
    delete_where(connection, model, "id", [row["id"] for row in own if row[key] not in owners])


def _order_row(order: ResolvedOrder) -> dict[str, Any]:
    values = order.draft.values
    copied = (
        "placed_at",
        "packed_at",
        "cancelled_at",
        "promised_on",
        "delivery_method",
        "pickup_place",
        "currency",
    )
    return {
        "number": order.draft.number,
        "customer_id": order.customer_id,
        "email": order.email,
        **order.address,
        **{name: values[name] for name in copied},
        "shipping_minor": values["shipping"],
        "discount_minor": values["discount"],
        "total_minor": order.draft.total_minor,
    }


def _line_row(order_id: int, position: int, line: Mapping[str, Any], order: ResolvedOrder) -> dict[str, Any]:
    variant = order.variants.get(line["sku"], {})
    written_names = {"nl": line["product_name"] or line["sku"]}
    return {
        "order_id": order_id,
        "position": position,
        "variant_id": variant.get("id"),
        "sku": line["sku"],
        "names": variant.get("names", written_names),
        "size": line["size"] or variant.get("size"),
        "colours": variant.get("colours", {}),
        "quantity": line["quantity"],
        "unit_price_minor": line["unit_price"],
    }


def _is_shipped(order: ResolvedOrder) -> bool:
    return order.draft.values["shipped_at"] is not None


def _shipment_row(order_id: int, order: ResolvedOrder) -> dict[str, Any]:
    names = ("carrier", "track_code", "track_url", "shipped_at", "expected_on", "ready_at", "delivered_at")
    return {"order_id": order_id, **{name: order.draft.values[name] for name in names}}


def _is_payable(order: ResolvedOrder) -> bool:
    return order.draft.values["payment_method"] is not None


def _payment_row(order_id: int, order: ResolvedOrder) -> dict[str, Any]:
    values = order.draft.values
    return {
        "order_id": order_id,
        "method": values["payment_method"],
        "amount_minor": order.draft.total_minor,
        "started_at": values["placed_at"],
        "paid_at": values["paid_at"],
        "failed_at": None,
    }


def _is_invoiced(order: ResolvedOrder) -> bool:
    return order.draft.values["invoice_number"] is not None


def _invoice_row(order_id: int, order: ResolvedOrder) -> dict[str, Any]:
    values = order.draft.values
    issued_on: date = values["invoiced_on"] or local_day(values["placed_at"])
    return {
        "order_id": order_id,
        "number": values["invoice_number"],
        "kind": InvoiceKind.INVOICE.value,
        "issued_on": issued_on,
        "due_on": issued_on,
        "total_minor": order.draft.total_minor,
        "tax_minor": values["tax"],
    }
