"""Who may see and do what in the chain. Default deny: what no function here allows is refused.

=====================  =======================  ==================  ==============================================
who                    sees parties             sees links          changes
=====================  =======================  ==================  ==============================================
quality manager        all                      all                 everything
director, auditor      all                      all                 nothing
administrator, HR      all                      as his memberships  nothing. An administrator who is to enter the chain
                                                                    gives himself the quality manager's role, which the
                                                                    audit trail shows
head                   as a member              as a member         his party and what stands under it; links of these
deputy, in his days    as a member              as a member         what the head may, within the deputy's scope; never
                                                                    his own membership
member                 his own and what stands  those of his own    nothing
                       under them, two hops     parties and of
                       along the chain, and     their neighbours
                       the parties above them
guest                  parties he belongs to    none                nothing
anybody else           none                     none                nothing
=====================  =======================  ==================  ==============================================

Outputs are corrected, and their responsibilities said, by whoever leads all parties that hand them over; an output that
nobody hands over yet by whoever may enter links. Needs of people outside are written down by whoever may enter links:
the one who hears a customer writes it down. A project is run by whoever leads the party that leads it.

Gaps are seen by who belongs to a party that they concern and by who is to close them, assigned and answered by whoever
leads one of these parties; those that only an event log shows, by quality manager, director, auditor and the latter.

Links of an outside party that is confidential (a former competitor, say) are seen only by those who belong to one of
their two sides, and by quality manager, director and auditor; nobody else sees them or anything beyond them along the
chain. Whether a party is confidential, the quality manager says.

Whoever is part of a party proposes links of it; who leads it accepts or declines them, and sees those of others.

Accounts and contacts of an outside party are kept by the members of parties with a live link to or from it, and by the
quality manager; contacts are masked, and who has one shown stands in the trail. The quality manager takes lists of them
away unmasked, enters them in bulk and forgets a contact. Nobody else sees them, guests, director and auditor included.

Event logs are brought, mined and accepted by the quality manager; director and auditor see what was found.

A head's own place is not his to decide: the quality manager or the head of a party above says who heads it.
A head moves, merges, splits and ends parties within his subtree; his own party stays where it is, and takes over
another one only as the one into which it is merged.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from baton.chain.models import Link, LinkProposal, Membership, Output, Party, Responsibility
from baton.chain.rules import HOPS, OUTSIDE, Capacity, Confidentiality, Responsible, Scope
from baton.core.actors import Actor
from baton.core.rules import Role

_SEE_LINKS = (Role.QUALITY_MANAGER, Role.DIRECTOR, Role.AUDITOR)
_SEE_PARTIES = (*_SEE_LINKS, Role.ADMINISTRATOR, Role.HR)


def in_force(day: date) -> Q:
    """Rows with ``began_on`` and ``ended_on`` that hold on ``day``."""
    return Q(began_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def beyond(day: date) -> Q:
    """Rows with ``ended_on`` that still hold on or after ``day``."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def under(paths: Iterable[str], prefix: str = "") -> Q:
    """Parties at or below any of ``paths``; none when there are no paths. ``prefix`` leads to the party."""
    found = Q(pk__in=())
    for path in paths:
        found |= Q(**{f"{prefix}path__startswith": path})
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """A membership as :func:`may_help` looks at it: path of the party, and primary key of the person who entered it
    (None: Baton itself)."""

    path: str
    entered_by: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What an actor is in the chain on one day; read once, asked often.

    ``leads`` holds (path of the party, scope, whether as head) for every party that he heads or stands in for;
    ``belongs`` the paths of all parties that he is part of in whatever capacity.
    """

    actor: Actor
    day: date
    belongs: frozenset[str] = frozenset()
    leads: frozenset[tuple[str, Scope, bool]] = frozenset()

    @property
    def edits_all(self) -> bool:
        return self.actor.has(Role.QUALITY_MANAGER)

    @property
    def is_guest(self) -> bool:
        return self.actor.has(Role.GUEST) and not self.actor.is_system

    @property
    def headed(self) -> tuple[str, ...]:
        """Paths of the parties that he heads."""
        return tuple(path for path, _scope, head in self.leads if head)

    def leads_over(self, party: Party, *scopes: Scope, strictly: bool = False) -> bool:
        """Whether ``party`` stands in (``strictly``: below) a party that he leads with one of ``scopes``."""
        return any(
            party.path.startswith(path) and not (strictly and party.path == path) and scope in (Scope.ALL, *scopes)
            for path, scope, _head in self.leads
        )


def standing_of(actor: Actor, day: date) -> Standing:
    """Read what ``actor`` is on ``day``. Two queries; none for the system and for strangers."""
    if actor.person is None:
        return Standing(actor, day)
    held = Membership.objects.filter(in_force(day), person=actor.person)
    rows = list(held.values_list("party__path", "capacity", "scope"))
    own = Party.objects.filter(in_force(day), person=actor.person).values_list("path", flat=True)
    leads = frozenset(
        (path, Scope(scope), capacity == Capacity.HEAD) for path, capacity, scope in rows if capacity != Capacity.MEMBER
    )
    return Standing(actor, day, frozenset({path for path, _c, _s in rows} | set(own)), leads)


def may_add_party(standing: Standing, parent: Party | None) -> bool:
    return standing.edits_all or (parent is not None and standing.leads_over(parent))


def may_add_some_party(standing: Standing) -> bool:
    """Whether there is any place where the actor may add a party."""
    return standing.edits_all or any(scope is Scope.ALL for _path, scope, _head in standing.leads)


def may_edit_party(standing: Standing, party: Party) -> bool:
    """Rename it, correct its code."""
    return standing.edits_all or standing.leads_over(party)


def may_move_party(standing: Standing, party: Party, parent: Party | None) -> bool:
    inside = parent is not None and standing.leads_over(parent) and standing.leads_over(party, strictly=True)
    return standing.edits_all or inside


def may_end_party(standing: Standing, party: Party) -> bool:
    return standing.edits_all or standing.leads_over(party, strictly=True)


def may_merge(standing: Standing, ending: Iterable[Party], into: Party | None, parent: Party | None) -> bool:
    """Merge the parties ``ending`` into another one, or into a new one under ``parent``."""
    taken_over = may_edit_party(standing, into) if into is not None else may_add_party(standing, parent)
    return taken_over and all(may_end_party(standing, party) for party in ending)


def may_split(standing: Standing, party: Party) -> bool:
    """End the party and enter others in its place."""
    return may_end_party(standing, party) and may_add_party(standing, party.parent)


def may_describe_partner(standing: Standing, party: Party) -> bool:
    """Say what an outside party is, and whether its links are confidential."""
    return standing.edits_all and party.party_kind in OUTSIDE


def may_appoint(standing: Standing, party: Party, capacity: Capacity, *, himself: bool = False) -> bool:
    """Make somebody, or the actor ``himself``, head, deputy or member of ``party``.

    A deputy does not make himself head of what stands below: he would keep it when his days are over.
    """
    if standing.edits_all:
        return True
    if capacity is Capacity.MEMBER:
        return standing.leads_over(party, Scope.MEMBERS)
    if capacity is Capacity.HEAD:
        above = [head for path, _scope, head in standing.leads if party.path.startswith(path) and party.path != path]
        return any(above) if himself else standing.leads_over(party, strictly=True)
    return any(head and party.path.startswith(path) for path, _scope, head in standing.leads)


def may_end_membership(standing: Standing, membership: Membership) -> bool:
    """Ending the only head leaves a gap that only the quality manager may make; nobody ends what he is himself."""
    if standing.edits_all:
        return True
    actor = standing.actor
    if membership.capacity == Capacity.HEAD or (actor.person is not None and membership.person_id == actor.person.pk):
        return False
    return may_appoint(standing, membership.party, Capacity(membership.capacity))


def may_edit_link(standing: Standing, supplier: Party, customer: Party) -> bool:
    """Add, change or end a link: either side's head declares what is handed over."""
    return (
        standing.edits_all or standing.leads_over(supplier, Scope.LINKS) or standing.leads_over(customer, Scope.LINKS)
    )


