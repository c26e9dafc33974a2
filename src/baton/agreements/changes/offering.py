"""A version of a service offer is proposed to customers, with one signature; each accepts it on his own link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.drafts import carry_over, clauses_in
from baton.agreements.changes.offered_trials import demand_trials
from baton.agreements.changes.offers import demand_days, to_keep
from baton.agreements.changes.signing import capacity_for
from baton.agreements.changes.steps import close
from baton.agreements.changes.telling import PROPOSED_TOPIC, REMINDED_TOPIC, tell_side
from baton.agreements.models import Acceptance, Agreement, AgreementVersion, OfferVersion
from baton.agreements.queries.offering import customers_of
from baton.agreements.rules import (
    MOST_LINKS,
    OFFERED,
    OPEN,
    RENEWAL_DAYS,
    OfferState,
    Side,
    VersionState,
    missing,
)
from baton.agreements.rules.offers import REMINDER_PAUSE
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, sign
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.core.policy import demand
from baton.core.queries import signatures_of_several
from baton.core.signatures import Proof, digests_now
from baton.core.signing_rules import Grade, Meaning
from baton.core.texts import folded
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Signature

_ASKING = Actor.system("offers")


def propose_offer_version(
    *,
    by: Actor,
    at: datetime,
    version: OfferVersion,
    links: Iterable[Link],
    expected_digest: str,
    proof: Proof,
    keep_own: bool = False,
    expected_seq: int | None = None,
) -> OfferVersion:
    """Offer a draft to customers: one proposal, which who leads the supplier signs once, as he was shown it
    (``expected_digest``).

    Everybody who holds a version of the offer is asked, and the customers of ``links``. On each link a version of its
    agreement comes up that points to this one, with the deviations of the one in force carried over, for the customer
    to accept; links that have something else on its way are left as they are. ``keep_own``: where an agreement of its
    own was in force, its clauses become additional ones instead of being replaced.
    """
    with change(by=by, at=at) as trail:
        version = trail.lock(OfferVersion, version, expected_seq=expected_seq)
        supplier = version.offer.supplier
        demand(policy.may_sign_offers(standing_of(by, day_of(at)), supplier))
        _demand_ready(version, day_of(at))
        demand_days(version.starts_on, version.holds_until, day_of(at))
        asked = _to_ask(trail, version, links, _holding(trail, version))
        signature = sign(
            by=by, at=at, kind=OfferVersion.kind, public_id=version.public_id, expected_digest=expected_digest,
            meaning=Meaning.ACCEPTANCE, grade=Grade.REAUTHENTICATION, proof=proof, side=Side.SUPPLIER,
            capacity=capacity_for(trail, supplier),
        )  # fmt: skip
        version.state, version.proposed_at = OfferState.PROPOSED, at
        version = trail.save(version, "offer_version.proposed")
        _ask(trail, version, asked, signature, keep_own)
        return version


def invite_links(
    *, by: Actor, at: datetime, version: OfferVersion, links: Iterable[Link], keep_own: bool = False
) -> OfferVersion:
    """Ask more customers to accept a version that is offered, under the signature that it bears. Customers who were
    asked already are not asked twice; who declined or let it lapse is asked again. Refused where nobody is left."""
    with change(by=by, at=at) as trail:
        version = _to_offer(trail, version)
        signature = _signature_of(trail, version)
        if not _ask(trail, version, _to_ask(trail, version, links), signature, keep_own):
            raise Refused(
                field="links",
                expected=gettext_noop("Expected a customer with whom nothing else is on its way."),
                found=gettext_noop("With all who were chosen, another version is, or they have accepted this one."),
                remedy=gettext_noop("Let it be signed or taken back on the pages of their agreements, then ask again."),
            )
        trail.note("offer_version.invited", kind=OfferVersion.kind, object_id=version.public_id)
        return version


def remind_customers(*, by: Actor, at: datetime, version: OfferVersion) -> OfferVersion:
    """Tell who leads the customers that have not answered that the version waits for them; once a day at most. Not
    those who have signed, and wait for the supplier themselves."""
    with change(by=by, at=at) as trail:
        version = _to_offer(trail, version)
        if version.reminded_at is not None and at - version.reminded_at < REMINDER_PAUSE:
            raise Refused(
                expected=gettext_noop("Customers are reminded once a day at most."),
                found=gettext_noop("They were reminded less than a day ago."),
                remedy=gettext_noop("Wait, or speak with those who have not answered."),
            )
        customers = customers_of(viewer=_ASKING, at=at, version=version)
        unanswered = [one.version for one in customers if one.waits_for_him]
        if not unanswered:
            raise Refused(
                expected=gettext_noop("Expected a customer who has not answered."),
                found=gettext_noop("All have answered."),
                remedy=gettext_noop("There is nothing to be reminded of."),
            )
        for one in unanswered:
            tell_side(trail, one, [Side.CUSTOMER], REMINDED_TOPIC)
        version.reminded_at = at
        return trail.save(version, "offer_version.reminded")


def _to_offer(trail: Trail, version: OfferVersion) -> OfferVersion:
    """The version, locked, for whoever asks customers to accept it; refused where it is offered no more, or not yet."""
    version = trail.lock(OfferVersion, version)
    to_keep(trail, version.offer)
    newer = OfferVersion.objects.filter(offer=version.offer, state__in=sorted(OFFERED), version__gt=version.version)
    if version.state not in OFFERED or newer.exists():
        raise Refused(
            expected=gettext_noop("Expected the version of the service offer that is offered now."),
            found=gettext_noop("Version {version} is {state}."),
            remedy=gettext_noop("Open the page of the service offer to see its newest version."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    return version


def _demand_ready(version: OfferVersion, today: date) -> None:
    """Refuse what is no draft, has no clause, or has one that lacks something or whose trial is over: nobody could
    accept it."""
    if OfferState(version.state) is not OfferState.DRAFT:
        raise Refused(
            expected=gettext_noop("Expected a draft of the service offer."),
            found=gettext_noop("Version {version} is {state}."),
            remedy=gettext_noop("Load the page again to see how it stands."),
            version=version.version,
            state=str(version.get_state_display()),
        )
    clauses = list(clauses_in(version).filter(dropped=False).select_related("calendar"))
    if not clauses:
        raise Refused(
            expected=gettext_noop("Expected at least one clause."),
            found=gettext_noop("Found none."),
            remedy=gettext_noop("Write down what one side owes the other, then propose it."),
        )
    if red := [clause for clause in clauses if missing(clause.terms)]:
        raise Refused(
            expected=gettext_noop("Expected clauses that each have a measure, a unit, a target and a data source."),
            found=gettext_noop("They lack in: {clauses}."),
            remedy=gettext_noop("Complete these clauses, or leave them out; then propose it."),
            clauses="; ".join(str(clause) for clause in red[:5]),
        )
    demand_trials(version, clauses, today)


def _holding(trail: Trail, version: OfferVersion) -> Sequence[Link]:
    """The links on which an earlier version of the offer is in force."""
    held = AgreementVersion.objects.filter(offer_version__offer=version.offer, state=VersionState.ACTIVE)
    links = chain.links_in_sight(viewer=_ASKING, at=trail.at)
    going_on = links.filter(pk__in=held.values("agreement__link"), ended_on__isnull=True)
    return list(going_on.select_related("supplier", "customer", "output").order_by("number"))


def _to_ask(trail: Trail, version: OfferVersion, links: Iterable[Link], holding: Sequence[Link] = ()) -> list[Link]:
    """Those who hold an earlier version, and each of the links, once, as they now stand. Refused: none, too many links,
    one that has ended, one of another supplier or output."""
    named = {link.pk for link in links}
    # Read again under the lock: one may have ended since the caller read it.
    fresh = chain.links_in_sight(viewer=_ASKING, at=trail.at).filter(pk__in=named)
    with_sides = fresh.select_related("supplier", "customer", "output").order_by("number")
    chosen = list({link.pk: link for link in [*holding, *with_sides]}.values())
    offer = version.offer
    if not chosen or len(named) > MOST_LINKS:
        raise Refused(
            field="links",
            expected=gettext_noop("Expected 1 to {most} customers to be asked."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Choose customers; ask more of them later on the page of the service offer."),
            most=MOST_LINKS,
            count=len(named),
        )
    for link in chosen:
        fits = link.supplier_id == offer.supplier_id and link.output_id == offer.output_id
        if not fits or link.ended_on is not None:
            raise Refused(
                field="links",
                expected=gettext_noop("Expected links on which {supplier} hands over “{output}”, and that go on."),
                found=gettext_noop("{number} is none."),
                remedy=gettext_noop("Choose among the customers that the page shows."),
                supplier=str(offer.supplier),
                output=str(offer.output),
                number=link.number,
            )
    return chosen


def _ask(
    trail: Trail, version: OfferVersion, links: Sequence[Link], signature: Signature, keep_own: bool
) -> list[AgreementVersion]:
    """A version of each link's agreement that points to this one; the supplier has accepted it with his signature.
    Returns those that came up."""
    known = {one.link_id: one for one in Agreement.objects.filter(link__in=[link.pk for link in links])}
    asked = [one for link in links if (one := _version_for(trail, version, link, known.get(link.pk), keep_own))]
    digests = digests_now(AgreementVersion.kind, [one.public_id for one in asked])
    for one in asked:
        digest = digests[one.public_id]
        trail.save(
            Acceptance(version=one, side=Side.SUPPLIER, signature=signature, digest=digest), "acceptance.with_offer"
        )
        tell_side(trail, one, [Side.CUSTOMER], PROPOSED_TOPIC)
    return asked


def _version_for(
    trail: Trail, version: OfferVersion, link: Link, agreement: Agreement | None, keep_own: bool
) -> AgreementVersion | None:
    """The version for one link; None where something else is on its way there, or he has accepted or been asked."""
    if agreement is None:
        agreement = Agreement(link=link, number=next_number(prefix="A", at=trail.at), offer=version.offer)
        agreement.search_text = folded(agreement.number)
        trail.save(agreement, "agreement.begun")
        versions: list[AgreementVersion] = []
    else:
        versions = list(AgreementVersion.objects.filter(agreement=agreement).order_by("-version"))
        if not _is_free(trail, version, versions):
            return None
        agreement = trail.lock(Agreement, agreement)
        agreement.offer = version.offer
        trail.save(agreement, "agreement.offered")
    before = next((one for one in versions if one.state == VersionState.ACTIVE), None)
    asked = _proposed(trail, version, agreement, before, number=versions[0].version + 1 if versions else 1)
    if before is not None:
        carry_over(trail, before, asked, additional=keep_own or before.offer_version_id is not None)
    return asked


def _proposed(
    trail: Trail, version: OfferVersion, agreement: Agreement, before: AgreementVersion | None, *, number: int
) -> AgreementVersion:
    first = version.starts_on if version.starts_on is not None and version.starts_on >= day_of(trail.at) else None
    ends_on = before.ends_on if before is not None else None
    goes_on = ends_on is not None and ends_on >= (first or day_of(trail.at))
    asked = AgreementVersion(
        agreement=agreement, version=number, offer_version=version, state=VersionState.PROPOSED,
        starts_on=first, ends_on=ends_on if goes_on else None,
        renewal_days=before.renewal_days if before is not None else RENEWAL_DAYS,
        minimum_participation=before.minimum_participation if before is not None else 0,
        reason=version.reason, proposed_side=Side.SUPPLIER, proposed_by=trail.by.person, proposed_at=trail.at,
    )  # fmt: skip
    return trail.save(asked, "agreement_version.proposed")


def _is_free(trail: Trail, version: OfferVersion, versions: Sequence[AgreementVersion]) -> bool:
    """Whether a version that points to ``version`` may come up on a link: nothing else is on its way, or only an
    earlier version of the same offer that the customer has not signed, which is taken back."""
    if any(one.offer_version_id == version.pk and one.state == VersionState.ACTIVE for one in versions):
        return False
    on_its_way = next((one for one in versions if VersionState(one.state) in OPEN), None)
    if on_its_way is None:
        return True
    earlier = on_its_way.offer_version is not None and on_its_way.offer_version.offer_id == version.offer_id
    if not earlier or on_its_way.offer_version_id == version.pk or on_its_way.state == VersionState.ACCEPTED:
        return False
    held = trail.lock(AgreementVersion, on_its_way)
    close(trail, held, VersionState.WITHDRAWN, "agreement_version.replaced", "")
    return True


def _signature_of(trail: Trail, version: OfferVersion) -> Signature:
    """The supplier's signature under the version, which must hold."""
    given = signatures_of_several(viewer=trail.by, kind=OfferVersion.kind, public_ids=[version.public_id])
    held = [one.signature for one in given.get(version.public_id, []) if one.holds]
    if not held:
        raise NotFound
    return held[-1]
