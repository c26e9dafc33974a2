"""Rounds of grades, who is asked in them, and what somebody may read of them. What a grade says is read by who speaks
for the department that gives it; once the round is closed also by who leads the one that got it, by quality manager and
director."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from baton.chain.policy import Standing, standing_of, under
from baton.chain.rules import LinkSide, Scope
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.registries import Findable
from baton.feedback import policy
from baton.feedback.models.grades import DepartmentGrade, GradedLink, GradeRound
from baton.feedback.queries.grading import Speakers
from baton.feedback.rules.grades import POOLED, RoundState, above
from baton.handoffs.queries.receiving import came_lately

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person
    from baton.handoffs.models import Handoff

_WITH = ("round", "customer", "supplier", "handoff", "given_by", "owner", "replied_by", "done_by")
_LINKS = Prefetch(
    "links", GradedLink.objects.select_related("link__supplier", "link__customer", "link__output").order_by("pk")
)
MOST_HANDOFFS = 40
"""So many of the last handoffs of a supplier are offered to point to one of them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one department is asked in a round: its rows, and whether the viewer is asked himself (``own``) or a head
    below him is."""

    customer: Party
    rows: tuple[DepartmentGrade, ...]
    own: bool

    @property
    def given(self) -> int:
        return sum(1 for one in self.rows if one.grade)


@dataclass(frozen=True, slots=True)
class Asked:
    """A department of an open round: how many of its grades are given, and who is asked for them."""

    customer: Party
    given: int
    of: int
    people: tuple[Person, ...]


def rounds_in_sight(*, viewer: Actor) -> QuerySet[GradeRound]:
    """The rounds of which the viewer may know: everybody inside knows when heads grade, but of those that were
    withdrawn who reads all grades."""
    if policy.may_read_all_grades(viewer):
        return GradeRound.objects.all()
    if not may_use(viewer):
        return GradeRound.objects.none()
    return GradeRound.objects.exclude(state=RoundState.WITHDRAWN)


def grade_round(*, viewer: Actor, public_id: str) -> GradeRound:
    """One of them; NotFound for any other."""
    found = rounds_in_sight(viewer=viewer).select_related("led_by").filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def grades_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[DepartmentGrade]:
    """The grades that the viewer may read, with all that stands beside them."""
    rows = DepartmentGrade.objects.select_related(*_WITH)
    if not may_use(viewer) and not viewer.is_system:
        return rows.none()
    standing, closed = standing_of(viewer, day_of(at)), Q(round__state=RoundState.CLOSED)
    mine = _of_own_department(standing)
    if viewer.person is not None:
        mine |= Q(given_by=viewer.person)
    if policy.may_read_all_grades(viewer):
        return rows.filter(closed | mine)
    return rows.filter((closed & under([one.path for one in standing.leads if one.is_whole], "supplier__")) | mine)


def grade(*, viewer: Actor, at: datetime, public_id: str) -> DepartmentGrade:
    """One of them; NotFound for any other."""
    found = grades_in_sight(viewer=viewer, at=at).prefetch_related(_LINKS).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def sheet(*, viewer: Actor, at: datetime, round: GradeRound, customer: str) -> Sheet:
    """What the viewer may grade for a department (public id) in a round, or might when it was open; NotFound where he
    does not speak for it."""
    rows = DepartmentGrade.objects.filter(round=round, customer__public_id=customer[:16])
    found = _gradable(standing_of(viewer, day_of(at)), rows)
    if not found:
        raise NotFound
    return Sheet(found[0].customer, tuple(found), own=True)


def my_sheets(*, viewer: Actor, at: datetime, round: GradeRound) -> list[Sheet]:
    """The departments for which the viewer speaks in a round, by name; those whose own heads are asked come last."""
    standing = standing_of(viewer, day_of(at))
    paths = [one.path for one in standing.leads]
    if not paths:
        return []
    by_customer: dict[int, list[DepartmentGrade]] = {}
    for one in _gradable(standing, DepartmentGrade.objects.filter(under(paths, "customer__"), round=round)):
        by_customer.setdefault(one.customer_id, []).append(one)
    return sorted(
        (Sheet(rows[0].customer, tuple(rows), _is_asked(viewer, at, paths, rows[0])) for rows in by_customer.values()),
        key=lambda one: (not one.own, str(one.customer)),
    )


def waiting_to_grade(*, viewer: Actor, at: datetime) -> int:
    """How many grades the viewer still owes for the departments that he leads himself, and how many promises in reply
    to grades that he sees to and whose day is over. Asked on every page: one query."""
    if not may_use(viewer) or viewer.person is None:
        return 0
    today = day_of(at)
    led = [one.path for one in standing_of(viewer, today).leads if _speaks_as_customer(one.scope, one.side)]
    owed = Q(owner=viewer.person, promised_for__lt=today, done_on__isnull=True)
    if led:
        owed |= Q(round__state=RoundState.OPEN, round__closes_on__gte=today, grade="", customer__path__in=led)
    return DepartmentGrade.objects.filter(owed).count()


def asked_in(*, viewer: Actor, at: datetime, round: GradeRound) -> list[Asked]:
    """Which departments are asked in a round, who for them, and how many grades they have given: what they gave, this
    does not say. For who reads all grades; those that have given least come first."""
    if not policy.may_read_all_grades(viewer):
        raise NotFound
    speakers, by_customer = Speakers(at), dict[int, list[DepartmentGrade]]()
    for one in _with_links(DepartmentGrade.objects.filter(round=round)):
        by_customer.setdefault(one.customer_id, []).append(one)
    found = []
    for rows in by_customer.values():
        people = {person.pk: person for one in rows for person in _speakers(speakers, one)}
        given = sum(1 for one in rows if one.grade)
        found.append(Asked(rows[0].customer, given, len(rows), tuple(people.values())))
    return sorted(found, key=lambda one: (one.given / one.of, str(one.customer)))


def without_grade(*, viewer: Actor, at: datetime, round: GradeRound) -> dict[Person, int]:
    """Who is asked for grades that nobody has given yet, and for how many; for Baton and who runs rounds."""
    if not policy.may_run_grades(viewer):
        raise NotFound
    speakers, owed = Speakers(at), dict[int, tuple["Person", int]]()
    for one in _with_links(DepartmentGrade.objects.filter(round=round, grade="")):
        for person in _speakers(speakers, one):
            owed[person.pk] = person, owed.get(person.pk, (person, 0))[1] + 1
    return dict(owed.values())


def grades_of_round(*, viewer: Actor, at: datetime, round: GradeRound) -> list[DepartmentGrade]:
    """What the viewer may read of a closed round, by the department graded and then by who grades; also that nobody
    graded. Of an open one nothing: what his own department gave stands on its sheet."""
    if round.state != RoundState.CLOSED:
        return []
    rows = grades_in_sight(viewer=viewer, at=at).filter(round=round).prefetch_related(_LINKS)
    return sorted(rows, key=lambda one: (str(one.supplier), one.supplier_id, str(one.customer)))


def grades_about(*, viewer: Actor, at: datetime, supplier: str) -> list[DepartmentGrade]:
    """What was said of a department (public id) in the last closed rounds, as far as the viewer may read all of it: the
    last round first. NotFound where he may not, or nothing was asked."""
    rows = grades_in_sight(viewer=viewer, at=at).filter(
        supplier__public_id=supplier[:16], round__state=RoundState.CLOSED
    )
    first = rows.first()
    if first is None or not _reads_all_about(viewer, at, first.supplier):
        raise NotFound
    last = GradeRound.objects.filter(state=RoundState.CLOSED, grades__supplier=first.supplier_id).distinct()
    held = list(last.order_by("-until_on", "-pk").values_list("pk", flat=True)[:POOLED])
    found = rows.filter(round__in=held).prefetch_related(_LINKS)
    return sorted(found, key=lambda one: (held.index(one.round_id), str(one.customer)))


def reads_all_about(*, viewer: Actor, at: datetime, suppliers: Iterable[Party]) -> set[int]:
    """Those of the departments (keys) about which the viewer reads every grade of closed rounds."""
    return {one.pk for one in suppliers if _reads_all_about(viewer, at, one)}


def handoffs_to_name(
    *, viewer: Actor, at: datetime, rows: Sequence[DepartmentGrade]
) -> dict[str, list[Handoff]]:  # fmt: skip
    """By the public id of each grade the last handoffs that came over its links in the time that is graded."""
    return {
        one.public_id: came_lately(
            viewer=viewer, at=at, first=one.round.began_on, last=one.round.until_on,
            links=[held.link_id for held in one.links.all()], most=MOST_HANDOFFS,
        )
        for one in rows
    }  # fmt: skip


def pooled(*, viewer: Actor, round: GradeRound) -> list[DepartmentGrade]:
    """The grades of this round and of the closed ones before it, at most so many rounds, for what they tell together;
    for Baton and who reads all grades."""
    if not policy.may_read_all_grades(viewer):
        raise NotFound
    rounds = GradeRound.objects.filter(state=RoundState.CLOSED, until_on__lte=round.until_on)
    held = rounds.order_by("-until_on", "-pk").values_list("pk", flat=True)[:POOLED]
    rows = DepartmentGrade.objects.filter(round__in=list(held)).exclude(grade="")
    return list(rows.select_related("given_by", "customer", "supplier").order_by("pk"))


def rounds_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of rounds; who finds which, the sight of the search says."""
    for one in GradeRound.objects.filter(public_id__in=public_ids):
        ended = one.closed_at.date() if one.closed_at is not None else None
        yield Findable(one.public_id, one.number, one.title, ended_on=ended)


