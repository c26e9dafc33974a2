"""Charts of links, their phases and limits, signals, and who is told of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from baton.core.audit.trail import change
from baton.core.registries import Subject
from baton.monitoring import changes as monitoring
from baton.monitoring.models import PhaseStart, Signal, Specification, StoredMeasure
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, LINKS_OF_THE_WARD, NEAR_THE_WARD
from tests.world import NOON, SYSTEM, World

SEES_CHART = LINKS_ALL | NEAR_THE_WARD

READS: Reads = {
    **dict.fromkeys(("list_signals", "read_expected_signals", "list_signal_rules"), (EVERYBODY - GUESTS, {"": 403})),
    **dict.fromkeys(
        (
            "read_measures",
            "read_kept_promises",
            "list_phases",
            "list_limits",
            "read_capability",
            "read_signal",
            "list_signals_of_link",
            "list_violations",
        ),
        (SEES_CHART, {"tom_reed": 403, "": 404}),
    ),
    "read_monitoring_state": (frozenset({"lin_mei", "sun_yan", "wu_tao"}), {"": 403}),
}

WRITES: Writes = {
    **dict.fromkeys(
        ("see_signal", "explain_signal", "close_signal", "reopen_signal", "give_signal"),
        (LINKS_OF_THE_WARD, SEES_CHART, 404),
    ),
    **dict.fromkeys(
        ("start_phase", "correct_phase", "withdraw_phase", "say_limits", "withdraw_limits"),
        (frozenset({"lin_mei"}), SEES_CHART, 404),
    ),
    "add_signal_rule": (frozenset({"lin_mei", "sun_yan"}), EVERYBODY, 403),  # for the holders of a role
    "withdraw_signal_rule": (frozenset({"chen_jie", "lin_mei", "sun_yan"}), frozenset(), 404),
}


def made(world: World) -> Made:
    """Signals of the laundry's linen, new and closed, a rule of Chen Jie's, a phase and limits of its chart."""
    by = world.actor(world.lin_mei)
    closed = monitoring.close_signal(by=by, at=NOON, signal=signal_of(world, "above"), reason="Repaired")
    chen = world.chen_jie
    phase, limits = on_chart(world)
    return Made(
        own={
            "signals": signal_of(world, "below"),
            "signal-rules": monitoring.add_signal_rule(by=world.actor(chen), at=NOON, person=chen),
            "monitoring/links": world.laundry_ward,
            "kept-promises/links": world.laundry_ward,
        },
        of_call={"reopen_signal": closed},
        below={"{slug:phase}": phase, "{slug:limits}": limits},
        bodies={
            "see_signal": {"version": VERSION},
            "explain_signal": {"reason": "One machine broke", "version": VERSION},
            "close_signal": {"reason": "Repaired", "version": VERSION},
            "reopen_signal": {"reason": "Not repaired", "version": VERSION},
            "give_signal": {"person": world.gao_ming.public_id, "version": VERSION},
            "start_phase": {"measure": "waiting_time", "day": "2025-12-15", "reason": "New dryer"},
            "correct_phase": {"day": "2025-12-01", "reason": "New dryer", "why": "Earlier", "version": VERSION},
            "withdraw_phase": {"reason": "Wrong link", "version": VERSION},
            "say_limits": {"upper": 7_200, "began_on": "2026-01-05", "reason": "Agreed"},
            "withdraw_limits": {"reason": "Not agreed", "version": VERSION},
            "add_signal_rule": {"role": "director"},
            "withdraw_signal_rule": {"version": VERSION},
        },
    )


def on_chart(world: World) -> tuple[PhaseStart, Specification]:
    """A phase and limits of the waits of the laundry's linen, of which there is a chart of half a year."""
    from baton.monitoring.changes.charting import measure
    from baton.monitoring.changes.weekly import of_result

    weeks = [20_248 + 7 * week for week in range(30)]
    series = {"weeks": weeks, "n": [5] * 30, "values": [60.0 + week % 3 for week in range(30)], "breaks": []}
    chart = measure("waiting_time", of_result("waiting_time", series), [])
    subject = world.laundry_ward.measured_as
    StoredMeasure.objects.create(
        subject=subject, name="waiting_time", method=chart.method, version="1", computed_at=NOON, seq=0,
        health=chart.health, result=chart.result, recent=chart.recent, week=weeks[-1], heard=weeks[-1],
    )  # fmt: skip
    said: dict[str, Any] = {
        "by": SYSTEM, "at": NOON, "subject": Subject("link", world.laundry_ward.public_id, subject),
    }  # fmt: skip
    day = date(2025, 11, 3)
    phase = monitoring.start_phase(**said, measure="waiting_time", day=day, reason="Dryer")
    return phase, monitoring.specify(**said, began_on=day, upper=3_600.0, reason="Agreed")


def signal_of(world: World, side: str) -> Signal:
    """A signal on the waits of the laundry's linen, as a run opens it."""
    signal = Signal(
        number=f"S-2026-{side}", subject=world.laundry_ward.measured_as, measure="waiting_time", side=side,
        rule_set="western_electric", rules="WE1", severity="strong", began=20_000, week=20_000, last_week=20_000,
        patterns=[{"rule": "WE1", "name": "One point beyond {sigmas} sigma", "values": {"sigmas": "3"}}],
        opened_at=NOON,
    )  # fmt: skip
    with change(by=SYSTEM, at=NOON) as trail:
        return trail.save(signal, "signal.opened")
