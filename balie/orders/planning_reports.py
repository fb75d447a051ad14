"""Works out what follows from a report: of damage, of something wrong or missing, under the guarantee.

The item comes back as a return for which sending costs nothing, unless it never came or is mended in a store.
What is worth too much to be decided without a person, or is never taken back, becomes a case that a person
looks at; nothing else is promised then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from balie.cases.kinds import CaseKind, Remedy
from balie.kernel.money import Money
from balie.orders.amounts import value_of_part
from balie.orders.changes_asked import ReportProblem, ReturnItems, ReturnWish
from balie.orders.kinds import ReturnReason
from balie.orders.models import OrderLineRow
from balie.orders.outcomes import Effects
from balie.orders.planning_returns import plan_return
from balie.orders.plans import CasePlan, NoPlan, Plan, Planned, RefundPlan
from balie.orders.policy import decide
from balie.orders.policy_facts import Change, ChangeFacts, Reason, Refusal
from balie.orders.remedies import possible_remedies
from balie.orders.scene import Scene
from balie.orders.terms import Terms
from balie.orders.working_days import add_working_days

CHANGE_OF: Final[Mapping[CaseKind, Change]] = {
    CaseKind.DAMAGED: Change.REPORT_DAMAGE,
    CaseKind.WRONG_ITEM: Change.REPORT_MISSING,
    CaseKind.MISSING_ITEM: Change.REPORT_MISSING,
    CaseKind.WARRANTY: Change.CLAIM_WARRANTY,
}
_REASON_OF: Final[Mapping[CaseKind, ReturnReason]] = {
    CaseKind.DAMAGED: ReturnReason.DAMAGED,
    CaseKind.WRONG_ITEM: ReturnReason.WRONG_ITEM,
    CaseKind.WARRANTY: ReturnReason.DAMAGED,
}


def plan_report(request: ReportProblem, scene: Scene, terms: Terms, *, facts: ChangeFacts) -> Planned:
    """What is written when this report is confirmed, or why it is refused."""
    line = scene.find_line(request.position)
    if line is None:
        return NoPlan(Refusal(Reason.NO_SUCH_ITEM), request.position)
    item = replace(scene.item_facts(line, terms), wanted=request.quantity)
    verdict = decide(CHANGE_OF[request.problem], replace(facts, items=(item,)), terms)
    if isinstance(verdict, Refusal):
        return NoPlan(verdict, request.position)
    trouble = scene.trouble_of(line, request.quantity, terms)
    if request.remedy not in possible_remedies(request.problem, trouble):
        return NoPlan(Refusal(Reason.OUT_OF_STOCK), request.position)
    wants_person = item.excluded or _leaves_it_to_a_person(request, line, terms)
    planned = _nothing_moves(scene) if wants_person else _put_right(request, line, scene, terms, facts)
    if isinstance(planned, NoPlan):
        return planned
    return _with_case(planned, request, scene, terms, wants_person=wants_person)


def _put_right(
    request: ReportProblem, line: OrderLineRow, scene: Scene, terms: Terms, facts: ChangeFacts
) -> Planned:
    if request.remedy is Remedy.REPAIR:
        return _nothing_moves(scene)
    if request.problem is CaseKind.MISSING_ITEM:
        return _plan_missing(request, line, scene, terms)
    # Whether it is too late was decided by the days for such reports, not by those for returns.
    return plan_return(_as_return(request, line), scene, terms, facts=replace(facts, received_on=facts.today))


def _leaves_it_to_a_person(request: ReportProblem, line: OrderLineRow, terms: Terms) -> bool:
    value = request.quantity * line.unit_price_minor
    is_money = request.remedy is Remedy.REFUND
    never_seen = request.problem is CaseKind.MISSING_ITEM
    under_warranty = request.problem is CaseKind.WARRANTY and is_money
    return under_warranty or (never_seen and value > terms.person_above.minor_units)


def _as_return(request: ReportProblem, line: OrderLineRow) -> ReturnItems:
    wish = ReturnWish(
        position=request.position,
        quantity=request.quantity,
        reason=_REASON_OF[request.problem],
        variant_sku=line.sku if request.remedy is Remedy.REPLACEMENT else None,
    )
    return ReturnItems((wish,), request.method, request.pick_up_on)


def _plan_missing(request: ReportProblem, line: OrderLineRow, scene: Scene, terms: Terms) -> Plan:
    """Another is sent, or the price of what never came goes back."""
    order = scene.record.order
    if request.remedy is Remedy.REPLACEMENT:
        assert line.variant_id is not None, "only what is in stock can be replaced"
        return replace(_nothing_moves(scene), stock={line.variant_id: -request.quantity})
    value = value_of_part(
        before_minor=0,
        part_minor=request.quantity * line.unit_price_minor,
        goods_minor=scene.goods_minor,
        discount_minor=order.discount_minor,
    )
    refund = min(value, scene.held_minor)
    if not refund:
        return _nothing_moves(scene)
    effects = Effects(
        total=Money(order.total_minor, order.currency),
        refund=Money(refund, order.currency),
        refund_by=scene.money_back_by(terms),
    )
    return Plan(effects=effects, refunds=(RefundPlan(amount_minor=refund),))


def _nothing_moves(scene: Scene) -> Plan:
    order = scene.record.order
    return Plan(effects=Effects(total=Money(order.total_minor, order.currency)))


def _with_case(
    planned: Plan, request: ReportProblem, scene: Scene, terms: Terms, *, wants_person: bool
) -> Plan:
    promised_by = add_working_days(scene.today, terms.damage_answer_days, scene.record.order.country)
    case = CasePlan(
        kind=request.problem,
        remedy=request.remedy,
        wants_person=wants_person,
        promised_by=promised_by,
        position=request.position,
        quantity=request.quantity,
        photos=request.photos,
        story=request.story,
    )
    effects = replace(planned.effects, promised_by=promised_by, wants_person=wants_person)
    return replace(planned, effects=effects, case=case)
