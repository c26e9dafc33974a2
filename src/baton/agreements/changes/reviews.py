"""Review meetings are planned, moved and called off; people are invited to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from baton.agreements import policy
from baton.agreements.changes.agenda import fill_agenda
from baton.agreements.changes.checks import reason_given
from baton.agreements.changes.meeting_doors import to_minute, to_plan
from baton.agreements.changes.telling_reviews import CANCELLED_TOPIC, INVITED_TOPIC, MOVED_TOPIC, tell_people
from baton.agreements.models import MeetingPerson, ReviewMeeting
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import (
    FARTHEST,
    LONGEST,
    MOST_PEOPLE,
    NAME_LENGTH,
    PLACE_LENGTH,
    Attendance,
    MeetingState,
)
from baton.chain import queries as chain
from baton.chain.policy import Standing, standing_of
from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit import vault
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.database.scrubbing import scrub
from baton.core.days import day_of
from baton.core.errors import Refused, TooLong
from baton.core.policy import demand
from baton.core.queries import roles_of
from baton.core.rules import Role, forgotten_name
from baton.core.texts import clean_text, folded
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person


def plan_meeting(
    *, by: Actor, at: datetime, link: Link, starts_at: datetime, ends_at: datetime, place: str = "",
    people: Iterable[Person] = (),
) -> ReviewMeeting:  # fmt: skip
    """Plan a review of the link. Invited are who leads both sides, whoever plans it, and ``people``; its agenda is put
    together from what Baton knows of the link."""
    with change(by=by, at=at) as trail:
        # Read again under the lock: it may have ended since the caller read it.
        link = chain.link(viewer=by, at=at, public_id=link.public_id)
        demand(policy.may_write(standing_of(by, day_of(at)), link))
        meeting = ReviewMeeting(link=link, number=next_number(prefix="RM", at=at))
        meeting.search_text = folded(meeting.number)
        _appoint(meeting, starts_at, ends_at, place, at)
        trail.save(meeting, "review_meeting.planned")
        leaders = [*leaders_of(link.supplier.public_id, at), *leaders_of(link.customer.public_id, at)]
        own = [by.person] if by.person is not None else []
        for person in {one.pk: one for one in [*leaders, *own, *people]}.values():
            _add_person(trail, meeting, person)
        fill_agenda(trail, meeting)
        tell_people(trail, meeting, INVITED_TOPIC)
        return meeting


def move_meeting(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, starts_at: datetime, ends_at: datetime, place: str = "",
    expected_seq: int | None = None,
) -> ReviewMeeting:  # fmt: skip
    """Another day, time or place; its people are told."""
    with change(by=by, at=at) as trail:
        held = to_plan(trail, meeting, expected_seq)
        before = (held.starts_at, held.ends_at, held.place)
        _appoint(held, starts_at, ends_at, place, at)
        if (held.starts_at, held.ends_at, held.place) == before:
            return held
        held.told_at = None
        held = trail.save(held, "review_meeting.moved")
        tell_people(trail, held, MOVED_TOPIC)
        return held


def cancel_meeting(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, reason: str, expected_seq: int | None = None
) -> ReviewMeeting:
    """It does not take place, for a reason that its people are told; points that it took up are open again."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        held = to_plan(trail, meeting, expected_seq)
        held.state, held.closed_at, held.cancelled_because = MeetingState.CANCELLED, at, why
        held = trail.save(held, "review_meeting.cancelled")
        tell_people(trail, held, CANCELLED_TOPIC)
        return held


def invite(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, person: Person | None = None, name: str = "",
    side: Side | None = None,
) -> MeetingPerson:  # fmt: skip
    """Invite somebody who signs in, and belongs to a side of the link or is quality manager; or somebody without a
    sign-in by his ``name``, for a ``side``."""
    with change(by=by, at=at) as trail:
        held = to_plan(trail, meeting)
        if MeetingPerson.objects.filter(meeting=held, removed_at__isnull=True).count() >= MOST_PEOPLE:
            raise Refused(
                expected=gettext_noop("Expected at most {most} people."),
                remedy=gettext_noop("Take somebody off first, or invite one for several."),
                most=MOST_PEOPLE,
            )
        if person is not None:
            invited = _add_person(trail, held, person)
            tell_people(trail, held, INVITED_TOPIC, only=[person])
            return invited
        return _add_name(trail, held, name, side)


def take_off(*, by: Actor, at: datetime, invited: MeetingPerson) -> MeetingPerson:
    """Take somebody off the list of a planned meeting; refused for who owns a decision of it."""
    with change(by=by, at=at) as trail:
        to_plan(trail, invited.meeting)
        one = trail.lock(MeetingPerson, invited)
        if one.decisions.exists():
            raise Refused(
                expected=gettext_noop("Expected somebody who owns no decision of this meeting."),
                found=gettext_noop("He owns one."),
                remedy=gettext_noop("Give it to somebody else first."),
            )
        one.removed_at = one.removed_at or at
        return trail.save(one, "meeting_person.taken_off")


