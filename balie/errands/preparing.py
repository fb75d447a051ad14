"""What every errand has in common: it is looked at, then offered or done. Plain values and a port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from balie.audit.turns import Turn
from balie.baskets.codes import CardDigests
from balie.baskets.terms import BasketTerms
from balie.errands.asked import Asker, Errand
from balie.errands.kinds import LinkPurpose
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.terms import ErrandTerms
from balie.kernel.clock import local_day
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import Session


class Rings(Protocol):
    """Tells the post room that there is something to send (``balie.post``)."""

    def ring(self) -> None:
        """Returns at once."""
        ...


class SignsLinks(Protocol):
    """Makes the links that are mailed (``balie.gateway.tokens.AccountLinks``): whoever has one may use it."""

    def url(self, link_id: UUID, purpose: LinkPurpose, language: str) -> str:
        """Where a link leads, as a whole address; ``language`` is that of the letter it stands in."""
        ...


@dataclass(frozen=True, slots=True)
class BasketBooks:
    """What baskets go by: the shop's conditions, how gift cards' codes are kept, and who hears of changes.

    Attributes:
        ring: Tells the page of a conversation that its basket has changed; returns at once.
    """

    terms: BasketTerms
    digests: CardDigests
    ring: Callable[[ConversationId], None]


@dataclass(frozen=True, slots=True)
class Outside:
    """What errands need from beyond the store."""

    post: Rings
    links: SignsLinks
    baskets: BasketBooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One errand at one moment.

    Attributes:
        links: Makes the links that letters hold.
        turn: The turn that confirms it; None while it is only looked at.
        session: Of the transaction that it is done in.
    """

    session: Session
    asker: Asker
    terms: ErrandTerms
    now: datetime
    timezone: ZoneInfo
    links: SignsLinks
    baskets: BasketBooks
    turn: Turn | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether it is going to be written: what it rests on must stay as it is until that has happened."""
        return self.turn is not None

    @property
    def today(self) -> date:
        """The shop's present day."""
        return local_day(self.now, self.timezone)


Write: TypeAlias = Callable[[], Awaitable[Facts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What would be done.

    Attributes:
        facts: What a confirmation names; the yes is for these.
        write: Does it; answers what more there is to name then, such as a number.
        before: What it changes, as it is, and ``after`` as it will be: for the audit.
        order_id: The order it is about, if it is about one.
    """

    facts: Facts
    write: Write
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    order_id: int | None = None


Prepares: TypeAlias = Callable[[Visit, Any], Awaitable[Prepared | ErrandRefused]]
"""How one kind of errand is prepared; it changes nothing."""


__all__ = [
    "BasketBooks",
    "Errand",
    "Outside",
    "Prepared",
    "Prepares",
    "Rings",
    "SignsLinks",
    "Visit",
    "Write",
]
