"""A workshop from its beginning to its minutes, through the front door of desk, wall and phones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.agreements.changes import workshops as changes
from baton.agreements.models import Clause, Workshop, WorkshopCluster, WorkshopNote, WorkshopSeat, WorkshopVote
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import NOTE_TEXT, NOTES_A_SEAT, Stage, neighbours
from baton.core.audit.verify import verify
from baton.core.models import AuditEntry
from tests.query_counts import of_records
from tests.rooms.agreements.held import Phone, begun, taken_to
from tests.rooms.agreements.made import drafted
from tests.rooms.agreements.test_pages import TYPED
from tests.rooms.chain.test_pages import filled
from tests.world import SYSTEM, World

if TYPE_CHECKING:
    from django.test import Client

    from baton.agreements.models import AgreementVersion


def test_from_the_first_note_to_the_minutes(world: World) -> None:
    """Two of the ward and one of the laundry; the head of the laundry leads."""
    laundry = world.client(world.zhao_lei)
    workshop = _begun_through_the_form(laundry, drafted(world))
    ward, nurse = Phone(workshop, Side.CUSTOMER), Phone(workshop, Side.CUSTOMER)
    washer = Phone(workshop, Side.SUPPLIER)
    _all_write(laundry, ward, nurse, washer)
    cluster = _put_together(laundry, workshop)
    _vote(laundry, cluster, ward, washer)
    _turn_into_a_clause(laundry, cluster)
    desk = f"/agreements/workshops/{workshop.public_id}/"
    closed = laundry.post(f"{desk}close/", {"version": _seq(workshop)})
    assert closed.headers["Location"] == f"{desk}minutes/"
    minutes = laundry.get(f"{desk}minutes/").content.decode().replace("\u00a0", " ")
    for said in ("Linen in time", "Not turned into a clause", "Sorted bags", "2 · 50 %", "1 · 100 %"):
        assert said in minutes
    assert laundry.get(desk).headers["Location"] == f"{desk}minutes/"
    rows = b"".join(laundry.get(f"{desk}export.csv")).decode().splitlines()  # type: ignore[arg-type]
    assert len(rows) == 5
    agreement = world.client(world.wang_fang).get(
        f"/agreements/{workshop.version.agreement.public_id}/"
    ).content.decode()  # fmt: skip
    assert workshop.number in agreement
    assert "Clauses that came out of a workshop" in agreement
    assert "This workshop is closed" in ward.page()
    assert ward.sends("vote", cluster=cluster.public_id).status_code == 410
    assert verify().holds


def _begun_through_the_form(laundry: Client, version: AgreementVersion) -> Workshop:
    new = f"/agreements/workshops/begin/{version.public_id}/"
    assert new in laundry.get(f"/agreements/{version.agreement.public_id}/").content.decode()
    typed = {"invited_customer": "4", "invited_supplier": "1", "minutes": "90", "dots": "2", "hours": "24"}
    desk = laundry.post(new, filled(laundry, new, **typed)).headers["Location"]
    workshop = Workshop.objects.get()
    assert desk == f"/agreements/workshops/{workshop.public_id}/"
    assert workshop.code() in laundry.get(desk).content.decode()
    assert workshop.code() in laundry.get(f"{desk}projector/").content.decode()
    entered = Phone(workshop).client.post("/w/", {"code": workshop.code().upper().replace("-", " ")})
    assert entered.headers["Location"] == f"/w/{workshop.token()}/"
    return workshop


def _all_write(laundry: Client, ward: Phone, nurse: Phone, washer: Phone) -> None:
    workshop = ward.workshop
    _on(laundry, workshop)
    assert "To serve my customer I need" in ward.page()
    assert ward.sends("write", words="Linen before seven").status_code == 302
    assert nurse.sends("write", words="Linen  by\n7").status_code == 302
    assert nurse.sends("write", words="No holes").status_code == 302
    assert washer.sends("write", words="Out of turn").status_code == 409
    assert "No holes" in nurse.page()
    desk = laundry.get(f"/agreements/workshops/{workshop.public_id}/").content.decode()
    assert "No holes" not in ward.page() + desk, "until everybody has written"
    _on(laundry, workshop)
    assert washer.sends("write", words="Sorted bags").status_code == 302


def _put_together(laundry: Client, workshop: Workshop) -> WorkshopCluster:
    _on(laundry, workshop)
    notes = dict(WorkshopNote.objects.values_list("words", "public_id"))
    assert set(notes) == {"Linen before seven", "Linen by 7", "No holes", "Sorted bags"}
    both = [notes["Linen before seven"], notes["Linen by 7"]]
    desk = f"/agreements/workshops/{workshop.public_id}/"
    assert laundry.post(f"{desk}sort/", {"note": both, "name": "Linen in time"}).status_code == 302
    cluster: WorkshopCluster = workshop.clusters.get()
    return cluster


def _vote(laundry: Client, cluster: WorkshopCluster, ward: Phone, washer: Phone) -> None:
    _on(laundry, ward.workshop)
    alone = WorkshopNote.objects.get(words="No holes").public_id
    assert ward.sends("vote", cluster=cluster.public_id).status_code == 302
    assert ward.sends("vote", cluster=cluster.public_id).status_code == 302
    refused = ward.sends("vote", note=alone)
    assert (refused.status_code, "Yours are laid" in refused.content.decode()) == (422, True)
    assert ward.sends("vote", cluster=cluster.public_id, back="yes").status_code == 302
    assert ward.sends("vote", note=alone).status_code == 302
    assert washer.sends("vote", cluster=cluster.public_id).status_code == 302


def _turn_into_a_clause(laundry: Client, cluster: WorkshopCluster) -> None:
    workshop = cluster.workshop
    _on(laundry, workshop)
    turning = f"/agreements/workshops/{workshop.public_id}/topics/{cluster.public_id}/clause/?side=supplier"
    form = laundry.get(turning).content.decode()
    assert 'value="Linen in time"' in form
    assert 'value="Linen before seven"' in form or 'value="Linen by 7"' in form
    made = laundry.post(turning, {**TYPED, "characteristic_en": "Linen in time"})
    assert made.headers["Location"] == f"/agreements/workshops/{workshop.public_id}/#topics"
    assert Clause.objects.get(origin__workshop=workshop).origin.cluster == cluster


def _on(client: Client, workshop: Workshop) -> None:
    """Press the button that leads to the next stage."""
    workshop.refresh_from_db()
    after = neighbours(Stage(workshop.stage))[1]
    answer = client.post(
        f"/agreements/workshops/{workshop.public_id}/stage/", {"stage": after, "version": workshop.changed_seq}
    )
    assert answer.status_code == 302
    workshop.refresh_from_db()
    assert workshop.stage == after


def _seq(workshop: Workshop) -> int:
    workshop.refresh_from_db()
    return workshop.changed_seq


def test_of_two_who_take_it_on_at_once_the_second_is_told(world: World) -> None:
    workshop = begun(world)
    sent = {"stage": "customer", "version": workshop.changed_seq}
    address = f"/agreements/workshops/{workshop.public_id}/stage/"
    answers = [world.client(person).post(address, sent).status_code for person in (world.zhao_lei, world.wang_fang)]
    assert answers == [302, 409]
    assert world.client(world.zhao_lei).post(address, {"stage": "vote", "version": _seq(workshop)}).status_code == 400
    assert world.client(world.zhao_lei).post(address, {"stage": "x", "version": _seq(workshop)}).status_code == 404


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("", 422, "Nothing was entered"), ("\u200b \n", 422, "Nothing was entered"),
        ("x" * (NOTE_TEXT + 1), 422, f"Found {NOTE_TEXT + 1} characters"), ("😀" * 500, 422, "Found 500 characters"),
        ("x" * NOTE_TEXT, 302, ""), ("😀" * NOTE_TEXT, 302, ""),
        ("<script>alert(1)</script>", 302, "&lt;script&gt;alert(1)"),
    ],
)  # fmt: skip
def test_what_can_be_written(world: World, words: str, status: int, said: str) -> None:
    """What is refused comes back with what was typed."""
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    answer = phone.sends("write", words=words)
    assert answer.status_code == status
    page = answer.content.decode() if status == 422 else phone.page()
    assert said in page
    assert "<script>alert" not in page
    if status == 422 and words.strip("\u200b \n"):
        assert words in page


def test_a_text_outlives_the_stage_in_which_it_was_typed(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    part = re.search(r'data-part="([\w-]+)"', phone.page())
    assert part is not None
    taken_to(world, workshop, Stage.CLUSTER)
    kept = phone.wall(**{"X-Part": part[1], "X-Typed": "yes"}).content.decode()
    assert "Your text is still here" in kept
    assert 'id="mine"' not in kept, "the form stays as it is"
    assert 'id="mine"' in phone.wall(**{"X-Part": part[1]}).content.decode()
    answer = phone.sends("write", words="Nearly sent")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nearly sent" in page
    assert "It went on to “Put together” meanwhile" in page
    taken_to(world, workshop, Stage.CUSTOMER)
    assert phone.sends("write", words="Nearly sent").status_code == 302


@pytest.mark.sqlite
def test_a_page_that_knows_it_all_is_told_so_with_one_query(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    tag = phone.wall().headers["ETag"]
    again = phone.wall(**{"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert _queries_of(phone, tag) == 1
    Phone(workshop, Side.SUPPLIER)
    assert phone.wall(**{"If-None-Match": tag}).status_code == 200
    leader = world.client(world.zhao_lei)
    for place in ("desk", "projected"):
        address = f"/agreements/workshops/{workshop.public_id}/{place}/"
        known = leader.get(address).headers["ETag"]
        assert leader.get(address, headers={"If-None-Match": known}).status_code == 304


def _queries_of(phone: Phone, tag: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        phone.wall(**{"If-None-Match": tag})
    return sum(of_records(query["sql"]) for query in asked)


def test_joining_twice_leaving_and_coming_back(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    secret = phone.secret
    phone.sends("join", seat="", side=Side.CUSTOMER)
    other = Phone(workshop)
    other.sends("join", seat=secret, side=Side.SUPPLIER)  # the same form sent again, of which the answer was lost
    assert WorkshopSeat.objects.get().side == Side.SUPPLIER, "nothing was written yet: he had chosen wrongly"
    phone.sends("join", seat="", side=Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="First note")
    assert phone.sends("join", side=Side.SUPPLIER).status_code == 422
    assert "First note" in phone.page()
    assert phone.sends("join", seat="", side="nobody").status_code == 422
    assert Phone(workshop).sends("join", seat="a", side=Side.CUSTOMER).status_code == 403
    stranger = Phone(workshop).sends("write", words="Typed without a seat")
    assert (stranger.status_code, "Typed without a seat" in stranger.content.decode()) == (422, True)


def test_a_note_is_taken_back_by_its_device_alone(world: World) -> None:
    workshop = begun(world)
    phone, other = Phone(workshop, Side.CUSTOMER), Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Mine")
    note = WorkshopNote.objects.get().public_id
    for sent in (note, "", "\x00", "x" * 5_000):
        assert other.sends("take-back", note=sent).status_code == 409
    assert phone.sends("take-back", note=note).status_code == 302
    assert not WorkshopNote.objects.exists()
    for n in range(NOTES_A_SEAT):
        assert phone.sends("write", words=f"Note {n}").status_code == 302
    assert "You have written as many" in phone.sends("write", words="One more").content.decode()


def test_a_cluster_that_was_dissolved_takes_no_dot_and_gives_them_back(world: World) -> None:
    workshop = begun(world, dots=1)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Warm food")
    leader, at = world.actor(world.zhao_lei), datetime.now(UTC)
    workshop = taken_to(world, workshop, Stage.CLUSTER)
    note = WorkshopNote.objects.get()
    cluster = changes.put_together(by=leader, at=at, workshop=workshop, notes=[note.pk], name="Food")
    assert cluster is not None
    taken_to(world, workshop, Stage.VOTE)
    assert phone.sends("vote", cluster=cluster.pk).status_code == 302
    assert phone.sends("vote", note=note.pk).status_code == 422
    changes.dissolve_cluster(by=leader, at=at, workshop=workshop, cluster=cluster.pk)
    gone = phone.sends("vote", cluster=cluster.pk)
    assert (gone.status_code, "It is not there any more" in gone.content.decode()) == (409, True)
    assert phone.sends("vote", note=note.pk).status_code == 302
    again = changes.put_together(by=leader, at=at, workshop=workshop, notes=[note.pk], name="Food")
    assert WorkshopVote.objects.get().cluster == again, "dots go along with their note"
    assert "1 of 1 dots" in phone.page()


def test_everybody_may_sort_where_it_is_said(world: World) -> None:
    workshop = begun(world, everybody_sorts=True)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Warm food")
    note = WorkshopNote.objects.get().pk
    workshop = taken_to(world, workshop, Stage.CLUSTER)
    assert "Put notes together that say the same" in phone.page()
    assert phone.sends("sort", note=note, name="Food").status_code == 302
    assert phone.sends("sort", note=note, name=" ").status_code == 422
    assert phone.sends("sort", note="nothing", name="Food").status_code == 409
    changes.change_workshop(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop, minutes=60, dots=3,
        everybody_sorts=False, invited_supplier=0, invited_customer=0,
    )  # fmt: skip
    assert phone.sends("sort", note=note, name="Other").status_code == 403
    assert [one.name for one in workshop.clusters.all()] == ["Food"]


def test_a_note_that_names_somebody_is_taken_out_with_its_words(world: World) -> None:
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Mr Zhou of bed 4 waited")
    phone.sends("write", words="Miss Li was right")
    workshop = taken_to(world, workshop, Stage.CLUSTER)
    note = WorkshopNote.objects.get(words__startswith="Mr")
    leader = world.client(world.zhao_lei)
    address = f"/agreements/workshops/{workshop.public_id}/notes/{note.pk}/take-out/"
    assert leader.post(address, filled(leader, address, reason="")).status_code == 422
    assert leader.post(address, filled(leader, address, reason="Names a patient")).status_code == 302
    changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    minutes = leader.get(f"/agreements/workshops/{workshop.public_id}/minutes/").content.decode()
    assert "Names a patient" in minutes
    assert "bed 4" not in minutes
    second = WorkshopNote.objects.get(taken_out_because="")
    digest = Workshop.objects.get().minutes_digest
    late = f"/agreements/workshops/{workshop.public_id}/notes/{second.pk}/take-out/"
    assert late in minutes
    assert late not in world.client(world.chen_jie).get(
        f"/agreements/workshops/{workshop.public_id}/minutes/"
    ).content.decode()  # fmt: skip
    assert leader.post(late, filled(leader, late, reason="Names a nurse")).status_code == 302, "also after the closing"
    assert not WorkshopNote.objects.exclude(words="").exists()
    assert digest != Workshop.objects.get().minutes_digest
    assert not any("bed 4" in body for body in AuditEntry.objects.values_list("body", flat=True))


def test_expired_renewed_and_forgotten_workshops(world: World) -> None:
    workshop = begun(world, hours=1)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    Workshop.objects.update(expires_at=datetime.now(UTC) - timedelta(minutes=1))
    late = phone.sends("write", words="Too late")
    assert (late.status_code, "Too late" in late.content.decode()) == (410, True)
    assert phone.client.get(phone.address).status_code == 410
    assert Phone(workshop).client.post("/w/", {"code": workshop.code()}).status_code == 422
    leader = world.client(world.zhao_lei)
    assert "hours of its address are over" in leader.get(
        f"/agreements/workshops/{workshop.public_id}/"
    ).content.decode()  # fmt: skip
    old = workshop.token()
    sent = {"version": _seq(workshop)}
    assert leader.post(f"/agreements/workshops/{workshop.public_id}/renew/", sent).status_code == 302
    workshop.refresh_from_db()
    assert workshop.token() != old
    assert phone.client.get(f"/w/{old}/").status_code == 404
    phone.address = f"/w/{workshop.token()}/"
    assert phone.sends("write", words="In time").status_code == 302, "the seat is kept"
    assert changes.close_expired(by=SYSTEM, at=datetime.now(UTC) + timedelta(days=8)) == 1
    assert changes.close_expired(by=SYSTEM, at=datetime.now(UTC) + timedelta(days=8)) == 0
