"""Service offers: proposed with one signature, accepted link by link, with deviations."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections

from baton.agreements import changes, queries
from baton.agreements.changes import deviations, offering, offers, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.models import Acceptance, AgreementVersion, Clause, OfferVersion
from baton.agreements.queries.dates import dates_of_agreements
from baton.agreements.queries.offered_texts import published_offer
from baton.agreements.queries.offering import customers_of, offer_page
from baton.agreements.queries.offers import OfferFilters
from baton.agreements.queries.offers import offers as listed
from baton.agreements.rules import Answer, OfferState, Side, Stance, VersionState
from baton.core.errors import Forbidden, NotFound, Refused, VersionChanged
from baton.core.models import Notification, Signature
from tests.query_counts import queries_a_page
from tests.rooms.agreements.made import BARE, LINEN, in_force, proposed, terms
from tests.rooms.agreements.offering import TODAY, drafted_offer, more_wards, proposed_offer
from tests.rooms.agreements.test_signing import sign
from tests.world import NOON, SYSTEM, World, build

WEEK = timedelta(days=7)


def asked(version: OfferVersion, link: object) -> AgreementVersion:
    """The version of a link's agreement that waits for its customer."""
    return AgreementVersion.objects.select_related("offer_version").get(offer_version=version, agreement__link=link)


