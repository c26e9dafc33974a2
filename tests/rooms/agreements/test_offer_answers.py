"""What counts as the answer of a customer to a service offer, for how long he keeps what he has, and what is tried out
first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from baton.agreements import changes, queries
from baton.agreements.changes import deviations, offering, offers, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.models import AgreementVersion, OfferVersion
from baton.agreements.queries.offered_texts import published_offer
from baton.agreements.queries.offering import customers_of, offer_page
from baton.agreements.queries.offers import WAITS, OfferFilters
from baton.agreements.queries.offers import offers as listed
from baton.agreements.rules import TRIAL, Answer, Side, VersionState
from baton.agreements.rules.offers import that_answers
from baton.core.errors import Refused, Stale
from baton.core.models import Notification
from tests.rooms.agreements.made import terms
from tests.rooms.agreements.offering import TODAY, drafted_offer, more_wards, proposed_offer
from tests.rooms.agreements.signed import sign
from tests.rooms.agreements.test_offers import accepted, asked
from tests.world import NOON, SYSTEM, World

WEEK = timedelta(days=7)
STATES = VersionState


@pytest.mark.parametrize(
    ("states", "place"),
    [
        ([STATES.ACTIVE, STATES.DRAFT], 0),
        ([STATES.ACTIVE, STATES.DECLINED], 0),
        ([STATES.DECLINED, STATES.WITHDRAWN], 0),
        ([STATES.DECLINED, STATES.PROPOSED], 1),
        ([STATES.WITHDRAWN, STATES.DRAFT], 1),
        ([STATES.SUPERSEDED, STATES.ACTIVE], 1),
        ([STATES.WITHDRAWN], 0),
    ],
)
def test_which_version_says_what_a_customer_answered(states: list[VersionState], place: int) -> None:
    assert that_answers(states) == place


def _tallies(world: World, version: OfferVersion) -> list[tuple[int, int, int]]:
    """Asked, accepted and waiting, on the page and in the list."""
    viewer = world.actor(world.zhao_lei)
    page = offer_page(viewer=viewer, at=NOON, public_id=version.offer.public_id, number=version.version)
    [row] = listed(viewer=viewer, at=NOON, filters=OfferFilters())
    return [(one.asked, one.accepted, one.waiting) for one in (page.tally, row.tally)]


def test_what_is_written_beside_an_accepted_offer_changes_no_answer(world: World) -> None:
    version, mine = accepted(world)
    ward = world.actor(world.wang_fang)
    draft = changes.draft_version(by=ward, at=NOON, agreement=mine.agreement)
    assert [one.answer for one in customers_of(viewer=ward, at=NOON, version=version)] == [Answer.ACCEPTED]
    changes.withdraw_version(by=ward, at=NOON, version=draft)
    assert [one.answer for one in customers_of(viewer=ward, at=NOON, version=version)] == [Answer.ACCEPTED]
    assert _tallies(world, version) == [(1, 1, 0), (1, 1, 0)]


def test_who_declined_and_is_asked_again_is_one_customer(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    ward, by = world.actor(world.wang_fang), world.actor(world.zhao_lei)
    changes.decline_version(by=ward, at=NOON, version=asked(version, world.laundry_ward), reason="Too late")
    offering.invite_links(by=by, at=NOON, version=version, links=[world.laundry_ward])
    assert _tallies(world, version) == [(1, 0, 1), (1, 0, 1)]
    with pytest.raises(Refused, match="nothing else is on its way"):
        offering.invite_links(by=by, at=NOON, version=version, links=[world.laundry_ward])


def test_who_has_signed_is_not_reminded_and_counts_once_the_supplier_has_too(world: World) -> None:
    links = [world.laundry_ward, *more_wards(world, 1, world.zhou_min)]
    version = proposed_offer(world, drafted_offer(world), *links)
    mine, ward, by = asked(version, links[0]), world.actor(world.wang_fang), world.actor(world.zhao_lei)
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    line = version.clauses.order_by("position")[0].line
    deviations.deviate(by=ward, at=NOON, version=mine, line=line, terms=terms(target=12.0))
    changes.close_consultation(by=ward, at=NOON, version=mine)
    sign(world, mine, world.wang_fang, Side.CUSTOMER)
    sign(world, asked(version, links[1]), world.zhou_min, Side.CUSTOMER)
    told = Notification.objects.get(person=world.zhao_lei, topic="agreements.offers_accepted")
    assert told.values["count"] == 1
    page = offer_page(viewer=by, at=NOON, public_id=version.offer.public_id)
    assert (page.tally.waiting, page.may_remind) == (1, False)
    with pytest.raises(Refused, match="All have answered"):
        offering.remind_customers(by=by, at=NOON, version=version)


def test_the_list_of_what_waits_says_nothing_of_customers_out_of_sight(world: World) -> None:
    proposed_offer(world, drafted_offer(world), world.laundry_ward)
    filters = OfferFilters(state=WAITS)
    found = {
        name: len(listed(viewer=world.actor(getattr(world, name)), at=NOON, filters=filters))
        for name in ("he_ping", "wang_fang")
    }
    assert found == {"he_ping": 0, "wang_fang": 1}
    assert len(listed(viewer=world.actor(world.he_ping), at=NOON, filters=OfferFilters())) == 1


def _asked_anew(world: World) -> tuple[AgreementVersion, AgreementVersion]:
    """What Ward 3 holds, for a week more, and what it is asked to accept instead."""
    first, mine = accepted(world)
    by = world.actor(world.zhao_lei)
    second = offers.draft_offer_version(by=by, at=NOON, offer=first.offer)
    offers.describe_offer_version(by=by, at=NOON, version=second, holds_until=TODAY + WEEK)
    return mine, asked(proposed_offer(world, second), world.laundry_ward)


@pytest.mark.sqlite
def test_who_signed_the_new_version_keeps_the_old_one_until_it_begins(world: World) -> None:
    mine, new = _asked_anew(world)
    ward = world.actor(world.wang_fang)
    new = changes.open_consultation(by=ward, at=NOON, version=new)
    changes.describe_version(by=ward, at=NOON, version=new, starts_on=TODAY + 3 * WEEK)
    changes.close_consultation(by=ward, at=NOON, version=new)
    sign(world, new, world.wang_fang, Side.CUSTOMER)
    sign(world, new, world.zhao_lei, Side.SUPPLIER)
    for after, state in ((2 * WEEK, VersionState.ACTIVE), (3 * WEEK, VersionState.SUPERSEDED)):
        changes.keep_terms(by=SYSTEM, at=NOON + after)
        mine.refresh_from_db()
        assert mine.state == state


@pytest.mark.sqlite
def test_whom_the_supplier_asks_no_more_keeps_what_he_has(world: World) -> None:
    mine, new = _asked_anew(world)
    changes.withdraw_version(by=world.actor(world.zhao_lei), at=NOON, version=new)
    changes.keep_terms(by=SYSTEM, at=NOON + 2 * WEEK)
    mine.refresh_from_db()
    assert mine.state == VersionState.ACTIVE


@pytest.mark.sqlite
def test_what_nobody_has_measured_is_tried_out_from_the_first_day_on(world: World) -> None:
    version, by = drafted_offer(world, terms(), terms(trial_until=TODAY + 60 * WEEK)), world.actor(world.zhao_lei)
    late = NOON + 20 * WEEK
    with pytest.raises(Refused, match="The trial is over"):
        proposed_offer(world, version, world.laundry_ward, at=late)
    offers.describe_offer_version(by=by, at=NOON, version=version, starts_on=TODAY + 26 * WEEK)
    days = list(version.clauses.order_by("position").values_list("trial_until", flat=True))
    assert days == [TODAY + 26 * WEEK + TRIAL, TODAY + 60 * WEEK], "a later day that somebody chose stays"
    version.refresh_from_db()
    assert proposed_offer(world, version, world.laundry_ward, at=late).state == "proposed"


def test_of_two_who_deviate_from_a_clause_at_once_the_second_reads_the_first(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine, ward = asked(version, world.laundry_ward), world.actor(world.wang_fang)
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    linen = version.clauses.order_by("position")[0]
    seen = {"version": mine, "line": linen.line, "expected_seq": linen.changed_seq}
    first = deviations.deviate(by=ward, at=NOON, terms=terms(target=12.0), **seen)
    other = world.actor(world.zhao_lei)
    with pytest.raises(Stale) as stale:
        deviations.deviate(by=other, at=NOON, terms=terms(target=36.0), **seen)
    assert (stale.value.theirs["target"], stale.value.version) == (12.0, first.changed_seq)
    deviations.deviate(by=other, at=NOON, terms=terms(target=36.0), **{**seen, "expected_seq": first.changed_seq})
    clause = deviations.hold_as_offered(by=ward, at=NOON, clause=first)
    with pytest.raises(Refused, match="a clause in its place"):
        changes.restore_clause(by=ward, at=NOON, clause=clause)
    assert len(queries.clauses_by_version(viewer=SYSTEM, versions=[mine])[mine.pk]) == 2


@pytest.mark.sqlite
def test_the_public_page_shows_the_version_whose_first_day_has_come(world: World) -> None:
    version, by = drafted_offer(world), world.actor(world.zhao_lei)
    service_steps.add_step(by=by, at=NOON, version=version, words=StepWords(name={"en": "Call at seven"}))
    version = proposed_offer(world, version, world.laundry_ward)
    sign(world, asked(version, world.laundry_ward), world.wang_fang, Side.CUSTOMER)
    offer = publishing.publish_offer(by=by, at=NOON, offer=version.offer)
    second = offers.draft_offer_version(by=by, at=NOON, offer=offer)
    service_steps.change_step(by=by, at=NOON, step=second.steps.get(), words=StepWords(name={"en": "Call at nine"}))
    second = offers.describe_offer_version(by=by, at=NOON, version=second, starts_on=TODAY + 2 * WEEK)
    second = proposed_offer(world, second)
    sign(world, asked(second, world.laundry_ward), world.wang_fang, Side.CUSTOMER)
    for after, step in ((WEEK, "Call at seven"), (2 * WEEK, "Call at nine")):
        found = published_offer(viewer=SYSTEM, at=NOON + after, token=offer.page_token)
        assert [str(one) for one in found.steps] == [step]


@pytest.mark.sqlite
def test_an_incomplete_draft_offers_no_button_that_leads_to_a_refusal(world: World) -> None:
    version = drafted_offer(world)
    client, address = world.client(world.zhao_lei), f"/agreements/offers/{version.offer.public_id}/"
    assert "/propose/" in client.get(address).content.decode()
    changes.add_clause(by=world.actor(world.zhao_lei), at=NOON, version=version, terms=terms(target=None))
    page = client.get(address).content.decode()
    assert ("/propose/" in page, "1 incomplete clause" in page) == (False, True)


@pytest.mark.sqlite
def test_an_offer_asks_again_who_holds_it_though_another_was_offered_meanwhile(world: World) -> None:
    first, _mine = accepted(world)
    other = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    changes.decline_version(
        by=world.actor(world.wang_fang), at=NOON, version=asked(other, world.laundry_ward), reason="We stay"
    )
    second = offers.draft_offer_version(by=world.actor(world.zhao_lei), at=NOON, offer=first.offer)
    assert asked(proposed_offer(world, second), world.laundry_ward).state == VersionState.PROPOSED


@pytest.mark.sqlite
def test_own_clauses_are_put_in_order_among_themselves(world: World) -> None:
    version = proposed_offer(world, drafted_offer(world), world.laundry_ward)
    mine, ward = asked(version, world.laundry_ward), world.actor(world.wang_fang)
    mine = changes.open_consultation(by=ward, at=NOON, version=mine)
    for name in ("Towels, too", "Pillows, too"):
        changes.add_clause(by=ward, at=NOON, version=mine, terms=terms(characteristic={"en": name}))
    client = world.client(world.wang_fang)
    address = f"/agreements/{mine.agreement.public_id}/"
    last = mine.clauses.get(characteristic={"en": "Pillows, too"})
    up = f'/agreements/clauses/{last.public_id}/move/"'
    form = client.get(address).content.decode().split(up)[1].split("</form>")[0]
    [place] = re.findall(r'name="position" value="(\d+)"', form)
    client.post(up.rstrip('"'), {"position": place})
    assert [str(one) for one in mine.clauses.order_by("position")] == ["Pillows, too", "Towels, too"]


@pytest.mark.sqlite
def test_what_was_accepted_of_an_offer_that_has_ended_can_be_renewed(world: World) -> None:
    version, mine = accepted(world)
    ward = world.actor(world.wang_fang)
    offers.end_offer(by=world.actor(world.zhao_lei), at=NOON, offer=version.offer, reason="Each ward for itself")
    draft = changes.draft_version(by=ward, at=NOON, agreement=mine.agreement)
    lines = list(version.clauses.order_by("position").values_list("line", flat=True))
    assert list(draft.clauses.order_by("position").values_list("line", flat=True)) == lines
    changes.propose_version(by=ward, at=NOON, version=draft)
    sign(world, draft, world.wang_fang, Side.CUSTOMER)
    sign(world, draft, world.zhao_lei, Side.SUPPLIER)
    draft.refresh_from_db()
    assert (draft.state, draft.offer_version) == (VersionState.ACTIVE, None)
