"""From the promises of single steps to what they come to, and to what contradicts what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np

from baton_analysis.arguments import checked
from baton_analysis.drawing.figures import number, percent
from baton_analysis.errors import MeasureError, gettext_noop
from baton_analysis.measures.promise_chain.model import ChainStep, FinalPromise, Ordered, ordered
from baton_analysis.measures.promise_chain.result import Contradiction, PromiseChain, StepShare
from baton_analysis.measures.promise_chain.support import Support, supported
from baton_analysis.measures.promise_chain.timing import ROUNDING, Timing, longest, timing
from baton_analysis.readers.model import Notice

HOUR = 3600.0


@checked(MeasureError)
def promise_chain(steps: Sequence[ChainStep], final: FinalPromise, *, from_day: date | None = None) -> PromiseChain:
    """What the promises of ``steps`` come to, against the promise at the end.

    Times of steps that follow each other add up; of steps side by side the longest counts. Shares are bounded whatever
    failures have to do with each other (Boole 1854, Frechet 1935); their product, which supposes that they have nothing
    to do with each other, is the rolled throughput yield.

    Parameters
    ----------
    steps
        Everything that has to be done before the end, in any order if each names those ``after`` which it comes.
    from_day
        Where calendars differ, the chain is run through from every hour of the 52 weeks from this day on (UTC).

    Raises
    ------
    MeasureError
        No step or too many, two of one name, a share outside 0 to 1, a lead time below 0, a step after one that is not
        there, or circular inheritance.
    FactError
        A promised time reaches beyond the calendars.
    """
    chain = ordered(steps, final)
    times = timing(chain, final, from_day)
    timed = [step.target is not None for step in chain.steps]
    attainment = supported([step.attainment if step.target else None for step in chain.steps], _attainment(final))
    conforming = supported([step.conforming for step in chain.steps], final.conforming)
    shares = _shares(chain, final, times)
    known = times if times is not None and any(timed) else None
    uncovered = tuple(step.name for step in chain.steps if step.target is None)
    return PromiseChain(
        steps=shares,
        seconds=None if known is None else _median(known.total),
        interval=None if known is None else (float(known.total.min()), float(known.total.max())),
        promised_seconds=None if times is None or times.promised is None else _median(times.promised),
        fits=None if known is None else known.fits,
        attainment=attainment,
        conforming=conforming,
        contradictions=(
            *_of_time(known),
            *_of_share("attainment", attainment),
            *_of_share("conforming", conforming),
            *_of_lead(shares),
        ),
        uncovered=uncovered,
        without_yield=tuple(step.name for step in chain.steps if step.conforming is None),
        n=len(chain.steps),
        warnings=_warnings(times, uncovered, (attainment, conforming)),
    )


def _attainment(final: FinalPromise) -> float | None:
    return final.attainment if final.target else None


def _shares(chain: Ordered, final: FinalPromise, times: Timing | None) -> tuple[StepShare, ...]:
    names = [step.name for step in chain.steps]
    spent = [0.0] * len(names) if times is None else [_median(one) for one in times.steps]
    reached, left = longest(chain, spent)
    whole = max(reached)
    promised = None if times is None or times.promised is None else _median(times.promised)
    allowed = 1 - final.attainment if final.target else 0.0
    found = []
    for place, step in enumerate(chain.steps):
        lead = None if times is None else times.leads[place]
        seconds = spent[place] if step.target and times is not None else None
        slack = whole - reached[place] - left[place]
        found.append(
            StepShare(
                name=step.name,
                after=tuple(names[other] for other in chain.needs[place]),
                seconds=seconds,
                share=seconds / promised if promised and seconds is not None else None,
                critical=None if times is None else slack <= ROUNDING,
                slack_seconds=None if times is None else max(0.0, slack),
                attainment=step.attainment if step.target else None,
                conforming=step.conforming,
                allowance=(1 - step.attainment) / allowed if step.target and allowed > 0 else None,
                lead_seconds=None if lead is None else _median(lead),
                notice_seconds=None if promised is None else promised - left[place],
            )
        )
    return tuple(found)


def _of_time(times: Timing | None) -> tuple[Contradiction, ...]:
    if times is None or times.promised is None or times.fits is None or times.fits >= 1:
        return ()
    needed, promised = _median(times.total), _median(times.promised)
    values = {"needed": _hours(needed), "promised": _hours(promised), "share": percent(1 - times.fits)}
    if times.fits > 0:
        some = gettext_noop("From {share} of the hours of the year on, the steps before need more time than is promised"
                            " at the end.")  # fmt: skip
        return (Contradiction("time_at_times", None, promised, needed, Notice(some, values=values)),)
    never = gettext_noop("The steps before need {needed} h of business time; {promised} h are promised at the end.")
    return (Contradiction("time", None, promised, needed, Notice(never, values=values)),)


def _of_share(kind: Literal["attainment", "conforming"], support: Support) -> tuple[Contradiction, ...]:
    """The share at the end against what the steps support at best."""
    if support.promised is None or support.verdict not in {"impossible", "if_together"}:
        return ()
    best = support.upper if support.verdict == "impossible" else support.independent
    values = {"promised": percent(support.promised), "best": percent(best)}
    messages = {
        ("attainment", "impossible"): gettext_noop(
            "In time in {promised} of cases is promised at the end; one step before promises no more than {best}."
        ),
        ("attainment", "if_together"): gettext_noop(
            "In time in {promised} of cases is promised at the end; the steps before support {best}, unless their"
            " delays fall on the same cases."
        ),
        ("conforming", "impossible"): gettext_noop(
            "{promised} right cases are promised at the end; one step before promises no more than {best}."
        ),
        ("conforming", "if_together"): gettext_noop(
            "{promised} right cases are promised at the end; the steps before support {best}, unless their faults fall"
            " on the same cases."
        ),
    }
    notice = Notice(messages[kind, support.verdict], values=values)
    return (Contradiction(kind, None, support.promised, best, notice),)


def _of_lead(shares: Sequence[StepShare]) -> tuple[Contradiction, ...]:
    short = gettext_noop("“{step}” asks to be told {lead} h before; from the request at the end on it can be told"
                         " {notice} h before.")  # fmt: skip
    return tuple(
        Contradiction(
            "lead_time",
            one.name,
            one.lead_seconds,
            one.notice_seconds,
            Notice(
                short,
                values={
                    "step": one.name,
                    "lead": _hours(one.lead_seconds),
                    "notice": _hours(max(0.0, one.notice_seconds)),
                },
            ),
        )
        for one in shares
        if one.lead_seconds is not None
        and one.notice_seconds is not None
        and one.lead_seconds > one.notice_seconds + ROUNDING
    )


def _warnings(times: Timing | None, uncovered: Sequence[str], supports: Sequence[Support]) -> tuple[Notice, ...]:
    found = []
    if times is None:
        apart = gettext_noop("The promised times run in different calendars, or a calendar is not said: they cannot be"
                             " compared. Give every time its calendar, and a day from which to look.")  # fmt: skip
        found.append(Notice(apart))
    if uncovered:
        none = gettext_noop("No time is promised at: {steps}. The whole takes longer than the sum.")
        found.append(Notice(none, values={"steps": ", ".join(uncovered)}))
    if any(support.verdict == "if_independent" for support in supports):
        supposed = gettext_noop("A share at the end holds only if failures at one step have nothing to do with failures"
                                " at another; the steps do not guarantee it.")  # fmt: skip
        found.append(Notice(supposed))
    return tuple(found)


def _median(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(np.median(values))


def _hours(seconds: float) -> str:
    return number(seconds / HOUR)
