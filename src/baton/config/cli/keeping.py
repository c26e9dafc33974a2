"""Commands that keep records safe: the trail, backups, terms of retention."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import click

from baton.config.cli.root import main
from baton.config.terminal import actor, print_json, print_table, progress_bar, say, set_up_django


@main.command()
@click.option("--head", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Exported signed heads.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def verify(head: Path | None, as_json: bool) -> None:
    """Recompute the whole audit trail and the files of comments, and look for the keys of open surveys; name the first
    entry and the files that do not hold."""
    set_up_django()
    from baton.core import registries
    from baton.core.attachments.keeping import damaged
    from baton.core.audit.verify import verify as run

    with progress_bar("Verifying", hidden=as_json) as advance:
        result = run(progress=advance, heads=head)
    files = damaged()
    amiss = [said for _name, kept in registries.beside for said in kept.amiss()]
    if as_json:
        print_json({**result.to_dict(), "damaged_files": files, "amiss": amiss})
    else:
        say(result.sentence())
        if files:
            say(f"Files of comments that are missing or not as they were kept: {', '.join(files)}")
        for said in amiss:
            say(said)
    sys.exit(0 if result.holds and not files and not amiss else 1)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the file when there is one of this name.")
def backup(target: Path, replace: bool) -> None:
    """Write database, uploads and keys of the trail into one archive with checksums."""
    set_up_django()
    from baton.core.backup import backup as run

    with _stopped_in_order(), progress_bar("Backing up") as advance:
        written = run(target, progress=advance, replace=replace)
    say(f"{written}")


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Being told to stop (SIGTERM) ends the block like Ctrl-C does: what it was working on is removed."""

    def told(signum: int, frame: FrameType | None) -> None:
        sys.exit(128 + signum)

    before = signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@main.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a database that is not empty.")
def restore(archive: Path, force: bool) -> None:
    """Bring back an archive made by `baton backup`."""
    set_up_django()
    from baton.config.upgrading import as_owner
    from baton.core import registries
    from baton.core.backup import restore as run

    with progress_bar("Restoring") as advance, as_owner():
        run(archive, force=force, progress=advance)
    say("Restored. Figures are rebuilt by the worker.")
    for _name, kept in registries.beside:
        for said in kept.restored(by=actor("restore"), at=datetime.now(UTC)):
            say(said)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
def retention(as_json: bool) -> None:
    """How long each kind of record is kept, what for, and how many stand longer than that. Deletes nothing."""
    set_up_django()
    from dataclasses import asdict

    from baton.core.retention import retention_report

    lines = retention_report(viewer=actor("retention"), at=datetime.now(UTC))
    if as_json:
        print_json([asdict(line) for line in lines])
        return
    rows = [
        (line.kind, str(line.years), f"{line.records:,}", f"{line.due:,}",
         line.oldest.date().isoformat() if line.oldest else "", line.purpose)
        for line in lines
    ]  # fmt: skip
    print_table(("kind", "years", "records", "due", "oldest", "purpose"), rows)
