"""Letters for tests, and what a test wants to know of them afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from balie.outbox.letters import Letter
from balie.outbox.models import OutboxLetterRow
from balie.storage.unit_of_work import UnitOfWork

CODE_LETTER = "letter_one_time_code"
RECIPIENT = "sanne@voorbeeld.example"


def code_letter(**changes: Any) -> Letter:
    """A letter without fault; ``changes`` replace its parts."""
    usual = {
        "name": CODE_LETTER,
        "recipient": RECIPIENT,
        "language": "nl",
        "facts": {"code": "048213", "minutes": 10},
    }
    return Letter(**{**usual, **changes})


async def stored_letters(unit_of_work: UnitOfWork) -> list[OutboxLetterRow]:
    """Every letter of the outbox, in the order in which they were put there."""
    async with unit_of_work.read() as session:
        return list(await session.scalars(select(OutboxLetterRow).order_by(OutboxLetterRow.id)))
