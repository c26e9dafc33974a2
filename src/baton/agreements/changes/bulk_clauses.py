"""Many clauses of drafts at once: entered in slices, counting together, withdrawn together.

Each clause comes out as ``add_clause`` would have made it. What may have changed since the rows were checked is looked
at under the lock: with every slice, and once more when all of them begin to count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from baton.agreements import policy
from baton.agreements.changes.checks import terms_given
from baton.agreements.changes.drafts import calendar_in_force, fill_terms, is_control
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import (
    EDITABLE,
    MOST_CLAUSES,
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Terms,
    VersionState,
)
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.audit.values import plain
from baton.core.changes.bulk import lines_of
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.policy import demand
from baton.core.queries.calendars import calendars as calendars_in_force
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

CLAUSES_TARGET = "clauses"
RELEASED: Mapping[str, Any] = {"dropped": True}
"""A withdrawn clause is left out of the draft to which it came."""
READ_ROWS = 500
_ENTERING = Actor.system("clauses")
_DAYS = ("baseline_from", "baseline_until", "trial_until")
KINDS: Mapping[str, Any] = {
    "owed_by": Side, "clause_kind": ClauseKind, "aspect": Aspect, "measure": Measure, "direction": Direction,
    "source": Source, "sampling": Sampling, "measured_by": MeasuredBy,
}  # fmt: skip
"""Fields of :class:`Terms` that hold one of several codes."""


def terms_line(terms: Terms) -> dict[str, Any]:
    """All that a clause says as plain values, of which :func:`terms_of` makes it again; what is empty is left out."""
    return {name: plain(value) for name, value in asdict(terms).items() if value not in (None, "", {})}


def terms_of(line: Mapping[str, Any]) -> Terms:
    """The terms of such plain values."""
    said = dict(line)
    for name in _DAYS:
        if name in said:
            said[name] = date.fromisoformat(said[name])
    for name, kind in KINDS.items():
        if name in said:
            said[name] = kind(said[name])
    return Terms(**said)


def clause_line(*, version: str, terms: Terms) -> dict[str, Any]:
    """A row of an entry of clauses; ``version`` is the public id of the draft."""
    return {"version": version, "terms": terms_line(terms)}


def clauses_of(batch: Batch) -> Iterator[Clause]:
    """The clauses of the rows that are left, without their places."""
    lines = lines_of(batch, after=batch.rows_entered)
    versions: dict[str, AgreementVersion] = {}
    calendars = {one.public_id: one for one in calendars_in_force(viewer=_ENTERING)}
    while chunk := list(islice(lines, READ_ROWS)):
        unread = {line["version"] for line in chunk} - versions.keys()
        rows = AgreementVersion.objects.filter(public_id__in=unread).select_related("agreement__link__output")
        versions |= {one.public_id: one for one in rows}
        for line in chunk:
            version = versions[line["version"]]
            terms = terms_given(terms_of(line["terms"]), control=is_control(version))
            clause = Clause(agreement_version=version, line=new_public_id(), position=0)
            if terms.calendar:
                clause.calendar = calendars.get(terms.calendar) or calendar_in_force(_ENTERING, terms.calendar)
            fill_terms(clause, terms)
            yield clause


def admit_clauses(*, at: datetime, batch: Batch, first: int, records: Sequence[Clause | None]) -> None:
    """Under the lock: refuse versions whose text stands still by now and those that would hold too much; give every
    clause its place behind those that are there."""
    clauses = [one for one in records if one is not None]
    keys = {one.agreement_version_id for one in clauses}
    fresh = AgreementVersion.objects.select_related("agreement").in_bulk([key for key in keys if key is not None])
    demand_drafts(fresh.values())
    there = Clause.objects.filter(agreement_version__in=fresh)
    held: Counter[int | None] = Counter(there.filter(dropped=False).values_list("agreement_version", flat=True))
    held.update(Clause.everything.filter(batch=batch).values_list("agreement_version", flat=True))
    last: dict[int | None, int] = dict(
        Clause.everything.filter(agreement_version__in=fresh)
        .values("agreement_version").annotate(last=Max("position")).values_list("agreement_version", "last")
    )  # fmt: skip
    for one in clauses:
        key = one.agreement_version_id
        held[key] += 1
        if held[key] > MOST_CLAUSES:
            raise _too_many(one.agreement_version)
        one.position = last[key] = last.get(key, 0) + 1


def conflict_of_clauses(*, first: int, records: Sequence[Clause | None]) -> Refused:
    """The database refuses clauses for nothing that was not looked at before."""
    raise RuntimeError("the database refused clauses that were found well")


def seal_clauses(*, by: Actor, at: datetime, batch: Batch) -> None:
    """In the change that makes them count: refuse where a version was proposed meanwhile, and make what somebody has
    open of it stale."""
    rows = Clause.everything.filter(batch=batch).values_list("agreement_version", flat=True)
    counted = Counter(rows)
    with change(by=by, at=at) as trail:
        for key in sorted(key for key in counted if key is not None):
            version = trail.lock(AgreementVersion, AgreementVersion.objects.get(pk=key))
            demand_drafts([version])
            demand(policy.may_write(standing_of(by, day_of(at)), version.agreement.link))
            seq = trail.note(
                "agreement_version.clauses_imported", kind=AgreementVersion.kind, object_id=version.public_id,
                count=counted[key], batch=batch.public_id,
            )  # fmt: skip
            AgreementVersion.objects.filter(pk=key).update(changed_seq=seq)


def demand_drafts(versions: Any) -> None:
    """Refuse versions whose text stands still."""
    for one in versions:
        if VersionState(one.state) not in EDITABLE:
            raise Refused(
                expected=gettext_noop("Expected a version that can be changed."),
                found=gettext_noop("{version} is no longer a draft."),
                remedy=gettext_noop("Write a new version and import the table again."),
                version=str(one),
            )


def proposed_since(batch: Batch) -> Mapping[Any, int]:
    """What stands on the clauses of an entry without a key to them: versions that were proposed with them."""
    if batch.target != CLAUSES_TARGET:
        return {}
    held = AgreementVersion.objects.filter(pk__in=Clause.everything.filter(batch=batch).values("agreement_version"))
    return {_("versions that are no longer drafts"): held.exclude(state__in=sorted(EDITABLE)).count()}


def _too_many(version: AgreementVersion | None) -> Refused:
    return Refused(
        expected=gettext_noop("Expected at most {most} clauses in one version."),
        found=gettext_noop("{version} would have more."),
        remedy=gettext_noop("Leave out what nobody measures or misses."),
        most=MOST_CLAUSES,
        version=str(version),
    )
