"""Which cells are published and which are hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from baton_analysis.measures.disclosure.lattice import Key
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

FEWEST_ANSWERS = 5
"""That a published figure rests on; comments ask for ten."""

Reason = Literal["few", "alike", "wave", "complement"]


@dataclass(frozen=True, eq=False, slots=True)
class Publication(Result):
    """What may be shown, and nothing else: this result can be passed on.

    Attributes
    ----------
    frame
        One row a cell: ``grouping`` and ``cell`` in words; ``shown``; of a shown cell ``n`` and ``mean`` to one
        decimal; of a hidden one ``why``: "few" answers, or "protection" of others.
    published
        The cells that are shown.
    hidden
        The others with the true reason: "few" answers, all "alike", a "wave" that few came to or left, or a
        "complement", hidden so that others cannot be computed. For those who keep the rules: shown to readers, "alike"
        would tell what everybody answered.
    n, cells
        Answers and cells.
    least
        The smallest number of answers of a shown cell, and of any group that can be computed from them.
    """

    frame: pl.DataFrame
    published: tuple[Key, ...]
    hidden: Mapping[Key, Reason]
    n: int
    cells: int
    least: int
    left_out: int
    warnings: tuple[Notice, ...] = ()
    method: str = "complementary_suppression"
    version: str = VERSION

    def to_table(self) -> pl.DataFrame:
        """One row a cell."""
        return self.frame

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON, without the true reasons."""
        plain = ("method", "version", "n", "cells", "least", "left_out")
        return {
            **{name: getattr(self, name) for name in plain},
            "shown": len(self.published),
            "rows": self.frame.to_dicts(),
            "warnings": [warning.render() for warning in self.warnings],
        }
