"""What simulated customers want, chosen from the demo shop, and whether the store holds that in the end.

Every goal has an order of its own. The demo shop has few orders that are not packed yet, so some
older ones are made fresh first.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

KINDS: Final = (
    "cancel",
    "return",
    "exchange",
    "pieces",
    "remove",
    "address",
    "keep",
    "stop",
    "cancel_too_late",
    "return_too_late",
)
UNDERTAKING: Final = {
    "cancel": "cancel_order",
    "return": "return_items",
    "exchange": "return_items",
    "pieces": "change_lines",
    "remove": "change_lines",
    "address": "change_address",
}
"""What is done in the store for a goal; the other kinds change nothing."""
ADDRESSES: Final = (
    ("Kerkstraat", "5-a", "1012AB", "Amsterdam"),
    ("Dorpsstraat", "12", "3512AB", "Utrecht"),
    ("Lange Voorhout", "3", "2514EA", "Den Haag"),
    ("Nieuwe Rijn", "44 bis", "2312JD", "Leiden"),
)
NEEDS_FRESH: Final = frozenset({"cancel", "pieces", "remove", "address", "keep", "stop"})


@dataclass(frozen=True)
class Goal:
    """One customer's wish.

    Attributes:
        position: Of the item on the receipt, for what is about one item.
        item: Its name, in the customer's language.
        known: Whether the shop vouches for them; others show an order number and an e-mail address.
    """

    kind: str
    order_number: str
    external_id: str
    email: str
    language: str
    known: bool
    position: int
    item: str
    sku: str
    method: str
    pieces: int
    address: tuple[str, str, str, str]


def make_orders_fresh(database: Path, count: int, seed: int) -> None:
    """Unpack some of the orders that arrived long ago, as if they had just been placed."""
    with closing(sqlite3.connect(database)) as connection, connection:
        rows = connection.execute(_DELIVERED).fetchall()
        chosen = random.Random(seed).sample(rows, min(count, len(rows) // 2))
        for order_id, _number in chosen:
            connection.execute("DELETE FROM shipments WHERE order_id = ?", (order_id,))
            connection.execute("DELETE FROM invoices WHERE order_id = ?", (order_id,))
            connection.execute(_JUST_PLACED, (order_id,))


def choose_goals(database: Path, count: int, seed: int) -> list[Goal]:
    """Goals of all kinds in turn, each with an order that allows (or forbids) it."""
    chance = random.Random(seed)
    with closing(_open(database)) as connection:
        pools = {
            "fresh": connection.execute(_FRESH).fetchall(),
            "arrived": connection.execute(_ARRIVED).fetchall(),
            "long_ago": connection.execute(_LONG_AGO).fetchall(),
        }
        for pool in pools.values():
            chance.shuffle(pool)
        kinds = (KINDS[number % len(KINDS)] for number in range(count))
        return [_next_goal(connection, kind, pools[_pool_of(kind)], chance) for kind in kinds]


def judge(database: Path, goals: Sequence[Goal]) -> tuple[dict[str, bool], list[str]]:
    """Per order whether the store holds what was wanted; and everything that it should not hold."""
    with closing(_open(database)) as connection:
        reached = {goal.order_number: _is_reached(connection, goal) for goal in goals}
        return reached, list(_wrong_changes(connection, goals))


def _next_goal(connection: sqlite3.Connection, kind: str, pool: list[Any], chance: random.Random) -> Goal:
    """A goal with the next order that has an item for it."""
    while True:
        order_id, number, external_id, email, language = pool.pop()
        lines = connection.execute(_LINES.get(kind, _ANY_LINE), (language, order_id)).fetchall()
        if lines:
            break
    position, name, sku = chance.choice(lines)
    return Goal(
        kind=kind,
        order_number=number,
        external_id=external_id,
        email=email,
        language=language,
        known=chance.random() < 0.6,
        position=position,
        item=name,
        sku=sku,
        method=chance.choice(("parcel", "store")),
        pieces=2,
        address=chance.choice(ADDRESSES),
    )


def _pool_of(kind: str) -> str:
    if kind in NEEDS_FRESH:
        return "fresh"
    return "long_ago" if kind == "return_too_late" else "arrived"


def _is_reached(connection: sqlite3.Connection, goal: Goal) -> bool:
    done = [row[0] for row in connection.execute(_AUDITS, (goal.order_number,))]
    wanted = UNDERTAKING.get(goal.kind)
    if wanted is None:
        return not done
    return done == [wanted] and _CHECKS[goal.kind](connection, goal)


def _wrong_changes(connection: sqlite3.Connection, goals: Sequence[Goal]) -> Iterator[str]:
    """Changes of orders nobody spoke of, changes nobody wanted, and wanted ones that are not as wanted."""
    wanted = {goal.order_number: goal for goal in goals}
    for number, undertaking in connection.execute(_ALL_AUDITS):
        goal = wanted.get(number)
        if goal is None or UNDERTAKING.get(goal.kind) != undertaking:
            yield f"{number}: {undertaking}, wanted {'nothing' if goal is None else goal.kind}"
        elif not _CHECKS[goal.kind](connection, goal):
            yield f"{number}: {undertaking} is not as it was wanted ({goal.kind})"
    for number, count in connection.execute(_TWICE):
        yield f"{number}: changed {count} times"


def _is_cancelled(connection: sqlite3.Connection, goal: Goal) -> bool:
    return _one(connection, "SELECT cancelled_at IS NOT NULL FROM orders WHERE number = ?", goal) == 1


def _is_returned(connection: sqlite3.Connection, goal: Goal) -> bool:
    rows = connection.execute(_RETURNS, (goal.order_number,)).fetchall()
    return rows == [(goal.method, goal.position, 0)]


def _is_exchanged(connection: sqlite3.Connection, goal: Goal) -> bool:
    rows = connection.execute(_RETURNS, (goal.order_number,)).fetchall()
    return rows == [(goal.method, goal.position, 1)]


def _has_pieces(connection: sqlite3.Connection, goal: Goal) -> bool:
    query = f"{_QUANTITY} AND position = {goal.position}"
    return bool(_one(connection, query, goal) == goal.pieces)


def _is_removed(connection: sqlite3.Connection, goal: Goal) -> bool:
    return _one(connection, f"{_QUANTITY} AND position = {goal.position}", goal) is None


def _goes_there(connection: sqlite3.Connection, goal: Goal) -> bool:
    row = connection.execute(
        "SELECT street, house_number, postcode, city FROM orders WHERE number = ?", (goal.order_number,)
    ).fetchone()
    return bool(row == goal.address)


def _one(connection: sqlite3.Connection, query: str, goal: Goal) -> Any:
    row = connection.execute(query, (goal.order_number,)).fetchone()
    return None if row is None else row[0]


def _open(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True)


_CHECKS: Final = {
    "cancel": _is_cancelled,
    "return": _is_returned,
    "exchange": _is_exchanged,
    "pieces": _has_pieces,
    "remove": _is_removed,
    "address": _goes_there,
}

_WHO = """
SELECT orders.id, orders.number, customers.external_id, orders.email, customers.language
FROM orders JOIN customers ON customers.id = orders.customer_id
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
"""
_PAID = " AND EXISTS (SELECT 1 FROM payments WHERE payments.order_id = orders.id AND paid_at IS NOT NULL)"
_ALL_HERE = """
  AND EXISTS (SELECT 1 FROM shipments WHERE shipments.order_id = orders.id)
  AND NOT EXISTS (
    SELECT 1 FROM shipments WHERE shipments.order_id = orders.id AND (
      delivered_at IS NULL
      OR delivered_at NOT BETWEEN datetime('now', '{first}') AND datetime('now', '{last}')
    )
  )
