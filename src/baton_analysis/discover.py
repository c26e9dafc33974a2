"""From a file to the chain that it shows, in one call and without a server: ``baton discover``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from baton_analysis.arguments import checked
from baton_analysis.engines import DEFAULT_ENGINE, engine_named
from baton_analysis.errors import FactError, gettext_noop
from baton_analysis.facts.events import event_facts
from baton_analysis.facts.mapping import EventMapping, PartyKind, party_kind_of
from baton_analysis.measures.handover_chain import HandoverChain, handover_chain
from baton_analysis.readers import Limits, Notice, Table, ocel, preview, read
from baton_analysis.readers.model import display

STANDARD_TIMES = ("time:timestamp", ocel.TIME)
STANDARD_ACTIVITIES = ("concept:name", ocel.ACTIVITY)
"""What the standards XES and OCEL call the time and the activity of an event."""


@checked(FactError)
def discover(
    path: Path,
    *,
    case: str,
    party: str,
    time: str | None = None,
    activity: str | None = None,
    party_kind: PartyKind | None = None,
    allow_persons: bool = False,
    missing: tuple[str, ...] = (),
    zone: str = "UTC",
    sheet: str | None = None,
    salt: bytes | None = None,
    engine: str = DEFAULT_ENGINE,
    limits: Limits | None = None,
    progress: Callable[[float], None] | None = None,
) -> HandoverChain:
    """Who hands work to whom in an event log (XES, OCEL, CSV, Excel or Parquet; texts also packed as .gz).

    Parameters
    ----------
    case, party, time, activity
        Columns of the file; in XES ``case:<name>`` is an attribute of the trace, in OCEL a case is a type of objects
        and a party may be one. ``time`` and ``activity`` default to what XES and OCEL call them where the file has
        them; without a time column the order of the file counts and there are no waiting times.
    party_kind, allow_persons, salt
        See :func:`baton_analysis.facts.events.event_facts`. Without a kind the column's name tells it, and a column
        whose name does not is taken to hold persons; a remark says what was assumed. Without a salt a random one is
        used: the pseudonyms then hold for this run only.
    missing
        Party values that mean "unknown", beside null.
    zone
        IANA zone of times that are written without one, and of days and weeks.
    sheet
        Sheet of an Excel workbook; by itself the first that is not hidden.
    engine, limits, progress
        See :func:`baton_analysis.engines.engine_named` and :func:`baton_analysis.readers.read`.

    Raises
    ------
    BatonError
        The file cannot be read, a column is absent or of the wrong kind, or the engine is not there.
    """
    engine_named(engine)  # An engine that is not there is told before a large file is read.
    limits = limits or Limits()
    if time is None or activity is None:
        names = {column.name for column in preview(path, limits=limits, sheet=sheet).columns}
        time = time or next((name for name in STANDARD_TIMES if name in names), None)
        activity = activity or next((name for name in STANDARD_ACTIVITIES if name in names), None)
    wanted = tuple(dict.fromkeys(name for name in (case, party, time, activity) if name is not None))
    table = read(path, columns=wanted, zone=zone, sheet=sheet, limits=limits, progress=progress)
    return chain_of_table(
        table, case=case, party=party, time=time, activity=activity, party_kind=party_kind,
        allow_persons=allow_persons, missing=missing, zone=zone, salt=salt, engine=engine,
    )  # fmt: skip


@checked(FactError)
def chain_of_table(
    table: Table,
    *,
    case: str,
    party: str,
    time: str | None = None,
    activity: str | None = None,
    party_kind: PartyKind | None = None,
    allow_persons: bool = False,
    missing: tuple[str, ...] = (),
    zone: str = "UTC",
    salt: bytes | None = None,
    engine: str = DEFAULT_ENGINE,
) -> HandoverChain:
    """As :func:`discover`, of a table that has been read."""
    kind = party_kind or party_kind_of(party) or "person"
    mapping = EventMapping(
        case=case,
        party=party,
        time=time,
        activity=activity,
        party_kind=kind,
        missing=missing,
        allow_persons=allow_persons,
    )
    remarks = table.notices if party_kind else (*table.notices, _assumed(party, kind, named=allow_persons))
    if kind == "person" and not allow_persons and salt is None:
        salt = secrets.token_bytes(32)
        remarks = (*remarks, Notice(message=gettext_noop("The pseudonyms hold for this run only.")))
    facts = event_facts(table.frame, mapping, zone=zone, salt=salt, digest=table.digest, notices=remarks)
    return handover_chain(facts, engine=engine)


_TAKEN = {
    "team": gettext_noop("The parties in “{column}” are taken as teams; if they are persons, say --party-kind person."),
    "role": gettext_noop("The parties in “{column}” are taken as roles; if they are persons, say --party-kind person."),
    "department": gettext_noop(
        "The parties in “{column}” are taken as departments; if they are persons, say --party-kind person."
    ),
    "person": gettext_noop(
        "The parties in “{column}” are taken as persons and shown under pseudonyms; if they are not persons, say what"
        " they are with --party-kind."
    ),
    "named": gettext_noop("The parties in “{column}” are taken as persons and shown by name, as you allowed."),
}


def _assumed(column: str, kind: PartyKind, *, named: bool) -> Notice:
    return Notice(message=_TAKEN["named" if named and kind == "person" else kind], values={"column": display(column)})
