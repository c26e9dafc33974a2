"""Handoffs as an event log: one row an event, with its case, time and team.

Where the work of a case passes from one team to the next, something was handed over.

The order of the events of a case and what counts as a handover are those of
:mod:`baton_analysis.measures.handover_chain`: an event without a team is passed over, and of the same time the order of
the table decides. The supplier received the work with the first event of his stretch of it and delivered it with the
last; the customer accepted it with his first.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import queries as chain
from baton.chain.imports.columns import plain_name
from baton.chain.imports.known import KnownParties
from baton.core.actors import Actor
from baton.core.import_targets import Findings, ImportColumn, ImportRow, ImportTarget, MomentCell, TextCell
from baton.core.queries import records_by_key
from baton.handoffs import policy
from baton.handoffs.changes.bulk_handoffs import HANDOFFS_TARGET
from baton.handoffs.imports.bringing import may_bring
from baton.handoffs.imports.columns import IDENTITY_COLUMNS
from baton.handoffs.imports.faults import refuse_faults
from baton.handoffs.imports.late import apply
from baton.handoffs.imports.told import Memory, Told, is_well, judge, moments_of
from baton.handoffs.rules import REFERENCE_LENGTH, Moments, are_plainly_well, faults_of_moments
from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.cells import CellProblem

if TYPE_CHECKING:
    from baton.chain.models import Link, Party

TOLD_AT_ONCE = 2_000
"""So many handoffs are judged together."""
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_NUMBERED = re.compile(r"#[0-9]+$")
_MOMENT = {"accepted_at": "time"}
_MOMENTS = dict.fromkeys(("received_at", "delivered_at", "accepted_at"), "time")

COLUMNS = (
    ImportColumn(
        "case", {"en": "Case", "zh-hans": "案例"}, TextCell(REFERENCE_LENGTH), required=True,
        synonyms=("case id", "case:concept:name", "order", "order id", "reference", "单号", "订单号"),
        example="ORD-4711", text=_("Order, lot or patient that went from team to team: the reference of its handoffs."),
    ),
    ImportColumn(
        "time", {"en": "Time", "zh-hans": "时间"}, MomentCell(), required=True,
        synonyms=("timestamp", "time:timestamp", "complete timestamp", "completed at", "event time", "发生时间"),
        example="2026-03-31 14:05", text=_("When the event happened."),
    ),
    ImportColumn(
        "team", {"en": "Team", "zh-hans": "班组"}, TextCell(200),
        synonyms=("resource", "group", "org:group", "org:resource", "department", "party", "部门", "资源"),
        example="LAU",
        text=_("Code, key, number or name of the party that did it; an event without one is passed over."),
    ),
    ImportColumn(
        "activity", {"en": "Activity", "zh-hans": "活动"}, TextCell(200),
        synonyms=("event", "task", "step", "concept:name", "环节", "步骤"), example="Clean linen",
        text=_("What was done. Where two teams have several links, it names what is handed over."),
    ),
    *(column for column in IDENTITY_COLUMNS if column.name in ("system", "zone")),
)  # fmt: skip


@dataclass(slots=True)
class Names:
    """Texts that come again and again, each kept once under its number."""

    numbers: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    def number(self, text: str) -> int:
        """The number of a text, a new one where it comes for the first time."""
        found = self.numbers.get(text)
        if found is None:
            found = self.numbers[text] = len(self.texts)
            self.texts.append(text)
        return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one party did of a case without anybody between: its first and last event, by moment (microseconds since
    1970), row and activity."""

    party: int
    begun: int
    ended: int
    row: int
    first_activity: str
    last_activity: str


