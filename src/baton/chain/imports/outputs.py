"""What is handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import change_output
from baton.chain.changes.bulk_outputs import OUTPUTS_TARGET, output_line
from baton.chain.changes.outputs import name_key
from baton.chain.imports.columns import (
    OUTPUT_KIND_WORDS,
    began_column,
    code_column,
    fixed,
    name_columns,
    name_field,
    names_given,
    names_told,
    several,
    withdrawn,
)
from baton.chain.models import Output
from baton.chain.queries.outputs import outputs_in_sight
from baton.chain.rules import OutputKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.ids import new_public_id
from baton.core.import_targets import ChoiceCell, Findings, ImportColumn, ImportRow, ImportTarget, twice
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

COLUMNS = (
    code_column(
        {"en": "Item code", "zh-hans": "物料编码"}, ("item", "item number", "编码", "物料号"), "LIN-01",
        _("Code in the organisation’s catalogue or drawings; optional."),
    ),
    *name_columns(
        {"en": ("output", "product", "service"), "zh-hans": ("产出", "产出名称", "产品名称")},
        {"en": "Clean linen", "zh-hans": "洁净布草"},
    ),
    ImportColumn(
        "output_kind", {"en": "Kind of output", "zh-hans": "产出类型"}, ChoiceCell(OUTPUT_KIND_WORDS),
        synonyms=("kind", "type", "类型"), example="Service",
        text=_("Service, control or information; empty: service."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New outputs, and what changes in those that are there; known by item code, or by name."""
    live = list(Output.objects.filter(ended_on__isnull=True))
    by_code = {output.item_code.casefold(): output for output in live if output.item_code}
    by_name = {output.name_key: output for output in live}
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    for row in rows:
        code, key = (row["code"] or "").casefold(), name_key(names_given(row))
        if code and codes.setdefault(code, row.number) != row.number:
            findings.refuse(row, "code", twice(codes[code]))
        elif names.setdefault(key, row.number) != row.number:
            findings.refuse(row, name_field(settings.LANGUAGE_CODE), twice(names[key]))
        else:
            _judge(row, by_code.get(code) if code else None, by_name.get(key), findings)


def _judge(row: ImportRow, coded: Output | None, named: Output | None, findings: Findings) -> None:
    if coded is not None and named is not None and coded.pk != named.pk:
        findings.refuse(row, name_field(settings.LANGUAGE_CODE), several(row["code"], [coded.number, named.number]))
        return
    output = coded or named
    if output is None:
        public_id = new_public_id()
        findings.new(row, OUTPUTS_TARGET, output_line(
            public_id=public_id, name=names_given(row), output_kind=OutputKind(row["output_kind"] or "service"),
            item_code=row["code"] or "", began_on=row["began_on"] or day_of(findings.at),
        ), made=public_id)  # fmt: skip
        return
    if row["began_on"] and row["began_on"] != output.began_on:
        said = gettext_noop("Expected the first day as it is; it does not change.")
        findings.refuse(row, "began_on", fixed(said, output.began_on.isoformat()))
        return
    names = {**output.name, **names_given(row)}
    kind, code = row["output_kind"] or output.output_kind, row["code"] or output.item_code
    if (names, kind, code) == (output.name, output.output_kind, output.item_code):
        findings.same(row, output.public_id)
    else:
        findings.change(
            row,
            {"output": output.public_id, "name": names, "output_kind": kind, "item_code": code},
            was={**names_told(output.name), "output_kind": output.output_kind, "code": output.item_code},
        )


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Correct one output as the row says."""
    output = Output.objects.filter(public_id=line["output"]).first()
    if output is None:
        raise withdrawn(gettext_noop("Expected an output that is there."))
    change_output(
        by=by, at=at, output=output, name=line["name"], output_kind=OutputKind(line["output_kind"]),
        item_code=line["item_code"],
    )  # fmt: skip


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live outputs that the viewer sees."""
    day = day_of(at)
    seen = outputs_in_sight(policy.sight_of(viewer, day), day)
    for output in Output.objects.filter(seen, ended_on__isnull=True).order_by("pk").distinct():
        yield {
            "code": output.item_code, **names_told(output.name), "output_kind": output.output_kind,
            "began_on": output.began_on.isoformat(),
        }  # fmt: skip


OUTPUTS = ImportTarget(
    title=_("Outputs"),
    text=_("What is handed over: goods, services, verdicts, information."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(OUTPUTS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="package",
)
