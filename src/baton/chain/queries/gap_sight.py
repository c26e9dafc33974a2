"""What of a gap a viewer may learn, where it tells of links of a confidential party."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Count, Q

from baton.chain import policy
from baton.chain.models import Link
from baton.chain.queries.gap_detectors import Gap
from baton.chain.rules import Detector


def in_discretion(sight: policy.Sight, day: date, gaps: Iterable[Gap]) -> Iterator[Gap]:
    """The gaps that the viewer may learn of, as he may learn of them. Three queries at most, none for who sees all
    links."""
    discretion = policy.discretion_of(sight)
    unseen = _unseen_links(sight, day) if discretion.confidential else {}
    for gap in gaps:
        told = _told(gap, discretion, unseen.get(gap.about[0].public_id, 0)) if discretion.confidential else gap
        if told is not None:
            # A circle is weighed by all parties that reach each other; those that it does not name are nobody's news.
            cut = told.detector is Detector.CYCLE and not sight.sees_all_links
            yield replace(told, unseen=told.weight - len(told.about)) if cut else told


def _unseen_links(sight: policy.Sight, day: date) -> dict[str, int]:
    """By public id of the output: live confidential links that hand it over out of sight."""
    live = Link.objects.filter(policy.CONFIDENTIAL, policy.in_force(day))
    unseen = live.exclude(Q(supplier__in=sight.own) | Q(customer__in=sight.own)).order_by()
    return dict(unseen.values_list("output__public_id").annotate(n=Count("pk")))


def _told(gap: Gap, discretion: policy.Discretion, unseen: int) -> Gap | None:
    if gap.detector is Detector.OUTPUT_WITHOUT_OWNER:
        return replace(gap, unseen=unseen) if unseen < gap.weight else None
    if any(discretion.hides(*pair) for pair in _pairs(gap)):
        return None
    if gap.detector is not Detector.BYPASS:
        return gap
    supplier, customer, *over = gap.about
    known = [
        one
        for one in over
        if not discretion.hides(supplier.public_id, one.public_id)
        and not discretion.hides(one.public_id, customer.public_id)
    ]
    if known:
        return replace(gap, about=(supplier, customer, *known))
    return replace(gap, detector=Detector.UNDECLARED, about=(supplier, customer))


def _pairs(gap: Gap) -> list[tuple[str, str]]:
    """The parties between whom the gap says that work is handed over, or is not."""
    ids = [about.public_id for about in gap.about]
    if gap.about[0].kind == "link":
        return [(ids[1], ids[2])]
    if gap.detector is Detector.CYCLE:
        return list(zip(ids, [*ids[1:], ids[0]], strict=True))
    return [(ids[0], ids[1])] if gap.from_log else []
