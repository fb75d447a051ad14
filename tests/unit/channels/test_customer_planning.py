"""What goes to a customer: where they were heard last, and what agents wrote when nobody read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from balie.channels.customer_planning import BLOCKED, HELD, LEFT, UNREAD, plan_for_customer
from balie.channels.views import Link, Situation, Told
from balie.conversations.status import ConversationStatus
from balie.conversations.views import Author
from balie.kernel.ids import ConversationId

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)
CUSTOMER, ASSISTANT, AGENT, SYSTEM = Author.CUSTOMER, Author.ASSISTANT, Author.AGENT, Author.SYSTEM


def situation(*authors: Author, heard_via: str = "telegram", read: int = 0, **facts: Any) -> Situation:
    link = Link(
        conversation_id=ConversationId(UUID(int=1)),
        channel="telegram",
        external_id="5",
        facts=facts,
        last_call=4,
    )
    return Situation(
        link=link,
        status=ConversationStatus.WITH_ASSISTANT,
        last_sequence=len(authors),
        handoff_number=2,
        is_being_answered=False,
        messages=tuple(Told(number, author, created_at=NOW) for number, author in enumerate(authors, 1)),
        heard_via=heard_via,
        customer_read=read,
    )


def planned(told: Situation, now: datetime = NOW) -> tuple[list[str], int]:
    plan = plan_for_customer(told, now)
    return [call.key for call in plan.calls], plan.sequence


def test_everything_that_others_say_goes_out_in_order() -> None:
    told = situation(CUSTOMER, ASSISTANT, AGENT, CUSTOMER, SYSTEM)

    assert planned(told) == (["message:2", "message:3", "message:5"], 5)
    assert plan_for_customer(told, NOW, {"after": 9}).calls[0].facts == {"sequence": 2, "after": 9}


def test_who_was_heard_elsewhere_is_not_told_here() -> None:
    assert planned(situation(CUSTOMER, ASSISTANT, SYSTEM, heard_via="web_widget")) == ([], 3)


def test_what_an_agent_wrote_waits_until_it_is_read_there_or_goes_here() -> None:
    told = situation(ASSISTANT, AGENT, ASSISTANT, heard_via="web_widget")

    assert planned(told) == ([], 1)
    assert planned(told, NOW + UNREAD) == (["message:2"], 3)
    assert planned(situation(ASSISTANT, AGENT, ASSISTANT, heard_via="web_widget", read=2)) == ([], 3)


def test_who_has_left_is_told_nothing_and_what_agents_wrote_is_held() -> None:
    told = situation(ASSISTANT, AGENT, SYSTEM, AGENT, **{LEFT: BLOCKED, HELD: [1]})
    plan = plan_for_customer(told, NOW)

    assert (plan.calls, plan.sequence, plan.facts[HELD]) == ((), 4, [1, 2, 4])


def test_who_is_back_is_told_what_was_held_once() -> None:
    told = situation(ASSISTANT, **{LEFT: None, HELD: [1, 2]})
    plan = plan_for_customer(told, NOW + timedelta(hours=1))

    assert [call.key for call in plan.calls] == ["message:1:4", "message:2:4", "message:1"]
    assert HELD not in plan.facts
