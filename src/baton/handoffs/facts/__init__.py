"""From records of handoffs to facts: what was handed over on a link, and each handoff held against the clauses that
were in force when it occurred. No names leave.

What computes is loaded when it is first asked: a server that answers pages needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baton.handoffs.facts.sources import (
    CLAUSES,
    LINKS,
    source_name,
    sources,
    sources_of_batch,
    sources_of_record,
)

if TYPE_CHECKING:
    import polars as pl


def clause_facts(source: str) -> pl.DataFrame | None:
    """See :func:`baton.handoffs.facts.clauses.clause_facts`."""
    from baton.handoffs.facts import clauses

    return clauses.clause_facts(source)


def link_facts(source: str) -> pl.DataFrame | None:
    """See :func:`baton.handoffs.facts.links.link_facts`."""
    from baton.handoffs.facts import links

    return links.link_facts(source)


__all__ = [
    "CLAUSES",
    "LINKS",
    "clause_facts",
    "link_facts",
    "source_name",
    "sources",
    "sources_of_batch",
    "sources_of_record",
]
