"""How many handoffs kept the promised time: of all links together, of each, and of each in every window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from baton_analysis.analyse.configuration import Configuration
from baton_analysis.analyse.net_times import NetTimes
from baton_analysis.engines import engine_named
from baton_analysis.facts.calendars import BusinessCalendar
from baton_analysis.measures.timeliness import METHOD, VERSION, Attainment, Attainments, attainment, attainments
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result


@dataclass(frozen=True, eq=False)
class Timeliness(Result):
    """Attainment of the handoffs that were analysed.

    Attributes
    ----------
    overall
        Of all links together.
    links, windows
        Of each link over the whole time, and in every window.
    handoffs
        One row a handoff: columns of :data:`baton_analysis.facts.handoffs.HANDOFFS`, cases as the files name them.
    calendars
        The business calendars behind them, by digest.
    as_of
        The moment at which open handoffs were judged.
    """

    overall: Attainment
    links: Attainments
    windows: Attainments
    handoffs: pl.DataFrame
    calendars: Mapping[str, BusinessCalendar]
    as_of: datetime
    method: str = METHOD
    version: str = VERSION

    @property
    def n(self) -> int:
        return self.overall.n

    @property
    def warnings(self) -> tuple[Notice, ...]:
        return self.overall.warnings

    def to_table(self) -> pl.DataFrame:
        """One row a link and window."""
        return self.windows.frame

    def to_dict(self) -> dict[str, Any]:
        """What was found of all links together, and on which calendars; the tables themselves are left out."""
        return self.overall.to_dict() | {
            "window": self.windows.window,
            "window_by": self.windows.window_by,
            "as_of": self.as_of.isoformat(),
            "calendars": {digest: calendar.to_dict() for digest, calendar in sorted(self.calendars.items())},
        }


def timeliness(found: NetTimes, wanted: Configuration, *, engine: str) -> Timeliness:
    """Attainment of handoffs, computed on the engine."""
    facts, by = found.facts, wanted.promise.window_by
    table, digests = engine_named(engine).lazy(facts.frame), tuple(sorted(facts.calendars))
    return Timeliness(
        overall=attainment(table, window_by=by, calendars=digests),
        links=attainments(table, window="all", window_by=by, calendars=digests),
        windows=attainments(table, window=wanted.promise.window, window_by=by, calendars=digests),
        handoffs=found.table(),
        calendars=facts.calendars,
        as_of=facts.as_of,
    )
