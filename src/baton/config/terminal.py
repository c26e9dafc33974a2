"""What the commands print: on standard output what was asked for, on standard error everything about it; and how they
load the application.

Refusals and remarks speak the language of the terminal; names and figures are printed as they are. The library that
draws tables and bars is loaded by the commands that draw one: loading it takes as long as the rest of ``baton --help``.
"""

from __future__ import annotations

import gettext
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton_analysis.errors import BatonError, gettext_noop

if TYPE_CHECKING:
    from baton.core.actors import Actor


_CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


def language() -> str:
    """The terminal's language: "zh" where LC_ALL, LC_MESSAGES or LANG names a Chinese locale, else "en"."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, named), "").lower().startswith("zh") else "en"


def translator(wanted: str | None = None) -> Callable[[str], str]:
    """Templates of messages into a language, by itself the terminal's.

    Reads the application's catalogue without the application, because ``baton discover`` needs no settings.
    """
    if (wanted or language()) != "zh":
        return gettext_noop
    return gettext.translation("django", _CATALOGUES, languages=["zh_Hans"], fallback=True).gettext


def shown(text: str) -> str:
    """``text`` of a file or a person as a terminal may print it: without control characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def say(text: str) -> None:
    """A line of the result, on standard output."""
    click.echo(text)


def remark(text: str) -> None:
    """A line beside the result, on standard error."""
    click.echo(text, err=True)


def complain(text: str) -> None:
    """Why something was refused, on standard error."""
    click.echo(f"{click.style('baton:', fg='red', bold=True)} {shown(text)}", err=True)


def print_refusal(refusal: BatonError) -> None:
    """Why a command did not do what it was asked; of a file with several bad rows the first twenty, a line each."""
    translate = translator()
    complain(refusal.render(translate))
    problems = getattr(refusal, "problems", ())  # RowsError's; its module is not loaded for commands that read no file
    if len(problems) > 1:
        for problem in problems:
            remark(f"  {shown(problem.render(translate))}")


def print_json(value: Any) -> None:
    """Data for other programs: UTF-8, two spaces."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()) -> None:
    """A table on standard output; the columns named in ``numbers`` are set to the right."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left")
    for row in rows:
        table.add_row(*(escape(shown(cell)) for cell in row))
    Console(highlight=False).print(table)


@contextmanager
def progress_bar(label: str, *, hidden: bool = False) -> Iterator[Callable[[float], None]]:
    """A bar on standard error where that is a terminal; the yielded function takes the share done, 0 to 1."""
    if hidden or not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def set_up_django() -> None:
    """Load the application; commands that need only the analysis never call this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    import django

    from baton.config.loading import loading

    with loading():
        django.setup()


def actor(process: str) -> Actor:
    """The system, acting through the command ``process``."""
    from baton.core.actors import Actor

    return Actor.system(process)
