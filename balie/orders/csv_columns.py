"""The columns of an order file, and how an order is made of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from balie.customers.csv_import import ADDRESS_COLUMNS
from balie.orders.kinds import DeliveryMethod, PaymentMethod
from balie.orders.working_days import add_working_days
from balie.storage.csv_file import CsvRecord
from balie.storage.csv_values import (
    BadValueError,
    Column,
    amount,
    code,
    day,
    email,
    moment,
    one_of_words,
    read_values,
    text,
    upper,
    whole_number,
)

ORDER_COLUMNS: Final = {
    "order_number": Column(upper(text(32)), required=True),
    "external_id": Column(text(64), required=True),
    "placed_at": Column(moment, required=True),
    "packed_at": Column(moment),
    "cancelled_at": Column(moment),
    "promised_on": Column(day),
    "delivery_method": Column(one_of_words(DeliveryMethod), default=DeliveryMethod.STANDARD.value),
    "pickup_place": Column(text(120)),
    "email": Column(email),
    **ADDRESS_COLUMNS,
    "currency": Column(upper(code(3)), default="EUR"),
    "shipping": Column(amount, default=0),
    "discount": Column(amount, default=0),
    "payment_method": Column(one_of_words(PaymentMethod)),
    "paid_at": Column(moment),
    "carrier": Column(text(40), default="?"),
    "track_code": Column(text(40)),
    "track_url": Column(text(300)),
    "shipped_at": Column(moment),
    "expected_on": Column(day),
    "ready_at": Column(moment),
    "delivered_at": Column(moment),
    "invoice_number": Column(text(32)),
    "invoiced_on": Column(day),
    "tax": Column(amount, default=0),
}
"""Values of the whole order, read from its first line; further lines repeat them or leave them empty."""

LINE_COLUMNS: Final = {
    "sku": Column(text(60), required=True),
    "quantity": Column(whole_number(1, 100_000), required=True),
    "unit_price": Column(amount, required=True),
    "product_name": Column(text(200)),
    "size": Column(text(16)),
}

COLUMNS: Final = {**ORDER_COLUMNS, **LINE_COLUMNS}
REQUIRED: Final = tuple(name for name, column in COLUMNS.items() if column.required)

MAX_LINES: Final = 1_000
"""An order with more lines is a mistake in the file."""

_DAYS_PROMISED: Final = 2


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it stands in a file: values of the whole, values per line, and the lines' numbers."""

    number: str
    values: dict[str, Any]
    lines: tuple[dict[str, Any], ...]
    numbers: tuple[int, ...]

    @property
    def total_minor(self) -> int:
        """What the customer pays."""
        goods = sum(line["quantity"] * line["unit_price"] for line in self.lines)
        shipping, discount = self.values["shipping"], self.values["discount"]
        return int(goods + shipping - discount)


class OrderRefusedError(ValueError):
    """One line spoils an order.

    Attributes:
        line: Which.
        reason: Why.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def draft_order(records: Sequence[CsvRecord]) -> OrderDraft:
    """Make an order of all its lines.

    Args:
        records: By line number; at least one.

    Raises:
        OrderRefusedError: A line cannot be read, or contradicts the first one.
    """
    first = records[0]
    values = _read(first, ORDER_COLUMNS)
    for record in records[1:]:
        _check_agreement(first, record)
    lines = tuple(_read(record, LINE_COLUMNS) for record in records)
    draft = OrderDraft(values["order_number"], values, lines, tuple(record.line for record in records))
    problem = _contradiction(draft)
    if problem:
        raise OrderRefusedError(first.line, problem)
    _fill_in(values)
    return draft


def _read(record: CsvRecord, columns: dict[str, Column]) -> dict[str, Any]:
    if record.problem is not None:
        raise OrderRefusedError(record.line, record.problem)
    try:
        return read_values(columns, record.values)
    except BadValueError as error:
        raise OrderRefusedError(record.line, str(error)) from error


def _check_agreement(first: CsvRecord, record: CsvRecord) -> None:
    if record.problem is not None:
        raise OrderRefusedError(record.line, record.problem)
    for name in ORDER_COLUMNS:
        value = record.values.get(name)
        if value and name != "order_number" and value != first.values.get(name):
            raise OrderRefusedError(record.line, f"column {name}: not what line {first.line} says")


def _contradiction(draft: OrderDraft) -> str | None:
    values = draft.values
    address = [values[name] is not None for name in ADDRESS_COLUMNS]
    if any(address) and not all(address):
        return "half an address"
    if values["paid_at"] and not values["payment_method"]:
        return "column payment_method: it is empty, though the order is paid"
    if (values["delivered_at"] or values["ready_at"]) and not values["shipped_at"]:
        return "column shipped_at: it is empty, though the order has arrived"
    if draft.total_minor < 0:
        return "column discount: more than the order costs"
    return None


def _fill_in(values: dict[str, Any]) -> None:
    """What follows from other columns when a file does not say it."""
    country = values["country"] or "NL"
    promised_on = add_working_days(values["placed_at"].date(), _DAYS_PROMISED, country)
    values["promised_on"] = values["promised_on"] or values["expected_on"] or promised_on
    values["expected_on"] = values["expected_on"] or values["promised_on"]
    values["track_code"] = values["track_code"] or values["order_number"]
