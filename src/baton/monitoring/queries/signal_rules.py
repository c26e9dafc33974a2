"""Rules of who is told of which signals."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.monitoring import policy
from baton.monitoring.models import SignalRule


def signal_rules(*, viewer: Actor) -> QuerySet[SignalRule]:
    """The rules that hold and that the viewer may know of: his own, and all of them for whoever sets rules for all."""
    demand(policy.may_see_signals(viewer))
    rows = SignalRule.objects.filter(_seen(viewer), withdrawn_at__isnull=True).select_related("person")
    return rows.order_by("role", "person", "measure", "rule", "severity", "pk")


def signal_rule_slice(*, viewer: Actor, limit: int = FEW_ROWS, cursor: str = "") -> Slice[SignalRule]:
    """The same part by part, in the order in which they were made."""
    rows = signal_rules(viewer=viewer).order_by("recorded_at")
    return slice_of(rows, asked={}, limit=limit, cursor=cursor)


def signal_rule(*, viewer: Actor, public_id: str) -> SignalRule:
    """One rule, withdrawn or not; NotFound where the viewer may not know of it."""
    found = SignalRule.objects.filter(_seen(viewer), public_id=public_id).select_related("person").first()
    if found is None:
        raise NotFound
    return found


def sees_rule(*, viewer: Actor, public_id: str) -> bool:
    """Whether there is such a rule and the viewer may know of it."""
    return SignalRule.objects.filter(_seen(viewer), public_id=public_id).exists()


def _seen(viewer: Actor) -> Q:
    if viewer.is_system or policy.may_set_rules_for_all(viewer):
        return Q()
    return Q(person=viewer.person) if viewer.person is not None else Q(pk__in=())
