"""Contacts of accounts: who is spoken to, whether he agreed, and how often he may be asked; looked at in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import change_contact, note_all_contacts_taken
from baton.chain.changes.accounts import describe_contact
from baton.chain.changes.bulk_accounts import CONTACTS_TARGET, contact_line
from baton.chain.imports.accounts import NUMBER_LABELS, NUMBER_SYNONYMS, PARTY_COLUMN
from baton.chain.imports.columns import LANGUAGE_WORDS, plain_name, several, unknown, withdrawn
from baton.chain.imports.known import PartsMemory, TableNames
from baton.chain.models import Account, Contact, Party
from baton.chain.models.accounts import number_key
from baton.chain.queries.accounts import every_contact
from baton.chain.rules import BUDGETS, NAME_LENGTH, NUMBER_LENGTH
from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton.core.import_targets import (
    ChoiceCell,
    DayCell,
    EmailCell,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    PhoneCell,
    TextCell,
    WholeCell,
    YesNoCell,
)
from baton.core.imports.seen import told_once
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

COLUMNS = (
    PARTY_COLUMN,
    ImportColumn(
        "account", NUMBER_LABELS, TextCell(NUMBER_LENGTH), required=True, synonyms=NUMBER_SYNONYMS, example="A-10023",
        text=_("The live account that the contact speaks for."),
    ),
    ImportColumn(
        "name", {"en": "Contact name", "zh-hans": "联系人姓名"}, TextCell(NAME_LENGTH), required=True,
        synonyms=("name", "contact", "contact person", "联系人", "姓名"), example="Li Na",
        text=_("How the contact is addressed; by it a row is known again within its account."),
    ),
    ImportColumn(
        "phone", {"en": "Phone", "zh-hans": "电话"}, PhoneCell(), synonyms=("mobile", "telephone", "手机", "手机号"),
        example="+8613800138000", text=_("Optional, with country code; shown masked."),
    ),
    ImportColumn(
        "email", {"en": "E-mail", "zh-hans": "电子邮箱"}, EmailCell(), synonyms=("email", "mail", "邮箱"),
        example="li.na@example.org", text=_("Optional; shown masked."),
    ),
    ImportColumn(
        "language", {"en": "Language", "zh-hans": "语言"}, ChoiceCell(LANGUAGE_WORDS), example="zh-hans",
        text=_("Language of messages to the contact; empty: the organisation’s."),
    ),
    ImportColumn(
        "consented_on", {"en": "Consent on", "zh-hans": "同意日期"}, DayCell(), synonyms=("consent", "opt in"),
        example="2026-01-05", text=_("Day of the agreement to be contacted; empty: there is none."),
    ),
    ImportColumn(
        "consent_source", {"en": "Source of the consent", "zh-hans": "同意的来源"}, TextCell(NAME_LENGTH),
        synonyms=("consent source", "同意来源"), example="Contract",
        text=_("Where it was given; required with its day."),
    ),
    ImportColumn(
        "quiet", {"en": "Quiet", "zh-hans": "勿扰"}, YesNoCell(),
        synonyms=("do not contact", "quiet list", "勿扰名单", "免打扰"), example="no",
        text=_("Yes: asked for quiet, no contact at all."),
    ),
    ImportColumn(
        "quiet_until", {"en": "Quiet until", "zh-hans": "勿扰截止"}, DayCell(), synonyms=("免打扰至",),
        text=_("First day on which contact is allowed again."),
    ),
    ImportColumn(
        "budget", {"en": "Contacts a month", "zh-hans": "每月联系次数"}, WholeCell(BUDGETS.start, BUDGETS.stop - 1),
        synonyms=("contact budget", "budget", "联系上限"), example="4",
        text=_("Most contacts in a calendar month; empty: 4."),
    ),
)  # fmt: skip
SAID = ("phone", "email", "language", "consented_on", "consent_source", "quiet", "quiet_until", "budget")
"""What a row says of a contact beside his name."""


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New contacts, and what changes in those that are there."""
    memory = PartsMemory.of(findings)
    meant = memory.parties.of(rows, findings)
    there = _There.read(rows, meant)
    placed: list[tuple[ImportRow, Account, Contact]] = []
    for row in rows:
        account = there.account(row, meant.get(row.number), findings)
        if account is not None and (said := _described(row, account, there, findings)) is not None:
            placed.append((row, account, said))
    _judge(placed, meant, memory, there, findings)


