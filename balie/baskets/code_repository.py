"""Finds discount codes and gift cards, and counts who tries and uses them. Decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.baskets.models import (
    BasketDiscountRow,
    CodeAttemptsRow,
    DiscountCodeRow,
    DiscountCodeUseRow,
    GiftCardEntryRow,
    GiftCardRow,
)
from balie.storage.unit_of_work import Session


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A gift card, and what is left on it."""

    card: GiftCardRow
    balance_minor: int


class CodeRepository:
    """Finds, enters and counts codes, within one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find_code(self, code: str) -> DiscountCodeRow | None:
        """The discount code, or None."""
        query = select(DiscountCodeRow).where(DiscountCodeRow.code == code)
        return (await self._session.scalars(query)).one_or_none()

    async def list_entered(self, basket_id: int) -> Sequence[DiscountCodeRow]:
        """The codes in a basket, in the order in which they were entered."""
        query = (
            select(DiscountCodeRow)
            .join(BasketDiscountRow, BasketDiscountRow.code_id == DiscountCodeRow.id)
            .where(BasketDiscountRow.basket_id == basket_id)
            .order_by(BasketDiscountRow.added_at, DiscountCodeRow.id)
        )
        return (await self._session.scalars(query)).all()

    async def find_used(self, code_ids: Collection[int], customer_id: int | None) -> frozenset[int]:
        """Those of these codes that the customer has used before; none for a stranger."""
        if customer_id is None or not code_ids:
            return frozenset()
        query = select(DiscountCodeUseRow.code_id).where(
            DiscountCodeUseRow.code_id.in_(code_ids), DiscountCodeUseRow.customer_id == customer_id
        )
        return frozenset((await self._session.scalars(query)).all())

    async def enter(self, basket_id: int, code_id: int, now: datetime) -> None:
        """Put a code into a locked basket; nothing happens when it is there."""
        if await self._session.get(BasketDiscountRow, (basket_id, code_id)) is None:
            self._session.add(BasketDiscountRow(basket_id=basket_id, code_id=code_id, added_at=now))
            await self._session.flush()

    async def take_out(self, basket_id: int, code: str | None) -> None:
        """Take one code out of a basket, or all of them (None)."""
        leaving = BasketDiscountRow.basket_id == basket_id
        if code is not None:
            named = select(DiscountCodeRow.id).where(DiscountCodeRow.code == code).scalar_subquery()
            leaving &= BasketDiscountRow.code_id.in_(named)
        await self._session.execute(delete(BasketDiscountRow).where(leaving))

    async def record_uses(
        self, code_ids: Collection[int], *, basket_id: int, customer_id: int | None, now: datetime
    ) -> None:
        """Count an order for each of these codes."""
        # In this order everywhere, so that nobody waits for somebody who waits for them.
        for code_id in sorted(code_ids):
            counted = update(DiscountCodeRow).where(DiscountCodeRow.id == code_id)
            await self._session.execute(counted.values(uses=DiscountCodeRow.uses + 1))
            self._session.add(
                DiscountCodeUseRow(code_id=code_id, customer_id=customer_id, basket_id=basket_id, used_at=now)
            )

    async def find_card(self, digest: str) -> CardRecord | None:
        """The gift card with this digest and its balance, or None."""
        moved = func.coalesce(func.sum(GiftCardEntryRow.amount_minor), 0)
        query = (
            select(GiftCardRow, moved)
            .outerjoin(GiftCardEntryRow, GiftCardEntryRow.card_id == GiftCardRow.id)
            .where(GiftCardRow.code_digest == digest)
            .group_by(GiftCardRow.id)
        )
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else CardRecord(row[0], row[0].initial_minor + int(row[1]))

    async def count_attempt(self, conversation_id: UUID, now: datetime, *, since: datetime) -> int:
        """Count one wrong code, *before* it is looked at; whoever tries at the same time waits here.

        Args:
            conversation_id: Where it is tried.
            now: The present moment.
            since: What was tried in a series that began before this does not count any more.

        Returns:
            How many wrong ones there are with this one.
        """
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        table = CodeAttemptsRow
        is_over = table.began_at <= since
        first = dialect.insert(table).values(conversation_id=conversation_id, began_at=now, failed=1)
        counted = first.on_conflict_do_update(
            index_elements=[table.conversation_id],
            set_={
                "began_at": case((is_over, first.excluded.began_at), else_=table.began_at),
                "failed": case((is_over, 1), else_=table.failed + 1),
            },
        )
        tried: int = (await self._session.execute(counted.returning(table.failed))).scalar_one()
        return tried

    async def forgive_attempt(self, conversation_id: UUID) -> None:
        """Take back the last count: the code was a real one."""
        counted = CodeAttemptsRow.conversation_id == conversation_id
        fewer = update(CodeAttemptsRow).where(counted).values(failed=CodeAttemptsRow.failed - 1)
        await self._session.execute(fewer)

    async def forget_attempts(self, older_than: datetime) -> int:
        """Remove counts that no limit asks for any more; answers how many."""
        query = delete(CodeAttemptsRow).where(CodeAttemptsRow.began_at < older_than)
        return len((await self._session.scalars(query.returning(CodeAttemptsRow.conversation_id))).all())
