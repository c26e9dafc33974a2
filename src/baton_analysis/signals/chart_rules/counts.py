"""What charts of counts can carry: small counts form patterns by chance, and pass normal limits too easily.

The rules of several points count on values that lie above and below the centre line equally often. A share of one in a
hundred among ten records is zero nine times out of ten: "eight in a row below the centre" is then the rule, not a
signal. The normal law stands in for binomial and Poisson's where at least five are expected on the rarer side (Cochran
1954, Biometrics 10: 417-451). Below, patterns of several points are left out, and a single point beyond its limits is
kept where the law of the counts itself makes it as rare as the normal law makes the limits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, bdtrc, ndtr, pdtr, pdtrc

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.charted_series import ControlChart
from baton_analysis.measures.control_charts.many.tables import misfit, table_of
from baton_analysis.readers.model import Notice
from baton_analysis.signals.chart_rules.charts import find_violations
from baton_analysis.signals.chart_rules.many import RuleFlags
from baton_analysis.signals.chart_rules.patterns import Flags, Floats, Numbers
from baton_analysis.signals.chart_rules.rules import WESTERN_ELECTRIC, Rule, RuleSet, Violation

FEW = 5.0
"""Expected on the rarer side of a usual point, below which the normal law does not stand in for that of the counts."""

_SHARES = {"p", "p_prime", "np"}
_RATES = {"c", "u", "u_prime"}


@checked(MeasureError)
def find_carried_violations(
    chart: ControlChart, rules: RuleSet = WESTERN_ELECTRIC
) -> tuple[tuple[Violation, ...], tuple[Notice, ...]]:
    """:func:`find_violations` without those that small counts make by chance, and a remark where counts are small.

    A chart that is none of counts keeps all of its violations.
    """
    found = find_violations(chart, rules)
    counts = _counts_of(chart)
    if counts is None:
        return found, ()
    few = counts.few(chart.phase) & (chart.sigma > 0)
    if not few.any():
        return found, ()
    carried = {rule.id: ~few | counts.rare(rule) for rule in rules.rules}
    remark = _remark(float(np.nanmedian(counts.rarer_side[few])))
    return tuple(one for one in found if carried[one.rule][one.index]), (remark,)


@checked(MeasureError)
def carried_flags(found: RuleFlags, sizes: npt.ArrayLike) -> RuleFlags:
    """The flags of many charts of shares without those that small counts make by chance.

    ``sizes``: how many records stand behind each point, shape (series, points); 0 in a gap. The same answers, point by
    point, as :func:`find_carried_violations` of each chart.

    Raises
    ------
    MeasureError
        ``sizes`` is no table of numbers, or none of this shape.
    """
    table = table_of(sizes)
    if table.shape != found.charts.values.shape:
        raise misfit(found.charts.values.shape, table.shape)
    charts, flags = found.charts, {rule: flagged.copy() for rule, flagged in found.flags.items()}
    for series in range(len(charts)):
        counts = _Counts.of_shares(charts.values[series], table[series], charts.centre[series])
        few = counts.few(charts.phase)
        for rule in found.rules if few.any() else ():
            flags[rule.id][series] &= ~few | counts.rare(rule)
    return replace(found, flags=MappingProxyType(flags))


@dataclass(frozen=True, eq=False, slots=True)
class _Counts:
    """What was counted at each point and what is usual; NaN in a gap. ``sizes`` are infinite for events, of which
    there is no largest number."""

    counts: Floats
    sizes: Floats
    expected: Floats

    @classmethod
    def of_shares(cls, share: Floats, sizes: Floats, centre: Floats) -> _Counts:
        known = np.where(np.isnan(share), np.nan, sizes)
        return cls(np.round(share * known), known, centre * known)

    @property
    def rarer_side(self) -> Floats:
        return np.minimum(self.expected, self.sizes - self.expected)

    def few(self, phase: Numbers) -> Flags:
        """The phases of which a usual point expects fewer than FEW on its rarer side."""
        found, rarer = np.zeros(len(phase), dtype=np.bool_), self.rarer_side
        for number in np.unique(phase):
            here = phase == number
            there = rarer[here & ~np.isnan(rarer)]
            found[here] = len(there) > 0 and bool(np.median(there) < FEW)
        return found

    def rare(self, rule: Rule) -> Flags:
        """Where a single point is as rare by the law of the counts as the limits of the rule are by the normal law;
        nowhere for a rule of several points."""
        if rule.kind != "beyond":
            return np.zeros(len(self.counts), dtype=np.bool_)
        above = self.counts > self.expected
        # The chance of as many and more (a tail from one fewer on), or of as few and fewer.
        tail = np.where(above, self._more_than(self.counts - 1), self._up_to(self.counts))
        return np.asarray(tail <= ndtr(-rule.sigmas), dtype=np.bool_)

    def _more_than(self, count: Floats) -> Floats:
        least, limit = np.maximum(np.nan_to_num(count), 0), np.isfinite(self.sizes)
        share, size = self._share, np.where(limit, self.sizes, 1)
        beyond = np.where(limit, bdtrc(least, size.astype(np.int64), share), pdtrc(least, self._rate))
        return np.asarray(np.where(count < 0, 1.0, beyond), dtype=np.float64)

    def _up_to(self, count: Floats) -> Floats:
        least, limit = np.maximum(np.nan_to_num(count), 0), np.isfinite(self.sizes)
        size = np.where(limit, self.sizes, 1).astype(np.int64)
        return np.asarray(np.where(limit, bdtr(least, size, self._share), pdtr(least, self._rate)), dtype=np.float64)

    @property
    def _rate(self) -> Floats:
        return np.nan_to_num(self.expected)

    @property
    def _share(self) -> Floats:
        share = np.divide(self.expected, self.sizes, out=np.zeros(len(self.sizes)), where=self.sizes > 0)
        return np.asarray(np.clip(np.nan_to_num(share), 0, 1), dtype=np.float64)


def _counts_of(chart: ControlChart) -> _Counts | None:
    """None where the chart is none of counts."""
    if chart.method not in _SHARES | _RATES:
        return None
    gap = np.isnan(chart.values)
    sizes = np.ones(len(gap)) if chart.sizes is None else chart.sizes
    if chart.method == "np":
        return _Counts(chart.values, np.where(gap, np.nan, sizes), np.where(gap, np.nan, chart.centre))
    if chart.method in _SHARES:
        return _Counts.of_shares(chart.values, sizes, chart.centre)
    known = np.where(gap, np.nan, sizes)
    return _Counts(np.round(chart.values * known), np.where(gap, np.nan, np.inf), chart.centre * known)


def _remark(expected: float) -> Notice:
    return Notice(
        message=gettext_noop(
            "A usual point expects {expected} on the rarer side, fewer than {few}. Patterns of several points would "
            "come up by chance and are left out; single points count where they are rare by the counts themselves. "
            "Longer periods carry more."
        ),
        values={"expected": f"{expected:.2g}", "few": f"{FEW:g}"},
    )
