"""Programs enter many links at once, say who has no dealings, name accounts as other systems do, forget contacts."""

from __future__ import annotations

import pytest

from baton.chain import changes
from baton.chain.models import Contact, Link
from baton.core.audit import vault
from baton.core.models import AuditEntry, Batch
from tests.api import Program, said, token_for
from tests.rooms.chain.test_gaps import accept
from tests.world import NOON, SYSTEM, World


@pytest.fixture
def manager(world: World) -> Program:
    return Program(token_for(world.lin_mei))


def rows(world: World, *outputs: str) -> list[dict[str, object]]:
    sides = {"supplier": world.stores.public_id, "customer": world.ward.public_id}
    return [{**sides, "output": {"en": output}} for output in outputs]


def test_many_links_are_entered_once_and_withdrawn_as_a_whole(world: World, manager: Program) -> None:
    sent = {"title": "Stores", "rows": rows(world, "Gloves", "Masks", "Gowns")}
    made = manager.post("/bulk-links", sent, key="bulk-of-the-stores")
    entry = said(made)
    assert (made.status_code, entry["state"], entry["rows"]) == (201, "sealed", 3)
    numbers = [link["number"] for link in entry["links"]]
    assert numbers == list(Link.objects.filter(batch__isnull=False).order_by("pk").values_list("number", flat=True))
    assert said(manager.get(f"/links/{entry['links'][1]['id']}"))["source"] == "declared"
    again = manager.post("/bulk-links", sent, key="bulk-of-the-stores")
    assert (again["Idempotent-Replayed"], said(again)["id"]) == ("true", entry["id"])
    assert Batch.objects.count() == 1
    assert [row["id"] for row in said(manager.get("/bulk-links"))["rows"]] == [entry["id"]]
    path = f"/bulk-links/{entry['id']}/withdraw"
    assert manager.post(path, {"reason": "Wrong file"}).status_code == 428
    assert manager.post(path, {"reason": "Wrong file", "version": 1}).status_code == 409
    withdrawn = manager.post(path, {"reason": "Wrong file", "version": entry["version"]})
    assert (said(withdrawn)["state"], said(withdrawn)["links"]) == ("withdrawn", [])
    assert manager.get(f"/links/{entry['links'][0]['id']}").status_code == 404


def test_one_refused_row_refuses_all_and_each_says_what_is_wrong(world: World, manager: Program) -> None:
    before = Link.objects.count()
    sent = rows(world, "Gloves", "Gloves", "Aprons", "Masks")
    sent[0]["supplier"] = "2b3c4d5f6g7h8j9k"
    sent[2]["customer"] = world.stores.public_id
    sent += [{**row, "output": {"en": "Masks"}} for row in sent[3:]]
    answer = manager.post("/bulk-links", {"title": "Stores", "rows": sent})
    wrong = {tuple(error["loc"]): error for error in said(answer)["errors"]}
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert set(wrong) == {
        ("body", "rows", 0, "supplier"),
        ("body", "rows", 2, "customer"),
        ("body", "rows", 4, "output"),
    }
    assert wrong["body", "rows", 4, "output"]["found"] == "Row 4 is the same."
    assert all(error["expected"] and error["remedy"] for error in wrong.values())
    assert (Link.objects.count(), Batch.objects.count()) == (before, 0)
    bad = manager.post("/bulk-links", {"title": "Stores", "rows": [{**sent[3], "began_on": "yesterday"}]})
    assert said(bad)["errors"][0]["loc"] == ["body", "rows", 0, "began_on"]
    assert manager.post("/bulk-links", {"title": "None", "rows": []}).status_code == 422


def test_who_has_no_dealings_is_stated_listed_and_taken_back(world: World) -> None:
    program = Program(token_for(world.xu_jing))
    pair = {"supplier": world.pharmacy.public_id, "customer": world.laboratory.public_id}
    row = said(program.post("/no-dealings", {**pair, "reason": "They never meet"}))
    assert (row["supplier"]["name"]["en"], row["state"], row["may_answer"]) == ("Pharmacy", "answered", True)
    listed = said(Program(token_for(world.chen_jie)).get(f"/no-dealings?party={world.laboratory.public_id}"))["rows"]
    assert [(one["id"], one["may_answer"]) for one in listed] == [(row["id"], False)]
    assert said(program.get(f"/no-dealings?party={world.ward.public_id}"))["rows"] == []
    assert said(Program(token_for(world.he_ping)).get("/no-dealings"))["rows"] == [], "not both in his sight"
    # the data disagree: for who may see the log
    accept([("Pharmacy", "Laboratory")] * 6)
    states = {who: said(Program(token_for(getattr(world, who))).get("/no-dealings"))["rows"][0]["state"]
              for who in ("xu_jing", "lin_mei", "chen_jie")}  # fmt: skip
    assert states == {"xu_jing": "back", "lin_mei": "back", "chen_jie": "answered"}
    path = f"/no-dealings/{row['id']}/withdraw"
    assert program.post(path, {"version": row["version"] - 1}).status_code == 409
    back = said(program.post(path, {"version": row["version"]}))
    assert (back["withdrawn"], back["state"]) == (True, "open")
    assert said(program.get("/no-dealings"))["rows"] == []
    assert program.get(f"/no-dealings/{row['id']}").status_code == 404


