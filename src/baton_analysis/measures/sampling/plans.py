"""Sampling plans: how many items to inspect and how many may be nonconforming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

Judgement = Literal["accepted", "accepted_in_gap", "not_accepted", "sample_again"]
"""What a plan says of a lot. "accepted_in_gap" (reduced plans of MIL-STD-105E): accept this lot, return to normal."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One sample of a plan: ``n`` items; ``accept`` and ``reject`` are compared with what all samples so far found."""

    n: int
    accept: int
    reject: int


@dataclass(frozen=True, slots=True)
class SamplingPlan(Result):
    """One sample, or two of which the second is drawn only where the first does not decide.

    Attributes
    ----------
    stages
        The samples, in order.
    method
        "single", "double" or "zero_acceptance".
    rules, letter, aql, level, severity
        Where the plan was looked up, and how; empty for a plan of your own. ``letter`` is the letter of the plan that
        is used, after arrows; ``aql`` is in percent, or nonconformities per 100 items.
    lot_size
        Items of the lot, None for a plan that is not tied to a lot.
    """

    stages: tuple[Stage, ...]
    method: str
    rules: str = ""
    letter: str = ""
    aql: float | None = None
    level: str = ""
    severity: str = ""
    lot_size: int | None = None
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def __post_init__(self) -> None:
        for stage in self.stages:
            if stage.n < 1 or not 0 <= stage.accept < stage.reject:
                raise _not_a_plan(stage)

    @property
    def n(self) -> int:
        """Items of all samples together."""
        return sum(stage.n for stage in self.stages)

    @property
    def accept(self) -> int:
        """Acceptance number of all samples together (Ac)."""
        return self.stages[-1].accept

    @property
    def reject(self) -> int:
        """Rejection number of all samples together (Re)."""
        return self.stages[-1].reject

    @property
    def has_gap(self) -> bool:
        """Whether a lot can be accepted and yet end reduced inspection."""
        return self.reject > self.accept + 1

    @property
    def whole_lot(self) -> bool:
        """Whether the sample is as large as the lot, which is then inspected item by item."""
        return self.lot_size is not None and self.n >= self.lot_size

    @property
    def inspected(self) -> int:
        """Items that are looked at if all samples are drawn: never more than the lot has."""
        return self.n if self.lot_size is None else min(self.n, self.lot_size)

    @checked(MeasureError)
    def judge(self, found: Sequence[int]) -> Judgement:
        """What to do with a lot after ``found`` nonconforming items in each sample drawn so far.

        Raises
        ------
        MeasureError
            No sample or more than the plan has; a count below 0 or above the size of its sample (where items, not
            nonconformities, are counted; with an AQL above 10 nonconformities are).
        """
        self._check(found)
        total = sum(found)
        stage = self.stages[len(found) - 1]
        if total <= stage.accept:
            return "accepted"
        if total >= stage.reject:
            return "not_accepted"
        return "accepted_in_gap" if len(found) == len(self.stages) else "sample_again"

    def _check(self, found: Sequence[int]) -> None:
        if not 1 <= len(found) <= len(self.stages):
            raise MeasureError(
                expected=gettext_noop("The plan has {samples} samples; a lot is judged by the counts of those drawn."),
                found=gettext_noop("There are counts of {drawn} samples."),
                remedy=gettext_noop("Give one count for each sample that was drawn."),
                samples=len(self.stages),
                drawn=len(found),
            )
        counts_items = self.aql is None or self.aql <= 10
        for count, stage in zip(found, self.stages, strict=False):
            if count < 0 or (counts_items and count > stage.n):
                raise MeasureError(
                    expected=gettext_noop("Nonconforming items of a sample lie between 0 and {n}."),
                    found=gettext_noop("The count is {found_items}."),
                    remedy=gettext_noop("Correct the count, or the plan by which the sample was drawn."),
                    n=stage.n,
                    found_items=count,
                )

    def __str__(self) -> str:
        """As quality people write it: ``80, 2/3`` or ``125, 3/7; +125, 8/9``."""
        return "; +".join(f"{stage.n}, {stage.accept}/{stage.reject}" for stage in self.stages)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "inspected": self.inspected,
            "stages": [{"n": stage.n, "accept": stage.accept, "reject": stage.reject} for stage in self.stages],
            "rules": self.rules,
            "letter": self.letter,
            "aql": self.aql,
            "level": self.level,
            "severity": self.severity,
            "lot_size": self.lot_size,
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def own_plan(n: int, accept: int, *, method: str = "single", lot_size: int | None = None) -> SamplingPlan:
    """A single plan that rejects from ``accept + 1`` on."""
    return SamplingPlan((Stage(n, accept, accept + 1),), method=method, lot_size=lot_size)


def _not_a_plan(stage: Stage) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("A sample has at least 1 item, and a rejection number above its acceptance number."),
        found=gettext_noop("{n} items, acceptance number {accept}, rejection number {reject}."),
        remedy=gettext_noop("Correct the plan; a plan that rejects from one above its acceptance number is usual."),
        n=stage.n,
        accept=stage.accept,
        reject=stage.reject,
    )
