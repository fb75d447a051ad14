"""A shop small enough to know by heart: bikes, helmets, lamps, and a few people who buy them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from balie.jobs.recommending.frames import DAY
from balie.jobs.recommending.snapshot import Known, catalogue_of
from balie.jobs.recommending.workspace import LINES, PRODUCTS, SIGNALS, Workspace, open_workspace
from balie.recommendations.signal_repository import SoldProduct

NOW = 1_000 * DAY

Line = tuple[int, int, int | None, str, int, bool]

SOLD = tuple(
    SoldProduct(sku, category, brand, {"nl": dutch, "en": english}, {"en": {"weight": "1 kg"}}, price)
    for sku, category, brand, dutch, english, price in (
        ("batteries-a", "lights", "Kwik", "Kwik Volt batterijen", "Kwik Volt batteries", 500),
        ("bike-a", "bikes", "Windroos", "Windroos Gors stadsfiets", "Windroos Gors city bike", 80_000),
        ("bike-b", "bikes", "Windroos", "Windroos Terp stadsfiets", "Windroos Terp city bike", 90_000),
        ("bike-c", "bikes", "Spaak", "Spaak Otter stadsfiets", "Spaak Otter city bike", 85_000),
        ("helmet-a", "helmets", "Kap", "Kap Een fietshelm", "Kap One bike helmet", 6_000),
        ("helmet-b", "helmets", "Kap", "Kap Twee fietshelm", "Kap Two bike helmet", 7_000),
        ("helmet-c", "helmets", "Spaak", "Spaak Drie fietshelm", "Spaak Three bike helmet", 6_500),
        ("lamp-a", "lights", "Kwik", "Kwik Zon lamp", "Kwik Sun lamp", 2_000),
        ("never-bought", "lights", "Kwik", "Kwik Maan lamp", "Kwik Moon lamp", 2_100),
        ("socks-a", "clothes", "Wol", "Wol sokken", "Wool socks", 1_500),
    )
)


def orders(
    *baskets: Sequence[str], customers: Sequence[int | None], first_at: int = NOW - 90 * DAY
) -> list[Line]:
    """One order a day, by the customers in turn."""
    return [
        (number, position, customers[number % len(customers)], sku, first_at + number * DAY, False)
        for number, basket in enumerate(baskets)
        for position, sku in enumerate(basket, start=1)
    ]


def usual_orders() -> list[Line]:
    """Helmets with bikes, batteries with lamps, socks with anything, for ninety days."""
    week = (
        ("bike-a", "helmet-a"),
        ("lamp-a", "batteries-a"),
        ("socks-a",),
        ("bike-b", "helmet-b"),
        ("lamp-a", "batteries-a", "socks-a"),
        ("bike-c", "helmet-a"),
        ("helmet-c",),
    )
    return orders(*(week * 13)[:90], customers=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])


@contextmanager
def known_shop(
    lines: Sequence[Line],
    signals: Sequence[tuple[Any, ...]] = (),
    sold: Sequence[SoldProduct] = SOLD,
    until: int = NOW,
) -> Iterator[Known]:
    """Everything there is to learn from in such a shop."""
    with open_workspace(threads=1) as workspace:
        yield fill(workspace, lines, signals, tuple(sold), until)


def fill(
    workspace: Workspace,
    lines: Sequence[Line],
    signals: Sequence[tuple[Any, ...]],
    sold: tuple[SoldProduct, ...],
    until: int,
) -> Known:
    catalogue = catalogue_of(sold)
    numbered = [
        (product.sku, number, int(catalogue.categories[number]), int(catalogue.sorts[number]))
        for number, product in enumerate(sold)
    ]
    return Known(
        workspace.add("lines", LINES, [list(lines)]),
        workspace.add("signals", SIGNALS, [list(signals)]),
        workspace.add("products", PRODUCTS, [numbered]),
        catalogue,
        sold,
        until,
    )
