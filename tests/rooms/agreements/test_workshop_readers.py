"""Who finds, sees and reads workshops, pages and programs; what that costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from baton.agreements.changes import workshops as changes
from baton.agreements.models import Workshop
from baton.agreements.queries import workshops as queries
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import Stage, neighbours, percent, stage_ends
from baton.core.search.keeping import follow
from tests.api import Program, token_for
from tests.query_counts import queries_a_page
from tests.rooms.agreements.held import Phone, begun, taken_to
from tests.rooms.agreements.made import drafted
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    pass


def test_a_workshop_is_found_by_who_may_know_of_it(world: World) -> None:
    workshop = begun(world)
    follow(by=SYSTEM, at=NOON, progress=lambda done, total: None)
    address = f"/agreements/workshops/{workshop.public_id}/"
    own = {"q": workshop.number}
    assert world.client(world.wang_fang).get("/search/", own).headers["Location"] == address
    assert "Location" not in world.client(world.tom_reed).get("/search/", own).headers


@pytest.mark.sqlite
def test_pages_ask_no_query_for_a_note(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="One")
    taken_to(world, workshop, Stage.CLUSTER)
    client = world.client(world.zhao_lei)
    at = f"/agreements/workshops/{workshop.public_id}/"
    addresses = [at, f"{at}desk/", f"{at}projector/", f"{at}minutes/", "/agreements/workshops/"]
    queries_a_page(client, addresses)
    few = queries_a_page(client, addresses)
    taken_to(world, workshop, Stage.CUSTOMER)
    for n in range(4):
        phone.sends("write", words=f"Note {n}")
    taken_to(world, workshop, Stage.CLUSTER)
    assert queries_a_page(client, addresses) == few


def test_rules_of_stages_and_shares() -> None:
    began = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    assert neighbours(Stage.JOIN) == (None, Stage.CUSTOMER)
    assert neighbours(Stage.CLAUSES) == (Stage.VOTE, None)
    assert neighbours(Stage.CLOSED) == (None, None)
    assert stage_ends(Stage.JOIN, began, 90) is None
    assert stage_ends(Stage.VOTE, began, 90) == began + timedelta(minutes=9)
    assert (percent(3, 4), percent(5, 4), percent(0, 0)) == (75.0, 100.0, None)


@pytest.mark.sqlite
def test_who_sees_the_wall_and_who_reads_the_minutes(world: World) -> None:
    """The matrix of the pages; who takes part needs no sign-in."""
    workshop = begun(world)
    Phone(workshop, Side.CUSTOMER)
    at = f"/agreements/workshops/{workshop.public_id}/"
    people = ("zhao_lei", "wang_fang", "lin_mei", "chen_jie", "wu_tao", "he_ping", "tom_reed")
    leads = dict.fromkeys(people[:3], 200) | dict.fromkeys(people[3:5], 403) | {"he_ping": 404, "tom_reed": 403}
    sees = leads | dict.fromkeys(people[3:5], 200)
    for path, expected in {
        "": sees, "desk/": leads, "projector/": leads, "projected/": leads, "change/": leads, "minutes/": leads,
        "export.csv": leads,
    }.items():  # fmt: skip
        found = {name: world.client(getattr(world, name)).get(at + path).status_code for name in people}
        assert found == expected, path
    for path in (
        "stage/",
        "invite/",
        "renew/",
        "close/",
        "sort/",
        "rename/",
        "dissolve/",
        "change/",
        "topics/x/clause/",
    ):
        found = {name: world.client(getattr(world, name)).post(at + path).status_code for name in people[3:]}
        assert found == {name: leads[name] for name in people[3:]}, path
    begin = f"/agreements/workshops/begin/{workshop.version.public_id}/"
    assert [world.client(getattr(world, name)).get(begin).status_code for name in people[2:4]] == [200, 403]
    changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    assert world.client(world.chen_jie).get(f"{at}minutes/").status_code == 200
    assert queries.workshops_of(
        viewer=world.actor(world.ivy_stone), at=datetime.now(UTC), version=workshop.version.public_id
    ) == []  # fmt: skip


def test_programs_begin_close_and_read_what_came_out(world: World) -> None:
    version = drafted(world)
    writer = Program(token_for(world.zhao_lei, "agreements:read", "agreements:write"))
    body = {"agreement_version": version.public_id, "invited_customer": 4}
    made = writer.call("POST", "/workshops", body).json()
    assert (made["stage"], made["dots"], made["closed_at"]) == ("join", 5, None)
    workshop = Workshop.objects.get()
    assert workshop.token() not in str(made)
    assert writer.call("POST", "/workshops", {**body, "dots": 21}).status_code == 422
    assert writer.call("POST", "/workshops", body).status_code == 422
    phone = Phone(workshop, Side.CUSTOMER)
    workshop = taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Warm food")
    own = f"/workshops/{made['id']}"
    assert writer.call("GET", own).json()["topics"] == [], "until it is closed"
    assert writer.call("POST", f"{own}/close", {"version": made["version"]}).status_code == 409
    closed = writer.call("POST", f"{own}/close", {"version": workshop.changed_seq}).json()
    assert {"side": "customer", "invited": 4, "joined": 1, "wrote": 1, "voted": 0} in closed["participation"]
    result = writer.call("GET", own).json()
    assert [topic["notes"] for topic in result["topics"]] == [[{"side": "customer", "words": "Warm food"}]]
    listed = writer.call("GET", f"/workshops?agreement_version={version.public_id}").json()["rows"]
    assert [one["id"] for one in listed] == [made["id"]]
