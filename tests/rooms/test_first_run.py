"""The first-run wizard: from an empty installation to a chain, all at once; nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from baton.chain.models import Link, Membership, Party
from baton.chain.rules import Capacity, PartyKind
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused
from baton.core.models import AuditEntry, Person
from baton.core.queries import roles_of
from baton.core.rules import Role
from baton.starters import changes, queries
from baton.starters.pasting import MOST_LINES, read_chart, read_people
from baton.starters.sectors import sector
from tests.world import NOON, SYSTEM, World

CHART = "Hospital\n    Nursing\n        Ward A\n\t\tNight (shift)\n    Laundry\nPatients (consumers)"


def somebody(name: str, *roles: Role) -> Person:
    person = core.add_person(by=SYSTEM, at=NOON, sign_in_name=name, name={"en": name.title()})
    for role in roles:
        core.give_role(by=SYSTEM, at=NOON, person=person, role=role)
    return person


@pytest.fixture
def admin(db: None) -> Person:
    """The administrator of an empty installation."""
    return somebody("boss", Role.ADMINISTRATOR)


def send(client: Client, step: str, go: str = "next", **values: Any) -> Any:
    return client.post(f"/start/{step}/", {"go": go, **values})


def test_a_chart_is_read_with_its_tree_and_kinds() -> None:
    chart = read_chart(CHART)
    assert chart.errors == []
    read = [(line.name, line.kind, line.above) for line in chart.parties]
    assert read == [
        ("Hospital", PartyKind.DEPARTMENT, None), ("Nursing", PartyKind.DEPARTMENT, 0),
        ("Ward A", PartyKind.DEPARTMENT, 1), ("Night", PartyKind.SHIFT, 1), ("Laundry", PartyKind.DEPARTMENT, 0),
        ("Patients", PartyKind.CONSUMERS, None),
    ]  # fmt: skip


def test_chinese_lines_brackets_and_spaces_are_read() -> None:
    chart = read_chart("医院\n\u3000\u3000护理部\n\u3000\u3000\u3000\u3000夜班（班次）\n患者（客户）\nArchive (old)")
    assert [(line.name, line.kind, line.depth) for line in chart.parties] == [
        ("医院", PartyKind.DEPARTMENT, 0), ("护理部", PartyKind.DEPARTMENT, 1), ("夜班", PartyKind.SHIFT, 2),
        ("患者", PartyKind.OUTSIDE_CUSTOMER, 0), ("Archive (old)", PartyKind.DEPARTMENT, 0),
    ]  # fmt: skip
    assert chart.errors == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("A\n    B\n  C", 3, "between"),
        ("A\n  B\n  b", 3, "twice"),
        ("x" * 201, 1, "200"),
        ("A\n  Patients (customer)", 2, "apart"),
        ("\n".join(" " * depth + f"L{depth}" for depth in range(14)), 13, "12 levels"),
        ("\n".join(f"P{number}" for number in range(MOST_LINES + 5)), MOST_LINES + 1, "300"),
    ],
)
def test_lines_of_a_chart_that_cannot_be_read_are_named(text: str, line: int, said: str) -> None:
    first = read_chart(text).errors[0]
    assert (first.line, said in first.render()) == (line, True), first.render()


def test_people_are_read_from_commas_and_pasted_columns() -> None:
    found = read_people("Chen Jie, 4711, ward a\n王芳\t4712\tWard A\thead\n\nGao，4713", ["Ward A"])
    assert found.errors == []
    read = [(one.name, one.sign_in_name, one.place, one.head) for one in found.people]
    assert read == [
        ("Chen Jie", "4711", "ward a", False), ("王芳", "4712", "Ward A", True), ("Gao", "4713", "", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Chen Jie", 1, "sign-in name"),
        ("Chen, 4711\nWang, ４７１１", 2, "line 1"),
        ("Chen, 4711, Moon", 1, "Moon"),
        ("Chen, 4711, Ward A, boss", 1, "boss"),
        ("Chen, 4711, Ward A, head\nWang, 4712, ward a, head", 2, "Line 1"),
        ("a, b, c, d, e", 1, "Expected a name"),
    ],
)
def test_lines_of_people_that_cannot_be_read_are_named(text: str, line: int, said: str) -> None:
    first = read_people(text, ["Ward A"]).errors[0]
    assert (first.line, said in first.render()) == (line, True), first.render()


def test_the_first_page_leads_to_the_wizard_once(admin: Person) -> None:
    client = World.client(admin)
    assert client.get("/")["Location"] == "/start/"
    assert client.get("/start/")["Location"] == "/start/sector/"
    left = send(client, "sector", "leave", sector="")
    assert left["Location"] == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "/start/" in page.content.decode()


def test_others_are_not_led_there_and_may_not_open_it(world: World) -> None:
    """Who may what: administrator and quality manager, nobody else."""
    for person in (world.he_jun, world.wu_tao, world.qian_li, world.tom_reed, world.wang_fang, world.ivy_stone):
        assert World.client(person).get("/start/sector/").status_code == 403, person
        with pytest.raises(Forbidden):
            changes.keep_draft(by=World.actor(person), at=NOON, answers={})
        with pytest.raises(Forbidden):
            changes.enter_draft(by=World.actor(person), at=NOON)
    for person in (world.sun_yan, world.lin_mei):
        assert World.client(person).get("/start/sector/").status_code == 200
        assert World.client(person).get("/").status_code == 200  # the chain is not empty


def test_going_back_and_forth_keeps_what_was_typed(admin: Person) -> None:
    client = World.client(admin)
    assert send(client, "sector", sector="hospital")["Location"] == "/start/names/"
    names = {f"{party.code}-{code}": party.name[code] for party in sector("hospital").parties for code in party.name}
    assert send(client, "names", **{**names, "laundry-en": "Linen house"})["Location"] == "/start/chart/"
    assert send(client, "chart", "back", chart="Odd\n    B\n  C")["Location"] == "/start/names/"
    assert "Linen house" in client.get("/start/names/").content.decode()
    refused = send(client, "chart", chart="Odd\n    B\n  C")
    assert (refused.status_code, "Line 3" in refused.content.decode()) == (422, True)
    assert "  C" in client.get("/start/chart/").content.decode()
    assert client.get("/start/")["Location"].startswith("/start/")
    assert not Party.objects.exists()


def test_a_sector_with_own_names_chart_people_and_promises_is_entered_at_once(admin: Person) -> None:
    client = World.client(admin)
    send(client, "sector", sector="hospital")
    names = {f"{party.code}-{code}": party.name[code] for party in sector("hospital").parties for code in party.name}
    send(client, "names", **{**names, "laundry-en": "Linen house", "blood_bank-out": "on"})
    send(client, "chart", chart="Volunteers (team)")
    send(client, "people", people="Chen Jie, 4711, Linen house, head\nGao, 4713, Volunteers")
    send(client, "promises", training="Two days a year", recognition="", support="")
    assert not Party.objects.exists()
    assert send(client, "confirm", "enter").status_code == 422  # he is no quality manager yet
    assert not Party.objects.exists()
    assert send(client, "confirm", "enter", become="on")["Location"] == "/map/"
    assert Role.QUALITY_MANAGER in roles_of(admin, timezone.now())
    house = Party.objects.get(name__en="Linen house")
    assert house.name["zh-hans"] == "洗衣房"
    assert Party.objects.get(name__en="Volunteers").parent == Party.objects.get(name__en="Hospital")
    assert not Party.objects.filter(name__en="Blood bank").exists()
    head = Membership.objects.get(party=house)
    assert (head.capacity, str(head.person)) == (Capacity.HEAD, "Chen Jie")
    assert Link.objects.filter(output__name__en="Two days a year").exists()
    # What was pasted is not kept beside the records.
    assert queries.kept_answers(viewer=Actor(admin, frozenset({Role.ADMINISTRATOR}))) is None
    assert not AuditEntry.objects.filter(kind="start_draft", body__contains="Linen house, head").exists()


def test_without_a_sector_the_promises_are_links_from_the_leader_to_the_whole(admin: Person) -> None:
    core.give_role(by=SYSTEM, at=NOON, person=admin, role=Role.QUALITY_MANAGER)
    client = World.client(admin)
    send(client, "sector", sector="")
    send(client, "chart", chart=CHART)
    send(client, "people", people="")
    send(client, "promises", leader="Chief", training="We train you", recognition="We thank you", support="")
    page = client.get("/start/confirm/").content.decode()
    assert "quality manager, too" not in page
    assert send(client, "confirm", "enter")["Location"] == "/map/"
    links = Link.objects.select_related("supplier", "customer", "output")
    said = {(str(link.supplier), str(link.customer), str(link.output)) for link in links}
    assert said == {("Chief", "Hospital", "We train you"), ("Chief", "Hospital", "We thank you")}
    assert Party.objects.get(name__en="Night").party_kind == PartyKind.SHIFT
    assert send(client, "confirm", "enter").status_code == 422  # sent twice: there is nothing left to enter
    assert Party.objects.count() == 7


def test_one_line_that_is_refused_stops_everything(admin: Person) -> None:
    core.give_role(by=SYSTEM, at=NOON, person=admin, role=Role.QUALITY_MANAGER)
    client = World.client(admin)
    send(client, "chart", chart="Ward")
    send(client, "people", people="Chen, 4711\nBoss again, BOSS")
    refused = send(client, "confirm", "enter")
    assert refused.status_code == 422
    assert "Line 2" in refused.content.decode()
    assert not Party.objects.exists()
    assert Person.objects.count() == 1
    assert "4711" in client.get("/start/people/").content.decode()


def test_beside_what_is_there_only_when_said_so(world: World) -> None:
    client = World.client(world.lin_mei)
    before = Party.objects.count()
    send(client, "chart", chart="Kitchen")
    assert send(client, "confirm", "enter").status_code == 422
    assert Party.objects.count() == before
    assert send(client, "confirm", "enter", beside="on").status_code == 302
    assert Party.objects.count() == before + 1


def test_a_quality_manager_alone_adds_no_people(world: World) -> None:
    client = World.client(world.lin_mei)
    assert "added by an administrator" in client.get("/start/people/").content.decode()
    send(client, "chart", chart="Kitchen")
    send(client, "people", people="Chen, 4711, Kitchen")
    refused = send(client, "confirm", "enter", beside="on")
    assert (refused.status_code, "by HR. You are neither" in refused.content.decode()) == (422, True)
    assert not Party.objects.filter(name__en="Kitchen").exists()


def test_nothing_to_enter_is_refused(admin: Person) -> None:
    with pytest.raises(Refused, match="something to enter"):
        changes.enter_draft(by=Actor(admin, frozenset({Role.ADMINISTRATOR})), at=NOON, become_quality_manager=True)


def test_forgetting_somebody_empties_his_draft(admin: Person) -> None:
    other = somebody("other", Role.QUALITY_MANAGER)
    by = Actor(other, frozenset({Role.QUALITY_MANAGER}))
    changes.keep_draft(by=by, at=NOON, answers={"people": "Chen, 4711"})
    core.end_role(by=SYSTEM, at=NOON, role=core_role(other))
    core.forget_person(by=SYSTEM, at=NOON, person=other, reason="asked for it")
    assert queries.kept_answers(viewer=by) is None


def core_role(person: Person) -> Any:
    from baton.core.queries import role_history

    return role_history(viewer=SYSTEM, person=person)[0]


def test_what_a_sector_brings_can_be_read(world: World) -> None:
    client = World.client(world.chen_jie)
    assert "/start/sectors/hotel/" in client.get("/start/sectors/").content.decode()
    page = client.get("/start/sectors/hospital/").content.decode()
    for words in ("Clean linen", "Wet packs", "supervised", "use this department again", "within seven days"):
        assert words in page, words
    assert client.get("/start/sectors/circus/").status_code == 404
    assert World.client(world.tom_reed).get("/start/sectors/").status_code == 403
