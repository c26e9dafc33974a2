"""The course of handoffs: after each event, does the clock run, is it paused, has it stopped?

All handoffs at once: events stand in order, handoff after handoff, and a state is a comparison of places, "the latest
stop lies after the latest reopening".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.facts.handoffs.events import EVENT_KINDS
from baton_analysis.facts.handoffs.promises import Clock

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Events:
    """Events as :func:`baton_analysis.facts.handoffs.events.sorted_events` gives them, with the places at which
    handoffs begin and end.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        changes = (pl.col("subject") != pl.col("subject").shift(1)) | (pl.col("case") != pl.col("case").shift(1))
        changed = frame.select(changes.fill_null(True)).to_series().to_numpy()
        self.frame = frame
        self.at: Ints = frame["at"].dt.epoch("us").to_numpy().astype(np.int64)
        self.kind = frame["kind"].to_physical().to_numpy()
        self.begins: Ints = np.flatnonzero(changed)
        """Place of the first event of each handoff."""
        self.ends: Ints = np.append(self.begins[1:], len(changed)) - 1
        """Place of the last event of each handoff."""
        self.handoff: Ints = np.cumsum(changed) - 1
        """Number of the handoff of each event."""
        self.places: Ints = np.arange(len(changed))

    def are(self, *kinds: str) -> Flags:
        """Which events are of one of these kinds."""
        return np.isin(self.kind, [EVENT_KINDS.index(kind) for kind in kinds])

    def latest(self, flags: Flags) -> Ints:
        """Place of the latest flagged event of the same handoff, up to and with each event; -1 where there is none."""
        place = np.maximum.accumulate(np.where(flags, self.places, -1))
        return np.where(place >= self.begins[self.handoff], place, -1)

    def before(self, states: Flags) -> Flags:
        """The state before each event; False before the first of a handoff."""
        earlier = np.append(False, states[:-1])
        earlier[self.begins] = False
        return earlier


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """States of the clock after each event, and what they mean for each handoff.

    Attributes
    ----------
    running, paused
        After each event: whether time counts in principle, and whether a pause is in force. The clock goes on where it
        runs and is not paused.
    start
        Place of the event that started the clock of each handoff; -1: it never did.
    until
        Place of the event that stopped it for the last time; of the last event where it is open.
    open
        Whether it is open.
    reopenings
        How often it went on after a stop.
    idle
        Events that say nothing at their place: a stop before the start, a reopening of what is open.
    """

    running: Flags
    paused: Flags
    start: Ints
    until: Ints
    open: Flags
    reopenings: Ints
    idle: int


def course(events: Events, clock: Clock) -> Course:
    """Follow the events of all handoffs under one way of keeping time."""
    started = events.latest(events.are(clock.starts)) >= 0
    starting = started & ~events.before(started)
    halts = events.are("accepted") if clock.stops == "accepted" else events.are("delivered", "accepted")
    stops, returns = halts & started, events.are("reopened") & started
    closed = events.latest(stops) > events.latest(returns)
    stopping, reopening = closed & ~events.before(closed), events.before(closed) & ~closed
    is_open = ~closed[events.ends]
    until = np.where(is_open, events.ends, events.latest(stopping)[events.ends])
    running = started & ~closed
    if clock.while_closed == "runs":
        running = started & (is_open[events.handoff] | (events.places < until[events.handoff]))
    return Course(
        running=running,
        paused=_paused(events, stops, clock.pausing_reasons),
        start=events.latest(starting)[events.ends],
        until=until,
        open=is_open,
        reopenings=np.add.reduceat(reopening, events.begins, dtype=np.int64),
        idle=int((halts & ~started).sum() + (events.are("reopened") & ~reopening).sum()),
    )


def _paused(events: Events, stops: Flags, reasons: frozenset[str] | None) -> Flags:
    """Whether any pause is in force after each event. A stop ends all pauses."""
    begins, ends = events.are("paused"), events.are("resumed")
    if reasons is not None:
        begins &= events.frame["reason"].is_in(list(reasons)).fill_null(False).to_numpy()
    paused = np.zeros(len(begins), dtype=np.bool_)
    number = _reason_numbers(events, begins | ends)
    for one in np.unique(number[begins]):
        # What was paused without a reason goes on with any resumption; a resumption without a reason ends all pauses.
        ended = ends if one == 0 else ends & ((number == one) | (number == 0))
        paused |= events.latest(begins & (number == one)) > events.latest(ended | stops)
    return paused


def _reason_numbers(events: Events, named: Flags) -> npt.NDArray[np.int64]:
    """The reasons of each handoff numbered from 1, so that as many rounds are needed as one handoff has reasons; 0 is
    none.
    """
    numbers = np.zeros(len(named), dtype=np.int64)
    reasons = pl.DataFrame(
        {"handoff": events.handoff[named], "reason": events.frame["reason"].filter(pl.Series(named))}
    )
    if reasons["reason"].null_count() < len(reasons):
        ranked = reasons.select(pl.col("reason").rank("dense").over("handoff").fill_null(0)).to_series()
        numbers[named] = ranked.to_numpy()
    return numbers
