"""Doing something to many rows of a list at once: chosen, shown beforehand, done row by row, refused row by row."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from baton.chain import changes, queries
from baton.chain.models import GapAnswer, Link, Membership, Responsibility
from baton.chain.pages.gaps import gap_id, gap_version
from baton.chain.rules import Detector, Responsible
from baton.core import changes as core
from baton.core import pace, uploads
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, Refused
from baton.core.models import AuditEntry, ListAction, Notification, RefusedRow
from baton.core.queries import notification_text
from baton.core.tasks import stop_left_actions
from baton.core.worker import Worker
from tests.query_counts import queries_a_page
from tests.world import BEGAN, NOON, SYSTEM, World


def ticked(*links: Any) -> list[str]:
    for one in links:
        one.refresh_from_db()
    return [f"{one.public_id}:{one.changed_seq}" for one in links]


def choose(client: Client, name: str, act: str, rows: list[str], **more: str) -> str:
    """Address of the page that asks what is to be set."""
    answer = client.post(f"/lists/{name}/act/", {"act": act, "row": rows, **more})
    assert answer.status_code == 302
    here: str = answer.headers["Location"]
    return here


def do(client: Client, here: str, **values: str) -> ListAction:
    answer = client.post(here, values)
    assert answer.status_code == 302, answer.content.decode()
    return ListAction.objects.get(public_id=here.split("/")[-2])


def test_links_are_judged_together_and_the_page_says_so_before_and_after(world: World) -> None:
    client = world.client(world.lin_mei)
    shown = client.get("/links/").content.decode()
    assert f'value="{world.laundry_ward.public_id}:{world.laundry_ward.changed_seq}"' in shown
    here = choose(client, "chain.links", "judge", ticked(world.laundry_ward, world.lab_ward))
    before = client.get(here).content.decode()
    for said in ("Judge links", "2 links", "Clean linen", "nothing", "As chosen below"):
        assert said in before
    assert client.post(here, {"reason": "x"}).status_code == 422, "nothing to be set"
    changes.judge_link(by=SYSTEM, at=NOON, link=world.pharmacy_ward, spend=1, irreplaceability=1, impact=1)
    action = do(client, here, stage="front", impact="5", reason="Workshop of June")
    assert (action.state, action.rows_done, action.rows_refused) == ("finished", 2, 0)
    for link in (world.laundry_ward, world.lab_ward):
        link.refresh_from_db()
        assert (link.stage, link.impact, link.spend) == ("front", 5, None)
    after = client.get(here).content.decode()
    assert "Changed" in after
    entries = AuditEntry.objects.filter(action="link.judged", body__contains=action.public_id)
    assert entries.count() == 2, "what one operation wrote is found by its id"
    assert "Workshop of June" in entries[0].body
    # sent again it changes nothing more
    assert client.post(here, {"stage": "back"}).status_code in (200, 302)
    assert Link.objects.filter(stage="back").count() == 0
    assert not uploads.location("uploads").joinpath(action.path or "none").is_file()
    assert verify().holds


def test_rows_that_take_long_are_not_done_under_one_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However short the time of a slice is, every row is dealt with, and once."""
    client = world.client(world.lin_mei)
    here = choose(client, "chain.links", "judge", ticked(world.laundry_ward, world.lab_ward, world.pharmacy_ward))
    slices: list[int] = []
    monkeypatch.setattr(pace, "LOCK_SECONDS", 0.0)
    monkeypatch.setattr(pace.Pace, "took", lambda _pace, rows, _seconds: slices.append(rows))
    action = do(client, here, stage="front")
    assert (slices, action.rows_done) == ([1, 1, 1], 3)
    assert AuditEntry.objects.filter(action="link.judged", body__contains=action.public_id).count() == 3


def test_only_some_of_the_values_are_set(world: World) -> None:
    changes.judge_link(
        by=SYSTEM, at=NOON, link=world.lab_ward, spend=2, irreplaceability=3, impact=4, stage="back",
        sourcing="chosen", continuity_plan="The night laboratory",
    )  # fmt: skip
    client = world.client(world.lin_mei)
    do(client, choose(client, "chain.links", "judge", ticked(world.lab_ward)), spend="none", stage="front")
    world.lab_ward.refresh_from_db()
    link = world.lab_ward
    assert (link.spend, link.irreplaceability, link.impact, link.stage) == (None, 3, 4, "front")
    assert (link.sourcing, link.continuity_plan) == ("chosen", "The night laboratory")


