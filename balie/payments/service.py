"""What the rest of Balie may ask about paying, and have done about it.

Every question names the customer it is asked for: an order of somebody else and a missing one are the
same :class:`OrderNotFoundError`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from balie.audit.repository import AuditRepository, Entry
from balie.audit.turns import Turn
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.kernel.money import Money
from balie.orders.errors import OrderNotFoundError
from balie.orders.kinds import PaymentMethod
from balie.orders.models import OrderRow, RefundRow
from balie.orders.scene import Scene
from balie.orders.snapshot import compare, take_snapshot
from balie.orders.working_days import add_working_days
from balie.payments.errors import PaymentProviderDownError
from balie.payments.link_book import LinkBook
from balie.payments.links import PaymentLinks
from balie.payments.repository import PaymentRepository
from balie.payments.situation import double_charge_refusal, see_situation
from balie.payments.terms import PaymentTerms
from balie.payments.views import (
    DoubleChargeOutcome,
    DoubleChargeRefunded,
    DoubleChargeRefused,
    LinkRefused,
    PaymentLink,
    PaymentSituation,
    PromisedLink,
    outcome_document,
    read_outcome,
)
from balie.storage.unit_of_work import Session, UnitOfWork

REFUND_DOUBLE_CHARGE: Final = "refund_double_charge"
"""The undertaking, for keys and audit."""


class PaymentService:
    """Answers how a payment stands, hands out links to pay, and gives back what was taken twice."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        links: PaymentLinks,
        terms: PaymentTerms,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service; ``timezone`` is where the shop's days begin and end."""
        self._unit_of_work = unit_of_work
        self._links = links
        self._terms = terms
        self._clock = clock
        self._timezone = timezone

    async def get_situation(self, customer_id: int, order_number: str) -> PaymentSituation:
        """What was tried, what came of it, what is due, and what was taken twice.

        A link that is open is looked up at the provider first. When that does not answer, what we know is
        told, and ``is_fresh`` is False.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        order = await self._get_order(customer_id, order_number)
        is_fresh = True
        try:
            await self._links.follow(order.id)
        except PaymentProviderDownError:
            is_fresh = False
        situation = await self._unit_of_work.run_asking(
            lambda session: self._see(session, customer_id, order_number)
        )
        return replace(situation, is_fresh=is_fresh)

    async def make_retry_link(
        self, customer_id: int, order_number: str, *, key: str
    ) -> PaymentLink | LinkRefused:
        """Where the customer can pay what is due, exactly; the same link as long as it can be used.

        Args:
            customer_id: Whose order it is.
            order_number: As written by the customer.
            key: Of the request, at most 120 characters; kept with the link.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
            PaymentProviderDownError: There is no link now; :meth:`promise_link` has it mailed later.
        """
        order = await self._get_order(customer_id, order_number)
        try:
            return await self._links.make(order.id, key)
        except LookupError as error:
            raise OrderNotFoundError(order_number) from error

    async def promise_link(
        self, customer_id: int, order_number: str, *, key: str
    ) -> PromisedLink | LinkRefused:
        """Have a link mailed to the customer as soon as the provider can make one, once.

        Nothing is mailed when the order was paid or cancelled by then.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
        """
        async with self._unit_of_work.write() as session:
            order = await _get_own(session, customer_id, order_number)
            return await LinkBook(session, now=self._clock(), timezone=self._timezone).promise(order, key)

    async def refund_double_charge(
        self, customer_id: int, order_number: str, payment_id: int, *, turn: Turn
    ) -> DoubleChargeOutcome:
        """Give back a payment that was one too many, all of it, once.

        The refund is written down as approved; it is paid out by ``money_back``.

        Args:
            customer_id: Whose order it is.
            order_number: As written by the customer.
            payment_id: As :meth:`get_situation` tells it.
            turn: The key: the same turn gets the same outcome and changes nothing.

        Raises:
            OrderNotFoundError: There is none with this number, or it is somebody else's.
            ChangeKeyTakenError: The turn has done this for another customer.
        """
        async with self._unit_of_work.write() as session:
            audit = AuditRepository(session)
            if not await audit.claim(turn, REFUND_DOUBLE_CHARGE, customer_id, self._clock()):
                said = await audit.get_outcome(turn, REFUND_DOUBLE_CHARGE, customer_id)
                return replace(read_outcome(said), repeated=True)
            order = await _get_own(session, customer_id, order_number)
            await PaymentRepository(session).lock_order(order.id)
            outcome = await self._give_back(session, order, payment_id, turn)
            await audit.record_outcome(turn, REFUND_DOUBLE_CHARGE, outcome_document(outcome))
        return outcome

    async def _give_back(
        self, session: Session, order: OrderRow, payment_id: int, turn: Turn
    ) -> DoubleChargeOutcome:
        scene = await self._look(session, order)
        reason = double_charge_refusal(scene, self._terms.orders, payment_id)
        if reason is not None:
            return DoubleChargeRefused(order_number=order.number, payment_id=payment_id, reason=reason)
        before = take_snapshot(scene)
        [payment] = [one for one in scene.record.payments if one.id == payment_id]
        days = self._terms.double_charge_working_days
        expected_by = add_working_days(scene.today, days, order.country)
        refund = RefundRow(
            order_id=order.id,
            payment_id=payment.id,
            method=payment.method,
            amount_minor=payment.amount_minor,
            asked_at=scene.now,
            approved_at=scene.now,
            expected_by=expected_by,
        )
        session.add(refund)
        await session.flush()
        changed_from, changed_to = compare(before, take_snapshot(await self._look(session, order)))
        entry = Entry(
            undertaking=REFUND_DOUBLE_CHARGE,
            customer_id=order.customer_id,
            order_id=order.id,
            before=changed_from,
            after=changed_to,
        )
        AuditRepository(session).record(turn, entry, scene.now)
        return DoubleChargeRefunded(
            order_number=order.number,
            payment_id=payment.id,
            amount=Money(payment.amount_minor, order.currency),
            method=PaymentMethod(payment.method),
            expected_by=expected_by,
        )

    async def _see(self, session: Session, customer_id: int, order_number: str) -> PaymentSituation:
        order = await _get_own(session, customer_id, order_number)
        book = LinkBook(session, now=self._clock(), timezone=self._timezone)
        link, is_promised = await book.find_usable(order)
        return see_situation(
            await self._look(session, order),
            self._terms.orders,
            unpaid_kept=self._terms.unpaid_kept,
            link=link,
            link_is_promised=is_promised,
        )

    async def _look(self, session: Session, order: OrderRow) -> Scene:
        return await PaymentRepository(session).load_scene(order, now=self._clock(), timezone=self._timezone)

    async def _get_order(self, customer_id: int, order_number: str) -> OrderRow:
        return await self._unit_of_work.run_asking(
            lambda session: _get_own(session, customer_id, order_number)
        )


async def _get_own(session: Session, customer_id: int, order_number: str) -> OrderRow:
    order = await PaymentRepository(session).find_order(order_number)
    if order is None or order.customer_id != customer_id:
        raise OrderNotFoundError(order_number)
    return order
