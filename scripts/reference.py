#!/usr/bin/env python3
"""Write the reference pages of the guide from the program itself, or check that they are in step.

    python3 scripts/reference.py           write the pages named below
    python3 scripts/reference.py --check   change nothing; say what is out of step or lacks a description

In docs/guide/{en,zh-hans} settings.md lists every setting that is read from the environment; data.md lists every table
and column with its meaning and unit (the data dictionary); sectors.md says what each sector template brings.
docs/reference has every public thing of baton_analysis (scripts/api_reference.py).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext

if TYPE_CHECKING:
    from baton.starters.sectors.rules import Clause, Sector

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "zh-hans")
# Columns that every table has, or that Django defines: what they mean is said once, here.
COMMON_UNITS = {"changed_seq": "1"}
DJANGO_COLUMNS = {"id", "password", "last_login", "object_id"}
WORDS = {
    "en": {
        "settings": "Settings",
        "settings_intro": "What an installation may change, as environment variables. Written by scripts/reference.py.",
        "setting_columns": ("setting", "kind", "default", "meaning"),
        "data": "Data dictionary",
        "data_intro": "Every table and column, with meaning and unit. Written by scripts/reference.py.",
        "data_columns": ("column", "type", "unit", "meaning"),
        "personal": "personal; kept for {years} a; purpose: {purpose}",
        "secret": "secret",
        "sectors": "Sector templates",
        "sectors_intro": (
            "What each ready-made beginning brings. Everything in it may be changed. Starting values are no "
            "recommendation: they show what others have promised, by the [source](#sources) in brackets; those marked "
            "* are examples to be replaced by your own. Written by scripts/reference.py."
        ),
        "counts": (
            "{parties} parties, {links} links, {outputs} outputs with their responsibilities, {needs} needs of outside "
            "customers, {clauses} starting values, {survey} survey items, {checks} checks of 5M1E."
        ),
        "link_columns": ("supplier", "customer", "output", "starting values"),
        "need_words": "What customers outside say:",
        "promise_words": "What the leader promises the staff:",
        "owed_by_customer": "owed by the customer",
        "attained": "in {share} % of cases",
        "sources": "Sources",
        "source_columns": ("key", "where the values were seen"),
    },
    "zh-hans": {
        "settings": "设置",
        "settings_intro": "安装时可以更改的设置，均为环境变量。本页由 scripts/reference.py 生成。",
        "setting_columns": ("设置", "类型", "默认值", "含义"),
        "data": "数据字典",
        "data_intro": "所有数据表和字段的含义与单位。本页由 scripts/reference.py 生成。",
        "data_columns": ("字段", "类型", "单位", "含义"),
        "personal": "个人信息，保存 {years} 年，用途：{purpose}",
        "secret": "保密",
        "sectors": "行业模板",
        "sectors_intro": (
            "各个现成模板的内容，全部可以修改。起始值不是推荐值：方括号内是[出处](#出处)，说明别人这样承诺过；"
            "带 * 的是示例，请换成自己的数值。本页由 scripts/reference.py 生成。"
        ),
        "counts": (
            "{parties} 个部门/岗位，{links} 条服务关系，{outputs} 项产出及其责任分工，{needs} 项外部客户需求，"
            "{clauses} 个起始值，{survey} 道调查题目，{checks} 项人机料法环测核查。"
        ),
        "link_columns": ("供应方", "客户", "产出", "起始值"),
        "need_words": "外部客户怎么说：",
        "promise_words": "领导对员工的承诺：",
        "owed_by_customer": "由客户承担",
        "attained": "达标率 {share}%",
        "sources": "出处",
        "source_columns": ("代号", "数值来自哪里（英文）"),
    },
}


def our_models() -> list[type[models.Model]]:
    """The tables of the rooms, lowest room first."""
    return [model for model in apps.get_models() if model.__module__.startswith("baton.")]


def columns(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The columns of a table that need a description."""
    yield from (field for field in model._meta.local_concrete_fields if field.name not in DJANGO_COLUMNS)


