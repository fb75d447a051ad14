"""Reads orders from CSV: one line per order line; an order is written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from balie.catalogue.models import ProductRow, ProductVariantRow
from balie.customers.csv_import import ADDRESS_COLUMNS
from balie.customers.kinds import AddressKind
from balie.customers.models import CustomerAddressRow, CustomerRow
from balie.orders.csv_columns import MAX_LINES, OrderDraft, OrderRefusedError, draft_order
from balie.orders.csv_staging import Staging, open_staging
from balie.orders.csv_write import ResolvedOrder, write_orders
from balie.storage.bulk import find_rows
from balie.storage.csv_file import CsvRecord
from balie.storage.csv_import import ImportRun, batches
from balie.storage.unit_of_work import BulkConnection, bulk_write

ORDERS_PER_TRANSACTION: Final = 700


def import_orders(run: ImportRun) -> None:
    """Write the orders of a file, some hundreds per transaction.

    The lines of an order may stand anywhere in the file. When one of them cannot be used, none of the
    order is written, and each of its lines is reported.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    given = frozenset(run.file.columns)
    with open_staging() as staging:
        staging.add_all(_attributed(run))
        for drafts in batches(_drafts(run, staging), ORDERS_PER_TRANSACTION):
            resolved = _resolve(run, drafts)
            for refused in run.write(
                resolved, lambda connection, some: write_orders(connection, some, given)
            ):
                _refuse_all(run, refused.draft, "it contradicts what is in the database")


def _attributed(run: ImportRun) -> Iterator[tuple[str, CsvRecord]]:
    """Each record with the number of its order; without one it can only be reported."""
    for record in run.records():
        number = record.values.get("order_number", "").upper()
        if number:
            yield number, record
        else:
            run.refuse(record.line, record.problem or "column order_number: it is empty")


def _drafts(run: ImportRun, staging: Staging) -> Iterator[OrderDraft]:
    done = 0
    for records in staging.orders(max_lines=MAX_LINES):
        done += len(records)
        run.progress("write", min(done, run.lines), run.lines)
        if len(records) > MAX_LINES:
            run.refuse(records[0].line, f"its order has more than {MAX_LINES} lines: none of them is loaded")
            continue
        try:
            yield draft_order(records)
        except OrderRefusedError as error:
            _refuse(run, [record.line for record in records], error)


def _refuse(run: ImportRun, lines: Sequence[int], error: OrderRefusedError) -> None:
    for line in lines:
        spoilt = f"its order cannot be loaded without line {error.line}"
        run.refuse(line, error.reason if line == error.line else spoilt)


def _refuse_all(run: ImportRun, draft: OrderDraft, reason: str) -> None:
    _refuse(run, draft.numbers, OrderRefusedError(draft.numbers[0], reason))


@dataclass(frozen=True, slots=True)
class _Customer:
    """What an order takes over from its customer."""

    id: int
    email: str
    address: dict[str, Any] | None


def _resolve(run: ImportRun, drafts: Sequence[OrderDraft]) -> list[ResolvedOrder]:
    """The orders with the customers and variants they mean; those without a customer are reported."""
    with bulk_write(run.engine) as connection:
        customers = _find_customers(connection, list({draft.values["external_id"] for draft in drafts}))
        skus = list({line["sku"] for draft in drafts for line in draft.lines})
        variants = _find_variants(connection, skus)
    resolved = []
    for draft in drafts:
        customer = customers.get(draft.values["external_id"])
        address = {name: draft.values[name] for name in ADDRESS_COLUMNS}
        if customer is None:
            _refuse_all(run, draft, "column external_id: no such customer")
        elif address["street"] is None and customer.address is None:
            _refuse_all(run, draft, "no address: neither here nor with the customer")
        else:
            goes_to = address if address["street"] or customer.address is None else customer.address
            email = draft.values["email"] or customer.email
            resolved.append(ResolvedOrder(draft, customer.id, email, goes_to, variants))
    return resolved


def _find_customers(connection: BulkConnection, external_ids: Sequence[str]) -> dict[str, _Customer]:
    wanted = ("id", "external_id", "email")
    found = find_rows(connection, CustomerRow, "external_id", external_ids, wanted=wanted)
    ids = [row["id"] for row in found]
    columns = ("customer_id", "kind", *ADDRESS_COLUMNS)
    addresses = {
        row["customer_id"]: {name: row[name] for name in ADDRESS_COLUMNS}
        for row in find_rows(connection, CustomerAddressRow, "customer_id", ids, wanted=columns)
        if row["kind"] == AddressKind.HOME
    }
    return {row["external_id"]: _Customer(row["id"], row["email"], addresses.get(row["id"])) for row in found}


def _find_variants(connection: BulkConnection, skus: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Variants by number, with the names of their products."""
    wanted = ("id", "sku", "product_id", "size", "colours")
    variants = find_rows(connection, ProductVariantRow, "sku", skus, wanted=wanted)
    product_ids = list({variant["product_id"] for variant in variants})
    products = find_rows(connection, ProductRow, "id", product_ids, wanted=("id", "names"))
    names = {product["id"]: product["names"] for product in products}
    return {variant["sku"]: {**variant, "names": names[variant["product_id"]]} for variant in variants}
