"""Which products are shown where; properties that hold for every list."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balie.recommendations.asked import MOST_ITEMS, NOBODY, History, Wish
from balie.recommendations.choosing import RULES, Candidate, Chosen, Situation, allowed, broken_rule, choose
from balie.recommendations.hold_out import Draw
from balie.recommendations.kinds import ListKind, Reason
from balie.recommendations.terms import BroughtUp, RecommendationTerms, Restriction

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
CALM = Draw(0.99, 0.0)
TERMS = RecommendationTerms(
    currency="EUR",
    explore_share=0.05,
    hold_out_share=0.05,
    same_category=(2, 3),
    bought_again={"nutrition": timedelta(days=21)},
    restrictions={
        "hygiene": Restriction(
            categories=frozenset({"swimwear"}),
            products=frozenset({"UNDERWEAR"}),
            shown_when=frozenset({BroughtUp.ASKED, BroughtUp.ANCHOR}),
        ),
        "age": Restriction(
            categories=frozenset({"knives"}), products=frozenset(), shown_when=frozenset({BroughtUp.ASKED})
        ),
    },
    attribution=timedelta(days=7),
)


def a_candidate(sku: str = "TENT", category: str = "tents", price: int | None = 1_000) -> Candidate:
    return Candidate(sku, category, price, 1.0, Reason.POPULAR, None, None, 1)


def situation(
    wish: Wish | None = None,
    history: History = NOBODY,
    *,
    brought_up: frozenset[str] = frozenset(),
    **details: Any,
) -> Situation:
    return Situation(
        wish=wish or Wish(),
        history=history,
        terms=TERMS,
        now=NOW,
        find_brought_up=lambda: brought_up,
        **details,
    )


OWNED = History({"TENT": NOW - timedelta(days=20), "GEL": NOW - timedelta(days=20)}, *[frozenset()] * 2, None)
BROKEN = [
    (a_candidate(price=None), situation(), "in stock"),
    (a_candidate(), situation(anchors=frozenset({"TENT"})), "not what it is about"),
    (a_candidate(), situation(Wish(exclude=frozenset({"TENT"}))), "not what it is about"),
    (a_candidate(), situation(Wish(categories=frozenset({"bikes"}))), "of the kind that was asked for"),
    (a_candidate(), situation(Wish(among=frozenset({"BIKE"}))), "one of those that are meant"),
    (a_candidate(), situation(Wish(among=frozenset())), "one of those that are meant"),
    (a_candidate(), situation(Wish(budget_minor=999)), "within the budget"),
    (a_candidate(price=1_000), situation(Wish(least_minor=1_001)), "not below what was asked for"),
    (a_candidate(), situation(history=OWNED), "not owned, unless it runs out"),
    (a_candidate("GEL", "nutrition"), situation(history=OWNED), "not owned, unless it runs out"),
    (a_candidate(), situation(history=History({}, frozenset({"TENT"}), frozenset(), None)), "not sent back"),
    (a_candidate(), situation(history=History({}, frozenset(), frozenset({"TENT"}), None)), "not unwanted"),
    (a_candidate("SUIT", "swimwear"), situation(), "hygiene and age"),
    (a_candidate("UNDERWEAR", "base_layers"), situation(), "hygiene and age"),
    (
        a_candidate("KNIFE", "knives"),
        situation(brought_up=frozenset({"knives"})),
        "hygiene and age",
    ),
    (
        a_candidate("KNIFE", "knives"),
        situation(Wish(categories=frozenset({"knives"}), is_unasked=True)),
        "hygiene and age",
    ),
]


@pytest.mark.parametrize(("candidate", "situation", "rule"), BROKEN)
def test_each_rule_keeps_away_what_it_is_for(candidate: Candidate, situation: Situation, rule: str) -> None:
    assert broken_rule(candidate, situation) == rule


def test_every_rule_is_tried() -> None:
    assert {rule for *_, rule in BROKEN} == set(RULES)


@pytest.mark.parametrize(
    ("candidate", "situation"),
    [
        (a_candidate(), situation()),
        (a_candidate(), situation(Wish(for_somebody_else=True), OWNED)),
        (a_candidate(price=1_000), situation(Wish(budget_minor=1_000))),
        (a_candidate(price=1_000), situation(Wish(least_minor=1_000))),
        (a_candidate(), situation(Wish(among=frozenset({"TENT", "BIKE"})))),
        (a_candidate("SUIT", "swimwear"), situation(Wish(categories=frozenset({"swimwear"})))),
        (a_candidate("SUIT", "swimwear"), situation(brought_up=frozenset({"swimwear"}))),
        (a_candidate("KNIFE", "knives"), situation(Wish(categories=frozenset({"knives"})))),
    ],
)
def test_what_breaks_no_rule_may_be_shown(candidate: Candidate, situation: Situation) -> None:
    assert broken_rule(candidate, situation) is None


def test_a_product_that_two_lists_propose_is_shown_once_with_the_first_reason() -> None:
    twice = [a_candidate(), a_candidate()._replace(reason=Reason.FITS_YOU), a_candidate("BIKE", "bikes")]

    assert [(each.sku, each.reason) for each in allowed(twice, situation())] == [
        ("TENT", Reason.POPULAR),
        ("BIKE", Reason.POPULAR),
    ]


def test_alternatives_and_what_was_asked_for_may_all_be_of_one_kind() -> None:
    tents = [a_candidate(f"TENT-{number}") for number in range(4)]
    asked = situation(Wish(categories=frozenset({"tents"})))

    assert len(choose(tents, ListKind.PERSONAL, situation(), CALM)) == 2
    assert len(choose(tents, ListKind.PERSONAL, asked, CALM)) == 3
    assert len(choose(tents, ListKind.ALTERNATIVES, situation(), CALM)) == 3


def test_the_last_place_is_explored_as_often_as_the_terms_say() -> None:
    shop = [a_candidate(f"P-{number}", f"c{number}") for number in range(13)]
    draws = [Draw(number / 1000, (number * 7 % 100) / 100) for number in range(1000)]

    last = [choose(shop, ListKind.PERSONAL, situation(), draw)[-1] for draw in draws]

    assert sum(each.explored for each in last) == 50
    assert {each.propensity for each in last if each.explored} == {0.05 / 10}
    assert {(each.candidate.sku, each.propensity) for each in last if not each.explored} == {("P-2", 0.95)}


def test_one_product_leaves_nothing_to_chance() -> None:
    [only] = choose([a_candidate()], ListKind.PERSONAL, situation(), Draw(0.0, 0.0))

    assert only == Chosen(a_candidate(), 1, 1.0, explored=False)


candidates = st.lists(
    st.builds(
        a_candidate,
        sku=st.sampled_from([f"P-{number}" for number in range(12)]),
        category=st.sampled_from(["tents", "bikes", "swimwear", "nutrition"]),
        price=st.none() | st.integers(1, 5_000),
    ),
    max_size=25,
)
draws = st.builds(Draw, st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
wishes = st.builds(
    Wish, n=st.integers(-1, 12), budget_minor=st.none() | st.integers(0, 5_000), is_unasked=st.booleans()
)


@given(candidates, draws, wishes, st.sampled_from(ListKind))
def test_whatever_is_proposed_what_is_shown_keeps_every_rule(
    proposed: list[Candidate], draw: Draw, wish: Wish, kind: ListKind
) -> None:
    now = situation(wish)
    kept = allowed(proposed, now)

    shown = choose(kept, kind, now, draw)

    skus = [each.candidate.sku for each in shown]
    assert len(shown) <= max(0, min(wish.n, MOST_ITEMS))
    assert len(skus) == len(set(skus))
    assert [each.position for each in shown] == list(range(1, len(shown) + 1))
    assert all(broken_rule(each.candidate, now) is None for each in shown)
    assert all(0 < each.propensity <= 1 for each in shown)
    assert choose(kept, kind, now, draw) == shown
    if kind in {ListKind.PERSONAL, ListKind.COMPLEMENTARY}:
        categories = [each.candidate.category for each in shown]
        windows = [categories[start : start + 3] for start in range(len(categories))]
        assert all(max(Counter(window).values()) <= 2 for window in windows)


@given(candidates, st.floats(0, 1, exclude_max=True))
def test_the_propensities_of_one_place_add_up_to_one(proposed: list[Candidate], picks: float) -> None:
    now = situation()
    kept = allowed(proposed, now)
    usual = choose(kept, ListKind.PERSONAL, now, Draw(0.99, picks))
    tried = {
        shown[-1].candidate.sku: shown[-1].propensity
        for pick in range(100)
        if (shown := choose(kept, ListKind.PERSONAL, now, Draw(0.0, pick / 100)))
    }
    if usual and tried != {usual[-1].candidate.sku: 1.0}:
        assert usual[-1].propensity + sum(tried.values()) == pytest.approx(1.0)
