"""Works out what changing lines before packing means: each wish by itself, then the money of all together."""

from __future__ import annotations

from dataclasses import replace

from balie.kernel.money import Money
from balie.orders.amounts import discount_after, settle
from balie.orders.changes_asked import ChangeLines, LineWish
from balie.orders.kinds import DeliveryMethod
from balie.orders.models import OrderLineRow
from balie.orders.outcomes import Effects
from balie.orders.plans import LinePlan, NoPlan, Plan, Planned, RefundPlan
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, ChangeFacts, ItemFacts, Reason, Refusal, WantedVariant
from balie.orders.scene import Scene, VariantRecord
from balie.orders.terms import Terms


def plan_lines(request: ChangeLines, scene: Scene, terms: Terms, *, facts: ChangeFacts) -> Planned:
    """What is written when these wishes are confirmed, or why one of them is refused."""
    positions = [wish.position for wish in request.wishes if wish.position is not None]
    if len(set(positions)) < len(positions):
        return NoPlan(Refusal(Reason.NAMED_TWICE))
    shelf = _Shelf(scene)
    plans = []
    for wish in request.wishes:
        planned = _plan_line(wish, scene, terms, facts=facts, shelf=shelf)
        if isinstance(planned, NoPlan):
            return planned
        plans.append(planned)
    if not any(map(_differs, plans)):
        return NoPlan(Refusal(Reason.UNCHANGED))
    if not _lines_left(plans, scene):
        return NoPlan(Refusal(Reason.WHOLE_ORDER, Change.CANCEL_ORDER))
    return _with_money(tuple(plans), scene, terms, shelf)


class _Shelf:
    """The web warehouse while several wishes take from it and put back."""

    def __init__(self, scene: Scene) -> None:
        self._counted = scene.delivery_method is not DeliveryMethod.CLICK_AND_COLLECT
        self._there = {
            one.variant.id: one.stock.quantity for one in scene.variants.values() if one.stock is not None
        }
        self.moved: dict[int, int] = {}

    def pieces(self, variant: VariantRecord) -> int:
        """How many there are now."""
        return self._there.get(variant.variant.id, 0) + self.moved.get(variant.variant.id, 0)

    def put(self, variant_id: int | None, pieces: int) -> None:
        """Put pieces back, or take them (negative)."""
        if self._counted and variant_id is not None and pieces:
            self.moved[variant_id] = self.moved.get(variant_id, 0) + pieces


def _plan_line(
    wish: LineWish, scene: Scene, terms: Terms, *, facts: ChangeFacts, shelf: _Shelf
) -> LinePlan | NoPlan:
    line = None if wish.position is None else scene.find_line(wish.position)
    if wish.position is not None and line is None:
        return NoPlan(Refusal(Reason.NO_SUCH_ITEM), wish.position)
    now = None if line is None else scene.find_variant_of(line)
    wanted = now if wish.variant_sku is None else scene.variants.get(wish.variant_sku)
    stays = line is not None and (wish.variant_sku is None or (wanted is not None and wanted is now))
    needed = wish.quantity - line.quantity if stays and line is not None else wish.quantity
    change = _change_of(wish, stays=stays)
    item = _item_of(line, scene, terms)
    if change is not Change.CANCEL_LINE:
        variant = _wanted_variant(wanted, needed, scene, shelf)
        item = replace(item, wanted=wish.quantity, variant=variant)
    verdict = decide(change, replace(facts, items=(item,)), terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict, wish.position)
    planned = _agreed(wish, line, None if stays or change is Change.CANCEL_LINE else wanted)
    _move(planned, shelf)
    return planned


def _change_of(wish: LineWish, *, stays: bool) -> Change:
    if wish.position is None:
        return Change.ADD_LINE
    if wish.quantity == 0:
        return Change.CANCEL_LINE
    return Change.CHANGE_QUANTITY if stays else Change.CHANGE_VARIANT


def _item_of(line: OrderLineRow | None, scene: Scene, terms: Terms) -> ItemFacts:
    return ItemFacts(quantity=0) if line is None else scene.item_facts(line, terms)


def _wanted_variant(wanted: VariantRecord | None, needed: int, scene: Scene, shelf: _Shelf) -> WantedVariant:
    if wanted is None:
        return WantedVariant(sold=False, fits_delivery=True, needed=needed, in_stock=0)
    return WantedVariant(
        sold=scene.is_sold(wanted),
        fits_delivery=scene.carries(wanted),
        needed=needed,
        in_stock=shelf.pieces(wanted),
    )


def _agreed(wish: LineWish, line: OrderLineRow | None, becomes: VariantRecord | None) -> LinePlan:
    price = becomes.variant.price_minor if becomes is not None else line.unit_price_minor if line else 0
    return LinePlan(line=line, variant=becomes, quantity=wish.quantity, unit_price_minor=price)


def _move(planned: LinePlan, shelf: _Shelf) -> None:
    if planned.line is not None:
        shelf.put(planned.line.variant_id, planned.line.quantity)
    stays = planned.line.variant_id if planned.line is not None else None
    shelf.put(planned.variant.variant.id if planned.variant is not None else stays, -planned.quantity)


def _differs(planned: LinePlan) -> bool:
    return planned.line is None or planned.variant is not None or planned.line.quantity != planned.quantity


def _lines_left(plans: list[LinePlan], scene: Scene) -> bool:
    gone = {one.line.id for one in plans if one.line is not None and one.quantity == 0}
    added = any(one.line is None for one in plans)
    return added or any(line.id not in gone for line in scene.record.lines)


def _with_money(plans: tuple[LinePlan, ...], scene: Scene, terms: Terms, shelf: _Shelf) -> Plan:
    order = scene.record.order
    goods_before, goods_after = scene.goods_minor, _goods_after(plans, scene)
    discount = discount_after(
        discount_minor=order.discount_minor, goods_before_minor=goods_before, goods_after_minor=goods_after
    )
    cheaper = goods_before - goods_after - (order.discount_minor - discount)
    total = max(order.total_minor - cheaper, 0)
    owed = settle(paid_minor=scene.paid_minor, given_back_minor=scene.given_back_minor, total_minor=total)
    refund = min(owed.refund_minor, scene.held_minor)
    # An unpaid order whose last try has failed is paid with the customer's next one.
    asks = owed.to_pay_minor > 0 and bool(scene.paid_minor or scene.open_payments)
    return Plan(
        effects=Effects(
            total=Money(total, order.currency),
            refund=Money(refund, order.currency) if refund else None,
            refund_by=scene.money_back_by(terms) if refund else None,
            to_pay=Money(owed.to_pay_minor, order.currency) if owed.to_pay_minor else None,
        ),
        lines=tuple(filter(_differs, plans)),
        discount_minor=discount,
        total_minor=total,
        stock=shelf.moved,
        voids_payments=True,
        ask_minor=owed.to_pay_minor if asks else None,
        refunds=(RefundPlan(amount_minor=refund),) if refund else (),
    )


def _goods_after(plans: tuple[LinePlan, ...], scene: Scene) -> int:
    touched = {one.line.id for one in plans if one.line is not None}
    untouched = [line for line in scene.record.lines if line.id not in touched]
    kept = sum(line.quantity * line.unit_price_minor for line in untouched)
    return kept + sum(one.quantity * one.unit_price_minor for one in plans)
