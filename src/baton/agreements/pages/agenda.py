"""The points of an agenda in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baton.agreements.models import AgendaItem
from baton.agreements.models.agreements import SIDES, VERSION_STATES
from baton.agreements.models.guarantees import CALL_OUTCOMES
from baton.agreements.models.reviews import TOPICS
from baton.agreements.models.rounds import STANCES
from baton.agreements.pages.words import (
    STANDINGS,
    baseline_words,
    lacking_words,
    target_words,
    terms_sentence,
)
from baton.agreements.rules import (
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Stance,
    Standing,
    Terms,
    VersionState,
)
from baton.agreements.rules.guarantees import CallOutcome
from baton.agreements.rules.reviews import Topic
from baton.core import formats
from baton.core.audit import words
from baton.core.texts import say
from baton.monitoring.forms import MEASURE_NAMES
from baton.monitoring.rules import WAITING_TIME, Health

Facts = Mapping[str, Any]
_ENUMS: dict[str, Callable[[str], Any]] = {
    "owed_by": Side, "clause_kind": ClauseKind, "aspect": Aspect, "measure": Measure, "direction": Direction,
    "source": Source, "sampling": Sampling, "measured_by": MeasuredBy,
}  # fmt: skip
_DAYS = ("baseline_from", "baseline_until", "trial_until")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """A point as a page shows it: its kind, what it is called, what is known of it, a line each, and where that stands
    (empty: nowhere else). ``settled``: Baton has nothing more to say of it."""

    item: AgendaItem
    kind: str
    title: str
    lines: list[str]
    href: str
    settled: bool


def shown_points(items: Iterable[AgendaItem]) -> list[ShownPoint]:
    """The agenda in the reader's words."""
    return [shown_point(item) for item in items]


def shown_point(item: AgendaItem) -> ShownPoint:
    """A point in the reader's words."""
    topic, facts = Topic(item.topic), item.facts
    title, lines = _WORDS.get(topic, _own)(item, facts)
    return ShownPoint(item, str(TOPICS[topic]), title, lines, _address(topic, item.about), bool(facts.get("settled")))


def terms_of(stored: Facts) -> Terms:
    """Terms of a clause as they were put on an agenda."""
    known = {one.name for one in fields(Terms)}
    values = {name: value for name, value in stored.items() if name in known}
    for name, made in _ENUMS.items():
        values[name] = made(values[name]) if values.get(name) else None
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return Terms(**values)


def _day(value: str | None) -> str:
    return formats.day(date.fromisoformat(value)) if value else formats.MISSING


