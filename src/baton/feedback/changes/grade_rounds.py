"""Rounds in which heads grade departments are opened, moved, closed and withdrawn; people are told when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.chain.queries.group_chats import leaders_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number, notify
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.checks import reason_given, texts_given
from baton.feedback.changes.grade_studies import studies_of
from baton.feedback.models.grades import ROUND_STATES, DepartmentGrade, GradedLink, GradeRound
from baton.feedback.queries.grades import pooled, without_grade
from baton.feedback.queries.grading import Pairing, pairings
from baton.feedback.rules.grades import LONGEST_OPEN, LONGEST_PERIOD, RoundState, is_warned_on
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

NUMBER_PREFIX = "GR"
TEND_GRADES_JOB = "feedback.tend_grades"
OPENED_TOPIC = "feedback.grades_opened"
WARNED_TOPIC = "feedback.grades_due"
GRADED_TOPIC = "feedback.grades_closed"


def open_grade_round(
    *, by: Actor, at: datetime, title: Mapping[str, str], began_on: date, until_on: date, closes_on: date
) -> GradeRound:
    """Ask the heads of all who received something between two days to grade those who served them, until
    ``closes_on``; they are told.

    Refused: days that do not follow each other, a time about which there was a round already, or in which nobody whom a
    head speaks for received anything.
    """
    with change(by=by, at=at) as trail:
        demand(policy.may_run_grades(by))
        name = texts_given(title, "title")
        _demand_days(began_on, until_on, closes_on, day_of(at))
        _demand_new(began_on, until_on)
        found = pairings(viewer=by, at=at, first=began_on, last=until_on)
        if not found:
            raise Refused(
                expected=gettext_noop("Expected departments that received something in this time."),
                found=gettext_noop("There is none for which a head speaks."),
                remedy=gettext_noop("Choose another time, or appoint heads first."),
            )
        fresh = GradeRound(
            number=next_number(prefix=NUMBER_PREFIX, at=at), title=name, began_on=began_on, until_on=until_on,
            closes_on=closes_on, led_by=by.person,
        )  # fmt: skip
        trail.save(fresh, "grade_round.opened")
        _ask(trail, fresh, found)
        for person, count in _counted(found).items():
            _tell(trail, fresh, person, OPENED_TOPIC, count)
        return fresh


def move_round_end(
    *, by: Actor, at: datetime, round: GradeRound, closes_on: date, expected_seq: int | None = None
) -> GradeRound:
    """Take grades until another day. Whoever has not graded is told again before that."""
    with change(by=by, at=at) as trail:
        fresh = _to_run(trail, round, expected_seq)
        _demand_days(fresh.began_on, fresh.until_on, closes_on, day_of(at))
        if closes_on > fresh.closes_on:
            fresh.warned_at = None
        fresh.closes_on = closes_on
        return trail.save(fresh, "grade_round.moved")


def close_grade_round(
    *, by: Actor, at: datetime, round: GradeRound, reason: str = "", expected_seq: int | None = None
) -> GradeRound:
    """End the round: grades stand, and those who are graded are told. Before its time somebody says why."""
    why = "" if by.is_system else reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_run(trail, round, expected_seq)
        fresh.state, fresh.closed_at, fresh.ended_because = RoundState.CLOSED, at, why
        saved = trail.save(fresh, "grade_round.closed")
        given = DepartmentGrade.objects.filter(round=fresh).exclude(grade="").values_list("supplier__public_id")
        counts: dict[str, int] = {}
        for (supplier,) in given:
            counts[supplier] = counts.get(supplier, 0) + 1
        for supplier, count in sorted(counts.items()):
            for person in leaders_of(supplier, at):
                _tell(trail, saved, person, GRADED_TOPIC, count)
        return saved


def withdraw_grade_round(
    *, by: Actor, at: datetime, round: GradeRound, reason: str, expected_seq: int | None = None
) -> GradeRound:
    """Take back a round that was opened by mistake, as long as nobody has given a grade."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_run(trail, round, expected_seq)
        given = DepartmentGrade.objects.filter(round=fresh).exclude(grade="").count()
        if given:
            raise Refused(
                expected=gettext_noop("Expected a round in which nobody has given a grade."),
                found=gettext_noop("Grades that were given: {count}."),
                remedy=gettext_noop("Close it: what people said with their names is not thrown away."),
                count=given,
            )
        fresh.state, fresh.closed_at, fresh.ended_because = RoundState.WITHDRAWN, at, why
        return trail.save(fresh, "grade_round.withdrawn")


