"""Records are written in changes.py and nowhere else.

Read from the syntax tree: calls of the methods that write, on anything that looks like a manager, a query or a record.
The services of the core that keep books of their own (trail, worker, schedule, used-up forms, attempts) are named
below; what they write are no records.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "baton"

ALWAYS_WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_ON_QUERIES = {"create", "update"}
QUERIES = {"objects", "filter", "all", "exclude", "select_for_update", "_base_manager", "_default_manager", "using"}

PICTURES = {"segno"}
"""Libraries whose pictures are saved into memory."""

BOOKKEEPING = {
    "core/accounts/attempts.py",
    "core/audit",
    "core/backup",
    "core/jobs.py",
    "core/schedules.py",
    "core/search/keeping.py",
    "core/submissions.py",
    "core/mail/sending.py",
    "core/webhooks/sending.py",
    "core/worker.py",
}


def may_write(file: Path) -> bool:
    """Whether a file of ``src/baton`` is a place for writes."""
    parts = file.parts
    if "migrations" in parts or file.name == "changes.py" or "changes" in parts[:-1]:
        return True
    return any(str(place) in BOOKKEEPING for place in (file, *file.parents))


def names_in(node: ast.expr) -> Iterator[str]:
    """The names of a chain such as ``Link.objects.filter(...)``, from right to left."""
    while True:
        if isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            if isinstance(node, ast.Name):
                yield node.id
            return


def writes(text: str) -> list[str]:
    """The calls that write, as ``line: method``."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        method = node.func.attr.removeprefix("a") if node.func.attr in {"asave", "adelete"} else node.func.attr
        names = set(names_in(node.func.value))
        if names & PICTURES:
            continue
        on_query = bool(QUERIES & names)
        if method in ALWAYS_WRITES or (method in WRITES_ON_QUERIES and on_query):
            found.append(f"{node.lineno}: {method}")
    return found


def test_only_changes_write() -> None:
    files = [file.relative_to(SOURCE) for file in SOURCE.rglob("*.py")]
    found = {
        str(file): calls
        for file in files
        if not may_write(file) and (calls := writes((SOURCE / file).read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "party.save()",
        "Link.objects.create(supplier=a)",
        "Link.objects.filter(pk=1).update(output={})",
        "party.members.all().delete()",
        "Party._default_manager.bulk_create(parties)",
        "form.save()",
        "await party.asave()",
    ],
)
def test_planted_write_is_noticed(line: str) -> None:
    assert writes(f"async def view():\n    {line}\n") != []


@pytest.mark.parametrize("line", ["digest.update(b'')", "values.update(a=1)", "Link.objects.filter(pk=1).exists()"])
def test_what_writes_no_record_is_let_be(line: str) -> None:
    assert writes(line) == []


@pytest.mark.parametrize(
    ("file", "allowed"),
    [
        ("chain/changes.py", True),
        ("chain/changes/links.py", True),
        ("core/changes/people.py", True),
        ("core/changes_of_people.py", False),
        ("core/audit/trail.py", True),
        ("chain/views.py", False),
        ("chain/facts.py", False),
        ("core/queries/people.py", False),
    ],
)
def test_places_for_writes(file: str, allowed: bool) -> None:
    assert may_write(Path(file)) is allowed
