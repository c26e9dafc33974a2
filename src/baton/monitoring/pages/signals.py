"""Signals in words: the list, one with its chart, who is told, and the table that people take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from baton.core import formats, registries
from baton.core.actors import Actor
from baton.core.audit import words
from baton.core.history import HistoryEntry
from baton.core.people_forms import ROLE_NAMES
from baton.core.rules import Role
from baton.core.texts import say
from baton.monitoring import policy, queries
from baton.monitoring.models import Signal, SignalRule, StoredMeasure
from baton.monitoring.models.signals import CLOSINGS, MEASURE_WORDS, SEVERITIES, SIDES, SIGNAL_STATES
from baton.monitoring.pages.charts import chart_of, rule_in_words, rule_name
from baton.monitoring.pages.units import difference, unit_of
from baton.monitoring.queries import Joined, SignalFilters, SignalRow
from baton.monitoring.queries.joining import excerpt
from baton.monitoring.rules import (
    DAYS_A_WEEK,
    RETURN_RATE,
    WAITING_TIME,
    Closing,
    Severity,
    Side,
    SignalState,
    day_of_number,
    week_name,
)
from baton_analysis.errors import sentences

ACTIONS = {
    "signal.opened": (_("Signal opened"), "triangle-alert"),
    "signal.reopened": (_("Signal opened again"), "triangle-alert"),
    "signal.opened_by_hand": (_("Closing taken back"), "undo-2"),
    "signal.seen": (_("Signal seen"), "eye"),
    "signal.explained": (_("Signal explained"), "message-square"),
    "signal.closed": (_("Signal closed"), "check"),
    "signal.closed_by_itself": (_("Signal closed by itself"), "check"),
    "signal.said_anew": (_("Somebody else says it anew"), "message-square"),
    "signal.forgotten": (_("Words taken out: their author was forgotten"), "user-x"),
    "signal.given": (_("Signal given to somebody"), "user-check"),
    "signal_digest.made": (_("New signals"), "triangle-alert"),
    "signal_rule.added": (_("Rule of telling added"), "bell"),
    "signal_rule.withdrawn": (_("Rule of telling withdrawn"), "bell-off"),
}
DIGESTED_ACTIONS = frozenset(
    {"signal.opened", "signal.reopened", "signal.closed_by_itself", "signal.seen", "signal.said_anew"}
)
"""Of these group chats are told in the digest of the day, or not at all."""
STATUSES = {
    SignalState.NEW: "at_risk",
    SignalState.SEEN: "info",
    SignalState.EXPLAINED: "info",
    SignalState.CLOSED: "kept",
}
WEEKS_BEFORE, WEEKS_AFTER = 26, 8
"""Weeks of the chart that a signal's page shows before its first and after its last week."""


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """A signal as pages show it. ``chart_address`` is the page on which its chart stands; empty for none in sight.
    ``rule`` is the rule that was violated first in words, with the numbers of the others; ``rules`` are all in words;
    ``cost`` is what the last weeks show, empty where they no longer show what the signal says."""

    row: SignalRow
    name: str
    chart_address: str
    measure: str
    rule: str
    rules: list[str]
    weeks: str
    state: str
    status: str
    severity: str
    side: str
    cost: str
    said: str

    @property
    def signal(self) -> Signal:
        return self.row.signal

    @property
    def address(self) -> str:
        return reverse("monitoring:signal", args=[self.signal.public_id])

    @property
    def is_better(self) -> bool:
        return not self.signal.is_worse


def shown(row: SignalRow) -> ShownSignal:
    """The words of a signal in the reader's language."""
    signal, about = row.signal, row.about
    return ShownSignal(
        row=row,
        name=say(about.name) if about is not None else gettext("Something that is not shared with you"),
        chart_address=registries.policies.get(about.kind).address(about.public_id) if about is not None else "",
        measure=str(MEASURE_WORDS[signal.measure]),
        rule=_rule(signal),
        rules=[rule_in_words(one, signal.measure) for one in signal.patterns],
        weeks=_weeks(signal),
        state=str(SIGNAL_STATES[SignalState(signal.state)]),
        status=_status(signal),
        severity=str(SEVERITIES[Severity(signal.severity)]),
        side=str(SIDES[Side.ABOVE if signal.is_worse else Side.BELOW]),
        cost=_cost(signal, about.unit if about is not None else ""),
        said=_said(signal),
    )


