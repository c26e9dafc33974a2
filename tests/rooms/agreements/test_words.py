"""What a clause says in words."""

from __future__ import annotations

from typing import Any

import pytest

from baton.agreements.pages.words import target_words, terms_sentence
from baton.agreements.rules import Direction, Measure, settled
from tests.rooms.agreements.made import BARE, LINEN, terms

AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "95 % within 24 business hours"),
        ({"attainment": None, "target": 1.0}, "every case within 1 business hour"),
        ({"direction": AT_LEAST, "unit": "working_d", "target": 2.0}, "95 % at least 2 working days ahead"),
        ({"measure": Measure.SHARE, "unit": "%", "target": 99.5, "direction": AT_LEAST},
         "at least 99.5 % of the cases"),
        ({"measure": Measure.SHARE, "unit": "%", "target": 100.0, "direction": AT_LEAST}, "all cases"),
        ({"measure": Measure.SHARE, "unit": "%", "target": 0.0, "direction": AT_MOST}, "none at all"),
        ({"measure": Measure.DEFECTS, "unit": "1/1000", "target": 2.0}, "at most 2 per 1,000 units"),
        ({"measure": Measure.COUNT, "unit": "1/month", "target": 2.0, "direction": AT_MOST}, "at most 2 per month"),
        ({"measure": Measure.RATING, "unit": "of_5", "target": 4.5, "direction": AT_LEAST}, "at least 4.5 of 5 points"),
        ({"measure": Measure.RATING, "unit": "nps", "target": 30.0, "direction": AT_LEAST},
         "a net promoter score of at least 30"),
        ({"measure": Measure.VALUE, "unit": "°C", "target": 5.0, "lower": 2.0, "upper": 8.0},
         "95 % from 2 to 8 °C, target 5 °C"),
        ({"measure": Measure.VALUE, "unit": "mm", "target": None, "upper": 0.25}, "95 % at most 0.25 mm"),
    ],
)  # fmt: skip
def test_a_target_reads_as_people_say_it(changed: dict[str, Any], said: str) -> None:
    assert target_words(settled(terms(LINEN, **changed))) == said


def test_a_clause_without_a_target_is_its_characteristic() -> None:
    assert terms_sentence(BARE) == "Linen smells fresh"
    assert terms_sentence(LINEN) == "Clean linen is on the ward: 95 % within 24 business hours"
