"""What stands behind the addresses of complaints; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback import changes
from baton.feedback.rules.complaints import Channel, Matter, Urgency
from tests.rooms.feedback.complaining import closed, decided, investigated, received, resolved
from tests.world import World

Values = tuple[dict[str, str], ...]
OF_ONE = "complaints/<slug:public_id>/"


def complaint_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: complaints in each state, two whose words wait for a signature."""
    now, quality = datetime.now(UTC), world.actor(world.lin_mei)
    came = now - timedelta(hours=2)
    new = received(world, at=came, urgency=Urgency.URGENT, matter=Matter.EXCHANGE)
    late = received(world, at=now - timedelta(days=40), link=None, customer=world.patient)
    written = received(world, at=came)
    changes.investigate_complaint(by=quality, at=now, complaint=written, words="The dryer stops too early")
    found = investigated(world, received(world, at=came), now)
    said = investigated(world, received(world, at=came), now)
    changes.decide_complaint(by=quality, at=now, complaint=said, words="All sheets are replaced")
    to_do = decided(world, received(world, at=came), now)
    done = resolved(world, received(world, at=came), now)
    over = closed(world, received(world, at=came), now)
    dropped = changes.drop_complaint(by=quality, at=now, complaint=received(world, at=came), reason="Own detergent")
    changes.acknowledge_complaint(by=quality, at=now, complaint=done, channel=Channel.EMAIL, words="We look into it")
    every = [new, late, written, found, said, to_do, done, over, dropped]
    acts = {
        "acknowledge": new, "cause": new, "drop": new, "disposition": found, "result": to_do, "prevent": to_do,
        "notify": done, "close": done, "reopen": over,
    }  # fmt: skip
    signs = {"cause": written, "disposition": said}
    return {
        OF_ONE: tuple({"public_id": one.public_id} for one in every),
        **{f"{OF_ONE}{page}/": ({"public_id": new.public_id},) for page in ("correct", "route")},
        f"{OF_ONE}forget/": ({"public_id": over.public_id},),
        f"{OF_ONE}steps/<slug:step>/": tuple(
            {"public_id": one.public_id, "step": act} for act, one in acts.items()
        ),
        f"{OF_ONE}sign/<slug:step>/": tuple({"public_id": one.public_id, "step": act} for act, one in signs.items()),
    }  # fmt: skip
