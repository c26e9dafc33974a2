"""Published figures along a measured path: those of its links, one beside the other, and nothing put together anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.core.actors import Actor
from baton.core.errors import NotFound, Refused
from baton.feedback.models import PublishedCell, Wave, WaveLink
from baton.feedback.queries.results import LOOKED_BACK, published_cells, published_waves
from baton.feedback.rules import Band, Scored, scored_of
from baton.feedback.rules.path_results import columns_to_compare, weakest_of
from baton.feedback.rules.published import Figure, Grouping, figures_of
from baton.handoffs.queries.paths import PathRow, measured_path, measured_paths
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link


@dataclass(frozen=True, slots=True)
class LinkFigure:
    """A link of the path with its published figure, shown or hidden; ``cell`` None: the wave does not ask about it, or
    heads and staff are not told apart there. ``weakest``: weaker than every other one that is shown."""

    link: Link
    asked: WaveLink | None
    cell: PublishedCell | None
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class PathResults:
    """What a wave says about the links of a path, by one question. ``waves``: those that ask about one of them, the
    last first; ``earlier``: figures by wave, the earliest first, where the same was asked on the same scale."""

    path: PathRow
    waves: list[Wave]
    wave: Wave | None = None
    columns: Sequence[Scored] = ()
    column: Scored | None = None
    figure: Figure = Figure.MEAN
    band: str = ""
    rows: Sequence[LinkFigure] = ()
    earlier: Sequence[tuple[Wave, Mapping[int, PublishedCell]]] = ()


def path_results(
    *, viewer: Actor, at: datetime, path: str, wave: str = "", column: str = "", band: str = ""
) -> PathResults:  # fmt: skip
    """The figures along a path (public id) in the wave (public id; empty: the last one), by the question (key; empty:
    the outcome), of all answers or of one band. NotFound for whoever does not see all links of the path.

    Refused: a question that the wave does not ask about links, a band that there is not.
    """
    row = measured_path(viewer=viewer, at=at, public_id=path[:16])
    waves = _waves_about(viewer, at, [one.pk for one in row.links])
    if not waves:
        return PathResults(row, [])
    chosen = next((one for one in waves if one.public_id == wave), None) if wave else waves[0]
    if chosen is None:
        raise NotFound
    columns = columns_to_compare(scored_of(chosen.contents))
    if not columns:
        return PathResults(row, waves, chosen)
    asked = next((one for one in columns if one.key == column), None) if column else columns[0]
    if asked is None or band not in {"", *Band}:
        raise _not_published("column" if asked is None else "band")
    figure = figures_of(asked)[0]
    of = _Of(viewer, at, {one.pk for one in row.links}, asked, figure, band)
    return PathResults(
        row, waves, chosen, columns, asked, figure, band, _rows(row.links, chosen, of.cells(chosen)),
        [(one, of.cells(one)) for one in _comparable(waves, chosen, asked)],
    )  # fmt: skip


def paths_about(*, viewer: Actor, at: datetime, wave: Wave) -> list[PathRow]:
    """The measured paths in sight on which a link of the wave lies."""
    asked = set(WaveLink.objects.filter(wave=wave).values_list("link", flat=True))
    rows = measured_paths(viewer=viewer, at=at)
    return [one for one in rows if asked & {link.pk for link in one.links}]


@dataclass(frozen=True, slots=True)
class _Of:
    viewer: Actor
    at: datetime
    links: Collection[int]
    column: Scored
    figure: Figure
    band: str

    def cells(self, wave: Wave) -> dict[int, PublishedCell]:
        """The cells of the links in a wave, by key of the link."""
        grouping = Grouping.LINK_BAND if self.band else Grouping.LINK
        rows = published_cells(viewer=self.viewer, at=self.at, wave=wave).filter(
            grouping=grouping, band=self.band, column=self.column.key, figure=self.figure,
            wave_link__link__in=self.links,
        )  # fmt: skip
        return {one.wave_link.link_id: one for one in rows if one.wave_link is not None}


def _waves_about(viewer: Actor, at: datetime, links: Collection[int]) -> list[Wave]:
    asked = WaveLink.objects.filter(link__in=links).values("wave")
    return list(published_waves(viewer=viewer, at=at).filter(pk__in=asked)[:LOOKED_BACK])


def _comparable(waves: Sequence[Wave], chosen: Wave, asked: Scored) -> list[Wave]:
    """Waves up to the chosen one with the same questionnaire, in which the column has the same scale."""
    same = [one for one in waves[waves.index(chosen) :] if one.questionnaire_id == chosen.questionnaire_id]
    scale = (asked.key, asked.low, asked.high)
    kept = [one for one in same if scale in {(held.key, held.low, held.high) for held in scored_of(one.contents)}]
    return kept[::-1]


def _rows(links: Sequence[Link], wave: Wave, cells: Mapping[int, PublishedCell]) -> list[LinkFigure]:
    asked = {one.link_id: one for one in WaveLink.objects.filter(wave=wave, link__in=[one.pk for one in links])}
    told = [
        (place, cell.value, cell.lower, cell.upper)
        for place, link in enumerate(links)
        if (cell := cells.get(link.pk)) is not None
        and cell.value is not None and cell.lower is not None and cell.upper is not None
    ]  # fmt: skip
    weakest = weakest_of(told)
    return [
        LinkFigure(link, asked.get(link.pk), cells.get(link.pk), place == weakest) for place, link in enumerate(links)
    ]


def _not_published(field: str) -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected a question that this survey asks about links, of all, of heads or of staff."),
        found=gettext_noop("There is no such figure."),
        remedy=gettext_noop("Choose one that is offered."),
    )
