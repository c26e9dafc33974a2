"""Many people answer a survey at once, on a real server: nothing acknowledged is lost, nothing is kept twice.

The long form, 500 answers in a minute with its times, is ``python -m benchmarks.survey_rush``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import survey_rush
from tests import world as hospital
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.servers import serve


@pytest.mark.slow
def test_nothing_is_lost_or_kept_twice_when_all_answer_at_once(committed_db: Databases, data_folder: Path) -> None:
    from baton.feedback import changes
    from baton.feedback.rules import contents_of

    world = hospital.build()
    answers, seconds = shortly(60, 500), shortly(6.0, 60.0)
    told = survey_rush.survey(
        changes, contents_of, world.actor(world.lin_mei), datetime.now(UTC), [world.laundry_ward], answers
    )
    with serve(committed_db, data_folder, workers=2) as live:
        seen = survey_rush.rush(live.url, told, seconds)
    found = survey_rush.look(told["wave"], sorted(seen.acknowledged.elements()))
    assert not seen.errors
    assert found == {"acknowledged": answers, "kept": answers, "lost": 0, "double": 0}
