"""Saying between which limits a measure is to lie, and taking that back.

A person says it until agreements do: the room that agrees limits calls :func:`specify` when a clause comes into force,
and everything that follows is the same.
"""

from __future__ import annotations

import math
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
from baton.monitoring.changes.phases import demand_reason
from baton.monitoring.changes.work_list import note_stale
from baton.monitoring.models import Specification
from baton.monitoring.rules import REFRESH_JOB, WAITING_TIME, Scale
from baton_analysis.errors import gettext_noop


def specify(
    *,
    by: Actor,
    at: datetime,
    subject: Subject,
    began_on: date,
    reason: str,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    transform: Scale = Scale.LINEAR,
) -> Specification:
    """Say the specification limits of the waits of a subject from ``began_on`` on, in seconds, and where they come from
    (``reason``). They replace what was said for earlier days; capability is computed anew by the worker.

    Refused without a limit, with limits that are negative, not finite or not in order, with a target outside them, on
    the scale of logarithms with a figure that is not above 0, without a reason, and for a day that has limits already.
    """
    demand(policy.may_specify(by, subject.kind, subject.public_id))
    _demand_limits(lower, upper, target, transform)
    demand_reason("reason", reason, gettext_noop("Limits need a reason: where they come from."))
    said = Specification(
        subject=subject.measured_as, measure=WAITING_TIME, lower=lower, upper=upper, target=target,
        transform=transform, began_on=began_on, reason=reason, declared_by=by.person,
    )  # fmt: skip
    try:
        with transaction.atomic(), change(by=by, at=at, reason=reason) as trail:
            trail.save(said, "specification.said")
            _ask_for_capability(trail, subject)
    except IntegrityError as twice:
        raise Refused(
            field="began_on",
            found=gettext_noop("Other limits begin on this day already."),
            remedy=gettext_noop("Choose another day, or withdraw the others first."),
        ) from twice
    return said


def withdraw_specification(
    *,
    by: Actor,
    at: datetime,
    subject: Subject,
    specification: Specification,
    reason: str,
    expected_seq: int | None = None,
) -> Specification:
    """Take limits back: those said for an earlier day hold again, or none. What was said stays on record.

    Refused where they were withdrawn already, and without a reason; NotFound for limits of another subject.
    """
    demand(policy.may_specify(by, subject.kind, subject.public_id))
    if specification.subject != subject.measured_as:
        raise NotFound
    with change(by=by, at=at, reason=reason) as trail:
        said = trail.lock(Specification, specification)
        if said.withdrawn_at is not None:
            raise Refused(
                found=gettext_noop("These limits were withdrawn already."),
                remedy=gettext_noop("Go back to the page; capability is computed without them."),
            )
        if expected_seq is not None and expected_seq != said.changed_seq:
            raise Stale(theirs=shown_values(said), version=said.changed_seq)
        demand_reason("why", reason, gettext_noop("Withdrawing limits needs a reason."))
        said.withdrawn_at = at
        trail.save(said, "specification.withdrawn")
        _ask_for_capability(trail, subject)
    return said


def _ask_for_capability(trail: Trail, subject: Subject) -> None:
    note_stale([subject.measured_as], trail.last_seq)
    jobs.enqueue(REFRESH_JOB)


def _demand_limits(lower: float | None, upper: float | None, target: float | None, transform: Scale) -> None:
    figures = {"lower": lower, "upper": upper, "target": target}
    for field, value in figures.items():
        lowest_fits = value is None or (math.isfinite(value) and (value > 0 or (value == 0 and transform != Scale.LOG)))
        if not lowest_fits:
            raise Refused(
                field=field,
                expected=gettext_noop("A wait is 0 or longer; on the scale of logarithms it is longer than 0."),
                found=gettext_noop("{value} was given."),
                remedy=gettext_noop("Give a longer time, or leave this limit empty."),
                value=value,
            )
    if lower is None and upper is None:
        raise Refused(
            field="upper",
            expected=gettext_noop("There is at least one limit."),
            found=gettext_noop("Both are empty."),
            remedy=gettext_noop("Give the longest wait that the customer agreed to."),
        )
    low, high = -math.inf if lower is None else lower, math.inf if upper is None else upper
    if not low < high:
        raise Refused(
            field="lower",
            expected=gettext_noop("The lower limit is below the upper one."),
            found=gettext_noop("The lower is {lower} seconds, the upper {upper}."),
            remedy=gettext_noop("Exchange them, or leave one empty."),
            lower=lower,
            upper=upper,
        )
    if target is not None and not low <= target <= high:
        raise Refused(
            field="target",
            expected=gettext_noop("The target lies between the limits."),
            found=gettext_noop("It is {target} seconds."),
            remedy=gettext_noop("Choose one between them, or leave it empty."),
            target=target,
        )
