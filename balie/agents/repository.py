"""Queries on accounts and sessions of the desk. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError

from balie.agents.errors import EmailTakenError
from balie.agents.kinds import Role
from balie.agents.models import AgentRow, AgentSessionRow
from balie.storage.unit_of_work import Session


class AgentRepository:
    """Accounts, within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def find(self, agent_id: int) -> AgentRow | None:
        """The account with this number, or None."""
        return await self._session.get(AgentRow, agent_id)

    async def find_by_email(self, email: str) -> AgentRow | None:
        """The account with this address in lower case, or None."""
        return (await self._session.scalars(select(AgentRow).where(AgentRow.email == email))).one_or_none()

    async def lock(self, agent_id: int) -> AgentRow | None:
        """The account, which nobody else changes until the transaction ends; None when there is none."""
        query = select(AgentRow).where(AgentRow.id == agent_id).with_for_update()
        return (await self._session.scalars(query)).one_or_none()

    async def lock_admins(self) -> Sequence[AgentRow]:
        """Everybody who may look after the accounts, kept so until the transaction ends."""
        query = (
            select(AgentRow)
            .where(AgentRow.role == Role.ADMIN.value, AgentRow.active.is_(True))
            .order_by(AgentRow.id)
            .with_for_update()
        )
        return (await self._session.scalars(query)).all()

    async def list_all(self) -> Sequence[AgentRow]:
        """Every account, those that are closed too, in the order in which they were made."""
        return (await self._session.scalars(select(AgentRow).order_by(AgentRow.id))).all()

    async def add(self, row: AgentRow) -> None:
        """Add an account.

        Raises:
            EmailTakenError: Another one has its address.
        """
        self._session.add(row)
        await self.flush()

    async def flush(self) -> None:
        """Write what was changed.

        Raises:
            EmailTakenError: Another account has the address.
        """
        try:
            await self._session.flush()
        except IntegrityError as error:
            # The address is the only thing here that has to be the only one of its kind.
            raise EmailTakenError from error

    async def update(self, agent_id: int, values: Mapping[str, Any]) -> bool:
        """Set columns of an account that is open; False when there is none."""
        query = update(AgentRow).where(AgentRow.id == agent_id, AgentRow.active.is_(True)).values(**values)
        return await _changed(self._session, query) == 1


class SessionRepository:
    """Sessions, within the caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: AgentSessionRow) -> None:
        """Add a session."""
        self._session.add(row)

    async def find_with_agent(self, token_digest: str) -> tuple[AgentSessionRow, AgentRow] | None:
        """The session of a token, with whose it is, over or not; None when there is none."""
        query = (
            select(AgentSessionRow, AgentRow)
            .join(AgentRow, AgentRow.id == AgentSessionRow.agent_id)
            .where(AgentSessionRow.token_digest == token_digest)
        )
        found = (await self._session.execute(query)).first()
        return None if found is None else (found[0], found[1])

    async def list_of(self, agent_id: int, *, not_over: datetime) -> Sequence[AgentSessionRow]:
        """Sessions that were neither revoked nor have expired at a moment, the last seen first."""
        query = (
            select(AgentSessionRow)
            .where(
                AgentSessionRow.agent_id == agent_id,
                AgentSessionRow.revoked_at.is_(None),
                AgentSessionRow.expires_at > not_over,
            )
            .order_by(AgentSessionRow.last_seen_at.desc(), AgentSessionRow.id.desc())
        )
        return (await self._session.scalars(query)).all()

    async def touch(self, session_id: int, now: datetime) -> None:
        """Write down a visit."""
        query = update(AgentSessionRow).where(
            AgentSessionRow.id == session_id, AgentSessionRow.last_seen_at < now
        )
        await self._session.execute(query.values(last_seen_at=now))

    async def revoke(self, now: datetime, **whose: Any) -> int:
        """End the sessions whose columns have these values; answers how many were still open."""
        conditions = [getattr(AgentSessionRow, column) == value for column, value in whose.items()]
        return await self._revoke(now, conditions)

    async def revoke_all_but(self, agent_id: int, token_digest: str | None, now: datetime) -> int:
        """End every session of somebody, but that of one token; answers how many were still open."""
        conditions = [AgentSessionRow.agent_id == agent_id]
        if token_digest is not None:
            conditions.append(AgentSessionRow.token_digest != token_digest)
        return await self._revoke(now, conditions)

    async def forget_before(self, moment: datetime) -> int:
        """Delete sessions that had expired by a moment; answers how many."""
        return await _changed(
            self._session, delete(AgentSessionRow).where(AgentSessionRow.expires_at < moment)
        )

    async def _revoke(self, now: datetime, conditions: Sequence[Any]) -> int:
        query = update(AgentSessionRow).where(AgentSessionRow.revoked_at.is_(None), *conditions)
        return await _changed(self._session, query.values(revoked_at=now))


async def _changed(session: Session, statement: Any) -> int:
    # Nothing that was read before is changed by these, so there is nothing to bring up to date.
    done = await session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount
