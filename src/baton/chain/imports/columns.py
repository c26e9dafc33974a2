"""Columns and words that several targets of the chain have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.rules import CODE_LENGTH, NAME_LENGTH
from baton.core.errors import Refused
from baton.core.import_targets import DayCell, ImportColumn, ImportRow, TextCell
from baton.core.texts import Texts, folded
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

PARTY_KIND_WORDS: Mapping[str, Sequence[str]] = {
    "department": ("Department", "Dept", "部门", "科室", "处", "科"),
    "team": ("Team", "Group", "班组", "小组", "团队"),
    "role": ("Role", "Post", "岗位", "角色"),
    "person": ("Person", "人员", "个人"),
    "workplace": ("Workplace", "Station", "工位", "工作站", "岗台"),
    "shift": ("Shift", "班次"),
    "consumers": ("Group of consumers", "Consumers", "消费者群体", "消费群体"),
    "outside_customer": ("Outside customer", "External customer", "外部客户", "外部顾客"),
    "outside_supplier": ("Outside supplier", "External supplier", "外部供应商", "外部供方"),
}
CAPACITY_WORDS: Mapping[str, Sequence[str]] = {
    "head": ("Head", "Manager", "Leader", "负责人", "主任", "主管", "经理"),
    "deputy": ("Deputy", "代理人", "代理", "副职"),
    "member": ("Member", "成员", "员工"),
}
SCOPE_WORDS: Mapping[str, Sequence[str]] = {
    "all": ("Everything", "全部事务", "全部"),
    "links": ("Links", "服务关系", "链接"),
    "members": ("Members", "成员"),
}
SIDE_WORDS: Mapping[str, Sequence[str]] = {
    "supplier": ("As supplier", "Supplier", "作为供应方", "供应方"),
    "customer": ("As customer", "Customer", "作为客户", "客户"),
}
DEALINGS_WORDS: Mapping[str, Sequence[str]] = {
    "inside": ("With parties inside", "Inside", "与内部部门/岗位", "内部"),
    "outside": ("With parties outside", "Outside", "与外部单位", "外部"),
}
PARTNER_WORDS: Mapping[str, Sequence[str]] = {
    "partner": ("Partner", "合作伙伴", "伙伴"),
    "former_competitor": ("Former competitor", "曾为竞争对手", "前竞争对手", "原竞争者"),
    "competitor": ("Competitor elsewhere", "Competitor", "在别处为竞争对手", "竞争对手", "竞争者"),
}
CONFIDENTIALITY_WORDS: Mapping[str, Sequence[str]] = {
    "open": ("Open", "公开"),
    "confidential": ("Confidential", "Secret", "保密"),
}
OUTPUT_KIND_WORDS: Mapping[str, Sequence[str]] = {
    "service": ("Service", "服务", "产品"),
    "control": ("Control", "管控", "控制", "检查"),
    "information": ("Information", "信息"),
}
RESPONSIBLE_WORDS: Mapping[str, Sequence[str]] = {
    "accountable": ("Accountable", "A", "最终负责", "当责"),
    "responsible": ("Responsible", "R", "具体负责", "执行"),
    "consulted": ("Consulted", "C", "征询意见", "征询"),
    "informed": ("Informed", "I", "告知", "知会"),
}
STAGE_WORDS: Mapping[str, Sequence[str]] = {
    "front": ("Front stage", "Front", "前台"),
    "back": ("Back stage", "Back", "后台"),
}
SOURCING_WORDS: Mapping[str, Sequence[str]] = {
    "chosen": ("Chosen single source", "Chosen", "选定的单一供应方", "选定的单一来源", "选定"),
    "accidental": ("Accidental single source", "Accidental", "偶然的单一供应方", "偶然的单一来源", "偶然"),
}
LANGUAGE_WORDS: Mapping[str, Sequence[str]] = {
    "en": ("English", "英语", "英文"), "zh-hans": ("Chinese", "中文", "简体中文", "zh", "zh-cn"),
}  # fmt: skip

_NAME_LABELS = {
    "en": ({"en": "Name (English)", "zh-hans": "英文名称"}, ("name", "english name", "name en")),
    "zh-hans": ({"en": "Name (Chinese)", "zh-hans": "中文名称"}, ("名称", "姓名", "chinese name", "name zh", "中文名")),
}


def name_columns(synonyms: Mapping[str, Sequence[str]], examples: Mapping[str, str]) -> tuple[ImportColumn, ...]:
    """A column for the name in each language; that of the organisation is required."""
    return tuple(
        ImportColumn(
            name_field(language), _NAME_LABELS[language][0], TextCell(NAME_LENGTH),
            required=language == settings.LANGUAGE_CODE,
            synonyms=(*_NAME_LABELS[language][1], *synonyms.get(language, ())), example=examples.get(language, ""),
            text=_("In the organisation’s language.") if language == settings.LANGUAGE_CODE else _("Optional."),
        )
        for language, _label in settings.LANGUAGES
    )  # fmt: skip


def name_field(language: str) -> str:
    """Field of the name in a language: ``name_en``, ``name_zh_hans``."""
    return f"name_{language.replace('-', '_')}"


def names_given(row: ImportRow) -> Texts:
    """The names of a row by language, empty ones left out."""
    given = {language: row[name_field(language)] for language, _label in settings.LANGUAGES}
    return {language: name for language, name in given.items() if name}


def names_told(texts: Mapping[str, str]) -> dict[str, str]:
    """The names as cells of an export."""
    return {name_field(language): texts.get(language, "") for language, _label in settings.LANGUAGES}


def code_column(labels: Mapping[str, str], synonyms: tuple[str, ...], example: str, text: Any) -> ImportColumn:
    """A column of the organisation's own codes."""
    return ImportColumn("code", labels, TextCell(CODE_LENGTH), synonyms=synonyms, example=example, text=text)


def began_column(text: Any) -> ImportColumn:
    """The first day."""
    return ImportColumn(
        "began_on", {"en": "From", "zh-hans": "开始日期"}, DayCell(),
        synonyms=("began", "begin", "start", "start date", "valid from", "生效日期", "起始日期"),
        example="2026-01-01", text=text,
    )  # fmt: skip


def plain_name(name: str) -> str:
    """Two spellings of a name that mean the same: folded, one blank for every gap."""
    return " ".join(folded(name).split())


def unknown(value: str, what: str) -> CellProblem:
    """Nothing of this code, key or name is there. ``what`` is a template: what was expected."""
    return CellProblem(
        expected=what,
        found=gettext_noop("“{value}” is none of them."),
        remedy=gettext_noop("Correct it, or enter what it names first."),
        values={"value": value[:80]},
    )


def several(value: str, numbers: Iterable[str]) -> CellProblem:
    """More than one has this name."""
    return CellProblem(
        expected=gettext_noop("Expected a name that only one has."),
        found=gettext_noop("“{value}” may be: {numbers}."),
        remedy=gettext_noop("Write the code instead."),
        values={"value": value[:80], "numbers": ", ".join(sorted(numbers)[:5])},
    )


def withdrawn(what: str) -> Refused:
    """The record that a row was to change went between check and entry. ``what`` is a template: what was expected."""
    return Refused(
        expected=what,
        found=gettext_noop("It was withdrawn since the check."),
        remedy=gettext_noop("Import the table again."),
    )


def fixed(what: str, there: str) -> CellProblem:
    """A value of a record that is there does not change by an import. ``what`` is a template."""
    return CellProblem(
        expected=what,
        found=gettext_noop("It is there as: {there}."),
        remedy=gettext_noop("Leave the cell empty, or end that one and add another."),
        values={"there": there},
    )
