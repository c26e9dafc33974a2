"""Two who do something at the same time, and what has ended meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from baton.chain import changes, queries, tasks
from baton.chain.changes import event_logs
from baton.chain.models import EventLog, Party
from baton.chain.queries.event_logs import comparison, linked_pairs, mined_graph
from baton.core import uploads
from baton.core.errors import Refused, Stale
from baton.core.jobs import Reporter
from baton.core.models import AuditEntry, OrganisationRole
from baton.core.rules import Role
from baton.core.worker import Worker
from tests.rooms.chain.test_event_logs import bring, mine
from tests.world import BEGAN, NOON, SYSTEM, World

COLUMNS = {
    "case": "case", "party": "team", "party_kind": "department", "time": "time", "activity": "activity",
    "zone": "Asia/Shanghai", "missing": ["?"],
}  # fmt: skip


def being_read(world: World) -> EventLog:
    client = world.client(world.lin_mei)
    log = bring(client)
    answer = client.post(f"/discovery/{log.public_id}/columns/", COLUMNS | {"version": log.changed_seq})
    assert answer.status_code == 302
    return EventLog.objects.get(pk=log.pk)


def test_a_log_that_is_withdrawn_while_it_is_read_ends_the_run_quietly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = being_read(world)
    read = tasks.mined_with_activities

    def withdrawn_meanwhile(record: EventLog, progress: object = None) -> object:
        found = read(record)
        changes.withdraw_event_log(by=world.actor(world.lin_mei), at=NOON, log=record, reason="wrong file")
        return found

    monkeypatch.setattr(tasks, "mined_with_activities", withdrawn_meanwhile)
    done = Worker().drain(timezone.now() + timedelta(seconds=5))
    assert (done.runs >= 1, done.failed) == (True, 0)
    log.refresh_from_db()
    assert (log.state, log.pairs.count()) == ("withdrawn", 0)
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_file_that_goes_with_the_withdrawal_ends_the_run_quietly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = being_read(world)
    read = tasks.mined_with_activities

    def gone_meanwhile(record: EventLog, progress: object = None) -> object:
        changes.withdraw_event_log(by=world.actor(world.lin_mei), at=NOON, log=record, reason="wrong file")
        uploads.discard(record.path)
        return read(record)

    monkeypatch.setattr(tasks, "mined_with_activities", gone_meanwhile)
    before = AuditEntry.objects.filter(action="event_log.failed").count()
    tasks.mine_event_log(by=SYSTEM, at=NOON, progress=Reporter("run", "job"), log=log.public_id)
    log.refresh_from_db()
    assert log.state == "withdrawn"
    assert AuditEntry.objects.filter(action="event_log.failed").count() == before


def test_a_second_withdrawal_is_refused_clearly(world: World) -> None:
    client = world.client(world.lin_mei)
    log = bring(client)
    by = world.actor(world.lin_mei)
    changes.withdraw_event_log(by=by, at=NOON, log=log, reason="first")
    with pytest.raises(Refused, match="It is: withdrawn"):
        changes.withdraw_event_log(by=by, at=NOON, log=log, reason="second")
    assert AuditEntry.objects.filter(action="event_log.withdrawn").count() == 1


def test_two_who_match_the_same_name_do_not_overwrite_each_other(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    address = f"/discovery/{log.public_id}/names/"
    page = client.get(address, {"match": "Ward 3"}).content.decode()
    assert f'name="seen" value="{world.ward.public_id}"' in page
    sent = {"value": "Porters", "seen": ""}
    assert client.post(address, sent | {"party": world.stores.public_id}).status_code == 302
    late = client.post(address, sent | {"party": world.pharmacy.public_id})
    assert late.status_code == 409
    assert log.names.get(value="Porters").party == world.stores
    other = {"value": "Laboratory", "seen": world.laboratory.public_id, "party": world.pharmacy.public_id}
    assert client.post(address, other).status_code == 302
    with pytest.raises(Stale):
        event_logs.match_name(by=SYSTEM, at=NOON, log=log, value="Porters", party=None, seen="")


def test_an_ended_party_is_not_renamed(world: World) -> None:
    party = changes.add_party(by=SYSTEM, at=BEGAN, party_kind="team", name={"en": "Porters"})
    changes.end_party(by=SYSTEM, at=NOON, party=party)
    with pytest.raises(Refused, match=f"{party.number} ended on"):
        changes.rename_party(by=SYSTEM, at=NOON, party=party, name={"en": "Others"}, code="X")
    client = world.client(world.lin_mei)
    fresh = Party.objects.get(pk=party.pk)
    answer = client.post(
        f"/parties/{party.public_id}/rename/", {"name_en": "Others", "version": fresh.changed_seq, "code": ""}
    )
    assert answer.status_code == 422
    assert Party.objects.get(pk=party.pk).name == {"en": "Porters"}


def test_what_is_no_longer_or_not_yet_in_force_is_no_agreed_link(world: World) -> None:
    client = world.client(world.lin_mei)
    log = mine(client, bring(client))
    viewer = world.actor(world.lin_mei)

    def found(at: object = NOON) -> tuple[set[str], set[str], set[str]]:
        rows = comparison(viewer=viewer, at=NOON, log=log).rows
        edges = mined_graph(viewer=viewer, at=NOON, log=log)["edges"]
        return (
            {row.link.public_id for row in rows if row.link is not None},
            {link.public_id for link in linked_pairs(viewer=viewer, at=NOON, log=log).values()},
            {edge["href"] for edge in edges if edge["href"]},
        )

    agreed = world.lab_ward.public_id
    assert found() == ({agreed}, {agreed}, {f"/links/{agreed}/"})
    later = changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.ward, customer=world.laboratory, output={"en": "Specimens"},
        began_on=date(2026, 7, 1),
    )  # fmt: skip
    assert found() == ({agreed}, {agreed}, {f"/links/{agreed}/"})
    changes.end_link(by=SYSTEM, at=NOON, link=world.lab_ward, ended_on=date(2026, 7, 1))
    assert found() == ({agreed}, {agreed}, {f"/links/{agreed}/"})
    rows = comparison(viewer=viewer, at=NOON + timedelta(days=40), log=log).rows
    assert {row.link.public_id for row in rows if row.link is not None} == {later.public_id}


def test_a_guest_reads_no_names_of_colleagues_in_the_history_of_his_party(world: World) -> None:
    """Tom Reed belongs to the party Patient and sees its page; who keeps it inside is no matter of his."""
    guest = world.actor(world.tom_reed)
    assert guest.roles == {Role.GUEST}
    inside = world.actor(world.lin_mei)
    changes.rename_party(by=inside, at=NOON, party=world.patient, name={"en": "Patients"}, reason="as Wang Fang said")
    was_there = changes.appoint(by=inside, at=NOON, party=world.patient, person=world.ivy_stone, capacity="member")
    changes.end_membership(by=inside, at=NOON, membership=was_there)
    page = world.client(world.tom_reed).get(f"/parties/{world.patient.public_id}/").content.decode()
    main = page[page.index("<main") :]
    assert "Name or code changed" in main
    for name in ("Lin Mei", "Wang Fang", "Ivy Stone"):
        assert name not in main
    assert "Tom Reed" in main
    shown = queries.party_page(viewer=guest, at=NOON, public_id=world.patient.public_id)
    assert {entry.who.get("en") for entry in shown.history} <= {None, "Tom Reed"}
    own = world.client(world.lin_mei).get(f"/parties/{world.patient.public_id}/").content.decode()
    for name in ("Lin Mei", "as Wang Fang said", "Ivy Stone"):
        assert name in own
    assert OrganisationRole.objects.filter(person=world.tom_reed).count() == 1
