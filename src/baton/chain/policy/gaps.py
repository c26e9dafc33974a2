"""Gaps: who may see and answer them."""

from __future__ import annotations

from collections.abc import Iterable

from baton.chain.policy.links import leads_links_wholly
from baton.chain.policy.standing import SEE_LINKS, Standing
from baton.core.actors import Actor


def may_answer_gap(standing: Standing, paths: Iterable[str]) -> bool:
    """Assign or answer a gap that concerns the parties with these ``paths``, or take an answer back."""
    return standing.edits_all or any(
        path.startswith(lead.path) for path in paths for lead in standing.leads if lead.is_whole
    )


def may_see_gap(standing: Standing, paths: Iterable[str], *, from_log: bool) -> bool:
    """Read a gap that concerns the parties with these ``paths``; who is to close one sees it, too.

    What only an event log shows (``from_log``) is for those who see event logs and for who leads one of the parties.
    """
    if standing.is_guest or standing.actor.is_anonymous:
        return False
    if standing.actor.has(*SEE_LINKS):
        return True
    if from_log:
        return may_answer_gap(standing, paths)
    return any(path.startswith(own) for path in paths for own in standing.belongs)


def may_see_all_gaps(actor: Actor) -> bool:
    return actor.has(*SEE_LINKS)


def may_answer_some_gap(standing: Standing) -> bool:
    """Whether there is any gap that the actor might answer."""
    return leads_links_wholly(standing)
