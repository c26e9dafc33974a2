"""What promises along a chain come to, against hand calculation."""

from __future__ import annotations

import json
from datetime import date

import pytest

from baton_analysis.errors import MeasureError
from baton_analysis.facts.calendars import always_open, business_calendar
from baton_analysis.facts.handoffs import Target
from baton_analysis.measures.promise_chain import ChainStep, FinalPromise, promise_chain, supported
from baton_analysis.measures.yields import Step, path_yield

HOUR = 3600.0
OFFICE = business_calendar("UTC", {"mon-fri": [("09:00", "17:00")]})
DAY_AND_NIGHT = always_open("UTC")
A_MONDAY = date(2026, 1, 5)


def hours(count: float) -> Target:
    return Target(seconds=count * HOUR)


def steps_in_a_row() -> list[ChainStep]:
    return [
        ChainStep("order", hours(8), attainment=0.95, conforming=0.90),
        ChainStep("picking", hours(4), attainment=0.90, conforming=0.95),
        ChainStep("delivery", hours(6), attainment=0.98, conforming=0.98),
    ]


def test_times_add_up_and_each_step_has_its_share() -> None:
    """8 + 4 + 6 = 18 of 24 hours: a third, a sixth and a quarter are used, 6 hours are left."""
    chain = promise_chain(steps_in_a_row(), FinalPromise(hours(24), attainment=0.80))
    assert chain.seconds == 18 * HOUR
    assert chain.interval == (18 * HOUR, 18 * HOUR)
    assert chain.free_seconds == 6 * HOUR
    assert chain.fits == 1
    assert [step.share for step in chain.steps] == pytest.approx([1 / 3, 1 / 6, 1 / 4])
    assert [step.allowance for step in chain.steps] == pytest.approx([0.25, 0.5, 0.1])
    assert chain.contradictions == ()


def test_shares_have_three_answers() -> None:
    """Whatever depends on what: 1 - (.05 + .10 + .02) = .83; independent .95 x .90 x .98 = .8379; at best .90."""
    found = promise_chain(steps_in_a_row(), FinalPromise(hours(24), attainment=0.83)).attainment
    assert (found.lower, found.independent, found.upper) == pytest.approx((0.83, 0.8379, 0.90))
    assert found.verdict == "guaranteed"


def test_the_product_is_the_rolled_throughput_yield() -> None:
    rolled = path_yield([Step("order", 100, 90), Step("picking", 100, 95), Step("delivery", 100, 98)]).rolled
    chain = promise_chain(steps_in_a_row(), FinalPromise(hours(24), attainment=0.8, conforming=0.83))
    assert chain.conforming.independent == pytest.approx(rolled)
    assert chain.conforming.verdict == "guaranteed"


@pytest.mark.parametrize(
    ("promised", "verdict"),
    [(0.83, "guaranteed"), (0.835, "if_independent"), (0.8379, "if_independent"), (0.87, "if_together"),
     (0.90, "if_together"), (0.95, "impossible")],
)  # fmt: skip
def test_what_the_steps_say_of_a_share_at_the_end(promised: float, verdict: str) -> None:
    chain = promise_chain(steps_in_a_row(), FinalPromise(hours(24), attainment=promised))
    assert chain.attainment.verdict == verdict
    assert [one.kind for one in chain.contradictions] == (["attainment"] if promised > 0.8379 else [])
    assert bool(chain.warnings) == (verdict == "if_independent")


def test_nine_tenths_twice_are_eighty_one_hundredths() -> None:
    """In floating point they are 0.81000000000000005."""
    assert supported([0.9, 0.9], 0.81).verdict == "if_independent"
    assert supported([0.9, 0.9], 0.8).verdict == "guaranteed"


def test_a_step_that_promises_nothing_guarantees_nothing() -> None:
    found = supported([0.99, None], 0.5)
    assert (found.lower, found.upper, found.verdict, found.without) == (0, 0.99, "unknown", 1)
    assert supported([0.9, None], 0.95).verdict == "impossible"
    assert supported([None], 0.95).verdict == "unknown"
    assert supported([0.9], None).verdict == "unknown"


def test_too_little_time_at_the_end() -> None:
    chain = promise_chain(steps_in_a_row(), FinalPromise(hours(16), attainment=0.80))
    (one,) = chain.contradictions
    assert (one.kind, one.promised, one.supported) == ("time", 16 * HOUR, 18 * HOUR)
    assert one.notice.render() == "The steps before need 18 h of business time; 16 h are promised at the end."
    assert chain.free_seconds == -2 * HOUR


def test_side_by_side_the_longest_counts() -> None:
    """Linen (4 h) and instruments (6 h) begin together; packing (2 h) waits for both: 8 hours, linen has 2 to spare."""
    chain = promise_chain(
        [
            ChainStep("packing", hours(2), after=("linen", "instruments")),
            ChainStep("linen", hours(4), attainment=0.9, after=()),
            ChainStep("instruments", hours(6), attainment=0.9, after=()),
        ],
        FinalPromise(hours(10), attainment=0.8),
    )
    assert [step.name for step in chain.steps] == ["linen", "instruments", "packing"]
    assert chain.seconds == 8 * HOUR
    assert [step.critical for step in chain.steps] == [False, True, True]
    assert [step.slack_seconds for step in chain.steps] == [2 * HOUR, 0, 0]
    assert chain.attainment.lower == pytest.approx(0.8)
    assert chain.steps[2].after == ("linen", "instruments")


