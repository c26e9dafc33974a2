"""What an effect plan fixes before the data are there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from hashlib import sha256
from math import inf, isfinite
from typing import Any, Literal, Self, get_args

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.group_sequential import GroupSequentialDesign, Shape, group_sequential
from baton_analysis.measures.before_after.segments import Errors, Family, demand_family, demand_season
from baton_analysis.measures.before_after.shares import demand_standard
from baton_analysis.measures.charted_series import FrozenLimits

VERSION = "1"

PlannedTest = Literal["two_proportions", "poisson_rates", "standard", "welch", "long_run_limits", "segmented"]
Better = Literal["lower", "higher"]

_SINGLE_VALUES = ("i", "lj")
_WITH_BASELINE = {"two_proportions", "poisson_rates", "welch", "segmented"}


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Window:
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise MeasureError(
                expected=gettext_noop("A window ends no earlier than it starts."),
                found=gettext_noop("It starts on {start} and ends on {end}."),
                remedy=gettext_noop("Exchange the two days."),
                start=self.start.isoformat(),
                end=self.end.isoformat(),
            )

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def days(self) -> int:
        """First and last day included."""
        return (self.end - self.start).days + 1


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class Observation:
    """What was found on a day, or in the period that begins with it.

    ``value`` is the number of cases of a share, of events of a rate, or the value measured; ``size`` the units looked
    at, or the exposure.
    """

    day: date
    value: float
    size: float = 1.0


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True)
class SeriesModel:
    """How a segmented regression is to be fitted; points lie ``step_days`` apart from the start of the baseline on."""

    family: Family = "gaussian"
    step_days: int = 7
    slope: bool = False
    harmonics: int = 0
    period: float = 52
    errors: Errors = "ar1"

    def __post_init__(self) -> None:
        demand_family(self.family, self.errors)
        demand_season(self.period, harmonics=self.harmonics)


@checked_fields(MeasureError)
@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPlan:
    """How the effect of an action will be judged; fixed, and signed by its ``digest``, before the data.

    Attributes
    ----------
    metric
        What is counted or measured, in words.
    test
        "two_proportions", "poisson_rates", "welch": baseline against follow-up. "standard": share of the follow-up
        against ``standard``. "long_run_limits": mean of the follow-up against the centre of a chart (``limits``).
        "segmented": with trend and season as ``series`` says.
    better
        Whether lower or higher is better.
    minimal_effect
        The smallest change that is worth having, above 0: a difference in the unit of the metric (shares: 0.1 is ten
        percentage points); for rates and Poisson series a share of the rate before (0.2: a fifth less).
    baseline, follow_up
        Before and after; what lies between is left out.
    trigger
        The days of the point or period because of which the action was opened. It never counts: it was picked because
        it was bad, and what is picked so gets better by itself. None where no figure opened the action.
    minimal_before, minimal_after
        Units of a share, exposure of a rate, or points that must be there.
    alpha, sides, comparisons
        Probability of an effect that is not there; 2 or 1 sides; among how many metrics of the action it is shared
        (Bonferroni).
    continuity
        Yates' correction of two proportions.
    looks, shape
        Days after which the result may be looked at before the end; the last is the end of the follow-up. Empty: one
        look, at the end.
    fixed_on
        The day on which the plan was fixed; no later than the follow-up begins.
    """

    metric: str
    test: PlannedTest
    better: Better
    minimal_effect: float
    follow_up: Window
    fixed_on: date
    baseline: Window | None = None
    trigger: Window | None = None
    minimal_before: float = 0
    minimal_after: float = 1
    alpha: float = 0.05
    sides: int = 2
    comparisons: int = 1
    continuity: bool = False
    standard: float | None = None
    limits: FrozenLimits | None = None
    series: SeriesModel | None = None
    looks: tuple[date, ...] = ()
    shape: Shape = "obrien_fleming"

    def __post_init__(self) -> None:
        self._demand_settings()
        self._demand_parts()
        self._demand_figures()
        self._demand_order()

    @property
    def digest(self) -> str:
        """SHA-256 of the plan as canonical JSON: what is signed. Any change of the plan changes it."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode()).hexdigest()

    @property
    def level(self) -> float:
        """Alpha of this metric alone."""
        return self.alpha / self.comparisons

    @property
    def design(self) -> GroupSequentialDesign | None:
        """The boundaries of the looks, at the share of the follow-up that is then over; None with one look."""
        if not self.looks:
            return None
        shares = [Window(self.follow_up.start, look).days / self.follow_up.days for look in self.looks]
        return group_sequential(shares, shape=self.shape, alpha=self.level, sides=self.sides)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON: days as ISO text."""
        return {"version": VERSION, **{field.name: _plain(getattr(self, field.name)) for field in fields(self)}}

    @classmethod
    @checked(MeasureError)
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """The plan of :meth:`to_dict`.

        Raises
        ------
        MeasureError
            Another version, or parts that make no plan.
        """
        if plain.get("version") != VERSION or not {field.name for field in fields(cls)} <= plain.keys():
            raise MeasureError(
                expected=gettext_noop("A stored plan has all its parts and the version {wanted}."),
                found=gettext_noop("Its version is {given}; it has {parts}."),
                remedy=gettext_noop("Read it with the version that wrote it."),
                wanted=VERSION,
                given=plain.get("version", "—"),
                parts=", ".join(sorted(plain)) or "—",
            )
        given = {field.name: plain[field.name] for field in fields(cls)}
        for name in ("follow_up", "baseline", "trigger"):
            given[name] = given[name] and Window(*(date.fromisoformat(given[name][end]) for end in ("start", "end")))
        given["fixed_on"] = date.fromisoformat(given["fixed_on"])
        given["looks"] = tuple(date.fromisoformat(look) for look in given["looks"])
        given["limits"] = given["limits"] and FrozenLimits(**given["limits"])
        given["series"] = given["series"] and SeriesModel(**given["series"])
        return cls(**given)

    def _demand_settings(self) -> None:
        known = self.test in get_args(PlannedTest) and self.better in get_args(Better) and self.sides in {1, 2}
        least = min(self.minimal_before, self.minimal_after, self.comparisons - 1)
        if not known or not 0 < self.alpha < 0.5 or not 0 < self.minimal_effect < inf or not 0 <= least < inf:
            raise MeasureError(
                expected=gettext_noop("A plan has one of the tests {tests}; lower or higher is better; 1 or 2 sides;"
                                      " alpha between 0 and 0.5; a minimal effect above 0; minimal numbers from 0 on;"
                                      " 1 comparison or more."),
                found=gettext_noop("Test {test}, better {better}, sides {sides}, alpha {alpha}, minimal effect"
                                   " {effect}."),
                remedy=gettext_noop("Ask what change would be worth the effort: that is the minimal effect."),
                tests=", ".join(get_args(PlannedTest)),
                test=self.test,
                better=self.better,
                sides=self.sides,
                alpha=self.alpha,
                effect=self.minimal_effect,
            )  # fmt: skip

    def _demand_parts(self) -> None:
        wanted = {
            "baseline": self.test in _WITH_BASELINE,
            "standard": self.test == "standard",
            "limits": self.test == "long_run_limits",
            "series": self.test == "segmented",
        }
        wrong = [name for name, needed in wanted.items() if (getattr(self, name) is not None) != needed]
        if wrong:
            raise MeasureError(
                expected=gettext_noop("The test {test} needs {needed}, and nothing else to compare with."),
                found=gettext_noop("Absent or too much: {wrong}."),
                remedy=gettext_noop("Add what is absent, or choose the test that fits."),
                test=self.test,
                needed=", ".join(name for name, needed in wanted.items() if needed),
                wrong=", ".join(wrong),
            )

        if self.limits is not None and self.limits.method not in _SINGLE_VALUES:
            raise MeasureError(
                expected=gettext_noop("Long-run limits come from a chart of single values ({known})."),
                found=gettext_noop("These come from another kind ({method})."),
                remedy=gettext_noop("For shares plan with the centre line as the standard, or with a baseline."),
                known=", ".join(_SINGLE_VALUES),
                method=self.limits.method,
            )
        if self.series is not None and self.baseline is not None:
            apart = (self.follow_up.start - self.baseline.start).days
            if self.series.step_days < 1 or apart % self.series.step_days:
                raise MeasureError(
                    expected=gettext_noop("The follow-up of a series starts whole steps of {step} days after the"
                                          " baseline."),
                    found=gettext_noop("Days between their starts: {days}."),
                    remedy=gettext_noop("Let both start on the same day of the week."),
                    step=self.series.step_days,
                    days=apart,
                )  # fmt: skip

    def _demand_figures(self) -> None:
        """Figures that would only be refused when it is too late: once the plan is signed and the data are there."""
        if self.standard is not None:
            demand_standard(self.standard)
        if self.test in {"two_proportions", "standard"} and self.minimal_effect > 1:
            raise MeasureError(
                expected=gettext_noop("The minimal effect on a share lies above 0 and up to 1."),
                found=gettext_noop("It is {given}."),
                remedy=gettext_noop("Write shares, not percentages: 5 % is 0.05."),
                given=self.minimal_effect,
            )
        limits = self.limits
        if limits is not None and not (isfinite(limits.centre) and 0 < limits.spread < inf and limits.n >= 2):
            raise MeasureError(
                expected=gettext_noop("The limits of the plan must rest on two points or more that vary."),
                found=gettext_noop("Points: {points}, spread: {spread}."),
                remedy=gettext_noop("Plan with the limits of a chart that has seen enough weeks."),
                points=limits.n,
                spread=limits.spread,
            )

    def _demand_order(self) -> None:
        start = self.follow_up.start
        windows = [window for window in (self.baseline, self.trigger) if window is not None]
        looks = [start, *self.looks]
        rising = all(one < other for one, other in zip(looks[1:], looks[2:], strict=False))
        looked = not self.looks or (rising and self.looks[0] >= start and self.looks[-1] == self.follow_up.end)
        if self.fixed_on > start or any(window.end >= start for window in windows) or not looked:
            raise MeasureError(
                expected=gettext_noop("A plan is fixed no later than the follow-up begins; baseline and trigger end"
                                      " before that; looks rise within the follow-up, the last on its last day."),
                found=gettext_noop("Fixed on {fixed}; follow-up {start} to {end}; windows before it end on {ends};"
                                   " looks: {looks}."),
                remedy=gettext_noop("Plan a follow-up that lies ahead. What has been seen already proves nothing."),
                fixed=self.fixed_on.isoformat(),
                start=start.isoformat(),
                end=self.follow_up.end.isoformat(),
                ends=", ".join(window.end.isoformat() for window in windows) or "—",
                looks=", ".join(look.isoformat() for look in self.looks) or "—",
            )  # fmt: skip


def _plain(value: Any) -> Any:
    """A part of a plan for JSON; whole numbers that stand for quantities are written as such quantities are."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, (Window, FrozenLimits, SeriesModel)):
        return {name: _plain(part) for name, part in asdict(value).items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
