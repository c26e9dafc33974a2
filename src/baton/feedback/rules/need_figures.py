"""Which figures of employees' needs are shown: groups of needs that do not overlap, each of as many as a published cell
of a survey rests on, and sums of such groups. Pure Python.

Because every figure is one of a group that is shown, or of several of these together, no figure of fewer needs follows
from two others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from baton.feedback.rules.needs import NeedCategory
from baton.feedback.rules.waves import FEWEST

N = TypeVar("N")

WINDOW = timedelta(days=365)
"""Needs that were asked so long ago, or later, stand in the figures."""


@dataclass(frozen=True, slots=True)
class CategoryGroup(Generic[N]):
    """Needs of a department of one ``category``; None: of those of which there are few, taken together."""

    category: NeedCategory | None
    needs: Sequence[N]


@dataclass(frozen=True, slots=True)
class DepartmentGroups(Generic[N]):
    """Needs of a department (key) by category. ``left_out``: there are a few more that no figure tells of."""

    department: int
    groups: Sequence[CategoryGroup[N]]
    left_out: bool = False

    @property
    def needs(self) -> list[N]:
        """All that are told of."""
        return [one for group in self.groups for one in group.needs]


@dataclass(frozen=True, slots=True)
class Groups(Generic[N]):
    """Departments of which something is shown, and ``rest``: the needs of all that are left out there, where these are
    enough together."""

    departments: Sequence[DepartmentGroups[N]]
    rest: Sequence[N] = ()
    left_out: bool = False

    @property
    def needs(self) -> list[N]:
        """All that are told of."""
        return [*(need for one in self.departments for need in one.needs), *self.rest]


@dataclass(slots=True)
class _Split(Generic[N]):
    groups: list[CategoryGroup[N]] = field(default_factory=list)
    few: list[N] = field(default_factory=list)


def groups_shown(cells: Mapping[int, Mapping[NeedCategory, Sequence[N]]], least: int = FEWEST) -> Groups[N]:
    """The groups that are shown of needs by department and category; of ``least`` needs or more each."""
    departments: list[DepartmentGroups[N]] = []
    rest: list[N] = []
    for department, by_category in cells.items():
        split: _Split[N] = _Split()
        for category in NeedCategory:
            found = list(by_category.get(category, ()))
            if len(found) >= least:
                split.groups.append(CategoryGroup(category, found))
            else:
                split.few += found
        if len(split.few) >= least:
            split.groups.append(CategoryGroup(None, split.few))
        else:
            rest += split.few
        hidden = 0 < len(split.few) < least
        if split.groups:
            departments.append(DepartmentGroups(department, split.groups, left_out=hidden))
    enough = len(rest) >= least
    return Groups(departments, rest if enough else (), left_out=bool(rest) and not enough)
