"""What the check refused, in the reader's language: on the page, and as a report to take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from baton.core.changes.imports import lines_in
from baton.core.imports.findings import CHANGES, WAS
from baton.core.imports.tables import target_of
from baton.core.models import ImportRun
from baton_analysis.errors import sentences

CHANGES_SHOWN = 50
"""So many changed fields stand on the page."""
SHOWN = 200
"""So many mistakes stand on the page; all of them in the report."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of one row, each part translated."""

    row: int
    column: str
    letter: str
    sheet: str
    expected: str
    found: str
    remedy: str

    @property
    def text(self) -> str:
        """The three parts as one text."""
        return sentences((self.expected, self.found, self.remedy))


def problems_of(run: ImportRun, most: int | None = None) -> Iterator[Mistake]:
    """The mistakes by row; only the first ``most``."""
    for problem in islice(lines_in(run.plan.get("problems", "")), most):
        yield _mistake(problem)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one row that would change: the name of its column, what stands there, what the row says."""

    row: int
    column: str
    now: str
    then: str


def changes_of(run: ImportRun, most: int) -> list[Change]:
    """What the table would change in the first rows that change something, at most ``most`` fields."""
    target, language = target_of(run), get_language() or settings.LANGUAGE_CODE
    told = (
        Change(line["row"], target.column(name).label(language), now, then)
        for line in lines_in(run.plan.get(CHANGES, ""))
        for name, (now, then) in line.get(WAS, {}).items()
    )
    return list(islice(told, most))


def not_applied(run: ImportRun) -> list[Mistake]:
    """Changes that somebody else was faster with."""
    return _kept(run, "not_applied")


def not_given_back(run: ImportRun) -> list[Mistake]:
    """Changes of a withdrawn import that stay, because somebody has changed the record since."""
    return _kept(run, "not_given_back")


def _kept(run: ImportRun, name: str) -> list[Mistake]:
    empty = {"column": "", "letter": "", "sheet": ""}
    return [_mistake({**empty, **problem}) for problem in run.plan.get(name, [])]


def _mistake(problem: Mapping[str, Any]) -> Mistake:
    values = {**problem["values"]}
    values.setdefault("row", problem["row"])
    values.setdefault("column", problem["column"])
    expected, found, remedy = (
        _(problem[part]).format(**values) if problem[part] else "" for part in ("expected", "found", "remedy")
    )
    return Mistake(
        row=problem["row"], column=problem["column"], letter=problem["letter"], sheet=problem["sheet"],
        expected=expected, found=found, remedy=remedy,
    )  # fmt: skip


def report_header() -> list[str]:
    """Names of the columns of the report."""
    return [_("Row"), _("Column"), _("Letter"), _("Sheet"), _("Expected"), _("Found"), _("What to do")]


def report_rows(run: ImportRun) -> Iterator[list[object]]:
    """All mistakes as rows of the report."""
    for mistake in problems_of(run):
        yield [
            mistake.row, mistake.column, mistake.letter, mistake.sheet, mistake.expected, mistake.found, mistake.remedy
        ]  # fmt: skip
