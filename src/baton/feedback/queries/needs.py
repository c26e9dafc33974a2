"""What employees need, who reads it, and how its clock stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Prefetch, Q, QuerySet

from baton.chain.policy import standing_of, under
from baton.chain.queries.group_chats import leaders_of
from baton.chain.queries.lists import page_of
from baton.chain.queries.proposals import parties_to_propose_for
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.queries import people_holding
from baton.core.queries.calendars import business_calendar_of, default_calendar
from baton.core.registries import Findable
from baton.core.rules import Role
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import EmployeeNeed, NeedEvent
from baton.feedback.rules.needs import (
    OVER,
    WAITING,
    Addressee,
    Happened,
    NeedState,
    NeedStep,
    NeedTimes,
    first_answer,
    promise_is_late,
    waits_since,
)

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person
    from baton_analysis.facts.calendars import BusinessCalendar

PAGE_ROWS = 50
HOUR = 3600.0
_SYSTEM = Actor.system("employee needs")
_STEPS = Prefetch("events", NeedEvent.objects.select_related("person", "owner").order_by("pk"), to_attr="steps")


@dataclass(frozen=True, slots=True)
class NeedFilters:
    """Which needs a list shows. ``show``: ``mine`` (asked by the viewer), ``answer`` (that wait for his answer),
    ``open`` (not over), ``late``, ``all``. ``party`` is the public id of the department; empty: any."""

    show: str = "open"
    party: str = ""
    category: str = ""


def employee_needs_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[EmployeeNeed]:
    """His own, those addressed to the head of departments that he leads, and for the quality manager all."""
    rows = EmployeeNeed.objects.select_related("asker", "department")
    if not policy.may_say_need(viewer):
        return rows.filter(pk__in=())
    if policy.may_see_all_needs(viewer):
        return rows
    led = policy.led_wholly(standing_of(viewer, day_of(at)))
    return rows.filter(Q(asker=viewer.person) | Q(addressee=Addressee.HEAD) & under(led, "department__"))


def employee_need(*, viewer: Actor, at: datetime, public_id: str) -> EmployeeNeed:
    """One of them; NotFound for any other."""
    rows = employee_needs_in_sight(viewer=viewer, at=at).prefetch_related(_STEPS)
    found = rows.filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def listed_employee_needs(*, viewer: Actor, at: datetime, filters: NeedFilters) -> QuerySet[EmployeeNeed]:
    """Those that a list shows, what was asked first at the top."""
    rows = employee_needs_in_sight(viewer=viewer, at=at)
    if filters.party:
        rows = rows.filter(department__public_id=clean_text(filters.party)[:16])
    if filters.category:
        rows = rows.filter(category=filters.category)
    if filters.show == "mine":
        rows = rows.filter(asker=viewer.person)
    if filters.show in {"open", "late", "answer"}:
        rows = rows.exclude(state__in=OVER)
    if filters.show == "answer":
        rows = rows.filter(state__in=WAITING, pk__in=_to_answer(viewer, at))
    if filters.show == "late":
        rows = rows.filter(pk__in=[one.pk for one, clock in timed(viewer=viewer, at=at, needs=rows) if clock.late])
    return rows.prefetch_related(_STEPS).order_by("recorded_at", "pk")


def employee_need_page(*, viewer: Actor, at: datetime, filters: NeedFilters, page: int | str = 1) -> Page[EmployeeNeed]:
    """A page of them."""
    return page_of(listed_employee_needs(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def needs_to_answer(*, viewer: Actor, at: datetime) -> int:
    """How many needs wait for an answer of the viewer: as head those addressed to him, as quality manager those
    addressed to him. Asked on every page: one query, none for whoever answers none."""
    if not policy.may_say_need(viewer):
        return 0
    asked = _asked_of(viewer, at)
    return EmployeeNeed.objects.filter(asked, state__in=WAITING).count() if asked is not None else 0


def timed(*, viewer: Actor, at: datetime, needs: Iterable[EmployeeNeed]) -> list[tuple[EmployeeNeed, NeedTimes]]:
    """Each need with its clock, by the organisation's calendar; where there is none, all hours count. The caller has
    made sure that ``viewer`` sees them. Three queries at most."""
    rows = list(needs)
    if not rows:
        return []
    steps = _steps_of(rows)
    clock = _Clock.of(viewer, rows, steps, at)
    return [(one, clock.times(one, steps[one.pk])) for one in rows]


def steps_of(need: EmployeeNeed) -> list[NeedEvent]:
    """What happened to a need that the caller may see, in its order."""
    return _steps_of([need])[need.pk]


def departments_of(*, viewer: Actor, at: datetime) -> list[Party]:
    """The parties in which the viewer works, where he works first."""
    return parties_to_propose_for(viewer=viewer, at=at)


def heads_asked(*, viewer: Actor, at: datetime, department: Party) -> list[Person]:
    """Who is asked as the viewer's head: who leads the department with everything; where that is nobody but himself,
    who leads the next one above it; nobody where none has a head."""
    day = day_of(at)
    for public_id in reversed(department.path.strip("/").split("/")):
        found = [
            one
            for one in leaders_of(public_id, at)
            if (viewer.person is None or one.pk != viewer.person.pk)
            and any(path.strip("/").endswith(public_id) for path in policy.led_wholly(standing_of(Actor(one), day)))
        ]
        if found:
            return found
    return []


def quality_managers(*, viewer: Actor, at: datetime) -> set[int]:
    """Keys of those who hold this role."""
    return people_holding(viewer=viewer, at=at, role=Role.QUALITY_MANAGER)


def late_needs(*, viewer: Actor, at: datetime) -> list[EmployeeNeed]:
    """Those that are late and of which nobody was told since the last step; for Baton itself."""
    if not viewer.is_system:
        return []
    rows = EmployeeNeed.objects.filter(told_at__isnull=True).exclude(state__in=OVER)
    found = timed(viewer=viewer, at=at, needs=rows.select_related("asker", "department").order_by("pk"))
    return [one for one, clock in found if clock.late]


def employee_needs_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of needs: number and words; who finds which, the sight of the search says."""
    for one in EmployeeNeed.objects.filter(public_id__in=public_ids):
        name = dict.fromkeys((code for code, _label in settings.LANGUAGES), one.words[:120])
        yield Findable(one.public_id, one.number, name, texts=(one.words,))


