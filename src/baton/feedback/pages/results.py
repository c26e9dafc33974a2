"""Published results as pages and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.core import formats
from baton.core.texts import say
from baton.feedback.models import PublishedCell, Wave, WaveLink
from baton.feedback.models.labels import BANDS, FIGURES, GROUPINGS
from baton.feedback.pages.dimensions import dimension_called
from baton.feedback.pages.result_pictures import interval_svg
from baton.feedback.queries import Group
from baton.feedback.rules import Band, Kind, Scored, piped, scored_of
from baton.feedback.rules.published import Figure, Grouping, Why, figures_of, is_judged, scale_of


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a question: words, the cell, its scale, and how it is drawn. ``act`` leads to the ``finding`` about
    it (number), or, where there is none, to where one is opened; empty: nowhere."""

    words: str
    part: str
    figure: str
    cell: PublishedCell | None
    low: int
    high: int
    hidden: str
    picture: SafeString
    why: str = ""
    interval: str = ""
    act: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """The mean of the published figures of all questions of a dimension, with the fewest answers behind one."""

    name: str
    value: float
    n: int
    low: int
    high: int


@dataclass(slots=True)
class Shown:
    """The figures of one group."""

    lines: list[Line] = field(default_factory=list)
    indices: list[Index] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)


def shown(wave: Wave, group: Group, cells: Iterable[PublishedCell]) -> Shown:
    """What is shown of a group: each question, the dimensions, expected beside experienced."""
    held = {(one.column, one.figure): one for one in cells}
    found = Shown()
    judged: dict[tuple[str, int, int], list[PublishedCell | None]] = {}
    for column in columns_of(wave, group.grouping):
        for figure in figures_of(column):
            cell = held.get((column.key, figure))
            found.lines.append(_line(wave, group, column, figure, cell))
            if figure is Figure.MEAN and is_judged(column) and column.question.dimension:
                judged.setdefault((column.question.dimension, column.low, column.high), []).append(cell)
    found.indices = list(_indices(judged))
    found.gaps = list(_gaps(wave, group, held))
    return found


def columns_of(wave: Wave, grouping: Grouping) -> list[Scored]:
    """The columns of which figures of this grouping are published."""
    whole = grouping is Grouping.WHOLE
    return [
        one for one in scored_of(wave.contents) if figures_of(one) and (whole or one.question.about.value == "link")
    ]


def words_of(column: Scored, link: WaveLink | None = None) -> str:
    """The words of a question with those of its statement; the names of a link where it is about one."""
    words = {**column.question.words}
    if link is not None:
        names = {
            "supplier": link.link.supplier.name, "customer": link.link.customer.name,
            "output": link.link.output.name, "link": link.link.output.name,
        }  # fmt: skip
    else:
        names = {
            name: {"": word}
            for name, word in (
                ("supplier", _("the supplier")), ("customer", _("the customer")), ("output", _("what is handed over")),
                ("link", _("what is handed over")),
            )
        }  # fmt: skip
    said = say(piped(words, names)) or column.question.key
    said = said[:1].upper() + said[1:]  # the name of an output may begin it
    return formats.labelled(said, say(column.row.words)) if column.row is not None else said


def part_of(column: Scored) -> str:
    """Which half of a pair of answers it is; empty for a question with one."""
    if column.question.kind is not Kind.PAIR:
        return ""
    if column.key.endswith(".expected"):
        return pgettext("of a pair of answers", "Expected")
    return pgettext("of a pair of answers", "Experienced")


def why_hidden(why: str, wave: Wave) -> str:
    """Why a figure is not shown, as far as it may be told."""
    if why == Why.PROTECTION:
        return _("not shown: protects others")
    return _("not shown: fewer than {least} answers").format(least=wave.least)


def between(cell: PublishedCell) -> str:
    """The interval of a figure."""
    if cell.lower is None or cell.upper is None:
        return ""
    low, high = formats.number(cell.lower, 1), formats.number(cell.upper, 1)
    return _("{low} to {high}").format(low=low, high=high)


def _line(wave: Wave, group: Group, column: Scored, figure: Figure, cell: PublishedCell | None) -> Line:
    low, high = scale_of(figure, column)
    visible = cell is not None and not cell.why
    several = len(figures_of(column)) > 1 or figure is Figure.NPS
    return Line(
        words=words_of(column, group.wave_link), part=part_of(column), figure=str(FIGURES[figure]) if several else "",
        cell=cell if visible else None, low=low, high=high,
        hidden="" if visible else why_hidden(cell.why if cell else Why.FEW, wave), why="" if visible else "hidden",
        picture=interval_svg(cell, low, high) if visible and cell is not None else SafeString(""),
        interval=between(cell) if visible and cell is not None else "",
    )  # fmt: skip


def _indices(judged: Mapping[tuple[str, int, int], Sequence[PublishedCell | None]]) -> Iterator[Index]:
    """Dimensions of which every question is shown: from these alone, so that no index says more than they do."""
    for (name, low, high), cells in judged.items():
        values = [one.value for one in cells if one is not None and one.value is not None]
        counts = [one.n for one in cells if one is not None and one.n is not None]
        if len(values) == len(cells) > 1:
            yield Index(dimension_called(name), round(sum(values) / len(values), 1), min(counts), low, high)


