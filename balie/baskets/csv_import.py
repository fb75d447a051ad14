"""Reads discount codes and gift cards from CSV: one line each, known by their code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from balie.baskets.codes import CardDigests, last_four, normalise_code
from balie.baskets.kinds import CardEntryReason
from balie.baskets.models import DiscountCodeRow, GiftCardEntryRow, GiftCardRow
from balie.customers.models import CustomerRow
from balie.storage.bulk import Key, find_ids, find_rows, insert_rows, upsert_rows
from balie.storage.csv_import import Importer, ImportRun, NumberedValues, Written, batches
from balie.storage.csv_values import (
    BadValueError,
    Column,
    amount,
    code,
    day,
    read_values,
    text,
    upper,
    whole_number,
    yes_or_no,
)
from balie.storage.unit_of_work import BulkConnection, bulk_write

SHORTEST_CARD_CODE: Final = 10
"""A gift card's code is money: shorter ones can be guessed."""


class CodeFileKind(StrEnum):
    """What a file holds."""

    DISCOUNT_CODES = "discount-codes"
    GIFT_CARDS = "gift-cards"


def _code_of(shortest: int) -> Callable[[str], str]:
    def read(value: str) -> str:
        normalised = normalise_code(value)
        if len(normalised) < shortest:
            raise BadValueError(f"not a code of {shortest} to 40 letters and digits")
        return normalised

    return read


DISCOUNT_COLUMNS: Final = {
    "code": Column(_code_of(3), required=True),
    "percent": Column(whole_number(1, 100)),
    "amount": Column(amount),
    "currency": Column(upper(code(3)), default="EUR"),
    "min_order": Column(amount, default=0),
    "starts_on": Column(day),
    "ends_on": Column(day),
    "max_uses": Column(whole_number(1)),
    "once_per_customer": Column(yes_or_no, default=False),
    "external_id": Column(text(64)),
    "combinable": Column(yes_or_no, default=False),
    "active": Column(yes_or_no, default=True),
}

CARD_COLUMNS: Final = {
    "code": Column(_code_of(SHORTEST_CARD_CODE), required=True),
    "initial": Column(amount, required=True),
    "issued_on": Column(day, required=True),
    "expires_on": Column(day, required=True),
    "balance": Column(amount),
    "currency": Column(upper(code(3)), default="EUR"),
    "blocked": Column(yes_or_no, default=False),
}

_STORED_AS: Final = {"min_order": "min_order_minor", "external_id": "customer_id"}


def code_importer(kind: CodeFileKind, *, secret: str) -> Importer:
    """How a file of codes is loaded (``storage.csv_import.load_file``); doing it again changes nothing.

    Args:
        kind: What the file holds.
        secret: The service's: cards are stored under digests that are keyed with it.
    """
    columns = DISCOUNT_COLUMNS if kind is CodeFileKind.DISCOUNT_CODES else CARD_COLUMNS
    digests = CardDigests(secret)
    return Importer(
        kind.value,
        tuple(name for name, column in columns.items() if column.required),
        frozenset(columns),
        _import_discount_codes
        if kind is CodeFileKind.DISCOUNT_CODES
        else lambda run: _import_gift_cards(run, digests),
    )


def read_discount_code(values: Mapping[str, str]) -> dict[str, Any]:
    """The discount code in one line.

    Raises:
        BadValueError: A value is not what its column holds, or it gives nothing, or two things.
    """
    read = read_values(DISCOUNT_COLUMNS, values)
    if (read["percent"] is None) == (not read["amount"]):
        raise BadValueError("either a percent or an amount must be given")
    if read["starts_on"] and read["ends_on"] and read["starts_on"] > read["ends_on"]:
        raise BadValueError("it ends before it starts")
    return read


def read_gift_card(values: Mapping[str, str]) -> dict[str, Any]:
    """The gift card in one line.

    Raises:
        BadValueError: A value is not what its column holds, or it never held anything.
    """
    read = read_values(CARD_COLUMNS, values)
    if not read["initial"]:
        raise BadValueError("column initial: it is nothing")
    if read["issued_on"] > read["expires_on"]:
        raise BadValueError("it expires before it is issued")
    return read