def _rule(signal: Signal) -> str:
    """The rule by which it was first seen, in words; of the others their numbers."""
    first, *others = signal.patterns or [{}]
    if not others:
        return rule_in_words(first, signal.measure) if first else signal.rules
    numbers = formats.listing(rule_name(one["rule"]) for one in others)
    return gettext("{rule} (also {others})").format(rule=rule_in_words(first, signal.measure), others=numbers)


def _cost(signal: Signal, unit: str) -> str:
    """What the last weeks show, and of how many handoffs: by effect times handoffs the list is ordered. ``unit``: of a
    measured value."""
    if not signal.handoffs or not signal.cost:
        return ""
    size, more = abs(signal.effect), signal.effect > 0
    if signal.measure == WAITING_TIME:
        said = gettext("{effect} longer, {n} handoffs") if more else gettext("{effect} shorter, {n} handoffs")
        return said.format(effect=formats.duration(size), n=formats.number(signal.handoffs))
    if signal.measure != RETURN_RATE:
        said = gettext("{effect} higher, {n} handoffs") if more else gettext("{effect} lower, {n} handoffs")
        return said.format(effect=difference(signal.measure, size, unit), n=formats.number(signal.handoffs))
    said = gettext("{effect} more returns, {n} handoffs") if more else gettext("{effect} fewer returns, {n} handoffs")
    return said.format(effect=formats.number(size * signal.handoffs, 1), n=formats.number(signal.handoffs))


def _status(signal: Signal) -> str:
    """What has become better puts nothing at risk."""
    if signal.state == SignalState.NEW and not signal.is_worse:
        return "info"
    return STATUSES[SignalState(signal.state)]


def sentence(row: SignalRow) -> str:
    """``S-2026-0001 Laundry → Ward 3: waiting time``, by which it is told from others."""
    one = shown(row)
    return gettext("{number} {about}: {measure}").format(number=one.signal.number, about=one.name, measure=one.measure)


def list_page(viewer: Actor, at: datetime, filters: SignalFilters, page: str) -> dict[str, Any]:
    """What the list shows."""
    found = queries.signals(viewer=viewer, at=at, filters=filters, page=page)
    found.object_list = [shown(row) for row in found.object_list]  # type: ignore[misc]
    counts = queries.counts_by_state(viewer=viewer, at=at)
    return {
        "page_obj": found,
        "counts": [(key, label, counts[key]) for key, label in _tabs()],
        "any": any(counts.values()),
        "chance": chance(viewer, at),
    }


def _tabs() -> list[tuple[str, Any]]:
    return [(queries.MINE, _("Mine")), *((state.value, SIGNAL_STATES[state]) for state in SignalState)]


def chance(viewer: Actor, at: datetime) -> str:
    """How many charts would show a signal by chance alone, beside how many do; empty where there is no chart."""
    found = queries.by_chance(viewer=viewer, at=at)
    if not found.charts:
        return ""
    said = ngettext(
        "Signals towards the worse stand on {signals} of {charts} chart now.",
        "Signals towards the worse stand on {signals} of {charts} charts now.",
        found.charts,
    ).format(signals=formats.number(found.signals), charts=formats.number(found.charts))
    by_chance = formats.number(found.expected, 0 if found.expected >= 10 else 1)
    expected = gettext("Expected today by chance alone, if nothing had changed anywhere: about {expected}.")
    hold = ngettext(
        "{n} open signal holds when all charts are looked at together; of such, {share} may be false.",
        "{n} open signals hold when all charts are looked at together; of such, {share} may be false.",
        found.holding,
    ).format(n=formats.number(found.holding), share=formats.percent(found.level, 0))
    return sentences([said, expected.format(expected=by_chance), hold])


def signal_values(viewer: Actor, at: datetime, public_id: str) -> dict[str, Any]:
    """What the page of one signal shows."""
    page = queries.signal_page(viewer=viewer, at=at, public_id=public_id)
    return {
        "one": shown(page.row),
        "signal": page.row.signal,
        "chart": _chart(page.measure, page.row) if page.measure is not None else None,
        "beside": [shown(SignalRow(other, page.row.about, page.row.may_answer)) for other in page.beside],
        "history": timeline(page.history),
    }


def _chart(measure: StoredMeasure, row: SignalRow) -> dict[str, Any]:
    """The weeks about the signal, with the limits that were computed from the whole chart."""
    signal, about = row.signal, row.about
    first = signal.began - WEEKS_BEFORE * DAYS_A_WEEK
    part = excerpt(measure.result, first, signal.last_week + WEEKS_AFTER * DAYS_A_WEEK)
    scale, unit = unit_of(signal.measure, part["values"], about.unit if about is not None else "")
    return chart_of(signal.measure, measure, Joined(part, []), [], signal.rule_set, scale, unit)


