"""Complaints in sight, and how their clocks stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Case, IntegerField, Max, Prefetch, Q, QuerySet, When

from baton.chain.policy import standing_of, under
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.queries import SignatureStanding, signatures_of_several
from baton.core.queries.calendars import business_calendar_of, default_calendar
from baton.core.rules import Role
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.rules.complaints import (
    OPEN,
    OVER,
    PROMISED,
    SIGNED_LEADS_TO,
    Begun,
    ComplaintAct,
    ComplaintState,
    ComplaintTimes,
    Happened,
    Promise,
    Urgency,
    begun,
    clock,
)

if TYPE_CHECKING:
    from baton_analysis.facts.calendars import BusinessCalendar

PAGE_ROWS = 50
PANEL_ROWS = 5
_CLOCKS = Actor.system("complaints")
PERSONAL = ("customer_name", "customer_number", "telephone", "email")
"""Columns of the customer's data, which only who handles a complaint reads."""
_STEPS = Prefetch("steps", ComplaintStep.objects.select_related("person").order_by("pk"), to_attr="acts")
_PARTS = ("received_by", "investigator", "customer", "supplier", "link__output", "handoff")


@dataclass(frozen=True, slots=True)
class ComplaintFilters:
    """Which complaints a list shows. ``show``: ``open``, ``mine`` (that wait for the viewer), ``late``, ``over``,
    ``all``. ``party`` is the public id of a side, ``link`` of a link, ``text`` a number, product, lot or
    invoice; empty: any."""

    show: str = "open"
    matter: str = ""
    urgency: str = ""
    party: str = ""
    link: str = ""
    text: str = ""


def complaints_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Complaint]:
    """Every case that the viewer reads; see :mod:`baton.feedback.policy`."""
    rows = Complaint.objects.select_related(*_PARTS)
    if not policy.may_read_complaints(viewer):
        return rows.filter(pk__in=())
    if policy.may_see_all_complaints(viewer):
        return rows
    standing = standing_of(viewer, day_of(at))
    theirs = under(standing.belongs, "customer__")
    if standing.is_guest:
        return rows.filter(theirs)
    own = Q(received_by=viewer.person) | Q(investigator=viewer.person)
    return rows.filter(own | theirs | under(standing.belongs, "supplier__"))


