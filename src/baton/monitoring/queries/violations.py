"""Violations on the charts of one subject, part by part."""

from __future__ import annotations

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.registries import Subject
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.monitoring import policy
from baton.monitoring.models import StoredViolation


def violations_of(
    *, viewer: Actor, subject: Subject, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[StoredViolation]:
    """The violations of a subject, the newest first. NotFound for whoever may not see the object."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    rows = StoredViolation.objects.filter(subject=subject.measured_as).order_by("-week")
    return slice_of(rows, asked={"subject": subject.measured_as}, limit=limit, cursor=cursor, tie="pk")
