"""Links: who hands what to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain import policy
from baton.chain.changes import assign_link_to_project, change_link, judge_link
from baton.chain.changes.bulk_links import JUDGED
from baton.chain.changes.bulk_links import TARGET as LINKS_TARGET
from baton.chain.changes.bulk_outputs import OUTPUTS_TARGET, output_line
from baton.chain.changes.outputs import name_key
from baton.chain.imports.columns import (
    OUTPUT_KIND_WORDS,
    SOURCING_WORDS,
    STAGE_WORDS,
    began_column,
    fixed,
    plain_name,
    several,
    unknown,
    withdrawn,
)
from baton.chain.imports.known import UNDER, KnownParties, TableNames
from baton.chain.models import Link, Output, OutsideNeed, Party, Project
from baton.chain.rules import NAME_LENGTH, OutputKind, Source, Sourcing
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.ids import new_public_id
from baton.core.import_targets import (
    ChoiceCell,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    TextCell,
    WholeCell,
    twice,
)
from baton.core.policy import may_use
from baton.core.texts import say
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

_PARTY_TEXT = _("Code, key, number or name of a party.")
COLUMNS = (
    ImportColumn(
        "supplier", {"en": "Supplier", "zh-hans": "供应方"}, TextCell(200), required=True,
        synonyms=("supplier code", "from", "供方", "供应商"), example="LAU", text=_PARTY_TEXT,
    ),
    ImportColumn(
        "customer", {"en": "Customer", "zh-hans": "客户"}, TextCell(200), required=True,
        synonyms=("customer code", "to", "客户方", "顾客"), example="W3", text=_PARTY_TEXT,
    ),
    ImportColumn(
        "output", {"en": "Output", "zh-hans": "产出"}, TextCell(NAME_LENGTH), required=True,
        synonyms=("item", "item code", "product", "service", "产品", "物料编码", "服务内容"), example="Clean linen",
        text=_("Name or item code of what is handed over; a new name makes a new output."),
    ),
    ImportColumn(
        "output_kind", {"en": "Kind of output", "zh-hans": "产出类型"}, ChoiceCell(OUTPUT_KIND_WORDS),
        example="Service", text=_("Kind of an output that is new; empty: service."),
    ),
    ImportColumn(
        "need", {"en": "Outside need", "zh-hans": "外部需求"}, TextCell(200), synonyms=("need", "需求"),
        text=_("Number or words of a need of somebody outside that this link serves."),
    ),
    ImportColumn(
        "project", {"en": "Project", "zh-hans": "项目"}, TextCell(200), synonyms=("project name", "项目名称"),
        text=_("Number or name of a project that goes on; the link is temporary and ends with it."),
    ),
    ImportColumn(
        "stage", {"en": "Stage", "zh-hans": "前台或后台"}, ChoiceCell(STAGE_WORDS),
        synonyms=("前后台",), example="Back stage",
        text=_("Front: seen by the outside customer. Back: not seen."),
    ),
    *(
        ImportColumn(name, labels, WholeCell(1, 5), example="3", text=_("A grade from 1 to 5."))
        for name, labels in (
            ("spend", {"en": "Spend", "zh-hans": "花费"}),
            ("irreplaceability", {"en": "Irreplaceability", "zh-hans": "不可替代程度"}),
            ("impact", {"en": "Impact", "zh-hans": "影响"}),
        )
    ),
    ImportColumn(
        "sourcing", {"en": "Single source", "zh-hans": "单一供应方"}, ChoiceCell(SOURCING_WORDS),
        synonyms=("单一来源",), text=_("Whether one supplier alone was decided on."),
    ),
    ImportColumn(
        "continuity_plan", {"en": "Continuity plan", "zh-hans": "应急方案"}, TextCell(500), synonyms=("保障预案",),
        text=_("What happens on the day on which a chosen single source cannot deliver."),
    ),
    began_column(_("First day; empty: today.")),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New links with the outputs that are new, and what changes in those that are there."""
    named = {row[side] for row in rows for side in ("supplier", "customer")}
    known = KnownParties.read(findings.viewer, findings.system, named if findings.system else None)
    there = _There()
    for row in rows:
        sides = [known.meant(row[side]) for side in ("supplier", "customer")]
        for side, found in zip(("supplier", "customer"), sides, strict=True):
            if isinstance(found, CellProblem):
                findings.refuse(row, side, found)
        supplier, customer = sides
        if isinstance(supplier, Party) and isinstance(customer, Party):
            _judge(row, supplier, customer, there, findings)


