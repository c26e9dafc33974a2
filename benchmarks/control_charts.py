"""Control charts of 2,000 links at once: Baton against R's qcc and PyPI's shewhart, alternated in one run.

    python -m benchmarks.control_charts [--links 2000] [--points 500] [--rounds 3] [--qcc FILE]

Timed is what each side does from a table in memory to its results; ``control_chart_peers.py`` says how peers are got.

- I-MR: Baton: limits, sigma and all eight Nelson rules at every point, moving ranges with theirs. qcc: both charts, its
  limits and runs (it has no other rules). shewhart: ``imr`` with all eight rules.
- X-bar-S (subgroups of five), p and u (sizes differ from point to point): Baton: limits, sigma and n of each point,
  all eight rules; the S chart with its limits. qcc: its limits and runs.
- "Baton, two" is Baton with only the two rules that qcc has.

Before any ratio is told, results are compared. Limits with the peers' (qcc rounds d2 to 1.128). Flags point by point:
each of the eight rules with a plain reference on every point of every link, limits and runs of nine with qcc's on qcc's
own limits, and rules 1 to 4 and 7 with shewhart's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from baton_analysis.measures.control_charts.many import (
    ManyCharts,
    individuals_charts,
    p_charts,
    u_charts,
    xbar_s_charts,
)
from baton_analysis.signals.chart_rules import NELSON, RuleFlags, RuleSet, find_flags
from benchmarks.control_chart_peers import SHEWHART, SHEWHART_SCRIPT, ChartingPeer, qcc_command
from benchmarks.nelson_reference import nelson_points
from benchmarks.peers import compared, environment_of, timed

Floats = npt.NDArray[np.float64]
Work = dict[str, Callable[[], tuple[ManyCharts, RuleFlags]]]

TWO_RULES = RuleSet("limits and runs of nine", NELSON.rules[:2])

# Points of a pattern before the one that completes it, where shewhart names whole runs.
BEFORE = {"nelson_1": 0, "nelson_2": 8, "nelson_3": 5, "nelson_4": 13, "nelson_7": 14}
CHARTS = ("I-MR", "Xbar-S", "p", "u")
SUBGROUP = 5


@dataclass(frozen=True)
class Data:
    """What is charted: (links, points), subgroups (links, points, 5), counts of sizes."""

    single: Floats
    groups: Floats
    counts: Floats
    sizes: Floats

    def write(self, folder: Path) -> None:
        """As doubles, link by link."""
        for name in ("single", "groups", "counts", "sizes"):
            getattr(self, name).tofile(folder / name)


def data_of(links: int, points: int) -> Data:
    """Steady links of different levels and spreads; every tenth moves by a sigma in the middle."""
    chance = np.random.default_rng(2026)
    level = chance.uniform(10, 100, (links, 1))
    spread = level * chance.uniform(0.05, 0.3, (links, 1))
    moved = np.zeros((links, points))
    moved[::10, points // 2 :] = 1
    sizes = chance.integers(40, 200, (links, points)).astype(np.float64)
    share = chance.uniform(0.03, 0.2, (links, 1))
    return Data(
        single=level + spread * (chance.standard_normal((links, points)) + moved),
        groups=level[:, :, None] + spread[:, :, None] * chance.standard_normal((links, points, SUBGROUP)),
        counts=chance.binomial(sizes.astype(np.int64), share * (1 + 0.3 * moved)).astype(np.float64),
        sizes=sizes,
    )


def own(data: Data, rules: RuleSet = NELSON) -> Work:
    """What Baton does for each kind of chart."""

    def judged(charts: ManyCharts) -> tuple[ManyCharts, RuleFlags]:
        if charts.companion is not None:
            find_flags(charts.companion, rules)
        return charts, find_flags(charts, rules)

    return {
        "I-MR": lambda: judged(individuals_charts(data.single)),
        "Xbar-S": lambda: judged(xbar_s_charts(data.groups)),
        "p": lambda: judged(p_charts(data.counts, data.sizes)),
        "u": lambda: judged(u_charts(data.counts, data.sizes)),
    }


def demand(same: bool, what: str) -> None:
    if not same:
        raise SystemExit(f"The results differ: {what}.")


def reconcile_with_qcc(name: str, peer: ChartingPeer, charts: ManyCharts) -> int:
    """Limits as qcc's; on qcc's limits the same points beyond them and the same runs of nine. How many flags."""
    links, points = charts.values.shape
    theirs = np.fromfile(peer.folder / "answer").reshape(links, 5, points)
    centre, lcl, ucl = theirs[:, 0], theirs[:, 1], theirs[:, 2]
    within = 3e-4 if name == "I-MR" else 1e-9
    width = charts.ucl - charts.lcl
    for what, ours, other in (("centre", charts.centre, centre), ("lcl", charts.lcl, lcl), ("ucl", charts.ucl, ucl)):
        demand(bool((np.abs(ours - other) <= within * width).all()), f"{name}, {what}")
    sigma = charts.sigma if name in {"p", "u"} else (ucl - centre) / 3
    judged = find_flags(ManyCharts.of_limits(charts.values, centre, sigma), NELSON)
    for rule, found in (("N1", theirs[:, 3]), ("N2", theirs[:, 4])):
        demand(np.array_equal(judged.flags[rule], found > 0), f"{name}, {rule} and qcc")
    return int(theirs[:, 3:].sum())


def reconcile_with_shewhart(peer: ChartingPeer, charts: ManyCharts, flags: RuleFlags) -> int:
    """Limits and, of the rules whose runs it names whole, the points that complete them. How many flags."""
    signals = peer.ask("signals")["signals"]
    stats = np.fromfile(peer.folder / "answer").reshape(len(charts), 3)
    ours = np.column_stack([array[:, 0] for array in (charts.centre, charts.lcl, charts.ucl)])
    demand(np.allclose(stats, ours, rtol=1e-9), "limits and shewhart's")
    found = {rule: np.zeros(charts.values.shape, dtype=np.bool_) for rule in BEFORE}
    for link, of_link in enumerate(signals):
        for rule, points in of_link:
            if rule in BEFORE:
                found[rule][link, points[BEFORE[rule] :]] = True
    for rule, theirs in found.items():
        demand(np.array_equal(theirs, flags.flags[f"N{rule[-1]}"]), f"{rule} and shewhart")
    return sum(int(theirs.sum()) for theirs in found.values())


def reconcile_with_reference(name: str, charts: ManyCharts, flags: RuleFlags) -> int:
    """Every rule at every point of every link as the plain reference finds it. How many flags."""
    total = 0
    for link, distance in enumerate(flags.distance):
        for rule, points in nelson_points(distance.tolist(), charts.values[link].tolist()).items():
            demand(points == np.flatnonzero(flags.flags[rule][link]).tolist(), f"{name}, link {link}, {rule}")
            total += len(points)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--links", type=int, default=2_000)
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--qcc", type=Path, help="R source of qcc, where CRAN cannot be reached")
    options = parser.parse_args()
    data = data_of(options.links, options.points)
    sides = {"Baton": own(data), "Baton, two": own(data, TWO_RULES)}
    with tempfile.TemporaryDirectory() as qcc_folder, tempfile.TemporaryDirectory() as shewhart_folder:
        for folder in (qcc_folder, shewhart_folder):
            data.write(Path(folder))
        qcc = ChartingPeer(qcc_command(options.qcc), Path(qcc_folder), options.links, options.points)
        command = [str(environment_of(SHEWHART)), "-c", SHEWHART_SCRIPT, "{folder}", "{links}", "{points}"]
        shewhart = ChartingPeer(command, Path(shewhart_folder), options.links, options.points)
        reconcile(sides["Baton"], shewhart)
        seconds = measure(sides, qcc, shewhart, options.rounds)
        qcc.close()
        shewhart.close()
    print(f"{options.links:,} links x {options.points} points, {options.rounds} alternated rounds, {sys.platform}")
    report(seconds)


def reconcile(work: Work, shewhart: ChartingPeer) -> None:
    """Compare flags with the plain reference and with shewhart's, or exit."""
    for name in CHARTS:
        charts, flags = work[name]()
        found = reconcile_with_reference(name, charts, flags)
        print(f"{name:7} {found:,} flags of eight rules as the reference finds them")
        if name == "I-MR":
            print(f"{name:7} {reconcile_with_shewhart(shewhart, charts, flags):,} of them as shewhart finds them")


