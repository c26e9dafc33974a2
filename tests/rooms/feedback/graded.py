"""Rounds of grades for tests, made through the changes of the room."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from baton.core.days import day_of
from baton.feedback.changes import grade_rounds as rounds
from baton.feedback.changes import grades as changes
from baton.feedback.models.grades import DepartmentGrade, GradeRound
from baton.feedback.rules.grades import Grade, Said
from tests.world import SYSTEM

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person
    from tests.world import World

HAPPENED = date(2026, 2, 9)
LATE = Said(Grade.D, "Late on most Mondays", "No linen until 10:40", HAPPENED)


def round_opened(world: World, **given: Any) -> GradeRound:
    """A round about the first quarter of 2026, in which no handoff was recorded, open for a week."""
    at = datetime.now(UTC)
    said: dict[str, Any] = {
        "title": {"en": "First quarter", "zh-hans": "第一季度"}, "began_on": date(2026, 1, 1),
        "until_on": date(2026, 3, 31), "closes_on": day_of(at) + timedelta(days=7), **given,
    }  # fmt: skip
    return rounds.open_grade_round(by=world.actor(world.lin_mei), at=at, **said)


def row(round: GradeRound, customer: Party, supplier: Party) -> DepartmentGrade:
    """The grade that one department gives another."""
    return DepartmentGrade.objects.get(round=round, customer=customer, supplier=supplier)


def graded(world: World, who: Person, grade: DepartmentGrade, said: Said) -> DepartmentGrade:
    """The same, given by somebody."""
    return changes.give_grade(by=world.actor(who), at=datetime.now(UTC), grade=grade, said=said)


def all_graded(world: World, round: GradeRound) -> None:
    """Ward 3 finds the Laundry poor and the Pharmacy good, the Laundry finds the ward excellent."""
    late = replace(LATE, happened_on=round.began_on)
    graded(world, world.wang_fang, row(round, world.ward, world.laundry), late)
    graded(world, world.zhou_min, row(round, world.ward, world.pharmacy), Said(Grade.B))
    graded(world, world.zhao_lei, row(round, world.laundry, world.ward), Said(Grade.A))
    graded(world, world.ma_chao, row(round, world.laboratory, world.infection_control), Said(Grade.NONE))


def round_closed(world: World, round: GradeRound | None = None) -> GradeRound:
    """The round with these grades, closed."""
    found = round or round_opened(world)
    all_graded(world, found)
    return rounds.close_grade_round(by=SYSTEM, at=datetime.now(UTC), round=found)


def replied(world: World, grade: DepartmentGrade, **given: Any) -> DepartmentGrade:
    """What the Laundry does about a D."""
    at = datetime.now(UTC)
    said = {"reply": "A second round at 14:00", "owner": world.gao_ming, "promised_for": day_of(at), **given}
    return changes.reply_to_grade(by=world.actor(world.zhao_lei), at=at, grade=grade, **said)
