"""How long one recommendation takes: in the demo shop of 400 products, and in a catalogue of a million.

Usage: ``.venv/bin/python -m benchmarks.recommendation_serving [--questions N] [--products N] [--json FILE]``

Asked through the service as an action asks it, one after the other: what is shown, with stock, what the
customer owns, sent back and does not want, hygiene, diversity and exploration. SQLite, in a file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow
from balie.content.library import load_library
from balie.customers.models import ConsentRow, CustomerRow
from balie.kernel import memory
from balie.orders.demo import load_demo_shop
from balie.orders.models import OrderLineRow, OrderRow
from balie.recommendations.asked import Occasion, Recommended, Who
from balie.recommendations.kinds import ListKind
from balie.recommendations.repository import RunWriter
from balie.recommendations.service import RecommendationService
from balie.recommendations.terms import RecommendationTerms
from balie.recommendations.views import LearnedForCustomer, LearnedPair, LearnedPopular
from balie.storage.base import Base
from balie.storage.bulk import insert_rows
from balie.storage.engine import open_async_engine, open_sync_engine
from balie.storage.migrate import upgrade
from balie.storage.unit_of_work import UnitOfWork, bulk_write

ROOT = Path(__file__).resolve().parent.parent
SEED = 1987
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
PAIRS_EACH = 10
FITTING_EACH = 20
CATEGORIES = 500
CUSTOMERS = 100_000
ORDERS_EACH = 4
AT_ONCE = 50_000

Row = dict[str, Any]
Ask = Callable[[int], Awaitable[Recommended]]


def build_catalogue(database_url: str, products: int) -> None:
    """A catalogue of so many products, each in stock, and customers who bought four of them."""
    rng = random.Random(SEED)
    engine = open_sync_engine(database_url)
    with bulk_write(engine) as connection:
        categories = (
            {"code": f"c{n}", "names": {"en": f"c{n}"}, "search_words": {}} for n in range(CATEGORIES)
        )
        add(connection, CategoryRow, categories)
        add(connection, ProductRow, (product(number) for number in range(1, products + 1)))
        add(connection, ProductVariantRow, (variant(number) for number in range(1, products + 1)))
        add(connection, StockRow, (stock(number) for number in range(1, products + 1)))
        add(connection, CustomerRow, (customer(number) for number in range(1, CUSTOMERS + 1)))
        orders = CUSTOMERS * ORDERS_EACH
        add(connection, OrderRow, (order(number) for number in range(1, orders + 1)))
        add(
            connection,
            OrderLineRow,
            (line(number, rng.randint(1, products)) for number in range(1, orders + 1)),
        )
    engine.dispose()


def add(connection: Connection, model: type[Base], rows: Iterator[Row]) -> None:
    """Add rows in portions, so that memory stays small."""
    portion: list[Row] = []
    for row in rows:
        portion.append(row)
        if len(portion) == AT_ONCE:
            insert_rows(connection, model, portion)
            portion = []
    insert_rows(connection, model, portion)


def product(number: int) -> Row:
    """One of the catalogue."""
    names = {"nl": f"Artikel {number}", "en": f"Article {number}"}
    return {
        "id": number, "sku": f"P-{number}", "category": f"c{number % CATEGORIES}", "brand": "Merk",
        "names": names, "descriptions": {}, "facts": {}, "delivery_kind": "parcel", "active": True,
        "updated_at": NOW,
    }  # fmt: skip


def variant(number: int) -> Row:
    """The only one of a product."""
    return {
        "id": number, "product_id": number, "sku": f"P-{number}-1", "position": 1, "size": None,
        "colours": {}, "price_minor": 500 + number % 9_000, "currency": "EUR",
    }  # fmt: skip


def stock(number: int) -> Row:
    """Nine of ten are there."""
    quantity = 0 if number % 10 == 0 else 5
    return {"id": number, "variant_id": number, "store_id": None, "quantity": quantity, "restocked_on": None}


def customer(number: int) -> Row:
    """Somebody who bought something."""
    return {
        "id": number, "external_id": f"K-{number}", "first_name": "A", "last_name": "B",
        "email": f"k{number}@voorbeeld.example", "phone": None, "language": "nl", "account_type": "personal",
        "registered_at": NOW,
    }  # fmt: skip


def order(number: int) -> Row:
    """One of the four orders of a customer."""
    return {
        "id": number, "number": f"DD{number}", "customer_id": (number - 1) % CUSTOMERS + 1, "placed_at": NOW,
        "packed_at": None, "cancelled_at": None, "promised_on": NOW.date(), "delivery_method": "standard",
        "pickup_place": None, "email": "k@voorbeeld.example", "street": "S", "house_number": "1",
        "postcode": "1234AB", "city": "C", "country": "NL", "currency": "EUR", "shipping_minor": 0,
        "discount_minor": 0, "total_minor": 500,
    }  # fmt: skip


def line(number: int, bought: int) -> Row:
    """What was bought."""
    return {
        "id": number, "order_id": number, "position": 1, "variant_id": bought, "sku": f"P-{bought}-1",
        "names": {}, "size": None, "colours": {}, "quantity": 1, "unit_price_minor": 500,
    }  # fmt: skip


def put_lists_live(database_url: str) -> tuple[list[str], list[int]]:
    """Lists of products at random, and everybody's consent; answers the products and the customers."""
    rng = random.Random(SEED)
    engine = open_sync_engine(database_url)
    with bulk_write(engine) as connection:
        skus = list(connection.scalars(text("select sku from products order by id")))
        customers = list(connection.scalars(text("select id from customers order by id")))
        writer = RunWriter(connection)
        for kind in (ListKind.COMPLEMENTARY, ListKind.ALTERNATIVES):
            run = writer.begin(kind, SEED, NOW)
            writer.add_pairs(run, pairs(rng, skus))
            writer.put_live(run, {})
        run = writer.begin(ListKind.PERSONAL, SEED, NOW)
        writer.add_personal(run, fitting(rng, skus, customers))
        writer.put_live(run, {})
        run = writer.begin(ListKind.POPULAR, SEED, NOW)
        popular = enumerate(rng.sample(skus, 50), start=1)
        writer.add_popular(run, (LearnedPopular("all", rank, sku, 1 / rank) for rank, sku in popular))
        writer.put_live(run, {})
        connection.execute(text("delete from consents where purpose = 'personal_advice'"))
        answers = (
            {
                "customer_id": each,
                "purpose": "personal_advice",
                "granted": True,
                "source": "b",
                "recorded_at": NOW,
            }
            for each in customers
        )
        add(connection, ConsentRow, answers)
    engine.dispose()
    return skus, customers


