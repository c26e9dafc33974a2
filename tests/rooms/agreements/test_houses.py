"""Houses of quality: built, judged by two at once, turned into clauses, drawn, exported; who sees and writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from baton.agreements.changes import houses as changes
from baton.agreements.changes.house_others import rate_others
from baton.agreements.changes.houses import Judged
from baton.agreements.queries import houses as queries
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from tests.rooms.agreements.made import drafted
from tests.rooms.chain.test_pages import filled
from tests.world import NOON, World

if TYPE_CHECKING:
    from django.test import Client

    from baton.agreements.models import House

pytestmark = pytest.mark.django_db

STRENGTHS = [[9, 3, 0], [3, 9, 1], [0, 1, 9]]
NEEDS = {
    "there when we change the beds": Judged(importance=5, current=2, target=4),
    "no stains": Judged(importance=4, current=2, target=4, sales_point=1.2),
    "soft": Judged(importance=2, current=3, target=3),
}


def built(world: World) -> House:
    """The house of docs/methods for the linen of Ward 3: 57, 53, 22 and 118.8, 118.4, 27.6."""
    by = world.actor(world.zhao_lei)
    house = changes.begin_house(by=by, at=NOON, link=world.laundry_ward, name={"en": "Clean linen"})
    needs = [
        changes.add_house_need(by=by, at=NOON, house=house, words={"en": words}, judged=judged)
        for words, judged in NEEDS.items()
    ]
    columns = [
        changes.add_characteristic(by=by, at=NOON, house=house, name={"en": name}, goal="smaller")
        for name in ("hours to delivery", "stained pieces", "roughness")
    ]
    relations = {
        (need.public_id, one.public_id): strength
        for need, row in zip(needs, STRENGTHS, strict=True)
        for one, strength in zip(columns, row, strict=True)
    }
    roof = {(columns[1].public_id, columns[0].public_id): "--"}
    return changes.judge_house(by=by, at=NOON, house=house, needs={}, relations=relations, roof=roof)


def page_of(world: World, house: House, viewer: Any = None) -> queries.HousePage:
    return queries.house_page(
        viewer=world.actor(viewer or world.zhao_lei), at=NOON, public_id=house.public_id
    )  # fmt: skip


def test_a_house_is_weighed_as_in_the_methods(world: World) -> None:
    page = page_of(world, built(world))
    weighed = page.weighed
    assert weighed is not None
    assert [one.importance_only.value for one in weighed.characteristics] == [57, 53, 22]
    assert [one.demanded.value for one in weighed.characteristics] == pytest.approx([118.8, 118.4, 27.6])
    assert [(one.first, one.sign) for one in weighed.conflicts] == [("hours to delivery", "--")]


def test_a_characteristic_becomes_a_clause_of_the_draft(world: World) -> None:
    """The agreement is begun where there is none; the clause lacks measure and target, and the house shows it."""
    by, house = world.actor(world.zhao_lei), built(world)
    one = house.characteristics.get(position=1)
    clause = changes.promise_characteristic(by=by, at=NOON, characteristic=one)
    assert clause.agreement_version is not None
    assert (clause.agreement_version.state, clause.characteristic) == ("draft", {"en": "hours to delivery"})
    page = page_of(world, house)
    assert [str(need) for need in page.needs_without_clause] == ["soft"]
    assert page.clauses_without_need == []
    with pytest.raises(Refused, match="no clause promises yet"):
        changes.promise_characteristic(by=by, at=NOON, characteristic=one)
    second = house.characteristics.get(position=2)
    later = changes.promise_characteristic(by=by, at=NOON, characteristic=second)
    assert later.agreement_version == clause.agreement_version


def test_promises_behind_which_no_need_stands_are_listed(world: World) -> None:
    by, house = world.actor(world.zhao_lei), built(world)
    clause = drafted(world).clauses.get(owed_by="supplier")
    assert page_of(world, house).clauses_without_need == [clause]
    one = house.characteristics.get(position=1)
    changes.change_characteristic(by=by, at=NOON, characteristic=one, name=one.name, line=clause.line)
    assert page_of(world, house).clauses_without_need == []
    other = house.characteristics.get(position=2)
    with pytest.raises(Refused, match="no other characteristic"):
        changes.change_characteristic(by=by, at=NOON, characteristic=other, name=other.name, line=clause.line)
    with pytest.raises(Refused):
        changes.change_characteristic(by=by, at=NOON, characteristic=one, name=one.name, line="nowhere")


def test_an_outside_need_brings_its_words(world: World) -> None:
    from baton.chain.changes import add_need

    by, house = world.actor(world.lin_mei), built(world)
    outside = add_need(by=by, at=NOON, holder=world.patient, words={"en": "I want a clean bed"})
    need = changes.add_house_need(
        by=by, at=NOON, house=house, words={}, judged=Judged(importance=3), outside_need=outside
    )  # fmt: skip
    assert (need.source, need.words, need.outside_need) == ("chain", {"en": "I want a clean bed"}, outside)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "judged",
    [Judged(importance=6), Judged(importance=0), Judged(importance=3, current=6), Judged(importance=3, target=0),
     Judged(importance=3, sales_point=1.3)],
)  # fmt: skip
def test_judgements_off_their_scales_are_refused_and_nothing_is_kept(world: World, judged: Judged) -> None:
    house = built(world)
    need = house.needs.get(position=1)
    with pytest.raises(Refused) as refused:
        changes.judge_house(
            by=world.actor(world.zhao_lei), at=NOON, house=house, needs={need.public_id: judged}, relations={}, roof={}
        )  # fmt: skip
    assert refused.value.remedy
    need.refresh_from_db()
    assert need.importance == 5


def test_of_two_who_judge_at_once_the_second_is_told(world: World) -> None:
    house = built(world)
    seen = house.changed_seq
    need, one = house.needs.get(position=3), house.characteristics.get(position=1)
    cell = {(need.public_id, one.public_id): 1}
    kinds: dict[str, Any] = {"house": house, "needs": {}, "roof": {}, "expected_seq": seen}
    changes.judge_house(by=world.actor(world.zhao_lei), at=NOON, relations=cell, **kinds)
    with pytest.raises(Stale):
        changes.judge_house(by=world.actor(world.wang_fang), at=NOON, relations=cell, **kinds)
    page = page_of(world, house)
    assert page.relations[need.pk, one.pk] == 1


def test_what_is_left_out_counts_no_more_and_comes_back(world: World) -> None:
    by, house = world.actor(world.zhao_lei), built(world)
    one = house.characteristics.get(position=3)
    changes.leave_out(by=by, at=NOON, part=one, dropped=True)
    page = page_of(world, house)
    assert [str(part) for part in page.left_out] == ["roughness"]
    assert len(page.characteristics) == 2
    changes.leave_out(by=by, at=NOON, part=one, dropped=False)
    weighed = page_of(world, house).weighed
    assert weighed is not None
    assert weighed.characteristics[2].importance_only.value == 22


def test_a_closed_house_stands_still(world: World) -> None:
    by, house = world.actor(world.zhao_lei), built(world)
    changes.close_house(by=by, at=NOON, house=house)
    with pytest.raises(Refused, match="is closed"):
        changes.add_characteristic(by=by, at=NOON, house=house, name={"en": "late"})
    assert not page_of(world, house).may_edit


SEES = {
    "lin_mei": "writes", "he_jun": "sees", "wu_tao": "sees", "zhao_lei": "writes", "wang_fang": "writes",
    "chen_jie": "sees", "ivy_stone": "nothing", "tom_reed": "nothing", "he_ping": "nothing",
}  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "may"), SEES.items())
def test_who_sees_and_writes_a_house(world: World, name: str, may: str) -> None:
    """As the agreement of the link: seen by who sees the link, written by whoever leads one of its sides."""
    house = built(world)
    actor = world.actor(getattr(world, name))
    assert queries.sees_house(viewer=actor, at=NOON, public_id=house.public_id) == (may != "nothing")
    if may == "writes":
        changes.add_characteristic(by=actor, at=NOON, house=house, name={"en": "pieces short"})
    else:
        with pytest.raises(Forbidden):
            changes.add_characteristic(by=actor, at=NOON, house=house, name={"en": "pieces short"})
    if may == "nothing":
        with pytest.raises(NotFound):
            queries.house(viewer=actor, at=NOON, public_id=house.public_id)


def address(name: str, *args: str) -> str:
    return reverse(f"agreements:{name}", args=args)


def grid(client: Client, house: House) -> tuple[Any, dict[str, Any]]:
    """The form of the grid and what it would send unchanged."""
    form = client.get(address("judge_house", house.public_id)).context["form"]
    return form, {name: form[name].value() or "" for name in form.fields}


def test_the_page_draws_the_house_and_says_it_in_tables(world: World) -> None:
    house = built(world)
    body = world.client(world.chen_jie).get(address("house", house.public_id)).content.decode()
    assert "house-of-quality" in body
    assert "there when we change the beds – hours to delivery: strong" in body
    assert "118.8" in body
    assert "Turn into a clause" not in body
    listed = world.client(world.zhao_lei).get(address("houses"), {"q": "linen"}).content.decode()
    assert house.number in listed


def test_the_grid_saves_without_scripts_and_shows_what_another_wrote(world: World) -> None:
    house = built(world)
    mine, theirs = world.client(world.zhao_lei), world.client(world.wang_fang)
    _form, sent = grid(mine, house)
    _other, late = grid(theirs, house)
    need, one = house.needs.get(position=3), house.characteristics.get(position=1)
    cell = f"{need.public_id}-{one.public_id}"
    assert mine.post(address("judge_house", house.public_id), {**sent, cell: "3"}).status_code == 302
    answer = theirs.post(address("judge_house", house.public_id), {**late, cell: "1"})
    assert answer.status_code == 409
    form = answer.context["form"]
    assert form[cell].value() == "1"
    assert "Now stands: 3 medium" in form.errors[cell]
    again = {name: form[name].value() or "" for name in form.fields}
    assert theirs.post(address("judge_house", house.public_id), again).status_code == 302
    assert page_of(world, house).relations[need.pk, one.pk] == 1


def test_pages_carry_a_house_from_nothing_to_a_clause(world: World) -> None:
    client = world.client(world.zhao_lei)
    begun = client.post(
        address("begin_house", world.laundry_ward.public_id), {"name_en": "Linen", "importance_scale": "5"}
    )
    house = queries.houses_of_link(viewer=world.actor(world.zhao_lei), at=NOON, link=world.laundry_ward.public_id)[0]
    assert begun["Location"] == address("house", house.public_id)
    said = {"words_en": "<b>warm</b>", "source": "said", "importance": "4", "sales_point": "1"}
    assert client.post(address("add_house_need", house.public_id), said).status_code == 302
    assert client.post(address("add_house_characteristic", house.public_id), {"name_en": "degrees"}).status_code == 302
    body = client.get(address("house", house.public_id)).content.decode()
    assert "<b>warm</b>" not in body
    one = house.characteristics.get()
    answer = client.post(address("promise_characteristic", one.public_id))
    one.refresh_from_db()
    assert one.line
    assert "/clauses/" in answer["Location"]
    lines = b"".join(client.get(address("export_house", house.public_id))).decode("utf-8-sig").splitlines()
    assert lines[0].endswith("degrees")
    assert lines[2].startswith("▲ degrees")


def test_how_others_meet_a_need_is_compared(world: World) -> None:
    by = world.actor(world.zhao_lei)
    house = changes.begin_house(by=by, at=NOON, link=world.laundry_ward, name={"en": "Linen"})
    need = changes.add_house_need(
        by=by, at=NOON, house=house, words={"en": "Linen is there"}, judged=Judged(importance=5, current=3)
    )
    own, client = f"/agreements/house-needs/{need.public_id}/others/", world.client(world.zhao_lei)
    assert world.client(world.tom_reed).get(own).status_code == 403
    wrong = client.post(own, filled(client, own, others="City Laundry: 6"))
    assert (wrong.status_code, "Line 1: a name" in wrong.content.decode()) == (422, True)
    for ratings in ({"x" * 61: 3}, {"": 3}, {"City": 0}, {f"Laundry {n}": 3 for n in range(6)}):
        with pytest.raises(Refused) as refused:
            rate_others(by=by, at=NOON, need=need, ratings=ratings)
        assert refused.value.field == "others"
    sent = filled(client, own, others="City Laundry: 5\n<b>Sudsy</b>：4\n")
    assert client.post(own, sent).status_code == 302
    need.refresh_from_db()
    assert need.others == {"City Laundry": 5, "<b>Sudsy</b>": 4}
    assert "&lt;b&gt;Sudsy&lt;/b&gt;: 4" in client.get(own).content.decode()
    changes.add_characteristic(by=by, at=NOON, house=house, name={"en": "Time to the ward"})
    page = client.get(f"/agreements/houses/{house.public_id}/").content.decode()
    assert "ahead by 2" in page
