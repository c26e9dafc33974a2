"""What holds for every course of a handoff; the clock bugs of other systems, each a test that fails if we had it.

GLPI #6902: pauses were forgotten when a change of priority brought another promise. GLPI #24481: a promise was broken
while the clock was paused. GLPI #10594: pauses were counted around the clock, the rest in business hours. Zammad #3140:
a clock ran although the supplier had delivered. Zammad #5177: the promise for updates overruled the one for the first
answer. Helpdesk #1675: the due time did not move with a pause.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from baton_analysis.facts.calendars import business_calendar, due_at, net_seconds
from baton_analysis.facts.handoffs import EVENT_KINDS, Clock, Promise, Target, handoff_facts, handoff_schema

BERLIN = business_calendar(
    "Europe/Berlin",
    {"mon-fri": [("08:00", "12:00"), ("13:00", "17:00")], "sat": [("22:00", "04:00")]},
    holidays=[date(2026, 4, 3), date(2026, 4, 6)],
    makeup_days={date(2026, 3, 29): "mon"},
)
"""With a night shift into the Sunday on which clocks go forward, and that Sunday worked as a make-up day."""

START = datetime(2026, 3, 25, tzinfo=UTC)
HOUR = 3600.0
Event = tuple[str, datetime, str | None, str | None]

at_some_time = st.integers(0, 14 * 24 * 4).map(lambda quarter: START + timedelta(minutes=15 * quarter))
one_event = st.tuples(
    st.sampled_from([kind for kind in EVENT_KINDS if kind not in {"withdrawn", "priority_changed"}]),
    at_some_time,
    st.sampled_from([None, "customer", "parts"]),
    st.sampled_from([None, None, "high", "low"]),
)
courses = st.tuples(at_some_time, st.lists(one_event, max_size=9)).map(
    lambda drawn: sorted([("received", drawn[0], None, None), *drawn[1]], key=lambda event: event[1])
)
clocks = st.builds(
    Clock,
    stops=st.sampled_from(["delivered", "accepted"]),
    while_closed=st.sampled_from(["stands", "runs"]),
    pausing_reasons=st.sampled_from([None, frozenset({"customer"})]),
    priority=st.sampled_from(["last", "first", "strictest"]),
)
TARGETS = {"high": Target(seconds=4 * HOUR), "low": Target(days=2)}
END = START + timedelta(days=15)


def table(*handoffs: list[Event]) -> pl.DataFrame:
    rows = [("lab>ward", case, *event) for case, events in enumerate(handoffs) for event in events]
    return pl.DataFrame(
        [(subject, case, at, kind, reason, priority) for subject, case, kind, at, reason, priority in rows],
        schema={
            "subject": pl.String, "case": pl.Int64, "at": pl.Datetime("us", "UTC"), "kind": pl.String,
            "reason": pl.String, "priority": pl.String,
        },
        orient="row",
    )  # fmt: skip


def facts(*handoffs: list[Event], clock: Clock | None = None, as_of: datetime = END) -> pl.DataFrame:
    promise = Promise(BERLIN, Target(seconds=8 * HOUR), TARGETS, clock or Clock())
    return handoff_facts(table(*handoffs), promise, as_of=as_of).frame


def one(*events: Event, clock: Clock | None = None, as_of: datetime = END) -> dict[str, object]:
    return facts(list(events), clock=clock, as_of=as_of).row(0, named=True)


def net(start: datetime, end: datetime) -> float:
    return float(net_seconds(BERLIN, [start], [end])[0])


def at(day: int, hour: float, month: int = 3) -> datetime:
    """A moment of 2026 in Berlin's summer or winter time, in UTC."""
    offset = 1 if (month, day) < (3, 29) else 2
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - offset)


def event(kind: str, when: datetime, reason: str | None = None, priority: str | None = None) -> Event:
    return kind, when, reason, priority


def followed(course: list[Event], clock: Clock) -> tuple[float, float, bool, int]:
    """Net time, paused time, open, reopenings: one handoff, event by event, with a set of pauses in force."""
    elapsed = paused = held = held_paused = 0.0
    started = closed = False
    pauses: set[str | None] = set()
    reopenings = 0
    ends = [event[1] for event in course[1:]] + [END]
    for (kind, begin, reason, _), end in zip(course, ends, strict=True):
        started |= kind == clock.starts
        if kind == "paused" and (clock.pausing_reasons is None or reason in clock.pausing_reasons):
            pauses.add(reason)
        elif kind == "resumed":
            pauses -= pauses if reason is None else {reason, None}
        elif started and (kind == "accepted" or kind == clock.stops):
            pauses, closed = set(), True
        elif kind == "reopened" and closed:
            closed, reopenings = False, reopenings + 1
            if clock.while_closed == "runs":
                elapsed, paused = elapsed + held, paused + held_paused
        if not closed:
            held = held_paused = 0.0
        passes = net(begin, end) if started else 0.0
        if closed:
            held, held_paused = (held, held_paused + passes) if pauses else (held + passes, held_paused)
        elif pauses:
            paused += passes
        else:
            elapsed += passes
    return elapsed, paused, not closed, reopenings


