"""Queries on returns that a carrier is told of. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from balie.customers.models import CustomerRow
from balie.orders.kinds import ReturnMethod
from balie.orders.models import OrderRow, ReturnLineRow, ReturnRow
from balie.parcels.kinds import AnnouncementState
from balie.parcels.models import ParcelAnnouncementRow, SimulatedParcelRow
from balie.storage.unit_of_work import Session

_BY_CARRIER = (ReturnMethod.PARCEL.value, ReturnMethod.PICK_UP.value)


class ParcelRepository:
    """Finds and claims, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def list_untold(self, since: datetime) -> Sequence[ReturnRow]:
        """Returns since a moment that are still with the customer and that no carrier was told of."""
        told = select(ParcelAnnouncementRow.id).where(ParcelAnnouncementRow.return_id == ReturnRow.id)
        query = (
            select(ReturnRow)
            .where(
                ReturnRow.announced_at >= since,
                ReturnRow.method.in_(_BY_CARRIER),
                ReturnRow.sent_at.is_(None),
                ReturnRow.received_at.is_(None),
                ~told.exists(),
            )
            .order_by(ReturnRow.id)
        )
        return (await self._session.scalars(query)).all()

    async def want(self, return_id: int, key: str, now: datetime) -> None:
        """Write down that the carrier has to be told; nothing happens when that was written before."""
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        row = {"return_id": return_id, "key": key, "created_at": now, "due_at": now, "attempts": 0}
        insertion = dialect.insert(ParcelAnnouncementRow).values(**row, state=AnnouncementState.WANTED.value)
        await self._session.execute(insertion.on_conflict_do_nothing())

    async def claim_due(self, now: datetime, *, until: datetime) -> ParcelAnnouncementRow | None:
        """What the carrier should have been told longest; nobody else gets it before ``until``.

        Returns:
            None when there is nothing to tell.
        """
        is_free = or_(
            ParcelAnnouncementRow.claimed_until.is_(None), ParcelAnnouncementRow.claimed_until <= now
        )
        query = (
            select(ParcelAnnouncementRow)
            .where(
                ParcelAnnouncementRow.state == AnnouncementState.WANTED.value,
                ParcelAnnouncementRow.due_at <= now,
                is_free,
            )
            .order_by(ParcelAnnouncementRow.due_at, ParcelAnnouncementRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (await self._session.scalars(query)).first()
        if row is not None:
            row.claimed_until = until
            row.attempts += 1
        return row

    async def find_sender(self, returned: ReturnRow) -> tuple[OrderRow, CustomerRow | None]:
        """The order that a return is of, and whose it is."""
        order = await self._session.get_one(OrderRow, returned.order_id)
        return order, await self._session.get(CustomerRow, order.customer_id)

    async def count_pieces(self, return_id: int) -> int:
        """How many items are in a return."""
        query = select(func.sum(ReturnLineRow.quantity)).where(ReturnLineRow.return_id == return_id)
        return int(await self._session.scalar(query) or 0)

    async def find_simulated(self, key: str) -> SimulatedParcelRow | None:
        """What the simulated carrier knows under a key, or None."""
        query = select(SimulatedParcelRow).where(SimulatedParcelRow.key == key)
        return (await self._session.scalars(query)).first()
