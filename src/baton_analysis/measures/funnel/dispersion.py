"""Over-dispersion: do links differ by more than chance, and by how much?"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from baton_analysis.measures.inputs import Floats

EXTREME_PHI = 10.0
"""From here on links differ so much that wider limits explain nothing any more."""


@dataclass(frozen=True, slots=True)
class Dispersion:
    """How much links differ; all of it after Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202.

    Attributes
    ----------
    phi
        Mean square of the winsorised z scores. If links differ by chance alone it is 1 without winsorising, and about
        0.7 where 10 percent are drawn in on each side.
    bound
        What phi does not pass in some 95 of 100 such cases: 1 + 2 sqrt(2 / links).
    tau2
        Variance between links beyond chance, in the square of the figure's unit (method of moments by DerSimonian and
        Laird 1986, Controlled Clinical Trials 7: 177-188, with phi for their Q); 0 where there is none.
    """

    phi: float
    bound: float
    tau2: float

    @property
    def present(self) -> bool:
        """Whether links differ by more than chance."""
        return self.phi > self.bound


def dispersion(z: Floats, errors: Floats, winsorise: float) -> Dispersion:
    """The dispersion behind z scores with their standard errors; ``winsorise`` is the share of scores on each side that
    are drawn in to the outermost of the others, so that a few outliers do not hide themselves."""
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    links = len(z)
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = np.where(errors > 0, 1 / np.where(errors > 0, errors, 1) ** 2, 0)
    room = weight.sum() - (weight**2).sum() / weight.sum() if weight.sum() > 0 else 0.0
    tau2 = max(0.0, (links * phi - (links - 1)) / room) if room > 0 else 0.0
    return Dispersion(phi=phi, bound=1 + 2 * sqrt(2 / links), tau2=float(tau2))
