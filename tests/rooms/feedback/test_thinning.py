"""What answers keep beside them once their wave is published: nothing that so few people share that it names them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from baton.core.errors import NotFound
from baton.core.models import AuditEntry
from baton.feedback import changes
from baton.feedback.models import AnswerSheet, Wave
from baton.feedback.queries import raw_sheets
from tests.rooms.feedback.answering import answered, published, spread
from tests.rooms.feedback.asked import closed
from tests.world import World

pytestmark = pytest.mark.django_db


def kept(wave: Wave) -> Counter[tuple[str, str]]:
    """Sheets about links by link and band."""
    rows = AnswerSheet.objects.filter(wave=wave).select_related("wave_link__link__supplier")
    return Counter((str(row.wave_link.link.supplier) if row.wave_link else "", row.band) for row in rows)


def test_few_heads_among_many_lose_their_band_and_so_do_all_of_the_link(world: World) -> None:
    given = {world.laundry_ward: spread(12), world.pharmacy_ward: spread(20)}
    wave = answered(world, given, leads=2)
    assert kept(closed(world, wave)) == {
        ("Laundry", "lead"): 2, ("Laundry", "staff"): 10, ("Pharmacy", "lead"): 2, ("Pharmacy", "staff"): 18
    }  # fmt: skip

    changes.publish_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave)
    assert kept(wave) == {("Laundry", ""): 12, ("Pharmacy", ""): 20}
    assert AuditEntry.objects.filter(action="wave.sheets_thinned").count() == 1


def test_bands_of_enough_people_stay(world: World) -> None:
    wave = published(world, answered(world, {world.laundry_ward: spread(12)}, leads=6))
    assert kept(wave) == {("Laundry", "lead"): 6, ("Laundry", "staff"): 6}
    assert not AuditEntry.objects.filter(action="wave.sheets_thinned").exists()


def test_answers_about_a_link_of_few_lose_it_together_with_the_next(world: World) -> None:
    """One without a link would be known: the smallest of the other links goes with it."""
    given = {world.laundry_ward: spread(1), world.pharmacy_ward: spread(6), world.lab_ward: spread(20)}
    wave = closed(world, answered(world, given, collector=world.tom_reed))
    with pytest.raises(NotFound):
        raw_sheets(viewer=world.actor(world.tom_reed), wave=wave)
    wave = changes.publish_wave(by=world.actor(world.lin_mei), at=datetime.now(UTC), wave=wave)
    assert kept(wave) == {("", ""): 7, ("Laboratory", "staff"): 20}
    assert len(raw_sheets(viewer=world.actor(world.tom_reed), wave=wave)) == 27
