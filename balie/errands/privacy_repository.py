"""Finds who is to be erased, and takes out of their record what tells who they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select, update

from balie.customers.models import CustomerRow
from balie.errands.account_rules import erased_email, erased_name
from balie.errands.models import AccountDeletionRow
from balie.orders.models import OrderRow
from balie.storage.unit_of_work import Session


class PrivacyRepository:
    """Works within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_due(self, today: date) -> Sequence[int]:
        """Ids of the customers whose day has come and who are not erased yet."""
        query = (
            select(AccountDeletionRow.customer_id)
            .join(CustomerRow, CustomerRow.id == AccountDeletionRow.customer_id)
            .where(AccountDeletionRow.delete_on <= today, CustomerRow.external_id.not_like("erased-%"))
            .order_by(AccountDeletionRow.delete_on, AccountDeletionRow.customer_id)
        )
        return (await self._session.scalars(query)).all()

    async def blank(self, customer: CustomerRow) -> None:
        """Leave of a customer a number that nobody else has, and of their orders what invoices need."""
        nobody = erased_email(customer.id)
        await self._session.execute(
            update(OrderRow).where(OrderRow.customer_id == customer.id).values(email=nobody)
        )
        customer.external_id = erased_name(customer.id)
        customer.first_name = customer.last_name = ""
        customer.email, customer.phone = nobody, None
        await self._session.flush()

    async def put_deletion(self, row: AccountDeletionRow) -> AccountDeletionRow:
        """Write down until when the rest is kept; what stands there already stays, and is the answer."""
        asked = await self._session.get(AccountDeletionRow, row.customer_id)
        if asked is None:
            self._session.add(row)
            await self._session.flush()
        return asked or row

    async def remove_kept(self, today: date) -> int:
        """Remove erased customers whose years are over, with all that is left of them; answers how many."""
        over = select(AccountDeletionRow.customer_id).where(AccountDeletionRow.kept_until < today)
        query = delete(CustomerRow).where(CustomerRow.id.in_(over), CustomerRow.external_id.like("erased-%"))
        return len((await self._session.scalars(query.returning(CustomerRow.id))).all())
