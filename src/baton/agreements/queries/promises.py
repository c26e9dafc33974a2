"""Do the promises hold together along the ways to the outside customer?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.rules import OPEN, VersionState
from baton.agreements.rules.chaining import Carried, carried
from baton.chain import queries as chain
from baton.chain.queries import Hop, Paths
from baton.core import formats
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.core.queries.calendars import business_calendars_of, default_calendar
from baton.core.texts import say

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton_analysis.facts.calendars import BusinessCalendar
    from baton_analysis.facts.handoffs import Target
    from baton_analysis.measures.promise_chain import PromiseChain, StepShare


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """A link of the way: what its clauses say, with the clauses behind it, and its place in the whole.

    ``agreement`` is the public id of its agreement, empty for none; ``in_force`` says whether its clauses hold already;
    ``share`` is None for the last link, whose promise is the one at the end.
    """

    link: Link
    agreement: str
    in_force: bool
    carried: Carried
    time: Clause | None
    conforming: Clause | None
    lead: Clause | None
    share: StepShare | None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the outside customer: the links before the last, what they come to, and the last.

    ``chain`` is None where nothing stands before the last link: then there is nothing to support its promise.
    """

    hops: list[Hop]
    steps: list[PromiseStep]
    last: PromiseStep
    chain: PromiseChain | None


@dataclass(frozen=True, slots=True)
class PromisePaths:
    """The ways that were looked for, and their promises: one for each link that leads outside at their end."""

    paths: Paths
    ways: list[Way]


def promise_paths(
    *, viewer: Actor, at: datetime, start: str = "", end: str = "", planned: bool = False
) -> PromisePaths:
    """Ways from a party or a person to the outside customer, as :func:`baton.chain.queries.paths` finds them, with the
    clauses in force along them; ``planned``: as if what is on its way were in force already. A guest finds none. A
    fixed number of queries, whatever the number of links."""
    found = chain.paths(viewer=viewer, at=at, start=start, end=end)
    if not found.ways or not may_use(viewer):
        return PromisePaths(found, [])
    links = {one.link.pk: one.link for way in found.ways for hop in way for one in hop.links}
    held = _in_force(viewer, links, planned)
    calendars = _calendars(viewer, held)
    ways = [
        _way(way, last.link, held, calendars, at) for way in found.ways for last in way[-1].links
    ]  # fmt: skip
    return PromisePaths(found, ways)


@dataclass(frozen=True, slots=True)
class _InForce:
    """The agreement of a link (public id), its clauses that count, and the state of the version in which they stand."""

    agreement: str = ""
    clauses: tuple[Clause, ...] = ()
    state: VersionState = VersionState.ACTIVE


_NOTHING = _InForce()
_Calendars = Mapping[str, "BusinessCalendar | None"]
"""Business calendars by public id; the organisation's own under no id."""


def _in_force(viewer: Actor, links: Mapping[int, Link], planned: bool) -> dict[int, _InForce]:
    """By link, of the versions that are in force; ``planned``: of those on their way where there is one."""
    states = [VersionState.ACTIVE, *(sorted(OPEN) if planned else [])]
    versions = list(
        AgreementVersion.objects.filter(agreement__link__in=list(links), state__in=states)
        .select_related("agreement")
        .order_by("version")
    )
    held = clauses_by_version(viewer=viewer, versions=versions)
    return {
        version.agreement.link_id: _InForce(
            version.agreement.public_id, tuple(held.get(version.pk, [])), VersionState(version.state)
        )
        for version in versions
    }


def _calendars(viewer: Actor, held: Mapping[int, _InForce]) -> _Calendars:
    """Those in which the promised times run."""
    clauses = [clause for known in held.values() for clause in known.clauses]
    named = {clause.calendar for clause in clauses if clause.calendar is not None}
    home = default_calendar(viewer=viewer)
    found = business_calendars_of([*named, *([home] if home is not None else [])])
    return {**{one.public_id: found[one.pk] for one in named}, "": found[home.pk] if home is not None else None}


def _way(hops: list[Hop], last: Link, held: Mapping[int, _InForce], calendars: _Calendars, at: datetime) -> Way:
    said = {
        one.link.pk: carried((clause.line, clause.terms) for clause in held.get(one.link.pk, _NOTHING).clauses)
        for hop in hops
        for one in hop.links
    }
    before = [[one.link for one in hop.links] for hop in hops[:-1]]
    result = _chain(before, last, said, calendars, at)
    shares = {} if result is None else {share.name: share for share in result.steps}
    return Way(
        hops=hops,
        steps=[
            _step(link, said[link.pk], held, shares.get(_step_name(link))) for links in before for link in links
        ],
        last=_step(last, said[last.pk], held, None),
        chain=result,
    )  # fmt: skip


def _chain(
    before: list[list[Link]],
    last: Link,
    said: Mapping[int, Carried],
    calendars: _Calendars,
    at: datetime,
) -> PromiseChain | None:
    """What the links before the last come to: those of one hop side by side, each hop after the one before it."""
    from baton_analysis.measures.promise_chain import ChainStep, FinalPromise, promise_chain

    if not any(before):
        return None
    steps: list[ChainStep] = []
    ready: tuple[str, ...] = ()
    for links in before:
        for link in links:
            one = said[link.pk]
            target, runs_in = _target(one, calendars)
            steps.append(
                ChainStep(
                    _step_name(link),
                    target,
                    one.attainment,
                    one.conforming,
                    _lead(one, calendars),
                    runs_in,
                    after=ready,
                )
            )
        ready = tuple(_step_name(link) for link in links)
    end = said[last.pk]
    target, runs_in = _target(end, calendars)
    final = FinalPromise(target, end.attainment, end.conforming, runs_in)
    return promise_chain(steps, final, from_day=day_of(at))


def _target(said: Carried, calendars: _Calendars) -> tuple[Target | None, BusinessCalendar | None]:
    """A promised time as the analysis takes it, and its calendar; that of a duty where no time is promised."""
    from baton_analysis.facts.calendars import always_open
    from baton_analysis.facts.handoffs import Target

    if said.time is None:
        return None, calendars.get(said.lead_calendar)
    target = Target(said.time.seconds, said.time.days)
    return target, always_open() if said.time.elapsed else calendars.get(said.calendar)


def _lead(said: Carried, calendars: _Calendars) -> float | None:
    """The notice that a customer owes in business seconds, where it runs in the same hours as the promised time; a
    business day is as long as the calendar is open on a day."""
    if said.lead is None or (said.time is not None and (said.calendar != said.lead_calendar or said.time.elapsed)):
        return None
    if said.lead.seconds is not None:
        return said.lead.seconds
    calendar = calendars.get(said.lead_calendar)
    if calendar is None:
        return None
    open_seconds = sum(one.closes - one.opens for one in calendar.openings)
    return (said.lead.days or 0) * open_seconds / len({one.weekday for one in calendar.openings})


def _step_name(link: Link) -> str:
    """What a step is called: its number tells it apart from all others."""
    way = f"{say(link.supplier.name)} → {say(link.customer.name)}"
    return f"{formats.labelled(way, str(link.output))} ({link.number})"


def _step(link: Link, one: Carried, held: Mapping[int, _InForce], share: StepShare | None) -> PromiseStep:
    known = held.get(link.pk, _NOTHING)
    clauses = {clause.line: clause for clause in known.clauses}
    return PromiseStep(
        link,
        known.agreement,
        known.state is VersionState.ACTIVE,
        one,
        clauses.get(one.time_line),
        clauses.get(one.conforming_line),
        clauses.get(one.lead_line),
        share,
    )
