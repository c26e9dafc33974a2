"""Two roles on PostgreSQL: one owns tables and triggers, the other one is the application's.

The owner of a table may drop its triggers, and then rewrite the audit trail. The application therefore connects as a
role that owns nothing: it reads and writes rows, but neither changes a table nor touches what stands in the trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

TRAIL = "core_auditentry"
APPEND_ONLY = (TRAIL, "core_signature")
MIGRATIONS = "django_migrations"
# Forgetting vacuums tables; from this version of PostgreSQL on that can be granted.
MAINTAIN_FROM = 170000
_IDENTITY = ("USER", "PASSWORD", "HOST", "PORT", "NAME")


@contextmanager
def connected_as(owner: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """This thread's connection of the block is the owner's; afterwards it is the application's again.

    Raises :class:`Refused` when ``owner`` names another database than the application's.
    """
    kept = {name: connections.settings[alias][name] for name in _IDENTITY}
    if [owner[name] for name in ("HOST", "PORT", "NAME")] != [kept[name] for name in ("HOST", "PORT", "NAME")]:
        raise Refused(
            expected=gettext_noop("BATON_OWNER_DATABASE_URL must name the database of DATABASE_URL, under its owner."),
            found=gettext_noop("It names another host, port or database."),
            remedy=gettext_noop("Let the two addresses differ in user and password only."),
        )
    _point(alias, {name: owner[name] for name in _IDENTITY})
    try:
        yield
    finally:
        _point(alias, kept)


def _point(alias: str, identity: dict[str, Any]) -> None:
    connection = connections[alias]
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    connections.settings[alias].update(identity)
    del connections[alias]


def grant_use(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give ``role`` what the application needs, as the owner of the tables; the same however often it is done.

    Tables and sequences that later migrations make are included (ALTER DEFAULT PRIVILEGES). Taken away again: changing
    or removing entries of the audit trail and signatures, writing the list of migrations, making objects in the schema.
    """
    named = connection.ops.quote_name(role)
    schema = 'SCHEMA "public"'
    statements = [
        f"REVOKE CREATE ON {schema} FROM PUBLIC",
        f"GRANT USAGE ON {schema} TO {named}",
        f"REVOKE CREATE ON {schema} FROM {named}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN {schema} TO {named}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN {schema} TO {named}",
        f"ALTER DEFAULT PRIVILEGES IN {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {named}",
        f"ALTER DEFAULT PRIVILEGES IN {schema} GRANT USAGE, SELECT ON SEQUENCES TO {named}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {named}" for table in APPEND_ONLY),
        f"REVOKE INSERT, UPDATE, DELETE ON {MIGRATIONS} FROM {named}",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        if cursor.fetchone()[0] >= MAINTAIN_FROM:
            statements.append(f"GRANT MAINTAIN ON ALL TABLES IN {schema} TO {named}")
        for statement in statements:
            cursor.execute(statement)


def may_rewrite_trail(connection: BaseDatabaseWrapper) -> bool:
    """Whether the connected role could take the protection off the audit trail: as its owner or as a superuser."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass(%s)", [TRAIL]
        )
        found = cursor.fetchone()
    return bool(found and found[0])
