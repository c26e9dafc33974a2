"""Where columns are computed: one analysis code, written once in Narwhals, on an engine chosen by name.

``polars`` (the default) and ``duckdb`` compute on this machine; ``spark`` is for data that outgrow one machine. All of
them give the same answers to 1e-9: quantiles are exact with linear interpolation between order statistics (type 7 of
Hyndman & Fan 1996), never sketches.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from baton_analysis.arguments import checked
from baton_analysis.errors import EngineError, gettext_noop

if TYPE_CHECKING:
    import narwhals as nw
    import polars as pl

DEFAULT_ENGINE = "polars"

_MODULES = {
    "polars": ("baton_analysis.engines.local", "PolarsEngine", "polars"),
    "duckdb": ("baton_analysis.engines.embedded", "DuckDBEngine", "duckdb"),
    "spark": ("baton_analysis.engines.distributed", "SparkEngine", "spark"),
}

ENGINES = tuple(_MODULES)
"""Names of all engines; ``spark`` needs PySpark and Java."""


class Engine(Protocol):
    """What a measure needs of an engine."""

    name: str
    rows_at_once: int | None
    """So many rows are grouped best in one go, which bounds memory; None: any number, the engine parts them itself."""

    def lazy(self, frame: pl.DataFrame) -> nw.LazyFrame[Any]:
        """The frame as a lazy frame of this engine."""
        ...

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        """Parquet files of one schema as one lazy frame; of each only what is asked for is read."""
        ...

    def keep(self, lazy: nw.LazyFrame[Any], *, groups: tuple[str, ...] = ()) -> nw.LazyFrame[Any]:
        """The same frame computed once, for those who go on from it more than once.

        ``groups`` are the columns by which it will be grouped, the finest first; an engine that groups faster where
        equal values stand together may order the rows by them.
        """
        ...

    def collect(self, lazy: nw.LazyFrame[Any]) -> pl.DataFrame:
        """The computed frame in this process, in no particular order."""
        ...

    def split(self, *keys: str) -> tuple[str, ...]:
        """The keys by which a window over ordered rows has to be split so that it is quick on this engine.

        A measure that looks at a neighbouring row compares the keys of both rows anyway; engines that sort fastest as
        one piece answer with no keys, engines that spread rows over machines with all of them.
        """
        ...


@checked(EngineError)
def engine_named(name: str = DEFAULT_ENGINE) -> Engine:
    """The engine of that name, ready to use.

    Raises
    ------
    EngineError
        The name is unknown, or what the engine needs is not installed.
    """
    if name not in _MODULES:
        raise EngineError(
            expected=gettext_noop("The engine must be one of: {known}."),
            found=gettext_noop("“{name}” was asked for."),
            remedy=gettext_noop("Choose one of these names."),
            known=", ".join(ENGINES),
            name=name,
        )
    module, kind, extra = _MODULES[name]
    try:
        engine: Engine = getattr(import_module(module), kind)()
    except ImportError as error:
        raise EngineError(
            expected=gettext_noop("The engine “{name}” needs a library that is not part of the base installation."),
            found=gettext_noop("“{library}” cannot be loaded."),
            remedy=gettext_noop("Install baton-tqm[{extra}], or choose the engine “{default}”."),
            name=name,
            library=error.name or name,
            extra=extra,
            default=DEFAULT_ENGINE,
        ) from error
    return engine
