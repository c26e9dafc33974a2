"""How soon planted shifts are seen, and how often steady links are alarmed, in an organisation with a known truth.

    python -m benchmarks.planted_shifts [--links 1000] [--daily 20]

A simulated organisation of 1,000 links works for 400 weeks, from which the limits of its charts come, and another 104
weeks in which nothing changes; then each link but a quarter of them has a shift of 1, 2 or 3 standard deviations of its
weekly median wait, for 96 weeks. Charts are those of the application: individuals of the weekly median.

- Delay: weeks up to and with the first alarm after the shift (at most 96), against the average run length of theory
  (``run_lengths``, counted up to 96 as well) for the rule of the limits, CUSUM and EWMA, and for the rules of Western
  Electric, which have no formula, against the same rules on ideal normal series.
- False alarms: share of the 104 steady weeks that are alarmed, with a 95 % interval over links, against ideal normal
  series that get their limits in the same way, and against theory, which knows the limits.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from baton_analysis.measures.control_charts.many import individuals_charts
from baton_analysis.measures.run_lengths import cusum_run_length, ewma_run_length, shewhart_run_length
from baton_analysis.signals.chart_rules import NELSON, WESTERN_ELECTRIC, find_flags
from baton_analysis.simulation import PlantedFault, organisation, weekly_waits

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BASELINE, STEADY, AFTER = 400, 104, 96
SHIFTS = (0, 1, 2, 3)
FIRST = date(2010, 1, 4)
IDEAL = 20_000
WEIGHT, WIDTH, REFERENCE, DECISION = 0.2, 2.86, 0.5, 4.77
Z = 1.959964


def weekly_values(links: int, daily: float, seed: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Weekly medians of all links, and the shift in sigma that each has at the end."""
    what = organisation(parties=max(20, links // 6), links=links, seed=seed, daily=daily)
    start = FIRST + timedelta(weeks=BASELINE + STEADY)
    sizes = np.arange(links) % len(SHIFTS)
    faults = [
        PlantedFault(link.pair, "shift", start, size=float(size))
        for link, size in zip(what.links, sizes, strict=True)
        if size
    ]
    weeks = BASELINE + STEADY + AFTER
    found = weekly_waits(what, seed=seed, first=FIRST, weeks=weeks, faults=faults)
    return np.array([found[link.pair] for link in what.links]), sizes


def ideal_values(size: float, chance: np.random.Generator, series: int) -> Floats:
    """Independent normal series with the same shift at the same week."""
    values = chance.standard_normal((series, BASELINE + STEADY + AFTER))
    values[:, BASELINE + STEADY :] += size
    return values


def limits_rule(values: Floats) -> Flags:
    return find_flags(individuals_charts(values, baseline=BASELINE), NELSON).flags["N1"]


def western_electric(values: Floats) -> Flags:
    return find_flags(individuals_charts(values, baseline=BASELINE), WESTERN_ELECTRIC).any


def standardised(values: Floats) -> Floats:
    return individuals_charts(values, baseline=BASELINE).standardised


def cusum(values: Floats) -> Flags:
    """Two one-sided CUSUMs, begun anew where the steady weeks and where the shifted weeks begin."""
    distance = standardised(values)
    flags = np.zeros(distance.shape, dtype=np.bool_)
    high = low = np.zeros(len(distance))
    for week in range(BASELINE, distance.shape[1]):
        if week in {BASELINE, BASELINE + STEADY}:
            high = low = np.zeros(len(distance))
        high = np.maximum(0, high + distance[:, week] - REFERENCE)
        low = np.maximum(0, low - distance[:, week] - REFERENCE)
        flags[:, week] = (high > DECISION) | (low > DECISION)
    return flags


def ewma(values: Floats) -> Flags:
    """A EWMA with its limits as after many points, begun anew as the CUSUMs are."""
    distance = standardised(values)
    flags = np.zeros(distance.shape, dtype=np.bool_)
    limit = WIDTH * np.sqrt(WEIGHT / (2 - WEIGHT))
    level = np.zeros(len(distance))
    for week in range(BASELINE, distance.shape[1]):
        if week in {BASELINE, BASELINE + STEADY}:
            level = np.zeros(len(distance))
        level = (1 - WEIGHT) * level + WEIGHT * distance[:, week]
        flags[:, week] = np.abs(level) > limit
    return flags


CHARTS: dict[str, tuple[Callable[[Floats], Flags], Callable[[float], float] | None]] = {
    "limits (3 sigma)": (limits_rule, lambda shift: shewhart_run_length(shift).average),
    "EWMA .2, 2.86": (ewma, lambda shift: ewma_run_length(shift, weight=WEIGHT, width=WIDTH).average),
    "CUSUM .5, 4.77": (cusum, lambda shift: cusum_run_length(shift, reference=REFERENCE, decision=DECISION).average),
    "Western Electric": (western_electric, None),
}
"""By name: where a chart alarms, and its average run length in theory, if there is one."""


def delays(flags: Flags) -> Floats:
    """Weeks up to and with the first alarm of each series after its shift, at most AFTER."""
    after = flags[:, BASELINE + STEADY :]
    return np.where(after.any(axis=1), after.argmax(axis=1) + 1, AFTER).astype(np.float64)


def up_to(average: float) -> float:
    """Mean of a geometric run of that average, where runs are counted up to AFTER."""
    return average * (1 - (1 - 1 / average) ** AFTER)


def interval(values: Floats) -> str:
    """Mean of one value a link, with its 95 % interval."""
    half = Z * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():7.2f} ({values.mean() - half:6.2f} .. {values.mean() + half:6.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=1_000)
    parser.add_argument("--daily", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    began = time.perf_counter()
    values, sizes = weekly_values(options.links, options.daily, options.seed)
    spent = time.perf_counter() - began
    print(f"{options.links:,} links x {values.shape[1]} weeks simulated in {spent:.0f} s, {sys.platform}")
    chance = np.random.default_rng(options.seed)
    ideal = {size: ideal_values(size, chance, IDEAL) for size in SHIFTS}
    for name, (flags_of, length_of) in CHARTS.items():
        report(name, flags_of(values), sizes, {size: flags_of(series) for size, series in ideal.items()}, length_of)


def report(
    name: str,
    flags: Flags,
    sizes: npt.NDArray[np.int64],
    ideal: dict[int, Flags],
    length_of: Callable[[float], float] | None,
) -> None:
    """Delays of each size, those of 3 sigma within four weeks, and false alarms in the steady weeks."""
    for size in SHIFTS[1:]:
        found = delays(flags[sizes == size])
        theory = "" if length_of is None else f"theory {up_to(length_of(size)):6.2f}, "
        print(
            f"{name:17} {size} sigma  weeks {interval(found)}  {theory}ideal series {delays(ideal[size]).mean():6.2f}"
        )
    seen = delays(flags[sizes == SHIFTS[-1]]) <= 4
    expected = (delays(ideal[SHIFTS[-1]]) <= 4).mean()
    print(f"{name:17} 3 sigma within four weeks: {seen.sum()} of {len(seen)}, ideal series {100 * expected:.2f} %")
    steady = slice(BASELINE, BASELINE + STEADY)
    percent = 100 * flags[:, steady].mean(axis=1)
    print(f"{name:17} steady links, % of weeks alarmed {interval(percent)}  ideal series "
          f"{100 * ideal[0][:, steady].mean():5.2f}")  # fmt: skip
    if name == "limits (3 sigma)":
        print(f"{name:17} theory, limits known: {100 * shewhart_run_length().alarms_per_point:.2f} %")


if __name__ == "__main__":
    main()
