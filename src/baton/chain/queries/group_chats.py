"""What of the chain group chats are told, and who is in the chat of a party.

What is read here knows no viewer: :mod:`baton.core.webhooks.audiences` asks everybody in a chat whether he may see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from baton.chain import policy
from baton.chain.models import GapAnswer, Link, Membership, Output, OutsideNeed, Party, Project
from baton.chain.queries.discussing import GAP, gap_named
from baton.chain.queries.gap_detectors import Gap
from baton.chain.queries.gaps import gap_answered, gap_with_subject
from baton.chain.rules import OUTSIDE, Capacity, Detector, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.registries import Announced
from baton.core.texts import Texts, say

if TYPE_CHECKING:
    from baton.core.models import Person

_ASKING = Actor.system("group_chats")


def party_announced(public_id: str) -> Announced | None:
    """A party, to the chats of itself and of those above it; nobody who is one person."""
    party = Party.objects.filter(public_id=public_id).first()
    if party is None or party.party_kind == PartyKind.PERSON:
        return None
    return Announced(party.name, frozenset({(Party.kind, public_id)}), _above(party))


def link_announced(public_id: str) -> Announced | None:
    """A link, to the chats of its two sides and of those above them; none of somebody who is one person."""
    link = Link.objects.select_related("supplier", "customer", "output").filter(public_id=public_id).first()
    if link is None or PartyKind.PERSON in (link.supplier.party_kind, link.customer.party_kind):
        return None
    sides = (link.supplier, link.customer)
    name = {
        code: f"{' → '.join(_said(party, code) for party in sides)}, {say(link.output.name, code)}"
        for code, _label in settings.LANGUAGES
    }
    shows = {(Link.kind, public_id), (Output.kind, link.output.public_id)}
    shows |= {(Party.kind, party.public_id) for party in sides}
    return Announced(name, frozenset(shows), _above(*sides))


def output_announced(public_id: str) -> Announced | None:
    """An output, to the chats of those who hand it over and of those above them."""
    output = Output.objects.filter(public_id=public_id).first()
    if output is None:
        return None
    suppliers = Party.objects.filter(links_as_supplier__output=output).exclude(party_kind=PartyKind.PERSON).distinct()
    return Announced(output.name, frozenset({(Output.kind, public_id)}), _above(*suppliers))


def project_announced(public_id: str) -> Announced | None:
    """A project, to the chats of the party that leads it and of those above it."""
    project = Project.objects.select_related("owner").filter(public_id=public_id).first()
    if project is None:
        return None
    concerns = _above(project.owner) if project.owner is not None else frozenset()
    return Announced(project.name, frozenset({(Project.kind, public_id)}), concerns)


def need_announced(public_id: str) -> Announced | None:
    """An outside need, without whose it is, to the chats of those who hand over what serves it and of those above."""
    need = OutsideNeed.objects.filter(public_id=public_id).first()
    if need is None:
        return None
    suppliers = Party.objects.filter(links_as_supplier__need=need).exclude(party_kind=PartyKind.PERSON).distinct()
    return Announced(need.words, frozenset({(OutsideNeed.kind, public_id)}), _above(*suppliers))


def gap_announced(public_id: str, at: datetime) -> Announced | None:
    """A gap, for what is said about it; none that names a person."""
    found = gap_with_subject(viewer=_ASKING, at=at, public_id=public_id)
    return None if found is None else _gap(found, (GAP, public_id))


def gap_answer_announced(public_id: str, at: datetime) -> Announced | None:
    """What somebody said to a gap, without his reason: to the chats of the parties that it concerns and of those
    above them."""
    found = gap_answered(viewer=_ASKING, at=at, public_id=public_id)
    return None if found is None else _gap(found, (GapAnswer.kind, public_id))


def _gap(gap: Gap, itself: tuple[str, str]) -> Announced | None:
    records = {(one.kind, one.public_id) for one in gap.about}
    persons = Party.objects.filter(
        party_kind=PartyKind.PERSON, public_id__in=[public_id for _kind, public_id in records]
    )
    if gap.detector is Detector.PERSON_WITHOUT_CUSTOMER or persons.exists():
        return None
    concerns = frozenset(part for path in gap.paths for part in path.strip("/").split("/"))
    return Announced(gap_named(gap), frozenset({itself, *records}), concerns)


def party_choices(*, viewer: Actor, at: datetime) -> list[tuple[str, str]]:
    """(public id, name) of the parties inside the organisation that the viewer sees, by name."""
    day = day_of(at)
    seen = Party.objects.filter(policy.sight_of(viewer, day).parties, policy.in_force(day))
    inside = seen.exclude(party_kind__in=[PartyKind.PERSON, *OUTSIDE])
    language = get_language() or settings.LANGUAGE_CODE
    return [
        (party.public_id, f"{party} ({party.number})")
        for party in sorted(inside, key=lambda party: party.sort_keys.get(language, ""))
    ]


def people_in(party: str, at: datetime) -> Sequence[Person]:
    """Everybody who belongs to the party or to one below it, in whatever capacity."""
    return _persons(_held(at, Q(party__path__contains=f"{party}/")))


def leaders_of(party: str, at: datetime) -> Sequence[Person]:
    """Who heads the party or stands in for its head."""
    return _persons(_held(at, Q(party__public_id=party) & ~Q(capacity=Capacity.MEMBER)))


def party_named(party: str) -> Texts:
    """What a party is called, by language; empty for none."""
    found = Party.objects.filter(public_id=party).first()
    return {code: _said(found, code) for code, _label in settings.LANGUAGES} if found is not None else {}


def _said(party: Party, code: str) -> str:
    return say(party.name, code) or party.number


def _above(*parties: Party) -> frozenset[str]:
    return frozenset(part for party in parties for part in party.path.strip("/").split("/"))


def _held(at: datetime, whose: Q) -> Iterable[Membership]:
    day = day_of(at)
    live = Membership.objects.filter(policy.in_force(day), whose, person__is_active=True)
    ended = Q(party__ended_on__lte=day)
    return live.exclude(ended).select_related("person")


def _persons(held: Iterable[Membership]) -> list[Person]:
    return list({one.person_id: one.person for one in held}.values())
