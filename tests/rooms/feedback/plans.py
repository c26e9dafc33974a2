"""Survey plans for tests, made through the changes of the room."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from baton.core.actors import Actor
from baton.feedback import changes
from baton.feedback.changes import PlanGiven
from baton.feedback.rules.asking import LinkRule
from tests.rooms.feedback.asked import written

if TYPE_CHECKING:
    from baton.feedback.models import SurveyPlan, Wave
    from tests.world import World

JOB = Actor.system("feedback.tend_plans")
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1"


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def given(world: World, **more: Any) -> PlanGiven:
    """What Ward 3 gets, every 30 days from ten days on, at 08:00, open for a week, prepared a week before."""
    values: dict[str, Any] = {
        "title": {"en": "What Ward 3 gets", "zh-hans": "三病区得到的服务"},
        "questionnaire": more.pop("questionnaire", None) or written(world), "link_rule": LinkRule.CUSTOMER,
        "party": world.ward, "rule": "FREQ=DAILY;INTERVAL=30", "begins": time(8), "open_days": 7, "ahead_days": 7,
        "starts_on": (now() + timedelta(days=10)).date(), "off": "keep", **more,
    }  # fmt: skip
    return PlanGiven(**values)


def planned(world: World, *, at: datetime | None = None, **more: Any) -> SurveyPlan:
    """A plan of the quality manager."""
    return changes.add_plan(by=world.actor(world.lin_mei), at=at or now(), given=given(world, **more))


def tended(at: datetime) -> list[Wave]:
    """The surveys that the job prepares when it runs at ``at``."""
    return changes.tend_plans(by=JOB, at=at)
