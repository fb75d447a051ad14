"""Writes down a plan: rows in, rows changed. What is written was decided before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from balie.audit.turns import Turn
from balie.cases.repository import CaseRepository
from balie.cases.views import NewCase
from balie.orders.kinds import PaymentFailure
from balie.orders.models import (
    OrderLineRow,
    PaymentRow,
    RefundRow,
    ReservationRow,
    ReturnLineRow,
    ReturnRow,
)
from balie.orders.plans import CasePlan, LinePlan, Plan, RefundPlan, ReturnPlan
from balie.orders.scene import Scene
from balie.orders.terms import Terms
from balie.storage.unit_of_work import Session

_LONGEST_RETURN_NUMBER = 32


@dataclass(frozen=True, slots=True)
class Written:
    """The numbers of what was registered; None where nothing was."""

    return_number: str | None
    case_number: str | None


class ChangeWriter:
    """Writes one plan, within one session; the scene's rows belong to that session."""

    def __init__(self, session: Session, scene: Scene, terms: Terms, turn: Turn) -> None:
        self._turn = turn
        self._session = session
        self._scene = scene
        self._terms = terms

    async def write(self, plan: Plan) -> Written:
        """Write all of it; answers the numbers that came of it."""
        order = self._scene.record.order
        if plan.cancels:
            order.cancelled_at = self._scene.now
        if plan.address is not None:
            for part in ("street", "house_number", "postcode", "city", "country"):
                setattr(order, part, getattr(plan.address, part))
        await self._write_lines(plan)
        self._move_stock(plan)
        self._write_payments(plan)
        returned = None if plan.returned is None else await self._write_return(plan.returned)
        for refund in plan.refunds:
            self._write_refund(refund, None if returned is None else returned.id)
        case = None if plan.case is None else await self._open_case(plan.case)
        await self._session.flush()
        return Written(None if returned is None else returned.number, case)

    async def _open_case(self, planned: CasePlan) -> str:
        order = self._scene.record.order
        case = await CaseRepository(self._session).open(
            NewCase(
                kind=planned.kind,
                customer_id=order.customer_id,
                order_id=order.id,
                conversation_id=self._turn.conversation_id,
                message_id=self._turn.message_id,
                promised_by=planned.promised_by,
                wants_person=planned.wants_person,
                remedy=planned.remedy,
                story=planned.story,
                facts={
                    "position": planned.position,
                    "quantity": planned.quantity,
                    "photos": list(planned.photos),
                },
            ),
            at=self._scene.now,
        )
        return case.number

    async def _write_lines(self, plan: Plan) -> None:
        order = self._scene.record.order
        position = max((line.position for line in self._scene.record.lines), default=0)
        for planned in plan.lines:
            if planned.line is not None and planned.quantity == 0:
                await self._session.delete(planned.line)
                continue
            if planned.line is None:
                position += 1
            self._write_line(planned, position)
        if plan.total_minor is not None and plan.discount_minor is not None:
            order.total_minor, order.discount_minor = plan.total_minor, plan.discount_minor

    def _write_line(self, planned: LinePlan, position: int) -> None:
        line = planned.line or OrderLineRow(order_id=self._scene.record.order.id, position=position)
        line.quantity, line.unit_price_minor = planned.quantity, planned.unit_price_minor
        if planned.variant is not None:
            variant, product = planned.variant.variant, planned.variant.product
            line.variant_id, line.sku, line.size = variant.id, variant.sku, variant.size
            line.names, line.colours = product.names, variant.colours
        self._session.add(line)

    def _move_stock(self, plan: Plan) -> None:
        # Locked when they were read; where the web warehouse keeps no stock, there is none to count.
        for known in self._scene.variants.values():
            if known.stock is not None:
                known.stock.quantity += plan.stock.get(known.variant.id, 0)

    def _write_payments(self, plan: Plan) -> None:
        method = self._scene.payment_method
        if plan.voids_payments:
            for payment in self._scene.open_payments:
                payment.failed_at = self._scene.now
                payment.failure = PaymentFailure.WITHDRAWN.value
        if plan.ask_minor is not None and method is not None:
            self._session.add(
                PaymentRow(
                    order_id=self._scene.record.order.id,
                    method=method.value,
                    amount_minor=plan.ask_minor,
                    started_at=self._scene.now,
                )
            )

    async def _write_return(self, planned: ReturnPlan) -> ReturnRow:
        returned = ReturnRow(
            order_id=self._scene.record.order.id,
            number=self._next_return_number(),
            method=planned.method.value,
            announced_at=self._scene.now,
            pick_up_on=planned.pick_up_on,
        )
        self._session.add(returned)
        await self._session.flush()
        lines = [
            ReturnLineRow(
                return_id=returned.id,
                order_line_id=one.line.id,
                quantity=one.quantity,
                reason=one.reason.value,
            )
            for one in planned.lines
        ]
        self._session.add_all(lines)
        await self._session.flush()
        kept_until = self._scene.today + timedelta(days=self._terms.reserved_days)
        for one, line in zip(planned.lines, lines, strict=True):
            if one.variant is not None:
                self._session.add(
                    ReservationRow(
                        return_line_id=line.id,
                        variant_id=one.variant.variant.id,
                        quantity=one.quantity,
                        kept_until=kept_until,
                    )
                )
        return returned

    def _next_return_number(self) -> str:
        # The order is locked, so nobody else counts its returns now.
        order, count = self._scene.record.order, len(self._scene.returns) + 1
        number = f"R{order.number}-{count}"
        return number if len(number) <= _LONGEST_RETURN_NUMBER else f"R-{order.id}-{count}"

    def _write_refund(self, planned: RefundPlan, new_return_id: int | None) -> None:
        scene = self._scene
        self._session.add(
            RefundRow(
                order_id=scene.record.order.id,
                payment_id=planned.payment_id,
                return_id=new_return_id if planned.for_new_return else planned.return_id,
                method=self._method_of(planned),
                amount_minor=planned.amount_minor,
                asked_at=scene.now,
                approved_at=scene.now if planned.approved else None,
                expected_by=None if planned.for_new_return else scene.money_back_by(self._terms),
            )
        )

    def _method_of(self, planned: RefundPlan) -> str:
        payments = self._scene.record.payments
        one_too_many = next((one.method for one in payments if one.id == planned.payment_id), None)
        method = one_too_many or self._scene.payment_method
        assert method is not None, "money is only given back that was paid"
        return str(method)
