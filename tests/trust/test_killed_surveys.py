"""Sheets that come at the same moment, and kill -9 amid them and amid the closing: each is in the urn once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections

from baton.feedback import changes
from baton.feedback.changes import NoBallot
from baton.feedback.changes.keys import folder
from baton.feedback.models import AnswerSheet, Ballot, UrnSheet, Wave
from baton.feedback.rules import WaveState, contents_of
from tests import world as hospital
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.rooms.feedback.asked import asking, cards, cast, closed, opened, prepared, slip, written
from tests.world import World

SHEETS = 200
TOGETHER = 8
QUESTIONS = {
    "sections": [
        {"key": "one", "title": {"en": "One"}, "questions": [
            {"key": "mark", "kind": "number", "words": {"en": "How many?"}, "low": 0, "high": SHEETS},
        ]}
    ]
}  # fmt: skip
BEGIN = """
import sys
from datetime import UTC, datetime
import baton.config.terminal
baton.config.terminal.set_up_django()
from baton.core.actors import Actor
from baton.feedback import changes, queries
from baton.feedback.models import Wave
wave = Wave.objects.get()
"""
CAST = f"""{BEGIN}
for line in sys.stdin:
    mark, token = line.split()
    slip = queries.slip_of(wave=wave, typed=token)
    answers = {{link.public_id: {{"mark": int(mark)}} for link, _band in slip.links}}
    changes.cast_sheet(at=datetime.now(UTC), slip=slip, answers=answers)
    print(mark, flush=True)
"""
CLOSE = f"""{BEGIN}
print("closing", flush=True)
changes.close_wave(by=Actor.system("test"), at=datetime.now(UTC), wave=wave)
"""


def begun(code: str, databases: Databases, data: Path) -> subprocess.Popen[str]:
    here = os.environ | {"DATABASE_URL": databases.url, "BATON_DATA": str(data)}
    return subprocess.Popen(
        [sys.executable, "-c", code], env=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wave_of_one_link(world: World) -> Wave:
    questionnaire = written(world, contents=contents_of(QUESTIONS))
    return opened(world, asking(world, prepared(world, links=[world.laundry_ward], questionnaire=questionnaire)))


def test_of_many_sheets_with_one_token_one_counts(committed_db: Databases) -> None:
    world = hospital.build()
    wave = opened(world)
    for token in cards(world, wave, 3):
        ballot, came = slip(wave, token), []
        ready = threading.Barrier(TOGETHER)

        def hand_in(ballot: object = ballot, came: list[str] = came, ready: threading.Barrier = ready) -> None:
            ready.wait()
            try:
                changes.cast_sheet(
                    at=datetime.now(UTC), slip=ballot,  # type: ignore[arg-type]
                    answers={link.public_id: {"on_time": 4} for link, _band in ballot.links},  # type: ignore[attr-defined]
                )  # fmt: skip
                came.append("kept")
            except NoBallot:
                came.append("refused")
            finally:
                connections.close_all()

        threads = [threading.Thread(target=hand_in) for _ in range(TOGETHER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(came) == ["kept"] + ["refused"] * (TOGETHER - 1)
    assert (UrnSheet.objects.count(), Ballot.objects.count()) == (3, 0)
    assert closed(world, wave).answered == 3


def test_a_ballot_that_was_used_does_not_come_back_with_others(committed_db: Databases) -> None:
    """Cards are printed while people answer: all ballots are written anew meanwhile."""
    world = hospital.build()
    wave = opened(world)
    tokens = cards(world, wave, 40)
    ready = threading.Barrier(2)

    def hand_in() -> None:
        ready.wait()
        for token in tokens:
            cast(wave, token, on_time=4)
        connections.close_all()

    answering = threading.Thread(target=hand_in)
    answering.start()
    ready.wait()
    for _ in range(10):
        cards(world, wave, 1)
    answering.join()
    assert (UrnSheet.objects.count(), Ballot.objects.count()) == (40, 10)


@pytest.mark.slow
def test_killed_amid_sheets_and_amid_the_closing(committed_db: Databases, data_folder: Path) -> None:
    chance = random.Random(23)
    world = hospital.build()
    wave = wave_of_one_link(world)
    given = list(enumerate(cards(world, wave, SHEETS)))
    connection.close()
    acknowledged: set[int] = set()
    for stop in sorted(chance.sample(range(20, SHEETS - 20), shortly(2, 20))):
        _killed_at(stop, given, acknowledged, committed_db, data_folder)
        unused = set(Ballot.objects.filter(wave=wave).values_list("digest", flat=True))
        assert UrnSheet.objects.count() == SHEETS - len(unused)
        # One may be kept without having been acknowledged: the answer was under way.
        given = [one for one in given if _digest(one[1], wave) in unused]
        assert SHEETS - len(given) - len(acknowledged) in range(shortly(2, 20) + 1)
        assert not acknowledged & {mark for mark, _token in given}
        connection.close()
    for mark, token in given:
        cast(wave, token, mark=mark)
    for _ in range(shortly(2, 20)):
        running = begun(CLOSE, committed_db, data_folder)
        assert running.stdout is not None
        running.stdout.readline()
        try:
            running.wait(chance.uniform(0, 0.05))
        except subprocess.TimeoutExpired:
            running.kill()
        running.communicate()
        wave.refresh_from_db()
        assert AnswerSheet.objects.count() + UrnSheet.objects.count() == SHEETS
        if wave.state != WaveState.OPEN:
            break
        connection.close()
    if wave.state == WaveState.OPEN:
        closed(world, wave)
    changes.close_due(by=world.actor(world.lin_mei), at=datetime.now(UTC))
    wave.refresh_from_db()
    assert (wave.state, wave.answered) == (WaveState.CLOSED, SHEETS)
    assert sorted(one.answers["mark"] for one in AnswerSheet.objects.all()) == list(range(SHEETS))
    assert list(folder().iterdir()) == []


def _digest(token: str, wave: Wave) -> str:
    from baton.feedback.rules.tokens import digest_of

    return digest_of(token, wave.public_id)


def _killed_at(
    stop: int, given: list[tuple[int, str]], acknowledged: set[int], databases: Databases, data: Path
) -> None:
    """Hand in sheets in a process of its own, and kill it as soon as ``stop`` are acknowledged in all."""
    running = begun(CAST, databases, data)
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("".join(f"{mark} {token}\n" for mark, token in given))
    running.stdin.flush()
    try:
        while len(acknowledged) < stop:
            acknowledged.add(int(running.stdout.readline()))
    finally:
        running.kill()
        acknowledged |= {int(line) for line in running.communicate()[0].split()}
