"""What stands behind the addresses of survey plans; see tests/browser/records.py."""

from __future__ import annotations

from datetime import timedelta

from baton.feedback import changes
from baton.feedback.rules.plans import Formula
from tests.rooms.feedback.plans import now, planned, tended
from tests.world import World

Values = tuple[dict[str, str], ...]


def plan_values(world: World) -> dict[str, Values]:
    """Route -> what fills its placeholders: a plan with a target and a survey in preparation, one that could prepare
    none, one that was paused, one that was ended."""
    by, at = world.actor(world.lin_mei), now()
    plan, stuck, paused, ended = planned(world, opens_itself=True), planned(world), planned(world), planned(world)
    changes.set_target(by=by, at=at, plan=plan, column="on_time", formula=Formula.RESCALED, percent=80)
    changes.end_questionnaire(by=by, at=at, questionnaire=stuck.questionnaire, reason="Replaced")
    changes.pause_plan(by=by, at=at, plan=paused)
    changes.end_plan(by=by, at=at, plan=ended, reason="Asked by the ministry from now on")
    tended(at + timedelta(days=4))
    one = {"public_id": plan.public_id}
    return {
        "surveys/plans/": (one, *({"public_id": other.public_id} for other in (stuck, paused, ended))),
        "surveys/plans/<slug:public_id>/change/": (one,),
        "surveys/plans/<slug:public_id>/target/": (one,),
        "surveys/plans/<slug:public_id>/end/": (one,),
    }
