"""Polars: in this process, in memory, on all cores. The default."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from baton_analysis.engines import Engine


class PolarsEngine(Engine):
    """See :class:`baton_analysis.engines.Engine`."""

    name = "polars"
    rows_at_once: int | None = 2_500_000

    def lazy(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.lazy())

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        return nw.from_native(pl.scan_parquet(list(files), glob=False))

    def keep(self, lazy: nw.LazyFrame[Any], *, groups: tuple[str, ...] = ()) -> nw.LazyFrame[Any]:
        frame = self.collect(lazy)
        if groups:
            frame = frame.sort(groups[0])
            # Told that a column is in order, Polars cuts groups where the value changes and needs no hash table.
            ordered = [name for name in groups if frame[name].is_sorted()]
            frame = frame.with_columns(pl.col(ordered).set_sorted())
        return self.lazy(frame)

    def collect(self, lazy: nw.LazyFrame[Any]) -> pl.DataFrame:
        return lazy.collect(backend="polars").to_polars()

    def split(self, *keys: str) -> tuple[str, ...]:
        return ()
