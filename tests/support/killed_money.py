"""Kills the process that keeps a promise at every statement in turn, and lets another one go on afterwards.

Run as ``python -m tests.support.killed_money PROMISE FOLDER``; prints one JSON line per kill: what stands in
the store, and what the outside world has done. The outside world is simulated in the same database, so it is
killed in the middle of its work, too.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from balie.audit.models import AuditEntryRow
from balie.audit.turns import Turn
from balie.orders.demo.personas import PIETER, PRIYA, SEM, DemoCustomer
from balie.orders.models import OrderRow, PaymentRow, RefundRow, ReturnRow
from balie.outbox.models import OutboxLetterRow
from balie.parcels.announcing import ReturnAnnouncer
from balie.parcels.models import ParcelAnnouncementRow, SimulatedParcelRow
from balie.parcels.simulated import SimulatedCarrier
from balie.payments.links import PaymentLinks
from balie.payments.models import PaymentLinkRow, ProviderRefundRow, SimulatedPaymentRow, SimulatedRefundRow
from balie.payments.money_back import MoneyBack
from balie.payments.service import PaymentService
from balie.payments.simulated import SimulatedProvider
from balie.payments.terms import PaymentTerms
from balie.storage.unit_of_work import Session, UnitOfWork
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.demo_shop import copy_demo_shop
from tests.support.killed import MOST_STATEMENTS, in_a_process, kill_at_statement
from tests.support.store import opened

TURN: Final = Turn(conversation_id=UUID(int=1), message_id=UUID(int=2))


class World:
    """The demo shop's store and what is outside."""

    def __init__(self, unit_of_work: UnitOfWork, clock: StillClock) -> None:
        self.unit_of_work = unit_of_work
        self.clock = clock
        terms = PaymentTerms.from_shop(real_renderer().library.shop)
        provider = SimulatedProvider(unit_of_work, clock=clock)
        self.links = PaymentLinks(unit_of_work, provider, terms, clock=clock)
        self.payments = PaymentService(unit_of_work, self.links, terms, clock=clock)
        self.money_back = MoneyBack(unit_of_work, provider, clock=clock)
        carrier = SimulatedCarrier(unit_of_work, clock=clock)
        self.announcer = ReturnAnnouncer(unit_of_work, carrier, terms.orders, clock=clock)

    async def give_back(self) -> None:
        """The customer asks for the second payment back, and the loop pays it out."""
        async with self.unit_of_work.read() as session:
            order = await _order_of(session, SEM)
            query = select(func.max(PaymentRow.id)).where(PaymentRow.order_id == order.id)
            payment_id = await session.scalar(query) or 0
        await self.payments.refund_double_charge(order.customer_id, order.number, payment_id, turn=TURN)
        await self.money_back.send_due()

    async def promise(self) -> None:
        """The customer is promised a link, and the loop mails it."""
        async with self.unit_of_work.read() as session:
            order = await _order_of(session, PRIYA)
        await self.payments.promise_link(order.customer_id, order.number, key="m1")
        await self.links.send_due()

    async def announce(self) -> None:
        """The loop tells the carrier of returns."""
        await self.announcer.send_due()


PROMISES: Final[Mapping[str, Callable[[World], Awaitable[None]]]] = {
    "refund": World.give_back,
    "promise": World.promise,
    "return": World.announce,
}


def main() -> None:
    """Kill at statement 1, 2, 3 … until the promise is kept before it comes to that."""
    promise, folder = PROMISES[sys.argv[1]], Path(sys.argv[2])
    real_renderer()  # read once, before the forks
    copy_demo_shop(folder)
    [base] = folder.glob("*.db")
    for number in range(1, MOST_STATEMENTS):
        report = _kill_and_go_on(base, promise, number)
        sys.stdout.write(json.dumps(report) + "\n")
        if report["killed_at"] is None:
            return


def _kill_and_go_on(base: Path, promise: Callable[[World], Awaitable[None]], number: int) -> dict[str, Any]:
    work, report = base.with_name("work.db"), base.with_name("report.json")
    for leftover in base.parent.glob("work.db*"):
        leftover.unlink()
    shutil.copy(base, work)
    was_killed = in_a_process(partial(_keep, work, promise, kill_at=number)) != 0
    in_a_process(partial(_keep, work, promise, report=report))
    return {"killed_at": number if was_killed else None, **json.loads(report.read_text("utf-8"))}


def _keep(
    database: Path,
    promise: Callable[[World], Awaitable[None]],
    *,
    kill_at: int | None = None,
    report: Path | None = None,
) -> None:
    clock = StillClock()
    if kill_at is not None:
        kill_at_statement(kill_at)
    else:
        # When what the dead process had claimed is free again.
        clock.advance(timedelta(minutes=5))
    facts = asyncio.run(_run(database, promise, clock))
    if report is not None:
        report.write_text(json.dumps(facts), encoding="utf-8")


async def _run(
    database: Path, promise: Callable[[World], Awaitable[None]], clock: StillClock
) -> dict[str, int]:
    async with opened(f"sqlite:///{database}") as unit_of_work:
        await promise(World(unit_of_work, clock))
        async with unit_of_work.read() as session:
            return await _count(session)


async def _count(session: Session) -> dict[str, int]:
    sem, priya, pieter = [await _order_of(session, one) for one in (SEM, PRIYA, PIETER)]

    async def count(model: type[Any], *conditions: Any) -> int:
        return await session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0

    return {
        "audits": await count(AuditEntryRow),
        "refunds": await count(RefundRow, RefundRow.order_id == sem.id),
        "paid out": await count(RefundRow, RefundRow.order_id == sem.id, RefundRow.paid_at.is_not(None)),
        "parts": await count(ProviderRefundRow),
        "given back": await session.scalar(select(func.sum(SimulatedRefundRow.amount_minor))) or 0,
        "amount": sem.total_minor,
        "links": await count(PaymentLinkRow),
        "tries": await count(PaymentRow, PaymentRow.order_id == priya.id),
        "at the provider": await count(SimulatedPaymentRow, SimulatedPaymentRow.provider_id.like("sim_%")),
        "letters": await count(OutboxLetterRow),
        "announcements": await count(ParcelAnnouncementRow)
        - await count(ParcelAnnouncementRow, ParcelAnnouncementRow.state != "done"),
        "parcels": await count(SimulatedParcelRow),
        "labelled": await count(
            ReturnRow, ReturnRow.order_id == pieter.id, ReturnRow.track_code.is_not(None)
        ),
    }


async def _order_of(session: Session, customer: DemoCustomer) -> OrderRow:
    query = select(OrderRow).where(OrderRow.number == customer.order_number)
    return (await session.scalars(query)).one()


if __name__ == "__main__":
    main()
