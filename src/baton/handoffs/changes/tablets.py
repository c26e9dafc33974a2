"""Shared tablets: registered, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Forbidden, Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import text_needed
from baton.handoffs.models import SharedTablet
from baton.handoffs.queries.tablets import BADGE_REFUSED
from baton.handoffs.rules import TABLET_DAYS, TABLET_NAME_LENGTH
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party


def register_tablet(*, by: Actor, at: datetime, party: Party, name: str, days: int) -> SharedTablet:
    """A device shows for so many days what ``party`` owes and gets."""
    demand(policy.may_keep_tablet(standing_of(by, day_of(at)), party))
    if by.via:
        raise Forbidden
    called = text_needed(name, "name", TABLET_NAME_LENGTH, gettext_noop("Say where it hangs or lies."))
    if days not in TABLET_DAYS:
        raise Refused(
            field="days",
            expected=gettext_noop("Expected {least} to {most} days."),
            found=gettext_noop("Found {days}."),
            remedy=gettext_noop("Register it again when they are over."),
            least=TABLET_DAYS.start,
            most=TABLET_DAYS.stop - 1,
            days=days,
        )
    with change(by=by, at=at) as trail:
        tablet = SharedTablet(name=called, party=party, expires_at=at + timedelta(days=days), registered_by=by.person)
        return trail.save(tablet, "shared_tablet.registered")


def withdraw_tablet(*, by: Actor, at: datetime, tablet: SharedTablet) -> SharedTablet:
    """It shows nothing from now on. Withdrawn twice is once."""
    demand(policy.may_keep_tablet(standing_of(by, day_of(at)), tablet.party))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(SharedTablet, tablet)
        if fresh.withdrawn_at is not None:
            return fresh
        fresh.withdrawn_at = at
        return trail.save(fresh, "shared_tablet.withdrawn")


def note_wrong_badge(*, at: datetime, tablet: SharedTablet, request: str) -> None:
    """A badge was read that belongs to nobody of the team. The caller limits how often."""
    with change(by=Actor(None, request=request, via=tablet.public_id), at=at) as trail:
        trail.note(BADGE_REFUSED, kind=SharedTablet.kind, object_id=tablet.public_id)
