"""Bringing a database to this version, with a backup first; and what only the owner of its tables can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from baton.core.audit import triggers
from baton.core.database.migrating import migrate
from baton.core.database.postgresql import roles
from baton.core.database.scrubbing import scrub


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done. ``granted_to`` names the application's role where the owner of the tables is another one."""

    applied: int
    backup: Path | None
    granted_to: str = ""


def pending(alias: str = "default") -> int:
    """Number of migrations that the database behind ``alias`` still lacks."""
    executor = MigrationExecutor(connections[alias])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def upgrade(*, at: datetime, backup_first: bool = True) -> Upgrade:
    """Apply what is pending to every database; a database with content is backed up first. Triggers of the audit trail
    that are missing are made again. With BATON_OWNER_DATABASE_URL this is done as the owner of the tables, and the
    application's role is given what it needs.
    """
    from baton.core.backup import backup

    with as_owner() as granted_to:
        waiting = pending()
        made: Path | None = None
        tables = connections["default"].introspection.table_names()
        if waiting and backup_first and "core_auditentry" in tables:
            stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
            made = backup(Path(settings.DATA_DIR) / "backups" / f"before-migration-{stamp}.tar", replace=True)
        for alias in settings.DATABASES:
            migrate(alias)
        call_command("createcachetable", verbosity=0)
        if triggers.missing(connections["default"]):
            triggers.create(connections["default"])
    return Upgrade(waiting, made, granted_to)


@contextmanager
def as_owner() -> Iterator[str]:
    """Work as the owner of the tables, then let the application's role use what there is; yields that role's name.

    Without BATON_OWNER_DATABASE_URL the application's own connection stays, and the name is empty.
    """
    if settings.OWNER_DATABASE is None:
        yield ""
        return
    role = str(connections.settings["default"]["USER"])
    with roles.connected_as(settings.OWNER_DATABASE):
        yield role
        with transaction.atomic():
            roles.grant_use(connections["default"], role)


def scrub_as_owner() -> None:
    """After forgetting somebody: remove what PostgreSQL still keeps of rows that are gone, where the application's role
    may not; nothing to do elsewhere."""
    if settings.OWNER_DATABASE is not None:
        with roles.connected_as(settings.OWNER_DATABASE):
            scrub(*connection.introspection.table_names())
