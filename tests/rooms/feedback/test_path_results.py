"""Results along a measured path are the published figures of its links, and nothing that was put together anew."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from baton.feedback.models import PublishedCell
from baton.feedback.rules.path_results import weakest_of
from baton.handoffs import changes as handoffs
from tests.api import Program, said, token_for
from tests.rooms.feedback.answering import answered, published, ratings
from tests.rooms.feedback.asked import written
from tests.world import World

if TYPE_CHECKING:
    from baton.feedback.models import Wave
    from baton.handoffs.models import MeasuredPath

pytestmark = pytest.mark.django_db
GOOD, POOR, MIXED = (4, 5) * 10, (1, 2) * 10, (1, 5) * 10


def measured(world: World) -> MeasuredPath:
    """Used linen goes to the Laundry and comes back clean."""
    links = [world.ward_laundry, world.laundry_ward]
    return handoffs.measure_path(by=world.actor(world.he_jun), at=datetime.now(UTC), links=links)


def rated(world: World, there: tuple[int, ...], back: tuple[int, ...], **more: object) -> Wave:
    given = {world.ward_laundry: ratings(*there), world.laundry_ward: ratings(*back)}
    return published(world, answered(world, given, **more))  # type: ignore[arg-type]


def page(path: MeasuredPath, more: str = "") -> str:
    return f"/surveys/paths/{path.public_id}/{more}"


def test_weakest_only_where_intervals_carry_it() -> None:
    assert weakest_of([(0, 2.0, 1.5, 2.5), (1, 4.0, 3.5, 4.5), (2, 3.9, 2.6, 4.9)]) == 0
    assert weakest_of([(0, 2.0, 1.5, 2.5), (1, 4.0, 2.5, 4.5)]) is None
    assert weakest_of([(0, 2.0, 1.5, 2.5)]) is None
    assert weakest_of([]) is None


def test_links_stand_beside_each_other_with_interval_and_n(world: World) -> None:
    path = measured(world)
    reader = world.client(world.wang_fang)
    assert "No results along this path yet" in reader.get(page(path)).content.decode()
    assert "along the path" not in reader.get(f"/handoffs/paths/{path.public_id}/").content.decode()
    wave = rated(world, GOOD, POOR)
    before = list(PublishedCell.objects.values_list("pk", "value"))
    shown = reader.get(page(path)).content.decode()
    cells = {one.wave_link.link_id: one for one in PublishedCell.objects.filter(grouping="link", column="on_time")
             if one.wave_link is not None}  # fmt: skip
    for link in (world.ward_laundry, world.laundry_ward):
        cell = cells[link.pk]
        assert f'<span class="figure">{cell.value}</span>' in shown
        assert f"[{cell.lower} to {cell.upper}]" in shown
    assert shown.count("n = 20") == 2
    assert shown.count("weakest</span>") == 1
    assert "The weakest of the links that are shown is Laundry → Ward 3: Clean linen" in shown
    assert list(PublishedCell.objects.values_list("pk", "value")) == before
    assert f'href="{page(path)}"' in reader.get(f"/handoffs/paths/{path.public_id}/").content.decode()
    results = reader.get(f"/surveys/{wave.public_id}/results/?link={world.laundry_ward.public_id}").content.decode()
    assert f'href="{page(path)}?wave={wave.public_id}"' in results


def test_no_link_is_marked_where_intervals_overlap(world: World) -> None:
    path = measured(world)
    rated(world, MIXED, (1, 2, 3, 4, 5) * 4)
    shown = world.client(world.wang_fang).get(page(path)).content.decode()
    assert "No link is marked as the weakest" in shown
    assert "weakest</span>" not in shown


def test_hidden_figures_stay_hidden_with_their_reason(world: World) -> None:
    path = measured(world)
    rated(world, GOOD, (1, 2, 3))
    reader = world.client(world.wang_fang)
    shown = reader.get(page(path)).content.decode()
    assert "not shown: fewer than 5 answers" in shown
    hidden = PublishedCell.objects.filter(grouping="link", column="on_time").exclude(why="").count()
    assert shown.count("not shown:") == hidden
    table = reader.get(page(path, "export.csv"))
    rows = list(csv.DictReader(io.StringIO(b"".join(table).decode("utf-8-sig"))))  # type: ignore[call-overload]
    few = next(one for one in rows if one["Output"] == "Clean linen")
    assert (few["Value"], few["n"], few["Why it is not shown"]) == ("", "", "not shown: fewer than 5 answers")


def test_waves_stand_behind_each_other(world: World) -> None:
    path, asked = measured(world), written(world)
    first = rated(world, GOOD, POOR, questionnaire=asked)
    second = rated(world, GOOD, GOOD, questionnaire=asked, prefix="s")
    reader = world.client(world.wang_fang)
    shown = reader.get(page(path)).content.decode()
    assert "From survey to survey" in shown
    assert shown.index(first.number) < shown.rindex(second.number)
    assert "From survey to survey" not in reader.get(page(path, f"?wave={first.public_id}")).content.decode()
    table = b"".join(reader.get(page(path, "export.csv")))  # type: ignore[call-overload]
    assert len(table.splitlines()) == 1 + 2 * 2


def test_only_what_is_published_is_asked_for(world: World) -> None:
    path = measured(world)
    wave = rated(world, GOOD, POOR, leads=6)
    reader = world.client(world.wang_fang)
    band = reader.get(page(path, "?band=lead"))
    assert band.status_code == 200
    leads = PublishedCell.objects.filter(grouping="link_band", band="lead", column="on_time", why="")
    assert band.content.decode().count('<span class="figure">') == leads.count()
    for more in ("?column=nobody", "?band=night", "?column=recommend", "?column=better"):
        assert reader.get(page(path, more)).status_code == 400, more
    assert reader.get(page(path, "?wave=nobody")).status_code == 404
    assert reader.get("/surveys/paths/nobody/").status_code == 404
    assert reader.get(page(path, f"?wave={wave.public_id}&column=complete")).status_code == 200


def test_who_does_not_see_all_links_sees_no_path(world: World) -> None:
    path = measured(world)
    rated(world, GOOD, POOR)
    for more in ("", "export.csv"):
        assert world.client(world.he_ping).get(page(path, more)).status_code == 404
        assert world.client(world.tom_reed).get(page(path, more)).status_code in (403, 404)
        assert world.client().get(page(path, more)).status_code in (302, 401)


def test_programs_read_the_same(world: World) -> None:
    path = measured(world)
    program = Program(token_for(world.wang_fang))
    assert said(program.get(f"/survey-results/paths/{path.public_id}"))["wave"] is None
    wave = rated(world, GOOD, POOR)
    told = said(program.get(f"/survey-results/paths/{path.public_id}?column=on_time"))
    assert told["wave"]["id"] == wave.public_id
    assert [one["link"] for one in told["links"]] == [world.ward_laundry.public_id, world.laundry_ward.public_id]
    assert [one["weakest"] for one in told["links"]] == [False, True]
    assert [one["figure"]["n"] for one in told["links"]] == [20, 20]
    assert program.get(f"/survey-results/paths/{path.public_id}?column=nobody").status_code == 422
    assert Program(token_for(world.he_ping)).get(f"/survey-results/paths/{path.public_id}").status_code == 404
