"""Handoffs for tests, made through changes: clean linen from the Laundry to Ward 3."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from baton.core.attachments.keeping import kept_photos
from baton.handoffs import changes
from baton.handoffs.rules import Quantities
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.handoffs.models import Handoff, HandoffLine, HandoffPhoto

HOUR = timedelta(hours=1)
SHEETS = changes.LineGiven(name="Sheets", unit="pc", item_code="S1", quantities=Quantities(ordered=Decimal(100)))
# A real JPEG of 2 x 3 pixels, made by no camera.
TINY = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////"
    "////////////wAALCAADAAIBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z"
)  # fmt: skip
TOWELS = changes.LineGiven(name="Towels", unit="pc", item_code="T1", quantities=Quantities(ordered=Decimal(40)))


def requested(world: World, **more: Any) -> Handoff:
    """Asked for by Chen Jie of the ward an hour ago, due in two hours."""
    values = {"requested_at": NOON - HOUR, "due_at": NOON + 2 * HOUR, "lines": (SHEETS, TOWELS), **more}
    return changes.request_handoff(by=world.actor(world.chen_jie), at=NOON, link=world.laundry_ward, **values)


def delivered(world: World, **more: Any) -> Handoff:
    """That one, handed over by Gao Ming of the Laundry half an hour ago."""
    handoff = requested(world, **more)
    return changes.deliver_handoff(
        by=world.actor(world.gao_ming), at=NOON, handoff=handoff, delivered_at=NOON - HOUR / 2
    )


def accepted(world: World, **more: Any) -> Handoff:
    """That one, accepted by Chen Jie now."""
    handoff = delivered(world, **more)
    return changes.accept_handoff(by=world.actor(world.chen_jie), at=NOON, handoff=handoff)


def evidence(world: World, handoff: Handoff, **more: Any) -> HandoffPhoto:
    """A photo of it that Chen Jie of the ward adds now."""
    with kept_photos([SimpleUploadedFile("torn.jpg", TINY)]) as files:
        return changes.add_photos(by=world.actor(world.chen_jie), at=NOON, handoff=handoff, files=files, **more)


def line(handoff: Handoff, name: str = "Sheets") -> HandoffLine:
    """A line of it as it now stands."""
    return handoff.lines.get(name=name)