def test_two_ends_are_both_waited_for() -> None:
    chain = promise_chain(
        [ChainStep("linen", hours(4), after=()), ChainStep("instruments", hours(6), after=())], FinalPromise(hours(5))
    )
    assert (chain.seconds, chain.contradictions[0].kind) == (6 * HOUR, "time")


def test_notice_that_nobody_can_give() -> None:
    """24 hours at the end, 8 of them for delivery: picking can be told 16 hours before, and asks for 20."""
    steps = [ChainStep("picking", hours(8), lead_seconds=20 * HOUR), ChainStep("delivery", hours(8))]
    chain = promise_chain(steps, FinalPromise(hours(24)))
    (one,) = chain.contradictions
    assert (one.kind, one.step, one.promised, one.supported) == ("lead_time", "picking", 20 * HOUR, 16 * HOUR)
    assert promise_chain(steps, FinalPromise(hours(28))).contradictions == ()


def test_steps_without_a_time_make_the_sum_a_lower_bound() -> None:
    chain = promise_chain(
        [ChainStep("order"), ChainStep("delivery", hours(6))], FinalPromise(hours(24), attainment=0.9)
    )
    assert (chain.uncovered, chain.seconds) == (("order",), 6 * HOUR)
    assert chain.attainment.verdict == "unknown"
    assert "order" in chain.warnings[0].render()
    assert chain.steps[0].share is None


def test_a_chain_in_which_nothing_is_promised_has_no_sum() -> None:
    chain = promise_chain([ChainStep("order"), ChainStep("delivery")], FinalPromise())
    assert (chain.seconds, chain.interval, chain.fits, chain.promised_seconds) == (None, None, None, None)
    assert chain.uncovered == ("order", "delivery")
    assert json.loads(json.dumps(chain.to_dict(), allow_nan=False))["contradictions"] == []


def test_office_hours_against_day_and_night() -> None:
    """8 office hours are 8 hours from Monday 09:00, 24 from Monday 10:00 and 72 from Friday 10:00.

    Within 24 hours by day and night they pass if the work begins between Sunday 17:00 and Friday 09:00: that are
    7 + 4 x 24 + 10 = 113 of the 168 hours of the week.
    """
    chain = promise_chain(
        [ChainStep("office", hours(8), calendar=OFFICE)],
        FinalPromise(hours(24), calendar=DAY_AND_NIGHT),
        from_day=A_MONDAY,
    )
    assert chain.interval == (8 * HOUR, 72 * HOUR)
    assert chain.fits == pytest.approx(113 / 168)
    (one,) = chain.contradictions
    assert one.kind == "time_at_times"
    assert one.notice.render().startswith("From 32.7\u00a0% of the hours of the year on")


def test_a_promise_that_no_hour_of_the_year_allows() -> None:
    chain = promise_chain(
        [ChainStep("office", hours(9), calendar=OFFICE)],
        FinalPromise(hours(12), calendar=DAY_AND_NIGHT),
        from_day=A_MONDAY,
    )
    assert (chain.fits, chain.contradictions[0].kind) == (0, "time")


def test_business_days_are_measured_in_the_calendar_of_the_end() -> None:
    """By the close of the next business day: 8 office hours at the least, 16 at the most."""
    chain = promise_chain(
        [ChainStep("office", Target(days=1), calendar=OFFICE)],
        FinalPromise(hours(16), calendar=OFFICE),
        from_day=A_MONDAY,
    )
    assert chain.interval is not None
    assert chain.interval == (9 * HOUR, 16 * HOUR)
    assert chain.fits == 1


def test_times_of_different_calendars_are_not_just_added() -> None:
    chain = promise_chain(
        [ChainStep("office", hours(8), calendar=OFFICE), ChainStep("ward", hours(8), calendar=DAY_AND_NIGHT)],
        FinalPromise(hours(1), calendar=OFFICE),
    )
    assert chain.seconds is None
    assert chain.contradictions == ()
    assert "cannot be compared" in chain.warnings[0].render()
    unsaid = promise_chain([ChainStep("a", hours(8))], FinalPromise(hours(9), calendar=OFFICE), from_day=A_MONDAY)
    assert unsaid.seconds is None


@pytest.mark.parametrize(
    ("steps", "circle"),
    [
        ([ChainStep("A", after=("B",)), ChainStep("B", after=("C",)), ChainStep("C", after=("A",))], "→"),
        ([ChainStep("A", after=("A",))], "A → A"),
        ([ChainStep("A"), ChainStep("B"), ChainStep("A")], "A → B → A"),
    ],
)
def test_circular_inheritance_is_refused_with_the_circle(steps: list[ChainStep], circle: str) -> None:
    with pytest.raises(MeasureError, match="circular inheritance") as refused:
        promise_chain(steps, FinalPromise(hours(1)))
    assert circle in refused.value.render()
    assert refused.value.remedy


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [ChainStep("A", after=("elsewhere",))],
        [ChainStep("A", attainment=0)],
        [ChainStep("A", attainment=95)],
        [ChainStep("A", conforming=1.01)],
        [ChainStep("A", lead_seconds=-1)],
        [ChainStep(str(number)) for number in range(201)],
    ],
)
def test_what_is_no_chain_is_refused_with_a_remedy(steps: list[ChainStep]) -> None:
    with pytest.raises(MeasureError) as refused:
        promise_chain(steps, FinalPromise(hours(1)))
    assert refused.value.remedy
    assert "{" not in refused.value.render()
