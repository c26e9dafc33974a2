"""Who grades whom: departments inside that really got something from each other in a time, and who speaks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.chain.policy import Standing, standing_of
from baton.chain.policy.standing import beyond
from baton.chain.queries.crews import places_of_all
from baton.chain.rules import OUTSIDE, POSTS
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.feedback import policy
from baton.feedback.rules.grades import above, are_kin, share_kept
from baton.handoffs.queries.receiving import Came, came_over

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person

_BATON = Actor.system("grades")
_NO_DEPARTMENTS = [*OUTSIDE, *POSTS]
"""Parties that neither grade nor are graded: those outside, and posts, which are one person at a time."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """A customer and a supplier between whom something went over these links; ``speakers`` may grade for him."""

    customer: Party
    supplier: Party
    links: tuple[tuple[Link, Came], ...]
    speakers: tuple[Person, ...]

    @property
    def attainment(self) -> float | None:
        """Part of what was due that came in time; None where nothing had a time."""
        return share_kept(
            {link.pk: came.due for link, came in self.links}, {link.pk: came.in_time for link, came in self.links}
        )


class Speakers:
    """Who speaks for departments at a moment; of everybody it is read once what he leads."""

    def __init__(self, at: datetime) -> None:
        self._day = day_of(at)
        self._leaders: dict[str, list[int]] = {}
        for place in places_of_all(viewer=_BATON, at=at):
            if place.leads:
                self._leaders.setdefault(place.path, []).append(place.person)
        keys = {person for people in self._leaders.values() for person in people}
        self._people = {one.pk: one for one in colleagues(viewer=_BATON).filter(pk__in=keys)}
        self._standings: dict[int, Standing] = {}

    def of(self, customer: Party, supplier: Party, links: Sequence[Link]) -> tuple[Person, ...]:
        """Who is asked to grade the supplier: who leads the customer and speaks for it; where nobody does, who leads
        the nearest party above it. Empty: nobody, or all of them lead the supplier, too."""
        for path in above(customer.path):
            found = [
                self._people[key]
                for key in dict.fromkeys(self._leaders.get(path, ()))
                if policy.may_grade(self._standing(key), supplier=supplier, links=links)
            ]
            if found:
                return tuple(found)
        return ()

    def _standing(self, key: int) -> Standing:
        if key not in self._standings:
            self._standings[key] = standing_of(Actor(self._people[key]), self._day)
        return self._standings[key]


def pairings(*, viewer: Actor, at: datetime, first: date, last: date) -> list[Pairing]:
    """Who grades whom in a round about these days, by the number of the first link.

    A customer grades a supplier where at least one handoff came over a link between them in these days, or where none
    was ever recorded on a link that was live then. Nobody grades what stands in his own department or above it, nobody
    outside grades or is graded, and what no head speaks for is left out.
    """
    demand(policy.may_run_grades(viewer))
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(beyond(first), began_on__lte=last)
    rows = rows.exclude(supplier__party_kind__in=_NO_DEPARTMENTS).exclude(customer__party_kind__in=_NO_DEPARTMENTS)
    links = [
        one
        for one in rows.select_related("supplier", "customer", "output").order_by("number")
        if not are_kin(one.supplier.path, one.customer.path)
    ]
    came = came_over(viewer=viewer, first=first, last=last, links=[one.pk for one in links])
    between: dict[tuple[int, int], list[tuple[Link, Came]]] = {}
    for one in links:
        if came[one.pk].count or not came[one.pk].recorded:
            between.setdefault((one.customer_id, one.supplier_id), []).append((one, came[one.pk]))
    speakers, found = Speakers(at), []
    for held in between.values():
        customer, supplier = held[0][0].customer, held[0][0].supplier
        people = speakers.of(customer, supplier, [link for link, _came in held])
        if people:
            found.append(Pairing(customer, supplier, tuple(held), people))
    return found
