"""Keys under which other systems know parties; a row for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.imports.known import KnownParties, TableNames
from baton.chain.models import Party
from baton.core.actors import Actor
from baton.core.changes.bulk_keys import KEYS_TARGET
from baton.core.changes.keys import known_spelling
from baton.core.days import day_of
from baton.core.import_targets import (
    KEY_COLUMN,
    SYSTEM_CELL,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    TextCell,
    twice,
)
from baton.core.policy import may_use
from baton.core.queries import external_keys
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

COLUMNS = (
    ImportColumn(
        "party", {"en": "Party", "zh-hans": "部门/岗位"}, TextCell(400), required=True,
        synonyms=("department", "code", "部门", "科室"), example="W3", text=_("Code, number or name of a party."),
    ),
    ImportColumn(
        "system", {"en": "Other system", "zh-hans": "其他系统"}, SYSTEM_CELL, required=True,
        synonyms=("system", "系统"), example="SAP", text=_("Whose key it is, such as SAP or HR."),
    ),
    ImportColumn(
        "key", {"en": "Key there", "zh-hans": "在该系统中的编号"}, KEY_COLUMN.cell, required=True,
        synonyms=("key", "external key", "编号", "外部编号"), example="10023",
        text=_("What the party is called there."),
    ),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """Keys that are not there yet; one means one party."""
    known = KnownParties.read(findings.viewer, "")
    held = external_keys(viewer=findings.viewer, kind=Party.kind)
    there = {(one.system, one.key): one for keys in held.values() for one in keys}
    spelled = {system: known_spelling(system) for system in {row["system"] for row in rows}}
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        party, name = known.meant(row["party"]), (spelled[row["system"]], row["key"])
        if isinstance(party, CellProblem):
            findings.refuse(row, "party", party)
        elif seen.setdefault(name, row.number) != row.number:
            findings.refuse(row, "key", twice(seen[name]))
        elif name not in there:
            findings.new(row, KEYS_TARGET, {
                "kind": Party.kind, "object_id": party.public_id, "system": name[0], "key": name[1],
                "subject": party.person.public_id if party.person else "",
            })  # fmt: skip
        elif there[name].object_id == party.public_id:
            findings.same(row, party.public_id)
        else:
            findings.refuse(row, "key", _taken(name[0]))


def _taken(system: str) -> CellProblem:
    return CellProblem(
        expected=gettext_noop("Expected a key that no other record has in {system}."),
        found=gettext_noop("Another one has it already."),
        remedy=gettext_noop("Enter another key, or withdraw it there first."),
        values={"system": system},
    )


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """A party has a key or it has it not: nothing of it changes."""
    raise TypeError("a table of keys changes none")


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """The keys in use of all live parties that the viewer sees. Those of parties that are persons are theirs, and are
    not told."""
    names, sight = TableNames(viewer, at), policy.sight_of(viewer, day_of(at))
    seen = Party.objects.filter(sight.parties, ended_on__isnull=True, person__isnull=True).order_by("pk").distinct()
    held = external_keys(viewer=viewer, kind=Party.kind)
    for party in seen:
        for one in held.get(party.public_id, ()):
            yield {"party": names.of(party), "system": one.system, "key": one.key}


KEYS = ImportTarget(
    title=_("Keys of parties in other systems"),
    text=_("What SAP, HR or a ticket system calls a party; by it tables of theirs are known again."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(KEYS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="key-round",
)
