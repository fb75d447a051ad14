"""What somebody has to look at: complaints, lower prices elsewhere, and what we know of a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from balie.cases.kinds import CaseKind
from balie.cases.repository import CaseRepository
from balie.cases.views import NewCase
from balie.errands.asked import OpenCase
from balie.errands.kinds import Obstacle
from balie.errands.letters import write_to_customer
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.orders.working_days import add_working_days

MOST_OPEN: Final = 5
"""Of one kind, of one customer or conversation: more than that is a person's to sort out."""

_DATA: Final = frozenset({CaseKind.DATA_EXPORT, CaseKind.DATA_ERASURE})


def promised_by(kind: CaseKind, visit: Visit) -> date:
    """The last day on which the customer is to hear from us."""
    if kind in _DATA:
        return visit.today + timedelta(days=visit.terms.data_answer_days)
    return add_working_days(visit.today, visit.terms.answer_working_days, visit.terms.country)


async def prepare_case(visit: Visit, errand: OpenCase) -> Prepared | ErrandRefused:
    """A case with a number and a promise; refused when too many of the kind are open already."""
    cases, asker = CaseRepository(visit.session), visit.asker
    open_now = await cases.count_open(errand.kind, asker.customer_id, asker.conversation_id)
    if open_now >= MOST_OPEN:
        return ErrandRefused(obstacle=Obstacle.TOO_MANY, instead="contact_human_agent")
    until = promised_by(errand.kind, visit)
    facts: Mapping[str, object] = {"promised_by": until.isoformat(), "kind": errand.kind.value}

    async def write() -> Facts:
        assert visit.turn is not None, "only what is confirmed is written"
        case = await cases.open(
            NewCase(
                kind=errand.kind,
                customer_id=asker.customer_id,
                conversation_id=asker.conversation_id,
                message_id=visit.turn.message_id,
                promised_by=until,
                story=errand.story,
                facts={} if errand.product_sku is None else {"product": errand.product_sku},
            ),
            at=visit.now,
        )
        mailed = await write_to_customer(
            visit,
            "letter_case_opened",
            {"number": case.number, "kind": case.kind, "promised_by": until.isoformat()},
            key=f"case:{case.number}",
        )
        return {"number": case.number, "mailed": mailed}

    return Prepared(facts=facts, write=write, before={"open": open_now}, after={"open": open_now + 1})
