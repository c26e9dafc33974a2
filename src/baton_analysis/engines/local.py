"""Polars: in this process, in memory, on all cores. The default."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import polars as pl


class PolarsEngine:
    """See :class:`baton_analysis.engines.Engine`."""

    name = "polars"

    def lazy(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        return nw.from_native(frame.lazy())

    def keep(self, lazy: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        return self.lazy(self.collect(lazy))

    def collect(self, lazy: nw.LazyFrame[Any]) -> pl.DataFrame:
        return lazy.collect(backend="polars").to_polars()

    def split(self, *keys: str) -> tuple[str, ...]:
        return ()
