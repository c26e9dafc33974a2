"""Parties, memberships, links and the map through the API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.core import changes
from tests.api import ALL_SCOPES, Program, said, token_for
from tests.world import NOON, SYSTEM, World


@pytest.fixture
def manager(world: World) -> Program:
    return Program(token_for(world.lin_mei))


def test_who_am_i(world: World, manager: Program) -> None:
    answer = manager.get("/me")
    assert answer.status_code == 200, answer.content
    assert said(answer)["id"] == world.lin_mei.public_id
    assert said(answer)["roles"] == ["quality_manager"]
    assert said(answer)["token"]["scopes"] == list(ALL_SCOPES)


def test_a_party_from_adding_to_ending(world: World, manager: Program) -> None:
    added = manager.post(
        "/parties", {"kind": "team", "name": {"en": "Night pharmacy"}, "parent": world.pharmacy.public_id}
    )
    assert added.status_code == 201, added.content
    party = said(added)
    assert party["parent"] == world.pharmacy.public_id
    assert added["ETag"] == f'"{party["version"]}"'
    renamed = manager.patch(f"/parties/{party['id']}", {"name": {"en": "Duty pharmacy"}, "version": party["version"]})
    assert said(renamed)["name"] == {"en": "Duty pharmacy"}
    moved = manager.post(f"/parties/{party['id']}/move", {"parent": world.ward.public_id}, If_Match=renamed["ETag"])
    assert said(moved)["parent"] == world.ward.public_id
    ended = manager.post(f"/parties/{party['id']}/end", {"version": said(moved)["version"]})
    assert said(ended)["state"] == "ended"
    assert said(manager.get(f"/parties/{party['id']}"))["state"] == "ended"


def test_a_link_from_adding_to_ending(world: World, manager: Program) -> None:
    added = manager.post(
        "/links",
        {"supplier": world.stores.public_id, "customer": world.ward.public_id, "output": {"en": "Gloves"}},
    )
    assert added.status_code == 201, added.content
    link = said(added)
    changed = manager.patch(
        f"/links/{link['id']}",
        {"output": {"en": "Sterile gloves"}, "output_kind": "service", "version": link["version"]},
    )
    assert said(changed)["output"] == {"en": "Sterile gloves"}
    ended = manager.post(f"/links/{link['id']}/end", {"version": said(changed)["version"]})
    assert said(ended)["state"] == "ended"


def test_a_membership_from_appointing_to_ending(world: World, manager: Program) -> None:
    sent = {"party": world.stores.public_id, "person": world.ivy_stone.public_id, "capacity": "member"}
    appointed = manager.post("/memberships", sent)
    assert appointed.status_code == 201, appointed.content
    held = said(appointed)
    listed = said(manager.get(f"/memberships?party={world.stores.public_id}&capacity=member"))
    assert [row["id"] for row in listed["rows"]] == [held["id"]]
    ended = manager.post(f"/memberships/{held['id']}/end", {"version": held["version"]})
    assert said(ended)["state"] == "ended"


def test_a_key_of_another_system_from_giving_to_withdrawing(world: World, manager: Program) -> None:
    path, key = f"/parties/{world.ward.public_id}/keys", {"system": "SAP", "key": "4000 / 1"}
    assert said(manager.post(path, key))["in_use"] is True
    assert said(manager.get(f"/parties/{world.ward.public_id}"))["keys"] == [key]
    find = "/party-keys?system=sap&key=4000+%2F+1"
    assert [row["party"]["id"] for row in said(manager.get(find))["rows"]] == [world.ward.public_id]
    assert said(Program(token_for(world.ivy_stone)).get(find))["rows"] == []
    taken = manager.post(f"/parties/{world.laundry.public_id}/keys", key)
    assert (taken.status_code, said(taken)["errors"][0]["field"]) == (422, "key")
    first, again = (manager.post(f"{path}/withdraw", key, key="the-same-key") for _n in range(2))
    assert said(first) == said(again)
    assert said(first)["in_use"] is False
    assert said(manager.get(find))["rows"] == []
    assert manager.post(f"{path}/withdraw", {**key, "key": "other"}).status_code == 404


def test_lists_come_in_slices_that_neither_repeat_nor_hide(world: World, manager: Program) -> None:
    for path in ("/parties", "/parties?order=-name", "/links?order=supplier", "/links?order=-began_on", "/memberships"):
        join = "&" if "?" in path else "?"
        whole = [row["id"] for row in said(manager.get(f"{path}{join}limit=200"))["rows"]]
        seen: list[str] = []
        cursor = ""
        while True:
            answer = said(manager.get(f"{path}{join}limit=3&cursor={cursor}"))
            assert len(answer["rows"]) <= 3
            seen += [row["id"] for row in answer["rows"]]
            cursor = answer["next"]
            if not cursor:
                break
        assert seen == whole, path
        assert len(set(whole)) == len(whole) > 3


def test_a_cursor_of_another_list_is_refused(world: World, manager: Program) -> None:
    cursor = said(manager.get("/parties?limit=2"))["next"]
    for wrong in (
        f"/parties?limit=2&order=number&cursor={cursor}",
        f"/parties?cursor={cursor[:-2]}xx",
        "/parties?cursor=1",
    ):
        answer = manager.get(wrong)
        assert answer.status_code == 422, wrong
        assert said(answer)["errors"][0]["field"] == "cursor"


def test_the_map_shows_figures_only_to_tokens_that_may_read_them(world: World) -> None:
    with_figures = said(Program(token_for(world.lin_mei)).get("/map"))
    without = said(Program(token_for(world.lin_mei, "chain:read")).get("/map"))
    assert len(with_figures["edges"]) == len(without["edges"]) == 8
    assert {edge["health"] for edge in with_figures["edges"]} == {"unknown"}
    assert {edge["health"] for edge in without["edges"]} == {None}
    assert [node["id"] for node in without["nodes"] if node["gap"]] == [world.infection_control.public_id]


def test_a_member_reads_two_hops_and_no_further(world: World) -> None:
    rows = said(Program(token_for(world.chen_jie)).get("/links?limit=200"))["rows"]
    outputs = {row["output"]["en"] for row in rows}
    assert "New linen" in outputs
    assert "Towels" not in outputs


def test_no_list_asks_more_for_more_rows(world: World, manager: Program) -> None:
    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(path).status_code == 200
        return len(asked)

    manager.get("/me")  # notes that the token is in use, once a minute
    manager.get("/parties")  # reads what the program sees, which is kept from then on
    for path in ("/parties", "/links", "/memberships", "/outputs"):
        assert counted(f"{path}?limit=5") == counted(f"{path}?limit=10"), path


def test_contacts_of_others_are_masked_for_everybody(world: World) -> None:
    changes.edit_person(by=SYSTEM, at=NOON, person=world.gao_ming, phone="13800131234", email="gao@example.org")
    path = f"/people/{world.gao_ming.public_id}"
    own = said(Program(token_for(world.gao_ming)).get(path))
    assert (own["phone"], own["email"]) == ("13800131234", "gao@example.org")
    for reader in (world.qian_li, world.wu_tao, world.sun_yan):
        program = Program(token_for(reader))
        rows = {row["id"]: row for row in said(program.get("/people?limit=200"))["rows"]}
        for shown in (said(program.get(path)), rows[world.gao_ming.public_id]):
            assert shown["phone"] == "138****1234"
            assert "gao@" not in shown["email"]
    assert Program(token_for(world.chen_jie)).get(path).status_code == 404
    assert Program(token_for(world.chen_jie)).get("/people").status_code == 403


def test_people_come_in_slices_too(world: World) -> None:
    program = Program(token_for(world.sun_yan))
    first = said(program.get("/people?limit=10"))
    second = said(program.get(f"/people?limit=10&cursor={first['next']}"))
    assert len({row["id"] for row in first["rows"] + second["rows"]}) == 17
    assert second["next"] == ""


def test_an_output_from_adding_to_ending(world: World, manager: Program) -> None:
    added = manager.post("/outputs", {"name": {"en": "Aprons"}, "item_code": "A-4"})
    assert added.status_code == 201, added.content
    output = said(added)
    assert (output["revision"], output["responsibilities"]) == (None, [])
    path = f"/outputs/{output['id']}"
    assert said(manager.post(f"{path}/revisions", {"label": "B", "note": "Longer"}))["label"] == "B"
    held = said(
        manager.post(f"{path}/responsibilities", {"party": world.laundry.public_id, "responsible": "accountable"})
    )
    assert held["party"]["id"] == world.laundry.public_id
    now = said(manager.get(path))
    assert now["revision"] == "B"
    assert [one["responsible"] for one in now["responsibilities"]] == ["accountable"]
    changed = manager.patch(path, {"name": {"en": "Clean aprons"}, "kind": "service", "version": now["version"]})
    assert said(changed)["item_code"] == "A-4", "null leaves it as it is"
    stale = manager.patch(path, {"name": {"en": "x"}, "kind": "service", "version": now["version"] - 1})
    assert stale.status_code == 409
    instead = {"party": world.stores.public_id, "version": said(changed)["version"]}
    alone = said(manager.post(f"{path}/accountable", instead))
    assert alone["party"]["id"] == world.stores.public_id
    assert [one["party"]["id"] for one in said(manager.get(path))["responsibilities"]] == [world.stores.public_id]
    over = manager.post(f"/responsibilities/{alone['id']}/end", {"version": alone["version"]})
    assert said(over)["state"] == "ended"
    assert said(manager.post(f"{path}/end", {"version": said(changed)["version"]}))["state"] == "ended"
    refused = manager.post(f"/outputs/{world.laundry_ward.output.public_id}/end", {"version": 1})
    assert refused.status_code == 409, "the version is not the one that stands"


def test_a_link_names_a_need_and_a_project_and_is_judged(world: World, manager: Program) -> None:
    words = {"en": "A clean bed tonight"}
    need = said(manager.post("/needs", {"holder": world.patient.public_id, "words": words}))
    project = said(manager.post("/projects", {"name": {"en": "New dryers"}, "owner": world.laundry.public_id}))
    link = said(
        manager.post(
            "/links",
            {"supplier": world.stores.public_id, "customer": world.ward.public_id, "output": {"en": "Gloves"},
             "need": need["id"], "project": project["id"]},
        )
    )  # fmt: skip
    assert link["need"] == {"id": need["id"], "words": words}
    assert link["project"]["id"] == project["id"]
    path = f"/links/{link['id']}"
    edit = {"output": {"en": "Gloves"}, "output_kind": "service"}
    kept = said(manager.patch(path, {**edit, "version": link["version"]}))
    assert kept["need"]["id"] == need["id"], "left out: it stays"
    without = said(manager.patch(path, {**edit, "need": None, "version": kept["version"]}))
    assert without["need"] is None
    grades = {"spend": 4, "irreplaceability": 4, "impact": 5}
    judged = said(manager.post(f"{path}/judge", {**grades, "stage": "back", "version": without["version"]}))
    assert (judged["criticality"], judged["stage"]) == ("high", "back")
    unplanned = manager.post(f"{path}/judge", {**grades, "sourcing": "chosen", "version": judged["version"]})
    assert unplanned.status_code in {400, 422}
    apart = said(manager.post(f"{path}/project", {"project": None, "version": judged["version"]}))
    assert apart["project"] is None
    stale = manager.post(f"{path}/project", {"project": project["id"], "version": judged["version"]})
    assert (stale.status_code, said(stale)["theirs"]["project"]) == (409, None)
    again = said(manager.post(f"{path}/project", {"project": project["id"], "version": apart["version"]}))
    assert again["project"]["id"] == project["id"]
    unknown = manager.post(f"{path}/project", {"project": need["id"], "version": again["version"]})
    assert (unknown.status_code, said(unknown)["errors"][0]["field"]) == (422, "project")
    for wrong in (0, 6, "5", 2.5):
        assert manager.post(f"{path}/judge", {**grades, "spend": wrong, "version": 1}).status_code == 422
    one = (f"project={project['id']}", f"output={link['output_id']}", "criticality=high")
    none = ("need=named", "stage=front")
    for query, found in [*((query, 1) for query in one), *((query, 0) for query in none)]:
        assert len(said(manager.get(f"/links?{query}"))["rows"]) == found, query
    assert manager.get("/links?criticality=huge").status_code == 422
    ended = said(manager.post(f"/projects/{project['id']}/end", {"version": project["version"]}))
    assert ended["state"] == "ended"
    assert said(manager.get(path))["state"] == "ended"


def test_who_leads_promises_the_staff(world: World, manager: Program) -> None:
    path = f"/parties/{world.laundry.public_id}/promises"
    sent = {"post": {"en": "Head of the laundry"}, "promises": [{"en": "Two days of training"}, {"en": "Thanks"}]}
    first = said(manager.post(path, sent))
    assert (first["kind"], first["parent"]) == ("role", world.laundry.public_id)
    more = said(manager.post(path, {**sent, "promises": [{"en": "An answer in three days"}]}))
    assert more["id"] == first["id"], "the post that promises already"
    links = said(manager.get(f"/links?party={first['id']}"))["rows"]
    assert {link["output"]["en"] for link in links} == {"Two days of training", "Thanks", "An answer in three days"}
    assert {link["customer"]["id"] for link in links} == {world.laundry.public_id}
    assert manager.post(path, {**sent, "promises": []}).status_code == 422


def test_needs_and_projects_are_listed_and_changed(world: World, manager: Program) -> None:
    need = said(manager.post("/needs", {"holder": world.patient.public_id, "words": {"en": "Quiet"}}))
    changed = manager.patch(
        f"/needs/{need['id']}",
        {"holder": world.patient.public_id, "words": {"en": "Quiet after ten"}, "version": need["version"]},
    )
    assert said(changed)["words"] == {"en": "Quiet after ten"}
    assert [one["id"] for one in said(manager.get("/needs?unserved=true&search=quiet"))["rows"]] == [need["id"]]
    inside = manager.post("/needs", {"holder": world.ward.public_id, "words": {"en": "x"}})
    assert said(inside)["errors"][0]["field"] == "holder"
    assert said(manager.post(f"/needs/{need['id']}/end", {"version": said(changed)["version"]}))["state"] == "ended"
    project = said(
        manager.post(
            "/projects",
            {"name": {"en": "New dryers"}, "owner": world.laundry.public_id, "began_on": "2026-01-05",
             "ends_on": "2026-02-01"},
        )
    )  # fmt: skip
    assert project["overdue_days"] > 0
    assert [one["id"] for one in said(manager.get("/projects?overdue=true"))["rows"]] == [project["id"]]
    later = manager.patch(
        f"/projects/{project['id']}",
        {"name": {"en": "New dryers"}, "owner": None, "ends_on": None, "version": project["version"]},
    )
    assert (said(later)["owner"], said(later)["overdue_days"]) == (None, 0)
