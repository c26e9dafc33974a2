"""Joint quality plans: written by both sides, versioned item by item, issued in editions that both sides sign."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from baton.agreements.changes import agenda, confirming, plans
from baton.agreements.changes.plans import Described
from baton.agreements.models import PlanEdition, PlanItem, QualityPlan
from baton.agreements.queries import plans as queries
from baton.agreements.rules import Side
from baton.agreements.rules.plans import MOST_GOALS, ItemState
from baton.agreements.rules.reviews import Keeping, Topic
from baton.core.audit.verify import verify
from baton.core.changes import disable_person
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import Person
from baton.core.queries import signatures_of
from baton.core.signatures import Proof, digest_now
from tests.api import Program, token_for
from tests.rooms.agreements.made import drafted, first_clause
from tests.rooms.agreements.meetings import planned
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, SYSTEM, World

DAY = NOON.date()


def begun(world: World) -> QualityPlan:
    return plans.begin_plan(by=world.actor(world.wang_fang), at=NOON, link=world.laundry_ward)


def said(**more: Any) -> Described:
    return Described(**{"what": {"en": "Count sheets before they leave"}, "side": Side.SUPPLIER, **more})


def added(world: World, plan: QualityPlan, **more: Any) -> PlanItem:
    return plans.add_plan_item(by=world.actor(world.wang_fang), at=NOON, plan=plan, said=said(**more))


def signed(world: World, edition: PlanEdition, person: Person, side: Side) -> None:
    confirming.confirm(
        by=world.actor(person), at=NOON, record=edition, side=side,
        expected_digest=digest_now(edition.kind, edition.public_id), proof=Proof(person.public_id, ("password",), NOON),
    )  # fmt: skip


def test_both_sides_write_one_plan(world: World) -> None:
    supplier, customer = world.client(world.zhao_lei), world.client(world.wang_fang)
    link = f"/links/{world.laundry_ward.public_id}/"
    assert "Begin a joint quality plan" in customer.get(link).content.decode()
    assert customer.post(f"/agreements/plans/begin/{world.laundry_ward.public_id}/").status_code == 302
    plan = QualityPlan.objects.get()
    own = f"/agreements/plans/{plan.public_id}/"
    assert "The plan is empty" in supplier.get(own).content.decode()
    goal = f"{own}goals/add/"
    assert supplier.post(goal, filled(supplier, goal, words_en="Patients sleep in clean beds")).status_code == 302
    add = f"{own}items/add/"
    bad = filled(
        customer,
        add,
        what_en="Sort <b>used</b> linen",
        side="customer",
        state="planned",
        due_on="2000-01-01",
        person="Zhao Lei",
    )
    answer = customer.post(add, bad)
    assert (answer.status_code, "the side that sees to it" in answer.content.decode()) == (422, True)
    good = filled(customer, add, what_en="Sort <b>used</b> linen", side="customer", state="doing", person="Chen Jie")
    assert customer.post(add, good).status_code == 302
    item = PlanItem.objects.get()
    assert (item.changed_by, item.changed_for, item.person) == (world.wang_fang, "customer", world.chen_jie)
    shown = supplier.get(own).content.decode()
    for words in ("Patients sleep in clean beds", "Sort &lt;b&gt;used&lt;/b&gt; linen", "Chen Jie", "(Ward 3)"):
        assert words in shown, words
    # two change it at once: the second sees both texts and keeps his
    change = f"/agreements/plan-items/{item.public_id}/change/"
    first = filled(supplier, change, what_en="Sort used linen twice", side="customer", state="doing")
    second = filled(customer, change, what_en="Sort used linen by colour", side="customer", state="doing")
    assert supplier.post(change, first).status_code == 302
    stale = customer.post(change, second)
    assert stale.status_code == 409
    assert "Sort used linen by colour" in stale.content.decode()
    assert "Sort used linen twice" in stale.content.decode()
    item.refresh_from_db()
    assert (item.changed_by, item.changed_for) == (world.zhao_lei, "supplier")
    table = supplier.get(f"{own}export/").getvalue().decode()  # type: ignore[attr-defined]
    assert "Sort used linen twice" in table
    assert "Sort used linen twice" in supplier.get(link).content.decode()
    assert verify().holds


def test_both_sides_sign_an_edition_and_a_later_change_waits_for_the_next(world: World) -> None:
    plan = begun(world)
    by = world.actor(world.wang_fang)
    with pytest.raises(Refused, match="at least one item"):
        plans.issue_plan(by=by, at=NOON, plan=plan)
    item = added(world, plan)
    edition = plans.issue_plan(by=by, at=NOON, plan=plan, note="The first")
    with pytest.raises(Refused, match="changed since its last edition"):
        plans.issue_plan(by=by, at=NOON, plan=plan)
    signed(world, edition, world.wang_fang, Side.CUSTOMER)
    with pytest.raises(Refused, match="signs a version once"):
        signed(world, edition, world.zhou_min, Side.CUSTOMER)
    for person in (world.wang_fang, world.gao_ming, world.he_jun):
        with pytest.raises(Forbidden):
            signed(world, edition, person, Side.SUPPLIER)
    signed(world, edition, world.zhao_lei, Side.SUPPLIER)
    plans.report_plan_item(by=world.actor(world.zhao_lei), at=NOON, item=item, state=ItemState.DOING)
    page = queries.plan_page(viewer=by, at=NOON, public_id=plan.public_id)
    assert page.changed
    # what was signed still is what was signed
    under = signatures_of(viewer=by, kind=edition.kind, public_id=edition.public_id)
    assert [one.holds for one in under] == [True, True]
    second = plans.issue_plan(by=by, at=NOON, plan=plan)
    assert second.edition == 2
    shown = world.client(world.gao_ming).get(f"/agreements/plan-editions/{edition.public_id}/").content.decode()
    assert "Count sheets before they leave" in shown
    assert "Wang Fang" in shown


def test_items_by_clause_person_and_day(world: World) -> None:
    plan, by = begun(world), world.actor(world.zhao_lei)
    clause = first_clause(drafted(world))
    item = added(world, plan, line=clause.line, person=world.gao_ming, due_on=DAY)
    assert item.keeping_on(DAY + timedelta(days=1)) is Keeping.LATE
    wrong = [
        ({"line": "nonsense"}, "line"), ({"person": world.wang_fang}, "person"), ({"what": {}}, "what"),
        ({"due_on": DAY - timedelta(days=1)}, "due_on"), ({"measure": "x" * 201}, "measure"),
        ({"note": "x" * 501}, "note"),
    ]  # fmt: skip
    for given, field in wrong:
        with pytest.raises(Refused) as refused:
            added(world, plan, **given)
        assert refused.value.field == field
    # late items are talked over at the next review
    late = NOON + timedelta(days=3)
    meeting = planned(world, starts_at=late, ends_at=late + timedelta(hours=1))
    agenda.renew_agenda(by=world.actor(world.wang_fang), at=late, meeting=meeting)
    assert meeting.items.filter(topic=Topic.PLAN_ITEM, about=item.public_id).exists()
    # whoever sees to it says how far it has come, and reads it on his first page
    assert "Count sheets before they leave" in world.client(world.gao_ming).get("/").content.decode()
    report = f"/agreements/plan-items/{item.public_id}/report/"
    assert report in world.client(world.gao_ming).get(f"/agreements/plans/{plan.public_id}/").content.decode()
    done = plans.report_plan_item(by=world.actor(world.gao_ming), at=late, item=item, state=ItemState.DONE)
    assert done.keeping_on(late.date()) is Keeping.KEPT_LATE
    with pytest.raises(Forbidden):
        plans.change_plan_item(by=world.actor(world.gao_ming), at=late, item=done, said=said())
    with pytest.raises(Refused) as refused:
        plans.report_plan_item(by=by, at=late, item=done, state=ItemState.DROPPED)
    assert refused.value.field == "note"
    with pytest.raises(Stale):
        plans.change_plan_item(by=by, at=late, item=done, said=said(), expected_seq=item.changed_seq)


def test_goals_are_few_and_taken_out_and_up(world: World) -> None:
    plan, by = begun(world), world.actor(world.zhao_lei)
    goals = [plans.add_goal(by=by, at=NOON, plan=plan, words={"en": f"Goal {n}"}) for n in range(MOST_GOALS)]
    with pytest.raises(Refused, match="at most 20"):
        plans.add_goal(by=by, at=NOON, plan=plan, words={"en": "One more"})
    plans.set_goal_aside(by=by, at=NOON, goal=goals[0], dropped=True)
    page = queries.plan_page(viewer=by, at=NOON, public_id=plan.public_id)
    assert [str(one) for one in page.dropped] == ["Goal 0"]
    with pytest.raises(Refused, match="is the plan of this link"):
        begun(world)


def test_who_sees_and_writes_a_plan(world: World) -> None:
    plan = begun(world)
    for person in (world.ma_chao, world.ivy_stone, world.tom_reed, world.sun_yan):
        with pytest.raises(NotFound):
            queries.plan(viewer=world.actor(person), at=NOON, public_id=plan.public_id)
    for person in (world.gao_ming, world.chen_jie, world.he_jun):
        assert queries.plan(viewer=world.actor(person), at=NOON, public_id=plan.public_id) == plan
        with pytest.raises(Forbidden):
            plans.add_plan_item(by=world.actor(person), at=NOON, plan=plan, said=said())


def test_a_program_writes_in_a_plan(world: World) -> None:
    plan = begun(world)
    program = Program(token_for(world.zhao_lei))
    far = {"what": {"en": "Count sheets"}, "side": "supplier", "due_on": "2999-01-01"}
    items = f"/quality-plans/{plan.public_id}/items"
    assert program.call("POST", items, far).status_code == 422  # beyond three years
    made = program.call("POST", items, {"what": {"en": "Count sheets"}, "side": "supplier"})
    assert made.status_code == 201
    twice = {"version": 1, "what": {"en": "Twice"}, "side": "supplier"}
    assert program.call("PATCH", f"/plan-items/{made.json()['id']}", twice).status_code == 409
    read = program.call("GET", f"/quality-plans/{plan.public_id}").json()
    assert [one["what"]["en"] for one in read["items"]] == ["Count sheets"]


def test_a_program_sets_goals_and_issues_the_plan(world: World) -> None:
    program = Program(token_for(world.zhao_lei))
    plan = program.post("/quality-plans", {"link": world.laundry_ward.public_id}).json()
    own = f"/quality-plans/{plan['id']}"
    assert program.post(f"{own}/editions", {}).status_code == 422  # it is empty
    goal = program.post(f"{own}/goals", {"words": {"en": "Clean beds"}}).json()
    asked = {"what": {"en": "Count sheets"}, "side": "supplier", "goal": goal["id"]}
    item = program.post(f"{own}/items", {**asked, "person": world.gao_ming.public_id}).json()
    assert item["person"]["id"] == world.gao_ming.public_id
    edition = program.post(f"{own}/editions", {"note": "The first"}).json()
    assert (edition["edition"], edition["signed"]) == (1, [])
    reported = program.post(f"/plan-items/{item['id']}/report", {"state": "dropped", "version": item["version"]})
    assert reported.json()["errors"][0]["field"] == "note"
    aside = program.post(f"/plan-goals/{goal['id']}/set-aside", {"dropped": True, "version": goal["version"]}).json()
    read = program.get(own).json()
    assert ([one["id"] for one in read["dropped_goals"]], read["goals"], read["changed"]) == ([aside["id"]], [], True)
    assert program.get(f"/plan-editions/{edition['id']}").json()["content"]["goals"][0]["words"] == {"en": "Clean beds"}


def test_an_item_is_taken_out_with_a_reason_only_and_up_again_while_there_is_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, by = begun(world), world.actor(world.zhao_lei)
    item = added(world, plan)
    for write in (
        lambda: plans.change_plan_item(by=by, at=NOON, item=item, said=said(state=ItemState.DROPPED)),
        lambda: added(world, plan, state=ItemState.DROPPED),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert refused.value.field == "state"
    plans.report_plan_item(by=by, at=NOON, item=item, state=ItemState.DROPPED, note="Nobody counts")
    added(world, plan)
    monkeypatch.setattr(plans, "MOST_ITEMS", 1)
    for again in (
        lambda: plans.report_plan_item(by=by, at=NOON, item=item, state=ItemState.DOING),
        lambda: plans.change_plan_item(by=by, at=NOON, item=item, said=said()),
    ):
        with pytest.raises(Refused, match="at most 1"):
            again()


def test_an_item_that_changes_sides_asks_for_somebody_of_the_other_side(world: World) -> None:
    plan, by = begun(world), world.actor(world.zhao_lei)
    item = added(world, plan, person=world.gao_ming)
    with pytest.raises(Refused) as refused:
        plans.change_plan_item(by=by, at=NOON, item=item, said=said(side=Side.CUSTOMER, person=world.gao_ming))
    assert refused.value.field == "person"
    disable_person(by=SYSTEM, at=NOON, person=world.gao_ming)
    # who has left stays until somebody takes over
    kept = plans.change_plan_item(by=by, at=NOON, item=item, said=said(person=world.gao_ming, note="Twice"))
    assert (kept.person, kept.note) == (world.gao_ming, "Twice")
