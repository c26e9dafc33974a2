"""The whole way: facts to link-weeks to charts, signals and verdicts, written into a folder."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from baton_analysis.analyse.capabilities import capabilities
from baton_analysis.analyse.charting import ChartedMeasure, charted, expected_false_alarms, signals_of
from baton_analysis.analyse.configuration import Configuration
from baton_analysis.analyse.preparation import PREPARED, PreparedFacts, Progress, prepared_facts
from baton_analysis.analyse.promises import judged_links
from baton_analysis.analyse.timeliness import Timeliness, timeliness
from baton_analysis.engines import DEFAULT_ENGINE, engine_named
from baton_analysis.errors import BatonError, gettext_noop
from baton_analysis.measures.capability import Capability
from baton_analysis.measures.link_weeks import LinkWeeks, refreshed_link_weeks
from baton_analysis.readers.cells.formulas import inert
from baton_analysis.readers.model import Limits, Notice, display
from baton_analysis.results import Result

METHOD = "analyse"
VERSION = "1"


@dataclass(frozen=True, eq=False)
class Analysis(Result):
    """What an analysis found.

    Attributes
    ----------
    link_weeks
        One row a link and week; see :mod:`baton_analysis.measures.link_weeks`.
    links
        One row a link over the last weeks, what matters first; see :mod:`baton_analysis.analyse.promises`.
    signals
        One row a rule that is broken at a point, the newest first; see :mod:`baton_analysis.analyse.charting`.
    charts
        The charts behind the signals.
    capabilities
        By link, for those that the report shows.
    timeliness
        How many handoffs kept the promised business time, where the configuration has a calendar.
    false_alarms
        Points of the recent weeks that would break a rule if nothing had changed anywhere.
    n
        Facts that were counted.
    """

    configuration: Configuration
    sources: tuple[Path, ...]
    link_weeks: LinkWeeks
    links: pl.DataFrame
    signals: pl.DataFrame
    charts: tuple[ChartedMeasure, ...]
    capabilities: Mapping[str, Capability]
    false_alarms: float
    engine: str
    timeliness: Timeliness | None = None
    warnings: tuple[Notice, ...] = ()
    method: str = METHOD
    version: str = VERSION

    @property
    def n(self) -> int:
        return self.link_weeks.n

    def to_table(self) -> pl.DataFrame:
        """The links, what matters first."""
        return self.links

    def to_dict(self) -> dict[str, Any]:
        """What was done and found, as plain values for JSON; the tables themselves are left out.

        ``recent_signals`` counts points that break a rule, as ``expected_false_alarms`` does; ``rule_hits`` every rule.
        """
        weeks = self.link_weeks.to_table()["week"]
        methods: dict[str, str] = {
            "link_weeks": self.link_weeks.version,
            **{one.measure: one.charts.method for one in self.charts},
        }
        return {
            "method": self.method,
            "version": self.version,
            "engine": self.engine,
            "n": self.n,
            "links": self.links.height,
            "first_week": str(weeks.min()) if len(weeks) else None,
            "last_week": str(weeks.max()) if len(weeks) else None,
            "broken_promises": int(self.links["broken"].sum()),
            "rule_hits": self.signals.height,
            "recent_signals": self.signals.filter("recent").select("subject", "measure", "week").n_unique(),
            "expected_false_alarms": self.false_alarms,
            "methods": methods,
            "capability": {subject: found.to_dict() for subject, found in self.capabilities.items()},
            "timeliness": None if self.timeliness is None else self.timeliness.to_dict(),
            "configuration": self.configuration.to_dict(),
            "sources": [str(source) for source in self.sources],
            "warnings": [warning.render() for warning in self.warnings],
        }


def analyse(
    path: Path,
    wanted: Configuration,
    out: Path,
    *,
    engine: str = DEFAULT_ENGINE,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse the facts in a file or folder; what is worth keeping for the next run is kept in ``out``.

    ``limits`` bound files that are read as a whole (CSV, Excel, event logs); Parquet facts are never in memory whole.

    Raises
    ------
    BatonError
        The engine is not there, the facts cannot be read, or there are none with a time.
    """
    engine_named(engine)  # An engine that is not there is told before a large file is read.
    _demand_apart(path, out)
    prepared = prepared_facts(path, wanted, out, engine=engine, limits=limits or Limits(), progress=progress)
    weeks = refreshed_link_weeks(prepared.place, out / "link_weeks.parquet", engine=engine)
    if weeks.frame.is_empty():
        raise BatonError(
            expected=gettext_noop("At least one handoff with a time was expected."),
            found=gettext_noop("“{place}” has none."),
            remedy=gettext_noop("Check the filter and the period of the export, and which column holds the time."),
            place=display(str(path)),
        )
    return _analysed(prepared, weeks, wanted, engine)


