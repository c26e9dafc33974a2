"""What clauses in force ask of those who are served: their perception items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.in_force import versions_in_force_at
from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.texts import Texts

if TYPE_CHECKING:
    from baton.chain.models import Link


@dataclass(frozen=True, slots=True)
class ClauseItem:
    """What a clause asks: ``agreement`` and ``line`` say which, ``links`` where it holds; a clause of a service offer
    holds on several."""

    agreement: str
    line: str
    words: Texts
    links: tuple[Link, ...]


def clause_items(*, viewer: Actor, at: datetime, links: Collection[str] = ()) -> list[ClauseItem]:
    """The perception items of the clauses in force on the living links in sight, or on those with these public ids.
    Five queries."""
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(ended_on__isnull=True)
    if links:
        rows = rows.filter(public_id__in=list(links))
    seen = {one.pk: one for one in rows.select_related("supplier", "customer", "output").order_by("number")}
    versions = versions_in_force_at(viewer=viewer, links=list(seen), moment=at)
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values()))
    found: dict[str, ClauseItem] = {}
    for key, link in seen.items():
        version = versions.get(key)
        for clause in clauses.get(version.pk, ()) if version is not None else ():
            if version is None or not clause.perception_item:
                continue
            before = found.get(clause.line)
            held = (*before.links, link) if before is not None else (link,)
            agreement = before.agreement if before is not None else version.agreement.public_id
            found[clause.line] = ClauseItem(agreement, clause.line, clause.perception_item, held)
    return list(found.values())


def lines_of_links(*, viewer: Actor, at: datetime, links: Collection[int]) -> Mapping[int, frozenset[str]]:
    """By key of the link, the lines of the clauses in force on it. The caller has made sure that ``viewer`` may know of
    the links. Three queries."""
    versions = versions_in_force_at(viewer=viewer, links=list(links), moment=at)
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values()))
    return {key: frozenset(one.line for one in clauses.get(held.pk, ())) for key, held in versions.items()}
