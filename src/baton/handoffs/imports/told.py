"""Handoffs as tables tell them: new ones, and what is told late of those that are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core.days import known_zone
from baton.core.errors import Refused, TooLong
from baton.core.ids import new_public_id
from baton.core.import_targets import Findings, ImportRow, twice
from baton.core.imports.seen import Seen
from baton.core.rules import BatchState
from baton.handoffs.changes.bulk_handoffs import (
    HANDOFFS_TARGET,
    LINES_TARGET,
    VALUES_TARGET,
    handoff_row,
    line_row,
    value_row,
)
from baton.handoffs.changes.checks import cost_given, in_currency
from baton.handoffs.changes.keyed import keyed
from baton.handoffs.changes.telling import LineTold, ValueTold
from baton.handoffs.imports.faults import refuse_faults
from baton.handoffs.imports.known_links import KnownLinks, LinkMeant
from baton.handoffs.imports.late import KnownParts, more_of
from baton.handoffs.imports.parts import values_of
from baton.handoffs.models import Handoff
from baton.handoffs.rules import (
    COST_OF,
    IN_ORDER,
    OWN_SYSTEM,
    SYSTEM_LENGTH,
    Moments,
    Side,
    are_plainly_well,
    faults_of_moments,
)
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem, moment_in

READ_KEYS = 500


@dataclass(slots=True)
class Told:
    """One handoff as a row tells it. ``columns``: by moment the field of the table that told it; ``key_column`` that of
    its key; ``judged``: it tells what the customer found, too; ``measured``: by field of the table the values."""

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
    supplier_cost: Decimal | None = None
    customer_cost: Decimal | None = None
    currency: str = ""
    line: LineTold | None = None
    measured: Mapping[str, float] = field(default_factory=dict)
    values: Sequence[ValueTold] = ()
    link_column: str = "link"
    judged: bool = False

    @property
    def costs(self) -> dict[Side, Decimal]:
        """What it says that it cost each side."""
        said = ((side, getattr(self, name)) for side, name in COST_OF.items())
        return {side: cost for side, cost in said if cost is not None}

    @property
    def place(self) -> tuple[int, str, str]:
        """What no other handoff shares: its link, system and key."""
        return self.meant.pk, self.system, self.key


class Memory:
    """What a table of handoffs needs to remember from one of its parts to the next."""

    def __init__(self, findings: Findings) -> None:
        if len(findings.system) > SYSTEM_LENGTH:
            raise TooLong(field="system", most=SYSTEM_LENGTH, length=len(findings.system))
        self.links = KnownLinks(findings.viewer, findings.at, findings.system)
        self.rows = Seen()
        self.zone = settings.TIME_ZONE
        self._held: dict[tuple[int, str], bool] = {}
        self._zones: dict[str, str | Refused] = {}
        self._offsets: dict[tuple[str, int, int], timedelta | None] = {}

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

    def in_utc(self, written: datetime, zone: str) -> datetime | CellProblem:
        """A time without an offset in UTC, or why there is none such in the zone."""
        if zone == "UTC":
            return written.replace(tzinfo=UTC)
        hour = (zone, written.toordinal(), written.hour)
        if hour not in self._offsets:
            self._offsets[hour] = _offset_in(written, zone)
        offset = self._offsets[hour]
        return moment_in(written, zone) if offset is None else (written - offset).replace(tzinfo=UTC)

    def there(self, told: Sequence[Told]) -> dict[tuple[int, str, str], Handoff]:
        """The handoffs that the rows mean, by link, system and key: those of unfinished bulk entries included. Nothing
        is asked of links on which the system has told nothing before."""
        wanted: dict[tuple[int, str], list[str]] = defaultdict(list)
        for one in told:
            place = (one.meant.pk, one.system)
            if place not in self._held:
                self._held[place] = one.system == OWN_SYSTEM or keyed(link=place[0], system=place[1]).exists()
            if self._held[place]:
                wanted[place].append(one.key)
        found: dict[tuple[int, str, str], Handoff] = {}
        for (link, system), keys in wanted.items():
            for start in range(0, len(keys), READ_KEYS):
                part = keys[start : start + READ_KEYS]
                rows = keyed(link=link, system=system).filter(key__in=part).select_related("batch")
                found |= {(link, system, one.key): one for one in rows}
                if system == OWN_SYSTEM:
                    own = Handoff.everything.filter(link=link, public_id__in=part).select_related("batch")
                    found |= {(link, system, one.public_id): one for one in own}
        return found


def _offset_in(written: datetime, zone: str) -> timedelta | None:
    """How far the clocks of a zone are ahead of UTC in the whole hour of a time; None where it is not one and the same,
    or where some of it does not exist."""
    begun = written.replace(minute=0, second=0, microsecond=0)
    offsets = set()
    for minutes in (0, 15, 30, 45, 59):
        local = begun + timedelta(minutes=minutes)
        moment = moment_in(local, zone)
        offsets.add(None if isinstance(moment, CellProblem) else local - moment.replace(tzinfo=None))
    return offsets.pop() if len(offsets) == 1 else None


def moments_of(
    row: ImportRow, columns: Mapping[str, str], memory: Memory, findings: Findings
) -> tuple[Moments, str] | None:
    """The moments of a row in UTC, and its zone where it names one; None where one of them is refused. ``columns``: by
    moment the field that tells it."""
    zone, named = memory.zone, ""
    if written_zone := row.values.get("zone"):
        known = memory.zone_named(written_zone)
        if isinstance(known, Refused):
            findings.refuse(row, "zone", known)
            return None
        zone = named = known
    given: dict[str, datetime] = {}
    told = row.values.get
    for name, column in columns.items():
        written = told(column)
        if written is None:
            continue
        moment = written if written.tzinfo is not None else memory.in_utc(written, zone)
        if isinstance(moment, CellProblem):
            findings.refuse(row, column, moment)
            return None
        given[name] = moment
    return Moments(**given), named


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
    if not one.meant.may_tell(moments, judged=one.judged, costs=frozenset(one.costs)):
        findings.refuse(one.row, one.link_column, CellProblem(
            expected=gettext_noop("Expected a link for which you speak, and only what your side tells of it."),
            found=gettext_noop("{number} is not yours to tell of in this way."),
            remedy=gettext_noop("Ask who leads both sides, or the quality manager, to bring the table."),
            values={"number": one.meant.link.number},
        ))  # fmt: skip
        return False
    if (occurred_at := moments.occurred_at) is not None and one.meant.has_ended(occurred_at):
        findings.refuse(one.row, one.link_column, CellProblem(
            expected=gettext_noop("Expected a link that is live, or a moment before it ended on {ended_on}."),
            found=gettext_noop("The link {number} has ended."),
            remedy=gettext_noop("Choose the link that took its place."),
            values={"ended_on": str(one.meant.link.ended_on), "number": one.meant.link.number},
        ))  # fmt: skip
        return False
    return _cost_is_well(one, findings)


def _cost_is_well(one: Told, findings: Findings) -> bool:
    for side, cost in one.costs.items():
        try:
            cost_given(cost, COST_OF[side])
        except Refused as refused:
            findings.refuse(one.row, COST_OF[side], refused)
            return False
    try:
        in_currency(one.currency)
    except Refused as refused:
        findings.refuse(one.row, "currency", refused)
        return False
    return True


def _not_ahead(moments: Moments, at: datetime) -> Moments:
    """What lies a little ahead of the clock is taken for now. They are in order."""
    last = moments.accepted_at or moments.delivered_at or moments.received_at or moments.requested_at
    if last is None or last <= at:
        return moments
    told = [getattr(moments, name) for name in IN_ORDER]
    past = {name: min(moment, at) for name, moment in zip(IN_ORDER, told, strict=True) if moment is not None}
    return Moments(**past, due_at=moments.due_at)


def judge(told: Sequence[Told], memory: Memory, findings: Findings) -> None:
    """Say of each handoff whether it is new, changed or there as it is; a key twice in the table is refused."""
    once = _told_once(told, memory, findings)
    there = memory.there(once)
    late = []
    for one in once:
        known = there.get(one.place)
        if one.measured:
            moments = one.moments if known is None else known.moments.filled(one.moments)
            one.values = values_of(one, moments, findings)
        if known is None:
            _new(one, findings)
        elif _is_open(one, known, findings):
            late.append((one, known))
    parts = KnownParts.of([known for one, known in late if one.line is not None or one.values])
    changes: dict[int, tuple[ImportRow, list[Mapping[str, Any]]]] = {}
    for one, known in late:
        if line := more_of(one, known, parts, findings):
            changes.setdefault(one.row.number, (one.row, []))[1].append(line)
    for row, lines in changes.values():
        findings.change(row, {"handoffs": lines})


def _told_once(told: Sequence[Told], memory: Memory, findings: Findings) -> list[Told]:
    """Those that neither a row before them told, nor their own row twice."""
    keys = [f"{one.meant.pk}\x1f{one.system}\x1f{one.key}" for one in told]
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
        public_id=public_id, link=one.meant.pk, moments=one.moments, reference=one.reference, system=one.system,
        key=one.key, priority=one.priority, zone=one.zone, complete=one.complete,
        information_right=one.information_right, supplier_cost=one.supplier_cost, customer_cost=one.customer_cost,
    ))  # fmt: skip
    if one.line is not None:
        findings.new(one.row, LINES_TARGET, line_row(public_id=new_public_id(), handoff=public_id, told=one.line))
    for value in one.values:
        findings.new(one.row, VALUES_TARGET, value_row(public_id=new_public_id(), handoff=public_id, told=value))


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
