"""The phases of a chart: what holds, the form that says more, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from baton.core import formats
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.errors import Refused, explain
from baton.core.history import HistoryEntry
from baton.core.registries import Subject
from baton.core.texts import say
from baton.monitoring import queries
from baton.monitoring.changes import demand_sensible, phase_said
from baton.monitoring.forms import MEASURE_NAMES, CorrectPhaseForm, StartPhaseForm
from baton.monitoring.models import PhaseStart
from baton.monitoring.pages.previews import phase_preview
from baton.monitoring.queries import PhaseNote, Results
from baton.monitoring.rules import DAYS_A_WEEK, MEASURES, WAITING_TIME, day_of_number, week_name


def phase_rows(subject: Subject, notes: Sequence[PhaseNote]) -> list[dict[str, Any]]:
    """The phases that were said and hold."""
    names = [subject.kind, subject.public_id]
    return [
        {
            "week": week_name(note.phase.week),
            "reason": note.reason,
            "limits": limits_in_words(note),
            "who": note.declared_by or "",
            "at": note.recorded_at,
            "correct": reverse("monitoring:correct_phase", args=[*names, note.public_id]),
            "withdraw": reverse("monitoring:withdraw_phase", args=[*names, note.public_id]),
        }
        for note in notes
    ]


def phase_timeline(history: Sequence[tuple[str, HistoryEntry]]) -> list[dict[str, Any]]:
    """What was said about phases, for the component ``timeline``; withdrawn ones stand there, too."""
    icons = {"phase.started": "flag", "phase.corrected": "pencil", "phase.withdrawn": "undo-2"}
    return [
        {
            "title": formats.labelled(words.action(entry.action), MEASURE_NAMES[measure]),
            "icon": icons.get(entry.action, "dot"),
            "at": entry.at,
            "who": say(entry.who),
            "text": " · ".join(filter(None, [entry.detail.get("week", ""), entry.reason])),
        }
        for measure, entry in history
    ]


def limits_in_words(note: PhaseNote) -> str:
    """Where the limits of a phase come from."""
    if note.phase.limits_week is not None:
        return _("carried on from the phase of {week}").format(week=week_name(note.phase.limits_week))
    return _("from its first {weeks} weeks").format(weeks=note.phase.baseline_weeks)


def phase_form(
    subject: Subject, measure: str, result: Mapping[str, Any], notes: Sequence[PhaseNote]
) -> dict[str, Any] | None:
    """The form that starts a phase on a chart, with its addresses; None where the chart has no two weeks."""
    charted = charted_weeks(result)
    if len(charted) < 2:
        return None
    form = StartPhaseForm(auto_id=f"{measure}_%s", initial={"measure": measure}, **offered(charted, notes))
    return {
        "form": form,
        "address": reverse("monitoring:start_phase", args=[subject.kind, subject.public_id]),
        "preview": preview_address(subject, measure),
    }


def offered(charted: Sequence[int], notes: Sequence[PhaseNote]) -> dict[str, Any]:
    """What a form about a phase offers to choose from."""
    return {"limits": limit_choices(charted, notes) if charted else [], "weeks": charted}


def start_page(viewer: Actor, subject: Subject, measure: str, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The page that starts a phase on the chart of ``measure``; an unknown one means the first that there is."""
    results = queries.results_of(viewer=viewer, subject=subject)
    measure = (data or {}).get("measure") or measure
    if measure not in results.measures and data is None:
        measure = next((name for name in MEASURES if name in results.measures), WAITING_TIME)
    offers = _offered(results, measure)
    return {
        "form": StartPhaseForm(data, initial={"measure": measure}, **offers),
        "chart": MEASURE_NAMES.get(measure, ""),
        "preview_address": preview_address(subject, measure),
        "others": [
            (MEASURE_NAMES[name], f"{reverse('monitoring:start_phase', args=[subject.kind, subject.public_id])}"
             f"?{urlencode({'measure': name})}")
            for name in MEASURES if name in results.measures and name != measure
        ],
    }  # fmt: skip


