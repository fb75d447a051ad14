"""What was bought, seen and sent back, as frames: Ibis expressions that name no engine.

The same expressions run on DuckDB here and on a cluster elsewhere (ADR 0100), so they only use what every
engine has: no windows, no engine's own functions, moments as whole seconds since 1970 (UTC).

Inputs, all with the columns named here:

========  ======================================================================================
lines     ``order``, ``position``, ``customer``, ``sku``, ``at``, ``cancelled``
signals   ``customer``, ``sku``, ``kind`` (a key of :data:`WEIGHTS`), ``at``, ``share`` (of the pieces)
products  ``sku``, ``product`` (its number here, from 0 on), ``category``, ``sort`` (likewise)
========  ======================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis
from ibis.expr.types import Column, IntegerColumn, NumericColumn, Table

DAY: Final = 86_400

WEIGHTS: Final[Mapping[str, float]] = {
    "bought": 1.0,
    "basket": 0.3,
    "asked": 0.3,
    "viewed": 0.1,
    "returned": -1.0,
    "dismissed": -1.0,
}
"""What a signal says about liking a product. ``asked``: in a conversation, or to be told when it is back."""

_KEY_ROOM: Final = 1 << 31


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLimits:
    """What is looked at, and how much of it.

    Attributes:
        now: Nothing later is known; a moment that claims to be later counts as now.
        half_life: Days after which a signal says half as much.
        most_per_customer: Products of one customer, the newest.
        most_per_order: Positions of one order, the first: who buys a thousand things shows no pairs.
    """

    now: int
    half_life: float = 180.0
    most_per_customer: int = 500
    most_per_order: int = 100


def purchases(lines: Table, products: Table, limits: FrameLimits) -> Table:
    """Lines of known products, without cancelled orders.

    Columns: ``order``, ``position``, ``customer``, ``product``, ``category``, ``at``.
    ``customer`` is null where nobody knows who it was: such an order still says what goes together.
    """
    kept = lines.filter(~lines.cancelled)
    known = kept.join(products, "sku")
    return known.select(
        "order", "position", "customer", "product", "category", at=_not_later(known["at"], limits.now)
    )


def customer_signals(lines: Table, signals: Table, products: Table, limits: FrameLimits) -> Table:
    """One row per signal of a known customer: ``customer, product, at, weight``, weight faded by age."""
    bought = purchases(lines, products, limits)
    bought = bought.select("customer", "product", "at", worth=ibis.literal(WEIGHTS["bought"]))
    other = signals.join(products, "sku")
    other = other.select(
        "customer",
        "product",
        at=_not_later(other["at"], limits.now),
        worth=_worth_of(other.kind) * other.share,
    )
    every = bought.union(other)
    every = every.filter(every.customer.notnull())
    faded = every.worth * faded_by_age(every["at"], limits.now, limits.half_life)
    return every.select("customer", "product", "at", weight=faded)


def interactions(signals: Table, limits: FrameLimits) -> Table:
    """What each customer thinks of each product: ``customer, product, weight, at`` (the newest).

    Args:
        signals: As :func:`customer_signals` gives them.
        limits: How many per customer.

    Returns:
        The newest of each customer. A weight is below zero where what was sent back outweighs the rest.
    """
    summed = signals.group_by("customer", "product").agg(weight=signals.weight.sum(), at=signals["at"].max())
    newest = summed["at"] * _KEY_ROOM + summed["product"]
    return _largest(summed.mutate(key=newest), "customer", limits.most_per_customer)


def order_baskets(bought: Table, limits: FrameLimits) -> Table:
    """Which products are in which order, each once: ``order, product``; of huge orders the first ones."""
    once = bought.group_by("order", "product").agg(first=bought.position.min())
    earliest = -(once.first * _KEY_ROOM + once["product"])
    return _largest(once.mutate(key=earliest), "order", limits.most_per_order).select("order", "product")


def before(frame: Table, moment: int) -> Table:
    """What was known before a moment."""
    return frame.filter(frame["at"] < moment)


def next_baskets(bought: Table, start: int, end: int) -> Table:
    """What each customer bought first in a stretch of time: ``customer, product``.

    Args:
        bought: As :func:`purchases` gives it.
        start: The first moment of it.
        end: The first moment after it.
    """
    known = bought.filter(bought.customer.notnull() & (bought["at"] >= start) & (bought["at"] < end))
    first = known.group_by("customer").agg(first=known["at"].min()).rename(who="customer")
    joined = known.join(first, (known.customer == first.who) & (known["at"] == first.first))
    return joined.select("customer", "product").distinct()


def pair_counts(baskets: Table, *, least: int = 1) -> Table:
    """In how many orders two products are together: ``a, b, together`` with a < b.

    Args:
        baskets: As :func:`order_baskets` gives them.
        least: Pairs that are together less often are left out.
    """
    other = baskets.select(same_order=baskets["order"], b=baskets["product"])
    both = baskets.join(other, [baskets["order"] == other.same_order])
    both = both.filter(both["product"] < both.b)
    counted = both.group_by(a=both["product"], b=both.b).agg(together=both.count())
    return counted.filter(counted.together >= least)


def sort_baskets(baskets: Table, products: Table) -> Table:
    """Which sorts of product are in which order: ``order, product`` (the sort), and of how many ``products``.

    With it :func:`pair_counts` and :func:`product_counts` count sorts.
    """
    sorts = products.select("product", "sort")
    known = baskets.join(sorts, "product")
    return known.group_by("order", "sort").agg(products=known.count()).rename(product="sort")


def repeated_counts(of_sorts: Table) -> Table:
    """In how many orders there are several products of a sort: ``product`` (the sort), ``orders``."""
    several = of_sorts.filter(of_sorts.products > 1)
    return several.group_by("product").agg(orders=several.count())


def product_counts(baskets: Table) -> Table:
    """In how many orders a product is: ``product, orders``."""
    return baskets.group_by("product").agg(orders=baskets.count())


def popularity(bought: Table, limits: FrameLimits, *, half_life: float) -> Table:
    """How much a product is bought these days: ``product, score``, each line faded by age."""
    faded = bought.select("product", weight=faded_by_age(bought["at"], limits.now, half_life))
    return faded.group_by("product").agg(score=faded.weight.sum())


def season(bought: Table, limits: FrameLimits, *, days: int) -> Table:
    """How often a product was bought around this day of earlier years: ``product, lines``."""
    year = round(365.25 * DAY)
    age = -bought["at"] + limits.now
    since_that_day = (age + days * DAY) % year
    around = bought.filter((age > year // 2) & (since_that_day <= 2 * days * DAY))
    return around.group_by("product").agg(lines=around.count())


def segments(bought: Table) -> Table:
    """The category that each customer bought most lines of: ``customer, segment``; of several the first."""
    known = bought.filter(bought.customer.notnull())
    counted = known.group_by("customer", "category").agg(lines=known.count())
    ranked = counted.mutate(key=counted.lines * _KEY_ROOM + (_KEY_ROOM - 1 - counted.category))
    best = ranked.group_by("customer").agg(key=ranked.key.max())
    return best.select("customer", segment=(_KEY_ROOM - 1) - best.key % _KEY_ROOM)


def popularity_by_segment(bought: Table, segments: Table, limits: FrameLimits, *, half_life: float) -> Table:
    """As :func:`popularity`, among the customers of each segment: ``segment, product, score``.

    Args:
        bought: As :func:`purchases` gives it.
        segments: ``customer, segment``.
        limits: What now is.
        half_life: In days.
    """
    known = bought.join(segments, "customer")
    weight = faded_by_age(known["at"], limits.now, half_life)
    faded = known.select("segment", "product", weight=weight)
    return faded.group_by("segment", "product").agg(score=faded.weight.sum())


def faded_by_age(at: Column, now: int, half_life: float) -> NumericColumn:
    """1 for now, one half after ``half_life`` days, and so on."""
    faded: NumericColumn = ((at - now) * (math.log(2) / (half_life * DAY))).exp()
    return faded


def _not_later(at: Column, now: int) -> IntegerColumn:
    return ibis.least(at, now)


def _worth_of(kind: Column) -> NumericColumn:
    worth = ibis.literal(0.0)
    for name, weight in WEIGHTS.items():
        worth = ibis.ifelse(kind == name, weight, worth)
    return worth


def _largest(frame: Table, by: str, most: int) -> Table:
    """The rows of each group with the largest ``key``, which is dropped; keys of a group all differ."""
    counts = frame.group_by(by).agg(rows=frame.count())
    large = frame.semi_join(counts.filter(counts.rows > most), by)
    keys = large.group_by(by).agg(keys=large.key.collect())
    smallest = keys.select(group=keys[by], smallest=keys.keys.sort()[keys.keys.length() - most])
    joined = frame.left_join(smallest, frame[by] == smallest.group)
    kept = joined.filter(joined.smallest.isnull() | (joined.key >= joined.smallest))
    return kept.drop("key", "group", "smallest")
