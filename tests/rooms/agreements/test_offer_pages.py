"""Pages of service offers through the front door, and who gets how far."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from baton.agreements import changes
from baton.agreements.changes import deviations, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.models import AgreementVersion, OfferVersion, ServiceOffer
from baton.agreements.rules import OfferState
from tests.rooms.agreements.made import LINEN, ORDER, terms
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.rooms.agreements.test_pages import SEES, TYPED, WRITES
from tests.rooms.agreements.test_signing import PASSWORD, page_digest, with_password
from tests.rooms.chain.test_policy import STAFF, Cell, asked
from tests.world import NOON, World

LAUNDRY = frozenset({"lin_mei", "zhao_lei"})
HEAD = frozenset({"zhao_lei"})


def test_from_an_empty_list_to_a_proposal_with_one_signature(world: World) -> None:
    [link] = more_wards(world, 1, world.zhou_min)
    laundry = with_password(world.zhao_lei)
    assert "No service offer yet" in laundry.get("/agreements/offers/").content.decode()
    begin = f"/agreements/offers/begin/{world.laundry.public_id}/"
    assert "Begin a service offer" in laundry.get(f"/parties/{world.laundry.public_id}/").content.decode()
    output = world.laundry_ward.output.public_id
    begun = laundry.post(begin, {"name_en": "Daily <i>linen</i>", "output": output, "like": ""})
    offer = ServiceOffer.objects.get()
    assert begun.headers["Location"] == (page := f"/agreements/offers/{offer.public_id}/")
    version = offer.versions.get()
    on = f"/agreements/offer-versions/{version.public_id}/"
    assert laundry.post(f"{on}clauses/add/", TYPED).status_code == 302
    step = {"name_en": "Hand in used linen", "role_en": "Ward assistant", "minutes": "15"}
    assert laundry.post(f"{on}steps/add/", step).status_code == 302
    shown = laundry.get(page).content.decode()
    for said in ("Daily &lt;i&gt;linen", "95 % within 12 business hours", "15 min", "2 customers get this output"):
        assert said in shown
    sign = laundry.get(f"{on}propose/")
    typed = {
        "digest": page_digest(sign), "sign_in_name": "zhao.lei", "password": PASSWORD,
        "links": [world.laundry_ward.public_id, link.public_id],
    }  # fmt: skip
    assert laundry.post(f"{on}propose/", {**typed, "password": "wrong"}).status_code == 422
    assert not AgreementVersion.objects.exists()
    assert laundry.post(f"{on}propose/", typed).headers["Location"] == f"{page}?version=1"
    version.refresh_from_db()
    assert version.state == OfferState.PROPOSED
    shown = laundry.get(page).content.decode()
    assert "accepted by 0 of 2 customers" in shown
    assert "2 have not answered" in shown
    assert "from the service offer" in world.client(world.wang_fang).get(
        f"/agreements/{AgreementVersion.objects.get(agreement__link=world.laundry_ward).agreement.public_id}/"
    ).content.decode()  # fmt: skip
    rows = b"".join(laundry.get(f"{on}answers.csv")).decode().splitlines()  # type: ignore[arg-type]
    assert len(rows) == 3
    table = b"".join(laundry.get("/agreements/offers/export.csv")).decode()  # type: ignore[arg-type]
    assert ",Proposed,,2,0,2,0,0" in table


def test_a_link_shows_both_values_side_by_side(world: World) -> None:
    version, mine = _talked_over(world)
    page = world.client(world.wang_fang).get(f"/agreements/{mine.agreement.public_id}/").content.decode()
    for said in ("deviates from the offer", "The service offer says", "every case within 24", "1 clause left out"):
        assert said.replace("every case", "95 %") in page
    shown = world.client(world.zhao_lei).get(f"/agreements/offers/{version.offer.public_id}/").content.decode()
    assert "Does not hold: Used linen is sorted" in shown
    assert "1 link deviates" in shown


def _talked_over(world: World) -> tuple[OfferVersion, AgreementVersion]:
    """An offer in consultation with Ward 3: one clause deviates, one does not hold there."""
    ward = world.actor(world.wang_fang)
    version = proposed_offer(world, _with_a_step(world), world.laundry_ward)
    mine = AgreementVersion.objects.get(offer_version=version)
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    linen, order = version.clauses.order_by("position")
    deviations.deviate(by=ward, at=NOON, version=mine, line=linen.line, terms=terms(linen.terms, target=12.0))
    deviations.leave_out_offered(by=ward, at=NOON, version=mine, line=order.line)
    return version, mine


def _with_a_step(world: World) -> OfferVersion:
    draft = drafted_offer(world, LINEN, ORDER)
    words = StepWords(name={"en": "Hand in used linen"}, minutes=15)
    service_steps.add_step(by=world.actor(world.zhao_lei), at=NOON, version=draft, words=words)
    return draft


def cells(world: World) -> list[Cell]:
    """Every route x person: an offer that Ward 3 talks over, and a draft of another one."""
    version, mine = _talked_over(world)
    offer = publishing.publish_offer(by=world.actor(world.zhao_lei), at=NOON, offer=version.offer)
    [clause, _left_out] = mine.clauses.order_by("pk")
    draft = _with_a_step(world)
    shown, other = f"/agreements/offers/{offer.public_id}/", f"/agreements/offers/{draft.offer.public_id}/"
    on, at = f"/agreements/offer-versions/{version.public_id}/", f"/agreements/offer-versions/{draft.public_id}/"
    step = f"/agreements/service-steps/{draft.steps.get().public_id}/"
    writers = frozenset({"lin_mei", "wu_tao", "zhao_lei", "he_jun"})
    link = f"/agreements/versions/{mine.public_id}/"
    return [
        Cell("offers", "/agreements/offers/", STAFF, STAFF),
        Cell("export_offers", "/agreements/offers/export.csv", STAFF, STAFF),
        Cell("begin_offer", f"/agreements/offers/begin/{world.laundry.public_id}/", STAFF, LAUNDRY, writes=True),
        Cell("offer", shown, STAFF, STAFF),
        Cell("compare_offer", f"{shown}compare/?before=1&after=1", STAFF, STAFF),
        Cell("export_answers", f"{on}answers.csv", STAFF, STAFF),
        Cell("offer_poster", f"{shown}poster/", STAFF, STAFF),
        Cell("rename_offer", f"{shown}rename/", STAFF, LAUNDRY, writes=True),
        Cell("end_offer", f"{shown}end/", STAFF, LAUNDRY, writes=True),
        Cell("publish_offer", f"{shown}publish/", STAFF, LAUNDRY, writes=True),
        Cell("take_offer_down", f"{shown}take-down/", STAFF, LAUNDRY, writes=True),
        Cell("guarantee_offer", f"/agreements/guarantees/offer/{offer.public_id}/", STAFF, LAUNDRY, writes=True),
        Cell("invite_to_offer", f"{on}invite/", STAFF, LAUNDRY, writes=True),
        Cell("remind_of_offer", f"{on}remind/", STAFF, LAUNDRY, posts=True),
        # A draft is seen by who writes it, and by who sees all links.
        Cell("offer", other, writers, writers),
        Cell("draft_offer", f"{other}draft/", writers, LAUNDRY, writes=True),
        Cell("describe_offer", f"{at}describe/", writers, LAUNDRY, writes=True),
        Cell("withdraw_offer", f"{at}withdraw/", writers, LAUNDRY, writes=True),
        Cell("propose_offer", f"{at}propose/", writers, HEAD, writes=True),
        Cell("add_offered_clause", f"{at}clauses/add/", writers, LAUNDRY, writes=True),
        Cell("add_step", f"{at}steps/add/", writers, LAUNDRY, writes=True),
        Cell("change_step", f"{step}change/", writers, LAUNDRY, writes=True),
        Cell("drop_step", f"{step}drop/", writers, LAUNDRY, posts=True),
        Cell("move_step", f"{step}move/", writers, LAUNDRY, posts=True),
        Cell("deviate", f"{link}deviate/{clause.deviates_from}/", SEES, WRITES, writes=True),
        Cell("leave_out_offered", f"{link}leave-out/{clause.deviates_from}/", SEES, WRITES, writes=True),
        Cell("as_offered", f"/agreements/clauses/{clause.public_id}/as-offered/", SEES, WRITES, posts=True),
    ]


@pytest.mark.slow
@pytest.mark.sqlite
def test_nobody_gets_further_than_the_policy_says(world: World) -> None:
    people = ("lin_mei", "wu_tao", "zhou_min", "chen_jie", "zhao_lei", "he_ping", "tom_reed", "stranger")
    unexpected = [
        f"{method} {cell.address} by {person}: {came}, expected {cell.expected(person)}"
        for cell, person, method, came in asked(world, cells(world), people)
        if came != cell.expected(person)
    ]
    assert unexpected == []


def test_every_route_stands_in_the_matrix(world: World) -> None:
    here = {f"baton.agreements.views.{name}" for name in ("deviations", "offer_steps", "offers")}
    found = {
        pattern.name
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "app_name", "") == "agreements"
        for pattern in resolver.url_patterns
        if pattern.callback.__module__ in here
    }
    assert found | {"guarantee_offer"} == {cell.route for cell in cells(world)} | {"published"}
