"""Links of a confidential party are seen by its two sides and by who sees all links, through every door."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, queries
from baton.chain.models import Link, Party
from baton.chain.rules import Confidentiality, Detector, Partner, PartyKind
from baton.core.errors import Forbidden, Refused
from tests.api import Program, token_for
from tests.world import BEGAN, NOON, SYSTEM, World

SEE = ("lin_mei", "he_jun", "wu_tao", "zhao_lei")
DO_NOT = ("chen_jie", "wang_fang", "liu_yang", "he_ping", "sun_yan", "qian_li", "ivy_stone")


@pytest.fixture
def confidential(world: World) -> World:
    changes.describe_partner(
        by=world.actor(world.lin_mei), at=NOON, party=world.linenco, partner=Partner.FORMER_COMPETITOR,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip
    return world


def test_only_its_two_sides_and_who_sees_all_links_find_it(confidential: World) -> None:
    world, link = confidential, confidential.linenco_laundry
    for name in SEE + DO_NOT:
        viewer = world.actor(getattr(world, name))
        seen = name in SEE
        assert queries.sees_link(viewer=viewer, at=NOON, public_id=link.public_id) is seen, name
        rows = queries.links(viewer=viewer, at=NOON, filters=queries.LinkFilters())
        assert (link in [row.link for row in rows]) is seen, name
        taken = queries.links_to_export(viewer=viewer, at=NOON, filters=queries.LinkFilters(state="all"))
        assert (link in [row.link for row in taken]) is seen, name
        drawn = queries.chain_map(viewer=viewer, at=NOON)
        assert (link.public_id in {one.public_id for one in drawn.links}) is seen, name
        assert queries.home(viewer=viewer, at=NOON).links == len(drawn.links)


@pytest.mark.parametrize("name", SEE + DO_NOT)
def test_no_page_export_or_fragment_shows_it_to_others(confidential: World, name: str) -> None:
    world, link = confidential, confidential.linenco_laundry
    client = world.client(getattr(world, name))
    seen = name in SEE
    assert (client.get(f"/links/{link.public_id}/").status_code == 200) is seen
    doors = ["/", "/links/?state=all", "/links/export.csv?state=all", "/map/", "/map/table/",
             f"/parties/{world.laundry.public_id}/", f"/parties/{world.linenco.public_id}/",
             f"/links/?q={link.number}", "/data/chain.links/"]  # fmt: skip
    for door in doors:
        answer = client.get(door)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        told = any(word in body.decode() for word in (link.number, "New linen", link.public_id) if word not in door)
        assert not told or seen, door


def test_a_circle_is_told_to_nobody_who_may_not_know_all_of_its_parties(confidential: World) -> None:
    """Laundry > Ward 3 > Pharmacy > Stores > LinenCo > Laundry: nobody in the middle may know of LinenCo's links."""
    world = confidential
    around = (world.ward, world.pharmacy, world.stores, world.linenco)
    for supplier, customer in pairwise(around):
        changes.add_link(
            by=SYSTEM, at=NOON, supplier=supplier, customer=customer, output={"en": f"{supplier.number} to the next"}
        )

    def circles(name: str) -> list[str]:
        rows = queries.gaps(viewer=world.actor(getattr(world, name)), at=NOON)
        return [row.gap.key for row in rows if row.gap.detector is Detector.CYCLE]

    assert len(circles("lin_mei")) == 1
    assert circles("chen_jie") == circles("xu_jing") == []


def test_nothing_beyond_it_is_reached_over_it(confidential: World) -> None:
    """He Ping of the Stores knew the Laundry because LinenCo serves both; a confidential link leads nowhere."""
    world = confidential
    viewer = world.actor(world.he_ping)
    assert queries.sees_link(viewer=viewer, at=NOON, public_id=world.linenco_stores.public_id)
    assert not queries.sees_party(viewer=viewer, at=NOON, public_id=world.laundry.public_id)


@pytest.mark.parametrize("name", ["chen_jie", "zhao_lei", "lin_mei"])
def test_the_api_shows_it_to_the_same(confidential: World, name: str) -> None:
    world, link = confidential, confidential.linenco_laundry
    seen = name in SEE
    program = Program(token_for(getattr(world, name), "chain:read"))
    for path in ("/links?limit=200", "/map", f"/links/{link.public_id}"):
        answer = program.call("GET", path)
        assert (link.public_id in answer.content.decode()) is seen or (answer.status_code == 404 and not seen), path


def test_the_form_is_the_quality_managers_and_for_parties_outside(world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"/parties/{world.linenco.public_id}/partner/"
    version = client.get(address).context["form"].initial["version"]
    data = {"partner": "competitor", "confidentiality": "confidential", "version": version}
    assert world.client(world.zhao_lei).post(address, data).status_code == 403
    assert client.post(address, data).status_code == 302
    shown = client.get(f"/parties/{world.linenco.public_id}/").content.decode()
    assert "Competitor elsewhere" in shown
    assert [str(one) for one in client.get("/parties/?partner=confidential").context["page_obj"]] == ["LinenCo"]
    assert [str(one) for one in client.get("/parties/?partner=partner").context["page_obj"]] == []
    with pytest.raises(Forbidden):
        changes.describe_partner(by=SYSTEM, at=NOON, party=world.ward, partner=Partner.PARTNER)


def test_the_database_knows_no_confidential_department(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=world.ward.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        Party.objects.filter(pk=world.ward.pk).update(partner=Partner.PARTNER)


def test_a_merge_and_a_split_keep_what_was_confidential(confidential: World) -> None:
    world = confidential
    other = changes.add_party(by=SYSTEM, at=BEGAN, party_kind=PartyKind.OUTSIDE_SUPPLIER, name={"en": "ClothCo"})
    made = changes.merge_parties(by=SYSTEM, at=NOON, parties=[world.linenco, other], into=other)
    assert made.confidentiality == Confidentiality.CONFIDENTIAL
    keys = {link.public_id: 0 for link in Link.objects.filter(supplier=made)}
    names = [{"en": "One"}, {"en": "Two"}]
    parts = changes.split_party(by=SYSTEM, at=NOON, party=made, names=names, assigned=keys)
    assert {part.confidentiality for part in parts} == {Confidentiality.CONFIDENTIAL}


def test_unknown_kinds_of_partner_are_refused(world: World) -> None:
    client = world.client(world.lin_mei)
    address = f"/parties/{world.linenco.public_id}/partner/"
    assert client.post(address, {"partner": "friend", "confidentiality": "secret", "version": 1}).status_code == 422
    with pytest.raises((Refused, ValueError)):
        changes.describe_partner(by=SYSTEM, at=NOON, party=world.linenco, partner="friend")
