"""From handoffs to the times of references along a path.

Definitions
-----------
reference
    What is followed: an order, a lot, a case. Of several handoffs of one reference on one link the whole counts: from
    the first start to the last stop, due when the last of them is due.
time of a link
    From the moment at which the link before it handed over to the moment at which it did; of the first link, from its
    start. The times of all links add up to the lead time; what lies before a link's own start is its wait.
planned moment
    Of a link with a due moment that was agreed for the handoff: this moment. Of a link with a promised time: the
    planned moment of the link before, plus the time from its start to when it was due. Of a link without a promise: as
    much later than that of the link before as it took, so that it is neither late nor early by itself. It begins with
    the start on the first link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, demand_confidence
from baton_analysis.measures.medians import median
from baton_analysis.measures.path_times.delays import Delays, path_delays
from baton_analysis.measures.path_times.result import LINKS, PathTimes
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.readers.model import Notice

FEW_REFERENCES = 30
"""With fewer references medians and shares are rough."""
_SECOND = 1e6


@dataclass(frozen=True, eq=False, slots=True)
class _Grid:
    """References that have passed all links: moments in seconds, one row a reference and one column a link."""

    names: pl.Series
    start: Floats
    stop: Floats
    due: Floats
    agreed: npt.NDArray[np.bool_]
    begun: int
    unnamed: int


@checked(MeasureError)
def path_times(
    handoffs: nw.LazyFrame[Any], path: Sequence[str], *, by: str = "reference", confidence: float = 0.95
) -> PathTimes:
    """Lead time of references along a path, where it is spent, and whose delay it is.

    Parameters
    ----------
    handoffs
        A table of handoffs on any engine with ``subject``, ``started_at``, ``stopped_at`` (null: open), the column
        ``by``, and if promises are known ``due_at`` and ``due_agreed``
        (:data:`baton_analysis.facts.handoffs.HANDOFFS`).
    path
        Subjects of the links, in order. From an order to its payment it is an order-to-payment time.
    by
        Column that names the reference.

    Raises
    ------
    MeasureError
        No link or one twice, or a column is absent.
    """
    demand_confidence(confidence)
    links = tuple(path)
    grid = _grid(_by_reference(handoffs, links, by), links)
    before = np.hstack([grid.start[:, :1], grid.stop[:, :-1]])
    seconds, wait = grid.stop - before, grid.start - before
    late = path_delays(_lateness(grid, before))
    lead = grid.stop[:, -1] - grid.start[:, 0]
    n = len(lead)
    known = ~np.isnan(grid.due)
    last_late = int((late.lateness[:, -1] > 0).sum())
    promised = bool(known.any())
    low, high = wilson_interval([last_late], [n], confidence=confidence)
    middle = median(lead, confidence=confidence) if n else None
    return PathTimes(
        path=links,
        links=_links(links, seconds, wait, known, late, confidence),
        legs=_legs(grid.names, links, seconds, wait, late),
        n=n,
        references=grid.begun,
        lead_seconds=middle.value if middle else None,
        interval=middle.interval if middle else None,
        p90_seconds=float(np.quantile(lead, 0.9)) if n else None,
        mean_seconds=float(lead.mean()) if n else None,
        late=last_late,
        late_share=last_late / n if n and promised else None,
        late_interval=(float(low[0]), float(high[0])) if n and promised else None,
        lateness_seconds=float(late.lateness[:, -1].mean()) if n and promised else None,
        confidence=confidence,
        warnings=_warnings(grid, links, known, seconds),
    )


def _by_reference(handoffs: nw.LazyFrame[Any], path: tuple[str, ...], by: str) -> pl.DataFrame:
    """One row a reference and link, computed by the engine of the table."""
    names = handoffs.collect_schema().names()
    absent = [name for name in ("subject", "started_at", "stopped_at", by) if name not in names]
    if not path or len(set(path)) < len(path) or absent:
        raise MeasureError(
            expected=gettext_noop("A path has at least one link, each once; handoffs have subject, started_at,"
                                  " stopped_at and the column of their reference."),
            found=gettext_noop("Path: {path}. Absent: {absent}."),
            remedy=gettext_noop("Correct the path, or say with “by” which column holds the reference."),
            path=", ".join(map(str, path)) or "–",
            absent=", ".join(absent) or "–",
        )  # fmt: skip
    due = nw.col("due_at") if "due_at" in names else nw.col("stopped_at")
    agreed = nw.col("due_agreed") if "due_agreed" in names else nw.lit(False)
    rows = handoffs.filter(nw.col("subject").is_in(list(path))).select(
        "subject",
        "started_at",
        "stopped_at",
        reference=nw.col(by).cast(nw.String()),
        due_at=due,
        # Spark takes no greatest of truth values.
        agreed=agreed.cast(nw.Int64()),
        open=nw.col("stopped_at").is_null().cast(nw.Int64()),
    )
    grouped = rows.group_by("reference", "subject").agg(
        start=nw.col("started_at").min(),
        stop=nw.col("stopped_at").max(),
        due=nw.col("due_at").max(),
        agreed=nw.col("agreed").max(),
        open=nw.col("open").sum(),
    )
    found = grouped.collect(backend="polars").to_polars()
    without = found if "due_at" in names else found.with_columns(due=pl.lit(None, pl.Datetime("us", "UTC")))
    return without.with_columns(pl.col("start", "stop", "due").dt.epoch("us").cast(pl.Float64) / _SECOND)


def _grid(rows: pl.DataFrame, path: tuple[str, ...]) -> _Grid:
    named = rows.filter(pl.col("reference").is_not_null())
    names = named["reference"].unique().sort()
    # A place in a table is found faster by number than by joining texts.
    reference = named["reference"].cast(pl.Enum(names)).to_physical().to_numpy()
    link = named["subject"].cast(pl.Enum(path)).to_physical().to_numpy()

    def table(values: pl.Series) -> Floats:
        found = np.full((len(names), len(path)), np.nan)
        found[reference, link] = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return found

    stopped = named.select(pl.when(pl.col("open") == 0).then("stop")).to_series()
    start, stop = table(named["start"]), table(stopped)
    passed = ~(np.isnan(start) | np.isnan(stop)).any(axis=1)
    return _Grid(
        names=names.filter(pl.Series(passed)),
        start=start[passed],
        stop=stop[passed],
        due=table(named["due"])[passed],
        agreed=table(named["agreed"])[passed] > 0,
        begun=len(names),
        unnamed=rows.height - named.height,
    )


def _lateness(grid: _Grid, before: Floats) -> Floats:
    """When each reference was handed on, less the planned moment, link by link."""
    late = np.zeros_like(grid.stop)
    carried = np.zeros(len(late))
    for link in range(grid.stop.shape[1]):
        due, stop = grid.due[:, link], grid.stop[:, link]
        by_moment = stop - due
        by_time = carried + (stop - before[:, link]) - (due - grid.start[:, link])
        promised = np.where(grid.agreed[:, link], by_moment, by_time)
        carried = np.where(np.isnan(due), carried, promised)
        late[:, link] = carried
    return late


def _links(
    path: tuple[str, ...],
    seconds: Floats,
    wait: Floats,
    known: npt.NDArray[np.bool_],
    late: Delays,
    confidence: float,
) -> pl.DataFrame:
    n, whole, lateness = len(seconds), float(seconds.sum()), float(late.contribution.sum())
    rows = []
    for place, link in enumerate(path):
        if not n:
            rows.append({"link": link, "n": 0, "promised": 0, "late": 0})
            continue
        middle = median(seconds[:, place], confidence=confidence)
        low, high = middle.interval or (None, None)
        means = {
            "mean_seconds": seconds,
            "wait_seconds": wait,
            "work_seconds": seconds - wait,
            "lateness_seconds": late.lateness,
            "own_seconds": late.own,
            "inherited_seconds": late.inherited,
            "recovered_seconds": late.recovered,
            "contribution_seconds": late.contribution,
        }
        rows.append(
            {
                "link": link,
                "n": n,
                "median_seconds": middle.value,
                "lower": low,
                "upper": high,
                "p90_seconds": float(np.quantile(seconds[:, place], 0.9)),
                "share": float(seconds[:, place].sum()) / whole if whole else None,
                "promised": int(known[:, place].sum()),
                "late": int((late.lateness[:, place] > 0).sum()),
                "contribution_share": float(late.contribution[:, place].sum()) / lateness if lateness else None,
                **{name: float(table[:, place].mean()) for name, table in means.items()},
            }
        )
    return pl.DataFrame(rows, schema=LINKS)


def _legs(names: pl.Series, path: tuple[str, ...], seconds: Floats, wait: Floats, late: Delays) -> pl.DataFrame:
    places = np.repeat(np.arange(len(names)), len(path))
    return pl.DataFrame(
        {
            "reference": names.gather(places),
            "link": pl.Series(list(path), dtype=pl.String).gather(np.tile(np.arange(len(path)), len(names))),
            "seconds": seconds.ravel(),
            "wait_seconds": wait.ravel(),
            "lateness_seconds": late.lateness.ravel(),
            "own_seconds": late.own.ravel(),
            "inherited_seconds": late.inherited.ravel(),
            "recovered_seconds": late.recovered.ravel(),
            "contribution_seconds": late.contribution.ravel(),
        }
    )


def _warnings(grid: _Grid, path: tuple[str, ...], known: npt.NDArray[np.bool_], seconds: Floats) -> tuple[Notice, ...]:
    n = len(grid.names)
    without = [link for place, link in enumerate(path) if n and not known[:, place].any()]
    backwards = int((seconds < 0).any(axis=1).sum())
    said: list[tuple[bool, str, int, dict[str, Any]]] = [
        (grid.begun > n,
         gettext_noop("{count} references have not passed all links and are left out: long ones are among them."),
         grid.begun - n, {}),
        (grid.unnamed > 0, gettext_noop("Handoffs without a reference cannot be followed and are left out."), 1, {}),
        (0 < n < FEW_REFERENCES,
         gettext_noop("The times rest on {count} references; {wanted} are wanted. Look at the intervals."),
         n, {"wanted": FEW_REFERENCES}),
        (bool(without),
         gettext_noop("Nothing is promised at: {links}. What they take too long appears as delay of links after them."),
         1, {"links": ", ".join(without)}),
        (backwards > 0,
         gettext_noop("{count} references were handed on before they came: their links do not follow each other."),
         backwards, {}),
    ]  # fmt: skip
    return tuple(Notice(text, count, values) for holds, text, count, values in said if holds)
