"""Links of one kind beside each other: stored figures only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import versions_in_force_at
from baton.agreements.rules import Side, Standing, standing
from baton.chain.policy import sight_of
from baton.chain.queries.chains import Chain, LinkFact, NamedLink, OutputFact, chain_in_sight
from baton.core.actors import Actor
from baton.core.database.keys import Keys
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use
from baton.handoffs.models import LinkFigures
from baton.handoffs.rules.comparing import FEWEST_COMPARED, MOST_COMPARED, OF_CLAUSES, Compared
from baton.monitoring.queries import clause_results
from baton.monitoring.rules import ATTAINMENT


@dataclass(frozen=True, slots=True)
class ComparedLink:
    """A link with how many of its handoffs were right, and of how many that is known."""

    link: NamedLink
    right: int
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Links by one share. ``output``: only those on which this is handed over; None: whatever is. ``too_many``: how
    many links in sight there are where these are more than are compared at once, else 0; ``silent``: links of the kind
    of which nothing is known."""

    by: Compared
    output: OutputFact | None
    rows: list[ComparedLink] = field(default_factory=list)
    silent: int = 0
    too_many: int = 0


def comparison(*, viewer: Actor, at: datetime, by: Compared, output: str = "") -> Comparison:
    """The live links in sight, of one output (public id) or of all. Five queries at most beside those of the viewer's
    sight; :class:`NotFound` for an output that is handed over on no link in sight."""
    demand(may_use(viewer))
    seen = chain_in_sight(sight_of(viewer, day_of(at)), day_of(at))
    links: Mapping[int, LinkFact] = seen.links
    chosen = None
    if output:
        chosen = next((one for one in seen.outputs.values() if one.public_id == output), None)
        links = {pk: one for pk, one in seen.links.items() if chosen is not None and one.output == chosen.pk}
        if not links:
            raise NotFound
    if len(links) > MOST_COMPARED:
        return Comparison(by, chosen, too_many=len(links))
    told = _of_clauses(viewer, at, seen, links, by) if by in OF_CLAUSES else _of_handoffs(links, by)
    rows = [ComparedLink(seen.named(pk), right, n) for pk, (right, n) in told.items() if n]
    return Comparison(by, chosen, rows, silent=len(links) - len(rows))


def outputs_to_compare(*, viewer: Actor, at: datetime) -> list[OutputFact]:
    """What is handed over on two live links in sight or more, by number."""
    demand(may_use(viewer))
    seen = chain_in_sight(sight_of(viewer, day_of(at)), day_of(at))
    counts: dict[int, int] = {}
    for link in seen.links.values():
        counts[link.output] = counts.get(link.output, 0) + 1
    found = [seen.outputs[pk] for pk, n in counts.items() if n >= FEWEST_COMPARED]
    return sorted(found, key=lambda one: one.number)


def _of_handoffs(links: Mapping[int, LinkFact], by: Compared) -> dict[int, tuple[int, int]]:
    rows = LinkFigures.objects.filter(link__pk__among=Keys(links)).values_list("link", "result__perfect")
    return {link: told for link, perfect in rows if (told := _counted(perfect, by)) is not None}


def _counted(perfect: Mapping[str, Any], by: Compared) -> tuple[int, int] | None:
    if by is Compared.PERFECT:
        return perfect["perfect"], perfect["n"]
    return next(((part["right"], part["n"]) for part in perfect["parts"] if part["name"] == by), None)


def _of_clauses(
    viewer: Actor, at: datetime, seen: Chain, links: Mapping[int, LinkFact], by: Compared
) -> dict[int, tuple[int, int]]:
    """Of each link what its supplier's clauses of this kind say together, as they stand; what is on trial, not promised
    or a duty of the customer counts nowhere. Several clauses judge the same handoffs: their share rests on no more of
    them than the one that judged most."""
    versions = versions_in_force_at(viewer=viewer, links=list(links), moment=at)
    clauses = clauses_by_version(viewer=viewer, versions=list(versions.values())) if versions else {}
    keys = {
        f"{seen.links[link].public_id}/{one.line}": (link, one.public_id)
        for link, version in versions.items()
        for one in clauses[version.pk]
        if one.terms.measure is OF_CLAUSES[by]
        and one.owed_by == Side.SUPPLIER
        and standing(one.terms, day_of(at)) is not Standing.ON_TRIAL
    }
    right, judged, most = Counter[int](), Counter[int](), Counter[int]()
    for link, promise in _promises(viewer, keys):
        n = int(promise["n"])
        right[link] += int(promise["count"])
        judged[link] += n
        most[link] = max(most[link], n)
    return {link: (round(most[link] * right[link] / judged[link]), most[link]) for link in judged}


def _promises(viewer: Actor, keys: Mapping[str, tuple[int, str]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Of each link (key) what was judged of its clauses as they stand, not as they stood in an earlier version."""
    stored = clause_results(viewer=viewer, keys=list(keys)) if keys else {}
    for key, measures in stored.items():
        promise = measures[ATTAINMENT].recent.get("promise") if ATTAINMENT in measures else None
        link, clause = keys[key]
        if promise is not None and promise["clause"] == clause:
            yield link, promise
