"""Takes in what visitors did on the pages of the shop, from those who want it to be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from balie.kernel.clock import Clock, utc_now
from balie.recommendations.asked import Who
from balie.recommendations.event_repository import EventRepository
from balie.recommendations.kinds import EventKind, OutcomeKind
from balie.recommendations.list_repository import has_agreed
from balie.recommendations.outcomes import FOLLOWED, note_outcome
from balie.storage.unit_of_work import StoreConnection, UnitOfWork

MOST_PER_MINUTE: Final = 60
"""Nobody looks at more pages than that; a machine does."""
MACHINE_FORGOTTEN: Final = timedelta(hours=1)
"""What somebody sent in so long before they turned out to be a machine does not count either."""
OLDEST_TAKEN: Final = timedelta(days=7)
"""A page that was offline for longer has nothing more to say."""
EVENTS_KEPT: Final = timedelta(days=400)
"""A year and some weeks: the season comes round once."""
_MINUTE: Final = timedelta(minutes=1)
_FORGOTTEN_AT_ONCE: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopEvent:
    """Something that was done on a page.

    Attributes:
        id: The page's own; the same one again is the same event.
        sku: The product, by its own number or a variant's; None of a search.
        words: What was searched for.
        quantity: How many of it are in the basket now.
        at: When, by the clock of the page.
        exposure: Key of the recommendation that led there (``RecommendedProduct.key``).
    """

    id: UUID
    kind: EventKind
    at: datetime
    sku: str | None = None
    words: str | None = None
    quantity: int | None = None
    exposure: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch.

    Attributes:
        dropped: How many were not stored, by why: ``unknown_product``, ``repeated``, ``too_old``.
        has_agreed: Whether anything was to be stored at all.
        is_too_much: Whether they came so fast that a machine must have sent them: nothing was stored.
    """

    stored: int = 0
    dropped: Mapping[str, int] | None = None
    has_agreed: bool = True
    is_too_much: bool = False


class EventService:
    """Stores events; each batch in one transaction."""

    def __init__(self, unit_of_work: UnitOfWork, *, clock: Clock = utc_now, is_on: bool = True) -> None:
        """Build the service; nothing is stored where recommendations are off."""
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._is_on = is_on

    async def take(self, who: Who, events: Sequence[ShopEvent], *, page_agreed: bool) -> Taken:
        """Store what somebody did, if they want that.

        Args:
            who: The visitor's conversation, the customer, or both.
            events: In any order.
            page_agreed: What the page says they chose there. A customer must have agreed in our store, too.

        Raises:
            StoreUnavailableError: The database cannot be used; nothing was stored.
        """
        if not (self._is_on and page_agreed):
            return Taken(has_agreed=False)
        now = self._clock()
        return await self._unit_of_work.run_writing(lambda connection: _take(connection, who, events, now))

    async def forget_old(self) -> int:
        """Take away what is too old to say anything; a chore. Answers how many.

        Raises:
            StoreUnavailableError: The database cannot be used.
        """
        before = self._clock() - EVENTS_KEPT
        return await self._unit_of_work.run_writing(
            lambda connection: EventRepository(connection).forget_before(before, _FORGOTTEN_AT_ONCE)
        )


def _take(connection: StoreConnection, who: Who, events: Sequence[ShopEvent], now: datetime) -> Taken:
    if who.customer_id is not None and not has_agreed(connection, who.customer_id):
        return Taken(has_agreed=False)
    repository = EventRepository(connection)
    by_key = {_key(who, event): event for event in events}
    repeated = repository.find_keys(list(by_key))
    fresh = {key: event for key, event in by_key.items() if key not in repeated}
    if repository.count_received(who, now - _MINUTE) + len(fresh) > MOST_PER_MINUTE:
        repository.forget_received(who, now - MACHINE_FORGOTTEN)
        return Taken(is_too_much=True)
    products = repository.find_products([event.sku for event in fresh.values() if event.sku is not None])
    dropped = Counter({"repeated": len(events) - len(fresh)})
    rows = []
    for key, event in fresh.items():
        if event.sku is not None and event.sku not in products:
            dropped["unknown_product"] += 1
        elif event.at < now - OLDEST_TAKEN:
            dropped["too_old"] += 1
        else:
            rows.append(_row(key, event, who, products, now))
            _note_outcome(connection, event, now)
    repository.add(rows)
    return Taken(len(rows), +dropped)


def _note_outcome(connection: StoreConnection, event: ShopEvent, now: datetime) -> None:
    """A card that was followed, or whose product went into the basket."""
    if event.exposure is None:
        return
    if event.kind is EventKind.VIEW:
        note_outcome(connection, event.exposure, OutcomeKind.CLICK, FOLLOWED, now)
    elif event.kind is EventKind.BASKET and event.quantity:
        note_outcome(connection, event.exposure, OutcomeKind.BASKET, str(event.id), now)


def _key(who: Who, event: ShopEvent) -> str:
    sender = f"c{who.customer_id}" if who.conversation_id is None else who.conversation_id.hex
    return f"{sender}:{event.id.hex}"


def _row(
    key: str, event: ShopEvent, who: Who, products: Mapping[str, str], now: datetime
) -> Mapping[str, Any]:
    return {
        "key": key,
        "visitor": who.conversation_id,
        "customer_id": who.customer_id,
        "kind": event.kind.value,
        "sku": None if event.sku is None else products[event.sku],
        "words": event.words,
        "quantity": event.quantity,
        "at": min(event.at, now),
        "received_at": now,
    }
