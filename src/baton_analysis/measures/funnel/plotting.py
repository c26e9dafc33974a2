"""From counts of many links to their funnel plot and league table."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import number
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.funnel.dispersion import EXTREME_PHI, dispersion
from baton_analysis.measures.funnel.league import League, league
from baton_analysis.measures.funnel.limits import standard_errors
from baton_analysis.measures.funnel.result import FunnelKind, FunnelPlot, Widening, Worse
from baton_analysis.measures.funnel.shape import Counted, Funnel, scores
from baton_analysis.measures.inputs import demand_choice, demand_confidence, numbers_of
from baton_analysis.readers.model import Notice

FEW_LINKS = 10
"""With fewer links phi is rough."""
EXPECTED_CASES = 5.0
"""A link of which fewer cases are expected, or fewer of the others, says next to nothing."""


@checked(MeasureError)
def funnel_plot(
    links: Sequence[Hashable],
    counts: npt.ArrayLike,
    sizes: npt.ArrayLike,
    *,
    kind: FunnelKind = "proportion",
    target: float | None = None,
    worse: Worse = "below",
    widening: Widening = "multiplicative",
    levels: tuple[float, float] = (0.95, 0.998),
    winsorise: float = 0.1,
    confidence: float = 0.95,
) -> FunnelPlot:
    """Which of many links of one kind lie beyond what chance allows at their size, and in which order they stand.

    Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202. Limits are exact unless links differ by more than chance
    (:class:`baton_analysis.measures.funnel.dispersion.Dispersion`); then they are widened, and a warning names phi.

    Parameters
    ----------
    links, counts, sizes
        Of each link its name, how many cases, and of how many ("proportion") or over how much exposure ("rate"). A
        link of size 0 is left out.
    target
        What links are compared with; None: the figure of all together.
    worse
        Which side is bad: "below" of shares kept, "above" of shares returned. The league begins with the best.
    widening
        Limits where links differ by more than chance: standard errors times the root of phi ("multiplicative"), a
        variance between links added to theirs ("additive"), or not widened ("none").
    levels
        Of the limits for a warning and for an alarm.
    winsorise
        Share of the links on each side whose distance is drawn in before phi is taken.
    confidence
        Of the intervals, and of what counts as beyond doubt in the league.

    Raises
    ------
    MeasureError
        Fewer than two links with a size, counts that are no part of their sizes or no whole numbers, a target that
        cannot be, or unknown settings.
    """
    demand_confidence(confidence)
    _demand_settings(kind, worse, widening, levels, winsorise)
    proportion = kind == "proportion"
    counted = _given(links, counts, sizes, proportion=proportion)
    aim = counted.pooled if target is None else _demand_target(target, proportion=proportion)
    errors = standard_errors(counted.size, aim, proportion=proportion)
    spread = dispersion(scores(counted.values - aim, errors), errors, winsorise)
    funnel = Funnel(counted, aim, levels, spread, widening if spread.present else "none")
    order = league(
        counted.values, counted.size, proportion=proportion, low_is_better=worse == "above", winsorise=winsorise,
        confidence=confidence,
    )  # fmt: skip
    return FunnelPlot(
        kind=kind,
        frame=funnel.frame(order, confidence).sort("shrunken", descending=worse == "below", maintain_order=True),
        curves=funnel.curves(),
        n=float(counted.size.sum()),
        links=len(counted.size),
        target=aim,
        target_given=target is not None,
        dispersion=spread,
        widened=funnel.widened,
        tau2=order.tau2,
        levels=levels,
        worse=worse,
        confidence=confidence,
        warnings=_warnings(funnel, order),
    )


def _given(links: Sequence[Hashable], counts: npt.ArrayLike, sizes: npt.ArrayLike, *, proportion: bool) -> Counted:
    """The links that have a size, checked."""
    count, size = numbers_of(counts), numbers_of(sizes)
    alike = len(links) == len(count) == len(size)
    finite = alike and bool((np.isfinite(count) & np.isfinite(size) & (count >= 0) & (size >= 0)).all())
    whole = finite and bool((count == np.floor(count)).all())
    parts = whole and (not proportion or bool(((count <= size) & (size == np.floor(size))).all()))
    there = size > 0 if parts else np.zeros(0, dtype=np.bool_)
    if not parts or there.sum() < 2 or bool((count[~there] > 0).any()):
        raise MeasureError(
            expected=gettext_noop("At least two links with a size each have a whole number of cases, no more of a share"
                                  " than their size."),
            found=gettext_noop("Links: {links}, counts: {counts}, sizes: {sizes}, of which {usable} can be used."),
            remedy=gettext_noop("Give the name, the count and the size of each link in the same order."),
            links=len(links),
            counts=len(count),
            sizes=len(size),
            usable=int(there.sum()),
        )  # fmt: skip
    names = [str(link) for link, kept in zip(links, there, strict=True) if kept]
    return Counted(names, count[there], size[there], int((~there).sum()), proportion)


def _demand_settings(kind: str, worse: str, widening: str, levels: tuple[float, float], winsorise: float) -> None:
    demand_choice("kind", kind, get_args(FunnelKind))
    demand_choice("worse", worse, get_args(Worse))
    demand_choice("widening", widening, get_args(Widening))
    try:
        inner, outer = (float(level) for level in levels)
    except (TypeError, ValueError):
        inner = outer = float("nan")
    if not 0 < inner < outer < 1 or not 0 <= winsorise < 0.5:
        raise MeasureError(
            expected=gettext_noop("The level of warnings lies above 0 and below that of alarms, which lies below 1;"
                                  " less than half of the links are drawn in on each side."),
            found=gettext_noop("The levels are {inner} and {outer}, the share is {share}."),
            remedy=gettext_noop("Take 0.95, 0.998 and 0.1."),
            inner=inner,
            outer=outer,
            share=winsorise,
        )  # fmt: skip


def _demand_target(target: float, *, proportion: bool) -> float:
    if not 0 < target < (1 if proportion else np.inf):
        raise MeasureError(
            expected=gettext_noop("The target of a share lies between 0 and 1, that of a rate above 0."),
            found=gettext_noop("It is {given}."),
            remedy=gettext_noop("Give 0.95 for 95 percent, or leave it out to compare with all together."),
            given=target,
        )
    return float(target)


def _warnings(funnel: Funnel, order: League) -> tuple[Notice, ...]:
    spread, widened, links = funnel.dispersion, funnel.widened, funnel.links
    phi = {"phi": number(spread.phi), "bound": number(spread.bound)}
    rarer = min(funnel.target, 1 - funnel.target) if links.proportion else funnel.target
    small = int((links.size * rarer < EXPECTED_CASES).sum())
    said: list[tuple[bool, str, int, dict[str, Any]]] = [
        (links.empty > 0, gettext_noop("{count} links without a single handoff are left out."), links.empty, {}),
        (spread.present and widened != "none",
         gettext_noop("Links differ by more than chance: phi is {phi}, by chance it stays below {bound}. The limits are"
                      " widened for it."), 1, phi),
        (spread.present and widened == "none",
         gettext_noop("Links differ by more than chance: phi is {phi}, by chance it stays below {bound}. The limits do"
                      " not allow for it, and call too many links unusual."), 1, phi),
        (spread.phi > EXTREME_PHI,
         gettext_noop("Wider limits do not explain a phi of {phi}: look for what makes the links different (their work,"
                      " their customers, what is counted) before anybody is compared."), 1, phi),
        (len(links.size) < FEW_LINKS,
         gettext_noop("Phi rests on {count} links; {wanted} are wanted."), len(links.size), {"wanted": FEW_LINKS}),
        (small > 0,
         gettext_noop("{count} links are too small to stand out: fewer than {wanted} cases are expected of them."),
         small, {"wanted": number(EXPECTED_CASES)}),
        (order.tau2 == 0, gettext_noop("No link can be told from another: all places of the league are ties."), 1, {}),
    ]  # fmt: skip
    return tuple(Notice(text, count, values) for holds, text, count, values in said if holds)