def note_attendance(
    *, by: Actor, at: datetime, meeting: ReviewMeeting, attendance: Mapping[str, Attendance]
) -> ReviewMeeting:
    """Say who came: public id of each of its people -> whether he did. Others stay as they were."""
    with change(by=by, at=at) as trail:
        held = to_minute(trail, meeting)
        for found in MeetingPerson.objects.filter(meeting=held, public_id__in=attendance, removed_at__isnull=True):
            one = trail.lock(MeetingPerson, found)
            one.attendance = attendance[one.public_id]
            trail.save(one, "meeting_person.attended")
        return held


def forget_name(*, by: Actor, at: datetime, invited: MeetingPerson, reason: str) -> MeetingPerson:
    """Destroy the name of somebody without a sign-in, with a reason that does not name him. For quality managers;
    cannot be undone. Signatures under the minutes hold: they name him by his id."""
    demand(by.has(Role.QUALITY_MANAGER))
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        one = trail.lock(MeetingPerson, invited)
        if one.person_id is not None:
            raise Refused(
                expected=gettext_noop("Expected somebody without a sign-in."),
                found=gettext_noop("This is a person with a sign-in."),
                remedy=gettext_noop("Forget the person on the page of the person."),
            )
        one.name, one.forgotten_at = forgotten_name(one.public_id), at
        forgotten = trail.save(one, "meeting_person.forgotten")
        vault.destroy(one.public_id)
        tables = ("agreements_meetingperson", "core_subjectkey", "core_personalvalue")
        transaction.on_commit(lambda: scrub(*tables), robust=True)
        return forgotten


def _appoint(meeting: ReviewMeeting, starts_at: datetime, ends_at: datetime, place: str, at: datetime) -> None:
    if ends_at <= starts_at or ends_at - starts_at > LONGEST:
        raise Refused(
            field="ends",
            expected=gettext_noop("Expected an end after the beginning, within three days."),
            found=gettext_noop("It would end before it begins, or last too long."),
            remedy=gettext_noop("Give a later end, or plan several meetings."),
        )
    if not at <= ends_at <= at + FARTHEST:
        raise Refused(
            field="day",
            expected=gettext_noop("Expected a day from today on, within three years."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Choose a day that is still to come. Minutes of the past are added as a comment."),
            day=starts_at.date().isoformat(),
        )
    text = " ".join(clean_text(place).split())
    if len(text) > PLACE_LENGTH:
        raise TooLong(field="place", most=PLACE_LENGTH, length=len(text))
    meeting.starts_at, meeting.ends_at, meeting.place = starts_at, ends_at, text


def side_of(standing: Standing, link: Link, *, is_leader: bool) -> Side | None:
    """For which side somebody sits at the table; None: for none, as the quality manager does. Refused: somebody who
    belongs to neither side. Who belongs to both, sits for the customer."""
    sides = policy.belongs_to(standing, link)
    if sides:
        return Side.CUSTOMER if Side.CUSTOMER in sides else Side.SUPPLIER
    if is_leader:
        return None
    raise Refused(
        field="person",
        expected=gettext_noop("Expected somebody of {supplier} or of {customer}."),
        found=gettext_noop("He belongs to neither side of the link today."),
        remedy=gettext_noop("Choose somebody else, or make him a member of one of the two first."),
        supplier=str(link.supplier),
        customer=str(link.customer),
    )


def _add_person(trail: Trail, meeting: ReviewMeeting, person: Person) -> MeetingPerson:
    if not person.is_active:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected somebody who may sign in."),
            found=gettext_noop("He has left."),
            remedy=gettext_noop("Choose somebody else."),
        )
    day, roles = day_of(trail.at), roles_of(person, trail.at)
    standing = standing_of(Actor(person, roles), day)
    side = side_of(standing, meeting.link, is_leader=Role.QUALITY_MANAGER in roles)
    known = MeetingPerson.objects.filter(meeting=meeting, person=person).first()
    if known is None:
        return trail.save(MeetingPerson(meeting=meeting, person=person, side=side or ""), "meeting_person.invited")
    again = trail.lock(MeetingPerson, known)
    again.removed_at, again.side = None, side or ""
    return trail.save(again, "meeting_person.invited")


def _add_name(trail: Trail, meeting: ReviewMeeting, name: str, side: Side | None) -> MeetingPerson:
    text = " ".join(clean_text(name).split())
    if not text:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected a colleague, or the name of somebody without a sign-in."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Choose a colleague, or write a name and say for which side."),
        )
    if len(text) > NAME_LENGTH:
        raise TooLong(field="name", most=NAME_LENGTH, length=len(text))
    if side is None:
        raise Refused(
            field="side",
            expected=gettext_noop("Expected the side of somebody without a sign-in."),
            found=gettext_noop("Nothing was chosen."),
            remedy=gettext_noop("Say whether he comes for the supplier or for the customer."),
        )
    return trail.save(MeetingPerson(meeting=meeting, name=text, side=side), "meeting_person.invited")
