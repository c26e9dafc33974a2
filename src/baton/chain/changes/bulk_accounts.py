"""Many accounts and contacts at once: entered in slices, counting together, withdrawn together.

Rows of accounts name a party, rows of contacts a party and an account number; both are checked as single ones are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain import policy
from baton.chain.changes.accounts import check_outside, describe_account, describe_contact, taken_number
from baton.chain.changes.bulk_rows import of_row, refused_rows
from baton.chain.models import Account, Contact, Party
from baton.chain.models.accounts import number_key
from baton.core.actors import Actor
from baton.core.changes import begin_batch, enter_or_abandon
from baton.core.changes.bulk import lines_of
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

ACCOUNTS_TARGET = "accounts"
CONTACTS_TARGET = "contacts"
ACCOUNTS_RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
CONTACTS_RELEASED: Mapping[str, Any] = {"ended_on": date(1970, 1, 1)}
READ_ROWS = 2000


def account_line(*, public_id: str, party: str, number: str, name: str, began_on: date) -> dict[str, Any]:
    """A row of an entry of accounts; ``party`` is the public id of the outside party."""
    return {
        "public_id": public_id, "party": party, "number": number, "name": name, "began_on": began_on.isoformat(),
    }  # fmt: skip


def contact_line(contact: Contact, *, public_id: str, party: str, account: str) -> dict[str, Any]:
    """A row of an entry of contacts: a contact that is described but not saved, of the ``account`` of this number.
    What he does not have is left out."""
    said = {
        "phone": contact.phone, "email": contact.email, "consent_source": contact.consent_source,
        "consented_on": contact.consented_on.isoformat() if contact.consented_on else "",
        "quiet_until": contact.quiet_until.isoformat() if contact.quiet_until else "", "quiet": contact.quiet,
    }  # fmt: skip
    return {
        "public_id": public_id, "party": party, "account": account, "name": contact.name,
        "language": contact.language, "budget": contact.budget,
        **{name: value for name, value in said.items() if value},
    }  # fmt: skip


def add_accounts_in_bulk(
    *, by: Actor, at: datetime, party: Party, rows: Iterable[Mapping[str, Any]], title: str
) -> Batch:
    """Enter many accounts of one party (``number``, ``name``, ``began_on``); all of them or none."""
    demand(policy.may_take_contacts(by))
    check_outside(Party.objects.get(pk=party.pk))
    day = day_of(at).isoformat()
    lines = ({"party": party.public_id, "began_on": day, **row} for row in rows)
    batch = begin_batch(by=by, at=at, target=ACCOUNTS_TARGET, title=title, lines=lines)
    return enter_or_abandon(by=by, at=at, batch=batch)


def add_contacts_in_bulk(
    *, by: Actor, at: datetime, party: Party, rows: Iterable[Mapping[str, Any]], title: str
) -> Batch:
    """Enter many contacts of the accounts of one party (``account``: its number, and what ``add_contact`` takes)."""
    demand(policy.may_take_contacts(by))
    check_outside(Party.objects.get(pk=party.pk))
    lines = ({"party": party.public_id, **row} for row in rows)
    batch = begin_batch(by=by, at=at, target=CONTACTS_TARGET, title=title, lines=lines)
    return enter_or_abandon(by=by, at=at, batch=batch)


def accounts_of(batch: Batch) -> Iterator[Account]:
    """The accounts of the rows that are left."""
    parties: dict[str, Party] = {}
    for row, line in enumerate(lines_of(batch, after=batch.rows_entered), start=batch.rows_entered + 1):
        with of_row(row):
            party = parties.get(line["party"]) or _party(parties, line["party"])
            account = Account(party=party, began_on=date.fromisoformat(line["began_on"]), **_named(line))
            describe_account(account, line["number"], line["name"])
        yield account


def _named(line: Mapping[str, Any]) -> dict[str, str]:
    """The public id that an import has given already, so that a key of another system could be given to it."""
    return {"public_id": line["public_id"]} if "public_id" in line else {}


def _party(parties: dict[str, Party], public_id: str) -> Party:
    found = Party.objects.filter(public_id=public_id).first()
    if found is None:
        raise Refused(
            field="party",
            expected=gettext_noop("Expected an outside customer, a group of consumers or an outside supplier."),
            found=gettext_noop("There is no party {public_id}."),
            remedy=gettext_noop("Choose a party outside."),
            public_id=public_id,
        )
    check_outside(found)
    return parties.setdefault(public_id, found)


def admit_accounts(*, at: datetime, batch: Batch, first: int, records: Sequence[Account | None]) -> None:
    """Under the lock: refuse parties that have ended since."""
    _still_outside([(row, record.party_id) for row, record in enumerate(records, first) if record is not None])


def _still_outside(rows: Sequence[tuple[int, int]]) -> None:
    parties = Party.objects.in_bulk({party for _row, party in rows})
    for row, party in rows[:1] if len(parties) == 1 else rows:
        with of_row(row):
            check_outside(parties[party])


def conflict_of_accounts(*, first: int, records: Sequence[Account | None]) -> Refused:
    """Which number is there already, when the database has said that one is."""
    rows = [(row, record) for row, record in enumerate(records, start=first) if record is not None]
    seen: dict[tuple[int, str], int] = {}
    for row, record in rows:
        key = (record.party_id, record.number_key)
        if seen.setdefault(key, row) != row:
            return refused_rows([(row, taken_number(record.number))])
    for row, record in rows:
        live = Account.everything.filter(party=record.party_id, number_key=record.number_key, ended_on__isnull=True)
        if live.exists():
            return refused_rows([(row, taken_number(record.number))])
    raise RuntimeError("the database refused accounts for another reason than their numbers")


def contacts_of(batch: Batch) -> Iterator[Contact]:
    """The contacts of the rows that are left, each with the live account of its number."""
    lines, row = lines_of(batch, after=batch.rows_entered), batch.rows_entered
    while chunk := list(islice(lines, READ_ROWS)):
        accounts = _accounts(chunk)
        for line in chunk:
            row += 1
            with of_row(row):
                contact = _contact(line, accounts, batch.recorded_at)
            yield contact


def _accounts(chunk: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Account]:
    wanted: dict[str, set[str]] = {}
    for line in chunk:
        wanted.setdefault(line["party"], set()).add(number_key(line["account"]))
    return {
        (public_id, account.number_key): account
        for public_id, keys in wanted.items()
        for account in Account.objects.filter(party__public_id=public_id, number_key__in=keys, ended_on__isnull=True)
    }


def _contact(line: Mapping[str, Any], accounts: Mapping[tuple[str, str], Account], at: datetime) -> Contact:
    account = accounts.get((line["party"], number_key(line["account"])))
    if account is None:
        raise Refused(
            field="account",
            expected=gettext_noop("Expected the number of a live account of the party."),
            found=gettext_noop("There is none with the number {number}."),
            remedy=gettext_noop("Enter the accounts first, or correct the number."),
            number=line["account"],
        )
    contact = Contact(account=account, **_named(line))
    consented, until = line.get("consented_on"), line.get("quiet_until")
    describe_contact(
        contact, at=at, name=line["name"], phone=line.get("phone", ""), email=line.get("email", ""),
        language=line.get("language", ""), consented_on=date.fromisoformat(consented) if consented else None,
        consent_source=line.get("consent_source", ""), quiet=bool(line.get("quiet")),
        quiet_until=date.fromisoformat(until) if until else None, budget=int(line.get("budget", 4)),
    )  # fmt: skip
    return contact


def admit_contacts(*, at: datetime, batch: Batch, first: int, records: Sequence[Contact | None]) -> None:
    """Under the lock: refuse accounts that have ended since."""
    keys = {record.account_id for record in records if record is not None}
    ended = set(Account.objects.filter(pk__in=keys, ended_on__isnull=False).values_list("pk", flat=True))
    for row, record in enumerate(records, start=first):
        if record is not None and record.account_id in ended:
            raise refused_rows([(row, Refused(
                field="account",
                expected=gettext_noop("Expected the number of a live account of the party."),
                found=gettext_noop("{number} has ended in the meantime."),
                remedy=gettext_noop("Leave the row out, or enter the account anew."),
                number=record.account.number,
            ))])  # fmt: skip


def conflict_of_contacts(*, first: int, records: Sequence[Contact | None]) -> Refused:
    """Contacts have no unique keys."""
    raise RuntimeError("the database refused contacts, which have no unique keys")
