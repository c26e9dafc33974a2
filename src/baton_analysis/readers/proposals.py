"""What the columns of a sample look like, and which of them are probably case, activity, time and party."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import ReadError
from baton_analysis.readers.model import Column, Proposal, display
from baton_analysis.readers.times import MISSING_WORDS, looks_like_serial, looks_like_time

SAMPLE_ROWS = 5_000
"""So many rows a preview looks at."""
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WIDTH = 200

# Names in the order of preference; a name counts where it is the whole column name, or a word of it.
_CASE = (
    "case:concept:name", "case", "case id", "caseid", "trace", "trace id", "incident", "ticket", "order", "order id",
    "request", "案件", "案例", "流程实例", "工单", "订单", "病历号", "单号", "編號", "编号", "case:id", "number", "id",
)  # fmt: skip
_ACTIVITY = (
    "concept:name", "activity", "activity name", "task", "step", "event", "operation", "action", "活动", "活動",
    "环节", "任务", "步骤", "工序", "操作", "事件", "status", "状态", "lifecycle:transition",
)  # fmt: skip
_TIME = (
    "time:timestamp", "timestamp", "complete timestamp", "end timestamp", "time", "datetime", "occurred at", "date",
    "时间", "時間", "发生时间", "日期", "start timestamp",
)  # fmt: skip
_PARTY = (
    "org:group", "organization involved", "organisation involved", "org:role", "department", "team", "group", "unit",
    "ward", "role", "party", "部门", "部門", "科室", "病区", "班组", "小组", "团队", "岗位", "角色", "organization",
    "organisation", "org", "org:resource", "resource", "owner", "assignee", "employee", "user", "person", "人员",
    "负责人", "经办人", "员工",
)  # fmt: skip


def kind_of(texts: Sequence[str | None], name: str) -> str:
    """ "time", "boolean", "number" or "text" by the values; day numbers are times where the name says time."""
    given = [t.strip() for t in texts if t is not None and t.strip().upper() not in MISSING_WORDS]
    if not given:
        return "text"
    if looks_like_time(given):
        return "time"
    if _rank(name, _TIME) is not None and looks_like_serial(given):
        return "time"
    if all(t.lower() in ("true", "false") for t in given):
        return "boolean"
    return "number" if all(_NUMBER.fullmatch(t) for t in given) else "text"


def described(frame: pl.DataFrame) -> tuple[Column, ...]:
    """One :class:`Column` for each column of a sample."""
    return tuple(_described(series) for series in frame.iter_columns())


def _described(series: pl.Series) -> Column:
    texts = as_text(series.rename("values"))  # Polars would take a name such as “^a$” for a pattern of names
    given = texts.drop_nulls()
    given = given.filter(given.str.strip_chars() != "")
    distinct = given.unique(maintain_order=True)
    return Column(
        name=series.name,
        kind=_kind_by_type(series, texts),
        missing=series.len() - given.len(),
        distinct=distinct.len(),
        samples=tuple(display(v, _WIDTH) for v in distinct.head(5).to_list()),
    )


def _kind_by_type(series: pl.Series, texts: pl.Series) -> str:
    if series.dtype.is_temporal():
        return "time"
    if series.dtype.is_numeric():
        return "number"
    if series.dtype == pl.Boolean:
        return "boolean"
    return kind_of(texts.head(1_000).to_list(), series.name)


def as_text(series: pl.Series) -> pl.Series:
    """A column as the texts a person would write: times in ISO 8601, truth values in small letters."""
    if series.dtype.is_temporal() and series.dtype != pl.Date:
        utc = getattr(series.dtype, "time_zone", None) == "UTC"
        return series.dt.to_string("%Y-%m-%d %H:%M:%S" + ("Z" if utc else ""))
    return series.cast(pl.String)


def first_rows(frame: pl.DataFrame, count: int = 20) -> tuple[dict[str, str | None], ...]:
    """The first rows as display strings."""
    head = frame.head(count)
    texts = pl.DataFrame([as_text(series) for series in head.iter_columns()])
    return tuple({k: None if v is None else display(v, _WIDTH) for k, v in row.items()} for row in texts.to_dicts())


def proposed(columns: Sequence[Column]) -> Proposal:
    """Columns by the names that logs and tables usually give them; a time also by its values.

    A column with one single value is no use as a party or case and comes last.
    """
    several = [c for c in columns if c.distinct > 1]
    times = [c for c in columns if c.kind == "time"]
    others = [c for c in columns if c.kind != "time"]
    time = _best(times, _TIME) or (times[0].name if times else None)
    case = _best([c for c in several if c.kind != "time"], _CASE) or _best(others, _CASE)
    activity = _best([c for c in others if c.name != case], _ACTIVITY)
    free = [c for c in others if c.name not in {case, activity} and not c.name.startswith("case:")]
    ranked = sorted(
        (c for c in free if _rank(c.name, _PARTY) is not None),
        key=lambda c: (c.distinct <= 1, _rank(c.name, _PARTY) or 0),
    )
    parties = tuple(c.name for c in ranked)
    return Proposal(case=case, activity=activity, time=time, party=parties[0] if parties else None, parties=parties)


@checked(ReadError)
def propose_columns(names: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str | None]:
    """For each field the column that probably holds it, by the column's name; no column is proposed twice.

    ``wanted`` gives for each field the names it goes by, in every language, best first. A column whose whole name is
    one of them comes before one that only has it among its words ("Name of department"); None where nothing fits.
    """
    known = {field: [_plain_name(name) for name in (field, *synonyms)] for field, synonyms in wanted.items()}
    found = [
        (rank, place, field, name)
        for field, synonyms in known.items()
        for place, name in enumerate(names)
        if (rank := _rank(name, synonyms)) is not None
    ]
    chosen: dict[str, str | None] = dict.fromkeys(wanted)
    taken: set[str] = set()
    # Whole names of all fields first: "supplier name" belongs to the supplier before "name" may ask for it.
    for _rank_of, _place, field, name in sorted(found, key=lambda f: (f[0] >= len(known[f[2]]), f[0], f[1])):
        if chosen[field] is None and name not in taken:
            chosen[field] = name
            taken.add(name)
    return chosen


def _best(columns: Sequence[Column], names: Sequence[str]) -> str | None:
    ranked = [(rank, c.name) for c in columns if (rank := _rank(c.name, names)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _plain_name(name: str) -> str:
    """A name in small letters, its words apart: "staffNumber", "Staff_Number" and "staff number" are the same."""
    return re.sub(r"[\s_\-.]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().lower()


def _rank(name: str, names: Sequence[str]) -> float | None:
    """Place of a column name among the usual ones, whole names before those that only contain one; None if neither."""
    plain = _plain_name(name)
    for whole in (plain, plain.removesuffix("s")):  # types of objects are called "orders", "employees"
        if whole in names:
            return float(names.index(whole))
    words = plain.replace(":", " ").split()
    for place, known in enumerate(names):
        if known in words or (not known.isascii() and known in plain):
            return len(names) + float(place)
    return None
