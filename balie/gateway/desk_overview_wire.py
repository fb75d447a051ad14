"""From figures to what goes out: JSON for the page, CSV for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from balie.gateway.wire import Json
from balie.handoff.kinds import Reason
from balie.handoff.numbers import Overview
from balie.handoff.numbers_behind import Behind, Found
from balie.handoff.numbers_tally import Figures, MoodShift, Ratings, Share, Slice, Spread, Tally, figures_of

BYTE_ORDER_MARK: Final = "\ufeff"
"""Excel takes UTF-8 for something else without it."""
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def overview_json(overview: Overview) -> Json:
    """All figures of a period."""
    query = overview.query
    return {
        "asked": {
            "first": str(query.period.first),
            "last": str(query.period.last),
            "timezone": query.period.timezone.key,
            "team": query.team,
            "language": query.language,
        },
        "now": {
            "waiting": overview.now.waiting,
            "longest_s": overview.now.longest_s,
            "with_agents": overview.now.with_agents,
            "promised": overview.now.promised,
        },
        "total": _figures(overview.total),
        "days": _named(overview.by_day),
        "teams": _named(overview.by_team),
        "languages": _named(overview.by_language),
    }


def found_json(found: Found) -> Json:
    """The conversations behind a figure."""
    return {"items": [_behind(each) for each in found.items], "count": found.count}


def overview_csv(slices: Sequence[tuple[Slice, Figures]]) -> bytes:
    """One row per day, team and language (RFC 4180), with a head.

    Texts that a spreadsheet would take for a formula get an apostrophe in front; numbers are numbers.
    """
    text = io.StringIO(newline="")
    rows = [{**_place(place), **dict(_cells(figures))} for place, figures in slices]
    writer = csv.writer(text)
    writer.writerow(("day", "team", "language", *(name for name, _ in _cells(figures_of(Tally())))))
    writer.writerows(row.values() for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("service")
    ("'=HYPERLINK(1)", 'service')
    """
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _named(figures: Mapping[str, Figures]) -> list[Json]:
    return [{"name": name, "figures": _figures(each)} for name, each in figures.items()]


def _figures(figures: Figures) -> Json:
    return {
        "conversations": figures.conversations,
        "handoff_rate": _share(figures.handoff_rate),
        "by_assistant": _share(figures.by_assistant),
        "by_person": _share(figures.by_person),
        "unsolved": _share(figures.unsolved),
        "repeats": {str(hours): _share(share) for hours, share in figures.repeats.items()},
        "handoffs": figures.handoffs,
        "reasons": dict(figures.reasons),
        "first_reply": _spread(figures.first_reply),
        "in_time": _share(figures.in_time),
        "resolution": _spread(figures.resolution),
        "ratings": _ratings(figures.ratings),
        "mood": _mood(figures.mood),
    }


def _share(share: Share) -> Json:
    return {"count": share.count, "of": share.of, "share": _rounded(share.share)}


def _spread(spread: Spread) -> Json:
    return {"count": spread.count, "median_s": spread.median_s, "p90_s": spread.p90_s}


def _ratings(ratings: Ratings) -> Json:
    distribution = {str(score): count for score, count in ratings.distribution.items()}
    return {
        "answered": _share(ratings.answered),
        "average": _rounded(ratings.average),
        "distribution": distribution,
    }


def _mood(mood: MoodShift) -> Json:
    return {
        "count": mood.count,
        "before": _rounded(mood.before),
        "after": _rounded(mood.after),
        "better": mood.better,
        "same": mood.same,
        "worse": mood.worse,
    }


def _behind(behind: Behind) -> Json:
    return {
        "conversation_id": str(behind.conversation_id),
        "at": behind.at.isoformat().replace("+00:00", "Z"),
        "language": behind.language,
        "team": behind.team,
        "why": dict(behind.why),
    }


def _place(place: Slice) -> dict[str, Any]:
    return {
        "day": place.day.isoformat(),
        "team": harmless(place.team),
        "language": harmless(place.language),
    }


def _cells(figures: Figures) -> Iterator[tuple[str, float | int | None]]:
    yield "conversations", figures.conversations
    yield "with_handoff", figures.handoff_rate.count
    yield "settled", figures.unsolved.of
    yield "by_assistant", figures.by_assistant.count
    yield "by_person", figures.by_person.count
    yield "unsolved", figures.unsolved.count
    for hours, share in figures.repeats.items():
        yield f"repeat_{hours}h", share.count
        yield f"repeat_{hours}h_of", share.of
    yield "handoffs", figures.handoffs
    for reason in Reason:
        yield f"reason_{reason.value}", figures.reasons.get(reason.value, 0)
    yield from _spread_cells("first_reply", figures.first_reply)
    yield "in_time", figures.in_time.count
    yield "in_time_of", figures.in_time.of
    yield from _spread_cells("resolution", figures.resolution)
    yield "ratings_asked", figures.ratings.answered.of
    for score, count in figures.ratings.distribution.items():
        yield f"ratings_{score}", count
    mood = figures.mood
    yield from (("mood_count", mood.count), ("mood_before", _rounded(mood.before)))
    yield from (("mood_after", _rounded(mood.after)), ("mood_better", mood.better))
    yield from (("mood_same", mood.same), ("mood_worse", mood.worse))


def _spread_cells(name: str, spread: Spread) -> Iterable[tuple[str, float | int | None]]:
    return (
        (f"{name}_count", spread.count),
        (f"{name}_median_s", spread.median_s),
        (f"{name}_p90_s", spread.p90_s),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
