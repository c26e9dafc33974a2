"""Commands that start the application, and those that look whether it can be started."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, complain, print_json, progress_bar, say, set_up_django


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
@click.option("--nice", type=click.IntRange(0, 19), default=0, show_default=True, help="Let pages go first: 1 to 19.")
def worker(once: bool, nice: int) -> None:
    """Run background jobs and the schedule."""
    os.nice(nice)
    set_up_django()
    from django.utils import timezone

    from baton.core.health import demand_startable
    from baton.core.worker import Worker, run_worker

    demand_startable()
    if once:
        done = Worker().drain(timezone.now())
        say(f"{done.runs} runs, {done.failed} of them failed.")
        sys.exit(1 if done.failed else 0)
    run_worker()


@main.command()
@click.option("--no-backup", is_flag=True, help="Skip the backup that is made when migrations are pending.")
def migrate(no_backup: bool) -> None:
    """Bring the database to this version; a backup is made first."""
    set_up_django()
    from baton.config.upgrading import upgrade

    result = upgrade(at=datetime.now(UTC), backup_first=not no_backup)
    say(f"{result.applied} migrations applied." if result.applied else "The database is up to date.")
    if result.backup is not None:
        say(f"Backup made before: {result.backup}")
    if result.granted_to:
        say(f"The role {result.granted_to} may use the tables and change none of them.")


@main.command()
@click.option("--if-empty", is_flag=True, help="Load nothing when people are already there; name the demo's sign-ins.")
@click.option(
    "--sector", type=click.Choice(["hospital", "factory", "laboratory"]), default="hospital", show_default=True,
    help="Whose demonstration.",
)  # fmt: skip
def demo(if_empty: bool, sector: str) -> None:
    """Load the demonstration: a small hospital, factory or laboratory with a year of handovers."""
    set_up_django()
    from django.conf import settings
    from django.utils import timezone

    from baton.core.queries import any_people, people_overview
    from baton.starters.changes import load_demo
    from baton.starters.rules import sector_of, sign_in_lines

    if any_people():
        if if_empty:
            there = {row["sign_in_name"] for row in people_overview(viewer=actor("demo"), at=timezone.now())}
            loaded_sector = sector_of(there)
            if settings.DEMO and loaded_sector is not None:
                say("\n".join(sign_in_lines(loaded_sector)))
            return
        complain("The database already has people; the demonstration is only for an empty one.")
        sys.exit(1)
    if not settings.DEMO:
        complain("The demonstration has known sign-ins. Set BATON_DEMO=1 to allow it.")
        sys.exit(1)
    with progress_bar("Demonstration") as advance:
        loaded = load_demo(at=timezone.now(), sector=sector, progress=advance)
    for line in loaded.lines():
        say(line)


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
            mark, colour = ("wrong", "red") if not finding.ok else ("ok", "green")
            if finding.warning:
                mark, colour = "mind", "yellow"
            say(f"{click.style(mark, fg=colour)}  {finding.name}: {finding.message}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@click.option("--search", is_flag=True, help="Only the words by which records are found.")
def rebuild(search: bool) -> None:
    """Make all facts, measures and signals, or what the search looks through, anew from the records."""
    set_up_django()
    from django.utils import timezone

    if search:
        from baton.core.search import keeping

        say(f"{keeping.rebuild(by=actor('rebuild'), at=timezone.now())} records can be found.")
        return

    from baton.monitoring.changes import rebuild as run

    with progress_bar("Rebuilding") as advance:
        run(
            by=actor("rebuild"), at=timezone.now(),
            progress=lambda done, total, note: advance(done / total if total else 0.0),
        )  # fmt: skip
    say("Rebuilt.")
