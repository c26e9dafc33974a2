"""Service guarantees that the viewer sees, their calls, and how many were honoured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from baton.agreements import policy
from baton.agreements.models import Agreement, Guarantee, GuaranteeCall, ServiceOffer
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.rules.guarantees import COUNTED, HonouredShare, honoured_share
from baton.chain import queries as chain
from baton.chain.policy import sight_of, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand, may_use

CALLS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class GuaranteeRow:
    """A guarantee and how many of its calls of a year were honoured, of all who have it."""

    guarantee: Guarantee
    honoured: HonouredShare


def guarantees_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Guarantee]:
    """The guarantees on agreements in sight, on the offers that these accept, and on offers of parties in sight."""
    if not may_use(viewer):
        return Guarantee.objects.none()
    seen = agreements_in_sight(viewer=viewer, at=at)
    offered = Q(offer__in=seen.values("offer")) | Q(offer__supplier__in=chain.seen_parties(viewer=viewer, at=at))
    return Guarantee.objects.filter(Q(agreement__in=seen.values("pk")) | offered)


def guarantee(*, viewer: Actor, at: datetime, public_id: str) -> Guarantee:
    """One guarantee; :class:`NotFound` also where the viewer does not see what it stands on."""
    link = "agreement__link__"
    rows = guarantees_in_sight(viewer=viewer, at=at).select_related(
        f"{link}supplier", f"{link}customer", f"{link}output", "offer__supplier", "offer__output"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def guarantees_of(*, viewer: Actor, at: datetime, agreement: Agreement) -> list[GuaranteeRow]:
    """The guarantees that the customer of an agreement has, by its own words or by those of its offer. The caller has
    made sure that ``viewer`` sees the agreement."""
    if not may_use(viewer):
        return []
    mine = Q(agreement=agreement)
    if agreement.offer_id is not None:
        mine |= Q(offer=agreement.offer_id)
    return shares_of(
        viewer=viewer, at=at, guarantees=list(Guarantee.objects.filter(mine, ended_at=None).order_by("pk"))
    )


def guarantees_of_offer(*, viewer: Actor, at: datetime, offer: ServiceOffer) -> list[GuaranteeRow]:
    """The guarantees that all customers of a service offer have. The caller has made sure that ``viewer`` sees it."""
    if not may_use(viewer):
        return []
    rows = Guarantee.objects.filter(offer=offer, ended_at=None).order_by("pk")
    return shares_of(viewer=viewer, at=at, guarantees=list(rows))


def may_give_on(*, viewer: Actor, at: datetime, offer: ServiceOffer) -> bool:
    """Whether the viewer gives guarantees on this service offer."""
    return offer.ended_at is None and policy.may_guarantee(standing_of(viewer, day_of(at)), Guarantee(offer=offer))


def shares_of(*, viewer: Actor, at: datetime, guarantees: Sequence[Guarantee]) -> list[GuaranteeRow]:
    """The guarantees with how many calls were honoured. One query."""
    demand(may_use(viewer))
    outcomes: dict[int, list[str]] = {}
    calls = GuaranteeCall.objects.filter(guarantee__in=guarantees, called_on__gt=day_of(at) - COUNTED)
    for guarantee, outcome in calls.values_list("guarantee_id", "outcome"):
        outcomes.setdefault(guarantee, []).append(outcome)
    return [GuaranteeRow(one, honoured_share(outcomes.get(one.pk, []))) for one in guarantees]


def calls_of(*, viewer: Actor, at: datetime, guarantee: Guarantee) -> list[GuaranteeCall]:
    """The last calls of a guarantee by customers whose agreements the viewer sees, the newest first."""
    rows = calls_in_sight(viewer=viewer, at=at, guarantee=guarantee)
    return list(rows.order_by("-called_on", "-pk")[:CALLS_SHOWN])


def calls_in_sight(*, viewer: Actor, at: datetime, guarantee: Guarantee) -> QuerySet[GuaranteeCall]:
    """All of them, each with its link."""
    seen = agreements_in_sight(viewer=viewer, at=at)
    link = "agreement__link__"
    rows = GuaranteeCall.objects.filter(guarantee=guarantee, agreement__in=seen.values("pk"))
    return rows.select_related("guarantee", f"{link}supplier", f"{link}customer", f"{link}output")


def call(*, viewer: Actor, at: datetime, public_id: str) -> GuaranteeCall:
    """One call; :class:`NotFound` also where the viewer does not see the agreement."""
    seen = agreements_in_sight(viewer=viewer, at=at)
    link = "agreement__link__"
    rows = GuaranteeCall.objects.filter(public_id=public_id, agreement__in=seen.values("pk"))
    found = rows.select_related("guarantee", f"{link}supplier", f"{link}customer", f"{link}output").first()
    if found is None:
        raise NotFound
    return found


def may_give(*, viewer: Actor, at: datetime, agreement: Agreement) -> bool:
    """Whether the viewer gives guarantees on this agreement."""
    return policy.may_guarantee(standing_of(viewer, day_of(at)), Guarantee(agreement=agreement))


def callable_by(*, viewer: Actor, at: datetime, agreements: Iterable[Agreement]) -> list[Agreement]:
    """Of these agreements those in whose customer's name the viewer calls a guarantee."""
    sight = sight_of(viewer, day_of(at))
    return [one for one in agreements if policy.may_call(sight, one.link)]


def agreements_with(*, viewer: Actor, at: datetime, guarantee: Guarantee) -> list[Agreement]:
    """The agreements in sight whose customers have this guarantee."""
    seen = agreements_in_sight(viewer=viewer, at=at)
    mine = Q(pk=guarantee.agreement_id) if guarantee.agreement_id is not None else Q(offer=guarantee.offer_id)
    link = "link__"
    rows = seen.filter(mine).select_related(f"{link}supplier", f"{link}customer", f"{link}output")
    return list(rows.order_by("number"))


def address_of_call(public_id: str) -> str:
    """The page on which a call (public id) stands."""
    found = GuaranteeCall.objects.filter(public_id=public_id).values_list("guarantee__public_id", flat=True).first()
    return f"/agreements/guarantees/{found}/" if found else "/agreements/"
