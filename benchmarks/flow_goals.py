"""What simulated customers want, chosen from the demo shop.

Every goal has a customer of its own. The demo shop has few orders that are not packed yet, so some older ones
are made fresh first.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.content.library import load_library
from balie.orders.pick_up import list_pick_up_days
from balie.orders.terms import Terms
from benchmarks.flow_kinds import ANYBODY, ARRIVED, FRESH, KINDS, LATELY, LONG_AGO, SUBSCRIBED, Goal
from benchmarks.servers import ROOT

LANGUAGES: Final = ("nl", "en")
ADDRESSES: Final = (
    ("Kerkstraat", "5-a", "1012AB", "Amsterdam"),
    ("Dorpsstraat", "12", "3512AB", "Utrecht"),
    ("Lange Voorhout", "3", "2514EA", "Den Haag"),
    ("Nieuwe Rijn", "44 bis", "2312JD", "Leiden"),
)
_KNOWN: Final = 0.6
_HAS_PHOTO: Final = 0.7
_A_WEEK: Final = timedelta(days=7)


def make_orders_fresh(database: Path, count: int, seed: int) -> None:
    """Unpack some of the orders that arrived long ago, as if they had just been placed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        rows = connection.execute(_POOLS[LONG_AGO]).fetchall()
        chosen = random.Random(seed).sample(rows, min(count, len(rows) // 2))
        for order_id, *_ in chosen:
            connection.execute("DELETE FROM shipments WHERE order_id = ?", (order_id,))
            connection.execute("DELETE FROM invoices WHERE order_id = ?", (order_id,))
            connection.execute(_JUST_PLACED, (order_id,))


def choose_goals(database: Path, kinds: Sequence[str], count: int, seed: int) -> list[Goal]:
    """Goals of these kinds in turn, each with a customer, and an order that allows (or forbids) it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        chooser = _Chooser(connection, random.Random(seed))
        return [chooser.choose(kinds[number % len(kinds)]) for number in range(count)]


class _Chooser:
    """Deals out customers, each once; those with the rarest orders first."""

    def __init__(self, connection: sqlite3.Connection, chance: random.Random) -> None:
        self._connection, self._chance = connection, chance
        self._pools = {name: connection.execute(query).fetchall() for name, query in _POOLS.items()}
        for pool in self._pools.values():
            chance.shuffle(pool)
        self._products = connection.execute(_PRODUCTS).fetchall()
        self._days = _pick_up_days()
        self._taken: set[str] = set()

    def choose(self, kind: str) -> Goal:
        """The next goal of a kind."""
        chance, language = self._chance, self._chance.choice(LANGUAGES)
        order_id, number, external_id, email = self._next_customer(kind)
        item = self._product(language) if kind == "basket" else self._item(kind, order_id, language)
        return Goal(
            kind=kind,
            order_number=number,
            external_id=external_id,
            email=email,
            language=language,
            known=chance.random() < _KNOWN,
            method=chance.choice(("parcel", "store")),
            pieces=chance.choice((1, 2)) if kind == "basket" else 2,
            address=chance.choice(ADDRESSES),
            has_photo=chance.random() < _HAS_PHOTO,
            day=chance.choice(self._days),
            phone=f"+316{chance.randrange(10_000_000, 60_000_000)}",
            **item,
        )

    def _next_customer(self, kind: str) -> tuple[int, str, str, str]:
        """Who has an order with an item for it, and is not taken yet."""
        pool = self._pools[KINDS[kind].pool]
        for place in range(len(pool) - 1, -1, -1):
            order_id, _number, external_id, _email = pool[place]
            if external_id not in self._taken and self._lines(kind, order_id, LANGUAGES[0]):
                self._taken.add(external_id)
                row: tuple[int, str, str, str] = pool.pop(place)
                return row
        raise LookupError(f"the demo shop has no customer left for {kind}")

    def _lines(self, kind: str, order_id: int, language: str) -> list[Any]:
        return self._connection.execute(_LINES.get(kind, _ANY_LINE), (language, order_id)).fetchall()

    def _item(self, kind: str, order_id: int, language: str) -> Mapping[str, Any]:
        position, name, sku = self._chance.choice(self._lines(kind, order_id, language))
        return {"position": position, "item": name, "sku": sku, "size": None, "colour": None}

    def _product(self, language: str) -> Mapping[str, Any]:
        """A variant that is there, of a product whose name no other product has."""
        names, sku, size, colours = self._chance.choice(self._products)
        name, colour = json.loads(names)[language], json.loads(colours).get(language)
        return {"position": 1, "item": name, "sku": sku, "size": size, "colour": colour}


def _pick_up_days() -> list[date]:
    """The days with a button that a weekday names: those within a week."""
    shop = load_library(ROOT / "data").shop
    today = datetime.now(ZoneInfo(shop["timezone"])).date()
    days: Iterable[date] = list_pick_up_days(today, "NL", Terms.from_shop(shop))
    return [day for day in days if day < today + _A_WEEK][:5]


_CUSTOMERS = "customers JOIN orders ON orders.customer_id = customers.id"
_COLUMNS = "orders.id, orders.number, customers.external_id, customers.email"
_WHO = f"""
SELECT {_COLUMNS}
FROM {_CUSTOMERS}
WHERE customers.language IN ('nl', 'en') AND orders.cancelled_at IS NULL
  AND orders.delivery_method IN ('standard', 'evening') AND orders.country = 'NL'
  AND NOT EXISTS (SELECT 1 FROM returns WHERE returns.order_id = orders.id)
  AND (SELECT count(*) FROM order_lines WHERE order_lines.order_id = orders.id) BETWEEN 2 AND 5
  AND NOT EXISTS (
    SELECT 1 FROM order_lines
    JOIN product_variants ON product_variants.id = order_lines.variant_id
    JOIN products ON products.id = product_variants.product_id
    WHERE order_lines.order_id = orders.id
      AND (products.category IN ('swimwear', 'nutrition') OR order_lines.quantity > 1)
  )
  AND EXISTS (SELECT 1 FROM payments WHERE payments.order_id = orders.id AND paid_at IS NOT NULL)
"""
_ALL_HERE = """
  AND EXISTS (SELECT 1 FROM shipments WHERE shipments.order_id = orders.id)
  AND NOT EXISTS (
    SELECT 1 FROM shipments WHERE shipments.order_id = orders.id AND (
      delivered_at IS NULL
      OR delivered_at NOT BETWEEN datetime('now', '{first}') AND datetime('now', '{last}')
    )
  )
"""
_NEWEST = f"""
SELECT {_COLUMNS}
FROM {_CUSTOMERS}
JOIN customer_addresses ON customer_addresses.customer_id = customers.id AND customer_addresses.kind = 'home'
WHERE customers.language IN ('nl', 'en') AND customer_addresses.country = 'NL'
  AND orders.placed_at > datetime('now', '-300 days') AND orders.placed_at = (
    SELECT max(placed_at) FROM orders AS other WHERE other.customer_id = customers.id
  )
"""
_IS_SUBSCRIBED = """
  AND (
    SELECT granted FROM consents WHERE consents.customer_id = customers.id AND purpose = 'newsletter'
    ORDER BY recorded_at DESC, id DESC LIMIT 1
  )
"""
_POOLS = {
    FRESH: f"{_WHO} AND orders.packed_at IS NULL",
    ARRIVED: _WHO + _ALL_HERE.format(first="-26 days", last="-1 days"),
    LATELY: _WHO + _ALL_HERE.format(first="-12 days", last="-1 days"),
    LONG_AGO: _WHO + _ALL_HERE.format(first="-200 days", last="-40 days"),
    SUBSCRIBED: _NEWEST + _IS_SUBSCRIBED,
    ANYBODY: _NEWEST,
}
_JUST_PLACED = """
UPDATE orders SET packed_at = NULL, placed_at = strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-5 minutes')
WHERE id = ?
"""
_ANY_LINE = """
SELECT position, json_extract(names, '$.' || ?), order_lines.sku FROM order_lines
WHERE order_id = ? AND NOT EXISTS (
  SELECT 1 FROM order_lines AS other
  WHERE other.order_id = order_lines.order_id AND other.names = order_lines.names
    AND other.id <> order_lines.id
)
"""
_ANOTHER_IS_THERE = f"""{_ANY_LINE} AND (
  SELECT quantity FROM stock WHERE stock.variant_id = order_lines.variant_id AND store_id IS NULL
) >= {{least}}"""
_LINES = {
    "pieces": _ANOTHER_IS_THERE.format(least=1),
    "damaged_new": _ANOTHER_IS_THERE.format(least=5),
    "wrong_swap": _ANOTHER_IS_THERE.format(least=5),
    # What is dearer, a person decides about.
    "missing_money": f"{_ANY_LINE} AND order_lines.unit_price_minor <= 50000",
    "exchange": f"""{_ANY_LINE} AND (
      SELECT count(*) FROM product_variants AS bought
      JOIN product_variants AS other ON other.product_id = bought.product_id AND other.id <> bought.id
      JOIN stock ON stock.variant_id = other.id AND stock.store_id IS NULL AND stock.quantity > 0
      WHERE bought.id = order_lines.variant_id AND other.price_minor <= order_lines.unit_price_minor
    ) >= 1""",
}
"""Items that there are more of, that come in another size or colour, that are cheap enough."""
_PRODUCTS = """
SELECT products.names, product_variants.sku, product_variants.size, product_variants.colours
FROM products
JOIN product_variants ON product_variants.product_id = products.id
JOIN stock ON stock.variant_id = product_variants.id AND stock.store_id IS NULL
WHERE products.active AND stock.quantity >= 5 AND NOT EXISTS (
  SELECT 1 FROM products AS other
  WHERE other.id <> products.id AND (
    json_extract(other.names, '$.nl') = json_extract(products.names, '$.nl')
    OR json_extract(other.names, '$.en') = json_extract(products.names, '$.en')
  )
)
ORDER BY product_variants.sku
"""
