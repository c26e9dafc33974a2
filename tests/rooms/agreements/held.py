"""Workshops for tests, and phones that take part in them through the front door."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.test import Client

from baton.agreements.changes import workshops
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import STAGES, Stage
from tests.rooms.agreements.made import drafted
from tests.world import World

if TYPE_CHECKING:
    from django.http import HttpResponse

    from baton.agreements.models import Workshop


def begun(world: World, **given: Any) -> Workshop:
    """A workshop about the draft for the linen from the Laundry to Ward 3, by the head of the Laundry."""
    return workshops.begin_workshop(
        by=world.actor(world.zhao_lei), at=datetime.now(UTC), version=drafted(world), **given
    )


def taken_to(world: World, workshop: Workshop, stage: Stage) -> Workshop:
    """The same workshop, taken on or back to a stage by the head of the Laundry."""
    workshop.refresh_from_db()
    while workshop.stage != stage:
        here, there = STAGES.index(Stage(workshop.stage)), STAGES.index(stage)
        workshop = workshops.set_stage(
            by=world.actor(world.zhao_lei), at=datetime.now(UTC), workshop=workshop,
            stage=STAGES[here + (1 if there > here else -1)],
        )  # fmt: skip
    workshop.refresh_from_db()
    return workshop


@dataclass
class Phone:
    """A phone at the address of a workshop, without a sign-in."""

    workshop: Workshop
    side: Side | None = None
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.address = f"/w/{self.workshop.token()}/"
        if self.side is not None:
            seat = re.search(r'name="seat" value="(\w+)"', self.page())
            assert seat is not None
            assert self.sends("join", seat=seat[1], side=self.side).status_code == 302

    def page(self) -> str:
        """What it shows."""
        return self.client.get(self.address).content.decode()

    def sends(self, act: str, **given: Any) -> HttpResponse:
        """Sends a form."""
        return self.client.post(f"{self.address}{act}/", given)  # type: ignore[return-value]

    def wall(self, **headers: str) -> HttpResponse:
        """Asks whether anything happened."""
        return self.client.get(f"{self.address}wall/", headers=headers)  # type: ignore[return-value]

    @property
    def secret(self) -> str:
        """What tells this device from others."""
        return str(self.client.cookies[f"baton-seat-{self.workshop.public_id}"].value)
