"""Closing an account: asked for, then done days later (``privacy.py``), unless it is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from balie.errands.account_rules import erased_email, kept_until
from balie.errands.asked import DeleteAccount
from balie.errands.askers import get_asker
from balie.errands.kinds import Obstacle
from balie.errands.letters import write_to_customer
from balie.errands.models import AccountDeletionRow
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.errands.settlement_repository import find_settlement

MOST_NAMED: Final = 3


async def prepare_deletion(visit: Visit, _errand: DeleteAccount) -> Prepared | ErrandRefused:
    """Close the account, once nothing is open between the customer and the shop."""
    customer = await get_asker(visit)
    asked = await visit.session.get(AccountDeletionRow, customer.id)
    if asked is not None and customer.email == erased_email(customer.id):
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts={"delete_on": asked.delete_on.isoformat()})
    if asked is not None:
        return _withdraw(visit, asked)
    settlement = await find_settlement(visit.session, customer.id)
    if settlement.open_orders:
        return ErrandRefused(
            obstacle=Obstacle.OPEN_ORDERS,
            instead="track_order",
            facts={"orders": list(settlement.open_orders[:MOST_NAMED])},
        )
    if settlement.owes_money:
        return ErrandRefused(obstacle=Obstacle.MONEY_ON_ITS_WAY, instead="track_refund")
    delete_on = visit.today + timedelta(days=visit.terms.delete_days)
    kept = kept_until(delete_on, visit.terms.invoices_years)
    facts: Facts = {"delete_on": delete_on.isoformat(), "kept_until": kept.isoformat()}

    async def write() -> Facts:
        assert visit.turn is not None, "only what is confirmed is written"
        visit.session.add(
            AccountDeletionRow(
                customer_id=customer.id, asked_at=visit.now, delete_on=delete_on, kept_until=kept
            )
        )
        key = f"deletion:{visit.turn.message_id}"
        await write_to_customer(visit, "letter_account_deletion", facts, key=key)
        return {}

    shown = {**facts, "withdraws": False}
    return Prepared(facts=shown, write=write, after={"delete_on": delete_on.isoformat()})


def _withdraw(visit: Visit, asked: AccountDeletionRow) -> Prepared:
    """Keep the account after all: whoever asks again may do so until the day."""
    delete_on = asked.delete_on.isoformat()

    async def write() -> Facts:
        await visit.session.delete(asked)
        return {}

    return Prepared(
        facts={"delete_on": delete_on, "kept_until": None, "withdraws": True},
        write=write,
        before={"delete_on": delete_on},
        after={"delete_on": None},
    )
