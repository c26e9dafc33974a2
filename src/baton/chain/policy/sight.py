"""What a viewer sees."""

from __future__ import annotations

from collections.abc import Container, Hashable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from baton.chain.models import Link, Party, Reading
from baton.chain.policy.standing import SEE_LINKS, SEE_PARTIES, Standing, company_of, in_force, standing_of, under
from baton.chain.rules import POSTS, STEPS, USUAL_REACH, Confidentiality, Reach
from baton.core.actors import Actor
from baton.core.database.keys import Keys
from baton.core.once import once, only_reads
from baton.core.versions import Memory


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody sees on one day, as filters; ``own`` are the keys of the parties that are his."""

    own: frozenset[int]
    parties: Q
    links: Q


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees, and what he is in the chain, on one day. ``key`` is equal as long as both are the same; None
    where that was not asked."""

    standing: Standing
    seen: Seen
    key: Hashable = None

    @property
    def own(self) -> frozenset[int]:
        """Keys of the parties that are his."""
        return self.seen.own

    @property
    def parties(self) -> Q:
        """The parties that he sees."""
        return self.seen.parties

    @property
    def links(self) -> Q:
        """The links that he sees."""
        return self.seen.links

    @property
    def sees_all_links(self) -> bool:
        return self.standing.actor.has(*SEE_LINKS)


_KEPT: Memory[Seen] = Memory(most=1_000)
"""By all on which it depends: the what he is who looks, in which roles, and the day."""


def sight_of(viewer: Actor, day: date) -> Sight:
    """What ``viewer`` sees, read once a request. At most eight queries, whatever the size of the chain; two as long as
    no record changes on which it depends.

    It is kept until a change begins: what is changed is judged by what stands in the database then.
    """
    return once(("chain.sight", viewer, day), lambda: _sight_of(viewer, day))


def _sight_of(viewer: Actor, day: date) -> Sight:
    standing = standing_of(viewer, day)
    if viewer.person is None or not only_reads():
        return Sight(standing, _seen_by(standing))
    key = company_of(viewer, day), day
    return Sight(standing, _KEPT.get(key, lambda: _seen_by(standing)), key)


def _seen_by(standing: Standing) -> Seen:
    viewer, day = standing.actor, standing.day
    if viewer.is_anonymous:
        return Seen(frozenset(), Q(pk__in=()), Q(pk__in=()))
    if standing.is_guest:
        own = frozenset(Party.objects.filter(path__in=standing.belongs).values_list("pk", flat=True))
        return Seen(own, Q(pk__in=own), Q(pk__in=()))
    own = frozenset(Party.objects.filter(under(standing.belongs)).values_list("pk", flat=True))
    if viewer.has(*SEE_LINKS):
        return Seen(own, Q(), Q())
    reach = reach_of_members()
    if reach is Reach.ALL:
        return _all_but_confidential(own, day, sees_parties=viewer.has(*SEE_PARTIES))
    above = {public_id for path in standing.belongs for public_id in path.strip("/").split("/")}
    links, reached = _along_the_chain(own, day, STEPS[reach], _promised_to(above))
    if viewer.has(*SEE_PARTIES):
        return Seen(own, Q(), links)
    return Seen(own, Q(pk__among=Keys(reached)) | Q(public_id__in=above), links)


MOST_NAMED = 10_000
"""Links in sight that are named one by one in a filter; of more, the filter says how they are found."""

CONFIDENTIAL = Q(supplier__confidentiality=Confidentiality.CONFIDENTIAL) | Q(
    customer__confidentiality=Confidentiality.CONFIDENTIAL
)
"""Links that only their two sides see, and who sees all links."""


def reach_of_members() -> Reach:
    """How far members read along the chain. One query."""
    said = Reading.objects.values_list("reach", flat=True).first()
    return Reach(said) if said is not None else USUAL_REACH


def _all_but_confidential(own: frozenset[int], day: date, *, sees_parties: bool) -> Seen:
    """Every live link and every party; of :data:`CONFIDENTIAL` links and their parties those that are one's own."""
    of_own = _touching(own)
    parties = Q()
    if not sees_parties:
        sides = Link.objects.filter(CONFIDENTIAL, of_own).values_list("supplier_id", "customer_id")
        dealt_with = own | {pk for pair in sides for pk in pair}
        parties = ~Q(confidentiality=Confidentiality.CONFIDENTIAL) | Q(pk__in=dealt_with)
    return Seen(own, parties, of_own | (in_force(day) & ~CONFIDENTIAL))


def _promised_to(wholes: Container[str]) -> Q:
    """Links on which somebody serves the whole in which he stands, as managers serve their staff: everybody in it is
    meant. See :func:`baton.chain.rules.serves_its_staff`."""
    inside = Q(supplier__path__startswith=F("customer__path")) & ~Q(supplier=F("customer"))
    return Q(customer__public_id__in=wholes, supplier__party_kind__in=sorted(POSTS)) & inside


def _along_the_chain(own: frozenset[int], day: date, steps: int, promised: Q) -> tuple[Q, frozenset[int]]:
    """The links within ``steps`` of ``own`` (live ones; of ``own`` also those that ended), what is ``promised`` to the
    wholes that they stand in, and the parties of all these; of others no :data:`CONFIDENTIAL` ones, and nothing that
    could be reached over one only."""
    near = set(own)
    for _step in range(steps - 1):
        live = Link.objects.filter(_touching(near), in_force(day), _touching(own) | ~CONFIDENTIAL)
        near |= {pk for pair in live.values_list("supplier_id", "customer_id") for pk in pair}
    # What is near stands alone and first, and apart from the promises: so the database finds both by their indexes.
    nearby, promised = _touching(near) & (_touching(own) | (in_force(day) & ~CONFIDENTIAL)), in_force(day) & promised
    seen = list(_ends(nearby).union(_ends(promised)))
    reached = frozenset(own | {pk for _link, *pair in seen for pk in pair})
    # Naming them spares every later query of the page the search for them.
    return Q(pk__among=Keys(link for link, *_pair in seen)) if len(seen) <= MOST_NAMED else nearby | (
        in_force(day) & promised
    ), reached


def _ends(links: Q) -> QuerySet[Link, tuple[int, int, int]]:
    """Of each link its key, its supplier's and its customer's."""
    return Link.objects.filter(links).values_list("pk", "supplier_id", "customer_id")


def _touching(parties: Container[int]) -> Q:
    """Links of these parties."""
    return Q(supplier__in=parties) | Q(customer__in=parties)


@dataclass(frozen=True, slots=True)
class Discretion:
    """From what a viewer who learns of links otherwise than by reading them (from gaps, say) is kept: public ids of
    ``confidential`` parties, and of his ``own``. Nothing is hidden from who sees all links."""

    confidential: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def hides(self, one: str, other: str) -> bool:
        """Whether what is between these two parties (public ids) is not for him."""
        return not self.confidential.isdisjoint((one, other)) and self.own.isdisjoint((one, other))


def discretion_of(sight: Sight) -> Discretion:
    """What the viewer of ``sight`` may not learn. Two queries at most."""
    if sight.sees_all_links:
        return Discretion()
    held = Party.objects.filter(confidentiality=Confidentiality.CONFIDENTIAL)
    confidential = frozenset(held.values_list("public_id", flat=True))
    if not confidential:
        return Discretion()
    return Discretion(
        confidential, frozenset(Party.objects.filter(pk__in=sight.own).values_list("public_id", flat=True))
    )
