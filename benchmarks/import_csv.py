"""How long an import of many CSV lines takes, and how much memory.

Writes an order file (two to three lines per order, one line in five hundred broken), imports it into a
fresh SQLite database in a process of its own, and prints lines per second and that process's peak memory.

Usage: ``.venv/bin/python -m benchmarks.import_csv [--lines 1000000] [--json FILE]``
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from balie.orders.csv_import import ImportKind, import_csv
from balie.storage.migrate import upgrade

CUSTOMERS = 1_000
HEADER = (
    "order_number;external_id;placed_at;sku;quantity;unit_price;shipping;payment_method;paid_at;"
    "packed_at;shipped_at;carrier;track_code;promised_on;delivered_at;invoice_number\n"
)
CUSTOMER_HEADER = (
    "external_id;first_name;last_name;email;language;street;house_number;postcode;city;country\n"
)


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=50_000, help="how many lines (default 50,000)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    figures = run(options.lines)
    print(json.dumps(figures))
    if options.json:
        options.json.write_text(json.dumps(figures), encoding="utf-8")


def run(lines: int) -> dict[str, float]:
    """Make the files, import them, and answer the figures."""
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        customers, orders = Path(folder) / "customers.csv", Path(folder) / "orders.csv"
        customers.write_text(CUSTOMER_HEADER + "".join(customer_lines()), encoding="utf-8")
        with orders.open("w", encoding="utf-8") as stream:
            stream.write(HEADER)
            stream.writelines(order_lines(lines))
        url = f"sqlite:///{folder}/balie.db"
        upgrade(url)
        import_csv(ImportKind.CUSTOMERS, customers, url)
        return in_a_process_of_its_own(orders, url)


def in_a_process_of_its_own(path: Path, database_url: str) -> dict[str, float]:
    """Import in a fresh process, so that its peak memory is the import's."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=measure, args=(there, path, database_url))
    process.start()
    figures: dict[str, float] = here.recv()
    process.join()
    return figures


def measure(answer: Connection, path: Path, database_url: str) -> None:
    """Import the file and send the figures."""
    before = peak_megabytes()
    started = time.perf_counter()
    report = import_csv(ImportKind.ORDERS, path, database_url)
    seconds = time.perf_counter() - started
    figures = {
        "lines": report.lines,
        "orders": report.added,
        "bad_lines": report.bad_line_count,
        "seconds": round(seconds, 1),
        "lines_per_second": round(report.lines / seconds),
        "megabytes_before": before,
        "megabytes_peak": peak_megabytes(),
    }
    answer.send(figures)


def peak_megabytes() -> int:
    """The most memory this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def customer_lines() -> Iterator[str]:
    """Customers for the orders."""
    for number in range(CUSTOMERS):
        person = f"K-{number};Sanne;de Wit;k{number}@voorbeeld.example;nl"
        yield f"{person};Beukenlaan;{number};3811BK;Amersfoort;NL\n"


def order_lines(count: int) -> Iterator[str]:
    """Lines of orders; one in five hundred is broken."""
    rng = random.Random(1)
    number, left = 0, 0
    for line in range(count):
        if left == 0:
            number, left = number + 1, rng.choice((1, 2, 2, 3, 4))
            placed = f"DD{number:07d};K-{number % CUSTOMERS};2026-10-0{number % 9 + 1} 19:42"
            paid = "SKU-1;1;19,95;3,95;ideal;2026-10-10 19:44;2026-10-10 20:30"
            sent = f"2026-10-10 22:55;PostNL;3S{number};2026-10-12;2026-10-12 14:10;F{number}"
            yield f"{placed};{paid};{sent}\n"
        else:
            quantity = "none" if line % 500 == 0 else "2"
            yield f"DD{number:07d};;;SKU-{line % 400};{quantity};9,95;;;;;;;;;;\n"
        left -= 1


if __name__ == "__main__":
    main()
