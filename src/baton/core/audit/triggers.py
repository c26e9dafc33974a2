"""The triggers of the database that make the audit trail append-only.

Rewriting a table (Django does it for most changes of a table on SQLite) silently drops its triggers: a migration that
touches the table ends with :class:`ProtectAuditTrail`, and the start-up check and ``verify`` look for what is missing.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

TABLE = "core_auditentry"
REFUSAL = "the audit trail is append-only"

_SQLITE = {
    "core_audit_no_update": f"BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "core_audit_no_delete": f"BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE removes the old row without firing the trigger against DELETE.
    "core_audit_no_replace": (
        f"BEFORE INSERT ON {TABLE} WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE seq = NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    ),
}
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = {
    "core_audit_no_update": f"BEFORE UPDATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse()",
    "core_audit_no_delete": f"BEFORE DELETE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse()",
    "core_audit_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse()",
}


def create(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing any of the same names."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, what in _SQLITE.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {what}")
            return
        cursor.execute(_POSTGRESQL_FUNCTION)
        for name, what in _POSTGRESQL.items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            cursor.execute(f"CREATE TRIGGER {name} {what}")
            # Also where session_replication_role would leave ordinary triggers out.
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers, as the reverse of a migration does."""
    table = "" if connection.vendor == "sqlite" else f" ON {TABLE}"
    with connection.cursor() as cursor:
        for name in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that are absent, switched off or not as :func:`create` makes them, in order."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            found = dict(cursor.fetchall())
            return [name for name, what in _SQLITE.items() if found.get(name) != f"CREATE TRIGGER {name} {what}"]
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = to_regclass(%s) AND t.tgenabled = 'A' AND p.proname = 'core_audit_refuse' "
            "AND p.prosrc LIKE '%%RAISE EXCEPTION%%'",
            [TABLE],
        )
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in _POSTGRESQL if name not in present]


class ProtectAuditTrail(Operation):
    """Last step of every migration that creates or changes the table of the audit trail."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The triggers are no part of Django's picture of the tables."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.allow_migrate_model(schema_editor.connection.alias, to_state.apps.get_model("core", "AuditEntry")):
            create(schema_editor.connection)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if self.allow_migrate_model(schema_editor.connection.alias, to_state.apps.get_model("core", "AuditEntry")):
            drop(schema_editor.connection)

    def describe(self) -> str:
        return "Make the audit trail append-only"
