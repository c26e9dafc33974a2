"""Which clauses the handoffs of a link kept and which they broke, by the same facts as the charts."""

from __future__ import annotations

import polars as pl

from baton.handoffs.facts.clauses import clause_facts


def judged(source: str) -> dict[tuple[int, str], bool]:
    """By key of the handoff and public id of the clause, whether it was kept; what nobody can say, and what promises
    nothing, is left out. ``source`` is one of :mod:`baton.handoffs.facts.sources`. Of several measured values all have
    to be within the limits; of counted units none may be faulty."""
    rows = clause_facts(source)
    if rows is None:
        return {}
    kept = pl.coalesce("kept", pl.col("defects") == 0)
    said = rows.filter(pl.col("promised").is_not_null()).with_columns(kept=kept).drop_nulls("kept")
    found = said.group_by("case", "clause").agg(pl.col("kept").all())
    return {(case, clause): well for case, clause, well in found.iter_rows()}
