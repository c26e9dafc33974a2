"""Published figures of the links of a path beside each other. Pure Python.

There is no figure of a path as a whole: whoever could put links together at will could choose one person, and sheets of
one person about several links are several answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from baton.feedback.rules.published import figures_of, is_judged
from baton.feedback.rules.questions import About, Scored

Told = tuple[int, float, float, float]
"""Place on the path, value, lower and upper bound of its interval."""


def columns_to_compare(columns: Iterable[Scored]) -> list[Scored]:
    """The columns of which figures of links are published, outcomes first, then what is judged, then the rest."""
    found = [one for one in columns if one.question.about is About.LINK and figures_of(one)]
    return sorted(found, key=lambda one: 0 if one.question.outcome else 1 if is_judged(one) else 2)


def weakest_of(told: Sequence[Told]) -> int | None:
    """The place of the link that is weaker than every other one of which a figure is told: its whole interval lies
    below theirs. None where the intervals do not carry it, or where there is nothing to compare."""
    if len(told) < 2:
        return None
    place, _value, _lower, upper = min(told, key=lambda one: one[1])
    return place if all(upper < lower for other, _v, lower, _u in told if other != place) else None
