"""``balie import``: one door for the three kinds of file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from balie.catalogue.csv_import import FIXED_COLUMNS, import_products
from balie.customers import csv_import as customers
from balie.kernel.clock import utc_now
from balie.orders import csv_columns
from balie.orders.csv_orders import import_orders
from balie.storage.csv_file import CsvFile
from balie.storage.csv_import import BadLine, ImportReport, ImportRun, Progress
from balie.storage.engine import open_sync_engine


class ImportKind(StrEnum):
    """What a file holds."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class _Importer:
    required: tuple[str, ...]
    known: frozenset[str]
    write: Callable[[ImportRun], None]


_IMPORTERS: Final = {
    ImportKind.CUSTOMERS: _Importer(
        tuple(name for name, column in customers.COLUMNS.items() if column.required),
        frozenset(customers.COLUMNS),
        customers.import_customers,
    ),
    ImportKind.PRODUCTS: _Importer(
        tuple(name for name, column in FIXED_COLUMNS.items() if column.required),
        frozenset(FIXED_COLUMNS),
        import_products,
    ),
    ImportKind.ORDERS: _Importer(csv_columns.REQUIRED, frozenset(csv_columns.COLUMNS), import_orders),
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
    importer = _IMPORTERS[kind]
    file = CsvFile(path)
    file.check_columns(required=importer.required)
    engine = open_sync_engine(database_url)
    run = ImportRun(
        kind=kind.value,
        file=file,
        engine=engine,
        now=utc_now(),
        known_columns=importer.known,
        progress=progress or (lambda _doing, _done, _total: None),
        on_bad_line=on_bad_line or (lambda _bad: None),
    )
    try:
        importer.write(run)
    finally:
        engine.dispose()
    return run.report()
