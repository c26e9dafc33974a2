"""Events at the door: what is refused, what is put in order, and what is said about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from baton_analysis.errors import BatonError
from baton_analysis.facts.events import PROPOSED_MISSING, EventFacts, EventMapping, event_facts

START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday
MAPPING = EventMapping(case="case", party="team", time="time")


def log(*rows: tuple[str | None, str | None, float | None]) -> pl.DataFrame:
    """Rows of case, team, and hours after the start."""
    return pl.DataFrame(
        {
            "case": [row[0] for row in rows],
            "team": [row[1] for row in rows],
            "time": [None if row[2] is None else START + timedelta(hours=row[2]) for row in rows],
        },
        schema={"case": pl.String, "team": pl.String, "time": pl.Datetime("us", "UTC")},
    )


def sequence(facts: EventFacts) -> list[str | None]:
    """Case and party of each event in the order that was decided."""
    frame = facts.frame
    parties = [None if code is None else facts.parties[code] for code in frame["party"]]
    return [f"{facts.cases[case]}:{party}" for case, party in zip(frame["case"], parties, strict=True)]


def told(facts: EventFacts) -> str:
    return " ".join(notice.render() for notice in facts.notices)


def test_time_orders_events_and_the_file_orders_ties() -> None:
    facts = event_facts(log(("1", "B", 2), ("2", "X", 0), ("1", "A", 1), ("1", "C", 2)), MAPPING)
    assert sequence(facts) == ["1:A", "1:B", "1:C", "2:X"]
    assert "1 event has the same time" in told(facts)
    assert "1 event stands in the file before an earlier event" in told(facts)


def test_without_a_time_column_the_file_orders_events() -> None:
    facts = event_facts(log(("1", "B", 2), ("2", "X", 0), ("1", "A", 1)), EventMapping(case="case", party="team"))
    assert sequence(facts) == ["1:B", "1:A", "2:X"]
    assert "Without a time column" in told(facts)


def test_an_event_without_time_keeps_its_place_in_the_file() -> None:
    facts = event_facts(log(("1", "A", 5), ("1", "B", None), ("1", "C", 6), ("1", "D", 1)), MAPPING)
    assert sequence(facts) == ["1:D", "1:A", "1:B", "1:C"]
    assert facts.frame["at"].null_count() == 1
    assert "1 event has no time" in told(facts)


def test_missing_is_what_the_user_says() -> None:
    rows = log(("1", "A", 0), ("1", "?", 1), ("1", "", 2), ("1", "MISSING", 3), ("1", None, 4))
    as_written = event_facts(rows, MAPPING)
    assert as_written.parties.to_list() == ["A", "?", "", "MISSING"]
    declared = event_facts(rows, EventMapping(case="case", party="team", time="time", missing=PROPOSED_MISSING))
    assert declared.parties.to_list() == ["A"]
    assert declared.frame.height == 5
    assert "4 events have no party" in told(declared)


def test_events_without_a_case_are_counted() -> None:
    facts = event_facts(log(("1", "A", 0), (None, "B", 1)), MAPPING)
    assert (facts.events, facts.frame.height) == (2, 1)
    assert "1 event has no case" in told(facts)


def test_day_and_iso_week_are_those_of_the_zone() -> None:
    """Sunday 20:00 in UTC is Monday in Shanghai: another day and another ISO week."""
    rows = log(("1", "A", 6 * 24 + 12))
    utc, shanghai = event_facts(rows, MAPPING), event_facts(rows, MAPPING, zone="Asia/Shanghai")
    epoch = date(1970, 1, 1)
    assert epoch + timedelta(days=utc.frame["day"][0]) == date(2026, 3, 8)
    assert epoch + timedelta(days=utc.frame["week"][0]) == date(2026, 3, 2)
    assert epoch + timedelta(days=shanghai.frame["day"][0]) == date(2026, 3, 9)
    assert epoch + timedelta(days=shanghai.frame["week"][0]) == date(2026, 3, 9)


def test_days_before_1970_have_their_monday_too() -> None:
    rows = pl.DataFrame({"case": ["1"], "team": ["A"], "time": [datetime(1969, 12, 30, 12, tzinfo=UTC)]})
    frame = event_facts(rows, MAPPING).frame
    assert (frame["day"][0], frame["week"][0]) == (-2, -3)


def test_local_times_in_a_change_of_the_clock_are_told() -> None:
    """Berlin 2026: 02:30 never was on 29 March, and was twice on 25 October."""
    local = [datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30), datetime(2026, 6, 1, 12)]  # noqa: DTZ001
    rows = pl.DataFrame({"case": ["1"] * 3, "team": ["A", "B", "C"], "time": local})
    facts = event_facts(rows, MAPPING, zone="Europe/Berlin")
    assert facts.frame["at"].null_count() == 1
    assert "2 local times fall into a change of the clock" in told(facts)


def test_persons_get_pseudonyms_that_depend_on_the_key() -> None:
    rows, mapping = log(("1", "Anna", 0), ("1", "Bo", 1)), EventMapping("case", "team", party_kind="person")
    first = event_facts(rows, mapping, salt=b"one").parties.to_list()
    assert first == event_facts(rows, mapping, salt=b"one").parties.to_list()
    assert first != event_facts(rows, mapping, salt=b"two").parties.to_list()
    assert not {"Anna", "Bo"} & set(first)
    allowed = EventMapping("case", "team", party_kind="person", allow_persons=True)
    assert event_facts(rows, allowed).parties.to_list() == ["Anna", "Bo"]


@pytest.mark.parametrize(
    ("rows", "mapping", "zone", "says"),
    [
        (log(("1", "A", 0)), EventMapping(case="case", party="department"), "UTC", "“department”"),
        (log(), MAPPING, "UTC", "at least one event"),
        (log((None, "A", 0)), MAPPING, "UTC", "“case” must have at least one value"),
        (log(("1", None, 0)), MAPPING, "UTC", "“team” must have at least one value"),
        (log(("1", "A", 0)), EventMapping(case="case", party="team", time="team"), "UTC", "must hold times"),
        (log(("1", "A", 0), ("1", "B", 24 * 365.25 * 7_973)), MAPPING, "UTC", "between the years 2 and 9998"),
        (log(("1", "A", 0)), MAPPING, "Mars/Olympus", "IANA"),
        (log(("1", "A", 0)), EventMapping("case", "team", party_kind="person"), "UTC", "need a key"),
    ],
)
def test_refused_at_the_door(rows: pl.DataFrame, mapping: EventMapping, zone: str, says: str) -> None:
    with pytest.raises(BatonError) as refusal:
        event_facts(rows, mapping, zone=zone)
    assert says in str(refusal.value)
    assert refusal.value.remedy
