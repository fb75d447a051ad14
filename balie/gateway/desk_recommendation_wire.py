"""From what recommendations bring to what goes out: JSON for the page, CSV for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from balie.gateway.desk_overview_wire import BYTE_ORDER_MARK, harmless
from balie.gateway.wire import Json
from balie.recommendations.figures import Group, Lift, Outcomes, Part, Rate
from balie.recommendations.intervals import Interval


def outcomes_json(outcomes: Outcomes) -> Json:
    """All figures of a period."""
    return {
        "asked": {
            "first": str(outcomes.days.first),
            "last": str(outcomes.days.last),
            "timezone": outcomes.days.timezone.key,
        },
        "currency": outcomes.currency,
        "settled": outcomes.settled,
        "total": _part(outcomes.total),
        "lists": [_part(part) for part in outcomes.lists],
        "segments": [_part(part) for part in outcomes.segments],
        "moods": [_part(part) for part in outcomes.moods],
        "segment_names": {code: dict(names) for code, names in outcomes.segment_names.items()},
    }


def outcomes_csv(outcomes: Outcomes) -> bytes:
    """One row for each list, segment and mood, and one for all: UTF-8, for spreadsheets."""
    text = io.StringIO(newline="")
    named = (
        ("total", (outcomes.total,)),
        ("list", outcomes.lists),
        ("segment", outcomes.segments),
        ("mood", outcomes.moods),
    )
    rows = [
        {"by": by, "name": harmless(part.name), "currency": outcomes.currency, **dict(_cells(part))}
        for by, parts in named
        for part in parts
    ]
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _cells(part: Part) -> Iterator[tuple[str, float | int | None]]:
    yield "shown", part.shown
    for name in ("clicks", "baskets", "dismissed", "purchases"):
        rate: Rate = getattr(part, name)
        yield name, rate.count
        yield from _ends(f"{name}_share", rate.share)
    yield "revenue_minor", part.revenue_minor
    yield from _ends("revenue_per_shown_minor", part.per_shown)
    for name, group in (("suggested", part.lift.shown), ("held_out", part.lift.held_out)):
        yield f"{name}_people", group.bought.of
        yield f"{name}_bought", group.bought.count
    yield from _ends("lift_difference", part.lift.difference)
    yield from _ends("lift_ratio", part.lift.ratio)
    yield from _ends("lift_revenue_minor", part.lift.revenue)


def _ends(name: str, interval: Interval) -> Iterator[tuple[str, float | None]]:
    yield name, _rounded(interval.value)
    yield f"{name}_low", _rounded(interval.low)
    yield f"{name}_high", _rounded(interval.high)


def _part(part: Part) -> Json:
    return {
        "name": part.name,
        "shown": part.shown,
        "clicks": _rate(part.clicks),
        "baskets": _rate(part.baskets),
        "dismissed": _rate(part.dismissed),
        "purchases": _rate(part.purchases),
        "revenue_minor": part.revenue_minor,
        "per_shown": _interval(part.per_shown),
        "lift": _lift(part.lift),
    }


def _lift(lift: Lift) -> Json:
    return {
        "shown": _group(lift.shown),
        "held_out": _group(lift.held_out),
        "difference": _interval(lift.difference),
        "ratio": _interval(lift.ratio),
        "revenue": _interval(lift.revenue),
    }


def _group(group: Group) -> Json:
    return {"bought": _rate(group.bought), "revenue": _interval(group.revenue)}


def _rate(rate: Rate) -> Json:
    return {"count": rate.count, "of": rate.of, "share": _interval(rate.share)}


def _interval(interval: Interval) -> dict[str, Any]:
    return {name: _rounded(value) for name, value in interval._asdict().items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
