"""Does errands for customers: what would happen, and then, once confirmed, that it happens exactly once.

Every errand is one transaction: key, rules, rows, audit, letters. What each one means stands in a module of
its own (:data:`balie.errands.table.PREPARES`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from balie.audit.repository import AuditRepository, Entry
from balie.audit.turns import Turn
from balie.errands.asked import COUNTED, OF_BASKETS, Asker, Errand
from balie.errands.choices import list_bought
from balie.errands.kinds import Obstacle
from balie.errands.outcomes import (
    ErrandDone,
    ErrandOffer,
    ErrandOutcome,
    ErrandRefused,
    outcome_document,
    read_outcome,
)
from balie.errands.preparing import Outside, Prepared, Visit
from balie.errands.table import prepare
from balie.errands.terms import ErrandTerms
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import Session, UnitOfWork


class ErrandService:
    """Offers errands, and does those that are confirmed."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: ErrandTerms,
        outside: Outside,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._outside = outside
        self._clock = clock
        self._timezone = timezone

    async def list_bought(self, asker: Asker) -> Mapping[str, Mapping[str, str]]:
        """The products that somebody received last, by number, with their names; none of somebody unknown."""
        customer_id = asker.customer_id
        if customer_id is None:
            return {}
        return await self._unit_of_work.run_asking(lambda session: list_bought(session, customer_id))

    async def offer(self, asker: Asker, errand: Errand) -> ErrandOffer | ErrandRefused:
        """What would be done; nothing is changed, but a code that is looked at is counted."""
        prepared = await self._look(asker, errand)
        if isinstance(prepared, ErrandRefused):
            return prepared
        return ErrandOffer(offer_id=_offer_id(errand, prepared), facts=prepared.facts)

    async def make(self, asker: Asker, errand: Errand, *, turn: Turn, confirmed: str) -> ErrandOutcome:
        """Do what was offered, once; the same turn again gets the same outcome and changes nothing.

        Args:
            asker: Who confirms it.
            errand: What was offered.
            turn: The turn that confirms it: the key of this errand.
            confirmed: The id of the offer; refused as changed when the offer is another by now.

        Raises:
            ChangeKeyTakenError: The turn has done an errand for another customer.
            StoreUnavailableError: The database cannot be used; nothing was changed, and the same turn may try
                again.
        """
        async with self._unit_of_work.write() as session:
            audit, visit = AuditRepository(session), self._visit(session, asker, turn)
            if not await audit.claim(turn, errand.undertaking, asker.customer_id, visit.now):
                said = await audit.get_outcome(turn, errand.undertaking, asker.customer_id)
                return replace(read_outcome(said), repeated=True)
            outcome = await _decide_and_write(visit, errand, turn, confirmed)
            await audit.record_outcome(turn, errand.undertaking, outcome_document(outcome))
        self._outside.post.ring()
        if isinstance(errand, OF_BASKETS):
            self._outside.baskets.ring(ConversationId(asker.conversation_id))
        return outcome

    async def _look(self, asker: Asker, errand: Errand) -> Prepared | ErrandRefused:
        if isinstance(errand, COUNTED):
            async with self._unit_of_work.write() as session:
                return await prepare(self._visit(session, asker), errand)
        return await self._unit_of_work.run_asking(
            lambda session: prepare(self._visit(session, asker), errand)
        )

    def _visit(self, session: Session, asker: Asker, turn: Turn | None = None) -> Visit:
        return Visit(
            session=session,
            asker=asker,
            terms=self._terms,
            now=self._clock(),
            timezone=self._timezone,
            links=self._outside.links,
            baskets=self._outside.baskets,
            turn=turn,
        )


async def _decide_and_write(visit: Visit, errand: Errand, turn: Turn, confirmed: str) -> ErrandOutcome:
    prepared = await prepare(visit, errand)
    if isinstance(prepared, ErrandRefused):
        return prepared
    if _offer_id(errand, prepared) != confirmed:
        return ErrandRefused(obstacle=Obstacle.CHANGED_MEANWHILE)
    more = await prepared.write()
    entry = Entry(
        undertaking=errand.undertaking,
        customer_id=visit.asker.customer_id,
        order_id=prepared.order_id,
        before=prepared.before,
        after=prepared.after,
    )
    AuditRepository(visit.session).record(turn, entry, visit.now)
    return ErrandDone(facts={**prepared.facts, **more})


def _offer_id(errand: Errand, prepared: Prepared) -> str:
    """Says whether an offer is still the same: the same wish, of the same state of things.

    Days are named and not compared: an offer of one minute to midnight is good one minute later.
    """
    seen: list[Any] = [repr(errand), dict(prepared.before)]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:24]
