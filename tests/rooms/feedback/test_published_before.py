"""A figure of a wave is held against those published before: who came or left is not computed from the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from baton.feedback import changes
from baton.feedback.changes import Asked
from baton.feedback.rules import Band, Way
from baton.feedback.rules.published import are_known
from tests.rooms.feedback.answering import people, published
from tests.rooms.feedback.asked import letters, opened, prepared, slip, written
from tests.rooms.feedback.test_publishing import cells, of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.feedback.models import Wave
    from tests.world import World

pytestmark = pytest.mark.django_db


def wave_of(world: World, links: Sequence[Link], crowd: Sequence[Person], *, silent: int = 0, **more: Any) -> Wave:
    """A published wave in which each of them was asked about all of these links, and all but the last few answered."""
    wave = prepared(world, links=links, **more)
    own = dict.fromkeys(wave.links.all(), Band.STAFF)
    changes.invite_people(
        by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave,
        asked=[Asked(one, own, Way.MAIL) for one in crowd],
    )  # fmt: skip
    wave = opened(world, wave)
    quiet = {one.pk for one in crowd[len(crowd) - silent :]}
    for letter in letters(world, wave):
        if letter.person.pk not in quiet:
            say(wave, letter.token, letter.person.pk)
    return published(world, wave)


def say(wave: Wave, token: str, number: int) -> None:
    """Hand in a sheet whose answers differ from person to person."""
    found = slip(wave, token)
    answers: dict[str, Any] = {link.public_id: {"on_time": 1 + number % 5} for link, _band in found.links}
    changes.cast_sheet(at=datetime.now(UTC), slip=found, answers={**answers, "": {"recommend": number % 11}})


@pytest.mark.parametrize(
    ("asked", "answered", "known"),
    [(10, 10, True), (10, 9, True), (20, 18, True), (20, 17, False), (8, 7, True), (8, 6, False), (5, 5, True),
     (0, 0, False), (40, 30, False)],
)  # fmt: skip
def test_who_answered_is_known_where_nearly_all_did_or_one_is_missing(asked: int, answered: int, known: bool) -> None:
    assert are_known(asked=asked, answered=answered) is known


def test_of_eight_one_was_silent_and_answers_the_next_time(world: World) -> None:
    crowd, link = people(8), world.laundry_ward
    first = wave_of(world, [link], crowd, silent=1)
    assert cells(first)[of(link)].n == 7
    second = wave_of(world, [link], crowd, questionnaire=first.questionnaire)
    assert cells(second)[of(link)].why == "protection"


def test_where_two_were_silent_nobody_knows_who_came(world: World) -> None:
    crowd, link = people(8), world.laundry_ward
    first = wave_of(world, [link], crowd, silent=2)
    second = wave_of(world, [link], crowd, silent=1, questionnaire=first.questionnaire)
    assert (cells(first)[of(link)].n, cells(second)[of(link)].n) == (6, 7)


def test_a_wave_between_in_which_the_figure_was_hidden_changes_nothing(world: World) -> None:
    crowd, link = people(9), world.laundry_ward
    first = wave_of(world, [link], crowd[:8])
    second = wave_of(world, [link], crowd, questionnaire=first.questionnaire)
    third = wave_of(world, [link], crowd, questionnaire=first.questionnaire)
    assert [cells(one)[of(link)].why for one in (first, second, third)] == ["", "protection", "protection"]


def test_a_copy_of_the_questionnaire_asks_the_same(world: World) -> None:
    crowd, link = people(9), world.laundry_ward
    wave_of(world, [link], crowd[:8])
    copy = wave_of(world, [link], crowd, questionnaire=written(world, name={"en": "A copy"}))
    assert cells(copy)[of(link)].why == "protection"


def test_who_comes_with_several_links_is_still_one_person(world: World) -> None:
    """Two more people bring six more answers about the three links of the ward."""
    links, crowd = [world.laundry_ward, world.pharmacy_ward, world.lab_ward], people(9)
    first = wave_of(world, links, crowd[:7])
    second = wave_of(world, links, crowd, questionnaire=first.questionnaire)
    assert cells(first)[()].n == 21
    assert {one.why for one in cells(second).values()} == {"protection"} | {"few"}


def test_questions_about_no_link_are_counted_by_people(world: World) -> None:
    links, crowd = [world.laundry_ward, world.pharmacy_ward], people(9)
    first = wave_of(world, links, crowd[:8])
    second = wave_of(world, links, crowd, questionnaire=first.questionnaire)
    found = [one.cells.get(column="recommend", grouping="whole") for one in (first, second)]
    assert [(one.n, one.why) for one in found] == [(8, ""), (None, "protection")]
