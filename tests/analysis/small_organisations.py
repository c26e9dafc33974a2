"""Random organisations that answer a survey, and an attacker who knows linear algebra and none of our code."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import polars as pl

from baton_analysis.measures.disclosure import Key

GROUPINGS: list[list[str]] = [[], ["department"], ["department", "link"], ["role"], ["department", "role"]]
"""A cube as it is fixed when a survey is launched: all, departments, their links, role bands, and both crossed."""


def organisation(seed: int) -> pl.DataFrame:
    """Two to eight departments of one to five links, three role bands; a sheet a row, most links of few people."""
    chance = np.random.default_rng(seed)
    rows = []
    for department in range(chance.integers(2, 9)):
        bands = chance.dirichlet([4, 2, 1])
        for link in range(chance.integers(1, 6)):
            people = 1 + int(chance.geometric(1 / chance.uniform(3, 20)))
            level = chance.uniform(1.5, 4.5)
            for role in chance.choice(3, people, p=bands):
                score = int(np.clip(round(level + chance.normal()), 1, 5))
                rows.append((f"d{department}", f"d{department}-{link}", f"band {role}", score))
    return pl.DataFrame(rows, schema=["department", "link", "role", "score"], orient="row")


def cells_of(answers: pl.DataFrame, groupings: Iterable[Iterable[str]] = GROUPINGS) -> dict[Key, frozenset[int]]:
    """Which sheets lie in which cell."""
    found: dict[Key, set[int]] = {}
    for row, sheet in enumerate(answers.iter_rows(named=True)):
        for grouping in groupings:
            found.setdefault(tuple((name, str(sheet[name])) for name in grouping), set()).add(row)
    return {key: frozenset(sheets) for key, sheets in found.items()}


def exposed(cells: dict[Key, frozenset[int]], published: Iterable[Key], least: int) -> frozenset[int] | None:
    """A group of fewer than ``least`` sheets whose sum is a linear combination of published sums; else None.

    Sheets that lie in the same published cells cannot be told apart by sums, so that such a group is made of whole sets
    of these. All unions of them with so few sheets are tried: a sum is known if it lies in the row space.
    """
    known = [cells[key] for key in published]
    alike: dict[tuple[bool, ...], set[int]] = {}
    for sheet in sorted(set().union(*cells.values())):
        alike.setdefault(tuple(sheet in cell for cell in known), set()).add(sheet)
    patterns = [pattern for pattern in alike if any(pattern)]
    if not patterns:
        return None
    table = np.array(patterns, dtype=float).T
    _, strength, rows = np.linalg.svd(table, full_matrices=False)
    space = rows[strength > 1e-9 * strength[0]]
    unknown = np.eye(len(patterns)) - space.T @ space
    small = [place for place, pattern in enumerate(patterns) if len(alike[pattern]) < least]
    for many in range(1, least):
        tried = np.array(
            [one for one in combinations(small, many) if sum(len(alike[patterns[part]]) for part in one) < least],
            dtype=np.int64,
        ).reshape(-1, many)
        left = unknown[tried[:, :, None], tried[:, None, :]].sum(axis=(1, 2))
        if (left < 1e-9).any():
            return frozenset().union(*(alike[patterns[part]] for part in tried[left.argmin()]))
    return None
