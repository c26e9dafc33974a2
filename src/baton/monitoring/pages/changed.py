"""What the panel "what changed" says: how far level and volume moved, since when, and what happened at that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baton.core import formats
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.history import HistoryEntry
from baton.core.registries import Subject
from baton.core.texts import say
from baton.monitoring import queries
from baton.monitoring.forms import MEASURE_NAMES
from baton.monitoring.pages.charts import runs_in_words
from baton.monitoring.pages.units import digits_of, unit_of
from baton.monitoring.queries import Results
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    MEASURES,
    RECENT_WEEKS,
    RETURN_RATE,
    WAITING_TIME,
    WATCHED_RULES,
    Side,
    day_of_number,
    is_worse,
    number_of_day,
    week_name,
)

# Looking again within this time is the same visit.
A_VISIT = timedelta(minutes=30)
REMEMBERED = timedelta(days=180)
# What was recorded so long before or after a shift may have to do with it.
AROUND = timedelta(weeks=4)
MOST_EVENTS = 12


def changed_panel(viewer: Actor, subject: Subject, at: datetime) -> dict[str, Any] | None:
    """Sentences about level, returns and volume; new violations; what was recorded since the last visit and around the
    shift. None where nothing was ever measured."""
    results = queries.results_of(viewer=viewer, subject=subject)
    if not results.measures:
        return None
    visit = last_visit(viewer, subject, at)
    since = visit or at - timedelta(weeks=RECENT_WEEKS)
    # That a run opened a signal is said by the violations, with the rule.
    history = [
        entry
        for entry in queries.subject_history(viewer=viewer, subject=subject)
        if not (entry.kind == "signal" and entry.process)
    ]
    points = [point for name in results.measures if (point := _point(results, name)) is not None]
    return {
        "visit": visit,
        "since": since,
        "parts": [part for key in ("phase", "recent") if (part := _part(results, key)) is not None],
        "points": [point.words for point in points],
        "violations": _violations(results, number_of_day(since.date())),
        "events": [_event(entry) for entry in history if entry.at >= since][:MOST_EVENTS],
        "around": _around(history, points, since),
    }


def last_visit(viewer: Actor, subject: Subject, at: datetime) -> datetime | None:
    """When the viewer last looked at this panel, on a visit before this one; None: never, or nobody knows.

    It stands in the cache, which may be lost, and in no record: who looked at what is nobody's business.
    """
    if viewer.person is None:
        return None
    key = f"monitoring.visit.{viewer.person.public_id}.{subject.kind}.{subject.public_id}"
    before, latest = cache.get(key) or (None, None)
    if latest is None or at - latest > A_VISIT:
        before = latest
        cache.set(key, (before, at), REMEMBERED.total_seconds())
    return before


def _part(results: Results, key: str) -> dict[str, Any] | None:
    """One stretch of time beside another: what of it is said. ``key``: phase or recent."""
    said: list[dict[str, Any]] = []
    title = ""
    for name in MEASURES:
        compared = _compared(results, name, key)
        if compared is None:
            continue
        title = title or _title(results, name, key, compared["weeks"])
        said += [_moved(results, name, compared["level"])] if compared["level"] else []
        said += [_volume(compared["volume"])] if compared.get("volume") else []
    return {"title": title, "said": said} if said else None


def _compared(results: Results, name: str, key: str) -> Mapping[str, Any] | None:
    stored = results.measures.get(name)
    # What an earlier version computed does not have it; the next run computes it anew.
    changed = stored.result.get("changed") if stored is not None else None
    return changed[key] if changed is not None else None


def _title(results: Results, name: str, key: str, weeks: Sequence[int]) -> str:
    span = _("{first} to {last}")
    before, after = (span.format(first=week_name(one), last=week_name(other)) for one, other in (weeks[:2], weeks[2:]))
    if key == "phase":
        reasons = {note.week: note.reason for note in results.phases.get(name, [])}
        said = _("The last phase ({after}) beside the one before ({before})").format(after=after, before=before)
        # A phase may begin in a week without a value, so that its first one is a later one.
        begun = max((week for week in reasons if week <= weeks[2]), default=None)
        return said if begun is None else formats.labelled(said, reasons[begun])
    return _("The last weeks ({after}) beside those before in the phase ({before})").format(after=after, before=before)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """How a figure is called when it moved, and when nobody can tell that it did."""

    moved: str
    same: str


def _sentence(name: str) -> _Sentence:
    if name == RETURN_RATE:
        return _Sentence(
            moved=_("Returns moved from {before} to {after}."),
            same=_("Returns: no change that chance does not explain ({before}, now {after})."),
        )
    if name != WAITING_TIME:
        return _Sentence(
            moved=formats.labelled(MEASURE_NAMES[name], _("moved from {before} to {after}")),
            same=formats.labelled(
                MEASURE_NAMES[name], _("no change that chance does not explain ({before}, now {after})")
            ),
        )
    return _Sentence(
        moved=_("The wait moved from {before} to {after}."),
        same=_("Wait: no change that chance does not explain ({before}, now {after})."),
    )


def _moved(results: Results, name: str, compared: Mapping[str, Any]) -> dict[str, Any]:
    values = results.measures[name].result["values"]
    scale, unit = unit_of(name, values, results.unit)
    digits = digits_of(name, values, scale)
    moved = not compared["low"] <= 0 <= compared["high"]
    template = _sentence(name).moved if moved else _sentence(name).same

    def written(value: float) -> str:
        return f"{formats.number(value / scale, digits)}{formats.NO_BREAK}{unit}".rstrip()

    weeks = compared["method"] == "welch"
    behind = _("n = {before} and {after} weeks") if weeks else _("n = {before} and {after} handoffs")
    worse = is_worse(name, Side.ABOVE if compared["estimate"] > 0 else Side.BELOW)
    unit_of_difference = _("points") if unit == "%" else unit
    return {
        "words": template.format(before=written(compared["before"]), after=written(compared["after"])),
        "interval": _("difference {low} to {high} {unit}").format(
            low=formats.number(compared["low"] / scale, digits), high=formats.number(compared["high"] / scale, digits),
            unit=unit_of_difference,
        ).rstrip(),
        "n": behind.format(before=formats.number(compared["n_before"]), after=formats.number(compared["n_after"])),
        "status": ("signal" if worse else "kept") if moved else "unknown",
        "word": (_("Worse") if worse else _("Better")) if moved else _("No change"),
    }  # fmt: skip


def _volume(compared: Mapping[str, Any]) -> dict[str, Any]:
    moved = not compared["low"] <= 0 <= compared["high"]
    template = (
        _("Handoffs a week moved from {before} to {after}.")
        if moved
        else _("Handoffs a week: no change that chance does not explain ({before}, now {after}).")
    )
    before, after, low, high = (formats.number(compared[key], 1) for key in ("before", "after", "low", "high"))
    return {
        "words": template.format(before=before, after=after),
        "interval": _("difference {low} to {high}").format(low=low, high=high),
        "n": _("n = {before} and {after} weeks").format(before=compared["n_before"], after=compared["n_after"]),
        "status": "info" if moved else "unknown",
        "word": _direction(compared["estimate"]) if moved else _("No change"),
    }


def _direction(estimate: float) -> str:
    return pgettext("handoffs than before", "More") if estimate > 0 else pgettext("handoffs than before", "Fewer")


@dataclass(frozen=True, slots=True)
class _Point:
    """Since when the level of a chart is another one, by the figures alone."""

    week: int
    words: str


def _point(results: Results, name: str) -> _Point | None:
    found = _compared(results, name, "change_point")
    if found is None:
        return None
    values = results.measures[name].result["values"]
    scale, unit = unit_of(name, values, results.unit)
    digits = digits_of(name, values, scale)
    text = _(
        "{chart}: by the figures alone the level changed about {week} ({first} to {last}), from {before} to {after} "
        "{unit}."
    )
    said = text.format(
        chart=MEASURE_NAMES[name], week=week_name(found["week"]), first=week_name(found["first"]),
        last=week_name(found["last"]), before=formats.number(found["before"] / scale, digits),
        after=formats.number(found["after"] / scale, digits), unit=unit,
    )  # fmt: skip
    return _Point(found["week"], said)


def _violations(results: Results, since: int) -> list[dict[str, Any]]:
    """Rules violated in weeks that ended after day ``since``, for each chart."""
    found = []
    for name in MEASURES:
        stored = results.measures.get(name)
        if stored is None:
            continue
        weeks = {week_name(week) for week in stored.result["weeks"] if week + DAYS_A_WEEK > since}
        runs = [run for run in runs_in_words(stored.result, WATCHED_RULES) if run["last"] in weeks]
        if runs:
            found.append({"chart": MEASURE_NAMES[name], "runs": runs})
    return found


def _around(history: Sequence[HistoryEntry], points: Sequence[_Point], since: datetime) -> list[dict[str, Any]]:
    """What was recorded about the time of a shift, and is not said above."""
    near = [
        entry
        for entry in history
        if entry.at < since and any(abs(entry.at.date() - day_of_number(point.week)) <= AROUND for point in points)
    ]
    return [_event(entry) for entry in near[:MOST_EVENTS]]


def _event(entry: HistoryEntry) -> dict[str, Any]:
    """For the component ``timeline``: what happened, to which fields, why, who did it and when."""
    fields = [words.field(entry.kind, name) for name, values in entry.changed.items() if values and values[0]]
    process = _("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""
    said = [entry.detail.get("week", ""), formats.listing(fields), entry.reason]
    return {
        "title": words.action(entry.action),
        "icon": "dot",
        "at": entry.at,
        "who": say(entry.who) or process,
        "text": " · ".join(part for part in said if part),
    }
