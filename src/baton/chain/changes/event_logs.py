"""Everything that happens to an event log, from bringing the file to making links of what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from baton.chain import policy
from baton.chain.changes.links import LinkRow, add_links_in_bulk
from baton.chain.changes.parties import add_party
from baton.chain.facts import limits
from baton.chain.models import EventLog, Link, LogParty, MinedPair, Party
from baton.chain.queries.event_logs import parties_by_name
from baton.chain.rules import LogState, PartyKind, Source
from baton.core import uploads
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.jobs import enqueue
from baton.core.policy import demand
from baton.core.texts import Texts
from baton_analysis.errors import BatonError, gettext_noop
from baton_analysis.facts.events import EventMapping
from baton_analysis.measures.handover_chain import HandoverChain
from baton_analysis.readers import preview

if TYPE_CHECKING:
    from baton.core.models import Person

MINE_JOB = "chain.mine_event_log"
MINED_TOPIC = "chain.event_log_mined"
FAILED_TOPIC = "chain.event_log_failed"


def bring_event_log(*, by: Actor, at: datetime, file_name: str, chunks: Iterable[bytes]) -> EventLog:
    """Keep a file as an event log. Refused at once when it cannot be read; the same file is never kept twice."""
    demand(policy.may_bring_event_logs(by))
    stored = uploads.keep(chunks, limit=settings.EVENT_LOG_LIMIT_MIB * 1024**2)
    try:
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
            expected=gettext_noop("Every file is brought once."),
            found=gettext_noop("This one is already here as “{name}”, brought on {day}."),
            remedy=gettext_noop("Open it in the list below."),
            name=twin.name,
            day=day_of(twin.recorded_at).isoformat(),
        )


def choose_columns(
    *, by: Actor, at: datetime, log: EventLog, mapping: EventMapping, zone: str, expected_seq: int | None = None
) -> EventLog:
    """Say which column is what; the worker then reads the file. May be said again as long as it is not accepted."""
    demand(policy.may_bring_event_logs(by))
    demand(not mapping.allow_persons or policy.may_name_persons(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log, expected_seq=expected_seq)
        _require(log, LogState.UPLOADED, LogState.MINED, LogState.FAILED)
        log.columns = {
            "case": mapping.case, "party": mapping.party, "time": mapping.time, "activity": mapping.activity,
            "party_kind": mapping.party_kind, "missing": list(mapping.missing), "allow_persons": mapping.allow_persons,
        }  # fmt: skip
        log.zone = zone
        log.state = LogState.READING
        log.failure = {}
        log.run = enqueue(MINE_JOB, log=log.public_id, person=by.person.public_id if by.person else "")
        return trail.save(log, "event_log.columns_chosen")


def record_chain(
    *, by: Actor, at: datetime, log: EventLog, chain: HandoverChain, tell: Person | None = None
) -> EventLog:
    """Keep what was mined: figures, pairs and names, and tell ``tell``. Names that are known as parties are matched."""
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        _require(log, LogState.READING)
        found = chain.to_dict(weekly=False)
        log.figures = {
            "cases": chain.cases, "events": chain.events, "parties": chain.parties, "handovers": chain.handovers,
            "cases_with_handover": chain.cases_with_handover, "pairs": chain.pairs, "ping_pong": found["ping_pong"],
            "method": chain.method, "version": chain.version,
            "notices": [
                {"message": notice.message, "count": notice.count, "values": dict(notice.values)}
                for notice in chain.notices
            ],
        }  # fmt: skip
        log.state = LogState.MINED
        _replace_pairs(log, chain)
        _replace_names(log, chain)
        log = trail.save(log, "event_log.mined", pairs=chain.pairs, handovers=chain.handovers)
        _tell(by, at, tell, MINED_TOPIC, log)
        return log


def _tell(by: Actor, at: datetime, person: Person | None, topic: str, log: EventLog) -> None:
    if person is not None:
        notify(
            by=by, at=at, person=person, topic=topic, address=f"/discovery/{log.public_id}/", values={"name": log.name}
        )


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


def _replace_names(log: EventLog, chain: HandoverChain) -> None:
    counts: dict[str, int] = dict.fromkeys(chain.facts.parties.to_list(), 0)
    for edge in chain.edges:
        counts[edge.supplier] += edge.handovers
        counts[edge.customer] += edge.handovers
    said = dict(log.names.filter(party__isnull=False).values_list("value", "party_id"))
    known = parties_by_name(counts)
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
    """Keep why a file could not be read, and tell ``tell``; its columns may be chosen again."""
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        _require(log, LogState.READING)
        log.state = LogState.FAILED
        log.failure = {
            "expected": error.expected, "found": error.found, "remedy": error.remedy,
            "values": {name: str(value) for name, value in error.values.items()},
        }  # fmt: skip
        log = trail.save(log, "event_log.failed")
        _tell(by, at, tell, FAILED_TOPIC, log)
        return log


def match_name(*, by: Actor, at: datetime, log: EventLog, value: str, party: Party | None) -> EventLog:
    """Say which party a name of the log is; None: not known. Facts of an accepted log follow."""
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        _require(log, LogState.MINED, LogState.ACCEPTED)
        name = log.names.select_related("party").filter(value=value).first()
        if name is None:
            raise Refused(
                expected=gettext_noop("A name of this log."),
                found=gettext_noop("“{value}” is none."),
                remedy=gettext_noop("Choose a name from the list."),
                value=value,
            )
        before = name.party.public_id if name.party else None
        name.party = party
        name.save(update_fields=["party"])
        # The name of a person does not stand in the trail, where nobody could forget it; which party he is, does.
        said = {} if log.columns["party_kind"] == PartyKind.PERSON else {"value": value}
        after = party.public_id if party else None
        return trail.save(log, "event_log.name_matched", before=before, after=after, **said)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a selection of pairs."""

    parties: int
    links: tuple[Link, ...]


