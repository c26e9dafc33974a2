"""What the core asks about records of the chain on which people comment: what they are called, and who is told.

Asked by the core for people of whom it has made sure that they see the record; nothing of it is shown to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.chain.models import Link, Membership, Output, OutsideNeed, Party, Project, Responsibility
from baton.chain.policy import in_force
from baton.chain.rules import Capacity, Responsible
from baton.core.texts import Texts, say

if TYPE_CHECKING:
    from baton.core.models import Person


def link_called(public_id: str) -> Mapping[str, str]:
    """Laundry → Ward 3: clean linen."""
    link = Link.objects.select_related("supplier", "customer", "output").get(public_id=public_id)
    sides = _name(link.supplier), _name(link.customer)
    return {
        code: f"{say(sides[0], code)} → {say(sides[1], code)}: {say(link.output.name, code)}"
        for code, _label in settings.LANGUAGES
    }


def party_called(public_id: str) -> Mapping[str, str]:
    """Its name; of a person the number, because messages that name him would outlive him."""
    return _name(Party.objects.get(public_id=public_id))


def output_called(public_id: str) -> Mapping[str, str]:
    """Its name."""
    name: Texts = Output.objects.get(public_id=public_id).name
    return name


def need_called(public_id: str) -> Mapping[str, str]:
    """Its words."""
    words: Texts = OutsideNeed.objects.get(public_id=public_id).words
    return words


def project_called(public_id: str) -> Mapping[str, str]:
    """Its name."""
    name: Texts = Project.objects.get(public_id=public_id).name
    return name


def _name(party: Party) -> Texts:
    name: Texts = party.name
    return (
        name if party.person_id is None else dict.fromkeys((code for code, _label in settings.LANGUAGES), party.number)
    )


def heads_of_link(public_id: str, day: date) -> Iterable[Person]:
    """The heads of both sides."""
    sides = Link.objects.filter(public_id=public_id).values_list("supplier_id", "customer_id")
    return _heads([party for pair in sides for party in pair], day)


def heads_of_party(public_id: str, day: date) -> Iterable[Person]:
    """Its head."""
    return _heads(Party.objects.filter(public_id=public_id).values("pk"), day)


def heads_of_output(public_id: str, day: date) -> Iterable[Person]:
    """The heads of the parties that are accountable for it."""
    held = Responsibility.objects.filter(
        in_force(day), output__public_id=public_id, responsible=Responsible.ACCOUNTABLE
    )  # fmt: skip
    return _heads(held.values("party"), day)


def heads_of_project(public_id: str, day: date) -> Iterable[Person]:
    """The head of the party that leads it."""
    return _heads(Project.objects.filter(public_id=public_id).values("owner"), day)


def _heads(parties: Any, day: date) -> Iterable[Person]:
    held = Membership.objects.filter(in_force(day), party__in=parties, capacity=Capacity.HEAD).select_related("person")
    return [membership.person for membership in held.order_by("pk")]