def timeline(entries: Iterable[HistoryEntry]) -> list[dict[str, Any]]:
    """What happened to a signal, for the component ``timeline``."""
    return [
        {
            "title": ACTIONS.get(entry.action, (words.action(entry.action), ""))[0],
            "icon": ACTIONS.get(entry.action, ("", "dot"))[1],
            "at": entry.at,
            "who": say(entry.who) or _process(entry),
            "text": " · ".join(filter(None, [_news(entry), entry.detail.get("since", ""), entry.reason])),
        }
        for entry in entries
    ]


def _process(entry: HistoryEntry) -> str:
    return gettext("Baton ({process})").format(process=words.process(entry.process)) if entry.process else ""


def _news(entry: HistoryEntry) -> str:
    closing = entry.changed.get("closing")
    if entry.action == "signal.closed_by_itself" and closing and closing[1] in set(Closing):
        return str(CLOSINGS[Closing(closing[1])])
    return ""


def _weeks(signal: Signal) -> str:
    if signal.began == signal.last_week:
        return week_name(signal.began)
    return f"{week_name(signal.began)} – {week_name(signal.last_week)}"


def _said(signal: Signal) -> str:
    """Who said what last, or how it closed by itself."""
    if not signal.is_open and signal.closing != Closing.PERSON:
        return str(CLOSINGS[Closing(signal.closing)])
    if signal.said_by is None:
        return signal.reason
    return formats.labelled(str(signal.said_by), signal.reason or gettext("(taken out: the author was forgotten)"))


def rules_page(viewer: Actor) -> dict[str, Any]:
    """The rules of telling that the viewer may know of."""
    rows = [
        {
            "rule": rule,
            "of_what": _of_what(rule),
            "whom": _whom(rule),
            "may": policy.may_change_rule(viewer, rule.person),
        }
        for rule in queries.signal_rules(viewer=viewer)
    ]
    return {"rows": rows, "for_all": policy.may_set_rules_for_all(viewer)}


def _of_what(rule: SignalRule) -> str:
    parts = [
        str(MEASURE_WORDS[rule.measure]) if rule.measure else "",
        str(SEVERITIES[Severity(rule.severity)]) if rule.severity else "",
        rule.rule,
        gettext("better, too") if rule.better else "",
    ]
    return " · ".join(part for part in parts if part) or gettext("All signals towards the worse")


def _whom(rule: SignalRule) -> str:
    return str(rule.person) if rule.person is not None else str(ROLE_NAMES[Role(rule.role)])


def export_header() -> Sequence[str]:
    """The columns of the table."""
    return [
        gettext("Number"), gettext("What is measured"), gettext("Measure"), gettext("Rules"), gettext("Direction"),
        gettext("Severity"), gettext("From week"), gettext("To week"), gettext("State"), gettext("Closed how"),
        gettext("Holds over all charts"), gettext("Adjusted p"), gettext("Effect"), gettext("Handoffs"),
        gettext("Owner"), gettext("Explanation"), gettext("Said by"), gettext("Opened"), gettext("Times opened"),
    ]  # fmt: skip


def export_rows(rows: Iterable[SignalRow]) -> Iterator[Sequence[object]]:
    """A line a signal."""
    for row in rows:
        one, signal = shown(row), row.signal
        yield [
            signal.number, one.name, one.measure, formats.remarks(one.rules), one.side, one.severity,
            day_of_number(signal.began).isoformat(), day_of_number(signal.last_week).isoformat(), one.state,
            str(CLOSINGS[Closing(signal.closing)]) if signal.closing else "",
            gettext("yes") if signal.holds else gettext("no"), "" if signal.adjusted is None else signal.adjusted,
            signal.effect, signal.handoffs, str(signal.owner) if signal.owner is not None else "", signal.reason,
            str(signal.said_by) if signal.said_by is not None else "", signal.opened_at.isoformat(), signal.times,
        ]  # fmt: skip


def asked_signals(asked: Mapping[str, str]) -> SignalFilters:
    """What the address of the list asks for."""
    return SignalFilters(
        show=asked.get("show", "") or "open",
        measure=asked.get("measure", ""),
        rule=asked.get("rule", ""),
        severity=asked.get("severity", ""),
        side=asked.get("side", ""),
        holds=asked.get("holds", "") == "yes",
        search=asked.get("q", ""),
        order=asked.get("order", "") or "-cost",
    )
