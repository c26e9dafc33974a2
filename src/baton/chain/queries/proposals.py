"""Proposed links that the viewer made, or may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from baton.chain import policy
from baton.chain.models import LinkProposal, Party
from baton.chain.queries.lists import by_name
from baton.chain.rules import ProposalState
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound

MOST_SHOWN = 100
"""Most proposals of each list."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """``to_answer`` wait for the viewer, the oldest first; ``own`` are his, the newest first."""

    to_answer: list[LinkProposal]
    own: list[LinkProposal]


def proposals(*, viewer: Actor, at: datetime) -> Proposals:
    """What the page of proposed links shows. Four queries."""
    waiting = LinkProposal.objects.filter(_answerable(viewer, at), state=ProposalState.OPEN)
    own = LinkProposal.objects.filter(proposed_by=viewer.person).order_by("-recorded_at", "-pk")
    with_all = ("party", "other", "proposed_by", "answered_by", "link")
    return Proposals(
        list(waiting.select_related(*with_all).order_by("recorded_at", "pk")[:MOST_SHOWN]),
        list(own.select_related(*with_all)[:MOST_SHOWN]) if viewer.person is not None else [],
    )


def proposals_to_answer(*, viewer: Actor, at: datetime) -> int:
    """How many proposed links wait for the viewer."""
    return LinkProposal.objects.filter(_answerable(viewer, at), state=ProposalState.OPEN).count()


def proposal(*, viewer: Actor, at: datetime, public_id: str) -> LinkProposal:
    """One that the viewer made or may answer."""
    found = LinkProposal.objects.filter(public_id=public_id).select_related("party", "proposed_by").first()
    standing = policy.standing_of(viewer, day_of(at))
    if found is None or not policy.may_see_proposal(standing, found):
        raise NotFound
    return found


def parties_to_propose_for(*, viewer: Actor, at: datetime) -> list[Party]:
    """The live parties of which the viewer is part, those that lie deepest first: there he works."""
    day = day_of(at)
    standing = policy.standing_of(viewer, day)
    mine = Party.objects.filter(policy.in_force(day), path__in=standing.belongs).order_by(by_name())
    return sorted(mine, key=lambda party: -party.path.count("/"))


def _answerable(viewer: Actor, at: datetime) -> Q:
    return policy.answerable(policy.standing_of(viewer, day_of(at)))
