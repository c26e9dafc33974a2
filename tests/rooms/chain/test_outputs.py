"""Outputs, who answers for them, and what people outside need."""

from __future__ import annotations

from datetime import date

import pytest

from baton.chain import changes
from baton.chain.models import Output, OutputRevision, Responsibility
from baton.chain.rules import (
    Criticality,
    GapReply,
    OutputKind,
    PartyKind,
    Responsible,
    comes_back,
    criticality,
    criticality_score,
)
from baton.core.actors import Actor
from baton.core.errors import Forbidden, Refused, Stale
from tests.world import NOON, SYSTEM, World


@pytest.fixture
def gloves(world: World) -> Output:
    return changes.add_output(
        by=SYSTEM, at=NOON, name={"en": "Gloves", "zh-hans": "手套"}, item_code="G-17", began_on=date(2026, 1, 5)
    )


@pytest.mark.parametrize("name", ["gloves", "  GLOVES ", "ｇloves", "Glo\u200bves"])
def test_one_live_output_a_name(gloves: Output, name: str) -> None:
    with pytest.raises(Refused, match=gloves.number) as refused:
        changes.add_output(by=SYSTEM, at=NOON, name={"en": name})
    assert refused.value.field == "name"


def test_one_live_output_an_item_code(gloves: Output) -> None:
    with pytest.raises(Refused, match=gloves.number) as refused:
        changes.add_output(by=SYSTEM, at=NOON, name={"en": "Masks"}, item_code=" G-17 ")
    assert refused.value.field == "item_code"
    changes.end_output(by=SYSTEM, at=NOON, output=gloves)
    assert changes.add_output(by=SYSTEM, at=NOON, name={"en": "Gloves"}, item_code="G-17").number != gloves.number


def test_an_output_is_corrected_for_all_and_not_on_a_stale_page(gloves: Output) -> None:
    seen = gloves.changed_seq
    changed = changes.change_output(
        by=SYSTEM, at=NOON, output=gloves, name={"en": "Nitrile gloves"}, output_kind=OutputKind.SERVICE,
        expected_seq=seen,
    )  # fmt: skip
    assert (str(changed), changed.item_code) == ("Nitrile gloves", "G-17")
    assert "nitrile" in changed.search_text
    with pytest.raises(Stale):
        changes.change_output(
            by=SYSTEM, at=NOON, output=gloves, name={"en": "x"}, output_kind="service", expected_seq=seen
        )


def test_revisions_have_a_label_and_a_day_of_their_own(gloves: Output) -> None:
    changes.revise_output(by=SYSTEM, at=NOON, output=gloves, label="A", began_on=date(2026, 1, 5))
    changes.revise_output(by=SYSTEM, at=NOON, output=gloves, label="B", began_on=date(2026, 5, 1))
    for label, day in (("B", date(2026, 7, 1)), ("C", date(2026, 5, 1)), ("", date(2026, 7, 1)), ("x" * 21, None)):
        with pytest.raises(Refused):
            changes.revise_output(by=SYSTEM, at=NOON, output=gloves, label=label, began_on=day)
    assert list(OutputRevision.objects.order_by("began_on").values_list("label", flat=True)) == ["A", "B"]


def test_two_may_be_accountable_and_nobody_twice(world: World, gloves: Output) -> None:
    for party in (world.stores, world.laundry):
        changes.give_responsibility(
            by=SYSTEM, at=NOON, output=gloves, party=party, responsible=Responsible.ACCOUNTABLE
        )  # fmt: skip
    with pytest.raises(Refused, match=world.stores.number):
        changes.give_responsibility(
            by=SYSTEM, at=NOON, output=gloves, party=world.stores, responsible=Responsible.ACCOUNTABLE
        )
    assert Responsibility.objects.filter(output=gloves, ended_on__isnull=True).count() == 2


def test_responsibilities_end_with_the_output(world: World, gloves: Output) -> None:
    held = changes.give_responsibility(
        by=SYSTEM, at=NOON, output=gloves, party=world.stores, responsible=Responsible.RESPONSIBLE,
        began_on=date(2026, 2, 1),
    )  # fmt: skip
    changes.end_output(by=SYSTEM, at=NOON, output=gloves, ended_on=date(2026, 6, 1))
    held.refresh_from_db()
    assert held.ended_on == date(2026, 6, 1)
    with pytest.raises(Refused, match="not taken up again"):
        changes.give_responsibility(by=SYSTEM, at=NOON, output=gloves, party=world.ward, responsible="informed")


