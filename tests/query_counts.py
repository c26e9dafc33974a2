"""How many queries a page asks; a page that asks one more for every row is found by counting twice."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_a_page(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """Queries on the records by address; a streamed file is read to its end. Every page must answer 200."""
    counts = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            assert answer.status_code == 200, f"{address} answered {answer.status_code}"
            b"".join(answer)
        counts[address] = len(asked)
    return counts
