"""Every number of the list of bad inputs is cited where it is tried, for the doors that are built."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

# Door -> first and last number. What becomes of answers when they are published is not built yet (B055, B056).
DOORS = {
    "CSV": (1, 23), "XLSX": (24, 35), "XES and OCEL": (36, 46), "surveys": (47, 54), "webhooks": (57, 65),
    "sign-in and sessions": (66, 74), "API and pages": (75, 82), "uploads": (83, 85), "requests": (86, 87),
    "signing and documents": (88, 90),
}  # fmt: skip
NUMBER = re.compile(r"\b[Bb](\d{3})(?: to [Bb](\d{3}))?(?![\d])|_[Bb](\d{3})_")


def cited(texts: Iterable[str]) -> set[int]:
    """Numbers that the texts name, one by one or as “B075 to B082”."""
    found: set[int] = set()
    for text in texts:
        for first, last, in_name in NUMBER.findall(text):
            found.update(range(int(first or in_name), int(last or first or in_name) + 1))
    return found


def lacking(texts: Iterable[str]) -> list[str]:
    """The numbers of built doors that no text names."""
    found = cited(texts)
    wanted = (number for first, last in DOORS.values() for number in range(first, last + 1))
    return [f"B{number:03}" for number in wanted if number not in found]


def test_every_bad_input_has_a_test() -> None:
    files = [file for file in TESTS.rglob("*.py") if file != Path(__file__)]
    assert lacking(file.read_text(encoding="utf-8") for file in files) == []


def test_a_number_without_a_test_is_found() -> None:
    texts = ["B001 to B085", "B088 to B090", "def test_b086_a_header() -> None:", "# noqa: B0870"]
    assert lacking(texts) == ["B087"]
