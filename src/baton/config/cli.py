"""The console script ``baton``.

Exit codes: 0 done, 1 refused or found wanting (the message says why), 2 wrong use of the command.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from baton import __version__
from baton_analysis.errors import BatonError

if TYPE_CHECKING:
    from baton.core.actors import Actor
    from baton_analysis.measures.handover_chain import HandoverChain

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def shown(text: str) -> str:
    """``text`` of a file or a person as a terminal may print it: no markup of ours, no control characters."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))


class BatonGroup(click.Group):
    """Shows a refusal as its message, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BatonError as refusal:
            err.print(f"[bold red]baton:[/] {shown(refusal.render())}", soft_wrap=True)
            sys.exit(1)


def set_up_django() -> None:
    """Load the application; commands that need only the analysis never call this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baton.config.settings")
    import django

    django.setup()


def _actor(process: str) -> Actor:
    from baton.core.actors import Actor

    return Actor.system(process)


@contextmanager
def progress_bar(label: str, *, hidden: bool = False) -> Iterator[Callable[[float], None]]:
    """A bar on standard error; the yielded function takes the share done, 0 to 1."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=hidden or not err.is_terminal) as bar:
        task = bar.add_task(label, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def print_json(value: Any) -> None:
    """Data for other programs: UTF-8, two spaces."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


@click.group(cls=BatonGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="baton")
def main() -> None:
    """Baton: everybody has a customer; the next process is your customer."""


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", required=True, help="Column of the case, such as case:concept:name.")
@click.option("--party", required=True, help="Column of the party: team, role, department or person.")
@click.option("--time", help="Column of the time. XES: time:timestamp.")
@click.option("--activity", help="Column of the activity. XES: concept:name.")
@click.option("--missing", multiple=True, help="A value that means “missing”, such as ?; may be repeated.")
@click.option("--zone", default="UTC", show_default=True, help="Zone of times that carry none.")
@click.option("--engine", default="polars", show_default=True, help="polars, duckdb or spark.")
@click.option("--json", "as_json", is_flag=True, help="The whole result as JSON.")
@click.option("--most", default=20, show_default=True, help="Rows of the printed table.")
def discover(
    file: Path,
    case: str,
    party: str,
    time: str | None,
    activity: str | None,
    missing: tuple[str, ...],
    zone: str,
    engine: str,
    as_json: bool,
    most: int,
) -> None:
    """Who hands work to whom in an event log (XES, CSV, Parquet). Needs no server."""
    from baton_analysis.discover import discover as run

    with progress_bar("Reading", hidden=as_json) as advance:
        chain = run(
            file, case=case, party=party, time=time, activity=activity, missing=missing, zone=zone, engine=engine,
            progress=advance,
        )  # fmt: skip
    if as_json:
        print_json(chain.to_dict())
    else:
        _print_chain(chain, most)


def _print_chain(chain: HandoverChain, most: int) -> None:
    found = chain.to_dict()
    out.print(
        f"{found['cases']:,} cases, {found['events']:,} events, {found['parties']:,} parties; "
        f"{found['handovers']:,} handovers in {found['cases_with_handover']:,} cases, {found['pairs']:,} pairs; "
        f"ping-pong {found['ping_pong']['count']:,} in {found['ping_pong']['cases']:,} cases"
    )
    table = Table()
    for heading in ("supplier", "customer"):
        table.add_column(heading)
    for heading in ("handovers", "cases", "median wait, h", "p90 wait, h", "returns"):
        table.add_column(heading, justify="right")
    for edge in found["edges"][:most]:
        waits = [
            "" if edge[name] is None else f"{edge[name] / 3600:,.2f}"
            for name in ("median_wait_seconds", "p90_wait_seconds")
        ]
        counts = (f"{edge['handovers']:,}", f"{edge['cases']:,}")
        ends = (shown(edge["supplier"]), shown(edge["customer"]))
        table.add_row(*ends, *counts, *waits, f"{edge['returns']:,}")
    out.print(table)
    for notice in chain.notices:
        err.print(f"note: {shown(notice.render())}", soft_wrap=True)


