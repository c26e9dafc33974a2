"""What is published of a wave: a finite table of cells, fixed when it is opened. Pure Python.

Whoever could choose groups at will could choose one person: what one filter hides, two others give away
(:mod:`baton_analysis.measures.disclosure`). So there are these groups of answers and no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from baton.feedback.rules.questions import About, Kind, Scored
from baton.feedback.rules.waves import Band


class Grouping(StrEnum):
    """Which answers are taken together.

    WHOLE          all of the wave
    SUPPLIER       those about all links of one supplier
    CUSTOMER       those of one customer about all who serve it
    LINK           those about one link
    BAND           those of heads, or of staff
    LINK_BAND      those about one link, of heads or of staff
    SUPPLIER_BAND  those about one supplier, of heads or of staff
    """

    WHOLE = "whole"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    LINK = "link"
    BAND = "band"
    LINK_BAND = "link_band"
    SUPPLIER_BAND = "supplier_band"


class Figure(StrEnum):
    """What is said of the answers of a cell.

    MEAN       their mean, on the scale of the question
    SATISFIED  the share of the two highest answers, in percent
    NPS        promoters less detractors, from -100 to 100
    """

    MEAN = "mean"
    SATISFIED = "satisfied"
    NPS = "nps"


class Why(StrEnum):
    """Why a cell is not shown; more than this nobody is told, because it would say what was answered.

    FEW         fewer answers, or fewer people, than were promised
    PROTECTION  from it others, or what everybody answered, could be computed
    """

    FEW = "few"
    PROTECTION = "protection"


class Study(StrEnum):
    """What is worked out from all answers of a wave together.

    RELIABILITY  whether the questions of a dimension measure one thing (alpha)
    DRIVERS      what moves an outcome
    IMPORTANCE   what matters against how well it is done
    GAPS         what was experienced less what was expected
    KANO         what is taken for granted and what delights
    NPS          promoters, passives and detractors
    RATERS       who rates mildly or severely; named waves only
    """

    RELIABILITY = "reliability"
    DRIVERS = "drivers"
    IMPORTANCE = "importance"
    GAPS = "gaps"
    KANO = "kano"
    NPS = "nps"
    RATERS = "raters"


COLUMNS: Mapping[Grouping, tuple[str, ...]] = {
    Grouping.WHOLE: (),
    Grouping.SUPPLIER: ("supplier",),
    Grouping.CUSTOMER: ("customer",),
    Grouping.LINK: ("link",),
    Grouping.BAND: ("band",),
    Grouping.LINK_BAND: ("link", "band"),
    Grouping.SUPPLIER_BAND: ("supplier", "band"),
}
"""By which columns each grouping tells answers apart."""

ENOUGH = 30
"""Answers from which on a wave is studied as a whole, and its own spread says how far a mean can be trusted."""
LINKS_BY_BAND = 600
"""With more links heads and staff are not told apart on each of them: nobody could read it, or make it safe in time."""
NEARLY_ALL = 0.9
"""Of those who were asked, if so many answered, who answered is as good as known; so it is where one is missing."""

PULSE = "pulse"
"""Dimension of questions about how those who work here are."""

CellKey = tuple[tuple[str, str], ...]
"""Of a cell its columns with their values, as :mod:`baton_analysis.measures.disclosure` names cells."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Public ids of a link and of its two parties."""

    link: str
    supplier: str
    customer: str


def are_known(*, asked: int, answered: int) -> bool:
    """Whether who answered is as good as known: nearly all of those who were asked, or all but one, whom colleagues
    know to be on leave, say. Of fewer nobody can say whose answer a difference would be."""
    return asked > 0 and (answered >= NEARLY_ALL * asked or asked - answered <= 1)


def cube_of(about: About, links: int) -> tuple[Grouping, ...]:
    """The groupings that are published of questions ``about`` something, for a wave of so many links."""
    if about is About.WAVE:
        return (Grouping.WHOLE,)
    return tuple(one for one in Grouping if one is not Grouping.LINK_BAND or links <= LINKS_BY_BAND)


def cells_of(grouping: Grouping, links: Iterable[Ends]) -> Iterator[CellKey]:
    """All cells of a grouping that there could be, whether anybody answered in them or not."""
    bands = [band.value for band in Band] if "band" in COLUMNS[grouping] else [""]
    firsts = [name for name in COLUMNS[grouping] if name != "band"]
    values = dict.fromkeys(getattr(one, firsts[0]) for one in links) if firsts else {"": None}
    for value in values:
        for band in bands:
            known = {"band": band, **({firsts[0]: value} if firsts else {})}
            yield tuple((name, known[name]) for name in COLUMNS[grouping])


def grouping_of(names: Iterable[str]) -> Grouping | None:
    """The grouping that tells answers apart by these columns; None where nothing is published by them."""
    wanted = set(names)
    return next((one for one, columns in COLUMNS.items() if set(columns) == wanted), None)


def figures_of(column: Scored) -> tuple[Figure, ...]:
    """What is published of a column of numbers, the first of them first. Halves of a Kano question mean nothing alone:
    they are classed over the whole wave."""
    kind = column.question.kind
    if kind is Kind.KANO:
        return ()
    if kind is Kind.NPS:
        return (Figure.NPS,)
    return (Figure.MEAN, Figure.SATISFIED) if kind is Kind.CSAT else (Figure.MEAN,)


def scale_of(figure: Figure, column: Scored) -> tuple[int, int]:
    """The ends between which a figure lies."""
    if figure is Figure.NPS:
        return -100, 100
    return (0, 100) if figure is Figure.SATISFIED else (column.low, column.high)


def counted(figure: Figure, column: Scored, answer: int) -> int:
    """What one answer counts towards a figure, which is the mean of all of these."""
    if figure is Figure.NPS:
        return 100 if answer >= 9 else 0 if answer >= 7 else -100
    if figure is Figure.SATISFIED:
        return 100 if answer >= column.high - 1 else 0
    return answer


def is_judged(column: Scored) -> bool:
    """Whether the column says how well something is done, on a scale that was chosen: not what was expected, no
    recommendation, no half of a Kano question."""
    kind = column.question.kind
    return kind in {Kind.RATING, Kind.MATRIX} or (kind is Kind.PAIR and column.key.endswith(".experienced"))
