"""Runs of the worker that check and enter imports, in the name of who brought them, and take them back."""

from __future__ import annotations

from datetime import datetime

from baton.core import jobs, queries
from baton.core.actors import Actor
from baton.core.changes.imports import carry_out_import, give_back_import, note_import_failed
from baton.core.errors import Refused
from baton.core.imports.checking import check
from baton.core.models import ImportRun
from baton.core.queries import import_run as open_run
from baton.core.rules import ImportState
from baton_analysis.errors import ReadError


def check_job(*, by: Actor, at: datetime, progress: jobs.Reporter, run: str) -> None:
    """Look at every row; a table that cannot be read ends the import, and its page says why."""
    found = open_run(viewer=by, public_id=run)
    if found.state == ImportState.CHECKING:
        check_now(by=by, at=at, run=found, progress=progress)


def enter_job(*, by: Actor, at: datetime, progress: jobs.Reporter, run: str) -> None:
    """Enter what the check found, or go on with it."""
    found = open_run(viewer=by, public_id=run)
    if found.state == ImportState.ENTERING:
        enter_now(by=by, at=at, run=found, progress=progress)


def give_back_job(*, by: Actor, at: datetime, progress: jobs.Reporter, run: str) -> None:
    """Give what a withdrawn import changed its former values back, or go on with it."""
    give_back_import(by=by, at=at, run=open_run(viewer=by, public_id=run), progress=progress)


def check_now(
    *, by: Actor, at: datetime, run: ImportRun, progress: jobs.Reporter | None = None, tell: bool = True
) -> ImportRun:
    """The check of one run; ``by`` is the system, the rows are looked at with the roles of who brought them."""
    try:
        return check(by=asker(by, at, run), at=at, run=run, progress=progress or jobs.silent)
    except (ReadError, Refused) as failure:
        return note_import_failed(by=by, at=at, run=run, failure=failure, tell=tell)


def enter_now(*, by: Actor, at: datetime, run: ImportRun, progress: jobs.Reporter | None = None) -> ImportRun:
    """Enter one run; what cannot be entered any more ends it, and nothing of it counts."""
    try:
        return carry_out_import(by=asker(by, at, run), at=at, run=run, progress=progress or jobs.silent)
    except Refused as failure:
        return note_import_failed(by=by, at=at, run=run, failure=failure)


def asker(by: Actor, at: datetime, run: ImportRun) -> Actor:
    """Who brought the table, with the roles that he has now; the system itself on the command line."""
    return by if run.person is None else Actor(run.person, queries.roles_of(run.person, at), request=by.request)
