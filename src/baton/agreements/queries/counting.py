"""Which agreements count by a calendar."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from baton.agreements.models import Clause
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.rules import OPEN, Measure, VersionState
from baton.core.actors import Actor
from baton.core.queries.calendars import default_calendar
from baton.core.registries import CalendarUse

_COUNTS = [*sorted(OPEN), VersionState.ACTIVE.value]


def counting_by(viewer: Actor, at: datetime, calendar: str) -> list[CalendarUse]:
    """The clauses in force, or on their way, whose business time runs in this calendar (public id), as far as the
    viewer sees them; those that name none run in the default one."""
    named = Q(calendar__public_id=calendar)
    default = default_calendar(viewer=viewer)
    if default is not None and default.public_id == calendar:
        named |= Q(calendar__isnull=True)
    seen = agreements_in_sight(viewer=viewer, at=at).values("pk")
    clauses = Clause.objects.filter(
        named, measure=Measure.TIME, dropped=False, agreement_version__state__in=_COUNTS,
        agreement_version__agreement__in=seen,
    ).select_related("agreement_version__agreement")  # fmt: skip
    return [
        CalendarUse(str(version.agreement), f"/agreements/{version.agreement.public_id}/?version={version.version}",
                    str(clause))
        for clause in clauses.order_by("agreement_version", "position")
        if (version := clause.agreement_version) is not None
    ]  # fmt: skip