class Events(Memory):
    """The events of a log, 32 bytes each, until its last row is read."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(findings)
        if not findings.mapping.get("team"):
            raise ReadError(
                expected=gettext_noop("A column was expected for: {columns}."),
                found=gettext_noop("The table has none."),
                remedy=gettext_noop("Assign the columns again, or import a table that has them."),
                columns="Team",
            )
        self.cases, self.activities = Names(), Names()
        self.parties: dict[int, Party] = {}
        self.broken: dict[int, int] = {}
        self._known = KnownParties.read(findings.viewer, findings.system)
        self._teams: dict[str, Party | CellProblem] = {}
        self._case, self._activity = array("l"), array("l")
        self._party, self._at, self._row = array("q"), array("q"), array("q")

    def look_up(self, teams: set[str]) -> None:
        """Find the parties of these names, each once."""
        new = teams - self._teams.keys()
        known = self._known
        if known.system and new:
            known.by_key |= records_by_key(viewer=known.viewer, kind="party", keys=new, system=known.system)
        for text in new:
            self._teams[text] = known.meant(text)

    def team(self, text: str) -> Party | CellProblem:
        """The party of a name that was looked up."""
        return self._teams[text]

    def note(self, row: ImportRow, case: int, party: Party, moment: datetime) -> None:
        """An event that is well."""
        self.parties[party.pk] = party
        self._case.append(case)
        self._party.append(party.pk)
        self._at.append((moment - _START) // _MICRO)
        self._row.append(row.number)
        self._activity.append(self.activities.number(row["activity"] or ""))

    def by_case(self) -> Iterator[tuple[int, list[Stretch]]]:
        """Each case with the stretches of its parties, in the order of time."""
        import numpy as np  # when a table is checked: a server that starts needs none

        columns = [np.array(one, dtype=np.int64) for one in (self._case, self._at, self._row)]
        order = np.lexsort((columns[2], columns[1], columns[0])).tolist()
        for case, places in groupby(order, key=self._case.__getitem__):
            yield case, [self._stretch(list(part)) for _party, part in groupby(places, key=self._party.__getitem__)]

    def _stretch(self, places: Sequence[int]) -> Stretch:
        first, last = places[0], places[-1]
        named = self.activities.texts
        return Stretch(
            self._party[first], self._at[first], self._at[last], self._row[first], named[self._activity[first]],
            named[self._activity[last]],
        )  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """Keep the events that are well; a case of which one is not is told when all are read."""
    memory = Events.of(findings)
    memory.look_up({row["team"] for row in rows if row["team"]})
    for row in rows:
        if row["case"] is None:
            continue
        case = memory.cases.number(f"{row['system'] or findings.system}\x1f{row['case']}")
        _note(row, case, memory, findings)
        if findings.is_refused(row):
            memory.broken.setdefault(case, row.number)


def _note(row: ImportRow, case: int, memory: Events, findings: Findings) -> None:
    if row["time"] is None or (row["team"] is None and findings.is_refused(row)):
        return
    read = moments_of(row, _MOMENT, memory, findings)
    if read is None:
        return
    if not are_plainly_well(read[0], at=findings.at):
        zone = ZoneInfo(read[1] or settings.TIME_ZONE)
        refuse_faults(row, list(faults_of_moments(read[0], at=findings.at, zone=zone)), findings, _MOMENT)
    if row["team"] is None:
        return
    party = memory.team(row["team"])
    if isinstance(party, CellProblem):
        findings.refuse(row, "team", party)
    elif not findings.is_refused(row) and (moment := read[0].accepted_at) is not None:
        memory.note(row, case, party, min(moment, findings.at))


def finish(findings: Findings) -> Iterator[None]:
    """The handoffs of the whole log, so many at once; what each of them is attached to is its customer's first row."""
    memory = Events.of(findings)
    links = _links_between(memory.parties, findings)
    told: list[Told] = []
    for case, stretches in memory.by_case():
        told += _handoffs_of(case, stretches, links, memory, findings)
        if len(told) >= TOLD_AT_ONCE:
            judge(told, memory, findings)
            told = []
            yield
    judge(told, memory, findings)
    yield


