"""Key drivers: LMG of Baton against R's relaimpo and PyPI's pingouin, alternated in one run.

    python -m benchmarks.drivers [--answers 100000] [--rounds 7] [--r-library FOLDER]

Timed is what each side does from a table in memory to LMG and what else its function always gives, without bootstrap:

- relaimpo, 12 drivers: ``calc.relimp(outcome ~ ., data, type = "lmg")``. It is taken from the library of R, or from a
  folder into which it is installed from CRAN once; ``--r-library`` names one that has it. Without R, or where CRAN
  cannot be reached, it is left out with a notice.
- pingouin, 10 drivers (the peer fits each of the 2^p subsets): ``linear_regression(..., relimp=True)``, in an
  environment of its own from the Python package index.
- Baton: ``key_drivers(..., draws=0)`` on the same columns: LMG, and besides first, last, Pratt's and Johnson's shares.

Before any ratio is told, LMG of every driver is compared with the peer's. Neither peer is part of Baton.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from baton_analysis.measures.drivers import KeyDrivers, key_drivers
from benchmarks.peers import Peer, cache, environment_of, tell, timed

PINGOUIN = "pingouin==0.7.0"
DRIVERS = {"relaimpo": 12, "pingouin": 10}

# The table stands in the file as doubles, column by column: the drivers, then the outcome.
R_SCRIPT = r"""
args <- commandArgs(TRUE); answers <- as.integer(args[2]); drivers <- as.integer(args[3])
if (nzchar(args[4])) .libPaths(c(args[4], .libPaths()))
suppressPackageStartupMessages(library(relaimpo))
table <- as.data.frame(matrix(readBin(args[1], "double", answers * (drivers + 1)), nrow = answers))
names(table) <- c(paste0("d", seq_len(drivers) - 1), "outcome")
write("ready", stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  start <- proc.time()
  found <- calc.relimp(outcome ~ ., data = table, type = "lmg", rela = FALSE)
  spent <- proc.time() - start
  shares <- paste(sprintf("%.15g", found@lmg), collapse = ", ")
  cpu <- spent[["user.self"]] + spent[["sys.self"]]
  write(sprintf("answer {\"seconds\": [%.4f, %.4f], \"lmg\": [%s]}", spent[["elapsed"]], cpu, shares), stdout())
}
"""

PINGOUIN_SCRIPT = r"""
import json, sys, time
import numpy as np
import pandas as pd
import pingouin

answers, drivers = int(sys.argv[2]), int(sys.argv[3])
values = np.fromfile(sys.argv[1]).reshape(drivers + 1, answers)
table = pd.DataFrame({f"d{number}": column for number, column in enumerate(values[:-1])})
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    found = pingouin.linear_regression(table, values[-1], relimp=True)
    answer = {"seconds": [time.perf_counter() - start, time.process_time() - cpu]}
    answer["lmg"] = found["relimp"].dropna().tolist()
    sys.stdout.write("answer " + json.dumps(answer) + "\n")
    sys.stdout.flush()
"""


def ratings(answers: int, drivers: int) -> npt.NDArray[np.float64]:
    """Ratings from 1 to 7 that go together, as those of one person do, and an outcome: a row each, the outcome last."""
    chance = np.random.default_rng(2026)
    mood = chance.standard_normal(answers)
    parts = 0.6 * mood + 0.8 * chance.standard_normal((drivers, answers))
    outcome = np.linspace(0.1, 1.0, drivers) @ parts / drivers + 0.5 * mood + 0.7 * chance.standard_normal(answers)
    return np.clip(np.round(4 + 1.2 * np.vstack([parts, outcome])), 1, 7)


def relaimpo_library(rscript: str, given: Path | None) -> str | None:
    """The folder of the R library that holds relaimpo, empty where R has it itself; None where it cannot be had."""
    folder = given or cache() / "r-library"
    if _loads(rscript, ""):
        return ""
    if given is None and not _loads(rscript, str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Installing relaimpo in {folder} ...", flush=True)
        install = f"install.packages('relaimpo', lib='{folder}', repos='https://cloud.r-project.org')"
        subprocess.run([rscript, "-e", install], check=False, capture_output=True)
    return str(folder) if _loads(rscript, str(folder)) else None


def _loads(rscript: str, folder: str) -> bool:
    place = f".libPaths(c('{folder}', .libPaths())); " if folder else ""
    return (
        subprocess.run([rscript, "-e", f"{place}library(relaimpo)"], check=False, capture_output=True).returncode == 0
    )


def command_of(peer: str, r_library: Path | None) -> list[str] | None:
    """What starts a peer; None, with a notice, where it cannot be had."""
    if peer == "pingouin":
        return [str(environment_of(PINGOUIN)), "-c", PINGOUIN_SCRIPT]
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("relaimpo is left out: R is not installed (on Debian: apt-get install r-base-core).")
        return None
    library = relaimpo_library(rscript, r_library)
    if library is None:
        print("relaimpo is left out: it could not be installed from CRAN. Name an R library with --r-library FOLDER.")
        return None
    return [rscript, "--vanilla", "-e", R_SCRIPT, "{table}", "{answers}", "{drivers}", library]


def reconcile(ours: KeyDrivers, theirs: list[float]) -> None:
    """Every driver's LMG as the peer's, or exit."""
    by_name: Mapping[str, float] = dict(ours.frame.select("driver", "lmg").iter_rows())
    apart = max(abs(by_name[f"d{number}"] - share) for number, share in enumerate(theirs))
    if len(theirs) != len(by_name) or apart > 1e-9:
        raise SystemExit(f"The results differ: LMG by up to {apart:.2g}.")
    print(f"LMG of {len(theirs)} drivers: the same as the peer's within {apart:.1g}")


def measure(peer: str, start: list[str], answers: int, rounds: int) -> dict[str, list[list[float]]]:
    """Seconds of both sides, alternated; Baton runs five times a round, as it is the faster."""
    drivers = DRIVERS[peer]
    table = ratings(answers, drivers)
    columns: dict[Any, npt.ArrayLike] = {f"d{number}": column for number, column in enumerate(table[:-1])}

    def work() -> KeyDrivers:
        return key_drivers(table[-1], columns, draws=0)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        table.tofile(path)
        known = {"{table}": str(path), "{answers}": str(answers), "{drivers}": str(drivers)}
        arguments = start if peer == "relaimpo" else [*start, *known]
        other = Peer([known.get(part, part) for part in arguments])
        reconcile(work(), other.ask("lmg")["lmg"])
        seconds: dict[str, list[list[float]]] = {peer: [], "Baton": []}
        for _ in range(rounds):
            seconds[peer].append(other.ask("time")["seconds"])
            seconds["Baton"].extend(timed(work) for _ in range(5))
        other.close()
    return seconds


def report(seconds: Mapping[str, list[list[float]]]) -> None:
    """Medians and spread by the clock and of the processor, and the ratio of the medians."""
    for name, runs in seconds.items():
        tell(f"{name:9}", runs, seconds["Baton"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--r-library", type=Path, help="a library of R in which relaimpo is installed")
    options = parser.parse_args()
    for peer, drivers in DRIVERS.items():
        start = command_of(peer, options.r_library)
        if start is not None:
            print(f"{options.answers:,} answers, {drivers} drivers, {options.rounds} alternated rounds, {sys.platform}")
            report(measure(peer, start, options.answers, options.rounds))


if __name__ == "__main__":
    main()
