"""Changes orders for customers: what would happen, and then, once confirmed, that it happens exactly once.

Every change is one transaction: key, locks, policy, rows, audit. A change that the policy refuses is an
outcome and no error; what raises is what nobody could have known beforehand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.audit.repository import KEYS_KEPT, AuditRepository, Entry
from balie.audit.turns import Turn
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.orders.change_letters import write_letters
from balie.orders.change_repository import ChangeRepository
from balie.orders.change_writer import ChangeWriter
from balie.orders.changes_asked import ChangeLines, Request, ReturnItems
from balie.orders.errors import OrderNotFoundError
from balie.orders.identification import order_number_candidates
from balie.orders.models import OrderRow
from balie.orders.options import Options, list_options
from balie.orders.outcomes import Done, Offer, Outcome, Refused, outcome_document, read_outcome
from balie.orders.planning import plan, policy_facts
from balie.orders.plans import NoPlan
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, Reason, Verdict
from balie.orders.repository import OrderRepository
from balie.orders.scene import Scene, VariantRecord
from balie.orders.snapshot import compare, offer_id, take_snapshot
from balie.orders.terms import Terms
from balie.outbox.letters import PostBell
from balie.storage.unit_of_work import Session, UnitOfWork

_SWAPS: Final = frozenset({Change.EXCHANGE_ITEM, Change.CHANGE_VARIANT})
_MOST_WISHES: Final = 50
"""More lines than anybody names in one message."""


class ChangeService:
    """Offers changes of orders, and makes those that are confirmed.

    A flow asks :meth:`check` (may it at all?), shows the :meth:`offer`, and hands the confirmation with the
    offer's id to :meth:`make`.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: Terms,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
        post: PostBell | None = None,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            terms: The shop's own.
            clock: The present moment.
            timezone: Where the shop's days begin and end.
            post: Rung when a letter was written; None leaves it to the post room's own rounds.
        """
        self._post = post
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._clock = clock
        self._timezone = timezone

    async def check(self, customer_id: int, order_number: str, change: Change) -> Verdict:
        """What the policy says of an order as it stands, before anything is chosen.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        _, scene = await self._unit_of_work.run_asking(
            lambda session: self._find(session, customer_id, order_number)
        )
        return decide(change, policy_facts(scene, self._terms), self._terms)

    async def list_options(self, customer_id: int, order_number: str, change: Change) -> Options:
        """What may be chosen of an order: its items, and for a swap their other variants.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """

        async def ask(session: Session) -> tuple[Scene, list[VariantRecord]]:
            _, scene = await self._find(session, customer_id, order_number)
            wanted = list(scene.variants.values()) if change in _SWAPS else []
            return scene, await ChangeRepository(session).list_siblings(wanted)

        scene, siblings = await self._unit_of_work.run_asking(ask)
        return list_options(change, scene, policy_facts(scene, self._terms), self._terms, siblings)

    async def offer(self, customer_id: int, order_number: str, request: Request) -> Offer | Refused:
        """What would be done, in money and days; nothing is changed.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        order, scene = await self._unit_of_work.run_asking(
            lambda session: self._find(session, customer_id, order_number, _wanted_skus(request))
        )
        planned = plan(request, scene, self._terms)
        if isinstance(planned, NoPlan):
            return _refused(request, order, planned)
        return Offer(
            undertaking=request.undertaking,
            order_number=order.number,
            offer_id=offer_id(take_snapshot(scene), request, planned.effects),
            effects=planned.effects,
        )

    async def make(
        self, customer_id: int, order_number: str, request: Request, *, turn: Turn, confirmed: str
    ) -> Outcome:
        """Do what was offered, once; the same turn again gets the same outcome and changes nothing.

        Args:
            customer_id: Whose order it is.
            order_number: As written by the customer.
            request: What was offered.
            turn: The turn that confirms it: the key of this change.
            confirmed: The id of the offer; the order is refused as changed when the offer is another by now.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
            ChangeKeyTakenError: The turn has made a change for another customer.
            StoreUnavailableError: The database cannot be used, or somebody kept the order too long; nothing
                was changed, and the same turn may try again.
        """
        async with self._unit_of_work.write() as session:
            audit = AuditRepository(session)
            if not await audit.claim(turn, request.undertaking, customer_id, self._clock()):
                said = await audit.get_outcome(turn, request.undertaking, customer_id)
                return replace(read_outcome(said), repeated=True)
            order = await _get_order(session, customer_id, order_number)
            await ChangeRepository(session).lock_order(order)
            outcome = await self._decide_and_write(session, order, request, turn=turn, confirmed=confirmed)
            await audit.record_outcome(turn, request.undertaking, outcome_document(outcome))
        if self._post is not None:
            self._post.ring()
        return outcome

    async def release_lapsed_reservations(self) -> int:
        """Put back what was kept aside for exchanges that never came; answers how many there were."""
        now = self._clock()
        async with self._unit_of_work.write() as session:
            changes = ChangeRepository(session)
            lapsed = await changes.list_lapsed_reservations(now, self._timezone)
            for reservation in lapsed:
                await changes.put_back(reservation.variant_id, reservation.quantity)
                reservation.released_at = now
        return len(lapsed)

    async def forget_old_keys(self) -> int:
        """Remove keys that no message can come back to; answers how many there were."""
        async with self._unit_of_work.write() as session:
            return await AuditRepository(session).forget_keys(self._clock() - KEYS_KEPT)

    async def _decide_and_write(
        self, session: Session, order: OrderRow, request: Request, *, turn: Turn, confirmed: str
    ) -> Outcome:
        scene = await self._look_at(session, order, _wanted_skus(request), lock=True)
        planned = plan(request, scene, self._terms)
        if isinstance(planned, NoPlan):
            return _refused(request, order, planned)
        before = take_snapshot(scene)
        if offer_id(before, request, planned.effects) != confirmed:
            return Refused(
                undertaking=request.undertaking, order_number=order.number, reason=Reason.ORDER_CHANGED
            )
        written = await ChangeWriter(session, scene, self._terms, turn).write(planned)
        after = take_snapshot(await self._look_at(session, order, (), now=scene.now))
        AuditRepository(session).record(turn, _entry(request, order, *compare(before, after)), scene.now)
        done = Done(
            undertaking=request.undertaking,
            order_number=order.number,
            effects=planned.effects,
            return_number=written.return_number,
            case_number=written.case_number,
        )
        await write_letters(session, planned, done, customer_id=order.customer_id, at=scene.now)
        return done

    async def _find(
        self, session: Session, customer_id: int, order_number: str, skus: tuple[str, ...] = ()
    ) -> tuple[OrderRow, Scene]:
        order = await _get_order(session, customer_id, order_number)
        return order, await self._look_at(session, order, skus)

    async def _look_at(
        self,
        session: Session,
        order: OrderRow,
        skus: tuple[str, ...],
        *,
        lock: bool = False,
        now: datetime | None = None,
    ) -> Scene:
        return await ChangeRepository(session).load_scene(
            order, skus, now=now or self._clock(), timezone=self._timezone, lock=lock
        )


async def _get_order(session: Session, customer_id: int, order_number: str) -> OrderRow:
    order = await OrderRepository(session).find_by_number(order_number_candidates(order_number))
    if order is None or order.customer_id != customer_id:
        raise OrderNotFoundError(order_number)
    return order


def _wanted_skus(request: Request) -> tuple[str, ...]:
    if not isinstance(request, ChangeLines | ReturnItems):
        # What replaces a broken item is the same as the line holds, and is looked at anyway.
        return ()
    return tuple(wish.variant_sku for wish in request.wishes[:_MOST_WISHES] if wish.variant_sku is not None)


def _refused(request: Request, order: OrderRow, planned: NoPlan) -> Refused:
    refusal = planned.refusal
    return Refused(
        undertaking=request.undertaking,
        order_number=order.number,
        reason=refusal.reason,
        alternative=refusal.alternative,
        position=planned.position,
        at_most=refusal.at_most,
        until=refusal.until,
        possible_from=refusal.possible_from,
    )


def _entry(request: Request, order: OrderRow, before: dict[str, Any], after: dict[str, Any]) -> Entry:
    return Entry(
        undertaking=request.undertaking,
        customer_id=order.customer_id,
        order_id=order.id,
        before=before,
        after=after,
    )
