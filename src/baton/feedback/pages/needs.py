"""Needs of employees as pages, lists, exports and figures show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from baton.core import formats
from baton.core.actors import Actor
from baton.core.texts import say
from baton.feedback.models import EmployeeNeed, NeedEvent
from baton.feedback.models.needs import CATEGORIES, NEED_STATES
from baton.feedback.queries.need_figures import NeedFigures, NeedReport, ServiceRelation, Share
from baton.feedback.queries.needs import last_promise, timed
from baton.feedback.rules.need_figures import WINDOW
from baton.feedback.rules.needs import WAITING, NeedState, NeedStep, NeedTimes

ACTIONS = {
    "employee_need.asked": (pgettext_lazy("history", "Need said"), "plus"),
    "employee_need.promised": (pgettext_lazy("history", "Need answered: it is promised"), "message-square"),
    "employee_need.declined": (pgettext_lazy("history", "Need answered: it is declined"), "ban"),
    "employee_need.met": (pgettext_lazy("history", "Need is met"), "circle-check"),
    "employee_need.unmet": (pgettext_lazy("history", "Need is not met"), "undo-2"),
    "employee_need.withdrawn": (pgettext_lazy("history", "Need taken back"), "circle-slash"),
    "employee_need.told_late": (pgettext_lazy("history", "Both told that it is late"), "bell"),
    "need_event.promise": (pgettext_lazy("history", "Need answered: it is promised"), "message-square"),
    "need_event.decline": (pgettext_lazy("history", "Need answered: it is declined"), "ban"),
    "need_event.meet": (pgettext_lazy("history", "Need is met"), "circle-check"),
    "need_event.miss": (pgettext_lazy("history", "Need is not met"), "undo-2"),
    "need_event.withdraw": (pgettext_lazy("history", "Need taken back"), "circle-slash"),
}
_STEP_ICONS = {
    NeedStep.PROMISE: "message-square", NeedStep.DECLINE: "ban", NeedStep.MEET: "circle-check",
    NeedStep.MISS: "undo-2", NeedStep.WITHDRAW: "circle-slash",
}  # fmt: skip


def rows(viewer: Actor, needs: Iterable[EmployeeNeed], at: datetime) -> list[dict[str, Any]]:
    """Needs with their sign, what is due next, and the last answer."""
    return [
        {"need": need, "clock": clock, **standing_of(need, clock), "last": _answer_of(need)}
        for need, clock in timed(viewer=viewer, at=at, needs=needs)
    ]


def standing_of(need: EmployeeNeed, clock: NeedTimes) -> dict[str, Any]:
    """``sign`` and ``word`` of its state, ``due`` what is owed by when."""
    state = NeedState(need.state)
    word = str(NEED_STATES[state])
    due = ""
    if state in WAITING and clock.answer_due is not None:
        due = _("Answer until {moment}").format(moment=formats.moment(clock.answer_due))
    promised = last_promise(getattr(need, "steps", ()))
    if state is NeedState.PROMISED and promised is not None:
        due = _("Promised for {day}").format(day=formats.day(promised))
    if clock.late:
        return {"sign": "broken", "word": _("{state}, late").format(state=word), "due": due}
    signs = {
        NeedState.ASKED: "at_risk", NeedState.UNMET: "at_risk", NeedState.PROMISED: "info",
        NeedState.DECLINED: "info", NeedState.MET: "kept", NeedState.WITHDRAWN: "unknown",
    }  # fmt: skip
    return {"sign": signs[state], "word": word, "due": due}


def steps(need: EmployeeNeed) -> list[dict[str, Any]]:
    """What happened to it, for the component ``timeline``, the last first."""
    asked = {
        "title": pgettext("history", "Need said"), "icon": "plus", "at": need.recorded_at, "who": say(need.asker.name),
        "text": "",
    }  # fmt: skip
    return [*(_step(one) for one in reversed(getattr(need, "steps", []))), asked]


def _step(one: NeedEvent) -> dict[str, Any]:
    parts = [one.words] if one.words else []
    if one.owner is not None and one.promised_for is not None:
        parts.append(_("{name}, until {day}").format(name=one.owner, day=formats.day(one.promised_for)))
    return {
        "title": str(one.get_step_display()), "icon": _STEP_ICONS[NeedStep(one.step)], "at": one.recorded_at,
        "who": say(one.person.name), "text": " · ".join(parts),
    }  # fmt: skip


def _answer_of(need: EmployeeNeed) -> NeedEvent | None:
    said = [one for one in getattr(need, "steps", []) if one.step in {NeedStep.PROMISE, NeedStep.DECLINE}]
    return said[-1] if said else None


def header() -> Sequence[str]:
    """Names of the columns."""
    return [
        _("Number"), _("Asked on"), _("Who asks"), _("Department"), pgettext("employee's need", "Category"),
        pgettext("employee's need", "What is needed"), _("Addressed to"), _("State"), _("Late"), _("Answer due on"),
        _("Answered first on"), _("In time"), _("Answer"), _("Who sees to it"), pgettext("a promise", "By when"),
    ]  # fmt: skip


def table(viewer: Actor, needs: Iterable[EmployeeNeed], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each need."""
    for row in rows(viewer, needs, at):
        need, clock, last = row["need"], row["clock"], row["last"]
        in_time = "" if clock.in_time is None else _("Yes") if clock.in_time else _("No")
        yield [
            need.number, need.recorded_at, say(need.asker.name), say(need.department.name),
            str(need.get_category_display()), need.words, str(need.get_addressee_display()), row["word"],
            _("Yes") if clock.late else _("No"), clock.first_due, clock.first_answer, in_time,
            last.words if last else "", say(last.owner.name) if last and last.owner else "",
            last.promised_for if last else None,
        ]  # fmt: skip