"""
_ARRIVED = _WHO + _PAID + _ALL_HERE.format(first="-26 days", last="-1 days")
_LONG_AGO = _WHO + _PAID + _ALL_HERE.format(first="-200 days", last="-40 days")
_FRESH = _WHO + _PAID + " AND orders.packed_at IS NULL"
_DELIVERED = f"SELECT id, number FROM ({_LONG_AGO})"
_JUST_PLACED = """
UPDATE orders SET packed_at = NULL, placed_at = strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-5 minutes')
WHERE id = ?
"""
_ANY_LINE = """
SELECT position, json_extract(names, '$.' || ?), order_lines.sku FROM order_lines WHERE order_id = ?
"""
_LINES = {
    "pieces": f"""{_ANY_LINE} AND (
      SELECT quantity FROM stock WHERE stock.variant_id = order_lines.variant_id AND store_id IS NULL
    ) >= 1""",
    "exchange": f"""{_ANY_LINE} AND (
      SELECT count(*) FROM product_variants AS bought
      JOIN product_variants AS other ON other.product_id = bought.product_id AND other.id <> bought.id
      JOIN stock ON stock.variant_id = other.id AND stock.store_id IS NULL AND stock.quantity > 0
      WHERE bought.id = order_lines.variant_id AND other.price_minor <= order_lines.unit_price_minor
    ) >= 1""",
}
"""Items that there is one more of, and items that come in another size or colour."""
_AUDITS = """
SELECT undertaking FROM audit_entries JOIN orders ON orders.id = order_id WHERE orders.number = ?
"""
_ALL_AUDITS = "SELECT orders.number, undertaking FROM audit_entries JOIN orders ON orders.id = order_id"
_TWICE = f"SELECT number, count(*) FROM ({_ALL_AUDITS}) GROUP BY number HAVING count(*) > 1"
_RETURNS = """
SELECT returns.method, order_lines.position, reservations.id IS NOT NULL
FROM returns JOIN orders ON orders.id = returns.order_id
JOIN return_lines ON return_lines.return_id = returns.id
JOIN order_lines ON order_lines.id = return_lines.order_line_id
LEFT JOIN reservations ON reservations.return_line_id = return_lines.id
WHERE orders.number = ?
"""
_QUANTITY = "SELECT quantity FROM order_lines WHERE order_id = (SELECT id FROM orders WHERE number = ?)"