def test_two_with_a_link_have_dealings(world: World, manager: Program) -> None:
    pair = {"supplier": world.laundry.public_id, "customer": world.ward.public_id}
    answer = manager.post("/no-dealings", {**pair, "reason": "They never meet"})
    assert (answer.status_code, said(answer)["errors"][0]["field"]) == (422, "customer")
    assert manager.post("/no-dealings", {**pair, "reason": ""}).status_code == 422


def test_how_far_members_read_is_said_by_a_program(world: World, manager: Program) -> None:
    usual = manager.get("/reading")
    assert (said(usual), usual["ETag"]) == ({"reach": "two", "version": 0}, '"0"')
    unseen = manager.patch("/reading", {"reach": "all", "version": 7})
    assert (unseen.status_code, said(unseen)["theirs"]) == (409, said(usual))
    assert manager.patch("/reading", {"reach": "all"}).status_code == 428
    first, again = (
        manager.patch("/reading", {"reach": "own", "version": 0, "reason": "Council"}, key="the-same-key")
        for _n in range(2)
    )
    assert said(first) == said(again) == said(manager.get("/reading"))
    assert said(first)["reach"] == "own"
    assert manager.patch("/reading", {"reach": "all", "version": 0}).status_code == 409
    wider = manager.patch("/reading", {"reach": "all"}, If_Match=first["ETag"])
    assert said(wider)["reach"] == "all"
    far = Program(token_for(world.he_ping)).get(f"/links/{world.laundry_ward.public_id}")
    assert far.status_code == 200


def test_an_account_is_known_by_the_keys_of_other_systems(world: World) -> None:
    account = changes.add_account(by=SYSTEM, at=NOON, party=world.patient, number="A-1", name="Li household")
    program, key = Program(token_for(world.chen_jie)), {"system": "CRM", "key": "C-1"}
    given = program.post(f"/accounts/{account.public_id}/keys", key)
    assert (given.status_code, said(given)["account"]["number"], said(given)["in_use"]) == (201, "A-1", True)
    found = said(program.get("/account-keys?system=crm&key=C-1"))["rows"]
    assert [row["account"]["id"] for row in found] == [account.public_id]
    assert said(Program(token_for(world.zhao_lei)).get("/account-keys?system=CRM&key=C-1"))["rows"] == []
    assert said(program.get(f"/accounts/{account.public_id}"))["keys"] == [key]
    withdrawn = program.post(f"/accounts/{account.public_id}/keys/withdraw", key)
    assert said(withdrawn)["in_use"] is False
    assert said(program.get("/account-keys?system=CRM&key=C-1"))["rows"] == []


def test_a_contact_is_forgotten_for_good(world: World, manager: Program) -> None:
    account = changes.add_account(by=SYSTEM, at=NOON, party=world.patient, number="A-1", name="Li household")
    contact = changes.add_contact(by=SYSTEM, at=NOON, account=account, name="Li Na", phone="13800131234")
    path = f"/contacts/{contact.public_id}/forget"
    assert manager.post(path, {"reason": ""}).status_code == 422
    assert Program(token_for(world.chen_jie)).post(path, {"reason": "He asked"}).status_code == 403
    shown = said(manager.post(path, {"reason": "He asked"}, key="forget-li-na"))
    assert "Li Na" not in str(shown)
    assert (shown["phone"], shown["quiet"], shown["reachable"]) == ("", True, "ended")
    again = manager.post(path, {"reason": "He asked"}, key="forget-li-na")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert Contact.objects.get(pk=contact.pk).phone_digest == ""
    seqs = AuditEntry.objects.filter(object_id=contact.public_id).values_list("seq", flat=True)
    assert vault.opened(seqs) == {}
