"""The part of the report on promised times: how many handoffs kept them, by link and window, on which calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from baton_analysis.analyse.report.speech import Speech
from baton_analysis.analyse.timeliness import Timeliness
from baton_analysis.drawing.figures import MISSING
from baton_analysis.facts.calendars import BusinessCalendar

LISTED = 500
"""So many links stand in the table; all of them are in the file beside the report."""

_SHOWN_DIGEST = 12
_COUNTS = ("n", "kept", "late", "overdue", "waiting")


def attainment_section(found: Timeliness, speech: Speech) -> list[str]:
    """All links together and each of them, those with the most broken promises first."""
    worst = found.links.frame.sort(pl.col("late") + pl.col("overdue"), "n", "subject", descending=[True, True, False])
    heads = ("link", *(f"attained_{name}" for name in _COUNTS), "attainment", "interval")
    rows = [(speech.link(row["subject"]), row) for row in worst.head(LISTED).iter_rows(named=True)]
    parts = [f"<h2>{escape(speech('attainment_title'))}</h2>", *_summary(found, speech), _table(heads, rows, speech)]
    if worst.height > LISTED:
        said = speech("first_attainments", shown=LISTED, links=speech.number(worst.height))
        parts.append(f'<p class="soft">{escape(said)}</p>')
    parts += [_calendar(digest, calendar, speech) for digest, calendar in sorted(found.calendars.items())]
    return parts


def attainment_of_link(found: Timeliness, subject: str, speech: Speech) -> list[str]:
    """A link's attainment in every window, the newest first."""
    rows = found.windows.frame.filter(pl.col("subject") == subject).sort("window", descending=True)
    if rows.is_empty() or found.windows.window == "all":
        return []
    heads = (f"window_{found.windows.window}", *(f"attained_{name}" for name in _COUNTS), "attainment", "interval")
    listed = [(row["window"].isoformat(), row) for row in rows.iter_rows(named=True)]
    return [f"<h3>{escape(speech('attainment_title'))}</h3>", _table(heads, listed, speech)]


def _summary(found: Timeliness, speech: Speech) -> list[str]:
    overall = found.overall
    counts = {name: speech.number(getattr(overall, name)) for name in (*_COUNTS, "without_promise")}
    if overall.value is None or overall.interval is None:
        said = [speech("nothing_due", **counts)]
    else:
        low, high = (speech.percent(bound) for bound in overall.interval)
        said = [speech("attained", value=speech.percent(overall.value), low=low, high=high, **counts)]
    said.append(speech("left_out", **counts))
    said.append(speech(f"as_of_{found.windows.window_by}", moment=found.as_of.isoformat(" ", "minutes")))
    return [f"<p>{escape(sentence)}</p>" for sentence in said]


def _table(heads: Sequence[str], rows: Sequence[tuple[str, Mapping[str, Any]]], speech: Speech) -> str:
    head = "".join(
        f'<th scope="col"{" class=num" if place else ""}>{escape(speech(name))}</th>'
        for place, name in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="num">{escape(cell)}</td>' for cell in _cells(row, speech))
        + "</tr>"
        for name, row in rows
    )
    return f'<div class="wrap"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cells(row: Mapping[str, Any], speech: Speech) -> list[str]:
    counts = [speech.number(row[name]) for name in _COUNTS]
    if not row["n"]:
        return [*counts, MISSING, MISSING]
    bounds = f"{speech.percent(row['lower'])} – {speech.percent(row['upper'])}"
    return [*counts, speech.percent(row["attainment"]), bounds]


def _calendar(digest: str, calendar: BusinessCalendar, speech: Speech) -> str:
    said = speech(
        "calendar", edition=calendar.edition or MISSING, zone=calendar.zone, holidays=len(calendar.holidays),
        makeup_days=len(calendar.makeup_days), digest=digest[:_SHOWN_DIGEST],
    )  # fmt: skip
    return f'<p class="soft">{escape(said)}</p>'