def accepted(world: World) -> tuple[OfferVersion, AgreementVersion]:
    """An offer that Ward 3 has accepted."""
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine = asked(version, world.laundry_ward)
    sign(world, mine, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    mine.refresh_from_db()
    return version, mine


def test_one_signature_asks_all_and_each_accepts_on_his_own_link(world: World) -> None:
    links = more_wards(world, 2, world.zhou_min)
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward, *links)
    assert (version.state, Signature.objects.count()) == (OfferState.PROPOSED, 1)
    mine = asked(version, world.laundry_ward)
    assert (mine.state, mine.proposed_side) == (VersionState.PROPOSED, Side.SUPPLIER)
    told = Notification.objects.filter(topic="agreements.proposed", person=world.wang_fang)
    assert told.count() == 1
    sign(world, mine, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    mine.refresh_from_db()
    assert (version.state, mine.state) == (OfferState.ACTIVE, VersionState.ACTIVE)
    # Two signatures in all: the supplier's under the offer, the customer's under his own version.
    assert Signature.objects.count() == 2
    found = customers_of(viewer=world.actor(world.zhao_lei), at=NOON, version=version)
    assert [one.answer for one in found] == [Answer.WAITING, Answer.WAITING, Answer.ACCEPTED]
    held = queries.clauses_by_version(viewer=SYSTEM, versions=[mine])[mine.pk]
    assert {one.offer_version_id for one in held} == {version.pk}


def test_a_link_stores_deviations_only_and_the_supplier_signs_what_changed_there(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine, ward = asked(version, world.laundry_ward), world.actor(world.wang_fang)
    linen, order = version.clauses.order_by("position")
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    with pytest.raises(Refused, match="says the same"):
        deviations.deviate(by=ward, at=NOON, version=mine, line=linen.line, terms=linen.terms)
    sooner = terms(linen.terms, target=12.0)
    clause = deviations.deviate(by=ward, at=NOON, version=mine, line=linen.line, terms=sooner)
    deviations.leave_out_offered(by=ward, at=NOON, version=mine, line=order.line)
    mine = changes.close_consultation(by=ward, at=NOON, version=mine)
    held = queries.clauses_by_version(viewer=SYSTEM, versions=[mine])[mine.pk]
    assert [(one.target, one.deviates_from) for one in held] == [(12.0, linen.line)]
    # What the supplier signed with the offer does not cover it.
    [customer] = customers_of(viewer=ward, at=NOON, version=version)
    assert (customer.answer, len(customer.deviations)) == (Answer.REVISED, 2)
    sign(world, mine, world.wang_fang, Side.CUSTOMER)
    mine.refresh_from_db()
    assert mine.state == VersionState.PROPOSED
    sign(world, mine, world.zhao_lei, Side.SUPPLIER)
    mine.refresh_from_db()
    assert mine.state == VersionState.ACTIVE
    assert {one.digest for one in Acceptance.objects.filter(version=mine)} == {""}
    assert Clause.objects.filter(agreement_version=mine).count() == 2
    assert clause.line == linen.line


def test_a_deviation_is_taken_back_and_taken_up_again(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine, ward = asked(version, world.laundry_ward), world.actor(world.wang_fang)
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    line = version.clauses.order_by("position")[0].line
    clause = deviations.leave_out_offered(by=ward, at=NOON, version=mine, line=line)
    deviations.hold_as_offered(by=ward, at=NOON, clause=clause)
    page = queries.agreement_page(viewer=ward, at=NOON, public_id=mine.agreement.public_id)
    assert ([held.offered for held in page.clauses], page.left_out) == ([True, True], [])
    mine = changes.close_consultation(by=ward, at=NOON, version=mine)
    # Nothing differs from what the supplier signed: his signature holds again.
    [customer] = customers_of(viewer=ward, at=NOON, version=version)
    assert customer.answer is Answer.WAITING


def test_a_counter_proposal_to_an_offered_clause_becomes_a_deviation(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine, ward = asked(version, world.laundry_ward), world.actor(world.wang_fang)
    linen = version.clauses.order_by("position")[0]
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    opinion = changes.say_opinion(
        by=ward, at=NOON, version=mine, line=linen.line, stance=Stance.COUNTER_PROPOSAL, text="We change beds at ten",
        proposed=terms(linen.terms, target=12.0),
    )  # fmt: skip
    changes.adopt_opinion(by=world.actor(world.zhao_lei), at=NOON, opinion=opinion)
    own = mine.clauses.get()
    assert (own.deviates_from, own.target) == (linen.line, 12.0)
    linen.refresh_from_db()
    assert linen.target == 24.0


def test_a_new_version_carries_deviations_over_and_the_old_one_holds_until_its_day(world: World) -> None:
    first, mine = accepted(world)
    by, ward = world.actor(world.zhao_lei), world.actor(world.wang_fang)
    linen, order = first.clauses.order_by("position")
    revised = changes.draft_version(by=ward, at=NOON, agreement=mine.agreement)
    assert revised.offer_version_id == first.pk
    deviations.deviate(by=ward, at=NOON, version=revised, line=order.line, terms=terms(order.terms, target=90.0))
    deviations.deviate(by=ward, at=NOON, version=revised, line=linen.line, terms=terms(linen.terms, target=12.0))
    revised = changes.propose_version(by=ward, at=NOON, version=revised)
    sign(world, revised, world.wang_fang, Side.CUSTOMER)
    sign(world, revised, world.zhao_lei, Side.SUPPLIER)
    second = offers.draft_offer_version(by=by, at=NOON, offer=first.offer, reason="Nights, too")
    assert [one.line for one in second.clauses.order_by("position")] == [linen.line, order.line]
    changes.drop_clause(by=by, at=NOON, clause=second.clauses.get(line=order.line))
    with pytest.raises(Refused, match="from today on"):
        offers.describe_offer_version(by=by, at=NOON, version=second, holds_until=TODAY - WEEK)
    with pytest.raises(Refused, match="to hold until"):
        offers.describe_offer_version(
            by=by, at=NOON, version=second, starts_on=TODAY + 2 * WEEK, holds_until=TODAY + WEEK
        )
    offers.describe_offer_version(by=by, at=NOON, version=second, holds_until=TODAY + WEEK)
    second = proposed_offer(world, second)  # who holds the first version is asked without being named
    new = asked(second, world.laundry_ward)
    own = {one.line: one.deviates_from for one in new.clauses.all()}
    # One deviates still; what the offer no longer says stands for itself.
    assert own == {linen.line: linen.line, order.line: ""}
    [customer] = customers_of(viewer=ward, at=NOON, version=second)
    assert customer.holds is not None
    assert customer.holds.pk == revised.pk
    assert TODAY + WEEK in {event.day for event in dates_of_agreements(ward, NOON, TODAY)}
    changes.keep_terms(by=SYSTEM, at=NOON + WEEK)
    revised.refresh_from_db()
    assert revised.state == VersionState.ACTIVE
    changes.keep_terms(by=SYSTEM, at=NOON + WEEK + timedelta(days=1))
    revised.refresh_from_db()
    assert revised.state == VersionState.EXPIRED
    sign(world, new, world.wang_fang, Side.CUSTOMER)
    first.refresh_from_db()
    assert first.state == OfferState.SUPERSEDED


def test_who_does_not_lead_the_supplier_neither_writes_nor_proposes(world: World) -> None:
    version = drafted_offer(world)
    ward = world.actor(world.wang_fang)
    with pytest.raises(Forbidden):
        offers.rename_offer(by=ward, at=NOON, offer=version.offer, name={"en": "Mine"})
    with pytest.raises(NotFound):  # a draft is seen by who writes it
        offer_page(viewer=ward, at=NOON, public_id=version.offer.public_id)
    quality = world.actor(world.lin_mei)
    assert offer_page(viewer=quality, at=NOON, public_id=version.offer.public_id).may_sign is False


def test_nobody_accepts_for_both_sides_nor_what_is_offered_no_more(world: World) -> None:
    links = more_wards(world, 1, world.zhao_lei)
    version = proposed_offer(world, drafted_offer(world), *links)
    mine = asked(version, links[0])
    with pytest.raises(Forbidden, match="both sides"):
        sign(world, mine, world.zhao_lei, Side.CUSTOMER)
    by = world.actor(world.zhao_lei)
    offers.end_offer(by=by, at=NOON, offer=version.offer, reason="Bought outside from now on")
    mine.refresh_from_db()
    assert mine.state == VersionState.WITHDRAWN
    with pytest.raises(Refused, match="offered no more"):
        sign(world, mine, world.zhao_lei, Side.CUSTOMER)


def test_what_cannot_be_proposed_is_refused_and_nothing_is_half_saved(world: World) -> None:
    version = drafted_offer(world, LINEN, BARE)
    with pytest.raises(Refused, match="smells fresh"):
        proposed_offer(world, version, world.laundry_ward)
    by = world.actor(world.zhao_lei)
    shown = version.public_id
    changes.drop_clause(by=by, at=NOON, clause=version.clauses.get(characteristic=BARE.characteristic))
    with pytest.raises(Refused, match="Expected 1 to"):
        proposed_offer(world, version)
    with pytest.raises(Refused, match="is none"):
        proposed_offer(world, version, world.pharmacy_ward)
    from baton.core.queries import to_sign
    from baton.core.signatures import Proof

    digest = to_sign(viewer=SYSTEM, kind=version.kind, public_id=shown).digest
    changes.add_clause(by=by, at=NOON, version=version, terms=terms(target=1.0, characteristic={"en": "Changed"}))
    with pytest.raises(VersionChanged):
        offering.propose_offer_version(
            by=by, at=NOON, version=version, links=[world.laundry_ward], expected_digest=digest,
            proof=Proof(world.zhao_lei.public_id, ("password",), NOON),
        )  # fmt: skip
    assert not AgreementVersion.objects.exists()
    assert not Signature.objects.exists()
    version.refresh_from_db()
    assert version.state == OfferState.DRAFT


def test_an_agreement_becomes_an_offer_and_does_not_deviate_from_it(world: World) -> None:
    held = in_force(proposed(world))
    link, by = world.laundry_ward, world.actor(world.zhao_lei)
    version = offers.begin_offer(
        by=by, at=NOON, supplier=link.supplier, output=link.output, name={"en": "Daily linen"}, like=held
    )
    version = proposed_offer(world, version, link)
    new = asked(version, link)
    assert (new.version, new.clauses.count()) == (2, 0)
    [customer] = customers_of(viewer=by, at=NOON, version=version)
    assert len(customer.deviations) == 0
    # What is on its way on a link is not swept away by an invitation.
    with pytest.raises(Refused, match="nothing else is on its way"):
        offering.invite_links(by=by, at=NOON, version=version, links=[link])
    assert customers_of(viewer=by, at=NOON, version=version)[0].version.pk == new.pk


def test_the_supplier_hears_of_all_who_accepted_in_one_message(world: World) -> None:
    links = [world.laundry_ward, *more_wards(world, 2, world.wang_fang)]
    version = proposed_offer(world, drafted_offer(world), *links)
    told = Notification.objects.filter(person=world.zhao_lei, topic="agreements.offers_accepted")
    for number, link in enumerate(links, start=1):
        sign(world, asked(version, link), world.wang_fang, Side.CUSTOMER)
        message = told.get()
        assert (message.values["count"], message.values["offers"]) == (number, version.offer.number)
    assert not Notification.objects.filter(person=world.zhao_lei, topic="agreements.accepted").exists()
    assert version.offer.public_id in message.address


def test_customers_are_reminded_once_a_day(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    by = world.actor(world.zhao_lei)
    offering.remind_customers(by=by, at=NOON, version=version)
    assert Notification.objects.filter(topic="agreements.reminded", person=world.wang_fang).count() == 1
    with pytest.raises(Refused, match="once a day"):
        offering.remind_customers(by=by, at=NOON + timedelta(hours=5), version=version)


def test_steps_are_ordered_and_their_minutes_add_up(world: World) -> None:
    version, by = drafted_offer(world), world.actor(world.zhao_lei)
    named = [StepWords(name={"en": name}, minutes=minutes) for name, minutes in (("Call", 5), ("Wait", None))]
    call, wait = (service_steps.add_step(by=by, at=NOON, version=version, words=words) for words in named)
    service_steps.move_step(by=by, at=NOON, step=wait, position=1)
    page = offer_page(viewer=by, at=NOON, public_id=version.offer.public_id)
    assert [str(one) for one in page.steps] == ["Wait", "Call"]
    assert (page.clock.total, page.clock.unsaid, page.clock.begins) == (5, 1, (0, 0))
    with pytest.raises(Refused, match="minutes"):
        service_steps.change_step(by=by, at=NOON, step=call, words=StepWords(name={"en": "Call"}, minutes=10**9))
    service_steps.drop_step(by=by, at=NOON, step=wait)
    version = proposed_offer(world, version, world.laundry_ward)
    with pytest.raises(Refused, match="its text stands still"):
        service_steps.drop_step(by=by, at=NOON, step=call)
    after = offers.draft_offer_version(by=by, at=NOON, offer=_taken_up(world, version))
    assert [one.line for one in after.steps.all()] == [call.line]


def _taken_up(world: World, version: OfferVersion) -> object:
    sign(world, asked(version, world.laundry_ward), world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    return version.offer


def test_a_published_offer_shows_steps_and_named_clauses_to_anybody_until_taken_down(world: World) -> None:
    version, by = drafted_offer(world), world.actor(world.zhao_lei)
    service_steps.add_step(
        by=by, at=NOON, version=version, words=StepWords(name={"en": "Hand in <b>used</b> linen"}, minutes=10)
    )
    with pytest.raises(Refused, match="Propose it first"):
        publishing.publish_offer(by=by, at=NOON, offer=version.offer)
    version = proposed_offer(world, version, world.laundry_ward)
    linen, order = version.clauses.order_by("position")
    offer = publishing.publish_offer(by=by, at=NOON, offer=version.offer, lines=[linen.line])
    address = f"/agreements/services/{offer.page_token}/"
    answer = World.client(None).get(address)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "10 min" in text
    assert "Hand in &lt;b&gt;used" in text
    assert str(linen) in text
    assert str(order) not in text
    for person in (world.zhao_lei, world.wang_fang):
        assert person.name["en"] not in text
    assert World.client(world.zhao_lei).get(f"/agreements/offers/{offer.public_id}/poster/").status_code == 200
    publishing.take_page_down(by=by, at=NOON, offer=offer)
    assert World.client(None).get(address).status_code == 404
    with pytest.raises(NotFound):
        published_offer(viewer=SYSTEM, at=NOON, token="")


def test_the_list_counts_what_customers_answered(world: World) -> None:
    version, _mine = accepted(world)
    [row] = listed(viewer=world.actor(world.wang_fang), at=NOON, filters=OfferFilters())
    assert (row.version.pk, row.tally.asked, row.tally.accepted, row.tally.deviating) == (version.pk, 1, 1, 0)
    assert not list(listed(viewer=world.actor(world.tom_reed), at=NOON, filters=OfferFilters()))


@pytest.mark.sqlite
def test_the_page_asks_as_many_queries_for_twelve_customers_as_for_three(world: World) -> None:
    links = more_wards(world, 11, world.zhou_min)
    few, many = [world.laundry_ward, *links[:2]], links[2:]
    version = proposed_offer(world, drafted_offer(world), *few)
    for link in few:
        sign(world, asked(version, link), world.zhou_min, Side.CUSTOMER)
    client, address = World.client(world.zhao_lei), f"/agreements/offers/{version.offer.public_id}/"
    offering.invite_links(by=world.actor(world.zhao_lei), at=NOON, version=version, links=many[:1])
    client.get(address)  # what a process reads once
    before = queries_a_page(client, [address, "/agreements/offers/"])
    offering.invite_links(by=world.actor(world.zhao_lei), at=NOON, version=version, links=many[1:])
    for link in many[1:5]:
        sign(world, asked(version, link), world.zhou_min, Side.CUSTOMER)
    assert queries_a_page(client, [address, "/agreements/offers/"]) == before


def test_fifty_accept_at_once_and_each_customer_has_exactly_one(committed_db: object) -> None:
    world = build()
    links = [world.laundry_ward, *more_wards(world, 1, world.zhou_min)]
    version = proposed_offer(world, drafted_offer(world), *links)
    waiting, done = [asked(version, link) for link in links], []

    def accept(number: int) -> None:
        with suppress(Refused):
            done.append(sign(world, waiting[number % 2], world.zhou_min, Side.CUSTOMER))
        connections.close_all()

    threads = [threading.Thread(target=accept, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 2
    assert Acceptance.objects.filter(side=Side.CUSTOMER).count() == 2
    version.refresh_from_db()
    assert version.state == OfferState.ACTIVE
    assert AgreementVersion.objects.filter(offer_version=version, state=VersionState.ACTIVE).count() == 2
