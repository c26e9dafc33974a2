"""What clauses may say, how far they count, which steps a version takes, who signs, how versions compare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf, nan
from typing import Any

import pytest

from baton.agreements.rules import (
    EDITABLE,
    OF_CONTROL,
    OPEN,
    RATER,
    STEPS,
    Aspect,
    Changed,
    Direction,
    Hearing,
    Measure,
    Objection,
    Sampling,
    Side,
    SideHeard,
    Source,
    Standing,
    Taker,
    Terms,
    VersionState,
    aspects_of,
    bounds,
    compare,
    effective,
    enough,
    faults,
    is_expired,
    missing,
    needs_trial,
    next_states,
    objection,
    participation,
    settled,
    standing,
    taker_of,
)

LINEN = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "Clean linen is on the ward"}, aspect=Aspect.RELIABILITY,
    measure=Measure.TIME, unit="h", direction=Direction.AT_MOST, target=24.0, attainment=95.0, source=Source.HANDOFFS,
)  # fmt: skip
MEASURED = {"baseline_value": 26.0, "baseline_weeks": 4}
TODAY = date(2026, 6, 1)


def fields_refused(control: bool = False, **changed: Any) -> list[str]:
    return [fault.field for fault in faults(settled(replace(LINEN, **changed)), control=control)]


def test_a_whole_clause_has_no_faults_and_lacks_nothing() -> None:
    assert faults(LINEN) == []
    assert missing(LINEN) == ()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"measure": None, "attainment": None}, "measure"),
        ({"unit": "%"}, "unit"),
        ({"unit": "ppm"}, "unit"),
        ({"measure": Measure.VALUE, "unit": "µ" * 21, "target": None, "upper": 1.0}, "unit"),
        ({"direction": Direction.BETWEEN}, "direction"),
        ({"measure": Measure.RATING, "unit": "of_5", "target": 4.5, "attainment": None}, "direction"),
        ({"target": -1.0}, "target"),
        ({"target": inf}, "target"),
        ({"target": nan}, "target"),
        ({"measure": Measure.SHARE, "unit": "%", "target": 100.5, "attainment": None}, "target"),
        ({"attainment": 100.5}, "attainment"),
        ({"attainment": 0.0}, "attainment"),
        ({"attainment": nan}, "attainment"),
        ({"measure": Measure.COUNT, "unit": "1/month", "target": 2.0}, "attainment"),
        ({"upper": 3.0}, "upper"),
        ({"sampling": Sampling.SAMPLE}, "sample_size"),
        ({"sample_size": 20}, "sample_size"),
        ({"baseline_value": 20.0}, "baseline_weeks"),
        ({"baseline_weeks": 5}, "baseline_value"),
        ({**MEASURED, "baseline_from": TODAY, "baseline_until": date(2026, 5, 1)}, "baseline_until"),
        ({**MEASURED, "baseline_from": date(2026, 5, 25), "baseline_until": TODAY}, "baseline_weeks"),
        ({"aspect": Aspect.CLARITY}, "aspect"),
    ],
)
def test_contradictions_are_refused(changed: dict[str, Any], field: str) -> None:
    assert field in fields_refused(**changed)


VALUE = {"measure": Measure.VALUE, "unit": "°C", "direction": None, "target": None, "attainment": None}


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ({"lower": 2.0, "upper": 8.0, "target": 5.0}, []),
        ({"lower": 2.0, "upper": 8.0, "target": 9.0}, ["target"]),
        ({"lower": 2.0, "target": 1.0}, ["target"]),
        ({"upper": 8.0, "target": 8.0}, []),
        ({"lower": 8.0, "upper": 8.0}, ["upper"]),
    ],
)
def test_a_target_lies_within_its_limits(limits: dict[str, float], refused: list[str]) -> None:
    assert fields_refused(**{**VALUE, **limits}) == refused


@pytest.mark.parametrize(
    ("unit", "least", "most"), [("of_5", 1, 5), ("of_7", 1, 7), ("of_10", 0, 10), ("nps", -100, 100), ("top2", 0, 100)]
)
def test_a_rating_lies_on_its_scale(unit: str, least: float, most: float) -> None:
    assert bounds(Measure.RATING, unit) == (least, most)


def test_control_outputs_are_judged_by_clarity_speed_and_even_handedness() -> None:
    assert aspects_of(Side.SUPPLIER, control=True) == OF_CONTROL
    assert aspects_of(Side.CUSTOMER, control=True) == RATER
    assert aspects_of(Side.SUPPLIER, control=False) == RATER
    assert set(RATER) | set(OF_CONTROL) == set(Aspect)
    assert fields_refused(control=True) == ["aspect"]
    assert fields_refused(control=True, aspect=Aspect.SPEED) == []


def test_what_is_lacking_makes_a_clause_red() -> None:
    bare = Terms(owed_by=Side.CUSTOMER, characteristic={"en": "Tells of changes in time"})
    assert faults(bare) == []
    assert missing(bare) == ("measure", "unit", "direction", "target", "source")
    assert standing(bare, TODAY) is Standing.RED
    assert missing(replace(LINEN, source=Source.OTHER)) == ("source",)
    assert missing(replace(LINEN, source=Source.OTHER, source_note="the list at the door")) == ()
    assert missing(settled(replace(LINEN, **VALUE, upper=8.0))) == ()
    assert missing(replace(LINEN, **VALUE)) == ("target",)


def test_what_follows_is_filled_in() -> None:
    assert settled(replace(LINEN, attainment=None)).attainment == 100.0
    assert settled(replace(LINEN, **VALUE, lower=2.0, upper=8.0)).direction is Direction.BETWEEN
    share = replace(LINEN, measure=Measure.SHARE, unit="%", direction=None, attainment=None)
    assert (settled(share).direction, settled(share).attainment) == (None, None)


def test_without_four_measured_weeks_a_clause_is_on_trial() -> None:
    three = replace(LINEN, baseline_value=26.0, baseline_weeks=3)
    four = replace(LINEN, baseline_value=26.0, baseline_weeks=4)
    assert [needs_trial(one) for one in (LINEN, three, four)] == [True, True, False]
    assert [standing(one, TODAY) for one in (three, four)] == [Standing.ON_TRIAL, Standing.BINDING]
    tried = replace(three, trial_until=TODAY)
    assert [needs_trial(tried, first) for first in (None, TODAY, TODAY + timedelta(days=1))] == [False, False, True]
    assert standing(tried, TODAY) is Standing.ON_TRIAL
    assert standing(tried, TODAY + timedelta(days=1)) is Standing.BINDING


def test_the_life_of_a_version() -> None:
    assert taker_of(VersionState.PROPOSED, VersionState.DECLINED) is Taker.OTHER
    assert taker_of(VersionState.DRAFT, VersionState.ACTIVE) is None
    assert set(next_states(VersionState.ACTIVE)) == {
        VersionState.SUPERSEDED, VersionState.EXPIRED, VersionState.ENDED
    }  # fmt: skip
    over = set(VersionState) - OPEN - {VersionState.ACTIVE}
    assert all(next_states(state) == () for state in over)
    reached = {after for _before, after in STEPS}
    assert reached == set(VersionState) - {VersionState.DRAFT}
    assert EDITABLE < OPEN


def test_a_term_holds_on_its_last_day() -> None:
    assert not is_expired(TODAY, TODAY)
    assert is_expired(TODAY, TODAY + timedelta(days=1))
    assert not is_expired(None, TODAY)


BOTH = frozenset(Side)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"state": VersionState.DRAFT}, Objection.NOT_PROPOSED),
        ({"state": VersionState.CONSULTATION}, Objection.NOT_PROPOSED),
        ({"over": True}, Objection.OVER),
        ({"speaks_for": {Side.CUSTOMER}}, Objection.NOT_HIS),
        ({"speaks_for": set()}, Objection.NOT_HIS),
        ({"signed": {Side.SUPPLIER}}, Objection.SIGNED),
        ({"speaks_for": BOTH, "signed": {Side.CUSTOMER}, "signed_himself": {Side.CUSTOMER}}, Objection.OTHER_SIDE),
        ({"speaks_for": BOTH, "signed": {Side.CUSTOMER}}, None),
        ({"red": True}, Objection.RED),
        ({"hearing": Hearing([], 50, unanswered=1)}, Objection.UNANSWERED),
        ({"hearing": Hearing([SideHeard(Side.CUSTOMER, asked=4, spoke=1)], 50)}, Objection.TOO_FEW),
        ({"hearing": Hearing([SideHeard(Side.CUSTOMER, asked=4, spoke=2)], 50)}, None),
        ({"hearing": Hearing([SideHeard(Side.CUSTOMER)], 50)}, None),
        ({"hearing": Hearing([SideHeard(Side.CUSTOMER)], 50, needed=True)}, Objection.TOO_FEW),
    ],
)
def test_who_signs(given: dict[str, Any], expected: Objection | None) -> None:
    usual = {
        "state": VersionState.PROPOSED, "over": False, "red": False, "side": Side.SUPPLIER,
        "speaks_for": {Side.SUPPLIER}, "signed": frozenset(), "signed_himself": frozenset(),
        "hearing": Hearing([], 50),
    }  # fmt: skip
    assert objection(**{**usual, **given}) is expected


def test_versions_side_by_side() -> None:
    tighter = replace(LINEN, target=12.0, attainment=98.0)
    found = compare({"a": LINEN, "b": LINEN, "c": LINEN}, {"d": LINEN, "a": tighter, "b": replace(LINEN)})
    assert [(one.line, one.changed, one.fields) for one in found] == [
        ("d", Changed.ADDED, ()),
        ("a", Changed.CHANGED, ("target", "attainment")),
        ("b", Changed.SAME, ()),
        ("c", Changed.DROPPED, ()),
    ]


@dataclass
class Written:
    line: str
    deviates_from: str = ""
    dropped: bool = False


def test_deviations_replace_what_is_offered() -> None:
    offered = [Written("a"), Written("b"), Written("c")]
    own = [Written("x", "b"), Written("y", "c", dropped=True), Written("z")]
    assert [one.line for one in effective(offered, own)] == ["a", "x", "z"]


def test_enough_people_said_something() -> None:
    assert participation(invited=0, spoke=0) is None
    assert participation(invited=30, spoke=18) == 60.0
    assert enough(invited=30, spoke=18, minimum=60)
    assert not enough(invited=30, spoke=17, minimum=60)
    assert enough(invited=0, spoke=0, minimum=0)
    assert not enough(invited=0, spoke=0, minimum=50)
