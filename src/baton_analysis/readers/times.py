"""Texts that say a time, turned into times in UTC; what cannot be one is a row problem, never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import polars as pl

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import LISTED_PROBLEMS, Notice, RowProblem, display
from baton_analysis.readers.shapes import SHAPES, YEAR_FIRST_PATTERN, YEAR_LAST_PATTERN, plain_time

MISSING_WORDS = ("", "?", "-", "MISSING", "NULL", "N/A", "NONE", "NAN", "NAT", "UNKNOWN")
"""Words that stand for "no time" in a column of times (compared in capitals)."""
UTC_TIME = pl.Datetime("us", "UTC")

_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<between>[T ])[0-9]{2}:[0-9]{2}:[0-9]{2}(?P<fraction>\.[0-9]{1,6})?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_SERIAL = re.compile(r"[0-9]{1,7}(\.[0-9]+)?")
_PARTS = ("year", "one", "two", "hour", "minute", "second")
_DAY_US = 86_400_000_000
_EXCEL_ZERO = -25_569  # 1899-12-30 in days from 1970-01-01: the serials after Excel's 29 February 1900
_PLAUSIBLE = (1900, 2199)

_EXPECTED = gettext_noop("Dates that exist were expected, for example 2026-03-31 14:05 or 31/03/2026.")
_FOUND = gettext_noop("“{value}” is no such date.")
_REMEDY = gettext_noop("Correct the value at its source, or leave the cell empty where the time is not known.")
_EXPECTED_GAP = gettext_noop("Times that the clocks of {zone} showed were expected.")
_FOUND_GAP = gettext_noop("“{value}” does not exist in {zone}: the clocks were put forward over it.")
_REMEDY_GAP = gettext_noop("Name the zone the times were written in, or export them with their offset (…+02:00).")

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Times:
    """A column of times in UTC, the problems of its values (all counted, the first listed) and remarks on it."""

    series: pl.Series
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    notices: list[Notice] = field(default_factory=list)


def looks_like_time(values: Sequence[str]) -> bool:
    """Whether at least four in five of the values that are not missing have the shape of a date or time."""
    given = [v for v in values if v.strip().upper() not in MISSING_WORDS]
    shaped = sum(any(shape.match(plain_time(v)) for shape in SHAPES) for v in given)
    return bool(given) and shaped >= 0.8 * len(given)


def looks_like_serial(values: Sequence[str]) -> bool:
    """Whether the values could be day numbers of a spreadsheet; only a header that says "time" makes them so."""
    given = [v.strip() for v in values if v.strip().upper() not in MISSING_WORDS]
    numbers = sorted(float(v) for v in given if _SERIAL.fullmatch(v))
    return bool(numbers) and len(numbers) >= 0.8 * len(given) and 20_000 <= numbers[len(numbers) // 2] < 80_000


def check_zone(zone: str) -> None:
    """Refuse a name that is no time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ReadError(
            expected=gettext_noop("The name of a time zone was expected, for example Europe/Berlin or Asia/Shanghai."),
            found=gettext_noop("“{zone}” is not one."),
            remedy=gettext_noop("Take a name of the IANA list, with capitals as written there."),
            zone=display(zone),
        ) from error


def parse_times(texts: pl.Series, *, zone: str, first_row: int) -> Times:
    """Read a String column as times.

    Parameters
    ----------
    texts
        ISO 8601 and its variants, year first or last with -, / or ., 12-hour clocks, 年月日, day numbers of
        spreadsheets. Day or month first is decided on all values together.
    zone
        Where a time without zone was written. A time that the clocks went over twice is taken as the earlier.
    first_row
        Number of the first row, for messages.
    """
    name = texts.name
    clean = texts.str.strip_chars()
    missing = clean.is_null() | clean.str.to_uppercase().is_in(MISSING_WORDS)
    given = clean.set(missing, None)
    if (uniform := _uniform(given, zone)) is not None:
        series, zoned = uniform
        times = Times(series.rename(name))
        absent = int((missing & clean.is_not_null()).sum())
        unzoned = 0 if zoned else series.count()
        times.notices = _notices(name, zone, unzoned=unzoned, missing=absent)
        return times
    codes = given.unique(maintain_order=True).drop_nulls()
    groups = _groups(codes)
    result = _Builder(codes, groups, zone)
    result.solve()
    mapped = pl.DataFrame({"text": codes, "time": result.times, "trouble": result.trouble, "flag": result.flags})
    joined = pl.DataFrame({"text": clean}).join(mapped, on="text", how="left", maintain_order="left")
    times = Times(joined["time"].rename(name))
    _collect_problems(times, joined, name, zone, first_row)
    _collect_notices(times, joined, result, missing_count=int((missing & clean.is_not_null()).sum()), zone=zone)
    return times


def localise(naive: pl.Series, zone: str) -> pl.Series:
    """Naive times of ``zone`` in UTC: the earlier of a doubled hour, null for an hour that the clocks left out."""
    there = naive.cast(pl.Datetime("us")).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return there.dt.convert_time_zone("UTC")


