"""Messages about exactly one thing are said in the singular."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from baton_analysis.errors import filled
from baton_analysis.readers import Notice
from baton_analysis.singulars import SINGULARS

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
# A number and then a word in the plural: {count} events, {count} local times.
PLURAL = re.compile(r"\{(count|events|traces)\} (?!of )(\w+ )?\w+s\b")


def literals() -> set[str]:
    """Every text of the sources, apart from the table of singulars itself."""
    files = [path for path in SOURCE.rglob("*.py") if path.name != "singulars.py"]
    nodes = (node for path in files for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def marked() -> set[str]:
    """Templates that are filled with :func:`filled`: those marked with ``gettext_noop``."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "gettext_noop":
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def test_every_template_that_counts_has_a_singular() -> None:
    never_one = {
        "Of {count} sheets “{sheet}” was read. The sheets are: {sheets}.",
        "Found {count} names.",
        "{count} clauses have it.",
    }
    assert {text for text in marked() if PLURAL.search(text)} - SINGULARS.keys() == never_one


def test_every_singular_belongs_to_a_template() -> None:
    assert SINGULARS.keys() - literals() == set()


def test_singulars_use_no_other_values() -> None:
    fields = re.compile(r"\{(\w+)\}")
    for template, (number, singular) in SINGULARS.items():
        assert number in fields.findall(template), template
        assert set(fields.findall(singular)) <= set(fields.findall(template)), template


def test_one_is_one_and_two_are_two() -> None:
    text = "{count} events have no time; they keep their place in the file, and what needs their time leaves them out."
    assert Notice(text, 1).render().startswith("1 event has no time; it keeps its place")
    assert Notice(text, 2).render().startswith("2 events have no time; they keep")
    assert filled(text, {"count": "1"}).startswith("1 event has")  # as it is kept in the records


def test_a_translation_stands_as_it_is() -> None:
    text = "{count} objects belong to no event."
    assert filled(text, {"count": 1}, lambda template: "{count} 个对象不属于任何事件。") == "1 个对象不属于任何事件。"
