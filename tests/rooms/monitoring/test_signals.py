"""The life of signals: opened by runs, answered by people, closed by themselves, opened again; and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from baton.chain.changes import end_link
from baton.core.changes import forget_person
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import AuditEntry, Notification
from baton.monitoring import changes, queries
from baton.monitoring.changes import judging, sorting
from baton.monitoring.models import Signal, StoredMeasure, UnsortedSubject
from baton.monitoring.pages.signals import shown
from baton.monitoring.queries import SignalFilters
from baton.monitoring.rules import RECENT_WEEKS, WAITING_TIME, Closing, Side, SignalState, expected_by_chance
from baton_analysis.measures.control_charts.many import ManyCharts
from baton_analysis.signals.chart_rules import WESTERN_ELECTRIC, find_flags
from tests.rooms.monitoring.bench import SYSTEM, Bench, Row, handover, year

if TYPE_CHECKING:
    from baton.core.models import Person
    from tests.world import World

AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
"""Two weeks after the last week of :func:`tests.rooms.monitoring.bench.year`."""

SINGLE = {"measure": WAITING_TIME, "side": Side.ABOVE}


def weeks(subject: str, worse: range | tuple[int, ...] = (), until: int = 52) -> list[Row]:
    """Waits of an hour, a bit more or less; of three hours in the ``worse`` weeks."""
    return [
        handover(subject, week, (10_800.0 if week in worse else 3_600.0) + 60 * (week % 3)) for week in range(until)
    ]


def run(at: datetime = AT) -> changes.Refreshed:
    return changes.refresh(by=SYSTEM, at=at)


def the_signal(**of: object) -> Signal:
    return Signal.objects.get(**(SINGLE | of))


@pytest.fixture
def linen(bench: Bench, world: World) -> Bench:
    """The waits of the laundry's linen treble in the last two weeks."""
    bench.put("log1", weeks(world.laundry_ward.measured_as, range(50, 52)))
    run()
    return bench


def test_a_violation_of_now_opens_a_signal_for_the_head_of_the_supplier(linen: Bench, world: World) -> None:
    signal = the_signal()
    assert (signal.state, signal.times, signal.severity) == (SignalState.NEW, 1, "strong")
    assert signal.owner == world.zhao_lei
    assert signal.number.startswith("S-2026-")
    opened = AuditEntry.objects.get(object_id=signal.public_id)
    assert (opened.action, opened.actor) == ("signal.opened", SYSTEM.id)
    assert not UnsortedSubject.objects.exists()
    stored = StoredMeasure.objects.get(name=WAITING_TIME)
    assert (signal.method, signal.version, signal.input_digest) == (stored.method, stored.version, stored.input_digest)
    assert len(stored.input_digest) == 64
    before = Signal.objects.count()
    changes.rebuild(by=SYSTEM, at=AT)
    assert Signal.objects.count() == before
    assert AuditEntry.objects.filter(object_id=signal.public_id).count() == 1, "a rebuild says nothing anew"


def test_what_was_violated_long_ago_opens_none(bench: Bench, world: World) -> None:
    bench.put("log1", weeks(world.laundry_ward.measured_as, range(25, 27)))
    run()
    assert not Signal.objects.exists()


def test_pairs_without_a_link_have_none_until_somebody_enters_it(bench: Bench, world: World) -> None:
    from baton.chain.changes import add_link

    pair = f"{world.stores.public_id}>{world.pharmacy.public_id}"
    bench.put("log1", weeks(pair, range(50, 52)))
    run()
    assert not Signal.objects.exists()
    link = add_link(by=SYSTEM, at=AT, supplier=world.stores, customer=world.pharmacy, output={"en": "Boxes"})
    run()
    assert the_signal().owner == world.he_ping
    end_link(by=SYSTEM, at=AT, link=link, ended_on=AT.date())
    run()
    assert the_signal().closing == Closing.GONE


