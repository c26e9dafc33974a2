"""Organisations of any size that nobody described: parties and links by number, everything else by chance."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError, gettext_noop
from baton_analysis.simulation.chance import stream
from baton_analysis.simulation.description import Flow, Link, Organisation, Pair, Party, Rating, Step

CUSTOMER = "customer"
LONGEST_FLOW = 6
_TRIES = 40


@checked(SimulationError)
def organisation(
    *, parties: int, links: int, seed: int, daily: float = 6.0, mean_returned: float = 0.03
) -> Organisation:
    """An organisation of ``parties`` inside, one outside customer, and exactly ``links`` links on which work flows.

    Each link belongs to one kind of case; kinds of cases pass two to six links, as many of them as can end with the
    customer. Medians of waits lie around an hour, their logarithms spread by 0.3 to 0.7, and about ``daily`` cases of a
    kind come on a mean day (lognormal, spread 0.4). The same numbers and seed give the same organisation.

    Raises
    ------
    SimulationError
        Fewer than 2 parties or 1 link, or more links than pairs of parties, the customer counted.
    """
    most = parties * (parties + 1) // 2
    if not (0 < daily < np.inf and 0 <= mean_returned < 1):
        raise SimulationError(
            expected=gettext_noop("Cases a day are more than 0, and the share that comes back lies from 0 to below 1."),
            found=gettext_noop("Cases a day: {daily}, share: {returned}."),
            remedy=gettext_noop("Give 0.03 for 3 percent."),
            daily=daily,
            returned=mean_returned,
        )
    if parties < 2 or not 1 <= links <= most:
        raise SimulationError(
            expected=gettext_noop("An organisation has at least 2 parties and between 1 and {most} links."),
            found=gettext_noop("Asked for are {parties} parties and {links} links."),
            remedy=gettext_noop("Ask for fewer links, or more parties."),
            most=max(most, 1),
            parties=parties,
            links=links,
        )
    chance = stream(seed, "organisation")
    codes = [f"p{number:04d}" for number in range(1, parties + 1)]
    flows = tuple(
        _flow(f"K{number:04d}", path, chance, daily, mean_returned)
        for number, path in enumerate(_paths(codes, links, chance), start=1)
    )
    return Organisation(
        parties=(
            *(Party(code, {"en": f"Party {code[1:]}", "zh-hans": f"部门{code[1:]}"}) for code in codes),
            Party(CUSTOMER, {"en": "Customer", "zh-hans": "客户"}, "customer"),
        ),
        links=tuple(
            Link(*pair, {"en": f"Work of kind {flow.code}", "zh-hans": f"{flow.code}类工作"})
            for flow in flows
            for pair in pairwise(step.party for step in flow.steps)
        ),
        flows=flows,
    )


def _paths(codes: list[str], links: int, chance: np.random.Generator) -> list[list[str]]:
    """Paths through the parties that together use exactly so many pairs, each once; every party where links suffice.

    No two links lead in opposite directions: what is sent back on one would count as handovers of the other.
    """
    used: set[Pair] = set()
    waiting = [codes[index] for index in chance.permutation(len(codes))]
    paths: list[list[str]] = []
    while len(used) < links:
        length = min(int(chance.integers(2, LONGEST_FLOW + 1)), links - len(used))
        path = [_next(waiting, codes, chance)]
        while len(path) <= length and path[-1] != CUSTOMER:
            step = None if len(path) == length else _free(path[-1], waiting, codes, used, chance)
            step = step or _customer(path[-1], used) or _free(path[-1], waiting, codes, used, chance)
            if step is None:
                break
            used.add((path[-1], step))
            path.append(step)
        if len(path) > 1:
            paths.append(path)
    return paths


def _next(waiting: list[str], codes: list[str], chance: np.random.Generator) -> str:
    """A party that has no link yet, or any."""
    return waiting.pop() if waiting else codes[int(chance.integers(len(codes)))]


def _free(here: str, waiting: list[str], codes: list[str], used: set[Pair], chance: np.random.Generator) -> str | None:
    """A party to which no link leads from here yet; None if there is none."""
    if waiting:
        return waiting.pop()

    def is_free(code: str) -> bool:
        return code != here and (here, code) not in used and (code, here) not in used

    for _ in range(_TRIES):
        if is_free(code := codes[int(chance.integers(len(codes)))]):
            return code
    free = [code for code in codes if is_free(code)]
    return free[int(chance.integers(len(free)))] if free else None


def _customer(here: str, used: set[Pair]) -> str | None:
    return CUSTOMER if (here, CUSTOMER) not in used else None


def _flow(code: str, path: list[str], chance: np.random.Generator, daily: float, returned: float) -> Flow:
    minutes: npt.NDArray[np.float64] = 60 * np.exp(0.8 * chance.standard_normal(len(path)))
    spread = chance.uniform(0.3, 0.7, len(path))
    back = np.minimum(chance.gamma(2.0, returned / 2, len(path)), 0.3)
    steps = [Step(path[0], "Begun", defects=0.02)]
    steps += [
        Step(party, "Handed over", round(float(m), 1), round(float(s), 2), returned=round(float(b), 3), finds=0.5)
        for party, m, s, b in zip(path[1:], minutes[1:], spread[1:], back[1:], strict=True)
    ]
    cases = daily * float(np.exp(0.4 * chance.standard_normal()))
    return Flow(code, round(cases, 2), tuple(steps), rating=Rating() if path[-1] == CUSTOMER else None)
