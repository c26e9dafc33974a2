"""Accounts of outside parties: list, read, add, change, end, and their keys in other systems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes
from baton.chain.api.parties import EndSent, party_named
from baton.chain.api.shapes import KeyShown, PartyNamed
from baton.chain.models import Account
from baton.chain.queries import accounts as queries
from baton.chain.queries import slices
from baton.chain.rules import NUMBER_LENGTH, State
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Day, Edited, PublicId, Rows, Sent, Shown, Text
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.queries import external_keys
from baton_analysis.errors import gettext_noop

router = Router()

READ, WRITE = "accounts:read", "accounts:write"

Number = Annotated[
    str,
    StringConstraints(min_length=1, max_length=NUMBER_LENGTH, pattern=r"^[^\x00]+$"),
    Field(description="As it stands on invoices and cards.", examples=["A-10023"]),
]


class AccountShown(Shown):
    """One customer or supplier among those that an outside party stands for."""

    id: PublicId
    party: PartyNamed
    number: str = Field(examples=["A-10023"])
    name: str = Field(examples=["Li household"])
    began_on: date
    ended_on: date | None
    state: State
    keys: list[KeyShown] = Field(description="Keys in other systems.")
    version: int = Field(examples=[42])


class AccountsAsked(Asked):
    """Which accounts: those of one party, by number."""

    party: PublicId = Field(description="The outside party whose live accounts are listed.")
    search: Annotated[
        str,
        StringConstraints(max_length=200, pattern=r"^[^\x00]*$"),
        Field(description="A whole account number, phone, e-mail or key in another system.", examples=["A-10023"]),
    ] = ""


class AccountSent(Sent):
    """A new account."""

    party: PublicId = Field(description="The outside party to which it belongs.")
    number: Number
    name: Text = Field(examples=["Li household"])
    began_on: Day | None = Field(default=None, description="First day; null: today.")


class AccountEditSent(Edited):
    """Number and name, corrected."""

    number: Number
    name: Text = Field(examples=["Li household"])


def see_account(request: ApiRequest) -> Any:
    """Reads an account as the caller may see it."""
    return lambda public_id: queries.account(viewer=request.actor, at=request.now, public_id=public_id)


def accounts_shown(request: ApiRequest, accounts: Sequence[Account]) -> list[AccountShown]:
    """Accounts that the caller keeps; the same few queries for any number of them."""
    ids = [account.public_id for account in accounts]
    keys = external_keys(viewer=request.actor, kind=Account.kind, object_ids=ids) if ids else {}
    return [
        AccountShown(
            id=account.public_id,
            party=PartyNamed(id=account.party.public_id, name=account.party.name),
            number=account.number,
            name=account.name,
            began_on=account.began_on,
            ended_on=account.ended_on,
            state=account.state(day_of(request.now)),
            keys=[KeyShown(system=key.system, key=key.key) for key in keys.get(account.public_id, [])],
            version=account.changed_seq,
        )
        for account in accounts
    ]


def _shown(request: ApiRequest) -> Any:
    return lambda account: accounts_shown(request, [account])[0]


@reads(
    router, "", scope=READ, may=may_use, response=Rows[AccountShown],
    summary=gettext_noop("List the accounts of an outside party"),
    description=gettext_noop("For those who deal with it: members of parties with a live link to or from it."),
)  # fmt: skip
def list_accounts(request: ApiRequest, asked: Query[AccountsAsked]) -> Any:
    part = slices.account_slice(
        viewer=request.actor, at=request.now, party=asked.party, search=asked.search, limit=asked.limit,
        cursor=asked.cursor,
    )  # fmt: skip
    return Rows[AccountShown](rows=accounts_shown(request, part.rows), next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=AccountShown,
    summary=gettext_noop("Read an account"),
)  # fmt: skip
def read_account(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = see_account(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=AccountShown, status=201,
    summary=gettext_noop("Add an account"),
    description=gettext_noop("Many at once are imported as a table."),
    example={"party": "2b3c4d5f6g7h8j9k", "number": "A-10023", "name": "Li household"},
)  # fmt: skip
def add_account(request: ApiRequest, sent: AccountSent) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Account:
        return changes.add_account(
            by=by, at=at, party=party_named(request, sent.party, "party"), number=sent.number, name=sent.name,
            began_on=sent.began_on,
        )  # fmt: skip

    return made(request, write=write, show=_shown(request), see=see_account(request))


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_use, response=AccountShown, versioned=True,
    summary=gettext_noop("Change an account"),
    description=gettext_noop("Its number and its name."),
    example={"number": "A-10023", "name": "Li and Wang household", "version": 42},
)  # fmt: skip
def change_account(request: ApiRequest, public_id: PublicId, sent: AccountEditSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=see_account(request),
        write=lambda account, **seen: changes.change_account(
            account=account, number=sent.number, name=sent.name, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=AccountShown, versioned=True,
    summary=gettext_noop("End an account"),
    description=gettext_noop("And with it its contacts."),
    example={"ended_on": "2026-03-31", "version": 42},
)  # fmt: skip
def end_account(request: ApiRequest, public_id: PublicId, sent: EndSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=see_account(request),
        write=lambda account, **seen: changes.end_account(
            account=account, ended_on=sent.ended_on, reason=sent.reason, **seen
        ),
    )  # fmt: skip
