"""What stands behind the addresses of named grades; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback.changes import grade_rounds
from tests.rooms.feedback.graded import replied, round_closed, round_opened, row
from tests.world import SYSTEM, World

Values = tuple[dict[str, str], ...]


def grade_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a round that is open, one that is closed and worked out, a grade that waits
    for its reply and one that has it."""
    today = datetime.now(UTC).date()
    before, closed, living = (
        round_opened(world, began_on=today - timedelta(days=days), until_on=today) for days in (300, 310, 320)
    )
    round_closed(world, before)
    closed = round_closed(world, closed)
    grade_rounds.study_grade_round(by=SYSTEM, at=datetime.now(UTC), round=closed)
    answered = replied(world, row(before, world.ward, world.laundry))
    waiting = row(closed, world.ward, world.laundry)
    grades = tuple({"public_id": one.public_id} for one in (waiting, answered))
    return {
        "surveys/grades/": ({"public_id": living.public_id, "party": world.laundry.public_id},),
        "surveys/grades/<slug:public_id>/": tuple({"public_id": one.public_id} for one in (living, closed)),
        "surveys/grades/<slug:public_id>/export.csv": ({"public_id": closed.public_id},),
        "surveys/grades/<slug:public_id>/for/": tuple(
            {"public_id": one.public_id, "party": world.laundry.public_id} for one in (living, closed)
        ),
        "surveys/grades/about/": ({"party": world.laundry.public_id},),
        "surveys/grades/given/": grades,
        "surveys/grades/given/<slug:public_id>/done/": ({"public_id": answered.public_id},),
    }