def employee_need_ids() -> Iterator[str]:
    """Every need, for a rebuild of the index."""
    return EmployeeNeed.objects.values_list("public_id", flat=True).iterator()


def need_step(public_id: str) -> str:
    """Public id of the need to which a step belongs."""
    return str(NeedEvent.objects.values_list("need__public_id", flat=True).get(public_id=public_id))


def sees_employee_need(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer sees this need."""
    return employee_needs_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).exists()


def sees_need_step(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether the viewer sees the need to which this step belongs."""
    return employee_needs_in_sight(viewer=viewer, at=at).filter(events__public_id=public_id[:16]).exists()


def _asked_of(viewer: Actor, at: datetime) -> Q | None:
    """Needs that this viewer is the one to answer; None: there are none."""
    led = policy.led_wholly(standing_of(viewer, day_of(at)))
    asked = Q(addressee=Addressee.HEAD) & under(led, "department__")
    if policy.may_see_all_needs(viewer):
        asked |= Q(addressee=Addressee.QUALITY)
    elif not led:
        return None
    return asked & ~Q(asker=viewer.person)


def _to_answer(viewer: Actor, at: datetime) -> list[int]:
    asked = _asked_of(viewer, at)
    return list(EmployeeNeed.objects.filter(asked).values_list("pk", flat=True)) if asked is not None else []


def _steps_of(needs: Sequence[EmployeeNeed]) -> dict[int, list[NeedEvent]]:
    """What happened to each, by its key; read where the needs do not carry it."""
    found: dict[int, list[NeedEvent]] = {one.pk: list(getattr(one, "steps", ())) for one in needs}
    bare = [one.pk for one in needs if not hasattr(one, "steps")]
    if bare:
        for step in NeedEvent.objects.filter(need__in=bare).select_related("person", "owner").order_by("pk"):
            found[step.need_id].append(step)
    return found


@dataclass(frozen=True, slots=True)
class _Clock:
    """Business time of several needs, counted together."""

    at: datetime
    first_due: dict[int, datetime]
    due: dict[int, datetime]
    hours: dict[int, float]

    @classmethod
    def of(
        cls, viewer: Actor, needs: Sequence[EmployeeNeed], steps: dict[int, list[NeedEvent]], at: datetime
    ) -> _Clock:
        from baton_analysis.facts.calendars import net_seconds  # when it is counted: a server that starts needs none

        calendar = _calendar(viewer)
        since = {one.pk: waits_since(one.recorded_at, _happened(steps[one.pk])) for one in needs}
        waiting = [one for one in needs if since[one.pk] is not None]
        answered = [(one, first) for one in needs if (first := first_answer(_happened(steps[one.pk]))) is not None]
        passed = (
            net_seconds(calendar, [one.recorded_at for one, _at in answered], [moment for _one, moment in answered])
            if answered
            else ()
        )
        return cls(
            at,
            _due(calendar, [(one, one.recorded_at) for one in needs]),
            _due(calendar, [(one, moment) for one in waiting if (moment := since[one.pk]) is not None]),
            {one.pk: float(seconds) / HOUR for (one, _at), seconds in zip(answered, passed, strict=True)},
        )

    def times(self, need: EmployeeNeed, steps: Sequence[NeedEvent]) -> NeedTimes:
        happened = _happened(steps)
        first, first_due = first_answer(happened), self.first_due[need.pk]
        due, state = self.due.get(need.pk), NeedState(need.state)
        missed = first is None and state in WAITING and self.at > first_due
        in_time = first <= first_due if first is not None else (False if missed else None)
        late = state in WAITING and due is not None and self.at > due
        late = late or promise_is_late(state, last_promise(steps), day_of(self.at))
        since = waits_since(need.recorded_at, happened) if state in WAITING else None
        return NeedTimes(since, due if since else None, first_due, first, in_time, late, self.hours.get(need.pk))


def last_promise(steps: Sequence[NeedEvent]) -> date | None:
    """The day of the last promise; None: none was made, or it was followed by something else."""
    return steps[-1].promised_for if steps else None


def _happened(steps: Iterable[NeedEvent]) -> list[Happened]:
    return [Happened(NeedStep(one.step), one.recorded_at) for one in steps]


def _due(calendar: BusinessCalendar, begun: Sequence[tuple[EmployeeNeed, datetime]]) -> dict[int, datetime]:
    """The close of business so many working days later, by the key of the need."""
    from baton_analysis.facts.calendars import due_after_days

    if not begun:
        return {}
    days = [one.response_days for one, _moment in begun]
    ends = due_after_days(calendar, [moment for _one, moment in begun], days).astype("datetime64[us]").tolist()
    return {one.pk: end.replace(tzinfo=UTC) for (one, _moment), end in zip(begun, ends, strict=True)}


def _calendar(viewer: Actor) -> BusinessCalendar:
    from baton_analysis.facts.calendars import always_open

    home = default_calendar(viewer=viewer)
    return business_calendar_of(home) if home is not None else always_open(settings.TIME_ZONE)
