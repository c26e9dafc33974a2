"""All that is known of one subject, for its page."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import datetime

from baton.core import registries
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.once import once
from baton.core.policy import demand
from baton.core.registries import Earlier, Subject
from baton.monitoring import policy
from baton.monitoring.models import PhaseStart, Signal, Specification, StoredMeasure
from baton.monitoring.queries.figures import Figures, with_old_facts
from baton.monitoring.queries.histories import history_with_words
from baton.monitoring.queries.joining import Joined, joined
from baton.monitoring.queries.reach import Reach, reach
from baton.monitoring.rules import MEASURES, Health, Phase, Unknown, is_silent


@dataclass(frozen=True, slots=True)
class PhaseNote:
    """A phase that was said and holds: why it begins, who said so (None: Baton itself) and when."""

    public_id: str
    phase: Phase
    reason: str
    declared_by: str | None
    recorded_at: datetime

    @property
    def week(self) -> int:
        """Day number of the Monday of its first week."""
        return self.phase.week


@dataclass(frozen=True, slots=True)
class Results:
    """What monitoring knows of one subject: measures and reasons of phases by name of the measure.

    ``reach`` is how far all facts reach (None: there are none), ``old`` says that a source of this subject's facts
    is broken, so that they may have moved on. ``before`` holds, by name of the measure, the results of what the subject
    was measured as before it took over from others. ``unit``: of measured values.
    """

    measures: dict[str, StoredMeasure]
    phases: dict[str, list[PhaseNote]]
    reach: Reach | None
    old: bool
    before: dict[str, list[tuple[Earlier, StoredMeasure]]]
    unit: str = ""

    def joined(self, name: str) -> Joined:
        """The chart of a measure with what was before in front of it."""
        own = self.measures.get(name)
        return joined(own.result if own is not None else None, self.before.get(name, []))

    @property
    def state(self) -> tuple[Hashable, ...]:
        """The same as long as nothing was computed again, and facts reach as far; what people said is not in it."""
        earlier = [row for rows in self.before.values() for _one, row in rows]
        computed = [(row.pk, row.computed_at, row.input_digest) for row in (*self.measures.values(), *earlier)]
        return (*computed, self.reach, self.old)

    def figures(self, name: str) -> Figures:
        """How the subject goes now by one measure, and why that is unknown."""
        stored = self.measures[name]
        newest: int | None = stored.recent["week"]
        if self.reach is not None and is_silent(newest, self.reach.week):
            return Figures(Health.UNKNOWN, why=Unknown.SILENT, silent_since=newest)
        why = stored.recent["unknown"]
        return Figures(Health(stored.health), why=Unknown(why) if why else None)


def subject_of(*, viewer: Actor, kind: str, public_id: str) -> Subject:
    """The object and the key of its measures. NotFound for whoever may not see it, or if it is not measured."""
    if not policy.may_see_subject(viewer, kind, public_id):
        raise NotFound
    measured_as = registries.policies.get(kind).measured_as
    key = measured_as(public_id) if measured_as else ""
    if not key:
        raise NotFound
    measured_in = registries.policies.get(kind).measured_in
    return Subject(kind, public_id, key, measured_in(public_id) if measured_in else "")


def results_of(*, viewer: Actor, subject: Subject) -> Results:
    """The stored results of a subject, in four queries and those about what it was before; read once for all panels of
    a page. NotFound for whoever may not see the object."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    return once(("monitoring.results_of", viewer, subject), lambda: _results_of(viewer, subject))


def _results_of(viewer: Actor, subject: Subject) -> Results:
    measures = {row.name: row for row in _measures(subject.measured_as)}
    phases: dict[str, list[PhaseNote]] = {}
    rows = [row for row in _phases(subject.measured_as) if row.withdrawn_at is None]
    for row in sorted(rows, key=lambda row: row.week):
        who = str(row.declared_by) if row.declared_by else None
        note = PhaseNote(row.public_id, row.phase, row.reason, who, row.recorded_at)
        phases.setdefault(row.measure, []).append(note)
    return Results(
        measures=measures,
        phases=phases,
        reach=reach(viewer=viewer),
        old=bool(with_old_facts(viewer=viewer, subjects=[subject.measured_as])),
        before=_before(viewer, subject),
        unit=subject.unit,
    )


def _measures(measured_as: str) -> list[StoredMeasure]:
    """What is stored of a subject, read once for all parts of a page."""
    rows = StoredMeasure.objects.filter(subject=measured_as)
    return once(("monitoring.measures", measured_as), lambda: list(rows))


