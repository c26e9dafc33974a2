"""Everything that happens to an event log, from bringing the file to accepting what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from baton.chain import policy
from baton.chain.facts import limits
from baton.chain.models import EventLog, LogParty, MinedPair, Party
from baton.chain.queries.event_logs import parties_by_name
from baton.chain.rules import LogState, PartyKind, may_remember
from baton.core import uploads
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import give_external_key, notify
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import Refused, Stale
from baton.core.jobs import enqueue
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton_analysis.errors import BatonError, gettext_noop
from baton_analysis.facts.mapping import EventMapping

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton_analysis.measures.handover_chain import HandoverChain
    from baton_analysis.readers import RowProblem

MINE_JOB = "chain.mine_event_log"
MINED_TOPIC = "chain.event_log_mined"
FAILED_TOPIC = "chain.event_log_failed"
# Most characters of one value in a message about a file: twenty rows of eighty characters, as readers list them.
FAILURE_LENGTH = 4000


def bring_event_log(*, by: Actor, at: datetime, file_name: str, chunks: Iterable[bytes]) -> EventLog:
    """Keep a file as an event log. Refused at once when it cannot be read; the same file is never kept twice."""
    demand(policy.may_bring_event_logs(by))
    return enter_event_log(by=by, at=at, file_name=file_name, stored=keep_file(chunks))


def keep_file(chunks: Iterable[bytes]) -> uploads.StoredFile:
    """A file that is to become an event log; refused where it is too large."""
    return uploads.keep(chunks, limit=largest_file())


def largest_file() -> int:
    """How many bytes the file of an event log may have."""
    return int(settings.EVENT_LOG_LIMIT_MIB * 1024**2)


def enter_event_log(*, by: Actor, at: datetime, file_name: str, stored: uploads.StoredFile) -> EventLog:
    """As :func:`bring_event_log`, of a file that is kept already; where it is refused, it is removed."""
    from baton_analysis.readers import preview

    try:
        demand(policy.may_bring_event_logs(by))
        seen = preview(uploads.location(stored.path), limits=limits())
        with change(by=by, at=at) as trail:
            _refuse_twin(stored.digest)
            log = EventLog(
                name=uploads.shown_name(file_name), path=stored.path, digest=stored.digest, size=stored.size,
                format=seen.format, zone=settings.TIME_ZONE,
            )  # fmt: skip
            return trail.save(log, "event_log.brought")
    except BaseException:
        uploads.discard(stored.path)
        raise


def _refuse_twin(digest: str) -> None:
    twin = EventLog.objects.filter(digest=digest).exclude(state=LogState.WITHDRAWN).first()
    if twin is not None:
        raise Refused(
            field="file",
            expected=gettext_noop("Every file is imported once."),
            found=gettext_noop("This one is already here as “{name}”, imported on {day}."),
            remedy=gettext_noop("Open it in the list below."),
            name=twin.name,
            day=day_of(twin.recorded_at).isoformat(),
        )


def choose_columns(
    *,
    by: Actor,
    at: datetime,
    log: EventLog,
    mapping: EventMapping,
    zone: str,
    system: str = "",
    sheet: str = "",
    expected_seq: int | None = None,
) -> EventLog:
    """Say which column is what; the worker then reads the file. May be said again as long as it is not accepted.

    ``sheet`` is the one of a workbook that is read; empty: the first that is shown.
    ``system`` is the one that wrote the log: its keys of parties name them here. Empty: keys of any system do.
    """
    demand(policy.may_bring_event_logs(by))
    demand(not mapping.allow_persons or policy.may_name_persons(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log, expected_seq=expected_seq)
        require(log, LogState.UPLOADED, LogState.MINED, LogState.FAILED)
        log.columns = {
            "case": mapping.case, "party": mapping.party, "time": mapping.time, "activity": mapping.activity,
            "party_kind": mapping.party_kind, "missing": list(mapping.missing), "allow_persons": mapping.allow_persons,
            **({"sheet": sheet} if sheet else {}),
        }  # fmt: skip
        log.zone, log.system = zone, clean_text(system)[:60]
        log.state = LogState.READING
        log.failure = {}
        log.run = enqueue(MINE_JOB, log=log.public_id, person=by.person.public_id if by.person else "")
        return trail.save(log, "event_log.columns_chosen")


def record_chain(
    *,
    by: Actor,
    at: datetime,
    log: EventLog,
    chain: HandoverChain,
    activities: Mapping[str, str] | None = None,
    tell: Person | None = None,
) -> EventLog:
    """Keep what was mined: figures, pairs and names, and tell ``tell``. Names that are known as parties are matched.

    ``activities`` (name in the log -> what that party does most often) propose what its links hand over.

    A log that was withdrawn while it was read stays as it is.
    """
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        if log.state != LogState.READING:
            return log
        found = chain.to_dict(weekly=False)
        log.figures = {
            "cases": chain.cases, "events": chain.events, "parties": chain.parties, "handovers": chain.handovers,
            "cases_with_handover": chain.cases_with_handover, "pairs": chain.pairs, "ping_pong": found["ping_pong"],
            "method": chain.method, "version": chain.version, "activities": dict(activities or {}),
            "notices": [
                {"message": notice.message, "count": notice.count, "values": dict(notice.values)}
                for notice in chain.notices
            ],
        }  # fmt: skip
        log.state = LogState.MINED
        _replace_pairs(log, chain)
        _replace_names(by, log, chain)
        log = trail.save(log, "event_log.mined", pairs=chain.pairs, handovers=chain.handovers)
        _tell(by, at, tell, MINED_TOPIC, log)
        return log


def _tell(by: Actor, at: datetime, person: Person | None, topic: str, log: EventLog) -> None:
    if person is not None:
        notify(
            by=by, at=at, person=person, topic=topic, address=f"/discovery/{log.public_id}/", values={"name": log.name},
            shows=[(EventLog.kind, log.public_id)],
        )  # fmt: skip


def _replace_pairs(log: EventLog, chain: HandoverChain) -> None:
    log.pairs.all().delete()
    MinedPair.objects.bulk_create(
        [
            MinedPair(
                log=log, supplier=edge.supplier, customer=edge.customer, handovers=edge.handovers, cases=edge.cases,
                share=edge.share, median_wait_seconds=edge.median_wait_seconds, p90_wait_seconds=edge.p90_wait_seconds,
                returns=edge.returns, first_seen=edge.first_seen, last_seen=edge.last_seen,
            )
            for edge in chain.edges
        ],
        batch_size=500,
    )  # fmt: skip


def _replace_names(by: Actor, log: EventLog, chain: HandoverChain) -> None:
    counts: dict[str, int] = dict.fromkeys(chain.facts.parties.to_list(), 0)
    for edge in chain.edges:
        counts[edge.supplier] += edge.handovers
        counts[edge.customer] += edge.handovers
    said = dict(log.names.filter(party__isnull=False).values_list("value", "party_id"))
    known = parties_by_name(viewer=by, values=counts, system=log.system)
    log.names.all().delete()
    LogParty.objects.bulk_create(
        [
            LogParty(log=log, value=value, handovers=count, party_id=said.get(value) or known.get(value))
            for value, count in counts.items()
        ],
        batch_size=500,
    )


def record_failure(
    *, by: Actor, at: datetime, log: EventLog, error: BatonError, tell: Person | None = None
) -> EventLog:
    """Keep why a file could not be read, and tell ``tell``; its columns may be chosen again.

    A log that was withdrawn while it was read stays as it is.
    """
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        if log.state != LogState.READING:
            return log
        log.state = LogState.FAILED
        log.failure = {
            "expected": error.expected, "found": error.found, "remedy": error.remedy,
            "values": _texts(error.values), "rows": [_row(problem) for problem in getattr(error, "problems", ())],
        }  # fmt: skip
        log = trail.save(log, "event_log.failed")
        _tell(by, at, tell, FAILED_TOPIC, log)
        return log


def _row(problem: RowProblem) -> dict[str, Any]:
    """One value that cannot be read, as it is kept."""
    kept = {
        name: getattr(problem, name) for name in ("row", "column", "letter", "sheet", "expected", "found", "remedy")
    }
    return kept | {"values": _texts(problem.values)}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _bounded(str(value)) for name, value in values.items()}


def _bounded(value: str) -> str:
    """A value of a message; it may quote cells of the file, but not the file."""
    return value if len(value) <= FAILURE_LENGTH else f"{value[:FAILURE_LENGTH]}…"


def match_name(
    *,
    by: Actor,
    at: datetime,
    log: EventLog,
    value: str,
    party: Party | None,
    remember: bool = False,
    seen: str | None = None,
) -> EventLog:
    """Say which party a name of the log is; None: not known. Facts of an accepted log follow.

    ``seen`` is the public id of the party that stood there when the person looked (empty: none): if another one stands
    there by now, :class:`Stale` is raised with it.

    With ``remember`` the name becomes a key of the party in the log's system, so that the next log of that system finds
    it. Refused where the log names no system or its parties are persons, or where another party has this key.
    """
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        require(log, LogState.MINED, LogState.ACCEPTED)
        name = name_of(log, value)
        before = name.party.public_id if name.party else None
        if seen is not None and seen != (before or ""):
            raise Stale(theirs={"party": before}, version=log.changed_seq)
        name.party = party
        name.save(update_fields=["party"])
        # The name of a person does not stand in the trail, where nobody could forget it; which party he is, does.
        said = {} if log.columns["party_kind"] == PartyKind.PERSON else {"value": value}
        after = party.public_id if party else None
        if remember and party is not None:
            _remember(by, at, log, value, party)
        return trail.save(log, "event_log.name_matched", before=before, after=after, **said)


def _remember(by: Actor, at: datetime, log: EventLog, value: str, party: Party) -> None:
    if not may_remember(log.system, log.columns["party_kind"]):
        raise Refused(
            expected=gettext_noop("A log of teams, departments or roles that says which system wrote it."),
            remedy=gettext_noop("Match the name without remembering it, or choose the columns again with the system."),
        )
    give_external_key(by=by, at=at, kind=Party.kind, object_id=party.public_id, system=log.system, key=value)


def accept_event_log(*, by: Actor, at: datetime, log: EventLog, expected_seq: int | None = None) -> EventLog:
    """Let the handovers of a mined log count: monitoring draws the charts of its links from them."""
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log, expected_seq=expected_seq)
        require(log, LogState.MINED)
        if not log.names.filter(party__isnull=False).exists():
            raise Refused(
                expected=gettext_noop("At least two names of the log must be parties."),
                found=gettext_noop("None is matched yet."),
                remedy=gettext_noop("Make links of the pairs, or match names to parties first."),
            )
        log.state = LogState.ACCEPTED
        return trail.save(log, "event_log.accepted")


def withdraw_event_log(
    *, by: Actor, at: datetime, log: EventLog, reason: str, expected_seq: int | None = None
) -> EventLog:  # fmt: skip
    """Take a log back: its file, pairs, names, remarks and facts go, also from the pages of the database; links made of
    it stay, and the trail keeps what happened.

    Refused when somebody has withdrawn it already. A run that is reading it ends without a word.
    """
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at, reason=reason) as trail:
        log = trail.lock(EventLog, log, expected_seq=expected_seq)
        require(log, *(state for state in LogState if state is not LogState.WITHDRAWN))
        log.state = LogState.WITHDRAWN
        log.pairs.all().delete()
        log.names.all().delete()
        log.failure = {}  # may quote cells of the file, as do activities
        log.figures = {name: value for name, value in log.figures.items() if name != "activities"}
        log = trail.save(log, "event_log.withdrawn")
        transaction.on_commit(lambda: uploads.discard(log.path))
        transaction.on_commit(
            lambda: scrub("chain_eventlog", "chain_minedpair", "chain_logparty", "core_notification"), robust=True
        )
        return log


def name_of(log: EventLog, value: str) -> LogParty:
    """The name that the log writes as ``value``, with the party that it stands for."""
    name = log.names.select_related("party").filter(value=value).first()
    if name is None:
        raise Refused(
            expected=gettext_noop("A name of this log."),
            found=gettext_noop("“{value}” is not one."),
            remedy=gettext_noop("Choose a name from the list."),
            value=value,
        )
    return name


def require(log: EventLog, *states: LogState) -> None:
    """Refuse what cannot be done with a log in its state."""
    if log.state not in states:
        raise Refused(
            expected=gettext_noop("This can be done while a log is: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Open the log again to see how it stands."),
            states=", ".join(states),
            state=log.state,
        )
