"""What every result of the analysis can do: be printed, become a table or plain values, and some of them a picture."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import polars as pl

from baton_analysis.drawing.figures import number
from baton_analysis.readers.model import Notice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN_ROWS = 20
"""Rows of a table that are printed."""


class Result:
    """A result with ``n``, ``method``, ``version`` and ``warnings``, which a class that is one has as fields.

    ``print(result)`` and a notebook show what it is, how many observations it rests on, its table and its warnings.
    """

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def n(self) -> float:
            """How many observations it rests on."""

        @property
        def method(self) -> str:
            """How it was computed, as the pages of docs/methods name it."""

        @property
        def version(self) -> str:
            """Of the method: another version may give other figures."""

        @property
        def warnings(self) -> tuple[Notice, ...]:
            """What a reader has to know."""

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        raise NotImplementedError

    def to_table(self) -> pl.DataFrame:
        """One row with the single figures; the two bounds of an interval are columns of their own."""
        return pl.DataFrame([dict(_single_figures(self.to_dict()))])

    @property
    def _heading(self) -> str:
        return f"{type(self).__name__}: {self.method}, version {self.version}, n = {number(self.n)}"

    def __str__(self) -> str:
        with _as_printed():
            table = str(_upright(self.to_table()))
        return "\n".join([self._heading, table, *self._beside])

    def _repr_html_(self) -> str:
        with _as_printed():
            table = _upright(self.to_table())._repr_html_()
        beside = "".join(f"<p>{escape(line)}</p>" for line in self._beside)
        return f"<div><p><b>{escape(self._heading)}</b></p>{table}{beside}</div>"

    @property
    def _beside(self) -> list[str]:
        """How many rows are not shown, and the warnings."""
        more = self.to_table().height - SHOWN_ROWS
        cut = [f"{number(more)} rows more: to_table() has them all."] if more > 0 else []
        return cut + [f"! {warning.render()}" for warning in self.warnings]


@runtime_checkable
class Plottable(Protocol):
    """A result that can be drawn with Matplotlib, which is an extra: ``pip install baton-tqm[plot]``."""

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw it on ``ax``, or on a new figure. Raises PlotError where Matplotlib is not installed."""
        ...


_NOT_A_FIGURE = frozenset({"method", "version", "warnings"})


def _single_figures(plain: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in plain.items():
        if name in _NOT_A_FIGURE:
            continue
        if value is None or isinstance(value, str | int | float):
            found.append((name, value))
        elif name.endswith("interval") and isinstance(value, list | tuple) and len(value) == 2:
            prefix = name.removesuffix("interval")
            found += [(f"{prefix}lower", value[0]), (f"{prefix}upper", value[1])]
    return found


def _upright(table: pl.DataFrame) -> pl.DataFrame:
    """The first rows; a single row as figure and value below each other, as nobody reads a row of fourteen columns."""
    if table.height != 1:
        return table.head(SHOWN_ROWS)
    row = table.row(0, named=True)
    written = [f"{value:.6g}" if isinstance(value, float) else str(value) for value in row.values()]
    return pl.DataFrame({"figure": list(row), "value": written})


def _as_printed() -> pl.Config:
    return pl.Config(
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_cols=20,
        tbl_rows=SHOWN_ROWS,
        tbl_width_chars=120,
        fmt_str_lengths=40,
        float_precision=None,
    )
