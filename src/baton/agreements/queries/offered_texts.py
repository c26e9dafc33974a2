"""What exactly is signed of a service offer, what it is called, how it is found, and what of it anybody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from baton.agreements.models import Clause, Guarantee, OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.queries.offers import that_counts
from baton.agreements.queries.sight import offers_in_sight
from baton.agreements.rules import OFFERED, Clock, OfferState, clock
from baton.core.actors import Actor
from baton.core.audit.values import plain
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.registries import Findable


def contents_of_offers(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What exactly is signed of each of these versions: its clauses and steps, and its days. The caller has made sure
    that ``viewer`` may see them. Three queries."""
    rows = OfferVersion.objects.filter(public_id__in=public_ids).select_related("offer__supplier", "offer__output")
    versions = {one.pk: one for one in rows} if not viewer.is_anonymous else {}
    said: dict[int, dict[str, Any]] = {
        one.pk: {
            "offer": one.offer.number, "version": one.version, "supplier": one.offer.supplier.number,
            "output": one.offer.output.number, "starts_on": one.starts_on, "holds_until": one.holds_until,
            "clauses": [], "steps": [],
        }
        for one in versions.values()
    }  # fmt: skip
    held = Clause.objects.filter(offer_version__in=list(versions), dropped=False).select_related("calendar")
    for clause in held.order_by("position", "pk"):
        said[clause.offer_version_id or 0]["clauses"].append({"line": clause.line, **asdict(clause.terms)})
    for step in ServiceStep.objects.filter(offer_version__in=list(versions), dropped=False).order_by("position", "pk"):
        words = {name: getattr(step, name) for name in ("line", "name", "role", "minutes", "bring")}
        said[step.offer_version_id]["steps"].append(words)
    return {versions[key].public_id: {name: plain(value) for name, value in one.items()} for key, one in said.items()}


def names_of_offers(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """What people call each of these versions, by language: ``SO-2026-0001 v2 · Daily linen``. The caller has made sure
    that ``viewer`` may see them."""
    rows = OfferVersion.objects.filter(public_id__in=public_ids).select_related("offer")
    return {one.public_id: {code: f"{one} · {text}" for code, text in one.offer.name.items()} for one in rows}


def offers_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """Service offers by number, name, what is handed over, clauses and steps of the version that counts."""
    for one in ServiceOffer.objects.filter(public_id__in=public_ids).select_related("supplier", "output"):
        versions = list(one.versions.order_by("-version"))
        if not versions:  # it is being begun
            continue
        version = that_counts(versions)
        clauses = Clause.objects.filter(offer_version=version, dropped=False)
        steps = version.steps.filter(dropped=False)
        texts = [text for said in [*clauses.values_list("characteristic", flat=True),
                                   *steps.values_list("name", flat=True), one.output.name]
                 for text in said.values()]  # fmt: skip
        yield Findable(
            one.public_id, one.number, one.name, texts=texts, note=str(one.supplier),
            ended_on=day_of(one.ended_at) if one.ended_at is not None else None,
        )  # fmt: skip


def offer_ids() -> Iterable[str]:
    """Every service offer."""
    return ServiceOffer.objects.values_list("public_id", flat=True)


def offers_of_versions(public_ids: Collection[str]) -> Iterable[str]:
    """The service offers of these versions."""
    return OfferVersion.objects.filter(public_id__in=public_ids).values_list("offer__public_id", flat=True)


def offers_of_clauses(public_ids: Collection[str]) -> Iterable[str]:
    """The service offers in which these clauses stand."""
    rows = Clause.objects.filter(public_id__in=public_ids, offer_version__isnull=False)
    return rows.values_list("offer_version__offer__public_id", flat=True)


def offers_of_steps(public_ids: Collection[str]) -> Iterable[str]:
    """The service offers of these steps."""
    return ServiceStep.objects.filter(public_id__in=public_ids).values_list(
        "offer_version__offer__public_id", flat=True
    )


def offers_of_outputs(public_ids: Collection[str]) -> Iterable[str]:
    """The service offers of these outputs."""
    return ServiceOffer.objects.filter(output__public_id__in=public_ids).values_list("public_id", flat=True)


def search_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """The service offers that the viewer may know of; guests find none."""
    return {ServiceOffer.kind: offers_in_sight(viewer=viewer, at=at)} if may_use(viewer) else {}


@dataclass(frozen=True, slots=True)
class PublishedOffer:
    """What anybody reads of a service offer: what it is, its steps with the clock, the clauses that were published, the
    guarantees. No names of persons, no customers."""

    offer: ServiceOffer
    version: OfferVersion
    steps: list[ServiceStep]
    clock: Clock
    clauses: list[Clause]
    guarantees: list[Guarantee]


def published_offer(*, viewer: Actor, at: datetime, token: str) -> PublishedOffer:
    """The offer behind the address of a public page, for anybody (``viewer``): its newest version whose first day has
    come, or where that of none has, the newest. :class:`NotFound` where there is none, not any more, or not yet. Five
    queries."""
    offer = ServiceOffer.objects.select_related("supplier", "output").filter(page_token=token).first()
    if offer is None or not token:
        raise NotFound
    versions = list(OfferVersion.objects.filter(offer=offer).exclude(proposed_at=None).order_by("-version"))
    offered = [one for one in versions if one.state in OFFERED]
    if not offered:
        raise NotFound
    begun = [one for one in versions if one.starts_on is None or one.starts_on <= day_of(at)]
    version = next((one for one in begun if one.state != OfferState.ENDED), offered[0])
    clauses = Clause.objects.filter(offer_version=version, dropped=False, line__in=offer.page_lines)
    steps = list(version.steps.filter(dropped=False).order_by("position", "pk"))
    return PublishedOffer(
        offer, version, steps, clock([one.minutes for one in steps]),
        list(clauses.select_related("calendar").order_by("position", "pk")),
        list(Guarantee.objects.filter(offer=offer, ended_at=None).order_by("pk")),
    )  # fmt: skip
