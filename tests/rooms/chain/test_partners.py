"""Links of a confidential party are seen by its two sides and by who sees all links, through every door."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from baton.chain import changes, queries
from baton.chain.models import Link, Party
from baton.chain.rules import Capacity, Confidentiality, Detector, GapReply, Partner, PartyKind
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


@pytest.mark.sqlite
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


@pytest.mark.sqlite
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


@pytest.mark.both
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


SECRET = ("New linen", "known to nobody", "Works behind walls")
"""The output of the confidential link, the reason of an answer about its supplier, the project that it belongs to."""


@pytest.fixture
def planted(confidential: World) -> World:
    """What could tell of the links of LinenCo by another way: a search index, an answer to a gap, a project."""
    from baton.core.search import keeping

    world, manager = confidential, confidential.actor(confidential.lin_mei)
    project = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "Works behind walls"})
    changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=world.linenco, customer=world.laundry, output={"en": "New linen for the works"},
        project=project,
    )  # fmt: skip
    pair = queries.gap(
        viewer=manager, at=NOON, detector="undeclared", key=f"{world.linenco.public_id}.{world.pharmacy.public_id}"
    )
    assert pair is not None
    changes.answer_gap(by=manager, at=NOON, gap=pair.gap, reply=GapReply.NO_DEALINGS, reason="known to nobody")
    keeping.rebuild(by=SYSTEM, at=NOON)
    return world


def _doors(world: World) -> list[str]:
    """Every page, table, picture and call that shows links, or counts or walks them."""
    linenco, laundry, output = world.linenco.public_id, world.laundry.public_id, world.linenco_laundry.output.public_id
    exports = ("links", "parties", "outputs", "needs", "projects", "gaps")
    lists = ("links", "parties", "outputs", "needs", "projects", "gaps")
    return [
        "/", "/map/?level=9", "/map/table/", "/matrix/?level=9", "/matrix/export/?level=9", "/proposals/",
        "/notifications/", f"/path/?start={linenco}&end={laundry}", f"/path/?start={linenco}",
        f"/parties/{laundry}/", f"/parties/{linenco}/", f"/parties/{world.ward.public_id}/",
        f"/links/{world.laundry_ward.public_id}/", f"/outputs/{output}/", "/search/?q=new linen", "/search/?q=walls",
        f"/search/?q={world.linenco_laundry.number}", "/search/suggestions/?q=new linen",
        *(f"/{name}/?state=all&show=all" for name in lists),
        *(f"/{name}/export.csv?state=all&show=all" for name in lists),
        *(f"/data/chain.{name}/" for name in exports),
    ]  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["chen_jie", "he_ping", "sun_yan"])
def test_no_door_tells_of_it_or_of_what_hangs_on_it(planted: World, name: str) -> None:
    world = planted
    person = getattr(world, name)
    client, told = world.client(person), []
    secret = (world.linenco_laundry.number, world.linenco_laundry.public_id, *SECRET)
    for door in _doors(world):
        answer = client.get(door, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = body.decode().replace("new linen", "")  # what was asked for may stand in the search field
        told += [(door, word) for word in secret if word in text and word not in door]
    assert told == []
    program = Program(token_for(person))
    for call in ("/links?limit=200", "/map", "/outputs?limit=200", "/needs", "/projects", "/gaps?show=all&limit=200",
                 "/search?q=linen", "/successions", "/parties?limit=200"):  # fmt: skip
        text = program.get(call).content.decode()
        told += [(call, word) for word in secret if word in text]
    assert told == []


@pytest.mark.sqlite
def test_what_the_manager_sees_at_these_doors(planted: World) -> None:
    """The doors above do show what they are to hide, to who may see it."""
    client = planted.client(planted.lin_mei)
    shown: dict[str, set[str]] = {}
    for door in _doors(planted):
        answer = client.get(door, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        shown[door] = {word for word in SECRET if word in body.decode()}
    assert {word for words in shown.values() for word in words} == set(SECRET)
    silent = {door.partition("?")[0] for door, words in shown.items() if not words}
    assert silent <= {
        "/", "/proposals/", "/notifications/", "/needs/", "/needs/export.csv", "/data/chain.needs/", "/parties/",
        "/parties/export.csv", "/data/chain.parties/", f"/links/{planted.laundry_ward.public_id}/", "/search/",
        f"/parties/{planted.ward.public_id}/", "/matrix/", "/matrix/export/", "/map/", "/search/suggestions/",
    }  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["lin_mei", "zhao_lei", "chen_jie", "he_ping", "sun_yan"])
def test_numbers_count_only_links_in_sight(planted: World, name: str) -> None:
    viewer = planted.actor(getattr(planted, name))
    rows = queries.links(viewer=viewer, at=NOON, filters=queries.LinkFilters()).object_list
    listed = queries.parties(viewer=viewer, at=NOON, filters=queries.PartyFilters()).object_list
    for party in listed:
        assert party.suppliers == sum(row.link.customer_id == party.pk for row in rows), party
        assert party.customers == sum(row.link.supplier_id == party.pk for row in rows), party
    outputs = queries.outputs(viewer=viewer, at=NOON, filters=queries.OutputFilters()).object_list
    for row in outputs:
        mine = [one.link for one in rows if one.link.output_id == row.output.pk]
        assert (row.suppliers, row.customers) == (
            len({link.supplier_id for link in mine}), len({link.customer_id for link in mine})
        ), row.output  # fmt: skip
        page = queries.output_page(viewer=viewer, at=NOON, public_id=row.output.public_id)
        assert page.suppliers[-1].suppliers == row.suppliers
    home = queries.home(viewer=viewer, at=NOON)
    assert (home.links, sum(home.by_health.values())) == (len(rows), len(rows))
    grid = queries.matrix(viewer=viewer, at=NOON, filters=queries.MatrixFilters(level=9))
    assert sum(len(cell.links) for cell in grid.cells.values()) == len(rows)


def test_no_way_leads_across_it(planted: World) -> None:
    world, linenco, patient = planted, planted.linenco.public_id, planted.patient.public_id

    def found(name: str) -> bool:
        return bool(
            queries.paths(viewer=world.actor(getattr(world, name)), at=NOON, start=linenco, end=patient).ways
        )  # fmt: skip

    assert [name for name in SEE + DO_NOT if found(name)] == [*SEE]
    assert all(
        world.linenco.public_id not in {one.party.public_id for one in steps.parties}
        for name in ("chen_jie", "wang_fang", "liu_yang")
        for page in [queries.party_page(viewer=world.actor(getattr(world, name)), at=NOON,
                                        public_id=world.ward.public_id)]
        for steps in (page.before, page.after)
    )  # fmt: skip


def test_an_empty_cell_does_not_say_whether_there_is_a_link(planted: World) -> None:
    """Sun Yan knows every party and not their links: asking for pairs of parties tells her nothing."""
    world = planted
    viewer = world.actor(world.sun_yan)
    for other in (world.laundry, world.stores, world.pharmacy, world.ward):
        key = f"{world.linenco.public_id}.{other.public_id}"
        assert queries.gap(viewer=viewer, at=NOON, detector="undeclared", key=key) is None, other
    assert queries.answers_about_pairs(viewer=viewer, at=NOON) == {}
    assert len(queries.answers_about_pairs(viewer=world.actor(world.he_jun), at=NOON)) == 1


def test_work_past_a_confidential_party_does_not_name_it(confidential: World) -> None:
    """Stores > LinenCo > Laundry are links; the Laundry's head knows his own, the Stores' head his own; neither is told
    of the other one by a log that shows work from the Stores straight to the Laundry."""
    from tests.rooms.chain.test_gaps import accept

    world = confidential
    changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.linenco, output={"en": "Empty crates"}
    )  # fmt: skip
    accept([("Stores", "Laundry")] * 3)

    def told(name: str) -> list[tuple[str, list[str]]]:
        rows = queries.gaps(viewer=world.actor(getattr(world, name)), at=NOON)
        found = [row.gap for row in rows if row.gap.from_log]
        return [(gap.detector.value, [about.name["en"] for about in gap.about]) for gap in found]

    assert told("lin_mei") == [("bypass", ["Stores", "Laundry", "LinenCo"])]
    assert told("zhao_lei") == told("he_ping") == [("undeclared", ["Stores", "Laundry"])]
    page = world.client(world.he_ping).get("/gaps/").content.decode()
    assert "Stores handed work to Laundry 3 times" in page


def test_a_gap_is_assigned_to_nobody_from_whom_its_links_are_kept(confidential: World) -> None:
    world, manager = confidential, confidential.actor(confidential.lin_mei)
    rows = queries.gaps(viewer=manager, at=NOON)
    gap = next(row.gap for row in rows if row.gap.detector is Detector.ACCIDENTAL_SINGLE_SOURCE and
               row.gap.key == world.linenco_laundry.public_id)  # fmt: skip
    for person in (world.chen_jie, world.sun_yan, world.tom_reed):
        with pytest.raises(Refused, match="not shared with") as refused:
            changes.assign_gap(by=manager, at=NOON, gap=gap, person=person)
        assert refused.value.field == "person"
    changes.assign_gap(by=manager, at=NOON, gap=gap, person=world.gao_ming)
    told = queries.assigned_gaps(viewer=world.actor(world.gao_ming), at=NOON)
    assert [row.gap.key for row in told] == [gap.key]


def test_an_output_is_counted_without_its_confidential_links(confidential: World) -> None:
    """Towels go from LinenCo and from the Laundry to the Stores; who sees one of two is told of one."""
    world = confidential
    changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=world.infection_control, customer=world.pharmacy,
        output=world.linenco_laundry.output,
    )  # fmt: skip
    changes.appoint(
        by=SYSTEM, at=BEGAN, party=world.infection_control, person=world.ivy_stone, capacity=Capacity.HEAD
    )  # fmt: skip

    def links_named(name: str) -> list[int]:
        rows = queries.gaps(viewer=world.actor(getattr(world, name)), at=NOON)
        return [row.gap.shown_weight for row in rows if row.gap.detector is Detector.OUTPUT_WITHOUT_OWNER
                and row.gap.key == world.linenco_laundry.output.public_id]  # fmt: skip

    assert links_named("lin_mei") == [2]
    assert links_named("ivy_stone") == [1]


def test_a_webhook_is_not_told_of_it(confidential: World) -> None:
    """Sun Yan owns the subscription; she belongs to neither side."""
    from baton.core.models import WebhookDelivery
    from baton.core.webhooks.changes import add_webhook
    from baton.core.webhooks.sending import collect

    world = confidential
    webhook, _secret = add_webhook(
        by=world.actor(world.sun_yan), at=NOON, name="HIS", address="https://a.example.org/",
        events=["link.judged", "party.renamed"],
    )  # fmt: skip
    changes.judge_link(by=SYSTEM, at=NOON, link=world.linenco_laundry, spend=1, irreplaceability=1, impact=1)
    changes.rename_party(by=SYSTEM, at=NOON, party=world.linenco, name={"en": "LinenCo Ltd"})
    collect(webhook=webhook, at=NOON)
    assert list(WebhookDelivery.objects.values_list("action", flat=True)) == ["party.renamed"]


def test_nobody_learns_of_it_by_guessing_its_name(confidential: World) -> None:
    from baton.chain.changes.proposals import ProposedLink
    from baton.chain.rules import Side

    world = confidential
    for person, other in ((world.chen_jie, None), (world.gao_ming, world.linenco)):
        party = world.ward if person == world.chen_jie else world.laundry
        (made,) = changes.propose_links(
            by=world.actor(person), at=NOON, party=party,
            links=[ProposedLink(Side.SUPPLIER, "LinenCo", "Something")],
        )  # fmt: skip
        assert made.other == other


def test_the_history_says_what_was_said_first(confidential: World) -> None:
    page = confidential.client(confidential.lin_mei).get(f"/parties/{confidential.linenco.public_id}/").content.decode()
    assert "– → Former competitor" in page