def test_each_row_is_refused_by_itself_with_its_reason(world: World) -> None:
    """Not his, changed since, not there, and one that the rules refuse; the others are done."""
    client = world.client(world.zhao_lei)  # heads the laundry
    stale = ticked(world.ward_laundry)
    changes.judge_link(by=SYSTEM, at=NOON, link=world.ward_laundry, spend=1, irreplaceability=1, impact=1)
    rows = [*ticked(world.laundry_ward, world.linenco_stores), *stale, "nobodyknowsthis1:1", "<b>:x"]
    here = choose(client, "chain.links", "end", rows)
    before = client.get(here).content.decode()
    assert re.findall(r'class="num">([0-9]+)<', before) == ["2", "1", "1"], "why, and how many of all that were chosen"
    for why in ("No longer there, or not shared with you", "Not yours to change", "Changed by somebody since"):
        assert why in before
    action = do(client, here, ended_on="", reason="over")
    assert (action.rows_done, action.rows_refused) == (1, 4)
    assert [row.stale for row in RefusedRow.objects.order_by("position")] == [False, True, False, False]
    shown = client.get(here).content.decode()
    for said in (
        "Changed in the meantime",
        "You may not do this",
        "not shared with you",
        "Somebody changed this record",
    ):
        assert said in shown
    for link, ended in ((world.laundry_ward, True), (world.linenco_stores, False), (world.ward_laundry, False)):
        link.refresh_from_db()
        assert (link.ended_on is not None) is ended
    # an end before the beginning
    here = choose(client, "chain.links", "end", ticked(world.linenco_laundry))
    assert do(client, here, ended_on="2020-01-01").rows_refused == 1
    assert "on or after 2026-01-05" in client.get(here).content.decode()


def test_needs_and_projects_of_links(world: World) -> None:
    need = changes.add_need(by=SYSTEM, at=BEGAN, holder=world.patient, words={"en": "A clean bed"})
    project = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "New dryers"}, owner=world.laundry)
    late = changes.add_project(by=SYSTEM, at=NOON, name={"en": "Later"}, owner=world.laundry, began_on=date(2026, 6, 1))
    client = world.client(world.zhao_lei)
    do(client, choose(client, "chain.links", "need", ticked(world.laundry_ward)), need=need.public_id)
    do(client, choose(client, "chain.links", "project", ticked(world.laundry_ward)), project=project.public_id)
    world.laundry_ward.refresh_from_db()
    assert (world.laundry_ward.need, world.laundry_ward.project) == (need, project)
    # one that began before its project is none of it
    here = choose(client, "chain.links", "project", ticked(world.linenco_laundry))
    assert do(client, here, project=late.public_id).rows_refused == 1
    here = choose(client, "chain.links", "project", ticked(world.laundry_ward))
    assert client.post(here, {"project": "somethingelse123"}).status_code == 422
    do(client, here, project="none")
    do(client, choose(client, "chain.links", "need", ticked(world.laundry_ward)), need="none")
    world.laundry_ward.refresh_from_db()
    assert (world.laundry_ward.need, world.laundry_ward.project) == (None, None)
    # whoever may change the link, but not the project, is refused
    other = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "Stores"}, owner=world.stores)
    with pytest.raises(Forbidden):
        changes.assign_link_to_project(
            by=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward, project=other
        )  # fmt: skip


def test_parties_are_moved_and_ended_together(world: World) -> None:
    client = world.client(world.lin_mei)
    parties = (world.stores, world.infection_control, world.patient, world.nursing)
    here = choose(client, "chain.parties", "move", ticked(*parties))
    action = do(client, here, parent=world.nursing.public_id)
    assert (action.rows_done, action.rows_refused) == (2, 2), "an outside party, and one under itself"
    world.stores.refresh_from_db()
    assert world.stores.parent == world.nursing
    here = choose(client, "chain.parties", "end", ticked(world.night_shift, world.laundry))
    assert do(client, here).rows_done == 1
    assert "still has links" in client.get(here).content.decode()
    world.night_shift.refresh_from_db()
    assert world.night_shift.ended_on is not None


