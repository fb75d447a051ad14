"""Letters that go with a change of an order: put into the outbox in its transaction, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from balie.customers.repository import CustomerRepository
from balie.orders.outcomes import Done
from balie.orders.plans import Plan
from balie.outbox.letters import Letter, Paper
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session


async def write_letters(
    session: Session, planned: Plan, done: Done, *, customer_id: int, at: datetime
) -> None:
    """Mail the customer what they may want to keep: the label of a return, the number of a case."""
    customer = await CustomerRepository(session).find_by_id(customer_id)
    if customer is None:
        return
    outbox = OutboxRepository(session)
    for key, letter in _letters(planned, done, customer.email, customer.language, customer.id):
        await outbox.put(letter, key=key, at=at)


def _letters(
    planned: Plan, done: Done, recipient: str, language: str, customer_id: int
) -> Iterator[tuple[str, Letter]]:
    if done.return_number is not None and done.effects.send_by is not None:
        facts = {"return_number": done.return_number, "send_by": done.effects.send_by.isoformat()}
        papers = (Paper("label", done.return_number),)
        yield (
            f"label:{done.return_number}",
            Letter("letter_return_label", recipient, language, facts, papers, customer_id),
        )
    if done.case_number is not None and planned.case is not None:
        opened = {
            "number": done.case_number,
            "kind": planned.case.kind.value,
            "promised_by": planned.case.promised_by.isoformat(),
        }
        yield (
            f"case:{done.case_number}",
            Letter("letter_case_opened", recipient, language, opened, customer_id=customer_id),
        )
