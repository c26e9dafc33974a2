"""Feedback that reached the organisation: who reads it, whose turn it is, and how its clock stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Page
from django.db.models import F, Prefetch, Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import standing_of, under
from baton.chain.queries.lists import found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.queries import people_holding
from baton.core.queries.calendars import business_calendar_of, default_calendar
from baton.core.registries import Findable
from baton.core.rules import Role
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import FeedbackEvent, FeedbackItem
from baton.feedback.queries.complaints import complaints_in_sight
from baton.feedback.queries.needs import heads_asked
from baton.feedback.rules.inbox import WAITING, FeedbackState, FeedbackTimes, times

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.core.models import Person
    from baton.feedback.models import Complaint
    from baton_analysis.facts.calendars import BusinessCalendar

PANEL_ROWS = 3
_WITH = ("party", "holder", "link__supplier", "link__customer", "link__output", "teller", "taken_by", "complaint")


_WITH_WHOM = FeedbackEvent.objects.select_related("person", "party", "earner").order_by("pk")
STEPS = Prefetch("events", _WITH_WHOM, to_attr="steps")
"""Reads the steps of several items together."""


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """Which feedback a list shows. ``show``: ``open`` (an outcome is owed), ``turn`` (owed by the viewer), ``late``,
    ``mine`` (told or taken by the viewer), ``all``. ``party`` and ``link`` are public ids of what it is about; empty:
    any. ``order``: ``received`` or ``number``; a minus sign turns it round."""

    search: str = ""
    show: str = "open"
    category: str = ""
    channel: str = ""
    party: str = ""
    link: str = ""
    order: str = "received"


def feedback_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[FeedbackItem]:
    """All for quality manager, director and auditor; for others what concerns the parties that they lead, what they
    told or took, and what they are thanked for."""
    rows = FeedbackItem.objects.select_related(*_WITH)
    if not may_use(viewer):
        return rows.filter(pk__in=())
    if policy.may_see_all_feedback(viewer):
        return rows
    led = policy.led_wholly(standing_of(viewer, day_of(at)))
    own = Q(teller=viewer.person) | Q(taken_by=viewer.person)
    thanked = FeedbackEvent.objects.filter(earner=viewer.person).values("item")
    return rows.filter(own | Q(pk__in=thanked) | under(led, "party__") | under(led, "holder__"))


def feedback_item(*, viewer: Actor, at: datetime, public_id: str) -> FeedbackItem:
    """One of them; NotFound for any other."""
    held = feedback_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).first()
    if held is None:
        raise NotFound
    return held


def listed_feedback(*, viewer: Actor, at: datetime, filters: InboxFilters) -> QuerySet[FeedbackItem]:
    """What a list shows."""
    rows = feedback_in_sight(viewer=viewer, at=at).filter(found(filters.search, also=_said))
    for name, value in {"category": filters.category, "channel": filters.channel}.items():
        if value:
            rows = rows.filter(**{name: value})
    if filters.party:
        rows = rows.filter(party__public_id=clean_text(filters.party)[:16])
    if filters.link:
        rows = rows.filter(link__public_id=clean_text(filters.link)[:16])
    if filters.show == "mine":
        rows = rows.filter(Q(teller=viewer.person) | Q(taken_by=viewer.person)) if viewer.person else rows.none()
    if filters.show in {"open", "late", "turn"}:
        rows = rows.filter(state__in=WAITING)
    if filters.show == "turn":
        owed = _owed_by(viewer, at)
        rows = rows.filter(owed) if owed is not None else rows.none()
    if filters.show == "late":
        late = [one.pk for one, clock in timed(viewer=viewer, at=at, items=rows) if clock.late]
        rows = rows.filter(pk__in=late)
    return ordered(rows, filters.order, {"received": F("received_at"), "number": F("number")}, "received")


def feedback_page(*, viewer: Actor, at: datetime, filters: InboxFilters, page: int | str = 1) -> Page[FeedbackItem]:
    """A page of them."""
    return page_of(listed_feedback(viewer=viewer, at=at, filters=filters), page)


def feedback_to_deal_with(*, viewer: Actor, at: datetime) -> int:
    """How much waits for an outcome that the viewer owes. Asked on every page: one query, none for who owes none."""
    owed = _owed_by(viewer, at) if policy.may_tell(viewer) else None
    return FeedbackItem.objects.filter(owed, state__in=WAITING).count() if owed is not None else 0


def timed(*, viewer: Actor, at: datetime, items: Iterable[FeedbackItem]) -> list[tuple[FeedbackItem, FeedbackTimes]]:
    """Each with its clock, by the organisation's calendar; where there is none, all hours count. The caller has made
    sure that ``viewer`` sees them."""
    rows = list(items)
    if not rows:
        return []
    due = _due(viewer, rows)
    return [
        (one, times(state=FeedbackState(one.state), due=ends, dealt_at=one.dealt_at, at=at))
        for one, ends in zip(rows, due, strict=True)
    ]


def steps_of(item: FeedbackItem) -> list[FeedbackEvent]:
    """What was done with feedback that the caller may see, in its order."""
    held: list[FeedbackEvent] | None = getattr(item, "steps", None)
    return held if held is not None else list(_WITH_WHOM.filter(item=item))


def who_owes(*, viewer: Actor, at: datetime, party: Party) -> list[Person]:
    """Who leads ``party``, or the next one above it that has a head, without the viewer himself."""
    return heads_asked(viewer=viewer, at=at, department=party)


def quality_managers(*, viewer: Actor, at: datetime) -> set[int]:
    """Keys of those who hold this role."""
    return people_holding(viewer=viewer, at=at, role=Role.QUALITY_MANAGER)


def late_feedback(*, viewer: Actor, at: datetime) -> list[FeedbackItem]:
    """What is late and of which nobody was told since the last step; for Baton itself."""
    if not viewer.is_system:
        return []
    rows = FeedbackItem.objects.filter(told_at__isnull=True, state__in=WAITING).select_related(*_WITH).order_by("pk")
    return [one for one, clock in timed(viewer=viewer, at=at, items=rows) if clock.late]


def names_to_erase(*, viewer: Actor, before: datetime) -> list[FeedbackItem]:
    """Feedback that had its outcome before then and still bears a name or a way to reach somebody; for Baton itself."""
    if not viewer.is_system:
        return []
    rows = FeedbackItem.objects.filter(erased_at__isnull=True, dealt_at__lt=before)
    return list(rows.exclude(teller_name="", teller_reach="").order_by("pk")[:1_000])


def may_tell_about(*, viewer: Actor, at: datetime, subject: Mapping[str, str]) -> tuple[Party | None, Link | None]:
    """The party and the link that public ids under ``party`` and ``link`` name, as the viewer sees them; NotFound where
    he does not."""
    link = chain.link(viewer=viewer, at=at, public_id=subject["link"][:16]) if subject.get("link") else None
    if link is not None:
        return link.supplier, link
    asked = subject.get("party")
    return (chain.party(viewer=viewer, at=at, public_id=asked[:16]) if asked else None), None


def feedback_of_complaint(*, viewer: Actor, at: datetime, complaint: Complaint) -> FeedbackItem | None:
    """The feedback of which a complaint was opened, where the viewer sees it; None where there is none for him."""
    return feedback_in_sight(viewer=viewer, at=at).filter(complaint=complaint).first()


def complaint_of(*, viewer: Actor, at: datetime, item: FeedbackItem) -> Complaint | None:
    """The complaint that was opened of it, where the viewer sees it."""
    if item.complaint_id is None:
        return None
    return complaints_in_sight(viewer=viewer, at=at).filter(pk=item.complaint_id).first()


def about_in_sight(*, viewer: Actor, at: datetime, kind: str, public_id: str) -> list[FeedbackItem]:
    """The last feedback about a party or a link (``kind``) in the viewer's sight, of which an outcome is owed."""
    rows = feedback_in_sight(viewer=viewer, at=at).filter(**{f"{kind}__public_id": public_id}, state__in=WAITING)
    return list(rows.order_by("-received_at", "-pk")[:PANEL_ROWS])