def test_a_supplier_outside_has_the_head_of_the_customer_look(bench: Bench, world: World) -> None:
    bench.put("log1", weeks(world.linenco_laundry.measured_as, range(50, 52)))
    run()
    assert the_signal().owner == world.zhao_lei


def test_seen_explained_and_closed_each_with_who_and_why(linen: Bench, world: World) -> None:
    by, signal = world.actor(world.zhao_lei), the_signal()
    signal = changes.see_signal(by=by, at=AT, signal=signal, expected_seq=signal.changed_seq)
    assert signal.state == SignalState.SEEN
    with pytest.raises(Refused, match="what is behind the signal"):
        changes.explain_signal(by=by, at=AT, signal=signal, reason=" \u200b ")
    signal = changes.explain_signal(by=by, at=AT, signal=signal, reason="One machine broke")
    assert (signal.state, signal.reason, signal.said_by, signal.said_at) == (
        SignalState.EXPLAINED, "One machine broke", world.zhao_lei, AT,
    )  # fmt: skip
    with pytest.raises(Stale):
        changes.close_signal(by=by, at=AT, signal=signal, reason="Repaired", expected_seq=signal.changed_seq - 1)
    signal = changes.close_signal(by=by, at=AT, signal=signal, reason="Repaired")
    assert (signal.state, signal.closing) == (SignalState.CLOSED, Closing.PERSON)
    for act in (changes.explain_signal, changes.close_signal):
        with pytest.raises(Refused, match="closed already"):
            act(by=by, at=AT, signal=signal, reason="again")
    history = queries.signal_page(viewer=by, at=AT, public_id=signal.public_id).history
    said = [(entry.action, entry.reason) for entry in history]
    assert said == [
        ("signal.closed", "Repaired"), ("signal.explained", "One machine broke"), ("signal.seen", ""),
        ("signal.opened", ""),
    ]  # fmt: skip
    run()
    assert the_signal().state == SignalState.CLOSED, "the same violation goes on: what was said holds"
    signal = changes.reopen_signal(by=by, at=AT, signal=signal, reason="Not repaired after all")
    assert signal.state == SignalState.SEEN


def test_a_signal_closes_by_itself_when_the_process_is_well_again(linen: Bench, world: World) -> None:
    linen.put("log1", weeks(world.laundry_ward.measured_as, range(50, 52), until=57))
    run(AT + timedelta(weeks=5))
    signal = the_signal()
    assert (signal.state, signal.closing, signal.reason) == (SignalState.CLOSED, Closing.PASSED, "")
    with pytest.raises(Refused, match="closed by itself"):
        changes.reopen_signal(by=world.actor(world.lin_mei), at=AT, signal=signal, reason="no")


def test_a_signal_that_other_facts_do_not_show_says_so_and_comes_back_with_them(linen: Bench, world: World) -> None:
    linen.put("log1", weeks(world.laundry_ward.measured_as))
    run()
    assert the_signal().closing == Closing.UNDONE
    linen.withdraw("log1")
    linen.put("log2", weeks(world.laundry_ward.measured_as, range(50, 52)))
    run()
    signal = the_signal()
    assert (signal.state, signal.times, signal.closing) == (SignalState.NEW, 2, "")
    assert AuditEntry.objects.filter(object_id=signal.public_id, action="signal.reopened").count() == 1
    linen.withdraw("log2")
    run()
    assert the_signal().closing == Closing.GONE


