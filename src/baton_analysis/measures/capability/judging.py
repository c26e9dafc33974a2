"""Judging the capability of a process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import get_args

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri, ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, Phrase, gettext_noop
from baton_analysis.measures.capability.model import Capability, CapabilityIndex, Transform, Within
from baton_analysis.measures.capability.normality import anderson_darling
from baton_analysis.measures.control_constants import LARGEST_SUBGROUP, shewhart_constants
from baton_analysis.measures.inputs import demand_confidence, numbers_of
from baton_analysis.readers.model import Notice

ENOUGH_VALUES = 100
"""With fewer values the interval of an index is wide: Cpk 1.33 of 50 values lies anywhere from about 1.05 to 1.61."""

_NOT_NORMAL = 1.035
"""Anderson-Darling statistic, corrected for n, that 1 % of normal samples pass (Stephens 1974, JASA 69: 730-737)."""

NOT_STABLE = gettext_noop(
    "The process is not stable: Cp, Cpk and Cpm would promise what it does not keep and are left out. Find what shifts"
    " it first."
)
"""What a capability of an unstable process warns of."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Specification limits and target, on the scale of the indices."""

    lower: float | None
    upper: float | None
    target: float | None


@checked(MeasureError)
def capability(
    values: Sequence[float] | Sequence[Sequence[float]],
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    within: Within | None = None,
    stable: bool | None = None,
    transform: Transform = "none",
    confidence: float = 0.95,
) -> Capability:
    """Capability of single values in order of time, or of subgroups of values.

    Cp = (USL - LSL) / 6 sigma; Cpk = the smaller distance of the mean from a limit / 3 sigma;
    Cpm = Cp / sqrt(1 + ((mean - target) / sigma)^2). Intervals: Cp chi-square; Cpk and the one-sided indices Bissell
    (1990), Applied Statistics 39: 331-340; Cpm Boyles (1991), Journal of Quality Technology 23: 17-26; all with the
    total number of values, as R qcc.

    Parameters
    ----------
    lower, upper, target
        In the unit of the values; at least one limit.
    within
        "moving_range" (single values), "range" (mean range / d2), "standard_deviation" (mean s / c4) or "pooled". By
        default moving ranges, ranges for equal subgroups up to 10, else pooled.
    stable
        What the control chart says. None: judged here by points beyond 3 sigma alone.
    transform
        "log" for values that are skewed to the right and above 0; limits and target are transformed too.

    Raises
    ------
    MeasureError
        No limit, limits that do not fit, too few values, values that are not finite or do not vary.
    """
    demand_confidence(confidence)
    groups = _subgroups(values)
    _check_limits(lower, upper, target)
    limits = _Limits(lower, upper, _middle(lower, upper) if target is None else target)
    scale = _on_scale(groups, limits, transform)
    method = _within_method(within, groups)
    everything = np.concatenate(scale[0])
    sigma, overall = _within(scale[0], method), float(np.std(everything, ddof=1))
    _check_spread(sigma, overall)
    judged = stable is None
    stable = _stays_within(scale[0], float(everything.mean()), sigma) if stable is None else bool(stable)
    indices = _indices("P", everything, overall, scale[1], confidence)
    if stable:
        indices = {**_indices("C", everything, sigma, scale[1], confidence), **indices}
    bounds = [(sign, bound) for sign, bound in ((-1, lower), (1, upper)) if bound is not None]
    return Capability(
        method=method,
        n=len(everything),
        mean=float(everything.mean()),
        within=sigma,
        overall=overall,
        lower=lower,
        upper=upper,
        target=limits.target,
        outside=sum(int((sign * np.concatenate(groups) > sign * bound).sum()) for sign, bound in bounds),
        stable=stable,
        stability_judged=judged,
        transform=transform,
        confidence=confidence,
        indices=indices,
        warnings=_warnings(everything, stable=stable, judged=judged),
    )