def _gaps(wave: Wave, group: Group, held: Mapping[tuple[str, str], PublishedCell]) -> Iterator[dict[str, Any]]:
    """Questions that were asked twice: what was experienced less what was expected."""
    for column in columns_of(wave, group.grouping):
        if column.question.kind is not Kind.PAIR or not column.key.endswith(".expected"):
            continue
        wanted = held.get((column.key, Figure.MEAN.value))
        seen = held.get((f"{column.question.key}.experienced", Figure.MEAN.value))
        if wanted and seen and wanted.value is not None and seen.value is not None:
            yield {
                "words": words_of(column, group.wave_link), "expected": wanted.value, "experienced": seen.value,
                "gap": round(seen.value - wanted.value, 1), "n": min(wanted.n or 0, seen.n or 0),
                "low": column.low, "high": column.high,
            }  # fmt: skip


def called(group: Group) -> str:
    """What a group is called."""
    names = []
    if group.wave_link is not None:
        names.append(called_link(group.wave_link))
    names += [str(one) for one in (group.supplier, group.customer) if one is not None]
    if group.band:
        names.append(str(BANDS[Band(group.band)]))
    return formats.listing(names) if names else str(GROUPINGS[Grouping.WHOLE])


def called_link(one: WaveLink) -> str:
    """A link by its ends and its output."""
    return formats.labelled(f"{one.link.supplier} → {one.link.customer}", one.link.output)


def predicted(group: Group, cells: Iterable[PublishedCell], wave: Wave) -> dict[str, Any] | None:
    """What the supplier of a link expected beside what its customer says: the mean of the published ratings on the
    scale on which it predicted; None where it did not, or where one of them is hidden."""
    link = group.wave_link
    if link is None or link.predicted is None or group.band:
        return None
    low, high = wave.rating_scale
    keys = {one.key for one in scored_of(wave.contents) if is_judged(one) and (one.low, one.high) == (low, high)}
    held = [one for one in cells if one.column in keys and one.figure == Figure.MEAN]
    values = [one.value for one in held if one.value is not None]
    if not values or len(values) < len(held):
        return {"predicted": link.predicted, "said": None, "low": low, "high": high}
    said = round(sum(values) / len(values), 1)
    return {
        "predicted": link.predicted, "said": said, "gap": round(said - link.predicted, 1), "low": low, "high": high,
        "n": min(one.n or 0 for one in held),
    }  # fmt: skip


def header() -> Sequence[str]:
    """Names of the columns of the table that is taken away."""
    return [
        _("Question"), pgettext("of a pair of answers", "Part"), _("Figure"), _("Grouping"), _("Supplier"),
        _("Customer"), _("Output"), pgettext("who answers", "Band"), _("n"), _("Value"), _("Lower bound"),
        _("Upper bound"), _("Lowest of the scale"), _("Highest of the scale"), _("Method"), _("Why it is not shown"),
    ]  # fmt: skip


def rows(wave: Wave, cells: Iterable[PublishedCell]) -> Iterator[Sequence[object]]:
    """A row a figure of the published cells, the hidden ones with their reason."""
    columns = {one.key: one for one in scored_of(wave.contents)}
    for cell in cells:
        column = columns[cell.column]
        link = cell.wave_link.link if cell.wave_link else None
        low, high = scale_of(Figure(cell.figure), column)
        ends = (link.supplier if link else cell.supplier, link.customer if link else cell.customer)
        yield [
            words_of(column, cell.wave_link), part_of(column), str(FIGURES[Figure(cell.figure)]),
            str(GROUPINGS[Grouping(cell.grouping)]), *(str(one) if one else "" for one in ends),
            str(link.output) if link else "", str(BANDS[Band(cell.band)]) if cell.band else "", cell.n, cell.value,
            cell.lower, cell.upper, low, high, cell.method, why_hidden(cell.why, wave) if cell.why else "",
        ]  # fmt: skip


Earlier = tuple[Wave, list[PublishedCell]]


def trend(group: Group, earlier: Sequence[Earlier]) -> dict[str, Any]:
    """The figures of a group wave by wave: names of the waves, and for each question that stands in two of them or more
    its figures, with their intervals."""
    if len(earlier) < 2:
        return {}
    waves = [one for one, _cells in earlier]
    held = {
        (wave.pk, cell.column, cell.figure): cell for wave, cells in earlier for cell in cells if cell.value is not None
    }
    lines = []
    for column in columns_of(waves[-1], group.grouping):
        for figure in figures_of(column)[:1]:
            found = [held.get((wave.pk, column.key, figure.value)) for wave in waves]
            if sum(one is not None for one in found) >= 2:
                part = part_of(column)
                words = words_of(column, group.wave_link)
                lines.append(
                    {
                        "words": f"{words} ({part})" if part else words,
                        "values": [one.value if one else None for one in found],
                        "figures": [(one, between(one)) if one else (None, "") for one in found],
                    }
                )
    return {"waves": waves, "lines": lines} if lines else {}
