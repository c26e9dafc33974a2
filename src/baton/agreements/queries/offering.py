"""One version of a service offer with its customers' answers, and two versions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from baton.agreements import policy
from baton.agreements.models import Acceptance, AgreementVersion, Clause, OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.queries.offers import OfferTally, answer_in, answering, offer, tallied, that_counts
from baton.agreements.queries.sight import agreements_in_sight, offer_versions_in_sight
from baton.agreements.queries.signing import valid_acceptances
from baton.agreements.queries.versions import HeldClause, held_on
from baton.agreements.rules import (
    OFFERED,
    UNANSWERED,
    Answer,
    Clock,
    Difference,
    OfferState,
    Side,
    Standing,
    VersionState,
    clock,
    compare,
)
from baton.agreements.rules.offers import ON_ITS_WAY, REMINDER_PAUSE
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.queries import SignatureStanding, signatures_of_several

if TYPE_CHECKING:
    from baton.chain.models import Link


@dataclass(frozen=True, slots=True)
class Deviations:
    """What one link adds to an offer: own clauses instead of the offer's, offered ones that do not hold there,
    additional ones."""

    changed: list[Clause] = field(default_factory=list)
    left_out: list[Clause] = field(default_factory=list)
    additional: list[Clause] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.changed) + len(self.left_out) + len(self.additional)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer of an offer: the version of his agreement that answers, since when, and what holds meanwhile
    (``holds``: the version in force where it accepts an earlier one). ``signature`` is his own. ``waits_for_him``: he
    has still to sign it, or to talk it over."""

    link: Link
    version: AgreementVersion
    answer: Answer
    since: datetime | None
    deviations: Deviations
    signature: Acceptance | None
    holds: AgreementVersion | None
    waits_for_him: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the answer is still to come."""
        return self.answer in UNANSWERED


@dataclass(frozen=True, slots=True)
class OfferPage:
    """A service offer as its page shows it: one version, the others (newest first), the customers who were asked for it
    (those who have not answered first), the links that could be asked, and what the viewer may do."""

    offer: ServiceOffer
    version: OfferVersion
    versions: list[OfferVersion]
    clauses: list[HeldClause]
    left_out: list[Clause]
    steps: list[ServiceStep]
    clock: Clock
    customers: list[Customer]
    tally: OfferTally
    to_ask: list[Link]
    signature: SignatureStanding | None
    may_write: bool
    may_edit: bool
    may_sign: bool
    history: list[HistoryEntry]
    at: datetime

    @property
    def red(self) -> int:
        """How many clauses lack something: as long as there is one, the version cannot be proposed."""
        return sum(held.standing is Standing.RED for held in self.clauses)

    @property
    def may_remind(self) -> bool:
        """Whether those who have not answered can be told that the version waits for them."""
        last = self.version.reminded_at
        rested = last is None or self.at - last >= REMINDER_PAUSE
        return self.may_write and self.is_offered and rested and any(one.waits_for_him for one in self.customers)

    @property
    def is_offered(self) -> bool:
        """Whether customers may be asked for this version."""
        newest = max((one.version for one in self.versions if one.state in OFFERED), default=0)
        return self.offer.ended_at is None and self.version.version == newest

    @property
    def may_draft(self) -> bool:
        """Whether the next version can be begun."""
        on_its_way = any(one.state in ON_ITS_WAY for one in self.versions)
        return self.may_write and self.offer.ended_at is None and not on_its_way

    def owed_by(self, side: Side) -> list[HeldClause]:
        """The clauses that this side owes."""
        return [held for held in self.clauses if held.clause.owed_by == side]


def offer_page(*, viewer: Actor, at: datetime, public_id: str, number: int | None = None) -> OfferPage:
    """Everything that the page of a service offer shows: of version ``number``, or else of the one that counts. As many
    queries for thirty customers as for one."""
    seen = offer(viewer=viewer, at=at, public_id=public_id)
    versions = list(offer_versions_in_sight(viewer=viewer, at=at).filter(offer=seen).order_by("-version"))
    shown = that_counts(versions) if number is None else next((one for one in versions if one.version == number), None)
    if shown is None:
        raise NotFound
    shown.offer = seen
    day, placed = day_of(at), standing_of(viewer, day_of(at))
    may_edit = policy.may_edit_offered(placed, seen.supplier, OfferState(shown.state)) and seen.ended_at is None
    own = Clause.objects.filter(offer_version=shown).select_related("calendar").order_by("position", "pk")
    clauses, steps = list(own), steps_of(viewer=viewer, version=shown)
    customers = customers_of(viewer=viewer, at=at, version=shown)
    under = signatures_of_several(viewer=viewer, kind=OfferVersion.kind, public_ids=[shown.public_id])
    signed = under.get(shown.public_id, [])
    ids = [seen.public_id, *(one.public_id for one in versions), *(one.public_id for one in [*clauses, *steps])]
    return OfferPage(
        offer=seen, version=shown, versions=versions,
        clauses=[_offered(one, day, may_edit) for one in clauses if not one.dropped],
        left_out=[one for one in clauses if one.dropped], steps=steps, clock=clock([one.minutes for one in steps]),
        customers=customers, tally=tally_of(customers),
        to_ask=links_to_ask(viewer=viewer, at=at, version=shown),
        signature=signed[-1] if signed else None, may_write=policy.may_write_offers(placed, seen.supplier),
        may_edit=may_edit, may_sign=policy.may_sign_offers(placed, seen.supplier),
        history=history_of(viewer=viewer, object_ids=ids), at=at,
    )  # fmt: skip


def _offered(clause: Clause, day: date, may_edit: bool) -> HeldClause:
    held = held_on(clause, day)
    return HeldClause(clause, held.standing, held.missing, False, may_edit)


def steps_of(*, viewer: Actor, version: OfferVersion) -> list[ServiceStep]:
    """The steps of a version in their order. The caller has made sure that ``viewer`` may see it."""
    return list(version.steps.filter(dropped=False).order_by("position", "pk")) if not viewer.is_anonymous else []


def customers_of(*, viewer: Actor, at: datetime, version: OfferVersion) -> list[Customer]:
    """The customers who were asked for a version, as far as the viewer sees their links: those who have not answered
    first. Of each the version of his agreement that answers. As many queries for thirty as for one."""
    seen = agreements_in_sight(viewer=viewer, at=at).values("pk")
    link = "agreement__link__"
    rows = AgreementVersion.objects.filter(offer_version=version, agreement__in=seen)
    with_links = rows.select_related(f"{link}supplier", f"{link}customer", f"{link}output", "offer_version")
    said = answering(with_links.order_by("version"))
    proposed = [one for one in said if one.state == VersionState.PROPOSED]
    valid = valid_acceptances(viewer=viewer, versions=proposed) if proposed else {}
    signed, deviations, holds = _customers_signatures(said), _deviations(said), _held_meanwhile(said)
    customers = []
    for one in said:
        given = valid.get(one.pk, {})
        answer = answer_in(one, at, revised=one.state == VersionState.PROPOSED and Side.SUPPLIER not in given)
        waits = answer in UNANSWERED and one.state != VersionState.DRAFT and Side.CUSTOMER not in given
        customers.append(Customer(
            one.agreement.link, one, answer, _since(one, answer, signed.get(one.pk)),
            deviations.get(one.pk, Deviations()), signed.get(one.pk), holds.get(one.agreement_id), waits,
        ))  # fmt: skip
    order = list(Answer)
    return sorted(customers, key=lambda one: (not one.is_open, order.index(one.answer), str(one.link.customer)))


def tally_of(customers: Sequence[Customer]) -> OfferTally:
    """Counts of customers, as the list has them."""
    return tallied((VersionState(one.version.state), one.answer, bool(one.deviations)) for one in customers)


def links_to_ask(*, viewer: Actor, at: datetime, version: OfferVersion) -> list[Link]:
    """The links in sight on which the offer's supplier hands over its output, and that were not asked for this version
    or have said no, by customer. One query."""
    offer = version.offer
    asked = AgreementVersion.objects.filter(offer_version=version).exclude(
        state__in=[VersionState.DECLINED, VersionState.WITHDRAWN, VersionState.ENDED, VersionState.EXPIRED]
    )
    links = chain.links_in_sight(viewer=viewer, at=at).filter(
        supplier=offer.supplier, output=offer.output, ended_on__isnull=True
    )
    rest = links.exclude(pk__in=asked.values("agreement__link"))
    return sorted(rest.select_related("supplier", "customer", "output"), key=lambda one: str(one.customer))


def offer_comparison(
    *, viewer: Actor, at: datetime, public_id: str, before: int, after: int
) -> tuple[OfferVersion, OfferVersion, list[Difference], dict[str, str]]:
    """Two versions of a service offer, by their numbers, what became of each clause, and the names of the calendars by
    public id."""
    seen = offer(viewer=viewer, at=at, public_id=public_id)
    rows = offer_versions_in_sight(viewer=viewer, at=at).filter(offer=seen, version__in=[before, after])
    versions = {one.version: one for one in rows.select_related("offer__supplier", "offer__output")}
    if before not in versions or after not in versions:
        raise NotFound
    clauses: dict[int, list[Clause]] = {one.pk: [] for one in versions.values()}
    rows_held = Clause.objects.filter(offer_version__in=list(clauses), dropped=False).select_related("calendar")
    held = list(rows_held.order_by("position", "pk"))
    for clause in held:
        clauses[clause.offer_version_id or 0].append(clause)
    was, now = ({one.line: one.terms for one in clauses[versions[number].pk]} for number in (before, after))
    calendars = {one.calendar.public_id: str(one.calendar) for one in held if one.calendar is not None}
    return versions[before], versions[after], compare(was, now), calendars


def _customers_signatures(versions: Sequence[AgreementVersion]) -> dict[int, Acceptance]:
    given = Acceptance.objects.filter(version__in=[one.pk for one in versions], side=Side.CUSTOMER)
    return {one.version_id: one for one in given.select_related("signature")}


def _since(version: AgreementVersion, answer: Answer, signed: Acceptance | None) -> datetime | None:
    if answer is Answer.ACCEPTED and signed is not None:
        return signed.signature.signed_at
    return version.closed_at or version.proposed_at


def _deviations(versions: Sequence[AgreementVersion]) -> dict[int, Deviations]:
    rows = Clause.objects.filter(agreement_version__in=[one.pk for one in versions])
    counting = rows.exclude(dropped=True, deviates_from="").select_related("calendar")
    found_ones: dict[int, Deviations] = {}
    for clause in counting.order_by("position", "pk"):
        of_link = found_ones.setdefault(clause.agreement_version_id or 0, Deviations())
        kind = of_link.left_out if clause.dropped else of_link.changed if clause.deviates_from else of_link.additional
        kind.append(clause)
    return found_ones


def _held_meanwhile(versions: Sequence[AgreementVersion]) -> Mapping[int, AgreementVersion]:
    """By agreement, what is in force while the version that it was asked for is not."""
    waiting = [one.agreement_id for one in versions if one.state != VersionState.ACTIVE]
    held = AgreementVersion.objects.filter(agreement__in=waiting, state=VersionState.ACTIVE)
    return {one.agreement_id: one for one in held.select_related("agreement", "offer_version__offer")}