def test_who_may_enter_links_enters_outputs_and_only_who_leads_those_concerned_changes_them(world: World) -> None:
    head = world.actor(world.zhao_lei)
    made = changes.add_output(by=head, at=NOON, name={"en": "Aprons"})
    changes.give_responsibility(by=head, at=NOON, output=made, party=world.laundry, responsible="accountable")
    changes.change_output(by=head, at=NOON, output=made, name={"en": "Clean aprons"}, output_kind="service")
    with pytest.raises(Forbidden):
        changes.change_output(
            by=world.actor(world.xu_jing), at=NOON, output=made, name={"en": "x"}, output_kind="service"
        )
    for person in (world.chen_jie, world.tom_reed, world.ivy_stone, world.he_jun, world.sun_yan):
        with pytest.raises(Forbidden):
            changes.add_output(by=world.actor(person), at=NOON, name={"en": f"of {person.sign_in_name}"})
    with pytest.raises(Forbidden):
        changes.add_output(by=Actor(None), at=NOON, name={"en": "x"})


def test_a_need_is_one_of_somebody_outside_who_receives(world: World) -> None:
    need = changes.add_need(
        by=world.actor(world.lin_mei), at=NOON, holder=world.patient, words={"en": "I want a clean bed tonight"}
    )
    assert need.number.startswith("N-")
    group = changes.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.CONSUMERS, name={"en": "Outpatients"})
    changes.change_need(by=SYSTEM, at=NOON, need=need, holder=group, words={"en": "I want to know when"})
    for holder in (world.ward, world.linenco):
        with pytest.raises(Refused, match=holder.number) as refused:
            changes.add_need(by=SYSTEM, at=NOON, holder=holder, words={"en": "x"})
        assert refused.value.field == "holder"
    with pytest.raises(Forbidden):
        changes.end_need(by=world.actor(world.chen_jie), at=NOON, need=need)
    changes.end_need(by=SYSTEM, at=NOON, need=need)
    with pytest.raises(Refused, match="not taken up again"):
        changes.change_need(by=SYSTEM, at=NOON, need=need, holder=group, words={"en": "x"})


def test_a_project_belongs_to_who_leads_it(world: World) -> None:
    head = world.actor(world.zhao_lei)
    project = changes.add_project(
        by=head, at=NOON, name={"en": "New dryers"}, owner=world.laundry, ends_on=date(2026, 12, 1)
    )
    changes.change_project(by=head, at=NOON, project=project, name={"en": "New tumblers"}, owner=world.laundry)
    with pytest.raises(Forbidden):  # he would give it away to somebody else's department
        changes.change_project(by=head, at=NOON, project=project, name={"en": "x"}, owner=world.pharmacy)
    with pytest.raises(Forbidden):
        changes.add_project(by=head, at=NOON, name={"en": "x"})
    with pytest.raises(Refused, match="first day"):
        changes.add_project(by=SYSTEM, at=NOON, name={"en": "x"}, ends_on=date(2026, 5, 1))
    ended = changes.end_project(by=head, at=NOON, project=project)
    assert ended.ended_on == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ((1, 1, 1), Criticality.LOW),
        ((2, 2, 3), Criticality.LOW),
        ((2, 3, 3), Criticality.MEDIUM),
        ((3, 4, 4), Criticality.MEDIUM),
        ((4, 4, 4), Criticality.HIGH),
        ((5, 5, None), None),
    ],
)
def test_criticality_is_the_mean_of_three_grades(grades: tuple[int, int, int | None], expected: object) -> None:
    spend, irreplaceability, impact = grades
    assert criticality(criticality_score(spend=spend, irreplaceability=irreplaceability, impact=impact)) is expected


@pytest.mark.parametrize(
    ("reply", "then", "now", "back"),
    [
        (GapReply.NO_DEALINGS, 0, 4, False),
        (GapReply.NO_DEALINGS, 0, 5, True),
        (GapReply.NO_DEALINGS, 100, 120, False),
        (GapReply.ACCEPTED, 100, 151, True),
        (GapReply.ASSIGNED, 0, 1000, False),
    ],
)
def test_an_answer_holds_until_the_data_say_much_more(reply: GapReply, then: int, now: int, back: bool) -> None:
    assert comes_back(reply, weight_then=then, weight_now=now) is back
