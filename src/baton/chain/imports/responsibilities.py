"""Who is accountable, responsible, consulted or informed for which output (RACI); a row for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes.bulk_responsibilities import RESPONSIBILITIES_TARGET, responsibility_line
from baton.chain.changes.outputs import name_key, refuse_outside_owner
from baton.chain.imports.columns import RESPONSIBLE_WORDS, began_column, unknown
from baton.chain.imports.known import KnownParties, TableNames
from baton.chain.models import Output, Party, Responsibility
from baton.chain.queries.outputs import outputs_in_sight
from baton.chain.rules import NAME_LENGTH, Responsible
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.import_targets import ChoiceCell, Findings, ImportColumn, ImportRow, ImportTarget, TextCell, twice
from baton.core.policy import may_use
from baton.core.texts import say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

COLUMNS = (
    ImportColumn(
        "output", {"en": "Output", "zh-hans": "产出"}, TextCell(NAME_LENGTH), required=True,
        synonyms=("item", "item code", "product", "service", "产品", "物料编码"), example="Clean linen",
        text=_("Name or item code of an output that is there."),
    ),
    ImportColumn(
        "party", {"en": "Party", "zh-hans": "部门/岗位"}, TextCell(400), required=True,
        synonyms=("department", "who", "部门", "科室"), example="LAU", text=_("Code, key, number or name of a party."),
    ),
    ImportColumn(
        "responsible", {"en": "Responsibility", "zh-hans": "职责"}, ChoiceCell(RESPONSIBLE_WORDS), required=True,
        synonyms=("raci", "role", "责任"), example="Accountable",
        text=_("Accountable answers for it, one at a time; responsible does it; consulted is asked; informed is told."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """Responsibilities that are not there yet."""
    named = {row["party"] for row in rows}
    known = KnownParties.read(findings.viewer, findings.system, named if findings.system else None)
    live = list(Output.objects.filter(ended_on__isnull=True))
    outputs = {output.name_key: output for output in live}
    coded = {output.item_code.casefold(): output for output in live if output.item_code}
    held = Responsibility.everything.filter(ended_on__isnull=True).select_related("output", "party")
    there = {(one.output.public_id, one.party.public_id, one.responsible): one for one in held}
    seen: dict[tuple[str, str, str], int] = {}
    for row in rows:
        output = coded.get(row["output"].casefold()) or outputs.get(name_key({settings.LANGUAGE_CODE: row["output"]}))
        party = known.meant(row["party"])
        if output is None:
            said = gettext_noop("Expected the name or the item code of an output.")
            findings.refuse(row, "output", unknown(row["output"], said))
        elif isinstance(party, CellProblem):
            findings.refuse(row, "party", party)
        else:
            key = (output.public_id, party.public_id, row["responsible"])
            if seen.setdefault(key, row.number) != row.number:
                findings.refuse(row, "responsible", twice(seen[key]))
            elif key in there:
                findings.same(row, there[key].public_id)
            else:
                _new(row, output, party, findings)


def _new(row: ImportRow, output: Output, party: Party, findings: Findings) -> None:
    responsible = Responsible(row["responsible"])
    try:
        refuse_outside_owner(party, responsible)
    except Refused as refusal:
        findings.refuse(row, "party", refusal)
        return
    findings.new(row, RESPONSIBILITIES_TARGET, responsibility_line(
        output=output.public_id, party=party.public_id, responsible=responsible,
        began_on=row["began_on"] or day_of(findings.at),
    ))  # fmt: skip


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """A responsibility is there or it is not: nothing of it changes."""
    raise TypeError("a table of responsibilities changes none")


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All responsibilities of parties that the viewer sees, for outputs that he sees."""
    day = day_of(at)
    names, sight = TableNames(viewer, at), policy.sight_of(viewer, day)
    seen = Output.objects.filter(outputs_in_sight(sight, day)).values("pk")
    held = Responsibility.objects.filter(
        ended_on__isnull=True, output__in=seen, party__in=Party.objects.filter(sight.parties).values("pk")
    )
    for one in held.select_related("output", "party").order_by("pk"):
        yield {
            "output": one.output.item_code or say(one.output.name, settings.LANGUAGE_CODE),
            "party": names.of(one.party), "responsible": one.responsible, "began_on": one.began_on.isoformat(),
        }  # fmt: skip


RESPONSIBILITIES = ImportTarget(
    title=_("Responsibilities for outputs"),
    text=_("Who is accountable, responsible, consulted or informed (RACI); a row for each."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(RESPONSIBILITIES_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="list-checks",
)
