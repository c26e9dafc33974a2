"""From the pairs of a mined chain to links of the agreed one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Min

from baton.chain import policy
from baton.chain.changes.bulk_links import TARGET, linked_pairs_of_parties, make_outputs
from baton.chain.changes.bulk_rows import refused_rows
from baton.chain.changes.checks import still_there, texts_given
from baton.chain.changes.event_logs import name_of, require
from baton.chain.changes.parties import add_party
from baton.chain.models import EventLog, Party
from baton.chain.rules import AT_ONCE, LogState, OutputKind, PartyKind, Source
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import begin_batch, enter_or_abandon
from baton.core.changes.bulk import lines_of
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Batch

_SIDES = ("supplier", "customer")


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a selection of pairs: new parties, and the bulk entry of the links, None where all had one."""

    parties: int
    batch: Batch | None

    @property
    def links(self) -> int:
        """Links that are there, or will be."""
        return 0 if self.batch is None else self.batch.records or self.batch.rows_expected


def make_links(
    *,
    by: Actor,
    at: datetime,
    log: EventLog,
    pairs: Sequence[tuple[str, str]],
    output: Texts,
    parent: Party | None = None,
    at_once: int = AT_ONCE,
) -> Made:
    """Make the chosen pairs of a mined chain links of the agreed chain, as one bulk entry.

    Names that are no party yet become parties of the kind that the log's columns say, under ``parent``; pairs that have
    a link already are left as they are. Everything is checked before anything is entered. Up to ``at_once`` links are
    there when this returns, more are entered by a worker: the bulk entry says how far it is.
    """
    demand(policy.may_bring_event_logs(by))
    require(log, LogState.MINED, LogState.ACCEPTED)
    chosen = _chosen_pairs(log, pairs)
    parties = {name.value: name.party for name in log.names.select_related("party")}
    wanted = dict.fromkeys(value for pair in chosen for value in pair)
    unmatched = [value for value in wanted if parties[value] is None]
    _refuse_persons(log, unmatched)
    _check_texts(unmatched, output, parent)
    left = list(_without_link(chosen, parties, day_of(at)))
    _refuse_ended(left, parties)
    if not left:
        return Made(0, None)
    lines = _lines(log, left, parties, output, parent, at)
    batch = begin_batch(by=by, at=at, target=TARGET, title=log.name, lines=lines, source=f"/discovery/{log.public_id}/")
    if len(left) <= at_once:
        batch = enter_or_abandon(by=by, at=at, batch=batch)
    return Made(len(unmatched), batch)


def _chosen_pairs(log: EventLog, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    known = set(log.pairs.values_list("supplier", "customer"))
    chosen = [pair for pair in dict.fromkeys(pairs) if pair in known]
    if not chosen:
        raise Refused(
            expected=gettext_noop("At least one pair of this log."),
            found=gettext_noop("None was chosen."),
            remedy=gettext_noop("Tick the pairs that are to become links."),
        )
    return chosen


def _refuse_persons(log: EventLog, unmatched: Sequence[str]) -> None:
    if unmatched and log.columns["party_kind"] == PartyKind.PERSON:
        raise Refused(
            expected=gettext_noop("A link joins parties of the organisation."),
            found=gettext_noop("{count} of the chosen names are persons who are no party, such as “{example}”."),
            remedy=gettext_noop("Match these names to parties first, or mine the log by team or role."),
            count=len(unmatched),
            example=unmatched[0],
        )


def _check_texts(unmatched: Sequence[str], output: Texts, parent: Party | None) -> None:
    texts_given(output, "output")
    for value in unmatched:
        texts_given({settings.LANGUAGE_CODE: value}, "parent")
    if unmatched and parent is not None:
        still_there(parent.ended_on, parent.number)


def _refuse_ended(pairs: Sequence[tuple[str, str]], parties: dict[str, Party | None]) -> None:
    refused = []
    for row, pair in enumerate(pairs, start=1):
        for party in (parties[value] for value in pair):
            if party is not None and party.ended_on is not None:
                try:
                    still_there(party.ended_on, party.number)
                except Refused as refusal:
                    refused.append((row, refusal))
                    break
    if refused:
        raise refused_rows(refused)


def _without_link(
    pairs: Sequence[tuple[str, str]], parties: dict[str, Party | None], day: date
) -> Iterator[tuple[str, str]]:
    """The pairs that are to become links. Two names may be one party: several pairs are then one, or none."""
    linked: set[tuple[Any, Any]] = set(linked_pairs_of_parties(day))
    for pair in pairs:
        supplier, customer = (party.pk if (party := parties[value]) is not None else value for value in pair)
        if supplier != customer and (supplier, customer) not in linked:
            linked.add((supplier, customer))
            yield pair


def _lines(
    log: EventLog,
    pairs: Sequence[tuple[str, str]],
    parties: dict[str, Party | None],
    output: Texts,
    parent: Party | None,
    at: datetime,
) -> Iterator[dict[str, Any]]:
    """Rows of the bulk entry; a side that is no party yet goes by its name in the log, which is never a person's."""
    first = day_of(log.pairs.aggregate(first=Min("first_seen"))["first"] or at)  # today where no time is known
    for pair in pairs:
        line = {
            "log": log.public_id, "output": dict(output), "output_kind": OutputKind.SERVICE.value,
            "source": Source.MINED.value, "began_on": first.isoformat(), "unless_linked": True,
            "parent": parent.public_id if parent is not None else "",
        }  # fmt: skip
        for side, value in zip(_SIDES, pair, strict=True):
            party = parties[value]
            line |= {f"{side}_name": value} if party is None else {side: party.public_id}
        yield line


def prepare_links(*, by: Actor, at: datetime, batch: Batch, progress: Callable[[int, int], None]) -> None:
    """Before the first link: names that are no party yet become parties, outputs that are none yet outputs, each in a
    short change of its own."""
    make_outputs(by=by, at=at, batch=batch, progress=progress)
    done: set[str] = set()
    for line in lines_of(batch, after=0):
        for side in _SIDES:
            value = line.get(f"{side}_name")
            if value is not None and value not in done:
                _make_party(by, at, value, line)
                done.add(value)
                progress(0, batch.rows_expected)


def _make_party(by: Actor, at: datetime, value: str, line: Any) -> None:
    with change(by=by, at=at) as trail:
        log = trail.lock(EventLog, EventLog.objects.get(public_id=line["log"]))
        require(log, LogState.MINED, LogState.ACCEPTED)
        name = name_of(log, value)
        if name.party_id is not None:
            return
        name.party = add_party(
            by=by, at=at, party_kind=PartyKind(log.columns["party_kind"]), name={settings.LANGUAGE_CODE: value},
            parent=Party.objects.get(public_id=line["parent"]) if line["parent"] else None,
            began_on=date.fromisoformat(line["began_on"]),
        )  # fmt: skip
        name.save(update_fields=["party"])
        trail.save(log, "event_log.name_matched", before=None, after=name.party.public_id, value=value)


def note_links_made(*, by: Actor, at: datetime, batch: Batch) -> None:
    """When the links count: say so in the history of the log they come from, unless it was withdrawn meanwhile."""
    line = next(lines_of(batch, after=0))
    log = EventLog.objects.exclude(state=LogState.WITHDRAWN).filter(public_id=line.get("log", "")).first()
    if log is not None:
        with change(by=by, at=at) as trail:
            log = trail.lock(EventLog, log)
            trail.save(log, "event_log.links_made", links=batch.records, batch=batch.public_id)
