"""What was promised in reply to a D or E, for those who owe it: the department, the promise and its day. The grade, its
reason and who gave it do not stand here: whoever sees to a promise need not be among those who read the grade."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from baton.chain.policy import standing_of, under
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.feedback import policy
from baton.feedback.models.grades import DepartmentGrade
from baton.feedback.rules.grades import RoundState

_PROMISED = Q(round__state=RoundState.CLOSED, promised_for__isnull=False)


def promises_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[DepartmentGrade]:
    """The promises that the viewer owes: those that he sees to, and those of the departments that he leads with all of
    their links; done ones among them."""
    rows = DepartmentGrade.objects.select_related("supplier", "owner", "done_by").filter(_PROMISED)
    if not may_use(viewer) or viewer.person is None:
        return rows.none()
    mine = Q(owner=viewer.person)
    led = [one.path for one in standing_of(viewer, day_of(at)).leads if one.is_whole]
    return rows.filter(mine | under(led, "supplier__") if led else mine)


def promises(*, viewer: Actor, at: datetime) -> list[DepartmentGrade]:
    """Those that are not done, the one with the earliest day first."""
    return list(promises_in_sight(viewer=viewer, at=at).filter(done_on__isnull=True).order_by("promised_for", "pk"))


def promise(*, viewer: Actor, at: datetime, public_id: str) -> DepartmentGrade:
    """One of them, done or not; NotFound for any other."""
    found = promises_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def late_promises(*, viewer: Actor, at: datetime) -> list[DepartmentGrade]:
    """All whose day is over and that are not done, of people who can still sign in; for Baton and who runs rounds."""
    if not policy.may_run_grades(viewer):
        raise NotFound
    rows = DepartmentGrade.objects.filter(
        _PROMISED, promised_for__lt=day_of(at), done_on__isnull=True, owner__is_active=True
    )
    return list(rows.select_related("supplier", "owner").order_by("pk"))