def unit_of(model: type[models.Model], field: models.Field[Any, Any]) -> str | None:
    """The unit of a column; None where a numeric column names none. Columns that are no quantity have the unit “”."""
    numeric = isinstance(field, models.IntegerField | models.FloatField | models.DecimalField)
    units: dict[str, str] = COMMON_UNITS | getattr(model, "units", {})
    return units.get(field.name, None if numeric and not field.is_relation and not field.choices else "")


def undescribed(tables: list[type[models.Model]]) -> list[str]:
    """The columns without meaning or unit, one sentence each."""
    found = []
    for model in tables:
        for field in columns(model):
            if not str(field.help_text):
                found.append(f"{model._meta.label}.{field.name} has no help_text")
            if unit_of(model, field) is None:
                found.append(f"{model._meta.label}.{field.name} has no unit: name it in {model.__name__}.units")
    return found


def without_purpose(tables: list[type[models.Model]]) -> list[str]:
    """The personal fields of which nobody has said what they are kept for and for how long, one sentence each."""
    found = []
    for model in tables:
        declared = getattr(model, "personal", {})
        columns_here = {field.name for field in model._meta.local_concrete_fields}
        for name in declared:
            kept = declared[name] if isinstance(declared, Mapping) else None
            if kept is None or not str(kept.purpose) or kept.years < 1:
                found.append(f"{model._meta.label}.{name} is personal without purpose and years: see Record.personal")
            if name not in columns_here:
                found.append(f"{model._meta.label}.{name} is declared personal and is no column")
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def cell(text: str) -> str:
    """A text as it stands in a cell: one line, the mark-up of docstrings turned into Markdown's."""
    return markdown(text).replace("|", "\\|")


def markdown(text: str) -> str:
    """A sentence of a docstring as Markdown: code in single back-quotes, classes by their names alone."""
    named = re.sub(r":\w+:`[~\w.]*?(\w+)`", r"`\1`", " ".join(text.split()))
    return named.replace("``", "`")


def settings_page(language: str) -> str:
    """The page of settings in a language."""
    from baton.config.env import DECLARED

    words = WORDS[language]
    rows = [
        (f"`{name}`", gettext(said.kind), f"`{said.default}`" if said.default else "", gettext(said.help))
        for name, said in sorted(DECLARED.items())
    ]
    return f"# {words['settings']}\n\n{words['settings_intro']}\n\n{table(words['setting_columns'], rows)}\n"


def data_page(language: str) -> str:
    """The data dictionary in a language."""
    words = WORDS[language]
    parts = [f"# {words['data']}\n\n{words['data_intro']}\n"]
    for model in our_models():
        personal: Mapping[str, Any] = getattr(model, "personal", {})
        marked = {
            name: str(words["personal"]).format(purpose=str(kept.purpose), years=kept.years)
            for name, kept in personal.items()
        }
        marked |= dict.fromkeys(getattr(model, "secret", ()), words["secret"])
        rows = []
        for field in columns(model):
            mark = f" ({marked[field.name]})" if field.name in marked else ""
            unit = unit_of(model, field) or ""
            rows.append((f"`{field.name}`", field.get_internal_type(), unit, f"{field.help_text}{mark}"))
        meaning = markdown((model.__doc__ or "").strip().split("\n\n")[0])
        parts.append(f"## {model._meta.label}\n\n{meaning}\n\n{table(words['data_columns'], rows)}\n")
    return "\n".join(parts)


def sectors_page(language: str) -> str:
    """What the sector templates bring, in a language."""
    from baton.starters.sectors import CODES, sector
    from baton.starters.sectors.sources import SOURCES

    words: dict[str, Any] = WORDS[language]
    parts = [f"# {words['sectors']}\n\n{words['sectors_intro']}\n"]
    parts += [sector_part(sector(code), language) for code in CODES]
    parts.append(f"## {words['sources']}\n\n{table(words['source_columns'], sorted(SOURCES.items()))}\n")
    return "\n".join(parts)


