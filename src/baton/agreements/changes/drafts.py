"""Agreements are begun, and their versions written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.checks import days_given, note_given, terms_given
from baton.agreements.models import Agreement, AgreementVersion, Clause, OfferVersion
from baton.agreements.rules import (
    EDITABLE,
    MOST_CLAUSES,
    OFFERED,
    OPEN,
    RENEWAL_DAYS,
    TRIAL,
    OfferState,
    Terms,
    VersionState,
    carried,
    effective,
    needs_trial,
)
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.chain.rules import OutputKind
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.policy import demand
from baton.core.queries.calendars import calendar
from baton.core.texts import folded
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from baton.chain.models import Link
    from baton.core.models import WorkCalendar

TERMS = (
    "owed_by", "clause_kind", "characteristic", "aspect", "measure", "unit", "direction", "target", "lower", "upper",
    "attainment", "source", "source_note", "sampling", "sample_size", "sampling_note", "measured_by",
    "perception_item", "baseline_value", "baseline_weeks", "baseline_from", "baseline_until", "baseline_note",
    "trial_until",
)  # fmt: skip
"""Columns of a clause that hold its terms, but for its calendar."""

Text = AgreementVersion | OfferVersion
"""What clauses stand in."""


def begin_agreement(
    *, by: Actor, at: datetime, link: Link, clauses: Iterable[Terms] = (), example: bool = False
) -> AgreementVersion:
    """Begin the agreement of a link with a first draft that holds ``clauses``; ``example``: they are starting values.

    Returns the draft. Refused: a link that has an agreement already, and one that has ended.
    """
    with change(by=by, at=at) as trail:
        # Read again under the lock: it may have ended since the caller read it.
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_write(standing_of(by, day_of(at)), link))
        if (known := Agreement.objects.filter(link=link).first()) is not None:
            raise Refused(
                expected=gettext_noop("Expected a link without an agreement."),
                found=gettext_noop("{number} is the agreement of this link."),
                remedy=gettext_noop("Open it and write a new version there."),
                number=known.number,
            )
        agreement = Agreement(link=link, number=next_number(prefix="A", at=at))
        agreement.search_text = folded(agreement.number)
        trail.save(agreement, "agreement.begun")
        version = AgreementVersion(agreement=agreement, version=1)
        trail.save(version, "agreement_version.drafted")
        for place, terms in enumerate(clauses, start=1):
            new_clause(trail, version, terms, position=place, example=example)
        return version


def draft_version(*, by: Actor, at: datetime, agreement: Agreement, reason: str = "") -> AgreementVersion:
    """Begin the next version of an agreement with the clauses of the one in force, or else of the last one; those of a
    service offer that has ended become its own.

    Refused while another version is on its way.
    """
    why = note_given(reason, "reason")
    with change(by=by, at=at) as trail:
        agreement = trail.lock(Agreement, agreement)
        demand(policy.may_write(standing_of(by, day_of(at)), agreement.link))
        versions = AgreementVersion.objects.filter(agreement=agreement).order_by("-version")
        if (other := versions.filter(state__in=sorted(OPEN)).first()) is not None:
            raise Refused(
                expected=gettext_noop("Expected an agreement without another version on its way."),
                found=gettext_noop("Version {version} is on its way."),
                remedy=gettext_noop("Change that one, or withdraw it first."),
                version=other.version,
            )
        last = versions[0]
        before = versions.filter(state=VersionState.ACTIVE).first() or last
        version = AgreementVersion(
            agreement=agreement, version=last.version + 1, reason=why, offer_version=_offered_now(before),
            renewal_days=before.renewal_days, minimum_participation=before.minimum_participation,
        )  # fmt: skip
        trail.save(version, "agreement_version.drafted")
        carry_over(trail, before, version)
        return version


def describe_version(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    starts_on: date | None = None,
    ends_on: date | None = None,
    review_on: date | None = None,
    renewal_days: int = RENEWAL_DAYS,
    reason: str = "",
    minimum_participation: int | None = None,
    expected_seq: int | None = None,
) -> AgreementVersion:
    """Say from when to when a version is to hold, when it is reviewed, and why there is it.

    ``minimum_participation`` in percent stays as it is where None; only the quality manager says another one.
    """
    why = note_given(reason, "reason")
    with change(by=by, at=at) as trail:
        version = to_edit(trail, version, expected_seq)
        days_given(starts_on, ends_on, review_on, day_of(at))
        if not 0 <= renewal_days <= 365:
            raise Refused(
                field="renewal_days",
                expected=gettext_noop("Expected 0 to 365 days."),
                found=gettext_noop("Found {days}."),
                remedy=gettext_noop("Give the days before the last day on which both sides are told."),
                days=renewal_days,
            )
        if minimum_participation is not None and minimum_participation != version.minimum_participation:
            demand(policy.may_say_how_many_take_part(by))
            version.minimum_participation = _share_given(minimum_participation)
        version.starts_on, version.ends_on, version.review_on = starts_on, ends_on, review_on
        version.renewal_days, version.reason = renewal_days, why
        return trail.save(version, "agreement_version.described")


def _share_given(percent: int) -> int:
    if not 0 <= percent <= 100:
        raise Refused(
            field="minimum_participation",
            expected=gettext_noop("Expected a share from 0 to 100 %."),
            found=gettext_noop("Found {share} %."),
            remedy=gettext_noop("Give the share of the invited staff that is to say something."),
            share=percent,
        )
    return percent


def to_edit(trail: Trail, version: AgreementVersion, expected_seq: int | None = None) -> AgreementVersion:
    """The version, locked, for whoever may change it now; refused where its text stands still."""
    version = trail.lock(AgreementVersion, version, expected_seq=expected_seq)
    link, state = version.agreement.link, VersionState(version.state)
    demand(policy.may_write(standing_of(trail.by, day_of(trail.at)), link))
    if state not in EDITABLE:
        raise Refused(
            expected=gettext_noop("Expected a draft, or a version in consultation."),
            found=gettext_noop("Version {version} is {state}: its text stands still."),
            remedy=gettext_noop("Open a consultation, or write a new version."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    return version


def to_edit_offered(trail: Trail, version: OfferVersion, expected_seq: int | None = None) -> OfferVersion:
    """The version of a service offer, locked, for whoever may change it now; refused once it was proposed."""
    version = trail.lock(OfferVersion, version, expected_seq=expected_seq)
    demand(policy.may_write_offers(standing_of(trail.by, day_of(trail.at)), version.offer.supplier))
    if OfferState(version.state) is not OfferState.DRAFT:
        raise Refused(
            expected=gettext_noop("Expected a draft of the service offer."),
            found=gettext_noop("Version {version} is {state}: its text stands still."),
            remedy=gettext_noop("Write a new version of the service offer."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    return version


def text_to_edit(trail: Trail, text: Text) -> Text:
    """Either of them, locked and open to changes."""
    return to_edit_offered(trail, text) if isinstance(text, OfferVersion) else to_edit(trail, text)


def touch(trail: Trail, version: Text) -> None:
    """Make the version as somebody saw it before stale, where a clause of it has changed."""
    if trail.last_seq:
        type(version)._default_manager.filter(pk=version.pk).update(changed_seq=trail.last_seq)
        version.changed_seq = trail.last_seq


def is_control(version: Text) -> bool:
    """Whether what is handed over is a control output."""
    output = version.offer.output if isinstance(version, OfferVersion) else version.agreement.link.output
    return bool(output.output_kind == OutputKind.CONTROL)


def clauses_in(version: Text) -> QuerySet[Clause]:
    """Its own clauses, those left out too, in no order."""
    if isinstance(version, OfferVersion):
        return Clause.objects.filter(offer_version=version)
    return Clause.objects.filter(agreement_version=version)


def new_clause(
    trail: Trail, version: Text, terms: Terms, *, position: int, example: bool = False, line: str = ""
) -> Clause:
    """A new clause within an open change, of the ``line`` of another text or of a line of its own."""
    clause = Clause(line=line or new_public_id(), position=position, example=example)
    if isinstance(version, OfferVersion):
        clause.offer_version = version
    else:
        clause.agreement_version = version
    write_terms(trail, clause, terms_for(trail, version, terms))
    return trail.save(clause, "clause.added")


def terms_for(trail: Trail, version: Text, terms: Terms) -> Terms:
    """The terms as a clause of this version says them, checked. What is offered to many without a baseline says until
    when it is tried out as soon as it is written: it is signed as it was read."""
    given = terms_given(terms, control=is_control(version))
    if isinstance(version, OfferVersion) and needs_trial(given):
        given = replace(given, trial_until=(version.starts_on or day_of(trail.at)) + TRIAL)
    return given


def write_terms(trail: Trail, clause: Clause, terms: Terms) -> None:
    """Put the terms into the columns. Refused: a calendar that is no longer agreed by, unless it is the clause's."""
    if not terms.calendar:
        clause.calendar = None
    elif clause.calendar is None or clause.calendar.public_id != terms.calendar:
        clause.calendar = calendar_in_force(trail.by, terms.calendar)
    fill_terms(clause, terms)


