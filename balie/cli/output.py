"""How commands speak: one console, one way to end with an error."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import typer
import uvloop
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from balie.kernel.errors import BalieError

console = Console()
errors = Console(stderr=True)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def command(function: Callable[Parameters, Coroutine[Any, Any, Result]]) -> Callable[Parameters, Result]:
    """Run an async command; an error of ours becomes one sentence and exit status 1."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        try:
            return uvloop.run(function(*args, **kwargs))
        except BalieError as error:
            raise end_with(error) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(130) from error

    return run


def end_with(error: BalieError) -> typer.Exit:
    """Print an error of ours and give the exception that ends the command."""
    errors.print(f"[red]{error.code}[/red]: {error}", highlight=False, markup=True)
    return typer.Exit(1)


Tell = Callable[[str, int, int], None]
"""Told which step is going on, how much of it is done, and out of how much."""


@contextmanager
def steps(names: Mapping[str, str]) -> Iterator[Tell]:
    """Progress bars on stderr for work of several steps.

    Args:
        names: From a step's code to what people read; a bar appears when its step begins.
    """
    with Progress(*_columns(), console=errors, transient=True) as progress:
        tasks = {step: progress.add_task(name, total=None, visible=False) for step, name in names.items()}
        yield lambda step, done, total: progress.update(
            tasks[step], completed=done, total=total, visible=True
        )


@contextmanager
def progress_bar(description: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr; the yielded function sets how much is done."""
    with Progress(*_columns(), console=errors) as progress:
        task = progress.add_task(description, total=total)
        yield lambda done: progress.update(task, completed=done)


def _columns() -> tuple[ProgressColumn, ...]:
    return (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
