"""Review meetings as pages, lists and tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from baton.agreements.models import Decision, MeetingPerson, ReviewMeeting
from baton.agreements.models.reviews import ATTENDANCES
from baton.agreements.pages.agenda import shown_points
from baton.agreements.pages.history import timeline
from baton.agreements.queries.confirming import SideConfirmed
from baton.agreements.queries.reviews import DecisionFilters, MeetingPage, late_of, meeting_page
from baton.agreements.queries.reviews import decisions as found_decisions
from baton.agreements.rules import Side
from baton.agreements.rules.reviews import Attendance, ItemFate, Keeping, MeetingState
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.present import now
from baton.core.texts import say

MEETING_SIGNS = {MeetingState.PLANNED: "info", MeetingState.HELD: "kept", MeetingState.CANCELLED: "unknown"}
"""Code of the status under which a state is shown."""
KEEPINGS = {
    Keeping.OPEN: ("info", pgettext_lazy("what is due", "Open")),
    Keeping.LATE: ("broken", pgettext_lazy("what is due", "Late")),
    Keeping.KEPT: ("kept", pgettext_lazy("what is due", "Kept")),
    Keeping.KEPT_LATE: ("at_risk", pgettext_lazy("what is due", "Done late")),
    Keeping.DROPPED: ("unknown", pgettext_lazy("what is due", "Dropped")),
}
ATTENDANCE_SIGNS = {
    Attendance.INVITED: "info", Attendance.PRESENT: "kept", Attendance.EXCUSED: "unknown", Attendance.ABSENT: "at_risk",
}  # fmt: skip
ACTIONS = {
    "review_meeting.planned": (gettext_lazy("Review meeting planned"), "plus"),
    "review_meeting.moved": (gettext_lazy("Review meeting moved"), "calendar"),
    "review_meeting.cancelled": (gettext_lazy("Review meeting cancelled"), "ban"),
    "review_meeting.closed": (gettext_lazy("Review meeting closed: its minutes stand still"), "lock"),
    "review_meeting.told": (gettext_lazy("People reminded of a review meeting"), "bell"),
    "meeting_person.invited": (gettext_lazy("Invited to a review meeting"), "user-plus"),
    "meeting_person.taken_off": (gettext_lazy("Taken off the list of a review meeting"), "minus"),
    "meeting_person.attended": (gettext_lazy("Attendance noted"), "user-check"),
    "meeting_person.forgotten": (gettext_lazy("Name of somebody without a sign-in forgotten"), "ban"),
    "agenda_item.added": (gettext_lazy("Point put on the agenda"), "plus"),
    "agenda_item.carried_over": (gettext_lazy("Postponed point taken up"), "undo-2"),
    "agenda_item.read_again": (gettext_lazy("Point brought up to date"), "history"),
    "agenda_item.settled": (gettext_lazy("Matter of a point settled"), "check"),
    "agenda_item.moved": (gettext_lazy("Point put in another place"), "arrow-up-down"),
    "agenda_item.taken_up": (gettext_lazy("Point taken up again"), "undo-2"),
    "agenda_item.postponed": (gettext_lazy("Point postponed to the next meeting"), "clock"),
    "agenda_item.taken_off": (gettext_lazy("Point taken off the agenda"), "minus"),
    "agenda_item.minuted": (gettext_lazy("Minutes written"), "pencil"),
    "decision.noted": (gettext_lazy("Decision noted"), "flag"),
    "decision.changed": (gettext_lazy("Decision changed"), "pencil"),
    "decision.done": (gettext_lazy("Decision carried out"), "check"),
    "decision.dropped": (gettext_lazy("Decision dropped"), "minus"),
    "decision.reopened": (gettext_lazy("Decision open again"), "undo-2"),
    "decision.handed_over": (gettext_lazy("Decision handed over"), "send"),
    "decision.reminded": (gettext_lazy("Owner reminded of a decision"), "bell"),
    "confirmation.given": (gettext_lazy("Confirmed for a side"), "user-check"),
}
"""Words and icons of what happens to meetings."""
_READING = Actor.system("agreements")
_QUIET = frozenset({"agenda_item.moved", "agenda_item.read_again", "agenda_item.settled", "decision.reminded"})
"""What the history of a meeting leaves out: it follows from what stands beside it."""


def meeting_context(
    page: MeetingPage, sides: Sequence[SideConfirmed], at: datetime, forms: Mapping[int, Any], own: int | None
) -> dict[str, Any]:  # fmt: skip
    """What ``agreements/reviews/meeting.html`` shows; ``forms`` are those in which minutes are written, by the key of
    the point, ``own`` is the key of the reader."""
    points = shown_points(page.items)
    shown: list[dict[str, Any]] = [{"point": point, "form": forms.get(point.item.pk)} for point in points]
    agenda = [one for one in shown if one["point"].item.fate == ItemFate.ON]
    # What was put off keeps its place between them: up and down go past it.
    for before, after in pairwise(agenda):
        before["down"], after["up"] = after["point"].item.position, before["point"].item.position
    day = day_of(at)
    named = {point.item.public_id: point.title for point in points}
    named |= {one.public_id: one.words for one in page.decisions}
    return {
        "page": page,
        "meeting": page.meeting,
        "link": page.meeting.link,
        "sign": MEETING_SIGNS[MeetingState(page.meeting.state)],
        "agenda": agenda,
        "aside": [one for one in shown if one["point"].item.fate != ItemFate.ON],
        "people": people_rows(page.people, page.meeting),
        "decisions": decision_rows(page.decisions, day, titles=named, own=own),
        "late": len(late_of(page.decisions, day)),
        "sides": sides,
        "begun": at >= page.meeting.starts_at,
        "history": list(_history(page, named)),
    }


def minutes_for_outside(public_id: str) -> dict[str, Any]:
    """What ``agreements/reviews/_outside.html`` shows: the minutes, for whoever was asked to confirm them."""
    at = now()
    page = meeting_page(viewer=_READING, at=at, public_id=public_id)
    return {"minutes": meeting_context(page, [], at, {}, None)}


def _history(page: MeetingPage, named: dict[str, str]) -> Iterator[dict[str, Any]]:
    entries = [entry for entry in page.history if entry.action not in _QUIET]
    for line, entry in zip(timeline(entries, named), entries, strict=True):
        if entry.action in ACTIONS:
            title, icon = ACTIONS[entry.action]
            yield {**line, "title": title, "icon": icon}
        else:
            yield line


def people_rows(people: Iterable[MeetingPerson], meeting: ReviewMeeting) -> list[dict[str, Any]]:
    """The people of a meeting, each with the party for which he comes and the sign of his attendance."""
    parties = {Side.SUPPLIER.value: meeting.link.supplier, Side.CUSTOMER.value: meeting.link.customer}
    return [
        {
            "person": one, "party": parties.get(one.side), "sign": ATTENDANCE_SIGNS[Attendance(one.attendance)],
            "word": ATTENDANCES[Attendance(one.attendance)],
            "left": one.person is not None and not one.person.is_active,
        }
        for one in people
    ]  # fmt: skip


def decision_rows(
    decisions: Iterable[Decision], day: date, *, titles: dict[str, str] | None = None, own: int | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Decisions with who sees to them now, and how they are kept. ``titles`` are points by public id, ``own`` is the
    key of the reader, who says what became of his."""
    return [
        {
            "decision": one, "keeper": one.handed_to or one.owner, "sign": KEEPINGS[one.keeping_on(day)][0],
            "word": KEEPINGS[one.keeping_on(day)][1],
            "point": (titles or {}).get(one.item.public_id, "") if one.item is not None else "",
            "left": _has_left(one),
            "mine": own is not None and own == (one.handed_to_id or one.owner.person_id),
        }
        for one in decisions
    ]  # fmt: skip