def fill_terms(clause: Clause, terms: Terms) -> None:
    """Put the terms into the columns, all but the calendar; None of a choice is kept as an empty text."""
    for name in TERMS:
        value = getattr(terms, name)
        column = Clause._meta.get_field(name)
        empty = value is None and not column.null
        setattr(clause, name, "" if empty else dict(value) if name in ("characteristic", "perception_item") else value)


def calendar_in_force(by: Actor, public_id: str) -> WorkCalendar:
    """The calendar (public id) in whose hours a clause may count; refused once it has ended."""
    found = calendar(viewer=by, public_id=public_id)
    if found.ended_at is not None:
        raise Refused(
            field="calendar",
            expected=gettext_noop("Expected a calendar that is in force."),
            found=gettext_noop("“{name}” has ended."),
            remedy=gettext_noop("Choose another one, or leave it empty for the organisation's own."),
            name=str(found),
        )
    return found


def refuse_too_many(version: Text) -> None:
    """Refuse a clause more than a version holds."""
    held = clauses_in(version).filter(dropped=False).count()
    if held >= MOST_CLAUSES:
        raise Refused(
            expected=gettext_noop("Expected at most {most} clauses."),
            found=gettext_noop("Found {count} already."),
            remedy=gettext_noop("Leave out what nobody measures or misses."),
            most=MOST_CLAUSES,
            count=held,
        )


