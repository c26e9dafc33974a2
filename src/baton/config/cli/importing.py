"""The command that imports a table, by the same way as the pages and with the same checks."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from baton.config.cli.root import main
from baton.config.terminal import (
    actor,
    complain,
    print_json,
    progress_bar,
    remark,
    say,
    set_up_django,
    shown,
    translator,
)

if TYPE_CHECKING:
    from baton.core.models import ImportRun


@main.command("import")
@click.argument("target")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", "mapping_name", help="Saved assignment of columns; without it they are found by their names."
)
@click.option("--system", default="", help="Other system whose keys the table holds, such as SAP.")
@click.option("--sheet", default="", help="Sheet of a workbook; the first one without it.")
@click.option("--check", "only_check", is_flag=True, help="Check every row and enter nothing.")
@click.option("--leave-refused-out", "leave_out", is_flag=True, help="Enter the other rows where some are refused.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def import_table(
    target: str, file: Path, mapping_name: str | None, system: str, sheet: str, only_check: bool, leave_out: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Import a table (CSV, XLSX, Parquet) as TARGET: organisation, keys, people, outputs, needs, projects, links,
    responsibilities, accounts, contacts, clauses, handoffs, handoff_cases, handoff_events or calendar_days.

    Every row is checked first; nothing is entered while one is refused, unless --leave-refused-out. What is there
    already stays as it is, so the same table may be imported again; where that was stopped half-way, it goes on where
    it stood.
    """
    set_up_django()
    from baton.core.changes.imports import enter_import
    from baton.core.import_targets import import_targets
    from baton.core.imports.runs import enter_now
    from baton.core.rules import ImportState

    if target not in import_targets:
        complain(f"There is no target “{target}”. There are: {', '.join(name for name, _entry in import_targets)}")
        sys.exit(2)
    by = actor("import")
    begun = None if only_check else _begun_before(target, file)
    if begun is None:
        with progress_bar("Checking", hidden=as_json) as advance:
            run = _checked(target, file, mapping_name, system, sheet, advance)
        ready = run.state == ImportState.CHECKED and (leave_out or not run.rows_refused) and not only_check
        if ready and (run.rows_new or run.rows_changed):
            run = enter_import(by=by, at=datetime.now(UTC), run=run, leave_out=leave_out)
    else:
        run = begun
    if run.state == ImportState.ENTERING:
        with progress_bar("Entering", hidden=as_json) as advance:
            run = enter_now(
                by=by, at=datetime.now(UTC), run=run,
                progress=lambda done, total, note="": advance(done / max(total, 1)),  # type: ignore[arg-type]
            )  # fmt: skip
    _print(run, as_json)
    failed = run.state == ImportState.FAILED or (run.rows_refused and not run.leave_out)
    sys.exit(1 if failed else 0)


def _begun_before(target: str, file: Path) -> ImportRun | None:
    """The same table, of which a command that was stopped entered a part."""
    from baton.core.queries import import_left_half_way

    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    return import_left_half_way(viewer=actor("import"), target=target, digest=digest)


def _checked(target: str, file: Path, mapping_name: str | None, system: str, sheet: str, advance: Any) -> ImportRun:
    """The table, brought and checked."""
    from baton.core.changes.imports import bring_import, check_import
    from baton.core.import_targets import import_targets
    from baton.core.imports.runs import check_now
    from baton.core.imports.tables import beginning, proposed
    from baton.core.queries import saved_mappings
    from baton.core.rules import ImportOrigin

    by, at = actor("import"), datetime.now(UTC)
    saved = None
    if mapping_name is not None:
        kept = {mapping.name: mapping for mapping in saved_mappings(viewer=by, target=target)}
        if mapping_name not in kept:
            complain(f"There is no kept assignment “{mapping_name}”. There are: {', '.join(kept) or 'none'}")
            sys.exit(2)
        saved = kept[mapping_name]
    with file.open("rb") as opened:
        run = bring_import(
            by=by, at=at, target=target, title=file.name, origin=ImportOrigin.COMMAND,
            chunks=iter(lambda: opened.read(1 << 20), b""),
        )  # fmt: skip
    seen = beginning(run, sheet=sheet or None)
    mapping = proposed(import_targets.get(target), seen.header, saved)
    run = check_import(
        by=by, at=at, run=run, mapping=mapping, system=system or (saved.system if saved else ""), sheet=seen.sheet
    )
    return check_now(
        by=by, at=at, run=run,
        progress=lambda done, total, note="": advance(done / total if total else 0.5),  # type: ignore[arg-type]
    )  # fmt: skip


def _print(run: ImportRun, as_json: bool) -> None:
    from baton.core.imports.reports import SHOWN, problems_of
    from baton_analysis.errors import BatonError

    failure = run.failure and BatonError(
        expected=run.failure["expected"], found=run.failure["found"], remedy=run.failure["remedy"],
        **run.failure["values"],
    ).render(translator())  # fmt: skip
    if as_json:
        print_json({
            "id": run.public_id, "state": run.state, "digest": run.digest, "rows": run.rows, "new": run.rows_new,
            "changed": run.rows_changed, "unchanged": run.rows_unchanged, "refused": run.rows_refused,
            "mapping": run.mapping, "failure": failure or "",
            "mistakes": [
                {name: getattr(one, name) for name in ("row", "column", "expected", "found", "remedy")}
                for one in problems_of(run)
            ],
        })  # fmt: skip
        return
    say(
        f"{run.rows} rows: {run.rows_new} new, {run.rows_changed} changed, {run.rows_unchanged} unchanged, "
        f"{run.rows_refused} refused. {run.get_state_display()}."
    )
    if failure:
        complain(failure)
    for one in problems_of(run, SHOWN):
        remark(shown(f"  {one.row}, {one.column}: {one.text}"))
