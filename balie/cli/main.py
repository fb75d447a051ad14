"""``balie``: the command line of the service."""

from __future__ import annotations

import typer

from balie.cli.agent import agent_app
from balie.cli.cases import cases_app
from balie.cli.chatwoot import chatwoot_app
from balie.cli.content import content_app
from balie.cli.database import database_app, demo_app
from balie.cli.doctor import doctor
from balie.cli.emotions import emotion
from balie.cli.import_csv import import_command
from balie.cli.privacy import privacy_app
from balie.cli.recommend import recommend_app
from balie.cli.telegram import telegram_app
from balie.cli.understand import evaluate_app, parse, train
from balie.cli.up import up

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="Balie, the counter where somebody helps you. Start with [bold]balie up[/bold].",
)
app.command()(up)
app.command()(train)
app.command()(parse)
app.command()(emotion)
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(content_app, name="content")
app.add_typer(agent_app, name="agent")
app.add_typer(cases_app, name="cases")
app.add_typer(chatwoot_app, name="chatwoot")
app.add_typer(telegram_app, name="telegram")
app.add_typer(privacy_app, name="privacy")
app.add_typer(recommend_app, name="recommend")
app.add_typer(demo_app, name="demo")
app.command("import")(import_command)
app.add_typer(database_app, name="db")
app.command()(doctor)
