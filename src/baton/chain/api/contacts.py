"""Contacts of accounts: list, read masked, show unmasked, add, change, end, forget."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes
from baton.chain.api.accounts import READ, WRITE, see_account
from baton.chain.api.parties import EndSent
from baton.chain.models import Contact
from baton.chain.queries import accounts as queries
from baton.chain.queries import slices
from baton.chain.rules import BUDGETS, Reachable
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, Flag, Language, PublicId, Rows, Sent, Shown, Text
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.rules import masked_email, masked_phone
from baton_analysis.errors import gettext_noop

router = Router()

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Said = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Quiet = Annotated[bool, Field(strict=True, description="On the quiet list: no contact at all.")]
Budget = Annotated[int, Field(strict=True, ge=BUDGETS.start, le=BUDGETS.stop - 1, description="Contacts a month.")]


class AccountNamed(Shown):
    """An account by its id and number."""

    id: PublicId
    number: str = Field(examples=["A-10023"])


class ContactShown(Shown):
    """Somebody who is asked and told for an account. Phone and e-mail are masked (138****1234)."""

    id: PublicId
    account: AccountNamed
    name: str = Field(examples=["Li Na"])
    phone: str = Field(examples=["138****1234"])
    email: str = Field(examples=["l***@example.org"])
    language: str = Field(examples=["en"])
    consented_on: date | None = Field(description="Day on which he agreed to be contacted; null: he did not.")
    consent_source: str
    quiet: bool
    quiet_until: date | None = Field(description="First day on which contact is allowed again.")
    budget: int = Field(description="How often he may be contacted in a calendar month.", examples=[4])
    reachable: Reachable = Field(description="Whether he may be contacted today, and if not, why.")
    ended_on: date | None
    version: int = Field(examples=[42])


class ContactUnmasked(Shown):
    """How to reach a contact."""

    id: PublicId
    phone: str = Field(examples=["13800131234"])
    email: str = Field(examples=["li.na@example.org"])


class ContactsAsked(Asked):
    """Which contacts: those of one account, or the quiet list of a party."""

    account: PublicId | None = Field(default=None, description="Whose live contacts are listed.")
    party: PublicId | None = Field(default=None, description="The outside party whose contacts are listed.")
    quiet: Flag = Field(default=False, description="Only those who are not to be contacted, for ever or today.")


class ContactSent(Sent):
    """A new contact."""

    account: PublicId
    name: Text = Field(examples=["Li Na"])
    phone: Line = Field(default="", examples=["+8613800138000"])
    email: Line = Field(default="", examples=["li.na@example.org"])
    language: Language | None = Field(default=None, description="Null: the organisation's.")
    consented_on: Day | None = Field(default=None, description="Null: he did not agree.")
    consent_source: Line = Field(default="", description="Where it was given; required with its day.")
    quiet: Quiet = False
    quiet_until: Day | None = Field(default=None, description="First day on which contact is allowed again.")
    budget: Budget = 4


class ContactEditSent(Edited):
    """What is to change; what is left out stays."""

    name: Text | None = Field(default=None, examples=["Li Na"])
    phone: Line | None = None
    email: Line | None = None
    language: Language | None = None
    consented_on: Day | None = Field(default=None, description="Null: he agrees no more; then without a source.")
    consent_source: Line | None = None
    quiet: Quiet | None = None
    quiet_until: Day | None = None
    budget: Budget | None = None


_DAYS = ("consented_on", "quiet_until")
_DESCRIBED = ("name", "phone", "email", "language", "consent_source", "quiet", "budget", *_DAYS)
"""What a change of a contact may say; only of days null means that there is none."""


class ForgetSent(Sent):
    """Why somebody is forgotten."""

    reason: Said = Field(description="Stands in the audit trail; names nobody.")


def see_contact(request: ApiRequest) -> Any:
    """Reads a contact as the caller may see him."""
    return lambda public_id: queries.contact(viewer=request.actor, at=request.now, public_id=public_id)


def contact_shown(request: ApiRequest, contact: Contact) -> ContactShown:
    return ContactShown(
        id=contact.public_id,
        account=AccountNamed(id=contact.account.public_id, number=contact.account.number),
        name=contact.name,
        phone=masked_phone(contact.phone),
        email=masked_email(contact.email),
        language=contact.language,
        consented_on=contact.consented_on,
        consent_source=contact.consent_source,
        quiet=contact.quiet,
        quiet_until=contact.quiet_until,
        budget=contact.budget,
        reachable=contact.reachable(day_of(request.now)),
        ended_on=contact.ended_on,
        version=contact.changed_seq,
    )


def _shown(request: ApiRequest) -> Any:
    return lambda contact: contact_shown(request, contact)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[ContactShown],
    summary=gettext_noop("List contacts"),
    description=gettext_noop("Those of an account or of an outside party, one of the two; masked."),
)  # fmt: skip
def list_contacts(request: ApiRequest, asked: Query[ContactsAsked]) -> Any:
    part = slices.contact_slice(
        viewer=request.actor, at=request.now, account=asked.account or "", party=asked.party or "",
        quiet=asked.quiet, limit=asked.limit, cursor=asked.cursor,
    )  # fmt: skip
    return Rows[ContactShown](rows=[contact_shown(request, one) for one in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ContactShown,
    summary=gettext_noop("Read a contact, masked"),
)  # fmt: skip
def read_contact(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_contact(request)(public_id)
    return shown(found, contact_shown(request, found))


@writes(
    router, "POST", "/{slug:public_id}/show", scope=WRITE, may=may_use, response=ContactUnmasked,
    summary=gettext_noop("Show the phone and e-mail of a contact"),
    description=gettext_noop("Unmasked, for one answer. The audit trail says who looked, each time."),
    example={},
)  # fmt: skip
def show_contact(request: ApiRequest, public_id: PublicId, sent: Sent) -> HttpResponse:
    by, at, contact = request.actor, request.now, see_contact(request)(public_id)

    def look(_again: str = "") -> Contact:
        changes.show_contact(by=by, at=at, contact=contact)
        found: Contact = contact
        return found

    def unmasked(fresh: Contact) -> ContactUnmasked:
        return ContactUnmasked(id=fresh.public_id, phone=fresh.phone, email=fresh.email)

    return made(request, write=look, show=unmasked, see=look, status=200)


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=ContactShown, status=201,
    summary=gettext_noop("Add a contact"),
    description=gettext_noop("Of an account that the caller keeps; a consent needs its source."),
    example={"account": "2b3c4d5f6g7h8j9k", "name": "Li Na", "phone": "+8613800138000"},
)  # fmt: skip
def add_contact(request: ApiRequest, sent: ContactSent) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Contact:
        given = sent.model_dump(exclude={"account"}) | {"language": sent.language or ""}
        account = named(lambda: see_account(request)(sent.account), "account")
        return changes.add_contact(by=by, at=at, account=account, **given)

    return made(request, write=write, show=_shown(request), see=see_contact(request))


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=ContactShown, versioned=True,
    summary=gettext_noop("Change a contact"),
    description=gettext_noop("Personal data, consent and the quiet list; what is left out stays."),
    example={"quiet": True, "version": 42},
)  # fmt: skip
def change_contact(request: ApiRequest, public_id: PublicId, sent: ContactEditSent) -> HttpResponse:
    said = {
        name: getattr(sent, name)
        for name in sent.model_fields_set & set(_DESCRIBED)
        if name in _DAYS or getattr(sent, name) is not None
    }
    return changed(
        request, public_id, sent, show=_shown(request), see=see_contact(request),
        write=lambda contact, **seen: changes.change_contact(
            contact=contact, reason=sent.reason, **seen, **{name: getattr(contact, name) for name in _DESCRIBED} | said
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=ContactShown, versioned=True,
    summary=gettext_noop("End a contact"),
    description=gettext_noop("No longer a contact; the personal data stay until they are erased."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_contact(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=see_contact(request),
        write=lambda contact, **seen: changes.end_contact(
            contact=contact, ended_on=sent.ended_on, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/forget", scope=WRITE, may=may_use, response=ContactShown,
    summary=gettext_noop("Forget a contact"),
    description=gettext_noop(
        "Name, phone, e-mail and consent go for good, in the audit trail, too. For the quality manager."
    ),
    example={"reason": "He asked for it on 12 March"},
)  # fmt: skip
def forget_contact(request: ApiRequest, public_id: PublicId, sent: ForgetSent) -> HttpResponse:
    by, at, contact = request.actor, request.now, see_contact(request)(public_id)
    return made(
        request, show=_shown(request), see=see_contact(request), status=200,
        write=lambda: changes.forget_contact(by=by, at=at, contact=contact, reason=sent.reason),
    )  # fmt: skip
