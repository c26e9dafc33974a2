"""People, as far as the caller may know of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.core import policy, queries
from baton.core.actors import Actor
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads, shown
from baton.core.api.schemas import Asked, PublicId, Rows, SaidTexts, Search, Shown
from baton.core.models import Person
from baton.core.rules import Role, masked_email, masked_phone, masked_sign_in_name
from baton.core.slices import slice_of
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

router = Router()


class PersonShown(Shown):
    """A person. Contacts of others are masked (138****1234); only the pages show them, and note who looked."""

    id: PublicId
    name: SaidTexts
    sign_in_name: str = Field(examples=["E-1042"])
    email: str | None = Field(examples=["ann@example.org"])
    phone: str | None = Field(examples=["138****1234"])
    roles: list[Role]
    is_active: bool
    version: int = Field(examples=[42])


class Account(StrEnum):
    """Whether somebody may sign in."""

    ACTIVE = "active"
    OFF = "off"


class PeopleAsked(Asked):
    """Which people."""

    search: Search = ""
    role: Role | None = None
    account: Account | None = None


def _shown(viewer: Actor, person: Person, roles: list[Role]) -> PersonShown:
    name, email, phone = person.sign_in_name, person.email or "", person.phone or ""
    if not policy.may_see_contacts(viewer, person):
        mask = masked_sign_in_name if policy.may_see_sign_in_names(viewer) else masked_phone
        name = masked_email(name) if "@" in name else mask(name)
        email, phone = masked_email(email), masked_phone(phone)
    return PersonShown(
        id=person.public_id,
        name=person.name,
        sign_in_name=name,
        email=email or None,
        phone=phone or None,
        roles=sorted(roles),
        is_active=person.is_active,
        version=person.changed_seq,
    )


@reads(
    router, "", scope="people:read", may=policy.may_list_people, response=Rows[PersonShown],
    summary=gettext_noop("List people"),
    description=gettext_noop("By name, in the language of Accept-Language. For administrators, HR and auditors."),
)  # fmt: skip
def list_people(request: ApiRequest, asked: Query[PeopleAsked]) -> Any:
    viewer, at = request.actor, request.now
    active = None if asked.account is None else asked.account is Account.ACTIVE
    found = queries.people(viewer=viewer, at=at, search=clean_text(asked.search), role=asked.role, active=active)
    part = slice_of(found, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    roles = queries.roles_by_person(viewer=viewer, at=at, people=part.rows)
    return Rows[PersonShown](rows=[_shown(viewer, one, roles.get(one.pk, [])) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope="people:read", may=policy.is_signed_in, response=PersonShown,
    summary=gettext_noop("Read a person"),
    description=gettext_noop("Everybody may read their own record; administrators, HR and auditors read everybody."),
)  # fmt: skip
def read_person(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = queries.person(viewer=request.actor, public_id=public_id)
    return shown(found, _shown(request.actor, found, list(queries.roles_of(found, request.now))))
