"""What an agent could do next, and why: one table, pure. Suggests; nothing is ever done by it.

A rule holds when each of its tests finds something; what they find is the explanation that the agent reads.
The first rule that holds is taken: what was promised comes before what is wrong with money, that before
parcels, that before wishes, and last comes what there is to do when nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

from balie.handoff.kinds import Reason, Wish
from balie.kernel.emotion import EmotionLabel
from balie.orders.policy_facts import Allowed, Change, Refusal, Verdict
from balie.orders.policy_facts import Reason as PolicyReason
from balie.orders.status import OrderStatus, RefundState


class Action(StrEnum):
    """The next step; ``data/desk/replies.yml`` has two sentences for each."""

    CALL_BACK = "call_back"
    WRITE_BACK = "write_back"
    IDENTIFY_CUSTOMER = "identify_customer"
    ANSWER_CASE = "answer_case"
    DECIDE_CASE = "decide_case"
    CHASE_REFUND = "chase_refund"
    EXPLAIN_REFUSAL = "explain_refusal"
    REFUND_ORDER = "refund_order"
    EXPLAIN_REFUND = "explain_refund"
    REDIRECT_PARCEL = "redirect_parcel"
    TRACE_PARCEL = "trace_parcel"
    CHECK_WAREHOUSE = "check_warehouse"
    SEARCH_PARCEL = "search_parcel"
    CANCEL_ORDER = "cancel_order"
    STOP_PARCEL = "stop_parcel"
    OFFER_RETURN = "offer_return"
    DECIDE_GOODWILL = "decide_goodwill"
    START_RETURN = "start_return"
    SETTLE_REPORT = "settle_report"
    RESEND_INVOICE = "resend_invoice"
    FINISH_FLOW = "finish_flow"
    ANSWER_DIFFERENTLY = "answer_differently"
    MAKE_GOOD = "make_good"
    ASK_WHAT_IS_MEANT = "ask_what_is_meant"
    TAKE_UP = "take_up"


@dataclass(frozen=True, slots=True)
class Why:
    """One thing that speaks for a suggestion."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to do next, and what speaks for it, most telling first."""

    action: Action
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSituation:
    """The order that it is about.

    Attributes:
        late_by: Working days past the promised day; 0 when in time.
        is_shipped: Whether any of it has left us; ``is_back`` whether the carrier could not hand it over.
        verdicts: What the policy says of it, as far as that was asked.
    """

    number: str
    status: OrderStatus
    promised_on: date
    late_by: int = 0
    is_shipped: bool = False
    is_back: bool = False
    verdicts: Mapping[Change, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundSituation:
    """Money on its way back; of several the one that needs somebody most."""

    order_number: str
    state: RefundState
    overdue: bool
    expected_by: date | None


@dataclass(frozen=True, slots=True)
class CaseSituation:
    """An open case; of several the one that needs somebody most."""

    number: str
    kind: str
    promised_by: date
    wants_person: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a suggestion goes by.

    Attributes:
        intent: What the customer came for; None when all they said was that they want a person.
        known: Whether anybody has shown who they are.
        flow: What the assistant was in the middle of.
        asked_again: Whether the last answer did not do.
    """

    reason: Reason | None = None
    intent: str | None = None
    known: bool = False
    wish: Wish | None = None
    order: OrderSituation | None = None
    refund: RefundSituation | None = None
    case: CaseSituation | None = None
    mood: EmotionLabel = "neutral"
    flow: str | None = None
    asked_again: bool = False


Test: TypeAlias = Callable[[Situation], Why | None]

MONEY_BACK: Final = frozenset({"get_refund", "track_refund", "check_refund_policy", "payment_issue"})
DELIVERY: Final = frozenset({"track_order", "delivery_period", "delivery_options", "change_shipping_address"})
CANCELLING: Final = frozenset({"cancel_order", "change_order", "check_cancellation_fee"})
RETURNING: Final = frozenset({"return_item", "exchange_item", "check_return_policy"})
TROUBLE: Final = frozenset({"damaged_item", "wrong_or_missing_item", "warranty"})
INVOICES: Final = frozenset({"check_invoice", "get_invoice"})
ASKS_THE_POLICY: Final = MONEY_BACK | CANCELLING | RETURNING
"""Only for these do the rules look at what the policy says of the order."""
PERSONAL: Final = (
    MONEY_BACK | DELIVERY | CANCELLING | RETURNING | TROUBLE | INVOICES
    | {"loyalty_points", "edit_account", "delete_account"}
)  # fmt: skip


def _about(*groups: frozenset[str]) -> Test:
    intents = frozenset().union(*groups)
    return lambda now: Why("asked", {"intent": now.intent}) if now.intent in intents else None


def _no_subject(now: Situation) -> Why | None:
    return Why("no_subject") if now.intent is None else None


def _has_subject(now: Situation) -> Why | None:
    return None if now.intent is None else Why("asked", {"intent": now.intent})


def _wishes(*wishes: Wish) -> Test:
    return lambda now: Why("wish", {"wish": now.wish.value}) if now.wish in wishes and now.wish else None


def _because(*reasons: Reason) -> Test:
    return lambda now: (
        Why("reason", {"reason": now.reason.value}) if now.reason in reasons and now.reason else None
    )


def _unknown(now: Situation) -> Why | None:
    return None if now.known else Why("customer_unknown")


def _case(rule: Callable[[CaseSituation], bool], code: str) -> Test:
    def find(now: Situation) -> Why | None:
        case = now.case
        if case is None or not rule(case):
            return None
        return Why(code, {"number": case.number, "kind": case.kind, "promised_by": case.promised_by})

    return find


def _refund(rule: Callable[[RefundSituation], bool], code: str) -> Test:
    def find(now: Situation) -> Why | None:
        refund = now.refund
        if refund is None or not rule(refund):
            return None
        return Why(code, {"number": refund.order_number, "expected_by": refund.expected_by})

    return find


def _order(rule: Callable[[OrderSituation], bool], code: str) -> Test:
    def find(now: Situation) -> Why | None:
        order = now.order
        if order is None or not rule(order):
            return None
        facts = {"number": order.number, "late_by": order.late_by, "promised_on": order.promised_on}
        return Why(code, facts)

    return find


def _may(change: Change) -> Test:
    def find(now: Situation) -> Why | None:
        allowed = now.order is not None and isinstance(now.order.verdicts.get(change), Allowed)
        return Why("policy_allows", {"change": change.value, "number": _number(now)}) if allowed else None

    return find


def _may_not(change: Change, *reasons: PolicyReason, instead: Change | None = None) -> Test:
    def find(now: Situation) -> Why | None:
        verdict = None if now.order is None else now.order.verdicts.get(change)
        if not isinstance(verdict, Refusal) or verdict.reason not in reasons:
            return None
        if instead is not None and verdict.alternative is not instead:
            return None
        facts = {"change": change.value, "reason": verdict.reason.value, "number": _number(now)}
        return Why("policy_refuses", facts)

    return find


def _number(now: Situation) -> str | None:
    return None if now.order is None else now.order.number


def _asked_again(now: Situation) -> Why | None:
    return Why("asked_again", {"intent": now.intent}) if now.asked_again else None


def _in_a_flow(now: Situation) -> Why | None:
    return Why("flow", {"flow": now.flow}) if now.flow is not None else None


def _feels(*emotions: EmotionLabel) -> Test:
    return lambda now: Why("mood", {"leading": now.mood}) if now.mood in emotions else None


_REFUND_LATE: Final = _refund(lambda refund: refund.overdue, "refund_overdue")
_LATE_UNDERWAY: Final = _order(lambda order: order.late_by > 0 and order.is_shipped, "late_underway")
_LATE_HERE: Final = _order(lambda order: order.late_by > 0 and not order.is_shipped, "late_not_sent")
_IS_BACK: Final = _order(lambda order: order.is_back, "not_handed_over")
_IS_THERE: Final = _order(lambda order: order.status is OrderStatus.DELIVERED, "delivered")
_TO_DECIDE: Final = _case(lambda case: case.wants_person, "case_wants_person")
_HAS_ORDER: Final = _order(lambda _order: True, "order")


@dataclass(frozen=True, slots=True)
class Rule:
    """A suggestion, and everything that has to be so."""

    action: Action
    tests: tuple[Test, ...]


def _rule(action: Action, *tests: Test) -> Rule:
    return Rule(action, tests)


RULES: Final[tuple[Rule, ...]] = (
    _rule(Action.CALL_BACK, _wishes(Wish.CALL)),
    _rule(Action.WRITE_BACK, _wishes(Wish.MAIL, Wish.MESSAGE)),
    _rule(Action.ANSWER_CASE, _case(lambda case: case.overdue, "case_overdue")),
    _rule(Action.DECIDE_CASE, _TO_DECIDE, _because(Reason.POLICY)),
    _rule(Action.IDENTIFY_CUSTOMER, _about(PERSONAL), _unknown),
    _rule(Action.CHASE_REFUND, _REFUND_LATE, _about(MONEY_BACK, RETURNING)),
    _rule(Action.CHASE_REFUND, _REFUND_LATE, _no_subject),
    _rule(
        Action.EXPLAIN_REFUSAL,
        _refund(lambda refund: refund.state is RefundState.REFUSED, "refund_refused"),
        _about(MONEY_BACK, RETURNING),
    ),
    _rule(Action.REFUND_ORDER, _may(Change.REFUND), _about(MONEY_BACK)),
    _rule(
        Action.EXPLAIN_REFUND,
        _refund(lambda refund: refund.state is not RefundState.REFUSED, "refund_on_its_way"),
        _about(MONEY_BACK),
    ),
    _rule(Action.REDIRECT_PARCEL, _IS_BACK, _about(DELIVERY, CANCELLING)),
    _rule(Action.REDIRECT_PARCEL, _IS_BACK, _no_subject),
    _rule(Action.TRACE_PARCEL, _LATE_UNDERWAY, _about(DELIVERY, MONEY_BACK)),
    _rule(Action.TRACE_PARCEL, _LATE_UNDERWAY, _no_subject),
    _rule(Action.CHECK_WAREHOUSE, _LATE_HERE, _about(DELIVERY)),
    _rule(Action.CHECK_WAREHOUSE, _LATE_HERE, _no_subject),
    _rule(Action.SEARCH_PARCEL, _about(frozenset({"track_order"})), _IS_THERE),
    _rule(Action.CANCEL_ORDER, _about(CANCELLING), _may(Change.CANCEL_ORDER)),
    _rule(
        Action.STOP_PARCEL,
        _about(CANCELLING),
        _may_not(Change.CANCEL_ORDER, PolicyReason.PACKED, PolicyReason.MADE_TO_MEASURE),
    ),
    _rule(
        Action.OFFER_RETURN,
        _about(CANCELLING),
        _may_not(
            Change.CANCEL_ORDER, PolicyReason.SHIPPED, PolicyReason.DELIVERED, instead=Change.RETURN_ITEM
        ),
    ),
    _rule(
        Action.DECIDE_GOODWILL,
        _about(RETURNING, CANCELLING, MONEY_BACK),
        _may_not(
            Change.RETURN_ITEM,
            PolicyReason.PERIOD_OVER, PolicyReason.NOT_RETURNABLE,
            PolicyReason.SEAL_BROKEN, PolicyReason.USED,
        ),
    ),
    _rule(Action.START_RETURN, _about(RETURNING), _may(Change.RETURN_ITEM)),
    _rule(Action.DECIDE_CASE, _TO_DECIDE),
    _rule(Action.ANSWER_CASE, _case(lambda _case: True, "case_open"), _about(TROUBLE)),
    _rule(Action.SETTLE_REPORT, _about(TROUBLE), _HAS_ORDER),
    _rule(Action.RESEND_INVOICE, _about(INVOICES), _HAS_ORDER),
    _rule(Action.FINISH_FLOW, _because(Reason.FAILED), _in_a_flow),
    _rule(Action.ANSWER_DIFFERENTLY, _asked_again),
    _rule(Action.MAKE_GOOD, _feels("anger", "sadness")),
    _rule(Action.MAKE_GOOD, _because(Reason.ANGRY)),
    _rule(Action.ASK_WHAT_IS_MEANT, _because(Reason.NOT_UNDERSTOOD, Reason.CONFUSED)),
    _rule(Action.ASK_WHAT_IS_MEANT, _no_subject),
    _rule(Action.TAKE_UP, _has_subject),
)  # fmt: skip


def suggest(now: Situation) -> Suggestion:
    """The next step for a conversation that stands so; there always is one.

    >>> suggest(Situation(reason=Reason.ASKED)).action.value
    'ask_what_is_meant'
    """
    for rule in RULES:
        found = [test(now) for test in rule.tests]
        if all(why is not None for why in found):
            whys = tuple(why for why in found if why is not None)
            return Suggestion(rule.action, whys + _mood_besides(now, whys))
    raise AssertionError("one of the last two rules always holds")


def _mood_besides(now: Situation, whys: tuple[Why, ...]) -> tuple[Why, ...]:
    """That somebody is angry is told with whatever is suggested."""
    told = any(why.code == "mood" for why in whys)
    felt = _feels("anger", "sadness", "fear")(now)
    return () if told or felt is None else (felt,)
