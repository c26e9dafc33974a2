"""In which unit, and with how many decimals, figures of a measure are written."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from django.utils.translation import gettext as _

from baton.core import formats
from baton.monitoring.rules import DEFECT_RATE, DEFINED, MEASURED_VALUE, WAITING_TIME, ChartKind

MOST_DIGITS = 9
PER = 1000
"""Rates are written for so many units."""


def unit_of(name: str, values: Sequence[float | None], own: str = "") -> tuple[float, str]:
    """The unit in which a chart reads best: what to divide by, and its sign. ``own``: the unit of a measured value."""
    chart = DEFINED[name].chart
    if chart is ChartKind.PROPORTIONS:
        return 0.01, "%"
    if chart is ChartKind.RATES:
        return 1 / PER, _("per 1000")
    if name != WAITING_TIME:
        return 1.0, own if name == MEASURED_VALUE else ""
    known = sorted(value for value in values if value is not None)
    middle = known[len(known) // 2] if known else 0.0
    if middle >= 2 * formats.DAY:
        return float(formats.DAY), _("d")
    if middle >= 2 * formats.HOUR:
        return float(formats.HOUR), _("h")
    return (float(formats.MINUTE), _("min")) if middle >= 2 * formats.MINUTE else (1.0, _("s"))


def scaled(value: float | None, scale: float) -> float | None:
    """A value in the unit of the chart."""
    return None if value is None else float(f"{value / scale:.9g}")


def digits_of(name: str, values: Sequence[float | None], scale: float = 1.0) -> int:
    """How many decimals the figures of a chart need: one of times, shares and counts; of rates and measured values, in
    whatever unit they are, so many that three digits of their range are left. ``scale``: what they are divided by."""
    known = [value / scale for value in values if value is not None]
    if DEFINED[name].chart not in (ChartKind.MEANS, ChartKind.RATES) or not known:
        return 1
    span = max(known) - min(known) or max(abs(value) for value in known)
    return min(MOST_DIGITS, max(1, 2 - floor(log10(span)))) if span else 1


def figure(name: str, value: float, unit: str = "") -> str:
    """One figure alone: a share in percent, a rate for a thousand units, a wait in the unit that fits, a measured value
    in its ``unit``, a count as it is."""
    if DEFINED[name].chart is ChartKind.PROPORTIONS:
        return formats.percent(value, _digits_of_share(value))
    if name == DEFECT_RATE:
        return _("{rate} of 1000").format(rate=formats.number(value * PER, _digits_of_rate(value * PER)))
    if name == WAITING_TIME:
        return formats.duration(value)
    if name == MEASURED_VALUE:
        return f"{formats.number(value, digits_of(name, [value]))}{formats.NO_BREAK}{unit}".rstrip()
    return formats.number(value, 1)


def interval(name: str, low: float, high: float) -> str:
    """From one figure of a share or a rate to another, with the unit once: ``63.1 to 74.6 %``."""
    if DEFINED[name].chart is ChartKind.PROPORTIONS:
        digits = max(_digits_of_share(low), _digits_of_share(high))
        bounds = (formats.number(bound * 100, digits) for bound in (low, high))
        return _("{low} to {high} %").format(low=next(bounds), high=next(bounds))
    digits = max(_digits_of_rate(low * PER), _digits_of_rate(high * PER))
    bounds = (formats.number(bound * PER, digits) for bound in (low, high))
    return _("{low} to {high} of 1000").format(low=next(bounds), high=next(bounds))


def difference(name: str, size: float, unit: str = "") -> str:
    """How far two figures lie apart: of shares in percentage points."""
    if DEFINED[name].chart is ChartKind.PROPORTIONS:
        points = formats.number(size * 100, _digits_of_share(size))
        return _("{points} points").format(points=points)
    return figure(name, size, unit)


def _digits_of_share(share: float) -> int:
    """One decimal of a percentage, and more where it is nearly all or nearly none: 99.97 % is not 100 %."""
    rest = min(share, 1 - share)
    return 1 if not 0 < rest < 0.001 else min(6, -floor(log10(rest * 100)))


def _digits_of_rate(rate: float) -> int:
    """Two decimals, and more of what is rarer than one in a thousand: a few of a million are not none."""
    return 2 if not 0 < rate < 1 else min(6, 1 - floor(log10(rate)))
