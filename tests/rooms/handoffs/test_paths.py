"""Measured paths: what is computed and when, who sees and who asks for them, pages, table and calls."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from baton.core.errors import Forbidden, NotFound, Refused
from baton.handoffs import changes
from baton.handoffs.models import MeasuredPath, PathFigures
from baton.handoffs.queries.paths import measured_path, measured_paths
from baton.handoffs.rules import Moments
from baton.handoffs.rules.paths import REST, follows, path_key
from tests.api import Program, said, token_for
from tests.world import NOON, SYSTEM, World

PATHS = "/handoffs/paths/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def handed(link: Any, reference: str, begun: Any, hours: float, due: float | None) -> Any:
    done = begun + hours * HOUR
    moments = Moments(
        requested_at=begun, due_at=None if due is None else begun + due * HOUR, delivered_at=done, accepted_at=done
    )
    return changes.record_handoff(by=SYSTEM, at=NOON, link=link, moments=moments, reference=reference)


def walked(world: World, n: int = 40) -> list[Any]:
    """Lots go from LinenCo over the Laundry to Ward 3: two hours there of three promised, then after an hour of waiting
    four hours of two promised; every tenth begins two hours late because LinenCo took four."""
    made = []
    for day in range(n):
        begun, slow = NOON - (day + 1) * DAY, day % 10 == 0
        first = handed(world.linenco_laundry, f"LOT-{day}", begun, 5.0 if slow else 2.0, 3.0)
        second = handed(world.laundry_ward, f"LOT-{day}", begun + (6 if slow else 3) * HOUR, 4.0, 2.0)
        made += [first, second]
    return made


def measured(world: World) -> MeasuredPath:
    by = world.actor(world.zhao_lei)
    return changes.measure_path(by=by, at=NOON, links=[world.linenco_laundry, world.laundry_ward])


def test_a_path_follows_from_link_to_link() -> None:
    assert path_key(["a", "b"]) != path_key(["b", "a"])
    assert follows("/a/", "/a/b/")
    assert follows("/a/b/", "/a/")
    assert not follows("/a/b/", "/a/c/")


def test_lead_time_yield_and_whose_delay_it_is(world: World) -> None:
    lots = walked(world)
    changes.return_handoff(
        by=world.actor(world.chen_jie), at=NOON, handoff=lots[1], phenomenon="Torn", when=NOON - HOUR
    )
    path = measured(world)
    assert changes.refresh_paths(by=SYSTEM, at=NOON) == 1
    found = PathFigures.objects.get(path=path).result
    times, yields = found["times"], found["yields"]
    assert (times["n"], times["lead_seconds"], times["late"]) == (40, 7 * 3600.0, 40)
    linenco, laundry = times["links"]
    assert (linenco["median_seconds"], laundry["wait_seconds"], laundry["work_seconds"]) == (7200.0, 3600.0, 14400.0)
    assert (linenco["late"], linenco["own_seconds"]) == (4, 4 / 40 * 2 * 3600)
    assert laundry["inherited_seconds"] == linenco["own_seconds"]
    assert linenco["contribution_seconds"] + laundry["contribution_seconds"] == pytest.approx(times["lateness_seconds"])
    assert [step["value"] for step in yields["steps"]] == [1.0, 39 / 40]
    assert (yields["rolled"], yields["n"]) == (39 / 40, 40)


def test_figures_are_renewed_once_an_hour_where_something_happened(world: World) -> None:
    walked(world, 3)
    path = measured(world)
    assert changes.refresh_paths(by=SYSTEM, at=NOON) == 1
    assert changes.refresh_paths(by=SYSTEM, at=NOON + 2 * REST) == 0, "nothing happened"
    handed(world.laundry_ward, "LOT-9", NOON - 9 * HOUR, 1.0, None)
    assert changes.refresh_paths(by=SYSTEM, at=NOON + REST / 2) == 0
    assert PathFigures.objects.get(path=path).outdated
    assert changes.refresh_paths(by=SYSTEM, at=NOON + REST) == 1
    assert not PathFigures.objects.get(path=path).outdated
    handed(world.pharmacy_ward, "DOSE", NOON - 9 * HOUR, 1.0, None)
    assert changes.refresh_paths(by=SYSTEM, at=NOON + 3 * REST) == 0, "not on this path"
    PathFigures.objects.update(version="0")
    assert changes.refresh_paths(by=SYSTEM, at=NOON + 3 * REST) == 1


def test_a_path_without_handoffs_or_references_says_so(world: World) -> None:
    path = measured(world)
    changes.refresh_paths(by=SYSTEM, at=NOON)
    assert PathFigures.objects.get(path=path).result is None
    head = world.client(world.zhao_lei)
    address = f"{PATHS}{path.public_id}/"
    assert "Nothing was handed over on this path yet" in head.get(address).content.decode()
    handed(world.laundry_ward, "", NOON - 9 * HOUR, 1.0, None)
    changes.refresh_paths(by=SYSTEM, at=NOON + REST)
    page = head.get(address).content.decode()
    assert "Handoffs without a reference cannot be followed" in page
    assert "nothing has passed all its links yet" in head.get(PATHS).content.decode()


def test_the_same_path_is_measured_once_and_ended(world: World) -> None:
    path = measured(world)
    assert measured(world).pk == path.pk
    links = [world.linenco_laundry, world.laundry_ward]
    by = world.actor(world.zhao_lei)
    assert changes.end_path(by=by, at=NOON, path=path, links=links).ended_at == NOON
    assert measured_paths(viewer=by, at=NOON) == []
    assert changes.refresh_paths(by=SYSTEM, at=NOON) == 0
    again = measured(world)
    assert (again.pk, again.ended_at) == (path.pk, None)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["laundry_ward"], "2 to 12 links"),
        (["laundry_ward", "laundry_ward"], "2 to 12 links"),
        (["laundry_ward", "pharmacy_ward"], "begins where the one before it ends"),
    ],
)
def test_what_is_no_path_is_refused(world: World, names: list[str], words: str) -> None:
    links = [getattr(world, name) for name in names]
    with pytest.raises(Refused, match=words):
        changes.measure_path(by=world.actor(world.lin_mei), at=NOON, links=links)
    answer = world.client(world.lin_mei).post(f"{PATHS}new/", {"link": [one.public_id for one in links]})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not MeasuredPath.objects.exists()


@pytest.mark.sqlite
def test_who_sees_and_who_asks(world: World) -> None:
    path = measured(world)
    links = [world.linenco_laundry, world.laundry_ward]
    address = f"{PATHS}{path.public_id}/"
    for who, status in ((world.he_jun, 200), (world.wu_tao, 200), (world.zhao_lei, 200), (world.he_ping, 404),
                        (world.ivy_stone, 404), (world.tom_reed, 403)):  # fmt: skip
        assert world.client(who).get(address).status_code == status, who
        assert world.client(who).get(f"{address}export.csv").status_code == status, who
    with pytest.raises(NotFound):
        measured_path(viewer=world.actor(world.he_ping), at=NOON, public_id=path.public_id)
    assert measured_paths(viewer=world.actor(world.he_ping), at=NOON) == []
    for who in (world.wu_tao, world.xu_jing):
        with pytest.raises(Forbidden):
            changes.measure_path(by=world.actor(who), at=NOON, links=links)
        assert world.client(who).post(f"{address}end/", {"version": path.changed_seq}).status_code in (403, 404)
    stranger = world.client(world.he_ping).post(f"{PATHS}new/", {"link": [one.public_id for one in links]})
    assert stranger.status_code == 404
    changes.measure_path(by=world.actor(world.he_jun), at=NOON, links=links)


def test_from_choosing_to_the_page(world: World) -> None:
    walked(world)
    head = world.client(world.zhao_lei)
    assert "No path is measured yet" in head.get(PATHS).content.decode()
    new = f"{PATHS}new/?start={world.linenco.public_id}&end={world.ward.public_id}"
    assert world.laundry_ward.number in head.get(new).content.decode()
    links = [world.linenco_laundry.public_id, world.laundry_ward.public_id]
    answer = head.post(new, {"link": links})
    path = MeasuredPath.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{PATHS}{path.public_id}/")
    assert "The figures are being computed" in head.get(answer["Location"]).content.decode()
    changes.refresh_paths(by=SYSTEM, at=NOON)
    page = head.get(answer["Location"]).content.decode()
    for words in ("LinenCo → Laundry → Ward 3", "Where the time goes", "Whose delay it is", "7.0\N{NO-BREAK SPACE}h",
                  "of 40 references 40 have passed"):  # fmt: skip
        assert words in page, words
    rows = list(csv.DictReader(io.StringIO(b"".join(head.get(f"{answer['Location']}export.csv")).decode("utf-8-sig"))))
    assert [(row["Link"], row["n"]) for row in rows] == [
        (world.linenco_laundry.number, "40"), (world.laundry_ward.number, "40"),
    ]  # fmt: skip
    ended = head.post(f"{PATHS}{path.public_id}/end/", {"version": path.changed_seq})
    assert ended.status_code == 302
    assert "measured no more since" in head.get(f"{PATHS}{path.public_id}/").content.decode()


@pytest.mark.sqlite
def test_programs_read_the_same(world: World) -> None:
    walked(world)
    path = measured(world)
    program = Program(token_for(world.zhao_lei))
    assert said(program.get(f"/handoff-paths/{path.public_id}"))["figures"] is None
    changes.refresh_paths(by=SYSTEM, at=NOON)
    (row,) = said(program.get("/handoff-paths"))["rows"]
    assert row["links"] == [world.linenco_laundry.public_id, world.laundry_ward.public_id]
    assert row["figures"]["times"]["n"] == 40
    assert said(Program(token_for(world.he_ping)).get("/handoff-paths"))["rows"] == []


def test_programs_begin_and_end_a_path(world: World) -> None:
    links = [world.linenco_laundry.public_id, world.laundry_ward.public_id]
    program = Program(token_for(world.zhao_lei))
    for wrong, field in (
        (links[:1], ""), (links[::-1], ""), ([*links, links[0]], ""), (["2b3c4d5f6g7h8j9k", links[1]], "links"),
    ):  # fmt: skip
        answer = program.post("/handoff-paths", {"links": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), wrong
    assert program.post("/handoff-paths", {"links": links * 7}).status_code == 422
    assert not MeasuredPath.objects.exists()
    begun = said(program.post("/handoff-paths", {"links": links}))
    assert (begun["links"], begun["figures"], begun["ended_at"]) == (links, None, None)
    assert said(program.post("/handoff-paths", {"links": links}))["id"] == begun["id"], "it is measured once"
    walked(world, 3)
    changes.refresh_paths(by=SYSTEM, at=NOON)
    own = f"/handoff-paths/{begun['id']}"
    found = program.get(own)
    assert (said(found)["figures"]["times"]["n"], found["ETag"]) == (3, f'"{begun["version"]}"')
    assert program.post(f"{own}/end", {"version": begun["version"] - 1}).status_code == 409
    ended = said(program.post(f"{own}/end", {"version": begun["version"]}))
    assert (ended["ended_at"] is not None, ended["figures"]) == (True, None)
    assert said(program.get("/handoff-paths"))["rows"] == []
    again = said(program.post("/handoff-paths", {"links": links}))
    assert (again["id"], again["ended_at"]) == (begun["id"], None)
