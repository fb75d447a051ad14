"""What is suggested in which situation, and that it can be said in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from balie.handoff.card_replies import reply_name
from balie.handoff.card_steps import explain, step_name
from balie.handoff.kinds import Reason, Wish
from balie.handoff.suggestions import (
    ASKS_THE_POLICY,
    PERSONAL,
    RULES,
    Action,
    CaseSituation,
    OrderSituation,
    RefundSituation,
    Situation,
    suggest,
)
from balie.orders.policy_facts import Allowed, Change, Refusal
from balie.orders.policy_facts import Reason as PolicyReason
from balie.orders.status import OrderStatus, RefundState
from tests.support.content import real_renderer

TODAY = date(2026, 11, 3)
ORDER = OrderSituation(number="DD1048213", status=OrderStatus.PAID, promised_on=date(2026, 11, 4))
LATE = replace(ORDER, late_by=3, promised_on=date(2026, 10, 29))
CASE = CaseSituation("CS100123", "damaged", date(2026, 11, 5), wants_person=False, overdue=False)
REFUND = RefundSituation("DD1048213", RefundState.APPROVED, overdue=False, expected_by=date(2026, 11, 9))
LATE_REFUND = replace(REFUND, overdue=True, expected_by=date(2026, 11, 2))
KNOWN = Situation(reason=Reason.ASKED, known=True)


def weighed(order: OrderSituation, **verdicts: PolicyReason | None) -> OrderSituation:
    """The order with what the policy says of it: None allows."""
    said = {
        Change(change): Allowed() if reason is None else Refusal(reason, Change.RETURN_ITEM)
        for change, reason in verdicts.items()
    }
    return replace(order, verdicts=said)


CASES: list[tuple[Situation, Action]] = [
    (replace(KNOWN, wish=Wish.CALL, intent="track_order"), Action.CALL_BACK),
    (replace(KNOWN, wish=Wish.MAIL), Action.WRITE_BACK),
    (replace(KNOWN, wish=Wish.MESSAGE), Action.WRITE_BACK),
    (Situation(intent="track_order"), Action.IDENTIFY_CUSTOMER),
    (replace(KNOWN, case=replace(CASE, overdue=True), intent="thank"), Action.ANSWER_CASE),
    (replace(KNOWN, case=CASE, intent="damaged_item"), Action.ANSWER_CASE),
    (replace(KNOWN, reason=Reason.POLICY, case=replace(CASE, wants_person=True)), Action.DECIDE_CASE),
    (replace(KNOWN, case=replace(CASE, wants_person=True), intent="warranty"), Action.DECIDE_CASE),
    (replace(KNOWN, refund=LATE_REFUND, intent="track_refund"), Action.CHASE_REFUND),
    (replace(KNOWN, refund=LATE_REFUND), Action.CHASE_REFUND),
    (replace(KNOWN, refund=replace(REFUND, state=RefundState.REFUSED), intent="get_refund"),
     Action.EXPLAIN_REFUSAL),
    (replace(KNOWN, order=weighed(ORDER, refund=None), intent="payment_issue"), Action.REFUND_ORDER),
    (replace(KNOWN, refund=REFUND, intent="track_refund"), Action.EXPLAIN_REFUND),
    (replace(KNOWN, order=replace(LATE, is_back=True, is_shipped=True), intent="track_order"),
     Action.REDIRECT_PARCEL),
    (replace(KNOWN, order=replace(ORDER, is_back=True)), Action.REDIRECT_PARCEL),
    (replace(KNOWN, order=replace(LATE, is_shipped=True), intent="track_order"), Action.TRACE_PARCEL),
    (replace(KNOWN, order=replace(LATE, is_shipped=True)), Action.TRACE_PARCEL),
    (replace(KNOWN, order=LATE, intent="track_order"), Action.CHECK_WAREHOUSE),
    (replace(KNOWN, order=LATE), Action.CHECK_WAREHOUSE),
    (replace(KNOWN, order=replace(ORDER, status=OrderStatus.DELIVERED), intent="track_order"),
     Action.SEARCH_PARCEL),
    (replace(KNOWN, order=weighed(ORDER, cancel_order=None), intent="cancel_order"), Action.CANCEL_ORDER),
    (replace(KNOWN, order=weighed(ORDER, cancel_order=PolicyReason.PACKED), intent="change_order"),
     Action.STOP_PARCEL),
    (replace(KNOWN, order=weighed(ORDER, cancel_order=PolicyReason.SHIPPED), intent="cancel_order"),
     Action.OFFER_RETURN),
    (replace(KNOWN, order=weighed(ORDER, return_item=PolicyReason.PERIOD_OVER), intent="return_item"),
     Action.DECIDE_GOODWILL),
    (replace(KNOWN, order=weighed(ORDER, return_item=None), intent="exchange_item"), Action.START_RETURN),
    (replace(KNOWN, order=ORDER, intent="wrong_or_missing_item"), Action.SETTLE_REPORT),
    (replace(KNOWN, order=ORDER, intent="get_invoice"), Action.RESEND_INVOICE),
    (replace(KNOWN, reason=Reason.FAILED, flow="cancel_order", intent="store_location"), Action.FINISH_FLOW),
    (replace(KNOWN, intent="store_location", asked_again=True), Action.ANSWER_DIFFERENTLY),
    (replace(KNOWN, intent="store_location", mood="anger"), Action.MAKE_GOOD),
    (replace(KNOWN, reason=Reason.ANGRY), Action.MAKE_GOOD),
    (replace(KNOWN, reason=Reason.NOT_UNDERSTOOD, intent="store_location"), Action.ASK_WHAT_IS_MEANT),
    (KNOWN, Action.ASK_WHAT_IS_MEANT),
    (replace(KNOWN, intent="store_location"), Action.TAKE_UP),
]  # fmt: skip


@pytest.mark.parametrize(("situation", "action"), CASES)
def test_each_situation_has_its_next_step(situation: Situation, action: Action) -> None:
    assert suggest(situation).action is action


def test_every_step_is_suggested_sometimes() -> None:
    assert {action for _, action in CASES} == set(Action) == {rule.action for rule in RULES}


def test_that_somebody_is_angry_is_told_with_every_step() -> None:
    found = suggest(replace(KNOWN, order=replace(LATE, is_shipped=True), intent="track_order", mood="anger"))

    assert [why.code for why in found.why] == ["late_underway", "asked", "mood"]
    assert found.why[0].facts == {"number": "DD1048213", "late_by": 3, "promised_on": date(2026, 10, 29)}


def test_an_order_that_cannot_be_sent_back_either_is_not_offered_for_return() -> None:
    refusal = Refusal(PolicyReason.DELIVERED, None)
    order = replace(ORDER, verdicts={Change.CANCEL_ORDER: refusal})

    assert suggest(replace(KNOWN, order=order, intent="cancel_order")).action is Action.TAKE_UP


def test_the_policy_is_asked_wherever_a_rule_looks_at_it() -> None:
    """The card asks it for no other questions: that takes a third of its time."""
    for situation, _ in CASES:
        if situation.order is not None and situation.order.verdicts:
            assert situation.intent in ASKS_THE_POLICY
    weighing = weighed(ORDER, cancel_order=None, refund=None, return_item=None)
    for intent in PERSONAL - ASKS_THE_POLICY:
        asked = replace(KNOWN, intent=intent)
        assert suggest(replace(asked, order=weighing)) == suggest(replace(asked, order=ORDER))


def test_the_intents_of_the_table_are_intents_of_the_taxonomy() -> None:
    assert set(real_renderer().library.intents) >= PERSONAL


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_step_and_every_reason_has_words(language: str) -> None:
    moody = [(replace(situation, mood="fear"), action) for situation, action in CASES]
    for situation, action in [*CASES, *moody]:
        told = explain(real_renderer(), suggest(situation), language, TODAY)
        assert told.title, action
        assert bool(told.why) == bool(told.because)


def test_every_step_has_two_replies_and_a_title_and_none_is_left_over() -> None:
    wanted = {reply_name(action, number) for action in Action for number in (1, 2)}
    titles = {step_name(action) for action in Action}
    replies = real_renderer().library.replies

    assert {name for name in replies if name.startswith("desk_reply_")} == wanted
    assert {name for name in replies if name.startswith("desk_step_")} == titles
