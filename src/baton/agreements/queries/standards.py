"""How the clauses of all agreements stand on a day, counted by the database: by link, for the coverage of standards.

What is read here knows no viewer; :mod:`baton.agreements.queries.coverage` shows of it what is in sight.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Value, When

from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import BASELINE_WEEKS, DIRECTIONS, OPEN, Aspect, Measure, Side, Source, VersionState
from baton.agreements.rules.coverage import IN_FORCE, LinkStandards, LinkState, Stands
from baton.core.once import once, only_reads
from baton.core.versions import Memory, version_of

COUNTING = (VersionState.ACTIVE, *sorted(OPEN))
_MANY_WAYS = [measure.value for measure, ways in DIRECTIONS.items() if len(ways) > 1 and measure is not Measure.VALUE]
ACCEPTED = "accepted"
"""In :func:`offered_clauses`: the version of an agreement in which the clause holds."""

LACKING = (
    Q(measure="")
    | Q(unit="")
    | Q(measure__in=_MANY_WAYS, direction="")
    | Q(measure=Measure.VALUE, lower__isnull=True, upper__isnull=True)
    | (~Q(measure=Measure.VALUE) & Q(target__isnull=True))
    | Q(source="")
    | Q(source=Source.OTHER, source_note="")
)
"""Clauses of which :func:`baton.agreements.rules.missing` finds something."""


def tried_out(day: date) -> Q:
    """Clauses without a gap that are on trial on ``day``, as :func:`baton.agreements.rules.standing` says."""
    unmeasured = Q(baseline_value__isnull=True) | Q(baseline_weeks__lt=BASELINE_WEEKS)
    return Q(trial_until__gte=day) | (Q(trial_until__isnull=True) & unmeasured)


def stands_on(day: date, state: str) -> Case:
    """How a clause is counted on ``day``; ``state`` leads to the state of the version in which it holds."""
    active = Q(**{state: VersionState.ACTIVE})
    return Case(
        When(active & LACKING, then=Value(Stands.RED)),
        When(active & tried_out(day), then=Value(Stands.ON_TRIAL)),
        When(active, then=Value(Stands.BINDING)),
        When(example=True, then=Value(Stands.EXAMPLE)),
        When(LACKING, then=Value(Stands.RED)),
        default=Value(Stands.BEING_AGREED), output_field=CharField(),
    )  # fmt: skip


def own_clauses(*where: Q) -> QuerySet[Clause]:
    """The clauses that stand in versions of agreements themselves, and hold there."""
    return Clause.objects.filter(*where, agreement_version__state__in=COUNTING, dropped=False)


def offered_clauses(*where: Q) -> QuerySet[Clause]:
    """The clauses of service offers, once for each version of an agreement that accepts them without a deviation.

    ``where`` says more of that version, as :data:`ACCEPTED`; a later ``filter`` would join all versions once more.
    """
    deviations = Clause.objects.filter(agreement_version=OuterRef(ACCEPTED), deviates_from=OuterRef("line"))
    accepted = Clause.objects.annotate(**{ACCEPTED: FilteredRelation("offer_version__agreement_versions")})
    return accepted.filter(*where, ~Exists(deviations), **{f"{ACCEPTED}__state__in": COUNTING}, dropped=False)


_KEPT: Memory[dict[int, LinkStandards]] = Memory(most=4)
"""By all on which it depends: the records and the day."""


def standards_by_link(day: date) -> dict[int, LinkStandards]:
    """What is agreed on every link that has an agreement, by key. Three queries, two as long as nothing changes.

    Nobody changes what he is given: it is kept for other readers.
    """
    if not only_reads():
        return _read(day)
    names = ("agreements.Agreement", "agreements.AgreementVersion", "agreements.OfferVersion", "agreements.Clause")
    version = once("agreements.standards", lambda: version_of(*names))
    return _KEPT.get((version, day), lambda: _read(day))


def _read(day: date) -> dict[int, LinkStandards]:
    links, counting = {}, {}
    versions = AgreementVersion.objects.filter(state__in=COUNTING).values_list("pk", "agreement__link_id", "state")
    # A version in force comes last, and takes the place of the one that is to follow it.
    for pk, link, state in sorted(versions, key=lambda row: row[2] == VersionState.ACTIVE):
        covered = state == VersionState.ACTIVE
        links[link] = LinkStandards(LinkState.COVERED if covered else LinkState.ON_ITS_WAY)
        counting[link] = pk
    found = {counting[link]: said for link, said in links.items()}
    for version, stands, owed_by, aspect, number in _counts(day):
        said = found.get(version)
        if said is None:
            continue
        said.clauses[Stands(stands)] = said.clauses.get(Stands(stands), 0) + number
        if aspect and owed_by == Side.SUPPLIER and stands in IN_FORCE:
            said.aspects.add(Aspect(aspect))
    return links


def _counts(day: date) -> Iterator[tuple[Any, ...]]:
    """Version of an agreement, how its clauses stand, who owes them, aspect of quality, how many."""
    for rows, version in ((own_clauses(), "agreement_version"), (offered_clauses(), ACCEPTED)):
        counting = rows.annotate(held_in=F(version), stands=stands_on(day, f"{version}__state"))
        grouped = counting.order_by().values_list("held_in", "stands", "owed_by", "aspect")
        yield from grouped.annotate(number=Count("pk"))
