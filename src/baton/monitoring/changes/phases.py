"""Saying that a process was changed, so that limits start anew; correcting that, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction

from baton.core import jobs
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.audit.values import shown_values
from baton.core.errors import NotFound, Refused, Stale
from baton.core.policy import demand
from baton.core.registries import Subject
from baton.monitoring import policy
from baton.monitoring.changes.work_list import note_stale
from baton.monitoring.models import PhaseStart, StoredMeasure
from baton.monitoring.rules import (
    BASELINE_WEEKS,
    FEWEST_WEEKS,
    LONGEST_BASELINE_WEEKS,
    MEASURES,
    REFRESH_JOB,
    Phase,
    day_of_number,
    monday_of,
    number_of_day,
    week_name,
)
from baton_analysis.errors import gettext_noop


def start_phase(
    *,
    by: Actor,
    at: datetime,
    subject: Subject,
    measure: str,
    day: date,
    reason: str,
    baseline_weeks: int = BASELINE_WEEKS,
    limits_from: date | None = None,
) -> PhaseStart:
    """Begin a new phase on the chart of ``measure`` with the ISO week of ``day``: the process was changed on purpose.

    No run reaches across. Its limits come from its first ``baseline_weeks`` weeks with a value, or, where
    ``limits_from`` is given, are those of the earlier phase in which that day lies: after a disturbance that is over,
    or to hold a process to what it once did. A phase on the first week of the chart says from how many weeks the first
    limits come. The worker computes them; this only says so. Refused as :func:`demand_sensible` says, without a reason,
    and where a phase begins already.
    """
    demand(policy.may_start_phase(by, subject.kind, subject.public_id))
    said = phase_said(day, baseline_weeks, limits_from)
    demand_reason("reason", reason, gettext_noop("A new phase needs a reason."))
    demand_sensible(subject, measure, said)
    phase = PhaseStart(
        subject=subject.measured_as, measure=measure, week=said.week, baseline_weeks=said.baseline_weeks,
        limits_week=said.limits_week, reason=reason, declared_by=by.person,
    )  # fmt: skip
    with _one_a_week(), change(by=by, at=at, reason=reason) as trail:
        trail.save(phase, "phase.started", week=week_name(said.week))
        _ask_for_charts(trail, subject)
    return phase


def correct_phase(
    *,
    by: Actor,
    at: datetime,
    subject: Subject,
    phase: PhaseStart,
    day: date,
    reason: str,
    why: str,
    baseline_weeks: int = BASELINE_WEEKS,
    limits_from: date | None = None,
    expected_seq: int | None = None,
) -> PhaseStart:
    """Correct the week of a phase, what was changed (``reason``), or where its limits come from. ``why`` it is
    corrected stands in the history, which keeps what was said before.

    Refused for a phase that was withdrawn, and otherwise as :func:`start_phase`; NotFound for one of another subject.
    """
    demand(policy.may_start_phase(by, subject.kind, subject.public_id))
    said = phase_said(day, baseline_weeks, limits_from)
    with _one_a_week(), change(by=by, at=at, reason=why) as trail:
        phase = _locked(trail, subject, phase, expected_seq)
        demand_reason("reason", reason, gettext_noop("A new phase needs a reason."))
        demand_reason("why", why, gettext_noop("Correcting a phase needs a reason."))
        demand_sensible(subject, phase.measure, said)
        phase.week, phase.baseline_weeks, phase.limits_week = said.week, said.baseline_weeks, said.limits_week
        phase.reason = reason
        trail.save(phase, "phase.corrected", week=week_name(said.week))
        _ask_for_charts(trail, subject)
    return phase


def withdraw_phase(
    *, by: Actor, at: datetime, subject: Subject, phase: PhaseStart, reason: str, expected_seq: int | None = None
) -> PhaseStart:
    """Take back that a phase begins: the chart is computed as if nobody had said so. What was said stays on record.

    Refused where it was withdrawn already, and without a reason; NotFound for a phase of another subject.
    """
    demand(policy.may_start_phase(by, subject.kind, subject.public_id))
    with change(by=by, at=at, reason=reason) as trail:
        phase = _locked(trail, subject, phase, expected_seq)
        demand_reason("why", reason, gettext_noop("Withdrawing a phase needs a reason."))
        phase.withdrawn_at = at
        trail.save(phase, "phase.withdrawn", week=week_name(phase.week))
        _ask_for_charts(trail, subject)
    return phase


def phase_said(day: date, baseline_weeks: int, limits_from: date | None) -> Phase:
    """The phase that begins with the ISO week of ``day``."""
    return Phase(
        week=monday_of(number_of_day(day)),
        baseline_weeks=baseline_weeks,
        limits_week=None if limits_from is None else monday_of(number_of_day(limits_from)),
    )


def demand_sensible(subject: Subject, measure: str, said: Phase) -> None:
    """Refuse a phase that the chart cannot have: on no chart of the subject, in a week that it does not have, with a
    baseline of fewer or more weeks than make sense, or with the limits of a phase that is not before it."""
    if measure not in MEASURES:
        raise Refused(
            field="measure",
            expected=gettext_noop("The chart must be one of: {known}."),
            found=gettext_noop("“{measure}” was given."),
            remedy=gettext_noop("Choose a chart of this page."),
            known=", ".join(MEASURES),
            measure=measure,
        )
    charted = _charted_weeks(subject, measure)
    first = charted and said.week == charted[0]
    if not charted or not charted[0] <= said.week <= charted[-1] or (first and said == Phase(said.week)):
        raise Refused(
            field="day",
            expected=gettext_noop("A new phase must begin after the first and not after the last week of the chart."),
            found=gettext_noop("The week of {day} is not among them."),
            remedy=gettext_noop("Choose a day between the second and the last week that have values."),
            day=day_of_number(said.week).isoformat(),
        )
    if not FEWEST_WEEKS <= said.baseline_weeks <= LONGEST_BASELINE_WEEKS:
        raise Refused(
            field="baseline_weeks",
            expected=gettext_noop("Limits come from {fewest} to {most} weeks."),
            found=gettext_noop("{weeks} weeks were given."),
            remedy=gettext_noop("Take {usual}, as usual, or another number between them."),
            fewest=FEWEST_WEEKS,
            most=LONGEST_BASELINE_WEEKS,
            weeks=said.baseline_weeks,
            usual=BASELINE_WEEKS,
        )
    if said.limits_week is not None and not charted[0] <= said.limits_week < said.week:
        raise Refused(
            field="limits_from",
            expected=gettext_noop("Limits are carried on from a phase before this one."),
            found=gettext_noop("The week of {day} does not lie before it on the chart."),
            remedy=gettext_noop("Choose an earlier phase, or limits of its own."),
            day=day_of_number(said.limits_week).isoformat(),
        )


def _charted_weeks(subject: Subject, measure: str) -> list[int]:
    stored = StoredMeasure.objects.filter(subject=subject.measured_as, name=measure).first()
    result = stored.result if stored else {"weeks": [], "values": []}
    return [week for week, value in zip(result["weeks"], result["values"], strict=True) if value is not None]


@contextmanager
def _one_a_week() -> Iterator[None]:
    """Refuse a second phase that begins in the same week."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        raise Refused(
            field="day",
            found=gettext_noop("A phase begins in this week already."),
            remedy=gettext_noop("Choose another week."),
        ) from twice


def _locked(trail: Trail, subject: Subject, phase: PhaseStart, expected_seq: int | None) -> PhaseStart:
    """The phase as it stands now, held by the change; refused where it was withdrawn, or has changed since."""
    if phase.subject != subject.measured_as:
        raise NotFound
    phase = trail.lock(PhaseStart, phase)
    if phase.withdrawn_at is not None:
        raise Refused(
            found=gettext_noop("This phase was withdrawn already."),
            remedy=gettext_noop("Go back to the chart; it is computed without it."),
        )
    if expected_seq is not None and expected_seq != phase.changed_seq:
        raise Stale(theirs=shown_values(phase), version=phase.changed_seq)
    return phase


def _ask_for_charts(trail: Trail, subject: Subject) -> None:
    note_stale([subject.measured_as], trail.last_seq)
    jobs.enqueue(REFRESH_JOB)


def demand_reason(field: str, reason: str, expected: str) -> None:
    """Refuse an empty reason, beside ``field``."""
    if not reason.strip():
        raise Refused(field=field, expected=expected, remedy=gettext_noop("Say it in a sentence; it stays on record."))
