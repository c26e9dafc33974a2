"""Steps of a chain with what they promise, and the order in which they follow each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from math import isfinite

from baton_analysis.errors import MeasureError, Phrase, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar
from baton_analysis.facts.handoffs import Target

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of the chain and what its supplier promises.

    Attributes
    ----------
    name
        Of the link; no two are alike.
    target
        The promised time, in business seconds or business days of ``calendar``; None where no time is promised.
    attainment
        Share of cases in which ``target`` is to be met.
    conforming
        Promised share of cases that are right (its yield); None where none is promised.
    lead_seconds
        How long before he needs it the customer of the step has to ask (his duty), in business seconds of ``calendar``.
    calendar
        In which the times of the step run; None where that is not said: such times can only be compared with each
        other. For time by day and night give :func:`baton_analysis.facts.calendars.always_open`.
    after
        Names of the steps that must be done before it begins; by default the step before it in the list, and none for
        the first. Steps that begin with the request itself have ``()``.
    """

    name: str
    target: Target | None = None
    attainment: float = 1.0
    conforming: float | None = None
    lead_seconds: float | None = None
    calendar: BusinessCalendar | None = None
    after: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FinalPromise:
    """What is promised to the customer at the end; the attributes are those of :class:`ChainStep`."""

    target: Target | None = None
    attainment: float = 1.0
    conforming: float | None = None
    calendar: BusinessCalendar | None = None


@dataclass(frozen=True, slots=True)
class Ordered:
    """The steps in an order in which each comes after those that it needs, with the places of these."""

    steps: tuple[ChainStep, ...]
    needs: tuple[tuple[int, ...], ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """Places of the steps that no other waits for: the end waits for all of them."""
        needed = {place for places in self.needs for place in places}
        return tuple(place for place in range(len(self.steps)) if place not in needed)


def ordered(steps: Sequence[ChainStep], final: FinalPromise) -> Ordered:
    """The steps in order, checked.

    Raises
    ------
    MeasureError
        No step or more than MOST_STEPS, two of one name, a share or time that is none, a step after one that is not
        there, or steps that come back to themselves.
    """
    _check_names(steps)
    for step in steps:
        _check_figures(step.name, (step.attainment, step.conforming), step.lead_seconds)
    _check_figures("", (final.attainment, final.conforming), None)
    before = {step.name: _before(steps, place) for place, step in enumerate(steps)}
    place_of = {step.name: place for place, step in enumerate(steps)}
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        # The circle as it is found runs against the work; it is told in the direction of the promises.
        raise _circular(list(reversed(error.args[1]))) from error
    order.sort(key=_ranks(order, before, place_of).__getitem__)
    new_place = {name: place for place, name in enumerate(order)}
    return Ordered(
        steps=tuple(steps[place_of[name]] for name in order),
        needs=tuple(tuple(sorted(new_place[other] for other in before[name])) for name in order),
    )


def _before(steps: Sequence[ChainStep], place: int) -> tuple[str, ...]:
    after = steps[place].after
    if after is None:
        return (steps[place - 1].name,) if place else ()
    known = {step.name for step in steps}
    missing = [name for name in after if name not in known]
    if missing:
        raise MeasureError(
            expected=gettext_noop("A step comes after other steps of its chain."),
            found=gettext_noop("“{step}” comes after “{missing}”, which is not in the chain."),
            remedy=gettext_noop("Add that step, or correct its name."),
            step=steps[place].name,
            missing=missing[0],
        )
    return after


def _ranks(
    order: Sequence[str], before: dict[str, tuple[str, ...]], place_of: dict[str, int]
) -> dict[str, tuple[int, int]]:
    """How many steps at most come before each; those of one rank stay in the order given."""
    rank: dict[str, tuple[int, int]] = {}
    for name in order:
        depth = 1 + max((rank[other][0] for other in before[name]), default=-1)
        rank[name] = (depth, place_of[name])
    return rank


def _circular(names: Sequence[str]) -> MeasureError:
    return MeasureError(
        expected=gettext_noop("A promise rests on promises before it in the chain, and never on itself."),
        found=gettext_noop("This is circular inheritance: {circle}."),
        remedy=gettext_noop("Cut the circle where work comes back, and promise what comes back as a step of its own."),
        circle=" → ".join(names),
    )


def _check_names(steps: Sequence[ChainStep]) -> None:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise MeasureError(
            expected=gettext_noop("A chain has 1 to {most} steps."),
            found=gettext_noop("It has {count}."),
            remedy=gettext_noop("Name the steps from the first supplier to the customer at the end."),
            most=MOST_STEPS,
            count=len(steps),
        )
    name, times = Counter(step.name for step in steps).most_common(1)[0]
    if times > 1:
        places = [place for place, step in enumerate(steps) if step.name == name]
        raise _circular([step.name for step in steps[places[0] : places[1] + 1]])


def _check_figures(step: str, shares: Sequence[float | None], lead: float | None) -> None:
    wrong = [share for share in shares if share is not None and not 0 < share <= 1]
    if wrong:
        raise MeasureError(
            expected=gettext_noop("A promised share lies above 0 and is 1 at most."),
            found=gettext_noop("“{step}” has {given}."),
            remedy=gettext_noop("Give 0.95 for 95 percent."),
            step=step or Phrase(gettext_noop("The promise at the end")),
            given=str(wrong[0]),
        )
    if lead is not None and not (isfinite(lead) and lead >= 0):
        raise MeasureError(
            expected=gettext_noop("A lead time is a number of business seconds, 0 or more."),
            found=gettext_noop("“{step}” has {given}."),
            remedy=gettext_noop("Correct it, or leave it out."),
            step=step,
            given=str(lead),
        )
