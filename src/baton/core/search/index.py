"""The database's own index on the words: trigrams of SQLite's FTS5 or of PostgreSQL's pg_trgm.

Without it (a SQLite without FTS5, a role of PostgreSQL that may not create the extension) the same is found, by looking
through all rows; ``baton check`` says so. Words of one and two characters, usual in Chinese, have no trigram and are
always looked for in all rows: 200,000 rows take some 40 ms.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import RawSQL

TABLE = "core_searchentry"
WORDS = "core_searchwords"
TRIGRAMS = "core_searchentry_trigrams"
SHORTEST = 3
"""Characters of the shortest word that trigrams find."""

REMEDY_POSTGRESQL = (
    f"CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE INDEX {TRIGRAMS} ON {TABLE} USING gin (text gin_trgm_ops)"
)

_DELETE = f"INSERT INTO {WORDS}({WORDS}, rowid, text) VALUES ('delete', old.id, old.text);"
_INSERT = f"INSERT INTO {WORDS}(rowid, text) VALUES (new.id, new.text);"
_TRIGGERS = {
    "core_search_added": f"AFTER INSERT ON {TABLE} BEGIN {_INSERT} END",
    "core_search_removed": f"AFTER DELETE ON {TABLE} BEGIN {_DELETE} END",
    "core_search_changed": f"AFTER UPDATE ON {TABLE} BEGIN {_DELETE} {_INSERT} END",
}


def create(connection: BaseDatabaseWrapper) -> bool:
    """Make the index where it is missing, filled with the words that are there; whether it now stands."""
    if not missing(connection):
        return True
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                _create_sqlite(cursor)
            else:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {TRIGRAMS} ON {TABLE} USING gin (text gin_trgm_ops)")
    except DatabaseError:  # not allowed, or the database cannot
        return False
    return True


def _create_sqlite(cursor: Any) -> None:
    _drop_sqlite(cursor)
    cursor.execute(
        f"CREATE VIRTUAL TABLE {WORDS} USING fts5(text, content='{TABLE}', content_rowid='id', "
        "tokenize='trigram case_sensitive 1')"
    )
    cursor.execute("SELECT sqlite_version()")
    version = tuple(int(part) for part in cursor.fetchone()[0].split("."))
    if version >= (3, 42):  # words that are taken out leave nothing behind in the index
        cursor.execute(f"INSERT INTO {WORDS}({WORDS}, rank) VALUES ('secure-delete', 1)")
    for name, what in _TRIGGERS.items():
        cursor.execute(f"CREATE TRIGGER {name} {what}")
    cursor.execute(f"INSERT INTO {WORDS}({WORDS}) VALUES ('rebuild')")


def _drop_sqlite(cursor: Any) -> None:
    for name in _TRIGGERS:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    cursor.execute(f"DROP TABLE IF EXISTS {WORDS}")


def drop(connection: BaseDatabaseWrapper) -> None:
    """Remove the index; the extension stays, others may use it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _drop_sqlite(cursor)
        else:
            cursor.execute(f"DROP INDEX IF EXISTS {TRIGRAMS}")


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether the index, or one of the triggers that keep it, is not there."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            names = [WORDS, *_TRIGGERS]
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"SELECT count(*) FROM sqlite_schema WHERE name IN ({marks})", names)
            return bool(cursor.fetchone()[0] != len(names))
        cursor.execute("SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass(%s) AND indisvalid", [TRIGRAMS])
        return bool(cursor.fetchone()[0] == 0)


def contained(words: list[str]) -> Q:
    """Entries in whose text each of ``words`` (folded) stands somewhere, by reading the text."""
    found = Q()
    for word in words:
        found &= Q(text__contains=word)
    return found


def containing(connection: BaseDatabaseWrapper, words: list[str]) -> Q:
    """Entries in whose text each of ``words`` (folded) stands somewhere."""
    long = [word for word in words if len(word) >= SHORTEST]
    if not long or connection.vendor != "sqlite" or missing(connection):
        return contained(words)  # PostgreSQL's planner takes the index by itself
    phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    found = Q(pk__in=RawSQL(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s", [phrases]))
    return found & contained([word for word in words if word not in long])