def _judge(
    placed: Sequence[tuple[ImportRow, Account, Contact]],
    meant: Mapping[int, Party],
    memory: PartsMemory,
    there: _There,
    findings: Findings,
) -> None:
    """Rows with their accounts and what they say: new contacts, or those that are there; each once in the table."""
    told = [(row, f"{of.pk} {plain_name(said.name)} {said.phone_digest} {said.email_digest}", (of, said))
            for row, of, said in placed]  # fmt: skip
    held: list[tuple[ImportRow, str, Contact]] = []
    for row, (account, said) in told_once(memory.rows, told, "name", findings):
        if isinstance(same := there.same(row, account, said), CellProblem):
            findings.refuse(row, "name", same)
        elif same is None:
            _new(row, meant[row.number], account, said, findings)
        else:
            held.append((row, same.public_id, same))
    for row, contact in told_once(memory.held, held, "name", findings):
        _changed(row, contact, findings)


@dataclass(frozen=True)
class _There:
    """The live accounts that the rows of a part name, and their live contacts."""

    accounts: dict[tuple[int, str], Account]
    contacts: dict[int, list[Contact]]
    known: dict[str, Contact]

    @classmethod
    def read(cls, rows: Sequence[ImportRow], meant: Mapping[int, Party]) -> Self:
        wanted: dict[int, set[str]] = {}
        for row in rows:
            if row.number in meant:
                wanted.setdefault(meant[row.number].pk, set()).add(number_key(row["account"]))
        accounts = {
            (party, account.number_key): account
            for party, keys in wanted.items()
            for account in Account.objects.filter(party=party, number_key__in=keys, ended_on__isnull=True)
        }
        live = Contact.objects.filter(ended_on__isnull=True)
        contacts: dict[int, list[Contact]] = defaultdict(list)
        for contact in live.filter(account__in=[account.pk for account in accounts.values()]).order_by("pk"):
            contacts[contact.account_id].append(contact)
        ids = {row.known for row in rows if row.known}
        known = {one.public_id: one for one in live.filter(public_id__in=ids)} if ids else {}
        return cls(accounts, contacts, known)

    def account(self, row: ImportRow, party: Party | None, findings: Findings) -> Account | None:
        """The account that a row names; a row that names none is refused."""
        if party is None:
            return None
        found = self.accounts.get((party.pk, number_key(row["account"])))
        if found is None:
            said = gettext_noop("Expected the number of a live account of the party.")
            findings.refuse(row, "account", unknown(row["account"], said))
        return found

    def same(self, row: ImportRow, account: Account, said: Contact) -> Contact | CellProblem | None:
        """The contact that a row means: by its key, else by his name in the account and, where several bear it, by
        phone or e-mail."""
        if row.known:
            found = self.known.get(row.known)
            if found is not None and found.account_id == account.pk:
                return found
            return CellProblem(
                expected=gettext_noop("Expected the key of a live contact of this account."),
                found=gettext_noop("The contact of this key has ended, or belongs to another account."),
                remedy=gettext_noop("Withdraw the key there, or leave the row out."),
            )
        named = [one for one in self.contacts[account.pk] if plain_name(one.name) == plain_name(said.name)]
        if len(named) > 1:
            reached = [one for one in named if _digests(one) & _digests(said)]
            return reached[0] if len(reached) == 1 else several(said.name, [account.number])
        return named[0] if named else None