class _Builder:
    """Works on the distinct texts: dates by arithmetic, so that an impossible one is seen and never rolled over."""

    def __init__(self, codes: pl.Series, groups: pl.DataFrame, zone: str) -> None:
        self.codes = codes
        self.groups = groups
        self.zone = zone
        self.day_first_said = False
        self.serials = False
        self.times = pl.Series("time", [], dtype=UTC_TIME)
        self.trouble = pl.Series("trouble", [], dtype=pl.String)
        self.flags = pl.Series("flag", [], dtype=pl.UInt8)

    def solve(self) -> None:
        part = {name: self.groups[name].fill_null(0).to_numpy().astype(np.int64) for name in _PARTS}
        shaped: Flags = self.groups["year"].is_not_null().to_numpy()
        last: Flags = self.groups["last"].fill_null(value=False).to_numpy()
        month, day = part["one"].copy(), part["two"].copy()
        if self._day_first(part["one"][last], part["two"][last]):
            month[last], day[last] = part["two"][last], part["one"][last]
        hour, clock_ok = _hours(part["hour"], self.groups["half"])
        valid = shaped & clock_ok & _date_exists(part["year"], month, day)
        valid &= (hour < 24) & (part["minute"] < 60) & (part["second"] < 60)
        offset, zoned, offset_ok = _offsets(self.groups["zone"])
        valid &= offset_ok
        micros = _days(np.where(valid, part["year"], 1970), np.where(valid, month, 1), np.where(valid, day, 1))
        micros = micros * _DAY_US + (hour * 3600 + part["minute"] * 60 + part["second"]) * 1_000_000
        micros += self.groups["fraction"].fill_null(0).to_numpy() - offset * 60_000_000
        implausible = valid & ((part["year"] < _PLAUSIBLE[0]) | (part["year"] > _PLAUSIBLE[1]))
        self._serials(micros, valid, shaped)
        self._finish(micros, valid, zoned, implausible)

    def _day_first(self, one: Ints, two: Ints) -> bool:
        """Day before month unless the values say otherwise; undecided is told in a notice."""
        day_first, month_first = int((one > 12).sum()), int((two > 12).sum())
        self.day_first_said = len(one) > 0 and day_first == month_first == 0
        return day_first >= month_first

    def _serials(self, micros: Ints, valid: Flags, shaped: Flags) -> None:
        if shaped.any() or not looks_like_serial(self.codes.head(2000).to_list()):
            return
        self.serials = True
        ok = self.codes.str.contains(f"^{_SERIAL.pattern}$").to_numpy()
        days = self.codes.cast(pl.Float64, strict=False).fill_null(0.0).to_numpy()
        good = ok & (days >= 61) & (days < 2_958_466)
        valid |= good
        rounded = np.round((np.where(good, days, 0.0) + _EXCEL_ZERO) * 86_400_000).astype(np.int64) * 1000
        micros[good] = rounded[good]

    def _finish(self, micros: Ints, valid: Flags, zoned: Flags, implausible: Flags) -> None:
        use = valid & ~implausible
        stamps = pl.Series("time", np.where(use, micros, 0)).cast(pl.Datetime("us"))
        stamps = stamps.set(pl.Series(~use), None)
        in_utc = stamps.dt.replace_time_zone("UTC")
        local = localise(stamps, self.zone)
        zoned_series = pl.Series("zoned", zoned)
        both = pl.DataFrame({"utc": in_utc, "local": local, "zoned": zoned_series})
        self.times = both.select(pl.when("zoned").then("utc").otherwise("local").alias("time"))["time"]
        gap = self.times.is_null().to_numpy() & use
        kind = np.where(~valid, "no date", np.where(gap, "gap", "")).astype(str)
        self.trouble = pl.Series("trouble", kind)
        self.flags = pl.Series("flag", implausible * 2 + (~zoned & use) * 1, dtype=pl.UInt8)


def _groups(codes: pl.Series) -> pl.DataFrame:
    """The parts of each text as columns: numbers, ``half`` (am or pm), ``zone``, and ``last`` (year written last)."""
    text = codes
    if codes.str.contains("年", literal=True).any():
        text = pl.Series(codes.name, [plain_time(v) for v in codes.to_list()], dtype=pl.String)
    first = text.str.extract_groups(YEAR_FIRST_PATTERN).struct.unnest()
    last = text.str.extract_groups(YEAR_LAST_PATTERN).struct.unnest()
    names = [*_PARTS, "fraction", "half", "zone"]
    both = pl.concat(
        [first.select(pl.col(n).alias(f"a_{n}") for n in names), last.select(pl.col(n).alias(f"b_{n}") for n in names)],
        how="horizontal",
    )
    merged = both.select(
        *(pl.coalesce(f"a_{n}", f"b_{n}").alias(n) for n in names), pl.col("b_year").is_not_null().alias("last")
    )
    fraction = pl.col("fraction").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    return merged.with_columns(*(pl.col(n).cast(pl.Int64) for n in _PARTS), fraction)