def carry_over(
    trail: Trail, before: AgreementVersion, version: AgreementVersion, *, additional: bool = True
) -> list[Clause]:
    """The clauses of the version before, by the same lines; :func:`baton.agreements.rules.carried` says which of them
    deviate from the service offer of the new version. ``additional``: those that stand for themselves, too."""
    own = list(before.clauses.select_related("calendar").order_by("position", "pk"))
    if version.offer_version_id is None:  # it stands for itself, with all that held
        own = effective(offered_in(before), own)
    offered = offered_in(version)
    of_line = {one.line: one for one in offered}
    same = {line: of_line[line].terms == one.terms for one in own if (line := one.deviates_from or one.line) in of_line}
    copies: list[Clause] = []
    for place, deviates_from in carried(offered, own, same):
        if deviates_from or additional:
            copies.append(_copied(trail, own[place], version, deviates_from, len(copies) + 1))
    return copies


def _copied(trail: Trail, clause: Clause, version: AgreementVersion, deviates_from: str, position: int) -> Clause:
    copy = Clause(
        agreement_version=version, line=deviates_from or clause.line, position=position, deviates_from=deviates_from,
        dropped=clause.dropped, example=clause.example, calendar=clause.calendar,
    )  # fmt: skip
    for name in TERMS:
        setattr(copy, name, getattr(clause, name))
    return trail.save(copy, "clause.carried_over")


def offered_in(version: AgreementVersion) -> list[Clause]:
    """The clauses of the service offer to which the version points, in their order; none where it stands for itself."""
    if version.offer_version_id is None:
        return []
    rows = Clause.objects.filter(offer_version=version.offer_version_id, dropped=False).select_related("calendar")
    return list(rows.order_by("position", "pk"))


def _offered_now(before: AgreementVersion) -> OfferVersion | None:
    """The version of the service offer that a new version points to: what the supplier offers by now; None where the
    offer has ended."""
    known = before.offer_version
    if known is None:
        return None
    rows = OfferVersion.objects.filter(offer=known.offer_id, state__in=sorted(OFFERED)).order_by("-version")
    return rows.first()
