"""Actions on orders at the desk, on both databases: by the policy, once, and only by whoever has it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from balie.audit.errors import ChangeKeyTakenError
from balie.handoff.desk_order_views import Asked, DeskAction
from balie.handoff.errors import ChangeRefusedError, HandoffNotFoundError, NotYourConversationError
from balie.orders.errors import OrderNotFoundError
from balie.orders.models import InvoiceRow, RefundRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.card_shop import DeskShop, Talk
from tests.storage.changes_shop import NOW, NUMBER
from tests.support.codes import list_letters
from tests.support.store import add_customer


@pytest.fixture
async def desk(unit_of_work: UnitOfWork) -> DeskShop:
    desk = await DeskShop(unit_of_work).open()
    await desk.shop.pay()
    return desk


async def mine(desk: DeskShop, **more: Any) -> tuple[Talk, Asked]:
    """A conversation of an agent's, and a wish to cancel its order."""
    agent = await desk.agent()
    talk = await desk.talk(desk.shop.customer, **more)
    await talk.handoff(agent)
    return talk, Asked(
        conversation_id=talk.id, agent_id=agent, order_number=NUMBER, action=DeskAction.CANCEL, language="nl"
    )


async def add_invoice(desk: DeskShop, number: str = "F2026-1") -> None:
    await desk.shop.add(
        InvoiceRow(
            order_id=desk.shop.order.id,
            number=number,
            kind="invoice",
            issued_on=date(2026, 11, 2),
            due_on=date(2026, 11, 16),
            total_minor=36395,
            tax_minor=6000,
        )
    )


async def test_orders_are_listed_with_what_may_be_done(desk: DeskShop) -> None:
    talk, _ = await mine(desk)

    [order] = await desk.in_hand.orders.list_orders(talk.id, language="nl")

    assert order.order.number == NUMBER
    assert [(one.action.value, one.allowed, one.reason) for one in order.may] == [
        ("cancel", True, None),
        ("refund", False, "nothing_to_refund"),
        ("resend_invoice", False, "no_invoice"),
    ]
    assert order.may[1].text == f"Er staat geen geld open van bestelling {NUMBER}. Annuleren kan nog wel."


async def test_nobodys_orders_are_listed_while_nobody_is_known(desk: DeskShop) -> None:
    talk = await desk.talk(slots={"order_number": NUMBER})

    assert await desk.in_hand.orders.list_orders(talk.id, language="nl") == ()


async def test_a_postcode_lists_that_one_order(desk: DeskShop) -> None:
    await desk.shop.place("DD3000003", {"TENT": 1})
    talk = await desk.talk(desk.shop.customer, "order_postcode", proven_order_number=NUMBER)

    found = await desk.in_hand.orders.list_orders(talk.id, language="nl")

    assert [one.order.number for one in found] == [NUMBER]


async def test_a_preview_changes_nothing_and_a_yes_does_it_once(desk: DeskShop) -> None:
    _, asked = await mine(desk)

    offer = await desk.in_hand.orders.preview(asked)
    assert "363,95" in offer.text
    assert (await desk.shop.one_order()).cancelled_at is None

    action = uuid4()
    told = [await desk.in_hand.orders.do(asked, action, offer_id=offer.offer_id) for _ in range(2)]

    assert told[0] == told[1]
    assert told[0].startswith(f"Bestelling {NUMBER} is geannuleerd.")
    assert (await desk.shop.one_order()).cancelled_at is not None
    assert await desk.shop.refunded() == [36395]
    [entry] = await desk.shop.audited()
    assert (entry.author, entry.conversation_id, entry.message_id) == ("agent", asked.conversation_id, action)


async def test_two_tabs_at_once_do_it_once(desk: DeskShop) -> None:
    _, asked = await mine(desk)
    action = uuid4()

    told = await asyncio.gather(*(desk.in_hand.orders.do(asked, action) for _ in range(3)))

    assert len(set(told)) == 1
    assert await desk.shop.refunded() == [36395]


async def test_what_has_changed_since_it_was_shown_is_not_done(desk: DeskShop) -> None:
    _, asked = await mine(desk)
    offer = await desk.in_hand.orders.preview(asked)
    await desk.shop.add(
        RefundRow(
            order_id=desk.shop.order.id, method="ideal", amount_minor=5000, asked_at=NOW, approved_at=NOW
        )
    )

    with pytest.raises(ChangeRefusedError) as refused:
        await desk.in_hand.orders.do(asked, uuid4(), offer_id=offer.offer_id)

    assert refused.value.reason == "order_changed"
    assert (await desk.shop.one_order()).cancelled_at is None


