"""How often does all of it hold, if each part is promised to hold so often?

Known are the shares a_1 ... a_k of single steps; not known is whether their failures fall on the same cases. Then the
share in which all hold lies between max(0, 1 - sum(1 - a_i)) and min(a_i), and no narrower bounds exist (Boole 1854,
Frechet 1935). If the failures do not depend on each other it is the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan, prod
from typing import Any, Literal

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError
from baton_analysis.measures.inputs import numbers_of

Verdict = Literal["guaranteed", "if_independent", "if_together", "impossible", "unknown"]

_ROUNDING = 1e-12
"""Shares that differ by less are the same: 0.9 x 0.9 is not 0.81 in floating point."""


@dataclass(frozen=True, slots=True)
class Support:
    """What the promised shares of the steps say about a share promised at the end.

    Attributes
    ----------
    promised
        The share promised at the end; None where none is.
    lower, upper
        Between these the share lies in which all steps hold: whatever failures have to do with each other.
    independent
        The product: the share if failures do not depend on each other.
    steps, without
        Steps that promise a share, and steps that do not. With one ``without``, ``lower`` is 0, and the other two leave
        it out, so that they say too much.
    """

    promised: float | None
    lower: float
    independent: float
    upper: float
    steps: int
    without: int

    @property
    def verdict(self) -> Verdict:
        """Of the promise at the end.

        guaranteed: it follows from the promises of the steps. if_independent: it follows if failures do not depend on
        each other. if_together: only if failures fall on the same cases. impossible: above what any dependence allows.
        unknown: nothing is promised at the end, or not at every step.
        """
        if self.promised is None or not self.steps:
            return "unknown"
        if self.promised > self.upper + _ROUNDING:
            return "impossible"
        if self.promised > self.independent + _ROUNDING:
            return "if_together"
        if self.without:
            return "unknown"
        return "guaranteed" if self.promised <= self.lower + _ROUNDING else "if_independent"

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {**asdict(self), "verdict": self.verdict}


@checked(MeasureError)
def supported(shares: Sequence[float | None], promised: float | None) -> Support:
    """Bounds on the share in which all hold; None among ``shares`` is a step that promises none."""
    given = numbers_of(shares).tolist()
    known = [share for share in given if not isnan(share)]
    without = len(given) - len(known)
    lower = 0.0 if without else max(0.0, 1 - sum(1 - share for share in known))
    return Support(promised, lower, prod(known), min(known, default=1.0), len(known), without)
