"""Promise against performance: the clauses in force on a link beside what was reached. Only stored results are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from baton.agreements.pages.words import measure_words, target_of
from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import version_in_force_at
from baton.agreements.rules import Measure, Side, Source, Standing, standing
from baton.chain import queries as chain
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.handoffs.queries.measured import id_of
from baton.monitoring.pages.units import figure, interval
from baton.monitoring.queries import capabilities_of_clauses, clause_results
from baton.monitoring.rules import ATTAINMENT, COMEBACKS, DEFECT_RATE, DELIVERIES, PromiseStatus, day_of_number

if TYPE_CHECKING:
    from baton.agreements.models import Clause
    from baton.monitoring.models import StoredCapability, StoredMeasure

SHOWN = {
    Measure.TIME: (ATTAINMENT,), Measure.SHARE: (ATTAINMENT,), Measure.VALUE: (ATTAINMENT,),
    Measure.DEFECTS: (DEFECT_RATE,), Measure.COUNT: (DELIVERIES, COMEBACKS),
}  # fmt: skip
"""Of each measure of a clause the chart whose line stands in the table."""

STATUS_WORDS = {
    PromiseStatus.KEPT: pgettext_lazy("promise", "Kept"),
    PromiseStatus.AT_RISK: pgettext_lazy("promise", "At risk"),
    PromiseStatus.BROKEN: pgettext_lazy("promise", "Broken"),
    PromiseStatus.UNKNOWN: gettext_lazy("Too few to say"),
}


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A clause and what was reached. ``status`` is a colour of :class:`PromiseStatus`, ``word`` says it; ``reached``,
    ``interval`` and ``promised`` are written out, empty where there is nothing to say; ``chart`` are the last weeks
    with their limits, ``chart_said`` how many of them violate a rule; ``address`` is the page with the whole chart,
    empty where nothing is measured; ``note`` says why, or that it is on trial; ``stored`` is the result behind all
    that, ``promise`` what of it is held against the clause as it stands (see
    :mod:`baton.monitoring.changes.promising`); ``capability`` says how well measured values keep to their limits."""

    clause: Clause
    said: str
    status: str = "unknown"
    word: str = ""
    reached: str = ""
    interval: str = ""
    promised: str = ""
    n: int | None = None
    chart: Mapping[str, Any] | None = None
    chart_said: str = ""
    address: str = ""
    note: str = ""
    stored: StoredMeasure | None = None
    capability: str = ""
    promise: Mapping[str, Any] | None = None


def promises_panel(viewer: Actor, at: datetime, link: str) -> dict[str, Any] | None:
    """The clauses in force on a link (public id), promises first; None for guests. Five queries at most beside those
    of the viewer's sight."""
    if not may_use(viewer):
        return None
    found = chain.link(viewer=viewer, at=at, public_id=link)
    version = version_in_force_at(viewer=viewer, link=found.pk, moment=at)
    if version is None:
        return {"rows": [], "version": None}
    clauses = clauses_by_version(viewer=viewer, versions=[version])[version.pk]
    stored = clause_results(viewer=viewer, keys=[f"{link}/{one.line}" for one in clauses])
    rows = [promise_row(link, one, stored.get(f"{link}/{one.line}", {}), at) for one in clauses]
    rows = _with_capability(viewer, link, rows)
    promises = [row for row in rows if row.clause.owed_by == Side.SUPPLIER]
    duties = [row for row in rows if row.clause.owed_by == Side.CUSTOMER]
    return {
        "version": version,
        "rows": rows,
        "parts": [part for part in ((True, promises), (False, duties)) if part[1]],
        "measured": any(row.address for row in rows),
    }


