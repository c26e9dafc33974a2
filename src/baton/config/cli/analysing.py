"""Commands that need no server, no settings and no database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.config.cli.root import main
from baton.config.terminal import language as terminal_language
from baton.config.terminal import print_json, print_table, progress_bar, remark, say, shown, translator

if TYPE_CHECKING:
    from baton_analysis.analyse.running import Analysis
    from baton_analysis.facts.events import PartyKind
    from baton_analysis.measures.handover_chain import HandoverChain
    from baton_analysis.readers import Limits


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", required=True, help="Column of the case, such as case:concept:name. OCEL: a type of objects.")
@click.option("--party", required=True, help="Column of the party: team, role, department or person.")
@click.option("--time", help="Column of the time. XES and OCEL: found by itself.")
@click.option("--activity", help="Column of the activity. XES and OCEL: found by itself.")
@click.option("--party-kind", help="team, role, department or person. Default: told by the column's name, else person.")
@click.option("--allow-persons", is_flag=True, help="Show persons by name instead of pseudonyms.")
@click.option("--missing", multiple=True, help="A value that means “missing”, such as ?; may be repeated.")
@click.option("--zone", default="UTC", show_default=True, help="Zone of times that carry none.")
@click.option("--sheet", help="Sheet of an Excel workbook. Default: the first that is not hidden.")
@click.option("--most-events", type=click.IntRange(min=1), help="Most events that are read. Default: 5,000,000.")
@click.option("--engine", default="polars", show_default=True, help="polars, duckdb or spark.")
@click.option("--json", "as_json", is_flag=True, help="The whole result as JSON.")
@click.option("--most", default=20, show_default=True, help="Rows of the printed table.")
def discover(
    file: Path,
    case: str,
    party: str,
    time: str | None,
    activity: str | None,
    party_kind: PartyKind | None,
    allow_persons: bool,
    missing: tuple[str, ...],
    zone: str,
    sheet: str | None,
    most_events: int | None,
    engine: str,
    as_json: bool,
    most: int,
) -> None:
    """Who hands work to whom in an event log (XES, OCEL, CSV, Excel, Parquet). Needs no server."""
    from baton_analysis.discover import discover as run

    limits = _limits(most_events)
    with progress_bar("Reading", hidden=as_json) as advance:
        chain = run(
            file, case=case, party=party, time=time, activity=activity, party_kind=party_kind,
            allow_persons=allow_persons, missing=missing, zone=zone, sheet=sheet, engine=engine, limits=limits,
            progress=advance,
        )  # fmt: skip
    if as_json:
        print_json(chain.to_dict())
    else:
        _print_chain(chain, most)


def _limits(most_rows: int | None) -> Limits:
    """Those of the readers, but for so many rows."""
    from baton_analysis.readers import Limits

    return Limits() if most_rows is None else replace(Limits(), events=most_rows, cells=20 * most_rows)


def _print_chain(chain: HandoverChain, most: int) -> None:
    found = chain.to_dict()
    say(
        f"{found['cases']:,} cases, {found['events']:,} events, {found['parties']:,} parties; "
        f"{found['handovers']:,} handovers in {found['cases_with_handover']:,} cases, {found['pairs']:,} pairs; "
        f"ping-pong {found['ping_pong']['count']:,} in {found['ping_pong']['cases']:,} cases"
    )
    numbers = ("handovers", "cases", "median wait, h", "p90 wait, h", "returns")
    rows = []
    for edge in found["edges"][:most]:
        waits = [
            "" if edge[name] is None else f"{edge[name] / 3600:,.2f}"
            for name in ("median_wait_seconds", "p90_wait_seconds")
        ]
        counts = (f"{edge['handovers']:,}", f"{edge['cases']:,}")
        rows.append((edge["supplier"], edge["customer"], *counts, *waits, f"{edge['returns']:,}"))
    print_table(("supplier", "customer", *numbers), rows, numbers=numbers)
    translate = translator()
    for notice in chain.notices:
        remark(f"note: {shown(notice.render(translate))}")


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML: see the guide.")
@click.option("--out", default="analysis", show_default=True, type=click.Path(path_type=Path), help="Results' folder.")
@click.option("--engine", default="polars", show_default=True, help="polars, duckdb or spark.")
@click.option("--most-events", type=click.IntRange(min=1), help="Most rows of CSV, Excel and logs. Default: 5,000,000.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Of the report. Default: the terminal's.")
@click.option("--json", "as_json", is_flag=True, help="What was done and found, as JSON.")
@click.option("--most", default=20, show_default=True, help="Rows of the printed table.")
def analyse(
    path: Path,
    config: Path | None,
    out: Path,
    engine: str,
    most_events: int | None,
    language: str | None,
    as_json: bool,
    most: int,
) -> None:
    """Measures, signals and a report of handoffs or events (Parquet, CSV; a file or a folder). Needs no server."""
    from baton_analysis.analyse.configuration import Configuration, read_configuration
    from baton_analysis.analyse.report import report_page
    from baton_analysis.analyse.running import analyse as run
    from baton_analysis.analyse.running import write

    limits = _limits(most_events)
    wanted = read_configuration(config) if config else Configuration()
    spoken = language or terminal_language()
    with progress_bar("Reading", hidden=as_json) as advance:
        analysis = run(path, wanted, out, engine=engine, limits=limits, progress=advance)
    written = write(analysis, out, report_page(analysis, spoken, translate=translator(spoken)))
    if as_json:
        print_json(analysis.to_dict() | {"written": [str(file) for file in written]})
        return
    _print_links(analysis, most)
    for notice in dict.fromkeys(warning.render(translator()) for warning in analysis.warnings):
        remark(f"note: {shown(notice)}")
    say(f"report: {written[-1]}")


def _print_links(analysis: Analysis, most: int) -> None:
    found = analysis.to_dict()
    say(
        f"{found['n']:,} handoffs of {found['links']:,} links, weeks {found['first_week']} to {found['last_week']}; "
        f"{found['broken_promises']:,} promises broken; {found['recent_signals']:,} new signals, "
        f"{found['expected_false_alarms']:.1f} expected by chance"
    )
    if found["timeliness"] is not None:
        _say_attainment(found["timeliness"])
    numbers = ("handoffs", "judged", "late", "95 % interval", "new signals")
    rows = []
    for row in analysis.links.head(most).iter_rows(named=True):
        late = ("", "") if row["late_share"] is None else (
            f"{row['late_share']:.1%}", f"{row['late_low']:.1%} to {row['late_high']:.1%}"
        )  # fmt: skip
        state = "broken" if row["broken"] else "worse" if row["recent_worse"] else ""
        counts = (f"{row['handoffs']:,}", f"{row['judged']:,}")
        rows.append((row["subject"], state, *counts, *late, f"{row['recent_signals']:,}"))
    print_table(("link", "state", *numbers), rows, numbers=numbers)


def _say_attainment(found: dict[str, Any]) -> None:
    share = "nothing was due"
    if found["value"] is not None:
        low, high = found["interval"]
        share = f"{found['value']:.1%} of {found['n']:,} in time (95 % interval {low:.1%} to {high:.1%})"
    say(f"promised times: {share}; {found['overdue']:,} open and overdue, {found['waiting']:,} open and not due yet")