def _indices(
    family: str, values: Floats, sigma: float, limits: _Limits, confidence: float
) -> dict[str, CapabilityIndex]:
    n, mean = len(values), float(values.mean())
    found: dict[str, CapabilityIndex] = {}

    def add(suffix: str, value: float, interval: tuple[float, float], method: str) -> None:
        found[family + suffix] = CapabilityIndex(family + suffix, value, interval, n, method)

    if limits.lower is not None and limits.upper is not None:
        ratio = (limits.upper - limits.lower) / (6 * sigma)
        add("p", ratio, _chi_square(ratio, n - 1, confidence), "chi_square")
    sides = {}
    if limits.lower is not None:
        sides["pl"] = (mean - limits.lower) / (3 * sigma)
    if limits.upper is not None:
        sides["pu"] = (limits.upper - mean) / (3 * sigma)
    for suffix, value in sides.items():
        add(suffix, value, _bissell(value, n, 2 * confidence - 1), "bissell_one_sided")
    add("pk", min(sides.values()), _bissell(min(sides.values()), n, confidence), "bissell")
    if limits.target is not None and family + "p" in found:
        off = (mean - limits.target) / sigma
        value = found[family + "p"].value / sqrt(1 + off**2)
        degrees = n * (1 + off**2) ** 2 / (1 + 2 * off**2)
        add("pm", value, _chi_square(value, degrees, confidence), "boyles")
    return found


