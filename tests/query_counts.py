"""How many queries a page asks; a page that asks one more for every row is found by counting twice.

Only what is asked of the records counts: on PostgreSQL sessions and the cache share their connection, on SQLite they
do not. What a process keeps of earlier pages is forgotten before each.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from baton.core.versions import Memory

PASSING_TABLES = ('"baton_cache"', '"django_session"')


def queries_a_page(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """Queries on the records by address; a streamed file is read to its end. Every page must answer 200."""
    counts = {}
    for address in addresses:
        Memory.forget_all()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            assert answer.status_code == 200, f"{address} answered {answer.status_code}"
            b"".join(answer)
        counts[address] = sum(of_records(query["sql"]) for query in asked)
    return counts


def of_records(sql: str) -> bool:
    """Whether a query asks the records: not sessions or the cache, not the bounds of a transaction."""
    bounds = sql.startswith(("BEGIN", "SET ", "SAVEPOINT", "RELEASE SAVEPOINT", "COMMIT"))
    return not bounds and not any(table in sql for table in PASSING_TABLES)