def promise_row(link: str, clause: Clause, stored: Mapping[str, StoredMeasure], at: datetime) -> PromiseRow:
    """A clause in force on a link (public id) beside what was reached; ``stored``: its results by name."""
    terms, said = clause.terms, target_of(clause)
    names = SHOWN.get(terms.measure, ()) if terms.measure is not None else ()
    shown = next((stored[name] for name in names if name in stored), None)
    if shown is None or shown.week is None:
        return PromiseRow(clause, said, word=_("Not measured"), note=_why(clause))
    on_trial = standing(terms, day_of(at)) is Standing.ON_TRIAL
    recent = shown.recent
    values: dict[str, Any] = {
        "stored": shown, "chart": _chart(recent), "chart_said": _chart_said(recent),
        "address": reverse("handoffs:clause", args=[id_of(f"{link}/{clause.line}")]),
    }  # fmt: skip
    promise = recent.get("promise")
    if promise is not None and promise["clause"] != clause.public_id and not on_trial:
        note = _("Nothing was judged since the clause holds as it stands.")
        word = str(STATUS_WORDS[PromiseStatus.UNKNOWN])
        return PromiseRow(clause, said, status=PromiseStatus.UNKNOWN, word=word, note=note, **values)
    if promise is None or on_trial:
        word = _("On trial") if on_trial else _("Measured")
        note = _("Measured, and nobody can breach it yet.") if on_trial else ""
        last = figure(shown.name, recent["value"]) if recent["value"] is not None else ""
        return PromiseRow(
            clause, said, status="info", word=word, reached=last, n=recent["of"] or None, note=note, **values
        )
    span = _("{first} to {last}").format(
        first=formats.day(day_of_number(promise["first"])), last=formats.day(day_of_number(promise["last"] + 6))
    )
    return PromiseRow(
        clause, said, status=promise["status"], word=str(STATUS_WORDS[PromiseStatus(promise["status"])]),
        reached=figure(shown.name, promise["reached"]), interval=interval(shown.name, promise["low"], promise["high"]),
        promised=figure(shown.name, promise["promised"]), n=int(promise["n"]), note=span, promise=promise, **values,
    )  # fmt: skip


def _chart(recent: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The last weeks as a small control chart; None where they were computed before there was one."""
    return {"values": recent["values"], **recent["chart"]} if "chart" in recent else None


def _chart_said(recent: Mapping[str, Any]) -> str:
    """How many of the last weeks violate a rule; or that there are no limits to violate."""
    chart = recent.get("chart", {"ucl": (), "hits": ()})
    if all(limit is None for limit in chart["ucl"]):
        return _("Too few weeks for limits yet")
    hits = len(chart["hits"])
    if not hits:
        return _("No rule violated")
    said = ngettext("{n} week violates a rule", "{n} weeks violate a rule", hits)
    return said.format(n=formats.number(hits))


def _with_capability(viewer: Actor, link: str, rows: Sequence[PromiseRow]) -> list[PromiseRow]:
    """The rows, those of measured values with Cpk, or with Ppk where the process is not stable."""
    keys = [f"{link}/{row.clause.line}" for row in rows if row.clause.measure == Measure.VALUE and row.stored]
    known = capabilities_of_clauses(viewer=viewer, keys=keys) if keys else {}
    return [replace(row, capability=_capability(known.get(f"{link}/{row.clause.line}"), row.clause)) for row in rows]


def _capability(stored: StoredCapability | None, clause: Clause) -> str:
    """Nothing where no value was measured since the clause holds as it stands: its limits may be others."""
    if stored is None or stored.result["specification"]["public_id"] != clause.public_id:
        return ""
    indices = {one["name"]: one for one in stored.result["indices"]}
    found = indices.get("Cpk") or indices.get("Ppk")
    if found is None:
        return ""
    low, high = (formats.number(bound, 2) for bound in found["interval"])
    return _("{index} {value} [{low} to {high}], n = {n}").format(
        index=found["name"], value=formats.number(found["value"], 2), low=low, high=high, n=formats.number(found["n"])
    )


def _why(clause: Clause) -> str:
    """Why there is no figure."""
    terms = clause.terms
    if terms.source is None or terms.measure is None:
        return _("The clause does not say yet how it is measured.")
    if terms.source is not Source.HANDOFFS:
        return _("Not told by handoffs: {how}.").format(how=measure_words(terms))
    return _("No handoff tells it yet.")
