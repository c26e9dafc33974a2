"""Surveys that come again: which of their days is to be prepared, and what their results aim at. Pure Python.

A target for satisfaction says nothing without its formula: a mean of 4.0 of 5 is 80 % of the highest answer, 75 % of
the way up the scale, and may come from 80 % or from 100 % who chose one of the two highest answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from baton.feedback.rules.published import Figure

OPEN_DAYS = range(1, 61)
USUAL_OPEN_DAYS = 14
"""For so many days a survey of a plan is open, where nobody says another number."""
AHEAD_DAYS = range(1, 31)
USUAL_AHEAD_DAYS = 7
"""So many days before it opens it is prepared, where nobody says another number."""
SHOWN_NEXT = 3
"""So many of its next days are shown."""
TITLE_LENGTH = 180
"""The title of each survey is that of its plan with the day behind it."""


class Formula(StrEnum):
    """How the satisfaction that a target names is computed, in percent.

    TOP2        the share of the two highest answers
    OF_HIGHEST  the mean, divided by the highest answer of the scale: 4.0 of 5 is 80 %
    RESCALED    how far up its scale the mean lies: 4.0 on a scale from 1 to 5 is 75 %
    """

    TOP2 = "top2"
    OF_HIGHEST = "of_highest"
    RESCALED = "rescaled"


FIGURE_OF = {
    Formula.TOP2: Figure.SATISFIED, Formula.OF_HIGHEST: Figure.MEAN, Formula.RESCALED: Figure.MEAN,
}  # fmt: skip
"""From which published figure each is computed."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A day of a plan: ``named`` by its rule, ``day`` on which it falls once a holiday has moved it, and when the
    survey opens then (UTC)."""

    named: date
    day: date
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be prepared now, and the days that have passed without a survey and are not made up for."""

    prepare: Occurrence | None
    missed: tuple[Occurrence, ...] = ()


def due_of(occurrences: Iterable[Occurrence], *, at: datetime, ahead_days: int) -> Due:
    """Of days in their order that no survey was prepared for: the first one to come, once it is near enough. Of those
    that have passed only the latest is made up for, and only while none to come is near."""
    near = [one for one in occurrences if one.opens_at - timedelta(days=ahead_days) <= at]
    coming = [one for one in near if one.opens_at > at]
    passed = [one for one in near if one.opens_at <= at]
    if coming:
        return Due(coming[0], tuple(passed))
    return Due(passed[-1], tuple(passed[:-1])) if passed else Due(None)


def fewest_days_between(days: Iterable[date]) -> int | None:
    """The fewest days from one of these days to the next; None for fewer than two."""
    held = list(days)
    gaps = [(later - earlier).days for earlier, later in zip(held, held[1:], strict=False)]
    return min(gaps, default=None)


@dataclass(frozen=True, slots=True)
class Reached:
    """What was reached of a target, in percent: the figure, its 95 % interval, and on how many answers it rests."""

    percent: float
    lower: float | None
    upper: float | None
    n: int

    def meets(self, target: float) -> bool:
        """Whether the figure is as high as the target."""
        return self.percent >= target

    def is_sure(self, target: float) -> bool:
        """Whether the whole interval lies on the same side of the target as the figure."""
        if self.lower is None or self.upper is None:
            return False
        return self.lower >= target if self.meets(target) else self.upper < target


def as_percent(formula: Formula, figure: float, *, low: float, high: float) -> float:
    """A published figure of a question with the scale from ``low`` to ``high`` as the formula says it, to one
    decimal."""
    if formula is Formula.TOP2:
        return round(figure, 1)
    part = figure / high if formula is Formula.OF_HIGHEST else (figure - low) / (high - low)
    return round(100 * part, 1)