def test_a_shift_that_lasts_is_one_signal_however_many_rules_and_weeks_see_it(bench: Bench, world: World) -> None:
    for until in range(49, 58):
        rows = [
            handover(world.laundry_ward.measured_as, week, 3_600.0 + 60 * (week % 3) + (130 if week >= 48 else 0))
            for week in range(until)
        ]
        bench.put("log1", rows)
        run(AT + timedelta(weeks=until - 52))
    signal = Signal.objects.get(side=Side.ABOVE)
    assert (signal.times, signal.state) == (1, SignalState.NEW)
    assert set(signal.rules.split()) == {"WE3", "WE4"}
    assert signal.began <= signal.week < signal.last_week
    assert [one["rule"] for one in signal.patterns] == signal.rules.split()
    assert AuditEntry.objects.filter(object_id=signal.public_id).count() == 1, "what it takes up is no entry"


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("act", "state", "times"), [("explain_signal", SignalState.EXPLAINED, 1), ("close_signal", SignalState.NEW, 2)]
)
def test_what_comes_before_the_process_has_returned_belongs_to_the_same_signal(
    linen: Bench, world: World, act: str, state: SignalState, times: int
) -> None:
    signal = getattr(changes, act)(by=world.actor(world.zhao_lei), at=AT, signal=the_signal(), reason="One machine")
    linen.put("log1", weeks(world.laundry_ward.measured_as, (50, 51, 53), until=54))
    run(AT + timedelta(weeks=2))
    fresh = the_signal()
    assert (fresh.pk, fresh.state, fresh.times) == (signal.pk, state, times)
    assert fresh.reason == "One machine", "what was said is remembered"


@pytest.mark.sqlite
@pytest.mark.parametrize("act", ["explain_signal", "close_signal", "see_signal"])
def test_what_comes_after_the_process_had_returned_is_another_signal(linen: Bench, world: World, act: str) -> None:
    said = {} if act == "see_signal" else {"reason": "One machine"}
    signal = getattr(changes, act)(by=world.actor(world.zhao_lei), at=AT, signal=the_signal(), **said)
    linen.put("log1", weeks(world.laundry_ward.measured_as, (50, 51, 56), until=57))
    run(AT + timedelta(weeks=5))
    first, second = Signal.objects.filter(**SINGLE).order_by("pk")
    assert (first.pk, first.state, first.times) == (signal.pk, SignalState.CLOSED, 1)
    assert (second.state, second.reason, second.times) == (SignalState.NEW, "", 1)
    assert second.number != first.number
    if act == "close_signal":
        with pytest.raises(Refused, match="There is a later one"):
            changes.reopen_signal(by=world.actor(world.lin_mei), at=AT, signal=first, reason="Look again")


@pytest.mark.sqlite
def test_a_turn_to_the_better_is_another_signal(linen: Bench, world: World) -> None:
    rows = weeks(world.laundry_ward.measured_as, range(50, 52), until=54)
    linen.put("log1", [row if place < 52 else (*row[:3], 600.0, row[4]) for place, row in enumerate(rows)])
    run(AT + timedelta(weeks=2))
    assert set(Signal.objects.values_list("side", "state")) == {("above", "new"), ("below", "new")}


