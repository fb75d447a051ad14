"""Collects the rows of the demo shop, hands out their ids, and writes them in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

from balie.catalogue import models as catalogue
from balie.customers import models as customers
from balie.orders import models as orders
from balie.storage.base import Base
from balie.storage.bulk import catch_up_sequences, insert_rows
from balie.storage.unit_of_work import BulkConnection

Progress = Callable[[str, int, int], None]
"""Told what is going on, how much of it is done, and out of how much."""

WRITE_SIZE: Final = 20_000

NUMBERED: Final[tuple[type[Base], ...]] = (
    catalogue.StoreRow,
    catalogue.StoreHoursRow,
    catalogue.StoreSpecialHoursRow,
    catalogue.ProductRow,
    catalogue.ProductVariantRow,
    catalogue.StockRow,
    customers.CustomerRow,
    customers.CustomerAddressRow,
    customers.ChannelIdentityRow,
    customers.ConsentRow,
    customers.LoyaltyEntryRow,
    orders.OrderRow,
    orders.OrderLineRow,
    orders.ShipmentRow,
    orders.ShipmentEventRow,
    orders.InvoiceRow,
    orders.PaymentRow,
    orders.ReturnRow,
    orders.ReturnLineRow,
    orders.RefundRow,
)
"""Tables whose rows have a number of their own, those that are referred to first."""

TABLES: Final[tuple[type[Base], ...]] = (
    catalogue.CategoryRow,
    *NUMBERED[: NUMBERED.index(customers.LoyaltyEntryRow)],
    customers.LoyaltyAccountRow,
    *NUMBERED[NUMBERED.index(customers.LoyaltyEntryRow) :],
)
"""Every table of the demo shop, in the order in which they can be filled."""


class DemoRows:
    """The rows so far, by table. Ids count up from 1, so that the same seed gives the same rows."""

    def __init__(self) -> None:
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    def add(self, model: type[Base], row: dict[str, Any]) -> int:
        """Keep a row of a table that numbers its rows; answers the row's id."""
        rows = self._rows[model]
        row["id"] = len(rows) + 1
        rows.append(row)
        return len(rows)

    def add_unnumbered(self, model: type[Base], row: dict[str, Any]) -> None:
        """Keep a row of a table that has no numbers of its own."""
        self._rows[model].append(row)

    def of(self, model: type[Base]) -> list[dict[str, Any]]:
        """The rows of one table so far."""
        return self._rows[model]

    def count(self) -> int:
        """How many rows there are in all."""
        return sum(map(len, self._rows.values()))

    def write(self, connection: BulkConnection, progress: Progress) -> None:
        """Write every row, inside the caller's transaction."""
        done, total = 0, self.count()
        for model in TABLES:
            rows = self._rows[model]
            for start in range(0, len(rows), WRITE_SIZE):
                some = rows[start : start + WRITE_SIZE]
                insert_rows(connection, model, some)
                done += len(some)
                progress("write", done, total)
        catch_up_sequences(connection, NUMBERED)
