"""Surveys for the addresses of their pages: anonymous waves and named ones, open, one of each with words that become
script or markup wherever somebody trusts them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from baton.feedback.rules import Mode, contents_of
from tests.browser.vectors import VECTORS

if TYPE_CHECKING:
    from baton.feedback.models import Questionnaire
    from tests.world import World


def survey_values(world: World) -> dict[str, tuple[dict[str, str], ...]]:
    """What fills the placeholders of the routes of surveys, by the beginning of the route."""
    from baton.feedback import changes
    from tests.rooms.feedback.asked import asking, opened, prepared, written
    from tests.rooms.feedback.sheets import contents, every_kind, hostile_document

    by, at = world.actor(world.lin_mei), datetime.now(UTC)

    def named(questionnaire: Questionnaire, **given: Any) -> str:
        wave = prepared(world, questionnaire=questionnaire, mode=Mode.NAMED, **given)
        return changes.open_wave(by=by, at=at, wave=asking(world, wave, [world.lin_mei])).public_id

    words = {"title": {"en": VECTORS[0], "zh-hans": VECTORS[1]}, "intro": {"en": VECTORS[25], "zh-hans": VECTORS[26]}}
    hostile = written(
        world, name={"en": VECTORS[2]}, purpose={"en": VECTORS[3]}, contents=contents_of(hostile_document())
    )  # fmt: skip
    wave = every_kind(world)
    other = opened(world, asking(world, prepared(world, questionnaire=hostile, **words)))
    return {
        "s/": ({"wave": wave.public_id, "language": "zh-hans"}, {"wave": other.public_id, "language": "zh-hans"}),
        "surveys/": ({"public_id": wave.public_id},),
        "surveys/mine/": (
            {"public_id": named(written(world, contents=contents()))}, {"public_id": named(hostile, **words)},
        ),
    }  # fmt: skip
