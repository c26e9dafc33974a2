"""Capability indices and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from baton_analysis.drawing.plots import plot_indices
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VERSION = "1"

Within = Literal["moving_range", "range", "standard_deviation", "pooled"]

Transform = Literal["none", "log"]


@dataclass(frozen=True, slots=True)
class CapabilityIndex:
    """One index with its interval.

    ``interval`` is two-sided, but for the one-sided indices (Cpl, Cpu, Ppl, Ppu) each of its bounds holds the
    confidence by itself. ``method`` names how it was found.
    """

    name: str
    value: float
    interval: tuple[float, float]
    n: int
    method: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "name": self.name,
            "value": self.value,
            "interval": list(self.interval),
            "n": self.n,
            "method": self.method,
        }


@dataclass(frozen=True, slots=True)
class Capability(Result):
    """The indices of a process.

    Attributes
    ----------
    indices
        By name: Cp, Cpl, Cpu, Cpk, Cpm, Pp, Ppl, Ppu, Ppk, Ppm. What one limit alone does not give is left out; those
        that begin with C are left out where the process is not stable.
    mean, within, overall
        Mean, and standard deviation within subgroups and of all values, after ``transform``.
    lower, upper, target
        Specification limits and target as given; the target is their middle if none was given.
    outside
        Values beyond a limit.
    stable
        Whether the process is stable, as told or, if ``stability_judged``, as found here.
    method
        How ``within`` was found.
    """

    method: Within
    n: int
    mean: float
    within: float
    overall: float
    lower: float | None
    upper: float | None
    target: float | None
    outside: int
    stable: bool
    stability_judged: bool
    transform: Transform
    confidence: float
    indices: Mapping[str, CapabilityIndex]
    warnings: tuple[Notice, ...]
    version: str = VERSION

    def __getitem__(self, name: str) -> CapabilityIndex:
        """An index by name; KeyError where it is not reported."""
        return self.indices[name]

    def to_table(self) -> pl.DataFrame:
        """One row an index."""
        rows = [(index.name, index.value, *index.interval, index.n, index.method) for index in self.indices.values()]
        return pl.DataFrame(rows, schema=["index", "value", "lower", "upper", "n", "method"], orient="row")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "mean", "within", "overall", "lower", "upper", "target", "outside")
        more = ("stable", "stability_judged", "transform", "confidence")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            "indices": [index.to_dict() for index in self.indices.values()],
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The indices with their intervals; see :class:`baton_analysis.results.Plottable`."""
        table = self.to_table()
        return plot_indices(
            ax, names=table["index"].to_list(), values=table["value"].to_list(), lower=table["lower"].to_list(),
            upper=table["upper"].to_list(),
        )  # fmt: skip
