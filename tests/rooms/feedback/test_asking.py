"""Who is asked: those who dealt with the links, nobody about his own department, nobody too often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from baton.chain.changes import appoint
from baton.chain.rules import Capacity
from baton.core.errors import Refused
from baton.feedback import changes
from baton.feedback.models import InvitedLink, SurveyInvitation, Wave
from baton.feedback.queries.asking import Choice, choice_for
from baton.feedback.rules import Band, Way
from baton.feedback.rules.asking import Belongs, LinkAsked, drawn, sample_size, shares_of, to_ask
from tests.rooms.feedback.asked import opened, prepared, written
from tests.world import World


def choice(world: World, wave: Wave, days: int = 90, width: float | None = None) -> Choice:
    return choice_for(
        viewer=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave, window_days=days, half_width=width
    )


def names(world: World, found: Choice) -> set[str]:
    from baton.core.models import Person

    return set(Person.objects.filter(pk__in=found.shares).values_list("sign_in_name", flat=True))


def chosen(world: World, wave: Wave, **given: object) -> int:
    return changes.choose_people(
        by=world.actor(world.lin_mei),
        at=datetime.now(UTC),
        wave=wave,
        **{"window_days": 90, **given},  # type: ignore[arg-type]
    )


def test_nobody_is_asked_about_his_own_department() -> None:
    """A head above the supplier, a member of it and one of its teams are left out; others of the customer are asked."""
    belongs = [
        Belongs(1, "c/", leads=True), Belongs(2, "c/night/", leads=False), Belongs(3, "c/", leads=False),
        Belongs(3, "s/team/", leads=False), Belongs(4, "c/", leads=False), Belongs(4, "top/", leads=True),
        Belongs(5, "c/", leads=False), Belongs(5, "top/", leads=False), Belongs(6, "other/", leads=True),
    ]  # fmt: skip
    link = LinkAsked(key=9, supplier="top/s/", customer="c/")
    team = LinkAsked(key=8, supplier="s/", customer="c/")
    assert shares_of([link], belongs) == {
        1: {9: Band.LEAD}, 2: {9: Band.STAFF}, 3: {9: Band.STAFF}, 5: {9: Band.STAFF}
    }  # fmt: skip
    assert 3 not in shares_of([team], belongs)


def test_at_most_five_links_those_dealt_with_most() -> None:
    links = [LinkAsked(key=n, supplier=f"s{n}/", customer="c/", handoffs=n) for n in range(1, 9)]
    links[0] = LinkAsked(key=1, supplier="s1/", customer="c/", handoffs=1, took={7: 3})
    shares = shares_of(links, [Belongs(7, "c/", leads=False), Belongs(8, "c/", leads=False)])
    assert set(shares[7]) == {1, 8, 7, 6, 5}
    assert set(shares[8]) == {8, 7, 6, 5, 4}


def test_link_over_which_nothing_went_is_not_asked_about_one_without_records_is() -> None:
    belongs = [Belongs(1, "c/", leads=False)]
    idle = LinkAsked(key=1, supplier="s/", customer="c/", handoffs=0)
    unknown = LinkAsked(key=2, supplier="s/", customer="c/", handoffs=None)
    assert shares_of([idle, unknown], belongs) == {1: {2: Band.STAFF}}


def test_sample_size_of_cochran() -> None:
    """Sampling Techniques (1977), chapter 4: n0 = (z s / E)^2, n = n0 / (1 + n0 / N)."""
    assert sample_size(10_000_000, spread=1.0, half_width=0.5) == 16
    assert sample_size(40, spread=1.0, half_width=0.5) == 12
    assert sample_size(3, spread=1.0, half_width=0.1) == 3
    assert to_ask(12, 40, share=0.5, least=5) == 24
    assert to_ask(2, 40, share=0.5, least=5) == 10
    assert to_ask(30, 40, share=0.5, least=5) == 40


def test_draw_reaches_what_is_wanted_and_takes_those_who_received_first() -> None:
    shares = {person: {1: Band.STAFF, 2: Band.STAFF} for person in range(100)}
    found = drawn(shares, {1: 10, 2: 4}, {3: 1, 4: 2}, Random(1))
    assert sum(1 in held for held in found.values()) == 10
    assert sum(2 in held for held in found.values()) == 4
    assert {3, 4} <= found.keys()
    assert drawn(shares, {1: 10}, {}, Random(2)).keys() != drawn(shares, {1: 10}, {}, Random(3)).keys()


@pytest.mark.django_db
def test_people_come_from_the_chain_with_their_bands(world: World) -> None:
    wave = prepared(world, links=[world.laundry_ward, world.ward_laundry])
    assert names(world, choice(world, wave)) == {
        "wang.fang", "zhou.min", "chen.jie", "sun.lei", "zhao.lei", "gao.ming"
    }  # fmt: skip
    assert chosen(world, wave) == 6
    bands = dict(InvitedLink.objects.values_list("invitation__person__sign_in_name", "band"))
    assert {name for name, band in bands.items() if band == Band.LEAD} == {"wang.fang", "zhou.min", "zhao.lei"}
    assert set(SurveyInvitation.objects.values_list("way", flat=True)) == {Way.APP}


@pytest.mark.django_db
def test_who_belongs_to_both_sides_guests_and_accounts_that_are_off_are_left_out(world: World) -> None:
    from baton.core.changes import disable_person

    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    appoint(by=by, at=at, party=world.laundry, person=world.chen_jie, capacity=Capacity.MEMBER)
    appoint(by=by, at=at, party=world.ward, person=world.tom_reed, capacity=Capacity.MEMBER)
    disable_person(by=world.actor(world.sun_yan), at=at, person=world.sun_lei)
    assert names(world, choice(world, prepared(world, links=[world.laundry_ward]))) == {"wang.fang", "zhou.min"}


@pytest.mark.django_db
def test_nobody_is_asked_twice_in_thirty_days_nor_against_his_wish(world: World) -> None:
    at = datetime.now(UTC)
    changes.stay_quiet(by=world.actor(world.sun_lei), at=at, until=(at + timedelta(days=20)).date())
    first = prepared(world, links=[world.laundry_ward])
    chosen(world, first)
    assert not SurveyInvitation.objects.filter(person=world.sun_lei).exists()
    opened(world, first)
    second = choice(world, prepared(world, links=[world.laundry_ward, world.ward_laundry]))
    assert names(world, second) == {"zhao.lei", "gao.ming"}
    assert (second.quiet, second.lately) == (1, 3)
    changes.stay_quiet(by=world.actor(world.sun_lei), at=at, until=None)
    third = choice(world, prepared(world, links=[world.laundry_ward]))
    assert names(world, third) == {"sun.lei"}


@pytest.mark.django_db
def test_handoffs_of_the_window_decide_where_they_are_recorded(world: World) -> None:
    from baton.handoffs import changes as handoffs

    at = datetime.now(UTC)
    long_ago = at - timedelta(days=200)
    handoffs.request_handoff(
        by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, requested_at=long_ago, due_at=long_ago
    )
    wave = prepared(world)
    found = choice(world, wave)
    assert {one.link.link_id for one in found.by_link if one.idle} == {world.laundry_ward.pk}
    assert all(set(held) == {wave.links.get(link=world.pharmacy_ward).pk} for held in found.shares.values())
    assert {one.asked for one in choice(world, wave, days=365).by_link} == {4}


@pytest.mark.django_db
def test_who_took_it_comes_first_in_a_draw(world: World) -> None:
    from baton.handoffs import changes as handoffs

    at = datetime.now(UTC)
    before = at - timedelta(days=2)
    made = handoffs.request_handoff(
        by=world.actor(world.chen_jie), at=at, link=world.laundry_ward, requested_at=before, due_at=before
    )
    handoffs.deliver_handoff(by=world.actor(world.gao_ming), at=at, handoff=made)
    handoffs.accept_handoff(by=world.actor(world.sun_lei), at=at, handoff=made)
    wave = prepared(world, links=[world.laundry_ward], questionnaire=written(world))
    key = wave.links.get().pk
    shares = choice(world, wave).shares
    assert set(shares) == {one.pk for one in (world.wang_fang, world.zhou_min, world.chen_jie, world.sun_lei)}
    from baton.handoffs.queries.dealings import dealings

    dealt = dealings(
        viewer=world.actor(world.lin_mei), at=at, since=at - timedelta(days=90), links=[world.laundry_ward.pk]
    )[world.laundry_ward.pk]
    assert (dealt.count, dealt.recorded, dict(dealt.people)) == (1, True, {world.sun_lei.public_id: 1})
    assert set(drawn(shares, {key: 1}, {world.sun_lei.pk: 1}, Random(5))) == {world.sun_lei.pk}


@pytest.mark.django_db
def test_rule_that_makes_no_sense_is_refused_and_only_the_quality_manager_chooses(world: World) -> None:
    wave = prepared(world)
    for given in ({"window_days": 3}, {"window_days": 5_000}, {"half_width": 0.0}, {"half_width": 9.0}):
        with pytest.raises(Refused):
            chosen(world, wave, **given)
    for person in (world.he_jun, world.wu_tao, world.sun_yan, world.wang_fang, world.tom_reed):
        with pytest.raises(Refused) as refused:
            changes.choose_people(by=world.actor(person), at=datetime.now(UTC), wave=wave, window_days=90)
        assert refused.value.status == 403
    assert not SurveyInvitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, -1, 400])
def test_quiet_day_that_makes_no_sense_is_refused(world: World, days: int) -> None:
    at = datetime.now(UTC)
    with pytest.raises(Refused):
        changes.stay_quiet(by=world.actor(world.sun_lei), at=at, until=(at + timedelta(days=days)).date())


@pytest.mark.django_db
def test_spread_and_share_come_from_the_last_survey_as_far_as_published(world: World) -> None:
    from statistics import stdev

    from baton.feedback.queries.asking import spread_before
    from tests.rooms.feedback.test_publishing import answered, published, spread

    by = world.actor(world.lin_mei)
    usual = spread_before(viewer=by, questionnaire=written(world))
    assert (usual.deviation, usual.share, usual.wave) == (1.0, 0.5, None)
    given = {world.laundry_ward: spread(22), world.pharmacy_ward: spread(10)}
    wave = published(world, answered(world, given))
    found = spread_before(viewer=by, questionnaire=wave.questionnaire)
    really = stdev(one["on_time"] for sheets in given.values() for one in sheets)
    assert found.wave == wave
    # bounds are published to one decimal: half a step on 32 answers
    assert abs(found.deviation - really) < 0.05 * 32**0.5 / 1.96 + 0.05
    assert found.deviation != 1.0