def _hours(hour: Ints, half: pl.Series) -> tuple[Ints, Flags]:
    words = half.str.to_lowercase().fill_null("").to_numpy()
    twelve: Flags = words != ""
    ok: Flags = ~twelve | ((hour >= 1) & (hour <= 12))
    return np.where(twelve, hour % 12 + np.where(words == "pm", 12, 0), hour), ok


def _offsets(zone: pl.Series) -> tuple[Ints, Flags, Flags]:
    """Minutes east of UTC, whether a zone is written at all, and whether it is one (at most 18 hours off)."""
    digits = zone.str.replace_all("[^0-9]", "").str.pad_end(4, "0")
    number = digits.cast(pl.Int64, strict=False).fill_null(0).to_numpy()
    sign = np.where(zone.str.starts_with("-").fill_null(value=False).to_numpy(), -1, 1)
    minutes = number // 100 * 60 + number % 100
    return sign * minutes, zone.is_not_null().to_numpy(), (minutes <= 18 * 60) & (number % 100 < 60)


def _date_exists(year: Ints, month: Ints, day: Ints) -> Flags:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    known = (month >= 1) & (month <= 12)
    length = lengths[np.where(known, month, 0)] + ((month == 2) & leap)
    exists: Flags = known & (day >= 1) & (day <= length) & (year >= 1) & (year <= 9999)
    return exists


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days from 1970-01-01 in the Gregorian calendar (H. Hinnant, chrono-compatible low-level date algorithms)."""
    y = year - (month <= 2)
    era = y // 400
    year_of_era = y - era * 400
    day_of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    days: Ints = era * 146_097 + day_of_era - 719_468
    return days


def _collect_problems(times: Times, joined: pl.DataFrame, name: str, zone: str, first_row: int) -> None:
    bad = joined.with_row_index("row", offset=first_row).filter(pl.col("trouble").fill_null("") != "")
    times.problem_count = bad.height
    for row, text, trouble in bad.select("row", "text", "trouble").head(LISTED_PROBLEMS).iter_rows():
        gap = trouble == "gap"
        times.problems.append(
            RowProblem(
                row=row,
                column=name,
                expected=_EXPECTED_GAP if gap else _EXPECTED,
                found=_FOUND_GAP if gap else _FOUND,
                remedy=_REMEDY_GAP if gap else _REMEDY,
                values={"value": display(text), "zone": zone},
            )
        )


def _collect_notices(times: Times, joined: pl.DataFrame, built: _Builder, *, missing_count: int, zone: str) -> None:
    flag = joined["flag"].fill_null(0)
    times.notices += _notices(
        times.series.name,
        zone,
        unzoned=int((flag == 1).sum()),
        implausible=int((flag >= 2).sum()),
        missing=missing_count,
        undecided=flag.len() if built.day_first_said else 0,
        serials=flag.len() if built.serials else 0,
    )


def _notices(name: str, zone: str, **counts: int) -> list[Notice]:
    texts = {
        "unzoned": gettext_noop("{count} times in “{column}” have no zone; they are taken as local time of {zone}."),
        "implausible": gettext_noop(
            "{count} times in “{column}” lie before 1900 or after 2199; they are taken as missing."
        ),
        "missing": gettext_noop("{count} times in “{column}” are marked as missing."),
        "undecided": gettext_noop(
            "In “{column}” day and month could be exchanged in every value; it is read as day/month/year."
        ),
        "serials": gettext_noop("“{column}” holds day numbers of a spreadsheet; they are read as dates."),
    }
    values = {"column": display(name), "zone": zone}
    return [Notice(texts[key], count, values) for key, count in counts.items() if count]


def _uniform(given: pl.Series, zone: str) -> tuple[pl.Series, bool] | None:
    """The times in UTC, and whether they bear a zone, if all are ISO 8601 in one form and without any problem.

    This is the way of nearly every file, and several times as fast as taking each text apart.
    """
    first = given.drop_nulls().head(1).to_list()
    form = _ISO.fullmatch(first[0]) if first else None
    if form is None or given.str.contains(":60", literal=True).any():
        return None
    pattern = f"%Y-%m-%d{form['between']}%H:%M:%S" + ("%.f" if form["fraction"] else "")
    ending = form["zone"]
    pattern += "" if ending is None else "Z" if ending == "Z" else "%z"
    times = given.str.to_datetime(pattern, strict=False, time_unit="us")
    years = times.dt.year()  # not times.min(): Python has no year 0, and UTC may put the year 1 into it
    if times.null_count() != given.null_count() or not years.drop_nulls().is_between(*_PLAUSIBLE).all():
        return None
    if ending is not None:
        utc = times.dt.convert_time_zone("UTC") if ending != "Z" else times.dt.replace_time_zone("UTC")
        return utc, True
    local = localise(times, zone)
    return (local, False) if local.null_count() == times.null_count() else None
