"""Cronbach's alpha: Baton against pingouin, alternated in one run.

    python -m benchmarks.reliability [--respondents 1000000] [--groups 2000] [--rounds 7]

Two works: alpha with its interval of one large table of 22 items, and of thousands of groups of 30 respondents with six
items each. Timed is what each side does from a table in memory to its result, by the clock and of the processor:

- pingouin: ``cronbach_alpha(data=table)``, for groups in a loop over ``table.groupby("group")``, in an environment of
  its own from the Python package index.
- Baton: ``cronbach_alpha(table)``, which also gives the standardised alpha and each alpha without an item, and
  ``cronbach_alphas(table, groups)``.

Before any ratio is told, every alpha and interval is compared with the peer's. The peer is no part of Baton.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.measures.surveys import cronbach_alpha, cronbach_alphas
from benchmarks.peers import Peer, environment_of, tell, timed

PINGOUIN = "pingouin==0.7.0"
ITEMS, GROUP_ITEMS, GROUP_SIZE = 22, 6, 30

# Both tables stand in files of doubles, row by row.
PINGOUIN_SCRIPT = r"""
import json, sys, time
import numpy as np
import pandas as pd
import pingouin

def read(path, items):
    values = np.fromfile(path).reshape(-1, items)
    return pd.DataFrame(values, columns=[f"q{number}" for number in range(items)])

table, groups = read(sys.argv[1], int(sys.argv[3])), read(sys.argv[2], int(sys.argv[4]))
names = list(groups.columns)
groups["group"] = np.repeat(np.arange(len(groups) // int(sys.argv[5])), int(sys.argv[5]))

def one():
    return [pingouin.cronbach_alpha(data=table)]

def many():
    return [pingouin.cronbach_alpha(data=group[names]) for _, group in groups.groupby("group")]

sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    work = {"one": one, "many": many}[line.strip()]
    start, cpu = time.perf_counter(), time.process_time()
    found = work()
    spent = [time.perf_counter() - start, time.process_time() - cpu]
    rows = [[float(alpha), float(interval[0]), float(interval[1])] for alpha, interval in found]
    sys.stdout.write("answer " + json.dumps({"seconds": spent, "rows": rows}) + "\n")
    sys.stdout.flush()
"""


def ratings(respondents: int, items: int) -> npt.NDArray[np.float64]:
    """Answers from 1 to 7 that go together, as those of one person do."""
    chance = np.random.default_rng(2026)
    mood = chance.standard_normal((respondents, 1))
    return np.clip(np.round(4 + 1.2 * (0.6 * mood + 0.8 * chance.standard_normal((respondents, items)))), 1, 7)


def frame(values: npt.NDArray[np.float64]) -> pl.DataFrame:
    return pl.DataFrame(values, schema=[f"q{number}" for number in range(values.shape[1])])


def reconcile(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> None:
    """Every alpha as the peer's, and every interval as the three decimals that it gives, or exit."""
    apart = np.abs(ours - theirs).max(axis=0) if ours.shape == theirs.shape else np.full(3, np.inf)
    if apart[0] > 1e-9 or apart[1:].max() > 5.1e-4:
        raise SystemExit(f"The results differ by up to {apart}.")
    print(f"{len(ours):,} alphas: the same as the peer's within {apart[0]:.1g}")


def measure(respondents: int, groups: int, rounds: int) -> None:
    table, grouped = ratings(respondents, ITEMS), ratings(groups * GROUP_SIZE, GROUP_ITEMS)
    large, small = frame(table), frame(grouped)
    codes = np.repeat(np.arange(groups), GROUP_SIZE).tolist()

    def one() -> npt.NDArray[np.float64]:
        found = cronbach_alpha(large)
        return np.array([[found.alpha, *found.interval]])

    def many() -> npt.NDArray[np.float64]:
        return cronbach_alphas(small, codes).frame.select("alpha", "lower", "upper").to_numpy()

    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder) / name) for name in ("table", "groups")]
        table.tofile(paths[0])
        grouped.tofile(paths[1])
        sizes = [str(number) for number in (ITEMS, GROUP_ITEMS, GROUP_SIZE)]
        peer = Peer([str(environment_of(PINGOUIN)), "-c", PINGOUIN_SCRIPT, *paths, *sizes])
        print(f"{respondents:,} x {ITEMS}; {groups:,} groups of {GROUP_SIZE} x {GROUP_ITEMS}")
        print(f"{rounds} alternated rounds, {sys.platform}")
        for name, work in (("one", one), ("many", many)):
            compare(name, work, peer, rounds)
        peer.close()


def compare(name: str, work: Callable[[], npt.NDArray[np.float64]], peer: Peer, rounds: int) -> None:
    """Medians and spread of both sides, alternated; Baton runs three times a round, as it is the faster."""
    reconcile(work(), np.array(peer.ask(name)["rows"]))
    seconds: dict[str, list[list[float]]] = {"pingouin": [], "Baton": []}
    for _ in range(rounds):
        seconds["pingouin"].append(peer.ask(name)["seconds"])
        seconds["Baton"].extend(timed(work) for _ in range(3))
    for side, runs in seconds.items():
        tell(f"{name:5} {side:9}", runs, seconds["Baton"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--respondents", type=int, default=1_000_000)
    parser.add_argument("--groups", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    measure(options.respondents, options.groups, options.rounds)


if __name__ == "__main__":
    main()
