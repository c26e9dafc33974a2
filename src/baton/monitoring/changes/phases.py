"""Saying that a process was changed, so that limits start anew; and taking that back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from baton.core import jobs
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import NotFound, Refused, Stale
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.monitoring import policy
from baton.monitoring.changes.work_list import note_stale
from baton.monitoring.models import PhaseStart, StoredMeasure
from baton.monitoring.rules import MEASURES, day_of_number, monday_of, number_of_day, week_name
from baton_analysis.errors import gettext_noop

REFRESH_JOB = "monitoring.refresh"


def start_phase(*, by: Actor, at: datetime, subject: Subject, measure: str, day: date, reason: str) -> PhaseStart:
    """Begin a new phase on the chart of ``measure`` with the ISO week of ``day``: the process was changed on purpose.

    Limits before and after are computed apart, and no run reaches across. The worker computes them; this only says so.
    Refused for a week that the chart does not have, and where a phase begins already.
    """
    demand(policy.may_start_phase(by, subject.kind, subject.public_id))
    week = monday_of(number_of_day(day))
    _check(subject, measure, week, reason)
    phase = PhaseStart(subject=subject.measured_as, measure=measure, week=week, reason=reason, declared_by=by.person)
    try:
        with transaction.atomic(), change(by=by, at=at, reason=reason) as trail:
            trail.save(phase, "phase.started", week=week_name(week))
            note_stale([subject.measured_as], trail.last_seq)
            jobs.enqueue(REFRESH_JOB)
    except IntegrityError as twice:
        raise Refused(
            field="day",
            found=gettext_noop("A phase begins in this week already."),
            remedy=gettext_noop("Choose another week."),
        ) from twice
    return phase


def withdraw_phase(
    *, by: Actor, at: datetime, subject: Subject, phase: PhaseStart, reason: str, expected_seq: int | None = None
) -> PhaseStart:
    """Take back that a phase begins: the chart is computed as if nobody had said so. What was said stays on record.

    Refused where it was withdrawn already, and without a reason; NotFound for a phase of another subject.
    """
    demand(policy.may_start_phase(by, subject.kind, subject.public_id))
    if phase.subject != subject.measured_as:
        raise NotFound
    with change(by=by, at=at, reason=reason) as trail:
        phase = trail.lock(PhaseStart, phase)
        if phase.withdrawn_at is not None:
            raise Refused(
                found=gettext_noop("This phase was withdrawn already."),
                remedy=gettext_noop("Go back to the chart; it is computed without it."),
            )
        if expected_seq is not None and expected_seq != phase.changed_seq:
            raise Stale(version=phase.changed_seq)
        _demand_reason("why", reason, gettext_noop("Withdrawing a phase needs a reason."))
        phase.withdrawn_at = at
        trail.save(phase, "phase.withdrawn", week=week_name(phase.week))
        note_stale([subject.measured_as], trail.last_seq)
        jobs.enqueue(REFRESH_JOB)
    return phase


def _demand_reason(field: str, reason: str, expected: str) -> None:
    if not reason.strip():
        raise Refused(field=field, expected=expected, remedy=gettext_noop("Say it in a sentence; it stays on record."))


def _check(subject: Subject, measure: str, week: int, reason: str) -> None:
    if measure not in MEASURES:
        raise Refused(
            field="measure",
            expected=gettext_noop("The chart must be one of: {known}."),
            found=gettext_noop("“{measure}” was given."),
            remedy=gettext_noop("Choose a chart of this page."),
            known=", ".join(MEASURES),
            measure=measure,
        )
    _demand_reason("reason", reason, gettext_noop("A new phase needs a reason."))
    stored = StoredMeasure.objects.filter(subject=subject.measured_as, name=measure).first()
    result = stored.result if stored else {"weeks": [], "values": []}
    charted = [one for one, value in zip(result["weeks"], result["values"], strict=True) if value is not None]
    if not charted or not charted[0] < week <= charted[-1]:
        raise Refused(
            field="day",
            expected=gettext_noop("A new phase must begin after the first and not after the last week of the chart."),
            found=gettext_noop("The week of {day} is not among them."),
            remedy=gettext_noop("Choose a day between the second and the last week that have values."),
            day=day_of_number(week).isoformat(),
        )
