"""Shared tablets, and what one of them shows: the work of its team, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from baton.chain import queries as chain
from baton.chain.policy import in_force, standing_of
from baton.chain.queries.crews import crew_of, parties_of_crew
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import happened_since
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.models import CallPoint, Handoff, SharedTablet
from baton.handoffs.queries.board import Board, BoardFilters, board
from baton.handoffs.queries.calls import CallRow, open_calls_of, points_of
from baton.handoffs.queries.tallies import counted_links
from baton.handoffs.queries.today import Today, today_of

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person

LOOKING = Actor.system("shared_tablet")
"""Reads for a tablet, within what the functions here let through."""

BADGE_REFUSED = "shared_tablet.badge_refused"
"""What the trail calls it when a badge is held to a tablet that belongs to nobody of its team."""

_SIGNER = "baton.handoffs.shared_tablet"


def cookie_of(tablet: SharedTablet) -> str:
    """What a device holds: the public id of its record, signed with the installation's key."""
    return Signer(salt=_SIGNER).sign(tablet.public_id)


def tablet_behind(*, cookie: str, at: datetime) -> SharedTablet | None:
    """The tablet that a device is; None for a forged cookie, and once it is withdrawn, over, or its team is no more.
    One query."""
    try:
        public_id = Signer(salt=_SIGNER).unsign(cookie)
    except BadSignature:
        return None
    found = SharedTablet.objects.select_related("party").filter(public_id=public_id).first()
    return found if found is not None and found.works(at) else None


def today_on_tablet(*, tablet: SharedTablet, at: datetime) -> Today:
    """What the team of the tablet owes and gets today."""
    return today_of(parties_of_crew(viewer=LOOKING, at=at, party=tablet.party), viewer=LOOKING, at=at)


def board_on_tablet(*, tablet: SharedTablet, at: datetime) -> Board:
    """The open handoffs of the team of the tablet, as its board shows them."""
    return board(viewer=LOOKING, at=at, filters=BoardFilters(party=tablet.party.public_id))


def handoff_on_tablet(*, tablet: SharedTablet, at: datetime, public_id: str) -> Handoff:
    """One handoff of the team of the tablet, also one that is not open any more; NotFound for every other one."""
    own = parties_of_crew(viewer=LOOKING, at=at, party=tablet.party)
    found = (
        Handoff.objects.filter(Q(link__supplier__in=own) | Q(link__customer__in=own))
        .select_related("link__supplier", "link__customer", "link__output", "batch")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class CallsOnTablet:
    """The open calls to and from the team of a tablet, and the points from which nobody has called."""

    open: list[CallRow]
    points: list[CallPoint]


def calls_on_tablet(*, tablet: SharedTablet, at: datetime) -> CallsOnTablet:
    """Which calls the team of the tablet answers, and from where it calls. Four queries."""
    own = parties_of_crew(viewer=LOOKING, at=at, party=tablet.party)
    found = open_calls_of(own, viewer=LOOKING)
    calling = {row.handoff.key.partition(":")[0] for row in found if not row.handoff.system}
    points = points_of(own, viewer=LOOKING, at=at)
    return CallsOnTablet(found, [one for one in points if one.public_id not in calling])


def point_on_tablet(*, tablet: SharedTablet, at: datetime, public_id: str) -> CallPoint:
    """A call point from which the team of the tablet calls; NotFound for every other one."""
    own = parties_of_crew(viewer=LOOKING, at=at, party=tablet.party)
    rows = CallPoint.objects.filter(link__customer__in=own, public_id=public_id)
    found = rows.select_related("link__supplier", "link__customer", "link__output").first()
    if found is None:
        raise NotFound
    return found


def counted_on_tablet(*, tablet: SharedTablet, at: datetime) -> list[Link]:
    """The links on which the team of the tablet counts by the hour or shift: it has done so in the last weeks."""
    own = parties_of_crew(viewer=LOOKING, at=at, party=tablet.party)
    return counted_links(viewer=LOOKING, at=at, own=own)


def link_on_tablet(*, tablet: SharedTablet, at: datetime, public_id: str) -> Link:
    """One of those; NotFound for every other one."""
    found = next((one for one in counted_on_tablet(tablet=tablet, at=at) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def crew_on_tablet(*, tablet: SharedTablet, at: datetime) -> list[Person]:
    """Who can take a step at the tablet: whoever belongs to its team and may sign in, by name."""
    return crew_of(viewer=LOOKING, at=at, party=tablet.party)


def wrong_badges(*, tablet: SharedTablet, since: datetime) -> int:
    """How many badges that belong to nobody of the team were held to the tablet since then, by the trail."""
    return happened_since(viewer=LOOKING, object_id=tablet.public_id, action=BADGE_REFUSED, since=since)


def tablets(*, viewer: Actor, at: datetime) -> list[SharedTablet]:
    """The tablets of the teams that the viewer leads, those in use first; all of them for administrators and the
    quality manager."""
    standing = standing_of(viewer, day_of(at))
    demand(policy.may_keep_tablets(standing))
    rows = SharedTablet.objects.select_related("party", "registered_by").order_by("-expires_at", "-pk")
    kept = [one for one in rows[:1_000] if policy.may_keep_tablet(standing, one.party)]
    return sorted(kept, key=lambda one: not one.works(at))


def tablet(*, viewer: Actor, at: datetime, public_id: str) -> SharedTablet:
    """One tablet that the viewer may withdraw; NotFound for every other one."""
    found = SharedTablet.objects.select_related("party").filter(public_id=public_id).first()
    if found is None or not policy.may_keep_tablet(standing_of(viewer, day_of(at)), found.party):
        raise NotFound
    return found


def teams_for_tablets(*, viewer: Actor, at: datetime) -> list[Party]:
    """The live parties of the organisation for which the viewer may register a tablet, by name."""
    standing = standing_of(viewer, day_of(at))
    rows = chain.seen_parties(viewer=viewer, at=at).filter(in_force(day_of(at))).exclude(party_kind__in=OUTSIDE)
    return sorted((one for one in rows if policy.may_keep_tablet(standing, one)), key=str)
