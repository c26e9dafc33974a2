"""Copying the records of a PostgreSQL installation with pg_dump."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection, connections

from baton.core.backup.counting import summary, volatile_tables
from baton.core.database.snapshots import read_snapshot
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


class ToolFailed(Refused):
    """One of PostgreSQL's programs is missing, or refused."""


def copy_to(file: Path) -> tuple[dict[str, int], int, str]:
    """Dump the database into ``file`` as it stands at one moment; returns what :func:`counting.summary` says of it."""
    with read_snapshot():
        snapshot = _ask("SELECT pg_export_snapshot()")[0][0]
        counted = summarise()
        left_out = [f"--exclude-table-data={table}" for table in volatile_tables()]
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={file}", *left_out)
    return counted


def examine(file: Path) -> tuple[dict[str, int], int, str] | None:
    """A dump cannot be counted without restoring it; None. Raises :class:`ToolFailed` for a damaged one."""
    _run("pg_restore", "--list", str(file), connected=False)
    return None


def bring_back(file: Path) -> None:
    """Put the contents of ``file`` in place of everything in the database, in one transaction."""
    script = file.with_suffix(".sql")
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file), connected=False)
    connection.close()
    empty = "SET lock_timeout = '20s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--command={empty}",
         f"--file={script}")  # fmt: skip
    connection.close()
    if connection.pool:  # type: ignore[attr-defined]
        connection.close_pool()  # type: ignore[attr-defined]


def is_empty() -> bool:
    """Whether the database holds no records yet."""
    if "core_auditentry" not in connection.introspection.table_names():
        return True
    return not _ask("SELECT EXISTS (SELECT 1 FROM core_auditentry)")[0][0]


def summarise() -> tuple[dict[str, int], int, str]:
    """What :func:`counting.summary` says of the database itself."""
    tables = {name for (name,) in _ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    return summary(_ask, sorted(tables - set(volatile_tables())))


def _ask(statement: str) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _run(program: str, *arguments: str, connected: bool = True) -> None:
    settings = connection.settings_dict
    environment = dict(os.environ)
    if connected:
        given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
        environment |= {name: str(settings[key]) for name, key in given.items() if settings[key]}
    ran = subprocess.run(
        [_find(program), *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if ran.returncode != 0:
        raise ToolFailed(
            expected=gettext_noop("PostgreSQL's program {program} must succeed."),
            found=gettext_noop("It said: {said}"),
            remedy=gettext_noop("Correct that and try again. Nothing was changed."),
            program=program,
            said=ran.stderr.decode(errors="replace").strip()[-1000:],
        )


def _find(program: str) -> str:
    """The newest of Debian's versions, else what the path offers."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda file: float(file.parents[1].name)
    )
    found = str(installed[-1]) if installed else shutil.which(program)
    if found is None:
        raise ToolFailed(
            expected=gettext_noop("Backup and restore on PostgreSQL need its program {program}."),
            found=gettext_noop("It is not installed."),
            remedy=gettext_noop("Install Debian's package postgresql-client, or add its folder to the path."),
            program=program,
        )
    return found