def _chi_square(value: float, degrees: float, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    return (
        value * sqrt(float(chdtri(degrees, 1 - tail)) / degrees),
        value * sqrt(float(chdtri(degrees, tail)) / degrees),
    )


def _bissell(value: float, n: int, confidence: float) -> tuple[float, float]:
    half = float(ndtri(0.5 + confidence / 2)) * sqrt(1 / (9 * n) + value**2 / (2 * (n - 1)))
    return value - half, value + half


def _within_method(within: Within | None, groups: list[Floats]) -> Within:
    sizes = {len(group) for group in groups}
    if within is None:
        if sizes == {1}:
            return "moving_range"
        return "range" if len(sizes) == 1 and max(sizes) <= 10 else "pooled"
    equal = len(sizes) == 1 and 1 < max(sizes) <= LARGEST_SUBGROUP
    fits = {"moving_range": sizes == {1}, "range": equal, "standard_deviation": equal, "pooled": max(sizes) > 1}
    if not fits.get(within, False):
        raise MeasureError(
            expected=gettext_noop("Moving ranges need single values; range and standard deviation need subgroups of"
                                  " one size of 2 or more; pooled needs subgroups."),
            found=gettext_noop("Method {within}, subgroups of {sizes}."),
            remedy=gettext_noop("Leave the method out: the one that fits is then taken ({known} are known)."),
            within=within,
            sizes=", ".join(str(size) for size in sorted(sizes)),
            known=", ".join(get_args(Within)),
        )  # fmt: skip
    return within


def _within(groups: list[Floats], method: Within) -> float:
    if method == "moving_range":
        return float(np.abs(np.diff(np.concatenate(groups))).mean()) / shewhart_constants(2).d2
    if method == "range":
        return float(np.mean([np.ptp(group) for group in groups])) / shewhart_constants(len(groups[0])).d2
    if method == "standard_deviation":
        return float(np.mean([np.std(group, ddof=1) for group in groups])) / shewhart_constants(len(groups[0])).c4
    squares = sum(float(((group - group.mean()) ** 2).sum()) for group in groups)
    degrees = sum(len(group) - 1 for group in groups)
    return sqrt(squares / degrees)


def _stays_within(groups: list[Floats], mean: float, sigma: float) -> bool:
    """Whether no subgroup mean lies more than 3 standard errors from the mean (rule 1 alone)."""
    return all(abs(float(group.mean()) - mean) <= 3 * sigma / sqrt(len(group)) for group in groups)


def _warnings(values: Floats, *, stable: bool, judged: bool) -> tuple[Notice, ...]:
    remarks: list[Notice] = []
    if not stable:
        remarks.append(Notice(NOT_STABLE))
    elif judged:
        beyond = gettext_noop(
            "Stability was judged by points beyond 3 sigma alone; look at the chart and its run rules."
        )
        remarks.append(Notice(beyond))
    if len(values) < ENOUGH_VALUES:
        few = gettext_noop("The indices rest on {n} values; {wanted} are wanted. Look at the interval.")
        remarks.append(Notice(few, values={"n": len(values), "wanted": ENOUGH_VALUES}))
    if len(values) >= 8 and anderson_darling(values) > _NOT_NORMAL:
        skewed = gettext_noop("The values do not look normally distributed: shares beyond the limits do not follow from"
                              " the indices. Use a transform, or count the values outside.")  # fmt: skip
        remarks.append(Notice(skewed))
    return tuple(remarks)


def _subgroups(values: Sequence[float] | Sequence[Sequence[float]]) -> list[Floats]:
    nested = len(values) > 0 and np.ndim(values[0]) > 0
    groups = [numbers_of(group) for group in values] if nested else list(numbers_of(values).reshape(-1, 1))
    count = sum(len(group) for group in groups)
    finite = all(np.isfinite(group).all() for group in groups)
    if count < 2 or not finite or any(not len(group) for group in groups):
        raise MeasureError(
            expected=gettext_noop("Capability needs at least 2 values, all finite, and no empty subgroup."),
            found=gettext_noop("There are {n} values in {groups} subgroups{infinite}."),
            remedy=gettext_noop("Leave out what was not measured, or wait until there are more."),
            n=count,
            groups=len(groups),
            infinite="" if finite else Phrase(gettext_noop(", NaN or infinity")),
        )
    return groups


def _middle(lower: float | None, upper: float | None) -> float | None:
    return None if lower is None or upper is None else (lower + upper) / 2


def _check_limits(lower: float | None, upper: float | None, target: float | None) -> None:
    low, high = -np.inf if lower is None else lower, np.inf if upper is None else upper
    some = lower is not None or upper is not None
    finite = all(bound is None or np.isfinite(bound) for bound in (lower, upper))
    if some and finite and low < high and (target is None or low <= target <= high):
        return
    raise MeasureError(
        expected=gettext_noop("There is a lower or an upper specification limit, the lower below the upper, and the"
                              " target between them."),
        found=gettext_noop("Lower: {lower}, upper: {upper}, target: {target}."),
        remedy=gettext_noop("Give the limits that the customer agreed to, not those of the control chart."),
        lower="—" if lower is None else lower,
        upper="—" if upper is None else upper,
        target="—" if target is None else target,
    )  # fmt: skip


def _on_scale(groups: list[Floats], limits: _Limits, transform: Transform) -> tuple[list[Floats], _Limits]:
    """Values and limits on the scale on which the indices are computed."""
    if transform == "none":
        return groups, limits
    bounds = [bound for bound in (limits.lower, limits.upper, limits.target) if bound is not None]
    smallest = min([float(group.min()) for group in groups] + bounds)
    if transform != "log" or smallest <= 0:
        raise MeasureError(
            expected=gettext_noop("The transform is none or log; for log all values, limits and the target are above"
                                  " 0."),
            found=gettext_noop("The transform is {transform}, the smallest figure {smallest}."),
            remedy=gettext_noop("Leave the transform out, or give no limit where 0 is the natural one."),
            transform=transform,
            smallest=smallest,
        )  # fmt: skip
    logs = [None if bound is None else float(np.log(bound)) for bound in (limits.lower, limits.upper, limits.target)]
    return [np.log(group) for group in groups], _Limits(*logs)


def _check_spread(within: float, overall: float) -> None:
    if within > 0 and overall > 0:
        return
    raise MeasureError(
        expected=gettext_noop("Values vary, within subgroups too."),
        found=gettext_noop("The standard deviation within subgroups is {within}, of all values {overall}."),
        remedy=gettext_noop("Measure with a finer resolution, or take subgroups of values that can differ."),
        within=within,
        overall=overall,
    )
