"""Review meetings that the viewer may see: the list, one of them, what is decided, what somebody owes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page
from django.db.models import Count, F, Q, QuerySet

from baton.agreements import policy
from baton.agreements.models import (
    AgendaItem,
    Agreement,
    AgreementVersion,
    Decision,
    MeetingPerson,
    ReviewMeeting,
)
from baton.agreements.queries.sight import of_party
from baton.agreements.rules import PAGE_ROWS, VersionState
from baton.agreements.rules.reviews import DecisionState, ItemFate, Keeping, MeetingState, next_review
from baton.chain import queries as chain
from baton.chain.policy import Sight, sight_of, standing_of, under
from baton.chain.queries.lists import found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import may_use
from baton.core.slices import FEW_ROWS, Slice, slice_of

if TYPE_CHECKING:
    from baton.chain.models import Link

MOST_OWED = 30
_SIDES = ("link__supplier", "link__customer", "link__output")


@dataclass(frozen=True, slots=True)
class MeetingFilters:
    """What a list of meetings shows. ``state`` is one of :class:`MeetingState`; ``party`` a public id, on either side;
    ``order``: number, day, link; minus sign: descending."""

    search: str = ""
    state: str = ""
    party: str = ""
    order: str = "-day"


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """Which decisions: ``show`` is open, late, mine (open ones that the viewer keeps) or all; ``party`` a public id."""

    show: str = "open"
    party: str = ""


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting as its page shows it. ``plans``: the viewer changes, cancels and closes it; ``minutes``: he writes
    minutes. ``next_on`` is when the two sides meet next, by the rhythm of their agreement."""

    meeting: ReviewMeeting
    people: list[MeetingPerson]
    items: list[AgendaItem]
    decisions: list[Decision]
    plans: bool
    minutes: bool
    next_on: date
    following: ReviewMeeting | None
    history: list[HistoryEntry]

    @property
    def is_planned(self) -> bool:
        """Whether anything of it may still be changed."""
        return self.meeting.state == MeetingState.PLANNED


@dataclass(frozen=True, slots=True)
class ReviewsOfLink:
    """What the page of a link says of its meetings: the next one planned, the last one held, the open decisions."""

    planned: ReviewMeeting | None
    held: ReviewMeeting | None
    decisions: list[Decision]
    next_on: date


def seen_with(sight: Sight, *, link: str = "link__") -> Q:
    """Of records that belong to links those that the viewer sees: of links with a side to which he belongs; all for
    who sees all links. ``link`` leads to the link."""
    if sight.sees_all_links:
        return Q()
    own = sight.standing.belongs
    return under(own, f"{link}supplier__") | under(own, f"{link}customer__")


def meetings_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[ReviewMeeting]:
    """The meetings of links with a side to which the viewer belongs, and those to which he is invited."""
    if not may_use(viewer):
        return ReviewMeeting.objects.none()
    seen = seen_with(sight_of(viewer, day_of(at)))
    if seen and viewer.person is not None:
        invited = MeetingPerson.objects.filter(person=viewer.person, removed_at__isnull=True)
        seen |= Q(pk__in=invited.values("meeting"))
    return ReviewMeeting.objects.filter(seen)


