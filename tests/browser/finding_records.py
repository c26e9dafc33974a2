"""What stands behind the addresses of findings; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.feedback import changes
from tests.rooms.feedback.asked import asking, prepared
from tests.rooms.feedback.test_findings import answered, several
from tests.world import World

Values = tuple[dict[str, str], ...]


def finding_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a finding in each of its states, and an exception that waits for the
    director."""
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    done, promised, declined, waiting = several(world, 4)
    answered(world, promised)
    changes.finish_finding(by=by, at=at, finding=answered(world, done), outcome="The second round runs since Monday.")
    changes.decline_finding(by=by, at=at, finding=declined, answer="The contract allows no other times until May.")
    wave = asking(world, prepared(world))
    asked = changes.ask_for_exception(
        by=world.actor(world.lin_mei), at=at, wave=wave, reason="The works council wants the figures in May."
    )
    every = tuple({"public_id": one.public_id} for one in (waiting, promised, declined, done))
    return {
        "surveys/findings/<slug:public_id>/": every,
        "surveys/findings/<slug:public_id>/done/": ({"public_id": promised.public_id},),
        "surveys/findings/<slug:public_id>/reopen/": ({"public_id": done.public_id},),
        "surveys/findings/add/": ({"wave": waiting.wave.public_id},),
        "surveys/exceptions/": ({"public_id": asked.public_id, "wave": wave.public_id},),
    }