def _links_between(parties: Mapping[int, Party], findings: Findings) -> dict[tuple[int, int], list[Link]]:
    """The links in sight from one of the parties to another; those that have ended only where none is live."""
    seen = chain.links_in_sight(viewer=findings.viewer, at=findings.at)
    found: dict[tuple[int, int], list[Link]] = {}
    for link in seen.select_related("supplier", "customer", "output").order_by("pk"):
        if link.supplier_id in parties and link.customer_id in parties:
            found.setdefault((link.supplier_id, link.customer_id), []).append(link)
    return {pair: [one for one in links if one.ended_on is None] or links for pair, links in found.items()}


def _handoffs_of(
    case: int, stretches: Sequence[Stretch], links: Mapping[tuple[int, int], list[Link]], memory: Events,
    findings: Findings,
) -> Iterator[Told]:  # fmt: skip
    system, _between, name = memory.cases.texts[case].partition("\x1f")
    times: Counter[int] = Counter()
    for one, other in pairwise(stretches):
        row = ImportRow(other.row, {})
        if (broken := memory.broken.get(case)) is not None:
            findings.refuse(row, "case", _incomplete(broken))
            continue
        link = _link_of(one, other, links, memory.parties)
        if isinstance(link, CellProblem):
            findings.refuse(row, "team", link)
            continue
        times[link.pk] += 1
        key = _key(name, times[link.pk])
        moments = Moments(
            received_at=_moment(one.begun), delivered_at=_moment(one.ended), accepted_at=_moment(other.begun)
        )
        told = Told(row, memory.links.known(link), moments, _MOMENTS, name, system, key, "case",
                    link_column="team")  # fmt: skip
        if is_well(told, findings):
            yield told


def _key(case: str, passage: int) -> str:
    """By which a passage of a case through a link is known again: the first by the case alone, a later one by its
    number, too; so does the first of a case that ends like such a number, which would otherwise be another's later
    one."""
    return case if passage == 1 and not _NUMBERED.search(case) else f"{case}#{passage}"


def _link_of(
    one: Stretch, other: Stretch, links: Mapping[tuple[int, int], list[Link]], parties: Mapping[int, Party]
) -> Link | CellProblem:
    found = links.get((one.party, other.party), [])
    said = {plain_name(text) for text in (one.last_activity, other.first_activity) if text}
    if len(found) > 1:
        found = [link for link in found if said & {plain_name(name) for name in link.output.name.values()}] or found
    if len(found) == 1:
        return found[0]
    values = {"supplier": parties[one.party].number, "customer": parties[other.party].number}
    if not found:
        return CellProblem(
            expected=gettext_noop("Expected a link from {supplier}, which had the case before, to {customer}."),
            found=gettext_noop("There is none that you see."),
            remedy=gettext_noop("Add the link, or let Discovery make links of the log; then import the table again."),
            values=values,
        )
    return CellProblem(
        expected=gettext_noop("Expected one link from {supplier} to {customer}, or an activity that is called as what "
                              "one of them hands over."),
        found=gettext_noop("There are: {numbers}."),
        remedy=gettext_noop("Say it in the column of activities, or import these as handoffs, one a row."),
        values={**values, "numbers": ", ".join(link.number for link in found[:5])},
    )  # fmt: skip


def _incomplete(row: int) -> CellProblem:
    return CellProblem(
        expected=gettext_noop("Expected every event of the case to be well: who had it before hangs on all of them."),
        found=gettext_noop("Row {first} of the same case is refused."),
        remedy=gettext_noop("Correct that row and import the table again."),
        values={"first": row},
    )


def _moment(micros: int) -> datetime:
    return _START + micros * _MICRO


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """Handoffs are taken one a row; the events of which they were made are not kept."""
    nothing: list[dict[str, Any]] = []
    yield from nothing


EVENTS = ImportTarget(
    title=_("Handoffs of an event log"),
    text=_("One event a row, with case, time and team: where a case passes to the next team, it was handed over."),
    columns=COLUMNS,
    may_bring=may_bring,
    handles_all=policy.handles_all_brought,
    makes=(HANDOFFS_TARGET,),
    check=check,
    finish=finish,
    apply=apply,
    rows=rows,
    may_take=lambda _actor: False,
    in_parts=True,
    sees_incomplete=True,
    of_systems=True,
    icon="history",
)
