"""``balie recommend train``: learn what fits whom, what goes with what, and what else there is."""

from __future__ import annotations

import json
from typing import Annotated, Final

import typer
from rich.table import Table

from balie.bootstrap import with_secrets
from balie.cli.database import upgrade_database
from balie.cli.output import command, console, steps
from balie.content.library import load_library
from balie.jobs.training_process import SEED, ListVerdict, TrainingOrder, train_lists
from balie.recommendations.kinds import ListKind
from balie.settings import PROJECT_ROOT, Settings

WHAT_IS_DONE: Final = {
    "read": "Reading orders",
    "judge": "Judging on the last weeks",
    "learn": "Learning",
    "keep": "Lists",
}

recommend_app = typer.Typer(no_args_is_help=True, help="What the assistant recommends.")


@recommend_app.callback()
def recommend() -> None:
    """What the assistant recommends."""


@recommend_app.command("train")
@command
async def train(
    lists: Annotated[
        list[ListKind] | None, typer.Option("--list", help="Only this list; may be given several times.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and orders give the same lists.")] = SEED,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Learn the lists anew from the store, and serve those that are good enough.

    A list that is worse than the one that is served, or than what everybody buys, is refused with the reason.
    """
    settings = with_secrets(Settings())
    upgrade_database(settings)
    order = TrainingOrder(
        database_url=settings.resolved_database_url,
        currency=str(load_library(PROJECT_ROOT / "data").shop["currency"]),
        lists=tuple(lists or ListKind),
        seed=seed,
    )
    with steps(WHAT_IS_DONE) as tell:
        verdicts = await train_lists(order, tell)
    if as_json:
        print(json.dumps([_document(verdict) for verdict in verdicts], indent=2))  # noqa: T201
    else:
        _show(verdicts)
    raise typer.Exit(0 if all(verdict.reason is None for verdict in verdicts) else 1)


def _document(verdict: ListVerdict) -> dict[str, object]:
    return {
        "list": verdict.kind.value,
        "live": verdict.reason is None,
        "reason": verdict.reason,
        "rows": verdict.rows,
        "figures": dict(verdict.figures),
    }


def _show(verdicts: tuple[ListVerdict, ...]) -> None:
    table = Table()
    for column in ("list", "state"):
        table.add_column(column, no_wrap=True)
    for column in ("recall", "NDCG", "popular", "covers", "baskets", "rows"):
        table.add_column(column, justify="right", no_wrap=True)
    for verdict in verdicts:
        figures = verdict.figures
        table.add_row(
            verdict.kind.value,
            "live" if verdict.reason is None else "refused",
            f"{figures['recall_at_10']:.3f}",
            f"{figures['ndcg_at_10']:.3f}",
            f"{figures['popular_ndcg_at_10']:.3f}",
            f"{figures['coverage']:.0%}",
            f"{figures['baskets']:,}",
            f"{verdict.rows:,}",
        )
    console.print(table)
    for verdict in verdicts:
        if verdict.reason is not None:
            console.print(f"{verdict.kind.value}: {verdict.reason}", highlight=False)