async def test_what_the_policy_refuses_is_refused_to_agents_too(desk: DeskShop) -> None:
    _, asked = await mine(desk)
    await desk.shop.set_order(packed_at=NOW)

    for attempt in (desk.in_hand.orders.preview(asked), desk.in_hand.orders.do(asked, uuid4())):
        with pytest.raises(ChangeRefusedError) as refused:
            await attempt
        assert refused.value.reason == "packed"
        assert refused.value.data is not None
        assert refused.value.data["text"] == str(refused.value)


async def test_only_whose_conversation_it_is_may_act(desk: DeskShop) -> None:
    _, asked = await mine(desk)
    other = replace(asked, agent_id=await desk.agent("Femke"))

    for attempt in (desk.in_hand.orders.preview(other), desk.in_hand.orders.do(other, uuid4())):
        with pytest.raises(NotYourConversationError):
            await attempt
    assert (await desk.shop.one_order()).cancelled_at is None


@pytest.mark.parametrize(
    ("handoff", "error"),
    [
        (None, HandoffNotFoundError),
        ({"agent_id": None, "state": "queued", "accepted_at": None}, NotYourConversationError),
        ({"state": "resolved", "ended_at": NOW, "code": "solved"}, HandoffNotFoundError),
    ],
)
async def test_nothing_is_done_in_a_conversation_that_is_nobodys(
    desk: DeskShop, handoff: dict[str, Any] | None, error: type[Exception]
) -> None:
    agent = await desk.agent()
    talk = await desk.talk(desk.shop.customer)
    if handoff is not None:
        await talk.handoff(**{"agent": agent, **handoff})

    with pytest.raises(error):
        await desk.in_hand.orders.do(
            Asked(
                conversation_id=talk.id,
                agent_id=agent,
                order_number=NUMBER,
                action=DeskAction.CANCEL,
                language=None,
            ),
            uuid4(),
        )


@pytest.mark.parametrize("action", list(DeskAction))
async def test_somebody_elses_order_and_a_missing_one_are_the_same(
    desk: DeskShop, action: DeskAction
) -> None:
    neighbour = await add_customer(desk.unit_of_work, "K-1002")
    await desk.shop.place("DD2000002", {"TENT": 1}, customer_id=neighbour)
    _, asked = await mine(desk)

    for number in ("DD2000002", "DD9999999", "x"):
        with pytest.raises(OrderNotFoundError):
            await desk.in_hand.orders.do(replace(asked, order_number=number, action=action), uuid4())


async def test_a_postcode_does_not_open_another_order_of_the_customer(desk: DeskShop) -> None:
    await desk.shop.place("DD3000003", {"TENT": 1})
    _, asked = await mine(desk, proof="order_postcode", proven_order_number=NUMBER)

    with pytest.raises(OrderNotFoundError):
        await desk.in_hand.orders.preview(replace(asked, order_number="DD3000003"))
    assert (await desk.in_hand.orders.preview(asked)).order_number == NUMBER


async def test_an_id_that_was_used_for_another_order_does_nothing(desk: DeskShop) -> None:
    await desk.shop.place("DD3000003", {"TENT": 1})
    _, asked = await mine(desk)
    action = uuid4()
    await desk.in_hand.orders.do(asked, action)

    with pytest.raises(ChangeKeyTakenError):
        await desk.in_hand.orders.do(replace(asked, order_number="DD3000003"), action)


async def test_money_that_is_owed_is_paid_back_once(desk: DeskShop) -> None:
    await desk.shop.pay()  # a second time
    _, cancelling = await mine(desk)
    asked = replace(cancelling, action=DeskAction.REFUND)
    action = uuid4()

    offer = await desk.in_hand.orders.preview(asked)
    told = [await desk.in_hand.orders.do(asked, action, offer_id=offer.offer_id) for _ in range(2)]

    assert told[0] == told[1]
    assert await desk.shop.refunded() == [36395]


async def test_an_invoice_is_mailed_again_once_per_click(desk: DeskShop) -> None:
    await add_invoice(desk)
    _, cancelling = await mine(desk)
    asked = replace(cancelling, action=DeskAction.RESEND_INVOICE, language="en")
    action = uuid4()

    shown = await desk.in_hand.orders.preview(asked)
    told = [await desk.in_hand.orders.do(asked, action) for _ in range(2)]

    assert shown.text.startswith("Invoice F2026-1 of order")
    assert "k-1001@" not in shown.text + told[0]
    assert told[0] == told[1]
    [letter] = await list_letters(desk.unit_of_work)
    assert letter.letter == "letter_invoice"


async def test_an_invoice_that_is_not_there_is_not_mailed(desk: DeskShop) -> None:
    _, cancelling = await mine(desk)

    with pytest.raises(ChangeRefusedError) as refused:
        await desk.in_hand.orders.do(replace(cancelling, action=DeskAction.RESEND_INVOICE), uuid4())

    assert refused.value.reason == "no_invoice"
    assert await list_letters(desk.unit_of_work) == []
