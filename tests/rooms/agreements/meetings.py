"""Review meetings for tests: planned by the head of the ward, minuted, closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from baton.agreements.changes import closing_reviews, decisions, reviews
from baton.agreements.models import Decision, MeetingPerson, ReviewMeeting
from baton.agreements.rules.reviews import Attendance
from tests.world import NOON, World

DAY = NOON.date()
SOON = NOON + timedelta(days=1)
LATER = SOON + timedelta(hours=1)


def planned(world: World, **more: Any) -> ReviewMeeting:
    given = {"starts_at": SOON, "ends_at": LATER, "place": "Room 4", "link": world.laundry_ward, **more}
    return reviews.plan_meeting(by=world.actor(world.wang_fang), at=NOON, **given)


def came(world: World, meeting: ReviewMeeting) -> None:
    there = {one.public_id: Attendance.PRESENT for one in meeting.people.all()}
    reviews.note_attendance(by=world.actor(world.wang_fang), at=LATER, meeting=meeting, attendance=there)


def owner(meeting: ReviewMeeting, person: Any) -> MeetingPerson:
    return meeting.people.get(person=person)


def decided(world: World, meeting: ReviewMeeting, **more: Any) -> Decision:
    given = {
        "words": "The second lift is repaired",
        "owner": owner(meeting, world.zhao_lei),
        "due_on": SOON.date(),
        **more,
    }
    return decisions.decide(by=world.actor(world.wang_fang), at=LATER, meeting=meeting, **given)


def closed(world: World, meeting: ReviewMeeting, **more: Any) -> ReviewMeeting:
    came(world, meeting)
    return closing_reviews.close_meeting(by=world.actor(world.wang_fang), at=LATER, meeting=meeting, **more)
