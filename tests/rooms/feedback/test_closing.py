"""What is left of a wave once it has closed: its answers, and nothing that leads to who gave them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback import changes
from baton.feedback.changes.keys import folder, keys_of
from baton.feedback.models import Ballot, Envelope, UrnSheet
from tests import world as hospital
from tests.databases import Databases
from tests.rooms.feedback.asked import cards, cast, closed, letters, opened


def test_nothing_of_the_urn_is_left_after_the_close(committed_db: Databases) -> None:
    world = hospital.build()
    wave = opened(world)
    letters(world, wave)
    cast(wave, cards(world, wave, 1)[0], on_time=4)
    assert keys_of(wave) is not None
    closed(world, wave)
    assert not Ballot.objects.exists()
    assert not Envelope.objects.exists()
    assert not UrnSheet.objects.exists()
    assert keys_of(wave) is None
    assert list(folder().iterdir()) == []


def test_waves_close_by_themselves_and_left_keys_are_destroyed(committed_db: Databases) -> None:
    world = hospital.build()
    wave = opened(world)
    cast(wave, cards(world, wave, 1)[0], on_time=4)
    by = world.actor(world.lin_mei)
    assert changes.close_due(by=by, at=datetime.now(UTC)) == []
    assert [one.pk for one in changes.close_due(by=by, at=datetime.now(UTC) + timedelta(days=8))] == [wave.pk]
    assert list(folder().iterdir()) == []
