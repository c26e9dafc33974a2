"""What is published of a closed wave, and that nothing about few people can be computed from it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import baton.feedback
from baton.core.errors import Refused
from baton.core.models import AuditEntry
from baton.feedback import changes
from baton.feedback.changes.published_before import key_of
from baton.feedback.models import AnswerSheet, PublishedCell, SurveyComment, Wave
from baton.feedback.rules import WaveState
from baton.feedback.rules.published import COLUMNS, Grouping, cube_of
from baton.feedback.rules.questions import About
from baton_analysis.measures.disclosure import audit_cells
from tests.rooms.feedback.answering import answered, drawn, published, ratings, spread
from tests.rooms.feedback.asked import all_answered, closed, opened
from tests.world import World

pytestmark = pytest.mark.django_db


def cells(wave: Wave, column: str = "on_time") -> dict[tuple[tuple[str, str], ...], PublishedCell]:
    """The cells of a column by key."""
    rows = PublishedCell.objects.filter(wave=wave, column=column, figure="mean")
    return {key_of(one): one for one in rows}


def of(link: object) -> tuple[tuple[str, str], ...]:
    """The key of the cell of a link."""
    return (("link", str(getattr(link, "public_id", ""))),)


def test_figures_of_enough_answers_are_shown_with_n_and_interval(world: World) -> None:
    given = {world.laundry_ward: spread(12), world.pharmacy_ward: spread(9)}
    wave = published(world, answered(world, given))
    assert (wave.state, wave.published_at is not None) == (WaveState.PUBLISHED, True)
    found = cells(wave)
    whole = found[()]
    assert (whole.n, whole.why, whole.method) == (21, "", "widest_spread")
    link = found[of(world.laundry_ward)]
    assert (link.n, link.value) == (12, round(sum(one["on_time"] for one in spread(12)) / 12, 1))
    assert link.lower is not None
    assert link.upper is not None
    assert link.value is not None
    assert 1 <= link.lower < link.value < link.upper <= 5


def test_from_thirty_answers_on_their_spread_says_how_far_a_mean_goes(world: World) -> None:
    wave = published(world, answered(world, {world.laundry_ward: spread(22), world.pharmacy_ward: spread(10)}))
    found = cells(wave)
    assert found[()].method == "student"
    few, many = found[of(world.pharmacy_ward)], found[of(world.laundry_ward)]
    assert {few.method, many.method} == {"student_pooled"}
    assert (few.upper or 0) - (few.lower or 0) > (many.upper or 0) - (many.lower or 0)


def test_few_answers_are_hidden_and_so_is_what_would_give_them_away(world: World) -> None:
    given = {world.laundry_ward: spread(3), world.pharmacy_ward: spread(9), world.lab_ward: spread(20)}
    found = cells(published(world, answered(world, given)))
    assert found[of(world.laundry_ward)].why == "few"
    assert found[of(world.laundry_ward)].n is None
    # The three are all answers less those of the two other links: one of these is hidden too.
    assert found[of(world.pharmacy_ward)].why == "protection"
    assert found[of(world.lab_ward)].n == 20


def test_five_answers_of_one_mind_are_hidden_as_protection(world: World) -> None:
    given = {world.laundry_ward: ratings(*[5] * 6), world.pharmacy_ward: spread(20)}
    found = cells(published(world, answered(world, given)))
    assert found[of(world.laundry_ward)].why == "protection"


def test_one_person_about_five_links_is_one_person(world: World) -> None:
    """Six links of one customer, two sheets each by the same two people, are twelve answers of two people."""
    links = [world.laundry_ward, world.pharmacy_ward, world.lab_ward]
    wave = published(world, drawn(world, spread(2), links=links))
    assert {one.why for one in cells(wave).values()} == {"few"}
    wave = published(world, drawn(world, spread(4), links=links))
    assert cells(wave)[()].why == "few"
    wave = published(world, drawn(world, spread(6), links=links))
    assert cells(wave)[()].n == 18


@pytest.mark.parametrize("sizes", [(3, 9, 20), (4, 5, 6), (12, 2, 2), (7, 7, 1), (30, 4, 4)])
def test_published_wave_passes_the_audit(world: World, sizes: tuple[int, ...]) -> None:
    links = (world.laundry_ward, world.pharmacy_ward, world.ward_laundry)
    given = {link: spread(size) for link, size in zip(links, sizes, strict=True)}
    assert audited(known_and_published(world, answered(world, given, leads=3)))


def test_two_waves_pass_the_audit_together(world: World) -> None:
    links = (world.laundry_ward, world.pharmacy_ward)
    first, first_known = known_and_published(
        world, answered(world, dict(zip(links, (spread(6), spread(12)), strict=True)))
    )
    all_answered(world)
    again = answered(
        world, dict(zip(links, (spread(5), spread(12)), strict=True)), prefix="s", questionnaire=first.questionnaire
    )
    second, second_known = known_and_published(world, again)
    # All who were asked had answered: who left would be the difference of the two.
    assert cells(second)[of(world.laundry_ward)].why == "protection"
    assert audited((first, first_known), (second, second_known))


def test_publishing_is_for_who_runs_waves_and_once(world: World) -> None:
    wave = closed(world, answered(world, {world.laundry_ward: spread(6)}))
    for person in (world.he_jun, world.wu_tao, world.sun_yan, world.wang_fang, world.tom_reed, world.ivy_stone):
        with pytest.raises(Refused) as refused:
            changes.publish_wave(by=world.actor(person), at=datetime.now(UTC), wave=wave)
        assert refused.value.status == 403
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    assert [one.pk for one in changes.publish_due(by=by, at=at)] == [wave.pk]
    assert AuditEntry.objects.filter(action="wave.published").count() == 1
    with pytest.raises(Refused):
        changes.publish_wave(by=by, at=at, wave=wave)
    assert changes.publish_due(by=by, at=at) == []


def test_an_open_wave_is_not_published(world: World) -> None:
    with pytest.raises(Refused):
        changes.publish_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=opened(world))


def test_comments_of_few_people_lose_their_link(world: World) -> None:
    given = {
        world.laundry_ward: [{**one, "better": "about linen"} for one in spread(11)],
        world.pharmacy_ward: [{**one, "better": "about doses"} for one in spread(2)],
        world.ward_laundry: [{**one, "better": "about sorting"} for one in spread(14)],
    }
    wave = published(world, answered(world, given))
    told = {one.words: one.wave_link_id is not None for one in SurveyComment.objects.filter(wave=wave)}
    # Two alone without a link would be known: the smallest of the others goes with them.
    assert told == {"about linen": False, "about doses": False, "about sorting": True}


def test_only_publishing_and_the_collectors_door_read_answers() -> None:
    """Structure: what pages, queries and interfaces read was published. Ballots are opened by their token, who answers
    by name reads his own sheet, and the share of those who answered is counted, in steps."""
    room = Path(baton.feedback.__file__).parent
    secret = {"AnswerSheet", "UrnSheet", "Ballot", "NamedSheet", "SurveyComment"}
    allowed = {
        "queries/ballots.py": {"Ballot"},
        "queries/named.py": {"NamedSheet"},
        "queries/waves.py": {"UrnSheet"},
        "queries/sheets.py": {"AnswerSheet"},
        "queries/results.py": {"SurveyComment"},
        "apps/records.py": {"NamedSheet", "SurveyComment"},
    }
    for file in room.rglob("*.py"):
        place = file.relative_to(room).as_posix()
        if place.split("/")[0] in {"changes", "models", "migrations"}:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}
        names |= {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
        imported = {one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
        assert (names | imported) & secret <= allowed.get(place, set()), place


Known = list[tuple[Any, ...]]


def known_and_published(world: World, wave: Wave) -> tuple[Wave, Known]:
    """The wave, closed and published, and its answers as they stood before: published ones say less."""
    over = closed(world, wave)
    rows = AnswerSheet.objects.filter(wave=over, wave_link__isnull=False).select_related(
        "wave_link__link__supplier", "wave_link__link__customer"
    )
    known = [
        (over.public_id, link.public_id, link.supplier.public_id, link.customer.public_id, sheet.band,
         sheet.answers["on_time"])
        for sheet in rows
        for link in [sheet.wave_link.link]  # type: ignore[union-attr]
    ]  # fmt: skip
    return changes.publish_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=over), known


def audited(*given: tuple[Wave, Known]) -> bool:
    """Whether nothing about few people can be computed from what was published of these waves together."""
    rows = [row for _wave, known in given for row in known]
    waves = [wave for wave, _known in given]
    names = ["wave", "link", "supplier", "customer", "band", "value"]
    table = pl.DataFrame(rows, schema=names, orient="row")
    shown = [(("wave", wave.public_id), *key) for wave in waves for key, one in cells(wave).items() if one.why == ""]
    cube = [["wave", *COLUMNS[Grouping(one)]] for one in cube_of(About.LINK, 3)]
    return audit_cells(table, cube, shown, value="value", low=1, high=5).safe
