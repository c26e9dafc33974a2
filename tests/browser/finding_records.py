"""What stands behind the addresses of findings and expectations; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime

from baton.feedback import changes
from tests.rooms.feedback.asked import asking, prepared
from tests.rooms.feedback.test_expectations import LONG_AGO, expected
from tests.rooms.feedback.test_findings import answered, several
from tests.world import World

Values = tuple[dict[str, str], ...]


def finding_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a finding in each of its states, an exception that waits for the
    director, and expectations that hold, that nobody has confirmed, and that ended."""
    by, at = world.actor(world.lin_mei), datetime.now(UTC)
    done, promised, declined, waiting = several(world, 4)
    answered(world, promised)
    changes.finish_finding(by=by, at=at, finding=answered(world, done), outcome="The second round runs since Monday.")
    changes.decline_finding(by=by, at=at, finding=declined, answer="The contract allows no other times until May.")
    wave = asking(world, prepared(world))
    asked = changes.ask_for_exception(
        by=world.actor(world.lin_mei), at=at, wave=wave, reason="The works council wants the figures in May."
    )
    old, new, over = expected(world, learned_on=LONG_AGO), expected(world), expected(world)
    changes.end_expectation(by=by, at=at, expectation=over, reason="The round begins later since May.")
    every = tuple({"public_id": one.public_id} for one in (waiting, promised, declined, done))
    return {
        "surveys/findings/<slug:public_id>/": every,
        "surveys/findings/<slug:public_id>/done/": ({"public_id": promised.public_id},),
        "surveys/findings/<slug:public_id>/reopen/": ({"public_id": done.public_id},),
        "surveys/findings/add/": ({"wave": waiting.wave.public_id},),
        "surveys/expectations/": ({"public_id": old.public_id, "link": world.laundry_ward.public_id},),
        "surveys/expectations/<slug:public_id>/": tuple({"public_id": one.public_id} for one in (old, new)),
        "surveys/exceptions/": ({"public_id": asked.public_id, "wave": wave.public_id},),
    }
