"""Who hears of new signals, and how seldom: one message a day and person, whatever came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from baton.chain.changes import add_link, add_party
from baton.chain.rules import PartyKind
from baton.core.changes import read_notifications
from baton.core.discussions.changes import follow
from baton.core.errors import Forbidden, Refused
from baton.core.mail.composing import still_told
from baton.core.models import Notification
from baton.core.queries import notification_text
from baton.core.rules import Role
from baton.monitoring import changes
from baton.monitoring.models import Signal, SignalRule
from tests.rooms.monitoring.bench import SYSTEM, Bench
from tests.rooms.monitoring.test_signals import AT, run, weeks

if TYPE_CHECKING:
    from baton.core.models import Person
    from tests.world import World

OPENED = "monitoring.signals_opened"


def told(*people: Person) -> dict[str, list[str]]:
    """What messages about new signals these people have, the oldest first."""
    rows = Notification.objects.filter(topic=OPENED, person__in=people).order_by("pk").select_related("person")
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row.person), []).append(notification_text(row))
    return found


def worse(bench: Bench, subjects: Iterable[str], until: int = 52) -> None:
    """The waits of these pairs treble in the last two of the weeks."""
    bench.put("log1", [row for one in subjects for row in weeks(one, range(until - 2, until), until=until)])


def test_the_owner_is_told_once_and_a_first_run_with_many_signals_gives_one_message(
    bench: Bench, world: World
) -> None:  # fmt: skip
    subjects = [world.laundry_ward.measured_as]
    for number in range(12):
        other = add_party(by=SYSTEM, at=AT, party_kind=PartyKind.DEPARTMENT, name={"en": f"Unit {number}"})
        subjects.append(
            add_link(by=SYSTEM, at=AT, supplier=world.laundry, customer=other, output={"en": "Linen"}).measured_as
        )
    worse(bench, subjects)
    done = run()
    assert (done.opened, done.told) == (Signal.objects.count(), 1)
    assert Signal.objects.filter(owner=world.zhao_lei).count() == done.opened == 13
    (message,) = told(world.zhao_lei)["Zhao Lei"]
    assert message.startswith(f"New signals: {done.opened}. Laundry → ")
    assert message.endswith("; ….")
    note = Notification.objects.get(topic=OPENED)
    assert note.address == "/monitoring/signals/?show=mine"
    for _again in range(2):
        changes.tell_of_signals(by=SYSTEM, at=AT + timedelta(minutes=1))
        changes.rebuild(by=SYSTEM, at=AT + timedelta(minutes=2))
    assert len(told(world.zhao_lei)["Zhao Lei"]) == 1, "a rebuild tells nothing anew"


def test_one_message_a_day_that_takes_up_what_comes_until_it_is_opened(bench: Bench, world: World) -> None:
    linen, used = world.laundry_ward.measured_as, world.ward_laundry.measured_as
    worse(bench, [linen])
    first = run().opened
    bench.put("log2", weeks(f"{world.laundry.public_id}>{world.stores.public_id}", range(50, 52)))
    run(AT + timedelta(minutes=5))
    add_link(by=SYSTEM, at=AT, supplier=world.laundry, customer=world.stores, output={"en": "Towels"})
    second = run(AT + timedelta(minutes=10)).opened
    assert told(world.zhao_lei)["Zhao Lei"][0].startswith(f"New signals: {first + second}. ")

    read_notifications(by=world.actor(world.zhao_lei), at=AT + timedelta(minutes=20))
    bench.put("log3", weeks(used, range(50, 52)))
    run(AT + timedelta(minutes=30))
    theirs = Signal.objects.get(subject=used, side="above")
    assert theirs.owner == world.wang_fang
    changes.give_signal(
        by=world.actor(world.wang_fang), at=AT + timedelta(minutes=31), signal=theirs, person=world.zhao_lei
    )
    changes.tell_of_signals(by=SYSTEM, at=AT + timedelta(hours=2))
    assert len(told(world.zhao_lei)["Zhao Lei"]) == 1, "he has heard today"
    changes.tell_of_signals(by=SYSTEM, at=AT + timedelta(days=1))
    messages = told(world.zhao_lei)["Zhao Lei"]
    assert len(messages) == 2
    assert messages[1].startswith("New signals: 1. Ward 3 → Laundry")


def test_nobody_is_told_of_weeks_long_past(bench: Bench, world: World) -> None:
    worse(bench, [world.laundry_ward.measured_as])
    assert run(AT + timedelta(weeks=10)).opened
    assert told(world.zhao_lei, world.lin_mei) == {}


def test_without_an_owner_the_quality_manager_is_told(bench: Bench, world: World) -> None:
    worse(bench, [world.control_lab.measured_as])
    run()
    assert set(told(world.lin_mei, world.ma_chao)) == {"Lin Mei"}


def test_followers_and_rules_hear_what_they_may_see_and_of_what_they_asked(bench: Bench, world: World) -> None:
    follow(
        by=world.actor(world.chen_jie), at=AT, kind="link", public_id=world.laundry_ward.public_id, follows=True
    )  # fmt: skip
    manager = world.actor(world.lin_mei)
    changes.add_signal_rule(by=manager, at=AT, person=world.ivy_stone)
    changes.add_signal_rule(by=manager, at=AT, role=Role.DIRECTOR, rule="WE1")
    changes.add_signal_rule(by=manager, at=AT, person=world.wu_tao, measure="return_rate")
    changes.add_signal_rule(by=world.actor(world.sun_lei), at=AT, person=world.sun_lei, severity="strong")
    worse(bench, [world.laundry_ward.measured_as, world.pharmacy_ward.measured_as])
    run()
    people = (world.chen_jie, world.ivy_stone, world.he_jun, world.wu_tao, world.sun_lei, world.lin_mei)
    found = told(*people)
    assert set(found) == {"Chen Jie", "He Jun", "Sun Lei"}, "Ivy Stone sees nothing of it, Wu Tao asked for returns"
    assert "Pharmacy" not in found["Chen Jie"][0]
    assert "New signals: 2. " in found["He Jun"][0], "those with the rule that was asked for"


def test_signals_towards_the_better_are_told_to_who_asked(bench: Bench, world: World) -> None:
    changes.add_signal_rule(by=world.actor(world.lin_mei), at=AT, person=world.lin_mei, better=True)
    rows = weeks(world.laundry_ward.measured_as)
    bench.put("log1", [row if place < 50 else (*row[:3], 600.0, row[4]) for place, row in enumerate(rows)])
    assert run().opened
    assert set(told(world.lin_mei, world.zhao_lei)) == {"Lin Mei"}


def test_an_email_names_nothing_that_its_reader_sees_no_more(bench: Bench, world: World) -> None:
    worse(bench, [world.laundry_ward.measured_as])
    run()
    message = Notification.objects.select_related("person").get(person=world.zhao_lei, topic=OPENED)
    assert [one.named for one in still_told([message], AT)] == [True]
    Notification.objects.filter(pk=message.pk).update(person=world.ivy_stone)
    message = Notification.objects.select_related("person").get(pk=message.pk)
    assert [one.named for one in still_told([message], AT)] == [False]


def test_rules_are_one_s_own_or_the_quality_manager_s(world: World) -> None:
    chen, manager = world.actor(world.chen_jie), world.actor(world.lin_mei)
    for by, whom in ((chen, {"person": world.wang_fang}), (chen, {"role": "director"})):
        with pytest.raises(Forbidden):
            changes.add_signal_rule(by=by, at=AT, **whom)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="either a person or a role"):
        changes.add_signal_rule(by=manager, at=AT, person=world.wang_fang, role="director")
    with pytest.raises(Refused, match="Found “guest”"):
        changes.add_signal_rule(by=manager, at=AT, role="guest")
    mine = changes.add_signal_rule(by=chen, at=AT, person=world.chen_jie)
    with pytest.raises(Refused, match="told to the same already"):
        changes.add_signal_rule(by=chen, at=AT, person=world.chen_jie)
    with pytest.raises(Forbidden):
        changes.withdraw_signal_rule(by=world.actor(world.sun_lei), at=AT, rule=mine)
    changes.withdraw_signal_rule(by=chen, at=AT, rule=mine)
    changes.add_signal_rule(by=chen, at=AT, person=world.chen_jie)


def test_whoever_is_forgotten_hears_and_looks_no_more(bench: Bench, world: World) -> None:
    from baton.core.changes import forget_person

    changes.add_signal_rule(by=world.actor(world.zhao_lei), at=AT, person=world.zhao_lei)
    worse(bench, [world.laundry_ward.measured_as])
    run()
    forget_person(by=world.actor(world.sun_yan), at=AT, person=world.zhao_lei, reason="He asked")
    assert not Signal.objects.filter(owner__isnull=False).exists()
    assert not SignalRule.objects.filter(withdrawn_at=None).exists()
    changes.tell_of_signals(by=SYSTEM, at=AT + timedelta(days=1))
    assert set(told(world.lin_mei)) == {"Lin Mei"}
