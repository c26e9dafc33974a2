"""Who has signed a version of an agreement, whether it holds, and what exactly is signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.models import Acceptance, AgreementVersion, OfferVersion
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.hearing import hearing_of
from baton.agreements.rules import OFFERED, Objection, Side, VersionState, is_over, missing, objection
from baton.chain.policy import standing_of
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.queries import Fate, SignatureStanding, signatures_of_several, task_links
from baton.core.signatures import digests_now

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import TaskLink


@dataclass(frozen=True, slots=True)
class SideSigned:
    """One side of a version: its party, the acceptance with what became of its signature (None: not signed yet), and
    why the viewer may not sign for it (None: he may). ``outside``: the party has no people of its own here."""

    side: Side
    party: Party
    acceptance: Acceptance | None
    standing: SignatureStanding | None
    objection: Objection | None

    @property
    def is_signed(self) -> bool:
        """Whether it was signed as it now stands."""
        return self.standing is not None and self.standing.holds

    def is_signed_by(self, actor: Actor) -> bool:
        """Whether he has signed it as it now stands."""
        given = self.standing.signature.person_id if self.standing is not None and self.standing.holds else None
        return given is not None and actor.person is not None and given == actor.person.pk


@dataclass(frozen=True, slots=True)
class SigningPage:
    """A version with both sides, all signatures ever given under it, and the task links about it."""

    version: AgreementVersion
    sides: list[SideSigned]
    signatures: list[SignatureStanding]
    links: list[TaskLink]
    may_ask: bool

    def of(self, side: Side) -> SideSigned:
        """One of the two sides."""
        return next(one for one in self.sides if one.side is side)


def valid_acceptances(*, viewer: Actor, versions: Sequence[AgreementVersion]) -> dict[int, dict[Side, Acceptance]]:
    """The acceptances whose signatures hold, by version and side. The caller has made sure that ``viewer`` may see the
    versions. As many queries for several as for one."""
    found: dict[int, dict[Side, Acceptance]] = {}
    for one, standing in _accepted(viewer, versions):
        if standing is not None and standing.holds:
            found.setdefault(one.version_id, {})[Side(one.side)] = one
    return found


def sides_signed(*, viewer: Actor, versions: Sequence[AgreementVersion]) -> dict[int, dict[Side, SignatureStanding]]:
    """The last signature of each side, by version, also where it became void. The caller has made sure that ``viewer``
    may see the versions. As many queries for several as for one."""
    found: dict[int, dict[Side, SignatureStanding]] = {}
    for one, standing in _accepted(viewer, versions):
        if standing is not None:
            found.setdefault(one.version_id, {})[Side(one.side)] = standing
    return found


def signing_page(*, viewer: Actor, at: datetime, version: AgreementVersion) -> SigningPage:
    """Who has signed a version that the caller has read with this viewer, and what the viewer may do about it."""
    link, state = version.agreement.link, VersionState(version.state)
    given = {Side(one.side): (one, standing) for one, standing in _accepted(viewer, [version])}
    signed = {side: one for side, (one, standing) in given.items() if standing is not None and standing.holds}
    clauses = clauses_by_version(viewer=viewer, versions=[version]).get(version.pk, [])
    standing = standing_of(viewer, day_of(at))
    himself = signed_by(viewer=viewer, version=version, held={side: given[side][0] for side in signed})
    over, hearing = is_over(version.ends_on, link.ended_on, day_of(at)), hearing_of(viewer=viewer, version=version)
    superseded = is_superseded(viewer=viewer, version=version)
    sides = [
        SideSigned(
            side=side,
            party=link.supplier if side is Side.SUPPLIER else link.customer,
            acceptance=given[side][0] if side in given else None,
            standing=given[side][1] if side in given else None,
            objection=objection(
                state=state, over=over, superseded=superseded,
                red=any(missing(clause.terms) for clause in clauses),
                speaks_for=policy.speaks_for(standing, link), side=side, signed=signed.keys(),
                signed_himself=himself, hearing=hearing,
            ),
        )
        for side in Side
    ]  # fmt: skip
    under = signatures_under(viewer=viewer, versions=[version])
    asked = task_links(viewer=viewer, kind=AgreementVersion.kind, public_ids=[version.public_id])
    may_ask = state is VersionState.PROPOSED and policy.may_write(standing, link)
    return SigningPage(version, sides, under[version.pk], asked, may_ask)


def is_superseded(*, viewer: Actor, version: AgreementVersion) -> bool:
    """Whether it points to a version of a service offer that is offered no more. The caller has made sure that
    ``viewer`` may see it."""
    if version.offer_version is None:
        return False
    newer = OfferVersion.objects.filter(
        offer=version.offer_version.offer_id, state__in=sorted(OFFERED), version__gt=version.offer_version.version
    )
    return version.offer_version.state not in OFFERED or newer.exists()


def signed_by(*, viewer: Actor, version: AgreementVersion, held: Mapping[Side, Acceptance]) -> set[Side]:
    """The sides whose acceptances, of those ``held``, the viewer brought in: with his own signature, or, for a party of
    the organisation, by registering its paper copy. For the other side he signs no more."""
    if viewer.person is None:
        return set()
    own, link = viewer.person.pk, version.agreement.link
    parties = {Side.SUPPLIER: link.supplier, Side.CUSTOMER: link.customer}
    inside = {side for side, party in parties.items() if party.party_kind not in OUTSIDE}
    return {
        side
        for side, one in held.items()
        if one.signature.person_id == own
        or (side in inside and one.scan is not None and one.scan.comment.author_id == own)
    }


def _versions(public_ids: Collection[str]) -> list[AgreementVersion]:
    link = "agreement__link__"
    rows = AgreementVersion.objects.filter(public_id__in=public_ids)
    return list(rows.select_related(f"{link}supplier", f"{link}customer", f"{link}output"))


def _accepted(viewer: Actor, versions: Sequence[AgreementVersion]) -> list[tuple[Acceptance, SignatureStanding | None]]:
    rows = Acceptance.objects.filter(version__in=[one.pk for one in versions])
    given = list(rows.select_related("signature__person", "version", "scan__comment"))
    if not given:
        return []
    own = {one.version.public_id for one in given if not one.digest}
    found = signatures_of_several(viewer=viewer, kind=AgreementVersion.kind, public_ids=own) if own else {}
    standings = {one.signature.pk: one for several in found.values() for one in several}
    with_offer = _with_offer(viewer, [one for one in given if one.digest])
    return [(one, with_offer.get(one.pk) or standings.get(one.signature_id)) for one in given]


def _with_offer(viewer: Actor, given: Sequence[Acceptance]) -> dict[int, SignatureStanding]:
    """The signature under a service offer that each of the acceptances bears, by their keys; what was changed on a link
    since is not covered by it."""
    if not given:
        return {}
    offers = {one.signature.object_id for one in given}
    found = signatures_of_several(viewer=viewer, kind=OfferVersion.kind, public_ids=offers)
    standings = {one.signature.pk: one for several in found.values() for one in several}
    now = digests_now(AgreementVersion.kind, [one.version.public_id for one in given])
    covered = {}
    for one in given:
        standing = standings.get(one.signature_id)
        if standing is not None and standing.holds and now.get(one.version.public_id) != one.digest:
            standing = SignatureStanding(standing.signature, Fate.CHANGED)
        if standing is not None:
            covered[one.pk] = standing
    return covered


def signatures_under(*, viewer: Actor, versions: Sequence[AgreementVersion]) -> dict[int, list[SignatureStanding]]:
    """Every signature under each of the versions, by key, those given with their service offer first. The caller has
    made sure that ``viewer`` may see them. As many queries for several as for one."""
    offered: dict[int, list[SignatureStanding]] = {}
    bearing = Acceptance.objects.filter(version__in=[one.pk for one in versions]).exclude(digest="")
    given = list(bearing.select_related("signature__person", "version"))
    with_offer = _with_offer(viewer, given)
    for one in given:
        if one.pk in with_offer:
            offered.setdefault(one.version_id, []).append(with_offer[one.pk])
    own = signatures_of_several(
        viewer=viewer, kind=AgreementVersion.kind, public_ids=[one.public_id for one in versions]
    )
    return {one.pk: [*offered.get(one.pk, []), *own.get(one.public_id, [])] for one in versions}


def proves_an_acceptance(attachment: str) -> bool:
    """Whether this file (public id) is the scan of a signed paper copy; asked by the core before it is removed."""
    return Acceptance.objects.filter(scan__public_id=attachment).exists()


def version_to_read(public_id: str) -> AgreementVersion:
    """A version for somebody outside who has shown that he was asked to read it; :class:`NotFound` where there is
    none."""
    found = next(iter(_versions([public_id])), None)
    if found is None:
        raise NotFound
    return found
