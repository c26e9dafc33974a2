"""Silent acceptance: what nobody said a word about within the agreed hours is waited for no longer."""

from __future__ import annotations

from datetime import datetime, timedelta

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.handoffs.changes.checks import begin
from baton.handoffs.models import Handoff, HandoffEvent, LinkPractice
from baton.handoffs.queries.silence import silent_links, unconfirmed_from
from baton.handoffs.rules import State, Step

CONFIRM_JOB = "handoffs.confirm_by_silence"
AT_ONCE = 100
"""Handoffs of one change: other writers wait so long at most."""


def confirm_by_silence(*, by: Actor, at: datetime) -> int:
    """Let the deliveries about which nobody said a word within the hours that both sides agreed to count as not
    confirmed. Each has the moment at which the hours had passed. Returns how many; done again it changes nothing
    more."""
    return sum(_of_link(by, at, practice) for practice in silent_links(viewer=by).values())


def _of_link(by: Actor, at: datetime, practice: LinkPractice) -> int:
    # Hours of a calendar are never shorter than those of the clock.
    earliest = at - timedelta(hours=practice.silent_hours or 0)
    waiting = Handoff.objects.filter(link=practice.link_id, state=State.DELIVERED, delivered_at__lte=earliest)
    done, last = 0, 0
    while part := list(waiting.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = part[-1].pk
        over = unconfirmed_from(viewer=by, handoffs=part)
        if any(over.get(one.pk, at) < at for one in part):
            with change(by=by, at=at) as trail:
                done += sum(_confirm(trail, one) for one in part if over.get(one.pk, at) < at)
    return done


def _confirm(trail: Trail, handoff: Handoff) -> bool:
    """Whether its hours are still over once it is locked: it may have been accepted, or delivered again, meanwhile."""
    fresh = trail.lock(Handoff, handoff)
    over = unconfirmed_from(viewer=trail.by, handoffs=[fresh]).get(fresh.pk)
    if over is None or over >= trail.at:
        return False
    fresh, _standing = begin(trail, fresh, Step.CONFIRM_SILENT, None)
    fresh.state = State.UNCONFIRMED
    trail.save(HandoffEvent(handoff=fresh, event=Step.CONFIRM_SILENT, at=over), "handoff_event.added")
    trail.save(fresh, "handoff.confirm_silent", happened_at=over)
    return True