def feedback_sight(viewer: Actor, at: datetime) -> Mapping[str, Any]:
    """What the viewer finds by a search."""
    return {FeedbackItem.kind: feedback_in_sight(viewer=viewer, at=at)}


def feedback_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of feedback: number and words; who finds which, the sight of the search says."""
    for one in FeedbackItem.objects.filter(public_id__in=public_ids):
        name = dict.fromkeys((code for code, _label in settings.LANGUAGES), one.words[:120])
        yield Findable(one.public_id, one.number, name, texts=(one.words,))


def feedback_ids() -> Iterator[str]:
    """All feedback, for a rebuild of the index."""
    return FeedbackItem.objects.values_list("public_id", flat=True).iterator()


def item_of_step(public_id: str) -> str:
    """Public id of the feedback to which a step belongs."""
    return str(FeedbackEvent.objects.values_list("item__public_id", flat=True).get(public_id=public_id))


def sees_feedback(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer sees this feedback."""
    return feedback_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).exists()


def sees_feedback_step(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer sees the feedback to which this step belongs."""
    return feedback_in_sight(viewer=viewer, at=at).filter(events__public_id=public_id[:16]).exists()


def parties_to_tell_about(*, viewer: Actor, at: datetime) -> Sequence[Any]:
    """Parties that the viewer may choose as what feedback is about."""
    return chain.parties_to_choose(viewer=viewer, at=at)


def _said(word: str) -> Q:
    return Q(words__icontains=word) | Q(number__icontains=word)


def _owed_by(viewer: Actor, at: datetime) -> Q | None:
    """Feedback whose outcome this viewer owes; None: there is none."""
    led = policy.led_wholly(standing_of(viewer, day_of(at)))
    owed = under(led, "holder__") & ~Q(teller=viewer.person)
    if viewer.has(Role.QUALITY_MANAGER):
        return owed | Q(holder__isnull=True)
    return owed if led else None


def _due(viewer: Actor, rows: Sequence[FeedbackItem]) -> list[datetime]:
    """The close of business so many working days after each was received."""
    from baton_analysis.facts.calendars import due_after_days  # a server that starts needs no mathematics

    ends = due_after_days(
        _calendar(viewer), [one.received_at for one in rows], [one.response_days for one in rows]
    )  # fmt: skip
    return [one.replace(tzinfo=UTC) for one in ends.astype("datetime64[us]").tolist()]


def _calendar(viewer: Actor) -> BusinessCalendar:
    from baton_analysis.facts.calendars import always_open

    home = default_calendar(viewer=viewer)
    return business_calendar_of(home) if home is not None else always_open(settings.TIME_ZONE)
