"""Works out what cancelling, moving and refunding an order means. Decides nothing that the policy decides."""

from __future__ import annotations

from balie.kernel.money import Money
from balie.orders.addresses import tidy_address
from balie.orders.amounts import value_of_part
from balie.orders.changes_asked import (
    CancelOrder,
    ChangeAddress,
    ChangeLines,
    ReportProblem,
    Request,
    ReturnItems,
)
from balie.orders.kinds import DeliveryMethod, ReturnMethod
from balie.orders.models import ReturnLineRow, ReturnRow
from balie.orders.outcomes import Effects
from balie.orders.planning_lines import plan_lines
from balie.orders.planning_reports import plan_report
from balie.orders.planning_returns import plan_return, return_fee
from balie.orders.plans import NoPlan, Plan, Planned, RefundPlan
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, ChangeFacts, Reason, Refusal
from balie.orders.scene import Scene, cancellation_fee
from balie.orders.terms import Terms


def plan(request: Request, scene: Scene, terms: Terms) -> Planned:
    """What is written when this is confirmed, or why it is refused."""
    match request:
        case CancelOrder():
            return _plan_cancellation(scene, terms)
        case ChangeLines():
            return plan_lines(request, scene, terms, facts=policy_facts(scene, terms))
        case ChangeAddress():
            return _plan_address(request, scene, terms)
        case ReportProblem():
            return plan_report(request, scene, terms, facts=policy_facts(scene, terms))
        case ReturnItems():
            return plan_return(request, scene, terms, facts=policy_facts(scene, terms))
        case _:
            return _plan_refund(scene, terms)


def policy_facts(scene: Scene, terms: Terms) -> ChangeFacts:
    """What the policy looks at, while no line is chosen."""
    return scene.change_facts(
        terms, refundable_minor=sum(one.amount_minor for one in _owed_refunds(scene, terms))
    )


def _plan_cancellation(scene: Scene, terms: Terms) -> Planned:
    verdict = decide(Change.CANCEL_ORDER, policy_facts(scene, terms), terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict)
    currency = scene.record.order.currency
    fee = cancellation_fee(scene, terms)
    refund = min(max(scene.paid_minor - scene.given_back_minor - fee, 0), scene.held_minor)
    return Plan(
        effects=Effects(
            total=Money(fee, currency),
            refund=Money(refund, currency) if refund else None,
            refund_by=scene.money_back_by(terms) if refund else None,
            fee=Money(fee, currency) if fee else None,
        ),
        cancels=True,
        stock=_everything_back_on_the_shelf(scene),
        voids_payments=True,
        refunds=(RefundPlan(amount_minor=refund),) if refund else (),
    )


def _everything_back_on_the_shelf(scene: Scene) -> dict[int, int]:
    # What a store has put aside comes from its own shelves: it puts that back itself.
    if scene.delivery_method is DeliveryMethod.CLICK_AND_COLLECT:
        return {}
    stock: dict[int, int] = {}
    for line in scene.record.lines:
        if line.variant_id is not None:
            stock[line.variant_id] = stock.get(line.variant_id, 0) + line.quantity
    return stock


def _plan_address(request: ChangeAddress, scene: Scene, terms: Terms) -> Planned:
    country = request.address.country.strip().upper()
    facts = scene.change_facts(terms, refundable_minor=0, new_country=country)
    verdict = decide(Change.CHANGE_ADDRESS, facts, terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict)
    address, order = tidy_address(request.address), scene.record.order
    if address is None:
        return NoPlan(Refusal(Reason.INVALID_ADDRESS))
    parts = ("street", "house_number", "postcode", "city", "country")
    if all(getattr(address, part) == getattr(order, part) for part in parts):
        return NoPlan(Refusal(Reason.UNCHANGED))
    return Plan(effects=Effects(total=Money(order.total_minor, order.currency)), address=address)


def _plan_refund(scene: Scene, terms: Terms) -> Planned:
    verdict = decide(Change.REFUND, policy_facts(scene, terms), terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict)
    order, refunds = scene.record.order, _owed_refunds(scene, terms)
    return Plan(
        effects=Effects(
            total=Money(order.total_minor, order.currency),
            refund=Money(sum(one.amount_minor for one in refunds), order.currency),
            refund_by=scene.money_back_by(terms),
        ),
        refunds=refunds,
    )


def _owed_refunds(scene: Scene, terms: Terms) -> tuple[RefundPlan, ...]:
    """What we hold and owe, and nobody has asked for yet."""
    overpaid = scene.overpaid_minor(terms)
    doubled = scene.double_charges(terms)
    refunds = [RefundPlan(amount_minor=one.amount_minor, payment_id=one.payment_id) for one in doubled]
    more = overpaid - sum(one.amount_minor for one in doubled)
    if more:
        refunds.append(RefundPlan(amount_minor=more))
    left = scene.held_minor - overpaid
    for returned in _received_without_refund(scene):
        amount = min(_value_of_return(returned, scene, terms), left)
        if amount > 0:
            # The items have come back, but nobody has said yet in which state.
            refunds.append(RefundPlan(amount_minor=amount, return_id=returned.id, approved=False))
            left -= amount
    return tuple(refunds)


def _received_without_refund(scene: Scene) -> list[ReturnRow]:
    asked = {refund.return_id for refund in scene.refunds}
    return [one for one in scene.returns if one.received_at is not None and one.id not in asked]


def _value_of_return(returned: ReturnRow, scene: Scene, terms: Terms) -> int:
    lines = scene.refundable_return_lines(returned)
    if not lines:
        return 0
    value = value_of_part(
        before_minor=sum(
            _price(line, scene)
            for earlier in scene.returns
            if earlier.id < returned.id
            for line in scene.refundable_return_lines(earlier)
        ),
        part_minor=sum(_price(line, scene) for line in lines),
        goods_minor=scene.goods_minor,
        discount_minor=scene.record.order.discount_minor,
    )
    fee = return_fee(ReturnMethod(returned.method), {line.reason for line in lines}, scene, terms)
    return max(value - fee, 0)


def _price(returned: ReturnLineRow, scene: Scene) -> int:
    return returned.quantity * scene.unit_price_of(returned)
