"""What of the chain a search finds, and for whom.

What is read here for the index knows no viewer; :func:`search_sight` decides what of it is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from baton.chain import policy
from baton.chain.models import Link, Output, OutsideNeed, Party, Project
from baton.chain.queries.discussing import GAP, gaps_discussed
from baton.chain.queries.needs import needs_in_sight
from baton.chain.queries.outputs import outputs_in_sight
from baton.chain.queries.projects import projects_in_sight
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import external_keys, records_of_keys
from baton.core.registries import Findable

_INDEX = Actor.system("search")


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The records of the chain that the viewer may know of. Guests find parties only."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    found: dict[str, Any] = {Party.kind: Party.objects.filter(sight.parties)}
    if not sight.standing.is_guest:
        found[Link.kind] = Link.objects.filter(sight.links)
        found[Output.kind] = Output.objects.filter(outputs_in_sight(sight, day))
        found[OutsideNeed.kind] = OutsideNeed.objects.filter(needs_in_sight(sight))
        found[Project.kind] = Project.objects.filter(projects_in_sight(sight))
        found[GAP] = gaps_discussed(viewer=viewer, at=at)
    return found


def parties_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Parties by number, names, code and their keys in other systems; the keys of persons stand for themselves."""
    keys = external_keys(viewer=_INDEX, kind=Party.kind, object_ids=public_ids)
    for party in Party.objects.filter(public_id__in=public_ids):
        held = [key.key for key in keys.get(party.public_id, []) if not key.subject]
        yield Findable(
            party.public_id, party.number, party.name, texts=[party.code or "", *held],
            note=" · ".join(part for part in (str(party.get_party_kind_display()), party.code or "") if part),
            ended_on=party.ended_on,
        )  # fmt: skip


def party_ids() -> Iterable[str]:
    """Every party."""
    return Party.objects.values_list("public_id", flat=True)


def parties_with_keys(keys: Collection[str]) -> Iterable[str]:
    """The parties that these external keys (public ids) mean or meant."""
    return records_of_keys(viewer=_INDEX, kind=Party.kind, public_ids=keys)


def parties_of_person(person: str) -> Iterable[str]:
    """The party that is this person."""
    return Party.objects.filter(person__public_id=person).values_list("public_id", flat=True)


def links_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Links that count, by number, by what is handed over and by who hands it to whom."""
    rows = Link.objects.filter(public_id__in=public_ids).select_related("supplier", "customer", "output")
    for link in rows:
        names = [*link.supplier.name.values(), *link.customer.name.values()]
        codes = [link.supplier.code or "", link.customer.code or "", link.output.item_code, link.output.number]
        yield Findable(
            link.public_id, link.number, link.output.name, texts=[*names, *codes, link.continuity_plan],
            note=f"{link.supplier} → {link.customer}", ended_on=link.ended_on,
        )  # fmt: skip


def link_ids() -> Iterable[str]:
    """Every link that counts."""
    return Link.objects.values_list("public_id", flat=True)


def links_of_parties(parties: Collection[str]) -> Iterable[str]:
    """Links of these parties, on either side."""
    sides = Q(supplier__public_id__in=parties) | Q(customer__public_id__in=parties)
    return Link.objects.filter(sides).values_list("public_id", flat=True)


def links_of_outputs(outputs: Collection[str]) -> Iterable[str]:
    """Links on which these outputs are handed over."""
    return Link.objects.filter(output__public_id__in=outputs).values_list("public_id", flat=True)


def links_of_person(person: str) -> Iterable[str]:
    """Links of the party that is this person."""
    return links_of_parties(list(parties_of_person(person)))


def outputs_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Outputs by number, names and item code."""
    for output in Output.objects.filter(public_id__in=public_ids):
        note = " · ".join(part for part in (str(output.get_output_kind_display()), output.item_code) if part)
        yield Findable(
            output.public_id, output.number, output.name, texts=[output.item_code], note=note, ended_on=output.ended_on
        )


def output_ids() -> Iterable[str]:
    """Every output."""
    return Output.objects.values_list("public_id", flat=True)


def needs_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Needs by number and words; not by whose they are, whom the viewer of a need may not know of."""
    for need in OutsideNeed.objects.filter(public_id__in=public_ids):
        yield Findable(need.public_id, need.number, need.words, ended_on=need.ended_on)


def need_ids() -> Iterable[str]:
    """Every need."""
    return OutsideNeed.objects.values_list("public_id", flat=True)


def projects_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Projects by number and names."""
    for project in Project.objects.filter(public_id__in=public_ids):
        yield Findable(project.public_id, project.number, project.name, ended_on=project.ended_on)


def project_ids() -> Iterable[str]:
    """Every project."""
    return Project.objects.values_list("public_id", flat=True)
