"""Surveys for the addresses of their pages: an anonymous wave and a named one, both open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from baton.feedback.rules import Mode

if TYPE_CHECKING:
    from tests.world import World


def survey_values(world: World) -> dict[str, tuple[dict[str, str], ...]]:
    """What fills the placeholders of the routes of surveys, by the beginning of the route."""
    from baton.feedback import changes
    from tests.rooms.feedback.asked import asking, prepared, written
    from tests.rooms.feedback.sheets import contents, every_kind

    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    wave = every_kind(world)
    named = asking(world, prepared(world, questionnaire=written(world, contents=contents()), mode=Mode.NAMED),
                   [world.lin_mei])  # fmt: skip
    changes.open_wave(by=by, at=at, wave=named)
    return {
        "s/": ({"wave": wave.public_id, "language": "zh-hans"},),
        "surveys/": ({"public_id": wave.public_id},),
        "surveys/mine/": ({"public_id": named.public_id},),
    }
