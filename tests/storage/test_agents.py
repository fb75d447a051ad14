"""The people at the desk: signing in and out, accounts, presence."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from balie.agents.accounts import DeskRules
from balie.agents.demo import DEMO_AGENTS, DEMO_EMAILS, demo_password, load_demo_agents
from balie.agents.errors import (
    AgentInvalidError,
    AgentNotFoundError,
    EmailTakenError,
    LastAdminError,
    PasswordTooShortError,
    PasswordTooSimpleError,
    PasswordWrongError,
    SessionNotFoundError,
    SignInRefusedError,
    TooManyAttemptsError,
)
from balie.agents.forgetting import forget_old_sign_ins
from balie.agents.kinds import Presence, Role
from balie.agents.models import AgentRow, AgentSessionRow, SignInAttemptRow
from balie.agents.passwords import Passwords
from balie.agents.service import AgentService
from balie.agents.views import AgentChanges, NewAgent, SignedIn
from balie.storage.unit_of_work import UnitOfWork
from tests.support.agents import PASSWORD, CountingPasswords, add_agent, agent_service
from tests.support.clock import StillClock

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
SANNE = "sanne@voorbeeld.example"


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def passwords() -> CountingPasswords:
    return CountingPasswords()


@pytest.fixture
def agents(unit_of_work: UnitOfWork, clock: StillClock, passwords: CountingPasswords) -> AgentService:
    return agent_service(unit_of_work, clock, passwords=passwords)


async def sign_in(
    agents: AgentService, email: str = SANNE, password: str = PASSWORD, *, address: str = HERE
) -> SignedIn:
    return await agents.sign_in(email, password, address=address, device="Firefox 140")


async def fail(agents: AgentService, email: str = SANNE, *, address: str = HERE) -> None:
    with pytest.raises(SignInRefusedError):
        await sign_in(agents, email, "not the password", address=address)


async def column(unit_of_work: UnitOfWork, query: Any) -> list[Any]:
    async with unit_of_work.read() as session:
        return list((await session.scalars(query)).all())


async def test_somebody_signs_in_is_known_and_signs_out(agents: AgentService, clock: StillClock) -> None:
    sanne = await add_agent(agents)

    signed_in = await sign_in(agents, " Sanne@Voorbeeld.example")

    there = replace(sanne, presence=Presence.ONLINE, presence_at=clock.now)
    assert signed_in.agent == there
    assert signed_in.expires_at == clock.now + timedelta(hours=12)
    assert await agents.find_session(signed_in.token) == there
    await agents.sign_out(signed_in.token)
    await agents.sign_out(signed_in.token)
    assert await agents.find_session(signed_in.token) is None


async def test_nothing_in_the_store_lets_anybody_sign_in(
    agents: AgentService, unit_of_work: UnitOfWork
) -> None:
    await add_agent(agents)
    signed_in = await sign_in(agents)

    [stored] = await column(unit_of_work, select(AgentSessionRow.token_digest))
    [password_hash] = await column(unit_of_work, select(AgentRow.password_hash))
    attempts = await column(unit_of_work, select(SignInAttemptRow.email_digest))

    assert signed_in.token not in stored
    assert await agents.find_session(stored) is None
    assert password_hash.startswith("$argon2id$")
    assert all("sanne" not in digest for digest in attempts)


@pytest.mark.parametrize("who", ["wrong password", "unknown", "inactive", "no password", "barred"])
async def test_whoever_may_not_sign_in_hears_the_same_after_the_same_work(
    unit_of_work: UnitOfWork, clock: StillClock, passwords: CountingPasswords, who: str
) -> None:
    rules = DeskRules(barred=frozenset({SANNE}) if who == "barred" else frozenset())
    agents = agent_service(unit_of_work, clock, passwords=passwords, rules=rules)
    if who != "unknown":
        sanne = await add_agent(agents, password=None if who == "no password" else PASSWORD)
        if who == "inactive":
            await agents.deactivate(sanne.id)

    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(agents, password="something else" if who == "wrong password" else PASSWORD)

    assert passwords.looked_at == 1
    assert str(refused.value) == str(SignInRefusedError())
    assert vars(refused.value) == {}


async def test_after_five_failures_nothing_is_looked_at_for_a_while(
    agents: AgentService, passwords: CountingPasswords, clock: StillClock
) -> None:
    await add_agent(agents)
    for _ in range(5):
        await fail(agents)
        clock.advance(timedelta(minutes=1))

    with pytest.raises(TooManyAttemptsError) as refused:
        await sign_in(agents)

    assert passwords.looked_at == 5
    assert refused.value.retry_after_s == 10 * 60
    clock.advance(timedelta(minutes=10))
    await sign_in(agents)


async def test_an_address_that_nobody_has_is_counted_as_any_other(agents: AgentService) -> None:
    for _ in range(5):
        await fail(agents, "nobody@voorbeeld.example")

    with pytest.raises(TooManyAttemptsError):
        await sign_in(agents, "nobody@voorbeeld.example")


async def test_twenty_failures_from_one_address_close_it_for_everybody(agents: AgentService) -> None:
    await add_agent(agents)
    for number in range(20):
        await fail(agents, f"guess-{number}@voorbeeld.example")

    with pytest.raises(TooManyAttemptsError):
        await sign_in(agents)
    await sign_in(agents, address=ELSEWHERE)


async def test_nobody_shuts_somebody_out_by_failing_elsewhere_in_their_name(agents: AgentService) -> None:
    await add_agent(agents)
    await sign_in(agents, address=HERE)
    for _ in range(5):
        await fail(agents, address=ELSEWHERE)

    with pytest.raises(TooManyAttemptsError):
        await sign_in(agents, address=ELSEWHERE)
    await sign_in(agents, address=HERE)


async def test_a_hundred_tries_at_once_are_a_hundred_tries(
    agents: AgentService, passwords: CountingPasswords
) -> None:
    await add_agent(agents)

    answers = await asyncio.gather(
        *(sign_in(agents, password=f"guess {number}") for number in range(30)), return_exceptions=True
    )

    assert {type(answer) for answer in answers} <= {SignInRefusedError, TooManyAttemptsError}
    assert passwords.looked_at <= 5


async def test_refused_tries_leave_nothing_behind(agents: AgentService, unit_of_work: UnitOfWork) -> None:
    for _ in range(5):
        await fail(agents)
    for _ in range(3):
        with pytest.raises(TooManyAttemptsError):
            await sign_in(agents)

    assert await column(unit_of_work, select(func.count()).select_from(SignInAttemptRow)) == [5]


async def test_a_session_ends_after_twelve_hours_however_busy(
    agents: AgentService, clock: StillClock
) -> None:
    await add_agent(agents)
    token = (await sign_in(agents)).token

    for _ in range(11):
        clock.advance(timedelta(hours=1))
        assert await agents.find_session(token) is not None
    clock.advance(timedelta(hours=1))
    assert await agents.find_session(token) is None


async def test_a_session_ends_after_two_hours_without_a_visit(
    agents: AgentService, clock: StillClock
) -> None:
    await add_agent(agents)
    token = (await sign_in(agents)).token

    clock.advance(timedelta(hours=2))

    assert await agents.find_session(token) is None


async def test_a_visit_is_written_down_once_a_minute(
    agents: AgentService, clock: StillClock, unit_of_work: UnitOfWork
) -> None:
    await add_agent(agents)
    token, began = (await sign_in(agents)).token, clock.now

    clock.advance(timedelta(seconds=59))
    await agents.find_session(token)
    assert await column(unit_of_work, select(AgentSessionRow.last_seen_at)) == [began]
    clock.advance(timedelta(seconds=1))
    await agents.find_session(token)
    assert await column(unit_of_work, select(AgentSessionRow.last_seen_at)) == [clock.now]


async def test_a_clock_that_is_set_back_ends_no_session(agents: AgentService, clock: StillClock) -> None:
    await add_agent(agents)
    token = (await sign_in(agents)).token

    clock.advance(-timedelta(hours=3))

    assert await agents.find_session(token) is not None


@pytest.mark.parametrize("token", ["", "nonsense", "\x00", "é" * 500, "\ud800"])
async def test_a_forged_token_is_nobodys(agents: AgentService, token: str) -> None:
    await add_agent(agents)
    await sign_in(agents)

    assert await agents.find_session(token) is None


async def test_devices_are_listed_and_ended_one_by_one(agents: AgentService, clock: StillClock) -> None:
    sanne, youssef = await add_agent(agents), await add_agent(agents, "Youssef")
    old = (await sign_in(agents)).token
    clock.advance(timedelta(minutes=5))
    current = (await sign_in(agents)).token

    first, second = await agents.list_sessions(sanne.id, token=current)

    assert (first.is_current, second.is_current, first.device) == (True, False, "Firefox 140")
    with pytest.raises(SessionNotFoundError):
        await agents.revoke_session(youssef.id, second.id)
    await agents.revoke_session(sanne.id, second.id)
    assert await agents.find_session(old) is None
    assert await agents.find_session(current) is not None
    with pytest.raises(SessionNotFoundError):
        await agents.revoke_session(sanne.id, second.id)
    assert await agents.revoke_sessions(sanne.id) == 1
    assert await agents.list_sessions(sanne.id) == ()


async def test_another_password_ends_every_session_but_the_one_that_chose_it(agents: AgentService) -> None:
    sanne = await add_agent(agents)
    other, own = (await sign_in(agents)).token, (await sign_in(agents)).token
    better = "acht groene laarzen"

    with pytest.raises(PasswordWrongError):
        await agents.change_password(sanne.id, "wrong", better, token=own, address=HERE)
    await agents.change_password(sanne.id, PASSWORD, better, token=own, address=HERE)

    assert await agents.find_session(own) is not None
    assert await agents.find_session(other) is None
    await fail(agents)
    await sign_in(agents, password=better)


async def test_old_passwords_cannot_be_guessed_at_an_open_desk(agents: AgentService) -> None:
    sanne = await add_agent(agents)
    token = (await sign_in(agents)).token
    for _ in range(5):
        with pytest.raises(PasswordWrongError):
            await agents.change_password(sanne.id, "guess", "acht groene laarzen", token=token, address=HERE)

    with pytest.raises(TooManyAttemptsError):
        await agents.change_password(sanne.id, PASSWORD, "acht groene laarzen", token=token, address=HERE)


async def test_a_password_is_stored_anew_when_the_usual_cost_has_changed(
    agents: AgentService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    await add_agent(agents)
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    later = agent_service(unit_of_work, clock, passwords=Passwords(dearer))

    await sign_in(later)

    [stored] = await column(unit_of_work, select(AgentRow.password_hash))
    assert "m=16,t=2,p=1" in stored
    await sign_in(later)


async def test_a_hash_that_is_none_lets_nobody_in(agents: AgentService, unit_of_work: UnitOfWork) -> None:
    await add_agent(agents)
    async with unit_of_work.write() as session:
        await session.execute(update(AgentRow).values(password_hash="broken"))

    await fail(agents)


async def test_an_account_is_changed_and_only_what_was_named(agents: AgentService) -> None:
    sanne = await add_agent(agents)

    changed = await agents.change_agent(
        sanne.id, AgentChanges(display_name=" Sanne  K. ", role=Role.LEAD, teams=("workshop", "workshop"))
    )

    assert (changed.display_name, changed.role, changed.teams) == ("Sanne K.", Role.LEAD, ("workshop",))
    assert (changed.email, changed.languages, changed.capacity) == (sanne.email, ("nl", "en"), 4)
    assert await agents.get_agent(sanne.id) == changed


async def test_two_agents_never_have_one_address(agents: AgentService) -> None:
    await add_agent(agents)
    youssef = await add_agent(agents, "Youssef")

    with pytest.raises(EmailTakenError):
        await add_agent(agents, email="SANNE@voorbeeld.example")
    with pytest.raises(EmailTakenError):
        await agents.change_agent(youssef.id, AgentChanges(email=SANNE))
    assert await agents.get_agent(youssef.id) == youssef


async def test_two_who_add_the_same_address_at_once_add_one(agents: AgentService) -> None:
    added = await asyncio.gather(*(add_agent(agents) for _ in range(4)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in added) == ["AgentView"] + ["EmailTakenError"] * 3


async def test_somebody_who_leaves_is_out_at_once_and_stays_known(
    agents: AgentService, clock: StillClock
) -> None:
    sanne = await add_agent(agents)
    token = (await sign_in(agents)).token
    await agents.set_presence(sanne.id, Presence.ONLINE)
    clock.advance(timedelta(minutes=1))

    left = await agents.deactivate(sanne.id)

    assert (left.active, left.presence, left.presence_at) == (False, Presence.OFFLINE, clock.now)
    assert await agents.find_session(token) is None
    with pytest.raises(AgentNotFoundError):
        await agents.set_presence(sanne.id, Presence.ONLINE)
    assert [agent.active for agent in await agents.list_agents()] == [False]
    await agents.change_agent(sanne.id, AgentChanges(active=True))
    assert await agents.find_session(token) is None
    await sign_in(agents)


async def test_the_last_admin_stays_one(agents: AgentService) -> None:
    ada = await add_agent(agents, "Ada", role=Role.ADMIN)

    for changes in (AgentChanges(role=Role.LEAD), AgentChanges(active=False)):
        with pytest.raises(LastAdminError):
            await agents.change_agent(ada.id, changes)
    await agents.change_agent(ada.id, AgentChanges(name="Ada de Boer"))
    await add_agent(agents, "Bo", role=Role.ADMIN)
    await agents.change_agent(ada.id, AgentChanges(role=Role.AGENT))


async def test_two_admins_who_demote_each_other_leave_one(agents: AgentService) -> None:
    ada, bo = await add_agent(agents, "Ada", role=Role.ADMIN), await add_agent(agents, "Bo", role=Role.ADMIN)

    answers = await asyncio.gather(
        *(agents.change_agent(one.id, AgentChanges(role=Role.AGENT)) for one in (ada, bo)),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, LastAdminError) for answer in answers) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("name", " "),
        ("name", "n" * 121),
        ("display_name", "a\x00b"),
        ("capacity", -1),
        ("capacity", 51),
        ("languages", ("tlh",)),
        ("teams", ("nobodys",)),
        ("topics", ("weather",)),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    unit_of_work: UnitOfWork, clock: StillClock, field: str, value: Any
) -> None:
    rules = DeskRules(languages=("nl", "en"), topics=("orders",), teams=("service",))
    agents = agent_service(unit_of_work, clock, rules=rules)

    with pytest.raises(AgentInvalidError) as refused:
        await add_agent(agents, **{field: value})

    assert refused.value.field == field
    assert await agents.list_agents() == ()


async def test_passwords_that_are_easy_to_guess_are_refused(agents: AgentService) -> None:
    sanne = await add_agent(agents)

    for password, error in {
        "elf tekens.": PasswordTooShortError,
        "abababababab": PasswordTooSimpleError,
        SANNE.upper(): PasswordTooSimpleError,
    }.items():
        with pytest.raises(error):
            await agents.set_password(sanne.id, password)
    await sign_in(agents)


async def test_nobody_is_found_under_a_number_that_is_none(agents: AgentService) -> None:
    with pytest.raises(AgentNotFoundError):
        await agents.get_agent(7)
    with pytest.raises(AgentNotFoundError):
        await agents.change_agent(7, AgentChanges(name="Nobody"))
    with pytest.raises(AgentNotFoundError):
        await agents.set_password(7, PASSWORD)


async def test_old_sessions_and_tries_are_forgotten(
    agents: AgentService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    await add_agent(agents)
    await sign_in(agents)
    await fail(agents)
    clock.advance(timedelta(days=1, minutes=1))

    assert await forget_old_sign_ins(unit_of_work, clock.now) == 1  # the failure
    clock.advance(timedelta(days=31))
    assert await forget_old_sign_ins(unit_of_work, clock.now) == 2
    assert await forget_old_sign_ins(unit_of_work, clock.now) == 0


async def test_the_demo_has_agents_whose_password_is_shown(
    agents: AgentService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    password = demo_password("one secret of the service")

    assert await load_demo_agents(agents, password) == len(DEMO_AGENTS) == 4
    assert await load_demo_agents(agents, password) == 0
    assert {agent.role for agent in await agents.list_agents()} == {Role.AGENT, Role.LEAD}
    await sign_in(agents, password=password)
    assert await load_demo_agents(agents, demo_password("another secret")) == 0
    token = (await sign_in(agents, password=demo_password("another secret"))).token
    real_shop = agent_service(unit_of_work, clock, rules=DeskRules(barred=DEMO_EMAILS))
    assert await real_shop.find_session(token) is None
    with pytest.raises(SignInRefusedError):
        await sign_in(real_shop, password=demo_password("another secret"))


async def test_the_log_names_nobody(agents: AgentService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="balie")
    sanne = await agents.create_agent(
        NewAgent(email=SANNE, name="Sanne Kuipers", display_name="Sanne", password=PASSWORD)
    )
    token = (await sign_in(agents)).token
    await fail(agents)
    await agents.change_agent(sanne.id, AgentChanges(name="Sanne de Wit", email="s.dewit@voorbeeld.example"))
    await agents.set_password(sanne.id, "acht groene laarzen")
    await agents.deactivate(sanne.id)

    said = caplog.text.lower()
    assert f"agent {sanne.id}" in said
    for private in ("sanne", "wit", "voorbeeld", "regenjas", "laarzen", HERE, token.lower()):
        assert private not in said