class _There:
    """Outputs, needs and links that are there, and what the rows before have added."""

    def __init__(self) -> None:
        live = list(Output.objects.filter(ended_on__isnull=True))
        self.by_name = {output.name_key: output.public_id for output in live}
        self.by_code = {output.item_code.casefold(): output.public_id for output in live if output.item_code}
        self.new: dict[str, str] = {}
        self.needs: dict[str, list[OutsideNeed]] = {}
        for need in OutsideNeed.objects.filter(ended_on__isnull=True).select_related("holder"):
            for name in _names_of(need):
                self.needs.setdefault(name, []).append(need)
        self.projects: dict[str, list[Project]] = {}
        for project in Project.objects.filter(ended_on__isnull=True):
            for name in {project.number.casefold(), *(plain_name(text) for text in project.name.values())}:
                self.projects.setdefault(name, []).append(project)
        links = Link.everything.filter(ended_on__isnull=True).select_related(
            "supplier", "customer", "output", "need", "project"
        )
        self.links = {(link.supplier.public_id, link.customer.public_id, link.output.public_id): link for link in links}
        self.rows: dict[tuple[str, str, str], int] = {}


def _judge(row: ImportRow, supplier: Party, customer: Party, there: _There, findings: Findings) -> None:
    if supplier.pk == customer.pk:
        findings.refuse(row, "customer", CellProblem(
            expected=gettext_noop("Expected two different parties."),
            found=gettext_noop("{number} is on both sides."),
            remedy=gettext_noop("Choose who receives; between two shifts of one ward, enter the shifts as parties."),
            values={"number": supplier.number},
        ))  # fmt: skip
        return
    need, project = _need_of(row, there), _project_of(row, there, day_of(findings.at))
    for column, found in (("need", need), ("project", project)):
        if isinstance(found, CellProblem):
            findings.refuse(row, column, found)
    if isinstance(need, CellProblem) or isinstance(project, CellProblem):
        return
    name = {settings.LANGUAGE_CODE: row["output"]}
    key = name_key(name)
    output = there.by_code.get(row["output"].casefold()) or there.by_name.get(key) or there.new.get(key, "")
    pair = (supplier.public_id, customer.public_id, output or key)
    if there.rows.setdefault(pair, row.number) != row.number:
        findings.refuse(row, "output", twice(there.rows[pair]))
        return
    link = there.links.get(pair)
    if link is not None:
        _changed(row, link, need, project, findings)
    elif not _without_plan(row, row["sourcing"], row["continuity_plan"], findings) and not findings.is_refused(row):
        began = row["began_on"] or day_of(findings.at)
        if not output:
            output = there.new[key] = new_public_id()
            there.rows[(*pair[:2], output)] = row.number
            findings.new(row, OUTPUTS_TARGET, output_line(
                public_id=output, name=name, output_kind=OutputKind(row["output_kind"] or "service"), item_code="",
                began_on=began,
            ))  # fmt: skip
        line = {
            "supplier": supplier.public_id, "customer": customer.public_id, "output_id": output,
            "output": name, "source": Source.DECLARED.value, "began_on": began.isoformat(),
            "need": need.public_id if need else "", "project": project.public_id if project else "",
            **{judged: row[judged] for judged in JUDGED if row[judged] is not None},
        }  # fmt: skip
        findings.new(row, LINKS_TARGET, line)


def _names_of(need: OutsideNeed) -> set[str]:
    """What a cell may call a need: its number, its words, or, where several need the same, who and the words."""
    holders = (need.holder.code or "", *need.holder.name.values())
    words = need.words.values()
    return {
        need.number.casefold(), *map(plain_name, words),
        *(plain_name(f"{holder}{UNDER}{text}") for holder in holders if holder for text in words),
    }  # fmt: skip


def _project_of(row: ImportRow, there: _There, day: date) -> Project | CellProblem | None:
    """The project that a row names; it must have begun when the link does."""
    if not row["project"]:
        return None
    found = there.projects.get(row["project"].casefold()) or there.projects.get(plain_name(row["project"]), [])
    if not found:
        return unknown(row["project"], gettext_noop("Expected the number or the name of a project that goes on."))
    if len(found) > 1:
        return several(row["project"], [project.number for project in found])
    if (row["began_on"] or day) < found[0].began_on:
        return CellProblem(
            expected=gettext_noop("Expected a first day on or after {began_on}, the first day of the project."),
            found=gettext_noop("Found {day}."), remedy=gettext_noop("Give a later day."),
            values={"began_on": found[0].began_on.isoformat(), "day": (row["began_on"] or day).isoformat()},
        )  # fmt: skip
    return found[0]


def _need_of(row: ImportRow, there: _There) -> OutsideNeed | CellProblem | None:
    if not row["need"]:
        return None
    found = there.needs.get(row["need"].casefold()) or there.needs.get(plain_name(row["need"]), [])
    if len(found) > 1:
        return several(row["need"], [need.number for need in found])
    return (
        found[0]
        if found
        else unknown(row["need"], gettext_noop("Expected the number or the words of an outside need."))
    )


