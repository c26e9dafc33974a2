"""Recurring jobs: when each runs next, and the claim that lets no two workers run one slot twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dateutil.rrule import rrulestr
from django.db import transaction

from baton.core import jobs, registries
from baton.core.actors import Actor
from baton.core.models import Schedule
from baton.core.policy import demand
from baton.core.rules import Role


def slot_after(rule: str, known: datetime, at: datetime) -> datetime:
    """The first slot of ``rule`` later than ``at``; ``known`` is any slot of it, from which intervals are counted."""
    found = rrulestr(rule, dtstart=known.astimezone(UTC)).after(at.astimezone(UTC))
    if found is None:
        raise ValueError(f"the rule {rule!r} ends before {at.isoformat()}")
    return found


def first_slot(rule: str, at: datetime) -> datetime:
    """The first slot after ``at`` of a rule that is counted from midnight (UTC)."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return slot_after(rule, midnight, at)


def agree_with_registry(at: datetime) -> None:
    """Give every registered recurring job its row, mend rules that a new version changed, drop jobs that are gone."""
    wanted = {name: job.rrule for name, job in registries.jobs if job.rrule}
    known = dict(Schedule.objects.values_list("job", "rrule"))
    if wanted == known:
        return
    Schedule.objects.exclude(job__in=wanted).delete()
    for name, rule in wanted.items():
        if known.get(name) == rule:
            continue
        next_at = first_slot(rule, at)
        Schedule.objects.update_or_create(
            job=name, defaults={"rrule": rule, "next_at": next_at}, create_defaults={"rrule": rule, "next_at": next_at}
        )


def tick(at: datetime) -> int:
    """Ask for a run of every job that is due at ``at``. Returns how many.

    A slot is claimed by moving ``next_at`` on, in the transaction that asks for the run: whoever moves it has the slot,
    everybody else finds it moved. Slots missed while no worker ran are made up for by one run, not by many.
    """
    claimed = 0
    for due in Schedule.objects.filter(next_at__lte=at).order_by("next_at", "job"):
        if due.job not in registries.jobs:
            continue
        with transaction.atomic():
            slot = due.next_at
            taken = Schedule.objects.filter(pk=due.pk, next_at=slot).update(
                next_at=slot_after(due.rrule, slot, at), last_slot=slot
            )
            if taken:
                jobs.enqueue(due.job)
                claimed += 1
    return claimed


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A recurring job as people see it; times in UTC, None before the first run."""

    job: str
    title: Any
    rule: str
    next_at: datetime
    last_slot: datetime | None
    last_ok_at: datetime | None
    last_error: str


def plan(*, viewer: Actor) -> list[PlannedJob]:
    """Every recurring job with its next run and how the last one went, for those who look after the installation."""
    demand(viewer.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.AUDITOR))
    titles = {name: job.title for name, job in registries.jobs}
    return [
        PlannedJob(row.job, titles.get(row.job, row.job), row.rrule, row.next_at, row.last_slot, row.last_ok_at,
                   row.last_error)
        for row in Schedule.objects.order_by("next_at", "job")
    ]  # fmt: skip