def test_one_party_answers_for_many_outputs(world: World) -> None:
    linen, used = world.laundry_ward.output, world.ward_laundry.output
    for party in (world.ward, world.stores):
        changes.give_responsibility(by=SYSTEM, at=BEGAN, output=linen, party=party, responsible="accountable")
    client = world.client(world.lin_mei)
    here = choose(client, "chain.outputs", "accountable", ticked(linen, used))
    assert "Ward 3, Stores" in client.get(here).content.decode()
    assert do(client, here, party=world.laundry.public_id).rows_done == 2
    held = Responsibility.objects.filter(responsible=Responsible.ACCOUNTABLE, ended_on__isnull=True)
    assert {(one.output, one.party) for one in held} == {(linen, world.laundry), (used, world.laundry)}
    here = choose(client, "chain.outputs", "accountable", ticked(linen))
    assert do(client, here, party=world.laundry.public_id).rows_refused == 1
    assert "has it already" in client.get(here).content.decode()


def test_gaps_are_assigned_and_answered_together(world: World) -> None:
    rows = queries.gaps(viewer=world.actor(world.lin_mei), at=NOON)
    outputs = [row for row in rows if row.gap.detector is Detector.OUTPUT_WITHOUT_OWNER][:2]
    client = world.client(world.lin_mei)
    chosen = [f"{gap_id(row)}:0" for row in outputs]
    assert f'value="{chosen[0]}"' in client.get("/gaps/").content.decode()
    here = choose(client, "chain.gaps", "assign", chosen)
    assert client.post(here, {"person": "Nobody Here"}).status_code == 422
    assert do(client, here, person="Chen Jie", reason="Please ask").rows_done == 2
    assert GapAnswer.objects.filter(assignee=world.chen_jie, withdrawn=False).count() == 2
    told = Notification.objects.get(person=world.chen_jie)
    named = "; ".join(f"Output nobody answers for, {row.gap.about[0].name['en']}" for row in outputs)
    assert notification_text(told) == f"You are to clear up 2 gaps: {named}."
    assert told.address == "/gaps/?show=assigned"
    # who answered meanwhile is not overruled unseen
    here = choose(client, "chain.gaps", "assign", chosen)
    action = do(client, here, person="Wang Fang")
    assert (action.rows_refused, RefusedRow.objects.filter(stale=True).count()) == (2, 2)
    # "no dealings" is an answer where two parties have no link
    here = choose(client, "chain.gaps", "no_dealings", [f"{gap_id(outputs[0])}:0"])
    assert "where two parties have no link" in client.get(here).content.decode(), "said beforehand, too"
    assert do(client, here, reason="None").rows_refused == 1
    assert "two parties have no link" in client.get(here).content.decode()


def test_who_is_stopped_on_the_way_has_told_of_what_is_done(world: World) -> None:
    """One gap is told as one; of more than are named the message says so; nobody tells himself."""
    by = world.actor(world.lin_mei)
    rows = [row for row in queries.gaps(viewer=by, at=NOON) if row.gap.detector is not Detector.PERSON_WITHOUT_CUSTOMER]

    def assign(person: str, rows_dealt: int) -> ListAction:
        chosen = [(gap_id(row), gap_version(row)) for row in queries.gaps(viewer=by, at=NOON) if row.gap in known]
        action = core.propose_action(by=by, at=NOON, list_name="chain.gaps", act="assign", rows=chosen[:rows_dealt])
        return core.begin_action(by=by, at=NOON, action=action, arguments={"person": person})

    known = [row.gap for row in rows]
    stopped = assign("Zhao Lei", 3)
    changes.assign_gap(by=by, at=NOON, gap=known[0], person=world.zhao_lei, tell=False)
    ListAction.objects.filter(pk=stopped.pk).update(rows_dealt=1)  # as a worker left it
    core.stop_action(by=by, at=NOON, action=ListAction.objects.get(pk=stopped.pk))
    assert notification_text(Notification.objects.get(person=world.zhao_lei)).startswith("You are to clear this up:")
    core.carry_out(by=by, at=NOON, action=assign("Gao Ming", 12))
    message = notification_text(Notification.objects.get(person=world.gao_ming))
    assert message.startswith("You are to clear up 12 gaps:")
    assert message.endswith("; ….")
    core.carry_out(by=by, at=NOON, action=assign("Lin Mei", 2))
    assert not Notification.objects.filter(person=world.lin_mei).exists()


