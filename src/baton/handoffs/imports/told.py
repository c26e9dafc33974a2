"""Handoffs as tables tell them: new ones, and what is told late of those that are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core.actors import Actor
from baton.core.days import known_zone
from baton.core.errors import NotFound, Refused
from baton.core.ids import new_public_id
from baton.core.import_targets import Findings, ImportRow, twice
from baton.core.imports.seen import Seen
from baton.core.rules import BatchState
from baton.handoffs.changes.bulk_handoffs import HANDOFFS_TARGET, handoff_row
from baton.handoffs.changes.checks import cost_given
from baton.handoffs.changes.keyed import keyed
from baton.handoffs.changes.telling import STRAIGHT, tell_more
from baton.handoffs.imports.known_links import KnownLinks, LinkMeant
from baton.handoffs.models import Handoff
from baton.handoffs.models.labels import STATES
from baton.handoffs.rules import (
    IN_ORDER,
    Fault,
    Moments,
    State,
    are_plainly_well,
    faults_of_moments,
)
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem, moment_in

if TYPE_CHECKING:
    from baton.handoffs.imports.parts import Part

ALL_MOMENTS = (*IN_ORDER, "due_at")
READ_KEYS = 500


@dataclass(slots=True)
class Told:
    """One handoff as a row tells it. ``columns``: by moment the field of the table that told it; ``key_column`` that of
    its key. ``parts`` are its line and values."""

    row: ImportRow
    meant: LinkMeant
    moments: Moments
    columns: Mapping[str, str]
    reference: str
    system: str
    key: str
    key_column: str
    zone: str = ""
    priority: str = ""
    complete: bool | None = None
    information_right: bool | None = None
    cost: Decimal | None = None
    parts: list[Part] = field(default_factory=list)


class Memory:
    """What a table of handoffs needs to remember from one of its parts to the next."""

    def __init__(self, findings: Findings) -> None:
        self.links = KnownLinks(findings.viewer, findings.at, findings.system)
        self.rows = Seen()
        self.zone = settings.TIME_ZONE
        self._held: dict[tuple[int, str], bool] = {}
        self._zones: dict[str, str | Refused] = {}

    @classmethod
    def of(cls, findings: Findings) -> Self:
        """The memory of the table that is being checked; empty for its first part."""
        return findings.kept(cls.__name__, lambda: cls(findings))

    def zone_named(self, name: str) -> str | Refused:
        """The zone of a row, or why there is none of this name."""
        if name not in self._zones:
            try:
                self._zones[name] = known_zone(name, field="zone")
            except Refused as refused:
                self._zones[name] = refused
        return self._zones[name]

    def there(self, told: Sequence[Told]) -> dict[tuple[int, str, str], Handoff]:
        """The handoffs that the rows mean, by link, system and key: those of unfinished bulk entries included. Nothing
        is asked of links on which the system has told nothing before."""
        wanted: dict[tuple[int, str], list[str]] = defaultdict(list)
        for one in told:
            place = (one.meant.link.pk, one.system)
            if place not in self._held:
                self._held[place] = keyed(link=place[0], system=place[1]).exists()
            if self._held[place]:
                wanted[place].append(one.key)
        found: dict[tuple[int, str, str], Handoff] = {}
        for (link, system), keys in wanted.items():
            for start in range(0, len(keys), READ_KEYS):
                rows = (
                    keyed(link=link, system=system)
                    .filter(key__in=keys[start : start + READ_KEYS])
                    .select_related("batch")
                )
                found |= {(link, system, one.key): one for one in rows}
        return found


def moments_of(
    row: ImportRow, columns: Mapping[str, str], memory: Memory, findings: Findings
) -> tuple[Moments, str] | None:
    """The moments of a row in UTC, and its zone where it names one; None where one of them is refused. ``columns``: by
    moment the field that tells it."""
    zone, named = memory.zone, ""
    if row["zone"]:
        known = memory.zone_named(row["zone"])
        if isinstance(known, Refused):
            findings.refuse(row, "zone", known)
            return None
        zone = named = known
    given: dict[str, datetime] = {}
    for name, column in columns.items():
        written = row.values.get(column)
        if written is None:
            continue
        moment = written if written.tzinfo is not None else _in_utc(written, zone)
        if isinstance(moment, CellProblem):
            findings.refuse(row, column, moment)
            return None
        given[name] = moment
    return Moments(**given), named


def _in_utc(written: datetime, zone: str) -> datetime | CellProblem:
    return written.replace(tzinfo=UTC) if zone == "UTC" else moment_in(written, zone)


def is_well(one: Told, findings: Findings) -> bool:
    """Refuse what is wrong with the moments of a handoff, with its link at that time, and with who tells it."""
    moments, at = one.moments, findings.at
    if not are_plainly_well(moments, at=at):
        zone = ZoneInfo(one.zone or settings.TIME_ZONE)
        faults = list(faults_of_moments(moments, at=at, zone=zone))
        refuse_faults(one.row, faults, findings, one.columns)
        if faults:
            return False
    one.moments = moments = _not_ahead(moments, at)
    if not one.meant.may_tell(moments):
        findings.refuse(one.row, "link", CellProblem(
            expected=gettext_noop("Expected a link for which you speak, and moments that your side tells."),
            found=gettext_noop("{number} is not yours to tell of in this way."),
            remedy=gettext_noop("Ask who leads both sides, or the quality manager, to bring the table."),
            values={"number": one.meant.link.number},
        ))  # fmt: skip
        return False
    if (occurred_at := moments.occurred_at) is not None and one.meant.has_ended(occurred_at):
        findings.refuse(one.row, "link", CellProblem(
            expected=gettext_noop("Expected a link that is live, or a moment before it ended on {ended_on}."),
            found=gettext_noop("The link {number} has ended."),
            remedy=gettext_noop("Choose the link that took its place."),
            values={"ended_on": str(one.meant.link.ended_on), "number": one.meant.link.number},
        ))  # fmt: skip
        return False
    return _cost_is_well(one, findings)


def _cost_is_well(one: Told, findings: Findings) -> bool:
    try:
        one.cost = cost_given(one.cost)
    except Refused as refused:
        findings.refuse(one.row, "cost", refused)
        return False
    return True


def _not_ahead(moments: Moments, at: datetime) -> Moments:
    """What lies a little ahead of the clock is taken for now."""
    told = [getattr(moments, name) for name in IN_ORDER]
    if all(moment is None or moment <= at for moment in told):
        return moments
    past = {name: min(moment, at) for name, moment in zip(IN_ORDER, told, strict=True) if moment is not None}
    return Moments(**past, due_at=moments.due_at)


def refuse_faults(
    row: ImportRow, faults: Sequence[Fault], findings: Findings, columns: Mapping[str, str] | None = None
) -> None:
    """Refuse a row for what the rules find wrong with it; ``columns``: by field of the rules that of the table."""
    for fault in faults:
        column = (columns or {}).get(fault.field, fault.field)
        values = {name: str(value) for name, value in fault.values.items()}
        findings.refuse(row, column, CellProblem(fault.expected, fault.found, fault.remedy, values))


def judge(told: Sequence[Told], memory: Memory, findings: Findings) -> None:
    """Say of each handoff whether it is new, changed or there as it is; a key twice in the table is refused."""
    once = _told_once(told, memory, findings)
    there = memory.there(once)
    changes: dict[int, tuple[ImportRow, list[Mapping[str, Any]]]] = {}
    for one in once:
        known = there.get((one.meant.link.pk, one.system, one.key))
        if known is None:
            _new(one, findings)
        elif _is_open(one, known, findings) and (line := _more(one, known, findings)):
            changes.setdefault(one.row.number, (one.row, []))[1].append(line)
    for row, lines in changes.values():
        findings.change(row, {"handoffs": lines})


def _told_once(told: Sequence[Told], memory: Memory, findings: Findings) -> list[Told]:
    """Those that neither a row before them told, nor their own row twice."""
    keys = [f"{one.meant.link.pk} {one.system} {one.key}" for one in told]
    first = memory.rows.first_rows(keys, [one.row.number for one in told])
    seen: set[str] = set()
    once = []
    for one, key, number in zip(told, keys, first, strict=True):
        if number == one.row.number and key not in seen:
            seen.add(key)
            once.append(one)
        else:
            findings.refuse(one.row, one.key_column, twice(number))
    return once


def _new(one: Told, findings: Findings) -> None:
    public_id = new_public_id()
    findings.new(one.row, HANDOFFS_TARGET, handoff_row(
        public_id=public_id, link=one.meant.link.pk, moments=one.moments, reference=one.reference, system=one.system,
        key=one.key, priority=one.priority, zone=one.zone, complete=one.complete,
        information_right=one.information_right, cost=one.cost,
    ))  # fmt: skip
    for part in one.parts:
        findings.new(one.row, part.target, part.row_of(public_id))


def _is_open(one: Told, known: Handoff, findings: Findings) -> bool:
    batch = known.batch
    if batch is None or batch.state == BatchState.SEALED:
        return True
    findings.refuse(one.row, one.key_column, CellProblem(
        expected=gettext_noop("Expected a key that no unfinished bulk entry holds."),
        found=gettext_noop("“{title}” is being entered or taken back and has it."), values={"title": batch.title},
        remedy=gettext_noop("Wait until that is done; then import the table again."),
    ))  # fmt: skip
    return False


def _more(one: Told, known: Handoff, findings: Findings) -> dict[str, Any] | None:
    """What the row tells beyond what is known; None where it tells nothing new, or is refused."""
    line: dict[str, Any] = {}
    for name in ALL_MOMENTS:
        there, moment = getattr(known, name), getattr(one.moments, name)
        if moment is None or moment == there:
            continue
        if there is not None:
            findings.refuse(one.row, one.columns[name], CellProblem(
                expected=gettext_noop("Expected the moment as it is known: {there}."),
                found=gettext_noop("Found {moment}."),
                remedy=gettext_noop("Correct the table; a first moment does not change."),
                values={"there": there.isoformat(), "moment": moment.isoformat()},
            ))  # fmt: skip
            return None
        line[name] = moment.isoformat()
    for name in ("complete", "information_right"):
        if (said := getattr(one, name)) is not None and said != getattr(known, name):
            line[name] = said
    if one.cost is not None and one.cost != known.cost:
        line["cost"] = str(one.cost)
    if not line:
        return None
    if State(known.state) not in STRAIGHT:
        findings.refuse(one.row, one.key_column, CellProblem(
            expected=gettext_noop("Expected a handoff that did not come back and was not withdrawn."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Say on its page what became of it."),
            values={"number": known.number, "state": str(STATES[State(known.state)])},
        ))  # fmt: skip
        return None
    return {"handoff": known.public_id, **line}


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Tell more of the handoffs of one row."""
    for told in line["handoffs"]:
        handoff = Handoff.objects.filter(public_id=told["handoff"]).first()
        if handoff is None:
            raise NotFound
        cost = told.get("cost")
        tell_more(
            by=by, at=at, handoff=handoff,
            moments=Moments(**{name: datetime.fromisoformat(told[name]) for name in ALL_MOMENTS if name in told}),
            complete=told.get("complete"), information_right=told.get("information_right"),
            cost=Decimal(cost) if cost is not None else None,
        )  # fmt: skip
