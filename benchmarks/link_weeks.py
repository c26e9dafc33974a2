"""Statistics of link-weeks over ten million handoffs: Baton against a query written by hand for the same engine.

    python benchmarks/link_weeks.py [--rows 10000000] [--large 50000000] [--rounds 5] [--small]

Generated handoffs of 2,000 links over two years lie in Parquet files, one a month. Timed in one run, alternated:

- by hand: one query in Polars, and one in DuckDB's SQL (both quantiles in one call, the fastest form);
- Baton: ``link_weeks_of_files`` on the same engine, with order, shares and Wilson's intervals.

Further: a new week that arrives (a file more; ``refreshed_link_weeks`` against the whole, storing included), the peak
memory (Linux) of each in a process of its own, that of the large table, and the bound: the engine reads and counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

LINKS = 2_000
MONTHS = 24
FIRST_MONTH = np.datetime64("2024-01")
ENGINES = ("polars", "duckdb")

SQL = """
select subject, week, count(*) as handoffs, count(late) as judged, count(*) filter (late) as late,
    count(net_seconds) as known, quantile_cont(net_seconds, [0.5, 0.9]) as quantiles, avg(net_seconds) as mean_seconds,
    count(*) filter (returned) as returns
from read_parquet('{files}') group by subject, week
"""


def write_facts(folder: Path, rows: int, months: int = MONTHS) -> None:
    """Handoff facts of ``rows`` rows, a file a month; 1 % are open, 3 % came back, a tenth is late."""
    chance = np.random.default_rng(2026)
    names = pl.Series([f"P-{n // 50:04d}-supplier>P-{n % 50:04d}-customer" for n in range(LINKS)])
    share = np.arange(1, LINKS + 1, dtype=np.float64) ** -0.5
    for month in range(months):
        count = rows // months
        first, after = ((FIRST_MONTH + month + step).astype("datetime64[D]").astype(int) for step in (0, 1))
        day = np.sort(chance.integers(first, after, count)).astype(np.int32)
        write_month(folder / f"month={FIRST_MONTH + month}.parquet", chance, names, share / share.sum(), day)


def write_month(path: Path, chance: np.random.Generator, names: pl.Series, share: Any, day: Any) -> None:
    """One file with a handoff for each of the days."""
    count = len(day)
    is_open = chance.random(count) < 0.01
    seconds = chance.lognormal(9.0, 1.0, count)
    frame = pl.DataFrame(
        {
            "subject": names.gather(chance.choice(LINKS, count, p=share)),
            "case": np.arange(count, dtype=np.int64),
            "at": pl.Series(day.astype(np.int64) * 86_400_000_000).cast(pl.Datetime("us", "UTC")),
            "day": day,
            "week": ((day + 3) // 7 * 7 - 3).astype(np.int32),
            "net_seconds": pl.Series(np.where(is_open, np.nan, seconds)).fill_nan(None),
            "target_seconds": np.full(count, 29_000.0),
            "open": is_open,
            "returned": chance.random(count) < 0.03,
        }
    )
    frame.with_columns(late=pl.col("net_seconds") > pl.col("target_seconds")).write_parquet(path)


def write_a_week(folder: Path, rows: int) -> None:
    """The facts of the week after the last, as a file of their own."""
    chance = np.random.default_rng(2027)
    names = pl.Series([f"P-{n // 50:04d}-supplier>P-{n % 50:04d}-customer" for n in range(LINKS)])
    first = int((FIRST_MONTH + MONTHS).astype("datetime64[D]").astype(int))
    day = np.sort(chance.integers(first, first + 4, rows)).astype(np.int32)
    share = np.full(LINKS, 1 / LINKS)
    write_month(folder / "new-week.parquet", chance, names, share, day)


def by_hand_polars(folder: Path) -> pl.DataFrame:
    seconds = pl.col("net_seconds")
    return (
        pl.scan_parquet(folder / "*.parquet")
        .group_by("subject", "week")
        .agg(
            handoffs=pl.len(),
            judged=pl.col("late").count(),
            late=pl.col("late").sum(),
            known=seconds.count(),
            median_seconds=seconds.median(),
            p90_seconds=seconds.quantile(0.9, "linear"),
            mean_seconds=seconds.mean(),
            returns=pl.col("returned").sum(),
        )
        .collect(engine="streaming")
    )


def by_hand_duckdb(folder: Path) -> pl.DataFrame:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.sql(SQL.format(files=folder / "*.parquet")).pl()
    quantiles = pl.col("quantiles")
    return found.with_columns(median_seconds=quantiles.list.get(0), p90_seconds=quantiles.list.get(1)).drop("quantiles")


def scan_only(engine: str, folder: Path) -> object:
    """The bound: the columns read and added up, nothing grouped by quantile."""
    if engine == "duckdb":
        import duckdb

        with duckdb.connect() as connection:
            text = (
                f"select week, sum(net_seconds), count(subject), count(late), count(returned) from '{folder}/*.parquet'"
            )
            return connection.sql(f"{text} group by week").pl()
    rows = pl.scan_parquet(folder / "*.parquet")
    return (
        rows.group_by("week")
        .agg(pl.col("net_seconds").sum(), pl.col("subject", "late", "returned").count())
        .collect(engine="streaming")
    )


def by_hand(engine: str, folder: Path) -> pl.DataFrame:
    return by_hand_polars(folder) if engine == "polars" else by_hand_duckdb(folder)


def by_baton(engine: str, folder: Path) -> pl.DataFrame:
    from baton_analysis.measures.link_weeks import link_weeks_of_files

    return link_weeks_of_files(folder, engine=engine).frame


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds by the clock, and of processor time on all cores."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return [time.perf_counter() - start, time.process_time() - cpu]


def reconcile(engine: str, folder: Path) -> int:
    """Compare every figure of both; how many link-weeks agree to 1e-9, or exit."""
    ours, theirs = by_baton(engine, folder), by_hand(engine, folder).sort("subject", "week")
    for name in ("handoffs", "judged", "late", "known", "median_seconds", "p90_seconds", "mean_seconds", "returns"):
        one, other = (frame[name].cast(pl.Float64).to_numpy() for frame in (ours, theirs))
        if not np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True):
            raise SystemExit(f"{engine}: {name} differs from the query by hand.")
    return ours.height


def peak_memory(what: str, engine: str, folder: Path) -> float:
    """GiB that a process of its own takes at most for one run."""
    command = [sys.executable, __file__, "--alone", what, "--engine", engine, "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(json.loads(answer)["gib"])


def alone(what: str, engine: str, folder: Path) -> None:
    """One run in this process; prints its peak memory."""
    (by_baton if what == "baton" else by_hand)(engine, folder)
    # ru_maxrss would begin with that of the process which started this one; the kernel's own mark does not.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(json.dumps({"gib": int(status.split("VmHWM:")[1].split()[0]) / 1024**2}))


def measure(engine: str, folder: Path, rounds: int) -> None:
    """Both sides alternated, the bound, and peak memory."""
    weeks = reconcile(engine, folder)
    seconds: dict[str, list[list[float]]] = {"by hand": [], "Baton": [], "scan only": []}
    for _ in range(rounds):
        seconds["by hand"].append(timed(lambda: by_hand(engine, folder)))
        seconds["Baton"].append(timed(lambda: by_baton(engine, folder)))
        seconds["scan only"].append(timed(lambda: scan_only(engine, folder)))
    print(f"{engine}: {weeks:,} link-weeks, the same to 1e-9")
    for name, runs in seconds.items():
        said = []
        for what, column in (("clock", 0), ("processor", 1)):
            each = [run[column] / hand[column] for run, hand in zip(runs, seconds["by hand"], strict=True)]
            said.append(f"{what} {statistics.median(run[column] for run in runs):6.2f} s")
            said.append(f"ratio {statistics.median(each):5.2f}")
        print(f"  {name:10s} {'  '.join(said)}")
    for what in ("hand", "baton"):
        print(f"  peak memory {what:6s} {peak_memory(what, engine, folder):5.2f} GiB")


def measure_new_week(engine: str, folder: Path, rows: int, rounds: int) -> None:
    """A file more, of one week: what it costs beside the whole."""
    from baton_analysis.measures.link_weeks import refreshed_link_weeks

    store = folder.parent / f"{engine}-link-weeks.parquet"
    whole, new = [], []
    for _ in range(rounds):
        store.unlink(missing_ok=True)
        whole.append(timed(lambda: refreshed_link_weeks(folder, store, engine=engine))[0])
        write_a_week(folder, rows)
        new.append(timed(lambda: refreshed_link_weeks(folder, store, engine=engine))[0])
        (folder / "new-week.parquet").unlink()
    one, all_weeks = statistics.median(new), statistics.median(whole)
    print(f"  a new week {one:.3f} s, the whole {all_weeks:.2f} s, with storing: {one / all_weeks:.1%}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--large", type=int, default=50_000_000, help="rows of the large table; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="200,000 rows, no large table, two rounds")
    parser.add_argument("--engine", choices=ENGINES, default="polars", help=argparse.SUPPRESS)
    parser.add_argument("--alone", choices=("hand", "baton"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone, options.engine, options.folder)
        return
    if options.small:
        options.rows, options.large, options.rounds = 200_000, 0, 2
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "facts"
        folder.mkdir()
        write_facts(folder, options.rows)
        print(f"{options.rows:,} handoffs, {LINKS:,} links, {MONTHS} months, {options.rounds} alternated rounds")
        for engine in ENGINES:
            measure(engine, folder, options.rounds)
            measure_new_week(engine, folder, options.rows // 104, options.rounds)
        if options.large:
            large = Path(place) / "large"
            large.mkdir()
            write_facts(large, options.large)
            for engine in ENGINES:
                seconds = timed(lambda name=engine: by_baton(name, large))[0]  # type: ignore[misc]
                print(
                    f"{options.large:,} rows, {engine}: {seconds:.1f} s, {peak_memory('baton', engine, large):.2f} GiB"
                )


if __name__ == "__main__":
    main()
