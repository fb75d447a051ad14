"""One-time codes that a test can foresee, and what the post room is to send."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from balie.conversations.models import OneTimeCodeRow
from balie.outbox.models import OutboxLetterRow
from balie.storage.unit_of_work import UnitOfWork


class CodeBook:
    """Makes codes and remembers them; is the bell of the post room as well."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.rings = 0

    def __call__(self) -> str:
        self.codes.append(f"{482913 + len(self.codes)}")
        return self.codes[-1]

    def ring(self) -> None:
        self.rings += 1


async def list_letters(unit_of_work: UnitOfWork) -> list[OutboxLetterRow]:
    """Everything in the outbox, oldest first."""
    async with unit_of_work.read() as session:
        return list(await session.scalars(select(OutboxLetterRow).order_by(OutboxLetterRow.id)))


async def list_codes(unit_of_work: UnitOfWork) -> list[dict[str, Any]]:
    """Every stored code, column by column, oldest first."""
    table: Any = OneTimeCodeRow.__table__
    async with unit_of_work.read() as session:
        rows = await session.execute(select(table).order_by(table.c.id))
        return [dict(row) for row in rows.mappings()]
