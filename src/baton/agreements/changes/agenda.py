"""The agenda of a review meeting is put together, ordered and talked over: its minutes are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from baton.agreements.changes.checks import note_given
from baton.agreements.changes.meeting_doors import to_minute
from baton.agreements.models import AgendaItem, ReviewMeeting
from baton.agreements.queries.agenda import Point, points
from baton.agreements.queries.reviews import postponed_before
from baton.agreements.rules.reviews import MOST_POINTS, WORDS_LENGTH, ItemFate, Topic
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused, TooLong
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

_ALL = Actor.system("agenda")
"""Reads what anybody may read."""


def renew_agenda(*, by: Actor, at: datetime, meeting: ReviewMeeting) -> ReviewMeeting:
    """Bring the agenda of a planned meeting up to date: what is new is added at the end, what is known of a point is
    read again, and a point whose matter is settled says so. What people wrote, ordered and took off stays."""
    with change(by=by, at=at) as trail:
        held = to_minute(trail, meeting)
        fill_agenda(trail, held)
        return held


def fill_agenda(trail: Trail, meeting: ReviewMeeting) -> None:
    """Within an open change: put the points on the agenda of the locked meeting."""
    found = points(viewer=trail.by, at=trail.at, link=meeting.link)
    items = list(AgendaItem.objects.filter(meeting=meeting))
    _carry_over(trail, meeting, items, found)
    known = {(one.topic, one.about): one for one in items if one.topic != Topic.OWN}
    for point in found:
        held = known.get((point.topic, point.about))
        if held is not None:
            _read_again(trail, held, point)
        elif len(items) < MOST_POINTS:
            item = AgendaItem(meeting=meeting, topic=point.topic, about=point.about, facts=point.facts)
            _put_last(trail, items, item, "agenda_item.added")
    _settle(trail, meeting, known.values(), found)


def _carry_over(trail: Trail, meeting: ReviewMeeting, items: list[AgendaItem], found: list[Point]) -> None:
    """Add what an earlier meeting put off, each point once."""
    facts: dict[tuple[str, str], dict[str, Any]] = {(point.topic, point.about): point.facts for point in found}
    carried = {one.carried_from_id for one in items}
    known = {(one.topic, one.about) for one in items if one.topic != Topic.OWN}
    for earlier in postponed_before(viewer=trail.by, meeting=meeting):
        key = (earlier.topic, earlier.about)
        if len(items) >= MOST_POINTS or earlier.pk in carried or key in known:
            continue
        item = AgendaItem(
            meeting=meeting, topic=earlier.topic, about=earlier.about, title=earlier.title,
            facts=facts.get(key, earlier.facts), carried_from=earlier,
        )  # fmt: skip
        _put_last(trail, items, item, "agenda_item.carried_over")
        if earlier.topic != Topic.OWN:
            known.add(key)


def _put_last(trail: Trail, items: list[AgendaItem], item: AgendaItem, action: str) -> AgendaItem:
    """Save a new point of the agenda ``items``, behind all that stand there."""
    item.position = max((one.position for one in items), default=0) + 1
    items.append(trail.save(item, action))
    return items[-1]


def _read_again(trail: Trail, item: AgendaItem, point: Point) -> None:
    if item.facts != point.facts:
        fresh = trail.lock(AgendaItem, item)
        fresh.facts = point.facts
        trail.save(fresh, "agenda_item.read_again")


def _settle(trail: Trail, meeting: ReviewMeeting, known: Iterable[AgendaItem], found: list[Point]) -> None:
    """Points about which Baton has nothing more to say: not because whoever asks may not read them."""
    there = {(point.topic, point.about) for point in found}
    gone = [one for one in known if (one.topic, one.about) not in there and not one.facts.get("settled")]
    if not gone:
        return
    anywhere = {(point.topic, point.about) for point in points(viewer=_ALL, at=trail.at, link=meeting.link)}
    for item in gone:
        if (item.topic, item.about) not in anywhere:
            fresh = trail.lock(AgendaItem, item)
            fresh.facts = {**fresh.facts, "settled": True}
            trail.save(fresh, "agenda_item.settled")


def add_item(*, by: Actor, at: datetime, meeting: ReviewMeeting, title: str) -> AgendaItem:
    """Put a point of one's own at the end of the agenda: whoever is invited."""
    text = _title_given(title)
    with change(by=by, at=at) as trail:
        held = to_minute(trail, meeting)
        items = list(AgendaItem.objects.filter(meeting=held))
        if len(items) >= MOST_POINTS:
            raise Refused(
                field="title",
                expected=gettext_noop("Expected at most {most} points."),
                remedy=gettext_noop("Plan a second meeting for the rest."),
                most=MOST_POINTS,
            )
        item = AgendaItem(meeting=held, topic=Topic.OWN, title=text)
        return _put_last(trail, items, item, "agenda_item.added")


def move_item(*, by: Actor, at: datetime, item: AgendaItem, position: int) -> AgendaItem:
    """Put a point into another place, from 1 on."""
    with change(by=by, at=at) as trail:
        meeting = to_minute(trail, item.meeting)
        order = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
        moved = next(one for one in order if one.pk == item.pk)
        order.remove(moved)
        order.insert(min(max(position, 1), len(order) + 1) - 1, moved)
        for place, one in enumerate(order, start=1):
            if one.position != place:
                fresh = trail.lock(AgendaItem, one)
                fresh.position = place
                trail.save(fresh, "agenda_item.moved")
        moved.refresh_from_db()
        return moved


def set_fate(*, by: Actor, at: datetime, item: AgendaItem, fate: ItemFate) -> AgendaItem:
    """Put a point off to the next meeting, take it off, or take it up again."""
    with change(by=by, at=at) as trail:
        to_minute(trail, item.meeting)
        fresh = trail.lock(AgendaItem, item)
        fresh.fate = fate
        return trail.save(fresh, f"agenda_item.{_FATES[fate]}")


_FATES = {ItemFate.ON: "taken_up", ItemFate.POSTPONED: "postponed", ItemFate.DROPPED: "taken_off"}


def write_minutes(
    *, by: Actor, at: datetime, item: AgendaItem, minutes: str, expected_seq: int | None = None
) -> AgendaItem:
    """What was said to a point, in the words of whoever writes. Of two who write at once the second sees both texts and
    keeps his."""
    text = clean_text(minutes)
    if len(text) > WORDS_LENGTH:
        raise TooLong(field="minutes", most=WORDS_LENGTH, length=len(text))
    with change(by=by, at=at) as trail:
        to_minute(trail, item.meeting)
        fresh = trail.lock(AgendaItem, item, expected_seq=expected_seq)
        fresh.minutes = text
        return trail.save(fresh, "agenda_item.minuted")


def _title_given(raw: str) -> str:
    title = " ".join(note_given(raw, "title").split())
    if not title:
        raise Refused(
            field="title",
            expected=gettext_noop("Expected what is to be talked over."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Write it in a few words."),
        )
    return title
