"""UCI Online Retail as baskets in order of time, and the baskets that recommenders have to foresee.

What is asked: the last basket of every customer who has an earlier one. Months are taken one after the
other: a model learns from all lines *before* the first day of the month, whosever they are, and answers for
the last baskets that fall in the month. Of the customer who is asked about it also gets whatever they bought
before that very basket. So nothing is learned from what came later than the basket in question. The
second-to-last baskets are asked about in the same way; settings of every method are chosen on those alone.

Left out: lines without a customer, what is no product (postage, fees, samples: no five digits at the start),
and returns, of which the other methods know nothing either. A basket is an invoice, its moment the invoice's
first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from balie.jobs.recommending.arrays import Floats, Ints, Matrix, csr
from benchmarks.servers import ROOT

FILE: Final = ROOT.parent / "shared" / "data" / "online_retail_uci" / "online_retail.csv.gz"
DAY: Final = 86_400.0
_MONTHS: Final = (
    np.arange("2011-01", "2012-02", dtype="datetime64[M]").astype("datetime64[s]").astype(np.int64)
)

_LINES: Final = """
    SELECT InvoiceNo AS invoice, upper(StockCode) AS sku,
           CAST(CAST(CustomerID AS DOUBLE) AS BIGINT) AS customer,
           epoch(CAST(InvoiceDate AS TIMESTAMP))::BIGINT AS moment
    FROM read_csv(?, types = {'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'})
    WHERE CustomerID IS NOT NULL AND Quantity > 0 AND regexp_matches(StockCode, '^[0-9]{5}')
    GROUP BY ALL ORDER BY customer, moment, invoice, sku
"""


@dataclass(frozen=True, eq=False)
class Retail:
    """Every line, sorted by customer and moment; all arrays are of the same length.

    Attributes:
        orders: Number of the invoice, rising.
        moments: Seconds since 1970; of one invoice all the same.
    """

    orders: Ints
    customers: Ints
    products: Ints
    moments: Ints
    skus: tuple[str, ...]

    @cached_property
    def customer_count(self) -> int:
        """How many customers there are."""
        return int(self.customers.max()) + 1

    def baskets_before(self, moment: int) -> Matrix:
        """Orders by products, of all customers."""
        some = self.moments < moment
        _, rows = np.unique(self.orders[some], return_inverse=True)
        count = int(rows.max()) + 1 if len(rows) else 0
        return csr(rows, self.products[some], np.ones(some.sum()), (count, len(self.skus)))

    def customers_before(
        self, moment: int, *, counted: bool = True, half_life: float | None = None
    ) -> Matrix:
        """Customers by products: how many of their orders hold it (faded by age, if wanted), or 1."""
        some = self.moments < moment
        shape = (self.customer_count, len(self.skus))
        age = (moment - self.moments[some]) / DAY
        weights = np.ones(len(age)) if half_life is None else 0.5 ** (age / half_life)
        made = csr(self.customers[some], self.products[some], weights, shape)
        if not counted:
            made.data = np.ones_like(made.data)
        return made

    def trend(self, moment: int, half_life: float) -> Floats:
        """Of each product the lines before a moment, faded by age."""
        some = self.moments < moment
        faded = 0.5 ** ((moment - self.moments[some]) / (half_life * DAY))
        return np.bincount(self.products[some], weights=faded, minlength=len(self.skus))

    def targets(self, from_the_end: int) -> Targets:
        """Baskets to foresee: the last of each customer (1) or the one before (2); never their first."""
        starts = np.flatnonzero(np.r_[True, self.orders[1:] != self.orders[:-1]])
        owners = self.customers[starts]
        last = np.r_[np.flatnonzero(owners[1:] != owners[:-1]), len(owners) - 1]
        first = np.r_[0, last[:-1] + 1]
        asked = last - (from_the_end - 1)
        asked, first = asked[asked > first], first[asked > first]
        moments = self.moments[starts[asked]]
        kept = (moments >= _MONTHS[0]) & (self.moments[starts[first]] < moments)
        return Targets(self, starts[asked[kept]])


@dataclass(frozen=True, eq=False)
class Targets:
    """Some baskets to foresee, each by the first of its lines."""

    retail: Retail
    lines: Ints

    @cached_property
    def moments(self) -> Ints:
        """When each is bought."""
        return self.retail.moments[self.lines]

    def by_month(self) -> Iterator[tuple[int, Ints]]:
        """The moment before which a model may learn, and the baskets that it is asked about."""
        for start, end in pairwise(_MONTHS):
            asked = np.flatnonzero((self.moments >= start) & (self.moments < end))
            if len(asked):
                yield int(start), asked

    @cached_property
    def bought(self) -> Matrix:
        """What is in them: baskets by products."""
        retail = self.retail
        numbers = {int(order): row for row, order in enumerate(retail.orders[self.lines])}
        rows = np.array([numbers.get(int(order), -1) for order in retail.orders])
        inside = rows >= 0
        shape = (len(self.lines), len(retail.skus))
        return csr(rows[inside], retail.products[inside], np.ones(inside.sum()), shape)

    def histories(self, *, counted: bool = True, half_life: float | None = None) -> Matrix:
        """What each customer bought before the basket in question: baskets by products.

        Args:
            counted: How often, or only 1.
            half_life: Days after which an order counts half; None lets all count the same.
        """
        retail = self.retail
        starts = np.searchsorted(retail.customers, retail.customers[self.lines])
        parts = [self._before(row, start, half_life) for row, start in enumerate(starts)]
        rows, lines, weights = (np.concatenate(each) for each in zip(*parts, strict=True))
        made = csr(rows, retail.products[lines], weights, (len(self.lines), len(retail.skus)))
        if not counted:
            made.data = np.ones_like(made.data)
        return made

    def _before(self, row: int, start: int, half_life: float | None) -> tuple[Ints, Ints, Floats]:
        retail, moment = self.retail, self.moments[row]
        lines = np.arange(start, self.lines[row])
        lines = lines[retail.moments[lines] < moment]
        age = (moment - retail.moments[lines]) / DAY
        weights = np.ones(len(lines)) if half_life is None else 0.5 ** (age / half_life)
        return np.full(len(lines), row), lines, weights


def load(file: Path = FILE) -> Retail:
    """Read the file."""
    database = duckdb.connect()
    database.execute("SET threads = 2")
    columns: dict[str, Any] = database.execute(_LINES, [str(file)]).to_arrow_table().to_pydict()
    invoices, skus, customers = (np.array(columns[name]) for name in ("invoice", "sku", "customer"))
    moments = np.array(columns["moment"], dtype=np.int64)
    _, first, orders = np.unique(
        np.char.add(np.char.add(customers.astype(str), "-"), invoices), return_index=True, return_inverse=True
    )
    moments = moments[first][orders]
    order = np.lexsort((skus, orders, moments, customers))
    known, products = np.unique(skus[order], return_inverse=True)
    numbered = np.cumsum(np.r_[True, orders[order][1:] != orders[order][:-1]]) - 1
    return Retail(
        numbered,
        np.unique(customers[order], return_inverse=True)[1],
        products,
        moments[order],
        tuple(map(str, known)),
    )
