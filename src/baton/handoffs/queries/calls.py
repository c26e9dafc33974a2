"""Call points, and the calls that are open."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import sight_of, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import history_of
from baton.core.policy import may_use
from baton.handoffs import policy
from baton.handoffs.models import CallPoint, Handoff, HandoffEvent
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.rules import Form, Side, State, Step
from baton.handoffs.rules.calls import CallStage, CallStep, call_steps, stage_of

POINTS = "/handoffs/points/"
MOST_POINTS = 500
MOST_CALLS = 100


@dataclass(frozen=True, slots=True)
class CallRow:
    """An open call: how far it has come and since when, what the viewer can say of it, and whether his team is the one
    that is called."""

    handoff: Handoff
    stage: CallStage
    since: datetime
    steps: tuple[CallStep, ...]
    is_ours: bool

    @property
    def called_at(self) -> datetime:
        """When somebody called."""
        return self.handoff.requested_at or self.handoff.occurred_at


def points_in_sight(*, viewer: Actor, at: datetime, link: str = "") -> QuerySet[CallPoint]:
    """The call points of the links that the viewer sees, or of one of them (public id); those that have ended last."""
    if not may_use(viewer):
        return CallPoint.objects.none()
    rows = CallPoint.objects.filter(link__in=chain.links_in_sight(viewer=viewer, at=at).values("pk"))
    if link:
        rows = rows.filter(link__public_id=link)
    with_link = rows.select_related("link__supplier", "link__customer", "link__output")
    return with_link.order_by(F("ended_at").asc(nulls_first=True), "link__number", "name", "pk")


def call_point(*, viewer: Actor, at: datetime, public_id: str) -> CallPoint:
    """One call point; :class:`NotFound` also where the viewer does not see its link."""
    found = points_in_sight(viewer=viewer, at=at).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def open_call(*, viewer: Actor, at: datetime, point: CallPoint) -> CallRow | None:
    """The call from a point that the viewer sees, as long as it is not over."""
    of_point = Q(link=point.link_id, system="", key__startswith=f"{point.public_id}:")
    rows = _open(of_point) if may_use(viewer) else []
    return _rows(rows, _sides_of(viewer, at))[0] if rows else None


def open_calls(*, viewer: Actor, at: datetime) -> list[CallRow]:
    """The open calls to and from the viewer's parties, of all links for who reads them all; those for whom nobody has
    come yet first, the oldest of them first."""
    sight = sight_of(viewer, day_of(at))
    if not may_use(viewer) or not (sight.own or sight.sees_all_links):
        return []
    wanted = Q() if sight.sees_all_links else _of_parties(sight.own)
    return _most_urgent_first(_rows(_open(wanted), _sides_of(viewer, at)))


def open_calls_of(own: Collection[int], *, viewer: Actor) -> list[CallRow]:
    """The open calls to and from these parties (keys), with what they can say of them, in the same order. That they are
    those for which the viewer asks, the caller has made sure."""

    def sides(one: Handoff) -> frozenset[Side]:
        parties = {Side.SUPPLIER: one.link.supplier_id, Side.CUSTOMER: one.link.customer_id}
        return frozenset(side for side, party in parties.items() if party in own)

    return _most_urgent_first(_rows(_open(_of_parties(own)), sides)) if may_use(viewer) else []


def points_of(own: Collection[int], *, viewer: Actor, at: datetime) -> list[CallPoint]:
    """The call points in use from which these parties (keys) call on live links, by name. That they are those for which
    the viewer asks, the caller has made sure."""
    if not may_use(viewer):
        return []
    live = Q(link__ended_on__isnull=True) | Q(link__ended_on__gt=day_of(at))
    rows = CallPoint.objects.filter(live, link__customer__in=own, ended_at__isnull=True)
    return list(rows.select_related("link__supplier", "link__customer", "link__output").order_by("name", "pk")[
        :MOST_POINTS
    ])  # fmt: skip


WAITING = frozenset({CallStage.CALLED, CallStage.NOT_FIXED})
"""Somebody waits for the called team."""


def caller_of(*, viewer: Actor, handoff: Handoff) -> str:
    """Public id of who called; empty where a machine did. The caller has made sure that ``viewer`` sees the handoff."""
    found = history_of(viewer=viewer, object_ids=[handoff.public_id], actions=("handoff.recorded",))
    return next((entry.actor for entry in found if not entry.process), "")


def point_of(*, viewer: Actor, handoff: Handoff) -> CallPoint | None:
    """From where a call that the viewer sees was made; None where it was not called from a point."""
    if handoff.form != Form.CALL or handoff.system or not may_use(viewer):
        return None
    return CallPoint.objects.filter(link=handoff.link_id, public_id=handoff.key.partition(":")[0]).first()


def address_of_point(public_id: str) -> str:
    """The page with its button."""
    return f"{POINTS}{public_id}/"


def _open(wanted: Q) -> list[Handoff]:
    rows = Handoff.objects.filter(IsOpen("state"), wanted, form=Form.CALL)
    return list(rows.select_related("link__supplier", "link__customer", "link__output").order_by("occurred_at", "pk")[
        :MOST_CALLS
    ])  # fmt: skip


def _of_parties(own: Collection[int]) -> Q:
    return Q(link__supplier__in=own) | Q(link__customer__in=own)


def _most_urgent_first(found: Iterable[CallRow]) -> list[CallRow]:
    order = {stage: place for place, stage in enumerate(CallStage)}
    return sorted(found, key=lambda row: (row.stage not in WAITING, order[row.stage], row.since))


def _sides_of(viewer: Actor, at: datetime) -> Callable[[Handoff], frozenset[Side]]:
    """For which sides of a call the viewer says something."""
    standing = standing_of(viewer, day_of(at))
    return lambda one: policy.acts_for(standing, one.link)


def _rows(found: list[Handoff], sides_of: Callable[[Handoff], frozenset[Side]]) -> list[CallRow]:
    told = HandoffEvent.objects.filter(handoff__in=[one.pk for one in found], event__in=[Step.RETURN, Step.DELIVER])
    last = {event.handoff_id: event.at for event in told.order_by("at", "pk")}
    rows = []
    for one in found:
        stage, sides = stage_of(State(one.state), one.received_at), sides_of(one)
        first = one.delivered_at or one.received_at or one.requested_at or one.occurred_at
        rows.append(CallRow(one, stage, last.get(one.pk, first), call_steps(stage, sides), Side.SUPPLIER in sides))
    return rows
