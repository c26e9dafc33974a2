"""What stands behind the addresses of feedback; see tests/browser/records.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from baton.feedback import changes
from baton.feedback.rules.inbox import FeedbackChannel
from tests.rooms.feedback.told import answered, complained_of, entered, told
from tests.world import World

Values = tuple[dict[str, str], ...]


def inbox_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: feedback in each state."""
    at, quality, head = datetime.now(UTC), world.actor(world.lin_mei), world.actor(world.zhao_lei)
    late = entered(world, channel=FeedbackChannel.PAPER, received_at=at - timedelta(days=40))
    open_one = told(world, link=world.laundry_ward)
    passed = changes.pass_on_feedback(by=head, at=at, item=told(world), party=world.pharmacy)
    done = answered(world, entered(world))
    thanked = changes.thank_for_feedback(
        by=quality, at=at, item=told(world, words="Thanks to the laundry"), words="Well done", party=world.laundry
    )
    left = changes.leave_feedback(by=quality, at=at, item=told(world, party=None), words="Nothing can be done")
    complained = complained_of(world, entered(world))
    every = tuple({"public_id": one.public_id} for one in (late, open_one, passed, done, thanked, left, complained))
    door = changes.open_door(by=quality, at=at, link=world.laundry_ward)
    gone = changes.close_door(by=quality, at=at, door=changes.open_door(by=quality, at=at, party=world.ward))
    acts = ("kind", "complaint", "pass-on", "answer", "thank", "no-action")
    return {
        "inbox/<slug:public_id>/": every,
        "inbox/doors/<slug:public_id>/": tuple({"public_id": one.public_id} for one in (door, gone)),
        "inbox/doors/<slug:public_id>/close/": ({"public_id": door.public_id},),
        "inbox/doors/<slug:public_id>/poster.pdf": ({"public_id": door.public_id},),
        "tell/<slug:door>/": ({"door": door.public_id},),
        "tell/<slug:door>/<language:language>/": ({"door": door.public_id, "language": "zh-hans"},),
        "tell/<slug:door>/<language:language>/thanks/": ({"door": door.public_id, "language": "zh-hans"},),
        **{f"inbox/<slug:public_id>/{act}/": ({"public_id": late.public_id},) for act in acts},
    }
