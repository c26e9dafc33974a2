"""An import is taken back as a whole: what came new with it no longer counts, and where its target can, what it changed
says again what it said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from baton.core import jobs, policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes.bulk_withdrawal import MOST_NAMED, refuse_dependants, some, withdraw_batch
from baton.core.changes.imports.runs import MOST_KEPT, lines_in, require, said_of
from baton.core.errors import Refused
from baton.core.import_targets import TakingBack, import_targets
from baton.core.models import ImportRun
from baton.core.pace import FIRST_ROWS, Pace
from baton.core.rules import BatchState, ImportState
from baton_analysis.errors import gettext_noop

GIVE_BACK_JOB = "core.give_back_import"


def withdraw_import(
    *, by: Actor, at: datetime, run: ImportRun, reason: str, expected_seq: int | None = None
) -> ImportRun:
    """Take everything that the import made back, at one moment. Records that it changed get their former values back,
    few at the same moment, many by a worker in slices; those of a target that cannot take back stay as they are, with
    the old values in their history.

    Refused without a reason, where rows were changed since or something stands on them (see
    :func:`baton.core.changes.withdraw_batch`), and where a record that would get its former values back was changed
    since.
    """
    policy.demand(policy.may_handle_import(by, run))
    sealed = run.batches.filter(state=BatchState.SEALED).order_by("-pk")
    looked_to = {batch.pk: refuse_dependants(batch) for batch in sealed}
    back = import_targets.get(run.target).taking_back
    _refuse_changed(run, back)
    with change(by=by, at=at, reason=reason) as trail:
        run = trail.lock(ImportRun, run, expected_seq=expected_seq)
        require(run, ImportState.ENTERED)
        if not reason.strip():
            raise Refused(
                field="reason",
                expected=gettext_noop("Withdrawing needs a reason, which stands in the audit trail."),
                remedy=gettext_noop("Say why it is taken back."),
            )
        for batch in sealed.all():
            withdraw_batch(by=by, at=at, batch=batch, reason=reason, looked_to=looked_to.get(batch.pk, 0))
        run.state, run.withdrawn_at, run.reason = ImportState.WITHDRAWN, at, reason.strip()[:500]
        if back is not None and (lines := list(islice(_written(run), FIRST_ROWS + 1))):
            _give_back_first(by, at, run, back, lines)
        return trail.save(run, "import.withdrawn")


def _give_back_first(by: Actor, at: datetime, run: ImportRun, back: TakingBack, lines: Sequence[Any]) -> None:
    """Few records at once, with the withdrawal or not at all; of many a worker gives the values back."""
    few = len(lines) <= FIRST_ROWS
    for line in lines if few else ():
        back.give_back(by=by, at=at, line=line)
    run.plan = {**run.plan, "given_back": len(lines) if few else 0}
    if not few:
        jobs.enqueue(GIVE_BACK_JOB, run=run.public_id)


def give_back_import(
    *, by: Actor, at: datetime, run: ImportRun, progress: Callable[[int, int], None] = jobs.silent
) -> ImportRun:
    """Let the records that a withdrawn import changed say again what they said before, slice by slice; begun again it
    goes on where it stands. What was changed since the withdrawal is left as it is and named."""
    back = import_targets.get(run.target).taking_back
    pace = Pace()
    while run.state == ImportState.WITHDRAWN and back is not None:
        with change(by=by, at=at) as trail:
            run = trail.lock(ImportRun, run)
            done = run.plan.get("given_back", 0)
            left = list(islice(_written(run), done, done + pace.rows))
            if not left:
                return run
            kept, so_far = list(run.plan.get("not_given_back", [])), 0
            for line in left:
                if (refused := _refusal(by, at, back, line)) is not None:
                    kept.append(refused)
                so_far += 1
                if pace.over(trail.held_seconds):
                    break
            run.plan = {**run.plan, "given_back": done + so_far, "not_given_back": kept[:MOST_KEPT]}
            run = trail.save(run, "import.given_back")
        progress(run.plan["given_back"], run.rows_changed)
        pace.took(so_far, trail.held_seconds)
    return run


def _refusal(by: Actor, at: datetime, back: TakingBack, line: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give one record its values back; if it is refused, the row and why."""
    try:
        back.give_back(by=by, at=at, line=line)
    except Refused as refused:
        return {"row": line["row"], **said_of(refused)}
    return None


def _written(run: ImportRun) -> Iterator[Mapping[str, Any]]:
    """The changes that the import made, without those that came too late."""
    unwritten = frozenset(run.plan.get("unwritten", ()))
    return (line for line in lines_in(run.plan.get("changes", "")) if line["row"] not in unwritten)


def _refuse_changed(run: ImportRun, back: TakingBack | None) -> None:
    changed = list(back.changed_since(_written(run))) if back is not None and run.state == ImportState.ENTERED else []
    if changed:
        raise Refused(
            expected=gettext_noop("Only what stands as it was imported can get its former values back."),
            found=gettext_noop("{count} were changed since, or stand still by now: {named}."),
            remedy=gettext_noop("Correct these by hand, or let the import stand."),
            count=len(changed),
            named=some(changed[:MOST_NAMED], len(changed)),
        )
