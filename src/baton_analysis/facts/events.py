"""Events of cases: who worked on which case, when, in which order. The facts behind everything that is mined from logs.

A log says on each line: case, party, perhaps time and activity. :func:`event_facts` takes such a table, checks it at
the door, and gives it back with whole numbers in place of texts, sorted by case and time, so that every engine computes
on the same small columns.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from baton_analysis.arguments import checked
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.mapping import PARTY_KINDS, PROPOSED_MISSING, EventMapping, PartyKind
from baton_analysis.readers.model import Notice
from baton_analysis.readers.times import check_zone

__all__ = ["PARTY_KINDS", "PROPOSED_MISSING", "EventFacts", "EventMapping", "PartyKind", "event_facts", "pseudonyms"]

_PSEUDONYM_DIGITS = 12
_DAY = 86_400_000_000
_YEAR_2 = -62_104_060_800_000_000
_YEAR_9999 = 253_370_764_800_000_000
"""Microseconds since 1970 at which these years begin: outside of them a zone's local day may not be a date at all."""


@dataclass(frozen=True, eq=False)
class EventFacts:
    """Events in the order in which they happened, case by case.

    Attributes
    ----------
    frame
        One row an event, sorted by case, then time, then place in the file:
        ``position`` (0, 1, 2 ... in this order), ``case`` and ``party`` (index into ``cases`` and ``parties``; party is
        null where it is missing), ``at`` (microseconds since 1970-01-01 UTC), ``day`` and ``week`` (days since
        1970-01-01 of the event's day, and of the Monday of its ISO week, in ``zone``). All are 64-bit integers; ``at``,
        ``day`` and ``week`` are null where the time is missing.
    cases, parties
        The names behind the indices. Parties are pseudonyms where persons are not allowed.
    events
        Rows of the log, those that could not be used included.
    zone
        Time zone of days and weeks (IANA name).
    notices
        What a reader has to know about the log: ties, disorder, missing values, each with its count.
    digest
        SHA-256 of the file that the log came from, if known.
    """

    frame: pl.DataFrame
    cases: pl.Series
    parties: pl.Series
    events: int
    mapping: EventMapping
    zone: str = "UTC"
    notices: tuple[Notice, ...] = ()
    digest: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@checked(FactError)
def event_facts(
    frame: pl.DataFrame,
    mapping: EventMapping,
    *,
    zone: str = "UTC",
    salt: bytes | None = None,
    digest: str | None = None,
    notices: Sequence[Notice] = (),
) -> EventFacts:
    """Check a log at the door and bring it into the form on which measures are computed.

    Parameters
    ----------
    frame
        One row an event, in the order of the file. Case, party and activity are text, the time is Datetime; a time
        without zone is taken as a local time of ``zone``.
    zone
        Time zone in which days and ISO weeks are counted (the calendar of the organisation).
    salt
        Key of the pseudonyms; required when the parties are persons that may not be shown. The same key gives the same
        pseudonyms.
    digest, notices
        SHA-256 of the file and the remarks of its reader, passed on to the results.

    Raises
    ------
    FactError
        A column is absent or of the wrong kind, the log is empty, no event has a case or a party, the salt is
        missing, or a time lies outside of all calendars.
    ReadError
        The zone is unknown.
    """
    _check(frame, mapping, zone, salt)
    case, cases = _coded(frame[mapping.case].cast(pl.String))
    party, parties = _coded(_known_parties(frame[mapping.party].cast(pl.String), mapping.missing))
    at, unclear = _moments(frame, mapping.time, zone)
    coded = pl.DataFrame({"case": case, "party": party, "at": at})
    coded, counts = _ordered(coded, timed=mapping.time is not None)
    if not len(cases):
        raise _nothing_there(mapping.case, gettext_noop("Choose the column that says to which case an event belongs."))
    if not len(parties):
        raise _nothing_there(mapping.party, gettext_noop("Choose another party column, or other values for “missing”."))
    if mapping.party_kind == "person" and not mapping.allow_persons:
        parties = pseudonyms(parties, salt or b"")
        counts["pseudonyms"] = len(parties)
    counts["unclear"] = unclear
    return EventFacts(
        frame=_with_days(coded, zone),
        cases=cases,
        parties=parties,
        events=frame.height,
        mapping=mapping,
        zone=zone,
        notices=(*notices, *_notices(counts, mapping)),
        digest=digest,
        counts=counts,
    )