def _without_plan(row: ImportRow, sourcing: str | None, plan: str | None, findings: Findings) -> bool:
    """Refuse a chosen single source without a plan, as ``judge_link`` does."""
    if sourcing == Sourcing.CHOSEN and not plan:
        findings.refuse(row, "continuity_plan", CellProblem(
            expected=gettext_noop("A chosen single source needs a plan for the day on which it cannot deliver."),
            found=gettext_noop("The cell is empty."),
            remedy=gettext_noop("Write what happens then, or say that the single source is accidental."),
        ))  # fmt: skip
        return True
    return False


def _changed(row: ImportRow, link: Link, need: OutsideNeed | None, project: Project | None, findings: Findings) -> None:
    """What differs from the link as it stands; empty cells leave it as it is."""
    if row["began_on"] and row["began_on"] != link.began_on:
        said = gettext_noop("Expected the first day as it is; it does not change.")
        findings.refuse(row, "began_on", fixed(said, link.began_on.isoformat()))
        return
    line: dict[str, Any] = {"link": link.public_id}
    judged = {name: getattr(link, name) if row[name] is None else row[name] for name in JUDGED}
    if _without_plan(row, judged["sourcing"], judged["continuity_plan"], findings):
        return
    if any(judged[name] != getattr(link, name) for name in JUDGED):
        line["judged"] = judged
    if need is not None and need.pk != link.need_id:
        line["need"] = need.public_id
    if project is not None and project.pk != link.project_id:
        line["project"] = project.public_id
    if len(line) > 1:
        was = {name: getattr(link, name) for name in JUDGED}
        was |= {"need": str(link.need) if link.need else ""} if "need" in line else {}
        was |= {"project": str(link.project) if link.project else ""} if "project" in line else {}
        findings.change(row, line, was=was)


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """Judge one link, and say which need it serves and to which project it belongs, as the row says."""
    link = Link.objects.filter(public_id=line["link"]).select_related("output").first()
    if link is None:
        raise withdrawn(gettext_noop("Expected a link that is there."))
    if "judged" in line:
        link = judge_link(by=by, at=at, link=link, **line["judged"])
    if "need" in line:
        need = OutsideNeed.objects.get(public_id=line["need"])
        link = change_link(
            by=by, at=at, link=link, output=link.output, output_kind=OutputKind(link.output.output_kind), need=need
        )
    if "project" in line:
        assign_link_to_project(by=by, at=at, link=link, project=Project.objects.get(public_id=line["project"]))


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """All live links that the viewer sees."""
    sight = policy.sight_of(viewer, day_of(at))
    names = TableNames(viewer, at)
    seen = Link.objects.filter(sight.links, ended_on__isnull=True)
    alike = Counter(_words_of(need) for need in OutsideNeed.objects.filter(ended_on__isnull=True))
    for link in (
        seen.select_related("supplier", "customer", "output", "need__holder", "project").order_by("pk").distinct()
    ):
        yield {
            "supplier": names.of(link.supplier), "customer": names.of(link.customer),
            "output": link.output.item_code or say(link.output.name, settings.LANGUAGE_CODE),
            "output_kind": link.output.output_kind,
            "need": _need_told(link.need, alike), "project": _project_told(link.project),
            "began_on": link.began_on.isoformat(),
            **{name: str(getattr(link, name) or "") for name in JUDGED},
        }  # fmt: skip


def _words_of(need: OutsideNeed) -> str:
    return plain_name(say(need.words, settings.LANGUAGE_CODE))


def _need_told(need: OutsideNeed | None, alike: Mapping[str, int]) -> str:
    """A live need by its words; where several need the same, with whose it is."""
    if need is None or need.ended_on is not None:
        return ""
    words = say(need.words, settings.LANGUAGE_CODE)
    holder = need.holder.code or say(need.holder.name, settings.LANGUAGE_CODE)
    return words if alike[_words_of(need)] <= 1 else f"{holder}{UNDER}{words}"


def _project_told(project: Project | None) -> str:
    return say(project.name, settings.LANGUAGE_CODE) if project is not None and project.ended_on is None else ""


LINKS = ImportTarget(
    title=_("Links"),
    text=_("Who hands what to whom, with the need it serves and how much hangs on it."),
    columns=COLUMNS,
    may_bring=policy.may_add_links_in_bulk,
    makes=(OUTPUTS_TARGET, LINKS_TARGET),
    check=check,
    apply=apply,
    rows=rows,
    may_take=may_use,
    icon="arrow-left-right",
)
