"""Recommendations: who foresees the next basket, how long learning takes, whether what was planted is found.

Usage: ``.venv/bin/python -m benchmarks.recommendations [--only contest] [--lines 1000000] [--json FILE]``

The contest, the training on UCI Online Retail and the rules of Groceries need ``../shared/data``; without it
they are left out. How baskets are held back is said in ``benchmarks/retail.py``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

from balie.jobs.recommending import store
from balie.jobs.recommending.lists import learn_rules
from balie.jobs.recommending.snapshot import take_snapshot
from balie.jobs.recommending.workspace import open_workspace
from balie.orders.demo import DEFAULT_SEED, load_demo_shop
from balie.orders.demo.kinds import load_kinds
from balie.orders.demo.products import make_products
from balie.orders.demo.rows import DemoRows
from balie.storage.engine import open_sync_engine
from balie.storage.migrate import upgrade
from benchmarks import recommendation_contest, recommendation_training
from benchmarks.basket_rules import GROCERIES, largest_difference, read_groceries
from benchmarks.retail import FILE

TODAY: Final = date(2026, 10, 14)
PLACES: Final = 5


def main() -> None:
    """Measure and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    parser.add_argument("--lines", type=int, action="append", help="made-up lines to learn from")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    figures = {name: PARTS[name](options.lines) for name in options.only or PARTS}
    print(json.dumps(figures))
    if options.json:
        known = json.loads(options.json.read_text("utf-8")) if options.json.exists() else {}
        options.json.write_text(json.dumps({**known, **figures}), encoding="utf-8")


def contest(_lines: list[int] | None) -> dict[str, Any]:
    """Balie and others on the last baskets of UCI Online Retail."""
    return recommendation_contest.run(_say) if FILE.exists() else {}


def training(_lines: list[int] | None) -> dict[str, Any]:
    """Learning all lists from UCI Online Retail."""
    return recommendation_training.measure(recommendation_training.UCI) if FILE.exists() else {}


def growth(lines: list[int] | None) -> list[dict[str, Any]]:
    """Learning all lists from more and more made-up lines."""
    return [recommendation_training.measure(str(count)) for count in lines or recommendation_training.MADE_UP]


def planted(_lines: list[int] | None) -> dict[str, Any]:
    """Whether what demo customers buy together on purpose is among the first five of the lists."""
    with tempfile.TemporaryDirectory(prefix="balie-bench-") as folder:
        url = f"sqlite:///{folder}/balie.db"
        upgrade(url)
        load_demo_shop(url, today=TODAY)
        engine = open_sync_engine(url)
        with open_workspace() as workspace:
            now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
            known, _ = store.read_known(engine, workspace, "EUR", now)
            rules = learn_rules(take_snapshot(known, known.until + 1), known.catalogue)
        engine.dispose()
    made = make_products(DemoRows(), Random(DEFAULT_SEED), updated_at=datetime.now(UTC))
    kind_of = {product.sku: product.kind.code for product in made}
    first = {sku: {kind_of[each.sku] for each in rules.related(sku, PLACES)} for sku in kind_of}
    return _found(kind_of, first)


def groceries(_lines: list[int] | None) -> dict[str, Any]:
    """How far the measures of rules are from those counted by hand."""
    if not GROCERIES.exists():
        return {}
    rules, difference = largest_difference(read_groceries())
    return {"rules": rules, "largest_difference": difference}


def _found(kind_of: Mapping[str, str], first: Mapping[str, set[str]]) -> dict[str, Any]:
    best_sellers, every, missed = [], [], []
    for kind in load_kinds():
        skus = sorted(sku for sku, code in kind_of.items() if code == kind.code)
        for other, _ in kind.goes_with:
            found = [other in first[sku] for sku in skus]
            best_sellers.append(found[0])
            every.extend(found)
            missed += [
                f"{sku} ({kind.code}): {other}" for sku, hit in zip(skus, found, strict=True) if not hit
            ]
    return {
        "pairs_of_kinds": len(best_sellers),
        "found_for_best_sellers": sum(best_sellers),
        "products_with_pairs": len(every),
        "found_for_products": sum(every),
        "missed": missed,
    }


def _say(line: str) -> None:
    print(line, flush=True)


PARTS: Final[Mapping[str, Callable[[list[int] | None], Any]]] = {
    "contest": contest,
    "training": training,
    "growth": growth,
    "planted": planted,
    "groceries": groceries,
}


if __name__ == "__main__":
    main()
