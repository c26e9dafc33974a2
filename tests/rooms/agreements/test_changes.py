"""What happens to agreements, and what is refused."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections

from baton.agreements import changes, queries
from baton.agreements.models import Agreement, AgreementVersion
from baton.agreements.rules import (
    TRIAL,
    Changed,
    Measure,
    Sampling,
    Side,
    Standing,
    VersionState,
    standing,
)
from baton.chain.changes import end_link
from baton.core.audit.trail import change
from baton.core.changes.calendars import add_calendar, end_calendar
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused, Stale
from baton.core.models import Notification
from baton.core.signatures import digest_now
from tests.databases import Databases
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause, in_force, proposed, terms
from tests.world import NOON, SYSTEM, World, build

TODAY = day_of(NOON)


def test_a_draft_of_one_side_becomes_a_proposal_to_the_other(world: World) -> None:
    version = proposed(world)
    assert (version.state, version.proposed_side) == (VersionState.PROPOSED, Side.SUPPLIER)
    assert version.agreement.number.startswith("A-2026-")
    told = set(Notification.objects.filter(topic="agreements.proposed").values_list("person__public_id", flat=True))
    assert told == {world.wang_fang.public_id, world.zhou_min.public_id}
    # Nobody has measured what is usual: every clause is on trial, and cannot be breached.
    assert {clause.trial_until for clause in version.clauses.all()} == {TODAY + TRIAL}
    assert {standing(clause.terms, TODAY) for clause in version.clauses.all()} == {Standing.ON_TRIAL}


def test_a_link_has_one_agreement(world: World) -> None:
    drafted(world)
    with pytest.raises(Refused, match="is the agreement of this link"):
        drafted(world)
    assert Agreement.objects.count() == 1


def test_a_text_that_is_proposed_stands_still_until_a_consultation(world: World) -> None:
    version, customer = proposed(world), world.actor(world.wang_fang)
    clause = first_clause(version)
    with pytest.raises(Refused, match="its text stands still"):
        changes.change_clause(by=customer, at=NOON, clause=clause, terms=terms(target=12.0))
    changes.open_consultation(by=customer, at=NOON, version=version)
    changes.change_clause(by=customer, at=NOON, clause=clause, terms=terms(target=12.0))
    version = changes.close_consultation(by=customer, at=NOON, version=version)
    assert (version.state, version.proposed_side) == (VersionState.PROPOSED, Side.SUPPLIER)
    assert first_clause(version).target == 12.0


def test_both_signatures_bring_it_into_force_and_the_next_version_supersedes_it(world: World) -> None:
    first = in_force(proposed(world))
    by = world.actor(world.wang_fang)
    second = changes.draft_version(by=by, at=NOON, agreement=first.agreement, reason="Earlier in the morning")
    lines = list(first.clauses.values_list("line", flat=True))
    assert sorted(second.clauses.values_list("line", flat=True)) == sorted(lines)
    with pytest.raises(Refused, match="is on its way"):
        changes.draft_version(by=by, at=NOON, agreement=first.agreement)
    linen = first_clause(second)
    changes.change_clause(by=by, at=NOON, clause=linen, terms=replace(linen.terms, target=12.0))
    changes.drop_clause(by=by, at=NOON, clause=second.clauses.get(owed_by=Side.CUSTOMER))
    changes.add_clause(by=by, at=NOON, version=second, terms=terms(characteristic={"en": "Linen is whole"}))
    public_id = first.agreement.public_id
    _old, _new, found, _calendars = queries.comparison(viewer=by, at=NOON, public_id=public_id, before=1, after=2)
    assert [(one.changed, one.fields) for one in found] == [
        (Changed.CHANGED, ("target",)), (Changed.ADDED, ()), (Changed.DROPPED, ())
    ]  # fmt: skip
    second = in_force(changes.propose_version(by=by, at=NOON, version=second))
    first.refresh_from_db()
    assert (first.state, first.closed_at) == (VersionState.SUPERSEDED, NOON)


def test_a_red_clause_is_talked_about_but_never_agreed(world: World) -> None:
    version = proposed(world, LINEN, BARE)
    with change(by=SYSTEM, at=NOON) as trail, pytest.raises(Refused, match="Linen smells fresh"):
        changes.accepted_by_both(trail, trail.lock(AgreementVersion, version))
    version.refresh_from_db()
    assert version.state == VersionState.PROPOSED


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"measure": None, "attainment": None}, "measure"),
        ({"unit": "ppm"}, "unit"),
        ({"measure": Measure.SHARE, "unit": "%", "target": 101.0, "attainment": None}, "target"),
        (
            {"measure": Measure.VALUE, "unit": "°C", "direction": None, "lower": 2.0, "upper": 8.0, "target": 9.0},
            "target",
        ),
        ({"attainment": 101.0}, "attainment"),
        ({"sampling": Sampling.SAMPLE}, "sample_size"),
        ({"characteristic": {"en": "\u200b"}}, "characteristic"),
        ({"characteristic": {"en": "x" * 201}}, "characteristic"),
        ({"source_note": "x" * 501}, "source_note"),
    ],
)
def test_what_contradicts_itself_is_refused_and_nothing_is_saved(
    world: World, changed: dict[str, Any], field: str
) -> None:
    version = drafted(world)
    with pytest.raises(Refused) as refused:
        changes.add_clause(by=world.actor(world.zhao_lei), at=NOON, version=version, terms=terms(**changed))
    assert refused.value.field == field
    assert version.clauses.count() == 2


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"starts_on": date(2026, 7, 1), "ends_on": date(2026, 6, 30)}, "ends_on"),
        ({"ends_on": date(2026, 5, 31)}, "ends_on"),
        ({"ends_on": date(2026, 12, 31), "review_on": date(2027, 1, 1)}, "review_on"),
        ({"renewal_days": 366}, "renewal_days"),
    ],
)
def test_days_that_do_not_fit_are_refused(world: World, days: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        changes.describe_version(by=world.actor(world.zhao_lei), at=NOON, version=drafted(world), **days)
    assert refused.value.field == field


def test_of_two_who_change_a_clause_the_second_is_told_what_the_first_wrote(world: World) -> None:
    clause = first_clause(drafted(world))
    seen = clause.changed_seq
    changes.change_clause(
        by=world.actor(world.zhao_lei), at=NOON, clause=clause, terms=terms(target=12.0), expected_seq=seen
    )
    with pytest.raises(Stale) as stale:
        changes.change_clause(
            by=world.actor(world.wang_fang), at=NOON, clause=clause, terms=terms(target=8.0), expected_seq=seen
        )
    assert stale.value.theirs["target"] == 12.0
    assert first_clause(clause.agreement_version).target == 12.0  # type: ignore[arg-type]


def test_who_proposes_what_changed_meanwhile_is_told(world: World) -> None:
    version = drafted(world)
    seen = version.changed_seq
    changes.change_clause(
        by=world.actor(world.wang_fang), at=NOON, clause=first_clause(version), terms=terms(target=12.0)
    )
    with pytest.raises(Stale):
        changes.propose_version(by=world.actor(world.zhao_lei), at=NOON, version=version, expected_seq=seen)


def test_clauses_are_put_in_order_and_taken_up_again(world: World) -> None:
    by = world.actor(world.zhao_lei)
    version = drafted(world, LINEN, terms(characteristic={"en": "Second"}), terms(characteristic={"en": "Third"}))
    third = version.clauses.get(characteristic={"en": "Third"})
    changes.move_clause(by=by, at=NOON, clause=third, position=1)
    order = [str(clause) for clause in version.clauses.order_by("position")]
    assert order == ["Third", "Clean linen is on the ward", "Second"]
    changes.drop_clause(by=by, at=NOON, clause=third)
    assert str(queries.clauses_by_version(viewer=by, versions=[version])[version.pk][0]) == "Clean linen is on the ward"
    changes.restore_clause(by=by, at=NOON, clause=third)
    assert len(queries.clauses_by_version(viewer=by, versions=[version])[version.pk]) == 3


def test_who_takes_which_step(world: World) -> None:
    version = proposed(world)
    supplier, customer = world.actor(world.zhao_lei), world.actor(world.zhou_min)
    for by in (supplier, world.actor(world.lin_mei)):
        with pytest.raises(Forbidden):  # neither the side that proposed it, nor the quality manager for both
            changes.decline_version(by=by, at=NOON, version=version, reason="No")
    with pytest.raises(Forbidden):
        changes.withdraw_version(by=customer, at=NOON, version=version)
    with pytest.raises(Refused, match="1 to 500"):
        changes.decline_version(by=customer, at=NOON, version=version, reason=" ")
    declined = changes.decline_version(by=customer, at=NOON, version=version, reason="Too late for the morning")
    assert (declined.state, declined.closed_because) == (VersionState.DECLINED, "Too late for the morning")
    with pytest.raises(Refused, match="Version 1 is Declined"):
        changes.propose_version(by=supplier, at=NOON, version=declined)
    for outsider in (world.chen_jie, world.ma_chao, world.ivy_stone):
        with pytest.raises((Forbidden, NotFound)):
            changes.draft_version(by=world.actor(outsider), at=NOON, agreement=version.agreement)


def test_terms_begin_and_end_with_their_days(world: World) -> None:
    by, version = world.actor(world.zhao_lei), drafted(world)
    first, last = TODAY + timedelta(days=10), TODAY + timedelta(days=40)
    version = changes.describe_version(by=by, at=NOON, version=version, starts_on=first, ends_on=last, renewal_days=7)
    version = changes.propose_version(by=by, at=NOON, version=version)
    with change(by=SYSTEM, at=NOON) as trail:
        changes.accepted_by_both(trail, trail.lock(AgreementVersion, version))

    def on(days: int) -> str:
        changes.keep_terms(by=SYSTEM, at=NOON + timedelta(days=days))
        version.refresh_from_db()
        return version.state

    assert [on(9), on(10), on(32)] == [VersionState.ACCEPTED, VersionState.ACTIVE, VersionState.ACTIVE]
    assert not Notification.objects.filter(topic="agreements.renewal").exists()
    assert [on(33), on(40)] == [VersionState.ACTIVE, VersionState.ACTIVE]
    assert Notification.objects.filter(topic="agreements.renewal").count() == 3
    assert on(41) == VersionState.EXPIRED


def test_an_agreement_ends_with_its_link(world: World) -> None:
    version = in_force(proposed(world))
    end_link(by=SYSTEM, at=NOON, link=world.laundry_ward)
    changes.keep_terms(by=SYSTEM, at=NOON)
    version.refresh_from_db()
    assert version.state == VersionState.EXPIRED
    with pytest.raises(Forbidden):
        changes.draft_version(by=world.actor(world.zhao_lei), at=NOON, agreement=version.agreement)


def test_control_outputs_take_no_other_aspects(world: World) -> None:
    from baton.agreements.rules import Aspect

    by = world.actor(world.lin_mei)
    with pytest.raises(Refused) as refused:
        changes.begin_agreement(by=by, at=NOON, link=world.control_lab, clauses=[terms(aspect=Aspect.RELIABILITY)])
    assert refused.value.field == "aspect"
    assert not Agreement.objects.exists()
    changes.begin_agreement(by=by, at=NOON, link=world.control_lab, clauses=[terms(aspect=Aspect.CLARITY)])


def test_what_is_signed_is_every_clause_and_nothing_of_the_state(world: World) -> None:
    version, viewer = proposed(world), world.actor(world.lin_mei)
    signed = digest_now("agreement_version", version.public_id)
    content = queries.contents_of(viewer=viewer, public_ids=[version.public_id])[version.public_id]
    assert [one["target"] for one in content["clauses"]] == [24.0, 98.0]
    in_force(version)
    assert digest_now("agreement_version", version.public_id) == signed
    version.clauses.filter(target=24.0).update(target=23.0)
    assert digest_now("agreement_version", version.public_id) != signed


def test_business_time_runs_in_the_calendar_of_the_clause(world: World) -> None:
    from baton.agreements.pages.words import target_of

    hours = {"mon": [("08:00", "17:00")]}
    add_calendar(by=SYSTEM, at=NOON, name={"en": "House"}, zone="Asia/Shanghai", hours=hours)
    ward = add_calendar(by=SYSTEM, at=NOON, name={"en": "Ward"}, zone="Asia/Shanghai", hours=hours)
    version = drafted(world, terms(calendar=ward.public_id))
    assert target_of(first_clause(version)) == "95 % within 24 business hours of the calendar “Ward”"
    with pytest.raises(Refused) as refused:
        changes.add_clause(
            by=world.actor(world.zhao_lei), at=NOON, version=version, terms=replace(ORDER, calendar=ward.public_id)
        )
    assert refused.value.field == "calendar"
    with pytest.raises(Refused, match="Counted by it: 1"):
        end_calendar(by=SYSTEM, at=NOON, calendar=ward)


@pytest.mark.slow
def test_of_many_who_change_a_clause_at_once_exactly_one_wins(committed_db: Databases) -> None:
    world = build()
    version = drafted(world)
    clause = first_clause(version)
    won: list[float] = []

    def counter(number: int) -> None:
        person = world.zhao_lei if number % 2 else world.wang_fang
        with suppress(Stale):
            changed = changes.change_clause(
                by=world.actor(person), at=NOON, clause=clause, terms=terms(target=float(number)),
                expected_seq=clause.changed_seq,
            )  # fmt: skip
            won.append(changed.target or 0)
        connections.close_all()

    threads = [threading.Thread(target=counter, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [first_clause(version).target] == won
