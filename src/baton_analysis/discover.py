"""From a file to the chain that it shows, in one call and without a server: ``baton discover``."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from baton_analysis.engines import DEFAULT_ENGINE, engine_named
from baton_analysis.errors import gettext_noop
from baton_analysis.facts.events import EventMapping, PartyKind, event_facts
from baton_analysis.measures.handover_chain import HandoverChain, handover_chain
from baton_analysis.readers import Limits, Notice, ocel, preview, read

STANDARD_TIMES = ("time:timestamp", ocel.TIME)
STANDARD_ACTIVITIES = ("concept:name", ocel.ACTIVITY)
"""What the standards XES and OCEL call the time and the activity of an event."""
PERSON_COLUMNS = (
    "org:resource", "resource", "user", "person", "employee", "owner", "assignee", "人员", "员工", "负责人", "经办人",
    "姓名",
)  # fmt: skip
"""Columns that hold persons by the XES standard or by their name."""


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
        See :func:`baton_analysis.facts.events.event_facts`. Without a kind, columns named like persons are taken as
        persons, others as teams. Without a salt a random one is used: the pseudonyms then hold for this run only.
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
    called = party.strip().casefold()
    kind = party_kind or ("person" if {called, called.removesuffix("s")} & set(PERSON_COLUMNS) else "team")
    mapping = EventMapping(
        case=case,
        party=party,
        time=time,
        activity=activity,
        party_kind=kind,
        missing=missing,
        allow_persons=allow_persons,
    )
    table = read(path, columns=mapping.columns, zone=zone, sheet=sheet, limits=limits, progress=progress)
    remarks = table.notices
    if kind == "person" and not allow_persons and salt is None:
        salt = secrets.token_bytes(32)
        remarks = (*remarks, Notice(message=gettext_noop("The pseudonyms hold for this run only.")))
    facts = event_facts(table.frame, mapping, zone=zone, salt=salt, digest=table.digest, notices=remarks)
    return handover_chain(facts, engine=engine)
