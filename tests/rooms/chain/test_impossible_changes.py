"""What cannot be: a circle in the tree, a party that ends while links live, a head from outside, a merge that nobody
can carry out. Pages and API say what is wrong; nothing is half saved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from baton.chain import changes
from baton.chain.models import Link, Membership, Party, PartySuccession
from baton.chain.rules import Capacity
from baton.core.audit.trail import head
from baton.core.models import Person
from tests.api import Program, said, token_for
from tests.world import NOON, SYSTEM, World


class Doors:
    """The same change sent by form and by API; both are refused with the same words."""

    def __init__(self, world: World, person: Person) -> None:
        self.client, self.program = world.client(person), Program(token_for(person))
        self.before = head()

    def refused(self, *, form: str, typed: dict[str, Any], call: str, body: dict[str, Any], words: str) -> None:
        page = self.client.post(form, typed)
        assert page.status_code == 422, page.status_code
        assert words in page.content.decode().replace("&#x27;", "'")
        answer = self.program.post(call, body)
        assert answer.status_code == 422, answer.content
        assert words in said(answer)["detail"] + said(answer)["errors"][0]["found"]
        assert head() == self.before, "the trail has no new entry: nothing was saved"


@pytest.fixture
def doors(world: World) -> Doors:
    manager = world.lin_mei
    return Doors(world, manager)


def test_a_circle_in_the_tree(world: World, doors: Doors) -> None:
    """The form does not offer what stands under the party; who sends it all the same is refused."""
    nursing = world.nursing
    form = f"/parties/{nursing.public_id}/move/"
    offered = doors.client.get(form).content.decode()
    assert world.laundry.public_id in offered
    assert world.ward.public_id not in offered
    page = doors.client.post(form, {"parent": world.ward.public_id, "version": nursing.changed_seq})
    assert page.status_code == 422
    answer = doors.program.post(
        f"/parties/{nursing.public_id}/move", {"parent": world.night_shift.public_id, "version": nursing.changed_seq}
    )
    assert answer.status_code == 422
    assert f"{world.night_shift.number} stands under it." in said(answer)["detail"]
    assert head() == doors.before
    assert not Party.objects.filter(path__contains=f"{nursing.public_id}/{world.ward.public_id}/{nursing.public_id}")


def test_a_party_that_ends_while_links_live(world: World, doors: Doors) -> None:
    laundry = world.laundry
    numbers = sorted((world.laundry_ward.number, world.ward_laundry.number, world.linenco_laundry.number))
    doors.refused(
        form=f"/parties/{laundry.public_id}/end/", typed={"version": laundry.changed_seq},
        call=f"/parties/{laundry.public_id}/end", body={"version": laundry.changed_seq},
        words=f"{laundry.number} still has links: {', '.join(numbers)}; members: 2; parties under it: 0.",
    )  # fmt: skip
    laundry.refresh_from_db()
    assert laundry.ended_on is None


def test_a_head_from_outside(world: World, doors: Doors) -> None:
    """Tom Reed is the patient's guest."""
    sent = {"person": world.tom_reed.public_id, "capacity": "head"}
    doors.refused(
        form=f"/parties/{world.infection_control.public_id}/appoint/", typed={**sent, "scope": "all"},
        call="/memberships", body={**sent, "party": world.infection_control.public_id},
        words="This person is a guest from outside.",
    )  # fmt: skip
    assert not Membership.objects.filter(party=world.infection_control)


def test_a_merge_of_parties_with_open_links_that_nobody_decided(world: World, doors: Doors) -> None:
    """Both have a head: who is to head what comes of them has to be said. Then all open links go on, or end."""
    pharmacy, laboratory = world.pharmacy, world.laboratory
    version = {"version": pharmacy.changed_seq}
    body = {"others": [laboratory.public_id], "name": {"en": "Diagnostics"}, **version}
    refused = doors.program.post(f"/parties/{pharmacy.public_id}/merge", body)
    assert refused.status_code == 422
    assert "They have several:" in said(refused)["detail"]
    for wrong, words in (
        ({**body, "others": [world.linenco.public_id]}, "is outside"),
        ({**body, "others": [pharmacy.public_id]}, "Expected at least two parties."),
        ({**body, "on": "2999-01-01"}, "Expected a day up to today"),
    ):
        answer = doors.program.post(f"/parties/{pharmacy.public_id}/merge", wrong)
        assert answer.status_code == 422, answer.content
        assert words in said(answer)["detail"]
    assert head() == doors.before
    assert not PartySuccession.objects.exists()
    stale = doors.program.post(f"/parties/{pharmacy.public_id}/merge", {**body, "version": 1})
    assert stale.status_code == 409
    merged = doors.program.post(
        f"/parties/{pharmacy.public_id}/merge", {**body, "head": world.ma_chao.public_id}
    )  # fmt: skip
    assert merged.status_code == 200, merged.content
    made = said(merged)
    going_on = Link.objects.filter(ended_on__isnull=True)
    assert {link.customer.public_id for link in going_on.filter(supplier__public_id=made["id"])} == {
        world.ward.public_id
    }  # fmt: skip
    assert not going_on.filter(supplier__in=[pharmacy, laboratory]) | going_on.filter(customer__in=[laboratory])
    rows = said(doors.program.get(f"/successions?party={made['id']}"))["rows"]
    assert {(row["before"]["id"], row["how"]) for row in rows} == {
        (pharmacy.public_id, "merge"), (laboratory.public_id, "merge"),
    }  # fmt: skip


