"""How it stands with the money for one order. Pure: rows in, views out."""

from __future__ import annotations

from datetime import datetime, timedelta

from balie.kernel.money import Money
from balie.orders.assemble import order_status
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.orders.models import PaymentRow, RefundRow
from balie.orders.scene import Scene
from balie.orders.status import RefundState, derive_payment_state, derive_refund_state
from balie.orders.terms import Terms
from balie.payments.kinds import DoubleChargeRefusal
from balie.payments.money import due_minor
from balie.payments.views import DoubleCharge, PaymentAttempt, PaymentLink, PaymentSituation


def see_situation(
    scene: Scene,
    terms: Terms,
    *,
    unpaid_kept: timedelta,
    link: PaymentLink | None,
    link_is_promised: bool = False,
) -> PaymentSituation:
    """Everything a customer may want to know about paying an order.

    Args:
        scene: The order as it stands.
        terms: The shop's conditions.
        unpaid_kept: How long an order that is not paid is kept after the last try.
        link: The one that can be paid now.
        link_is_promised: Whether one is going to be mailed.
    """
    order = scene.record.order
    attempts = tuple(
        _attempt(number, payment, order.currency)
        for number, payment in enumerate(scene.record.payments, start=1)
    )
    due = due_minor(scene)
    return PaymentSituation(
        order_number=order.number,
        status=order_status(scene.record),
        total=Money(order.total_minor, order.currency),
        paid=Money(scene.paid_minor, order.currency),
        due=Money(due, order.currency),
        attempts=attempts,
        double_charges=_double_charges(scene, terms),
        link=link,
        link_is_promised=link_is_promised,
        kept_until=_kept_until(scene, attempts, unpaid_kept) if due else None,
        is_fresh=True,
    )


def double_charge_refusal(scene: Scene, terms: Terms, payment_id: int) -> DoubleChargeRefusal | None:
    """Why this payment does not go back as one too many; None when it does."""
    if payment_id in {one.payment_id for one in scene.double_charges(terms)}:
        return None
    if payment_id not in {one.id for one in scene.record.payments if one.paid_at is not None}:
        return DoubleChargeRefusal.NO_SUCH_PAYMENT
    if payment_id in {refund.payment_id for refund in scene.promised_back}:
        return DoubleChargeRefusal.ALREADY_REFUNDED
    return DoubleChargeRefusal.NOT_DOUBLED


def _attempt(number: int, payment: PaymentRow, currency: str) -> PaymentAttempt:
    return PaymentAttempt(
        payment_id=payment.id,
        number=number,
        method=PaymentMethod(payment.method),
        amount=Money(payment.amount_minor, currency),
        state=derive_payment_state(paid_at=payment.paid_at, failed_at=payment.failed_at),
        started_at=payment.started_at,
        ended_at=payment.paid_at or payment.failed_at,
        failure=None if payment.failure is None else PaymentFailure(payment.failure),
    )


def _double_charges(scene: Scene, terms: Terms) -> tuple[DoubleCharge, ...]:
    refunds = {one.payment_id: one for one in scene.promised_back if one.payment_id is not None}
    doubled = {one.payment_id for one in scene.double_charges(terms)}
    return tuple(
        DoubleCharge(
            payment_id=payment.id,
            amount=Money(payment.amount_minor, scene.record.order.currency),
            method=PaymentMethod(payment.method),
            paid_at=payment.paid_at,
            refund=_refund_state(refunds.get(payment.id)),
        )
        for payment in scene.record.payments
        if payment.paid_at is not None and payment.id in {*refunds, *doubled}
    )


def _refund_state(refund: RefundRow | None) -> RefundState | None:
    if refund is None:
        return None
    return derive_refund_state(
        approved_at=refund.approved_at,
        refused_at=refund.refused_at,
        paid_at=refund.paid_at,
        waits_for_return=False,
    )


def _kept_until(
    scene: Scene, attempts: tuple[PaymentAttempt, ...], unpaid_kept: timedelta
) -> datetime | None:
    last = max((one.ended_at or one.started_at for one in attempts), default=scene.record.order.placed_at)
    kept_until = last + unpaid_kept
    return kept_until if kept_until >= scene.now else None
