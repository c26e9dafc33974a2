"""Service offers are begun, their versions written, taken back and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.changes.checks import note_given, reason_given, texts_given
from baton.agreements.changes.drafts import clauses_in, new_clause, offered_in, to_edit_offered, touch
from baton.agreements.changes.offered_trials import begin_trials
from baton.agreements.changes.service_steps import carry_steps_over
from baton.agreements.changes.steps import close
from baton.agreements.models import AgreementVersion, Clause, OfferVersion, ServiceOffer
from baton.agreements.rules import OPEN, OfferState, VersionState, effective
from baton.agreements.rules.offers import ON_ITS_WAY
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import folded, sort_keys
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Output, Party


def begin_offer(
    *,
    by: Actor,
    at: datetime,
    supplier: Party,
    output: Output,
    name: Mapping[str, str],
    like: AgreementVersion | None = None,
) -> OfferVersion:
    """Begin a service offer of a party for what it hands over, with a first draft: empty, or with the clauses that hold
    in a version of an agreement on that output (``like``), by the same lines, so that the agreement deviates from the
    offer only in what is changed in it.

    Returns the draft. Refused: an output that the party hands to nobody, and an agreement about something else.
    """
    said = texts_given(name, "name")
    with change(by=by, at=at) as trail:
        supplier = chain.party(viewer=by, at=at, public_id=supplier.public_id)
        demand(policy.may_write_offers(standing_of(by, day_of(at)), supplier))
        _demand_handed_over(by, at, supplier, output)
        if like is not None and (like.agreement.link.supplier_id, like.agreement.link.output_id) != (
            supplier.pk, output.pk,
        ):  # fmt: skip
            raise Refused(
                field="like",
                expected=gettext_noop("Expected an agreement of this supplier about this output."),
                found=gettext_noop("{number} is about another link."),
                remedy=gettext_noop("Choose another agreement, or begin with an empty draft."),
                number=like.agreement.number,
            )
        offer = ServiceOffer(number=next_number(prefix="SO", at=at), supplier=supplier, output=output)
        _call(offer, said)
        trail.save(offer, "service_offer.begun")
        version = trail.save(OfferVersion(offer=offer, version=1), "offer_version.drafted")
        if like is not None:
            _copy(trail, version, effective(offered_in(like), list(like.clauses.order_by("position", "pk"))))
        return version


def rename_offer(
    *, by: Actor, at: datetime, offer: ServiceOffer, name: Mapping[str, str], expected_seq: int | None = None
) -> ServiceOffer:
    """Call a service offer something else."""
    said = texts_given(name, "name")
    with change(by=by, at=at) as trail:
        offer = to_keep(trail, offer, expected_seq)
        _call(offer, said)
        return trail.save(offer, "service_offer.renamed")


def draft_offer_version(*, by: Actor, at: datetime, offer: ServiceOffer, reason: str = "") -> OfferVersion:
    """Begin the next version with clauses and steps of the one in force, or else of the last one.

    Refused while another version is on its way.
    """
    why = note_given(reason, "reason")
    with change(by=by, at=at) as trail:
        offer = to_keep(trail, offer)
        versions = OfferVersion.objects.filter(offer=offer).order_by("-version")
        if (other := versions.filter(state__in=sorted(ON_ITS_WAY)).first()) is not None:
            raise Refused(
                expected=gettext_noop("Expected a service offer without another version on its way."),
                found=gettext_noop("Version {version} is on its way."),
                remedy=gettext_noop("Change that one, or withdraw it first."),
                version=other.version,
            )
        last = versions[0]
        before = versions.filter(state=OfferState.ACTIVE).first() or last
        version = OfferVersion(offer=offer, version=last.version + 1, reason=why)
        trail.save(version, "offer_version.drafted")
        _copy(trail, version, list(clauses_in(before).filter(dropped=False).order_by("position", "pk")))
        carry_steps_over(trail, before, version)
        return version


def describe_offer_version(
    *,
    by: Actor,
    at: datetime,
    version: OfferVersion,
    starts_on: date | None = None,
    holds_until: date | None = None,
    reason: str = "",
    expected_seq: int | None = None,
) -> OfferVersion:
    """Say from which day on a version is offered, until when the one before holds where it is not accepted, and why
    there is this version. Trials of its clauses begin with that day."""
    why = note_given(reason, "reason")
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, version, expected_seq)
        demand_days(starts_on, holds_until, day_of(at))
        before = version.starts_on
        version.starts_on, version.holds_until, version.reason = starts_on, holds_until, why
        version = trail.save(version, "offer_version.described")
        begin_trials(trail, version, before)
        touch(trail, version)
        return version


def withdraw_offer_version(
    *, by: Actor, at: datetime, version: OfferVersion, reason: str = "", expected_seq: int | None = None
) -> OfferVersion:
    """Take a draft back, or a version that nobody has accepted yet: what was asked for with it is asked no more."""
    why = note_given(reason, "reason")
    with change(by=by, at=at, reason=why) as trail:
        version = trail.lock(OfferVersion, version, expected_seq=expected_seq)
        demand(policy.may_write_offers(standing_of(by, day_of(at)), version.offer.supplier))
        if version.state not in ON_ITS_WAY:
            raise Refused(
                expected=gettext_noop("Expected a version that nobody has accepted."),
                found=gettext_noop("Version {version} is {state}."),
                remedy=gettext_noop("Write a new version, or end the service offer."),
                version=version.version,
                state=str(version.get_state_display()),
            )
        take_back(trail, version, why)
        version.state = OfferState.ENDED
        return trail.save(version, "offer_version.withdrawn")


def end_offer(
    *, by: Actor, at: datetime, offer: ServiceOffer, reason: str, expected_seq: int | None = None
) -> ServiceOffer:
    """It is offered no more, with a reason for all customers: open questions are taken back, the public page is gone.
    What customers have accepted holds until it ends there."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        offer = to_keep(trail, offer, expected_seq)
        open_ones = {*ON_ITS_WAY, OfferState.ACTIVE}
        for version in OfferVersion.objects.filter(offer=offer, state__in=sorted(open_ones)).order_by("version"):
            held = trail.lock(OfferVersion, version)
            take_back(trail, held, why)
            held.state = OfferState.ENDED
            trail.save(held, "offer_version.ended")
        offer.ended_at, offer.ended_because, offer.page_token = at, why, ""
        return trail.save(offer, "service_offer.ended")