@pytest.mark.sqlite
def test_the_page_beforehand_asks_as_often_for_many_rows_as_for_few(world: World) -> None:
    client = world.client(world.lin_mei)
    few = choose(client, "chain.links", "end", ticked(world.laundry_ward, world.lab_ward))
    for n in range(30):
        changes.add_link(by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.ward, output={"en": f"Item {n}"})
    many = choose(client, "chain.links", "end", [], all="yes", query="")
    client.get(few)
    counted = queries_a_page(client, [few, many])
    assert counted[few] == counted[many]
    assert "Can be changed" in client.get(many).content.decode()


def test_all_that_match_by_a_worker_in_slices_and_it_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from baton.core.views import list_actions

    monkeypatch.setattr(list_actions, "AT_ONCE", 3)
    monkeypatch.setattr("baton.core.tasks.AT_ONCE", 3)
    for n in range(12):
        changes.add_link(by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.ward, output={"en": f"Item {n}"})
    client = world.client(world.lin_mei)
    here = choose(client, "chain.links", "judge", [], all="yes", query="q=item&order=-number&page=2")
    action = do(client, here, stage="back")
    assert (action.state, action.rows_expected) == ("running", 12)
    assert "Changing row by row" in client.get(here).content.decode()
    assert client.get(f"{here}progress/").status_code == 200
    assert Worker().drain(NOON).failed == 0
    assert Link.objects.filter(stage="back").count() == 12
    assert client.get(f"{here}progress/").headers["HX-Refresh"] == "true"
    told = Notification.objects.get(person=world.lin_mei)
    assert notification_text(told) == "What you did to many rows is finished: 12 changed, 0 left alone."
    action.refresh_from_db()
    assert (action.state, action.path) == ("finished", "")


def test_it_goes_on_where_it_stands_and_deals_with_no_row_twice(world: World) -> None:
    by = world.actor(world.lin_mei)
    links = [world.laundry_ward, world.lab_ward, world.pharmacy_ward]
    rows = [(one.public_id, one.changed_seq) for one in links]
    action = core.propose_action(by=by, at=NOON, list_name="chain.links", act="end", rows=[*rows, rows[0]])
    assert action.rows_expected == 3, "each row once"
    action = core.begin_action(by=by, at=NOON, action=action, arguments={"ended_on": "2026-06-01"})
    ListAction.objects.filter(pk=action.pk).update(rows_dealt=1)  # as a worker left it that was killed
    fresh = ListAction.objects.get(pk=action.pk)
    done = core.carry_out(by=by, at=NOON, action=fresh)
    assert (done.state, done.rows_dealt) == ("finished", 3)
    assert list(Link.objects.filter(ended_on__isnull=False).order_by("pk")) == [world.pharmacy_ward, world.lab_ward]
    assert core.carry_out(by=by, at=NOON, action=done).rows_dealt == 3
    uploads.discard(action.path)  # as whoever finishes it does, while somebody else is about to open it
    assert core.carry_out(by=by, at=NOON, action=fresh).state == "finished"


def test_a_row_that_breaks_takes_the_slice_back_and_stays_where_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = world.actor(world.lin_mei)
    rows = [(one.public_id, one.changed_seq) for one in (world.laundry_ward, world.lab_ward)]
    action = core.propose_action(by=by, at=NOON, list_name="chain.links", act="end", rows=rows)
    action = core.begin_action(by=by, at=NOON, action=action, arguments={})
    real = changes.end_link

    def broken(**given: Any) -> Link:
        if given["link"].pk == world.lab_ward.pk:
            raise RuntimeError("the disk is full")
        return real(**given)

    monkeypatch.setattr("baton.chain.changes.end_link", broken)
    monkeypatch.setattr(pace, "LOCK_SECONDS", 60.0)  # both rows in one slice, however busy the machine is
    with pytest.raises(RuntimeError):
        core.carry_out(by=by, at=NOON, action=action)
    action.refresh_from_db()
    assert (action.rows_dealt, Link.objects.filter(ended_on__isnull=False).count()) == (0, 0)


