"""Asking for a run by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baton.core import jobs
from baton.core.actors import Actor
from baton.core.policy import demand
from baton.monitoring import policy
from baton.monitoring.models import BrokenSource
from baton.monitoring.rules import REFRESH_JOB


def ask_for_run(*, by: Actor, at: datetime) -> str:
    """Ask the worker to bring everything up to date now; broken sources are tried again at once. Returns the run."""
    demand(policy.may_refresh(by))
    with transaction.atomic():
        BrokenSource.objects.filter(retry_at__gt=at).update(retry_at=at)
        return jobs.enqueue(REFRESH_JOB)
