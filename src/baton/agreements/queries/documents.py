"""Everything that stands in the document of a version: what is printed, filed and taken along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from baton.agreements.models import AgreementVersion, Clause, Guarantee, ServiceStep
from baton.agreements.queries.agreements import clauses_by_version, version
from baton.agreements.queries.guarantees import guarantees_of
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.queries.signing import sides_signed, signatures_under
from baton.agreements.queries.versions import that_counts
from baton.agreements.rules import Side
from baton.core.actors import Actor
from baton.core.queries import SignatureStanding, to_sign


@dataclass(frozen=True, slots=True)
class VersionDocument:
    """A version with the clauses that hold in it, ``offered`` those of its service offer by line (of which some may be
    replaced or left out here), who signed for which side last (``signed``), and all signatures ever given under it."""

    version: AgreementVersion
    digest: str
    clauses: list[Clause]
    offered: Mapping[str, Clause]
    signed: Mapping[Side, SignatureStanding]
    signatures: list[SignatureStanding]
    guarantees: list[Guarantee]
    steps: list[ServiceStep]

    @property
    def left_out(self) -> list[Clause]:
        """Clauses of the offer that do not hold here."""
        held = {one.deviates_from or one.line for one in self.clauses}
        return [one for line, one in self.offered.items() if line not in held]


def version_document(*, viewer: Actor, at: datetime, public_id: str) -> VersionDocument:
    """What stands in the document of a version; :class:`NotFound` where the viewer may not know of it. A fixed number
    of queries."""
    found = version(viewer=viewer, at=at, public_id=public_id)
    # Asked before the clauses are read: what changes in between bears another mark, and is seen to.
    digest = to_sign(viewer=viewer, kind=AgreementVersion.kind, public_id=public_id).digest
    offered = Clause.objects.filter(offer_version=found.offer_version_id, offer_version__isnull=False, dropped=False)
    return VersionDocument(
        version=found,
        digest=digest,
        clauses=clauses_by_version(viewer=viewer, versions=[found]).get(found.pk, []),
        offered={one.line: one for one in offered.select_related("calendar").order_by("position", "pk")},
        signed=sides_signed(viewer=viewer, versions=[found]).get(found.pk, {}),
        signatures=signatures_under(viewer=viewer, versions=[found]).get(found.pk, []),
        guarantees=[one.guarantee for one in guarantees_of(viewer=viewer, at=at, agreement=found.agreement)],
        steps=_steps(found),
    )


def version_called(*, viewer: Actor, at: datetime, number: str, version: int | None = None) -> str | None:
    """The public id of a version by the spoken number of its agreement: version ``version``, or else the one that
    counts; None where the viewer knows of none."""
    seen = agreements_in_sight(viewer=viewer, at=at).filter(number=number.strip().upper())
    rows = list(AgreementVersion.objects.filter(agreement__in=seen).order_by("-version"))
    if version is not None:
        rows = [one for one in rows if one.version == version]
    return that_counts(rows).public_id if rows else None


def _steps(found: AgreementVersion) -> list[ServiceStep]:
    rows = ServiceStep.objects.filter(offer_version=found.offer_version_id, offer_version__isnull=False, dropped=False)
    return list(rows.order_by("position", "pk"))
