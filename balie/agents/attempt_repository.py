"""Queries on tries to sign in. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, insert, or_, select, update

from balie.agents.models import SignInAttemptRow
from balie.storage.unit_of_work import Session

# A table instead of a mapped class: nothing here is tracked or flushed, every statement is what it says.
_attempts: Any = SignInAttemptRow.__table__


@dataclass(frozen=True, slots=True)
class Tried:
    """Who tries, and from where, as it is stored."""

    email_digest: str
    address_digest: str


class AttemptRepository:
    """Tries to sign in, within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def add(self, tried: Tried, at: datetime) -> int:
        """Write down a try, as one that failed; its number."""
        row = insert(_attempts).values(
            email_digest=tried.email_digest,
            address_digest=tried.address_digest,
            succeeded=False,
            created_at=at,
        )
        return cast("int", (await self._session.execute(row.returning(_attempts.c.id))).scalar_one())

    async def mark_succeeded(self, attempt_id: int) -> None:
        """It did not fail after all."""
        await self._session.execute(
            update(_attempts).where(_attempts.c.id == attempt_id).values(succeeded=True)
        )

    async def take_back(self, attempt_id: int) -> None:
        """It was no try: nobody looked at it."""
        await self._session.execute(delete(_attempts).where(_attempts.c.id == attempt_id))

    async def find_last_success(self, tried: Tried, *, since: datetime) -> int | None:
        """The number of the last time that it was this person at this address, or None."""
        query = select(func.max(_attempts.c.id)).where(
            _of_email(tried),
            _of_address(tried),
            _attempts.c.succeeded.is_(True),
            _attempts.c.created_at >= since,
        )
        return cast("int | None", await self._session.scalar(query))

    async def list_failures_here(
        self, tried: Tried, *, after: int, but: int | None, most: int
    ) -> Sequence[datetime]:
        """When this person failed at this address after a try, newest first."""
        condition = and_(_of_email(tried), _of_address(tried), _attempts.c.id > after)
        return await self._list_failures(condition, but, most)

    async def list_failures_of_email(
        self, tried: Tried, *, since: datetime, but: int | None, most: int
    ) -> Sequence[datetime]:
        """When somebody failed under this e-mail address, anywhere, newest first."""
        return await self._list_failures(and_(_of_email(tried), _attempts.c.created_at >= since), but, most)

    async def list_failures_at_address(
        self, tried: Tried, *, since: datetime, but: int | None, most: int
    ) -> Sequence[datetime]:
        """When anybody failed at this network address, newest first."""
        return await self._list_failures(and_(_of_address(tried), _attempts.c.created_at >= since), but, most)

    async def forget(self, *, failures_before: datetime, successes_before: datetime) -> int:
        """Delete what counts no longer; answers how many."""
        is_old = or_(
            and_(_attempts.c.succeeded.is_(False), _attempts.c.created_at < failures_before),
            _attempts.c.created_at < successes_before,
        )
        done = await self._session.execute(delete(_attempts).where(is_old))
        return cast("CursorResult[Any]", done).rowcount

    async def _list_failures(
        self, condition: ColumnElement[bool], but: int | None, most: int
    ) -> Sequence[datetime]:
        query = select(_attempts.c.created_at).where(condition, _attempts.c.succeeded.is_(False))
        if but is not None:
            query = query.where(_attempts.c.id != but)
        newest = query.order_by(_attempts.c.created_at.desc()).limit(most)
        return cast("Sequence[datetime]", (await self._session.scalars(newest)).all())


def _of_email(tried: Tried) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", _attempts.c.email_digest == tried.email_digest)


def _of_address(tried: Tried) -> ColumnElement[bool]:
    return cast("ColumnElement[bool]", _attempts.c.address_digest == tried.address_digest)
