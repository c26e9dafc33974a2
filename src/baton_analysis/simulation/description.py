"""What an organisation is like before anything happens in it: parties, links, flows of work, calendars, load, faults.

A description is data. :func:`baton_analysis.simulation.running.simulate` makes a time of work from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal

from baton_analysis.errors import SimulationError, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar

Texts = Mapping[str, str]
"""A text by language (keys "en", "zh-hans")."""

Pair = tuple[str, str]
"""Codes of supplier and customer."""

PartyKind = Literal["department", "team", "customer", "supplier"]
FaultKind = Literal["shift", "drift", "slower", "more_returns", "defect", "undeclared", "dead", "never_used"]


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who gives or receives work; customers and suppliers stand outside."""

    code: str
    name: Texts
    kind: PartyKind = "department"


@dataclass(frozen=True, slots=True)
class Link:
    """An agreed link and what passes on it."""

    supplier: str
    customer: str
    output: Texts

    @property
    def pair(self) -> Pair:
        """Supplier and customer."""
        return self.supplier, self.customer


@dataclass(frozen=True, slots=True)
class Load:
    """How cases are spread: ``weekday`` (from Monday) and ``month`` (from January) against a mean day; ``hour`` (from
    midnight, UTC) in parts of their sum."""

    weekday: tuple[float, ...] = (1.1, 1.05, 1.0, 1.0, 1.0, 0.7, 0.6)
    hour: tuple[float, ...] = (1, 1, 1, 1, 1, 2, 4, 8, 12, 12, 11, 9, 6, 7, 10, 10, 8, 6, 4, 3, 3, 2, 2, 1)
    month: tuple[float, ...] = (1.0,) * 12


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a flow.

    Attributes
    ----------
    party, activity
        Who does what.
    minutes, spread
        Median of the time that it takes, and the standard deviation of its logarithm (lognormal). Where the party has a
        calendar it is working time.
    desks
        How many work on it at once; a case that finds all busy waits its turn. 0: no case waits for another. Several
        desks are taken as one that is as much faster, which is exact for one desk and close under heavy load.
    returned
        Share of cases that are sent back here to the party before, and come again.
    defects
        Share of cases into which this step puts a defect that nobody sees yet.
    finds
        Share of hidden defects that are found here; such a case is sent back, and comes again without it.
    detour_to
        Party of the step after this one. The step is taken only where an "undeclared" fault of the link between the
        two is at work.
    """

    party: str
    activity: str
    minutes: float = 0.0
    spread: float = 0.5
    desks: int = 0
    returned: float = 0.0
    defects: float = 0.0
    finds: float = 0.0
    detour_to: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """How those who receive a flow's work rate it.

    A share of cases is rated with ``mean - by_doubling * log2(time / usual time) - by_defect`` (if a defect reached
    the customer) plus normal noise, rounded and kept within 1 to ``scale``.
    """

    share: float = 0.2
    mean: float = 4.3
    by_doubling: float = 0.5
    by_defect: float = 1.5
    noise: float = 0.6
    scale: int = 5


@dataclass(frozen=True, slots=True)
class Flow:
    """A kind of case: ``daily`` cases on a mean day, which pass through ``steps`` in order."""

    code: str
    daily: float
    steps: tuple[Step, ...]
    load: Load = field(default_factory=Load)
    rating: Rating | None = None

    @property
    def links(self) -> frozenset[Pair]:
        """Supplier-customer pairs without detours."""
        parties = [step.party for step in self.steps if step.detour_to is None]
        return frozenset(pair for pair in pairwise(parties) if pair[0] != pair[1])

    @property
    def ways(self) -> frozenset[Pair]:
        """All pairs between which something can pass: links and detours, and back along them."""
        there = self.links | set(pairwise(step.party for step in self.steps))
        return there | {(customer, supplier) for supplier, customer in there}


@dataclass(frozen=True, slots=True)
class Buyers:
    """Outside customers who buy again and again until they are lost.

    Each buys at a rate of his own (gamma distributed, mean ``yearly``, shape ``evenness``). After each purchase he is
    lost with probability ``lost``, and with ``lost_by_defect`` more if it came with a defect, which it does as often as
    defects reach the party ``customer`` in that week.
    """

    customer: str
    count: int
    yearly: float = 6.0
    evenness: float = 2.0
    lost: float = 0.03
    lost_by_defect: float = 0.25
    amount: float = 100.0
    amount_spread: float = 0.4


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """What was made to go wrong, so that the caller knows what has to be found.

    Attributes
    ----------
    link
        Codes of supplier and customer.
    kind
        "shift": each wait of the link is longer, so that its weekly median moves by ``size`` standard deviations of
        that weekly value. "drift": the same, ``size`` more each week. "slower": waits times ``size``. "more_returns":
        the share of returns times ``size``. "defect": the share of defects that the supplier puts in, times ``size``.
        "undeclared": that share of the cases takes this way although nobody agreed it. "dead": nothing passes any
        more. "never_used": agreed, and nothing ever passed.
    start, until
        First day, and first day on which it is over (None: it lasts).
    """

    link: Pair
    kind: FaultKind
    start: date
    until: date | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Organisation:
    """All that there is: parties, agreed links, flows, calendars by party (who has none always works), buyers."""

    parties: tuple[Party, ...]
    links: tuple[Link, ...]
    flows: tuple[Flow, ...]
    calendars: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    buyers: tuple[Buyers, ...] = ()

    def demand_sound(self, faults: tuple[PlantedFault, ...] = ()) -> None:
        """Refuse a description that means nothing.

        Raises
        ------
        SimulationError
            A code is used twice or is unknown, or a fault concerns a link on which nothing passes.
        """
        codes = [party.code for party in self.parties]
        _demand_single("parties", codes)
        _demand_single("flows", [flow.code for flow in self.flows])
        steps = [step for flow in self.flows for step in flow.steps]
        used = {step.party for step in steps} | {code for link in self.links for code in link.pair}
        if unknown := sorted(used - set(codes)):
            raise SimulationError(
                expected=gettext_noop("Steps and links name parties of the organisation."),
                found=gettext_noop("There is no party “{code}”."),
                remedy=gettext_noop("Add it to the parties, or correct the code."),
                code=unknown[0],
            )
        carried = {pair for flow in self.flows for pair in flow.links}
        detours = {(step.party, step.detour_to) for step in steps if step.detour_to}
        for fault in faults:
            if fault.kind != "never_used" and fault.link not in (detours if fault.kind == "undeclared" else carried):
                raise SimulationError(
                    expected=gettext_noop("A fault is planted on a link on which work passes."),
                    found=gettext_noop("Nothing passes from “{supplier}” to “{customer}”."),
                    remedy=gettext_noop("Choose a link of a flow; an undeclared way needs a step with detour_to."),
                    supplier=fault.link[0],
                    customer=fault.link[1],
                )


def _demand_single(what: str, codes: list[str]) -> None:
    if len(set(codes)) != len(codes):
        raise SimulationError(
            expected=gettext_noop("Codes of {what} are used once."),
            found=gettext_noop("“{code}” is used more than once."),
            remedy=gettext_noop("Give each its own code."),
            what=what,
            code=next(code for code in codes if codes.count(code) > 1),
        )
