"""Tables for the tests of imports, brought, checked and entered as the pages and the worker do it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from baton.core.actors import Actor
from baton.core.changes.imports import bring_import, check_import, enter_import
from baton.core.import_targets import import_targets
from baton.core.imports.reports import problems_of
from baton.core.imports.runs import check_now, enter_now
from baton.core.imports.tables import beginning, proposed
from baton.core.models import ImportRun
from baton.core.rules import ImportOrigin

SYSTEM = Actor.system("test")


def checked(
    target: str,
    content: str | bytes,
    *,
    by: Actor = SYSTEM,
    system: str = "",
    mapping: Mapping[str, str] | None = None,
    name: str = "table.csv",
) -> ImportRun:
    """The run of a table that was brought and checked; of a text that was pasted."""
    origin = ImportOrigin.PASTE if isinstance(content, str) else ImportOrigin.FILE
    raw = content.encode() if isinstance(content, str) else content
    at = timezone.now()
    run = bring_import(by=by, at=at, target=target, title=name, origin=origin, chunks=[raw])
    columns = mapping if mapping is not None else proposed(import_targets.get(target), beginning(run).header)
    run = check_import(by=by, at=at, run=run, mapping=columns, system=system)
    return check_now(by=SYSTEM, at=at, run=run)


def entered(
    target: str, content: str | bytes, *, by: Actor = SYSTEM, system: str = "", leave_out: bool = False
) -> ImportRun:
    """The run of a table that was entered; fails the test where a row is refused."""
    run = checked(target, content, by=by, system=system)
    assert run.state == "checked", run.failure
    assert leave_out or not run.rows_refused, [problem.text for problem in problems_of(run)]
    at = timezone.now()
    run = enter_import(by=by, at=at, run=run, leave_out=leave_out)
    return enter_now(by=SYSTEM, at=at, run=run)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    return run.rows_new, run.rows_changed, run.rows_unchanged, run.rows_refused


def said(run: ImportRun) -> list[tuple[int, str, str]]:
    """Row, column and message of every mistake."""
    return [(problem.row, problem.column, problem.text) for problem in problems_of(run)]