def _own(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    return item.title or str(item.get_topic_display()), []


def _agreement(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    if not facts.get("number"):
        return _("No agreement yet"), [_("Begin one on the page of the link, or decide who does.")]
    state = str(VERSION_STATES[VersionState(facts["state"])])
    title = _("{number}, version {version}: {state}").format(
        number=facts["number"], version=facts["version"], state=state
    )
    today = date.fromisoformat(facts["day"]) if facts.get("day") else None
    lines = []
    for name, label in (("starts_on", _("First day")), ("ends_on", _("Last day")), ("review_on", _("Review"))):
        if facts.get(name):
            lines.append(formats.labelled(label, _day(facts[name])))
    for name, label in (("ends_on", _("Days to its end")), ("review_on", _("Days to its review"))):
        if facts.get(name) and today is not None:
            left = (date.fromisoformat(facts[name]) - today).days
            lines.append(formats.labelled(label, formats.number(left) if left >= 0 else _("over")))
    return title, lines


def _future(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    return _("Does {number} hold as it is, is it renewed, changed or ended?").format(number=facts.get("number", "")), [
        _("A review takes the place of a new tender; say what both sides decide when you close the meeting.")
    ]


def _figures(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    lines = []
    for name, shown in facts.get("measures", {}).items():
        weeks = [
            _("{week}: {value} (n = {n})").format(
                week=formats.day(EPOCH + timedelta(days=week)), value=_value(name, value), n=n
            )
            for week, value, n in shown["weeks"]
        ]
        label = f"{MEASURE_NAMES[name]} · {_HEALTH[Health(shown['health'])]()}"
        lines.append(formats.labelled(label, formats.remarks(weeks)))
        if shown["centre"] is not None:
            lines.append(formats.labelled(_("Centre line"), _value(name, shown["centre"])))
    return _("How the last weeks went"), lines


_HEALTH: dict[Health, Callable[[], str]] = {
    Health.IN_CONTROL: lambda: _("steady"),
    Health.SIGNAL: lambda: _("not as usual"),
    Health.UNKNOWN: lambda: _("too little to say"),
}


def _value(name: str, value: float | None) -> str:
    if value is None:
        return formats.MISSING
    return formats.duration(value) if name == WAITING_TIME else formats.percent(value)


def _clause(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    terms = terms_of(facts["terms"])
    _sign, standing = STANDINGS[Standing(facts["standing"])]
    lines = [str(standing)]
    if facts["missing"]:
        lines[0] = formats.labelled(standing, lacking_words(tuple(facts["missing"])))
    elif terms.trial_until is not None:
        lines[0] = formats.labelled(standing, _("until {day}").format(day=formats.day(terms.trial_until)))
    return terms_sentence(terms), [*lines, *_usual(terms)]


def _usual(terms: Terms) -> list[str]:
    said = baseline_words(terms)
    return [formats.labelled(_("Usual before"), said or _("not measured yet"))]


def _clauses(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    held = [terms_of(one["terms"]) for one in facts["clauses"]]
    title = ngettext("{n} clause that counts", "{n} clauses that count", len(held)).format(n=len(held))
    lines = []
    for terms in held:
        said = baseline_words(terms)
        target = formats.labelled(say(terms.characteristic), target_words(terms))
        lines.append(f"{target} · {formats.labelled(_('usual before'), said)}" if said else target)
    return title, lines


def _signal(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    measure = MEASURE_NAMES[facts["measure"]]
    state = words.choice("signal", "state", facts["state"]) or facts["state"]
    week = formats.day(EPOCH + timedelta(days=facts["week"]))
    return formats.labelled(facts["number"], measure), [
        formats.labelled(state, _("since the week of {day}").format(day=week))
    ]


def _objection(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    who = _("{stance} of the side {side}").format(
        stance=STANCES[Stance(facts["stance"])], side=SIDES[Side(facts["side"])]
    )
    clause = say(facts["clause"])
    return formats.labelled(clause, who) if clause else who, [facts["text"]] if facts["text"] else []


def _gap(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    return say(facts["name"]), []


def _certificate(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    title = formats.labelled(say(facts["party"]), facts["name"])
    return title, [formats.labelled(_("Valid until"), _day(facts["ends_on"]))]


def _guarantee(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    count = facts["count"]
    title = ngettext("{promise}: called {n} time", "{promise}: called {n} times", count).format(
        promise=say(facts["promise"]), n=count
    )
    return title, [
        f"{_day(one['day'])} · {one['what']} · {CALL_OUTCOMES[CallOutcome(one['outcome'])]}" for one in facts["calls"]
    ]


def _decision(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    due = formats.labelled(_("Due on"), _day(facts["due_on"]))
    return facts["words"], [f"{due} · {facts['meeting']}", *([_("Late")] if facts["late"] else [])]


def _plan_item(item: AgendaItem, facts: Facts) -> tuple[str, list[str]]:
    due = formats.labelled(_("Due on"), _day(facts["due_on"]))
    return say(facts["what"]), [f"{due} · {SIDES[Side(facts['side'])]}"]


_WORDS: dict[Topic, Callable[[AgendaItem, Facts], tuple[str, list[str]]]] = {
    Topic.AGREEMENT: _agreement, Topic.FIGURES: _figures, Topic.CLAUSE: _clause, Topic.CLAUSES: _clauses,
    Topic.SIGNAL: _signal, Topic.OBJECTION: _objection, Topic.GAP: _gap, Topic.CERTIFICATE: _certificate,
    Topic.GUARANTEE: _guarantee, Topic.DECISION: _decision, Topic.PLAN_ITEM: _plan_item, Topic.FUTURE: _future,
}  # fmt: skip


def _address(topic: Topic, about: str) -> str:
    """Where what it is about stands; opening it asks again who may see it."""
    if not about:
        return ""
    return {
        Topic.SIGNAL: f"/monitoring/signals/{about}/", Topic.CERTIFICATE: f"/agreements/certificates/{about}/",
        Topic.GUARANTEE: f"/agreements/guarantees/{about}/",
    }.get(topic, "")  # fmt: skip
