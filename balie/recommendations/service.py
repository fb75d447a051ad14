"""What to show somebody: from the store, by the rules of ``choosing.py``. Three lists, and they never mix.

A list that has too little to show falls back on what is popular only where the docstring says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from balie.kernel.clock import Clock, utc_now
from balie.kernel.sampling import evenly
from balie.recommendations.asked import Occasion, Recommended, Silence, Who, Wish
from balie.recommendations.asking import Asking
from balie.recommendations.kinds import ListKind
from balie.recommendations.list_repository import ListRepository
from balie.recommendations.terms import RecommendationTerms
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

ANYTHING: Final = Wish()
MOST_ANCHORS: Final = 20
MOST_OF_A_KIND: Final = 500
"""Anchors that stand for a kind of goods, drawn evenly from all of it: more of them would not say more."""


class RecommendationService:
    """Recommends; writes nothing (:class:`balie.recommendations.exposures.ExposureService` does)."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: RecommendationTerms,
        *,
        clock: Clock = utc_now,
        is_on: bool = True,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            terms: Of the shop.
            clock: The present moment.
            is_on: Whether anything is recommended at all.
        """
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._clock = clock
        self._is_on = is_on

    async def personal(self, who: Who, occasion: Occasion, wish: Wish = ANYTHING) -> Recommended:
        """What fits somebody.

        A customer who does not want advice made of what we know of them, and a stranger, get what is popular:
        in the categories they asked for, else everywhere. So does a customer of whom too little is known,
        after what is popular in their segment. Who asks for something, and whoever asks in a shop without any
        list yet, also gets what is in stock.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        return await self._answer(ListKind.PERSONAL, (who, occasion, wish), Asking.personal)

    async def complementary(
        self,
        who: Who,
        anchors: Sequence[str],
        occasion: Occasion,
        wish: Wish = ANYTHING,
        *,
        of_kind: bool = False,
    ) -> Recommended:
        """What is often bought together with products: one, or those of an order. Never anything else.

        Args:
            who: Asks.
            anchors: Numbers of the products.
            occasion: The moment.
            wish: What they want to see of it.
            of_kind: Whether they stand for a kind of goods ("a tent"): what most of them are bought with
                comes first, and the reason names none of them.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        about = tuple(dict.fromkeys(anchors))
        looked_up = evenly(about, MOST_OF_A_KIND) if of_kind else about[:MOST_ANCHORS]
        return await self._answer(
            ListKind.COMPLEMENTARY,
            (who, occasion, wish),
            lambda asking: asking.complementary(about, looked_up, of_kind=of_kind),
        )

    async def alternatives(
        self, who: Who, anchor: str, occasion: Occasion, wish: Wish = ANYTHING
    ) -> Recommended:
        """Something like a product; where too little is, what is popular or in stock in its category.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        return await self._answer(
            ListKind.ALTERNATIVES, (who, occasion, wish), lambda asking: asking.alternatives(anchor)
        )

    async def _answer(
        self,
        kind: ListKind,
        question: tuple[Who, Occasion, Wish],
        answer: Callable[[Asking], Recommended],
    ) -> Recommended:
        who, occasion, wish = question
        if not self._is_on:
            return Recommended(list=kind, is_unasked=wish.is_unasked, silence=Silence.SWITCHED_OFF)
        now = self._clock()

        def ask(connection: StoreConnection) -> Recommended:
            lists = ListRepository(connection, self._terms.currency)
            return answer(Asking(lists, self._terms, now, who, occasion, wish))

        return await self._unit_of_work.run_reading(ask)
