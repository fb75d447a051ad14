"""Finds, keeps and changes what belongs to an account: who asks, consents, links, wishes for an address."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from balie.customers.kinds import AddressKind, ConsentPurpose
from balie.customers.models import ConsentRow, CustomerAddressRow, CustomerRow
from balie.errands.kinds import LinkPurpose
from balie.errands.models import AccountLinkRow, EmailChangeRow
from balie.orders.changes_asked import DeliveryAddress
from balie.storage.unit_of_work import Session


class AccountRepository:
    """Works within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_customer(self, customer_id: int, *, lock: bool) -> CustomerRow | None:
        """The customer, or None.

        Args:
            customer_id: Whose account.
            lock: Whether the account stays as it is until the transaction ends; orders and the like can
                still be added to it meanwhile.
        """
        query = select(CustomerRow).where(CustomerRow.id == customer_id)
        if lock:
            query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self._session.scalars(query)).one_or_none()

    async def has_consented(self, customer_id: int, purpose: ConsentPurpose) -> bool:
        """What the newest answer was; False when there is none."""
        query = (
            select(ConsentRow.granted)
            .where(ConsentRow.customer_id == customer_id, ConsentRow.purpose == purpose.value)
            .order_by(ConsentRow.recorded_at.desc(), ConsentRow.id.desc())
            .limit(1)
        )
        return bool(await self._session.scalar(query))

    def record_consent(
        self, customer_id: int, purpose: ConsentPurpose, *, granted: bool, source: str, at: datetime
    ) -> None:
        """Write an answer down; earlier ones stay."""
        self._session.add(
            ConsentRow(
                customer_id=customer_id,
                purpose=purpose.value,
                granted=granted,
                source=source,
                recorded_at=at,
            )
        )

    async def put_address(
        self, customer_id: int, kind: AddressKind, address: DeliveryAddress
    ) -> CustomerAddressRow:
        """Make this the address of its kind."""
        query = select(CustomerAddressRow).where(
            CustomerAddressRow.customer_id == customer_id, CustomerAddressRow.kind == kind.value
        )
        row = (await self._session.scalars(query)).one_or_none()
        row = row or CustomerAddressRow(customer_id=customer_id, kind=kind.value)
        for part in ("street", "house_number", "postcode", "city", "country"):
            setattr(row, part, getattr(address, part))
        self._session.add(row)
        return row

    async def count_links(self, email: str, purposes: Collection[LinkPurpose], *, since: datetime) -> int:
        """How many links of these kinds were made for an address after a moment."""
        query = (
            select(func.count())
            .select_from(AccountLinkRow)
            .where(
                AccountLinkRow.email == email,
                AccountLinkRow.purpose.in_([purpose.value for purpose in purposes]),
                AccountLinkRow.created_at > since,
            )
        )
        return await self._session.scalar(query) or 0

    async def find_link(self, link_id: UUID, *, lock: bool = False) -> AccountLinkRow | None:
        """The link, or None; locked, nobody else uses it at the same time."""
        query = select(AccountLinkRow).where(AccountLinkRow.id == link_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(query)).one_or_none()

    async def find_email_change(self, link_id: UUID) -> EmailChangeRow | None:
        """The change of address that a link is one half of, locked; None when it is of none."""
        of_it = or_(EmailChangeRow.old_link_id == link_id, EmailChangeRow.new_link_id == link_id)
        query = select(EmailChangeRow).where(of_it).with_for_update()
        found = await self._session.scalars(query.execution_options(populate_existing=True))
        return found.one_or_none()

    async def drop_open_email_changes(self, customer_id: int, *, at: datetime) -> None:
        """Forget the customer's wishes for an address that are not done; their links work no longer."""
        query = select(EmailChangeRow).where(
            EmailChangeRow.customer_id == customer_id, EmailChangeRow.done_at.is_(None)
        )
        changes = (await self._session.scalars(query)).all()
        links = [link for change in changes for link in (change.old_link_id, change.new_link_id)]
        for change in changes:
            await self._session.delete(change)
        # The links stay, because they count among those of a day.
        of_them = AccountLinkRow.id.in_(links), AccountLinkRow.used_at.is_(None)
        await self._session.execute(update(AccountLinkRow).where(*of_them).values(expires_at=at))

    async def forget_expired_links(self, before: datetime) -> int:
        """Remove links that nobody can use since a moment, with what was never done with them."""
        query = delete(AccountLinkRow).where(AccountLinkRow.expires_at < before)
        return len((await self._session.scalars(query.returning(AccountLinkRow.id))).all())
