"""Spark: for data that outgrow one machine. The only module that knows PySpark."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
from pyspark.sql import DataFrame, SparkSession

from baton_analysis.engines import Engine
from baton_analysis.errors import EngineError, gettext_noop


class SparkEngine(Engine):
    """See :class:`baton_analysis.engines.Engine`.

    The session that is already active is used (``spark-submit``, a notebook); otherwise a local one is started on the
    loopback address, with all cores and without the web page of Spark. It lives until the process ends.
    """

    name = "spark"
    rows_at_once: int | None = None

    def __init__(self) -> None:
        self._session = SparkSession.getActiveSession() or _local_session()

    def lazy(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        return nw.from_native(self._session.createDataFrame(frame.to_arrow()))

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        names = [re.sub(r"[*?\[{\\]", r"\\\g<0>", str(file.resolve())) for file in files]
        return nw.from_native(self._session.read.parquet(*names))

    def keep(self, lazy: nw.LazyFrame[Any], *, groups: tuple[str, ...] = ()) -> nw.LazyFrame[Any]:
        return nw.from_native(_native(lazy).cache())

    def collect(self, lazy: nw.LazyFrame[Any]) -> pl.DataFrame:
        frame = pl.from_arrow(_native(lazy).toArrow())
        assert isinstance(frame, pl.DataFrame)
        return frame

    def split(self, *keys: str) -> tuple[str, ...]:
        return keys


def _native(lazy: nw.LazyFrame[Any]) -> DataFrame:
    native = lazy.to_native()
    assert isinstance(native, DataFrame)
    return native


def _local_session() -> SparkSession:
    if shutil.which("java") is None:
        raise EngineError(
            expected=gettext_noop("The engine “spark” needs Java 17 or newer."),
            found=gettext_noop("No program “java” was found."),
            remedy=gettext_noop("Install Java, or choose the engine “polars”."),
        )
    builder = SparkSession.builder.master("local[*]").appName("baton")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 2),
        "spark.sql.session.timeZone": "UTC",
        "spark.log.level": "ERROR",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
