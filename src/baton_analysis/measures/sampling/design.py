"""Plans of your own, from what they shall accept and what they shall refuse."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from scipy.special import bdtr, pdtr

from baton_analysis.arguments import checked
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.sampling.operating_characteristic import Distribution, operating_characteristic
from baton_analysis.measures.sampling.plans import SamplingPlan, own_plan
from baton_analysis.readers.model import Notice

_LARGEST_ACCEPT = 500
_LARGEST_SAMPLE = 1_000_000
_ROUNDING = 1e-12
"""By so much a probability may pass a risk because floating-point numbers are rounded."""


@checked(MeasureError)
def plan_between(
    good: float,
    poor: float,
    *,
    accept_good: float = 0.95,
    accept_poor: float = 0.10,
    distribution: Distribution = "binomial",
    lot_size: int | None = None,
) -> SamplingPlan:
    """The smallest single plan that accepts ``good`` lots often enough and ``poor`` lots seldom enough.

    ``good`` and ``poor`` are shares of nonconforming items (nonconformities per item with Poisson). ``good`` lots are
    accepted with probability ``accept_good`` or more, ``poor`` ones with ``accept_poor`` or less. The acceptance number
    is raised from 0 until a sample size fits both (Montgomery, section 15.2.3). With the hypergeometric distribution
    shares are taken of ``lot_size``, rounded up.

    Raises
    ------
    MeasureError
        ``good`` is not below ``poor``, or no plan up to an acceptance number of 500 tells the two apart.
    """
    if not (0 <= good < poor and 0 < accept_poor < accept_good < 1):
        raise MeasureError(
            expected=gettext_noop("Good quality lies below poor quality, and is accepted more often."),
            found=gettext_noop("Good {good} accepted with {accept_good}, poor {poor} accepted with {accept_poor}."),
            remedy=gettext_noop("Write shares, not percentages (5 % is 0.05), and the better quality first."),
            good=good,
            poor=poor,
            accept_good=accept_good,
            accept_poor=accept_poor,
        )
    for accept in range(_LARGEST_ACCEPT + 1):
        n = _smallest_sample(accept, poor, accept_poor, distribution, lot_size)
        if n is not None and _accepted(n, accept, good, distribution, lot_size) >= accept_good:
            return own_plan(n, accept, lot_size=lot_size)
    if _smallest_sample(0, poor, accept_poor, distribution, lot_size) is None and distribution != "hypergeometric":
        raise MeasureError(
            expected=gettext_noop("A plan that refuses {poor} inspects at most {largest} items."),
            found=gettext_noop("More would be needed, even if none of them may be bad."),
            remedy=gettext_noop("Choose a poor quality that is worse, or judge the process by a chart."),
            poor=poor,
            largest=_LARGEST_SAMPLE,
        )
    raise MeasureError(
        expected=gettext_noop("A plan that tells {good} from {poor} with an acceptance number up to {largest}."),
        found=gettext_noop("There is none."),
        remedy=gettext_noop("Choose qualities that lie further apart, allow more risk, or inspect every item."),
        good=good,
        poor=poor,
        largest=_LARGEST_ACCEPT,
    )


@checked(MeasureError)
def zero_acceptance_plan(limiting_quality: float, *, risk: float = 0.10, lot_size: int | None = None) -> SamplingPlan:
    """The smallest c = 0 plan: a lot whose share of nonconforming items is ``limiting_quality`` passes with ``risk``.

    Without ``lot_size`` by the binomial distribution, n = ln(risk) / ln(1 - quality); with it by the hypergeometric
    one. (The tables of Squeglia's book are under copyright; these plans are computed.)

    Raises
    ------
    MeasureError
        Quality or risk is not between 0 and 1, or the lot is empty.
    """
    if not (0 < limiting_quality < 1 and 0 < risk < 1 and (lot_size is None or lot_size >= 1)):
        raise MeasureError(
            expected=gettext_noop("Limiting quality and risk lie between 0 and 1; a lot has at least 1 item."),
            found=gettext_noop("Limiting quality {quality}, risk {risk}."),
            remedy=gettext_noop("Write shares, not percentages: 5 % is 0.05."),
            quality=limiting_quality,
            risk=risk,
        )
    distribution: Distribution = "binomial" if lot_size is None else "hypergeometric"
    n = _smallest_sample(0, limiting_quality, risk, distribution, lot_size)
    plan = own_plan(lot_size if n is None and lot_size else n or 1, 0, method="zero_acceptance", lot_size=lot_size)
    if plan.whole_lot:
        whole = gettext_noop("The plan asks for {size} items and the lot has {lot_size}: inspect the whole lot.")
        plan = replace(plan, warnings=(Notice(whole, values={"size": plan.n, "lot_size": lot_size}),))
    return plan


def _smallest_sample(
    accept: int, poor: float, accept_poor: float, distribution: Distribution, lot_size: int | None
) -> int | None:
    """The least sample with which ``poor`` lots are accepted seldom enough; None if there is none.

    A larger sample with the same acceptance number never accepts more: the size is found by halving.
    """
    low, high = accept + 1, lot_size if distribution == "hypergeometric" and lot_size else _LARGEST_SAMPLE
    if high < low or _accepted(high, accept, poor, distribution, lot_size) > accept_poor + _ROUNDING:
        return None
    while low < high:
        middle = (low + high) // 2
        if _accepted(middle, accept, poor, distribution, lot_size) <= accept_poor + _ROUNDING:
            high = middle
        else:
            low = middle + 1
    return low


def _accepted(n: int, accept: int, share: float, distribution: Distribution, lot_size: int | None) -> float:
    """Probability that ``accept`` or fewer of ``n`` items are nonconforming."""
    if distribution == "binomial":
        return float(bdtr(accept, n, share))
    if distribution == "poisson":
        return float(pdtr(accept, n * share))
    # A little is taken off before rounding up: 0.07 times 100 is 7.000000000000001 in floating point.
    bad = ceil(share * (lot_size or 0) - 1e-9)
    curve = operating_characteristic(own_plan(n, accept), [bad], distribution=distribution, lot_size=lot_size)
    return curve.acceptance[0]
