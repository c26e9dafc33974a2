"""Group-sequential boundaries: looking several times, and still being wrong no more often than said.

Who looks at p = .05 five times finds something in 14 of 100 cases in which there is nothing. A boundary for each look
that was planned beforehand brings it back to 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import polars as pl
from scipy.optimize import brentq
from scipy.special import ndtr

from baton_analysis.arguments import checked
from baton_analysis.drawing.comparisons import plot_bounds
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.before_after.comparison import VERSION, Floats
from baton_analysis.measures.inputs import numbers_of
from baton_analysis.readers.model import Notice
from baton_analysis.results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Shape = Literal["obrien_fleming", "pocock"]

_CERTAIN = 7.5  # standard deviations beyond which nothing is left
_FEWEST_NODES, _MOST_NODES, _NODES_A_DEVIATION = 32, 600, 3
_MOST_LOOKS = 200
_SMALLEST_STEP = 0.001
"""Of the information from one look to the next: nearer ones fall between the nodes of the integration."""
_LEAST_ALPHA = 1e-12  # whose boundary still lies where something is left


@dataclass(frozen=True, slots=True)
class GroupSequentialDesign(Result):
    """Boundaries of a test that looks several times.

    Attributes
    ----------
    shape
        "obrien_fleming": hardly anything stops it early, the last look is nearly that of a test without looks;
        "pocock": the same boundary at each look.
    information
        Share of the final information (observations, roughly) at each look; the last is 1.
    boundaries
        Of z at each look: beyond it the test stops and has shown something.
    constant
        The boundary at the last look, in tables C of Pocock or O'Brien and Fleming.
    spent
        Probability of having stopped by each look if nothing has changed; the last is ``alpha``.
    sides
        2: in either direction; 1: only upwards.
    """

    shape: Shape
    alpha: float
    sides: int
    information: tuple[float, ...]
    boundaries: tuple[float, ...]
    constant: float
    spent: tuple[float, ...]
    warnings: tuple[Notice, ...] = ()
    version: str = VERSION

    @property
    def method(self) -> str:
        return f"group_sequential_{self.shape}"

    @property
    def n(self) -> int:
        """Looks."""
        return len(self.boundaries)

    @property
    def levels(self) -> tuple[float, ...]:
        """The p-value (two-sided if the design is) up to which each look has shown something."""
        return tuple(float(self.sides * ndtr(-bound)) for bound in self.boundaries)

    @checked(MeasureError)
    def power(self, drift: float) -> float:
        """Probability of having shown an increase by the last look; ``drift`` is the z to be expected there."""
        up, _ = self._stopping(drift)
        return float(up.sum())

    @checked(MeasureError)
    def expected_information(self, drift: float) -> float:
        """Share of the final information that is used on average until it stops."""
        up, down = self._stopping(drift)
        stops = up + down
        stops[-1] += 1 - stops.sum()
        return float(stops @ np.array(self.information))

    def _stopping(self, drift: float) -> tuple[Floats, Floats]:
        return stopping_probabilities(np.array(self.information), np.array(self.boundaries), self.sides, drift)

    def to_table(self) -> pl.DataFrame:
        """One row a look."""
        return pl.DataFrame(
            {
                "look": range(1, self.n + 1),
                "information": self.information,
                "boundary": self.boundaries,
                "level": self.levels,
                "spent": self.spent,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        plain = ("method", "version", "n", "alpha", "sides", "constant")
        lists = ("information", "boundaries", "levels", "spent")
        return {
            **{name: getattr(self, name) for name in plain},
            **{name: list(getattr(self, name)) for name in lists},
            "warnings": [warning.render() for warning in self.warnings],
        }

    def plot(self, ax: Axes | None = None) -> Axes:
        """The boundaries of z at each look; see :class:`baton_analysis.results.Plottable`."""
        bounds = [self.boundaries, *([[-bound for bound in self.boundaries]] if self.sides == 2 else [])]
        return plot_bounds(ax, x=self.information, y=(), bounds=bounds, x_name="information", y_name="z")


@checked(MeasureError)
def group_sequential(
    looks: int | Sequence[float], *, shape: Shape = "obrien_fleming", alpha: float = 0.05, sides: int = 2
) -> GroupSequentialDesign:
    """Boundaries for so many equally spaced looks, or for looks at the given shares of the final information.

    O'Brien and Fleming (1979), Biometrics 35: 549-556: C / sqrt(information); Pocock (1977), Biometrika 64: 191-199: C.
    C is found by integrating the normal process numerically from look to look (Armitage, McPherson and Rowe 1969,
    Journal of the Royal Statistical Society A 132: 235-244).

    Raises
    ------
    MeasureError
        No look or more than 200, shares that do not rise to 1, or unknown settings.
    """
    information = _shares(looks)
    if shape not in get_args(Shape) or not _LEAST_ALPHA < alpha < 0.5 or sides not in {1, 2}:
        raise MeasureError(
            expected=gettext_noop("The shape is one of {known}, alpha lies between 0 and 0.5, the sides are 1 or 2."),
            found=gettext_noop("Shape: {shape}, alpha: {alpha}, sides: {sides}."),
            remedy=gettext_noop("Take obrien_fleming at 0.05 with 2 sides if nothing else was agreed."),
            known=", ".join(get_args(Shape)),
            shape=shape,
            alpha=alpha,
            sides=sides,
        )
    return _design(information, shape, alpha, sides)


@lru_cache(maxsize=256)
def _design(information: tuple[float, ...], shape: Shape, alpha: float, sides: int) -> GroupSequentialDesign:
    at = np.array(information)
    form = 1 / np.sqrt(at) if shape == "obrien_fleming" else np.ones_like(at)

    def too_much(constant: float) -> float:
        up, down = stopping_probabilities(at, constant * form, sides, 0.0)
        return float(up.sum() + down.sum()) - alpha

    constant = float(brentq(too_much, 1e-6, _CERTAIN, xtol=1e-8))
    boundaries = constant * form
    up, down = stopping_probabilities(at, boundaries, sides, 0.0)
    return GroupSequentialDesign(
        shape=shape,
        alpha=alpha,
        sides=sides,
        information=information,
        boundaries=tuple(boundaries.tolist()),
        constant=constant,
        spent=tuple(np.cumsum(up + down).tolist()),
    )


def stopping_probabilities(information: Floats, boundaries: Floats, sides: int, drift: float) -> tuple[Floats, Floats]:
    """Probability of stopping at each look above, and (with two sides) below.

    The sum of the observations is a normal process in the information t with mean ``drift`` times t and variance t; z
    is the sum by the root of t. Its density among those who have not stopped is carried from look to look on
    Gauss-Legendre nodes.
    """
    up, down = np.zeros(len(information)), np.zeros(len(information))
    sums, weights, passed = np.zeros(1), np.ones(1), 0.0
    for look, (now, boundary) in enumerate(zip(information, boundaries, strict=True)):
        step, scale = now - passed, np.sqrt(now)
        deviation = np.sqrt(step)
        ahead = sums + drift * step
        high = min(float(boundary), _CERTAIN + abs(drift)) * scale
        low = -high if sides == 2 else -(_CERTAIN + abs(drift)) * scale
        up[look] = weights @ ndtr((ahead - boundary * scale) / deviation)
        if sides == 2:
            down[look] = weights @ ndtr((-boundary * scale - ahead) / deviation)
        if look + 1 < len(information):
            finest = min(deviation, np.sqrt(information[look + 1] - now))
            nodes, lengths = _legendre(low, high, finest)
            distance = (nodes[:, None] - ahead[None, :]) / deviation
            weights = (np.exp(-(distance**2) / 2) @ weights) / (deviation * np.sqrt(2 * np.pi)) * lengths
            sums, passed = nodes, float(now)
    return up, down


def _legendre(low: float, high: float, deviation: float) -> tuple[Floats, Floats]:
    number = int(min(max(_FEWEST_NODES, _NODES_A_DEVIATION * (high - low) / deviation), _MOST_NODES))
    x, weights = _nodes(number)
    return (x + 1) / 2 * (high - low) + low, weights * (high - low) / 2


@lru_cache(maxsize=64)
def _nodes(number: int) -> tuple[Floats, Floats]:
    x, weights = np.polynomial.legendre.leggauss(number)
    return x, weights


def _shares(looks: int | Sequence[float]) -> tuple[float, ...]:
    if isinstance(looks, int | np.integer):
        shares = [] if looks > _MOST_LOOKS else [(number + 1) / int(looks) for number in range(int(looks))]
    else:
        shares = numbers_of(looks).tolist()
    rising = all(other - one >= _SMALLEST_STEP for one, other in zip([0.0, *shares], shares, strict=False))
    if not shares or len(shares) > _MOST_LOOKS or not rising or abs(shares[-1] - 1) > 1e-9:
        raise MeasureError(
            expected=gettext_noop("There are 1 to {most} looks, at shares of the information that rise to 1 by {least}"
                                  " or more each time."),
            found=gettext_noop("Asked for: {looks}."),
            remedy=gettext_noop("Give the number of looks, or the share of the follow-up that is over at each."),
            most=_MOST_LOOKS,
            least=_SMALLEST_STEP,
            looks=looks if isinstance(looks, int | np.integer) else ", ".join(f"{share:g}" for share in shares) or "—",
        )  # fmt: skip
    return (*shares[:-1], 1.0)
