"""Opens cases and finds them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from balie.cases.kinds import CaseKind, CaseState
from balie.cases.models import CaseRow
from balie.cases.rules import case_number
from balie.cases.views import NewCase
from balie.storage.unit_of_work import Session


class CaseRepository:
    """Works within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def open(self, case: NewCase, *, at: datetime) -> CaseRow:
        """Write a case down; its number is known afterwards."""
        row = CaseRow(
            # Until the database has numbered it; nobody else sees it before the transaction ends.
            number=uuid4().hex[:20],
            kind=case.kind.value,
            state=CaseState.OPEN.value,
            customer_id=case.customer_id,
            order_id=case.order_id,
            conversation_id=case.conversation_id,
            message_id=case.message_id,
            opened_at=at,
            promised_by=case.promised_by,
            wants_person=case.wants_person,
            remedy=None if case.remedy is None else case.remedy.value,
            story=case.story,
            facts=dict(case.facts),
        )
        self._session.add(row)
        await self._session.flush()
        row.number = case_number(row.id)
        await self._session.flush()
        return row

    async def count_open(self, kind: CaseKind, customer_id: int | None, conversation_id: UUID) -> int:
        """How many cases of a kind are open: of the customer, or of the conversation of somebody unknown."""
        whose = (
            CaseRow.conversation_id == conversation_id
            if customer_id is None
            else CaseRow.customer_id == customer_id
        )
        conditions = (whose, CaseRow.kind == kind.value, CaseRow.state == CaseState.OPEN.value)
        return await self._session.scalar(select(func.count()).select_from(CaseRow).where(*conditions)) or 0

    async def list_open_of_order(self, order_id: int) -> Sequence[CaseRow]:
        """The open cases about an order, oldest first."""
        query = select(CaseRow).where(CaseRow.order_id == order_id, CaseRow.state == CaseState.OPEN.value)
        return (await self._session.scalars(query.order_by(CaseRow.id))).all()

    async def list_open(self) -> Sequence[CaseRow]:
        """Every open case, the one that was promised first first."""
        query = select(CaseRow).where(CaseRow.state == CaseState.OPEN.value)
        return (await self._session.scalars(query.order_by(CaseRow.promised_by, CaseRow.id))).all()

    async def find_by_number(self, number: str) -> CaseRow | None:
        """The case with this number, kept as it is until the transaction ends; None when there is none."""
        query = select(CaseRow).where(CaseRow.number == number).with_for_update()
        return (await self._session.scalars(query)).first()
