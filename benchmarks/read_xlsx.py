"""Reading an Excel workbook: Baton against openpyxl's read-only mode, alternated in one run.

    python -m benchmarks.read_xlsx [--rows 50000] [--columns 10] [--rounds 5]

openpyxl and the writer of the workbook are no part of Baton: the script makes an environment of its own for them in the
user's cache folder, from the Python package index. Timed is what each side does from the file to every row as a list of
values: the peer's ``iter_rows(values_only=True)``; Baton's rows of texts with their numbers, all bounds and checks
included. Both run in a process of their own, whose largest memory is told too. The cells are compared before.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import environment_of

PEERS = ("openpyxl==3.1.5", "xlsxwriter==3.2.9")

WRITE = r"""
import datetime, sys
import xlsxwriter
rows, columns = int(sys.argv[2]), int(sys.argv[3])
book = xlsxwriter.Workbook(sys.argv[1])
sheet = book.add_worksheet("Data")
moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
sheet.write_row(0, 0, [f"column {i}" for i in range(columns)])
start = datetime.datetime(2026, 1, 1)
for row in range(1, rows + 1):
    for column in range(columns):
        kind = column % 5
        if kind == 0:
            sheet.write_string(row, column, f"{row:06d}")
        elif kind == 1:
            sheet.write_string(row, column, f"Name {row} {column}")
        elif kind == 2:
            sheet.write_datetime(row, column, start + datetime.timedelta(minutes=row), moment)
        elif kind == 3:
            sheet.write_number(row, column, row % 97)
        else:
            sheet.write_number(row, column, row / 8)
book.close()
"""

RUN = r"""
import json, resource, sys, time
def theirs(path):
    import openpyxl
    book = openpyxl.load_workbook(path, read_only=True)
    return [list(row) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
def ours(path):
    from pathlib import Path
    from baton_analysis.readers import open_rows
    with open_rows(Path(path)) as table:
        return [row.texts for row in table]
work = theirs if sys.argv[1] == "peer" else ours
if sys.argv[1] == "peer":
    import openpyxl
else:
    import baton_analysis.readers
start = time.perf_counter()
rows = work(sys.argv[2])
seconds = time.perf_counter() - start
if sys.argv[3] == "cells":
    def plain(value):
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return str(value)
    sample = rows[:: max(1, len(rows) // 1000)]
    print(json.dumps({"rows": len(rows), "cells": [[plain(v) for v in row] for row in sample]}))
else:
    print(json.dumps({"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def run(python: Path, side: str, path: Path, what: str) -> dict[str, object]:
    """One run of a side in a process of its own."""
    done = subprocess.run([python, "-c", RUN, side, str(path), what], check=True, capture_output=True, text=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    peer, own = environment_of(*PEERS), Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        subprocess.run([peer, "-c", WRITE, str(path), str(options.rows), str(options.columns)], check=True)
        print(f"{options.rows:,} rows x {options.columns} columns, {path.stat().st_size / 1024**2:.1f} MiB")
        if run(peer, "peer", path, "cells") != run(own, "own", path, "cells"):
            raise SystemExit("The two sides read different cells.")
        seconds: dict[str, list[float]] = {"peer": [], "own": []}
        memory: dict[str, float] = {}
        for _ in range(options.rounds):
            for side, python in (("peer", peer), ("own", own)):
                answer = run(python, side, path, "time")
                seconds[side].append(float(str(answer["seconds"])))
                memory[side] = max(memory.get(side, 0.0), float(str(answer["mib"])))
    middle = {side: statistics.median(found) for side, found in seconds.items()}
    for side, name in (("peer", PEERS[0]), ("own", "Baton")):
        print(f"{name:20} {middle[side]:7.3f} s median of {options.rounds}, {memory[side]:6.0f} MiB at most")
    print(f"ratio {middle['peer'] / middle['own']:.1f}")


if __name__ == "__main__":
    main()
