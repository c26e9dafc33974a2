"""Handover of work: Baton against PM4Py on the same million events, alternated in one run.

    python -m benchmarks.handover [--events 1000000] [--parties 200] [--rounds 7]

PM4Py (AGPL) is no part of Baton: the script makes an environment of its own for it in the user's cache folder, from the
Python package index, and talks to it over a pipe. Timed is what each side does from a table in memory to its result:

- the peer: ``pm4py.discover_handover_of_work_network`` on a formatted pandas table (formatting not counted);
- Baton, same output: checks and coding of the raw table, then how often each party hands over to each;
- Baton, whole output: the same, and besides waits (median, p90), first and last day, returns, shares, weekly series.

The peer counts self-handovers and gives shares; its counts without them are compared with Baton's pair by pair.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import Peer, environment_of, timed

PM4PY = "pm4py==2.7.23.11"

PEER_SCRIPT = r"""
import json, sys, time
import pandas as pd
import pm4py

frame = pm4py.format_dataframe(
    pd.read_parquet(sys.argv[1]), case_id="case", activity_key="activity", timestamp_key="time"
)
sys.stdout.write("ready\n")
sys.stdout.flush()
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    network = pm4py.discover_handover_of_work_network(frame, resource_key="team")
    answer = {"seconds": [time.perf_counter() - start, time.process_time() - cpu]}
    if line.strip() == "counts":
        answer["shares"] = [[a, b, float(share)] for (a, b), share in network.connections.items()]
    sys.stdout.write("answer " + json.dumps(answer) + "\n")
    sys.stdout.flush()
"""


def pm4py(log: Path, script: str = PEER_SCRIPT) -> Peer:
    """PM4Py, which has read the log and waits."""
    return Peer([str(environment_of(PM4PY, beside=("pyarrow",))), "-c", script, str(log)])


def reconcile(shares: list[tuple[str, str, float]], edges: dict[tuple[str, str], int], steps: int) -> int:
    """Compare the peer's counts (shares of all steps within cases) with ours; how many pairs agree, or exit."""
    theirs = {(a, b): round(share * steps) for a, b, share in shares if a != b}
    if theirs != edges:
        differing = sum(theirs.get(pair) != edges.get(pair) for pair in theirs.keys() | edges.keys())
        raise SystemExit(f"{differing} pairs differ from the peer's.")
    return len(edges)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--parties", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--engine", default="polars")
    options = parser.parse_args()

    from baton_analysis.facts.events import EventMapping, event_facts
    from baton_analysis.measures.handover_chain import handover_chain, handover_counts
    from baton_analysis.simulation.synthetic import synthetic_events

    log = synthetic_events(options.events, options.parties, seed=2026)
    mapping = EventMapping(case="case", party="team", time="time")

    def same_output() -> object:
        return handover_counts(event_facts(log, mapping), engine=options.engine)

    def whole_output() -> object:
        return handover_chain(event_facts(log, mapping), engine=options.engine)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        log.write_parquet(path)
        peer = pm4py(path)
    seconds: dict[str, list[list[float]]] = {"peer": [], "same output": [], "whole output": []}
    answer = peer.ask("counts")
    same_output(), whole_output()
    for _ in range(options.rounds):
        seconds["peer"].append(peer.ask("time")["seconds"])
        seconds["same output"].append(timed(same_output))
        seconds["whole output"].append(timed(whole_output))
    peer.close()

    chain = handover_chain(event_facts(log, mapping), engine=options.engine)
    edges = {(edge.supplier, edge.customer): edge.handovers for edge in chain.edges}
    pairs = reconcile(answer["shares"], edges, steps=log.height - chain.cases)
    report(options, seconds, pairs, chain.handovers)


def report(options: argparse.Namespace, seconds: dict[str, list[list[float]]], pairs: int, handovers: int) -> None:
    """Medians and spread by the clock, and the median over the rounds of the ratio within a round.

    On a machine that others use at the same time the processor time is the steadier of the two.
    """
    print(f"{options.events:,} events, {options.parties} parties, {options.rounds} alternated rounds, {sys.platform}")
    print(f"{pairs:,} pairs and {handovers:,} handovers: the same as the peer's")
    for name, runs in seconds.items():
        for what, column in (("by the clock", 0), ("processor", 1)):
            figures = [run[column] for run in runs]
            ratio = statistics.median(
                peer[column] / run[column] for peer, run in zip(seconds["peer"], runs, strict=True)
            )
            spread = f"({min(figures):.3f} .. {max(figures):.3f})"
            print(f"{name:13s} {what:13s} median {statistics.median(figures):7.3f} s  {spread:20s} ratio {ratio:5.1f}")


if __name__ == "__main__":
    main()
