"""Every clause of 21 CFR 11 that the page on signatures answers has a test that bears its number."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| 11\.(\d+)(?:\(([a-z])\))? \|", re.MULTILINE)
TEST = re.compile(r"(?:def test_|_)part_11_(\d+)(?:_([a-z])(?=_))?_")


def answered() -> set[tuple[str, str]]:
    """Clauses of the page, such as ("10", "e")."""
    page = (ROOT / "docs" / "methods" / "signatures.md").read_text(encoding="utf-8")
    return {(number, letter) for number, letter in ROW.findall(page)}


def borne_by_tests() -> set[tuple[str, str]]:
    """Clauses that the names of tests bear."""
    texts = (file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "rooms").rglob("test_*.py"))
    return {(number, letter if number == "10" else "") for text in texts for number, letter in TEST.findall(text)}


def test_every_clause_has_a_test_and_every_test_a_clause() -> None:
    assert len(answered()) == 11
    assert answered() == borne_by_tests()