def _import_discount_codes(run: ImportRun) -> None:
    # What the file does not speak of stays as it is; how often a code was used is ours to count.
    keep = {_STORED_AS.get(name, name) for name in DISCOUNT_COLUMNS if name not in run.file.columns}
    keep -= {"percent", "amount", "currency"}  # three that go together
    for batch in batches(run.usable(read_discount_code)):
        run.write_lines(
            list(_with_customers(run, batch)),
            lambda connection, lines: _write_codes(connection, lines, keep | {"uses"}),
        )


def _with_customers(run: ImportRun, batch: Sequence[NumberedValues]) -> Iterator[NumberedValues]:
    """The lines with the customer that they name; those that name an unknown one are reported."""
    named = sorted({values["external_id"] for _, values in batch if values["external_id"]})
    with bulk_write(run.engine) as connection:
        known = find_ids(connection, CustomerRow, "external_id", named)
    for line, values in batch:
        customer_id = known.get(values["external_id"])
        if values["external_id"] and customer_id is None:
            run.refuse(line, "column external_id: there is no such customer")
            continue
        yield line, {**values, "customer_id": customer_id}


def _write_codes(connection: BulkConnection, lines: Sequence[NumberedValues], keep: set[str]) -> Written:
    codes = {values["code"]: values for _, values in lines}  # the later line is what counts
    known = find_ids(connection, DiscountCodeRow, "code", list(codes))
    rows = [_code_row(values) for values in codes.values()]
    upsert_rows(connection, DiscountCodeRow, rows, key=Key(("code",)), keep=keep)
    return Written(added=len(codes) - len(known), changed=len(known))


def _code_row(values: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("code", "percent", "starts_on", "ends_on", "max_uses", "customer_id")
    flags = ("once_per_customer", "combinable", "active")
    return {
        **{name: values[name] for name in (*plain, *flags)},
        "amount_minor": values["amount"] or None,
        "currency": values["currency"] if values["amount"] else None,
        "min_order_minor": values["min_order"],
        "uses": 0,
    }


def _import_gift_cards(run: ImportRun, digests: CardDigests) -> None:
    keep = {"blocked", "currency"} - set(run.file.columns)

    def write(connection: BulkConnection, lines: Sequence[NumberedValues]) -> Written:
        cards = {digests.digest(values["code"]): values for _, values in lines}
        known = find_ids(connection, GiftCardRow, "code_digest", list(cards))
        rows = [_card_row(digest, values) for digest, values in cards.items()]
        upsert_rows(connection, GiftCardRow, rows, key=Key(("code_digest",)), keep=keep)
        ids = find_ids(connection, GiftCardRow, "code_digest", list(cards))
        _correct_balances(connection, {ids[digest]: card for digest, card in cards.items()}, run.now)
        return Written(added=len(cards) - len(known), changed=len(known))

    for batch in batches(run.usable(read_gift_card)):
        run.write_lines(batch, write)


def _correct_balances(
    connection: BulkConnection, cards: Mapping[int, Mapping[str, Any]], now: datetime
) -> None:
    """Let the entries of each card that comes with a balance add up to it."""
    told = {card_id: card for card_id, card in cards.items() if card["balance"] is not None}
    left = {card_id: card["initial"] for card_id, card in told.items()}
    wanted = ("card_id", "amount_minor")
    for entry in find_rows(connection, GiftCardEntryRow, "card_id", list(told), wanted=wanted):
        left[entry["card_id"]] += entry["amount_minor"]
    corrections = [
        {
            "card_id": card_id,
            "amount_minor": card["balance"] - left[card_id],
            "reason": CardEntryReason.CORRECTED.value,
            "order_number": None,
            "recorded_at": now,
        }
        for card_id, card in told.items()
        if card["balance"] != left[card_id]
    ]
    insert_rows(connection, GiftCardEntryRow, corrections)


def _card_row(digest: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code_digest": digest,
        "last_four": last_four(values["code"]),
        "currency": values["currency"],
        "initial_minor": values["initial"],
        "issued_on": values["issued_on"],
        "expires_on": values["expires_on"],
        "blocked": values["blocked"],
    }
