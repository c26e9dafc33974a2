"""What a workshop keeps says nothing about who wrote what; nobody lays more dots than he has, however he tries."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.db import connection, connections
from django.test import Client

from baton.agreements.changes import workshops as changes
from baton.agreements.changes.workshops.closing import digest_of
from baton.agreements.models import (
    Workshop,
    WorkshopCluster,
    WorkshopNote,
    WorkshopSeat,
    WorkshopVote,
)
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import Stage, slots
from baton.core.errors import Refused
from baton.core.models import AuditEntry
from tests import world as hospital
from tests.rooms.agreements.held import Phone, begun, taken_to
from tests.world import World

if TYPE_CHECKING:
    from tests.databases import Databases

PLAIN = (WorkshopSeat, WorkshopNote, WorkshopVote, WorkshopCluster)


def test_rows_know_no_person_address_or_time() -> None:
    """Of columns and foreign keys there is none that leads to a person, and none that holds a time."""
    for model in PLAIN:
        for column in model._meta.concrete_fields:
            assert column.get_internal_type() not in {"DateTimeField", "DateField", "GenericIPAddressField"}
            if column.is_relation:
                assert column.related_model in (*PLAIN, Workshop)
    for model in (WorkshopNote, WorkshopVote):
        assert WorkshopSeat not in {column.related_model for column in model._meta.concrete_fields}


def _written_and_voted(world: World) -> tuple[Workshop, list[Phone]]:
    workshop = begun(world)
    phones = [Phone(workshop, Side.CUSTOMER) for _ in range(3)]
    taken_to(world, workshop, Stage.CUSTOMER)
    for n, phone in enumerate(phones):
        phone.sends("write", words=f"Canary {n}")
    workshop = taken_to(world, workshop, Stage.VOTE)
    for phone in phones:
        phone.sends("vote", note=WorkshopNote.objects.order_by("pk")[0].pk)
    return workshop, phones


def test_the_trail_has_stages_and_figures_and_no_words(world: World) -> None:
    workshop, phones = _written_and_voted(world)
    before = AuditEntry.objects.count()
    phones[0].sends("vote", note=WorkshopNote.objects.order_by("pk")[1].pk)
    assert AuditEntry.objects.count() == before
    closed = changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    bodies = list(AuditEntry.objects.values_list("body", flat=True))
    assert not any("Canary" in body for body in bodies)
    last = json.loads(AuditEntry.objects.get(action="workshop.closed").body)
    assert last["changed"]["wrote_customer"] == [None, 3]
    assert last["changed"]["minutes_digest"] == ["", closed.minutes_digest]
    assert digest_of(closed) == closed.minutes_digest
    WorkshopNote.objects.filter(words="Canary 1").update(words="Forged")
    assert digest_of(closed) != closed.minutes_digest


def test_closing_destroys_what_ties_notes_to_devices(world: World) -> None:
    workshop, phones = _written_and_voted(world)
    marks = {mark for phone in phones for mark in slots(phone.secret, "note", 20)}
    assert {note.slot for note in WorkshopNote.objects.all()} <= marks
    before = list(WorkshopNote.objects.values_list("slot", flat=True))
    changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    assert not WorkshopSeat.objects.exists()
    assert not WorkshopVote.objects.exists()
    assert not marks & {note.slot for note in WorkshopNote.objects.all()}
    assert sum(note.votes for note in WorkshopNote.objects.all()) == 3
    assert len(before) == WorkshopNote.objects.count()


@pytest.mark.sqlite
def test_rows_are_written_anew_in_an_order_of_chance(world: World) -> None:
    """SQLite numbers rows as they are written: after the closing those numbers are new, and in another order."""
    workshop = begun(world)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    written = [f"Note {n}" for n in range(12)]
    for words in written:
        phone.sends("write", words=words)

    def in_the_file() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT words FROM agreements_workshopnote ORDER BY rowid")
            return [row[0] for row in cursor.fetchall()]

    assert in_the_file() == written
    changes.close_workshop(by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop)
    assert sorted(in_the_file()) == sorted(written)
    assert in_the_file() != written, "one chance in 479 million that it is the same by accident"


@pytest.mark.sqlite
def test_a_signed_in_person_is_nobody_here(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """His session is taken from the request; neither the log nor the trail knows him."""
    workshop = begun(world)
    phone = Phone(workshop)
    phone.client = world.client(world.chen_jie)
    with caplog.at_level("INFO", logger="baton.requests"):
        page = phone.page()
        seat = changes.new_seat_secret()
        assert phone.sends("join", seat=seat, side=Side.CUSTOMER).status_code == 302
    assert "Chen Jie" not in page
    of_the_phone = [record for record in caplog.records if getattr(record, "person", None) is not None]
    assert {record.person for record in of_the_phone} == {""}  # type: ignore[attr-defined]
    assert phone.client.get("/").status_code == 200, "and is still signed in elsewhere"


def test_secrets_of_the_door_stand_nowhere(world: World) -> None:
    workshop = begun(world)
    bodies = "\n".join(AuditEntry.objects.values_list("body", flat=True))
    for secret in (workshop.token(), workshop.code(), workshop.token_digest, workshop.code_digest):
        assert secret not in bodies
    held = {str(value) for value in Workshop.objects.values().get().values()}
    assert workshop.token() not in held
    assert workshop.code() not in held
    assert Client().get(f"/w/{'2' * 24}/").status_code == 404
    assert Phone(workshop).client.get(f"/w/{workshop.token()}/").headers["Referrer-Policy"] == "no-referrer"


def test_twenty_dots_at_once_from_one_phone_are_as_many_as_it_has(committed_db: Databases) -> None:
    world = hospital.build()
    workshop = begun(world, dots=5)
    phone = Phone(workshop, Side.CUSTOMER)
    taken_to(world, workshop, Stage.CUSTOMER)
    phone.sends("write", words="Warm food")
    taken_to(world, workshop, Stage.VOTE)
    note, seat = WorkshopNote.objects.get().pk, WorkshopSeat.objects.get()
    laid: list[bool] = []

    def lay() -> None:
        try:
            changes.lay_dot(at=datetime.now(UTC), seat=seat, secret=phone.secret, note=note)
            laid.append(True)
        except Refused:
            laid.append(False)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=lay) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(laid) == [False] * 15 + [True] * 5
    assert WorkshopVote.objects.count() == 5