def complaint(*, viewer: Actor, at: datetime, public_id: str) -> Complaint:
    """One of them, with its steps in ``acts``; NotFound for any other."""
    rows = complaints_in_sight(viewer=viewer, at=at).prefetch_related(_STEPS)
    found = rows.filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def sees_complaint(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer reads this case."""
    return complaints_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).exists()


def sees_any_complaint(*, viewer: Actor, at: datetime) -> bool:
    """Whether there is any case that the viewer reads."""
    return complaints_in_sight(viewer=viewer, at=at).exists()


def sees_complaint_step(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer reads the case to which this step belongs."""
    return complaints_in_sight(viewer=viewer, at=at).filter(steps__public_id=public_id[:16]).exists()


def listed_complaints(*, viewer: Actor, at: datetime, filters: ComplaintFilters) -> QuerySet[Complaint]:
    """Those that a list shows, what came last at the top."""
    rows = complaints_in_sight(viewer=viewer, at=at)
    for name in ("matter", "urgency"):
        if getattr(filters, name):
            rows = rows.filter(**{name: getattr(filters, name)})
    if filters.party:
        party = clean_text(filters.party)[:16]
        rows = rows.filter(Q(supplier__public_id=party) | Q(customer__public_id=party))
    if filters.link:
        rows = rows.filter(link__public_id=clean_text(filters.link)[:16])
    if text := clean_text(filters.text)[:120]:
        named = Q(number__iexact=text)
        for name in ("product", "model", "lot", "invoice"):
            named |= Q(**{f"{name}__icontains": text})
        rows = rows.filter(named)
    return _shown(rows, filters.show, viewer, at).prefetch_related(_STEPS).order_by("-received_at", "-pk")


def complaint_page(*, viewer: Actor, at: datetime, filters: ComplaintFilters, page: int | str = 1) -> Page[Complaint]:
    """A page of them."""
    return page_of(listed_complaints(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def complaints_of_link(*, viewer: Actor, at: datetime, link: str) -> list[Complaint]:
    """The last complaints about the link with this public id that the viewer reads, those that wait first."""
    rows = complaints_in_sight(viewer=viewer, at=at).select_related(None).filter(link__public_id=link[:16])
    waiting = Case(When(state__in=OPEN, then=0), default=1, output_field=IntegerField())
    return list(rows.prefetch_related(_STEPS).order_by(waiting, "-received_at", "-pk")[:PANEL_ROWS])


def waiting_complaints(*, viewer: Actor, at: datetime) -> int:
    """How many open ones wait for a step of the viewer: as the person in charge, or the supplier's head, for the cause
    and all that follows; as quality manager for a decision, and where no supplier is known; as who took it down for
    what comes after the decision. Asked on every page: one query beside those of his standing."""
    if not policy.may_receive_complaints(viewer):
        return 0
    return Complaint.objects.filter(_waits_for(viewer, at), state__in=OPEN).count()


def handled(*, viewer: Actor, at: datetime, complaints: Iterable[Complaint]) -> set[int]:
    """Keys of those of which the viewer reads the customer's data."""
    standing = standing_of(viewer, day_of(at))
    return {one.pk for one in complaints if policy.may_handle_complaint(standing, one)}


def steps_of(one: Complaint) -> list[ComplaintStep]:
    """What happened to a complaint that the caller may see, in its order."""
    return _steps_of([one])[one.pk]


def round_of(steps: Sequence[ComplaintStep]) -> list[ComplaintStep]:
    """The steps since it was reopened last, or since it came."""
    reopened = [place for place, one in enumerate(steps) if one.act == ComplaintAct.REOPEN]
    return list(steps[reopened[-1] + 1 :]) if reopened else list(steps)


def said_of(steps: Sequence[ComplaintStep], act: ComplaintAct) -> ComplaintStep | None:
    """The step of this kind that holds: the last one of the round."""
    return next((one for one in reversed(round_of(steps)) if one.act == act), None)


def signatures_of(*, viewer: Actor, complaint: Complaint) -> dict[str, list[SignatureStanding]]:
    """Signatures under the causes and dispositions of a complaint that the caller may see, by the public id of the
    step; each with whether it holds."""
    signed = [one.public_id for one in steps_of(complaint) if one.act in SIGNED_LEADS_TO]
    return signatures_of_several(viewer=viewer, kind=ComplaintStep.kind, public_ids=signed)


def timed(*, viewer: Actor, at: datetime, complaints: Iterable[Complaint]) -> list[tuple[Complaint, ComplaintTimes]]:
    """Each complaint with its clocks, by the organisation's calendar; where there is none, all hours count. The caller
    has made sure that ``viewer`` sees them. Three queries at most."""
    rows = list(complaints)
    if not rows:
        return []
    steps = _steps_of(rows)
    begins = [begun(one.received_at, _happened(steps[one.pk])) for one in rows]
    dues = _dues(_calendar(), rows, begins)
    return [(one, _times(one, facts, due, at)) for one, facts, due in zip(rows, begins, dues, strict=True)]


def late_complaints(*, viewer: Actor, at: datetime) -> list[Complaint]:
    """Those that are late and of which nobody was told since the last step; for Baton itself."""
    if not viewer.is_system:
        return []
    rows = Complaint.objects.filter(told_at__isnull=True).exclude(state__in=OVER).select_related(*_PARTS)
    return [one for one, times in timed(viewer=viewer, at=at, complaints=rows.order_by("pk")) if times.late]


def customers_to_forget(*, viewer: Actor, before: datetime) -> list[Complaint]:
    """Complaints that were over ``before``, and nothing was done with them since, whose customer's data are there
    still; for Baton itself."""
    if not viewer.is_system:
        return []
    rows = Complaint.objects.filter(state__in=OVER, forgotten_at__isnull=True, recorded_at__lt=before)
    return list(rows.annotate(last=Max("steps__recorded_at")).filter(last__lt=before).order_by("pk"))


def step_complaint(public_id: str) -> str:
    """Public id of the complaint to which a step belongs."""
    return str(ComplaintStep.objects.values_list("complaint__public_id", flat=True).get(public_id=public_id))


def step_contents(public_ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """What a signature under a cause or a disposition stands for: the form down to there, without the customer's data,
    which may be destroyed later."""
    rows = ComplaintStep.objects.filter(public_id__in=public_ids).select_related("complaint", "person")
    return {one.public_id: _contents(one) for one in rows}


def step_names(public_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """What people call a step that is signed: number of the complaint and its words on the form."""
    from django.utils.translation import override

    rows = list(ComplaintStep.objects.filter(public_id__in=public_ids).select_related("complaint"))
    found: dict[str, dict[str, str]] = {one.public_id: {} for one in rows}
    for code, _label in settings.LANGUAGES:
        with override(code):
            for one in rows:
                found[one.public_id][code] = f"{one.complaint.number} {one.get_act_display()}"
    return found


def _contents(step: ComplaintStep) -> dict[str, Any]:
    one = step.complaint
    said: dict[str, Any] = {
        "number": one.number, "received_at": one.received_at, "matter": one.matter, "product": one.product,
        "model": one.model, "lot": one.lot, "shipped_on": one.shipped_on, "invoice": one.invoice,
        "phenomenon": one.phenomenon, "act": step.act, "words": step.words, "written_by": step.person.public_id,
    }  # fmt: skip
    if step.act == ComplaintAct.DISPOSITION:
        before = ComplaintStep.objects.filter(complaint=one, pk__lt=step.pk, act=ComplaintAct.CAUSE).order_by("pk")
        cause = before.last()
        said["cause"] = {"step": cause.public_id, "words": cause.words} if cause is not None else {}
    return said


def _shown(rows: QuerySet[Complaint], show: str, viewer: Actor, at: datetime) -> QuerySet[Complaint]:
    if show in {"open", "late", "mine"}:
        rows = rows.filter(state__in=OPEN)
    if show == "over":
        rows = rows.filter(state__in=OVER)
    if show == "mine":
        rows = rows.filter(_waits_for(viewer, at))
    if show == "late":
        late = [one.pk for one, times in timed(viewer=viewer, at=at, complaints=rows) if times.late]
        rows = rows.filter(pk__in=late)
    return rows


def _waits_for(viewer: Actor, at: datetime) -> Q:
    """Open complaints in which the next step is the viewer's."""
    standing = standing_of(viewer, day_of(at))
    led = sorted({one.path for one in standing.leads if one.is_whole})
    nobody = Q(pk__in=())
    if viewer.person is None or standing.is_guest:
        return nobody
    found = Q(investigator=viewer.person, state=ComplaintState.RECEIVED)
    found |= Q(received_by=viewer.person, state__in=(ComplaintState.DECIDED, ComplaintState.RESOLVED))
    if led:
        found |= under(led, "supplier__") & ~Q(state=ComplaintState.RECEIVED, investigator__isnull=False)
    if viewer.has(Role.QUALITY_MANAGER):
        found |= Q(supplier__isnull=True, investigator__isnull=True) | Q(state=ComplaintState.INVESTIGATED)
    return found


def _steps_of(complaints: Sequence[Complaint]) -> dict[int, list[ComplaintStep]]:
    """What happened to each, by its key; read where the complaints do not carry it."""
    found: dict[int, list[ComplaintStep]] = {one.pk: list(getattr(one, "acts", ())) for one in complaints}
    bare = [one.pk for one in complaints if not hasattr(one, "acts")]
    if bare:
        for step in ComplaintStep.objects.filter(complaint__in=bare).select_related("person").order_by("pk"):
            found[step.complaint_id].append(step)
    return found


def _happened(steps: Iterable[ComplaintStep]) -> Iterator[Happened]:
    return (Happened(ComplaintAct(one.act), one.happened_at) for one in steps)


@dataclass(frozen=True, slots=True)
class _Dues:
    acknowledged: datetime
    resolved: datetime
    notified: datetime | None


def _dues(calendar: BusinessCalendar, rows: Sequence[Complaint], begins: Sequence[Begun]) -> list[_Dues]:
    """When what is due, of several complaints together."""
    promises = [PROMISED[Urgency(one.urgency)] for one in rows]
    asked: list[tuple[datetime, Promise]] = []
    for facts, promised in zip(begins, promises, strict=True):
        asked.append((facts.acknowledge_since, promised.acknowledged))
        asked.append((facts.resolve_since, promised.resolved))
        asked.append((facts.notify_since or facts.resolve_since, promised.notified))
    ends = _ends(calendar, asked)
    return [
        _Dues(ends[3 * place], ends[3 * place + 1], ends[3 * place + 2] if facts.notify_since else None)
        for place, facts in enumerate(begins)
    ]


def _ends(calendar: BusinessCalendar, asked: Sequence[tuple[datetime, Promise]]) -> list[datetime]:
    """The moment at which each promise, given at that time, is over."""
    from baton_analysis.facts.calendars import due_after_days, due_at  # when counted: a server that starts needs none

    by_days = [place for place, (_since, promise) in enumerate(asked) if promise.days]
    by_hours = [place for place, (_since, promise) in enumerate(asked) if not promise.days]
    ends: dict[int, datetime] = {}
    if by_days:
        days = [asked[place][1].days for place in by_days]
        ends |= _placed(by_days, due_after_days(calendar, [asked[place][0] for place in by_days], days))
    if by_hours:
        seconds = [3600 * asked[place][1].hours for place in by_hours]
        ends |= _placed(by_hours, due_at(calendar, [asked[place][0] for place in by_hours], seconds))
    return [ends[place] for place in range(len(asked))]


def _placed(places: Sequence[int], moments: Any) -> dict[int, datetime]:
    found = moments.astype("datetime64[us]").tolist()
    return {place: end.replace(tzinfo=UTC) for place, end in zip(places, found, strict=True)}


def _times(one: Complaint, facts: Begun, due: _Dues, at: datetime) -> ComplaintTimes:
    runs = ComplaintState(one.state) in OPEN
    return ComplaintTimes(
        acknowledged=clock(due.acknowledged, facts.acknowledged, at, runs=runs),
        resolved=clock(due.resolved, facts.resolved, at, runs=runs),
        notified=clock(due.notified, facts.notified, at, runs=runs),
    )


def _calendar() -> BusinessCalendar:
    """The organisation's, also for a guest, who reads no calendar, but by when he is told."""
    from baton_analysis.facts.calendars import always_open

    home = default_calendar(viewer=_CLOCKS)
    return business_calendar_of(home) if home is not None else always_open(settings.TIME_ZONE)
