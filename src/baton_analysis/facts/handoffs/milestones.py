"""One row a case with a column of moments, as order books are, brought into one row a handoff for each link of a path.

A milestone mapping says for each link which column is its start, which its end, and which its due moment. Cases whose
end lies before their start are real (a carrier scans a parcel before the payment is booked): their time counts as
nothing and a notice says how many there are, instead of a clock that never stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from baton_analysis.arguments import checked, checked_fields
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.calendars.moments import moment_of_local
from baton_analysis.facts.handoffs.columns import UTC_TIME
from baton_analysis.readers.model import Notice
from baton_analysis.readers.times import check_zone


@checked_fields(FactError)
@dataclass(frozen=True, slots=True)
class Milestone:
    """A link of a path, and which columns hold its moments.

    Attributes
    ----------
    subject
        The link, “supplier>customer”.
    start, end
        Columns of the moments at which its supplier could begin, and at which its customer had it. Of several columns
        for the start the first counts that is not empty.
    due
        Column of the moment at which it was due; None: none was agreed.
    """

    subject: str
    start: tuple[str, ...]
    end: str
    due: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class MilestoneRows:
    """Rows for :func:`baton_analysis.facts.handoffs.events_of_rows`: ``subject``, ``case``, ``reference``,
    ``received``, ``accepted``, ``due_at``; and what has to be said about them."""

    frame: pl.DataFrame
    notices: tuple[Notice, ...] = ()


@checked(FactError)
def rows_of_milestones(
    rows: pl.DataFrame, milestones: Sequence[Milestone], *, reference: str, case: str | None = None, zone: str = "UTC"
) -> MilestoneRows:
    """One row a handoff from one row a case.

    Parameters
    ----------
    rows
        The table; moments without a zone are local times of ``zone``.
    milestones
        The links; a case that has not begun on one has no row there.
    reference
        Column by which the handoffs of one case are found again on all links, such as the number of the order.
    case
        Column that names a row where one reference has several; None: the reference does.

    Raises
    ------
    FactError
        A column is absent or holds no moments, no link or a link twice, or an unknown zone.
    """
    check_zone(zone)
    _check_columns(rows, milestones, reference, case or reference)
    moments = {name for one in milestones for name in (*one.start, one.end, *([one.due] if one.due else []))}
    times = rows.with_columns([_in_utc(rows, name, zone) for name in sorted(moments)])
    parts, backwards = [], 0
    for one in milestones:
        start, end = pl.coalesce(one.start), pl.col(one.end)
        part = times.select(
            subject=pl.lit(one.subject),
            case=pl.col(case or reference).cast(pl.String),
            reference=pl.col(reference).cast(pl.String),
            received=pl.min_horizontal(start, pl.when(start.is_not_null()).then(end)),
            accepted=end,
            due_at=pl.col(one.due) if one.due else pl.lit(None, UTC_TIME),
            backwards=(end < start).fill_null(False),
        ).filter(pl.col("received").is_not_null())
        backwards += int(part["backwards"].sum())
        parts.append(part.drop("backwards"))
    text = gettext_noop("{count} handoffs ended before they began, by their moments: their time counts as nothing.")
    return MilestoneRows(pl.concat(parts), (Notice(text, backwards),) if backwards else ())


def _in_utc(rows: pl.DataFrame, name: str, zone: str) -> pl.Series:
    given = rows[name]
    if isinstance(given.dtype, pl.Datetime) and given.dtype.time_zone is None:
        moments = moment_of_local(given.dt.epoch("us").fill_null(0).to_numpy(), zone)
        placed = pl.from_epoch(pl.Series(name, moments), time_unit="us").dt.replace_time_zone("UTC").cast(UTC_TIME)
        return placed.set(given.is_null(), None)
    return given.cast(UTC_TIME)


def _check_columns(rows: pl.DataFrame, milestones: Sequence[Milestone], reference: str, case: str) -> None:
    moments = [name for one in milestones for name in (*one.start, one.end, *([one.due] if one.due else []))]
    absent = [name for name in (reference, case, *moments) if name not in rows.columns]
    subjects = [one.subject for one in milestones]
    twice = len(set(subjects)) < len(subjects)
    empty = [one.subject for one in milestones if not one.start]
    if absent or twice or not milestones or empty:
        raise FactError(
            expected=gettext_noop("Each link of a path stands once, with columns of its start and end that are there."),
            found=gettext_noop("Links: {links}. Absent: {absent}. Columns: {columns}."),
            remedy=gettext_noop("Correct the mapping of milestones."),
            links=", ".join(subjects) or "–",
            absent=", ".join(absent) or "–",
            columns=", ".join(rows.columns[:30]),
        )
    wrong = [name for name in moments if not isinstance(rows.schema[name], pl.Datetime | pl.Null)]
    if wrong:
        raise FactError(
            expected=gettext_noop("The column “{column}” must hold times."),
            found=gettext_noop("It holds {kind}."),
            remedy=gettext_noop("Convert it; a text that is no time was read as a text."),
            column=wrong[0],
            kind=str(rows.schema[wrong[0]]),
        )