def test_nothing_none_and_too_many_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client(world.lin_mei)
    answer = client.post("/lists/chain.links/act/", {"act": "end", "query": "state=all"})
    assert answer.headers["Location"] == "/links/?state=all"
    assert "at least one row" in client.get("/links/?state=all").content.decode()
    assert client.post("/lists/chain.links/act/", {"act": "burn", "row": ticked(world.lab_ward)}).status_code == 403
    assert client.post("/lists/chain.poems/act/", {"act": "end"}).status_code == 404
    assert client.post("/lists/chain.needs/act/", {"act": "end"}).status_code == 404
    monkeypatch.setattr("baton.core.changes.list_actions.ACTION_ROWS", 1)
    with pytest.raises(Refused, match="at most 1"):
        core.propose_action(
            by=world.actor(world.lin_mei), at=NOON, list_name="chain.links", act="end", rows=[("a", 1), ("b", 1)]
        )
    assert not ListAction.objects.exists()


@pytest.mark.sqlite
def test_nobody_else_sees_it_and_who_may_change_nothing_is_offered_nothing(world: World) -> None:
    client = world.client(world.zhao_lei)
    here = choose(client, "chain.links", "end", ticked(world.laundry_ward))
    for person in (world.lin_mei, world.sun_yan, world.wu_tao, world.chen_jie):
        other = world.client(person)
        for path in (here, f"{here}progress/"):
            assert other.get(path).status_code == 404
        assert other.post(here, {}).status_code == 404
        assert other.post(f"{here}stop/").status_code == 404
    for person in (world.he_jun, world.wu_tao, world.chen_jie, world.sun_yan):
        other = world.client(person)
        for name in ("links", "parties", "outputs", "gaps"):
            assert "data-acts" not in other.get(f"/{name}/").content.decode(), name
        answer = other.post("/lists/chain.links/act/", {"act": "end", "row": ticked(world.laundry_ward)})
        assert answer.status_code == 403
    assert world.client(world.tom_reed).post("/lists/chain.links/act/", {"act": "end"}).status_code == 403
    assert client.post(f"{here}stop/").headers["Location"] == "/links/?view=all"
    assert ListAction.objects.get().state == "stopped"
    assert client.post(here, {}).status_code == 200
    world.laundry_ward.refresh_from_db()
    assert world.laundry_ward.ended_on is None


def test_what_was_never_begun_is_stopped_after_a_day(world: World) -> None:
    by = world.actor(world.lin_mei)
    action = core.propose_action(by=by, at=NOON, list_name="chain.links", act="end", rows=[("a", 1)])
    file = uploads.location(action.path)
    stop_left_actions(by=SYSTEM, at=NOON + timedelta(hours=23), progress=None)  # type: ignore[arg-type]
    action.refresh_from_db()
    assert (action.state, file.is_file()) == ("proposed", True)
    stop_left_actions(by=SYSTEM, at=NOON + timedelta(hours=25), progress=None)  # type: ignore[arg-type]
    action.refresh_from_db()
    assert (action.state, action.path) == ("stopped", "")


def test_rights_count_when_it_is_done(world: World) -> None:
    """A head who is one no longer when the worker comes to it changes nothing."""
    by = world.actor(world.zhao_lei)
    action = core.propose_action(
        by=by, at=NOON, list_name="chain.links", act="end",
        rows=[(world.laundry_ward.public_id, world.laundry_ward.changed_seq)],
    )  # fmt: skip
    core.begin_action(by=by, at=NOON, action=action, arguments={})
    for held in Membership.objects.filter(person=world.zhao_lei):
        changes.end_membership(by=SYSTEM, at=NOON, membership=held, ended_on=date(2026, 6, 1))
    assert Worker().drain(NOON).failed == 0
    action.refresh_from_db()
    assert (action.state, action.rows_dealt) == ("stopped", 0)
    world.laundry_ward.refresh_from_db()
    assert world.laundry_ward.ended_on is None