def test_a_split_that_leaves_something_over(world: World, doors: Doors) -> None:
    laundry, address = world.laundry, f"/parties/{world.laundry.public_id}"
    held = said(doors.program.get(f"{address}/holdings"))["rows"]
    assert {row["id"] for row in held} >= {
        world.laundry_ward.public_id, world.ward_laundry.public_id, world.linenco_laundry.public_id,
    }  # fmt: skip
    given = {row["id"]: n % 2 for n, row in enumerate(held)}
    body = {"names": [{"en": "Washing"}, {"en": "Mending"}], "version": laundry.changed_seq}
    left = doors.program.post(f"{address}/split", {**body, "assigned": dict(list(given.items())[1:])})
    assert left.status_code == 422
    assert "Left over: 1" in said(left)["detail"]
    assert head() == doors.before
    done = doors.program.post(f"{address}/split", {**body, "assigned": given}, key="the-same-split")
    assert done.status_code == 200, done.content
    shown = said(done)
    assert shown["before"]["state"] == "ended"
    assert [one["name"] for one in shown["afterwards"]] == [{"en": "Washing"}, {"en": "Mending"}]
    again = doors.program.post(f"{address}/split", {**body, "assigned": given}, key="the-same-split")
    assert [one["id"] for one in said(again)["afterwards"]] == [one["id"] for one in shown["afterwards"]]


def test_who_stands_outside_is_accountable_for_nothing(world: World, doors: Doors) -> None:
    output = world.linenco_laundry.output
    form = f"/outputs/{output.public_id}/give/"
    offered = doors.client.get(form).context["form"].fields["party"].choices
    groups = {str(key): dict(label) for key, label in offered if isinstance(label, list)}
    assert set(groups) == {"Outside: not accountable"}
    assert groups["Outside: not accountable"].keys() == {world.linenco.public_id, world.patient.public_id}
    sent = {"party": world.linenco.public_id, "responsible": "accountable"}
    doors.refused(
        form=form, typed=sent, call=f"/outputs/{output.public_id}/responsibilities", body=sent,
        words=f"{world.linenco.number} stands outside.",
    )  # fmt: skip
    assert doors.client.post(form, {**sent, "responsible": "responsible"}).status_code == 302


def test_a_stale_edit_says_what_the_other_one_chose_in_words(world: World, doors: Doors) -> None:
    need = changes.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "A dry bed"})
    link, form = world.laundry_ward, f"/links/{world.laundry_ward.public_id}/change/"
    typed = {"output_en": "Clean linen", "output_kind": "service", "version": link.changed_seq}
    assert doors.client.post(form, {**typed, "need": need.public_id}).status_code == 302
    stale = doors.client.post(form, {**typed, "output_en": "Fresh linen", "need": ""})
    assert stale.status_code == 409
    shown = stale.content.decode()
    assert "Now stands: " in shown
    assert "A dry bed" in "".join(stale.context["form"].errors["need"])
    assert need.public_id not in "".join(stale.context["form"].errors["need"])


