"""Feedback for tests, told and dealt with through the changes of the room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from baton.feedback import changes
from baton.feedback.changes import FeedbackTold
from baton.feedback.rules.complaints import Channel, ComplaintGiven
from baton.feedback.rules.inbox import FeedbackChannel

if TYPE_CHECKING:
    from baton.core.models import Person
    from baton.feedback.models import FeedbackItem
    from tests.world import World

WORDS = "The linen was damp again this morning"
NAME, REACH = "Mrs. Wu of room 12", "0571 5555 0199"


def told(world: World, by: Person | None = None, at: datetime | None = None, **given: Any) -> FeedbackItem:
    """What Chen Jie of Ward 3 tells about the laundry."""
    asked = {"words": WORDS, "party": world.laundry, **given}
    return changes.tell_feedback(
        by=world.actor(by or world.chen_jie), at=at or datetime.now(UTC), told=FeedbackTold(**asked)
    )


def entered(world: World, by: Person | None = None, at: datetime | None = None, **given: Any) -> FeedbackItem:
    """What a patient told Chen Jie by telephone about the laundry, with name and number."""
    came = {"channel": given.pop("channel", FeedbackChannel.TELEPHONE), "received_at": given.pop("received_at", None)}
    asked = {"words": WORDS, "party": world.laundry, "name": NAME, "reach": REACH, **given}
    return changes.enter_feedback(
        by=world.actor(by or world.chen_jie), at=at or datetime.now(UTC), told=FeedbackTold(**asked), **came
    )


def answered(world: World, item: FeedbackItem, by: Person | None = None, at: datetime | None = None) -> FeedbackItem:
    """The same, answered by the head of the laundry."""
    return changes.answer_feedback(
        by=world.actor(by or world.zhao_lei), at=at or datetime.now(UTC), item=item, words="The dryer is mended"
    )


def complained_of(world: World, item: FeedbackItem, by: Person | None = None, **given: Any) -> FeedbackItem:
    """The same, of which the head of the laundry opened a complaint."""
    asked = {"phenomenon": WORDS, "channel": Channel.PHONE, "customer_name": NAME, **given}
    return changes.open_complaint(
        by=world.actor(by or world.zhao_lei), at=datetime.now(UTC), item=item, given=ComplaintGiven(**asked),
        supplier=world.laundry,
    )  # fmt: skip