def pairs(rng: random.Random, skus: list[str]) -> Iterator[LearnedPair]:
    """Ten products beside each."""
    for anchor in sorted(skus):
        for rank in range(1, PAIRS_EACH + 1):
            yield LearnedPair(anchor, rank, rng.choice(skus), 1 / rank, 0.01, 0.2, 3.0, 2.0, 4.0)


def fitting(rng: random.Random, skus: list[str], customers: list[int]) -> Iterator[LearnedForCustomer]:
    """Twenty products for each customer."""
    for each in customers:
        for rank in range(1, FITTING_EACH + 1):
            yield LearnedForCustomer(each, rank, rng.choice(skus), 1 / rank, rng.choice(skus))


async def measure(database_url: str, questions: int) -> dict[str, Any]:
    """Milliseconds of each kind of question: in all, and of the processor alone."""
    skus, customers = put_lists_live(database_url)
    engine = open_async_engine(database_url)
    shop = load_library(ROOT / "data").shop
    service = RecommendationService(UnitOfWork(engine), RecommendationTerms.from_shop(shop))
    rng = random.Random(SEED)

    def who() -> Who:
        return Who(rng.choice(customers))

    asks: dict[str, Ask] = {
        "personal": lambda n: service.personal(who(), Occasion(str(n), "bench")),
        "complementary": lambda n: service.complementary(
            who(), [rng.choice(skus)], Occasion(str(n), "bench")
        ),
        "alternatives": lambda n: service.alternatives(who(), rng.choice(skus), Occasion(str(n), "bench")),
        "stranger": lambda n: service.personal(Who(), Occasion(str(n), "bench")),
    }
    memory.settle()  # as the service does when it has finished loading
    try:
        found = {name: await _time(ask, questions) for name, ask in asks.items()}
    finally:
        await engine.dispose()
    return {"products": len(skus), "customers": len(customers), "lists": found}


async def _time(ask: Ask, questions: int) -> dict[str, float]:
    for number in range(questions // 10):
        await ask(number)
    took: list[float] = []
    busy: list[float] = []
    for number in range(questions):
        began, busy_before = time.perf_counter(), time.process_time()
        await ask(number)
        took.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - busy_before) * 1000)
    return {
        "p50_ms": _rank(took, 0.5),
        "p99_ms": _rank(took, 0.99),
        # Without what other processes on the same cores take meanwhile.
        "processor_p50_ms": _rank(busy, 0.5),
        "processor_p99_ms": _rank(busy, 0.99),
    }


def _rank(values: list[float], share: float) -> float:
    return round(sorted(values)[int(len(values) * share)], 3)


def main() -> None:
    """Measure both catalogues."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=5_000)
    parser.add_argument("--products", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures: dict[str, Any] = {"questions": arguments.questions, "load_before": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        demo, large = (f"sqlite:///{folder}/{name}.db" for name in ("demo", "large"))
        upgrade(demo)
        load_demo_shop(demo, today=NOW.date())
        figures["demo_shop"] = asyncio.run(measure(demo, arguments.questions))
        print(json.dumps(figures["demo_shop"], indent=2), flush=True)
        upgrade(large)
        build_catalogue(large, arguments.products)
        figures["large"] = asyncio.run(measure(large, arguments.questions))
        print(json.dumps(figures["large"], indent=2), flush=True)
    figures["load_after"] = os.getloadavg()[0]
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
