"""Measured paths and their stored figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use
from baton.handoffs import policy
from baton.handoffs.models import MeasuredPath, PathFigures
from baton.handoffs.rules.paths import MOST_PATHS

if TYPE_CHECKING:
    from baton.chain.models import Link

HANDOFFS_PATHS = "/handoffs/paths/"


@dataclass(frozen=True, slots=True)
class PathRow:
    """A measured path with its links in their order; ``figures`` None: they are still to be computed."""

    path: MeasuredPath
    links: list[Link]
    figures: PathFigures | None
    may_end: bool = False

    @property
    def public_id(self) -> str:
        """That of the path."""
        return self.path.public_id


def measured_paths(*, viewer: Actor, at: datetime) -> list[PathRow]:
    """The paths that are measured, all of whose links the viewer sees. Three queries beside those of his sight."""
    demand(may_use(viewer))
    paths = list(MeasuredPath.objects.filter(ended_at__isnull=True).order_by("pk")[:MOST_PATHS])
    links = links_by_id(viewer=viewer, at=at, ids={one for path in paths for one in path.links})
    figures = {one.path_id: one for one in PathFigures.objects.filter(path__in=paths)} if paths else {}
    return [
        PathRow(path, [links[one] for one in path.links], figures.get(path.pk))
        for path in paths
        if all(one in links for one in path.links)
    ]


def measured_path(*, viewer: Actor, at: datetime, public_id: str) -> PathRow:
    """One of them, also one that is measured no more; :class:`NotFound` for whoever does not see all its links."""
    path = MeasuredPath.objects.filter(public_id=public_id).first()
    if path is None or not may_use(viewer):
        raise NotFound
    links = links_in_order(viewer=viewer, at=at, ids=path.links)
    may_end = path.ended_at is None and policy.may_measure_path(standing_of(viewer, day_of(at)), links)
    return PathRow(path, links, PathFigures.objects.filter(path=path).first(), may_end)


def links_in_order(*, viewer: Actor, at: datetime, ids: Sequence[str]) -> list[Link]:
    """The links of these public ids, in this order; :class:`NotFound` where the viewer does not see one of them."""
    found = links_by_id(viewer=viewer, at=at, ids=ids)
    if any(one not in found for one in ids):
        raise NotFound
    return [found[one] for one in ids]


def links_by_id(*, viewer: Actor, at: datetime, ids: Collection[str]) -> dict[str, Link]:
    """Those of these links that the viewer sees, ended ones too."""
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(public_id__in=set(ids))
    return {one.public_id: one for one in rows.select_related("supplier", "customer", "output")} if ids else {}