def tend_grade_rounds(*, by: Actor, at: datetime) -> int:
    """Close rounds whose last day is over, tell those who have not graded before it comes, and compute the studies of
    closed ones. Returns how many rounds something was done for."""
    today, touched = day_of(at), 0
    for one in GradeRound.objects.filter(state=RoundState.OPEN).order_by("pk"):
        if one.closes_on < today:
            close_grade_round(by=by, at=at, round=one)
            touched += 1
        elif one.warned_at is None and is_warned_on(one.closes_on, today):
            _warn(by, at, one)
            touched += 1
    for one in GradeRound.objects.filter(state=RoundState.CLOSED, studies={}).order_by("until_on", "pk"):
        study_grade_round(by=by, at=at, round=one)
        touched += 1
    return touched


def study_grade_round(*, by: Actor, at: datetime, round: GradeRound) -> GradeRound:
    """Keep what the grades of this round and of those before it tell about who gives them."""
    # Outside the change, which keeps others from writing.
    found = studies_of(pooled(viewer=by, round=round))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(GradeRound, round)
        demand(policy.may_run_grades(by))
        fresh.studies = found
        return trail.save(fresh, "grade_round.studied")


def _warn(by: Actor, at: datetime, round: GradeRound) -> None:
    with change(by=by, at=at) as trail:
        fresh = trail.lock(GradeRound, round)
        fresh.warned_at = at
        trail.save(fresh, "grade_round.warned")
        for person, count in without_grade(viewer=by, at=at, round=fresh).items():
            _tell(trail, fresh, person, WARNED_TOPIC, count)


def _ask(trail: Trail, round: GradeRound, found: Iterable[Pairing]) -> None:
    pairs = list(found)
    rows = [
        DepartmentGrade(round=round, customer=one.customer, supplier=one.supplier, attainment=one.attainment)
        for one in pairs
    ]
    said = "\n".join(f"{one.customer.public_id} {one.supplier.public_id}" for one in pairs)
    trail.bulk(
        DepartmentGrade.kind, "grade_round.asked", rows=rows, digest=sha256(said.encode()).hexdigest(),
        row_range=(1, len(rows)), object_id=round.public_id,
    )  # fmt: skip
    held = {(one.customer_id, one.supplier_id): one for one in DepartmentGrade.objects.filter(round=round)}
    GradedLink.objects.bulk_create(
        [
            GradedLink(
                grade=held[one.customer.pk, one.supplier.pk], link=link, handoffs=came.count if came.recorded else None
            )
            for one in pairs
            for link, came in one.links
        ],
        batch_size=500,
    )


def _counted(found: Iterable[Pairing]) -> dict[Person, int]:
    counts: dict[int, tuple[Person, int]] = {}
    for one in found:
        for person in one.speakers:
            counts[person.pk] = person, counts.get(person.pk, (person, 0))[1] + 1
    return dict(counts.values())


def _tell(trail: Trail, round: GradeRound, person: Person, topic: str, count: int) -> None:
    notify(
        by=trail.by, at=trail.at, person=person, topic=topic,
        values={"title": dict(round.title), "count": count, "day": round.closes_on.isoformat()},
        address=reverse("surveys:grade_round", args=[round.public_id]), shows=[(GradeRound.kind, round.public_id)],
    )  # fmt: skip


def _to_run(trail: Trail, round: GradeRound, expected_seq: int | None) -> GradeRound:
    fresh = trail.lock(GradeRound, round, expected_seq=expected_seq)
    demand(policy.may_run_grades(trail.by))
    if fresh.state != RoundState.OPEN:
        raise Refused(
            expected=gettext_noop("Expected a round that is open."),
            found=gettext_noop("{number} is: {state}."),
            remedy=gettext_noop("Load the page again to see what became of it."),
            number=fresh.number,
            state=str(ROUND_STATES[RoundState(fresh.state)]),
        )
    return fresh


def _demand_days(began_on: date, until_on: date, closes_on: date, today: date) -> None:
    if not began_on <= until_on <= began_on + LONGEST_PERIOD or until_on > today:
        raise Refused(
            field="until_on",
            expected=gettext_noop("Expected a last day from the first one until today, at most 366 days after it."),
            found=gettext_noop("Found {began} to {until}."),
            remedy=gettext_noop("Correct the days: what has not happened yet cannot be graded."),
            began=began_on.isoformat(),
            until=until_on.isoformat(),
        )
    if not today <= closes_on <= today + LONGEST_OPEN:
        raise Refused(
            field="closes_on",
            expected=gettext_noop("Expected a day from today on, within {days} days."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Correct the day."),
            days=LONGEST_OPEN.days,
            day=closes_on.isoformat(),
        )


def _demand_new(began_on: date, until_on: date) -> None:
    same = GradeRound.objects.filter(began_on=began_on, until_on=until_on).exclude(state=RoundState.WITHDRAWN).first()
    if same is not None:
        raise Refused(
            field="began_on",
            expected=gettext_noop("Expected a time about which there was no round."),
            found=gettext_noop("{number} is about the same days."),
            remedy=gettext_noop("Choose other days, or withdraw that round if nobody has given a grade."),
            number=same.number,
        )