@settings(max_examples=60)
@given(courses, clocks)
def test_all_at_once_is_what_one_after_the_other_gives(course: list[Event], clock: Clock) -> None:
    filler = [event("received", START), event("accepted", START + timedelta(days=3))]
    row = facts(filler, course, filler, clock=clock).row(1, named=True)
    elapsed, paused, is_open, reopenings = followed(course, clock)
    assert row["elapsed_seconds"] == pytest.approx(elapsed, abs=1e-6)
    assert row["paused_seconds"] == pytest.approx(paused, abs=1e-6)
    assert (row["open"], row["reopenings"]) == (is_open, reopenings)


@settings(max_examples=25)
@given(courses, clocks, st.randoms(use_true_random=False))
def test_time_is_never_negative_and_no_order_of_rows_matters(course: list[Event], clock: Clock, chance: object) -> None:
    course = list({event[1]: event for event in course}.values())  # one event a moment
    row = facts(course, clock=clock)
    assert_frame_equal(facts(list(reversed(course)), clock=clock), row)
    for elapsed, paused, start in row.select("elapsed_seconds", "paused_seconds", "started_at").iter_rows():
        assert elapsed >= 0
        assert paused >= 0
        assert elapsed + paused <= net(start, END)


@settings(max_examples=25)
@given(courses, clocks, at_some_time, st.lists(at_some_time, max_size=4))
def test_a_pause_may_be_chopped_and_is_the_same(
    course: list[Event], clock: Clock, begin: datetime, cuts: list[datetime]
) -> None:
    """A resumption and a new pause at one moment change nothing, however often."""
    paused = [*course, event("paused", begin, "customer")]
    chopped = [*paused]
    for cut in sorted(cuts):
        state = _paused_for_customer(sorted(chopped, key=lambda one: one[1]), cut, clock)
        if state:
            chopped += [event("resumed", cut, "customer"), event("paused", cut, "customer")]
    keys = ["elapsed_seconds", "paused_seconds", "open"]
    whole = facts(sorted(paused, key=lambda one: one[1]), clock=clock).select(keys)
    assert_frame_equal(facts(sorted(chopped, key=lambda one: one[1]), clock=clock).select(keys), whole)


def _paused_for_customer(course: list[Event], moment: datetime, clock: Clock) -> bool:
    """Whether the customer's pause, and none without a reason, is in force at the end of a moment."""
    pauses: set[str | None] = set()
    started = False
    for kind, when, reason, _ in course:
        if when > moment:
            break
        started |= kind == clock.starts
        if kind == "paused":
            pauses.add(reason)
        elif kind == "resumed":
            pauses -= pauses if reason is None else {reason, None}
        elif started and (kind == "accepted" or kind == clock.stops):
            pauses = set()
    return "customer" in pauses and None not in pauses


@settings(max_examples=25)
@given(courses, clocks, at_some_time, at_some_time)
def test_time_so_far_never_runs_back(course: list[Event], clock: Clock, first: datetime, second: datetime) -> None:
    early, late = (
        facts(course, clock=clock, as_of=moment).select("case", "elapsed_seconds") for moment in sorted([first, second])
    )
    for case, elapsed in early.iter_rows():
        assert late.row(by_predicate=pl.col("case") == case)[1] >= elapsed


