"""Clauses of a version of an agreement or of a service offer are added, changed, left out and put in order."""

from __future__ import annotations

from datetime import datetime

from baton.agreements.changes.drafts import (
    Text,
    clauses_in,
    new_clause,
    offered_in,
    refuse_too_many,
    terms_for,
    text_to_edit,
    touch,
    write_terms,
)
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import Terms, settled
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


def add_clause(*, by: Actor, at: datetime, version: Text, terms: Terms) -> Clause:
    """Add a clause at the end."""
    with change(by=by, at=at) as trail:
        version = text_to_edit(trail, version)
        refuse_too_many(version)
        places = clauses_in(version).values_list("position", flat=True)
        clause = new_clause(trail, version, terms, position=max(places, default=0) + 1)
        touch(trail, version)
        return clause


def change_clause(
    *, by: Actor, at: datetime, clause: Clause, terms: Terms, expected_seq: int | None = None, reason: str = ""
) -> Clause:
    """Change what a clause says; a starting value is somebody's own then.

    ``expected_seq`` is the version of the clause that the person saw: of two who change one at once the second is told
    what the first wrote (:class:`baton.core.errors.Stale`).
    """
    with change(by=by, at=at, reason=reason) as trail:
        version = _version_of(trail, clause)
        clause = trail.lock(Clause, clause, expected_seq=expected_seq)
        write_terms(trail, clause, terms_for(trail, version, terms))
        clause.example = False
        clause = trail.save(clause, "clause.changed")
        touch(trail, version)
        return clause


def give_back_terms(
    *, by: Actor, at: datetime, clause: Clause, wrote: Terms, former: Terms, example: bool
) -> Clause:  # fmt: skip
    """Let a clause say again what it said before an import ``wrote`` into it; ``example``: it was a starting value.

    Refused: a clause that says something else by now, is left out, or stands in a text that stands still.
    """
    with change(by=by, at=at) as trail:
        version = _version_of(trail, clause)
        clause = trail.lock(Clause, clause)
        if clause.dropped or settled(clause.terms) != terms_for(trail, version, wrote):
            raise Refused(
                expected=gettext_noop("Expected the clause as it was imported."),
                found=gettext_noop("“{name}” was changed since."),
                remedy=gettext_noop("Correct it on the page of its agreement."),
                name=str(clause),
            )
        write_terms(trail, clause, former)
        clause.example = example
        clause = trail.save(clause, "clause.given_back")
        touch(trail, version)
        return clause


def drop_clause(
    *, by: Actor, at: datetime, clause: Clause, expected_seq: int | None = None, reason: str = ""
) -> Clause:
    """Leave a clause out of the version."""
    return _left_out(by, at, clause, expected_seq, reason, dropped=True)


def restore_clause(
    *, by: Actor, at: datetime, clause: Clause, expected_seq: int | None = None, reason: str = ""
) -> Clause:
    """Take a clause up again that was left out of the version."""
    return _left_out(by, at, clause, expected_seq, reason, dropped=False)


def move_clause(*, by: Actor, at: datetime, clause: Clause, position: int) -> Clause:
    """Put a clause at ``position``, from 1 on, among those that are owed by the same side; the others close up.

    A position beyond the last is the last. What deviates from a clause of the service offer stands in its place.
    """
    with change(by=by, at=at) as trail:
        version = _version_of(trail, clause)
        side = clauses_in(version).filter(owed_by=clause.owed_by, dropped=False, deviates_from="")
        others = list(side.exclude(pk=clause.pk).order_by("position", "pk"))
        moved = trail.lock(Clause, clause)
        order = [*others[: max(position, 1) - 1], moved, *others[max(position, 1) - 1 :]]
        for place, one in enumerate(order, start=1):
            if one.position != place:
                held = moved if one is moved else trail.lock(Clause, one)
                held.position = place
                trail.save(held, "clause.moved")
        touch(trail, version)
        return moved


def _left_out(
    by: Actor, at: datetime, clause: Clause, expected_seq: int | None, reason: str, *, dropped: bool
) -> Clause:
    with change(by=by, at=at, reason=reason) as trail:
        version = _version_of(trail, clause)
        clause = trail.lock(Clause, clause, expected_seq=expected_seq)
        if not dropped:
            _demand_own(version, clause)
            if clause.dropped:
                refuse_too_many(version)
        clause.dropped = dropped
        clause = trail.save(clause, "clause.dropped" if dropped else "clause.restored")
        touch(trail, version)
        return clause


def _demand_own(version: Text, clause: Clause) -> None:
    """Refuse to take up what stands in the place of a clause of the service offer: that one holds, or is left out."""
    offered = offered_in(version) if isinstance(version, AgreementVersion) else []
    if any(one.line == clause.line for one in offered):
        raise Refused(
            expected=gettext_noop("Expected a clause of this link alone."),
            found=gettext_noop("The service offer has a clause in its place."),
            remedy=gettext_noop("Take the deviation back, or deviate from the clause of the service offer."),
        )


def _version_of(trail: Trail, clause: Clause) -> Text:
    """The version in which it stands, locked and open to changes."""
    text = clause.offer_version or clause.agreement_version
    assert text is not None  # a constraint of the database
    return text_to_edit(trail, text)
