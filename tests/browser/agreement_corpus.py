"""Enters :data:`tests.browser.vectors.VECTORS` into agreements, guarantees, houses of quality and calendars, through
``changes``: the records of :mod:`tests.browser.agreement_records` say so in every text from then on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from baton.agreements import changes
from baton.agreements.changes import guarantees, houses, leaders, workshops
from baton.agreements.changes.house_others import rate_others
from baton.agreements.changes.house_tables import HouseTable, NeedRow, fill_house
from baton.agreements.changes.training import Trained, note_training
from baton.agreements.models import AgreementVersion, Clause, Guarantee, House, Workshop
from baton.agreements.rules import Measure, Sampling, Side, Source, Stance, Terms
from baton.agreements.rules.workshops import CLUSTER_NAME, NOTE_TEXT, Stage
from baton.chain.changes import promise_to_staff
from baton.chain.models import Link
from baton.core.calendars.days import SpecialDay
from baton.core.changes.calendars import add_calendar
from tests.browser.agreement_records import living_link
from tests.browser.offer_records import enter_offers
from tests.browser.review_records import enter_reviews
from tests.browser.vectors import fitting
from tests.world import SYSTEM, World


def enter(world: World, at: datetime) -> None:
    """All of it, on the link that no form ends."""
    _clauses(world, at)
    _opinions(world, at)
    _guarantee(world, at)
    _house(world, at)
    _calendar(world, at)
    _promise_of_a_leader(world, at)
    enter_offers(world, at)
    _training(world, at)
    enter_reviews(world, living_link(world), at)
    _workshop(at)


def said(length: int, start: int) -> dict[str, str]:
    """A text in both languages."""
    return {"en": fitting(length, start), "zh-hans": fitting(length, start + 1)}


def _clauses(world: World, at: datetime) -> None:
    """What each side owes, in a unit of its own, with every note."""
    version = AgreementVersion.objects.get(agreement__link=living_link(world), state="consultation")
    for number, side in enumerate(Side):
        terms = Terms(
            owed_by=side, characteristic=said(200, 3 * number), perception_item=said(200, 3 * number + 1),
            measure=Measure.VALUE, unit=fitting(20, number), lower=1.0, upper=2.0, source=Source.OTHER,
            source_note=fitting(500, 10 + number), sampling=Sampling.SAMPLE, sample_size=5,
            sampling_note=fitting(500, 20 + number), baseline_value=1.5, baseline_weeks=4,
            baseline_note=fitting(500, 30 + number),
        )  # fmt: skip
        changes.add_clause(by=world.actor(world.lin_mei), at=at, version=version, terms=terms)


def _opinions(world: World, at: datetime) -> None:
    """What somebody proposes and says, and what is answered to it."""
    version = AgreementVersion.objects.get(agreement__link=living_link(world), state="consultation")
    last = version.clauses.order_by("-pk")[0]
    wanted = replace(last.terms, characteristic=said(200, 40), source_note=fitting(500, 41))
    countered = changes.say_opinion(
        by=world.actor(world.ma_chao), at=at, version=version, line=last.line, stance=Stance.COUNTER_PROPOSAL,
        text=fitting(2000, 42), proposed=wanted,
    )  # fmt: skip
    changes.decline_opinion(by=world.actor(world.lin_mei), at=at, opinion=countered, answer=fitting(2000, 43))


def _guarantee(world: World, at: datetime) -> None:
    given = Guarantee.objects.get(agreement__link=living_link(world))
    assert given.agreement is not None
    guarantees.call_guarantee(
        by=world.actor(world.lin_mei), at=at, guarantee=given, agreement=given.agreement, what=fitting(500, 12)
    )


def _house(world: World, at: datetime) -> None:
    by, link = world.actor(world.lin_mei), living_link(world)
    house = House.objects.get(link=link)
    house = houses.describe_house(by=by, at=at, house=house, name=said(200, 5), importance_scale=5)
    for number in range(3):
        judged = houses.Judged(importance=number + 1)
        need = houses.add_house_need(by=by, at=at, house=house, words=said(200, 6 * number), judged=judged)
        rate_others(by=by, at=at, need=need, ratings={fitting(60, 4 * number): 4})
        houses.add_characteristic(by=by, at=at, house=house, name=said(200, 6 * number + 3))
    name = fitting(200, 21)
    wishes = NeedRow(fitting(200, 22), houses.Judged(importance=2), {name: 3})
    fill_house(by=by, at=at, house=house, table=HouseTable((name,), (wishes,), {}), title=fitting(150, 20))


def _calendar(world: World, at: datetime) -> None:
    holiday = SpecialDay(date(2099, 5, 1), note=fitting(100, 8))
    add_calendar(
        by=world.actor(world.lin_mei), at=at, name=said(100, 9), zone="UTC", hours={"mon": [["08:00", "16:00"]]},
        days=[holiday], edition=fitting(60, 13),
    )  # fmt: skip


def _promise_of_a_leader(world: World, at: datetime) -> None:
    by = world.actor(world.wang_fang)
    post = promise_to_staff(by=by, at=at, party=world.ward, post=said(200, 3), promises=[said(200, 6)])
    link = Link.objects.filter(supplier=post).order_by("-pk")[0]
    promise = leaders.promise_staff(
        by=by, at=at, link=link, words=said(200, 9), due_on=at.date(), evidence=fitting(500, 11)
    )
    done = leaders.fulfil_promise(by=by, at=at, promise=promise, note=fitting(500, 14))
    leaders.take_back_fulfilment(by=by, at=at, fulfilment=done, reason=fitting(500, 15))
    leaders.fulfil_promise(by=by, at=at, promise=promise, note=fitting(500, 16))


def _training(world: World, at: datetime) -> None:
    by = world.actor(world.lin_mei)
    clause = Clause.objects.get(clause_kind="behaviour", agreement_version__agreement__link__customer=world.pharmacy)
    trained = Trained(world.gao_ming, at.date() - timedelta(days=1), None, fitting(120, 16))
    note_training(by=by, at=at, clause=clause, trained=[trained])


def _workshop(at: datetime) -> None:
    """Notes, two of them in a cluster and one taken out with a reason; its participants vote."""
    held = Workshop.objects.get()
    for stage in (Stage.CLUSTER, Stage.SUPPLIER, Stage.CUSTOMER):
        held = workshops.set_stage(by=SYSTEM, at=at, workshop=held, stage=stage)
    secret = workshops.new_seat_secret()
    seat = workshops.take_seat(at=at, workshop=held, secret=secret, side=Side.CUSTOMER)
    notes = [
        workshops.write_note(at=at, seat=seat, secret=secret, words=fitting(NOTE_TEXT, 7 * number)).pk
        for number in range(4)
    ]
    for stage in (Stage.SUPPLIER, Stage.CLUSTER):
        held = workshops.set_stage(by=SYSTEM, at=at, workshop=held, stage=stage)
    workshops.put_together(by=SYSTEM, at=at, workshop=held, notes=notes[:2], name=fitting(CLUSTER_NAME, 3))
    workshops.take_out_note(by=SYSTEM, at=at, workshop=held, note=notes[3], reason=fitting(500, 17))
    workshops.set_stage(by=SYSTEM, at=at, workshop=held, stage=Stage.VOTE)