@main.command()
@click.option("--port", type=int, envvar="PORT", default=8000, show_default=True, help="Also read from PORT.")
@click.option("--lan", is_flag=True, help="Serve this network over https with a local certificate and a QR code.")
@click.option("--address", help="Address to listen on. Default 127.0.0.1, with --lan this machine's address.")
@click.option("--threads", default=8, show_default=True, help="Threads of each web process.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option("--with-worker", is_flag=True, help="Run the background worker beside the web server.")
def serve(port: int, lan: bool, address: str | None, threads: int, workers: int, with_worker: bool) -> None:
    """Serve the application."""
    from baton.config.serving import serve as run

    code = run(
        at=datetime.now(UTC), port=port, lan=lan, address=address, threads=threads, workers=workers,
        with_worker=with_worker,
    )  # fmt: skip
    sys.exit(code)


@main.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(once: bool) -> None:
    """Run background jobs and the schedule."""
    set_up_django()
    from django.utils import timezone

    from baton.core.health import demand_startable
    from baton.core.worker import Worker, run_worker

    demand_startable()
    if once:
        done = Worker().drain(timezone.now())
        out.print(f"{done.runs} runs, {done.failed} of them failed.")
        sys.exit(1 if done.failed else 0)
    run_worker()


@main.command()
@click.option("--no-backup", is_flag=True, help="Skip the backup that is made when migrations are pending.")
def migrate(no_backup: bool) -> None:
    """Bring the database to this version; a backup is made first."""
    set_up_django()
    from baton.config.upgrading import upgrade

    result = upgrade(at=datetime.now(UTC), backup_first=not no_backup)
    out.print(f"{result.applied} migrations applied." if result.applied else "The database is up to date.")
    if result.backup is not None:
        out.print(f"Backup made before: {result.backup}", soft_wrap=True)


@main.command()
@click.option("--if-empty", is_flag=True, help="Load nothing when people are already there; name the demo's sign-ins.")
def demo(if_empty: bool) -> None:
    """Load the demonstration: a small hospital with a year of handovers."""
    set_up_django()
    from django.conf import settings
    from django.utils import timezone

    from baton.core.queries import any_people, people_overview
    from baton.starters.changes import load_demo
    from baton.starters.rules import PEOPLE, sign_in_lines

    if any_people():
        if if_empty:
            there = {row["sign_in_name"] for row in people_overview(viewer=_actor("demo"), at=timezone.now())}
            if settings.DEMO and there >= {person.sign_in_name for person in PEOPLE}:
                out.print("\n".join(sign_in_lines()))
            return
        err.print("[bold red]baton:[/] The database already has people; the demonstration is only for an empty one.")
        sys.exit(1)
    if not settings.DEMO:
        err.print("[bold red]baton:[/] The demonstration has known sign-ins. Set BATON_DEMO=1 to allow it.")
        sys.exit(1)
    with progress_bar("Demonstration") as advance:
        loaded = load_demo(at=timezone.now(), progress=advance)
    for line in loaded.lines():
        out.print(line)


@main.command()
@click.option("--head", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Exported signed heads.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def verify(head: Path | None, as_json: bool) -> None:
    """Recompute the whole audit trail and name the first entry that does not hold."""
    set_up_django()
    from baton.core.audit.verify import verify as run

    with progress_bar("Verifying", hidden=as_json) as advance:
        result = run(progress=advance, heads=head)
    if as_json:
        print_json(result.to_dict())
    else:
        out.print(result.sentence(), soft_wrap=True)
    sys.exit(0 if result.holds else 1)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write database, uploads and keys of the trail into one archive with checksums."""
    set_up_django()
    from baton.core.backup import backup as run

    with progress_bar("Backing up") as advance:
        written = run(target, progress=advance)
    out.print(f"{written}", soft_wrap=True)


@main.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a database that is not empty.")
def restore(archive: Path, force: bool) -> None:
    """Bring back an archive made by `baton backup`."""
    set_up_django()
    from baton.core.backup import restore as run

    with progress_bar("Restoring") as advance:
        run(archive, force=force, progress=advance)
    out.print("Restored. Figures are rebuilt by the worker.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def check(as_json: bool) -> None:
    """Is this installation sound? Settings, database, migrations, triggers, disk, worker."""
    set_up_django()
    from baton.core.health import checks

    findings = checks(at=datetime.now(UTC), thorough=True)
    if as_json:
        print_json([finding.to_dict() for finding in findings])
    else:
        for finding in findings:
            mark = "[green]ok[/]" if finding.ok else "[bold red]wrong[/]"
            out.print(f"{mark}  {finding.name}: {finding.message}", soft_wrap=True)
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
def rebuild() -> None:
    """Make all facts, measures and signals anew from the records."""
    set_up_django()
    from django.utils import timezone

    from baton.monitoring.changes import rebuild as run

    with progress_bar("Rebuilding") as advance:
        run(
            by=_actor("rebuild"), at=timezone.now(),
            progress=lambda done, total, note: advance(done / total if total else 0.0),
        )  # fmt: skip
    out.print("Rebuilt.")


@main.command()
@click.argument("sign_in_name")
@click.option("--reason", required=True, help="Why; stands in the audit trail.")
@click.confirmation_option(prompt="The personal data of this person become unreadable for ever. Go on?")
def forget(sign_in_name: str, reason: str) -> None:
    """Forget a person: destroy the key of his personal data. The trail still verifies."""
    set_up_django()
    from django.utils import timezone

    from baton.chain.queries.event_logs import logs_that_name_persons
    from baton.core.changes import forget_person
    from baton.core.errors import NotFound
    from baton.core.queries import person_by_sign_in_name

    by = _actor("forget")
    try:
        person = person_by_sign_in_name(viewer=by, sign_in_name=sign_in_name)
    except NotFound:
        err.print(f"[bold red]baton:[/] Nobody signs in with “{shown(sign_in_name)}”. See: baton people list")
        sys.exit(1)
    forget_person(by=by, at=timezone.now(), person=person, reason=reason)
    out.print("Forgotten. Backups made before still hold the data until they are deleted.")
    for log in logs_that_name_persons(viewer=by):
        out.print(
            f"“{shown(str(log))}” shows persons by name and may name this one: withdraw it, bring it with pseudonyms.",
            soft_wrap=True,
        )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def retention(as_json: bool) -> None:
    """How long each kind of record is kept, what for, and how many stand longer than that. Deletes nothing."""
    set_up_django()
    from dataclasses import asdict

    from baton.core.retention import retention_report

    lines = retention_report(viewer=_actor("retention"), at=datetime.now(UTC))
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    table = Table("kind", "years", "records", "due", "oldest", "purpose")
    for line in lines:
        oldest = line.oldest.date().isoformat() if line.oldest else ""
        table.add_row(line.kind, str(line.years), f"{line.records:,}", f"{line.due:,}", oldest, line.purpose)
    out.print(table)


@main.group()
def people() -> None:
    """People who sign in."""


@people.command("list")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def people_list(as_json: bool) -> None:
    """Everybody, with roles."""
    set_up_django()
    from baton.core.queries import people_overview

    rows = people_overview(viewer=_actor("people"), at=datetime.now(UTC))
    if as_json:
        print_json(rows)
        return
    table = Table("sign-in name", "name", "roles", "may sign in")
    for row in rows:
        signs_in = "yes" if row["is_active"] else "no"
        table.add_row(shown(row["sign_in_name"]), shown(row["name"]), ", ".join(row["roles"]), signs_in)
    out.print(table)


@people.command("add")
@click.argument("sign_in_name")
@click.option("--name", required=True, help="Name in the organisation's language.")
@click.option("--email", default="", help="Optional; for links to a new password.")
@click.option("--phone", default="", help="Optional, with country code.")
@click.option("--role", "roles", multiple=True, help="Organisation-wide role; may be repeated.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
def people_add(sign_in_name: str, name: str, email: str, phone: str, roles: tuple[str, ...], password: str) -> None:
    """Let somebody sign in."""
    set_up_django()
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from baton.core.changes import add_person, give_role
    from baton.core.rules import Role

    try:
        wanted = [Role(role) for role in roles]
    except ValueError as unknown:
        raise click.BadParameter(f"{unknown}; there are: {', '.join(Role)}", param_hint="--role") from unknown
    by, at = _actor("people"), timezone.now()
    with transaction.atomic():
        person = add_person(
            by=by, at=at, sign_in_name=sign_in_name, name={settings.LANGUAGE_CODE: name}, email=email, phone=phone,
            password=password,
        )  # fmt: skip
        for role in wanted:
            give_role(by=by, at=at, person=person, role=role)
    out.print(f"{person.sign_in_name} may sign in.")
