"""Many links at once: entered in slices, counting together, withdrawn together.

Each link comes out as ``add_link`` would have made it. The rows are checked before the first is entered; what changes
while they are entered is found by the unique keys of the table and by a look at the parties under the lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q

from baton.chain import policy
from baton.chain.changes.bulk_rows import of_row, refuse_ended, refused_rows
from baton.chain.changes.checks import still_there, texts_given
from baton.chain.changes.links import check_parties, number_links, output_handed_over, same_as, taken
from baton.chain.changes.outputs import name_key
from baton.chain.models import Link, LogParty, Output, OutsideNeed, Party, Project
from baton.chain.rules import OutputKind, Source
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import begin_batch, enter_or_abandon
from baton.core.changes.bulk import lines_of
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.rules import TAKEN_BACK
from baton.core.texts import Texts, say
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Callable

    from baton.core.models import Batch

TARGET = "links"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn link was never live: it ends on its first day."""

JUDGED = ("spend", "irreplaceability", "impact", "stage", "sourcing", "continuity_plan")
"""What ``judge_link`` says of a link; a row may say it at once."""

READ_ROWS = 500


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link of a bulk entry, as ``add_link`` would take it; ``judged`` is what ``judge_link`` would say of it
    (:data:`JUDGED`)."""

    supplier: Party
    customer: Party
    output: Texts
    output_kind: OutputKind = OutputKind.SERVICE
    began_on: date | None = None
    need: OutsideNeed | None = None
    judged: Mapping[str, Any] = field(default_factory=dict)


def add_links_in_bulk(
    *, by: Actor, at: datetime, rows: Sequence[LinkRow], title: str, source: Source = Source.MINED
) -> Batch:
    """Enter many links, all of them or, when one is refused, none; returns the sealed bulk entry.

    The refusal names the rows (from 1) and what is wrong with each. Nobody sees a link before all are there.
    """
    batch = begin_links_in_bulk(by=by, at=at, rows=rows, title=title, source=source)
    return enter_or_abandon(by=by, at=at, batch=batch)


def begin_links_in_bulk(
    *, by: Actor, at: datetime, rows: Sequence[LinkRow], title: str, source: Source = Source.MINED
) -> Batch:
    """Check the rows and keep them; a worker enters them, or whoever calls ``enter_or_abandon`` before it does."""
    demand(policy.may_add_links_in_bulk(by))
    check_rows(rows)
    lines = [
        {
            "supplier": row.supplier.public_id, "customer": row.customer.public_id, "output": dict(row.output),
            "output_kind": OutputKind(row.output_kind).value, "source": Source(source).value,
            "began_on": (row.began_on or day_of(at)).isoformat(),
            **({"need": row.need.public_id} if row.need is not None else {}),
            **{name: row.judged[name] for name in JUDGED if row.judged.get(name)},
        }
        for row in rows
    ]  # fmt: skip
    return begin_batch(by=by, at=at, target=TARGET, title=title, lines=lines)


def check_rows(rows: Sequence[LinkRow], numbers: Sequence[int] = ()) -> None:
    """Refuse rows that could not be entered, all of them with what is wrong; a row twice is refused the second time.
    ``numbers`` of the rows where they are not the first, second and so on."""
    parties = Party.objects.in_bulk({party.pk for row in rows for party in (row.supplier, row.customer)})
    live = Link.everything.filter(supplier__in={row.supplier.pk for row in rows}, ended_on__isnull=True)
    held = {
        (link.supplier_id, link.customer_id, link.output.name_key): link
        for link in live.select_related("batch", "output").only(
            "supplier", "customer", "output__name_key", "number", "batch__state"
        )
    }
    refused: list[tuple[int, Refused]] = []
    seen: dict[tuple[int, int, str], int] = {}
    for number, row in zip(numbers or range(1, len(rows) + 1), rows, strict=True):
        try:
            supplier, customer = parties[row.supplier.pk], parties[row.customer.pk]
            check_parties(supplier, customer)
            if row.need is not None:
                still_there(row.need.ended_on, row.need.number)
            key = (supplier.pk, customer.pk, name_key(texts_given(row.output, "output")))
            if key in held:
                raise taken(held[key])
            if seen.setdefault(key, number) != number:
                raise _twice(seen[key])
        except Refused as refusal:
            refused.append((number, refusal))
    if refused:
        raise refused_rows(refused)


def _twice(row: int) -> Refused:
    return Refused(
        field="output",
        expected=gettext_noop("Expected an output that is not yet handed over between these two."),
        found=gettext_noop("Row {first} is the same."),
        remedy=gettext_noop("Leave one of the two out, or name the output more exactly."),
        first=row,
    )


def links_of(batch: Batch) -> Iterator[Link | None]:
    """The links of the rows that are left, without numbers; None for a mined pair that has a link by now."""
    lines = lines_of(batch, after=batch.rows_entered)
    row = batch.rows_entered
    passed: _Passed | None = None
    while chunk := list(islice(lines, READ_ROWS)):
        parties, outputs = _parties_of(chunk), _outputs_of(chunk)
        needs, projects = _needs_of(chunk), _projects_of(chunk)
        for line in chunk:
            row += 1
            supplier, customer = parties[_side(line, "supplier")], parties[_side(line, "customer")]
            if line.get("unless_linked"):
                passed = passed or _Passed.of(batch)
                if passed.passes_over(supplier, customer):
                    yield None
                    continue
            with of_row(row):
                output = _output(outputs, line)
            yield Link(
                supplier=supplier, customer=customer, output=output, source=Source(line["source"]),
                began_on=date.fromisoformat(line["began_on"]), need=needs.get(line.get("need", "")),
                project=projects.get(line.get("project", "")),
                **{name: line[name] for name in JUDGED if line.get(name)},
            )  # fmt: skip


@dataclass(slots=True)
class _Passed:
    """Pairs of parties (keys) that need no link any more."""

    linked: set[tuple[int, int]]

    @classmethod
    def of(cls, batch: Batch) -> _Passed:
        return cls(linked_pairs_of_parties(day_of(batch.recorded_at)))

    def passes_over(self, supplier: Party, customer: Party) -> bool:
        """Whether this pair has a link, or a row before has just made one; work within one party is no link."""
        pair = (supplier.pk, customer.pk)
        if supplier.pk == customer.pk or pair in self.linked:
            return True
        self.linked.add(pair)
        return False


def linked_pairs_of_parties(day: date) -> set[tuple[int, int]]:
    """Pairs of parties with a link that has not ended on ``day``, links on their way in included."""
    rows = Link.everything.exclude(batch__state__in=TAKEN_BACK).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return set(rows.values_list("supplier_id", "customer_id"))


def make_outputs(*, by: Actor, at: datetime, batch: Batch, progress: Callable[[int, int], None]) -> None:
    """Before the first link: names that no live output has become outputs, each in a short change of its own."""
    done: set[str] = set()
    for line in lines_of(batch, after=0):
        if "output_id" in line:
            continue
        key = name_key(line["output"])
        if key in done:
            continue
        done.add(key)
        if not Output.objects.filter(name_key=key, ended_on__isnull=True).exists():
            with change(by=by, at=at) as trail:
                output_handed_over(
                    trail, line["output"], OutputKind(line["output_kind"]),
                    began_on=date.fromisoformat(line["began_on"]),
                )  # fmt: skip
            progress(0, batch.rows_expected)


def _outputs_of(chunk: Sequence[Mapping[str, Any]]) -> dict[str, Output]:
    """By the key of their names, or by their public id; one of the same import is not sealed yet."""
    keys = {name_key(line["output"]) for line in chunk if "output_id" not in line}
    found = {output.name_key: output for output in Output.objects.filter(name_key__in=keys, ended_on__isnull=True)}
    ids = {line["output_id"] for line in chunk if "output_id" in line}
    return found | {output.public_id: output for output in Output.everything.filter(public_id__in=ids)}


def _needs_of(chunk: Sequence[Mapping[str, Any]]) -> dict[str, OutsideNeed]:
    ids = {line["need"] for line in chunk if line.get("need")}
    return {need.public_id: need for need in OutsideNeed.objects.filter(public_id__in=ids)} if ids else {}


def _projects_of(chunk: Sequence[Mapping[str, Any]]) -> dict[str, Project]:
    ids = {line["project"] for line in chunk if line.get("project")}
    return {one.public_id: one for one in Project.objects.filter(public_id__in=ids)} if ids else {}


def _output(outputs: Mapping[str, Output], line: Mapping[str, Any]) -> Output:
    output = outputs.get(line["output_id"] if "output_id" in line else name_key(line["output"]))
    if output is None:
        raise Refused(
            field="output",
            expected=gettext_noop("Expected an output that is handed over."),
            found=gettext_noop("“{name}” was ended in the meantime."),
            remedy=gettext_noop("Choose the rows again."),
            name=say(line.get("output")),
        )
    return output


_Key = tuple[str, str]


def _side(line: Mapping[str, Any], side: str) -> _Key:
    """A party by its public id, or by its name in an event log."""
    return ("", line[side]) if side in line else (line["log"], line[f"{side}_name"])


def _parties_of(chunk: Sequence[Mapping[str, Any]]) -> dict[_Key, Party]:
    wanted = {_side(line, side) for line in chunk for side in ("supplier", "customer")}
    ids = {value for log, value in wanted if not log}
    found = {("", party.public_id): party for party in Party.objects.filter(public_id__in=ids)}
    for log in {log for log, _value in wanted if log}:
        values = {value for of, value in wanted if of == log}
        names = LogParty.objects.filter(log__public_id=log, value__in=values, party__isnull=False)
        found |= {(log, name.value): name.party for name in names.select_related("party") if name.party is not None}
    if missing := wanted - found.keys():
        raise Refused(
            expected=gettext_noop("Every row names two parties."),
            found=gettext_noop("“{name}” is no longer a party."),
            remedy=gettext_noop("Choose the pairs again."),
            name=min(missing)[1],
        )
    return found


def admit_links(*, at: datetime, batch: Batch, first: int, records: Sequence[Link | None]) -> None:
    """Under the lock: refuse parties, outputs and projects that have ended since, then number the links."""
    links = [link for link in records if link is not None]
    keys = {key for link in links for key in (link.supplier_id, link.customer_id)}
    ended = {party.pk: party for party in Party.objects.filter(pk__in=keys, ended_on__isnull=False)}
    for row, link in enumerate(records, start=first):
        if link is None or not ended.keys() & {link.supplier_id, link.customer_id}:
            continue
        link.supplier = ended.get(link.supplier_id, link.supplier)
        link.customer = ended.get(link.customer_id, link.customer)
        with of_row(row):
            check_parties(link.supplier, link.customer)
    numbered = [(row, link) for row, link in enumerate(records, start=first) if link is not None]
    refuse_ended(Output, [(row, link.output_id) for row, link in numbered])
    refuse_ended(Project, [(row, link.project_id) for row, link in numbered])
    number_links(links, at)


def conflict_of_links(*, first: int, records: Sequence[Link | None]) -> Refused:
    """Which row is there already, when the database has said that one is."""
    for row, link in enumerate(records, start=first):
        if link is not None and (other := same_as(link)) is not None:
            return refused_rows([(row, taken(other))])
    seen: dict[tuple[int, int, int], int] = {}
    for row, link in enumerate(records, start=first):
        if link is not None:
            key = (link.supplier_id, link.customer_id, link.output_id)
            if seen.setdefault(key, row) != row:
                return refused_rows([(row, _twice(seen[key]))])
    raise RuntimeError("the database refused links for another reason than their unique key")