def may_add_some_link(standing: Standing) -> bool:
    """Whether there is any link that the actor may add; which ones, :func:`may_edit_link` says."""
    return standing.edits_all or any(scope in (Scope.ALL, Scope.LINKS) for _path, scope, _head in standing.leads)


def may_edit_output(standing: Standing, output: Output) -> bool:
    """Correct an output, revise it, end it, say who answers for it: who leads all that hand it over or answer for it.

    Two queries.
    """
    if standing.edits_all:
        return True
    suppliers = Party.objects.filter(links_as_supplier__in=Link.objects.filter(beyond(standing.day), output=output))
    accountable = Responsibility.objects.filter(
        beyond(standing.day), output=output, responsible=Responsible.ACCOUNTABLE
    ).select_related("party")
    concerned = [*suppliers.distinct(), *(held.party for held in accountable)]
    if not concerned:
        return may_add_some_link(standing)
    return all(standing.leads_over(party, Scope.LINKS) for party in concerned)


def may_write_needs(standing: Standing) -> bool:
    """Write down, correct and end what people outside need."""
    return may_add_some_link(standing)


def may_edit_project(standing: Standing, owner: Party | None) -> bool:
    """Begin, change and end a project that ``owner`` leads."""
    return standing.edits_all or (owner is not None and standing.leads_over(owner, Scope.LINKS))


