"""The peers of ``control_charts.py``, each in a process of its own that has read the data and waits.

R's qcc is taken from the library of R, or from a folder of its own into which it is installed from CRAN once. Where
CRAN cannot be reached, the R source of qcc may be given as a file; it is byte-compiled as installed packages are.
shewhart gets an environment of its own from the Python package index. Neither is part of Baton.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from benchmarks.peers import Peer, cache

SHEWHART = "shewhart==0.1.0"

# Writes lines "answer {...}"; what a job found goes as doubles, link by link, into the file that it names.
R_SCRIPT = r"""
args <- commandArgs(TRUE); folder <- args[1]; links <- as.integer(args[2]); points <- as.integer(args[3])
if (nzchar(args[4])) {
  compiler::cmpfile(args[4], file.path(folder, "qcc.Rc"), options = list(suppressAll = TRUE), verbose = FALSE)
  compiler::loadcmp(file.path(folder, "qcc.Rc"))
} else suppressMessages(library(qcc, lib.loc = if (nzchar(args[5])) c(args[5], .libPaths()) else NULL))
read <- function(name, n) readBin(file.path(folder, name), "double", n)
single <- matrix(read("single", links * points), nrow = points)
groups <- array(read("groups", links * points * 5), dim = c(5, points, links))
counts <- matrix(read("counts", links * points), nrow = points)
sizes <- matrix(read("sizes", links * points), nrow = points)
nine <- function(object) shewhart.rules(object, run.length = 9)
chart <- function(...) qcc(..., plot = FALSE, rules = nine)
flagged <- function(violations) { found <- numeric(points); found[violations] <- 1; found }
said <- function(one, ...) {
  limits <- one$limits[rep(seq_len(nrow(one$limits)), length.out = points), ]
  c(rep(one$center, points), limits[, 1], limits[, 2], ...)
}
whole <- function(one) said(one, flagged(one$violations$beyond.limits), flagged(one$violations$violating.runs))
jobs <- list(
  "I-MR" = function(i) {
    x <- single[, i]
    list(chart(x, type = "xbar.one"), chart(cbind(x[-points], x[-1]), type = "R"))
  },
  "Xbar-S" = function(i) {
    x <- t(groups[, , i])
    list(chart(x, type = "xbar", std.dev = "UWAVE-SD"), chart(x, type = "S"))
  },
  "p" = function(i) list(chart(counts[, i], sizes = sizes[, i], type = "p")),
  "u" = function(i) list(chart(counts[, i], sizes = sizes[, i], type = "u"))
)
write("ready", stdout())
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
  job <- jobs[[line]]
  start <- proc.time()
  result <- vector("list", links)
  for (i in seq_len(links)) result[[i]] <- job(i)
  spent <- proc.time() - start
  writeBin(unlist(lapply(result, function(charts) whole(charts[[1]]))), file.path(folder, "answer"))
  cpu <- spent[["user.self"]] + spent[["sys.self"]]
  write(sprintf("answer {\"seconds\": %.4f, \"cpu\": %.4f}", spent[["elapsed"]], cpu), stdout())
}
"""

SHEWHART_SCRIPT = r"""
import json, sys, time
import numpy as np
import shewhart as sw
folder, links, points = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
single = np.fromfile(folder + "/single").reshape(links, points)
print("ready", flush=True)
for line in sys.stdin:
    start, cpu = time.perf_counter(), time.process_time()
    found = [sw.imr(series, rules="nelson") for series in single]
    answer = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    stats = np.array([[one.stats["i_center"], one.stats["i_lcl"], one.stats["i_ucl"]] for one in found])
    stats.tofile(folder + "/answer")
    answer["signals"] = [
        [[signal.rule, list(map(int, signal.points))] for signal in one.signals if signal.chart == "i"] for one in found
    ] if line.strip() == "signals" else []
    print("answer " + json.dumps(answer), flush=True)
"""


def qcc_library(rscript: str) -> str:
    """The folder of the R library that holds qcc, installed on first use; empty where R has it itself."""
    if subprocess.run([rscript, "-e", "library(qcc)"], check=False, capture_output=True).returncode == 0:
        return ""
    folder = cache() / "r-library"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "qcc").is_dir():
        print(f"Installing qcc in {folder} ...", flush=True)
        install = f"install.packages('qcc', lib='{folder}', repos='https://cloud.r-project.org')"
        subprocess.run([rscript, "-e", install], check=False, capture_output=True)
    if not (folder / "qcc").is_dir():
        raise SystemExit("qcc could not be installed from CRAN. Give its R source with --qcc FILE.")
    return str(folder)


def qcc_command(source: Path | None) -> list[str]:
    """The start of the command that runs the jobs in R."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        raise SystemExit("R is not installed. On Debian: apt-get install r-base-core")
    return [rscript, "--vanilla", "-e", R_SCRIPT, *(["{folder}", "{links}", "{points}"])] + (
        [str(source), ""] if source else ["", qcc_library(rscript)]
    )


class ChartingPeer(Peer):
    """A peer that has read the data of ``folder`` and leaves what it found there."""

    def __init__(self, command: list[str], folder: Path, links: int, points: int) -> None:
        known = {"{folder}": str(folder), "{links}": str(links), "{points}": str(points)}
        self.folder, self.links = folder, links
        super().__init__([known.get(part, part) for part in command])
