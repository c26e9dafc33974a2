"""Which version of an agreement held at a moment, and its clauses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.queries.agreements import clauses_by_version
from baton.core.actors import Actor
from baton.core.database.keys import Keys


def versions_ever_in_force(*, viewer: Actor, links: Collection[int]) -> dict[int, list[AgreementVersion]]:
    """By key of the link, the versions of its agreement that came into force, in that order: each held from
    ``activated_at`` until ``closed_at``. The caller has made sure that ``viewer`` sees the links; a stranger gets
    nothing. One query."""
    found: dict[int, list[AgreementVersion]] = {key: [] for key in links}
    if viewer.is_anonymous:
        return found
    rows = AgreementVersion.objects.filter(agreement__link__in=list(links), activated_at__isnull=False)
    for version in rows.select_related("agreement").order_by("activated_at", "version"):
        found[version.agreement.link_id].append(version)
    return found


def version_in_force_at(*, viewer: Actor, link: int, moment: datetime) -> AgreementVersion | None:
    """The version of the agreement of a link (key) that held at a moment; None: there was none. The caller has made
    sure that ``viewer`` sees the link. One query."""
    if viewer.is_anonymous:
        return None
    held = Q(activated_at__lte=moment) & (Q(closed_at__isnull=True) | Q(closed_at__gt=moment))
    rows = AgreementVersion.objects.filter(held, agreement__link=link).select_related("agreement")
    return rows.order_by("-activated_at", "-version").first()


def versions_in_force_at(*, viewer: Actor, links: Collection[int], moment: datetime) -> dict[int, AgreementVersion]:
    """By key of the link, the version of its agreement that held at a moment; a link without one is left out. The
    caller has made sure that ``viewer`` sees the links; a stranger gets nothing. One query."""
    if viewer.is_anonymous:
        return {}
    held = Q(activated_at__lte=moment) & (Q(closed_at__isnull=True) | Q(closed_at__gt=moment))
    rows = AgreementVersion.objects.filter(held, agreement__link__pk__among=Keys(links)).select_related("agreement")
    return {one.agreement.link_id: one for one in rows.order_by("activated_at", "version")}


def clauses_in_force_at(*, viewer: Actor, link: int, moment: datetime) -> list[Clause]:
    """The clauses that held on a link (key) at a moment, those of its service offer included; none where nothing was
    agreed. The caller has made sure that ``viewer`` sees the link. Three queries at most."""
    version = version_in_force_at(viewer=viewer, link=link, moment=moment)
    return clauses_by_version(viewer=viewer, versions=[version])[version.pk] if version is not None else []


def where_it_holds(*, viewer: Actor, kind: str, public_id: str) -> tuple[int, datetime] | None:
    """The link (key) on which a version of an agreement, or one of its clauses, holds or held, and since when; None: it
    never did. For what is computed of it, which shows nothing; a stranger gets nothing. One query."""
    if viewer.is_anonymous:
        return None
    versions = AgreementVersion.objects.filter(activated_at__isnull=False)
    if kind == AgreementVersion.kind:
        versions = versions.filter(public_id=public_id)
    else:
        versions = versions.filter(clauses__public_id=public_id)
    row = versions.values_list("agreement__link", "activated_at").first()
    return (row[0], row[1]) if row is not None and row[1] is not None else None