def may_answer_gap(standing: Standing, paths: Iterable[str]) -> bool:
    """Assign or answer a gap that concerns the parties with these ``paths``, or take an answer back."""
    return standing.edits_all or any(
        path.startswith(led) and scope in (Scope.ALL, Scope.LINKS)
        for path in paths
        for led, scope, _head in standing.leads
    )


def may_see_gap(standing: Standing, paths: Iterable[str], *, from_log: bool) -> bool:
    """Read a gap that concerns the parties with these ``paths``; who is to close one sees it, too.

    What only an event log shows (``from_log``) is for those who see event logs and for who leads one of the parties.
    """
    if standing.is_guest or standing.actor.is_anonymous:
        return False
    if standing.actor.has(*_SEE_LINKS):
        return True
    if from_log:
        return may_answer_gap(standing, paths)
    return any(path.startswith(own) for path in paths for own in standing.belongs)


def may_see_all_gaps(actor: Actor) -> bool:
    return actor.has(*_SEE_LINKS)


def may_answer_some_gap(standing: Standing) -> bool:
    """Whether there is any gap that the actor might answer."""
    return may_add_some_link(standing)


def may_propose(standing: Standing, party: Party) -> bool:
    """Propose a link of ``party``: whoever is part of it, or could enter the link himself; no guest."""
    part_of = any(path.startswith(party.path) for path in standing.belongs)
    return not standing.is_guest and (part_of or may_answer_proposal(standing, party))


def may_answer_proposal(standing: Standing, party: Party) -> bool:
    """Accept or decline a proposed link of ``party``: who could enter it."""
    return standing.edits_all or standing.leads_over(party, Scope.LINKS)


def answerable(standing: Standing) -> Q:
    """The proposed links that :func:`may_answer_proposal` allows to answer."""
    if standing.edits_all:
        return Q()
    return under((path for path, scope, _head in standing.leads if scope in (Scope.ALL, Scope.LINKS)), "party__")


def may_withdraw_proposal(actor: Actor, proposal: LinkProposal) -> bool:
    """Take a proposed link back: who proposed it."""
    return actor.person is not None and actor.person.pk == proposal.proposed_by_id


def may_see_proposal(standing: Standing, proposal: LinkProposal) -> bool:
    """See a proposed link: who proposed it, and who may answer it."""
    return may_withdraw_proposal(standing.actor, proposal) or may_answer_proposal(standing, proposal.party)


def may_add_links_in_bulk(actor: Actor) -> bool:
    return actor.has(Role.QUALITY_MANAGER)


def may_help(standing: Standing, places: Iterable[Place], own_people: Container[int]) -> bool:
    """Whether the actor may hand a reset code to somebody who belongs to these ``places``; with it he could become him.

    Two things must hold, because a head takes in whom he likes and would so become the superior of anybody:

    - Everything that the person belongs to stands in parties that the actor heads; one of them is not enough.
    - Somebody independent put him there: at least one of the places was entered by Baton itself, or by a person who is
      neither the actor nor among ``own_people``, those who belong or ever belonged to what he heads. Whoever belonged
      once counts, or a head would have a deputy take somebody in and then let the deputy go; so no time has to pass.

    Whom this leaves without help, an administrator helps.
    """
    led, places = standing.headed, list(places)
    actor = standing.actor.person
    return (
        bool(places)
        and all(place.path.startswith(led) for place in places)
        and any(_independent(place.entered_by, actor.pk if actor else None, own_people) for place in places)
    )


