"""Scores of laboratories in proficiency tests: how far is a result from the assigned value?

ISO 13528:2015, clause 9. Which score: z if the assigned value is nearly exact; z' if its uncertainty counts; zeta and
En if the laboratory states an uncertainty and is to be judged by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Any, Literal

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

VERSION = "1"

NEGLIGIBLE = 0.3
"""Up to this share of the deviation for assessment the uncertainty of the assigned value does not count."""

Method = Literal["z", "z_prime", "zeta", "en"]
Verdict = Literal["satisfactory", "questionable", "unsatisfactory"]


@dataclass(frozen=True, slots=True)
class ProficiencyScore(Result):
    """One score.

    Attributes
    ----------
    value
        Distance of the result from the assigned value in units of ``scale``; above 0 the result is too high.
    scale
        What the distance is divided by, in the unit of the result.
    interval
        Results that would be satisfactory.
    verdict
        z, z' and zeta: "satisfactory" up to 2, "unsatisfactory" from 3 on, "questionable" between. En: "satisfactory"
        up to 1, else "unsatisfactory".
    n
        Results behind the score: one.
    """

    method: Method
    value: float
    scale: float
    interval: tuple[float, float]
    verdict: Verdict
    warnings: tuple[Notice, ...] = ()
    n: int = 1
    version: str = VERSION

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "method": self.method,
            "version": self.version,
            "n": self.n,
            "value": self.value,
            "scale": self.scale,
            "interval": list(self.interval),
            "verdict": self.verdict,
            "warnings": [warning.render() for warning in self.warnings],
        }


@checked(MeasureError)
def z_score(
    result: float, assigned: float, deviation: float, *, assigned_uncertainty: float | None = None
) -> ProficiencyScore:
    """(result - assigned) / deviation, the standard deviation for proficiency assessment.

    With ``assigned_uncertainty`` (standard uncertainty of the assigned value) above 0.3 of it, a warning asks for z'.

    Raises
    ------
    MeasureError
        A figure that is not finite, or a deviation that is not above 0.
    """
    score = _score("z", result, assigned, deviation)
    if assigned_uncertainty is None:
        return score
    _joined(deviation, assigned_uncertainty)
    if assigned_uncertainty > NEGLIGIBLE * deviation:
        large = gettext_noop(
            "The uncertainty of the assigned value is {share} of the deviation, more than 0.3: use z'."
        )
        warning = Notice(large, values={"share": f"{assigned_uncertainty / deviation:.2f}"})
        return replace(score, warnings=(warning,))
    return score


@checked(MeasureError)
def z_prime_score(result: float, assigned: float, deviation: float, assigned_uncertainty: float) -> ProficiencyScore:
    """(result - assigned) / sqrt(deviation^2 + assigned_uncertainty^2); standard uncertainty.

    Raises
    ------
    MeasureError
        As :func:`z_score`.
    """
    return _score("z_prime", result, assigned, _joined(deviation, assigned_uncertainty))


@checked(MeasureError)
def zeta_score(
    result: float, assigned: float, result_uncertainty: float, assigned_uncertainty: float
) -> ProficiencyScore:
    """(result - assigned) / sqrt(u(result)^2 + u(assigned)^2); standard uncertainties (k = 1).

    Raises
    ------
    MeasureError
        As :func:`z_score`.
    """
    return _score("zeta", result, assigned, _joined(result_uncertainty, assigned_uncertainty))


@checked(MeasureError)
def en_score(result: float, assigned: float, result_expanded: float, assigned_expanded: float) -> ProficiencyScore:
    """(result - assigned) / sqrt(U(result)^2 + U(assigned)^2); expanded uncertainties (k = 2).

    Raises
    ------
    MeasureError
        As :func:`z_score`.
    """
    return _score("en", result, assigned, _joined(result_expanded, assigned_expanded))


def _score(method: Method, result: float, assigned: float, scale: float) -> ProficiencyScore:
    if not (isfinite(result) and isfinite(assigned) and isfinite(scale) and scale > 0):
        raise MeasureError(
            expected=gettext_noop("Result and assigned value are finite, and what the distance is divided by is above"
                                  " 0."),
            found=gettext_noop("Result {result}, assigned value {assigned}, divided by {scale}."),
            remedy=gettext_noop("Correct the figures; a laboratory that states no uncertainty gets z or z'."),
            result=result,
            assigned=assigned,
            scale=scale,
        )  # fmt: skip
    value = (result - assigned) / scale
    good = 1 if method == "en" else 2
    interval = (assigned - good * scale, assigned + good * scale)
    return ProficiencyScore(method, value, scale, interval, _verdict(method, abs(value)))


def _verdict(method: Method, distance: float) -> Verdict:
    if method == "en":
        return "satisfactory" if distance <= 1 else "unsatisfactory"
    if distance <= 2:
        return "satisfactory"
    return "questionable" if distance < 3 else "unsatisfactory"


def _joined(first: float, second: float) -> float:
    if not (first >= 0 and second >= 0):
        raise MeasureError(
            expected=gettext_noop("Deviations and uncertainties are 0 or more."),
            found=gettext_noop("They are {first} and {second}."),
            remedy=gettext_noop("Correct the figure below 0."),
            first=first,
            second=second,
        )
    return sqrt(first**2 + second**2)
