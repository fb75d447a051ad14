"""Works out what a return or exchange means: which pieces may come back, and for how much money."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta

from balie.kernel.money import Money
from balie.orders.amounts import value_of_part
from balie.orders.changes_asked import OUR_FAULT, ReturnItems, ReturnWish
from balie.orders.kinds import ReturnMethod
from balie.orders.models import OrderLineRow
from balie.orders.outcomes import Effects
from balie.orders.plans import NoPlan, Plan, Planned, RefundPlan, ReturnLinePlan, ReturnPlan
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, ChangeFacts, Reason, Refusal, WantedVariant
from balie.orders.scene import Scene, VariantRecord
from balie.orders.terms import Terms


def plan_return(request: ReturnItems, scene: Scene, terms: Terms, *, facts: ChangeFacts) -> Planned:
    """What is written when this return is confirmed, or why one of its items is refused."""
    positions = {wish.position for wish in request.wishes}
    if len(positions) < len(request.wishes):
        return NoPlan(Refusal(Reason.NAMED_TWICE))
    if not request.wishes:
        return NoPlan(Refusal(Reason.NO_SUCH_ITEM))
    taken: dict[int, int] = {}
    plans = []
    pick_up_on = request.pick_up_on if request.method is ReturnMethod.PICK_UP else None
    facts = replace(facts, pick_up=request.method is ReturnMethod.PICK_UP, pick_up_on=pick_up_on)
    for wish in request.wishes:
        planned = _plan_item(wish, scene, terms, facts=facts, taken=taken)
        if isinstance(planned, NoPlan):
            return planned
        plans.append(planned)
    returned = ReturnPlan(method=request.method, lines=tuple(plans), pick_up_on=pick_up_on)
    return _with_money(returned, scene, terms, taken)


def return_fee(method: ReturnMethod, reasons: AbstractSet[str], scene: Scene, terms: Terms) -> int:
    """What sending items back costs, in cents: nothing in the loyalty programme, nor for our own mistakes."""
    if reasons <= OUR_FAULT:
        return 0
    fee = _fee_of(method, terms)
    free = method is not ReturnMethod.STORE and scene.member
    return 0 if free or fee.currency != scene.record.order.currency else fee.minor_units


def _fee_of(method: ReturnMethod, terms: Terms) -> Money:
    if method is ReturnMethod.STORE:
        return terms.store_fee
    return terms.pick_up.fee if method is ReturnMethod.PICK_UP and terms.pick_up else terms.parcel_fee


def _plan_item(
    wish: ReturnWish, scene: Scene, terms: Terms, *, facts: ChangeFacts, taken: dict[int, int]
) -> ReturnLinePlan | NoPlan:
    line = scene.find_line(wish.position)
    if line is None:
        return NoPlan(Refusal(Reason.NO_SUCH_ITEM), wish.position)
    wanted = None if wish.variant_sku is None else scene.variants.get(wish.variant_sku)
    change = Change.RETURN_ITEM if wish.variant_sku is None else Change.EXCHANGE_ITEM
    item = replace(scene.item_facts(line, terms), wanted=wish.quantity, condition=wish.condition)
    if change is Change.EXCHANGE_ITEM:
        item = replace(item, variant=_wanted_variant(wanted, wish, line, scene, taken))
    verdict = decide(change, replace(facts, items=(item,)), terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict, wish.position)
    if wanted is not None:
        taken[wanted.variant.id] = taken.get(wanted.variant.id, 0) + wish.quantity
    return ReturnLinePlan(line=line, quantity=wish.quantity, reason=wish.reason, variant=wanted)


def _wanted_variant(
    wanted: VariantRecord | None, wish: ReturnWish, line: OrderLineRow, scene: Scene, taken: dict[int, int]
) -> WantedVariant:
    if wanted is None:
        return WantedVariant(sold=False, fits_delivery=True, needed=wish.quantity, in_stock=0)
    in_stock = 0 if wanted.stock is None else wanted.stock.quantity
    return WantedVariant(
        sold=scene.is_sold(wanted),
        fits_delivery=True,
        needed=wish.quantity,
        in_stock=in_stock - taken.get(wanted.variant.id, 0),
        costs_more=wanted.variant.id != line.variant_id
        and wanted.variant.price_minor > line.unit_price_minor,
    )


def _with_money(returned: ReturnPlan, scene: Scene, terms: Terms, taken: dict[int, int]) -> Plan:
    order = scene.record.order
    for_money = [line for line in returned.lines if line.variant is None]
    value = _value_of(for_money, scene, terms)
    reasons = {line.reason.value for line in for_money}
    fee = min(return_fee(returned.method, reasons, scene, terms), max(value, 0))
    refund = max(min(value - fee + _cheaper_by(returned, scene), scene.held_minor), 0)
    return Plan(
        effects=Effects(
            total=Money(order.total_minor, order.currency),
            refund=Money(refund, order.currency) if refund else None,
            fee=Money(fee, order.currency) if fee and refund else None,
            send_by=_days_on(scene, terms.label_days) if returned.method is ReturnMethod.PARCEL else None,
            pick_up_on=returned.pick_up_on,
            reserved_until=_days_on(scene, terms.reserved_days) if taken else None,
        ),
        stock={variant_id: -pieces for variant_id, pieces in taken.items()},
        refunds=(RefundPlan(amount_minor=refund, for_new_return=True, approved=False),) if refund else (),
        returned=returned,
    )


def _value_of(lines: list[ReturnLinePlan], scene: Scene, terms: Terms) -> int:
    before = sum(
        one.quantity * scene.unit_price_of(one)
        for earlier in scene.returns
        for one in scene.refundable_return_lines(earlier)
    )
    part = sum(one.quantity * one.line.unit_price_minor for one in lines)
    value = value_of_part(
        before_minor=before,
        part_minor=part,
        goods_minor=scene.goods_minor,
        discount_minor=scene.record.order.discount_minor,
    )
    gives_all_back = before + part == scene.goods_minor and part > 0
    return value + (
        scene.record.order.shipping_minor if gives_all_back and _is_early(lines, scene, terms) else 0
    )


def _is_early(lines: list[ReturnLinePlan], scene: Scene, terms: Terms) -> bool:
    """Whether the delivery costs go back too: the law's days have not passed, or all of it is our fault."""
    if all(line.reason in OUR_FAULT for line in lines):
        return True
    received_on = scene.received_on
    return received_on is None or scene.today <= received_on + timedelta(days=terms.law_days)


def _cheaper_by(returned: ReturnPlan, scene: Scene) -> int:
    """What the customer paid more for the exchanged pieces than the new ones cost."""
    difference = sum(
        one.quantity * (one.line.unit_price_minor - one.variant.variant.price_minor)
        for one in returned.lines
        # Another of the same is worth the same, whatever it costs today.
        if one.variant is not None and one.variant.variant.id != one.line.variant_id
    )
    return value_of_part(
        before_minor=0,
        part_minor=difference,
        goods_minor=scene.goods_minor,
        discount_minor=scene.record.order.discount_minor,
    )


def _days_on(scene: Scene, days: int) -> date:
    return scene.today + timedelta(days=days)
