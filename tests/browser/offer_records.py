"""What stands behind the addresses of service offers, and the corpus in all their texts; see
:mod:`tests.browser.agreement_records`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from baton.agreements import changes
from baton.agreements.changes import deviations, offering, offers, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.models import AgreementVersion, OfferVersion
from baton.agreements.rules import Measure
from baton.core.signatures import Proof, digest_now
from tests.browser.vectors import fitting
from tests.rooms.agreements.made import LINEN, ORDER, terms
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.actors import Actor
    from baton.core.texts import Texts

Values = tuple[dict[str, str], ...]


def said(length: int, start: int) -> Texts:
    """A text of the corpus in both languages."""
    return {"en": fitting(length, start), "zh-hans": fitting(length, start + 1)}


def offer_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: an offer of the Pharmacy's doses that Ward 3 talks over, published, and a
    draft of an offer of the Laundry's linen."""
    at = datetime.now(UTC)
    draft = _draft(world.actor(world.zhao_lei), at, world.laundry_ward, {"en": "Daily linen"})
    doses = _draft(world.actor(world.xu_jing), at, world.pharmacy_ward, {"en": "Daily doses"})
    version = _proposed(world, at, doses)
    offer = publishing.publish_offer(
        by=world.actor(world.xu_jing), at=at, offer=version.offer, lines=[version.clauses.all()[0].line]
    )
    ward = world.actor(world.wang_fang)
    mine = AgreementVersion.objects.get(offer_version=version)
    mine = changes.open_consultation(by=ward, at=at, version=mine)
    linen, order = version.clauses.order_by("position")
    clause = deviations.deviate(by=ward, at=at, version=mine, line=linen.line, terms=terms(linen.terms, target=12.0))
    step = draft.steps.get()
    on, link = "agreements/offer-versions/<slug:public_id>", "agreements/versions/<slug:public_id>"
    drafted, offered = ({"public_id": draft.public_id},), ({"public_id": version.public_id},)
    return {
        "agreements/offers/": ({"public_id": offer.public_id},),
        "agreements/offers/begin/": ({"party": world.pharmacy.public_id},),
        "agreements/offers/<slug:public_id>/draft/": ({"public_id": draft.offer.public_id},),
        "agreements/offer-versions/": drafted,
        f"{on}/invite/": offered,
        "agreements/service-steps/": ({"public_id": step.public_id},),
        "agreements/services/": ({"token": offer.page_token},),
        "agreements/guarantees/offer/": ({"offer": offer.public_id},),
        f"{link}/deviate/<slug:line>/": ({"public_id": mine.public_id, "line": order.line},),
        f"{link}/leave-out/<slug:line>/": ({"public_id": mine.public_id, "line": order.line},),
        "agreements/clauses/<slug:public_id>/as-offered/": ({"public_id": clause.public_id},),
    }  # fmt: skip


def enter_offers(world: World, at: datetime) -> None:
    """A draft that says the corpus in every text, and an offer that was ended with it."""
    by, link = world.actor(world.lin_mei), world.control_lab  # no form ends it, or one of its sides
    version = offers.begin_offer(by=by, at=at, supplier=link.supplier, output=link.output, name=said(200, 0))
    offers.describe_offer_version(by=by, at=at, version=version, reason=fitting(500, 2))
    value = terms(
        LINEN, characteristic=said(200, 4), measure=Measure.VALUE, unit=fitting(20, 6), direction=None, target=1.5,
        lower=1.0, upper=2.0,
    )  # fmt: skip
    changes.add_clause(by=by, at=at, version=version, terms=value)
    for number in range(2):
        start = 7 * number
        words = StepWords(name=said(200, start), role=said(200, start + 2), minutes=10, bring=said(200, start + 4))
        service_steps.add_step(by=by, at=at, version=version, words=words)
    ended = offers.begin_offer(by=by, at=at, supplier=link.supplier, output=link.output, name=said(200, 8))
    offers.end_offer(by=by, at=at, offer=ended.offer, reason=fitting(500, 10))


def _draft(by: Actor, at: datetime, link: Link, name: Texts) -> OfferVersion:
    version = offers.begin_offer(by=by, at=at, supplier=link.supplier, output=link.output, name=name)
    for clause in (LINEN, ORDER):
        changes.add_clause(by=by, at=at, version=version, terms=clause)
    words = StepWords(name={"en": "Order"}, role={"en": "Nurse"}, minutes=10, bring={"en": "The chart"})
    service_steps.add_step(by=by, at=at, version=version, words=words)
    return version


def _proposed(world: World, at: datetime, version: OfferVersion) -> OfferVersion:
    proof = Proof(world.xu_jing.public_id, ("sign_in_name", "password"), at)
    return offering.propose_offer_version(
        by=world.actor(world.xu_jing), at=at, version=version, links=[world.pharmacy_ward],
        expected_digest=digest_now(version.kind, version.public_id), proof=proof,
    )  # fmt: skip
