"""``balie agent``: who works at the desk, and what programs need to look into conversations.

Passwords are asked for at the prompt or read from standard input: what stands on a command line is in
the shell's history and in everybody's list of processes.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer
from rich.table import Column, Table

from balie.agent_desk import open_agents
from balie.agents.errors import AgentNotFoundError
from balie.agents.kinds import Role
from balie.agents.service import AgentService
from balie.agents.views import USUAL_CAPACITY, AgentChanges, AgentView, NewAgent
from balie.bootstrap import with_secrets
from balie.cli.output import command, console
from balie.content.library import load_library
from balie.gateway.tokens import AgentTokens
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.engine import open_async_engine
from balie.storage.unit_of_work import UnitOfWork

agent_app = typer.Typer(no_args_is_help=True, help="Who works at the desk; tokens for programs.")

Email = Annotated[str, typer.Argument(help="What they sign in with.")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="That they write; more than once for several.")
]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="Of the taxonomy; more than once for several, none: all.")
]
Teams = Annotated[
    list[str] | None, typer.Option("--team", help="Of data/desk/teams.yml; more than once for several.")
]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, do not ask.")
]


@agent_app.callback()
def agent() -> None:
    """Who works at the desk; tokens for programs."""


@agent_app.command("token")
def token(
    name: Annotated[str, typer.Option(help="Who will use it.")] = "agent",
    hours: Annotated[float, typer.Option(help="How long it is valid.", min=0.01, max=720)] = 8,
) -> None:
    """Print a token for the addresses under /api/v1/agent: whoever has it reads every conversation."""
    secret = with_secrets(Settings()).secret.get_secret_value()
    typer.echo(AgentTokens(secret).issue(name, lifetime=timedelta(hours=hours)))


@agent_app.command("add")
@command
async def add(  # noqa: PLR0913, PLR0917 (a parameter is an option)
    email: Email,
    name: Annotated[str, typer.Option(help="For colleagues.")],
    display_name: Annotated[
        str | None, typer.Option(help="What customers read; none: the first name.")
    ] = None,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.AGENT,
    languages: Languages = None,
    topics: Topics = None,
    teams: Teams = None,
    capacity: Annotated[int, typer.Option(help="How many conversations at once.")] = USUAL_CAPACITY,
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody to the desk; their password is asked for."""
    new = NewAgent(
        email=email,
        name=name,
        display_name=display_name or name.partition(" ")[0],
        role=role,
        languages=tuple(languages or ()),
        topics=tuple(topics or ()),
        teams=tuple(teams or ()),
        capacity=capacity,
        password=_read_password(from_stdin=password_stdin),
    )
    async with _open_agents() as agents:
        added = await agents.create_agent(new)
    console.print(f"Agent {added.id} can sign in at /desk.", highlight=False)


@agent_app.command("list")
@command
async def list_agents() -> None:
    """List everybody at the desk, those whose account is closed too."""
    async with _open_agents() as agents:
        found = await agents.list_agents()
    if not found:
        console.print("Nobody works at the desk: `balie agent add` adds somebody.")
        return
    # Two lines each, so that it fits; the address is what every other command wants to have typed.
    table = Table("", Column("Who", no_wrap=True), "Role, room", "Teams, languages, topics", "Now")
    for one in found:
        name = one.name if one.name == one.display_name else f"{one.name} ({one.display_name})"
        table.add_row(
            str(one.id),
            f"{name}\n{one.email}",
            f"{one.role}\n{one.capacity}",
            f"{', '.join(one.teams) or '-'}\n{', '.join((*one.languages, *one.topics))}",
            one.presence if one.active else "closed",
        )
    console.print(table)


@agent_app.command("change")
@command
async def change(  # noqa: PLR0913, PLR0917 (a parameter is an option)
    email: Email,
    new_email: Annotated[str | None, typer.Option("--email", help="Another address to sign in with.")] = None,
    name: Annotated[str | None, typer.Option(help="For colleagues.")] = None,
    display_name: Annotated[str | None, typer.Option(help="What customers read.")] = None,
    role: Annotated[Role | None, typer.Option(help="What they may do.")] = None,
    languages: Languages = None,
    topics: Topics = None,
    teams: Teams = None,
    capacity: Annotated[int | None, typer.Option(help="How many conversations at once.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--closed", help="Whether they can sign in.")
    ] = None,
) -> None:
    """Change what is named, and nothing else; lists are replaced as a whole."""
    changes = AgentChanges(
        email=new_email,
        name=name,
        display_name=display_name,
        role=role,
        languages=_listed(languages),
        topics=_listed(topics),
        teams=_listed(teams),
        capacity=capacity,
        active=active,
    )
    async with _open_agents() as agents:
        changed = await agents.change_agent((await _find(agents, email)).id, changes)
    console.print(f"Agent {changed.id} was changed.", highlight=False)


@agent_app.command("password")
@command
async def password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give somebody another password; wherever they are signed in, they have to sign in again."""
    async with _open_agents() as agents:
        found = await _find(agents, email)
        await agents.set_password(found.id, _read_password(from_stdin=password_stdin))
    console.print(f"Agent {found.id} has another password.", highlight=False)


@agent_app.command("deactivate")
@command
async def deactivate(email: Email) -> None:
    """Close an account: nobody signs in with it any more; what they wrote stays theirs."""
    async with _open_agents() as agents:
        closed = await agents.deactivate((await _find(agents, email)).id)
    console.print(f"The account of agent {closed.id} is closed.", highlight=False)


@agent_app.command("sessions")
@command
async def sessions(email: Email) -> None:
    """List where somebody is signed in."""
    async with _open_agents() as agents:
        found = await agents.list_sessions((await _find(agents, email)).id)
    if not found:
        console.print("Not signed in anywhere.")
        return
    table = Table("Session", "Since", "Last seen", "Until", "Browser")
    for one in found:
        moments = (one.created_at, one.last_seen_at, one.expires_at)
        table.add_row(str(one.id), *(f"{moment:%Y-%m-%d %H:%M} UTC" for moment in moments), one.device)
    console.print(table)


@agent_app.command("sign-out")
@command
async def sign_out(email: Email) -> None:
    """Sign somebody out everywhere, at once."""
    async with _open_agents() as agents:
        ended = await agents.revoke_sessions((await _find(agents, email)).id)
    console.print(f"{ended} {'session has' if ended == 1 else 'sessions have'} ended.", highlight=False)


async def _find(agents: AgentService, email: str) -> AgentView:
    found = await agents.find_by_email(email)
    if found is None:
        raise AgentNotFoundError
    return found


def _read_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    answer: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answer


def _listed(words: list[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)


@asynccontextmanager
async def _open_agents() -> AsyncIterator[AgentService]:
    settings = with_secrets(Settings())
    engine = open_async_engine(settings.resolved_database_url)
    try:
        yield open_agents(settings, UnitOfWork(engine), load_library(PROJECT_ROOT / "data"))
    finally:
        await engine.dispose()
