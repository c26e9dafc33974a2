"""Handoffs by their ids in the systems that they come from."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from baton.handoffs.models import Handoff


def keyed(*, link: int, system: str) -> QuerySet[Handoff]:
    """The handoffs of a link (key) that have an id in a system, those of unfinished and withdrawn bulk entries
    included: for checks of unique keys, whoever asks. A filter by ``key`` on top is answered by the index of the unique
    constraint, however many handoffs the link has."""
    table, column = (connection.ops.quote_name(name) for name in (Handoff._meta.db_table, "key"))
    # SQLite takes a partial index only where its condition stands in the query as it does there, without parameters.
    rows = Handoff.everything.filter(link=link, system=system)
    return rows.extra(where=[f"NOT ({table}.{column} = '')"])
