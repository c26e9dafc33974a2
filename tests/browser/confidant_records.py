"""What stands behind the addresses of confidants; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.feedback import changes
from tests.browser.vectors import VECTORS
from tests.rooms.feedback.test_confidants import answered, begun, confidant
from tests.world import World

Values = tuple[dict[str, str], ...]


def confidant_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a confidant, and talks of somebody who opens the pages, going on and
    ended."""
    listed = confidant(world)
    going_on, over = begun(world, by=world.lin_mei), begun(world, by=world.lin_mei)
    answered(world, going_on, " ".join(VECTORS[:9]))
    changes.end_talk(by=world.actor(world.lin_mei), at=datetime.now(UTC), key=over)
    return {
        "confidants/list/": ({"public_id": listed.public_id},),
        "confidants/<slug:key>/": ({"key": going_on}, {"key": over}),
    }
