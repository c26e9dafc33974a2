"""The links of a funnel, its limits at any size, and where each link lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import chdtri

from baton_analysis.measures.funnel.dispersion import Dispersion
from baton_analysis.measures.funnel.league import League
from baton_analysis.measures.funnel.limits import exact_limits, normal_limits, standard_errors
from baton_analysis.measures.funnel.result import LIMITS, Widening
from baton_analysis.measures.inputs import Floats
from baton_analysis.measures.proportions import wilson_interval

_CURVE_POINTS = 120


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """Links with a size: of each its name, how many cases, and of how many (or over how much exposure). ``empty`` is
    how many had no size."""

    names: list[str]
    count: Floats
    size: Floats
    empty: int
    proportion: bool

    @property
    def values(self) -> Floats:
        """The share or rate of each link."""
        return self.count / self.size

    @property
    def pooled(self) -> float:
        """The share or rate of all together."""
        return float(self.count.sum() / self.size.sum())

    def intervals(self, confidence: float) -> tuple[Floats, Floats]:
        """Wilson's of a share, the exact one of a Poisson rate (Garwood 1936, Biometrika 28: 437-442)."""
        if self.proportion:
            return wilson_interval(self.count, self.size, confidence=confidence)
        tail = (1 - confidence) / 2
        low = np.where(self.count > 0, chdtri(np.maximum(2 * self.count, 1), 1 - tail), 0) / 2
        return low / self.size, chdtri(2 * self.count + 2, tail) / 2 / self.size


@dataclass(frozen=True, eq=False, slots=True)
class Funnel:
    """Limits around a target, exact or widened for the dispersion of the links."""

    links: Counted
    target: float
    levels: tuple[float, float]
    dispersion: Dispersion
    widened: Widening

    def limits(self, sizes: Floats) -> dict[str, Floats]:
        """The limits for a warning and for an alarm at these sizes, by the names of LIMITS."""
        proportion = self.links.proportion
        errors = standard_errors(sizes, self.target, proportion=proportion)
        found: list[Floats] = []
        for level in self.levels:
            if not errors.any():
                found += [np.full(len(sizes), self.target)] * 2
            elif self.widened == "none":
                found += exact_limits(sizes, self.target, level, proportion=proportion)
            else:
                found += normal_limits(self._wider(errors), self.target, level, proportion=proportion)
        return dict(zip(LIMITS, found, strict=True))

    def frame(self, league: League, confidence: float) -> pl.DataFrame:
        """One row a link in the order given; columns: :class:`baton_analysis.measures.funnel.result.FunnelPlot`."""
        links, limits = self.links, self.limits(self.links.size)
        low, high = links.intervals(confidence)
        errors = standard_errors(links.size, self.target, proportion=links.proportion)
        return pl.DataFrame(
            {
                "link": links.names,
                "count": links.count,
                "size": links.size,
                "value": links.values,
                "lower": low,
                "upper": high,
                "z": scores(links.values - self.target, errors),
                "z_widened": scores(links.values - self.target, self._wider(errors)),
                **limits,
                **_verdicts(links.values, limits),
                "shrunken": league.estimate,
                "shrunken_lower": league.lower,
                "shrunken_upper": league.upper,
                "place_from": league.first,
                "place_to": league.last,
            }
        )

    def curves(self) -> pl.DataFrame:
        """The limits over all sizes, close together where they bend."""
        sizes = self.links.size
        grid = np.geomspace(sizes.min(), sizes.max() * 1.05, _CURVE_POINTS)
        grid = np.unique(np.ceil(grid)) if self.links.proportion else grid
        return pl.DataFrame({"size": grid, **self.limits(grid)})

    def _wider(self, errors: Floats) -> Floats:
        if self.widened == "additive":
            return np.asarray(np.sqrt(errors**2 + self.dispersion.tau2), dtype=np.float64)
        return errors * float(np.sqrt(self.dispersion.phi)) if self.widened == "multiplicative" else errors


def scores(away: Floats, errors: Floats) -> Floats:
    """Distances in standard errors; 0 where there is no error, for then there is no distance either."""
    return np.asarray(np.divide(away, errors, out=np.zeros(len(away)), where=errors > 0), dtype=np.float64)


def _verdicts(values: Floats, limits: dict[str, Floats]) -> dict[str, list[str]]:
    below, above = values < limits["warning_low"], values > limits["warning_high"]
    alarm = (values < limits["alarm_low"]) | (values > limits["alarm_high"])
    verdict = np.where(alarm, "alarm", np.where(below | above, "warning", "usual"))
    side = np.where(below, "below", np.where(above, "above", ""))
    return {"verdict": verdict.tolist(), "side": side.tolist()}
