"""Parties are merged and split: what hangs on them goes on, and everybody can read how it came about."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from baton.chain import changes, queries
from baton.chain.models import Link, Membership, Party, PartySuccession, Responsibility
from baton.chain.rules import Capacity, PartyKind, Responsible, Scope, Succession
from baton.core.changes import give_external_key
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.models import ExternalKey
from baton.core.queries import external_keys
from tests.world import BEGAN, NOON, SYSTEM, World

TODAY = NOON.date()


def merged(world: World, *parties: Party, **given: object) -> Party:
    return changes.merge_parties(
        by=given.pop("by", world.actor(world.lin_mei)), at=NOON, parties=parties, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def new_department(world: World, name: str, **given: object) -> Party:
    return changes.add_party(
        by=SYSTEM, at=BEGAN, party_kind=PartyKind.DEPARTMENT, name={"en": name}, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def live(world: World, party: Party) -> dict[str, str]:
    """Live links of the party: output -> the other side."""
    found = queries.party_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=party.public_id)
    rows = [(row.link, row.link.supplier) for row in found.from_suppliers]
    rows += [(row.link, row.link.customer) for row in found.to_customers]
    return {str(link.output): str(other) for link, other in rows if link.ended_on is None}


def test_a_new_party_takes_over_all_that_hung_on_the_old_ones(world: World) -> None:
    give_external_key(
        by=SYSTEM, at=BEGAN, kind="party", object_id=world.pharmacy.public_id, system="HIS", key="PH-1"
    )  # fmt: skip
    night = changes.add_party(
        by=SYSTEM, at=BEGAN, party_kind=PartyKind.TEAM, name={"en": "Night pharmacy"}, parent=world.pharmacy
    )
    output = world.pharmacy_ward.output
    changes.give_responsibility(
        by=SYSTEM, at=BEGAN, output=output, party=world.pharmacy, responsible=Responsible.ACCOUNTABLE
    )
    made = merged(world, world.pharmacy, world.laboratory, name={"en": "Diagnostics"}, head=world.ma_chao)
    assert made.began_on == TODAY
    assert live(world, made) == {"Doses": "Ward 3", "Results": "Ward 3", "Audits": "Infection control"}
    for old in (world.pharmacy, world.laboratory):
        old.refresh_from_db()
        assert old.ended_on == TODAY
        assert not Membership.objects.filter(party=old, ended_on__isnull=True).exists()
    world.pharmacy_ward.refresh_from_db()
    assert world.pharmacy_ward.ended_on == TODAY
    held = {str(one.person): one.capacity for one in Membership.objects.filter(party=made)}
    assert held == {"Ma Chao": Capacity.HEAD, "Xu Jing": Capacity.MEMBER}
    night.refresh_from_db()
    assert night.parent_id == made.pk
    assert night.path.startswith(made.path)
    assert Responsibility.objects.get(output=output, ended_on__isnull=True).party_id == made.pk
    keys = external_keys(viewer=SYSTEM, kind="party", object_ids=[made.public_id])
    assert [str(key) for key in keys[made.public_id]] == ["HIS: PH-1"]
    assert ExternalKey.objects.filter(object_id=world.pharmacy.public_id, withdrawn_at__isnull=False).exists()
    assert {row.how for row in PartySuccession.objects.filter(successor=made)} == {Succession.MERGE}


def test_the_same_output_twice_becomes_one_link_and_work_between_them_none(world: World) -> None:
    for party in (world.stores, world.laundry):
        changes.add_link(by=SYSTEM, at=BEGAN, supplier=party, customer=world.ward, output={"en": "Curtains"})
    changes.add_link(by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.laundry, output={"en": "Soap"})
    plan = changes.propose_merge(by=SYSTEM, at=NOON, parties=[world.stores, world.laundry], into=world.laundry)
    assert [str(link.output) for link, _other in plan.folded] == ["Curtains"]
    assert [str(link.output) for link in plan.inner] == ["Soap"]
    assert [str(link.output) for link in plan.moved] == ["Towels"]
    merged(world, world.stores, world.laundry, into=world.laundry)
    curtains = Link.objects.filter(output__name__en="Curtains", ended_on__isnull=True)
    assert [one.supplier_id for one in curtains] == [world.laundry.pk]
    assert not Link.objects.filter(output__name__en="Soap", ended_on__isnull=True).exists()
    heads = Membership.objects.filter(party=world.laundry, capacity=Capacity.HEAD, ended_on__isnull=True)
    assert [str(one.person) for one in heads] == ["Zhao Lei"]
    assert Membership.objects.get(party=world.laundry, person=world.he_ping).capacity == Capacity.MEMBER


def test_several_heads_need_a_choice_which_names_them(world: World) -> None:
    with pytest.raises(Refused) as refused:
        merged(world, world.pharmacy, world.laboratory, name={"en": "Diagnostics"})
    assert refused.value.field == "head"
    assert "Xu Jing" in refused.value.values["names"]
    assert "Ma Chao" in refused.value.values["names"]
    assert not Party.objects.filter(name__en="Diagnostics").exists()


def test_what_cannot_be_merged_is_refused_by_name_and_nothing_is_half_done(world: World) -> None:
    person = changes.add_party(
        by=SYSTEM, at=BEGAN, party_kind=PartyKind.PERSON, name={"en": "Gao Ming"}, person=world.gao_ming
    )
    ended = changes.end_party(by=SYSTEM, at=NOON, party=new_department(world, "Old"))
    before = (Party.objects.count(), Link.objects.filter(ended_on__isnull=True).count())
    for parties, into, said in (
        ((world.stores, world.linenco), None, "linenco"),
        ((world.stores, person), None, "person"),
        ((world.stores, ended), None, "ended"),
        ((world.stores,), None, "two"),
        ((world.nursing, world.ward), world.ward, "under"),
    ):
        with pytest.raises(Refused) as refused:
            merged(world, *parties, into=into, name={"en": "New"}, head=world.he_ping)
        numbers = set(refused.value.values.values())
        expected = {"linenco": world.linenco.number, "person": person.number, "ended": ended.number,
                    "under": world.ward.number}  # fmt: skip
        assert said == "two" or expected[said] in numbers, said
    with pytest.raises(Refused):
        merged(world, world.stores, world.laundry, into=world.laundry, on=TODAY + timedelta(days=1))
    assert (Party.objects.count(), Link.objects.filter(ended_on__isnull=True).count()) == before


def test_a_party_with_live_links_is_not_ended_but_merged(world: World) -> None:
    with pytest.raises(Refused):
        changes.end_party(by=SYSTEM, at=NOON, party=world.stores)
    merged(world, world.stores, world.laundry, into=world.laundry)
    world.stores.refresh_from_db()
    assert world.stores.ended_on == TODAY


def test_a_head_merges_in_his_subtree_only(world: World) -> None:
    other = new_department(world, "Ward 4", parent=world.nursing)
    with pytest.raises((Forbidden, NotFound)):
        merged(world, world.ward, other, name={"en": "Wards"}, by=world.actor(world.wang_fang))
    with pytest.raises((Forbidden, NotFound)):
        merged(world, world.ward, world.laundry, into=world.laundry, by=world.actor(world.liu_yang))
    made = merged(world, world.ward, other, name={"en": "Wards"}, by=world.actor(world.liu_yang))
    assert made.parent_id == world.nursing.pk
    assert live(world, made)["Clean linen"] == "Laundry"


def test_deputies_go_on_with_their_head_and_do_not_inherit_more(world: World) -> None:
    other = new_department(world, "Ward 4", parent=world.nursing)
    changes.appoint(by=SYSTEM, at=BEGAN, party=other, person=world.ivy_stone, capacity=Capacity.HEAD)
    made = merged(world, other, world.ward, name={"en": "Wards"}, head=world.ivy_stone)
    assert not Membership.objects.filter(party=made, capacity=Capacity.DEPUTY).exists()
    again = changes.appoint(
        by=SYSTEM, at=NOON, party=made, person=world.zhou_min, capacity=Capacity.DEPUTY, scope=Scope.LINKS,
        ended_on=date(2026, 12, 31),
    )  # fmt: skip
    third = merged(world, made, new_department(world, "Ward 5", parent=world.nursing), name={"en": "Floor"})
    kept = Membership.objects.get(party=third, capacity=Capacity.DEPUTY)
    assert (kept.person_id, kept.scope, kept.ended_on) == (again.person_id, Scope.LINKS, again.ended_on)


def test_who_put_a_member_there_stays_who_put_him_there(world: World) -> None:
    held = changes.appoint(
        by=world.actor(world.wang_fang), at=NOON, party=world.ward, person=world.ivy_stone, capacity=Capacity.MEMBER
    )
    made = merged(world, world.ward, new_department(world, "Ward 4"), name={"en": "Wards"})
    assert Membership.objects.get(party=made, person=world.ivy_stone).appointed_by_id == held.appointed_by_id


def assigned(world: World, party: Party, first: set[str]) -> dict[str, int]:
    """Everything that hangs on the party: what is called as in ``first`` to the first part, the rest to the second."""
    from baton.chain.changes.splitting import to_assign

    held = queries.holdings(viewer=SYSTEM, at=NOON, parties=[party], on=TODAY)
    return {key: 0 if any(word in label for word in first) else 1 for key, label in to_assign(held).items()}


def test_a_party_is_split_and_nothing_is_left_over(world: World) -> None:
    where = assigned(world, world.ward, {"Clean linen", "Sorted used linen", "Wang Fang", "Sun Lei", "Night shift"})
    names = [{"en": "Ward 3A"}, {"en": "Ward 3B"}]
    left = dict(list(where.items())[1:])
    with pytest.raises(Refused) as refused:
        changes.split_party(by=world.actor(world.lin_mei), at=NOON, party=world.ward, names=names, assigned=left)
    assert refused.value.values["count"] == 1
    where["2b3c4d5f6g7h8j9k"] = 5  # nothing of this party
    a, b = changes.split_party(by=world.actor(world.lin_mei), at=NOON, party=world.ward, names=names, assigned=where)
    assert live(world, a) == {"Clean linen": "Laundry", "Sorted used linen": "Laundry"}
    assert live(world, b) == {"Doses": "Pharmacy", "Results": "Laboratory", "Care": "Patient"}
    assert {str(m.person): m.capacity for m in Membership.objects.filter(party=a)} == {
        "Wang Fang": Capacity.HEAD, "Sun Lei": Capacity.MEMBER, "Zhou Min": Capacity.DEPUTY,
    }  # fmt: skip
    world.night_shift.refresh_from_db()
    assert world.night_shift.parent_id == a.pk
    assert {row.successor_id for row in PartySuccession.objects.filter(predecessor=world.ward)} == {a.pk, b.pk}


def test_pages_say_how_parties_and_charts_are_joined(world: World) -> None:
    made = merged(world, world.pharmacy, world.laboratory, name={"en": "Diagnostics"}, head=world.ma_chao)
    client = world.client(world.lin_mei)
    assert "Pharmacy" in client.get(f"/parties/{made.public_id}/").content.decode()
    old = client.get(f"/parties/{world.pharmacy.public_id}/").content.decode()
    assert "merged into" in old
    assert f"/parties/{made.public_id}/" in old
    link = Link.objects.get(supplier=made, output=world.pharmacy_ward.output)
    shown = client.get(f"/links/{link.public_id}/").content.decode()
    assert "How these charts are joined" in shown
    assert f"/links/{world.pharmacy_ward.public_id}/" in shown


def test_the_form_shows_first_and_merges_when_it_is_sent_again(world: World) -> None:
    client, address = world.client(world.lin_mei), f"/parties/{world.stores.public_id}/merge/"
    page = client.get(address)
    data = {"with_1": world.laundry.public_id, "into": world.laundry.public_id,
            "version": page.context["form"].initial["version"]}  # fmt: skip
    shown = client.post(address, data)
    assert "What will happen" in shown.content.decode()
    world.stores.refresh_from_db()
    assert world.stores.ended_on is None
    sent = {**data, **hidden(shown.content.decode())}
    changed = client.post(address, {**sent, "reason": "Other than shown"})
    assert "What will happen" in changed.content.decode()
    assert Party.objects.get(pk=world.stores.pk).ended_on is None
    done = client.post(address, sent)
    assert done.status_code == 302
    assert Party.objects.get(pk=world.stores.pk).ended_on is not None


def hidden(page: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def test_the_form_splits(world: World) -> None:
    client, address = world.client(world.lin_mei), f"/parties/{world.laundry.public_id}/split/"
    form = client.get(address).context["form"]
    data = {name: "0" for name in form.fields if name.startswith("to_")}
    data |= {"part_0_en": "Washing", "part_1_en": "Ironing", "version": form.initial["version"]}
    left = client.post(address, {**data, next(name for name in data if name.startswith("to_")): ""})
    assert left.status_code == 422
    said = next(name for name in data if name.startswith("to_"))
    unsaid = {name: "" if name.startswith("to_") and name != said else value for name, value in data.items()}
    assert client.post(address, unsaid).status_code == 422
    assert client.post(address, {**unsaid, "rest": "0"}).status_code == 302
    assert Party.objects.get(name__en="Washing").links_as_supplier.count() == 1
    assert client.get(f"{address}?parts=99999").status_code in (200, 404)


@pytest.mark.sqlite
def test_a_merge_asks_no_query_for_every_party_on_its_form(world: World) -> None:
    from tests.query_counts import queries_a_page

    address = f"/parties/{world.stores.public_id}/merge/"
    few = queries_a_page(world.client(world.lin_mei), [address])
    for n in range(4):
        new_department(world, f"Department {n}")
    assert queries_a_page(world.client(world.lin_mei), [address])[address] <= few[address]
