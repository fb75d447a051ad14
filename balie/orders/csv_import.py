"""``balie import``: one door for the three kinds of file."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Final

from balie.catalogue.csv_import import FIXED_COLUMNS, import_products
from balie.customers import csv_import as customers
from balie.orders import csv_columns
from balie.orders.csv_orders import import_orders
from balie.storage.csv_import import BadLine, Importer, ImportReport, Progress, load_file


class ImportKind(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"


_IMPORTERS: Final = {
    ImportKind.CUSTOMERS: Importer(
        ImportKind.CUSTOMERS.value,
        tuple(name for name, column in customers.COLUMNS.items() if column.required),
        frozenset(customers.COLUMNS),
        customers.import_customers,
    ),
    ImportKind.PRODUCTS: Importer(
        ImportKind.PRODUCTS.value,
        tuple(name for name, column in FIXED_COLUMNS.items() if column.required),
        frozenset(FIXED_COLUMNS),
        import_products,
    ),
    ImportKind.ORDERS: Importer(
        ImportKind.ORDERS.value, csv_columns.REQUIRED, frozenset(csv_columns.COLUMNS), import_orders
    ),
}


def import_csv(
    kind: ImportKind,
    path: Path,
    database_url: str,
    *,
    progress: Progress | None = None,
    on_bad_line: Callable[[BadLine], None] | None = None,
) -> ImportReport:
    """Load a CSV file into a database with the current tables; docs/data-model.md lists the columns.

    Doing it again changes nothing: customers are known by ``external_id``, products by ``sku`` and
    ``variant_sku``, orders by ``order_number``. Lines that cannot be used are reported and left out.

    Args:
        kind: What the file holds.
        path: The file. UTF-8 (with or without byte order mark), UTF-16 or Latin-1; separated by
            semicolons, commas or tabs. Both are found out from the file.
        database_url: Where to.
        progress: Told what is going on (``read`` in bytes, then for orders ``write`` in lines), how much
            is done, out of how much.
        on_bad_line: Told of every line that is not loaded, as it is found.

    Raises:
        CsvUnreadableError: The file is missing, empty, or not text.
        CsvColumnsError: Its header lacks columns, or names one twice.
        StoreUnavailableError: The database cannot be used; what was written before stays.
    """
    return load_file(_IMPORTERS[kind], path, database_url, progress=progress, on_bad_line=on_bad_line)
