"""Event logs: bring one, say what its columns mean, accept it, withdraw it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import policy
from baton.chain.api.parties import READ, WRITE
from baton.chain.changes import event_logs as changes
from baton.chain.models import EventLog
from baton.chain.pages import event_logs as pages
from baton.chain.queries import event_logs as queries
from baton.chain.rules import LogState, sounds_like_persons
from baton.core import uploads
from baton.core.api.door import ApiRequest, pieces
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Sent, Shown
from baton.core.days import zones
from baton.core.errors import Refused
from baton.core.jobs import progress_of
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop
from baton_analysis.facts.mapping import PROPOSED_MISSING, EventMapping
from baton_analysis.readers.model import Notice, Preview

router = Router()

SYSTEM_LENGTH = 60
_NO_NUL = r"^[^\x00]*$"
MOST_MISSING = 50
Column = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]+$")]
Value = Annotated[str, StringConstraints(max_length=300, pattern=_NO_NUL)]


class UploadAsked(Sent):
    """What a file is called."""

    name: Annotated[
        str,
        StringConstraints(min_length=1, max_length=uploads.NAME_LENGTH, pattern=r"^[^\x00]+$"),
        Field(description="Under which it stands in the list of event logs.", examples=["orders-2026.csv"]),
    ]


class ColumnsSent(Edited):
    """Which column means what."""

    case: Column = Field(description="What the work is about: an order, a patient.", examples=["order"])
    party: Column = Field(description="Who does the work.", examples=["team"])
    party_kind: Literal["department", "team", "role", "person"] = Field(description="Persons get pseudonyms.")
    not_persons: bool = Field(
        default=False, description="Somebody has looked: a column that sounds like persons holds none."
    )
    time: Column | None = Field(default=None, description="null: the order of the file counts, and no wait is known.")
    activity: Column | None = Field(default=None, description="What was done.")
    missing: Annotated[list[Value], Field(max_length=MOST_MISSING)] = Field(
        default=list(PROPOSED_MISSING), description="Values of the party that mean: unknown."
    )
    zone: Annotated[str, StringConstraints(max_length=64, pattern=_NO_NUL)] = Field(
        default="", description="Of times that carry none; empty: the organisation's.", examples=["Asia/Shanghai"]
    )
    system: Annotated[str, StringConstraints(max_length=SYSTEM_LENGTH, pattern=_NO_NUL)] = Field(
        default="", description="That wrote the log: its keys of parties name them.", examples=["SAP"]
    )
    sheet: Annotated[str, StringConstraints(max_length=100, pattern=_NO_NUL)] = Field(
        default="", description="Of a workbook; empty: the first."
    )


class LogShown(Shown):
    """An event log that somebody brought."""

    id: PublicId
    name: str
    state: LogState
    recorded_at: datetime
    version: int


class ColumnsShown(Shown):
    """Which column means what: as somebody said, or as the names propose."""

    case: str | None
    party: str | None
    time: str | None
    activity: str | None


class FileShown(Shown):
    """What the beginning of the file says."""

    columns: list[str] = Field(description="The names of its columns.")
    sheets: list[str] = Field(description="Of a workbook.")
    proposed: ColumnsShown


class FoundShown(Shown):
    """What the log shows, in figures; the pairs, names and the comparison have calls of their own."""

    cases: int
    events: int
    parties: int
    handovers: int
    pairs: int
    names_matched: int = Field(description="Names of the log that are known as parties.")
    method: str
    computed_with: str = Field(description="Version of the method.")
    remarks: list[str] = Field(description="What is to be known about the file.")


class LogRead(LogShown):
    """An event log, and how far it has come."""

    format: str = Field(examples=["csv"])
    size: int = Field(description="Bytes.")
    digest: str = Field(description="SHA-256 of the file.")
    zone: str
    system: str
    columns: ColumnsShown | None = Field(description="null: nobody has said yet.")
    file: FileShown | None = Field(description="While its columns are to be chosen.")
    share_read: float | None = Field(description="While a worker reads it: how much of the file, from 0 to 1.")
    failure: str = Field(description="Why it could not be read; empty: it could.")
    found: FoundShown | None = Field(description="Once it was read.")


def log_shown(log: EventLog) -> LogShown:
    return LogShown(**_values(log))


def log_read(request: ApiRequest) -> Callable[[EventLog], LogRead]:
    """How one log is shown to the caller."""

    def show(log: EventLog) -> LogRead:
        state = LogState(log.state)
        chooses = state in (LogState.UPLOADED, LogState.FAILED) and policy.may_bring_event_logs(request.actor)
        return LogRead(
            **_values(log), format=log.format, size=log.size, digest=log.digest, zone=log.zone, system=log.system,
            columns=ColumnsShown(**{name: log.columns[name] for name in ColumnsShown.model_fields})
            if log.columns else None,
            file=_file(_beginning(log)) if chooses else None,
            share_read=_share_read(log) if state is LogState.READING else None,
            failure=pages.failure(log),
            found=_found(request, log) if state in (LogState.MINED, LogState.ACCEPTED) else None,
        )  # fmt: skip

    return show


def see_log(request: ApiRequest, *, withdrawn: bool = False) -> Callable[[str], EventLog]:
    """How the caller reads one log; ``withdrawn``: also one that was taken back."""
    return lambda public_id: queries.event_log(viewer=request.actor, public_id=public_id, withdrawn=withdrawn)


def _values(log: EventLog) -> dict[str, Any]:
    return {
        "id": log.public_id, "name": log.name, "state": LogState(log.state), "recorded_at": log.recorded_at,
        "version": log.changed_seq,
    }  # fmt: skip


def _beginning(log: EventLog, sheet: str = "") -> Preview:
    if not uploads.location(log.path).is_file():
        raise Refused(
            expected=gettext_noop("The file of an event log must lie in the data folder."),
            found=gettext_noop("It is gone or cannot be opened."),
            remedy=gettext_noop("Put it back from a backup, or withdraw the event log and import the file again."),
        )
    return pages.preview_of(log, sheet)


def _file(seen: Preview) -> FileShown:
    proposed = {name: getattr(seen.proposal, name) for name in ColumnsShown.model_fields}
    return FileShown(
        columns=[column.name for column in seen.columns], sheets=list(seen.sheets), proposed=ColumnsShown(**proposed)
    )  # fmt: skip


def _share_read(log: EventLog) -> float:
    progress = progress_of(log.run)
    return progress.done / progress.total if progress is not None and progress.total else 0.0


def _found(request: ApiRequest, log: EventLog) -> FoundShown:
    figures = log.figures
    return FoundShown(
        **{name: figures[name] for name in ("cases", "events", "parties", "handovers", "pairs", "method")},
        names_matched=queries.summary(viewer=request.actor, log=log)["matched"], computed_with=figures["version"],
        remarks=[Notice(**notice).render(gettext) for notice in figures["notices"]],
    )  # fmt: skip


@reads(
    router, "", scope=READ, may=policy.may_see_event_logs, response=Rows[LogShown],
    summary=gettext_noop("List event logs"),
    description=gettext_noop("For the quality manager, directors and auditors; the newest first."),
)  # fmt: skip
def list_event_logs(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = queries.event_logs(viewer=request.actor)
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[LogShown](rows=[log_shown(log) for log in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_see_event_logs, response=LogRead,
    summary=gettext_noop("Read an event log"),
    description=gettext_noop("While its state is reading, a worker is at it: ask again after a few seconds."),
)  # fmt: skip
def read_event_log(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    log = see_log(request)(public_id)
    return shown(log, log_read(request)(log))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_bring_event_logs, response=LogRead, status=201,
    largest_file=changes.largest_file,
    summary=gettext_noop("Bring an event log"),
    description=gettext_noop(
        "The body is the file itself: XES, OCEL, CSV, Excel or Parquet, as large as the page takes it. The same file "
        "is kept once. Nothing is read of it until its columns are chosen."
    ),
)  # fmt: skip
def bring_event_log(request: ApiRequest, asked: Query[UploadAsked]) -> HttpResponse:
    by, at, kept = request.actor, request.now, changes.keep_file(pieces(request))
    request.sent = {"name": asked.name, "digest": kept.digest}
    entered = False

    def write() -> EventLog:
        nonlocal entered
        entered = True
        return changes.enter_event_log(by=by, at=at, file_name=asked.name, stored=kept)

    try:
        return made(request, write=write, show=log_read(request), see=see_log(request))
    finally:
        if not entered:  # a repetition: the file came again
            uploads.discard(kept.path)


@writes(
    router, "POST", "/{slug:public_id}/columns", scope=WRITE, may=policy.may_bring_event_logs, response=LogRead,
    versioned=True,
    summary=gettext_noop("Choose the columns of an event log"),
    description=gettext_noop("A worker then reads the file. May be said again until the log is accepted."),
    example={
        "case": "order", "party": "team", "party_kind": "team", "time": "time", "activity": "activity", "version": 42,
    },
)  # fmt: skip
def choose_log_columns(request: ApiRequest, public_id: PublicId, sent: ColumnsSent) -> HttpResponse:
    def write(log: EventLog, **seen: Any) -> EventLog:
        there = _beginning(log, sent.sheet)
        _check_columns(sent, there)
        mapping = EventMapping(
            case=sent.case, party=sent.party, time=sent.time, activity=sent.activity, party_kind=sent.party_kind,
            missing=tuple(dict.fromkeys(sent.missing)),
        )  # fmt: skip
        return changes.choose_columns(
            log=log, mapping=mapping, zone=_zone(sent.zone), system=sent.system,
            sheet=there.sheet if len(there.sheets) > 1 else "", **seen,
        )  # fmt: skip

    return changed(request, public_id, sent, write=write, show=log_read(request), see=see_log(request))


def _check_columns(sent: ColumnsSent, there: Preview) -> None:
    names = [column.name for column in there.columns]
    for field in ("case", "party", "time", "activity"):
        said = getattr(sent, field)
        if said is not None and said not in names:
            raise Refused(
                field=field,
                expected=gettext_noop("Expected one of: {names}."),
                found=gettext_noop("Found “{value}”."),
                remedy=gettext_noop("Name a column of the file."),
                names=", ".join(names[:30]),
                value=said[:40],
            )
    if sent.case == sent.party:
        raise Refused(
            field="party",
            expected=gettext_noop("Expected two different columns for case and party."),
            remedy=gettext_noop("Choose the one that says who did the work."),
        )
    if sounds_like_persons(sent.party_kind, sent.party) and not sent.not_persons:
        raise Refused(
            field="party_kind",
            expected=gettext_noop("Expected persons, or somebody's word that the column holds no names of persons."),
            found=gettext_noop("By its name the column “{column}” holds persons, who get pseudonyms."),
            remedy=gettext_noop("Send person, or not_persons after you have looked at its values."),
            column=sent.party[:40],
        )


def _zone(name: str) -> str:
    if name and name not in dict(zones()):
        raise Refused(
            field="zone",
            expected=gettext_noop("Expected the name of a time zone, such as {example}."),
            found=gettext_noop("Found “{value}”."),
            remedy=gettext_noop("Correct it, or leave it out."),
            example="Asia/Shanghai",
            value=name[:40],
        )
    return name or settings.TIME_ZONE


@writes(
    router, "POST", "/{slug:public_id}/accept", scope=WRITE, may=policy.may_bring_event_logs, response=LogRead,
    versioned=True,
    summary=gettext_noop("Accept an event log"),
    description=gettext_noop("Its handovers count from now on: charts of its links are drawn from them."),
    example={"version": 42},
)  # fmt: skip
def accept_event_log(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=log_read(request), see=see_log(request),
        write=lambda log, **seen: changes.accept_event_log(log=log, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=policy.may_bring_event_logs, response=LogRead,
    versioned=True,
    summary=gettext_noop("Withdraw an event log"),
    description=gettext_noop("Its file, pairs, names and facts go; links made of it stay. Needs a reason."),
    example={"version": 42, "reason": "Wrong file"},
)  # fmt: skip
def withdraw_event_log(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    def write(log: EventLog, **seen: Any) -> EventLog:
        if not sent.reason.strip():
            raise Refused(
                field="reason",
                expected=gettext_noop("Expected why the log is taken back."),
                remedy=gettext_noop("Write it in one sentence; it stands in the audit trail."),
            )
        return changes.withdraw_event_log(log=log, reason=sent.reason, **seen)

    return changed(
        request, public_id, sent, write=write, show=log_read(request), see=see_log(request, withdrawn=True)
    )  # fmt: skip
