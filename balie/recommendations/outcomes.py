"""Writes down what was shown and what came of it: clicks, baskets, dismissals, purchases and returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from balie.kernel.clock import Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.recommendations.asked import Occasion, Recommended, RecommendedProduct, Who
from balie.recommendations.attributing import Happening, attribute, returned_minor
from balie.recommendations.errors import CardNotFoundError
from balie.recommendations.kinds import OutcomeKind
from balie.recommendations.outcome_repository import FoundExposure, OutcomeRepository
from balie.recommendations.terms import RecommendationTerms
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

LATE_ORDERS: Final = timedelta(days=14)
"""An order that reaches the store no later than this after it was placed is still attributed."""
RETURNS_SEEN: Final = timedelta(days=90)
"""So long after a purchase it is looked at whether it came back."""
LONGEST_REF: Final = 80
FOLLOWED: Final = "followed"
"""The ``ref`` of a link's click: one, whether the chat tells it, the shop's page, or both."""


class OutcomeService:
    """Writes, each time in one transaction; writing the same again changes nothing."""

    def __init__(
        self, unit_of_work: UnitOfWork, terms: RecommendationTerms, *, clock: Clock = utc_now
    ) -> None:
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._clock = clock

    async def note_shown(self, who: Who, recommended: Recommended, occasion: Occasion) -> int:
        """Write down what somebody is shown, or what is withheld from them; answers how many were added.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now = self._clock()
        rows = [
            {**_exposure(each), **_moment(who, recommended, occasion), "withheld": withheld, "at": now}
            for withheld, items in ((False, recommended.items), (True, recommended.withheld))
            for each in items
        ]
        if not rows:
            return 0
        return await self._unit_of_work.run_writing(
            lambda connection: OutcomeRepository(connection).add_exposures(rows)
        )

    async def has_suggested(self, conversation_id: ConversationId) -> bool:
        """Whether this conversation has had its one suggestion, or the hold-out's silence in its place.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        return await self._unit_of_work.run_reading(
            lambda connection: OutcomeRepository(connection).has_unasked(conversation_id)
        )

    async def note(self, key: str, kind: OutcomeKind, ref: str) -> bool:
        """Write down a click, or that the product went into the basket.

        Args:
            key: Of the exposure (``RecommendedProduct.key``).
            kind: ``CLICK`` or ``BASKET``.
            ref: Which one it was: the id of the message or event by which it was done.

        Returns:
            Whether there is such an exposure, and it was really shown.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now = self._clock()
        return await self._unit_of_work.run_writing(
            lambda connection: note_outcome(connection, key, kind, ref, now)
        )

    async def note_followed(self, conversation_id: ConversationId, key: str) -> None:
        """Write down that a card's link was followed in the conversation that showed it.

        Args:
            conversation_id: Where it was followed.
            key: Of the exposure.

        Raises:
            CardNotFoundError: Nothing with this key was shown there.
            StoreUnavailableError: The database cannot be used.
        """
        now = self._clock()

        def write(connection: StoreConnection) -> bool:
            repository = OutcomeRepository(connection)
            exposure = repository.find_exposure(key)
            if exposure is None or exposure.conversation_id != conversation_id:
                return False
            return _note(repository, exposure, OutcomeKind.CLICK, FOLLOWED, now)

        if not await self._unit_of_work.run_writing(write):
            raise CardNotFoundError

    async def dismiss(self, who: Who, sku: str, key: str | None = None) -> None:
        """Never show this product to this person again.

        Args:
            who: Either the customer or the conversation must be known.
            sku: The product.
            key: Of the exposure that they answered.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        now = self._clock()
        stranger = who.conversation_id if who.customer_id is None else None
        row = {"customer_id": who.customer_id, "conversation_id": stranger, "sku": sku, "at": now}

        def write(connection: StoreConnection) -> None:
            OutcomeRepository(connection).add_dismissal(row)
            if key is not None:
                note_outcome(connection, key, OutcomeKind.DISMISSED, sku, now)

        await self._unit_of_work.run_writing(write)

    async def attribute_late(self) -> int:
        """Find out which purchases and baskets followed an exposure, and what of them came back since.

        A chore: doing it again changes nothing. Answers how much was found.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        since = self._clock() - LATE_ORDERS
        within = self._terms.attribution
        found = await self._unit_of_work.run_reading(
            lambda connection: _find_outcomes(OutcomeRepository(connection), since, within)
        )
        added = 0
        if found:
            added = await self._unit_of_work.run_writing(
                lambda connection: OutcomeRepository(connection).add_outcomes(found)
            )
        return added + await self._unit_of_work.run_writing(self._take_off_returns)

    def _take_off_returns(self, connection: StoreConnection) -> int:
        repository = OutcomeRepository(connection)
        purchases = repository.list_attributed(self._clock() - RETURNS_SEEN)
        lines = repository.find_lines(sorted({each.ref.rpartition(":")[0] for each in purchases}))
        changed = 0
        for purchase in purchases:
            returned = returned_minor(purchase.revenue_minor, lines.get(purchase.ref))
            if returned != purchase.returned_minor:
                repository.put_returned(purchase.id, returned)
                changed += 1
        return changed


def note_outcome(connection: StoreConnection, key: str, kind: OutcomeKind, ref: str, at: datetime) -> bool:
    """Write down what came of an exposure, within a transaction; see :meth:`OutcomeService.note`."""
    repository = OutcomeRepository(connection)
    exposure = repository.find_exposure(key)
    return exposure is not None and _note(repository, exposure, kind, ref, at)


def _note(
    repository: OutcomeRepository, exposure: FoundExposure, kind: OutcomeKind, ref: str, at: datetime
) -> bool:
    if exposure.was_withheld:
        return False
    repository.add_outcomes([Happening(exposure.id, at, kind, ref[:LONGEST_REF], at)])
    return True


def _find_outcomes(repository: OutcomeRepository, since: datetime, within: timedelta) -> list[Happening]:
    shown_since = since - within
    happenings: Iterable[Happening] = (
        *repository.list_purchases(since, shown_since),
        *repository.list_put_in_baskets(since, shown_since),
    )
    return list(attribute(happenings, within))


def _exposure(product: RecommendedProduct) -> Mapping[str, Any]:
    return {
        "key": product.key,
        "list": product.list.value,
        "sku": product.sku,
        "anchor": product.about,
        "position": product.position,
        "propensity": product.propensity,
        "explored": product.explored,
        "reason": product.reason.value,
        "run_id": product.run_id,
    }


def _moment(who: Who, recommended: Recommended, occasion: Occasion) -> Mapping[str, Any]:
    return {
        "conversation_id": who.conversation_id,
        "customer_id": who.customer_id,
        "mood": occasion.mood,
        "segment": recommended.segment,
        "is_unasked": recommended.is_unasked,
        "via": occasion.via,
    }
