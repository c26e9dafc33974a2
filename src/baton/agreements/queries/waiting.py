"""Which agreements wait for somebody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from baton.agreements import policy
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.queries.signing import valid_acceptances
from baton.agreements.rules import Side, VersionState
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that waits for a side that the viewer leads: to be signed, or to be talked over."""

    version: AgreementVersion
    side: Side
    to_sign: bool


def waiting_for(*, viewer: Actor, at: datetime) -> list[Waiting]:
    """Proposed versions that a side for which the viewer may sign has not signed, and those in consultation, the oldest
    first, at most :data:`MOST_SHOWN`. No query for who leads nothing; a fixed number for everybody else."""
    standing = standing_of(viewer, day_of(at))
    if not standing.leads:
        return []
    link = "agreement__link__"
    rows = AgreementVersion.objects.filter(
        state__in=[VersionState.PROPOSED, VersionState.CONSULTATION],
        agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk"),
    ).select_related(f"{link}supplier", f"{link}customer", f"{link}output")
    led = [(one, policy.speaks_for(standing, one.agreement.link)) for one in rows.order_by("proposed_at", "pk")]
    signed = valid_acceptances(viewer=viewer, versions=[one for one, mine in led if mine])
    found = []
    for version, mine in led:
        to_sign = version.state == VersionState.PROPOSED
        open_sides = _open_sides(viewer, mine, signed.get(version.pk, {})) if to_sign else mine
        found += [Waiting(version, side, to_sign) for side in sorted(open_sides)[:1]]
    return found[:MOST_SHOWN]


def _open_sides(viewer: Actor, mine: Collection[Side], signed: Mapping[Side, Acceptance]) -> set[Side]:
    """The sides for which he may sign: not signed yet, and the other one not by himself."""
    person = viewer.person.pk if viewer.person is not None else None
    himself = {side for side, one in signed.items() if one.signature.person_id == person}
    return {side for side in mine if side not in signed and side.other not in himself}
