"""Workers that tend plans at the same moment, and kill -9 amid it: no day of a plan has two surveys, and none is half
done."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from django.db import connection, connections

from baton.core.models import Notification
from baton.feedback import changes
from baton.feedback.changes import PLAN_OPENED_TOPIC, PLANNED_TOPIC
from baton.feedback.models import PlannedWave, SurveyInvitation, SurveyPlan, Wave
from baton.feedback.rules import WaveState
from tests import world as hospital
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.rooms.feedback.plans import JOB, planned
from tests.rooms.feedback.test_planning import crowd, first
from tests.world import World

TOGETHER = 4
PLANS = 4
TEND = """
import sys
from datetime import datetime
import baton.config.terminal
baton.config.terminal.set_up_django()
from baton.core.actors import Actor
from baton.feedback import changes
by, at = Actor.system("feedback.tend_plans"), datetime.fromisoformat(sys.argv[1])
print("ready", flush=True)
changes.tend_plans(by=by, at=at)
"""


def test_of_workers_at_the_same_moment_one_prepares(committed_db: Databases) -> None:
    world = hospital.build()
    plan = planned(world)
    at, ready, made = first(plan) - timedelta(days=7), threading.Barrier(TOGETHER), []

    def tend() -> None:
        ready.wait()
        try:
            made.extend(changes.tend_plans(by=JOB, at=at))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tend) for _ in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert (Wave.objects.count(), PlannedWave.objects.count(), _told(PLANNED_TOPIC)) == (1, 1, 1)


@pytest.mark.slow
def test_killed_amid_it_and_begun_again_leaves_the_same_state(committed_db: Databases, data_folder: Path) -> None:
    chance = random.Random(31)
    world = hospital.build()
    crowd(world)
    plan = _several(world)
    at = first(plan) - timedelta(days=7)
    connection.close()
    kills = shortly(1, 20)
    took = _run(at, committed_db, data_folder, None)
    assert Wave.objects.count() == PLANS
    later = at
    for _ in range(kills):
        for one in Wave.objects.filter(state=WaveState.DRAFT):
            changes.withdraw_wave(by=world.actor(world.lin_mei), at=later, wave=one, reason="For the next turn")
        later += timedelta(days=30)
        before = Wave.objects.count()
        connection.close()
        _run(later, committed_db, data_folder, chance.uniform(0, took))
        _demand_whole()
        connection.close()
        _run(later, committed_db, data_folder, None)
        _demand_whole()
        assert Wave.objects.count() == before + PLANS
    connection.close()
    _run(later + timedelta(days=7), committed_db, data_folder, chance.uniform(0, took))
    connection.close()
    _run(later + timedelta(days=7, hours=1), committed_db, data_folder, None)
    # People are asked by one of the plans: the others find nobody within 30 days.
    assert Wave.objects.filter(state=WaveState.OPEN).count() == _told(PLAN_OPENED_TOPIC) == 1


def _several(world: World) -> SurveyPlan:
    return [planned(world, opens_itself=True) for _ in range(PLANS)][0]


def _demand_whole() -> None:
    """Each survey stands at one day of one plan, with its links and people, and somebody was told of it."""
    assert Wave.objects.count() == PlannedWave.objects.filter(wave__isnull=False).count() == _told(PLANNED_TOPIC)
    for one in Wave.objects.filter(state=WaveState.DRAFT):
        assert one.links.count() == 3
        assert SurveyInvitation.objects.filter(wave=one).count() == 5


def _told(topic: str) -> int:
    return Notification.objects.filter(topic=topic).count()


def _run(at: datetime, databases: Databases, data: Path, killed_after: float | None) -> float:
    """Let a worker tend plans; it is killed so many seconds after it began, if it is still at it. Returns its time."""
    here = os.environ | {"DATABASE_URL": databases.url, "BATON_DATA": str(data)}
    worker = subprocess.Popen([sys.executable, "-c", TEND, at.isoformat()], env=here, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    began = monotonic()
    try:
        worker.wait(killed_after)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
    worker.stdout.close()
    return monotonic() - began