def report(found: NeedReport) -> dict[str, Any]:
    """What the page of figures shows."""
    lines = []
    for one in found.departments:
        lines.append({"department": one.department, "figures": _said(one.figures), "left_out": one.left_out})
        for part in one.categories if len(one.categories) > 1 else ():
            label = CATEGORIES[part.category] if part.category else _("Other categories together")
            lines.append({"category": label, "figures": _said(part.figures)})
    return {
        "whole": _said(found.whole) if found.whole else None, "lines": lines, "left_out": found.left_out,
        "days": WINDOW.days, "relations": [
            {"title": title, **_relation(one)}
            for title, one in (
                (_("Needs answered in time, and promises kept"), found.in_time),
                (_("Needs met, and promises kept"), found.met),
            )
            if one is not None
        ],
    }  # fmt: skip


def _said(figures: NeedFigures) -> dict[str, Any]:
    hours = figures.hours
    spread = ""
    if hours is not None and hours.interval is not None:
        low, high = (number_format(end, 1) for end in hours.interval)
        spread = _("from {low} to {high}").format(low=low, high=high)
    return {
        "n": figures.n, "in_time": _share(figures.in_time), "met": _share(figures.met),
        "hours": number_format(hours.value, 1) if hours is not None else "", "hours_spread": spread,
        "hours_n": hours.n if hours is not None else 0,
    }  # fmt: skip


def _share(share: Share | None) -> dict[str, str] | None:
    if share is None:
        return None
    percent = [number_format(100 * one, 0) for one in (share.value, share.low, share.high)]
    return {
        "value": _("{share} %").format(share=percent[0]), "n": str(share.n),
        "spread": _("from {low} to {high} %").format(low=percent[1], high=percent[2]),
    }  # fmt: skip


def _relation(relation: ServiceRelation) -> dict[str, Any]:
    points = [
        {
            "department": party, "share": number_format(100 * share, 0), "kept": number_format(100 * kept, 1)
        }
        for share, kept, party in sorted(relation.points, key=lambda one: -one[0])
    ]  # fmt: skip
    found = relation.found
    if found is None:
        n = len(points)
        said = ngettext(
            "{n} department has both figures. At least five are needed, and they must differ.",
            "{n} departments have both figures. At least five are needed, and they must differ.",
            n,
        )
        return {"points": points, "why_not": said.format(n=n)}
    value = number_format(found.value, 2)
    interval = found.interval
    spread = (
        _("from {low} to {high}").format(low=number_format(interval[0], 2), high=number_format(interval[1], 2))
        if interval is not None
        else ""
    )
    warnings = [one.render(_) for one in found.warnings]
    return {"points": points, "value": value, "spread": spread, "n": found.n, "warnings": warnings}
