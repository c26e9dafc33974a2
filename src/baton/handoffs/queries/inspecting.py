"""Who checks handoffs of a link for a living."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.chain.policy import in_force, sight_of, standing_of
from baton.chain.rules import OutputKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.handoffs import policy
from baton.handoffs.models import Handoff
from baton.handoffs.rules import Side, Stage

if TYPE_CHECKING:
    from baton.chain.models import Link


def inspects(*, viewer: Actor, at: datetime, link: Link) -> bool:
    """Whether the viewer belongs to a party that hands a control output to a side of the link. One query beside those
    of his sight."""
    day = day_of(at)
    own = sight_of(viewer, day).own
    if not own:
        return False
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(
        in_force(day), supplier__in=own, output__output_kind=OutputKind.CONTROL,
        customer__in=(link.supplier_id, link.customer_id),
    )  # fmt: skip
    return rows.exists()


def may_check(*, viewer: Actor, at: datetime, handoff: Handoff, stage: Stage) -> bool:
    """Whether the viewer enters this check of the handoff."""
    standing = standing_of(viewer, day_of(at))
    if stage is Stage.INSPECTOR:
        known = standing.edits_all or inspects(viewer=viewer, at=at, link=handoff.link)
        return policy.may_inspect(standing, inspects=known)
    return policy.may_act(standing, handoff.link, Side.SUPPLIER if stage is Stage.SELF_CHECK else Side.CUSTOMER)
