"""Keys of parties in other systems: on the page, in the list and its export, and in event logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core import changes, queries
from baton.core.models import AuditEntry, ExternalKey
from tests.rooms.chain.test_event_logs import bring, log_file, mine
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

    from baton.chain.models import EventLog, Party

ROWS = [
    ("s1", "2026-03-02T08:00:00Z", "take specimen", "ZZ-3"),
    ("s1", "2026-03-02T09:00:00Z", "analyse", "ZZ-9"),
    ("s2", "2026-03-03T08:00:00Z", "take specimen", "ZZ-3"),
    ("s2", "2026-03-03T09:00:00Z", "carry", "Pharmacy"),
]


def give(party: Party, key: str, system: str = "LIS") -> ExternalKey:
    return changes.give_external_key(
        by=SYSTEM, at=NOON, kind="party", object_id=party.public_id, system=system, key=key
    )


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def matched(log: EventLog) -> dict[str, str]:
    return {row.value: str(row.party) for row in log.names.select_related("party") if row.party}


def test_the_page_of_a_party_shows_its_keys_and_their_history(world: World) -> None:
    head, address = world.client(world.wang_fang), f"/parties/{world.ward.public_id}/"
    assert f"/keys/party/{world.ward.public_id}/" in page(head, address)
    assert head.post(f"/keys/party/{world.ward.public_id}/", {"system": "HIS", "key": "W03"}).status_code == 302
    shown = page(head, address)
    assert "W03" in shown
    assert "Key in another system given" in shown
    member = page(world.client(world.chen_jie), address)
    assert ("W03" in member, "/keys/party/" in member) == (True, False)


def test_the_list_finds_parties_by_key_and_the_export_holds_keys(world: World) -> None:
    give(world.laundry, "ABC-0815")
    give(world.stores, "ABC-0816")
    quality = world.client(world.lin_mei)
    found = page(quality, "/parties/?q=abc-081")
    assert ("Laundry" in found, "Stores" in found, "Pharmacy" in found) == (True, True, False)
    assert "Laundry" in page(quality, "/parties/?q=laun+0815")
    text = b"".join(quality.get("/parties/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "LIS: ABC-0815" in text
    member = world.client(world.chen_jie)
    assert "Stores" not in page(member, "/parties/?q=abc-081")
    text = b"".join(member.get("/parties/export.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert ("ABC-0815" in text, "ABC-0816" in text) == (True, False)


@pytest.mark.sqlite
def test_the_list_takes_as_many_queries_with_many_keys_as_with_one(world: World) -> None:
    give(world.laundry, "ABC-0")
    quality = world.client(world.lin_mei)
    page(quality, "/parties/?q=abc")  # what is kept for a while, such as the number of gaps, is not counted
    with CaptureQueriesContext(connection) as one:
        page(quality, "/parties/?q=abc")
    for number in range(1, 40):
        give(world.laundry, f"ABC-{number}")
    page(quality, "/parties/?q=abc")
    with CaptureQueriesContext(connection) as many:
        page(quality, "/parties/?q=abc")
    assert len(many) == len(one)


def test_a_log_finds_parties_by_the_keys_of_its_system(world: World) -> None:
    give(world.ward, "ZZ-3", "LIS")
    give(world.stores, "ZZ-9", "SAP")
    give(world.laboratory, "ZZ-9", "LIS")
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(ROWS)), system="lis")
    assert matched(log) == {"ZZ-3": "Ward 3", "ZZ-9": "Laboratory", "Pharmacy": "Pharmacy"}


def test_without_a_system_only_what_means_one_party_is_matched(world: World) -> None:
    give(world.ward, "ZZ-3", "LIS")
    give(world.stores, "ZZ-9", "SAP")
    give(world.laboratory, "ZZ-9", "LIS")
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(ROWS)))
    assert matched(log) == {"ZZ-3": "Ward 3", "Pharmacy": "Pharmacy"}


def test_the_organisations_own_code_counts_before_keys_of_any_system(world: World) -> None:
    from baton.chain.changes import rename_party

    rename_party(by=SYSTEM, at=NOON, party=world.ward, name=world.ward.name, code="ZZ-3")
    give(world.stores, "ZZ-3", "SAP")
    client = world.client(world.lin_mei)
    assert matched(mine(client, bring(client, log_file(ROWS))))["ZZ-3"] == "Ward 3"
    log = mine(client, bring(client, log_file(ROWS[:3], "other.csv")), system="SAP")
    assert matched(log)["ZZ-3"] == "Stores"


def test_a_withdrawn_key_matches_nothing(world: World) -> None:
    key = give(world.ward, "ZZ-3")
    changes.withdraw_external_key(by=SYSTEM, at=NOON, key=key)
    client = world.client(world.lin_mei)
    assert "ZZ-3" not in matched(mine(client, bring(client, log_file(ROWS))))


def test_matching_by_hand_remembers_the_name_as_a_key(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(ROWS)), system="LIS")
    address = f"/discovery/{log.public_id}/names/"
    assert "Remember it as the key in LIS" in page(client, f"{address}?match=ZZ-9")
    sent = {"value": "ZZ-9", "party": world.laboratory.public_id}
    assert client.post(address, sent).status_code == 302
    assert ExternalKey.objects.count() == 0
    assert client.post(address, sent | {"remember": "yes"}).status_code == 302
    assert str(ExternalKey.objects.get()) == "LIS: ZZ-9"
    other = mine(client, bring(client, log_file(ROWS[:3], "second.csv")), system="LIS")
    assert matched(other) == {"ZZ-9": "Laboratory"}
    taken = client.post(address, {"value": "ZZ-3", "party": world.ward.public_id, "remember": "yes"})
    assert taken.status_code == 302
    refused = client.post(address, {"value": "ZZ-9", "party": world.ward.public_id, "remember": "yes"})
    assert refused.status_code == 400
    assert matched(log)["ZZ-9"] == "Laboratory"


@pytest.mark.parametrize("columns", [{"system": ""}, {"system": "LIS", "party_kind": "person"}])
def test_nothing_is_remembered_without_a_system_or_of_persons(world: World, columns: dict[str, str]) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client, log_file(ROWS)), **columns)
    name = log.names.first()
    assert name is not None
    address = f"/discovery/{log.public_id}/names/"
    assert "Remember it" not in page(client, f"{address}?match={name.value}")
    sent = {"value": name.value, "party": world.ward.public_id, "remember": "yes"}
    assert client.post(address, sent).status_code == 400
    assert ExternalKey.objects.count() == 0


def test_the_key_of_a_party_that_is_a_person_is_personal(world: World) -> None:
    from baton.chain.changes import add_party
    from baton.chain.rules import PartyKind

    party = add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.PERSON, name={"en": "Ma"}, person=world.ma_chao)
    key = give(party, "staff-9")
    assert "staff-9" not in AuditEntry.objects.get(action="external_key.given").body
    changes.forget_person(by=SYSTEM, at=NOON, person=world.ma_chao, reason="left")
    key.refresh_from_db()
    assert "staff-9" not in key.key
    assert queries.external_keys(viewer=SYSTEM, kind="party") == {}
