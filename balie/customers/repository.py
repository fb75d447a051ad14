"""Queries on customers. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie.customers.kinds import AddressKind
from balie.customers.models import (
    ChannelIdentityRow,
    CustomerAddressRow,
    CustomerRow,
    LoyaltyAccountRow,
    LoyaltyEntryRow,
)


class CustomerRepository:
    """Finds customers and what belongs to them, within one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find_by_id(self, customer_id: int) -> CustomerRow | None:
        """The customer, or None."""
        return await self._session.get(CustomerRow, customer_id)

    async def find_by_external_id(self, external_id: str) -> CustomerRow | None:
        """The customer with the shop's own number, or None."""
        found = await self._session.scalars(select(CustomerRow).where(CustomerRow.external_id == external_id))
        return found.one_or_none()

    async def find_by_email(self, email: str) -> CustomerRow | None:
        """The customer with this normalised address, or None; of several, the one who registered last."""
        query = (
            select(CustomerRow)
            .where(CustomerRow.email == email)
            .order_by(CustomerRow.registered_at.desc(), CustomerRow.id.desc())
            .limit(1)
        )
        return (await self._session.scalars(query)).one_or_none()

    async def find_by_channel_identity(self, channel: str, identity: str) -> CustomerRow | None:
        """The customer who is known by this name in this channel, or None."""
        query = (
            select(CustomerRow)
            .join(ChannelIdentityRow)
            .where(ChannelIdentityRow.channel == channel, ChannelIdentityRow.identity == identity)
        )
        return (await self._session.scalars(query)).one_or_none()

    async def list_addresses(self, customer_id: int) -> Sequence[CustomerAddressRow]:
        """Every address; at most one of each kind."""
        query = select(CustomerAddressRow).where(CustomerAddressRow.customer_id == customer_id)
        return (await self._session.scalars(query)).all()

    async def find_address(self, customer_id: int, kind: AddressKind) -> CustomerAddressRow | None:
        """The customer's address of one kind, or None."""
        query = select(CustomerAddressRow).where(
            CustomerAddressRow.customer_id == customer_id, CustomerAddressRow.kind == kind
        )
        return (await self._session.scalars(query)).one_or_none()

    async def find_loyalty_account(self, customer_id: int) -> LoyaltyAccountRow | None:
        """The membership, or None."""
        return await self._session.get(LoyaltyAccountRow, customer_id)

    async def list_loyalty_entries(self, customer_id: int) -> Sequence[LoyaltyEntryRow]:
        """Every change of the points, oldest first."""
        query = (
            select(LoyaltyEntryRow)
            .where(LoyaltyEntryRow.customer_id == customer_id)
            .order_by(LoyaltyEntryRow.recorded_at, LoyaltyEntryRow.id)
        )
        return (await self._session.scalars(query)).all()
