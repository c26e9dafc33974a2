"""The charts of what a subject was measured as before, put in front of its own.

Nothing is computed anew: each part keeps the limits that were computed from its own facts, and is a phase of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baton.core.registries import Earlier
from baton.monitoring.models import StoredMeasure
from baton.monitoring.rules import monday_of, number_of_day

_BY_WEEK = ("weeks", "n", "values", "centre", "lcl", "ucl", "phase")
_RANGES = ("ranges", "range_centre", "range_ucl")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a joined chart. ``start`` is its first place among the points; ``earlier`` is None for the subject
    itself. ``overlaps``: it has weeks that stand in the part before it, too."""

    start: int
    earlier: Earlier | None
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A result in the form of :class:`StoredMeasure`, with the parts that it is made of."""

    result: dict[str, Any]
    parts: list[Part]


def joined(own: Mapping[str, Any] | None, before: Sequence[tuple[Earlier, StoredMeasure]]) -> Joined:
    """The results of ``before``, each up to the week in which it ended, and then the ``own`` one (None: there is none
    yet)."""
    stretches: list[tuple[Earlier | None, Mapping[str, Any]]] = [
        (earlier, _until(stored.result, monday_of(number_of_day(earlier.until)))) for earlier, stored in before
    ]
    stretches = [(earlier, result) for earlier, result in stretches if result["weeks"]]
    if own is not None:
        stretches.append((None, own))
    whole: dict[str, Any] = {name: [] for name in (*_BY_WEEK, *_RANGES)} | {
        "marks": [],
        "violations": {},
        "phase_weeks": [],
    }
    parts: list[Part] = []
    for earlier, result in stretches:
        start, phases = len(whole["weeks"]), max(whole["phase"], default=-1) + 1
        last = whole["weeks"][-1] if start else None
        parts.append(Part(start, earlier, last is not None and result["weeks"] and result["weeks"][0] <= last))
        for name in _BY_WEEK:
            whole[name] += [value + phases if name == "phase" else value for value in result[name]]
        for name in _RANGES:
            whole[name] += result.get(name) or [None] * len(result["weeks"])
        whole["marks"] += [start + mark for mark in result["marks"]]
        for rules, violations in result["violations"].items():
            moved = {str(start + int(place)): said for place, said in violations.items()}
            whole["violations"].setdefault(rules, {}).update(moved)
    return Joined({**(own or {"warnings": []}), **whole, "phase_weeks": _phase_weeks(own)}, parts)


def excerpt(result: Mapping[str, Any], first: int, last: int) -> dict[str, Any]:
    """The weeks from ``first`` to ``last`` (day numbers of Mondays) of a result, with the limits that it has."""
    start = sum(week < first for week in result["weeks"])
    end = sum(week <= last for week in result["weeks"])
    return {
        **result,
        **{name: result[name][start:end] for name in _BY_WEEK},
        "marks": [mark - start for mark in result["marks"] if start <= mark < end],
        "violations": {
            rules: {str(int(place) - start): said for place, said in found.items() if start <= int(place) < end}
            for rules, found in result["violations"].items()
        },
        "phase_weeks": [week for week in result["phase_weeks"] if week in result["weeks"][max(start, 1) : end]],
    }


def _phase_weeks(own: Mapping[str, Any] | None) -> list[int]:
    return list(own["phase_weeks"]) if own is not None else []


def _until(result: Mapping[str, Any], last_week: int) -> dict[str, Any]:
    """The weeks up to ``last_week`` (day number of its Monday), without those at the end in which nothing was."""
    kept = sum(week <= last_week for week in result["weeks"])
    while kept and result["values"][kept - 1] is None:
        kept -= 1
    return {
        **{name: result[name][:kept] for name in (*_BY_WEEK, *_RANGES) if name in result},
        "marks": [mark for mark in result["marks"] if mark < kept],
        "violations": {
            rules: {place: said for place, said in found.items() if int(place) < kept}
            for rules, found in result["violations"].items()
        },
    }
