"""Agreement of appraisers on grades: kappa, which takes off what would agree by chance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence, Sized
from dataclasses import dataclass
from math import sqrt
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "2"

GOOD, POOR = 0.75, 0.40
"""Kappa from the first on is called good, below the second poor (AIAG; Fleiss 1981)."""

FEW_ITEMS = 30
_ONE_GRADE = 0.9
"""With a larger share of one grade kappa says little."""

Weights = Literal["none", "linear", "quadratic"]
Verdict = Literal["good", "fair", "poor"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement(Result):
    """Kappa with its interval.

    Attributes
    ----------
    kappa
        1: full agreement; 0: no more than by chance; below 0: less.
    interval
        Large-sample interval; None where it cannot be given (all agree, or only one item).
    observed, by_chance
        Share of agreement found, and expected if appraisers graded by chance with the shares that they have.
    n
        Items.
    grades
        The grades in the order used; for ordered grades the order matters to the weights.
    """

    method: str
    n: int
    appraisers: int
    kappa: float
    interval: tuple[float, float] | None
    observed: float
    by_chance: float
    grades: tuple[Hashable, ...]
    confidence: float
    warnings: tuple[Notice, ...]
    version: str = VERSION

    @property
    def verdict(self) -> Verdict:
        """By the thresholds GOOD and POOR of kappa."""
        if self.kappa >= GOOD:
            return "good"
        return "fair" if self.kappa >= POOR else "poor"

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "appraisers", "kappa", "observed", "by_chance", "verdict", "confidence")
        return {
            **{name: getattr(self, name) for name in plain},
            "interval": None if self.interval is None else list(self.interval),
            "grades": [str(grade) for grade in self.grades],
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def cohen_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    grades: Sequence[Hashable] | None = None,
    weights: Weights = "none",
    confidence: float = 0.95,
) -> Agreement:
    """Agreement of two appraisers on the same items, or of one appraiser with the reference.

    Cohen (1960), Educational and Psychological Measurement 20: 37-46; weighted: Cohen (1968), Psychological Bulletin
    70: 213-220; standard error: Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72: 323-327.

    Parameters
    ----------
    first, second
        A grade for each item, in the same order.
    grades
        All grades in their order; by default those that occur, numbers by size and others by their text.
    weights
        "none" counts any difference alike; "linear" and "quadratic" count grades that are near as near.

    Raises
    ------
    MeasureError
        No items, lists of different length, grades that are not listed, or one grade only.
    """
    _check_pairs(first, second, weights)
    known = _grades([*first, *second], grades)
    place = {grade: number for number, grade in enumerate(known)}
    table = np.zeros((len(known), len(known)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1
    shares = table / table.sum()
    weight = _weights(len(known), weights)
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, chance = float((weight * shares).sum()), float((weight * np.outer(rows, columns)).sum())
    _check_chance(chance, known)
    kappa = (observed - chance) / (1 - chance)
    mean_weight = (weight @ columns)[:, None] + (rows @ weight)[None, :]
    variance = float((shares * (weight - mean_weight * (1 - kappa)) ** 2).sum()) - (kappa - chance * (1 - kappa)) ** 2
    error = sqrt(max(0.0, variance) / len(first)) / (1 - chance)
    method = "cohen" if weights == "none" else f"cohen_{weights}"
    return _agreement(
        method, len(first), 2, kappa, error, (observed, chance, float((rows + columns).max() / 2)), known, confidence
    )


@checked(MeasureError)
def fleiss_kappa(
    gradings: Sequence[Sequence[Hashable]], *, grades: Sequence[Hashable] | None = None, confidence: float = 0.95
) -> Agreement:
    """Agreement of several appraisers. ``gradings[item]`` are the grades that this item got, as many for each.

    Fleiss (1971), Psychological Bulletin 76: 378-382; the appraisers need not be the same for each item. Standard error
    by the jackknife over items.

    Raises
    ------
    MeasureError
        No items, fewer than two grades for an item or not equally many, grades that are not listed, or one grade only.
    """
    appraisers = {len(grading) if isinstance(grading, Sized) else 0 for grading in gradings}
    if len(appraisers) != 1 or min(appraisers) < 2:
        raise MeasureError(
            expected=gettext_noop("Every item has equally many grades, 2 or more."),
            found=gettext_noop("Items: {items}, grades of an item: {sizes}."),
            remedy=gettext_noop("Leave out items that not all have graded."),
            items=len(gradings),
            sizes=", ".join(map(str, sorted(appraisers))) or "0",
        )
    known = _grades([grade for grading in gradings for grade in grading], grades)
    place = {grade: number for number, grade in enumerate(known)}
    counts = np.zeros((len(gradings), len(known)))
    for item, grading in enumerate(gradings):
        for grade in grading:
            counts[item, place[grade]] += 1
    observed, chance = _fleiss(counts)
    _check_chance(chance, known)
    kappa = (observed - chance) / (1 - chance)
    shares = (observed, chance, float(counts.sum(axis=0).max() / counts.sum()))
    return _agreement("fleiss", len(gradings), appraisers.pop(), kappa, _jackknife(counts), shares, known, confidence)


def _fleiss(counts: Floats) -> tuple[float, float]:
    """Observed agreement and that expected by chance, of items times grades."""
    appraisers = counts[0].sum()
    observed = float(((counts**2).sum(axis=1) - appraisers).mean() / (appraisers * (appraisers - 1)))
    return observed, float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())


def _jackknife(counts: Floats) -> float:
    """Standard error of Fleiss' kappa from leaving out each item in turn; 0 where that says nothing."""
    n = len(counts)
    if n < 2:
        return 0.0
    appraisers = counts[0].sum()
    agreed = ((counts**2).sum(axis=1) - appraisers) / (appraisers * (appraisers - 1))
    observed = (agreed.sum() - agreed) / (n - 1)
    chance = (((counts.sum(axis=0) - counts) / (appraisers * (n - 1))) ** 2).sum(axis=1)
    usable = chance < 1
    kappas = (observed[usable] - chance[usable]) / (1 - chance[usable])
    return sqrt((n - 1) / n * float(((kappas - kappas.mean()) ** 2).sum())) if len(kappas) else 0.0


