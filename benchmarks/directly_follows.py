"""Directly-follows graph: Baton against PM4Py on the same million events, alternated in one run.

    python -m benchmarks.directly_follows [--events 1000000] [--activities 200] [--rounds 7]

As in benchmarks/handover.py the peer has an environment and a process of its own. Timed is what each side does from a
table in memory to its result:

- the peer: ``pm4py.discover_dfg`` on a formatted pandas table (formatting not counted): counts, starts, ends;
- the peer with durations: ``pm4py.discover_performance_dfg`` besides;
- Baton, counts: checks and coding of the raw table, then how often each activity follows each other;
- Baton, whole output: the same, and besides median and mean durations, shares, starts and ends.

Counts are compared pair by pair, medians to 1e-9.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from pathlib import Path

from benchmarks.handover import pm4py
from benchmarks.peers import timed

PEER_SCRIPT = r"""
import json, sys, time
import pandas as pd
import pm4py

frame = pm4py.format_dataframe(
    pd.read_parquet(sys.argv[1]), case_id="case", activity_key="team", timestamp_key="time"
)
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    start = time.perf_counter()
    graph, starts, ends = pm4py.discover_dfg(frame)
    counted = time.perf_counter()
    timed, _, _ = pm4py.discover_performance_dfg(frame)
    answer = {"seconds": [counted - start, time.perf_counter() - start]}
    if line.strip() == "counts":
        answer["steps"] = [[a, b, int(n), float(timed[a, b]["median"])] for (a, b), n in graph.items()]
    sys.stdout.write("answer " + json.dumps(answer) + "\n")
    sys.stdout.flush()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--activities", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", default="polars")
    options = parser.parse_args()

    from baton_analysis.facts.events import event_facts
    from baton_analysis.measures.directly_follows import (
        activity_mapping,
        directly_follows,
        directly_follows_counts,
    )
    from baton_analysis.simulation.synthetic import synthetic_events

    log = synthetic_events(options.events, options.activities, seed=2026)
    mapping = activity_mapping("case", "team", "time")

    def counts() -> object:
        return directly_follows_counts(event_facts(log, mapping), engine=options.engine)

    def whole() -> object:
        return directly_follows(event_facts(log, mapping), engine=options.engine)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        log.write_parquet(path)
        peer = pm4py(path, PEER_SCRIPT)
    theirs = {(a, b): (count, median) for a, b, count, median in peer.ask("counts")["steps"]}
    ours = {
        (step.before, step.after): (step.count, step.median_seconds)
        for step in directly_follows(event_facts(log, mapping), engine=options.engine).steps
    }
    same = theirs.keys() == ours.keys() and all(
        ours[pair][0] == count and math.isclose(ours[pair][1] or 0.0, median, rel_tol=1e-9, abs_tol=1e-9)
        for pair, (count, median) in theirs.items()
    )
    if not same:
        raise SystemExit("The graph differs from the peer's.")
    seconds: dict[str, list[float]] = {"peer": [], "peer, durations": [], "counts": [], "whole output": []}
    for _ in range(options.rounds):
        answer = peer.ask("time")["seconds"]
        seconds["peer"].append(answer[0])
        seconds["peer, durations"].append(answer[1])
        seconds["counts"].append(timed(counts)[0])
        seconds["whole output"].append(timed(whole)[0])
    peer.close()
    print(f"{options.events:,} events, {options.rounds} alternated rounds; {len(ours):,} pairs: the same as the peer's")
    for name, against in (("peer", "peer"), ("counts", "peer"), ("whole output", "peer, durations")):
        ratio = statistics.median(a / b for a, b in zip(seconds[against], seconds[name], strict=True))
        spread = f"({min(seconds[name]):.3f} .. {max(seconds[name]):.3f})"
        print(f"{name:15s} median {statistics.median(seconds[name]):6.3f} s  {spread:18s} {ratio:5.1f} x {against}")
    print(f"peer, durations median {statistics.median(seconds['peer, durations']):6.3f} s")


if __name__ == "__main__":
    main()
