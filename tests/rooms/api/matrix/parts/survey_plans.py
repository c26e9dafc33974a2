"""Survey plans: one that runs, one that is paused."""

from __future__ import annotations

from datetime import timedelta

from baton.feedback import changes
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY
from tests.rooms.feedback.plans import now, planned
from tests.world import World

RUNS = frozenset({"lin_mei"})
SEES = frozenset({"lin_mei", "he_jun", "wu_tao"})

READS: Reads = {
    "list_survey_plans": (SEES, {"": 403}),
    "read_survey_plan": (SEES, {"": 403}),
}

WRITES: Writes = dict.fromkeys(
    (
        "add_survey_plan", "change_survey_plan", "pause_survey_plan", "resume_survey_plan", "end_survey_plan",
        "set_survey_plan_target",
    ),
    (RUNS, EVERYBODY, 403),
)  # fmt: skip


def made(world: World) -> Made:
    """Both."""
    plan, paused = planned(world), planned(world)
    paused = changes.pause_plan(by=world.actor(world.lin_mei), at=now(), plan=paused)
    said = {
        "title": {"en": "Quarter"}, "questionnaire": plan.questionnaire.public_id, "link_rule": "customer",
        "party": world.ward.public_id, "rule": "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
        "starts_on": (now() + timedelta(days=9)).date().isoformat(),
    }  # fmt: skip
    return Made(
        own={"survey-plans": plan},
        of_call={"resume_survey_plan": paused},
        bodies={
            "add_survey_plan": said,
            "change_survey_plan": {**said, "version": VERSION},
            "pause_survey_plan": {"version": VERSION},
            "resume_survey_plan": {"version": VERSION},
            "end_survey_plan": {"reason": "Enough", "version": VERSION},
            "set_survey_plan_target": {
                "column": "on_time", "formula": "rescaled", "percent": 80, "version": VERSION,
            },
        },
    )  # fmt: skip
