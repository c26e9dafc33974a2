"""Surveys: one in preparation about the audits of the Laboratory, one that is open, and one that has closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS
from tests.rooms.feedback.asked import asking, closed, opened, prepared
from tests.world import World

RUNS = frozenset({"lin_mei"})
SEES = frozenset({"lin_mei", "he_jun", "wu_tao"})

READS: Reads = {
    "list_surveys": (EVERYBODY - GUESTS, {"": 403}),
    "read_survey": (SEES, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "prepare_survey": (RUNS, EVERYBODY, 403),
    "change_survey": (RUNS, EVERYBODY, 403),
    "put_survey_links": (RUNS, EVERYBODY, 403),
    "choose_survey_people": (RUNS, EVERYBODY, 403),
    "put_survey_way": (RUNS, EVERYBODY, 403),
    "open_survey": (RUNS, EVERYBODY, 403),
    "close_survey": (RUNS, EVERYBODY, 403),
    "publish_survey": (RUNS, EVERYBODY, 403),
}


def made(world: World) -> Made:
    """All three, and a questionnaire for a third."""
    # the Laundry and the Pharmacy have findings to answer before they are asked about again
    # and the people of the ward are asked there
    draft = asking(world, prepared(world, links=[world.control_lab]), [world.ma_chao])
    living = opened(world, asking(world, prepared(world, links=[world.lab_ward]), [world.wang_fang]))
    over = closed(world, opened(world, asking(world, prepared(world, links=[world.lab_ward]), [world.zhou_min])))
    ends = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    return Made(
        own={"surveys": draft},
        of_call={"close_survey": living, "publish_survey": over},
        bodies={
            "prepare_survey": {
                "questionnaire": draft.questionnaire.public_id, "title": {"en": "Winter"}, "closes_at": ends,
            },
            "change_survey": {"least": 8, "version": VERSION},
            "put_survey_links": {"links": [world.lab_ward.public_id], "version": VERSION},
            "choose_survey_people": {"window_days": 60, "version": VERSION},
            "put_survey_way": {"way": "app", "version": VERSION},
            "open_survey": {"version": VERSION},
            "close_survey": {"reason": "Enough", "version": VERSION},
            "publish_survey": {"version": VERSION},
        },
    )  # fmt: skip
