"""Accounts and contacts of outside parties as tables: looked at in parts, entered whole, known again, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from baton.chain import changes
from baton.chain.models import Account, Contact
from baton.core.audit.verify import verify
from baton.core.changes.imports import withdraw_import
from baton.core.imports import checking
from baton.core.imports.seen import Seen
from baton.core.models import AuditEntry, ExternalKey
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said
from tests.world import NOON, World

PHONE = "13812341234"
ACCOUNTS = (
    "Outside party,Account number,Account name,From\n"
    "Patient,A-1,Li household,2026-01-05\n"
    "Patient,A-2,Wang household,2026-01-05\n"
)
CONTACTS = (
    "Outside party,Account number,Contact name,Phone,E-mail,Language,Consent on,Source of the consent,Quiet,"
    "Quiet until,Contacts a month\n"
    "Patient,a-1,Li Na,+86 138-1234-1234,li.na@example.org,zh-hans,2026-05-01,Form,no,2026-07-01,2\n"
    "Patient,A-2,Wang Wei,13912341234,,,,,yes,,\n"
    "Patient,A-2,Wang Hua,,hua@example.org,,,,,,0\n"
)


def plain(record: Account | Contact) -> dict[str, Any]:
    own = {"id", "public_id", "batch", "changed_seq", "account", "recorded_at", "number", "number_key"}
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields if f.name not in own}


def test_accounts_and_contacts_come_out_as_one_by_one(world: World) -> None:
    run = entered("accounts", ACCOUNTS.encode())
    assert (run.state, counts(run)) == ("entered", (2, 0, 0, 0))
    run = entered("contacts", CONTACTS.encode())
    assert counts(run) == (3, 0, 0, 0)
    alone = changes.add_account(
        by=SYSTEM, at=NOON, party=world.patient, number="B", name="Li household", began_on=date(2026, 1, 5)
    )
    many = Account.objects.get(number="A-1")
    assert plain(many) == plain(alone)
    single = changes.add_contact(
        by=SYSTEM, at=NOON, account=alone, name="Li Na", phone="+86 138-1234-1234", email="li.na@example.org",
        language="zh-hans", consented_on=date(2026, 5, 1), consent_source="Form", quiet_until=date(2026, 7, 1),
        budget=2,
    )  # fmt: skip
    assert plain(Contact.objects.get(account=many)) == plain(single)
    wei = Contact.objects.get(name="Wang Wei")
    assert (wei.quiet, wei.consented_on, wei.budget) == (True, None, 4)
    page = world.client(world.chen_jie).get(f"/customer-accounts/{many.public_id}/").content.decode()
    assert "138****1234" in page
    assert PHONE not in page
    assert not any(PHONE in body for body in AuditEntry.objects.values_list("body", flat=True))
    assert verify().holds
    for target, table in (("accounts", ACCOUNTS), ("contacts", CONTACTS)):
        assert counts(checked(target, table.encode())) == (0, 0, table.count("\n") - 1, 0), target


def test_what_differs_is_changed_and_empty_cells_leave_what_is_there(world: World) -> None:
    entered("accounts", ACCOUNTS.encode())
    entered("contacts", CONTACTS.encode())
    run = entered("accounts", ACCOUNTS.replace("Wang household", "Wang family").encode())
    assert counts(run) == (0, 1, 1, 0)
    assert Account.objects.get(number="A-2").name == "Wang family"
    before = Contact.objects.get(name="Li Na")
    table = "Outside party,Account number,Contact name,Phone,Quiet,Contacts a month\nPatient,A-1,li  na,,yes,9\n"
    run = entered("contacts", table.encode())
    assert counts(run) == (0, 1, 0, 0)
    after = Contact.objects.get(name="Li Na")
    assert (after.quiet, after.budget) == (True, 9)
    assert (after.phone, after.email, after.consented_on) == (before.phone, before.email, before.consented_on)
    assert AuditEntry.objects.filter(action="contact.changed", object_id=after.public_id).exists()


def test_keys_of_another_system_know_them_again_and_are_forgotten_with_them(world: World) -> None:
    accounts = "key," + ACCOUNTS.replace("\nPatient", "\n77,Patient", 1).replace("\nPatient", "\n78,Patient", 1)
    assert counts(entered("accounts", accounts.encode(), system="CRM")) == (2, 0, 0, 0)
    again = entered("accounts", accounts.replace("A-1,Li", "A-9,New Li").encode(), system="crm")
    assert counts(again) == (0, 1, 1, 0)
    assert Account.objects.get(number="A-9").name == "New Li household"
    assert Account.objects.count() == 2

    contacts = "key,Outside party,Account number,Contact name,Phone\n901,Patient,A-9,Li Na,13812341234\n"
    assert counts(entered("contacts", contacts.encode(), system="CRM")) == (1, 0, 0, 0)
    assert counts(entered("contacts", contacts.replace("Li Na", "Li Na-Wang").encode(), system="CRM")) == (0, 1, 0, 0)
    li = Contact.objects.get()
    assert li.name == "Li Na-Wang"
    held = ExternalKey.objects.get(record_kind="contact")
    assert (held.key, held.object_id, held.subject) == ("901", li.public_id, li.public_id)
    changes.forget_contact(by=SYSTEM, at=NOON, contact=li, reason="He asked")
    held.refresh_from_db()
    assert held.key.startswith("forgotten-")
    assert held.withdrawn_at is not None


def test_mistakes_are_told_by_row_and_column(world: World) -> None:
    table = ACCOUNTS + (
        "Ward 3,A-3,Inside,\n"
        "Nowhere,A-4,Nobody,\n"
        "Patient, a-1,Twice,\n"
        f"Patient,{'9' * 41},Long,\n"
        "Patient,A-5,,\n"
        "Patient,A-6,Ends,31/02/2026\n"
        "Patient,A-7\n"
    )
    run = checked("accounts", table.encode())
    assert counts(run) == (2, 0, 0, 7)
    told = [(row, column) for row, column, _text in said(run)]
    assert told == [
        (4, "Outside party"), (5, "Outside party"), (6, "Account number"), (7, "Account number"), (8, "Account name"),
        (9, "From"), (10, "Account name"),
    ]  # fmt: skip
    assert "Row 2 says the same" in said(run)[2][2]
    assert not Account.everything.exists()

    entered("accounts", ACCOUNTS.encode())
    bad = (
        "Outside party,Account number,Contact name,Phone,E-mail,Consent on,Source of the consent,Contacts a month\n"
        "Patient,A-9,No account,,,,,\n"
        "Patient,A-1,No source,,,2026-05-01,,\n"
        "Patient,A-1,Tomorrow,,,2199-05-01,Form,\n"
        "Patient,A-1,Too often,,,,,32\n"
        "Patient,A-1,No phone,call me,,,,\n"
        "Patient,A-1,Twice,,,,,\n"
        "Patient,A-1,twice,,,,,\n"
    )
    run = checked("contacts", bad.encode())
    assert counts(run) == (1, 0, 0, 6)
    assert [(row, column) for row, column, _text in said(run)] == [
        (2, "Account number"), (3, "Source of the consent"), (4, "Source of the consent"), (5, "Contacts a month"),
        (6, "Phone"), (8, "Contact name"),
    ]  # fmt: skip
    assert not Contact.everything.exists()


def test_contacts_of_one_name_are_told_apart_by_phone(world: World) -> None:
    entered("accounts", ACCOUNTS.encode())
    head = "Outside party,Account number,Contact name,Phone,Contacts a month\n"
    both = head + "Patient,A-1,Li Na,13811111111,1\nPatient,A-1,Li Na,13822222222,2\n"
    assert counts(entered("contacts", both.encode())) == (2, 0, 0, 0)
    assert counts(checked("contacts", both.encode())) == (0, 0, 2, 0)
    assert counts(entered("contacts", both.replace("222,2", "222,3").encode())) == (0, 1, 1, 0)
    assert sorted(Contact.objects.values_list("budget", flat=True)) == [1, 3]
    run = checked("contacts", (head + "Patient,A-1,Li Na,,5\n").encode())
    assert [(row, column) for row, column, _text in said(run)] == [(2, "Contact name")]


def test_a_long_table_is_looked_at_in_parts_as_if_it_were_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PART_ROWS", 7)
    numbers = [f"N{n:03}" for n in range(40)]
    lines = [f"Patient,{number},Customer,{'5/1/2026' if n else '13/1/2026'}" for n, number in enumerate(numbers)]
    lines[30:30] = ["Patient,N003,Again,", "Patient,N004"]
    run = checked("accounts", ("Outside party,Account number,Account name,From\n" + "\n".join(lines)).encode())
    assert counts(run) == (40, 0, 0, 2)
    assert [(row, column) for row, column, _text in said(run)] == [(32, "Account number"), (33, "Account name")]
    run = entered("accounts", ("Outside party,Account number,Account name,From\n" + "\n".join(lines)).encode(),
                  leave_out=True)  # fmt: skip
    assert list(Account.objects.order_by("pk").values_list("number", flat=True)) == numbers
    assert set(Account.objects.values_list("began_on", flat=True)) == {date(2026, 1, 5), date(2026, 1, 13)}
    withdraw_import(by=SYSTEM, at=NOON, run=run, reason="wrong list")
    assert not Account.objects.exists()


def test_keys_seen_before_are_found_whatever_the_parts() -> None:
    seen = Seen()
    first: dict[str, int] = {}
    for start in range(0, 3_000, 37):
        rows = list(range(start, start + 37))
        keys = [str(row * row % 1_009) for row in rows]
        assert seen.first_rows(keys, rows) == [first.setdefault(key, row) for key, row in zip(keys, rows, strict=True)]
    assert seen.first_rows([], []) == []


def test_contacts_are_taken_with_a_reason_and_come_back_the_same(world: World) -> None:
    entered("accounts", ACCOUNTS.encode())
    entered("contacts", CONTACTS.encode())
    client = world.client(world.lin_mei)
    assert client.get("/data/tables/accounts/csv/").status_code == 200
    for form in ("csv", "xlsx"):
        address = f"/data/tables/contacts/{form}/"
        assert PHONE not in client.get(address).content.decode()
        assert client.post(address, {"reason": " "}).status_code == 422
        answer = client.post(address, {"reason": f"Move {form}"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert counts(checked("contacts", content)) == (0, 0, 3, 0), form
    assert AuditEntry.objects.filter(action="contacts.taken").count() == 2
    for name in ("chen_jie", "sun_yan", "he_jun"):
        other = world.client(getattr(world, name))
        assert other.get("/data/tables/contacts/csv/").status_code in (403, 404), name
        assert other.get("/data/imports/bring/contacts/").status_code in (403, 404), name
