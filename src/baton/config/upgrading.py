"""Bringing a database to this version, with a backup first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from baton.core.audit import triggers


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done."""

    applied: int
    backup: Path | None


def pending(alias: str = "default") -> int:
    """Number of migrations that the database behind ``alias`` still lacks."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def upgrade(*, at: datetime, backup_first: bool = True) -> Upgrade:
    """Apply what is pending to every database; a database with content is backed up first. Triggers of the audit trail
    that are missing are made again.
    """
    from baton.core.backup import backup

    waiting = pending()
    made: Path | None = None
    tables = connections["default"].introspection.table_names()
    if waiting and backup_first and "core_auditentry" in tables:
        stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        made = backup(Path(settings.DATA_DIR) / "backups" / f"before-migration-{stamp}.tar")
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    if triggers.missing(connections["default"]):
        triggers.create(connections["default"])
    return Upgrade(waiting, made)
