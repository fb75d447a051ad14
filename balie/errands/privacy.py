"""What is held about one person: all of it told, or erased with what the law wants kept left over.

Keeps nothing of its own: whoever holds something about customers says so (``holdings.py`` of a feature).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from balie.customers.errors import CustomerNotFoundError
from balie.customers.models import CustomerRow
from balie.customers.repository import CustomerRepository
from balie.errands.account_repository import AccountRepository
from balie.errands.account_rules import kept_until
from balie.errands.errors import ErasureRefusedError
from balie.errands.models import AccountDeletionRow
from balie.errands.privacy_repository import PrivacyRepository
from balie.errands.settlement_repository import find_settlement
from balie.errands.shelf_repository import ShelfRepository
from balie.errands.terms import ErrandTerms
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.storage.held import Belonging, Held, erase, tell
from balie.storage.unit_of_work import Session, UnitOfWork


class PrivacyService:
    """Tells and erases."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: ErrandTerms,
        holdings: Sequence[Belonging],
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            terms: How many years invoices are kept.
            holdings: What is held about a customer, by every feature; erased in this order.
            clock: The present moment.
            timezone: Where the shop's days begin and end.
        """
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._holdings = holdings
        self._clock = clock
        self._timezone = timezone

    async def export(self, external_id: str) -> Mapping[str, Any]:
        """Everything that is held about a customer, by table, as JSON can hold it.

        Raises:
            CustomerNotFoundError: No customer has this number.
        """
        async with self._unit_of_work.read() as session:
            customer = await _get_customer(session, external_id)
            [record] = await tell(session, Held("customers", "id"), customer.id)
            told = {one.held.table: await tell(session, one.held, customer.id) for one in self._holdings}
        return {"exported_at": self._clock().isoformat(), "customer": record, **told}

    async def erase(self, external_id: str) -> date:
        """Erase a customer now; answers the last day on which what the law wants kept is kept.

        Raises:
            CustomerNotFoundError: No customer has this number, or they are erased already.
            ErasureRefusedError: An order is still open, or money is on its way to them.
        """
        now = self._clock()
        today = local_day(now, self._timezone)
        async with self._unit_of_work.write() as session:
            customer_id = (await _get_customer(session, external_id)).id
            settlement = await find_settlement(session, customer_id)
            if not settlement.is_settled:
                raise ErasureRefusedError(tuple(settlement.open_orders))
            deletion = AccountDeletionRow(
                customer_id=customer_id,
                asked_at=now,
                delete_on=today,
                kept_until=kept_until(today, self._terms.invoices_years),
            )
            kept = (await PrivacyRepository(session).put_deletion(deletion)).kept_until
            await self._erase(session, customer_id, now)
        return kept

    async def erase_due(self) -> int:
        """Erase every customer whose day has come; those with something to settle wait for that.

        Also removes what was kept of customers of long ago, once the law wants it kept no longer.

        Returns:
            How many were erased.

        Raises:
            StoreUnavailableError: The database cannot be used; who was erased before stays so.
        """
        now = self._clock()
        today = local_day(now, self._timezone)
        async with self._unit_of_work.write() as session:
            await PrivacyRepository(session).remove_kept(today)
            due = await PrivacyRepository(session).list_due(today)
        return sum([await self._erase_if_settled(customer_id, now) for customer_id in due])

    async def _erase_if_settled(self, customer_id: int, now: datetime) -> bool:
        async with self._unit_of_work.write() as session:
            asked = await session.get(AccountDeletionRow, customer_id, with_for_update=True)
            if asked is None or not (await find_settlement(session, customer_id)).is_settled:
                return False
            await self._erase(session, customer_id, now)
        return True

    async def _erase(self, session: Session, customer_id: int, now: datetime) -> None:
        customer = await AccountRepository(session).find_customer(customer_id, lock=True)
        assert customer is not None, "the row was there in this transaction"
        shelf = ShelfRepository(session)
        await shelf.put_back(await shelf.list_open_collections(customer_id), at=now)
        await session.flush()
        await erase(session, self._holdings, customer_id)
        await PrivacyRepository(session).blank(customer)


async def _get_customer(session: Session, external_id: str) -> CustomerRow:
    customer = await CustomerRepository(session).find_by_external_id(external_id)
    if customer is None:
        raise CustomerNotFoundError(external_id)
    return customer
