"""Whether values look as if they were normally distributed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import numbers_of


@checked(MeasureError)
def anderson_darling(values: npt.ArrayLike) -> float:
    """Anderson-Darling statistic against a normal distribution with estimated mean and standard deviation, with
    Stephens' correction (1 + 0.75/n + 2.25/n^2); 0.752 is passed by 5 %, 1.035 by 1 % of normal samples.

    Raises
    ------
    MeasureError
        Fewer than 2 values, values that are not finite, or that are all the same.
    """
    ordered = np.sort(numbers_of(values))
    n = len(ordered)
    if n < 2 or not np.isfinite(ordered).all() or ordered[0] == ordered[-1]:
        raise MeasureError(
            expected=gettext_noop("The normal distribution is judged by 2 finite values or more that differ."),
            found=gettext_noop("There are {n} values, {different} of them different."),
            remedy=gettext_noop("Leave out what is missing; measure finer where all values are the same."),
            n=n,
            different=len(np.unique(ordered)),
        )
    z = (ordered - ordered.mean()) / ordered.std(ddof=1)
    weights = 2 * np.arange(1, n + 1) - 1
    statistic = -n - float((weights * (log_ndtr(z) + log_ndtr(-z[::-1]))).mean())
    return statistic * (1 + 0.75 / n + 2.25 / n**2)
