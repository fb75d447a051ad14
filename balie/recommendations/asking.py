"""One question for a list, answered within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import zip_longest

from balie.kernel.money import Money
from balie.recommendations.asked import (
    History,
    Occasion,
    Recommended,
    RecommendedProduct,
    Silence,
    Who,
    Wish,
    exposure_key,
)
from balie.recommendations.choosing import Candidate, Chosen, Situation, allowed, choose
from balie.recommendations.hold_out import draw_for, is_held_out
from balie.recommendations.kinds import ListKind, Reason
from balie.recommendations.list_repository import ListRepository, Product
from balie.recommendations.terms import RecommendationTerms

Tier = Callable[[], Iterable[Candidate]]
"""A part of a list that is only read when those before it were too little."""


@dataclass(frozen=True)
class Asking:
    """Who asks for what, and when."""

    lists: ListRepository
    terms: RecommendationTerms
    now: datetime
    who: Who
    occasion: Occasion
    wish: Wish

    @cached_property
    def has_agreed(self) -> bool:
        """Whether what is known of them may be used."""
        customer_id = self.who.customer_id
        return self.who.has_agreed if customer_id is None else self.lists.has_agreed(customer_id)

    def personal(self) -> Recommended:
        """What fits them, then what is popular with those like them, in the category, everywhere."""
        return self._recommend(ListKind.PERSONAL, [*self._own_tiers(), *self._popular_tiers()])

    def complementary(self, anchors: Sequence[str]) -> Recommended:
        """What is bought with those products."""
        about = frozenset(self._categories_of(anchors).values())
        tiers = [lambda: self.lists.list_pairs(ListKind.COMPLEMENTARY, anchors)]
        return self._recommend(ListKind.COMPLEMENTARY, tiers, frozenset(anchors), about)

    def alternatives(self, anchor: str) -> Recommended:
        """Something like it, then what is popular in its category."""
        categories = self._categories_of([anchor])
        tiers: list[Tier] = [lambda: self.lists.list_pairs(ListKind.ALTERNATIVES, [anchor])]
        tiers += [self._popular_in(category) for category in categories.values()]
        return self._recommend(
            ListKind.ALTERNATIVES, tiers, frozenset({anchor}), frozenset(categories.values())
        )

    def _own_tiers(self) -> list[Tier]:
        customer_id = self.who.customer_id
        if customer_id is None or not self.has_agreed:
            return []
        segment = self._history.segment
        return [
            lambda: self._truthful(self.lists.list_personal(customer_id)),
            lambda: [] if segment is None else self._popular(f"segment:{segment}", Reason.POPULAR_WITH_YOU),
        ]

    def _truthful(self, candidates: Iterable[Candidate]) -> Iterable[Candidate]:
        """Without "because you have" what they only looked at, or sent back since."""
        has = self._history.owned.keys() - self._history.returned
        return (
            each
            if each.about is None or each.about in has
            else each._replace(reason=Reason.FITS_YOU, about=None)
            for each in candidates
        )

    def _popular_tiers(self) -> list[Tier]:
        in_categories = [self._popular_in(category) for category in sorted(self.wish.categories)]
        return [lambda: _in_turn(in_categories), lambda: self._popular("all", Reason.POPULAR)]

    def _popular_in(self, category: str) -> Tier:
        return lambda: self._popular(f"category:{category}", Reason.POPULAR_HERE)

    def _popular(self, scope: str, reason: Reason) -> Iterable[Candidate]:
        return self.lists.list_popular(scope, reason)

    def _categories_of(self, skus: Sequence[str]) -> dict[str, str]:
        found = self.lists.find_products(skus)
        return {sku: found[sku].category for sku in skus if sku in found}

    @cached_property
    def _history(self) -> History:
        return self.lists.find_history(self.who, may_look=self.has_agreed)

    def _recommend(
        self,
        kind: ListKind,
        tiers: Iterable[Tier],
        anchors: frozenset[str] = frozenset(),
        brought_up: frozenset[str] = frozenset(),
    ) -> Recommended:
        if self.wish.is_unasked and not self.has_agreed:
            return self._silent(kind, Silence.NO_CONSENT)
        situation = Situation(
            wish=self.wish,
            history=self._history,
            terms=self.terms,
            now=self.now,
            brought_up=brought_up,
            anchors=anchors,
        )
        items = self._dressed(kind, self._fill(kind, tiers, situation))
        if not items:
            return self._silent(kind, Silence.NOTHING_FITS)
        if self.wish.is_unasked and is_held_out(self.who, self.terms.hold_out_share):
            return self._silent(kind, Silence.HELD_OUT, withheld=items)
        return Recommended(
            list=kind, is_unasked=self.wish.is_unasked, items=items, segment=self._history.segment
        )

    def _fill(self, kind: ListKind, tiers: Iterable[Tier], situation: Situation) -> tuple[Chosen, ...]:
        draw = draw_for(f"{kind.value}:{self.occasion.key}")
        candidates: list[Candidate] = []
        chosen: tuple[Chosen, ...] = ()
        for tier in tiers:
            candidates = allowed([*candidates, *tier()], situation)
            chosen = choose(candidates, kind, situation, draw)
            if len(chosen) >= self.wish.n:
                break
        return chosen

    def _dressed(self, kind: ListKind, chosen: Sequence[Chosen]) -> tuple[RecommendedProduct, ...]:
        about = {each.candidate.about for each in chosen if each.candidate.about}
        known = self.lists.find_products({each.candidate.sku for each in chosen} | about)
        return tuple(
            RecommendedProduct(
                key=exposure_key(self.occasion.key, kind, candidate.sku),
                sku=candidate.sku,
                names=known[candidate.sku].names,
                brand=known[candidate.sku].brand,
                category=candidate.category,
                price_from=Money(candidate.price_minor or 0, self.terms.currency),
                list=kind,
                position=position,
                reason=candidate.reason,
                about=candidate.about,
                about_names=_names(known.get(candidate.about or "")),
                lift=candidate.lift,
                propensity=propensity,
                explored=explored,
                run_id=candidate.run_id,
            )
            for candidate, position, propensity, explored in chosen
        )

    def _silent(
        self, kind: ListKind, silence: Silence, *, withheld: tuple[RecommendedProduct, ...] = ()
    ) -> Recommended:
        segment = self._history.segment if withheld else None
        return Recommended(
            list=kind, is_unasked=self.wish.is_unasked, withheld=withheld, silence=silence, segment=segment
        )


def _names(product: Product | None) -> Mapping[str, str] | None:
    return None if product is None else product.names


def _in_turn(tiers: Iterable[Tier]) -> Iterator[Candidate]:
    """The best of each, then the second of each: whoever names several kinds wants to see several."""
    for ranked in zip_longest(*(tier() for tier in tiers)):
        yield from (candidate for candidate in ranked if candidate is not None)
