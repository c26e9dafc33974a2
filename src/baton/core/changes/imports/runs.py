"""Tables are brought, checked and entered; how rows become plans: :mod:`baton.core.imports`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.core import jobs, policy, uploads
from baton.core.actors import Actor
from baton.core.audit.trail import change, head
from baton.core.changes.bulk import begin_import_batch, seal_batch, stage_batch
from baton.core.changes.bulk_withdrawal import abandon_batch
from baton.core.changes.notifications import notify
from baton.core.errors import Refused, TooLong
from baton.core.import_targets import import_targets
from baton.core.models import ImportRun
from baton.core.models.external_keys import SYSTEM_LENGTH
from baton.core.pace import Pace
from baton.core.rules import BatchState, ImportOrigin, ImportState
from baton.core.texts import clean_text
from baton_analysis.errors import BatonError, gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

CHECK_JOB = "core.check_import"
ENTER_IMPORT_JOB = "core.enter_import"
ENTERED_TOPIC = "core.import_entered"
FAILED_TOPIC = "core.import_failed"
WAITS_TOPIC = "core.import_waits"
MOST_KEPT = 200
"""So many changes that could not be applied any more are named."""


def bring_import(
    *, by: Actor, at: datetime, target: str, title: str, origin: ImportOrigin, chunks: Iterable[bytes]
) -> ImportRun:
    """Keep a table that is to be imported. Nothing is read here; the caller looks at it before he offers it."""
    policy.demand(policy.may_bring(by, target))
    stored = uploads.keep(chunks, limit=settings.EVENT_LOG_LIMIT_MIB * 1024**2)
    try:
        with change(by=by, at=at) as trail:
            run = ImportRun(
                target=target, title=uploads.shown_name(title), origin=ImportOrigin(origin), path=stored.path,
                digest=stored.digest, person=by.person,
            )  # fmt: skip
            return trail.save(run, "import.brought")
    except BaseException:
        uploads.discard(stored.path)
        raise


def check_import(
    *,
    by: Actor,
    at: datetime,
    run: ImportRun,
    mapping: Mapping[str, str],
    system: str = "",
    sheet: str = "",
    expected_seq: int | None = None,
) -> ImportRun:
    """Say which column holds what and ask a worker to look at every row. Also again, after a check or a failure."""
    policy.demand(policy.may_handle_import(by, run))
    system = clean_text(system)
    if len(system) > SYSTEM_LENGTH:
        raise TooLong(field="system", most=SYSTEM_LENGTH, length=len(system))
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run, expected_seq=expected_seq)
        require(run, ImportState.BROUGHT, ImportState.CHECKED, ImportState.FAILED)
        _refuse_begun(run)
        run.mapping = {field: column for field, column in mapping.items() if column}
        run.system, run.sheet = system, sheet[:100]
        run.state, run.failure, run.plan = ImportState.CHECKING, {}, {}
        run.rows = run.rows_new = run.rows_changed = run.rows_unchanged = run.rows_refused = run.problems = 0
        run.run = jobs.enqueue(CHECK_JOB, run=run.public_id)
        return trail.save(run, "import.columns_assigned")


def note_checked(
    *, by: Actor, at: datetime, run: ImportRun, counts: Mapping[str, int], plan: Mapping[str, Any]
) -> ImportRun:
    """What the check found; somebody else may have been faster, and then nothing changes."""
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run)
        if run.state != ImportState.CHECKING:
            return run
        for name, count in counts.items():
            setattr(run, name, count)
        run.plan, run.state = dict(plan), ImportState.CHECKED
        return trail.save(run, "import.checked")


def note_import_failed(*, by: Actor, at: datetime, run: ImportRun, failure: BatonError, tell: bool = True) -> ImportRun:
    """Say why a table could not be read or entered; what of it was staged is given up."""
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run)
        require(run, ImportState.BROUGHT, ImportState.CHECKING, ImportState.ENTERING)
        for batch in run.batches.filter(state=BatchState.STAGING):
            abandon_batch(by=by, at=at, batch=batch, failure=failure, whole=True)
        run.state = ImportState.FAILED
        run.failure = said_of(failure)
        run = trail.save(run, "import.failed")
        if tell:
            _tell(by, at, run, FAILED_TOPIC)
        return run


def enter_import(
    *, by: Actor, at: datetime, run: ImportRun, leave_out: bool = False, expected_seq: int | None = None,
    reason: str = "",
) -> ImportRun:  # fmt: skip
    """Ask a worker to enter what the check found.

    Refused while a row is refused, unless the others are to be entered without it (``leave_out``, which the record
    keeps), and where there is nothing new or changed.
    """
    policy.demand(policy.may_handle_import(by, run))
    with change(by=by, at=at, reason=reason) as trail:
        run = trail.lock(ImportRun, run, expected_seq=expected_seq)
        require(run, ImportState.CHECKED)
        if run.rows_refused and not leave_out:
            raise Refused(
                field="leave_out",
                expected=gettext_noop("Nothing is entered while a row is refused."),
                found=gettext_noop("Refused rows: {count}."),
                remedy=gettext_noop("Correct the rows and import the table again, or leave the refused rows out."),
                count=run.rows_refused,
            )
        if not run.rows_new and not run.rows_changed:
            raise Refused(
                expected=gettext_noop("Expected rows that are new or changed."),
                found=gettext_noop("All rows say what is there already."),
                remedy=gettext_noop("There is nothing to enter."),
            )
        run.state, run.leave_out = ImportState.ENTERING, leave_out and bool(run.rows_refused)
        run.run = jobs.enqueue(ENTER_IMPORT_JOB, run=run.public_id)
        return trail.save(run, "import.entering")


def resume_import(*, by: Actor, at: datetime, run: ImportRun) -> ImportRun:
    """Ask a worker once more, after the last run was given up; it goes on where that one stood."""
    policy.demand(policy.may_handle_import(by, run))
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run)
        require(run, ImportState.CHECKING, ImportState.ENTERING)
        job = CHECK_JOB if run.state == ImportState.CHECKING else ENTER_IMPORT_JOB
        run.run = jobs.enqueue(job, run=run.public_id)
        return trail.save(run, "import.resumed")


def carry_out_import(
    *, by: Actor, at: datetime, run: ImportRun, progress: Callable[[int, int], None] = jobs.silent
) -> ImportRun:
    """Enter the new rows in slices, let all of them count at one moment, then apply the changes in slices.

    Begun again after a crash it goes on where it stood. Raises :class:`Refused` for what cannot be entered any more;
    before the new rows count, nothing of the import does.
    """
    policy.demand(policy.may_handle_import(by, run))
    total = sum(count for _target, _path, count, _digest in run.plan["new"]) + run.rows_changed
    if run.state == ImportState.ENTERING and not run.plan.get("sealed"):
        done = 0
        batches: list[Batch] = []
        for target, path, count, digest in run.plan["new"]:
            batch = run.batches.filter(target=target).first() or begin_import_batch(
                by=by, at=at, target=target, run=run, path=path, rows=count, digest=digest
            )
            behind = done
            batches.append(stage_batch(
                by=by, at=at, batch=batch, progress=lambda n, _all, behind=behind: progress(behind + n, total)  # type: ignore[misc]
            ))  # fmt: skip
            done += count
        run = _seal(by, at, run, batches)
    run = _apply(by, at, run, lambda n: progress(total - run.rows_changed + n, total))
    return _entered(by, at, run)


def _seal(by: Actor, at: datetime, run: ImportRun, batches: Iterable[Batch]) -> ImportRun:
    """All new rows count from one moment on."""
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run)
        if run.state == ImportState.ENTERING and not run.plan.get("sealed"):
            for batch in batches:
                seal_batch(by=by, at=at, batch=batch)
            run.plan = {**run.plan, "sealed": True}
            run = trail.save(run, "import.sealed")
        return run


def _apply(by: Actor, at: datetime, run: ImportRun, said: Callable[[int], None]) -> ImportRun:
    """The changes from the first that is not applied on; each slice is one transaction with its counter.

    What cannot be changed any more, because somebody has changed it since the check, is left as it is and named.
    """
    pace = Pace()
    lines, taken = _changes_left(run), list[Mapping[str, Any]]()
    while run.state == ImportState.ENTERING and run.changes_applied < run.rows_changed:
        taken += islice(lines, max(pace.rows - len(taken), 0))
        first = run.changes_applied
        with change(by=by, at=at) as trail:
            run = trail.lock(ImportRun, run)
            if run.changes_applied != first or run.state != ImportState.ENTERING:
                lines, taken = _changes_left(run), []
                continue
            done = _apply_some(by, at, run, taken, lambda: pace.over(trail.held_seconds))
            run.changes_applied += done
            run = trail.save(run, "import.changes_applied")
        taken = taken[done:]
        said(run.changes_applied)
        pace.took(done, trail.held_seconds)
    return run


def _apply_some(by: Actor, at: datetime, run: ImportRun, lines: Iterable[Any], is_over: Callable[[], bool]) -> int:
    """Apply changes until it ``is_over``; returns how many. The plan keeps why some could not be applied any more, and
    the rows of all that wrote nothing: there is nothing of them that a withdrawal would give back."""
    refused, unwritten = list(run.plan.get("not_applied", [])), list(run.plan.get("unwritten", []))
    last, done = head(), 0
    for line in lines:
        if (said_no := _refusal_of(by, at, run, line)) is not None:
            refused.append(said_no)
        before, last = last, head()
        if last == before:
            unwritten.append(line["row"])
        done += 1
        if is_over():
            break
    kept = {"not_applied": refused[:MOST_KEPT], "unwritten": unwritten}
    run.plan = {**run.plan, **{name: found for name, found in kept.items() if found}}
    return done


def _changes_left(run: ImportRun) -> Iterator[Mapping[str, Any]]:
    return islice(lines_in(run.plan["changes"]), run.changes_applied, None)


def _refusal_of(by: Actor, at: datetime, run: ImportRun, line: Mapping[str, Any]) -> dict[str, Any] | None:
    """Apply one change; if it is refused, the row and why."""
    try:
        with change(by=by, at=at):
            said = {name: value for name, value in line.items() if name != "was"}  # that is for the page
            import_targets.get(run.target).apply(by=by, at=at, line=said)
    except Refused as refused:
        return {"row": line["row"], **said_of(refused)}
    return None


def said_of(error: BatonError) -> dict[str, Any]:
    """A message as a plan keeps it, for whoever reads it later."""
    values = {name: str(value)[:2000] for name, value in error.values.items()}
    return {"expected": error.expected, "found": error.found, "remedy": error.remedy, "values": values}


def _entered(by: Actor, at: datetime, run: ImportRun) -> ImportRun:
    with change(by=by, at=at) as trail:
        run = trail.lock(ImportRun, run)
        if run.state != ImportState.ENTERING:
            return run
        run.state, run.entered_at = ImportState.ENTERED, at
        run = trail.save(run, "import.entered", new=run.rows_new, changed=run.rows_changed, left_out=run.leave_out)
        _tell(by, at, run, ENTERED_TOPIC)
        return run


def lines_in(path: str) -> Iterator[Mapping[str, Any]]:
    """The lines of a file of a plan; none where there is no file."""
    if path:
        with uploads.location(path).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def tell_waiting(*, by: Actor, at: datetime, run: ImportRun) -> None:
    """Tell who brought the table that it is checked and has refused rows (used where nobody waits at a page)."""
    with change(by=by, at=at):
        _tell(by, at, run, WAITS_TOPIC)


def _tell(by: Actor, at: datetime, run: ImportRun, topic: str) -> None:
    if run.person is not None:
        values = {"title": run.title, "new": run.rows_new, "changed": run.rows_changed, "refused": run.rows_refused}
        notify(
            by=by,
            at=at,
            person=run.person,
            topic=topic,
            address=f"/data/imports/{run.public_id}/",
            values=values,
            shows=[(ImportRun.kind, run.public_id)],
        )


def _refuse_begun(run: ImportRun) -> None:
    if run.batches.exists():
        raise Refused(
            expected=gettext_noop("Expected an import of which nothing was entered yet."),
            found=gettext_noop("This one was begun and given up."),
            remedy=gettext_noop("Import the table again."),
        )


def require(run: ImportRun, *states: ImportState) -> None:
    """Refuse an import that is in none of these states."""
    if run.state not in states:
        raise Refused(
            expected=gettext_noop("This can be done while an import is: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Open the import again to see how it stands."),
            states=", ".join(states),
            state=run.state,
        )
