"""What ``benchmarks/recommendations.py`` measured, as rows and a section of the page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

Row = tuple[str, str, str]


def recommendation_rows(figures: Mapping[str, Any]) -> Iterator[Row]:
    """What was to be reached, and what was."""
    if contest := figures.get("contest"):
        ours, *others = contest["table"]
        for name, title in (("recall_at_10", "Recall@10"), ("ndcg_at_10", "NDCG@10")):
            best = max(others, key=lambda row: row["test"][name])
            reached = f"{ours['test'][name]:.4f}; best other {best['test'][name]:.4f} ({best['name']})"
            yield f"UCI Online Retail, last baskets: {title}", "above every other", reached
    if training := figures.get("training"):
        reached = f"{training['seconds']:.0f} s, {training['peak_mb']:,} MB"
        yield f"training on {training['lines']:,} lines", "≤ 60 s, ≤ 1,500 MB", reached
    if growth := figures.get("growth"):
        first, last = growth[0], growth[-1]
        allowed = _n_log_n(last["lines"]) / _n_log_n(first["lines"])
        ratio = last["processor_s"] / first["processor_s"]
        reached = f"{ratio:.1f} × the processor's time, {last['peak_mb']:,} MB"
        yield f"{last['lines']:,} lines against {first['lines']:,}", f"≤ {allowed:.1f} × (n log n)", reached
    if planted := figures.get("planted"):
        reached = (
            f"{planted['found_for_best_sellers']} of {planted['pairs_of_kinds']}; from every product "
            f"{planted['found_for_products']} of {planted['products_with_pairs']}"
        )
        yield "demo shop: planted pairs among the first five", "all", reached
    if groceries := figures.get("groceries"):
        reached = f"{groceries['largest_difference']:.0e} of {groceries['rules']:,} rules"
        yield "Groceries: support, confidence, lift against counting by hand", "≤ 1e-9", reached


def recommendation_section(figures: Mapping[str, Any]) -> Iterator[str]:
    """The contest, line by line, and how time grows."""
    contest = figures.get("contest")
    if contest:
        yield "## Who foresees the next basket"
        yield ""
        yield (
            f"UCI Online Retail: {contest['judged_on']:,} last baskets of customers with an earlier one; "
            f"settings chosen on {contest['tuned_on']:,} second-to-last ones. Repeats count as hits; *new* "
            "are the products that the customer never had, with lists without those they had."
        )
        yield ""
        yield "| | Recall@10 | NDCG@10 | coverage | new: Recall@10 | NDCG@10 | coverage | settings |"
        yield "|---|---|---|---|---|---|---|---|"
        for row in contest["table"]:
            test, fresh = row["test"], row["test"]["new"]
            settings = ", ".join(f"{name} {value}" for name, value in row["settings"].items())
            yield (
                f"| {row['name']} | {test['recall_at_10']:.4f} | {test['ndcg_at_10']:.4f} | "
                f"{test['coverage']:.2f} | {fresh['recall_at_10']:.4f} | {fresh['ndcg_at_10']:.4f} | "
                f"{fresh['coverage']:.2f} | {settings} |"
            )
        yield ""
    if growth := figures.get("growth"):
        yield "| made-up lines | seconds | seconds of one core | peak memory |"
        yield "|---|---|---|---|"
        for each in growth:
            yield (
                f"| {each['lines']:,} | {each['seconds']:.0f} | {each['processor_s']:.0f} | "
                f"{each['peak_mb']:,} MB |"
            )
        yield ""


def _n_log_n(count: int) -> float:
    return count * math.log(count)
