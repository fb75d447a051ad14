"""Puts letters into the outbox and takes them out again, within one session.

A letter is sent **at least once**. Two processes never send the same one side by side: a claim lasts for a
while and is seen by all. But whoever dies after the mail server took a letter and before that is written
down leaves it claimed, and it is sent again when the claim has run out: SMTP knows no transaction that could
hold both. Every try bears the same Message-ID, made of the key, so that mail programs can tell.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from balie.outbox.back_off import next_try
from balie.outbox.letters import ClaimedLetter, Letter, LetterState, Paper
from balie.outbox.models import LONGEST_KEY, OutboxLetterRow
from balie.storage.unit_of_work import Session

# The table instead of the mapped class: nothing here is tracked or flushed, every statement is what it says.
_letters: Any = OutboxLetterRow.__table__

# Written out in the statement, because a partial index is not found by a bound value.
_is_waiting: Any = _letters.c.state == literal(LetterState.WAITING.value, literal_execute=True)


class OutboxRepository:
    """The outbox, within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def put(
        self, letter: Letter, *, key: str, at: datetime, not_before: datetime | None = None
    ) -> bool:
        """Promise a letter: it is sent if, and only if, the caller's transaction is committed.

        Ring the post room afterwards (:class:`balie.outbox.letters.PostBell`), outside the transaction.

        Args:
            letter: What to tell whom.
            key: Of the promise, at most 120 characters and nothing personal; the same key is the same letter.
            at: The present moment.
            not_before: When to send it; None for at once.

        Returns:
            False when there is a letter of this key already; nothing was changed then.

        Raises:
            ValueError: The key is too long.
        """
        if len(key) > LONGEST_KEY:
            raise ValueError(f"A key has at most {LONGEST_KEY} characters.")
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        insertion = dialect.insert(_letters).values(**_columns_of(letter), key=key, created_at=at)
        insertion = insertion.values(due_at=not_before or at, attempts=0, state=LetterState.WAITING.value)
        once = insertion.on_conflict_do_nothing(index_elements=["key"])
        return (await self._session.execute(once.returning(_letters.c.id))).first() is not None

    async def claim_due(self, now: datetime, *, lease: timedelta) -> ClaimedLetter | None:
        """The letter that is due longest and that nobody else is sending; None when there is none.

        Args:
            now: The present moment.
            lease: How long nobody else gets it; has to be longer than sending may take.
        """
        is_free = or_(_letters.c.claimed_until.is_(None), _letters.c.claimed_until <= now)
        due = (
            select(_letters.c.id)
            .where(_is_waiting, _letters.c.due_at <= now, is_free)
            .order_by(_letters.c.due_at, _letters.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(_letters)
            .where(_letters.c.id == due.scalar_subquery())
            .values(claimed_until=now + lease, attempts=_letters.c.attempts + 1)
            .returning(_letters)
        )
        row = (await self._session.execute(claim)).first()
        return None if row is None else _claimed_from(row)

    async def mark_sent(self, claimed: ClaimedLetter, *, at: datetime) -> None:
        """Write down that the mail server took a letter; true even when the claim has run out meanwhile."""
        await self._session.execute(
            update(_letters)
            .where(_letters.c.id == claimed.id, _letters.c.state != LetterState.SENT.value)
            .values(state=LetterState.SENT.value, sent_at=at, claimed_until=None)
        )

    async def mark_failed(
        self, claimed: ClaimedLetter, trouble: str, *, at: datetime, permanent: bool = False
    ) -> LetterState:
        """Write down that a letter was not sent, and when to try again.

        Args:
            claimed: As it was claimed. Nothing is written when somebody else has claimed it since.
            trouble: A code; nothing personal.
            at: The present moment.
            permanent: Whether trying again is no use.

        Returns:
            ``waiting``, or ``given_up`` when trying again is no use or was tried often enough.
        """
        again_at = None if permanent else next_try(claimed.attempts, at)
        state = LetterState.GIVEN_UP if again_at is None else LetterState.WAITING
        await self._session.execute(
            update(_letters)
            .where(
                _letters.c.id == claimed.id, _is_waiting, _letters.c.claimed_until == claimed.claimed_until
            )
            .values(state=state.value, due_at=again_at or at, claimed_until=None, trouble=trouble)
        )
        return state

    async def forget_old(self, before: datetime) -> int:
        """Take everything personal out of letters that were sent, or given up, before a moment.

        The key stays, so that a promise of long ago is not sent again.

        Returns:
            How many letters were emptied.
        """
        ended_at = func.coalesce(_letters.c.sent_at, _letters.c.due_at)
        emptied = await self._session.execute(
            update(_letters)
            .where(
                _letters.c.state != LetterState.WAITING.value, ended_at < before, _letters.c.recipient != ""
            )
            .values(recipient="", facts={}, papers=[])
        )
        return cast("CursorResult[Any]", emptied).rowcount


def _columns_of(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.name,
        "recipient": letter.recipient,
        "language": letter.language,
        "facts": dict(letter.facts),
        "papers": [{"kind": paper.kind, "number": paper.number} for paper in letter.papers],
        "customer_id": letter.customer_id,
    }


def _claimed_from(row: Any) -> ClaimedLetter:
    papers = tuple(Paper(paper["kind"], paper["number"]) for paper in row.papers)
    letter = Letter(row.letter, row.recipient, row.language, row.facts, papers, row.customer_id)
    return ClaimedLetter(row.id, row.key, letter, row.attempts, row.claimed_until)
