"""Many tests at once: which of them may be called found.

Of 1,000 links of which none has changed, 50 have a p-value below .05. "Found" must therefore mean more where many are
looked at: that few of the findings are false (the false discovery rate), or that probably none is (family-wise).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bounds
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Procedure = Literal["benjamini_hochberg", "benjamini_yekutieli", "holm", "bonferroni"]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class FalseDiscoveryControl(Result):
    """Adjusted p-values, and which tests are found; arrays have the shape of the p-values and are read-only.

    Attributes
    ----------
    method
        "benjamini_hochberg" and "benjamini_yekutieli" hold the share of false findings among all findings at ``level``;
        "holm" and "bonferroni" the probability of any false finding.
    p
        As given; NaN is a test that was not made.
    adjusted
        The smallest level at which the test would be found; NaN where there is no p.
    found
        ``adjusted`` up to ``level``.
    n
        Tests that were made, of all families together.
    """

    method: Procedure
    level: float
    p: Floats
    adjusted: Floats
    found: Flags
    n: int
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __post_init__(self) -> None:
        for array in (self.p, self.adjusted, self.found):
            array.setflags(write=False)

    @property
    def findings(self) -> int:
        """How many are found."""
        return int(self.found.sum())

    def to_table(self) -> pl.DataFrame:
        """One row a test, in the order given."""
        return pl.DataFrame({"p": self.p.ravel(), "adjusted": self.adjusted.ravel(), "found": self.found.ravel()})

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None where no test was made."""
        return {
            "method": self.method,
            "version": self.version,
            "level": self.level,
            "n": self.n,
            "findings": self.findings,
            "p": _plain(self.p),
            "adjusted": _plain(self.adjusted),
            "found": self.found.tolist(),
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The adjusted p in order, and dashed the level up to which they are found; see
        :class:`baton_analysis.results.Plottable`."""
        adjusted = np.sort(self.adjusted[~np.isnan(self.adjusted)], axis=None)
        rank, level = np.arange(1.0, len(adjusted) + 1), np.full(len(adjusted), self.level)
        return plot_bounds(ax, x=rank, y=adjusted, bounds=[level], x_name="rank", y_name="adjusted p")


@checked(MeasureError)
def control_false_discoveries(
    p: npt.ArrayLike, *, level: float = 0.05, method: Procedure = "benjamini_hochberg"
) -> FalseDiscoveryControl:
    """Adjust p-values for the number of tests.

    Parameters
    ----------
    p
        One family of tests, or a table with a family in each row (weeks times links: each week for itself). NaN is a
        test that was not made and does not count.
    level
        Share of false findings, or probability of any, that is accepted.
    method
        "benjamini_hochberg" (1995, Journal of the Royal Statistical Society B 57: 289-300) for tests that are
        independent or rise and fall together; "benjamini_yekutieli" (2001, Annals of Statistics 29: 1165-1188) for any
        dependence; "holm" (1979, Scandinavian Journal of Statistics 6: 65-70); "bonferroni".

    Raises
    ------
    MeasureError
        No test, values that are no probabilities, or unknown settings.
    """
    table = numbers_of(p, dimensions=None)
    _demand(table, level, method)
    rows = np.atleast_2d(table)
    # NaN sorts last, so the tests that were made come first in each row.
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    tests = np.count_nonzero(~np.isnan(rows), axis=1)[:, None]
    rank = np.arange(1, rows.shape[1] + 1)[None, :]
    raised = _PROCEDURES[method](ordered, rank, tests)
    adjusted = np.empty_like(rows)
    np.put_along_axis(adjusted, order, np.where(np.isnan(ordered), np.nan, np.minimum(raised, 1.0)), axis=1)
    adjusted = adjusted.reshape(table.shape)
    with np.errstate(invalid="ignore"):
        found = adjusted <= level
    return FalseDiscoveryControl(method, level, table, adjusted, found, int(tests.sum()))


def _step_up(ordered: Floats, factor: Floats) -> Floats:
    """From the largest p down, no adjusted value above the one after it; NaN (at the end) hinders nothing."""
    scaled = np.where(np.isnan(ordered), np.inf, ordered * factor)
    return np.asarray(np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)


def _benjamini_hochberg(ordered: Floats, rank: Floats, tests: Floats) -> Floats:
    return _step_up(ordered, tests / rank)


def _benjamini_yekutieli(ordered: Floats, rank: Floats, tests: Floats) -> Floats:
    harmonic = np.concatenate([[0.0], np.cumsum(1 / np.arange(1, ordered.shape[1] + 1))])
    return _step_up(ordered, harmonic[tests.astype(np.int64)] * tests / rank)


def _holm(ordered: Floats, rank: Floats, tests: Floats) -> Floats:
    scaled = np.where(np.isnan(ordered), 0.0, ordered * np.maximum(tests - rank + 1, 1))
    return np.asarray(np.maximum.accumulate(scaled, axis=1), dtype=np.float64)


def _bonferroni(ordered: Floats, rank: Floats, tests: Floats) -> Floats:
    return np.asarray(ordered * tests, dtype=np.float64)


_PROCEDURES: Mapping[Procedure, Callable[[Floats, Floats, Floats], Floats]] = MappingProxyType(
    {
        "benjamini_hochberg": _benjamini_hochberg,
        "benjamini_yekutieli": _benjamini_yekutieli,
        "holm": _holm,
        "bonferroni": _bonferroni,
    }
)


def _plain(values: Floats) -> Any:
    """Nested lists with None for NaN."""
    plain = values.astype(object)
    plain[np.isnan(values)] = None
    return plain.tolist()


def _demand(p: Floats, level: float, method: str) -> None:
    if not p.size or not 1 <= p.ndim <= 2 or bool(((p < 0) | (p > 1)).any()):
        there = p[~np.isnan(p)]
        raise MeasureError(
            expected=gettext_noop("P-values lie between 0 and 1; there is one at least, in a list or a table."),
            found=gettext_noop("Their shape is {shape}, they reach from {low} to {high}."),
            remedy=gettext_noop("Give the p-value of each test, and a missing value where none was made."),
            shape=p.shape,
            low=float(there.min()) if there.size else "—",
            high=float(there.max()) if there.size else "—",
        )
    if not 0 < level < 1 or method not in get_args(Procedure):
        raise MeasureError(
            expected=gettext_noop("The level lies between 0 and 1, and the method is one of {known}."),
            found=gettext_noop("Level: {level}, method: {method}."),
            remedy=gettext_noop("Take benjamini_hochberg at 0.05 if nothing else was agreed."),
            known=", ".join(get_args(Procedure)),
            level=level,
            method=method,
        )
