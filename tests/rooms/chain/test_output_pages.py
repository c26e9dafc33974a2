"""Pages of outputs, outside needs, projects and judged links through the front door."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from baton.chain import changes, queries
from baton.chain.models import Link, Output, OutsideNeed, Project, Responsibility
from baton.chain.pages import tables
from baton.chain.queries.outputs import MONTHS
from baton.chain.rules import GRADES, Criticality, Responsible, criticality, criticality_score, sums_of_grades
from tests.rooms.chain.test_pages import filled, hidden
from tests.world import BEGAN, NOON, SYSTEM, World


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(client: Client, path: str) -> list[list[str]]:
    lines = b"".join(client.get(path)).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(lines)))


def outputs(world: World, person: str = "lin_mei", **filters: object) -> list[str]:
    asked = queries.OutputFilters(**filters)  # type: ignore[arg-type]
    return [str(row.output) for row in queries.outputs(viewer=world.actor(getattr(world, person)), at=NOON,
                                                       filters=asked)]  # fmt: skip


def test_an_output_from_entering_to_ending(world: World) -> None:
    client = world.client(world.zhao_lei)
    made = client.post("/outputs/add/", filled(client, "/outputs/add/", name_en="Aprons", output_kind="service"))
    here = made.headers["Location"]
    assert "Nobody is accountable" in page(client, here)
    given = filled(client, f"{here}give/", party=world.laundry.public_id, responsible="accountable")
    assert client.post(f"{here}give/", given).status_code == 302
    assert "Nobody is accountable" not in page(client, here)
    revised = filled(client, f"{here}revise/", label="B", note="Longer", began_on="")
    assert client.post(f"{here}revise/", revised).status_code == 302
    changed = filled(client, f"{here}change/", name_en="Clean aprons", output_kind="service", item_code="A-4")
    assert client.post(f"{here}change/", changed).status_code == 302
    shown = page(client, here)
    for said in ("Clean aprons", "A-4", "Longer", "in force", "Laundry · Accountable"):
        assert said in shown
    held = Responsibility.objects.get()
    ended = filled(client, f"/responsibilities/{held.public_id}/end/", ended_on="")
    assert client.post(f"/responsibilities/{held.public_id}/end/", ended).headers["Location"] == here
    assert client.post(f"{here}end/", filled(client, f"{here}end/", ended_on="", reason="none left")).status_code == 302
    assert "none left" in page(client, here)
    again = client.post(f"{here}end/", {"version": "1", "submission": "again"})
    assert "not taken up again" in again.content.decode() or again.status_code == 409


def test_the_page_of_a_party_says_what_it_answers_for(world: World) -> None:
    linen = world.laundry_ward.output
    changes.give_responsibility(
        by=SYSTEM, at=BEGAN, output=linen, party=world.laundry, responsible=Responsible.ACCOUNTABLE
    )
    page, heading = f"/parties/{world.laundry.public_id}/", "What it answers for"
    shown = world.client(world.chen_jie).get(page).content.decode()
    assert heading in shown
    assert f"/outputs/{linen.public_id}/" in shown[shown.index(heading) :]
    assert heading not in world.client(world.chen_jie).get(f"/parties/{world.ward.public_id}/").content.decode()


def test_two_accountable_parties_are_a_gap_on_page_and_list(world: World) -> None:
    linen = world.laundry_ward.output
    for party in (world.laundry, world.stores):
        changes.give_responsibility(by=SYSTEM, at=NOON, output=linen, party=party, responsible="accountable")
    client = world.client(world.lin_mei)
    assert "More than one party is accountable" in page(client, f"/outputs/{linen.public_id}/")
    assert "More than one" in page(client, "/outputs/?q=linen")
    seen = page(world.client(world.chen_jie), f"/outputs/{linen.public_id}/")
    assert "a party that you cannot see" in seen
    assert "Stores" not in seen


def test_an_output_that_is_still_handed_over_is_not_ended(world: World) -> None:
    client = world.client(world.zhao_lei)
    path = f"/outputs/{world.laundry_ward.output.public_id}/end/"
    answer = client.post(path, filled(client, path, ended_on="", reason=""))
    assert answer.status_code == 422
    assert world.laundry_ward.number in answer.content.decode()


def test_two_people_correcting_one_output_see_both_versions(world: World) -> None:
    path = f"/outputs/{world.laundry_ward.output.public_id}/change/"
    one, other = world.client(world.lin_mei), world.client(world.zhao_lei)
    mine = filled(one, path, name_en="Ironed linen", output_kind="service")
    theirs = filled(other, path, name_en="Fresh linen", output_kind="service")
    assert other.post(path, theirs).status_code == 302
    answer = one.post(path, mine)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Ironed linen" in shown
    assert "Fresh linen" in shown
    again = {**mine, "version": hidden(shown, "version"), "submission": hidden(shown, "submission")}
    assert one.post(path, again).status_code == 302
    assert str(Output.objects.get(pk=world.laundry_ward.output_id)) == "Ironed linen"


def test_lists_of_outputs_are_filtered_and_counted(world: World) -> None:
    assert outputs(world, output_kind="control") == ["Audits"]
    assert outputs(world, search="检验") == ["Results"]
    changes.give_responsibility(
        by=SYSTEM, at=NOON, output=world.lab_ward.output, party=world.laboratory, responsible="accountable"
    )
    assert "Results" not in outputs(world, without_owner=True)
    assert len(outputs(world, without_owner=True)) == 7
    assert outputs(world, "chen_jie", search="towels") == []
    changes.add_link(
        by=SYSTEM, at=BEGAN, supplier=world.stores, customer=world.pharmacy, output=world.linenco_stores.output
    )
    row = queries.outputs(
        viewer=world.actor(world.lin_mei), at=NOON, filters=queries.OutputFilters(order="-suppliers")
    )[0]
    assert (str(row.output), row.suppliers, row.customers) == ("Towels", 2, 2)
    assert outputs(world, state="ended") == []


def test_the_number_of_suppliers_is_counted_month_by_month_from_the_dates_of_links(world: World) -> None:
    doses = world.pharmacy_ward.output
    second = changes.add_link(
        by=SYSTEM, at=NOON, supplier=world.stores, customer=world.ward, output=doses, began_on=date(2026, 3, 10)
    )
    changes.end_link(by=SYSTEM, at=NOON, link=second, ended_on=date(2026, 5, 15))
    found = queries.output_page(viewer=world.actor(world.lin_mei), at=NOON, public_id=doses.public_id)
    assert len(found.suppliers) == MONTHS == 24
    assert [(month.day, month.suppliers) for month in found.suppliers[-6:]] == [
        (date(2026, 1, 31), 1), (date(2026, 2, 28), 1), (date(2026, 3, 31), 2), (date(2026, 4, 30), 2),
        (date(2026, 5, 31), 1), (date(2026, 6, 1), 1),
    ]  # fmt: skip
    assert found.suppliers[0].suppliers == 0
    later = datetime(2026, 10, 20, 12, tzinfo=UTC)
    rows = queries.outputs(viewer=world.actor(world.lin_mei), at=later, filters=queries.OutputFilters())
    assert {(row.suppliers, row.suppliers_before) for row in rows if row.output == doses} == {(1, 2)}
    assert suppliers_taken_away(world, doses, later) == (1, 2)
    assert suppliers_taken_away(world, doses, NOON) == (1, 0)


def suppliers_taken_away(world: World, output: Output, at: datetime) -> tuple[object, object]:
    """How many suppliers of an output the exported list names, at the time and six months before."""
    header = tables.output_header()
    table = [dict(zip(header, row, strict=True)) for row in tables.all_outputs(world.actor(world.lin_mei), at)]
    (row,) = [row for row in table if row["Number"] == output.number]
    return row["Suppliers"], row["Suppliers six months ago"]


def test_a_need_from_writing_down_to_ending(world: World) -> None:
    client = world.client(world.wang_fang)
    sent = filled(client, "/needs/add/", holder=world.patient.public_id, words_en="I want to sleep", began_on="")
    here = client.post("/needs/add/", sent).headers["Location"]
    assert "No link in sight names it" in page(client, here)
    assert "None" in page(client, "/needs/?unserved=on")
    need = OutsideNeed.objects.get()
    care = f"/links/{world.ward_patient.public_id}/change/"
    named = filled(client, care, output_en="Care", output_zh_hans="护理", output_kind="service", need=need.public_id)
    assert client.post(care, named).status_code == 302
    shown = page(client, here)
    assert shown.index("All that serves it") < shown.index("Clean linen")
    assert "I want to sleep" in page(client, f"/links/{world.laundry_ward.public_id}/")
    changed = filled(client, f"{here}change/", holder=world.patient.public_id, words_en="Quiet after ten")
    assert client.post(f"{here}change/", changed).status_code == 302
    assert client.post(f"{here}end/", filled(client, f"{here}end/", ended_on="", reason="")).status_code == 302
    assert "Links that still name it serve nothing" in page(client, here)
    unchanged = filled(
        client, care, output_en="Care", output_zh_hans="护理", output_kind="control", need=need.public_id
    )
    assert client.post(care, unchanged).status_code == 302, "a need that has ended stays where nobody chooses another"


def test_a_need_of_somebody_inside_is_not_offered(world: World) -> None:
    client = world.client(world.wang_fang)
    sent = filled(client, "/needs/add/", holder=world.laundry.public_id, words_en="x")
    assert client.post("/needs/add/", sent).status_code == 422
    assert not OutsideNeed.objects.exists()


def test_a_project_from_beginning_to_ending_with_its_links(world: World) -> None:
    client = world.client(world.zhao_lei)
    sent = filled(
        client, "/projects/add/", name_en="New dryers", owner=world.laundry.public_id, began_on="2026-02-01",
        ends_on="2026-05-01",
    )  # fmt: skip
    here = client.post("/projects/add/", sent).headers["Location"]
    assert "Beyond its planned end" in page(client, here)
    assert "d beyond" in page(client, "/projects/?overdue=on")
    project = Project.objects.get()
    link = filled(
        client, f"/links/add/?project={project.public_id}", supplier=world.stores.public_id,
        customer=world.laundry.public_id, output_en="Spare parts", output_kind="service",
        project=project.public_id,
    )  # fmt: skip
    assert client.post("/links/add/", link).status_code == 302
    made = Link.objects.get(project=project)
    assert "temporary; ends with it" in page(client, f"/links/{made.public_id}/")
    changed = filled(client, f"{here}change/", name_en="New tumblers", owner=world.laundry.public_id, ends_on="")
    assert client.post(f"{here}change/", changed).status_code == 302
    assert "Beyond its planned end" not in page(client, here)
    assert client.post(f"{here}end/", filled(client, f"{here}end/", ended_on="", reason="")).status_code == 302
    made.refresh_from_db()
    assert made.ended_on is not None
    assert "and its links with it" in page(client, here)


def test_a_link_is_put_into_a_project_and_taken_out_of_it(world: World) -> None:
    dryers = changes.add_project(by=SYSTEM, at=BEGAN, name={"en": "New dryers"}, owner=world.laundry)
    client, address = world.client(world.lin_mei), f"/links/{world.laundry_ward.public_id}/"
    assert "none; it is not temporary" in page(client, address)
    for before, chosen in ((None, dryers.public_id), (dryers.public_id, "")):
        form = client.get(f"{address}assign/").context["form"]
        assert (form["project"].value() or None) == before
        sent = {"project": chosen, "version": form["version"].value()}
        assert client.post(f"{address}assign/", sent).status_code == 302
        assert (f"/projects/{dryers.public_id}/" in page(client, address)) is bool(chosen)


def test_judging_a_link_by_its_form(world: World) -> None:
    client = world.client(world.zhao_lei)
    path = f"/links/{world.laundry_ward.public_id}/judge/"
    grades = {"spend": "3", "irreplaceability": "4", "impact": "5", "stage": "back"}
    refused = client.post(path, filled(client, path, **grades, sourcing="chosen", continuity_plan=""))
    assert refused.status_code == 422
    assert "needs a plan" in refused.content.decode()
    sent = filled(client, path, **grades, sourcing="chosen", continuity_plan="The regional laundry takes over.")
    assert client.post(path, sent).status_code == 302
    shown = page(client, f"/links/{world.laundry_ward.public_id}/")
    for said in ("High", "spend 3, irreplaceability 4, impact 5 of 5", "Back stage", "The regional laundry"):
        assert said in shown
    assert client.post(path, filled(client, path, **{**grades, "spend": "9"})).status_code == 422
    stale = {**sent, "submission": "another", "impact": "1"}
    assert client.post(path, stale).status_code == 409


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"criticality": "high"}, ["Clean linen"]),
        ({"criticality": "low"}, ["Doses"]),
        ({"criticality": "medium"}, []),
        ({"stage": "front"}, ["Care"]),
        ({"need": "named"}, ["Care"]),
        ({"criticality": "nonsense", "stage": "nonsense", "need": "nonsense", "search": "doses"}, ["Doses"]),
    ],
)
def test_links_are_filtered_by_what_was_judged(world: World, filters: dict[str, str], found: list[str]) -> None:
    def judge(link: Link, *grades: int | None, stage: str = "") -> None:
        spend, irreplaceability, impact = grades
        changes.judge_link(
            by=SYSTEM, at=NOON, link=link, spend=spend, irreplaceability=irreplaceability, impact=impact, stage=stage
        )

    judge(world.laundry_ward, 4, 4, 4)
    judge(world.pharmacy_ward, 2, 2, 3)
    judge(world.ward_patient, 5, None, 5, stage="front")
    need = changes.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "Help at night"})
    changes.change_link(
        by=SYSTEM, at=NOON, link=world.ward_patient, output=world.ward_patient.output, output_kind="service", need=need
    )
    asked = queries.LinkFilters(**filters)
    rows_found = queries.links(viewer=world.actor(world.lin_mei), at=NOON, filters=asked)
    assert [str(row.link.output) for row in rows_found] == found
    assert len(list(queries.links(viewer=world.actor(world.lin_mei), at=NOON,
                                  filters=queries.LinkFilters(criticality="not_judged")))) == 6  # fmt: skip


def test_thresholds_of_criticality_are_the_same_in_the_database_and_in_python() -> None:
    for spend in GRADES:
        for irreplaceability in GRADES:
            for impact in GRADES:
                score = criticality_score(spend=spend, irreplaceability=irreplaceability, impact=impact)
                total = spend + irreplaceability + impact
                assert [one for one in Criticality if total in sums_of_grades(one)] == [criticality(score)]


def test_what_is_taken_away_holds_what_the_pages_show(world: World) -> None:
    changes.judge_link(
        by=SYSTEM, at=datetime(2026, 6, 1, tzinfo=NOON.tzinfo), link=world.laundry_ward, spend=3, irreplaceability=4,
        impact=5, sourcing="chosen", continuity_plan="=HYPERLINK(1)",
    )  # fmt: skip
    changes.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "-1 day of waiting"})
    changes.add_project(by=SYSTEM, at=NOON, name={"en": "Dryers"}, owner=world.laundry)
    client = world.client(world.lin_mei)
    header, *links = rows(client, "/links/export.csv")
    judged = dict(zip(header, next(row for row in links if row[3] == "Clean linen"), strict=True))
    assert (judged["Criticality"], judged["Impact (1-5)"]) == ("High", "5")
    assert judged["Continuity plan"] == "'=HYPERLINK(1)"
    assert len(rows(client, "/outputs/export.csv")) == 9
    assert rows(client, "/needs/export.csv")[1][2] == "'-1 day of waiting"
    assert rows(client, "/projects/export.csv")[1][1:3] == ["Dryers", "Laundry"]
    assert len(rows(world.client(world.chen_jie), "/projects/export.csv")) == 2
