"""Every query that a card needs and nobody else has asked before, within one session. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Select, func, or_, select

from balie.agents.models import AgentRow
from balie.cases.kinds import CaseState
from balie.cases.models import CaseRow
from balie.conversations.models import ConversationRow, MessageRow
from balie.customers.models import ConsentRow
from balie.handoff.bands import Purchases
from balie.handoff.models import HandoffRow, NoteRow
from balie.handoff.rows import handoff_from
from balie.handoff.views import Handoff
from balie.kernel.ids import ConversationId
from balie.orders.models import InvoiceRow, OrderRow, PaymentRow, RefundRow, ReturnRow
from balie.storage.unit_of_work import Session

RowType = TypeVar("RowType")

MOST_MESSAGES: Final = 80
"""So far back a card looks: further than anybody scrolls while a customer waits."""
MOST_NOTES: Final = 20

_messages: Any = MessageRow.__table__


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A note, and the display name of who wrote it (None: at another desk)."""

    note: NoteRow
    author: str | None


class CardRepository:
    """Finds what belongs to a conversation and its customer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_conversation(self, conversation_id: ConversationId) -> ConversationRow | None:
        """The conversation, or None."""
        return await self._session.get(ConversationRow, conversation_id)

    async def list_messages(self, conversation_id: ConversationId) -> list[Any]:
        """The last messages, oldest first, column by column."""
        newest = (
            select(_messages)
            .where(_messages.c.conversation_id == conversation_id)
            .order_by(_messages.c.sequence.desc())
            .limit(MOST_MESSAGES)
        )
        return list(await self._session.execute(newest))[::-1]

    async def find_handoff(self, conversation_id: ConversationId) -> Handoff | None:
        """The handoff that is open, else the last one; None when there never was one."""
        query = (
            select(HandoffRow)
            .where(HandoffRow.conversation_id == conversation_id)
            .order_by(HandoffRow.ended_at.is_(None).desc(), HandoffRow.requested_at.desc())
            .limit(1)
        )
        row = (await self._session.scalars(query)).one_or_none()
        return None if row is None else handoff_from(row)

    async def list_notes(self, conversation_id: ConversationId) -> list[NoteRecord]:
        """The last notes, oldest first."""
        newest = (
            select(NoteRow, AgentRow.display_name)
            .outerjoin(AgentRow, AgentRow.id == NoteRow.agent_id)
            .where(NoteRow.conversation_id == conversation_id)
            .order_by(NoteRow.created_at.desc(), NoteRow.id)
            .limit(MOST_NOTES)
        )
        return [NoteRecord(note, author) for note, author in await self._session.execute(newest)][::-1]

    async def find_earlier(self, conversation: ConversationRow) -> tuple[int, datetime | None]:
        """How many conversations this customer had before this one, and when the last of them ended."""
        earlier = select(func.count(), func.max(ConversationRow.last_active_at)).where(
            ConversationRow.customer_id == conversation.customer_id,
            ConversationRow.id != conversation.id,
            ConversationRow.created_at <= conversation.created_at,
        )
        count, last_at = (await self._session.execute(earlier)).one()
        return count, last_at

    async def find_purchases(self, customer_id: int, currency: str) -> Purchases:
        """What somebody paid in all in one currency, less what went back."""
        own = (OrderRow.customer_id == customer_id, OrderRow.currency == currency)
        paid = (
            select(func.sum(PaymentRow.amount_minor), func.max(OrderRow.placed_at))
            .join(OrderRow, OrderRow.id == PaymentRow.order_id)
            .where(*own, PaymentRow.paid_at.is_not(None))
        )
        back = (
            select(func.sum(RefundRow.amount_minor))
            .join(OrderRow, OrderRow.id == RefundRow.order_id)
            .where(*own, RefundRow.paid_at.is_not(None))
        )
        paid_minor, last_at = (await self._session.execute(paid)).one()
        back_minor = await self._session.scalar(back)
        return Purchases(int(paid_minor or 0) - int(back_minor or 0), last_at)

    async def list_consents(self, customer_id: int) -> dict[str, bool]:
        """The newest answer by purpose."""
        query = (
            select(ConsentRow.purpose, ConsentRow.granted)
            .where(ConsentRow.customer_id == customer_id)
            .order_by(ConsentRow.recorded_at, ConsentRow.id)
        )
        rows = (await self._session.execute(query)).all()
        return {row.purpose: row.granted for row in rows}

    async def list_orders(
        self, customer_id: int, named: Collection[str], *, only: str | None, limit: int
    ) -> list[OrderRow]:
        """The newest orders of one customer, newest first, and after them those named that are older.

        Args:
            customer_id: Whose orders; a number of somebody else's finds nothing.
            named: Numbers that were talked about.
            only: The one order that may be seen; None when all may.
            limit: How many of the newest.
        """
        own = select(OrderRow).where(OrderRow.customer_id == customer_id)
        if only is not None:
            return list(await self._all(own.where(OrderRow.number == only)))
        newest = list(
            await self._all(own.order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(limit))
        )
        missing = set(named) - {order.number for order in newest}
        older = await self._all(own.where(OrderRow.number.in_(missing))) if missing else []
        return [*newest, *sorted(older, key=lambda order: order.placed_at, reverse=True)]

    async def list_refunds(
        self, order_ids: Collection[int]
    ) -> list[tuple[RefundRow, OrderRow, ReturnRow | None]]:
        """The refunds of these orders with order and return, newest first."""
        query = (
            select(RefundRow, OrderRow, ReturnRow)
            .join(OrderRow, OrderRow.id == RefundRow.order_id)
            .outerjoin(ReturnRow, ReturnRow.id == RefundRow.return_id)
            .where(RefundRow.order_id.in_(order_ids))
            .order_by(RefundRow.asked_at.desc(), RefundRow.id.desc())
        )
        return [(refund, order, back) for refund, order, back in await self._session.execute(query)]

    async def list_open_cases(
        self, conversation_id: ConversationId, *, customer_id: int | None, order_ids: Collection[int] = ()
    ) -> Sequence[CaseRow]:
        """Open cases, the one that was promised first first.

        Args:
            conversation_id: Whose cases are always among them, as long as they are nobody else's.
            customer_id: All of this customer's; None when not all may be seen.
            order_ids: All about these orders.
        """
        here = CaseRow.conversation_id == conversation_id
        unclaimed = here & CaseRow.customer_id.is_(None)
        whose: list[Any] = [unclaimed, CaseRow.order_id.in_(order_ids)]
        if customer_id is not None:
            whose.append(CaseRow.customer_id == customer_id)
        query = select(CaseRow).where(or_(*whose), CaseRow.state == CaseState.OPEN.value)
        return await self._all(query.order_by(CaseRow.promised_by, CaseRow.id))

    async def list_invoiced(self, order_ids: Collection[int]) -> frozenset[int]:
        """Those of the orders that have an invoice."""
        query = select(InvoiceRow.order_id).where(
            InvoiceRow.order_id.in_(order_ids), InvoiceRow.kind == "invoice"
        )
        return frozenset((await self._session.scalars(query)).all())

    async def _all(self, query: Select[RowType]) -> Sequence[RowType]:
        return (await self._session.scalars(query)).all()
