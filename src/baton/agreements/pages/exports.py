"""Agreements as a table that people take away: a row a clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.agreements import queries
from baton.agreements.models import Clause
from baton.agreements.pages.words import STANDINGS, target_of, unit_name
from baton.agreements.queries import AgreementFilters, AgreementRow
from baton.agreements.rules import Side
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.signature_words import in_a_line
from baton.core.texts import say

_AT_ONCE = 200


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Agreement"), _("Link"), _("Supplier"), _("Customer"), _("Output"), _("Version"), _("State"), _("First day"),
        _("Last day"), _("Owed by"), _("Clause"), _("Kind of clause"), _("Aspect of quality"), _("Measure"),
        _("Target in words"), _("Direction"), _("Target"), _("Lower limit"), _("Upper limit"), _("Unit"),
        _("Attainment, %"), _("Data source"), _("Measured by"), pgettext("clause", "Standing"), _("On trial until"),
        _("Example"), _("Signed for the supplier"), _("Signed for the customer"),
    ]  # fmt: skip


def rows(found: Iterable[AgreementRow], *, viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """A row for each clause of the version that counts; an agreement without clauses has one row."""
    batch: list[AgreementRow] = []
    for row in found:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            yield from _rows(batch, viewer, at)
            batch = []
    yield from _rows(batch, viewer, at)


def all_agreements(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every agreement that the viewer sees."""
    return rows(queries.agreements_to_export(viewer=viewer, at=at, filters=AgreementFilters()), viewer=viewer, at=at)


def _rows(batch: Sequence[AgreementRow], viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    versions = [row.version for row in batch]
    held = queries.clauses_by_version(viewer=viewer, versions=versions)
    signed = queries.sides_signed(viewer=viewer, versions=versions)
    for row in batch:
        link, version = row.agreement.link, row.version
        first = [
            row.agreement.number, link.number, say(link.supplier.name), say(link.customer.name), str(link.output),
            version.version, str(version.get_state_display()), version.starts_on, version.ends_on,
        ]  # fmt: skip
        given = signed.get(version.pk, {})
        last = [in_a_line(given[side]) if side in given else "" for side in Side]
        for clause in held.get(version.pk, []):
            yield [*first, *_clause(clause, at), *last]
        if not held.get(version.pk):
            yield [*first, *[""] * (len(header()) - len(first) - len(last)), *last]


def _clause(clause: Clause, at: datetime) -> list[object]:
    standing = queries.held_on(clause, day_of(at)).standing
    return [
        clause.get_owed_by_display(), say(clause.characteristic), clause.get_clause_kind_display(),
        clause.get_aspect_display() if clause.aspect else "", clause.get_measure_display() if clause.measure else "",
        target_of(clause), clause.get_direction_display() if clause.direction else "", clause.target,
        clause.lower, clause.upper, str(unit_name(clause.unit)), clause.attainment,
        clause.get_source_display() if clause.source else "", clause.get_measured_by_display(),
        str(STANDINGS[standing][1]), clause.trial_until, _("yes") if clause.example else "",
    ]  # fmt: skip
