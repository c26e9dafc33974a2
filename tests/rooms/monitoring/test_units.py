"""Figures of what is measured as people read them: in their unit, with the digits that say something."""

from __future__ import annotations

import pytest

from baton.monitoring.pages.units import difference, digits_of, figure, scaled, unit_of

NB = "\u00a0"


@pytest.mark.parametrize(
    ("name", "value", "unit", "said"),
    [
        ("attainment", 0.9317, "", f"93.2{NB}%"), ("attainment", 1.0, "", f"100.0{NB}%"),
        ("attainment", 0.9997, "", f"99.97{NB}%"), ("attainment", 0.0, "", f"0.0{NB}%"),
        ("return_rate", 0.0004, "", f"0.04{NB}%"), ("defect_rate", 0.011706, "", "11.71 of 1000"),
        ("defect_rate", 3e-6, "", "0.0030 of 1000"), ("waiting_time", 5_400.0, "", f"1.5{NB}h"),
        ("measured_value", 0.01253, "mm", f"0.0125{NB}mm"), ("measured_value", -18.24, "°C", f"−18.2{NB}°C"),
        ("measured_value", 7.0, "", "7.00"), ("deliveries", 3.0, "", "3.0"),
    ],
)  # fmt: skip
def test_a_figure_stands_in_its_unit(name: str, value: float, unit: str, said: str) -> None:
    assert figure(name, value, unit) == said


def test_shares_lie_points_apart_and_others_in_their_unit() -> None:
    assert difference("attainment", 0.083) == "8.3 points"
    assert difference("defect_rate", 0.0021) == "2.10 of 1000"
    assert difference("measured_value", 0.4, "kg") == f"0.400{NB}kg"


def test_a_chart_is_drawn_in_the_unit_of_its_measure() -> None:
    assert unit_of("attainment", []) == (0.01, "%")
    assert unit_of("defect_rate", []) == (0.001, "per 1000")
    assert unit_of("measured_value", [], "mm") == (1.0, "mm")
    assert unit_of("deliveries", [], "mm") == (1.0, "")
    scale, _unit = unit_of("defect_rate", [])
    assert digits_of("defect_rate", [0.010, 0.012], scale) == 2
    assert scaled(0.011706, scale) == 11.706
    assert scaled(2.5e-9, 1.0) == 2.5e-9
    assert scaled(None, scale) is None