def test_a_gap_through_the_api_from_assigning_to_taking_back(world: World) -> None:
    program = Program(token_for(world.zhao_lei))
    listed = said(program.get("/gaps?detector=accidental_single_source"))["rows"]
    assert [row["key"] for row in listed] == [world.linenco_laundry.public_id]
    path = f"/gaps/accidental_single_source/{world.linenco_laundry.public_id}"
    assert [one["kind"] for one in said(program.get(path))["about"]] == ["link", "party", "party"]
    sent = {"person": world.gao_ming.public_id, "due_on": "2999-12-31"}
    assigned = program.post(f"{path}/assign", sent)
    assert assigned.status_code == 200, assigned.content
    assert said(assigned)["assignee"]["id"] == world.gao_ming.public_id
    assert program.post(f"{path}/assign", sent).status_code == 428, "an answer stands, and its version was not said"
    assert (
        program.post(f"{path}/answer", {"reply": "accepted", "version": said(assigned)["version"]}).status_code == 422
    )
    accepted = program.post(
        f"{path}/answer", {"reply": "accepted", "reason": "For a year", "version": said(assigned)["version"]}
    )
    assert said(program.get(path))["state"] == "answered"
    assert said(program.get("/gaps?detector=accidental_single_source"))["rows"] == []
    back = program.post(f"{path}/withdraw", {"version": said(accepted)["version"]})
    assert said(back)["withdrawn"] is True
    assert said(program.get(path))["answer"] is None
    assert program.get("/gaps/cycle/nothing").status_code == 404
    other = Program(token_for(world.chen_jie))
    assert other.get(path).status_code == 404
    whole = said(Program(token_for(world.lin_mei)).get("/gaps?limit=200&show=all"))["rows"]
    assert len(whole) > 5
    first = said(Program(token_for(world.lin_mei)).get("/gaps?limit=3&show=all"))
    assert [row["key"] for row in first["rows"]] == [row["key"] for row in whole[:3]]
    rest = said(Program(token_for(world.lin_mei)).get(f"/gaps?limit=200&show=all&cursor={first['next']}"))["rows"]
    assert [row["key"] for row in rest] == [row["key"] for row in whole[3:]]


def test_who_a_partner_is_through_the_api(world: World) -> None:
    manager, path = Program(token_for(world.lin_mei)), f"/parties/{world.linenco.public_id}/partner"
    world.linenco.refresh_from_db()
    sent = {"partner": "former_competitor", "confidentiality": "confidential", "version": world.linenco.changed_seq}
    described = said(manager.post(path, sent))
    assert described["confidentiality"] == "confidential"
    assert manager.post(path, sent).status_code == 409
    again = {**sent, "version": described["version"]}
    assert Program(token_for(world.zhao_lei)).post(path, again).status_code == 403
    inside = manager.post(f"/parties/{world.ward.public_id}/partner", {**sent, "version": world.ward.changed_seq})
    assert inside.status_code == 403


def test_a_deputy_ends_on_his_day(world: World) -> None:
    """The days of a deputy count where his rights are looked up, not where he was entered."""
    changes.appoint(
        by=SYSTEM, at=NOON, party=world.laundry, person=world.gao_ming, capacity=Capacity.DEPUTY,
        began_on=date(2099, 1, 1), ended_on=date(2099, 2, 1),
    )  # fmt: skip
    assert world.client(world.gao_ming).get(f"/parties/{world.laundry.public_id}/rename/").status_code == 403


def test_a_proposed_link_through_the_api_from_proposing_to_accepting(world: World) -> None:
    member, leader = Program(token_for(world.chen_jie)), Program(token_for(world.wang_fang))
    sent = {"party": world.ward.public_id, "side": "supplier", "other": "Pharmacy", "output": "Ready trays"}
    proposed = said(member.post("/proposals", sent))
    assert (proposed["state"], proposed["other"]["id"]) == ("open", world.pharmacy.public_id)
    assert [one["id"] for one in said(member.get("/proposals?show=own"))["rows"]] == [proposed["id"]]
    assert [one["id"] for one in said(leader.get("/proposals"))["rows"]] == [proposed["id"]]
    path = f"/proposals/{proposed['id']}"
    mine = {"other": world.pharmacy.public_id, "version": proposed["version"]}
    assert member.post(f"{path}/accept", mine).status_code == 403
    assert leader.post(f"{path}/decline", {"version": proposed["version"]}).status_code == 422
    accepted = leader.post(f"{path}/accept", mine)
    assert said(accepted)["state"] == "accepted"
    link = Link.objects.get(public_id=said(accepted)["link"])
    assert (link.supplier, link.customer, str(link.output)) == (world.pharmacy, world.ward, "Ready trays")
    assert member.post(f"{path}/withdraw", {"version": said(accepted)["version"]}).status_code == 422
    ways = said(leader.get(f"/paths?start={world.pharmacy.public_id}&end={world.patient.public_id}"))["ways"]
    assert [[step["supplier"]["id"] for step in way] for way in ways] == [
        [world.pharmacy.public_id, world.ward.public_id]
    ]  # fmt: skip
    assert link.public_id in ways[0][0]["links"]
