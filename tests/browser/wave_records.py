"""What stands behind the addresses of waves; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.core.jobs import silent
from baton.feedback import tasks
from tests.rooms.feedback.asked import asking, closed, opened, prepared
from tests.world import SYSTEM, World

Values = tuple[dict[str, str], ...]


def wave_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a wave in preparation, one that is open and handed out, one that is
    closed."""
    draft, living = asking(world, prepared(world)), opened(world)
    over = closed(world, opened(world))
    tasks.hand_out(by=SYSTEM, at=datetime.now(UTC), progress=silent, wave=living.public_id)  # type: ignore[arg-type]
    one = {"public_id": draft.public_id}
    is_open = {"public_id": living.public_id}
    link = draft.links.first()
    assert link is not None
    return {
        "surveys/<slug:public_id>/": (one, is_open, {"public_id": over.public_id}),
        "surveys/<slug:public_id>/paper/": (is_open,),
        "surveys/<slug:public_id>/close/": (is_open,),
        "surveys/<slug:public_id>/withdraw/": (one,),
        "surveys/<slug:public_id>/links/": ({**one, "link": link.public_id},),
        "surveys/<slug:public_id>/people/": (one,),
        "surveys/<slug:public_id>/ways/": (one,),
        "surveys/<slug:public_id>/publish/": ({"public_id": over.public_id},),
        "surveys/<slug:public_id>/open/": (one,),
        "surveys/<slug:public_id>/change/": (one, is_open),
        "surveys/<slug:public_id>/cards/": (is_open,),
        "surveys/<slug:public_id>/remind/": (is_open,),
    }