def make_links(
    *,
    by: Actor,
    at: datetime,
    log: EventLog,
    pairs: Sequence[tuple[str, str]],
    output: Texts,
    parent: Party | None = None,
) -> Made:
    """Make the chosen pairs of a mined chain links of the agreed chain.

    Names that are no party yet become parties of the kind that the log's columns say, under ``parent``; pairs that have
    a link already are left as they are.
    """
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log)
        _require(log, LogState.MINED, LogState.ACCEPTED)
        chosen = _chosen_pairs(log, pairs)
        names = {name.value: name for name in log.names.select_related("party")}
        wanted = dict.fromkeys(value for pair in chosen for value in pair)
        unmatched = [value for value in wanted if names[value].party is None]
        if unmatched and log.columns["party_kind"] == PartyKind.PERSON:
            raise Refused(
                expected=gettext_noop("A link joins parties of the organisation."),
                found=gettext_noop("{count} of the chosen names are persons who are no party, such as “{example}”."),
                remedy=gettext_noop("Match these names to parties first, or mine the log by team or role."),
                count=len(unmatched),
                example=unmatched[0],
            )
        first = _first_day(log, at)
        for value in unmatched:
            name = names[value]
            name.party = add_party(
                by=by, at=at, party_kind=PartyKind(log.columns["party_kind"]), name={settings.LANGUAGE_CODE: value},
                parent=parent, began_on=first,
            )  # fmt: skip
            name.save(update_fields=["party"])
        parties = {value: names[value].party for value in wanted}
        links = _add_missing_links(by, at, log, [(parties[s], parties[c]) for s, c in chosen], output)
        trail.save(log, "event_log.links_made", parties=len(unmatched), links=len(links))
        return Made(len(unmatched), tuple(links))


def _chosen_pairs(log: EventLog, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    known = set(log.pairs.values_list("supplier", "customer"))
    chosen = [pair for pair in dict.fromkeys(pairs) if pair in known]
    if not chosen:
        raise Refused(
            expected=gettext_noop("At least one pair of this log."),
            found=gettext_noop("None was chosen."),
            remedy=gettext_noop("Tick the pairs that shall become links."),
        )
    return chosen


def _first_day(log: EventLog, at: datetime) -> date:
    """The day of the log's first handover; today where no time is known."""
    return day_of(log.pairs.aggregate(first=Min("first_seen"))["first"] or at)


def _add_missing_links(
    by: Actor, at: datetime, log: EventLog, pairs: Sequence[tuple[Party | None, Party | None]], output: Texts
) -> list[Link]:
    live = set(Link.objects.filter(ended_on__isnull=True).values_list("supplier_id", "customer_id"))
    # Two names of a log may be one party: several pairs of names are then one pair of parties, or none.
    missing = {
        (supplier.pk, customer.pk): (supplier, customer)
        for supplier, customer in pairs
        if supplier is not None and customer is not None and supplier != customer
        and (supplier.pk, customer.pk) not in live
    }  # fmt: skip
    first = _first_day(log, at)
    rows = [
        LinkRow(supplier=supplier, customer=customer, output=output, began_on=first)
        for supplier, customer in missing.values()
    ]
    return add_links_in_bulk(by=by, at=at, rows=rows, source=Source.MINED, digest=log.digest) if rows else []


def accept_event_log(*, by: Actor, at: datetime, log: EventLog, expected_seq: int | None = None) -> EventLog:
    """Let the handovers of a mined log count: monitoring draws the charts of its links from them."""
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, log, expected_seq=expected_seq)
        _require(log, LogState.MINED)
        if not log.names.filter(party__isnull=False).exists():
            raise Refused(
                expected=gettext_noop("At least two names of the log must be parties."),
                found=gettext_noop("None is matched yet."),
                remedy=gettext_noop("Make links of the pairs, or match names to parties first."),
            )
        log.state = LogState.ACCEPTED
        return trail.save(log, "event_log.accepted")


def withdraw_event_log(*, by: Actor, at: datetime, log: EventLog, reason: str) -> EventLog:
    """Take a log back: its file, pairs and facts go; links made of it stay, and the trail keeps what happened."""
    demand(policy.may_bring_event_logs(by))
    with change(by=by, at=at, reason=reason) as trail:
        log = trail.lock(EventLog, log)
        log.state = LogState.WITHDRAWN
        log.pairs.all().delete()
        log.names.all().delete()
        log = trail.save(log, "event_log.withdrawn")
        transaction.on_commit(lambda: uploads.discard(log.path))
        return log


def _require(log: EventLog, *states: LogState) -> None:
    if log.state not in states:
        raise Refused(
            expected=gettext_noop("This can be done while a log is: {states}."),
            found=gettext_noop("It is: {state}."),
            remedy=gettext_noop("Open the log again to see how it stands."),
            states=", ".join(states),
            state=log.state,
        )