def meetings(*, viewer: Actor, at: datetime, filters: MeetingFilters, page: int | str = 1) -> Page[ReviewMeeting]:
    """A page of the list; each meeting carries ``open_decisions`` and ``decided``."""
    return page_of(listed_meetings(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def listed_meetings(*, viewer: Actor, at: datetime, filters: MeetingFilters) -> QuerySet[ReviewMeeting]:
    """The whole list, in its order."""
    rows = meetings_in_sight(viewer=viewer, at=at).select_related(*_SIDES)
    sides = ("link__supplier__search_text", "link__customer__search_text", "link__output__search_text")
    rows = rows.filter(found(filters.search, "search_text", "link__search_text", *sides), of_party(filters.party))
    if filters.state in set(MeetingState):
        rows = rows.filter(state=filters.state)
    counted = rows.annotate(
        decided=Count("decisions", distinct=True),
        open_decisions=Count("decisions", filter=Q(decisions__state=DecisionState.OPEN), distinct=True),
    )
    orders = {"number": F("number"), "day": F("starts_at"), "link": F("link__number")}
    return ordered(counted, filters.order, orders, "-day")


def meeting_slice(
    *, viewer: Actor, at: datetime, filters: MeetingFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[ReviewMeeting]:
    """The list part by part, for programs."""
    rows = listed_meetings(viewer=viewer, at=at, filters=filters)
    return slice_of(rows.order_by("recorded_at"), asked=asdict(filters), limit=limit, cursor=cursor)


def meeting(*, viewer: Actor, at: datetime, public_id: str) -> ReviewMeeting:
    """One meeting with its link; :class:`NotFound` also where the viewer may not know of it."""
    seen = meetings_in_sight(viewer=viewer, at=at).select_related(*_SIDES, "led_to__agreement")
    one = seen.filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def meeting_page(*, viewer: Actor, at: datetime, public_id: str) -> MeetingPage:
    """One meeting with its people, agenda and decisions. A fixed number of queries."""
    one = meeting(viewer=viewer, at=at, public_id=public_id)
    people = people_of(viewer=viewer, meeting=one)
    standing = standing_of(viewer, day_of(at))
    plans = policy.may_write(standing, one.link)
    items = items_of(viewer=viewer, meeting=one)
    decisions = decisions_of(viewer=viewer, meeting=one)
    following = ReviewMeeting.objects.filter(
        link=one.link, starts_at__gt=one.starts_at, state=MeetingState.PLANNED
    ).order_by("starts_at")
    told = [one.public_id, *(part.public_id for part in [*items, *decisions])]
    return MeetingPage(
        meeting=one, people=people, items=items, decisions=decisions, plans=plans,
        minutes=policy.may_take_minutes(standing, one.link, invited=is_invited(viewer=viewer, people=people)),
        next_on=next_day(viewer=viewer, link=one.link, held_on=max(day_of(one.starts_at), day_of(at))),
        following=following.first(), history=history_of(viewer=viewer, object_ids=told),
    )  # fmt: skip


def people_of(*, viewer: Actor, meeting: ReviewMeeting) -> list[MeetingPerson]:
    """Who is to be at a meeting that the viewer has read: supplier, customer, then who leads through it."""
    if not may_use(viewer):
        return []
    rows = MeetingPerson.objects.filter(meeting=meeting, removed_at__isnull=True).select_related("person")
    return sorted(rows, key=lambda one: (["supplier", "customer", ""].index(one.side), one.pk))


def is_invited(*, viewer: Actor, people: Iterable[MeetingPerson]) -> bool:
    """Whether the viewer is one of these people."""
    own = viewer.person.pk if viewer.person is not None else None
    return own is not None and any(one.person_id == own and one.removed_at is None for one in people)


def items_of(*, viewer: Actor, meeting: ReviewMeeting) -> list[AgendaItem]:
    """The agenda of a meeting that the viewer has read, in its order; what was put off or taken off, too."""
    if not may_use(viewer):
        return []
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk"))
    for one in items:
        one.meeting = meeting
    return items


def decisions_of(*, viewer: Actor, meeting: ReviewMeeting) -> list[Decision]:
    """What a meeting decided that the viewer has read, by the day on which it is due."""
    if not may_use(viewer):
        return []
    rows = Decision.objects.filter(meeting=meeting).select_related("owner__person", "handed_to", "item")
    decisions = list(rows.order_by("due_on", "pk"))
    for one in decisions:
        one.meeting = meeting
    return decisions


def item(*, viewer: Actor, at: datetime, public_id: str) -> AgendaItem:
    """One point of an agenda; :class:`NotFound` also where the viewer does not see its meeting."""
    rows = AgendaItem.objects.filter(public_id=public_id, meeting__in=meetings_in_sight(viewer=viewer, at=at))
    one = rows.select_related(*(f"meeting__{side}" for side in _SIDES)).first()
    if one is None:
        raise NotFound
    return one


def meeting_person(*, viewer: Actor, at: datetime, public_id: str) -> MeetingPerson:
    """One of the people of a meeting; :class:`NotFound` also where the viewer does not see the meeting."""
    rows = MeetingPerson.objects.filter(public_id=public_id, meeting__in=meetings_in_sight(viewer=viewer, at=at))
    one = rows.select_related("person", *(f"meeting__{side}" for side in _SIDES)).first()
    if one is None:
        raise NotFound
    return one


def decision(*, viewer: Actor, at: datetime, public_id: str) -> Decision:
    """One decision; :class:`NotFound` also where the viewer does not see its meeting and does not keep it."""
    one = decisions_in_sight(viewer=viewer, at=at).filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def decisions_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Decision]:
    """Decisions of meetings in sight, and those that the viewer keeps, each with all that is said of it."""
    if not may_use(viewer):
        return Decision.objects.none()
    seen = Q(meeting__in=meetings_in_sight(viewer=viewer, at=at).values("pk"))
    if viewer.person is not None:
        seen |= kept_by(viewer.person.pk)
    meeting_sides = (f"meeting__{side}" for side in _SIDES)
    return Decision.objects.filter(seen).select_related("owner__person", "handed_to", "item", *meeting_sides)


def kept_by(person: int) -> Q:
    """Decisions that somebody (key) keeps: he took them over, or owns what nobody took over."""
    return Q(handed_to=person) | Q(handed_to__isnull=True, owner__person=person)


def decisions(*, viewer: Actor, at: datetime, filters: DecisionFilters) -> QuerySet[Decision]:
    """The list of decisions, what is due first at the top."""
    rows = decisions_in_sight(viewer=viewer, at=at).exclude(meeting__state=MeetingState.CANCELLED)
    rows = rows.filter(of_party(filters.party, link="meeting__link"))
    if filters.show != "all":
        rows = rows.filter(state=DecisionState.OPEN)
    if filters.show == "late":
        rows = rows.filter(due_on__lt=day_of(at))
    if filters.show == "mine":
        rows = rows.filter(kept_by(viewer.person.pk)) if viewer.person is not None else rows.none()
    return rows.order_by("due_on", "pk")


def decision_page(
    *, viewer: Actor, at: datetime, filters: DecisionFilters, page: int | str = 1
) -> Page[Decision]:  # fmt: skip
    """A page of that list."""
    return page_of(decisions(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def owed_by(*, viewer: Actor, at: datetime) -> list[Decision]:
    """What the viewer has said he would do and has not done, what is due first at the top. One query."""
    if viewer.person is None or not may_use(viewer):
        return []
    rows = Decision.objects.filter(
        kept_by(viewer.person.pk), state=DecisionState.OPEN, meeting__state=MeetingState.HELD
    )
    return list(
        rows.select_related("meeting__link__supplier", "meeting__link__customer").order_by("due_on")[:MOST_OWED]
    )


def reviews_of_link(*, viewer: Actor, at: datetime, link: Link) -> ReviewsOfLink | None:
    """What the page of a link that the viewer has read says of its meetings; None where they are not for him."""
    seen = list(
        meetings_in_sight(viewer=viewer, at=at)
        .filter(link=link)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("-starts_at")[:20]
    )
    if not seen and not may_see_reviews(viewer=viewer, at=at, link=link):
        return None
    planned = [one for one in seen if one.state == MeetingState.PLANNED]
    held = [one for one in seen if one.state == MeetingState.HELD]
    open_ones = decisions_in_sight(viewer=viewer, at=at).filter(
        meeting__link=link, meeting__state=MeetingState.HELD, state=DecisionState.OPEN
    )
    last = day_of(held[0].starts_at) if held else day_of(at)
    return ReviewsOfLink(
        planned=planned[-1] if planned else None, held=held[0] if held else None,
        decisions=list(open_ones.order_by("due_on", "pk")) if held else [],
        next_on=next_day(viewer=viewer, link=link, held_on=last),
    )  # fmt: skip


def may_see_reviews(*, viewer: Actor, at: datetime, link: Link) -> bool:
    """Whether the viewer reads the meetings and the joint plan of a link."""
    sight = sight_of(viewer, day_of(at))
    return may_use(viewer) and (sight.sees_all_links or bool(policy.belongs_to(sight.standing, link)))


def next_day(*, viewer: Actor, link: Link, held_on: date) -> date:
    """When the two sides of a link that the viewer has read meet next, by the version in force."""
    version = active_version(viewer=viewer, link=link)
    if version is None:
        return next_review(held_on, starts_on=None, review_on=None, ends_on=None)
    began = version.starts_on or (day_of(version.activated_at) if version.activated_at is not None else None)
    return next_review(held_on, starts_on=began, review_on=version.review_on, ends_on=version.ends_on)


def active_version(*, viewer: Actor, link: Link) -> AgreementVersion | None:
    """The version in force of the agreement of a link that the viewer has read. One query."""
    if not may_use(viewer):
        return None
    rows = AgreementVersion.objects.filter(agreement__link=link, state=VersionState.ACTIVE)
    return rows.select_related("agreement").first()


def agreement_of(*, viewer: Actor, link: Link) -> Agreement | None:
    """The agreement of a link that the viewer has read."""
    return Agreement.objects.filter(link=link).first() if may_use(viewer) else None


def late_of(decisions: Sequence[Decision], day: date) -> list[Decision]:
    """Those that are late."""
    return [one for one in decisions if one.keeping_on(day) is Keeping.LATE]


def postponed_before(*, viewer: Actor, meeting: ReviewMeeting) -> list[AgendaItem]:
    """The points that the last meeting of the same link put off and that no other has taken up since."""
    if not may_use(viewer):
        return []
    earlier = AgendaItem.objects.filter(
        meeting__link=meeting.link_id, meeting__state=MeetingState.HELD, fate=ItemFate.POSTPONED
    ).exclude(meeting=meeting)
    taken = AgendaItem.objects.filter(carried_from__isnull=False, meeting__state__in=[
        MeetingState.PLANNED, MeetingState.HELD,
    ]).exclude(meeting=meeting)  # fmt: skip
    return list(earlier.exclude(pk__in=taken.values("carried_from")).order_by("meeting__starts_at", "position", "pk"))


def link_to_review(*, viewer: Actor, at: datetime, public_id: str) -> Link:
    """The link whose meetings and plan the viewer may read; :class:`NotFound` for everybody else."""
    link = chain.link(viewer=viewer, at=at, public_id=public_id)
    if not may_see_reviews(viewer=viewer, at=at, link=link):
        raise NotFound
    return link
