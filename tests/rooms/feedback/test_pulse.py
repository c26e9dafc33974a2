"""The pulse of those who work in a department stands beside what its internal customers say, both as published."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from baton.chain.changes import add_link
from baton.feedback.pages.dimensions import dimension_called
from baton.feedback.pages.pulse import pulse_shown, satisfaction_shown
from baton.feedback.queries.pulse import pulse_of
from baton.feedback.rules.library import library_set_of
from tests.rooms.feedback.answering import answered, published
from tests.rooms.feedback.asked import written
from tests.world import NOON, SYSTEM

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.feedback.models import Questionnaire, Wave
    from tests.world import World

NOW = datetime.now(UTC)
pytestmark = pytest.mark.django_db

PULSE = ("glad_to_come", "can_do_well", "of_use", "fairly_treated", "bearable", "in_a_year")


def begun(world: World, key: str) -> Questionnaire:
    like = library_set_of(key)
    assert like is not None
    return written(world, name=like.name, contents=like.contents)


def customers_say(world: World, count: int = 9) -> Wave:
    """What the Laundry says of Ward 3."""
    asked = begun(world, "internal_customer")
    overall = next(one.key for one in asked.contents.questions() if one.kind == "csat")
    said = [{overall: 1 + number % 5, "on_time": 1 + number % 5} for number in range(count)]
    return published(world, answered(world, {world.ward_laundry: said}, questionnaire=asked, prefix="c"))


def staff_say(world: World, count: int = 10, **alike: int) -> Wave:
    """What those who work on Ward 3 say, asked about what Nursing promised them; ``alike``: all say the same there."""
    link = add_link(by=SYSTEM, at=NOON, supplier=world.nursing, customer=world.ward, output={"en": "Backing"})
    said: list[dict[str, Any]] = [
        {**{key: 1 + (number + place) % 5 for place, key in enumerate(PULSE)}, **alike} for number in range(count)
    ]
    return published(world, answered(world, {link: said}, questionnaire=begun(world, "employee_pulse"), prefix="s"))


def shown(world: World, person: Person, path: str) -> str:
    answer = world.client(person).get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def of_ward(world: World, wave: Wave) -> str:
    return f"/surveys/{wave.public_id}/results/?supplier={world.ward.public_id}"


def test_the_set_of_the_library_is_one_dimension_with_a_name() -> None:
    like = library_set_of("employee_pulse")
    assert like is not None
    assert {one.key for one in like.contents.questions() if one.dimension == "pulse"} == set(PULSE)
    assert dimension_called("pulse") == "Employee pulse"


def test_pulse_and_satisfaction_stand_beside_each_other_on_results_and_on_the_party(world: World) -> None:
    wave, pulse = customers_say(world), staff_say(world)
    held = pulse_of(viewer=world.actor(world.lin_mei), at=NOW, party=world.ward)
    assert held is not None
    both = pulse_shown(held), satisfaction_shown(wave, wave.cells.filter(grouping="supplier"))
    assert [(one.value, one.n) for one in both if one] == [(3.0, 10), (2.8, 9)]
    for path in (of_ward(world, wave), f"/parties/{world.ward.public_id}/"):
        text = shown(world, world.lin_mei, path)
        for words in ("Internal customers, all in all", "Employee pulse", str(pulse)):
            assert words in text, path
    assert "Employee pulse" not in shown(world, world.lin_mei, f"/surveys/{wave.public_id}/results/")


@pytest.mark.parametrize(("count", "alike"), [(4, {}), (8, {"bearable": 5})])
def test_a_pulse_of_few_or_with_a_hidden_question_is_not_shown(
    world: World, count: int, alike: dict[str, int]
) -> None:  # fmt: skip
    wave = customers_say(world)
    staff_say(world, count, **alike)
    held = pulse_shown(pulse_of(viewer=world.actor(world.lin_mei), at=NOW, party=world.ward))
    assert held is not None
    assert (held.value, held.n) == (None, 0)
    text = shown(world, world.lin_mei, of_ward(world, wave))
    assert "not shown: fewer than 5 answers" in text or "not shown: protects others" in text


def test_whoever_does_not_see_the_figures_sees_no_pulse(world: World) -> None:
    staff_say(world)
    for person in (world.tom_reed, world.ivy_stone):
        assert pulse_of(viewer=world.actor(person), at=NOW, party=world.ward) is None


def test_without_a_pulse_nothing_is_said_of_it(world: World) -> None:
    wave = customers_say(world)
    assert "Employee pulse" not in shown(world, world.lin_mei, of_ward(world, wave))
