"""On one link a clause of the service offer says something else, or does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from baton.agreements.changes.drafts import (
    clauses_in,
    offered_in,
    refuse_too_many,
    terms_for,
    to_edit,
    touch,
    write_terms,
)
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import Side, Terms
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.audit.values import shown_values
from baton.core.errors import NotFound, Refused, Stale
from baton_analysis.errors import gettext_noop


def deviate(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    line: str,
    terms: Terms,
    reason: str = "",
    expected_seq: int | None = None,
) -> Clause:
    """On this link the offer's clause of this ``line`` says what ``terms`` say.

    ``expected_seq`` is that of the clause on this line that the person saw, the offer's or an own one: :class:`Stale`
    where somebody has deviated meanwhile. Refused: terms that say what the offer says. The side that owes it stays the
    one of the offer.
    """
    with change(by=by, at=at, reason=reason) as trail:
        version = to_edit(trail, version)
        offered = _offered(version, line)
        _demand_seen(version, line, expected_seq)
        given = terms_for(trail, version, replace(terms, owed_by=Side(offered.owed_by)))
        if given == offered.terms:
            raise Refused(
                expected=gettext_noop("Expected a clause that says something else than the service offer."),
                found=gettext_noop("It says the same."),
                remedy=gettext_noop("Change what is different on this link, or leave the offer's clause as it is."),
            )
        return write_deviation(trail, version, offered, given, "clause.deviated", dropped=False)


def leave_out_offered(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    line: str,
    reason: str = "",
    expected_seq: int | None = None,
) -> Clause:
    """On this link the offer's clause of this ``line`` does not hold. ``expected_seq`` is that of the version."""
    with change(by=by, at=at, reason=reason) as trail:
        version = to_edit(trail, version, expected_seq)
        offered = _offered(version, line)
        return write_deviation(trail, version, offered, offered.terms, "clause.offered_left_out", dropped=True)


def hold_as_offered(
    *, by: Actor, at: datetime, clause: Clause, expected_seq: int | None = None, reason: str = ""
) -> Clause:
    """Take a deviation back: the offer's clause holds on this link as it stands there."""
    with change(by=by, at=at, reason=reason) as trail:
        if clause.agreement_version is None or not clause.deviates_from:
            raise NotFound
        version = to_edit(trail, clause.agreement_version)
        clause = trail.lock(Clause, clause, expected_seq=expected_seq)
        clause.deviates_from, clause.dropped = "", True
        clause = trail.save(clause, "clause.as_offered")
        touch(trail, version)
        return clause


def _demand_seen(version: AgreementVersion, line: str, expected_seq: int | None) -> None:
    """Raise what now stands there where somebody else has deviated on this line, or left it out."""
    held = clauses_in(version).filter(line=line).exclude(deviates_from="").first()
    if expected_seq is not None and held is not None and held.changed_seq != expected_seq:
        raise Stale(theirs=shown_values(held), version=held.changed_seq)


def _offered(version: AgreementVersion, line: str) -> Clause:
    found = next((one for one in offered_in(version) if one.line == line), None)
    if found is None:
        raise NotFound
    return found


def write_deviation(
    trail: Trail, version: AgreementVersion, offered: Clause, terms: Terms, action: str, *, dropped: bool
) -> Clause:
    """Within an open change, on a locked version: the row of this link for the line of the offer's clause. A deviation
    that was taken back is taken up again."""
    known = clauses_in(version).filter(line=offered.line).first()
    if known is None:
        refuse_too_many(version)
        clause = Clause(agreement_version=version, line=offered.line, position=offered.position)
    else:
        clause = trail.lock(Clause, known)
    clause.deviates_from, clause.dropped, clause.example = offered.line, dropped, False
    write_terms(trail, clause, terms)
    clause = trail.save(clause, action)
    touch(trail, version)
    return clause