def _digests(contact: Contact) -> set[str]:
    return {contact.phone_digest, contact.email_digest} - {""}


def _described(row: ImportRow, account: Account, there: _There, findings: Findings) -> Contact | None:
    """The contact as the row describes him, not saved; None where he cannot be so."""
    said = Contact(account=account)
    try:
        describe_contact(
            said, at=findings.at, name=row["name"], phone=row["phone"] or "", email=row["email"] or "",
            language=row["language"] or "", consented_on=row["consented_on"],
            consent_source=row["consent_source"] or "", quiet=bool(row["quiet"]), quiet_until=row["quiet_until"],
            budget=4 if row["budget"] is None else row["budget"],
        )  # fmt: skip
    except Refused as refused:
        findings.refuse(row, refused.field or "name", refused)
        return None
    return said


def _new(row: ImportRow, party: Party, account: Account, said: Contact, findings: Findings) -> None:
    public_id = new_public_id()
    line = contact_line(said, public_id=public_id, party=party.public_id, account=account.number)
    findings.new(row, CONTACTS_TARGET, line, made=public_id if row.key else "")


def _changed(row: ImportRow, contact: Contact, findings: Findings) -> None:
    """What differs from the contact as he stands; empty cells leave him as he is."""
    fresh = Contact(account_id=contact.account_id)
    given = {name: row[name] for name in SAID if row[name] is not None}
    now = {name: getattr(contact, name) for name in SAID} | {"name": contact.name}
    said = now | given | ({"name": row["name"]} if plain_name(row["name"]) != plain_name(contact.name) else {})
    try:
        describe_contact(fresh, at=findings.at, **said)
    except Refused as refused:
        findings.refuse(row, refused.field or "", refused)
        return
    changed = {name: getattr(fresh, name) for name in now if getattr(fresh, name) != now[name]}
    if not changed:
        findings.same(row, contact.public_id)
        return
    days = {name: value.isoformat() for name, value in changed.items() if name in ("consented_on", "quiet_until")}
    line = {"contact": contact.public_id, **changed, **days}
    findings.change(row, line, made=contact.public_id, was={name: now[name] for name in changed})


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Correct one contact as the row says."""
    contact = Contact.objects.filter(public_id=line["contact"]).select_related("account").first()
    if contact is None:
        raise withdrawn(gettext_noop("Expected a contact who is there."))
    given = {name: value for name, value in line.items() if name not in ("contact", "row")}
    for name in ("consented_on", "quiet_until"):
        if name in given:
            given[name] = datetime.fromisoformat(given[name]).date()
    kept = {name: getattr(contact, name) for name in (*SAID, "name")}
    change_contact(by=by, at=at, contact=contact, **(kept | given))


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live contacts, in the order in which they were entered, unmasked: who takes them has said what for."""
    names = TableNames(viewer, at)
    for contact in every_contact(viewer=viewer):
        yield {
            "party": names.of(contact.account.party), "account": contact.account.number, "name": contact.name,
            "phone": contact.phone, "email": contact.email, "language": contact.language,
            "consented_on": contact.consented_on.isoformat() if contact.consented_on else "",
            "consent_source": contact.consent_source, "quiet": "yes" if contact.quiet else "no",
            "quiet_until": contact.quiet_until.isoformat() if contact.quiet_until else "",
            "budget": str(contact.budget),
        }  # fmt: skip


CONTACTS = ImportTarget(
    title=_("Contacts"),
    text=_("Who is spoken to for an account: phone, e-mail, consent, quiet list, contacts a month."),
    columns=COLUMNS,
    may_bring=policy.may_take_contacts,
    makes=(CONTACTS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    kind=Contact.kind,
    key_is_personal=True,
    in_parts=True,
    note_taken=note_all_contacts_taken,
    may_take=policy.may_take_contacts,
    icon="contact",
)