def clause_results(*, viewer: Actor, keys: Collection[str]) -> dict[str, dict[str, StoredMeasure]]:
    """What lists show of the measures of clauses, by key and name of the measure; the charts are not read. One query.

    The caller has made sure that the viewer may see the links.
    """
    demand(policy.may_see_health(viewer))
    found: dict[str, dict[str, StoredMeasure]] = {}
    for row in StoredMeasure.objects.filter(subject__in=list(keys)).defer("result", "evidence"):
        found.setdefault(row.subject, {})[row.name] = row
    return found


def _phases(measured_as: str) -> list[PhaseStart]:
    """All phases of a subject, withdrawn ones too, as they were said; read once for all parts of a page."""
    rows = PhaseStart.objects.filter(subject=measured_as).select_related("declared_by").order_by("pk")
    return once(("monitoring.phases", measured_as), lambda: list(rows))


def limits_said(*, viewer: Actor, measured_as: str) -> list[Specification]:
    """All specification limits of a subject, withdrawn ones too, as they were said; read once for all parts of a page.

    The caller has made sure that the viewer may see the object.
    """
    demand(policy.may_see_health(viewer))
    rows = Specification.objects.filter(subject=measured_as).select_related("declared_by").order_by("pk")
    return once(("monitoring.limits", measured_as), lambda: list(rows))


def _before(viewer: Actor, subject: Subject) -> dict[str, list[tuple[Earlier, StoredMeasure]]]:
    """In the order in which the others ended. One query, none where there were no others."""
    says = registries.policies.get(subject.kind).earlier
    others = list(says(viewer, subject.public_id)) if says is not None else []
    if not others:
        return {}
    stored = {(row.subject, row.name): row for row in StoredMeasure.objects.filter(
        subject__in=[one.measured_as for one in others])}  # fmt: skip
    found: dict[str, list[tuple[Earlier, StoredMeasure]]] = {}
    for one in others:
        for name in MEASURES:
            if (one.measured_as, name) in stored:
                found.setdefault(name, []).append((one, stored[one.measured_as, name]))
    return found


def phase(*, viewer: Actor, subject: Subject, public_id: str) -> PhaseStart:
    """One phase start of a subject, withdrawn or not. NotFound for whoever may not see the object."""
    found = PhaseStart.objects.filter(subject=subject.measured_as, public_id=public_id).first()
    if found is None or not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    return found


def phases_of(*, viewer: Actor, subject: Subject) -> list[PhaseStart]:
    """All phases of a subject, withdrawn ones too, by week. One query. NotFound for whoever may not see the object."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    return list(PhaseStart.objects.filter(subject=subject.measured_as).order_by("week", "pk"))


def said_ever(*, viewer: Actor, measured_as: str) -> list[str]:
    """Public ids of all phases and specification limits of a subject, withdrawn ones too, for its history. Two
    queries.

    The caller has made sure that the viewer may see the object.
    """
    limits = limits_said(viewer=viewer, measured_as=measured_as)
    return [row.public_id for row in (*_phases(measured_as), *limits)]


def phase_history(*, viewer: Actor, subject: Subject) -> list[tuple[str, HistoryEntry]]:
    """What was said about the phases of a subject: begun, corrected, withdrawn, the newest first, each with the name of
    its measure. Three queries, one where there were none. NotFound for whoever may not see the object."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    measures = {row.public_id: row.measure for row in _phases(subject.measured_as)}
    entries = history_of(viewer=viewer, object_ids=list(measures)) if measures else []
    return [(measures[entry.object_id], entry) for entry in entries]


def subject_history(*, viewer: Actor, subject: Subject) -> list[HistoryEntry]:
    """What happened to the object, to phases and limits of its charts, and to its signals, the newest first. NotFound
    for whoever may not see it."""
    if not policy.may_see_subject(viewer, subject.kind, subject.public_id):
        raise NotFound
    said = said_ever(viewer=viewer, measured_as=subject.measured_as)
    signals = Signal.objects.filter(subject=subject.measured_as).order_by("pk").values_list("public_id", flat=True)
    return history_with_words(viewer=viewer, object_ids=[subject.public_id, *said, *signals])


def has_measures(*, viewer: Actor, measured_as: str) -> bool:
    """Whether anything was ever measured for a subject."""
    demand(policy.may_see_health(viewer))
    return bool(_measures(measured_as))
