"""Own delay and inherited delay: who made a reference late, and who only passed it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.inputs import Floats, numbers_of


@dataclass(frozen=True, eq=False, slots=True)
class Delays:
    """Delays of references on the links of a path: tables with one row a reference and one column a link, in the unit
    in which the lateness was given.

    For every reference and link, with the lateness before the first link being 0:

    - lateness = own + inherited; lateness before = inherited + recovered;
    - lateness at the end = sum of own - sum of recovered = sum of contributions.

    Attributes
    ----------
    lateness
        How much later than planned it was handed on; 0 where it was not.
    inherited
        How much of that it had already when it came: the smaller of both latenesses.
    own
        What the link added.
    recovered
        What the link made up for.
    contribution
        What is left of the link's own delay at the end. What later links make up for is taken off all that they
        inherited in proportion.
    """

    lateness: Floats
    inherited: Floats
    own: Floats
    recovered: Floats
    contribution: Floats


@checked(MeasureError)
def path_delays(lateness: npt.ArrayLike) -> Delays:
    """Delays from the lateness of references against their planned moments, link after link.

    Parameters
    ----------
    lateness
        A table with one row a reference and one column a link: when it was handed on, less the planned moment. What is
        below 0 was early and counts as 0: nobody is late for it, and nobody can pass it on.

    Raises
    ------
    MeasureError
        It is no such table, or holds something that is not finite.
    """
    given = numbers_of(lateness, 2)
    if not np.isfinite(given).all():
        raise MeasureError(
            expected=gettext_noop("The lateness of each reference is known on each link."),
            found=gettext_noop("{count} values are not finite."),
            remedy=gettext_noop("Leave out references that have not passed all links."),
            count=int((~np.isfinite(given)).sum()),
        )
    late = np.maximum(given, 0)
    before = np.hstack([np.zeros((len(late), 1)), late[:, :-1]]) if late.shape[1] else late
    inherited = np.minimum(late, before)
    own = late - inherited
    kept = np.divide(inherited, before, out=np.zeros_like(late), where=before > 0)
    return Delays(
        lateness=late,
        inherited=inherited,
        own=own,
        recovered=before - inherited,
        contribution=own * _left(kept),
    )


def _left(kept: Floats) -> Floats:
    """Which part of what stands at each link the links after it leave: the product of what each of them keeps."""
    after = np.hstack([kept[:, 1:], np.ones((len(kept), 1))]) if kept.shape[1] else kept
    return np.asarray(np.cumprod(after[:, ::-1], axis=1)[:, ::-1], dtype=np.float64)
