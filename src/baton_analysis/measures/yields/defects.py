"""Defects against units and opportunities, and the sigma level."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf
from typing import Any

import numpy as np
from scipy.special import chdtri, ndtr, ndtri

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import demand_confidence
from baton_analysis.measures.yields.basis import VERSION, Interval
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

SHIFT = 1.5
"""Standard deviations by which a process is conventionally taken to drift in the long run."""


@dataclass(frozen=True, slots=True)
class DefectRate(Result):
    """Defects against units and opportunities.

    Attributes
    ----------
    per_unit
        Defects per unit (DPU); ``interval`` is its exact Poisson interval (Garwood 1936, Biometrika 28: 437-442).
    throughput
        exp(-DPU): the share of units without a defect (TPY), if defects fall at random.
    per_million
        Defects per million opportunities (DPMO), with ``per_million_interval``.
    sigma_level
        Short-term sigma level: that of ``per_million`` plus ``shift``; ``sigma_interval`` likewise.
    n
        Units.
    """

    n: int
    defects: int
    opportunities: int
    per_unit: float
    interval: Interval
    throughput: float
    per_million: float
    per_million_interval: Interval
    sigma_level: float
    sigma_interval: Interval
    shift: float
    confidence: float
    method: str = "defects_per_million_opportunities"
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; None for a sigma level that is not finite."""
        plain = ("method", "version", "n", "defects", "opportunities", "per_unit", "throughput", "per_million")
        more = ("shift", "confidence")
        return {
            **{name: getattr(self, name) for name in (*plain, *more)},
            "interval": list(self.interval),
            "per_million_interval": list(self.per_million_interval),
            "sigma_level": _finite(self.sigma_level),
            "sigma_interval": [_finite(bound) for bound in self.sigma_interval],
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def defect_rate(
    defects: int, units: int, *, opportunities: int = 1, shift: float = SHIFT, confidence: float = 0.95
) -> DefectRate:
    """Defects per unit and per million opportunities, throughput yield and sigma level.

    ``opportunities`` are those of one unit: things that can go wrong and are checked.

    Raises
    ------
    MeasureError
        No units or opportunities, or a negative count.
    """
    _check_defects(defects, units, opportunities)
    _check_shift(shift)
    demand_confidence(confidence)
    tail = (1 - confidence) / 2
    low = float(chdtri(2 * defects, 1 - tail)) / 2 if defects else 0.0
    high = float(chdtri(2 * defects + 2, tail)) / 2
    million = 1e6 / (units * opportunities)
    warnings: tuple[Notice, ...] = ()
    if defects > units * opportunities:
        more = gettext_noop("There are more defects than opportunities: an opportunity is counted that has several"
                            " defects. There is no sigma level.")  # fmt: skip
        warnings = (Notice(more),)
    return DefectRate(
        n=units,
        defects=defects,
        opportunities=opportunities,
        per_unit=defects / units,
        interval=(low / units, high / units),
        throughput=exp(-defects / units),
        per_million=defects * million,
        per_million_interval=(low * million, high * million),
        sigma_level=_sigma(defects * million, shift),
        sigma_interval=(_sigma(high * million, shift), _sigma(low * million, shift)),
        shift=shift,
        confidence=confidence,
        warnings=warnings,
    )


@checked(MeasureError)
def sigma_level(per_million: float, *, shift: float = SHIFT) -> float:
    """Short-term sigma level of a long-term DPMO: the normal quantile of 1 - DPMO/1e6, plus ``shift``; infinite at 0.

    Raises
    ------
    MeasureError
        DPMO outside 0..1,000,000.
    """
    if not 0 <= per_million <= 1e6:
        raise MeasureError(
            expected=gettext_noop("Defects per million opportunities lie between 0 and 1,000,000."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Correct the count of defects, units or opportunities."),
            given=per_million,
        )
    _check_shift(shift)
    return _sigma(per_million, shift)


@checked(MeasureError)
def per_million_of_sigma(level: float, *, shift: float = SHIFT) -> float:
    """Defects per million opportunities of a short-term sigma level, on one side."""
    _check_shift(shift)
    if np.isnan(level):
        raise MeasureError(
            expected=gettext_noop("A sigma level is a number."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give a level such as 4.5."),
            given=level,
        )
    return 1e6 * float(ndtr(shift - level))


def _sigma(per_million: float, shift: float) -> float:
    return float(ndtri(1 - min(per_million, 1e6) / 1e6)) + shift if per_million <= 1e6 else float("-inf")


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


def _check_shift(shift: float) -> None:
    if not np.isfinite(shift):
        raise MeasureError(
            expected=gettext_noop("The shift between short and long term is a finite number of sigma."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 1.5, as usual, or 0 for none."),
            given=shift,
        )


def _check_defects(defects: int, units: int, opportunities: int) -> None:
    if not (0 <= defects < inf and 1 <= units < inf and 1 <= opportunities < inf):
        raise MeasureError(
            expected=gettext_noop("Defects are 0 or more; units and opportunities of a unit are 1 or more."),
            found=gettext_noop("Defects: {defects}, units: {units}, opportunities: {opportunities}."),
            remedy=gettext_noop("Correct these counts."),
            defects=defects,
            units=units,
            opportunities=opportunities,
        )