def _agreement(
    method: str,
    n: int,
    appraisers: int,
    kappa: float,
    error: float,
    shares: tuple[float, float, float],
    grades: tuple[Hashable, ...],
    confidence: float,
) -> Agreement:
    """The result; ``shares`` are agreement observed and by chance, and the share of the most frequent grade."""
    demand_confidence(confidence)
    half = float(ndtri(0.5 + confidence / 2)) * error
    warnings: tuple[Notice, ...] = ()
    if n < FEW_ITEMS:
        few = gettext_noop("Kappa rests on {n} items; {wanted} are wanted. Look at the interval.")
        warnings = (Notice(few, values={"n": n, "wanted": FEW_ITEMS}),)
    if shares[2] > _ONE_GRADE:
        rare = gettext_noop("Nearly all items have one grade: kappa is then low however well appraisers agree. Choose"
                            " items of which a third or more have the rarer grade.")  # fmt: skip
        warnings = (*warnings, Notice(rare))
    return Agreement(
        method=method,
        n=n,
        appraisers=appraisers,
        kappa=kappa,
        interval=(max(-1.0, kappa - half), min(1.0, kappa + half)) if error > 0 else None,
        observed=shares[0],
        by_chance=shares[1],
        grades=grades,
        confidence=confidence,
        warnings=warnings,
    )


def _weights(grades: int, weights: Weights) -> Floats:
    apart = np.abs(np.subtract.outer(np.arange(grades), np.arange(grades))) / max(1, grades - 1)
    if weights == "none":
        return np.eye(grades)
    return np.asarray(1 - (apart if weights == "linear" else apart**2), dtype=np.float64)


def _grades(found: Sequence[Hashable], grades: Sequence[Hashable] | None) -> tuple[Hashable, ...]:
    if grades is None:
        # As texts 10 would stand beside 1, and a weighted kappa would take them for neighbours.
        if all(isinstance(grade, Real) for grade in found):
            return tuple(sorted(set(found), key=float))  # type: ignore[arg-type]
        return tuple(sorted(set(found), key=str))
    unknown = [grade for grade in dict.fromkeys(found) if grade not in grades]
    if unknown:
        raise MeasureError(
            expected=gettext_noop("All grades are among {known}."),
            found=gettext_noop("There is also {given}."),
            remedy=gettext_noop("Correct the grade, or add it to the list."),
            known=", ".join(map(str, grades)),
            given=", ".join(map(str, unknown)),
        )
    return tuple(grades)


def _check_pairs(first: Sequence[Hashable], second: Sequence[Hashable], weights: str) -> None:
    if len(first) != len(second) or not len(first):
        raise MeasureError(
            expected=gettext_noop("Both appraisers graded the same items, one at least."),
            found=gettext_noop("One has {first} grades, the other {second}."),
            remedy=gettext_noop("Leave out items that only one has graded."),
            first=len(first),
            second=len(second),
        )
    if weights not in get_args(Weights):
        raise MeasureError(
            expected=gettext_noop("The weights are one of {known}."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Take none for grades without order."),
            known=", ".join(get_args(Weights)),
            given=weights,
        )


def _check_chance(chance: float, grades: tuple[Hashable, ...]) -> None:
    if chance >= 1:
        raise MeasureError(
            expected=gettext_noop("Items of at least two grades are needed to see whether appraisers tell them apart."),
            found=gettext_noop("All have the grade {grade}."),
            remedy=gettext_noop("Add items of another grade."),
            grade=str(grades[0]) if len(grades) == 1 else ", ".join(map(str, grades)),
        )
