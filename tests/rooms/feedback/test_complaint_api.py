"""Complaints for programs, and on the pages of links and at home."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baton.feedback.models import Complaint
from tests.api import Program, token_for
from tests.rooms.feedback.complaining import NAME, WORDS, closed, received
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_program_receives_acknowledges_and_writes_the_cause(world: World) -> None:
    ward, head = Program(token_for(world.chen_jie)), Program(token_for(world.zhao_lei))
    sent = {"phenomenon": WORDS, "customer_name": NAME, "link": world.laundry_ward.public_id, "urgency": "urgent"}
    made = ward.post("/complaints", sent)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["state"], said["supplier"]["id"], said["complainant"]["name"]) == (
        "received", world.laundry.public_id, NAME,
    )  # fmt: skip
    told = head.post(f"/complaints/{said['id']}/acknowledge", {"channel": "email", "version": said["version"]})
    assert told.json()["acknowledged"]["in_time"] is True
    found = head.post(
        f"/complaints/{said['id']}/cause", {"words": "The dryer", "version": told.json()["version"]}
    ).json()
    assert (found["state"], found["steps"][-1]["act"]) == ("received", "cause"), "it counts once it is signed"
    close = head.post(f"/complaints/{said['id']}/close", {"version": found["version"]})
    assert (close.status_code, Complaint.objects.get().state) == (422, "received")


def test_programs_read_the_customer_of_what_they_handle_alone(world: World) -> None:
    closed(world, received(world, at=datetime.now(UTC)), datetime.now(UTC))
    for person, reads in ((world.zhao_lei, True), (world.chen_jie, True), (world.he_jun, False)):
        (row,) = Program(token_for(person)).get("/complaints?show=over").json()["rows"]
        assert (row["complainant"] is not None) is reads
        assert [step["act"] for step in row["steps"]][-1] == "close"


def test_the_page_of_a_link_and_the_first_page_name_what_waits(world: World) -> None:
    received(world, at=datetime.now(UTC))
    link = f"/links/{world.laundry_ward.public_id}/"
    for person in (world.chen_jie, world.zhao_lei):
        page = world.client(person).get(link).content.decode()
        assert WORDS in page
        assert f"/complaints/new/?link={world.laundry_ward.public_id}" in page
    for person, waits in ((world.zhao_lei, True), (world.gao_ming, False)):
        page = world.client(person).get("/").content.decode()
        assert ("1 complaint waits for your next step" in page) is waits
