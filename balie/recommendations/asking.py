"""One question for a list, answered within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import zip_longest
from typing import Final

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
from balie.recommendations.hold_out import Draw, draw_for, is_held_out
from balie.recommendations.kinds import ListKind, Reason
from balie.recommendations.list_repository import MOST_CANDIDATES, ListRepository, Product
from balie.recommendations.terms import RecommendationTerms

MOST_CATEGORIES: Final = 5
"""Of how many categories we look at what is popular, where only products were named."""

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
        """What fits them, then what is popular with those like them, in the category, everywhere.

        Then what lies on the shelf: of what was asked for, or where no list has anything at all.
        """
        tiers = [*self._own_tiers(), *self._popular_tiers()]
        shelf = self._on_the_shelf(self.wish.categories)
        if self.wish.is_narrow:
            return self._recommend(ListKind.PERSONAL, [*tiers, shelf])
        return self._recommend(ListKind.PERSONAL, tiers, instead=shelf)

    def complementary(
        self, anchors: Sequence[str], looked_up: Sequence[str], *, of_kind: bool
    ) -> Recommended:
        """What is bought with those products, and none of them: with any of them, or with most of a kind.

        Args:
            anchors: All of them.
            looked_up: Those whose lists are read.
            of_kind: Whether they stand for a kind.
        """
        tiers: list[Tier] = [
            (lambda: self.lists.list_with_kind(looked_up, anchors, whole=self._picks))
            if of_kind
            else (lambda: self.lists.list_pairs(ListKind.COMPLEMENTARY, looked_up, whole=self._picks))
        ]
        return self._recommend(ListKind.COMPLEMENTARY, tiers, frozenset(anchors))

    def alternatives(self, anchor: str) -> Recommended:
        """Something like it, then what is popular in its category, then what of it lies on the shelf."""
        tiers: list[Tier] = [
            lambda: self.lists.list_pairs(ListKind.ALTERNATIVES, [anchor], whole=self._picks),
            lambda: self._instead_of(anchor, self._popular_in),
            lambda: self._instead_of(anchor, lambda category: self._on_the_shelf({category}, like=anchor)),
        ]
        return self._recommend(ListKind.ALTERNATIVES, tiers, frozenset({anchor}))

    def _instead_of(self, anchor: str, tier_of: Callable[[str], Tier]) -> Iterable[Candidate]:
        """A tier of the product's category; nothing of a product that nobody sells."""
        for category in self._categories_of(frozenset({anchor})):
            yield from tier_of(category)()

    def _categories_of(self, anchors: frozenset[str]) -> AbstractSet[str]:
        return frozenset(self.lists.list_categories(anchors, len(anchors)))

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
        return [
            lambda: _in_turn(map(self._popular_in, self._wanted_categories())),
            lambda: self._popular("all", Reason.POPULAR),
        ]

    def _wanted_categories(self) -> Sequence[str]:
        """Those they named, else those of the products that are meant."""
        wish = self.wish
        if wish.categories or wish.among is None:
            return sorted(wish.categories)
        return self.lists.list_categories(wish.among, MOST_CATEGORIES)

    def _popular_in(self, category: str) -> Tier:
        return lambda: self._popular(f"category:{category}", Reason.POPULAR_HERE)

    def _popular(self, scope: str, reason: Reason) -> Iterable[Candidate]:
        return self.lists.list_popular(scope, reason, whole=self._picks)

    @property
    def _picks(self) -> bool:
        """Whether the best of a list may not be enough, because few of it will do."""
        wish = self.wish
        return wish.among is not None or wish.names_a_price or bool(wish.exclude)

    def _on_the_shelf(self, categories: AbstractSet[str], like: str | None = None) -> Tier:
        """Nothing speaks for it but that it can be had: no reason to bring it up unasked."""
        if self.wish.is_unasked:
            return list
        return lambda: self.lists.list_on_the_shelf(categories, self.wish, like=like)

    @cached_property
    def _history(self) -> History:
        return self.lists.find_history(self.who, may_look=self.has_agreed)

    def _recommend(
        self,
        kind: ListKind,
        tiers: Iterable[Tier],
        anchors: frozenset[str] = frozenset(),
        *,
        instead: Tier | None = None,
    ) -> Recommended:
        """The answer.

        Args:
            kind: The list.
            tiers: What it is filled from, in order, until it is full.
            anchors: What it is about.
            instead: What it is filled from where no tier proposes anything, fit to be shown or not.
        """
        if self.wish.is_unasked and not self.has_agreed:
            return self._silent(kind, Silence.NO_CONSENT)
        situation = Situation(
            wish=self.wish,
            history=self._history,
            terms=self.terms,
            now=self.now,
            anchors=anchors,
            find_brought_up=lambda: self._categories_of(anchors) if anchors else anchors,
        )
        chosen = self._fill(kind, tiers, situation, instead)
        items = self._dressed(kind, chosen)
        if not items:
            return self._silent(kind, Silence.NOTHING_FITS)
        if self.wish.is_unasked and is_held_out(self.who, self.terms.hold_out_share):
            return self._silent(kind, Silence.HELD_OUT, withheld=items)
        return Recommended(
            list=kind, is_unasked=self.wish.is_unasked, items=items, segment=self._history.segment
        )

    def _fill(
        self, kind: ListKind, tiers: Iterable[Tier], situation: Situation, instead: Tier | None
    ) -> tuple[Chosen, ...]:
        places = _Places(kind, situation, draw_for(f"{kind.value}:{self.occasion.key}"))
        for tier in tiers:
            if not places.are_full:
                places.fill(tier())
        if instead is not None and not places.proposed:
            places.fill(instead())
        return places.chosen

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


class _Places:
    """What is shown in which place, while one part of a list after the other is read."""

    def __init__(self, kind: ListKind, situation: Situation, draw: Draw) -> None:
        self._kind = kind
        self._situation = situation
        self._draw = draw
        self._candidates: list[Candidate] = []
        self.proposed: set[str] = set()
        self.chosen: tuple[Chosen, ...] = ()

    @property
    def are_full(self) -> bool:
        return len(self.chosen) >= self._situation.wish.n

    def fill(self, proposals: Iterable[Candidate]) -> None:
        """Choose anew, with these behind those that were there before; the first reason is the one."""
        fresh = [each for each in proposals if each.sku not in self.proposed]
        self.proposed.update(each.sku for each in fresh)
        self._candidates += allowed(fresh, self._situation)[:MOST_CANDIDATES]
        self.chosen = choose(self._candidates, self._kind, self._situation, self._draw)


def _names(product: Product | None) -> Mapping[str, str] | None:
    return None if product is None else product.names


def _in_turn(tiers: Iterable[Tier]) -> Iterator[Candidate]:
    """The best of each, then the second of each: whoever names several kinds wants to see several."""
    for ranked in zip_longest(*(tier() for tier in tiers)):
        yield from (candidate for candidate in ranked if candidate is not None)
