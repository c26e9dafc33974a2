"""Perfect handoff: on time and complete and conforming and with the right information, all of it in one handoff.

Definitions
-----------
perfect
    All parts are right. One that fails is enough.
undelivered
    Was due and never came. It is judged, and is not perfect, though nobody can know all of its parts.
share
    Perfect handoffs / handoffs that are judged, with Wilson's interval.
product
    Of the shares of the parts: what the share would be if parts failed independently of each other. Where it is below
    the share, failures fall on the same handoffs; where it is above, on different ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal, get_args

import narwhals as nw
import numpy as np
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_shares
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_choice, demand_confidence
from baton_analysis.measures.proportions import wilson_interval
from baton_analysis.measures.yields import Pareto, pareto
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METHOD = "perfect_handoff"
VERSION = "2"

PARTS = ("on_time", "complete", "conforming", "information_right")
"""What makes a handoff perfect: columns that are true, false, or null where it is not known."""
_UNDELIVERED = "undelivered"

FEW_HANDOFFS = 30
"""With fewer handoffs the share is rough."""

Interval = tuple[float, float]
Unknown = Literal["left_out", "as_failed", "as_right"]
_MOST_UNKNOWN = 0.1


@dataclass(frozen=True, slots=True)
class PartShare:
    """One part: of ``n`` judged handoffs of which that can be said it was right in ``right``, a share with Wilson's
    interval; of ``unknown`` handoffs in all it is not known."""

    name: str
    n: int
    right: int
    unknown: int
    value: float | None
    interval: Interval | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("name", "n", "right", "unknown", "value")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
        }


@dataclass(frozen=True, slots=True)
class PerfectHandoff(Result):
    """The share of perfect handoffs.

    Attributes
    ----------
    n
        Handoffs that are judged; ``handoffs`` is how many there are.
    perfect
        Those of them in which all parts are right.
    value, interval
        The share with its interval; None where nothing is judged.
    unknown, incomplete
        How parts that are not known were treated, and of how many handoffs one is not known at least.
    bounds
        The share of all handoffs if everything unknown had failed, and if everything unknown were right.
    parts
        The share of each part, of the same handoffs but for undelivered ones of which it is not known.
    product
        Of the shares of the parts; None where a part has none.
    failures
        In how many judged handoffs each part failed, the most frequent first; None where none did.
    """

    n: int
    handoffs: int
    perfect: int
    value: float | None
    interval: Interval | None
    unknown: Unknown
    incomplete: int
    bounds: Interval | None
    parts: tuple[PartShare, ...]
    product: float | None
    failures: Pareto | None
    confidence: float
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a part, and one for all parts together."""
        together = PartShare("perfect", self.n, self.perfect, self.incomplete, self.value, self.interval)
        every = [*self.parts, together]
        rows = [(one.name, one.n, one.right, one.unknown, one.value, *(one.interval or (None, None))) for one in every]
        counts = {"n": pl.Int64, "right": pl.Int64, "unknown": pl.Int64}
        shares = {"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64}
        return pl.DataFrame(rows, schema={"part": pl.String, **counts, **shares}, orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "handoffs", "perfect", "value", "unknown", "incomplete", "product")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "bounds": None if self.bounds is None else list(self.bounds),
            "confidence": self.confidence,
            "parts": [part.to_dict() for part in self.parts],
            "failures": None if self.failures is None else self.failures.to_dict(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of each part and of all together with their intervals; see
        :class:`baton_analysis.results.Plottable`."""
        known = self.to_table().drop_nulls("value")
        value, low, high = (known[name].to_numpy() for name in ("value", "lower", "upper"))
        return plot_shares(ax, series={"": (known["part"].to_list(), value, low, high)}, joined=False)


@checked(MeasureError)
def perfect_handoff(
    handoffs: nw.LazyFrame[Any] | pl.DataFrame,
    *,
    unknown: Unknown,
    parts: Sequence[str] = PARTS,
    confidence: float = 0.95,
) -> PerfectHandoff:
    """The share of handoffs of which every part is right, and which part fails most.

    Parameters
    ----------
    handoffs
        One row a handoff on any engine, with a column of each part: true, false, or null where it is not known. With a
        column ``handoffs`` each row stands for so many of them; with a column ``undelivered`` that is true, they were
        due and never came.
    unknown
        What becomes of handoffs of which a part is not known: "left_out", or the part counts "as_failed" or "as_right".
        Undelivered ones are judged in any case, and if others are left out, then of each part those that are known.
        There is no usual choice: each makes another figure, and ``bounds`` says how far they can lie apart.
    parts
        Columns that have to be right.

    Raises
    ------
    MeasureError
        No part, one that is no column, a column that holds no truth values, or unknown settings.
    """
    demand_confidence(confidence)
    demand_choice("unknown", unknown, get_args(Unknown))
    names = list(dict.fromkeys(parts))
    counted = _counted(handoffs, names)
    weight = counted["handoffs"].to_numpy()
    known = counted.select(pl.col(names).is_not_null()).to_numpy()
    right = counted.select(pl.col(names).fill_null(unknown == "as_right")).to_numpy()
    never = counted[_UNDELIVERED].to_numpy()
    judged = known.all(axis=1) | never | (unknown != "left_out")
    n, perfect = int(weight[judged].sum()), int(weight[judged & ~never & right.all(axis=1)].sum())
    found = [
        _part(name, weight, judged & (known[:, place] | (unknown != "left_out")), right[:, place], known[:, place],
              confidence)
        for place, name in enumerate(names)
    ]  # fmt: skip
    handed = int(weight.sum())
    value, interval = _share(perfect, n, confidence)
    incomplete = int(weight[~known.all(axis=1)].sum())
    return PerfectHandoff(
        n=n,
        handoffs=handed,
        perfect=perfect,
        value=value,
        interval=interval,
        unknown=unknown,
        incomplete=incomplete,
        bounds=_bounds(counted, names, weight) if handed else None,
        parts=tuple(found),
        product=_product(found),
        failures=_failures(found),
        confidence=confidence,
        warnings=_warnings(found, n, handed, handed - n if unknown == "left_out" else incomplete, unknown),
    )


def _counted(handoffs: nw.LazyFrame[Any] | pl.DataFrame, parts: list[str]) -> pl.DataFrame:
    """How many handoffs there are of each combination of parts."""
    lazy = nw.from_native(handoffs.lazy()) if isinstance(handoffs, pl.DataFrame) else handoffs
    schema = lazy.collect_schema()
    wrong = [
        name
        for name in (*parts, *({_UNDELIVERED} & set(schema.names())))
        if name not in schema.names() or not isinstance(schema[name], nw.Boolean | nw.Unknown)
    ]
    weighted = "handoffs" in schema.names()
    if not parts or wrong or (weighted and not schema["handoffs"].is_integer()):
        raise MeasureError(
            expected=gettext_noop("Handoffs have a column of truth values for each part; a column “handoffs” holds"
                                  " whole numbers."),
            found=gettext_noop("Parts: {parts}. Not so: {wrong}. Columns: {columns}."),
            remedy=gettext_noop("Name the columns so; where a part is never known, let its column be empty."),
            parts=", ".join(map(str, parts)) or "–",
            wrong=", ".join(map(str, wrong)) or "handoffs",
            columns=", ".join(schema.names()[:30]),
        )  # fmt: skip
    rows = lazy if _UNDELIVERED in schema.names() else lazy.with_columns(nw.lit(False).alias(_UNDELIVERED))
    keys = list(dict.fromkeys((*parts, _UNDELIVERED)))
    rows = rows.with_columns(nw.col(keys).cast(nw.Boolean()))
    rows = rows if weighted else rows.with_columns(handoffs=nw.lit(1))
    grouped = rows.group_by(*keys, drop_null_keys=False).agg(handoffs=nw.col("handoffs").cast(nw.Int64()).sum())
    found = grouped.collect(backend="polars").to_polars()
    counts = found.cast({"handoffs": pl.Int64})
    return counts.with_columns(pl.col("handoffs").fill_null(0), pl.col(_UNDELIVERED).fill_null(value=False))


def _part(
    name: str, weight: np.ndarray[Any, Any], judged: np.ndarray[Any, Any], right: np.ndarray[Any, Any],
    known: np.ndarray[Any, Any], confidence: float,
) -> PartShare:  # fmt: skip
    n, count = int(weight[judged].sum()), int(weight[judged & right].sum())
    value, interval = _share(count, n, confidence)
    return PartShare(name, n, count, int(weight[~known].sum()), value, interval)


def _product(parts: Sequence[PartShare]) -> float | None:
    shares = [part.value for part in parts if part.value is not None]
    return prod(shares) if len(shares) == len(parts) else None


def _share(count: int, size: int, confidence: float) -> tuple[float | None, Interval | None]:
    if not size:
        return None, None
    low, high = wilson_interval([count], [size], confidence=confidence)
    return count / size, (float(low[0]), float(high[0]))


def _bounds(counted: pl.DataFrame, parts: list[str], weight: np.ndarray[Any, Any]) -> Interval:
    low, high = (
        counted.select(pl.all_horizontal(~pl.col(_UNDELIVERED), pl.col(parts).fill_null(unknown)))
        .to_series()
        .to_numpy()
        for unknown in (False, True)
    )
    return float(weight[low].sum() / weight.sum()), float(weight[high].sum() / weight.sum())


def _failures(parts: Sequence[PartShare]) -> Pareto | None:
    counts = {part.name: float(part.n - part.right) for part in parts}
    return pareto(counts) if any(counts.values()) else None


def _warnings(
    parts: Sequence[PartShare], n: int, handoffs: int, unknown_ones: int, unknown: Unknown
) -> tuple[Notice, ...]:
    never = [part.name for part in parts if handoffs and part.unknown == handoffs]
    said: list[tuple[bool, str, int, dict[str, Any]]] = [
        (n == 0, gettext_noop("No handoff can be judged: there is no share."), 1, {}),
        (0 < n < FEW_HANDOFFS,
         gettext_noop("The share rests on {count} handoffs; {wanted} are wanted. Look at the interval."),
         n, {"wanted": FEW_HANDOFFS}),
        (bool(never), gettext_noop("Of no handoff is it known: {parts}."), 1, {"parts": ", ".join(never)}),
        (unknown == "left_out" and unknown_ones > _MOST_UNKNOWN * handoffs,
         gettext_noop("{count} handoffs of {handoffs} are left out because a part is not known. Look at the bounds."),
         unknown_ones, {"handoffs": handoffs}),
        (unknown != "left_out" and unknown_ones > 0,
         gettext_noop("Of {count} handoffs a part is not known and was settled by a rule. Look at the bounds."),
         unknown_ones, {}),
    ]  # fmt: skip
    return tuple(Notice(text, count, values) for holds, text, count, values in said if holds)
