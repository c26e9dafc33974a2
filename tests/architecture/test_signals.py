"""Nobody reacts to signals: what follows from what is said in changes.py, the registries and the audit sequence.

The linter bans the imports, but entry points are excused from its rule because of the clock; here nothing is excused.
Core alone hears the signals of allauth and of Django's sign-in, to audit sign-ins and factors.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"
SIGN_IN = ("allauth.", "axes.", "django.contrib.auth.signals")


def imported(text: str) -> Iterator[str]:
    """Every module a file names in its imports; ``from a import b`` names ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def violations(file: Path, text: str) -> list[str]:
    """The signals that this file of ``src`` may not name."""
    may_hear = SIGN_IN if file.parts[:2] == ("baton", "core") else ()
    named = {name for name in imported(text) if name.startswith("django.dispatch") or "signals" in name.split(".")[1:]}
    # Signals of control charts are Baton's own.
    return sorted(name for name in named if not name.startswith((*may_hear, "baton_analysis.", "baton.")))


def test_nobody_reacts_to_signals() -> None:
    files = [file.relative_to(SOURCE) for file in SOURCE.rglob("*.py")]
    found = {str(file): names for file in files if (names := violations(file, (SOURCE / file).read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    ("file", "line", "found"),
    [
        ("baton/chain/views.py", "from django.dispatch import receiver", True),
        ("baton/chain/tasks.py", "from django.db.models.signals import post_save", True),
        ("baton/chain/views.py", "from django.db.models import signals", True),
        ("baton/chain/views.py", "from allauth.account.signals import user_logged_in", True),
        ("baton/core/sign_ins.py", "from django.dispatch import receiver", True),
        ("baton/core/sign_ins.py", "from allauth.account.signals import user_logged_in", False),
    ],
)
def test_planted_import_is_noticed(file: str, line: str, found: bool) -> None:
    assert bool(violations(Path(file), line)) is found
