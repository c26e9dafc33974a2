"""Who leads serves his staff: what he promises them becomes links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from baton.chain import policy
from baton.chain.changes.links import add_link
from baton.chain.changes.memberships import appoint
from baton.chain.changes.outputs import give_responsibility
from baton.chain.changes.parties import add_party
from baton.chain.models import Link, Membership, Party, Responsibility
from baton.chain.rules import POSTS, Capacity, PartyKind, Responsible
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import Texts
from baton_analysis.errors import gettext_noop


def promise_to_staff(*, by: Actor, at: datetime, party: Party, post: Texts, promises: Sequence[Texts]) -> Party:
    """Let who leads ``party`` be the supplier of all in it: a link for each promise. Returns the post that promises.

    ``post`` names the role that promises; it is entered in the party, with the party's head as its head, where nobody
    in the party (:func:`leading_post`) serves it so far. The role is accountable for what it alone promises. Refused:
    no promise, and whatever the links, outputs and parties themselves refuse.
    """
    if not promises:
        raise Refused(
            field="training",
            expected=gettext_noop("Expected at least one promise."),
            remedy=gettext_noop("Write in one line what the staff can count on."),
        )
    with change(by=by, at=at):
        party = Party.objects.get(pk=party.pk)
        demand(policy.may_promise_to_staff(policy.standing_of(by, day_of(at)), party))
        leader = leading_post(party=party, at=at) or _new_post(by, at, party, post)
        links = [add_link(by=by, at=at, supplier=leader, customer=party, output=words) for words in promises]
        for link in links:
            if not Responsibility.objects.filter(policy.beyond(day_of(at)), output=link.output).exists():
                give_responsibility(
                    by=by, at=at, output=link.output, party=leader, responsible=Responsible.ACCOUNTABLE
                )  # fmt: skip
        return leader


def leading_post(*, party: Party, at: datetime) -> Party | None:
    """The role or person in ``party`` that serves all of it already; the first one of several."""
    live = Link.objects.filter(policy.in_force(day_of(at)), customer=party, supplier__party_kind__in=sorted(POSTS))
    found = live.filter(supplier__path__startswith=party.path).order_by("number").select_related("supplier").first()
    return found.supplier if found is not None else None


def _new_post(by: Actor, at: datetime, party: Party, post: Texts) -> Party:
    leader = add_party(by=by, at=at, party_kind=PartyKind.ROLE, name=post, parent=party)
    heads = Membership.objects.filter(policy.in_force(day_of(at)), party=party, capacity=Capacity.HEAD)
    head = heads.select_related("person").first()
    if head is not None:
        appoint(by=by, at=at, party=leader, person=head.person, capacity=Capacity.HEAD)
    return leader