def to_keep(trail: Trail, offer: ServiceOffer, expected_seq: int | None = None) -> ServiceOffer:
    """The offer, locked, for whoever may write it; refused when it has ended."""
    offer = trail.lock(ServiceOffer, offer, expected_seq=expected_seq)
    demand(policy.may_write_offers(standing_of(trail.by, day_of(trail.at)), offer.supplier))
    if offer.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a service offer that has not ended."),
            found=gettext_noop("{number} has ended."),
            remedy=gettext_noop("Begin a new service offer."),
            number=offer.number,
        )
    return offer


def take_back(trail: Trail, version: OfferVersion, reason: str) -> None:
    """Within an open change: customers who have not signed the version yet are asked no more."""
    for one in AgreementVersion.objects.filter(offer_version=version, state__in=sorted(OPEN - {VersionState.ACCEPTED})):
        close(trail, trail.lock(AgreementVersion, one), VersionState.WITHDRAWN, "agreement_version.withdrawn", reason)


def demand_days(starts_on: date | None, holds_until: date | None, today: date) -> None:
    """Refuse a last day of the version before that has passed, or that leaves days on which nothing holds."""
    if holds_until is None:
        return
    if starts_on is not None and holds_until < starts_on - timedelta(days=1):
        raise Refused(
            field="holds_until",
            expected=gettext_noop("Expected the version before to hold until {first} at least, when this one begins."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            first=(starts_on - timedelta(days=1)).isoformat(),
            last=holds_until.isoformat(),
        )
    if holds_until < today:
        raise Refused(
            field="holds_until",
            expected=gettext_noop("Expected a last day from today on."),
            found=gettext_noop("Found {last}."),
            remedy=gettext_noop("Give a later day, or leave it empty."),
            last=holds_until.isoformat(),
        )


def _demand_handed_over(by: Actor, at: datetime, supplier: Party, output: Output) -> None:
    links = chain.links_in_sight(viewer=by, at=at).filter(supplier=supplier, output=output, ended_on__isnull=True)
    if not links.exists():
        raise Refused(
            field="output",
            expected=gettext_noop("Expected an output that the supplier hands over."),
            found=gettext_noop("{supplier} hands “{output}” to nobody."),
            remedy=gettext_noop("Enter the link first, or choose another output."),
            supplier=str(supplier),
            output=str(output),
        )


def _call(offer: ServiceOffer, name: Mapping[str, str]) -> None:
    offer.name = dict(name)
    offer.sort_keys, offer.search_text = sort_keys(offer.name), folded(offer.number, *offer.name.values())


def _copy(trail: Trail, version: OfferVersion, clauses: list[Clause]) -> None:
    for place, clause in enumerate(clauses, start=1):
        line = clause.deviates_from or clause.line
        new_clause(trail, version, clause.terms, position=place, example=clause.example, line=line)
