"""Who answers at the desk: signing in and out, accounts, presence.

Knows nothing of conversations: what becomes of those that somebody has who leaves is for others to say.
"""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime

from balie.agents.accounts import DeskRules, columns_of, normalise_email, view_of
from balie.agents.doorkeeper import Doorkeeper
from balie.agents.errors import (
    AgentNotFoundError,
    LastAdminError,
    PasswordWrongError,
    SessionNotFoundError,
    SignInRefusedError,
)
from balie.agents.kinds import Presence, Role
from balie.agents.models import AgentRow, AgentSessionRow
from balie.agents.passwords import Passwords, check_password
from balie.agents.repository import AgentRepository, SessionRepository
from balie.agents.sessions import (
    LASTS,
    digest_of,
    is_alive,
    is_worth_a_touch,
    make_token,
    name_of_device,
)
from balie.agents.views import AgentChanges, AgentView, NewAgent, SessionView, SignedIn
from balie.kernel.clock import Clock, utc_now
from balie.storage.errors import StoreUnavailableError
from balie.storage.unit_of_work import Session, UnitOfWork

log = logging.getLogger(__name__)


class AgentService:
    """Accounts of the desk and their sessions. The log says who did what by number, never by name."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        secret: str,
        *,
        rules: DeskRules | None = None,
        passwords: Passwords | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Build it.

        Args:
            unit_of_work: The store.
            secret: The service's own; who tried to sign in is stored sealed with it.
            rules: What accounts may hold; None: any language, topic and team.
            passwords: How they are hashed; None: as is usual.
            clock: The present moment.
        """
        self._unit_of_work = unit_of_work
        self._rules = rules or DeskRules()
        self._passwords = passwords or Passwords()
        self._clock = clock
        self._doorkeeper = Doorkeeper(unit_of_work, secret, clock)

    async def sign_in(self, email: str, password: str, *, address: str, device: str) -> SignedIn:
        """Begin a session; who was not there takes customers from now on.

        Takes as long whether anybody has this address or not.

        Args:
            email: As typed.
            password: As typed.
            address: Where the request comes from: what counts as one client.
            device: What the browser calls itself.

        Raises:
            SignInRefusedError: Unknown, inactive, without a password, or another password.
            TooManyAttemptsError: Too many have failed; nothing was looked at.
        """
        email = normalise_email(email)
        attempt_id = await self._doorkeeper.admit(email, address)
        agent = await self._find_who_may_sign_in(email)
        stored = None if agent is None else agent.password_hash
        fits = await self._passwords.fits(password, stored)
        if agent is None or stored is None or not fits:
            log.info("A try to sign in at the desk failed.")
            raise SignInRefusedError
        kept = await self._passwords.hash(password) if self._passwords.is_outdated(stored) else stored
        token, now = make_token(), self._clock()
        async with self._unit_of_work.write() as session:
            row = await AgentRepository(session).lock(agent.id)
            # While the password was looked at, somebody may have changed it or closed the account.
            if row is None or not row.active or row.password_hash != stored:
                raise SignInRefusedError
            row.password_hash = kept
            if row.presence == Presence.OFFLINE.value:
                # Whoever comes in is there; who only wants to look says so.
                row.presence, row.presence_at = Presence.ONLINE.value, now
            SessionRepository(session).add(_new_session(row.id, token, device, now))
            await self._doorkeeper.note_success(session, attempt_id)
        log.info("Agent %d signed in.", agent.id)
        return SignedIn(token, view_of(row), now + LASTS)

    async def find_session(self, token: str) -> AgentView | None:
        """Who is signed in with a token; None when nobody is, or not any more. Counts as a visit."""
        digest, now = digest_of(token), self._clock()
        found = await self._unit_of_work.run_asking(
            lambda session: SessionRepository(session).find_with_agent(digest)
        )
        if found is None:
            return None
        signed_in, agent = found
        if not is_alive(signed_in, now) or not agent.active or agent.email in self._rules.barred:
            return None
        if is_worth_a_touch(signed_in, now):
            await self._touch(signed_in.id, now)
        return view_of(agent)

    async def sign_out(self, token: str) -> None:
        """End the session of a token; ending it again changes nothing."""
        async with self._unit_of_work.write() as session:
            await SessionRepository(session).revoke(self._clock(), token_digest=digest_of(token))

    async def list_sessions(self, agent_id: int, *, token: str | None = None) -> tuple[SessionView, ...]:
        """Where somebody is signed in now, the last seen first; the one of ``token`` is marked."""
        now = self._clock()
        current = None if token is None else digest_of(token)
        async with self._unit_of_work.read() as session:
            rows = await SessionRepository(session).list_of(agent_id, not_over=now)
        return tuple(
            SessionView(
                id=row.id,
                device=row.device,
                created_at=row.created_at,
                last_seen_at=row.last_seen_at,
                expires_at=row.expires_at,
                is_current=row.token_digest == current,
            )
            for row in rows
            if is_alive(row, now)
        )

    async def revoke_session(self, agent_id: int, session_id: int) -> None:
        """End one of somebody's own sessions.

        Raises:
            SessionNotFoundError: They have no such session, or it is over.
        """
        async with self._unit_of_work.write() as session:
            ended = await SessionRepository(session).revoke(self._clock(), id=session_id, agent_id=agent_id)
        if not ended:
            raise SessionNotFoundError

    async def revoke_sessions(self, agent_id: int, *, keep: str | None = None) -> int:
        """End every session of somebody, but that of the token ``keep``; answers how many that were."""
        async with self._unit_of_work.write() as session:
            ended = await self._revoke_all(session, agent_id, keep)
        log.info("%d sessions of agent %d were ended.", ended, agent_id)
        return ended

    async def get_agent(self, agent_id: int) -> AgentView:
        """Somebody at the desk, active or not.

        Raises:
            AgentNotFoundError: There is nobody with this number.
        """
        async with self._unit_of_work.read() as session:
            return view_of(_present(await AgentRepository(session).find(agent_id)))

    async def find_by_email(self, email: str) -> AgentView | None:
        """Somebody at the desk by the address that they sign in with, active or not; or None."""
        async with self._unit_of_work.read() as session:
            row = await AgentRepository(session).find_by_email(normalise_email(email))
        return None if row is None else view_of(row)

    async def list_agents(self) -> tuple[AgentView, ...]:
        """Everybody, also who left (``active`` says so), in the order in which they came."""
        async with self._unit_of_work.read() as session:
            return tuple(view_of(row) for row in await AgentRepository(session).list_all())

    async def create_agent(self, new: NewAgent) -> AgentView:
        """Make an account.

        Raises:
            AgentInvalidError: Something in it cannot be.
            EmailTakenError: Somebody has its address.
            PasswordRefusedError: The password is too easy to guess.
        """
        columns, now = columns_of(new, self._rules), self._clock()
        password_hash = None
        if new.password is not None:
            check_password(new.password, email=columns["email"])
            password_hash = await self._passwords.hash(new.password)
        row = AgentRow(
            **columns,
            password_hash=password_hash,
            presence=Presence.OFFLINE.value,
            presence_at=now,
            active=True,
            created_at=now,
        )
        async with self._unit_of_work.write() as session:
            await AgentRepository(session).add(row)
        log.info("Agent %d was added as %s.", row.id, row.role)
        return view_of(row)

    async def change_agent(self, agent_id: int, changes: AgentChanges) -> AgentView:
        """Change an account; with ``active=False`` it is closed and every session of it ends.

        Raises:
            AgentNotFoundError: There is nobody with this number.
            AgentInvalidError: Something cannot be so.
            EmailTakenError: Somebody else has the address.
            LastAdminError: Nobody would be left who may look after the accounts.
        """
        columns, now = columns_of(changes, self._rules), self._clock()
        async with self._unit_of_work.write() as session:
            repository = AgentRepository(session)
            admins = await repository.lock_admins()
            row = _present(await repository.lock(agent_id))
            stays_admin = changes.role in (None, Role.ADMIN) and changes.active is not False
            if [admin.id for admin in admins] == [agent_id] and not stays_admin:
                raise LastAdminError
            for column, value in columns.items():
                setattr(row, column, value)
            if changes.active is not None:
                row.active = changes.active
            if changes.active is False:
                row.presence, row.presence_at = Presence.OFFLINE.value, now
                await self._revoke_all(session, agent_id, None)
            await repository.flush()
        log.info("Agent %d was changed: %s.", agent_id, ", ".join(_names_of(changes)) or "nothing")
        return view_of(row)

    async def deactivate(self, agent_id: int) -> AgentView:
        """Close an account: nobody signs in with it, every session of it ends. What they said stays theirs.

        Raises:
            AgentNotFoundError: There is nobody with this number.
            LastAdminError: Nobody would be left who may look after the accounts.
        """
        return await self.change_agent(agent_id, AgentChanges(active=False))

    async def set_password(self, agent_id: int, password: str, *, keep: str | None = None) -> None:
        """Give somebody another password; every session of theirs ends, but that of the token ``keep``.

        Raises:
            AgentNotFoundError: There is nobody with this number.
            PasswordRefusedError: The password is too easy to guess.
        """
        agent = await self.get_agent(agent_id)
        check_password(password, email=agent.email)
        password_hash = await self._passwords.hash(password)
        async with self._unit_of_work.write() as session:
            _present(await AgentRepository(session).lock(agent_id)).password_hash = password_hash
            await self._revoke_all(session, agent_id, keep)
        log.info("Agent %d has another password.", agent_id)

    async def change_password(self, agent_id: int, old: str, new: str, *, token: str, address: str) -> None:
        """Change one's own password; every session ends but that of ``token``.

        Raises:
            AgentNotFoundError: There is nobody with this number.
            PasswordWrongError: The old one is another.
            PasswordRefusedError: The other one is too easy to guess.
            TooManyAttemptsError: Too many old ones were wrong: so a desk left open gives nothing away.
        """
        agent = await self.get_agent(agent_id)
        check_password(new, email=agent.email)
        attempt_id = await self._doorkeeper.admit(agent.email, address)
        if not await self.has_password(agent_id, old):
            raise PasswordWrongError
        async with self._unit_of_work.write() as session:
            await self._doorkeeper.note_success(session, attempt_id)
        await self.set_password(agent_id, new, keep=token)

    async def has_password(self, agent_id: int, password: str) -> bool:
        """Whether this is somebody's password; for the operator's own tools: nothing counts the tries.

        Raises:
            AgentNotFoundError: There is nobody with this number.
        """
        async with self._unit_of_work.read() as session:
            stored = _present(await AgentRepository(session).find(agent_id)).password_hash
        return await self._passwords.fits(password, stored)

    async def set_presence(self, agent_id: int, presence: Presence) -> None:
        """Say whether somebody takes customers now.

        Raises:
            AgentNotFoundError: Nobody with this number works here.
        """
        values = {"presence": presence.value, "presence_at": self._clock()}
        async with self._unit_of_work.write() as session:
            if not await AgentRepository(session).update(agent_id, values):
                raise AgentNotFoundError

    async def _find_who_may_sign_in(self, email: str) -> AgentRow | None:
        async with self._unit_of_work.read() as session:
            row = await AgentRepository(session).find_by_email(email)
        may_sign_in = row is not None and row.active and email not in self._rules.barred
        return row if may_sign_in else None

    async def _touch(self, session_id: int, now: datetime) -> None:
        # Whoever is signed in reads on while the store only cannot be written.
        with contextlib.suppress(StoreUnavailableError):
            async with self._unit_of_work.write() as session:
                await SessionRepository(session).touch(session_id, now)

    async def _revoke_all(self, session: Session, agent_id: int, keep: str | None) -> int:
        kept = None if keep is None else digest_of(keep)
        return await SessionRepository(session).revoke_all_but(agent_id, kept, self._clock())


def _present(row: AgentRow | None) -> AgentRow:
    if row is None:
        raise AgentNotFoundError
    return row


def _names_of(changes: AgentChanges) -> list[str]:
    return [name for name in AgentChanges.__dataclass_fields__ if getattr(changes, name) is not None]


def _new_session(agent_id: int, token: str, device: str, now: datetime) -> AgentSessionRow:
    return AgentSessionRow(
        token_digest=digest_of(token),
        agent_id=agent_id,
        device=name_of_device(device),
        created_at=now,
        last_seen_at=now,
        expires_at=now + LASTS,
        revoked_at=None,
    )
