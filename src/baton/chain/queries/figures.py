"""Links with what monitoring knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from baton.chain.models import Link
from baton.core.actors import Actor
from baton.monitoring import queries as monitoring
from baton.monitoring.queries import Figures

EXPORT_ROWS = 500


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link in sight, and how it goes."""

    link: Link
    figures: Figures


def with_figures(viewer: Actor, links: Sequence[Link]) -> list[LinkRow]:
    """The links, which the caller found to be in the viewer's sight, in their order. Three queries, or none."""
    if not links:
        return []
    found = monitoring.figures_of(viewer=viewer, subjects=[link.measured_as for link in links])
    return [LinkRow(link, found[link.measured_as]) for link in links]


def streamed(viewer: Actor, links: Iterable[Link]) -> Iterator[LinkRow]:
    """As :func:`with_figures`, for many: three queries for every :data:`EXPORT_ROWS` links."""
    rows = iter(links)
    while batch := list(islice(rows, EXPORT_ROWS)):
        yield from with_figures(viewer, batch)


def worst_first(row: LinkRow) -> tuple[int, str]:
    """Sorts links with a signal by when their chart began to say so; the newest comes first."""
    began = row.figures.alarms[0].since.toordinal() if row.figures.alarms else 0
    return -began, row.link.number