def test_a_run_that_dies_before_the_signals_leaves_them_to_the_next(
    bench: Bench, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put("log1", weeks(world.laundry_ward.measured_as, range(50, 52)))

    def die(*args: object, **given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sorting, "_slice", die)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert not Signal.objects.exists()
    run()
    assert the_signal().state == SignalState.NEW


@pytest.mark.sqlite
def test_who_answers_a_signal(linen: Bench, world: World) -> None:
    signal = the_signal()
    may = {world.zhao_lei, world.wang_fang, world.zhou_min, world.lin_mei}
    for person in (*may, world.chen_jie, world.sun_yan, world.he_jun, world.wu_tao, world.ivy_stone, world.tom_reed):
        by = world.actor(person)
        try:
            changes.see_signal(by=by, at=AT, signal=signal)
            allowed = True
        except Forbidden:
            allowed = False
        assert allowed == (person in may), str(person)


def test_who_sees_a_signal(linen: Bench, world: World) -> None:
    signal = the_signal()

    def sees(person: Person) -> bool:
        viewer = world.actor(person)
        try:
            queries.signal(viewer=viewer, at=AT, public_id=signal.public_id)
        except NotFound:
            return False
        listed = queries.signals(viewer=viewer, at=AT, filters=SignalFilters()).object_list
        assert signal.pk in {row.signal.pk for row in listed}
        return True

    for person in (world.zhao_lei, world.chen_jie, world.he_jun, world.wu_tao):
        assert sees(person), str(person)
    for person in (world.ivy_stone, world.sun_yan, world.qian_li, world.he_ping):
        assert not sees(person), str(person)
    with pytest.raises(Forbidden):
        queries.signals(viewer=world.actor(world.tom_reed), at=AT, filters=SignalFilters())


def test_a_signal_is_given_to_somebody_who_may_see_it_and_hears_of_it(linen: Bench, world: World) -> None:
    by = world.actor(world.zhao_lei)
    with pytest.raises(Refused, match="not shared with Ivy Stone"):
        changes.give_signal(by=by, at=AT, signal=the_signal(), person=world.ivy_stone)
    signal = changes.give_signal(by=by, at=AT, signal=the_signal(), person=world.gao_ming, reason="It is his machine")
    assert signal.owner == world.gao_ming
    told = Notification.objects.get(person=world.gao_ming)
    assert told.address == f"/monitoring/signals/{signal.public_id}/"
    assert queries.waiting_signals(viewer=world.actor(world.gao_ming)) == 1
    changes.see_signal(by=world.actor(world.gao_ming), at=AT, signal=signal)
    assert queries.waiting_signals(viewer=world.actor(world.gao_ming)) == 0


def test_lists_are_filtered_searched_and_counted(linen: Bench, world: World) -> None:
    linen.put("log2", year(world.pharmacy_ward.measured_as, seed=1, worse_from=34))
    run()
    viewer = world.actor(world.lin_mei)

    def found(**filters: str) -> set[str]:
        rows = queries.signals(viewer=viewer, at=AT, filters=SignalFilters(**filters)).object_list
        return {str(row.about.name["en"]) for row in rows if row.about is not None}

    both = {"Laundry → Ward 3", "Pharmacy → Ward 3"}
    assert (
        found()
        == found(order="severity")
        == found(order="-state")
        == found(order="week")
        == found(order="number")
        == both
    )
    assert found(search="laundry") == {"Laundry → Ward 3"}
    assert found(search=the_signal(subject=world.laundry_ward.measured_as).number) == {"Laundry → Ward 3"}
    assert found(show="closed") == found(show="mine") == found(rule="WE9") == found(side="below") == set()
    assert found(severity="strong", measure="waiting_time", rule="WE1") == both
    counts = queries.counts_by_state(viewer=world.actor(world.xu_jing), at=AT)
    assert counts["new"] == Signal.objects.count()
    assert counts["mine"] == Signal.objects.filter(owner=world.xu_jing).count() > 0
    chance = queries.by_chance(viewer=viewer, at=AT)
    assert (chance.charts, chance.signals) == (3, 2), "the returns of the laundry vary too little to be judged"
    assert chance.expected == pytest.approx(3 * 0.025)
    end_link(by=SYSTEM, at=AT, link=world.pharmacy_ward, ended_on=AT.date())
    run()
    assert queries.by_chance(viewer=viewer, at=AT).charts == 1, "what is in force no more is not counted"


def test_as_many_signals_by_chance_as_the_rules_give() -> None:
    """20,000 charts in control, after 26 points that settle the patterns; a standard error of 0.0011."""
    values = np.random.default_rng(20261122).normal(0, 1, (20_000, 30))
    flags = find_flags(ManyCharts.of_limits(values, 0.0, 1.0), WESTERN_ELECTRIC)
    worse = (flags.any & (values > 0))[:, -RECENT_WEEKS:].any(axis=1)
    assert expected_by_chance(1) == pytest.approx(worse.mean(), abs=0.003)


def among_many(bench: Bench) -> None:
    """Bring signals up to date beside those of thirty more pairs in which nothing changes, as if there were links."""
    bench.put("others", [row for number in range(30) for row in year(f"a{number}>b", seed=number)])
    run()
    StoredMeasure.objects.update(standing=True)
    judging.judge_signals()


def test_signals_that_hold_over_all_charts_are_marked_and_the_costly_stand_first(linen: Bench, world: World) -> None:
    """Two points at 2.3 sigma: a rule sees them; among so many charts they may be chance."""
    slight = [
        handover(world.pharmacy_ward.measured_as, week, 3_825.0 if week >= 50 else 3_600.0 + 60 * (week % 3))
        for week in range(52)
    ]
    linen.put("log2", slight)
    among_many(linen)
    viewer = world.actor(world.lin_mei)
    rows = queries.signals(viewer=viewer, at=AT, filters=SignalFilters(side="above")).object_list
    costs = [row.signal.cost for row in rows]
    assert costs == sorted(costs, reverse=True)
    strong, weak = (
        the_signal(subject=world.laundry_ward.measured_as),
        the_signal(subject=world.pharmacy_ward.measured_as),
    )
    assert (strong.holds, weak.holds, weak.adjusted) == (True, False, None)
    assert 0 <= strong.adjusted < 0.05  # type: ignore[operator]
    assert strong.effect == pytest.approx(3_600, rel=0.1)
    assert (strong.handoffs, strong.cost) == (4, strong.effect * 4)
    holding = queries.signals(viewer=viewer, at=AT, filters=SignalFilters(holds=True)).object_list
    assert [row.signal.pk for row in holding] == [strong.pk]
    chance = queries.by_chance(viewer=viewer, at=AT)
    assert (chance.holding, chance.level) == (1, 0.05)


@pytest.mark.sqlite
@pytest.mark.parametrize(("returned", "rules"), [(2, []), (3, ["WE1"])])
def test_few_returns_among_few_handoffs_do_not_hold(
    bench: Bench, world: World, returned: int, rules: list[str]
) -> None:
    """Among ten, where one in fifty is usual. Two: near-normal p 0.00002, exactly 0.016, no alarm; three: 0.0009, an
    alarm that does not stand among those of many charts. Weeks without any are none."""
    subject = world.laundry_ward.measured_as
    bench.put("log1", [
        handover(subject, week, None, returned=number < (returned if week == 51 else week % 5 == 0), case=number)
        for week in range(52) for number in range(10)
    ])  # fmt: skip
    among_many(bench)
    found = Signal.objects.filter(subject=subject, measure="return_rate")
    assert [one.rules for one in found] == rules
    assert not any(one.holds for one in found)


def test_the_words_of_who_is_forgotten_go_also_where_others_answered_after_him(linen: Bench, world: World) -> None:
    signal, keeper = the_signal(), world.actor(world.lin_mei)
    changes.explain_signal(by=world.actor(world.zhao_lei), at=AT, signal=signal, reason="My back ached")
    changes.explain_signal(by=keeper, at=AT, signal=signal, reason="A machine broke")
    linen.put("log2", weeks(world.pharmacy_ward.measured_as, range(50, 52)))
    run()
    other = the_signal(subject=world.pharmacy_ward.measured_as)
    other = changes.give_signal(by=keeper, at=AT, signal=other, person=world.zhao_lei)
    changes.close_signal(by=world.actor(world.zhao_lei), at=AT, signal=other, reason="My knee, too")

    def said(one: Signal) -> list[str]:
        return [entry.reason for entry in queries.signal_page(viewer=keeper, at=AT, public_id=one.public_id).history]

    assert said(signal) == ["A machine broke", "", "My back ached", ""]
    forget_person(by=world.actor(world.sun_yan), at=AT, person=world.zhao_lei, reason="He asked")
    assert said(signal)[-4:] == ["A machine broke", "", "", ""]
    signal.refresh_from_db()
    assert signal.reason == "A machine broke"
    other.refresh_from_db()
    assert (other.state, other.closing, other.reason) == (SignalState.CLOSED, Closing.PERSON, "")
    assert "My knee" not in str(said(other))
    trail = " ".join(AuditEntry.objects.filter(kind="signal").values_list("body", flat=True))
    assert "My back" not in trail
    assert "A machine" not in trail
    row = queries.signal(viewer=keeper, at=AT, public_id=other.public_id)
    assert shown(row).said.endswith("(taken out: the author was forgotten)")