def _independent(entered_by: int | None, actor: int | None, own_people: Container[int]) -> bool:
    return entered_by is None or (entered_by != actor and entered_by not in own_people)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer sees on one day, as filters; ``own`` are the keys of the parties that are his."""

    standing: Standing
    own: frozenset[int]
    parties: Q
    links: Q

    @property
    def sees_all_links(self) -> bool:
        return self.standing.actor.has(*_SEE_LINKS)


def sight_of(viewer: Actor, day: date) -> Sight:
    """What ``viewer`` sees. At most five queries, whatever the size of the chain."""
    standing = standing_of(viewer, day)
    if viewer.is_anonymous:
        return Sight(standing, frozenset(), Q(pk__in=()), Q(pk__in=()))
    if standing.is_guest:
        own = frozenset(Party.objects.filter(path__in=standing.belongs).values_list("pk", flat=True))
        return Sight(standing, own, Q(pk__in=own), Q(pk__in=()))
    own = frozenset(Party.objects.filter(under(standing.belongs)).values_list("pk", flat=True))
    if viewer.has(*_SEE_LINKS):
        return Sight(standing, own, Q(), Q())
    links, reached = _along_the_chain(own, day)
    if viewer.has(*_SEE_PARTIES):
        return Sight(standing, own, Q(), links)
    above = {public_id for path in standing.belongs for public_id in path.strip("/").split("/")}
    return Sight(standing, own, Q(pk__in=reached) | Q(public_id__in=above), links)


CONFIDENTIAL = Q(supplier__confidentiality=Confidentiality.CONFIDENTIAL) | Q(
    customer__confidentiality=Confidentiality.CONFIDENTIAL
)
"""Links that only their two sides see, and who sees all links."""


def _along_the_chain(own: frozenset[int], day: date) -> tuple[Q, frozenset[int]]:
    """The links within :data:`HOPS` of ``own`` (live ones; of ``own`` also those that ended), and their parties; of
    others no :data:`CONFIDENTIAL` ones, and nothing that could be reached over one only."""
    near = set(own)
    for _hop in range(HOPS - 1):
        live = Link.objects.filter(in_force(day), _touching(near, own))
        near |= {pk for pair in live.values_list("supplier_id", "customer_id") for pk in pair}
    of_own = Q(supplier__in=own) | Q(customer__in=own)
    links = of_own | (in_force(day) & _touching(near, own))
    ends = Link.objects.filter(links).values_list("supplier_id", "customer_id")
    return links, frozenset(own | {pk for pair in ends for pk in pair})


def _touching(near: Container[int], own: frozenset[int]) -> Q:
    """Links of parties ``near``, but confidential ones only of ``own``."""
    of_own = Q(supplier__in=own) | Q(customer__in=own)
    return of_own | ((Q(supplier__in=near) | Q(customer__in=near)) & ~CONFIDENTIAL)


def may_keep_accounts(standing: Standing, party: Party) -> bool:
    """See, enter, change and end the accounts and contacts of an outside party: those who deal with it, that is the
    members of parties with a live link to or from it, and the quality manager. Two queries."""
    if party.party_kind not in OUTSIDE or standing.is_guest or standing.actor.is_anonymous:
        return False
    if standing.edits_all:
        return True
    own = Party.objects.filter(under(standing.belongs)).values("pk")
    sides = Q(supplier=party, customer__in=own) | Q(customer=party, supplier__in=own)
    return bool(standing.belongs) and Link.objects.filter(in_force(standing.day), sides).exists()


def may_take_contacts(actor: Actor) -> bool:
    """Take a list of contacts away unmasked, and forget a contact for good."""
    return actor.has(Role.QUALITY_MANAGER)


def may_bring_event_logs(actor: Actor) -> bool:
    """Bring an event log, choose its columns, make links of it, accept or withdraw it."""
    return actor.has(Role.QUALITY_MANAGER)


def may_see_event_logs(actor: Actor) -> bool:
    return actor.has(*_SEE_LINKS)


def may_name_persons(actor: Actor) -> bool:
    """Read a log in which the parties are persons without replacing their names by pseudonyms."""
    return actor.has(Role.QUALITY_MANAGER)
