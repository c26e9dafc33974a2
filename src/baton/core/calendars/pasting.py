"""Days as people paste them: one line each, from a spreadsheet, a mail or a notice.

    2026-10-01          holiday             National Day
    2026-10-02 to 2026-10-07 holiday
    2026-10-10          works like monday
    2026年10月10日       补班

A line begins with a day or with the first and last of several, then says what it is, then which. A day alone, or one
with a name alone, is a holiday. A make-up day that names no weekday works like the first that has hours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from baton.core.calendars.days import DaysRead, SpecialDay, Unread, demand_possible, open_weekdays
from baton.core.errors import Refused
from baton.core.rules import CALENDAR_DAYS, WEEKDAYS
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem, DayOrder, day_order_of, parse_day

LONGEST_RANGE = 62
"""Most days that one line names: two months; more is a slip of the keyboard."""
_SHOWN = 60

_DAY = r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{5}(?!\d)|\S+)"
_LINE = re.compile(rf"(?P<first>{_DAY})(?:\s*(?:\.\.+|to\b|until\b|至|到|~|–|—|\s-\s)\s*(?P<last>{_DAY}))?(?P<rest>.*)")
_BETWEEN = re.compile(r"[\s,;:|、()（）]+")

_HOLIDAY = re.compile(
    r"(?:public holiday|bank holiday|holiday|day off|off|free|closed"
    r"|法定节假日|节假日|假日|放假|休假|休息日?|假期|休|假)(?![a-z])"
)
_MAKE_UP = re.compile(
    r"(?:make[- ]?up(?: day)?|works?(?:ing)?(?: ?day)?"
    r"|调休上班|调休补班|补班|补上班|上班|工作日|按(?=周|星期|礼拜)|班)(?![a-z])"
)
_LIKE = re.compile(
    r"\s*(?:like|as|照|按|同)?\s*(?:an? )?"
    r"(mon(?:day)?|tues?(?:day)?|wed(?:nesday)?|thu(?:rs)?(?:day)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|(?:周|星期|礼拜)[一二三四五六日天])(?![a-z])\s*(?:上班|的?时间)?"
)
_CHINESE = dict(zip("一二三四五六日天", (*WEEKDAYS, "sun"), strict=True))

UNCLEAR = gettext_noop("Expected what the day is: holiday, or works like monday.")


def read_pasted(text: str, week: Mapping[str, Sequence[object]]) -> DaysRead:
    """The days of the lines, and the lines that cannot be read. ``week`` are the hours of the calendar.

    Raises
    ------
    Refused
        Beside ``text``: more lines than a calendar holds days.
    """
    lines = [
        (number, unicodedata.normalize("NFKC", clean_text(line)))
        for number, line in enumerate(text.splitlines(), 1)
        if clean_text(line)
    ]
    if len(lines) > CALENDAR_DAYS:
        raise Refused(
            field="text",
            expected=gettext_noop("Expected at most {most} lines."),
            found=gettext_noop("Found {given}."),
            remedy=gettext_noop("Paste fewer years at a time."),
            most=CALENDAR_DAYS,
            given=len(lines),
        )
    order = day_order_of(_LINE.match(line)["first"] for _number, line in lines if _LINE.match(line))  # type: ignore[index]
    found: dict[date, tuple[int, SpecialDay]] = {}
    unread: list[Unread] = []
    for number, line in lines:
        why = _take(number, line, order, week, found)
        if why is not None:
            unread.append(Unread(number, line[:_SHOWN], why))
    return DaysRead(tuple(found[day][1] for day in sorted(found)), tuple(unread))


def write_pasted(days: Sequence[SpecialDay]) -> str:
    """The days as lines that :func:`read_pasted` reads as the same days."""
    return "\n".join(
        "\t".join((one.day.isoformat(), f"works like {one.like}" if one.like else "holiday", one.note)) for one in days
    )


def kind_said(words: str, week: Mapping[str, Sequence[object]]) -> tuple[str, str] | None:
    """What words say of a day: the weekday whose hours it has (empty: a holiday), and the rest of them as its note.

    None where they speak of work and it is not clear how it is meant.
    """
    text = _BETWEEN.sub(" ", words).strip()
    lower = text.lower()
    if made := _MAKE_UP.match(lower):
        like = _LIKE.match(lower, made.end()) or _LIKE.match(lower, made.start())
        end = like.end() if like else made.end()
        return (_weekday(like[1]) if like else open_weekdays(week)[0]), text[end:].strip()
    if free := _HOLIDAY.match(lower):
        return "", text[free.end() :].strip()
    return None if re.search(r"\bwork(?!er)|班", lower) else ("", text)


def _take(
    number: int, line: str, order: DayOrder | None, week: Mapping[str, Sequence[object]],
    found: dict[date, tuple[int, SpecialDay]],
) -> CellProblem | None:  # fmt: skip
    """Add the days of one line; or what is wrong with it, and then none of them is added."""
    said = _LINE.match(line)
    assert said is not None
    span = _span(said["first"].strip(), (said["last"] or "").strip(), order)
    if isinstance(span, CellProblem):
        return span
    kind = kind_said(said["rest"], week)
    if kind is None:
        return _problem(UNCLEAR, gettext_noop("Found “{value}”."), gettext_noop("Write one of the two behind the day."),
                        said["rest"].strip())  # fmt: skip
    days = [SpecialDay(day, *kind) for day in span]
    for one in days:
        first, other = found.get(one.day, (number, one))
        if other.like != one.like:
            return _problem(
                gettext_noop("Expected each day once."), gettext_noop("Line {first} says something else of {value}."),
                gettext_noop("Leave one of the two out."), one.day.isoformat(), first=first,
            )  # fmt: skip
        try:
            demand_possible(one, week)
        except Refused as refused:
            return CellProblem(refused.expected, refused.found, refused.remedy, refused.values)
    for one in days:
        found.setdefault(one.day, (number, one))
    return None


def _span(first: str, last: str, order: DayOrder | None) -> Sequence[date] | CellProblem:
    begin = parse_day(first, order=order)
    end = parse_day(last, order=order) if last else begin
    for day, text in ((begin, first), (end, last or first)):
        if isinstance(day, CellProblem):
            return day
        if day is None:
            return _problem(gettext_noop("Expected a day such as 2026-10-01."), gettext_noop("Found “{value}”."),
                            gettext_noop("Begin the line with a day."), text)  # fmt: skip
    assert isinstance(begin, date)
    assert isinstance(end, date)
    if not 0 <= (end - begin).days < LONGEST_RANGE:
        return _problem(
            gettext_noop("Expected a last day after the first, at most {most} days in all."),
            gettext_noop("Found {value}."), gettext_noop("Correct the days, or write several lines."),
            f"{begin} – {end}", most=LONGEST_RANGE,
        )  # fmt: skip
    return list(_days(begin, end))


def _days(begin: date, end: date) -> Iterator[date]:
    while begin <= end:
        yield begin
        begin += timedelta(days=1)


def _weekday(word: str) -> str:
    return _CHINESE.get(word[-1]) or word[:3]


def _problem(expected: str, found: str, remedy: str, value: str, **values: object) -> CellProblem:
    return CellProblem(expected, found, remedy, {"value": value[:_SHOWN], **values})