def sector_part(sector: Sector, language: str) -> str:
    """One sector of the page: counts, needs, promises, and all links with their starting values."""
    from baton_analysis.errors import sentences

    words: dict[str, Any] = WORDS[language]
    clauses = [clause for link in sector.links for clause in link.clauses]
    counts = words["counts"].format(
        parties=len(sector.parties), links=len(sector.links), outputs=len(sector.outputs), needs=len(sector.needs),
        clauses=len(clauses), survey=len(sector.survey), checks=len(sector.checks),
    )  # fmt: skip
    names = {party.code: party.name[language] for party in sector.parties}
    needs = "\n".join(f"- {names[need.whose]}{COLON[language]}{need.name[language]}" for need in sector.needs)
    promises = "\n".join(f"- {promise.text[language]}" for promise in sector.promises)
    rows = [
        (
            names[link.supplier], names[link.customer], sector.output(link.output).name[language],
            "<br>".join(clause_words(clause, language) for clause in link.clauses),
        )
        for link in sector.links
    ]  # fmt: skip
    blocks = [
        f"## {sector.name[language]}",
        sentences([sector.about[language], counts]),
        words["need_words"],
        needs,
        words["promise_words"],
        promises,
        table(words["link_columns"], rows),
    ]
    return "\n\n".join(blocks) + "\n"


COLON = {"en": ": ", "zh-hans": "："}


def clause_words(clause: Clause, language: str) -> str:
    """A starting value as it stands in a cell: measure, sign, value, unit, source or the star of an example."""
    from baton.agreements.rules import Side
    from baton.starters.sectors.rules import UNITS

    words: dict[str, Any] = WORDS[language]
    whole = (clause.direction, clause.value, clause.unit) in {("at_least", 100, "%"), ("at_most", 0, "1")}
    sign = "" if whole else {"at_least": "≥ ", "at_most": "≤ ", "between": ""}[clause.direction]
    value = f"{clause.value:g}" if clause.upto is None else f"{clause.value:g}–{clause.upto:g}"
    unit = "" if clause.unit == "1" else f" {UNITS[clause.unit][language]}"
    said = f"{clause.measure[language]}{COLON[language]}{sign}{value}{unit}"
    if clause.attainment is not None:
        said += f", {words['attained'].format(share=f'{clause.attainment:g}')}"
    if clause.owed_by is Side.CUSTOMER:
        said += f" ({words['owed_by_customer']})"
    if language == "zh-hans":
        said = said.replace(" %", "%").replace(", ", "，").replace(" (", "（").replace(")", "）")
    return said + (" *" if clause.example else f" [{clause.source}]")


def pages() -> dict[Path, str]:
    """The text of every reference page by its path."""
    made = {}
    for language in LANGUAGES:
        folder = ROOT / "docs" / "guide" / language
        with translation.override(language):
            made[folder / "settings.md"] = settings_page(language)
            made[folder / "data.md"] = data_page(language)
            made[folder / "sectors.md"] = sectors_page(language)
    of_analysis: dict[Path, str] = analysis().pages(ROOT)
    return made | of_analysis


def analysis() -> ModuleType:
    """scripts/api_reference.py, found beside this file however this file was loaded."""
    spec = importlib.util.spec_from_file_location("api_reference", Path(__file__).with_name("api_reference.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def problems() -> list[str]:
    """What is out of step or lacks a description; empty when all is well."""
    from baton.config.env import DECLARED, KINDS

    found = undescribed(our_models()) + without_purpose(our_models())
    found += [f"{name} has no docstring" for name in analysis().undocumented()]
    unknown = sorted({declared.kind for declared in DECLARED.values()} - set(KINDS))
    found += [f"KINDS in config/env.py lacks the kind of setting “{kind}”" for kind in unknown]
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(ROOT)} is not in step with the program: run scripts/reference.py")
    return found


def main() -> int:
    """Write or check; 1 when the check finds something."""
    parser = argparse.ArgumentParser(description="Write the reference pages of the guide.")
    parser.add_argument("--check", action="store_true", help="change nothing; say what is wrong")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as data:
        for name in [name for name in os.environ if name.startswith("BATON_") or name == "DATABASE_URL"]:
            del os.environ[name]
        os.environ |= {"BATON_DATA": data, "DJANGO_SETTINGS_MODULE": "baton.config.settings"}
        import django

        django.setup()
        if asked.check:
            found = problems()
            for line in found:
                print(line, file=sys.stderr)
            return 1 if found else 0
        made = pages()
        for stale in (ROOT / "docs" / "reference").glob("*.md"):
            if stale not in made:
                stale.unlink()
        for path, text in made.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
