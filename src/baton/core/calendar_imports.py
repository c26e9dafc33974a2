"""Holidays and make-up days as a table: of one calendar or of many, in the layout in which they are exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core import policy
from baton.core.actors import Actor
from baton.core.calendars.days import SpecialDay, demand_possible, note_of, open_weekdays
from baton.core.changes.calendars import set_days
from baton.core.errors import Refused
from baton.core.import_targets import ChoiceCell, DayCell, Findings, ImportColumn, ImportRow, ImportTarget, TextCell
from baton.core.imports.seen import Seen, told_once
from baton.core.models import WorkCalendar
from baton.core.queries.calendars import special_days
from baton.core.rules import DayKind
from baton.core.texts import folded, say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

KIND_WORDS: Mapping[str, Sequence[str]] = {
    DayKind.HOLIDAY.value: ("Holiday", "Day off", "节假日", "放假", "假日", "休息"),
    DayKind.MAKE_UP.value: ("Make-up day", "Working day", "调休上班日", "补班", "调休", "上班"),
}
WEEKDAY_WORDS: Mapping[str, Sequence[str]] = {
    "mon": ("Monday", "周一", "星期一"), "tue": ("Tuesday", "周二", "星期二"), "wed": ("Wednesday", "周三", "星期三"),
    "thu": ("Thursday", "周四", "星期四"), "fri": ("Friday", "周五", "星期五"), "sat": ("Saturday", "周六", "星期六"),
    "sun": ("Sunday", "周日", "星期日", "星期天"),
}  # fmt: skip
COLUMNS = (
    ImportColumn(
        "calendar", {"en": "Calendar", "zh-hans": "工作日历"}, TextCell(200), required=True,
        synonyms=("calendar", "日历"), example="Day shift", text=_("Name of a calendar that is there."),
    ),
    ImportColumn(
        "day", {"en": "Day", "zh-hans": "日期"}, DayCell(), required=True, synonyms=("date", "day"),
        example="2026-10-01",
    ),
    ImportColumn(
        "day_kind", {"en": "Holiday or make-up day", "zh-hans": "类型"}, ChoiceCell(KIND_WORDS),
        synonyms=("kind", "type"), example="Holiday", text=_("Empty: holiday."),
    ),
    ImportColumn(
        "like", {"en": "Works like", "zh-hans": "按周几上班"}, ChoiceCell(WEEKDAY_WORDS), synonyms=("works like",),
        example="Monday", text=_("Whose hours a make-up day has; empty: those of the first weekday with hours."),
    ),
    ImportColumn(
        "note", {"en": "Note", "zh-hans": "备注"}, TextCell(100), synonyms=("name", "名称"), example="National Day",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Known:
    """The calendars in force by each of their names, and their days as they stand."""

    named: Mapping[str, list[WorkCalendar]]
    days: Mapping[int, Mapping[date, SpecialDay]]


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """What changes in which calendar; a row that says what stands there changes nothing."""
    known = findings.kept("calendars", _known)
    found: list[tuple[ImportRow, str, WorkCalendar]] = []
    for row in rows:
        meant = known.named.get(folded(row["calendar"]), [])
        if len(meant) == 1:
            found.append((row, f"{meant[0].pk} {row['day']}", meant[0]))
        else:
            findings.refuse(row, "calendar", _no_calendar(row["calendar"], len(meant)))
    for row, calendar in told_once(findings.kept("days", Seen), found, "day", findings):
        _judge(row, calendar, known.days[calendar.pk].get(row["day"]), findings)


def _judge(row: ImportRow, calendar: WorkCalendar, stands: SpecialDay | None, findings: Findings) -> None:
    like = row["like"] or ""
    if row["day_kind"] == DayKind.MAKE_UP:
        like = like or open_weekdays(calendar.hours)[0]
    elif row["day_kind"] and like:
        findings.refuse(row, "like", _HOLIDAY_LIKE)
        return
    one = SpecialDay(row["day"], like, note_of(row["note"] or ""))
    try:
        demand_possible(one, calendar.hours)
    except Refused as refused:
        findings.refuse(row, "like" if like else "day", refused)
        return
    if one != stands:
        was = {"day_kind": stands.kind.value, "like": stands.like, "note": stands.note} if stands else {"note": ""}
        line = {"calendar": calendar.public_id, "day": one.day.isoformat(), "like": one.like, "note": one.note}
        findings.change(row, line, was=was)


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """One day of one calendar."""
    calendar = WorkCalendar.objects.filter(public_id=line["calendar"]).first()
    if calendar is None:
        raise Refused(remedy=gettext_noop("Name a calendar that is there."))
    set_days(
        by=by, at=at, calendar=calendar, days=[SpecialDay(date.fromisoformat(line["day"]), line["like"], line["note"])]
    )


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """The days of all calendars in force."""
    policy.demand(policy.may_use(viewer))
    calendars = list(WorkCalendar.objects.filter(ended_at__isnull=True).order_by("pk"))
    days = special_days(calendars)
    for calendar in calendars:
        name = say(calendar.name, settings.LANGUAGE_CODE)
        for one in days[calendar.pk]:
            yield {
                "calendar": name, "day": one.day.isoformat(), "day_kind": one.kind.value, "like": one.like,
                "note": one.note,
            }  # fmt: skip


def _known() -> _Known:
    calendars = list(WorkCalendar.objects.filter(ended_at__isnull=True))
    named: dict[str, list[WorkCalendar]] = {}
    for calendar in calendars:
        for name in {folded(name) for name in calendar.name.values()}:
            named.setdefault(name, []).append(calendar)
    days = special_days(calendars)
    return _Known(named, {pk: {one.day: one for one in found} for pk, found in days.items()})


def _no_calendar(name: str, count: int) -> CellProblem:
    expected = gettext_noop("Expected the name of one calendar in force.")
    if count:
        found, remedy = gettext_noop("{count} are called “{value}”."), gettext_noop("Rename all but one of them first.")
    else:
        found, remedy = gettext_noop("None is called “{value}”."), gettext_noop("Correct the name, or make it first.")
    return CellProblem(expected, found, remedy, {"value": name[:60], "count": count})


_HOLIDAY_LIKE = CellProblem(
    expected=gettext_noop("Expected no weekday: on a holiday nothing opens."),
    found=gettext_noop("The row names one."),
    remedy=gettext_noop("Empty the cell, or make it a make-up day."),
)

CALENDAR_DAYS_TARGET = ImportTarget(
    title=_("Calendar days"),
    text=_("Holidays and make-up days of calendars."),
    columns=COLUMNS,
    may_bring=policy.may_edit_calendars,
    makes=(),
    check=check,
    apply=apply,
    rows=rows,
    may_take=policy.may_use,
    icon="calendar",
)