def _has_left(decision: Decision) -> bool:
    """Whether who sees to it signs in no more, so that somebody else is to take it over."""
    keeper = decision.handed_to or decision.owner.person
    return keeper is not None and not keeper.is_active


def decisions_header() -> Sequence[str]:
    """Names of the columns of the table of decisions."""
    return [
        _("Meeting"), _("Day"), _("Link"), _("Supplier"), _("Customer"), _("Decision"), _("Owner"), _("Due on"),
        _("State"), _("Done on"), _("Note"),
    ]  # fmt: skip


def decisions_table(found: Iterable[Decision], at: datetime) -> Iterator[Sequence[object]]:
    """A row for each decision."""
    day = day_of(at)
    for one in found:
        meeting, link = one.meeting, one.meeting.link
        yield [
            meeting.number, day_of(meeting.starts_at), link.number, say(link.supplier.name), say(link.customer.name),
            one.words, str(one.handed_to or one.owner), one.due_on, str(KEEPINGS[one.keeping_on(day)][1]), one.done_on,
            one.note,
        ]  # fmt: skip


def all_decisions(viewer: Actor, at: datetime) -> Iterator[Sequence[object]]:
    """Every decision that the viewer sees."""
    return decisions_table(found_decisions(viewer=viewer, at=at, filters=DecisionFilters(show="all")), at)
