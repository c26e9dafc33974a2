"""As agreed against fit for my use: where the receiver's two judgements part lastingly, the standard is wrong.

Definitions
-----------
agreed but unfit
    As agreed, and yet not fit for the receiver's use: what was promised is not what is needed.
fit but not agreed
    Fit for use, and yet not as agreed: more was promised than is needed.
difference
    Exact test of McNemar (1947), Psychometrika 12: 153-157: if the judgements part by chance, they part as often one
    way as the other.
lasting
    The difference is found in the earlier and in the later half of the weeks, each for itself, in one direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.drawing.comparisons import plot_bars
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import binomial_p, exact_share_interval
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "two_judgements"
VERSION = "1"

LASTING_WEEKS = 4
"""A difference that is shorter is not called lasting."""
FEW_APART = 6
"""With fewer handoffs in which the judgements part, no exact test can find a difference at 5 percent."""

Direction = Literal["none", "agreed_but_unfit", "fit_but_not_agreed"]


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class JudgedWeek:
    """Handoffs of one week by the receiver's two judgements: ``both`` as agreed and fit, ``agreed_only``,
    ``fit_only``, or ``neither``."""

    week: date
    both: int = 0
    agreed_only: int = 0
    fit_only: int = 0
    neither: int = 0

    @property
    def n(self) -> int:
        """Handoffs of which both judgements are known."""
        return self.both + self.agreed_only + self.fit_only + self.neither


@dataclass(frozen=True, slots=True)
class TwoJudgements(Result):
    """How the two judgements part.

    Attributes
    ----------
    n
        Handoffs of which both judgements are known, in so many ``weeks``.
    agreed_only, fit_only
        Handoffs in which they part, one way and the other.
    value, interval
        Of those in which they part the share that was as agreed and unfit, with its exact interval (Clopper and
        Pearson); None where they never part. 0.5 is what chance makes.
    p
        Of McNemar's exact test, two-sided.
    direction
        Which way they part beyond chance.
    lasting
        Whether they do so in both halves of the weeks.
    finding
        What that says about the standard; None where it says nothing.
    """

    n: int
    weeks: int
    both: int
    agreed_only: int
    fit_only: int
    neither: int
    value: float | None
    interval: tuple[float, float] | None
    p: float
    direction: Direction
    lasting: bool
    finding: Notice | None
    level: float
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        counts = ("both", "agreed_only", "fit_only", "neither")
        plain = ("method", "version", "n", "weeks", *counts, "value", "p", "direction", "lasting", "level")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "confidence": self.confidence,
            "finding": None if self.finding is None else self.finding.render(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """Handoffs in which the judgements part, and a line where both ways are even; see
        :class:`baton_analysis.results.Plottable`."""
        sizes = (self.agreed_only, self.fit_only)
        return plot_bars(ax, names=("agreed_only", "fit_only"), sizes=sizes, lines=(sum(sizes) / 2,))


@checked(MeasureError)
def two_judgements(weeks: Sequence[JudgedWeek], *, level: float = 0.05, confidence: float = 0.95) -> TwoJudgements:
    """Whether "as agreed" and "fit for my use" part beyond chance, which way, and whether that lasts.

    Parameters
    ----------
    weeks
        One entry a week, in any order; counts of one link, or of one clause of it.
    level
        Probability with which a difference is called one though there is none.

    Raises
    ------
    MeasureError
        No week, one that stands twice, a count below 0, or a level or confidence that is none.
    """
    demand_confidence(confidence)
    demand_confidence(level)
    _check_weeks(weeks)
    judged = sorted((one for one in weeks if one.n), key=lambda one: one.week)
    counts = {
        name: sum(getattr(one, name) for one in judged) for name in ("both", "agreed_only", "fit_only", "neither")
    }
    unfit, strict = counts["agreed_only"], counts["fit_only"]
    direction = _direction(judged, level)
    halves = judged[: len(judged) // 2], judged[len(judged) // 2 :]
    lasting = (
        direction != "none"
        and len(judged) >= LASTING_WEEKS
        and all(_direction(half, level) == direction for half in halves)
    )
    apart = unfit + strict
    return TwoJudgements(
        n=sum(counts.values()),
        weeks=len(judged),
        **counts,
        value=unfit / apart if apart else None,
        interval=exact_share_interval(unfit, apart, confidence) if apart else None,
        p=_p(judged),
        direction=direction,
        lasting=lasting,
        finding=_finding(direction, unfit, strict, len(judged), lasting=lasting),
        level=level,
        confidence=confidence,
        warnings=_warnings(apart, len(judged), direction, lasting=lasting),
    )


def _p(weeks: Sequence[JudgedWeek]) -> float:
    unfit, strict = sum(one.agreed_only for one in weeks), sum(one.fit_only for one in weeks)
    return binomial_p(unfit, unfit + strict, 0.5, "two_sided") if unfit + strict else 1.0


def _direction(weeks: Sequence[JudgedWeek], level: float) -> Direction:
    if _p(weeks) > level:
        return "none"
    more = sum(one.agreed_only for one in weeks) > sum(one.fit_only for one in weeks)
    return "agreed_but_unfit" if more else "fit_but_not_agreed"


def _finding(direction: Direction, unfit: int, strict: int, weeks: int, *, lasting: bool) -> Notice | None:
    messages = {
        ("agreed_but_unfit", True): gettext_noop(
            "The standard looks wrong: {unfit} handoffs were as agreed and yet unfit, {strict} fit and not as agreed,"
            " and that lasts ({weeks} weeks). Agree on what is needed."
        ),
        ("agreed_but_unfit", False): gettext_noop(
            "{unfit} handoffs were as agreed and yet unfit, {strict} fit and not as agreed. If that lasts, the standard"
            " is wrong."
        ),
        ("fit_but_not_agreed", True): gettext_noop(
            "The standard looks too strict: {strict} handoffs were fit and not as agreed, {unfit} as agreed and yet"
            " unfit, and that lasts ({weeks} weeks). Agree on what is enough."
        ),
        ("fit_but_not_agreed", False): gettext_noop(
            "{strict} handoffs were fit and not as agreed, {unfit} as agreed and yet unfit. If that lasts, the standard"
            " is too strict."
        ),
    }
    if direction == "none":
        return None
    return Notice(messages[direction, lasting], values={"unfit": unfit, "strict": strict, "weeks": weeks})


def _warnings(apart: int, weeks: int, direction: Direction, *, lasting: bool) -> tuple[Notice, ...]:
    few = gettext_noop("The judgements part in {apart} handoffs; {wanted} are wanted before a difference can be found.")
    short = gettext_noop("Whether the difference lasts cannot be said: it needs {wanted} weeks, there are {found}.")
    said = [Notice(few, values={"apart": apart, "wanted": FEW_APART})] if apart < FEW_APART else []
    if direction != "none" and not lasting and weeks < LASTING_WEEKS:
        said.append(Notice(short, values={"wanted": LASTING_WEEKS, "found": weeks}))
    return tuple(said)


def _check_weeks(weeks: Sequence[JudgedWeek]) -> None:
    days = [one.week for one in weeks]
    smallest = min((min(one.both, one.agreed_only, one.fit_only, one.neither) for one in weeks), default=0)
    if not weeks or len(set(days)) < len(days) or smallest < 0:
        raise MeasureError(
            expected=gettext_noop("There is at least one week, each stands once, and counts are 0 or more."),
            found=gettext_noop("There are {weeks} entries for {days} weeks; the smallest count is {smallest}."),
            remedy=gettext_noop("Add up what belongs to one week, and correct its counts."),
            weeks=len(days),
            days=len(set(days)),
            smallest=smallest,
        )