def correct_page(viewer: Actor, subject: Subject, begun: PhaseStart, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """The page that corrects a phase."""
    results = queries.results_of(viewer=viewer, subject=subject)
    return {
        "form": CorrectPhaseForm(data, record=begun, **_offered(results, begun.measure, begun.public_id)),
        "chart": MEASURE_NAMES[begun.measure],
        "phase": begun,
        "week": week_name(begun.week),
        "preview_address": preview_address(subject, begun.measure, begun.public_id),
    }


def withdraw_page(viewer: Actor, subject: Subject, begun: PhaseStart) -> dict[str, Any]:
    """The page that withdraws a phase, with what the chart is without it."""
    results = queries.results_of(viewer=viewer, subject=subject)
    drawn = begun.withdrawn_at is None and begun.measure in results.measures
    return {
        "phase": begun,
        "week": week_name(begun.week),
        "preview": {"found": phase_preview(results, begun.measure, without=begun.public_id)} if drawn else None,
    }


def preview(
    viewer: Actor, subject: Subject, asked: Mapping[str, Any], correcting: PhaseStart | None = None
) -> dict[str, Any]:
    """What a phase as it stands in a form would change: ``found`` (see :func:`phase_preview`), or ``refused``, why
    there can be none; empty as long as no day is given."""
    results = queries.results_of(viewer=viewer, subject=subject)
    measure = correcting.measure if correcting else str(asked.get("measure", ""))
    corrected = correcting.public_id if correcting else str(asked.get("phase", ""))
    form = StartPhaseForm(asked, **_offered(results, measure, corrected))
    if not asked.get("day"):
        return {}
    for name in ("day", "baseline_weeks", "limits_from"):
        if form.errors.get(name):
            return {"refused": form.errors[name][0]}
    said = phase_said(form.cleaned_data["day"], **form.limits())
    try:
        demand_sensible(subject, measure, said)
    except Refused as refused:
        return {"refused": explain(refused)}
    return {"found": phase_preview(results, measure, without=corrected, wanted=said)}


def _offered(results: Results, measure: str, corrected: str = "") -> dict[str, Any]:
    """``corrected``: public id of the phase that is corrected; it does not carry on its own limits, and keeps those
    that it carries on, also where no phase begins with that week any more."""
    stored, notes = results.measures.get(measure), results.phases.get(measure, [])
    found = offered(
        charted_weeks(stored.result) if stored else [], [note for note in notes if note.public_id != corrected]
    )
    held = next((note.phase.limits_week for note in notes if note.public_id == corrected), None)
    if held is not None and day_of_number(held).isoformat() not in dict(found["limits"]):
        text = _("those of the phase of {week}").format(week=week_name(held))
        found["limits"] = [*found["limits"], (day_of_number(held).isoformat(), text)]
    return found


def preview_address(subject: Subject, measure: str, phase: str = "") -> str:
    """From where the page fetches what a phase would change. ``phase``: public id of the one that is corrected."""
    address = reverse("monitoring:preview_phase", args=[subject.kind, subject.public_id])
    return f"{address}?{urlencode({'measure': measure, **({'phase': phase} if phase else {})})}"


def charted_weeks(result: Mapping[str, Any]) -> list[int]:
    """The weeks that have a value."""
    return [week for week, value in zip(result["weeks"], result["values"], strict=True) if value is not None]


def limit_choices(charted: Sequence[int], notes: Sequence[PhaseNote]) -> list[tuple[str, str]]:
    """The phases whose limits a new one can carry on: (first day, what it is called)."""
    starts = [charted[0], *(note.phase.week for note in notes if note.phase.week > charted[0])]
    ends = [start - DAYS_A_WEEK for start in starts[1:]] + [charted[-1]]
    text = _("those of {first} to {last}")
    return [
        (day_of_number(first).isoformat(), text.format(first=week_name(first), last=week_name(last)))
        for first, last in zip(starts, ends, strict=True)
    ]
