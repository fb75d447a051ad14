"""Reads products from CSV: one line per variant (size and colour), known by ``variant_sku``.

Texts stand in one column per language (``name_nl``, ``name_en`` …), stock in ``stock_online`` and one
column per store (``stock_utrecht``). Products that are not in the file stay as they are; ``active`` takes
one off sale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from balie.catalogue.kinds import DeliveryKind
from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow, StoreRow
from balie.storage.bulk import Key, find_ids, list_pairs, upsert_rows
from balie.storage.csv_import import ImportRun, NumberedValues, Written, batches
from balie.storage.csv_values import (
    BadValueError,
    Column,
    amount,
    code,
    one_of_words,
    read_values,
    text,
    upper,
    web_address,
    whole_number,
    yes_or_no,
)
from balie.storage.errors import CsvColumnsError
from balie.storage.unit_of_work import BulkConnection, bulk_write

FIXED_COLUMNS: Final = {
    "sku": Column(text(40), required=True),
    "brand": Column(text(60), required=True),
    "category": Column(text(40), required=True),
    "price": Column(amount, required=True),
    "variant_sku": Column(text(60)),
    "size": Column(text(16)),
    "currency": Column(upper(code(3)), default="EUR"),
    "delivery_kind": Column(one_of_words(DeliveryKind), default=DeliveryKind.PARCEL.value),
    "active": Column(yes_or_no, default=True),
    "picture": Column(web_address(500)),
    "page": Column(web_address(500)),
}
_KEPT_WITHOUT: Final = {"picture": "picture_url", "page": "page_url"}
"""What stays as it is where the file has no such column."""
_TEXTS: Final = {"name": 200, "category": 80, "description": 2_000, "colour": 40, "facts": 4_000}
_TEXT_COLUMN: Final = re.compile(rf"({'|'.join(_TEXTS)})_([a-z]{{2}})")
_STOCK: Final = "stock_"
_ONLINE: Final = "stock_online"
_QUANTITY: Final = Column(whole_number(0))


class ProductColumns:
    """Which of the file's columns mean what.

    Args:
        found: Names in the header.
        stores: Ids of the stores, by code.
    """

    def __init__(self, found: Sequence[str], stores: dict[str, int]) -> None:
        columns = dict(FIXED_COLUMNS)
        for name in found:
            matched = _TEXT_COLUMN.fullmatch(name)
            if matched is not None:
                columns[name] = Column(text(_TEXTS[matched[1]]))
        self.stock: dict[str, int | None] = {_STOCK + store: store_id for store, store_id in stores.items()}
        self.stock[_ONLINE] = None
        self.stock = {name: store_id for name, store_id in self.stock.items() if name in found}
        self.columns = columns | dict.fromkeys(self.stock, _QUANTITY)
        self.kept = tuple(kept for name, kept in _KEPT_WITHOUT.items() if name not in found)
        self.languages = [name.removeprefix("name_") for name in columns if name.startswith("name_")]

    def read(self, values: dict[str, str]) -> dict[str, Any]:
        """The variant in one line, with its product.

        Raises:
            BadValueError: A value is not what its column holds, or the product has no name.
        """
        read = read_values(self.columns, values)
        read["facts"] = {
            name.removeprefix("facts_"): _read_facts(name, written)
            for name, written in read.items()
            if name.startswith("facts_") and written
        }
        if not _texts(read, "name"):
            raise BadValueError("it names the product in no language")
        read["variant_sku"] = read["variant_sku"] or read["sku"]
        return read


def import_products(run: ImportRun) -> None:
    """Write the products of a file, a couple of thousand variants per transaction.

    Raises:
        CsvColumnsError: There is not one column with names.
        StoreUnavailableError: The database cannot be used.
    """
    with bulk_write(run.engine) as connection:
        columns = ProductColumns(run.file.columns, dict(list_pairs(connection, StoreRow, "code", "id")))
    if not columns.languages:
        raise CsvColumnsError(run.file.name, missing=["name_nl"], found=run.file.columns)
    run.known_columns = frozenset(columns.columns)
    for batch in batches(run.usable(columns.read)):
        run.write_lines(batch, lambda connection, lines: _write(connection, lines, columns, run.now))


def _write(
    connection: BulkConnection, lines: Sequence[NumberedValues], columns: ProductColumns, now: datetime
) -> Written:
    # What is there twice is changed twice: the later line is what counts.
    products = {values["sku"]: values for _, values in lines}
    variants = {values["variant_sku"]: (line, values) for line, values in lines}
    _write_categories(connection, products)
    made = [_product_row(product, now) for product in products.values()]
    upsert_rows(connection, ProductRow, made, key=Key(("sku",)), keep=columns.kept)
    product_ids = find_ids(connection, ProductRow, "sku", list(products))
    known = find_ids(connection, ProductVariantRow, "sku", list(variants))
    rows = [_variant_row(line, values, product_ids) for line, values in variants.values()]
    upsert_rows(connection, ProductVariantRow, rows, key=Key(("sku",)))
    variant_ids = find_ids(connection, ProductVariantRow, "sku", list(variants))
    for name, store_id in columns.stock.items():
        quantities = {
            variant_ids[sku]: values[name]
            for sku, (_, values) in variants.items()
            if values[name] is not None
        }
        _write_stock(connection, quantities, store_id)
    return Written(added=len(variants) - len(known), changed=len(known))


def _write_categories(connection: BulkConnection, products: dict[str, dict[str, Any]]) -> None:
    """Add categories, and name those that the file has names for."""
    named: dict[str, dict[str, Any]] = {}
    unnamed: dict[str, dict[str, Any]] = {}
    for product in products.values():
        names = _texts(product, "category")
        row = {"code": product["category"], "names": names or {"nl": product["category"]}, "search_words": {}}
        (named if names else unnamed)[product["category"]] = row
    new_only = ("names", "search_words")
    upsert_rows(connection, CategoryRow, list(named.values()), key=Key(("code",)), keep=("search_words",))
    upsert_rows(connection, CategoryRow, list(unnamed.values()), key=Key(("code",)), keep=new_only)


def _write_stock(connection: BulkConnection, quantities: dict[int, int], store_id: int | None) -> None:
    rows = [
        {"variant_id": variant_id, "store_id": store_id, "quantity": quantity, "restocked_on": None}
        for variant_id, quantity in quantities.items()
    ]
    online = Key(("variant_id",), among="store_id IS NULL")
    in_store = Key(("variant_id", "store_id"), among="store_id IS NOT NULL")
    key = online if store_id is None else in_store
    upsert_rows(connection, StockRow, rows, key=key, keep=("restocked_on",))


def _product_row(values: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "sku": values["sku"],
        "category": values["category"],
        "brand": values["brand"],
        "names": _texts(values, "name"),
        "descriptions": _texts(values, "description"),
        "facts": values["facts"],
        "delivery_kind": values["delivery_kind"],
        "active": values["active"],
        "picture_url": values["picture"],
        "page_url": values["page"],
        "updated_at": now,
    }


def _variant_row(line: int, values: dict[str, Any], product_ids: dict[str, int]) -> dict[str, Any]:
    return {
        "product_id": product_ids[values["sku"]],
        "sku": values["variant_sku"],
        # Shown in the order of the file.
        "position": line,
        "size": values["size"],
        "colours": _texts(values, "colour"),
        "price_minor": values["price"],
        "currency": values["currency"],
    }


def _texts(values: dict[str, Any], what: str) -> dict[str, str]:
    """The texts of ``name_nl``, ``name_en`` … by language; empty ones left out."""
    prefix = f"{what}_"
    return {
        name.removeprefix(prefix): written
        for name, written in values.items()
        if name.startswith(prefix) and _TEXT_COLUMN.fullmatch(name) and written
    }


def _read_facts(column: str, written: str) -> dict[str, str]:
    """Facts written ``weight: 2.1 kg | colour: red``."""
    facts = {}
    for fact in written.split("|"):
        label, colon, value = fact.partition(":")
        if not colon or not label.strip() or not value.strip():
            raise BadValueError(f"column {column}: not facts such as weight: 2.1 kg | material: nylon")
        facts[label.strip()] = value.strip()
    return facts
