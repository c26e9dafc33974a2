"""League table and funnel plot of links: what is counted, small numbers, over-dispersion named, who sees what."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from pytest_django import Settings

from baton.chain.queries.chains import NamedLink, OutputFact, PartyFact
from baton.chain.rules import PartyKind
from baton.core.errors import NotFound
from baton.handoffs import changes
from baton.handoffs.changes.figures import refresh_figures
from baton.handoffs.pages.comparing import VERDICTS, comparison_context
from baton.handoffs.queries.comparing import ComparedLink, Comparison, comparison, outputs_to_compare
from baton.handoffs.rules import Moments
from baton.handoffs.rules.comparing import FEWEST_RANKED, Compared
from baton.monitoring import changes as monitoring
from tests.rooms.handoffs.test_measures import IN_TWO_HOURS, agreed, handed_over
from tests.world import NOON, SYSTEM, World

PAGE = "/handoffs/comparison/"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _data(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR = tmp_path / "data"


def delivered(link: Any, late: int, n: int) -> None:
    """So many handoffs of a link, one a day, the first of them late."""
    for day in range(n):
        due = NOON - timedelta(days=day + 1)
        at = due + (HOUR if day < late else -HOUR)
        moments = Moments(requested_at=due - 9 * HOUR, due_at=due, delivered_at=at, accepted_at=at)
        changes.record_handoff(by=SYSTEM, at=NOON, link=link, moments=moments)


def compared(world: World) -> None:
    """Four links on which it goes as it goes, one of them with two handoffs only, both late."""
    delivered(world.laundry_ward, 1, 40)
    delivered(world.pharmacy_ward, 3, 40)
    delivered(world.lab_ward, 20, 40)
    delivered(world.ward_laundry, 2, 2)
    refresh_figures(by=SYSTEM, at=NOON)


def test_counts_come_from_the_stored_figures(world: World) -> None:
    compared(world)
    found = comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.ON_TIME)
    told = {one.link.public_id: (one.right, one.n) for one in found.rows}
    assert told == {
        world.laundry_ward.public_id: (39, 40), world.pharmacy_ward.public_id: (37, 40),
        world.lab_ward.public_id: (20, 40), world.ward_laundry.public_id: (0, 2),
    }  # fmt: skip
    assert found.silent == 4
    perfect = comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.PERFECT)
    assert {(one.right, one.n) for one in perfect.rows} == {(39, 40), (37, 40), (20, 40), (0, 2)}
    assert comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.TIME).rows == []


def test_clauses_are_compared_by_what_they_measure(world: World) -> None:
    agreed(world, IN_TWO_HOURS)
    for days, hours in ((20, 1.0), (19, 3.0), (10, 1.5)):
        handed_over(world, days, hours)
    monitoring.refresh(by=SYSTEM, at=NOON)
    (row,) = comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.TIME).rows
    assert (row.link.public_id, row.right, row.n) == (world.laundry_ward.public_id, 2, 3)
    assert comparison(viewer=world.actor(world.he_jun), at=NOON, by=Compared.SHARE).rows == []


@pytest.mark.sqlite
def test_two_late_handoffs_put_a_link_in_no_place(world: World) -> None:
    compared(world)
    page = world.client(world.he_jun).get(PAGE)
    rows = page.context["rows"]
    assert [row["link"].public_id for row in rows] == [
        world.laundry_ward.public_id, world.pharmacy_ward.public_id, world.lab_ward.public_id,
    ]  # fmt: skip
    assert [row["link"].public_id for row in page.context["few"]] == [world.ward_laundry.public_id]
    text = page.content.decode()
    for words in ("Funnel plot", "Over-dispersed", "phi is", "Drawn to the mean", "Of 4 more links", "Too few to rank"):
        assert words in text, words
    picture = ElementTree.fromstring(str(page.context["picture"]))
    assert picture.get("role") == "img"
    assert not picture.findall(".//a"), "a picture holds nothing to be clicked"


def test_one_output_and_the_table(world: World) -> None:
    compared(world)
    director = world.client(world.he_jun)
    output = world.lab_ward.output.public_id
    assert "Nothing to compare yet" in director.get(f"{PAGE}?output={output}").content.decode()
    assert "Nothing to compare yet" in director.get(f"{PAGE}?by=value").content.decode()
    assert director.get(f"{PAGE}?output=nothing").status_code == 404
    assert director.get(f"{PAGE}?by=nonsense").status_code == 200
    answer = director.get(f"{PAGE}export.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert {row["n"]: row["Place from"] for row in rows}["2"] == ""
    assert {row["Link"] for row in rows} == {
        one.number for one in (world.laundry_ward, world.pharmacy_ward, world.lab_ward, world.ward_laundry)
    }
    assert outputs_to_compare(viewer=world.actor(world.he_jun), at=NOON) == []


@pytest.mark.sqlite
def test_only_links_in_sight_are_compared(world: World) -> None:
    compared(world)
    found = comparison(viewer=world.actor(world.he_ping), at=NOON, by=Compared.ON_TIME)
    assert found.rows == []
    assert world.client(world.tom_reed).get(PAGE).status_code == 403
    with pytest.raises(NotFound):
        comparison(
            viewer=world.actor(world.he_ping), at=NOON, by=Compared.ON_TIME, output=world.lab_ward.output.public_id
        )


def test_every_verdict_has_its_words() -> None:
    sides = {("usual", "")} | {(verdict, side) for verdict in ("warning", "alarm") for side in ("below", "above")}
    assert set(VERDICTS) == sides


def emergency(provider: str) -> NamedLink:
    """What a provider does for those who come."""

    def party(key: int, name: str, kind: PartyKind) -> PartyFact:
        return PartyFact(key, name, name, {"en": name}, {"en": name}, kind, f"/{name}/")

    care = OutputFact(1, "care", "O-1", {"en": "Seen within four hours"}, live=True)
    trust = party(1, provider, PartyKind.DEPARTMENT)
    return NamedLink(provider, provider, trust, party(2, "patient", PartyKind.OUTSIDE_CUSTOMER), care)


@pytest.mark.shared_data
def test_nhs_england_accident_and_emergency_names_its_over_dispersion(shared_data: Path) -> None:
    """NHS England, 2017: 89.0 % of attendances within four hours; providers differ by far more than chance."""
    read = pl.read_csv(shared_data / "nhs" / "ae_attendances_2016_2017.csv.gz", try_parse_dates=True)
    of_year = read.filter(pl.col("period").dt.year() == 2017)
    providers = of_year.group_by("org_code").agg(pl.col("attendances", "breaches").sum()).sort("org_code")
    rows = [ComparedLink(emergency(code), int(seen - late), int(seen)) for code, seen, late in providers.iter_rows()]
    shown = comparison_context(Comparison(Compared.ON_TIME, None, rows))
    assert shown["pooled"] == "89.0\N{NO-BREAK SPACE}%"
    assert shown["apart"]
    assert any(text.startswith("Wider limits do not explain a phi of") for text in shown["warnings"])
    ElementTree.fromstring(str(shown["picture"]))
    sizes = [row["n"] for row in shown["rows"]]
    assert min(sizes) >= FEWEST_RANKED
    assert min(sizes) not in (sizes[0], sizes[-1])
