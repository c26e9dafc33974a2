"""Of what a handoff was made, and what was made of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.models import Handoff, Predecessor
from baton.handoffs.models.conditions import HasReference
from baton.handoffs.queries.sight import handoff, handoffs_in_sight
from baton.handoffs.rules import Form

MOST_STEPS = 6
"""How many handoffs before and after it are looked for, one after the other."""
MOST_SHOWN = 60
"""Most handoffs of one genealogy."""


@dataclass(slots=True)
class Genealogy:
    """A handoff with those before and after it in the viewer's sight. ``edges`` are pairs of keys (what went in, what
    came out), with whether somebody named it; the others follow from the same reference."""

    root: Handoff
    handoffs: dict[int, Handoff] = field(default_factory=dict)
    edges: dict[tuple[int, int], bool] = field(default_factory=dict)
    upstream: list[int] = field(default_factory=list)
    downstream: list[int] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether all that is in sight is shown."""
        return len(self.handoffs) < MOST_SHOWN

    def before(self) -> list[Handoff]:
        """What went into it, the nearest first."""
        return [self.handoffs[key] for key in self.upstream]

    def after(self) -> list[Handoff]:
        """What was made of it, the nearest first."""
        return [self.handoffs[key] for key in self.downstream]


def genealogy(*, viewer: Actor, at: datetime, public_id: str) -> Genealogy:
    """The handoffs of which one was made, and those that were made of it: named ones, and those of the same reference
    on links that lead to its supplier, or on from its customer. Four queries a step at most."""
    root = handoff(viewer=viewer, at=at, public_id=public_id)
    found = Genealogy(root, {root.pk: root})
    for upwards in (True, False):
        nearest: Collection[Handoff] = [root]
        for _step in range(MOST_STEPS):
            nearest = _next(viewer, at, found, nearest, upwards=upwards)
            if not nearest or not found.is_whole:
                break
    return found


def went_into(*, viewer: Actor, handoff: Handoff, other: Handoff) -> bool:
    """Whether one handoff went into another, as somebody named it, on the way or straight: the other cannot have gone
    into it. Those on the way are looked at whoever asks; none is shown. A query a step."""
    if not may_use(viewer):
        return False
    seen: set[int] = set()
    nearest = {other.pk}
    while nearest:
        seen |= nearest
        before = Predecessor.objects.filter(handoff__in=nearest, ended_at__isnull=True)
        nearest = set(before.values_list("predecessor", flat=True)) - seen
        if handoff.pk in nearest:
            return True
    return False


def _next(
    viewer: Actor, at: datetime, found: Genealogy, nearest: Collection[Handoff], *, upwards: bool
) -> list[Handoff]:
    """Those one step further, which are entered into ``found``."""
    named = _named([one.pk for one in nearest], upwards=upwards)
    wanted = Q(pk__in={pair[0 if upwards else 1] for pair in named})
    for one in nearest:
        if one.reference and one.form != Form.CALL:  # whose reference is where it was called from
            wanted |= (
                Q(HasReference("reference"))
                & Q(reference=one.reference)
                & ~Q(form=Form.CALL)
                & (Q(link__customer=one.link.supplier_id) if upwards else Q(link__supplier=one.link.customer_id))
            )
    with_link = ("link__supplier", "link__customer", "link__output")
    rows = handoffs_in_sight(viewer=viewer, at=at).filter(wanted).exclude(pk__in=found.handoffs)
    fresh = list(rows.select_related(*with_link).order_by("-occurred_at", "pk")[: MOST_SHOWN - len(found.handoffs)])
    for one in fresh:
        found.handoffs[one.pk] = one
        (found.upstream if upwards else found.downstream).append(one.pk)
    for near in nearest:
        for one in fresh:
            pair = (one.pk, near.pk) if upwards else (near.pk, one.pk)
            if pair in named or _follows(*((one, near) if upwards else (near, one))):
                found.edges[pair] = pair in named
    return fresh


def _named(keys: Collection[int], *, upwards: bool) -> set[tuple[int, int]]:
    """Pairs that somebody named: (what went in, what came out)."""
    rows = Predecessor.objects.filter(ended_at__isnull=True)
    rows = rows.filter(handoff__in=keys) if upwards else rows.filter(predecessor__in=keys)
    return set(rows.values_list("predecessor_id", "handoff_id"))


def _follows(before: Handoff, after: Handoff) -> bool:
    """Whether the one goes on where the other ends, under the same reference."""
    same = bool(before.reference) and before.reference == after.reference
    same = same and Form.CALL not in (before.form, after.form)
    return same and before.link.customer_id == after.link.supplier_id