def pseudonyms(names: pl.Series, salt: bytes) -> pl.Series:
    """Names replaced by the first twelve hexadecimal digits of HMAC-SHA-256 under ``salt``, in the same order."""
    hidden = [
        "person-" + hmac.new(salt, name.encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_DIGITS]
        for name in names.to_list()
    ]
    return pl.Series(names.name, hidden, dtype=pl.String)


def _check(frame: pl.DataFrame, mapping: EventMapping, zone: str, salt: bytes | None) -> None:
    absent = [name for name in mapping.columns if name not in frame.columns]
    if absent:
        raise FactError(
            expected=gettext_noop("The log must have the columns {wanted}."),
            found=gettext_noop("It has no column {absent}; it has {columns}."),
            remedy=gettext_noop("Choose among the columns of the file."),
            wanted=_listed(mapping.columns),
            absent=_listed(absent),
            columns=_listed(frame.columns[:30]),
        )
    if frame.is_empty():
        raise FactError(
            expected=gettext_noop("The log must have at least one event."),
            found=gettext_noop("It has none."),
            remedy=gettext_noop("Export the log again, with its events."),
        )
    check_zone(zone)
    if mapping.time is not None and not isinstance(frame.schema[mapping.time], pl.Datetime):
        raise FactError(
            expected=gettext_noop("The column “{column}” must hold times."),
            found=gettext_noop("It holds {kind}."),
            remedy=gettext_noop("Choose the column with the time of the event, or none: then the file's order counts."),
            column=mapping.time,
            kind=str(frame.schema[mapping.time]),
        )
    if mapping.party_kind == "person" and not mapping.allow_persons and not salt:
        raise FactError(
            expected=gettext_noop("Persons are shown under pseudonyms, which need a key."),
            found=gettext_noop("No key was given."),
            remedy=gettext_noop("Give a key, or choose a column with teams, roles or departments."),
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _nothing_there(column: str, remedy: str) -> FactError:
    return FactError(
        expected=gettext_noop("The column “{column}” must have at least one value."),
        found=gettext_noop("All its values are missing."),
        remedy=remedy,
        column=column,
    )


def _known_parties(party: pl.Series, missing: tuple[str, ...]) -> pl.Series:
    if not missing:
        return party
    return party.to_frame("party").select(pl.when(~pl.col("party").is_in(missing)).then("party")).to_series()


def _coded(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Index of each text in the list of names, and that list, in order of first appearance."""
    names = texts.unique(maintain_order=True).drop_nulls()
    return texts.cast(pl.Enum(names)).to_physical().cast(pl.Int64), names


def _moments(frame: pl.DataFrame, column: str | None, zone: str) -> tuple[pl.Series, int]:
    """Microseconds since 1970 UTC, and how many local times have no or two meanings (the clock was changed)."""
    if column is None:
        return pl.Series("at", [None], dtype=pl.Int64).new_from_index(0, frame.height), 0
    times = frame[column].cast(pl.Datetime("us", getattr(frame.schema[column], "time_zone", None)))
    unclear = 0
    if getattr(times.dtype, "time_zone", None) is None:
        local = times
        once = local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")
        unclear = once.null_count() - local.null_count()
        times = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    at = times.dt.epoch("us").alias("at")
    if not at.drop_nulls().is_between(_YEAR_2, _YEAR_9999).all():
        raise FactError(
            expected=gettext_noop("The times in “{column}” must lie between the years 2 and 9998."),
            found=gettext_noop("Some do not."),
            remedy=gettext_noop("Correct these times in the file, or leave them empty."),
            column=column,
        )
    return at, unclear


def _ordered(coded: pl.DataFrame, *, timed: bool) -> tuple[pl.DataFrame, dict[str, int]]:
    """Events with a case by case, time and place in the file; and what was met on the way."""
    counts = {
        "without_case": coded["case"].null_count(),
        "without_party": coded["party"].null_count(),
        "without_time": coded["at"].null_count() if timed else 0,
    }
    if counts["without_case"]:
        coded = coded.filter(pl.col("case").is_not_null())
    placed = _sorted(coded.with_row_index("place"), untimed=counts["without_time"] > 0)
    if timed:
        counts |= _disorder(placed)
    ordered = placed.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("position"), "case", "party", "at")
    return ordered, counts


def _sorted(placed: pl.DataFrame, *, untimed: bool) -> pl.DataFrame:
    """By case, time and place in the file. Shortcuts first: most files are already in one order or the other."""
    when = "at"
    if untimed:
        # An event without a time keeps its place in the file: right after the event that stands before it.
        placed = placed.with_columns(pl.col("at").forward_fill().over("case").alias("when"))
        when = "when"
    elif placed["at"].null_count() == placed.height or placed["at"].is_sorted():
        return placed if placed["case"].is_sorted() else placed.sort("case", maintain_order=True)
    if _in_order(placed, when):
        return placed
    return placed.sort("case", when, maintain_order=True, nulls_last=False)


def _in_order(placed: pl.DataFrame, when: str) -> bool:
    """Whether the file already lists its cases one after the other, each by time (the usual XES)."""
    later_case = pl.col("case").diff() > 0
    later_time = (pl.col("case").diff() == 0) & (pl.col(when).diff() >= 0)
    return bool(placed.select((later_case | later_time).fill_null(False).slice(1).all()).item())


def _disorder(placed: pl.DataFrame) -> dict[str, int]:
    same_case = pl.col("case").diff() == 0
    return placed.select(
        (same_case & (pl.col("at").diff() == 0)).sum().alias("ties"),
        (same_case & (pl.col("place").cast(pl.Int64).diff() < 0)).sum().alias("out_of_order"),
    ).row(0, named=True)


def _with_days(ordered: pl.DataFrame, zone: str) -> pl.DataFrame:
    if zone == "UTC":
        day = pl.col("at") // _DAY
    else:
        moment = pl.from_epoch("at", time_unit="us").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
        day = moment.dt.date().cast(pl.Int32).cast(pl.Int64)
    # 1970-01-01 was a Thursday: three days after a Monday.
    return ordered.with_columns(day.alias("day")).with_columns(((pl.col("day") + 3) // 7 * 7 - 3).alias("week"))


_MESSAGES: Mapping[str, str] = {
    "without_case": gettext_noop("{count} events have no case; they are counted here and used nowhere else."),
    "without_party": gettext_noop(
        "{count} events have no party (null, or a value that was declared as missing); the work is followed from the"
        " party before them to the party after them."
    ),
    "without_time": gettext_noop(
        "{count} events have no time; they keep their place in the file, and what needs their time leaves them out."
    ),
    "ties": gettext_noop(
        "{count} events have the same time as the event before them in their case; the file's order decides."
    ),
    "out_of_order": gettext_noop(
        "{count} events stand in the file before an earlier event of their case; the time decides."
    ),
    "unclear": gettext_noop(
        "{count} local times fall into a change of the clock; of two meanings the earlier is taken, times that never"
        " were count as missing."
    ),
    "pseudonyms": gettext_noop("{count} persons are shown under pseudonyms."),
}


def _notices(counts: Mapping[str, int], mapping: EventMapping) -> tuple[Notice, ...]:
    notices = [Notice(message=_MESSAGES[key], count=counts[key]) for key in _MESSAGES if counts.get(key)]
    if mapping.time is None:
        notices.append(Notice(message=gettext_noop("Without a time column the file's order is the order of events.")))
    return tuple(notices)
