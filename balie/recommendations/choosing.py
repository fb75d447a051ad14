"""What is taken off a list, and what of the rest is shown where. Pure.

In this order: what must not be shown (:data:`RULES`, one line each), then the best first, at most so many of
one category in a row of places; the last place is now and then given to one that would not have been shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final, NamedTuple

from balie.recommendations.asked import MOST_ITEMS, History, Wish
from balie.recommendations.hold_out import Draw
from balie.recommendations.kinds import ListKind, Reason
from balie.recommendations.terms import BroughtUp, RecommendationTerms

DIVERSE: Final = frozenset({ListKind.PERSONAL, ListKind.COMPLEMENTARY})
"""Alternatives are of one category by nature."""


class Candidate(NamedTuple):
    """A product that a list proposes.

    Attributes:
        price_minor: Of the cheapest variant that the web warehouse has; None when it has none.
        about: The product that the reason is about.
        run_id: The training that proposed it; None of what lies on the shelf.
    """

    sku: str
    category: str
    price_minor: int | None
    score: float
    reason: Reason
    about: str | None
    lift: float | None
    run_id: int | None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What the rules look at besides the product itself.

    Attributes:
        anchors: The products that the question is about: nobody is shown what they ask about.
        find_brought_up: Finds their categories; hardly any question needs them.
    """

    wish: Wish
    history: History
    terms: RecommendationTerms
    now: datetime
    anchors: frozenset[str] = frozenset()
    find_brought_up: Callable[[], AbstractSet[str]] = frozenset

    @cached_property
    def brought_up(self) -> AbstractSet[str]:
        """Categories of the products that the question is about."""
        return self.find_brought_up()


class Chosen(NamedTuple):
    """A candidate in its place, from 1 on, with how likely it was to get there."""

    candidate: Candidate
    position: int
    propensity: float
    explored: bool


Rule = Callable[[Candidate, Situation], bool]


def _is_in_stock(candidate: Candidate, _: Situation) -> bool:
    return candidate.price_minor is not None


def _is_another(candidate: Candidate, now: Situation) -> bool:
    return candidate.sku not in now.anchors and candidate.sku not in now.wish.exclude


def _is_wanted(candidate: Candidate, now: Situation) -> bool:
    return not now.wish.categories or candidate.category in now.wish.categories


def _is_meant(candidate: Candidate, now: Situation) -> bool:
    return now.wish.among is None or candidate.sku in now.wish.among


def _is_affordable(candidate: Candidate, now: Situation) -> bool:
    budget = now.wish.budget_minor
    return budget is None or (candidate.price_minor or 0) <= budget


def _is_dear_enough(candidate: Candidate, now: Situation) -> bool:
    least = now.wish.least_minor
    return least is None or (candidate.price_minor or 0) >= least


def _is_not_owned(candidate: Candidate, now: Situation) -> bool:
    bought_at = now.history.owned.get(candidate.sku)
    if bought_at is None or now.wish.for_somebody_else:
        return True
    lasts = now.terms.bought_again.get(candidate.category)
    return lasts is not None and now.now - bought_at >= lasts


def _was_not_returned(candidate: Candidate, now: Situation) -> bool:
    return candidate.sku not in now.history.returned


def _was_not_dismissed(candidate: Candidate, now: Situation) -> bool:
    return candidate.sku not in now.history.dismissed


def _is_decent(candidate: Candidate, now: Situation) -> bool:
    """Whether hygiene and age allow it: the customer must have brought up what is restricted."""
    return all(
        each.shown_when & _ways_brought_up(candidate, now)
        for each in now.terms.restrictions.values()
        if candidate.category in each.categories or candidate.sku in each.products
    )


def _ways_brought_up(candidate: Candidate, now: Situation) -> set[BroughtUp]:
    ways = set()
    if not now.wish.is_unasked and candidate.category in now.wish.categories:
        ways.add(BroughtUp.ASKED)
    if candidate.category in now.brought_up:
        ways.add(BroughtUp.ANCHOR)
    return ways


RULES: Final[Mapping[str, Rule]] = {
    "in stock": _is_in_stock,
    "not what it is about": _is_another,
    "of the kind that was asked for": _is_wanted,
    "one of those that are meant": _is_meant,
    "within the budget": _is_affordable,
    "not below what was asked for": _is_dear_enough,
    "not owned, unless it runs out": _is_not_owned,
    "not sent back": _was_not_returned,
    "not unwanted": _was_not_dismissed,
    "hygiene and age": _is_decent,
}


def broken_rule(candidate: Candidate, situation: Situation) -> str | None:
    """The first rule that keeps a product from being shown; None when it may be."""
    return next((name for name, holds in RULES.items() if not holds(candidate, situation)), None)


def allowed(candidates: Iterable[Candidate], situation: Situation) -> list[Candidate]:
    """Those that may be shown, in the same order, each once."""
    seen: set[str] = set()
    kept = []
    for candidate in candidates:
        if candidate.sku not in seen and broken_rule(candidate, situation) is None:
            kept.append(candidate)
        seen.add(candidate.sku)
    return kept


def choose(
    candidates: Sequence[Candidate], kind: ListKind, situation: Situation, draw: Draw
) -> tuple[Chosen, ...]:
    """Fill the places.

    Args:
        candidates: That may be shown (:func:`allowed`), best first.
        kind: Whose rules of diversity hold.
        situation: How many are wanted, and the shop's terms.
        draw: What chance says.
    """
    wish, terms = situation.wish, situation.terms
    is_diverse = kind in DIVERSE and not wish.categories
    most, window = terms.same_category if is_diverse else (1, 1)
    places = max(0, min(wish.n, MOST_ITEMS))
    shown: list[Candidate] = []
    left = list(candidates)
    while left and len(shown) < places:
        best = next((each for each in left if _fits(shown, each, most, window)), None)
        if best is None:
            break
        shown.append(best)
        left.remove(best)
    if not shown:
        return ()
    *above, last = shown
    others = [each for each in left if _fits(above, each, most, window)]
    chosen = [Chosen(candidate, place, 1.0, explored=False) for place, candidate in enumerate(above, start=1)]
    return (*chosen, _last_place(last, others, len(shown), terms.explore_share, draw))


def _last_place(
    best: Candidate, others: Sequence[Candidate], position: int, share: float, draw: Draw
) -> Chosen:
    if not others or share == 0:
        return Chosen(best, position, 1.0, explored=False)
    if draw.explores >= share:
        return Chosen(best, position, 1.0 - share, explored=False)
    picked = others[int(draw.picks * len(others))]
    return Chosen(picked, position, share / len(others), explored=True)


def _fits(shown: Sequence[Candidate], candidate: Candidate, most: int, window: int) -> bool:
    """Whether the next place may be of this category, after those before it."""
    if window == 1:
        return True
    before = shown[-(window - 1) :]
    return sum(each.category == candidate.category for each in before) < most