@settings(max_examples=25)
@given(courses, clocks)
def test_a_table_of_an_earlier_moment_knows_nothing_of_later_events(course: list[Event], clock: Clock) -> None:
    moment = course[len(course) // 2][1]
    known = [event for event in course if event[1] <= moment]
    assert_frame_equal(facts(course, clock=clock, as_of=moment), facts(known, clock=clock, as_of=moment))


@settings(max_examples=30)
@given(courses, clocks)
def test_late_and_due_say_the_same(course: list[Event], clock: Clock) -> None:
    for row in facts(course, clock=clock).iter_rows(named=True):
        over = row["elapsed_seconds"] > row["target_seconds"]
        assert row["late"] == (over if not row["open"] or over else None)
        assert (row["net_seconds"] is None) == row["open"]
        if over:
            # At the moment when it was due, exactly the promised time had passed.
            then = facts(course, clock=clock, as_of=row["due_at"]).row(0, named=True)
            # That time ran on while it was closed is known only when it comes back.
            known = then["open"] or clock.while_closed == "stands"
            if known and then["target_seconds"] == row["target_seconds"]:
                assert then["elapsed_seconds"] == row["target_seconds"]
                assert not then["late"]
        if row["late"] is not None:
            assert row["lateness_seconds"] == row["elapsed_seconds"] - row["target_seconds"]


def test_glpi_6902_a_change_of_priority_keeps_the_pauses() -> None:
    """Eight hours of waiting for the customer stay out when the promise shrinks from 8 to 4 hours."""
    row = one(
        event("received", at(25, 8)),
        event("paused", at(25, 9)),
        event("priority_changed", at(25, 10), priority="high"),
        event("resumed", at(26, 9)),
        event("accepted", at(26, 11)),
    )
    assert (row["net_seconds"], row["paused_seconds"]) == (3 * HOUR, 8 * HOUR)
    assert (row["target_seconds"], row["late"]) == (4 * HOUR, False)


def test_glpi_24481_a_paused_clock_breaks_no_promise() -> None:
    paused = [event("received", at(25, 8)), event("paused", at(25, 9))]
    for days in (1, 5, 12):
        row = one(*paused, as_of=START + timedelta(days=days))
        assert (row["late"], row["elapsed_seconds"]) == (None, HOUR)


def test_glpi_10594_pauses_are_counted_in_the_same_calendar() -> None:
    """Paused from Friday 16:00 to Monday 09:00: 2 business hours, and Sunday's make-up day of 8, not 65 hours. The
    night shift into the Sunday lasts from 22:00 to 04:00, and of that the clock left out an hour.
    """
    row = one(
        event("received", at(27, 8)),
        event("paused", at(27, 16)),
        event("resumed", at(30, 9)),
        event("accepted", at(30, 10)),
    )
    assert row["paused_seconds"] == (2 + 5 + 8) * HOUR
    assert row["net_seconds"] == (7 + 1) * HOUR


def test_zammad_3140_no_clock_runs_after_the_delivery() -> None:
    """What is promised is the delivery: that the customer does not answer cannot make it late."""
    delivered = [event("received", at(25, 8)), event("delivered", at(25, 10))]
    row = one(*delivered, clock=Clock(stops="delivered"))
    assert (row["net_seconds"], row["late"], row["open"]) == (2 * HOUR, False, False)
    assert one(*delivered, clock=Clock(stops="accepted"))["open"] is True


def test_zammad_5177_two_promises_of_a_link_know_nothing_of_each_other() -> None:
    """The shorter promise for the delivery does not hasten the one for the acceptance."""
    events = table([event("received", at(25, 8)), event("delivered", at(25, 10)), event("accepted", at(25, 16))])
    quick = Promise(BERLIN, Target(seconds=HOUR), clock=Clock(stops="delivered"))
    slow = Promise(BERLIN, Target(seconds=8 * HOUR), clock=Clock(stops="accepted"))
    for promise, late in ((quick, True), (slow, False)):
        row = handoff_facts(events, promise, as_of=END).frame.row(0, named=True)
        assert row["late"] is late
    assert row["due_at"] == at(25, 17)


def test_helpdesk_1675_the_due_time_moves_with_a_pause() -> None:
    """Eight hours promised on Wednesday 08:00 are due at 17:00. Three hours of pause move it to Thursday 11:00."""
    received, pause = event("received", at(25, 8)), event("paused", at(25, 9))
    assert one(received, as_of=at(25, 9))["due_at"] == at(25, 17)
    resumed = one(received, pause, event("resumed", at(25, 12)), as_of=at(25, 14))
    assert resumed["due_at"] == at(26, 11)
    # While it is paused: due as if it went on now.
    assert one(received, pause, as_of=at(25, 11))["due_at"] == at(26, 10)
    assert resumed["at"] == resumed["due_at"]


def test_a_reopened_handoff_goes_on_where_it_stopped() -> None:
    course = [
        event("received", at(25, 8)),
        event("accepted", at(25, 10)),
        event("reopened", at(25, 15)),
        event("accepted", at(26, 9)),
    ]
    stood, ran = (one(*course, clock=Clock(while_closed=setting)) for setting in ("stands", "runs"))
    assert (stood["net_seconds"], ran["net_seconds"]) == (5 * HOUR, 9 * HOUR)
    assert (stood["late"], ran["late"]) == (False, True)
    assert (stood["returned"], stood["reopenings"]) == (True, 1)
    assert stood["at"] == at(26, 9)
    assert one(*course[:2], clock=Clock(while_closed="runs"))["net_seconds"] == 2 * HOUR
    assert one(*course[:3], as_of=at(25, 16))["elapsed_seconds"] == 3 * HOUR


@pytest.mark.parametrize(
    ("setting", "hours", "chosen"), [("last", 16, "low"), ("first", 8, None), ("strictest", 4, "high")]
)
def test_whose_promise_counts_after_a_change_of_priority(setting: str, hours: int, chosen: str | None) -> None:
    row = one(
        event("received", at(25, 8)),
        event("priority_changed", at(25, 9), priority="high"),
        event("priority_changed", at(25, 10), priority="low"),
        event("accepted", at(25, 16)),
        event("priority_changed", at(25, 16.5), priority="high"),
        clock=Clock(priority=setting),  # type: ignore[arg-type]
    )
    assert row["priority"] == chosen
    # Two business days from Wednesday 08:00 to Friday's close: 3 days of 8 hours.
    assert row["target_seconds"] == (24 if chosen == "low" else hours) * HOUR


def test_a_priority_that_was_over_before_the_start_was_never_in_force() -> None:
    row = one(
        event("requested", at(25, 8), priority="high"),
        event("priority_changed", at(25, 9), priority="low"),
        event("received", at(25, 10)),
        event("accepted", at(25, 11)),
        clock=Clock(priority="strictest"),
    )
    assert (row["priority"], row["target_seconds"]) == ("low", 22 * HOUR)


def test_what_is_used_up_when_a_pause_begins_was_due_then() -> None:
    course = [event("received", at(25, 8)), event("paused", at(25, 17)), event("resumed", at(26, 9))]
    assert one(*course, as_of=at(26, 10))["due_at"] == at(25, 17)


def test_only_agreed_reasons_pause_and_pauses_may_overlap() -> None:
    course = [
        event("received", at(25, 8)),
        event("paused", at(25, 9), "customer"),
        event("paused", at(25, 10), "parts"),
        event("resumed", at(25, 11), "customer"),
        event("resumed", at(25, 14), "parts"),
        event("accepted", at(25, 15)),
    ]
    assert one(*course)["net_seconds"] == 2 * HOUR
    assert one(*course, clock=Clock(pausing_reasons=frozenset({"customer"})))["net_seconds"] == 4 * HOUR
    assert one(*course, clock=Clock(pausing_reasons=frozenset()))["paused_seconds"] == 0


def test_day_and_week_are_those_of_the_calendars_zone() -> None:
    """Sunday 29 March 23:30 UTC is Monday 30 March in Berlin."""
    row = one(event("received", at(25, 8)), event("accepted", datetime(2026, 3, 29, 23, 30, tzinfo=UTC)))
    monday = (date(2026, 3, 30) - date(1970, 1, 1)).days
    assert (row["day"], row["week"]) == (monday, monday)


def test_what_is_left_out_is_said() -> None:
    events = table(
        [event("received", at(25, 8)), event("withdrawn", at(25, 9))],
        [event("accepted", at(25, 8))],
        [event("received", at(25, 8)), event("accepted", END + timedelta(days=1))],
        [event("received", at(25, 8)), event("paused", at(25, 9)), event("reopened", at(25, 9))],
    )
    made = handoff_facts(events, Promise(BERLIN), as_of=END)
    assert made.frame["case"].to_list() == [2, 3]
    assert made.frame["at"].null_count() == 2
    assert [notice.render() for notice in made.notices] == [
        "1 event lies after the moment of the table and is left out.",
        "1 handoff was withdrawn and is left out.",
        "1 handoff has no event that starts the clock; it is left out.",
        "1 open handoff is paused; its clock stands still.",
        "2 events say nothing at their place, such as a delivery before the start.",
    ]


def test_years_without_holidays_are_said() -> None:
    old = [event("received", datetime(2025, 12, 30, 9, tzinfo=UTC)), event("accepted", at(2, 9))]
    said = handoff_facts(table(old), Promise(BERLIN), as_of=END).notices[0].render()
    assert said == "No holidays are known for 2025: business time there may be too long."


def test_no_events_are_no_handoffs() -> None:
    assert facts().is_empty()
    assert facts().schema == pl.Schema(handoff_schema())


def test_links_with_calendars_of_their_own() -> None:
    night = business_calendar("Asia/Shanghai", {"mon-sun": [("20:00", "04:00")]})
    events = pl.concat([table([event("received", at(25, 8)), event("accepted", at(26, 8))])] * 2).with_columns(
        subject=pl.Series(["a>b", "a>b", "c>d", "c>d"])
    )
    made = handoff_facts(events, {"a>b": Promise(BERLIN), "c>d": Promise(night)}, as_of=END)
    assert made.frame["net_seconds"].to_list() == [8 * HOUR, 8 * HOUR]
    assert set(made.calendars) == {BERLIN.digest, night.digest}


def test_due_counts_back_over_a_pause_to_what_was_promised() -> None:
    row = one(event("received", at(27, 8)), event("paused", at(27, 9)), event("resumed", at(27, 11)), as_of=at(27, 12))
    due = row["due_at"]
    assert isinstance(due, datetime)
    assert net(at(27, 8), due) - 2 * HOUR == 8 * HOUR
    left = due_at(BERLIN, [at(27, 11)], 7 * HOUR)
    assert due == left.tolist()[0].replace(tzinfo=UTC)
