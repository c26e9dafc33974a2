"""The pulse of those who work in a department beside what its internal customers say, each from published figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from baton.feedback.models import PublishedCell, Wave
from baton.feedback.pages.results import why_hidden
from baton.feedback.queries.pulse import Pulse
from baton.feedback.rules import Kind, scored_of
from baton.feedback.rules.published import Figure


@dataclass(frozen=True, slots=True)
class Beside:
    """One of the two: a mean on its scale with the fewest answers behind it, and the survey; ``hidden`` says why there
    is none."""

    wave: Wave
    value: float | None
    n: int
    low: int
    high: int
    hidden: str = ""


def pulse_shown(pulse: Pulse | None) -> Beside | None:
    """The mean of the published figures of the pulse; hidden where one of them is, or where they have no one scale."""
    if pulse is None:
        return None
    first = pulse.columns[0]
    same = all((one.low, one.high) == (first.low, first.high) for one in pulse.columns)
    values = [one.value for one in pulse.cells if one.value is not None]
    if not same or len(values) < len(pulse.columns):
        why = next((one.why for one in pulse.cells if one.why), "")
        return Beside(pulse.wave, None, 0, first.low, first.high, why_hidden(why, pulse.wave))
    n = min(one.n or 0 for one in pulse.cells)
    return Beside(pulse.wave, round(sum(values) / len(values), 1), n, first.low, first.high)


def satisfaction_shown(wave: Wave, cells: Iterable[PublishedCell]) -> Beside | None:
    """What customers say all in all of a supplier, from the published figures of a group about it; None where that was
    not asked."""
    asked = next((one for one in scored_of(wave.contents) if one.question.kind is Kind.CSAT), None)
    if asked is None:
        return None
    held = next((one for one in cells if one.column == asked.key and one.figure == Figure.MEAN), None)
    if held is None or held.value is None:
        return Beside(wave, None, 0, asked.low, asked.high, why_hidden(held.why if held else "", wave))
    return Beside(wave, held.value, held.n or 0, asked.low, asked.high)
