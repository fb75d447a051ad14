"""Kills the process that makes a change at every statement in turn, and repeats the message afterwards.

Run as ``python -m tests.support.killed FLOW FOLDER``; prints one JSON line per kill: what the repeated
message was answered, and what stands in the store. Every try is a forked process with a database of its own,
killed with SIGKILL: nothing is flushed, closed or rolled back by us.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event, func, select

from balie.audit.models import AuditEntryRow
from balie.cases.models import CaseRow
from balie.kernel.ids import ConversationId
from balie.orders.demo.personas import DAVID, LOTTE, MERYEM, NOOR, DemoCustomer
from balie.orders.models import OrderRow, PaymentRow, RefundRow, ReturnRow
from balie.outbox.models import OutboxLetterRow
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.counter import Customer, Shop
from tests.support.demo_shop import copy_demo_shop
from tests.support.store import opened

MOST_STATEMENTS: Final = 200


@dataclass(frozen=True)
class Flow:
    """A conversation up to its yes: what is typed, and which buttons are pressed."""

    customer: DemoCustomer
    task: str
    text: str
    titles: Sequence[str]
    last: str = "action_make_change"
    said: str = "ja"


INVOICE_BY_MAIL: Final = f'/get_invoice{{"detail": "mail", "order_number": "{NOOR.order_number}"}}'
JACKET: Final = "regenjas"

FLOWS: Final[Mapping[str, Flow]] = {
    "cancel": Flow(MERYEM, "cancel_order", f"annuleer {MERYEM.order_number}", ()),
    "return": Flow(
        NOOR,
        "return_item",
        f"alles uit {NOOR.order_number} gaat terug, te klein",
        ("Ongebruikt", "Opsturen met een label"),
    ),
    "refund": Flow(LOTTE, "get_refund", f"geld terug van {LOTTE.order_number}", ()),
    "invoice": Flow(
        NOOR, "get_invoice", f"factuur van {NOOR.order_number}", (), "action_get_invoice", INVOICE_BY_MAIL
    ),
    "report": Flow(
        NOOR,
        "wrong_or_missing_item",
        f"er ontbreekt een {JACKET} in {NOOR.order_number}",
        ("Mijn geld terug",),
    ),
    "lines": Flow(DAVID, "change_order", f"wijzig {DAVID.order_number}", ("Eruit halen",)),
}


def main() -> None:
    """Kill at statement 1, 2, 3 … until the change is made before it comes to that."""
    flow, folder = FLOWS[sys.argv[1]], Path(sys.argv[2])
    real_renderer()  # read once, before the forks
    copy_demo_shop(folder)
    [base] = folder.glob("*.db")
    state = folder / "state.json"
    in_a_process(partial(_talk_until_yes, base, flow, state))
    memory = json.loads(state.read_text("utf-8"))
    for number in range(1, MOST_STATEMENTS):
        report = _kill_and_repeat(base, memory, flow, number)
        sys.stdout.write(json.dumps(report) + "\n")
        if report["killed_at"] is None:
            return


def _kill_and_repeat(base: Path, memory: Mapping[str, Any], flow: Flow, number: int) -> dict[str, Any]:
    work, report = base.with_name("work.db"), base.with_name("report.json")
    for leftover in base.parent.glob("work.db*"):
        leftover.unlink()
    shutil.copy(base, work)
    was_killed = in_a_process(partial(_make, work, memory, flow, kill_at=number)) != 0
    in_a_process(partial(_make, work, memory, flow, report=report))
    return {"killed_at": number if was_killed else None, **json.loads(report.read_text("utf-8"))}


def in_a_process(work: Callable[[], Any]) -> int:
    """Run in a fork; its status, not 0 when it was killed."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def _talk_until_yes(database: Path, flow: Flow, state: Path) -> None:
    state.write_text(json.dumps(asyncio.run(_talk(database, flow))), encoding="utf-8")


async def _talk(database: Path, flow: Flow) -> dict[str, Any]:
    async with opened(f"sqlite:///{database}") as unit_of_work:
        shop = Shop(unit_of_work, StillClock())
        if flow.task == "get_refund":
            await _pay_twice(shop, flow.customer.order_number)
        customer = await shop.known(flow.customer)
        answer = await customer.wants(flow.task, flow.text)
        for title in flow.titles:
            answer = await customer.taps(answer, title)
            if answer.responses == ["utter_change_order_items"]:
                answer = await customer.taps(answer, answer.titles[0])
        if flow.last == "action_make_change":
            await customer.ask("validate_confirm_form", "ja", intent="affirm")
        return {
            "conversation": str(customer.conversation.id),
            "message": customer.last_message_id,
            "slots": customer.slots,
        }


def _make(
    database: Path,
    memory: Mapping[str, Any],
    flow: Flow,
    *,
    kill_at: int | None = None,
    report: Path | None = None,
) -> None:
    if kill_at is not None:
        kill_at_statement(kill_at)
    facts = asyncio.run(_repeat(database, memory, flow))
    if report is not None:
        report.write_text(json.dumps(facts), encoding="utf-8")


async def _repeat(database: Path, memory: Mapping[str, Any], flow: Flow) -> dict[str, Any]:
    async with opened(f"sqlite:///{database}") as unit_of_work:
        shop = Shop(unit_of_work, StillClock())
        conversation_id = ConversationId(UUID(memory["conversation"]))
        conversation = await shop.conversations.get_conversation(conversation_id)
        customer = Customer(shop, conversation, "nl", dict(memory["slots"]))
        customer.last_message_id = memory["message"]
        answer = await customer.run_again(flow.last, flow.said)
        return {"response": answer.responses, **await _count(shop, flow.customer.order_number)}


def kill_at_statement(number: int) -> None:
    """Kill this process at the end of its so-maniest statement or commit."""
    left = [number]

    def count(*_arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", count)
    event.listen(Engine, "commit", count)


async def _pay_twice(shop: Shop, number: str) -> None:
    async with shop.unit_of_work.write() as session:
        order = await session.scalar(select(OrderRow).where(OrderRow.number == number))
        assert order is not None
        paid = await session.scalar(select(PaymentRow).where(PaymentRow.order_id == order.id))
        assert paid is not None
        again = {"method": paid.method, "started_at": paid.started_at, "paid_at": paid.paid_at}
        session.add(PaymentRow(order_id=order.id, amount_minor=order.total_minor, **again))


async def _count(shop: Shop, number: str) -> dict[str, int]:
    async with shop.unit_of_work.read() as session:
        order_id = await session.scalar(select(OrderRow.id).where(OrderRow.number == number))
        rows = (
            ("audits", AuditEntryRow),
            ("refunds", RefundRow),
            ("returns", ReturnRow),
            ("cases", CaseRow),
        )
        counted = {
            name: await session.scalar(select(func.count()).select_from(row).where(row.order_id == order_id))
            or 0
            for name, row in rows
        }
        letters = await session.scalar(select(func.count()).select_from(OutboxLetterRow))
        return {**counted, "letters": letters or 0}


if __name__ == "__main__":
    main()
