"""Accounts and contacts of outside parties, for those who keep them. Lists go on behind a row, never by page number:
the last part of a million rows is as quick as the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from baton.chain import policy
from baton.chain.models import Account, Contact, Party
from baton.chain.models.accounts import digests, number_key
from baton.chain.rules import PAGE_ROWS
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import demand
from baton.core.queries import records_by_key
from baton.core.texts import clean_text

M = TypeVar("M", bound=Model)

EXPORT_ROWS = 2000


@dataclass(frozen=True, slots=True)
class AccountPart:
    """A part of the list of accounts; ``after`` is the public id behind which the next part begins; empty: the end."""

    party: Party
    rows: list[Account]
    after: str


@dataclass(frozen=True, slots=True)
class QuietPart:
    """A part of the quiet list; ``after`` as for :class:`AccountPart`."""

    party: Party
    rows: list[Contact]
    after: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    """An account with its contacts and what happened to them."""

    account: Account
    contacts: list[Contact]
    history: list[HistoryEntry]


def party_with_accounts(*, viewer: Actor, at: datetime, public_id: str) -> Party:
    """The outside party whose accounts the viewer keeps; :class:`NotFound` for any other."""
    party = Party.objects.filter(public_id=public_id).first()
    if party is None or not policy.may_keep_accounts(policy.standing_of(viewer, day_of(at)), party):
        raise NotFound
    return party


def keeps_accounts(*, viewer: Actor, at: datetime, party: Party) -> bool:
    """Whether the viewer sees accounts of this party."""
    return policy.may_keep_accounts(policy.standing_of(viewer, day_of(at)), party)


def accounts(*, viewer: Actor, at: datetime, party: str, search: str = "", after: str = "") -> AccountPart:
    """Live accounts of a party by number, behind the account ``after`` (public id). ``search`` is a whole account
    number, phone, e-mail or key in another system."""
    of = party_with_accounts(viewer=viewer, at=at, public_id=party)
    rows = listed_accounts(viewer=viewer, party=of, search=search)
    found = list(_behind(rows, of, after)[: PAGE_ROWS + 1])
    more = len(found) > PAGE_ROWS
    return AccountPart(of, found[:PAGE_ROWS], found[PAGE_ROWS - 1].public_id if more else "")


def listed_accounts(*, viewer: Actor, party: Party, search: str = "") -> QuerySet[Account]:
    """Live accounts of a party whose accounts the viewer keeps, without order; ``search`` as for :func:`accounts`."""
    rows = Account.objects.filter(party=party, ended_on__isnull=True).select_related("party")
    return rows.filter(_found(viewer, party, search))


def account_page(*, viewer: Actor, at: datetime, public_id: str) -> AccountPage:
    """Everything that the page of an account shows; contacts that ended come last."""
    seen = account(viewer=viewer, at=at, public_id=public_id)
    contacts = list(Contact.objects.filter(account=seen).order_by("ended_on", "pk"))
    contacts.sort(key=lambda contact: contact.ended_on is not None)
    history = history_of(viewer=viewer, object_ids=[seen.public_id, *(one.public_id for one in contacts)])
    return AccountPage(seen, contacts, history)


def account(*, viewer: Actor, at: datetime, public_id: str) -> Account:
    """One account; :class:`NotFound` also where the viewer may not know of it."""
    seen = Account.objects.filter(public_id=public_id).select_related("party", "batch").first()
    if seen is None or not keeps_accounts(viewer=viewer, at=at, party=seen.party):
        raise NotFound
    return seen


def contact(*, viewer: Actor, at: datetime, public_id: str) -> Contact:
    """One contact; :class:`NotFound` also where the viewer may not know of him."""
    seen = Contact.objects.filter(public_id=public_id).select_related("account__party").first()
    if seen is None or not keeps_accounts(viewer=viewer, at=at, party=seen.account.party):
        raise NotFound
    return seen


def sees_accounts(*, viewer: Actor, at: datetime, public_ids: Sequence[str]) -> set[str]:
    """Which of these are accounts that the viewer keeps. Two queries for each party of them."""
    rows = list(Account.objects.filter(public_id__in=public_ids).select_related("party"))
    standing = policy.standing_of(viewer, day_of(at))
    kept = {party.pk for party in {row.party for row in rows} if policy.may_keep_accounts(standing, party)}
    return {row.public_id for row in rows if row.party_id in kept}


def sees_contacts(*, viewer: Actor, at: datetime, public_ids: Sequence[str]) -> set[str]:
    """Which of these are contacts of accounts that the viewer keeps."""
    rows = dict(Contact.objects.filter(public_id__in=public_ids).values_list("public_id", "account__public_id"))
    kept = sees_accounts(viewer=viewer, at=at, public_ids=list(set(rows.values())))
    return {contact for contact, account in rows.items() if account in kept}


def quiet_list(*, viewer: Actor, at: datetime, party: str, after: str = "") -> QuietPart:
    """Contacts of a party who are not to be contacted, for ever or today, in the order in which they were entered."""
    of, day = party_with_accounts(viewer=viewer, at=at, public_id=party), day_of(at)
    rows = Contact.objects.filter(account__party=of, ended_on__isnull=True).select_related("account")
    behind = clean_text(after)
    last = Contact.objects.filter(public_id=behind).values_list("pk", flat=True).first() if behind else None
    if last is not None:
        rows = rows.filter(pk__gt=last)
    # Two short walks along an index each, instead of one along the table.
    both = [*rows.filter(quiet=True).order_by("pk")[: PAGE_ROWS + 1],
            *rows.filter(quiet=False, quiet_until__gt=day).order_by("pk")[: PAGE_ROWS + 1]]  # fmt: skip
    found = sorted(both, key=lambda one: one.pk)
    more = len(found) > PAGE_ROWS
    return QuietPart(of, found[:PAGE_ROWS], found[PAGE_ROWS - 1].public_id if more else "")


def accounts_to_export(
    *, viewer: Actor, at: datetime, party: str, search: str = ""
) -> Iterator[tuple[Account, Contact | None]]:
    """Every live account of a party, or those that :func:`accounts` finds by ``search``, with each of its live
    contacts, or None where it has none."""
    of, after = party_with_accounts(viewer=viewer, at=at, public_id=party), ""
    wanted = _found(viewer, of, search)
    while True:
        rows = Account.objects.filter(wanted, party=of, ended_on__isnull=True)
        part = list(_behind(rows, of, after)[:EXPORT_ROWS])
        contacts: dict[int, list[Contact]] = {}
        keys = [account.pk for account in part]
        for one in Contact.objects.filter(account__in=keys, ended_on__isnull=True).order_by("pk"):
            contacts.setdefault(one.account_id, []).append(one)
        for account in part:
            yield from ((account, one) for one in contacts.get(account.pk, [None]))
        if len(part) < EXPORT_ROWS:
            return
        after = part[-1].public_id


def every_account(*, viewer: Actor) -> Iterator[Account]:
    """All live accounts with their parties, in the order in which they were entered, some thousand at a time."""
    demand(policy.may_take_contacts(viewer))
    rows = Account.objects.filter(ended_on__isnull=True).select_related("party")
    yield from _one_after_the_other(rows)


def every_contact(*, viewer: Actor) -> Iterator[Contact]:
    """All live contacts of live accounts, as :func:`every_account`."""
    demand(policy.may_take_contacts(viewer))
    rows = Contact.objects.filter(ended_on__isnull=True, account__ended_on__isnull=True)
    yield from _one_after_the_other(rows.select_related("account__party"))


def _one_after_the_other(rows: QuerySet[M]) -> Iterator[M]:
    """The rows by primary key, each part read by a short query of its own, so that no transaction stays open."""
    last = 0
    while part := list(rows.filter(pk__gt=last).order_by("pk")[:EXPORT_ROWS]):
        yield from part
        last = part[-1].pk


def _found(viewer: Actor, party: Party, search: str) -> Q:
    """Accounts with this number, contact or key; each found through an index. Every account where nothing is typed."""
    typed = clean_text(search[:200])
    if not typed:
        return Q()
    wanted = Q(number_key=number_key(typed))
    if known := digests(typed):
        people = Contact.objects.filter(Q(phone_digest__in=known) | Q(email_digest__in=known), ended_on__isnull=True)
        wanted |= Q(pk__in=list(people.filter(account__party=party).values_list("account_id", flat=True)[:PAGE_ROWS]))
    keys = records_by_key(viewer=viewer, kind=Account.kind, keys=[typed]).get(typed, set())
    return wanted | Q(public_id__in=keys)


def _behind(rows: QuerySet[Account], party: Party, after: str) -> QuerySet[Account]:
    behind = clean_text(after)
    last = Account.objects.filter(party=party, public_id=behind).first() if behind else None
    if last is not None:
        rows = rows.filter(number_key__gte=last.number_key).exclude(number_key=last.number_key, pk__lte=last.pk)
    return rows.order_by("number_key", "pk")
