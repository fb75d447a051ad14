"""``balie agent``: what agents need to look into conversations."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from balie.bootstrap import with_secrets
from balie.gateway.tokens import AgentTokens
from balie.settings import Settings

agent_app = typer.Typer(no_args_is_help=True, help="Look into conversations.")


@agent_app.callback()
def agent() -> None:
    """Look into conversations."""


@agent_app.command("token")
def token(
    name: Annotated[str, typer.Option(help="Who will use it.")] = "agent",
    hours: Annotated[float, typer.Option(help="How long it is valid.", min=0.01, max=720)] = 8,
) -> None:
    """Print a token for the addresses under /api/v1/agent: whoever has it reads every conversation."""
    secret = with_secrets(Settings()).secret.get_secret_value()
    typer.echo(AgentTokens(secret).issue(name, lifetime=timedelta(hours=hours)))
