"""Peers in environments and processes of their own: no part of Baton, and never in its environment."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple


def cache() -> Path:
    """Where the environments of peers are kept, in the user's cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "baton-benchmarks"


def environment_of(*peers: str, beside: tuple[str, ...] = ()) -> Path:
    """The Python of the peers' own environment, made once from the Python package index.

    ``peers`` are requirements such as "pm4py==2.7.23.11" and name the environment; ``beside`` comes into it too.
    """
    folder = cache() / "-".join(peer.replace("==", "-") for peer in peers)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = folder / "complete"
    if not stamp.exists():
        print(f"Making an environment for {', '.join(peers)} in {folder} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *peers, *beside], check=True)
        stamp.touch()
    return python


class Peer:
    """A peer in a process of its own, which has read its data (said "ready") and waits.

    For each line that it is sent it says one line "answer {...}" of JSON.
    """

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._line("ready")

    def _line(self, start: str) -> str:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(start):
                return line[len(start) :].strip()
        raise SystemExit(f"The peer ended without an answer (exit code {self._process.wait()}).")

    def ask(self, what: str) -> dict[str, Any]:
        """One run of the peer."""
        assert self._process.stdin is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._line("answer"))
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def timed(work: Callable[[], object]) -> list[float]:
    """Seconds that one run of ``work`` takes: by the clock, and of processor time on all cores."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return [time.perf_counter() - start, time.process_time() - cpu]


class Compared(NamedTuple):
    """The runs of one side by one of the two measures of :func:`timed`, in seconds; ``ratio`` is that of the medians,
    theirs to Baton's."""

    what: str
    median: float
    least: float
    most: float
    ratio: float


def compared(runs: Sequence[Sequence[float]], own: Sequence[Sequence[float]]) -> Iterator[Compared]:
    """The runs of one side beside Baton's own, by the clock and of the processor."""
    for column, what in enumerate(("clock", "processor")):
        figures = [run[column] for run in runs]
        middle = statistics.median(figures)
        yield Compared(what, middle, min(figures), max(figures), middle / statistics.median(run[column] for run in own))


def tell(side: str, runs: Sequence[Sequence[float]], own: Sequence[Sequence[float]]) -> None:
    """Print :func:`compared`, a line each; ``side`` stands in front."""
    for what, median, least, most, ratio in compared(runs, own):
        print(f"{side} {what:9} median {median:8.4f} s  {f'({least:.4f} .. {most:.4f})':22} ratio {ratio:6.1f}")