def round_ids() -> Iterator[str]:
    """Every round, for a rebuild of the index."""
    return GradeRound.objects.values_list("public_id", flat=True).iterator()


def _with_links(rows: QuerySet[DepartmentGrade]) -> QuerySet[DepartmentGrade]:
    return rows.select_related(*_WITH).prefetch_related(_LINKS).order_by("pk")


def _gradable(standing: Standing, rows: QuerySet[DepartmentGrade]) -> list[DepartmentGrade]:
    """Those that he may grade, by the name of the supplier."""
    held = [one for one in _with_links(rows) if may_grade_row(standing, one)]
    return sorted(held, key=lambda one: str(one.supplier))


def may_grade_row(standing: Standing, row: DepartmentGrade) -> bool:
    """Whether somebody speaks for the department that gives this grade. Part of queries and changes."""
    return policy.may_grade(standing, supplier=row.supplier, links=[one.link for one in row.links.all()])


def _speakers(speakers: Speakers, row: DepartmentGrade) -> tuple[Person, ...]:
    return speakers.of(row.customer, row.supplier, [one.link for one in row.links.all()])


def _is_asked(viewer: Actor, at: datetime, led: Sequence[str], row: DepartmentGrade) -> bool:
    """Whether the viewer leads the department himself, or nobody nearer does."""
    if row.customer.path in led:
        return True
    return viewer.person is not None and viewer.person.pk in {one.pk for one in _speakers(Speakers(at), row)}


def _of_own_department(standing: Standing) -> Q:
    """Grades of departments for which he speaks as customer, but for those about departments that are his, too."""
    led = [one.path for one in standing.leads if _speaks_as_customer(one.scope, one.side)]
    belongs = [path for own in standing.belongs for path in above(own)]
    own = under([one.path for one in standing.leads], "supplier__") | Q(supplier__path__in=belongs)
    return under(led, "customer__") & ~own


def _speaks_as_customer(scope: str, side: str) -> bool:
    return scope in (Scope.ALL, Scope.LINKS) and side in ("", LinkSide.CUSTOMER)


def _reads_all_about(viewer: Actor, at: datetime, supplier: Party) -> bool:
    return policy.may_read_all_grades(viewer) or standing_of(viewer, day_of(at)).leads_over(supplier, Scope.LINKS)
