"""One party becomes several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from baton.chain import policy
from baton.chain.changes.handing_on import Handover, check_ending
from baton.chain.changes.parties import add_party, no_accounts
from baton.chain.models import Party
from baton.chain.queries.successions import Holdings, holdings
from baton.chain.rules import PARTS, Capacity, PartyKind, Succession
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused, Stale
from baton.core.policy import demand
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop


def split_party(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    names: Sequence[Texts],
    assigned: Mapping[str, int],
    on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> list[Party]:
    """End ``party`` on the day ``on`` (today) and enter one party for each of ``names``, of its kind and in its place.

    ``assigned`` says by public id to which of them (index in ``names``) each link, member, responsibility, need,
    project, key and party under it goes; ids of anything else say nothing. Deputies go with the head they stand in for.
    Refused while something is left over.
    """
    day = on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        old = Party.objects.select_related("parent").get(pk=party.pk)
        if expected_seq is not None and old.changed_seq != expected_seq:
            raise Stale(version=old.changed_seq)
        demand(policy.may_split(policy.standing_of(by, day_of(at)), old))
        held = holdings(viewer=by, at=at, parties=[old], on=day)
        check_ending([old], held, day, day_of(at))
        no_accounts(old)
        _check(names, held, assigned)
        parts = [_part(trail, old, name, day) for name in names]
        handover = Handover(trail, day)
        _hand_on(handover, old, held, {key: parts[assigned[key]] for key in to_assign(held)})
        handover.party(old, parts, Succession.SPLIT)
        return parts


def _part(trail: Trail, old: Party, name: Texts, day: date) -> Party:
    """A new party in the place of the old one; what was confidential stays so."""
    made = add_party(
        by=trail.by, at=trail.at, party_kind=PartyKind(old.party_kind), name=name, parent=old.parent, began_on=day
    )
    made = trail.lock(Party, made)
    made.partner, made.confidentiality = old.partner, old.confidentiality
    return trail.save(made, "party.took_over", parties=[old.public_id])


def to_assign(held: Holdings) -> dict[str, str]:
    """What has to go to one of the parts: public id -> what people call it."""
    members = [one for one in held.memberships if one.capacity != Capacity.DEPUTY]
    return {
        **{link.public_id: str(link) for link in held.links},
        **{one.public_id: str(one.person) for one in members},
        **{one.public_id: str(one.output) for one in held.responsibilities},
        **{child.public_id: str(child) for child in held.children},
        **{need.public_id: str(need) for need in held.needs},
        **{project.public_id: str(project) for project in held.projects},
        **{key.public_id: str(key) for key in held.keys},
    }


def _check(names: Sequence[Texts], held: Holdings, assigned: Mapping[str, int]) -> None:
    if len(names) not in PARTS:
        raise Refused(
            expected=gettext_noop("Expected {least} to {most} parties that come of it."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Choose how many."),
            least=PARTS.start,
            most=PARTS.stop - 1,
            count=len(names),
        )
    left = {key: label for key, label in to_assign(held).items() if assigned.get(key) not in range(len(names))}
    if left:
        shown = list(left.values())
        raise Refused(
            field=next(iter(left)),
            expected=gettext_noop("Expected a new party for everything."),
            found=gettext_noop("Left over: {count}, such as {names}."),
            remedy=gettext_noop("Choose for each where it goes; end beforehand what is to end."),
            count=len(left),
            names=", ".join(shown[:5]),
        )


def _hand_on(handover: Handover, old: Party, held: Holdings, to: Mapping[str, Party]) -> None:
    for link in held.links:
        part = to[link.public_id]
        supplier, customer = (part if side.pk == old.pk else side for side in (link.supplier, link.customer))
        handover.link(link, supplier, customer)
    headed = [to[one.public_id] for one in held.memberships if one.capacity == Capacity.HEAD]
    for membership in held.memberships:
        capacity = Capacity(membership.capacity)
        if capacity is not Capacity.DEPUTY:
            handover.membership(membership, to[membership.public_id], capacity)
        elif headed:
            handover.membership(membership, headed[0], capacity)
        else:
            handover.end(membership)
    for responsibility in held.responsibilities:
        handover.responsibility(responsibility, to[responsibility.public_id])
    for child in held.children:
        handover.child(child, to[child.public_id])
    for need in held.needs:
        handover.need(need, to[need.public_id])
    for project in held.projects:
        handover.project(project, to[project.public_id])
    for key in held.keys:
        handover.key(key, to[key.public_id])
