"""People among what is found, for those who may list them; by name alone: contacts and staff numbers are masked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.core import policy
from baton.core.actors import Actor
from baton.core.models import Person
from baton.core.registries import Findable, Searchable
from baton.core.rules import forgotten_name


def sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """Everybody, for those who may list people; nobody for others."""
    return {Person.kind: Person.objects.all()} if policy.may_list_people(viewer) else {}


def _read(public_ids: Collection[str]) -> Iterator[Findable]:
    for person in Person.objects.filter(public_id__in=public_ids):
        if person.sign_in_name != forgotten_name(person.public_id):
            yield Findable(person.public_id, "", person.name)


def _all() -> Iterable[str]:
    return Person.objects.values_list("public_id", flat=True)


SEARCHABLE = Searchable(
    _("People"), "users", _read, _all, lambda found: f"/people/{found.public_id}/", order=800,
    about=lambda person: (person,),
)  # fmt: skip