def measure(
    sides: dict[str, Work], qcc: ChartingPeer, shewhart: ChartingPeer, rounds: int
) -> dict[tuple[str, str], list[list[float]]]:
    """Seconds by the clock and of the processor, by chart and side, alternated; qcc's results are compared once."""
    seconds: dict[tuple[str, str], list[list[float]]] = {}
    for number in range(rounds):
        for name in CHARTS:
            peers = [("qcc", qcc, name)] + ([("shewhart", shewhart, "time")] if name == "I-MR" else [])
            for side, peer, job in peers:
                answer = peer.ask(job)
                seconds.setdefault((name, side), []).append([answer["seconds"], answer["cpu"]])
                # Fast runs are repeated so that each stands for about as much as one of the peer's.
                for own_side, work in sides.items():
                    seconds.setdefault((name, own_side), []).extend(timed(work[name]) for _ in range(5))
            if not number:
                flags = reconcile_with_qcc(name, qcc, sides["Baton"][name]()[0])
                print(f"{name:7} limits as qcc's, and {flags:,} points beyond them or in runs of nine")
    return seconds


def report(seconds: dict[tuple[str, str], list[list[float]]]) -> None:
    """Medians and spread by the clock and of the processor, and the ratio of the medians."""
    for (name, side), runs in sorted(seconds.items()):
        for what, median, least, most, ratio in compared(runs, seconds[name, "Baton"]):
            spread = f"({least:.3f} .. {most:.3f})"
            print(f"{name:7} {side:10} {what:9} {median:8.3f} s {spread:20} ratio {ratio:6.1f}")


if __name__ == "__main__":
    main()
