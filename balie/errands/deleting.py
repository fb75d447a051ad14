"""Closing an account: asked for, then done days later (``privacy.py``), unless it is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from balie.customers.models import CustomerRow
from balie.errands.account_rules import erased_email, kept_until
from balie.errands.asked import DeleteAccount
from balie.errands.askers import get_asker
from balie.errands.kinds import Obstacle
from balie.errands.letters import write_to_customer
from balie.errands.models import AccountDeletionRow
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.errands.settlement_repository import find_settlement
from balie.storage.unit_of_work import UnitOfWork

MOST_NAMED: Final = 3


async def prepare_deletion(visit: Visit, _errand: DeleteAccount) -> Prepared | ErrandRefused:
    """Close the account, once nothing is open between the customer and the shop."""
    customer = await get_asker(visit)
    asked = await visit.session.get(AccountDeletionRow, customer.id)
    if asked is not None:
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts={"delete_on": asked.delete_on.isoformat()})
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

    return Prepared(facts=facts, write=write, after={"delete_on": delete_on.isoformat()})


async def withdraw_deletion(unit_of_work: UnitOfWork, customer_id: int) -> bool:
    """Keep the account after all; False when nothing was asked for, or it is done already.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    async with unit_of_work.write() as session:
        asked = await session.get(AccountDeletionRow, customer_id, with_for_update=True)
        if asked is None:
            return False
        customer = await session.get(CustomerRow, customer_id)
        if customer is None or customer.email == erased_email(customer_id):
            return False
        await session.delete(asked)
    return True
