"""A published data set as a survey: 250 customers of mobile phone operators, 24 questions from 1 to 10 (ECSI), answered
on cards, closed and published. The figures are those that R gives (psych::alpha; see the folder of shared data)."""

from __future__ import annotations

import csv
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest

from baton.feedback.models import PublishedCell, PublishedStudy
from baton.feedback.rules import contents_of
from tests.rooms.feedback.answering import drawn, published
from tests.rooms.feedback.asked import written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import World

ALPHAS = {"imag": 0.714, "cuex": 0.433, "perq": 0.872, "perv": 0.817, "cusa": 0.770, "cusl": 0.442}
OUTCOME = "cusa1"


def _questionnaire(columns: list[str]) -> dict[str, Any]:
    """One section a dimension; the overall satisfaction is the outcome."""

    def question(name: str, dimension: str) -> dict[str, Any]:
        return {"key": name, "kind": "rating", "words": {"en": f"Item {name}"}, "low": 1, "high": 10,
                "dimension": dimension, "outcome": name == OUTCOME,
                "anchors": {"1": {"en": "Not at all"}, "10": {"en": "Fully"}}}  # fmt: skip

    return {
        "sections": [
            {"key": name, "title": {"en": name.upper()}, "questions": [question(one, name) for one in ones]}
            for name, ones in groupby(columns, key=lambda one: one.rstrip("0123456789"))
        ]
    }


@pytest.mark.django_db
def test_ecsi_mobile_phones_as_a_survey(world: World, shared_data: Path) -> None:
    with (shared_data / "surveys" / "mobi.csv").open(encoding="utf-8") as file:
        sheets = [{name.lower(): int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    asked = written(world, contents=contents_of(_questionnaire(list(sheets[0]))))
    wave = published(world, drawn(world, sheets, links=[world.laundry_ward], questionnaire=asked))

    means = {one.column: one for one in PublishedCell.objects.filter(wave=wave, grouping="whole")}
    for name in sheets[0]:
        assert (means[name].n, means[name].value) == (250, round(sum(one[name] for one in sheets) / 250, 1))

    studies = {(one.study, one.subject): one.result for one in PublishedStudy.objects.filter(wave=wave)}
    found = {subject: result for (study, subject), result in studies.items() if study == "reliability"}
    assert {name: round(result["alpha"], 3) for name, result in found.items()} == ALPHAS
    low = {name for name, result in found.items() if any("below" in one["message"] for one in result["warnings"])}
    assert low == {"cuex", "cusl"}
    assert all(len(result["items"]) >= 2 for result in found.values())

    drivers = studies[("drivers", OUTCOME)]
    assert drivers["n"] == 250
    assert sum(one["share"] for one in drivers["rows"]) == pytest.approx(1)
    assert all(one["share_lower"] <= one["share"] <= one["share_upper"] for one in drivers["rows"])
    assert drivers["interval"][0] < drivers["r_squared"] < drivers["interval"][1]
    assert drivers["rows"][0]["driver"] in {"perq", "cusa"}

    matrix = studies[("importance", "")]
    assert {one["name"] for one in matrix["rows"]} == {*ALPHAS, "cusco"}

    client = world.client(world.lin_mei)
    page = client.get(f"/surveys/{wave.public_id}/results/").content.decode()
    assert "Alpha is 0.43, below 0.70" in page
    assert "Alpha is 0.44, below 0.70" in page
