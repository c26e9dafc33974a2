"""Rounds of grades as pages, lists and exports show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from baton.core import formats
from baton.core.days import day_of
from baton.core.texts import say
from baton.feedback.models.grades import ROUND_STATES, DepartmentGrade, GradeRound
from baton.feedback.rules.grades import FEW, LETTERS, LOW, Grade, RoundState, is_late, tally

ACTIONS = {
    "grade_round.opened": (pgettext_lazy("history", "Round of grades opened"), "send"),
    "grade_round.asked": (pgettext_lazy("history", "Heads asked for grades"), "users"),
    "grade_round.moved": (pgettext_lazy("history", "Last day for grades moved"), "clock"),
    "grade_round.warned": (pgettext_lazy("history", "Those who had not graded told that it closes"), "bell"),
    "grade_round.closed": (pgettext_lazy("history", "Round of grades closed"), "lock"),
    "grade_round.withdrawn": (pgettext_lazy("history", "Round of grades withdrawn"), "ban"),
    "grade_round.studied": (pgettext_lazy("history", "Mild and severe heads worked out"), "chart-spline"),
    "department_grade.given": (pgettext_lazy("history", "Grade given"), "circle-check"),
    "department_grade.changed": (pgettext_lazy("history", "Grade changed"), "pencil"),
    "department_grade.taken_back": (pgettext_lazy("history", "Grade taken back"), "undo-2"),
    "department_grade.replied": (pgettext_lazy("history", "Reply to a grade"), "message-square"),
    "department_grade.done": (pgettext_lazy("history", "What was promised is done"), "circle-check"),
}
_SIGNS = {Grade.A: "kept", Grade.B: "kept", Grade.C: "info", Grade.D: "at_risk", Grade.E: "broken",
          Grade.NONE: "unknown"}  # fmt: skip


WORDED = ("reason", "fact", "happened_on", "handoff")


def sign_of(one: DepartmentGrade) -> tuple[str, str]:
    """The status of a grade and its words."""
    if not one.grade:
        return "unknown", pgettext("grade", "Not given")
    return _SIGNS[Grade(one.grade)], str(one.get_grade_display())


def round_sign(one: GradeRound, today: date) -> tuple[str, str]:
    """The status of a round and its word."""
    state = RoundState(one.state)
    if state is RoundState.OPEN:
        return ("info" if one.closes_on >= today else "at_risk"), str(ROUND_STATES[state])
    return ("kept" if state is RoundState.CLOSED else "unknown"), str(ROUND_STATES[state])


def rounds_shown(rounds: Iterable[GradeRound], today: date) -> list[dict[str, Any]]:
    """Rounds with their sign."""
    signs = ((one, round_sign(one, today)) for one in rounds)
    return [{"round": one, "sign": sign, "word": word} for one, (sign, word) in signs]


def promise_sign(one: DepartmentGrade, today: date) -> tuple[str, str]:
    """The status of what was promised in reply, and its word."""
    if one.done_on is not None:
        return "kept", pgettext("a promise", "Done on {day}").format(day=formats.day(one.done_on))
    if one.promised_for is not None and is_late(one.promised_for, one.done_on, today):
        return "broken", pgettext("a promise", "Late since {day}").format(day=formats.day(one.promised_for))
    return "info", pgettext("a promise", "By {day}").format(day=formats.day(one.promised_for))


def promises_shown(found: Iterable[DepartmentGrade], at: datetime) -> list[dict[str, Any]]:
    """Promises with their sign; nothing of the grades that they answer."""
    signs = ((one, promise_sign(one, day_of(at))) for one in found)
    return [{"promise": one, "sign": sign, "word": word} for one, (sign, word) in signs]


def rows(grades: Iterable[DepartmentGrade], at: datetime) -> list[dict[str, Any]]:
    """Grades with their sign, the links over which something came, and how it stands with what was promised."""
    return [{"grade": one, "sign": sign_of(one)[0], "word": sign_of(one)[1], "came": came_words(one),
             "low": bool(one.grade) and Grade(one.grade) in LOW, "promise": promise_sign(one, day_of(at))}
            for one in grades]  # fmt: skip


def came_words(one: DepartmentGrade) -> list[dict[str, Any]]:
    """The links of a grade: what is handed over, its address, and how many handoffs came."""
    return [
        {"link": held.link, "output": say(held.link.output.name), "handoffs": held.handoffs} for held in one.links.all()
    ]


def block(one: DepartmentGrade, fields: Mapping[str, BoundField]) -> dict[str, Any]:
    """A grade on a sheet with its fields. The letters stand in a row, ``places``; what is no grade stands ``beside``.
    Reason and fact are ``open`` where something stands in them, or is to."""
    chosen = fields["grade"].value() or ""
    places = [
        {
            "id": one.id_for_label, "value": (key := str(one.data["value"])), "letter": key, "chosen": key == chosen,
            "words": str(one.data["label"]).rpartition(" – ")[2],
        }
        for one in fields["grade"].subwidgets
    ]  # fmt: skip
    written = [name for name in WORDED if fields[name].value() or fields[name].errors]
    return {
        "grade": one, "fields": fields, "came": came_words(one), "places": places[: len(LETTERS)],
        "beside": places[len(LETTERS) :], "open": bool(written) or chosen in {letter.value for letter in LOW},
    }  # fmt: skip


def counted(grades: Iterable[DepartmentGrade]) -> dict[str, Any]:
    """``counts`` of A to E, ``n`` of them together, how many were not able to judge (``unable``) or gave none
    (``missing``), and whether that is ``few``."""
    held = [one.grade for one in grades]
    counts = [(letter.value, count) for letter, count in tally(held).items()]
    n = sum(count for _letter, count in counts)
    return {"counts": counts, "n": n, "unable": held.count(Grade.NONE.value), "missing": held.count(""), "few": n < FEW}


def by_supplier(grades: Sequence[DepartmentGrade]) -> list[dict[str, Any]]:
    """A line for each department graded, of grades that stand in its order."""
    return [
        {"supplier": held[0].supplier, **counted(held)}
        for held in (list(mine) for _key, mine in groupby(grades, key=lambda one: one.supplier_id))
    ]


def by_round(grades: Sequence[DepartmentGrade], at: datetime) -> list[dict[str, Any]]:
    """Of one department a line for each round, of grades that stand in its order, with the grades themselves."""
    return [
        {"round": held[0].round, "rows": rows(held, at), **counted(held)}
        for held in (list(mine) for _key, mine in groupby(grades, key=lambda one: one.round_id))
    ]


def letters() -> list[str]:
    """A to E, the columns of tables."""
    return [one.value for one in LETTERS]


def raters_shown(studies: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any] | None:
    """Mild and severe heads, the mildest first, ``names`` by public id; None before it was worked out."""
    found = studies.get("raters")
    if found is None:
        return None
    if "refused" in found:
        return {"refused": refusal_words(found)}
    lines = [
        {
            "name": names.get(one["rater"], ""), "n": one["n"], "effect": _signed(one["effect"]),
            "low": _signed(one["lower"]), "high": _signed(one["upper"]), **_judged(one),
        }
        for one in found["rows"]
    ]  # fmt: skip
    return {"lines": lines, "n": found["n"], "rounds": studies["rounds"], "warnings": _warnings(found)}


def bias_shown(studies: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any] | None:
    """Pairs of departments that favour each other, ``names`` by public id; None before it was worked out."""
    found = studies.get("bias")
    if found is None:
        return None
    if "refused" in found:
        return {"refused": refusal_words(found)}
    lines = [
        {
            "first": names.get(one["first"], ""), "second": names.get(one["second"], ""),
            "first_of_second": _signed(one["first_of_second"]), "second_of_first": _signed(one["second_of_first"]),
            "p": formats.number(one["p"], 3),
        }
        for one in found["rows"]
    ]  # fmt: skip
    return {"lines": lines, "pairs": found["pairs"], "rounds": studies["rounds"], "warnings": _warnings(found)}


def refusal_words(found: Mapping[str, Any]) -> str:
    """Why the grades carry no study."""
    from baton_analysis.errors import MeasureError

    refused = found["refused"]
    parts = {name: refused[name] for name in ("expected", "found", "remedy")}
    return MeasureError(**parts, **refused["values"]).render(_)


def _warnings(found: Mapping[str, Any]) -> list[str]:
    from baton_analysis.readers.model import Notice

    return [Notice(one["message"], one["count"], one["values"]).render(_) for one in found["warnings"]]


def _judged(one: Mapping[str, Any]) -> dict[str, str]:
    if not one["found"]:
        return {"sign": "unknown", "word": pgettext("a head who grades", "Like the others, as far as can be said")}
    if one["effect"] > 0:
        return {"sign": "info", "word": pgettext("a head who grades", "Mild beyond doubt")}
    return {"sign": "info", "word": pgettext("a head who grades", "Severe beyond doubt")}


def _signed(value: float | None) -> str:
    if value is None:
        return formats.MISSING
    shown = formats.number(abs(value), 2)
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else shown


def header() -> Sequence[str]:
    """Names of the columns of the export."""
    return [
        pgettext("of grades", "Round"), _("Graded from"), _("Graded until"), _("Department graded"), _("Graded by"),
        _("Grade"), _("Given by"), _("Given on"), _("Reason"), _("Fact"), _("Happened on"),
        pgettext("one thing handed over", "Handoff"), _("Reply"), _("Who sees to it"), pgettext("a promise", "By when"),
        _("Replied by"), _("Done on"), _("What was done"),
    ]  # fmt: skip


def table(grades: Iterable[DepartmentGrade]) -> Iterator[Sequence[object]]:
    """A row for each grade, also for those that nobody gave."""
    for one in grades:
        yield [
            one.round.number, one.round.began_on, one.round.until_on, say(one.supplier.name), say(one.customer.name),
            sign_of(one)[1], _name(one.given_by), one.given_at.date() if one.given_at else None, one.reason, one.fact,
            one.happened_on, one.handoff.number if one.handoff else "", one.reply, _name(one.owner), one.promised_for,
            _name(one.replied_by), one.done_on, one.outcome,
        ]  # fmt: skip


def _name(person: object | None) -> str:
    return str(person) if person is not None else ""
