"""What the page of results along a path shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.core import formats
from baton.feedback.models import PublishedCell, Wave
from baton.feedback.models.labels import BANDS, FIGURES
from baton.feedback.pages.result_pictures import interval_svg
from baton.feedback.pages.results import between, part_of, why_hidden, words_of
from baton.feedback.queries.path_results import LinkFigure, PathResults
from baton.feedback.rules import Band, Scored
from baton.feedback.rules.published import Figure, scale_of
from baton.handoffs.pages.paths import called, link_called


def context(found: PathResults) -> dict[str, Any]:
    """What ``feedback/results/path.html`` shows."""
    shown: dict[str, Any] = {"found": found, "called": called(found.path), "wave": found.wave}
    if found.wave is None or found.column is None:
        return shown
    low, high = scale_of(found.figure, found.column)
    steps = [_step(one, found, low, high) for one in found.rows]
    return {
        **shown, "steps": steps, "low": low, "high": high, "question": question_of(found.column),
        "figure": str(FIGURES[found.figure]), "weakest": next((one["called"] for one in steps if one["weakest"]), ""),
        "hidden": sum(1 for one in steps if one["hidden"]), "shown": sum(1 for one in steps if one["cell"]),
        "trend": _trend(found),
    }  # fmt: skip


def question_of(column: Scored) -> str:
    """A question with its part."""
    part = part_of(column)
    return formats.labelled(words_of(column), part) if part else words_of(column)


def _step(one: LinkFigure, found: PathResults, low: int, high: int) -> dict[str, Any]:
    assert found.wave is not None
    cell = one.cell if one.cell is not None and not one.cell.why else None
    return {
        "link": one.link, "called": link_called(one.link), "cell": cell, "weakest": one.weakest,
        "hidden": why_hidden(one.cell.why, found.wave) if one.cell is not None and one.cell.why else "",
        "missing": _missing(one, found), "interval": between(cell) if cell is not None else "",
        "picture": interval_svg(cell, low, high) if cell is not None else "",
    }  # fmt: skip


def _missing(one: LinkFigure, found: PathResults) -> str:
    """Why there is no figure to be shown or hidden."""
    if one.asked is None:
        return _("not asked about in this survey")
    if one.cell is None:
        return _("heads and staff are not told apart here") if found.band else _("nothing is published of it")
    return ""


def _trend(found: PathResults) -> dict[str, Any]:
    """The figures wave by wave, where there are two waves or more."""
    if len(found.earlier) < 2:
        return {}
    lines = []
    for link in found.path.links:
        cells = [_shown(held.get(link.pk)) for _wave, held in found.earlier]
        lines.append({
            "called": link_called(link), "values": [one.value if one else None for one in cells],
            "figures": [(one, between(one) if one else "") for one in cells],
        })  # fmt: skip
    return {"waves": [wave for wave, _held in found.earlier], "lines": lines}


def _shown(cell: PublishedCell | None) -> PublishedCell | None:
    return cell if cell is not None and not cell.why else None


def header() -> Sequence[str]:
    """Names of the columns of the table that is taken away."""
    return [
        _("Survey"), _("Question"), _("Figure"), pgettext("who answers", "Band"), _("Link"), _("Supplier"),
        _("Customer"), _("Output"), _("n"), _("Value"), _("Lower bound"), _("Upper bound"), _("Lowest of the scale"),
        _("Highest of the scale"), _("Method"), _("Why it is not shown"), _("Weakest"),
    ]  # fmt: skip


def rows(found: PathResults) -> Iterator[Sequence[object]]:
    """A row a link for each wave that is compared, the earliest first."""
    if found.wave is None or found.column is None:
        return
    low, high = scale_of(found.figure, found.column)
    weakest = {one.link.pk for one in found.rows if one.weakest}
    for wave, cells in found.earlier:
        for link in found.path.links:
            cell = cells.get(link.pk)
            yield [
                wave.number, question_of(found.column), str(FIGURES[Figure(found.figure)]),
                str(BANDS[Band(found.band)]) if found.band else "", link.number, str(link.supplier),
                str(link.customer), str(link.output), *_told(cell), low, high, cell.method if cell else "",
                _why_not(cell, wave), _("yes") if wave.pk == found.wave.pk and link.pk in weakest else "",
            ]  # fmt: skip


def _why_not(cell: PublishedCell | None, wave: Wave) -> str:
    if cell is None:
        return _("nothing is published of it")
    return why_hidden(cell.why, wave) if cell.why else ""


def _told(cell: PublishedCell | None) -> tuple[object, ...]:
    return (cell.n, cell.value, cell.lower, cell.upper) if cell is not None else (None,) * 4


def offered(found: PathResults) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Among what one chooses: waves and questions."""
    return {
        "wave": [(one.public_id, f"{one} ({one.number})") for one in found.waves],
        "column": [(one.key, question_of(one)) for one in found.columns],
    }