def _analysed(prepared: PreparedFacts, weeks: LinkWeeks, wanted: Configuration, engine: str) -> Analysis:
    charts = charted(weeks.frame, wanted.charts)
    signals = signals_of(charts, wanted.charts.recent_weeks)
    links = judged_links(weeks.frame, signals, wanted)
    shown = links["subject"].head(wanted.report.links).to_list()
    kept = None if prepared.net_times is None else timeliness(prepared.net_times, wanted, engine=engine)
    remarks = [warning for one in charts for warning in one.charts.warnings]
    return Analysis(
        configuration=wanted,
        sources=prepared.sources,
        link_weeks=weeks,
        links=links,
        signals=signals,
        charts=charts,
        capabilities=capabilities(prepared.place, shown, wanted, charts, engine=engine),
        false_alarms=expected_false_alarms(charts, wanted.charts.rules, wanted.charts.recent_weeks),
        engine=engine,
        timeliness=kept,
        warnings=(*prepared.notices, *weeks.warnings, *(() if kept is None else kept.warnings), *remarks),
    )


def _demand_apart(path: Path, out: Path) -> None:
    """Results among the facts would be read as facts in the next run; facts among prepared tables would be lost."""
    facts, results = path.resolve(), out.resolve()
    among = facts.is_dir() and results.is_relative_to(facts)
    if among or results.is_file() or facts.is_relative_to(results / PREPARED):
        raise BatonError(
            expected=gettext_noop("The results need a folder of their own."),
            found=gettext_noop("“{out}” is a file, or lies among the facts."),
            remedy=gettext_noop("Name another folder with --out."),
            out=display(str(out)),
        )


def write(analysis: Analysis, out: Path, report: str) -> tuple[Path, ...]:
    """Write all tables (Parquet and CSV), the record of the run and the report; each appears when it is complete."""
    tables = {
        "measures": analysis.link_weeks.to_table(),
        "links": analysis.links,
        "signals": analysis.signals,
    }
    written = []
    if (found := analysis.timeliness) is not None:
        tables |= {"attainment": found.links.frame.drop("window"), "attainment_by_window": found.windows.frame}
        written.append(_replace(out / "handoffs.parquet", found.handoffs.write_parquet))
    for name, table in tables.items():
        written.append(_replace(out / f"{name}.parquet", table.write_parquet))
        written.append(_replace(out / f"{name}.csv", partial(_without_formulas(table).write_csv, include_bom=True)))
    record = json.dumps(analysis.to_dict(), ensure_ascii=False, indent=2, default=str)
    written.append(_replace(out / "run.json", lambda draft: draft.write_text(record, encoding="utf-8")))
    written.append(_replace(out / "report.html", lambda draft: draft.write_text(report, encoding="utf-8")))
    return tuple(written)


def _without_formulas(table: pl.DataFrame) -> pl.DataFrame:
    """The table with texts that no spreadsheet takes for formulas."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String]
    harmless = {name: {text: inert(text) for text in table[name].unique().drop_nulls()} for name in texts}
    return table.with_columns(pl.col(name).replace(meant) for name, meant in harmless.items())


def _replace(target: Path, make: Callable[[Path], object]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}-{secrets.token_hex(6)}.draft")
    try:
        make(draft)
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    return target
