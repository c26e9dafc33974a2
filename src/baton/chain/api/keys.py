"""Under which keys other systems know parties and accounts: look up, give, withdraw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain.api.accounts import READ as ACCOUNTS_READ
from baton.chain.api.accounts import WRITE as ACCOUNTS_WRITE
from baton.chain.api.accounts import router as accounts
from baton.chain.api.accounts import see_account
from baton.chain.api.contacts import AccountNamed
from baton.chain.api.parties import READ, WRITE
from baton.chain.api.parties import router as parties
from baton.chain.api.shapes import PartyNamed, see_party
from baton.chain.models import Account, Party
from baton.core import changes
from baton.core import queries as core
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, writes
from baton.core.api.schemas import PublicId, Rows, Sent, Shown
from baton.core.errors import NotFound
from baton.core.policy import is_signed_in, may_use
from baton_analysis.errors import gettext_noop

router = Router()
accounts_router = Router()

_TEXT = StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")
System = Annotated[str, _TEXT, Field(description="Name of the other system.", examples=["SAP"])]
Key = Annotated[str, _TEXT, Field(description="What the record is called there.", examples=["40001234"])]


class KeyAsked(Sent):
    """Which key, in which system."""

    system: System
    key: Key


class PartyKeyShown(Shown):
    """A key of a party."""

    party: PartyNamed
    system: str = Field(examples=["SAP"])
    key: str = Field(examples=["40001234"])
    in_use: bool = Field(description="Whether it still means the party.")


class AccountKeyShown(Shown):
    """A key of an account."""

    account: AccountNamed
    system: str = Field(examples=["CRM"])
    key: str = Field(examples=["40001234"])
    in_use: bool = Field(description="Whether it still means the account.")


def _account_shown(request: ApiRequest, held: Any) -> AccountKeyShown:
    account = see_account(request)(held.object_id)
    named = AccountNamed(id=account.public_id, number=account.number)
    return AccountKeyShown(account=named, system=held.system, key=held.key, in_use=held.withdrawn_at is None)


def _shown(request: ApiRequest, held: Any) -> PartyKeyShown:
    party = see_party(request)(held.object_id)
    named = PartyNamed(id=party.public_id, name=party.name)
    return PartyKeyShown(party=named, system=held.system, key=held.key, in_use=held.withdrawn_at is None)


@reads(
    router, "", scope=READ, may=is_signed_in, response=Rows[PartyKeyShown],
    summary=gettext_noop("Find a party by its key in another system"),
    description=gettext_noop("The party in sight that this key means; none where there is none."),
)  # fmt: skip
def find_party(request: ApiRequest, asked: Query[KeyAsked]) -> Any:
    viewer = request.actor
    found = core.records_by_key(viewer=viewer, kind=Party.kind, keys=[asked.key], system=asked.system)
    keys = core.external_keys(viewer=viewer, kind=Party.kind, object_ids=found.get(asked.key, set()))
    rows = [_shown(request, held) for some in keys.values() for held in _same(asked, some)]
    return Rows[PartyKeyShown](rows=rows, next="")


@reads(
    accounts_router, "", scope=ACCOUNTS_READ, may=may_use, response=Rows[AccountKeyShown],
    summary=gettext_noop("Find an account by its key in another system"),
    description=gettext_noop("The account that this key means, if the caller deals with its party; none otherwise."),
)  # fmt: skip
def find_account(request: ApiRequest, asked: Query[KeyAsked]) -> Any:
    viewer = request.actor
    found = core.records_by_key(viewer=viewer, kind=Account.kind, keys=[asked.key], system=asked.system)
    keys = core.external_keys(viewer=viewer, kind=Account.kind, object_ids=found.get(asked.key, set()))
    rows = [_account_shown(request, held) for some in keys.values() for held in _same(asked, some)]
    return Rows[AccountKeyShown](rows=rows, next="")


@writes(
    parties, "POST", "/{slug:public_id}/keys", scope=WRITE, may=may_use, response=PartyKeyShown, status=201,
    summary=gettext_noop("Give a party its key in another system"),
    description=gettext_noop("A key means one party in a system. For the quality manager and the heads."),
    example={"system": "SAP", "key": "40001234"},
)  # fmt: skip
def give_party_key(request: ApiRequest, public_id: PublicId, sent: KeyAsked) -> HttpResponse:
    party = see_party(request)(public_id)
    return _given(request, party, sent, lambda held: _shown(request, held))


@writes(
    parties, "POST", "/{slug:public_id}/keys/withdraw", scope=WRITE, may=may_use, response=PartyKeyShown,
    summary=gettext_noop("Withdraw the key of a party"),
    description=gettext_noop(
        "The key no longer means the party and may be given to another one. Withdrawing it twice changes nothing."
    ),
    example={"system": "SAP", "key": "40001234"},
)  # fmt: skip
def withdraw_party_key(request: ApiRequest, public_id: PublicId, sent: KeyAsked) -> HttpResponse:
    party = see_party(request)(public_id)
    return _withdrawn(request, party, sent, lambda held: _shown(request, held))


@writes(
    accounts, "POST", "/{slug:public_id}/keys", scope=ACCOUNTS_WRITE, may=may_use, response=AccountKeyShown, status=201,
    summary=gettext_noop("Give an account its key in another system"),
    description=gettext_noop("A key means one account in a system. For who deals with its party."),
    example={"system": "CRM", "key": "40001234"},
)  # fmt: skip
def give_account_key(request: ApiRequest, public_id: PublicId, sent: KeyAsked) -> HttpResponse:
    account = see_account(request)(public_id)
    return _given(request, account, sent, lambda held: _account_shown(request, held))


@writes(
    accounts, "POST", "/{slug:public_id}/keys/withdraw", scope=ACCOUNTS_WRITE, may=may_use, response=AccountKeyShown,
    summary=gettext_noop("Withdraw the key of an account"),
    description=gettext_noop(
        "The key no longer means the account and may be given to another one. Withdrawing it twice changes nothing."
    ),
    example={"system": "CRM", "key": "40001234"},
)  # fmt: skip
def withdraw_account_key(request: ApiRequest, public_id: PublicId, sent: KeyAsked) -> HttpResponse:
    account = see_account(request)(public_id)
    return _withdrawn(request, account, sent, lambda held: _account_shown(request, held))


def _given(request: ApiRequest, record: Party | Account, sent: KeyAsked, show: Callable[[Any], Shown]) -> HttpResponse:
    by, at = request.actor, request.now

    def write() -> Any:
        return changes.give_external_key(
            by=by, at=at, kind=record.kind, object_id=record.public_id, system=sent.system, key=sent.key
        )  # fmt: skip

    return made(request, write=write, show=show, see=lambda _key: record)


def _withdrawn(
    request: ApiRequest, record: Party | Account, sent: KeyAsked, show: Callable[[Any], Shown]
) -> HttpResponse:
    by, at = request.actor, request.now
    every = core.external_keys(viewer=by, kind=record.kind, object_ids=[record.public_id], withdrawn=True)
    same = _same(sent, every.get(record.public_id, []))
    held = max(same, key=lambda key: (key.withdrawn_at is None, key.changed_seq), default=None)
    if held is None:
        raise NotFound

    def write() -> Any:
        return changes.withdraw_external_key(by=by, at=at, key=held)

    return made(request, write=write, show=show, see=lambda _key: record, status=200)


def _same(asked: KeyAsked, keys: Sequence[Any]) -> list[Any]:
    """Those of ``keys`` that are the key asked for; names of systems are compared without regard to case."""
    system = asked.system.casefold()
    return [held for held in keys if (held.system.casefold(), held.key) == (system, asked.key)]
