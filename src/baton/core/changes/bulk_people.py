"""Many people at once: each comes out as ``add_person`` without a password would have made him.

Nobody has a password; heads and administrators hand over one-time codes. Staged people are nobody yet: no query finds
them and no sign-in takes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from baton.core.changes.bulk import lines_of
from baton.core.changes.people import named
from baton.core.days import known_zone
from baton.core.errors import Refused
from baton.core.models import Batch, OrganisationRole, Person
from baton.core.rules import TAKEN_BACK, Role
from baton.core.texts import sort_keys
from baton_analysis.errors import gettext_noop

PEOPLE_TARGET = "people"
RELEASED: Mapping[str, Any] = {
    "sign_in_name": Concat(Value("withdrawn-"), F("public_id")), "email": None, "phone": None, "is_active": False,
}  # fmt: skip
"""A person of a withdrawn entry gives his three names back."""


def person_line(*, public_id: str, sign_in_name: str, name: Mapping[str, str], **given: str) -> dict[str, Any]:
    """A row of the entry; ``given`` are e-mail, phone, language and time zone as :func:`add_person` takes them."""
    return {"public_id": public_id, "sign_in_name": sign_in_name, "name": dict(name), **given}


@dataclass
class KnownPeople:
    """Everybody who signs in or holds a name that one signs in with, those of unfinished bulk entries included."""

    by_id: dict[str, Person]
    by_name: dict[str, str]
    guests: set[int]

    @classmethod
    def read(cls) -> Self:
        """Two queries, whatever their number; ``by_name`` has all three names, ``guests`` primary keys."""
        by_id: dict[str, Person] = {}
        by_name: dict[str, str] = {}
        for person in Person.everything.exclude(batch__state__in=TAKEN_BACK):
            by_id[person.public_id] = person
            by_name.update(dict.fromkeys(_names(person), person.public_id))
        held = OrganisationRole.objects.filter(role=Role.GUEST, ended_at__isnull=True)
        return cls(by_id, by_name, set(held.values_list("person", flat=True)))


def _names(person: Person) -> set[str]:
    return {name for name in (person.sign_in_name, person.email, person.phone) if name}


def normal_names(*, sign_in_name: str, email: str, phone: str) -> dict[str, str | None]:
    """The three names in their normal spelling, as ``add_person`` would store them; refused where one cannot be one."""
    probe = Person()
    named(probe, sign_in_name=sign_in_name, email=email, phone=phone)
    return {"sign_in_name": probe.sign_in_name, "email": probe.email, "phone": probe.phone}


def people_on_their_way(public_ids: Collection[str]) -> dict[str, Person]:
    """People by public id, with their names and no more; those of an import that is being entered included."""
    found = Person.everything.filter(public_id__in=public_ids).only("public_id", "name", "batch")
    return {person.public_id: person for person in found}


def people_of(batch: Batch) -> Iterator[Person]:
    """The people of the rows that are left."""
    for line in lines_of(batch, after=batch.rows_entered):
        person = Person(
            public_id=line["public_id"], name=line["name"], sort_keys=sort_keys(line["name"]),
            password=_no_password(), language=line["language"], time_zone=known_zone(line["time_zone"]),
        )  # fmt: skip
        named(person, sign_in_name=line["sign_in_name"], email=line["email"], phone=line["phone"])
        yield person


def _no_password() -> str:
    """What ``make_password(None)`` gives, in a tenth of the time: a text that no password has as its digest."""
    return UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(UNUSABLE_PASSWORD_SUFFIX_LENGTH * 3 // 4)


def admit_people(*, at: datetime, batch: Batch, first: int, records: Sequence[Person]) -> None:
    """Under the lock: refuse a name with which somebody else signs in, whichever of the three it is for him."""
    wanted: dict[str, int] = {}
    for row, person in enumerate(records, start=first):
        for name in _names(person):
            if wanted.setdefault(name, row) != row:
                raise name_taken(row)
    names = list(wanted)
    for start in range(0, len(names), 300):
        some = names[start : start + 300]
        held = Person.everything.filter(Q(sign_in_name__in=some) | Q(email__in=some) | Q(phone__in=some))
        for taken in held.values_list("sign_in_name", "email", "phone")[:1]:
            raise name_taken(next(wanted[name] for name in taken if name in wanted))


def name_taken(row: int) -> Refused:
    """The refusal of a row whose sign-in name, e-mail or phone is somebody else's."""
    return Refused(
        field="sign_in_name",
        expected=gettext_noop("A sign-in name, e-mail or phone belongs to one person."),
        found=gettext_noop("Row {row} of the new people has one that somebody else signs in with."),
        remedy=gettext_noop("Check the table again."),
        row=row,
    )


def conflict_of_people(*, first: int, records: Sequence[Person]) -> Refused:
    """The same, when the database has said so."""
    return name_taken(first)
