"""Training as people paste it from a spreadsheet: a line a person.

wang.fang    2026-03-31    2027-03-31    Hospitality course
王芳         2026-03-31
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from baton.agreements.changes.training import Trained
from baton.core.texts import clean_text, folded
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem, day_order_of, parse_day

if TYPE_CHECKING:
    from baton.core.models import Person

LONGEST = 100_000
"""Most characters that are pasted at once."""
_BETWEEN = re.compile(r"\t|;|；|,|，")
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that cannot be read: its number, and why, as a template with its values."""

    line: int
    template: str
    values: dict[str, Any]


def read_training(text: str, people: Sequence[Person]) -> tuple[list[Trained], list[Unread]]:
    """Who was trained when, until when and by whom, of ``people``; and every line that cannot be read. A person is
    named by his sign-in name, or by his name where only one is called so."""
    named = _names(people)
    lines = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), 1) if clean_text(line)]
    order = day_order_of(cell for _number, cells in lines for cell in cells[1:3])
    found: list[Trained] = []
    unread: list[Unread] = []
    for number, (name, trained_on, expires_on, *trained_by) in lines:
        known = named.get(folded(name), [])
        days = [parse_day(cell, order=order) for cell in (trained_on, expires_on)]
        wrong = next((day for day in days if isinstance(day, CellProblem)), None)
        if len(known) != 1:
            said = _NOBODY if not known else _SEVERAL
            unread.append(Unread(number, said, {"name": name[:_SHOWN]}))
        elif wrong is not None or not isinstance(days[0], date):
            unread.append(
                Unread(
                    number, _NO_DAY, {"day": str(wrong.values.get("value", "")) if wrong is not None else trained_on}
                )
            )
        else:
            until = days[1] if isinstance(days[1], date) else None
            found.append(Trained(known[0], days[0], until, " ".join(trained_by).strip()))
    return found, unread


_NOBODY = gettext_noop(
    "Line {line}: nobody of this party is called “{name}”. Write the sign-in name or the whole name."
)
_SEVERAL = gettext_noop("Line {line}: several people are called “{name}”. Write the sign-in name.")
_NO_DAY = gettext_noop("Line {line}: “{day}” is no day. Write it as year-month-day.")


def _cells(line: str) -> list[str]:
    cells = [clean_text(cell).strip() for cell in _BETWEEN.split(line)]
    return [*cells, *[""] * (4 - len(cells))] if len(cells) < 4 else cells


def _names(people: Sequence[Person]) -> dict[str, list[Person]]:
    """Who is meant by a name, folded; a sign-in name means one alone."""
    found: dict[str, list[Person]] = {}
    for one in people:
        for name in {folded(text) for text in one.name.values()}:
            found.setdefault(name, []).append(one)
    return found | {folded(one.sign_in_name): [one] for one in people}
