"""Letters to thousands take longer than a worker is given at once: no other one begins while they are being sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from baton.core.jobs import silent
from baton.feedback import changes, tasks
from baton.feedback.models import HandingOut, Wave
from baton.feedback.rules import Way
from tests.rooms.feedback.asked import asking, cards, opened, prepared, slip
from tests.world import SYSTEM, World

pytestmark = pytest.mark.django_db


class Interrupted(BaseEmailBackend):
    """A mail server during whose work another worker comes by."""

    may_begin: ClassVar[list[bool]] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.may_begin.append(changes.claim(at=datetime.now(UTC), wave=Wave.objects.get()))
        return len(email_messages)


def test_no_second_worker_begins_while_the_first_is_still_at_it(world: World, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Interrupted"
    Interrupted.may_begin.clear()
    wave = opened(world, asking(world, prepared(world), way=Way.MAIL))
    began = datetime.now(UTC) - timedelta(hours=2)
    tasks.hand_out(by=SYSTEM, at=began, progress=silent, wave=wave.public_id)  # type: ignore[arg-type]
    assert Interrupted.may_begin == [False] * 4
    assert HandingOut.objects.get().claimed_until is None


def test_cards_ask_about_all_links_of_a_wave_however_many(world: World) -> None:
    links = [
        world.laundry_ward, world.ward_laundry, world.pharmacy_ward, world.lab_ward, world.ward_patient,
        world.linenco_laundry, world.linenco_stores,
    ]  # fmt: skip
    wave = opened(world, prepared(world, links=links))
    assert len(slip(wave, cards(world, wave, 1)[0]).links) == len(links)
