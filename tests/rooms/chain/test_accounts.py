"""Accounts and contacts of outside parties: who keeps them, what is shown of them, bulk, search, forgetting."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from baton.chain import changes
from baton.chain.models import Account, Contact
from baton.chain.queries import accounts as queries
from baton.chain.rules import PAGE_ROWS, Reachable
from baton.core.audit import vault
from baton.core.audit.trail import head
from baton.core.audit.verify import verify
from baton.core.changes import give_external_key, withdraw_batch
from baton.core.changes.bulk_withdrawal import dependants, refuse_dependants
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import AuditEntry, PersonalValue
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World

KEEPERS = ("lin_mei", "wang_fang", "chen_jie", "liu_yang", "zhou_min")
OTHERS = ("zhao_lei", "he_ping", "he_jun", "wu_tao", "sun_yan", "qian_li", "tom_reed", "ivy_stone")
PHONE = "13812341234"


def account(world: World, number: str = "A-001", name: str = "Li household") -> Account:
    return changes.add_account(
        by=world.actor(world.lin_mei), at=NOON, party=world.patient, number=number, name=name
    )  # fmt: skip


def contact(world: World, of: Account, **given: Any) -> Contact:
    known: dict[str, Any] = {
        "name": "Li Na", "phone": "138 1234 1234", "email": "Li.Na@Example.org", "consented_on": date(2026, 5, 1),
        "consent_source": "form", **given,
    }  # fmt: skip
    return changes.add_contact(by=world.actor(world.lin_mei), at=NOON, account=of, **known)


def found(world: World, search: str, name: str = "chen_jie") -> list[str]:
    part = queries.accounts(
        viewer=world.actor(getattr(world, name)), at=NOON, party=world.patient.public_id, search=search
    )  # fmt: skip
    return [one.number for one in part.rows]


@pytest.mark.sqlite
def test_who_deals_with_the_party_keeps_its_accounts_and_nobody_else(world: World) -> None:
    of = account(world)
    person = contact(world, of)
    addresses = [f"/accounts-of/{world.patient.public_id}/", f"/accounts-of/{world.patient.public_id}/quiet/",
                 f"/accounts-of/{world.patient.public_id}/export.csv", f"/customer-accounts/{of.public_id}/",
                 f"/customer-accounts/{of.public_id}/change/", f"/customer-accounts/{of.public_id}/contacts/add/",
                 f"/contacts/{person.public_id}/change/"]  # fmt: skip
    for name in KEEPERS + OTHERS:
        client = world.client(getattr(world, name))
        for address in addresses:
            assert (client.get(address).status_code == 200) is (name in KEEPERS), (name, address)
        shown = client.post(f"/contacts/{person.public_id}/show/").status_code
        assert (shown == 200) is (name in KEEPERS), name
        take = client.get(f"/accounts-of/{world.patient.public_id}/take/").status_code
        assert (take == 200) is (name == "lin_mei"), name
        forget = client.get(f"/contacts/{person.public_id}/forget/").status_code
        assert (forget == 200) is (name == "lin_mei"), name
    with pytest.raises((Forbidden, NotFound)):
        changes.add_account(by=world.actor(world.zhao_lei), at=NOON, party=world.patient, number="1", name="N")
    with pytest.raises((Forbidden, Refused)):
        changes.add_account(by=world.actor(world.lin_mei), at=NOON, party=world.ward, number="1", name="N")


def test_contacts_are_masked_until_somebody_asks_and_the_trail_says_who(world: World) -> None:
    of = account(world)
    person = contact(world, of)
    client = world.client(world.chen_jie)
    page = client.get(f"/customer-accounts/{of.public_id}/").content.decode()
    assert "138****1234" in page
    assert PHONE not in page
    assert "li.na@" not in page
    for path in (f"/contacts/{person.public_id}/change/", f"/accounts-of/{world.patient.public_id}/export.csv"):
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert PHONE not in body.decode(), path
    table = f"/accounts-of/{world.patient.public_id}/export.csv"
    assert len(b"".join(client.get(f"{table}?q=nobody")).decode().splitlines()) == 1  # type: ignore[arg-type]
    assert PHONE.encode() not in client.get(f"{table}?q={of.number}&format=xlsx").content
    assert not AuditEntry.objects.filter(action="contact.shown").exists()
    assert PHONE in client.post(f"/contacts/{person.public_id}/show/").content.decode()
    assert AuditEntry.objects.get(action="contact.shown").actor == world.chen_jie.public_id
    assert client.get(f"/contacts/{person.public_id}/show/").status_code == 405


def test_taking_contacts_unmasked_needs_a_reason_that_stands_in_the_trail(world: World) -> None:
    contact(world, account(world))
    client, address = world.client(world.lin_mei), f"/accounts-of/{world.patient.public_id}/take/"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not AuditEntry.objects.filter(action="contacts.taken").exists()
    answer = client.post(address, {"reason": "Recall"})
    assert PHONE in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert '"reason":"Recall"' in AuditEntry.objects.get(action="contacts.taken").body


def test_accounts_are_found_by_what_is_typed_whole_and_not_felt_out(world: World) -> None:
    of = account(world)
    contact(world, of)
    account(world, "A-002", "Others")
    give_external_key(
        by=world.actor(world.lin_mei), at=NOON, kind="account", object_id=of.public_id, system="CRM", key="77"
    )  # fmt: skip
    for typed in ("A-001", "a-001", " A - 001 ", "138-1234-1234", "１３８１２３４１２３４", "LI.NA@example.org", "77"):
        assert found(world, typed) == ["A-001"], typed
    for part in ("1381234", "li.na", "A-0", "Li", "138****1234"):
        assert found(world, part) == [], part
    assert found(world, "") == ["A-001", "A-002"]
    assert found(world, "A-001\x00") == ["A-001"], "PostgreSQL knows no NUL"
    client, list_of = world.client(world.chen_jie), f"/accounts-of/{world.patient.public_id}"
    for address in ("/?after=%00", "/quiet/?after=%00", "/export.csv?q=%00"):
        answer = client.get(list_of + address)
        assert answer.status_code == 200
        assert not answer.streaming or b"A-001" in answer.getvalue()


def test_a_long_list_goes_on_behind_a_row(world: World) -> None:
    rows = [{"number": f"{n:05}", "name": f"Customer {n}"} for n in range(PAGE_ROWS * 2 + 7)]
    changes.add_accounts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=rows, title="Customers")
    seen: list[str] = []
    after = ""
    while True:
        part = queries.accounts(viewer=world.actor(world.lin_mei), at=NOON, party=world.patient.public_id, after=after)
        seen += [one.number for one in part.rows]
        after = part.after
        if not after:
            break
    assert seen == [row["number"] for row in rows]


def test_bad_accounts_and_contacts_are_refused_beside_the_field(world: World) -> None:
    of = account(world)
    by = world.actor(world.lin_mei)
    with pytest.raises(Refused) as twice:
        changes.add_account(by=by, at=NOON, party=world.patient, number="a-001 ", name="Again")
    assert twice.value.field == "number"
    for given, field in (
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"name": "\u200b"}, "name"),
        ({"consent_source": ""}, "consent_source"),
        ({"consented_on": None}, "consented_on"),
        ({"consented_on": date(2027, 1, 1)}, "consent_source"),
        ({"budget": 32}, "budget"),
        ({"budget": -1}, "budget"),
    ):
        with pytest.raises(Refused) as refused:
            contact(world, of, **given)
        assert refused.value.field == field, given
    assert not Contact.objects.exists()


def test_quiet_contacts_stand_on_the_quiet_list_and_are_not_reached(world: World) -> None:
    of = account(world)
    contact(world, of, name="For ever", quiet=True)
    contact(world, of, name="A month", quiet_until=date(2026, 7, 1))
    contact(world, of, name="Over", quiet_until=date(2026, 5, 1))
    silent = contact(world, of, name="Not asked", consented_on=None, consent_source="")
    part = queries.quiet_list(viewer=world.actor(world.chen_jie), at=NOON, party=world.patient.public_id)
    assert [one.name for one in part.rows] == ["For ever", "A month"]
    assert silent.reachable(NOON.date()) is Reachable.NO_CONSENT
    states = {one.name: one.reachable(NOON.date()) for one in Contact.objects.all()}
    assert states["Over"] is Reachable.YES
    assert states["For ever"] is states["A month"] is Reachable.QUIET


def test_a_contact_is_forgotten_with_the_account_that_bears_his_name(world: World) -> None:
    of = account(world, name="Li Na")
    person = contact(world, of)
    assert PersonalValue.objects.filter(subject=person.public_id).exists()
    changes.forget_contact(by=world.actor(world.lin_mei), at=NOON, contact=person, reason="He asked")
    person.refresh_from_db()
    of.refresh_from_db()
    assert (person.phone, person.email, person.phone_digest, person.consent_source) == ("", "", "", "")
    assert "Li Na" not in person.name + of.name
    assert found(world, PHONE) == []
    assert not PersonalValue.objects.filter(subject__in=[person.public_id, of.public_id]).exists()
    assert vault.opened(AuditEntry.objects.values_list("seq", flat=True)) == {
        seq: values for seq, values in vault.opened(AuditEntry.objects.values_list("seq", flat=True)).items()
        if "Li Na" not in str(values)
    }  # fmt: skip
    assert not any("Li Na" in body or PHONE in body for body in AuditEntry.objects.values_list("body", flat=True))
    assert verify().holds
    with pytest.raises(Refused):
        changes.forget_contact(by=world.actor(world.lin_mei), at=NOON, contact=person, reason=" ")
    with pytest.raises(Forbidden):
        changes.forget_contact(by=world.actor(world.chen_jie), at=NOON, contact=person, reason="No")


def plain(record: Account | Contact) -> dict[str, Any]:
    own = {"id", "public_id", "batch", "changed_seq", "account", "recorded_at"}
    return {f.attname: getattr(record, f.attname) for f in record._meta.concrete_fields if f.name not in own}


def test_in_bulk_they_come_out_as_one_by_one_and_go_as_a_whole(world: World) -> None:
    single = account(world, "B-1", "Name")
    alone = contact(world, single)
    numbers = {"number": "B-2", "name": "Name", "began_on": NOON.date().isoformat()}
    batch = changes.add_accounts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=[numbers], title="Customers")
    row = {"account": "b-2", "name": "Li Na", "phone": "138 1234 1234", "email": "Li.Na@Example.org",
           "consented_on": "2026-05-01", "consent_source": "form"}  # fmt: skip
    people = changes.add_contacts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=[row], title="People")
    many = Account.objects.get(number="B-2")
    assert plain(many) | {"number": "B-1", "number_key": "b-1"} == plain(single)
    assert plain(Contact.objects.get(account=many)) == plain(alone)
    assert not any(PHONE in body for body in AuditEntry.objects.values_list("body", flat=True))
    by = world.actor(world.lin_mei)
    with pytest.raises(Refused):
        withdraw_batch(by=by, at=NOON, batch=batch, reason="Wrong list")
    withdraw_batch(by=by, at=NOON, batch=people, reason="Wrong list")
    withdraw_batch(by=by, at=NOON, batch=batch, reason="Wrong list")
    assert not Account.objects.filter(number="B-2").exists()
    account(world, "B-2", "Free again")


def test_what_came_after_somebody_looked_for_it_is_found_too(world: World) -> None:
    """Dependants are counted before the lock is taken; under it only those that came since."""
    row = {"number": "B-3", "name": "Name", "began_on": NOON.date().isoformat()}
    batch = changes.add_accounts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=[row], title="Customers")
    contact(world, account(world, "B-4", "Another"))
    looked_to = refuse_dependants(batch)
    contact(world, Account.objects.get(number="B-3"))
    assert dependants(batch, after=head()) == {}
    with pytest.raises(Refused) as refused:
        withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="Wrong list", looked_to=looked_to)
    assert refused.value.values["what"] == "contacts: 1"


def test_a_bad_row_is_named_and_nothing_counts(world: World) -> None:
    rows = [{"number": "1", "name": "One"}, {"number": "2", "name": "Two"}, {"number": " 1", "name": "Twice"}]
    with pytest.raises(Refused) as refused:
        changes.add_accounts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=rows, title="Customers")
    assert refused.value.values["rows"].startswith("3:")
    assert not Account.objects.exists()
    lines = [{"account": "9", "name": "X"}]
    with pytest.raises(Refused) as nowhere:
        changes.add_contacts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=lines, title="People")
    assert nowhere.value.values["rows"].startswith("1:")


@pytest.mark.sqlite
def test_pages_ask_as_many_queries_for_many_as_for_few(world: World) -> None:
    of = account(world)
    contact(world, of)
    changes.add_account(by=world.actor(world.lin_mei), at=BEGAN, party=world.patient, number="Z", name="Last")
    contact(world, of, quiet=True)
    addresses = [f"/accounts-of/{world.patient.public_id}/", f"/customer-accounts/{of.public_id}/",
                 f"/accounts-of/{world.patient.public_id}/quiet/",
                 f"/accounts-of/{world.patient.public_id}/?q={PHONE}"]  # fmt: skip
    few = queries_a_page(world.client(world.chen_jie), addresses)
    for n in range(4):
        account(world, f"N-{n}")
        contact(world, of, name=f"Person {n}", quiet=n % 2 == 0)
    many = queries_a_page(world.client(world.chen_jie), addresses)
    assert all(many[address] <= few[address] for address in addresses), (few, many)


@pytest.mark.both
def test_the_list_walks_along_its_index(world: World) -> None:
    rows = [{"number": f"{n:05}", "name": f"Customer {n}"} for n in range(3000)]
    changes.add_accounts_in_bulk(by=SYSTEM, at=NOON, party=world.patient, rows=rows, title="Customers")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    last = Account.objects.get(number="02000")
    plan = queries._behind(Account.objects.filter(party=world.patient, ended_on__isnull=True), world.patient,
                           last.public_id)[:51].explain()  # fmt: skip
    assert "chain_accounts_in_order" in plan or "chain_account_once_while_live" in plan, plan
    assert "TEMP B-TREE" not in plan, plan
