"""What leaders promise their staff: a clause with days, signed by the leader, kept or late on the home page."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from baton.agreements import changes
from baton.agreements.changes import leaders
from baton.agreements.models import Fulfilment, LeaderPromise, PromiseSeen
from baton.agreements.queries import leaders as queries
from baton.agreements.queries.leaders import LeaderRow
from baton.agreements.queries.owed import OwedFilters, owed_to_export
from baton.agreements.queries.waiting import waiting_for
from baton.agreements.rules import Side
from baton.agreements.rules.leaders import Keeping, Kept, Rhythm, due_days, kept
from baton.chain.changes import promise_to_staff
from baton.chain.models import Link
from baton.core.audit.verify import verify
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.signatures import digest_now
from tests.api import Program, said, token_for
from tests.rooms.agreements.made import in_force
from tests.rooms.agreements.test_signing import sign
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

DAY = NOON.date()
WORDS = {"en": "The roster hangs two weeks ahead"}


def link_of(world: World) -> Link:
    """On which the head nurse, who is Wang Fang, serves Ward 3."""
    post = promise_to_staff(by=SYSTEM, at=NOON, party=world.ward, post={"en": "Head nurse"}, promises=[WORDS])
    return Link.objects.get(supplier=post)


def promised(world: World, **more: Any) -> LeaderPromise:
    by = world.actor(world.wang_fang)
    told: dict[str, Any] = {"words": WORDS, "due_on": DAY, "rhythm": Rhythm.WEEKLY, **more}
    return leaders.promise_staff(by=by, at=NOON, link=link_of(world), **told)


def signed(world: World, promise: LeaderPromise) -> LeaderPromise:
    sign(world, promise.agreement.versions.get(), world.wang_fang, Side.SUPPLIER)
    return promise


def at_home(world: World, name: str, at: datetime = NOON) -> list[LeaderRow]:
    return queries.promised_to(viewer=world.actor(getattr(world, name)), at=at)


@pytest.mark.parametrize(
    ("first", "rhythm", "days"),
    [
        (date(2026, 1, 31), Rhythm.MONTHLY, [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]),
        (date(2026, 11, 30), Rhythm.QUARTERLY, [date(2027, 2, 28), date(2027, 5, 30), date(2027, 8, 30)]),
        (date(2024, 2, 29), Rhythm.YEARLY, [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28)]),
        (date(2026, 12, 28), Rhythm.WEEKLY, [date(2027, 1, 4), date(2027, 1, 11), date(2027, 1, 18)]),
    ],
)
def test_days_on_which_a_promise_is_due(first: date, rhythm: Rhythm, days: list[date]) -> None:
    found = due_days(first, rhythm)
    assert [next(found) for _time in range(4)] == [first, *days]
    assert list(due_days(first, Rhythm.ONCE)) == [first]


def test_kept_late_or_waiting() -> None:
    week = timedelta(weeks=1)
    first, second, third = DAY, DAY + week, DAY + 2 * week
    assert kept(first, Rhythm.WEEKLY, {}, first) == Kept(Keeping.WAITING, None, first, 0, 0, 0)  # its day is not over
    assert kept(first, Rhythm.WEEKLY, {}, second) == Kept(Keeping.LATE, first, first, 1, 0, 0)
    done = {first: first, second: third}
    assert kept(first, Rhythm.WEEKLY, done, third) == Kept(Keeping.KEPT, third, third, 2, 2, 1)
    assert kept(first, Rhythm.ONCE, {first: first}, third) == Kept(Keeping.KEPT, first, None, 1, 1, 1)
    # An earlier day that nobody met stays late, whatever was done later.
    assert kept(first, Rhythm.WEEKLY, {second: second}, third).on == first


def test_it_counts_from_the_leaders_signature_and_the_days_are_signed_with_it(world: World) -> None:
    promise = promised(world)
    version = promise.agreement.versions.get()
    assert version.state == "proposed"
    assert not at_home(world, "chen_jie")
    [mine] = at_home(world, "wang_fang")
    assert (mine.signed, mine.may_fulfil) == (False, True)
    before = digest_now("agreement_version", version.public_id)
    LeaderPromise.objects.filter(pk=promise.pk).update(due_on=DAY + timedelta(days=1))
    assert digest_now("agreement_version", version.public_id) != before
    LeaderPromise.objects.filter(pk=promise.pk).update(due_on=DAY)
    signed(world, promise)
    [told] = at_home(world, "chen_jie")
    assert (told.signed, told.kept.keeping, told.may_fulfil) == (True, Keeping.WAITING, False)
    assert not at_home(world, "zhao_lei")
    late = at_home(world, "sun_lei", NOON + timedelta(days=8))
    assert (late[0].kept.keeping, late[0].kept.on) == (Keeping.LATE, DAY)


def test_the_leader_says_it_was_kept_and_the_staff_see_it(world: World) -> None:
    promise = signed(world, promised(world))
    head, nurse = world.actor(world.wang_fang), world.actor(world.chen_jie)
    done = leaders.fulfil_promise(by=head, at=NOON, promise=promise, note="It hangs by the door")
    [row] = at_home(world, "chen_jie")
    assert (row.kept.keeping, row.kept.on, row.seen, row.may_see) == (Keeping.KEPT, DAY, 0, True)
    leaders.see_promise(by=nurse, at=NOON, fulfilment=done)
    leaders.see_promise(by=nurse, at=NOON, fulfilment=done)
    [row] = at_home(world, "chen_jie")
    assert (row.seen, row.may_see, PromiseSeen.objects.count()) == (1, False, 1)
    for who in (world.wang_fang, world.zhao_lei, world.lin_mei):
        with pytest.raises(Forbidden):
            leaders.see_promise(by=world.actor(who), at=NOON, fulfilment=done)
    for who in (world.chen_jie, world.zhao_lei, world.lin_mei):
        with pytest.raises(Forbidden):
            leaders.fulfil_promise(by=world.actor(who), at=NOON, promise=promise, note="Mine")
    assert verify().holds


def test_it_stands_as_late_or_kept_among_what_is_owed(world: World) -> None:
    promise = signed(world, promised(world))
    in_force(promise.agreement.versions.get())
    viewer, later = world.actor(world.wang_fang), NOON + timedelta(days=8)
    filters = OwedFilters(party=world.ward.public_id, search="roster")
    [row] = owed_to_export(viewer=viewer, at=later, filters=filters)
    assert row.kept is not None
    assert (row.kept.keeping, row.kept.on) == (Keeping.LATE, DAY)


@pytest.mark.sqlite
def test_what_is_refused(world: World) -> None:
    by, promise = world.actor(world.wang_fang), promised(world)
    no_day = DAY + timedelta(days=1)
    refusals: list[tuple[str, Any]] = [
        ("due_on", lambda: leaders.fulfil_promise(by=by, at=NOON, promise=promise, note="x", due_on=no_day)),
        ("done_on", lambda: leaders.fulfil_promise(
            by=by, at=NOON, promise=promise, note="x", done_on=DAY + timedelta(days=1))),
        ("note", lambda: leaders.fulfil_promise(by=by, at=NOON, promise=promise, note=" ")),
    ]  # fmt: skip
    for field, write in refusals:
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.field == field
    for due_on in (DAY - timedelta(days=1), DAY + timedelta(days=4000)):
        with pytest.raises(Refused, match="within ten years"):
            leaders.promise_staff(by=by, at=NOON, link=promise.agreement.link, words=WORDS, due_on=due_on)
    with pytest.raises(Refused, match="stands still"):  # its first version is proposed
        leaders.promise_staff(by=by, at=NOON, link=promise.agreement.link, words=WORDS, due_on=DAY)
    with pytest.raises(Refused, match="one party serves another"):
        leaders.promise_staff(by=by, at=NOON, link=world.ward_laundry, words=WORDS, due_on=DAY)
    with pytest.raises(Forbidden):
        leaders.promise_staff(
            by=world.actor(world.chen_jie), at=NOON, link=promise.agreement.link, words=WORDS, due_on=DAY
        )
    assert Fulfilment.objects.count() == 0
    leaders.end_promise(by=by, at=NOON, promise=promise, reason="The ward moves")
    with pytest.raises(Refused, match="is given"):
        leaders.fulfil_promise(by=by, at=NOON, promise=promise, note="x")
    assert not at_home(world, "wang_fang")


@pytest.mark.sqlite
def test_who_sees_a_promise_and_that_it_goes_with_its_version(world: World) -> None:
    promise = signed(world, promised(world))
    with pytest.raises(NotFound):
        queries.leader_promise(viewer=world.actor(world.tom_reed), at=NOON, public_id=promise.public_id)
    assert queries.leader_rows(viewer=world.actor(world.he_jun), at=NOON)
    version = promise.agreement.versions.get()
    changes.withdraw_version(by=world.actor(world.lin_mei), at=NOON, version=version)
    assert not at_home(world, "chen_jie")
    row = queries.row_of(viewer=world.actor(world.chen_jie), at=NOON, promise=promise)
    assert str(row.clause) == WORDS["en"]  # what was said can still be read


def test_pages_from_offering_to_contradicting(world: World) -> None:
    link, head, nurse = link_of(world), world.client(world.wang_fang), world.client(world.chen_jie)
    make = f"/agreements/leader-promises/make/{link.public_id}/"
    assert make in head.get("/").content.decode()
    assert make not in nurse.get("/").content.decode()
    assert make in head.get(f"/links/{link.public_id}/").content.decode()
    assert nurse.get(make).status_code == 403
    assert WORDS["en"] in head.get(make).content.decode()
    today = datetime.now(UTC).date()
    typed = {"words_en": WORDS["en"], "rhythm": "weekly", "evidence": "By the door"}
    wrong = head.post(make, filled(head, make, **typed, due_on="2020-01-01"))
    assert (wrong.status_code, "within ten years" in wrong.content.decode()) == (422, True)
    made = head.post(make, filled(head, make, **typed, due_on=today.isoformat()))
    promise = LeaderPromise.objects.get()
    version = promise.agreement.versions.get()
    assert made.headers["Location"] == f"/agreements/versions/{version.public_id}/sign/supplier/"
    sign(world, version, world.wang_fang, Side.SUPPLIER, at=datetime.now(UTC))
    own = f"/agreements/leader-promises/{promise.public_id}/"
    assert "Not due yet" in nurse.get("/").content.decode()
    keep = f"{own}kept/"
    assert nurse.get(keep).status_code == 403
    sent = filled(head, keep, due_on=today.isoformat(), done_on="", note="It hangs <b>there</b>")
    assert head.post(keep, sent).status_code == 302
    page = nurse.get("/").content.decode()
    assert "It hangs &lt;b&gt;there&lt;/b&gt;" in page
    assert "I have seen it" in page
    done = Fulfilment.objects.get()
    assert nurse.post(f"/agreements/fulfilments/{done.public_id}/seen/").headers["Location"] == own
    assert "seen by 1" in head.get("/agreements/leader-promises/").content.decode()
    assert f"/discussions/leader_promise/{promise.public_id}" in nurse.get(own).content.decode()
    assert "1 of 1 in time" in nurse.get(own).content.decode()
    table = b"".join(head.get("/agreements/leader-promises/export.csv")).decode("utf-8-sig")
    assert WORDS["en"] in table
    program = Program(token_for(world.chen_jie, "agreements:read"))
    [row] = said(program.get("/leader-promises"))["rows"]
    assert (row["keeping"], row["signed"], row["seen"]) == ("kept", True, 1)
    assert world.client(world.tom_reed).get(own).status_code == 403


def test_what_was_entered_as_kept_by_mistake_is_taken_back_and_stays_in_the_history(world: World) -> None:
    promise = signed(world, promised(world))
    by, later = world.actor(world.wang_fang), NOON + timedelta(days=2)
    done = leaders.fulfil_promise(by=by, at=NOON, promise=promise, note="The roster of ward 4")
    leaders.see_promise(by=world.actor(world.chen_jie), at=NOON, fulfilment=done)
    for who in (world.chen_jie, world.lin_mei):
        with pytest.raises(Forbidden):
            leaders.take_back_fulfilment(by=world.actor(who), at=NOON, fulfilment=done, reason="Mine")
    leaders.take_back_fulfilment(by=by, at=NOON, fulfilment=done, reason="It was another ward's")
    [row] = at_home(world, "chen_jie", later)
    assert (row.kept.keeping, row.kept.on, row.last, row.may_see) == (Keeping.LATE, DAY, None, False)
    assert queries.days_that_wait(viewer=by, at=NOON, promise=promise) == [DAY]
    for again in (
        lambda: leaders.take_back_fulfilment(by=by, at=NOON, fulfilment=done, reason="Again"),
        lambda: leaders.see_promise(by=world.actor(world.sun_lei), at=NOON, fulfilment=done),
    ):
        with pytest.raises(Refused, match="It was taken back"):
            again()
    anew = leaders.fulfil_promise(by=by, at=later, promise=promise, note="It hangs by the door", done_on=DAY)
    assert (anew.due_on, Fulfilment.objects.count()) == (DAY, 2)
    assert at_home(world, "chen_jie", later)[0].kept.keeping is Keeping.KEPT
    assert verify().holds


def test_it_is_taken_back_on_the_page_of_the_promise(world: World) -> None:
    promise = signed(world, promised(world))
    done = leaders.fulfil_promise(by=world.actor(world.wang_fang), at=NOON, promise=promise, note="It hangs")
    head, own = world.client(world.wang_fang), f"/agreements/leader-promises/{promise.public_id}/"
    back = f"/agreements/fulfilments/{done.public_id}/take-back/"
    assert back in head.get(own).content.decode()
    assert back not in world.client(world.chen_jie).get(own).content.decode()
    assert head.post(back, filled(head, back, reason="")).status_code == 422
    assert head.post(back, filled(head, back, reason="<b>Not ours</b>")).headers["Location"] == own
    shown = world.client(world.chen_jie).get(own).content.decode()
    assert "&lt;b&gt;Not ours&lt;/b&gt;" in shown
    assert "<s>It hangs</s>" in shown


def test_the_home_page_asks_a_leader_for_his_own_promises_alone(world: World) -> None:
    link = link_of(world)
    manager = world.actor(world.lin_mei)
    assert queries.not_clauses_yet(viewer=manager, at=NOON) == [link]
    assert queries.not_clauses_yet(viewer=manager, at=NOON, own=True) == []
    assert queries.not_clauses_yet(viewer=world.actor(world.wang_fang), at=NOON, own=True) == [link]
    assert queries.not_clauses_yet(viewer=manager, at=NOON, link=world.ward_laundry.public_id) == []


def test_who_signed_for_the_leader_is_not_asked_to_sign_for_the_staff(world: World) -> None:
    promise = promised(world)
    head = world.actor(world.wang_fang)  # leads both sides
    assert [one.side for one in waiting_for(viewer=head, at=NOON)] == [Side.CUSTOMER]
    signed(world, promise)
    assert waiting_for(viewer=head, at=NOON) == []
