"""What a module says when it is imported is said in whatever language happens to be spoken then, to everybody and for
good: words of a module, a class or a default are lazy, and each reader hears his own language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[2] / "src"
AT_ONCE = {"gettext", "ngettext", "pgettext", "npgettext"}


def said_at_import(source: str) -> list[int]:
    """Lines on which words are translated while the module is imported."""
    tree = ast.parse(source)
    names = {
        one.asname or one.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
        if one.name in AT_ONCE
    }
    return [
        node.lineno
        for node in _run_at_import(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def _run_at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What of a module runs when it is imported: all but the bodies of its functions."""
    for child in ast.iter_child_nodes(node):
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*child.args.defaults, *(one for one in child.args.kw_defaults if one is not None)]
            for early in [*getattr(child, "decorator_list", []), *defaults]:
                yield from ast.walk(early)
        else:
            yield from _run_at_import(child)


def test_words_of_modules_are_lazy() -> None:
    files = sorted(SOURCES.rglob("*.py"))
    assert len(files) > 500
    found = [f"{file.relative_to(SOURCES)}:{line}" for file in files for line in said_at_import(file.read_text())]
    assert not found, "gettext_lazy is wanted here:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "said",
    [
        "WORDS = {1: _('Saved.')}",
        "class Form:\n    label = _('Name')",
        "def said(word=_('Saved.')): ...",
        "@titled(_('Name'))\ndef page(): ...",
        "if True:\n    WORD = [_(one) for one in ('a', 'b')]",
    ],
)
def test_they_are_found(said: str) -> None:
    assert said_at_import(f"from django.utils.translation import gettext as _\n{said}")
    assert not said_at_import(f"from django.utils.translation import gettext_lazy as _\n{said}")


def test_what_functions_say_is_said_when_they_are_called() -> None:
    source = (
        "from django.utils.translation import gettext as _\ndef page():\n    return _('Saved.')\nSAY = lambda: _('a')"
    )
    assert not said_at_import(source)
