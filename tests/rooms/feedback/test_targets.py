"""What the results of a plan are to reach, what they reached, and findings that are opened beside a figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from baton.core.errors import Forbidden, Refused
from baton.feedback import changes
from baton.feedback.models import Finding, PlannedWave, PublishedCell, SurveyPlan, Wave
from baton.feedback.rules import WaveState, contents_of
from baton.feedback.rules.plans import Formula
from baton.feedback.rules.published import Figure, Grouping
from tests.rooms.feedback.answering import answered, drawn, published, spread
from tests.rooms.feedback.asked import cards, cast, document, written
from tests.rooms.feedback.plans import given, now, planned, tended
from tests.rooms.feedback.test_plans import page, sent
from tests.trust.test_bad_forms import errors
from tests.world import World

pytestmark = pytest.mark.django_db


def questions() -> Any:
    """A rating and an overall satisfaction."""
    raw = document()
    raw["sections"][0]["questions"].append({"key": "satisfied", "kind": "csat", "words": {"en": "All in all"}})
    return contents_of(raw)


def aimed(world: World, **given: Any) -> SurveyPlan:
    """A plan whose results are to have 80 % in the two highest answers."""
    plan = planned(world, questionnaire=written(world, contents=questions()))
    said = {"column": "satisfied", "formula": Formula.TOP2, "percent": 80.0, **given}
    return changes.set_target(by=world.actor(world.lin_mei), at=now(), plan=plan, **said)


def asked_on_cards(world: World, wave: Wave, answers: list[dict[str, int]], at: datetime | None = None) -> Wave:
    """The wave of a plan, opened, answered on cards and published."""
    wave = changes.open_wave(by=world.actor(world.lin_mei), at=at or now(), wave=wave)
    for token, one in zip(cards(world, wave, len(answers)), answers, strict=True):
        cast(wave, token, **one)
    return published(world, wave)


def satisfied(many: int, few: int) -> list[dict[str, int]]:
    """Sheets of ``many`` who are satisfied and ``few`` who are not."""
    return [{"on_time": 3, "satisfied": 4}] * many + [{"on_time": 3, "satisfied": 2}] * few


def results(world: World, wave: Wave, query: str = "") -> str:
    return text(world, f"/surveys/{wave.public_id}/results/{query}")


def text(world: World, path: str) -> str:
    """A page as the quality manager reads it, with plain spaces before units."""
    return world.client(world.lin_mei).get(path).content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_results_show_target_formula_and_what_was_reached_with_interval_and_n(world: World) -> None:
    plan = aimed(world)
    (wave,) = tended(now() + timedelta(days=4))
    asked_on_cards(world, wave, satisfied(18, 12))
    shown = results(world, wave)
    cell = PublishedCell.objects.get(wave=wave, column="satisfied", figure=Figure.SATISFIED, grouping=Grouping.WHOLE)
    assert (cell.value, cell.n) == (60.0, 90)
    for words in (
        "Target of the plan",
        "80.0 %",
        "60.0 %",
        "n = 90",
        f"95 % interval {cell.lower} to {cell.upper}",
        "Share of the two highest answers (top-2-box)",
        "not reached",
    ):
        assert words in shown, words
    # a group whose figure is hidden says so, and no figure
    few = results(world, wave, f"?link={world.lab_ward.public_id}&band=lead")
    assert "The figure is not shown here" in few
    assert plan.number in world.client(world.lin_mei).get("/surveys/plans/").content.decode()


@pytest.mark.parametrize(
    ("formula", "percent", "shown"),
    [(Formula.OF_HIGHEST, 60.0, "60.0 %"), (Formula.RESCALED, 50.0, "50.0 %")],
)  # fmt: skip
def test_the_same_mean_is_another_percentage_by_another_formula(
    world: World, formula: Formula, percent: float, shown: str
) -> None:
    aimed(world, column="on_time", formula=formula, percent=percent)
    (wave,) = tended(now() + timedelta(days=4))
    asked_on_cards(world, wave, [*satisfied(10, 0), *({"on_time": number, "satisfied": 4} for number in (1, 5) * 10)])
    said = results(world, wave)
    assert shown in said
    assert "reached" in said
    assert "Computed from the published mean" in said
    assert "The interval holds the target" in said


def test_an_opened_survey_keeps_its_target_and_one_in_preparation_takes_the_new_one(world: World) -> None:
    plan, by = aimed(world), world.actor(world.lin_mei)
    (wave,) = tended(now() + timedelta(days=4))
    changes.set_target(by=by, at=now(), plan=plan, column="satisfied", formula=Formula.TOP2, percent=70)
    assert PlannedWave.objects.get().target_percent == 70
    changes.open_wave(by=by, at=now(), wave=wave)
    changes.set_target(by=by, at=now(), plan=plan, column="satisfied", formula=Formula.TOP2, percent=60)
    assert PlannedWave.objects.get().target_percent == 70
    changes.drop_target(by=by, at=now(), plan=plan)
    plan.refresh_from_db()
    assert (plan.has_target, PlannedWave.objects.get().target_percent) == (False, 70)


def test_the_baseline_stands_beside_it_by_the_same_formula(world: World) -> None:
    asked = written(world, contents=questions())
    links = [world.laundry_ward, world.pharmacy_ward]
    before = published(world, drawn(world, satisfied(15, 15), links=links, questionnaire=asked))
    plan = planned(world, questionnaire=asked)
    lin = world.client(world.lin_mei)
    typed = {"column": "satisfied", "formula": "top2", "percent": "80", "baseline": before.public_id}
    sent(lin, page(plan, "target/"), **typed)
    plan.refresh_from_db()
    assert (plan.baseline, plan.target_percent) == (before, 80)
    assert "at least 80.0 %" in text(world, page(plan))
    (wave,) = tended(now() + timedelta(days=4))
    asked_on_cards(world, wave, satisfied(27, 3))
    said = results(world, wave)
    assert "At the baseline" in said
    assert "50.0 %" in said
    assert "90.0 %" in said


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("column", {"column": "on_time"}), ("column", {"column": "nothing"}), ("formula", {"formula": "guess"}),
        ("percent", {"percent": "0"}), ("percent", {"percent": "101"}), ("percent", {"percent": "many"}),
        ("percent", {"percent": ""}), ("baseline", {"baseline": "x"}),
    ],
)  # fmt: skip
def test_a_target_that_makes_no_sense_is_said_beside_the_field(world: World, field: str, typed: dict[str, str]) -> None:
    plan = planned(world, questionnaire=written(world, contents=questions()))
    said = {"column": "satisfied", "formula": "top2", "percent": "80", "baseline": "", **typed}
    answer = sent(world.client(world.lin_mei), page(plan, "target/"), **said)
    assert answer.status_code == 422
    assert field in errors(answer)
    plan.refresh_from_db()
    assert not plan.has_target


def test_a_baseline_asked_the_same_on_the_same_scale(world: World) -> None:
    plan, by = aimed(world), world.actor(world.lin_mei)
    other = published(world, drawn(world, spread(9), links=[world.laundry_ward]))
    with pytest.raises(Refused, match="or did not"):
        changes.set_target(
            by=by, at=now(), plan=plan, column="satisfied", formula=Formula.TOP2, percent=80, baseline=other
        )


def test_a_plan_with_a_target_takes_no_questionnaire_that_does_not_ask_it(world: World) -> None:
    plan = aimed(world)
    with pytest.raises(Refused) as refused:
        changes.change_plan(by=world.actor(world.lin_mei), at=now(), plan=plan, given=given(world))
    assert refused.value.field == "questionnaire"


def found_wave(world: World) -> Wave:
    return published(world, answered(world, {world.laundry_ward: spread(16), world.pharmacy_ward: spread(3)}))


def test_a_button_beside_a_figure_opens_a_finding_with_that_figure(world: World) -> None:
    wave = found_wave(world)
    Finding.objects.all().delete()
    lin = world.client(world.lin_mei)
    path = f"/surveys/findings/add/{wave.public_id}/?link={world.laundry_ward.public_id}&amp;column=on_time"
    of_link = results(world, wave, f"?link={world.laundry_ward.public_id}")
    assert path in of_link
    assert "Choose a supplier or a link above" in results(world, wave)
    assert "/surveys/findings/add/" not in results(world, wave)
    assert "/surveys/findings/add/" not in results(world, wave, f"?link={world.pharmacy_ward.public_id}")  # hidden
    path = path.replace("&amp;", "&")
    form = lin.get(path).content.decode()
    assert "on a scale from 1 to 5 (16 answers)" in form
    assert "What is handed over comes on time." in form
    answer = sent(lin, path, supplier=world.laundry.public_id, words_en="Linen is late")
    finding = Finding.objects.get()
    cell = PublishedCell.objects.get(
        wave=wave, column="on_time", grouping=Grouping.LINK, wave_link__link=world.laundry_ward
    )
    assert answer["Location"] == f"/surveys/findings/{finding.public_id}/"
    assert (finding.mean, finding.n, finding.low, finding.high) == (cell.value, 16, 1, 5)
    assert (finding.wave_link, finding.question) == (cell.wave_link, "on_time")
    after = results(world, wave, f"?link={world.laundry_ward.public_id}")
    assert finding.number in after
    assert "Open a finding" not in after
    again = sent(lin, path, supplier=world.laundry.public_id, words_en="Once more")
    assert (again.status_code, Finding.objects.count()) == (422, 1)
    assert finding.number in again.content.decode()


def test_only_published_means_of_that_supplier_go_into_a_finding(world: World) -> None:
    wave = found_wave(world)
    lin, by = world.client(world.lin_mei), world.actor(world.lin_mei)
    before = Finding.objects.count()
    path = f"/surveys/findings/add/{wave.public_id}/"
    for query in (
        f"?link={world.pharmacy_ward.public_id}&column=on_time",
        f"?link={world.laundry_ward.public_id}&column=x",
    ):
        assert lin.get(path + query).status_code == 404
    figure = PublishedCell.objects.get(wave=wave, column="on_time", grouping=Grouping.LINK, n=16)
    with pytest.raises(Refused, match="about others"):
        changes.add_finding(by=by, at=now(), wave=wave, supplier=world.pharmacy, words={"en": "Late"}, figure=figure)
    whole = PublishedCell.objects.get(wave=wave, column="on_time", grouping=Grouping.WHOLE)
    with pytest.raises(Refused, match="about others"):
        changes.add_finding(by=by, at=now(), wave=wave, supplier=world.laundry, words={"en": "Late"}, figure=whole)
    with pytest.raises(Forbidden):
        changes.add_finding(
            by=world.actor(world.zhao_lei), at=now(), wave=wave, supplier=world.laundry, words={"en": "Late"},
            figure=figure,
        )  # fmt: skip
    assert Finding.objects.count() == before
    shown = world.client(world.zhao_lei).get(f"/surveys/{wave.public_id}/results/?link={world.laundry_ward.public_id}")
    assert "/surveys/findings/add/" not in shown.content.decode()
    assert wave.state == WaveState.PUBLISHED
