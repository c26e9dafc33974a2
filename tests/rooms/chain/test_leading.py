"""Managers are suppliers of their staff: what they promise becomes links that everybody in their party reads."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from baton.chain import changes, queries
from baton.chain.models import Link, Membership, Party, Responsibility
from baton.chain.rules import Capacity, PartyKind, Reach, Responsible, serves_its_staff
from baton.core.errors import Forbidden, Refused
from tests.world import NOON, SYSTEM, World

SENT = {"post": "Head of the Laundry", "training": "Two paid days of training a year", "support": "An answer in a day"}


def promised(world: World, name: str, at: datetime = NOON) -> set[str]:
    rows = queries.home(viewer=world.actor(getattr(world, name)), at=at).promised
    return {str(row.link.output) for row in rows}


def test_a_head_promises_and_his_staff_reads_it(world: World) -> None:
    page = f"/parties/{world.laundry.public_id}/"
    head = world.client(world.zhao_lei)
    assert f"{page}promises/" in head.get(page).content.decode()
    assert head.get(f"{page}promises/").context["form"]["post"].value() == "Head of Laundry"
    assert head.post(f"{page}promises/", {"post": "Head of the Laundry"}).status_code == 422
    assert head.post(f"{page}promises/", SENT).status_code == 302
    post = Party.objects.get(name__en="Head of the Laundry")
    assert (post.party_kind, post.parent) == (PartyKind.ROLE, world.laundry)
    assert Membership.objects.get(party=post).person == world.zhao_lei
    links = Link.objects.filter(supplier=post, customer=world.laundry)
    assert {str(link.output) for link in links} == {SENT["training"], SENT["support"]}
    owners = Responsibility.objects.filter(output__links__in=links, responsible=Responsible.ACCOUNTABLE)
    assert {held.party for held in owners} == {post}
    home = world.client(world.gao_ming).get("/").content.decode()
    assert "Promised by those who lead" in home
    assert SENT["training"] in home
    today = datetime.now(UTC)
    assert promised(world, "gao_ming", today) == {SENT["training"], SENT["support"]}
    assert promised(world, "chen_jie", today) == set()
    assert "Promised by those who lead" not in world.client(world.chen_jie).get("/").content.decode()


def test_who_promised_before_promises_more(world: World) -> None:
    by = world.actor(world.zhao_lei)
    first = changes.promise_to_staff(by=by, at=NOON, party=world.laundry, post={"en": "Head"}, promises=[{"en": "A"}])
    again = changes.promise_to_staff(by=by, at=NOON, party=world.laundry, post={"en": ""}, promises=[{"en": "B"}])
    assert first == again
    form = world.client(world.zhao_lei).get(f"/parties/{world.laundry.public_id}/promises/").context["form"]
    assert "post" not in form.fields


@pytest.mark.parametrize("reach", list(Reach))
def test_promises_to_a_whole_are_read_by_all_in_it(world: World, reach: Reach) -> None:
    changes.say_how_far_members_read(by=world.actor(world.lin_mei), at=NOON, reach=reach)
    post = changes.promise_to_staff(
        by=world.actor(world.liu_yang), at=NOON, party=world.nursing, post={"en": "Head of nursing"},
        promises=[{"en": "Nobody works two nights in a row"}],
    )  # fmt: skip
    link = Link.objects.get(supplier=post)
    assert promised(world, "chen_jie") == {"Nobody works two nights in a row"}
    for name, status in {"chen_jie": 200, "wang_fang": 200, "gao_ming": 200 if reach is Reach.ALL else 404}.items():
        assert world.client(getattr(world, name)).get(f"/links/{link.public_id}/").status_code == status, name


def test_not_everybody_promises_for_others(world: World) -> None:
    for name in ("chen_jie", "he_jun", "wang_fang", "zhou_min"):
        with pytest.raises(Forbidden):
            changes.promise_to_staff(
                by=world.actor(getattr(world, name)), at=NOON, party=world.laundry, post={"en": "X"},
                promises=[{"en": "Y"}],
            )  # fmt: skip
    with pytest.raises(Forbidden):
        changes.promise_to_staff(
            by=world.actor(world.lin_mei), at=NOON, party=world.patient, post={"en": "X"}, promises=[{"en": "Y"}]
        )
    with pytest.raises(Refused):
        changes.promise_to_staff(
            by=world.actor(world.lin_mei), at=NOON, party=world.ward, post={"en": "X"}, promises=[]
        )


def test_a_post_that_serves_others_serves_no_staff(world: World) -> None:
    assert serves_its_staff(kind=PartyKind.ROLE, path="/a/b/", customer_path="/a/")
    assert not serves_its_staff(kind=PartyKind.DEPARTMENT, path="/a/b/", customer_path="/a/")
    assert not serves_its_staff(kind=PartyKind.ROLE, path="/a/", customer_path="/a/")
    assert not serves_its_staff(kind=PartyKind.ROLE, path="/c/b/", customer_path="/a/")
    duty = changes.add_party(by=SYSTEM, at=NOON, party_kind=PartyKind.ROLE, name={"en": "Duty"}, parent=world.pharmacy)
    changes.appoint(by=SYSTEM, at=NOON, party=duty, person=world.xu_jing, capacity=Capacity.MEMBER)
    changes.add_link(by=SYSTEM, at=NOON, supplier=duty, customer=world.ward, output={"en": "Urgent doses"})
    assert promised(world, "chen_jie") == set()
