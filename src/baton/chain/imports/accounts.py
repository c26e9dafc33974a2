"""Accounts of outside parties: buyers, households, branches; up to a million, looked at part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import change_account
from baton.chain.changes.bulk_accounts import ACCOUNTS_TARGET, account_line
from baton.chain.imports.columns import began_column, fixed, withdrawn
from baton.chain.imports.known import PartsMemory, TableNames
from baton.chain.models import Account, Party
from baton.chain.models.accounts import number_key
from baton.chain.queries.accounts import every_account
from baton.chain.rules import NAME_LENGTH, NUMBER_LENGTH
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.ids import new_public_id
from baton.core.import_targets import Findings, ImportColumn, ImportRow, ImportTarget, TextCell
from baton.core.imports.seen import told_once
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

PARTY_COLUMN = ImportColumn(
    "party", {"en": "Outside party", "zh-hans": "外部单位"}, TextCell(200), required=True,
    synonyms=("party", "party code", "customer group", "外部相关方", "相关方", "客户群体", "外部客户"),
    example="BUYERS",
    text=_("Code, key, number or name of the outside customer, group of consumers or outside supplier."),
)  # fmt: skip
NUMBER_LABELS = {"en": "Account number", "zh-hans": "账号"}
NUMBER_SYNONYMS = (
    "account",
    "account no",
    "customer number",
    "customer no",
    "card number",
    "账户编号",
    "客户编号",
    "客户号",
    "卡号",
)

COLUMNS = (
    PARTY_COLUMN,
    ImportColumn(
        "number", NUMBER_LABELS, TextCell(NUMBER_LENGTH), required=True, synonyms=NUMBER_SYNONYMS, example="A-10023",
        text=_("As it stands on invoices and cards; by it a row is known again within its party."),
    ),
    ImportColumn(
        "name", {"en": "Account name", "zh-hans": "账户名称"}, TextCell(NAME_LENGTH), required=True,
        synonyms=("name", "customer name", "名称", "客户名称", "户名"), example="Li household",
        text=_("Who or what it is."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New accounts, and what changes in those that are there."""
    memory = PartsMemory.of(findings)
    meant = memory.parties.of(rows, findings)
    keys = {row.number: number_key(row["number"]) for row in rows}
    there = _There.read(meant, keys, rows)
    placed = [(row, f"{meant[row.number].pk} {keys[row.number]}", meant[row.number])
              for row in rows if row.number in meant]  # fmt: skip
    held: list[tuple[ImportRow, str, Account]] = []
    for row, party in told_once(memory.rows, placed, "number", findings):
        account = there.by_id.get(row.known) if row.known else there.by_number.get((party.pk, keys[row.number]))
        if account is None:
            _new(row, party, findings)
        else:
            held.append((row, account.public_id, account))
    for row, account in told_once(memory.held, held, "number", findings):
        _changed(row, meant[row.number], account, there, keys[row.number], findings)


@dataclass(frozen=True)
class _There:
    """The live accounts that the rows of a part may mean, those of unfinished bulk entries included."""

    by_number: dict[tuple[int, str], Account]
    by_id: dict[str, Account]

    @classmethod
    def read(cls, meant: Mapping[int, Party], keys: Mapping[int, str], rows: Sequence[ImportRow]) -> Self:
        wanted: dict[int, set[str]] = {}
        for number, party in meant.items():
            wanted.setdefault(party.pk, set()).add(keys[number])
        by_number = {
            (party, account.number_key): account
            for party, numbers in wanted.items()
            for account in Account.everything.filter(
                party=party, number_key__in=numbers, ended_on__isnull=True
            ).select_related("batch")
        }
        known = {row.known for row in rows if row.known}
        live = Account.objects.filter(public_id__in=known, ended_on__isnull=True) if known else ()
        return cls(by_number, {account.public_id: account for account in live})


def _new(row: ImportRow, party: Party, findings: Findings) -> None:
    if row.known:
        findings.refuse(row, "number", CellProblem(
            expected=gettext_noop("Expected the key of an account that is live."),
            found=gettext_noop("The account of this key has ended."),
            remedy=gettext_noop("Withdraw the key there, or leave the row out."),
        ))  # fmt: skip
        return
    public_id = new_public_id()
    line = account_line(
        public_id=public_id, party=party.public_id, number=row["number"], name=row["name"],
        began_on=row["began_on"] or day_of(findings.at),
    )  # fmt: skip
    findings.new(row, ACCOUNTS_TARGET, line, made=public_id if row.key else "")


def _changed(
    row: ImportRow, party: Party, account: Account, there: _There, key: str, findings: Findings
) -> None:  # fmt: skip
    """What differs from the account as it stands; empty cells leave it as it is."""
    holder = there.by_number.get((party.pk, key))
    if account.batch is not None and account.batch.sealed_at is None:
        findings.refuse(row, "number", CellProblem(
            expected=gettext_noop("Expected a number that no unfinished bulk entry holds."),
            found=gettext_noop("“{title}” is being entered and has it."), values={"title": account.batch.title},
            remedy=gettext_noop("Wait until it is entered, or give it up; then import the table again."),
        ))  # fmt: skip
    elif account.party_id != party.pk:
        said = gettext_noop("Expected the party as it is; it does not change.")
        findings.refuse(row, "party", fixed(said, str(account.party.number)))
    elif row["began_on"] and row["began_on"] != account.began_on:
        said = gettext_noop("Expected the first day as it is; it does not change.")
        findings.refuse(row, "began_on", fixed(said, account.began_on.isoformat()))
    elif holder is not None and holder.pk != account.pk:
        findings.refuse(row, "number", CellProblem(
            expected=gettext_noop("Expected a number that no other account of this party has."),
            found=gettext_noop("{number} is there already, as “{name}”."),
            remedy=gettext_noop("Correct the number, or the key."),
            values={"number": holder.number, "name": holder.name},
        ))  # fmt: skip
    else:
        number = account.number if account.number_key == key else row["number"]
        if (number, row["name"]) == (account.number, account.name):
            findings.same(row, account.public_id)
        else:
            line = {"account": account.public_id, "number": number, "name": row["name"]}
            was = {"number": account.number, "name": account.name}
            findings.change(row, line, made=account.public_id, was=was)


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Correct one account as the row says."""
    account = Account.objects.filter(public_id=line["account"]).first()
    if account is None:
        raise withdrawn(gettext_noop("Expected an account that is there."))
    change_account(by=by, at=at, account=account, number=line["number"], name=line["name"])


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live accounts, in the order in which they were entered."""
    names = TableNames(viewer, at)
    for account in every_account(viewer=viewer):
        yield {
            "party": names.of(account.party), "number": account.number, "name": account.name,
            "began_on": account.began_on.isoformat(),
        }  # fmt: skip


ACCOUNTS = ImportTarget(
    title=_("Accounts"),
    text=_("Single customers or suppliers of an outside party, with their numbers; up to a million."),
    columns=COLUMNS,
    may_bring=policy.may_take_contacts,
    makes=(ACCOUNTS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    kind=Account.kind,
    key_is_personal=True,
    in_parts=True,
    may_take=policy.may_take_contacts,
    icon="contact",
)
