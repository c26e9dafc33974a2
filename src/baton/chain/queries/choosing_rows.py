"""Rows of lists to which something is done together: those that match, and those that were chosen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import policy
from baton.chain.models import Link, Output, OutsideNeed, Party, Responsibility
from baton.chain.queries.links import LinkFilters, keys_by_health, listed_links
from baton.chain.queries.needs import needs_in_sight
from baton.chain.queries.outputs import OutputFilters, listed_outputs, outputs_in_sight
from baton.chain.queries.parties import PartyFilters, listed_parties
from baton.chain.rules import Responsible
from baton.core.actors import Actor
from baton.core.days import day_of

if TYPE_CHECKING:
    from baton.core.models import Batch

Versions = list[tuple[str, int]]
"""Public ids, each with the number of the record's last change."""


def links_matching(*, viewer: Actor, at: datetime, filters: LinkFilters) -> Versions:
    """All links of the list, in its order."""
    rows = listed_links(viewer=viewer, at=at, filters=filters)
    keys = keys_by_health(viewer, rows, filters)
    if keys is None:
        return list(rows.values_list("public_id", "changed_seq"))
    known = {pk: (public_id, seq) for pk, public_id, seq in rows.values_list("pk", "public_id", "changed_seq")}
    return [known[pk] for pk in keys]


def links_chosen(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> dict[str, Link]:
    """Those of them that are in sight, with both parties, output, need and project, by public id."""
    sight = policy.sight_of(viewer, day_of(at))
    rows = Link.objects.filter(sight.links, public_id__in=public_ids)
    with_them = rows.select_related("supplier", "customer", "output", "need", "project__owner")
    return {link.public_id: link for link in with_them}


def parties_matching(*, viewer: Actor, at: datetime, filters: PartyFilters) -> Versions:
    """All parties of the list, in its order."""
    return list(listed_parties(viewer=viewer, at=at, filters=filters).values_list("public_id", "changed_seq"))


def parties_chosen(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> dict[str, Party]:
    """Those of them that are in sight, by public id."""
    sight = policy.sight_of(viewer, day_of(at))
    rows = Party.objects.filter(sight.parties, public_id__in=public_ids).select_related("parent", "person")
    return {party.public_id: party for party in rows}


def needs_chosen(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> dict[str, OutsideNeed]:
    """Those of them that are in sight, by public id."""
    sight = policy.sight_of(viewer, day_of(at))
    rows = OutsideNeed.objects.filter(needs_in_sight(sight), public_id__in=public_ids) if public_ids else ()
    return {need.public_id: need for need in rows}


def links_of_batch(*, viewer: Actor, at: datetime, batch: Batch) -> list[Link]:
    """Those of the links of a bulk entry that are in sight, in the order of its rows."""
    sight = policy.sight_of(viewer, day_of(at))
    return list(Link.objects.filter(sight.links, batch=batch).order_by("pk"))


def outputs_matching(*, viewer: Actor, at: datetime, filters: OutputFilters) -> Versions:
    """All outputs of the list, in its order."""
    return list(listed_outputs(viewer=viewer, at=at, filters=filters).values_list("public_id", "changed_seq"))


def outputs_chosen(*, viewer: Actor, at: datetime, public_ids: Collection[str]) -> dict[str, Output]:
    """Those of them that are in sight, by public id; each carries ``answering``, the parties in sight that are
    accountable for it."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    rows = list(Output.objects.filter(outputs_in_sight(sight, day), public_id__in=public_ids))
    accountable = Responsibility.objects.filter(
        policy.in_force(day), output__in=rows, responsible=Responsible.ACCOUNTABLE,
        party__in=Party.objects.filter(sight.parties),
    ).select_related("party")  # fmt: skip
    answering: dict[int, list[Party]] = {}
    for held in accountable.order_by("pk"):
        answering.setdefault(held.output_id, []).append(held.party)
    for one in rows:
        one.answering = answering.get(one.pk, [])  # type: ignore[attr-defined]
    return {one.public_id: one for one in rows}
