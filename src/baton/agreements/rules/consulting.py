"""Whether enough of those who were asked have spoken, and what a counter-proposal changes. Pure Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from baton.agreements.rules.clauses import (
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Terms,
)
from baton.agreements.rules.comparing import same_value
from baton.agreements.rules.rounds import enough, participation

USUAL_MINIMUM = 50
"""Share of those asked, in percent, that is to have spoken where the organisation says nothing else."""
USUAL_DAYS = 14
"""For how many days people are asked unless somebody says otherwise."""
LONGEST_DAYS = 365
REMIND_DAYS = 3
"""So many days before the last one, who has said nothing is reminded."""
MOST_ASKED = 500
"""Most people of a side who are asked at once."""


@dataclass(frozen=True, slots=True)
class SideHeard:
    """How many people of a side were asked, how many of them have said something, and how many were asked no more
    before they did."""

    side: Side
    asked: int = 0
    spoke: int = 0
    taken_back: int = 0

    @property
    def share(self) -> float | None:
        """Participation in percent; None where nobody was asked."""
        return participation(invited=self.asked, spoke=self.spoke)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What stands between a version and its signatures: objections and counter-proposals without an answer, and the
    participation of both sides against the ``minimum`` in percent. ``needed``: people must have been asked."""

    sides: Sequence[SideHeard]
    minimum: int
    needed: bool = False
    unanswered: int = 0

    @property
    def asked(self) -> int:
        """How many people were asked."""
        return sum(one.asked for one in self.sides)

    @property
    def lacking(self) -> tuple[SideHeard, ...]:
        """The sides of which too few have spoken; both where nobody was asked and somebody should have been."""
        if not self.asked:
            return tuple(self.sides) if self.needed else ()
        return tuple(
            one
            for one in self.sides
            if one.asked and not enough(invited=one.asked, spoke=one.spoke, minimum=self.minimum)
        )


_READ: Mapping[str, Any] = {
    "clause_kind": ClauseKind, "aspect": Aspect, "measure": Measure, "direction": Direction, "source": Source,
    "sampling": Sampling, "measured_by": MeasuredBy, "baseline_from": date.fromisoformat,
    "baseline_until": date.fromisoformat,
}  # fmt: skip
COUNTERED = tuple(one.name for one in fields(Terms) if one.name not in ("owed_by", "trial_until"))
"""Fields of a clause that a counter-proposal may change: who owes it stays, and the trial begins by itself."""


def differing(before: Terms, after: Terms) -> tuple[str, ...]:
    """The fields in which a counter-proposal differs from the clause, in their order."""
    return tuple(name for name in COUNTERED if not same_value(before, after, name))


def countered(terms: Terms, proposed: Mapping[str, Any]) -> Terms:
    """The clause as a counter-proposal wants it: ``terms`` with the ``proposed`` fields, which are plain values of
    JSON. Names that are no field of a clause are left out."""
    said = {name: value for name, value in proposed.items() if name in COUNTERED}
    return replace(terms, **{name: _read(name, value) for name, value in said.items()})


def _read(name: str, value: Any) -> Any:
    return _READ[name](value) if name in _READ and value is not None else value
