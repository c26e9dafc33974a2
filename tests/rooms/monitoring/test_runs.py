"""Records -> facts -> measures -> signals: incremental, rebuildable, and safe against being killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from baton.config.cli import main
from baton.core import registries
from baton.core.actors import NOBODY, Actor
from baton.core.audit import feed
from baton.core.audit.trail import head
from baton.core.errors import Forbidden
from baton.core.rules import Role
from baton.monitoring import changes, facts, queries
from baton.monitoring.changes import Refreshed
from baton.monitoring.models import FactFile, Run, StaleSubject, StoredMeasure, StoredViolation
from baton.monitoring.rules import HANDED_OVER, RETURN_RATE, WAITING_TIME, Health
from tests.databases import Databases
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, frame, handover, monday, year

MEASURE_FIELDS = ("subject", "name", "method", "version", "input_digest", "health", "result")
SIGNAL_FIELDS = ("subject", "measure", "rule_set", "rule", "week", "side", "last_week", "explanation")


def refresh() -> Refreshed:
    return changes.refresh(by=SYSTEM, at=AT)


def everything() -> dict[str, Any]:
    """All that a run leaves behind, apart from when it ran."""
    files = FactFile.objects.order_by("path").values_list("table", "source", "month", "path", "rows", "sha256")
    return {
        "files": list(files),
        "on disk": sorted(str(file.relative_to(facts.folder())) for file in facts.folder().glob("*/month=*/*")),
        "measures": list(StoredMeasure.objects.order_by("subject", "name").values_list(*MEASURE_FIELDS)),
        "signals": list(StoredViolation.objects.order_by(*SIGNAL_FIELDS).values_list(*SIGNAL_FIELDS)),
        "stale": list(StaleSubject.objects.all()),
    }


@pytest.mark.django_db
def test_facts_become_weekly_figures(bench: Bench) -> None:
    rows = [handover("a>b", 0, wait) for wait in (60.0, 120.0, 600.0)]
    rows += [handover("a>b", 1, 30.0, returned=True), handover("a>b", 1, None)]
    rows += [handover("a>b", 3, 90.0)]
    bench.put("log1", rows)

    assert refresh() == Refreshed(sources=1, rows=6, files_written=1, subjects=1, computed=2)
    waiting = StoredMeasure.objects.get(subject="a>b", name=WAITING_TIME)
    assert waiting.result["weeks"] == [monday(week) for week in range(4)]
    assert waiting.result["values"] == [120.0, 30.0, None, 90.0], "the gap in week 2 stays a gap"
    assert waiting.result["n"] == [3, 1, 0, 1], "the wait that is not known does not count"
    assert waiting.result["centre"][0] == pytest.approx(80.0)
    assert waiting.health == Health.UNKNOWN, "four weeks are too few to say"
    returns = StoredMeasure.objects.get(subject="a>b", name=RETURN_RATE)
    assert returns.result["values"] == [0.0, 0.5, None, 0.0]
    assert returns.result["n"] == [3, 2, 0, 1]
    assert returns.result["whole"]["n"] == 6
    assert returns.result["low"][1] == pytest.approx(0.0945, abs=1e-4), "Wilson, 1 of 2"
    (file,) = FactFile.objects.all()
    assert (file.month, file.rows, file.seq) == ("2025-01", 6, head())
    assert waiting.seq == feed.position(queries.READER) == head()


@pytest.mark.django_db
def test_a_month_is_a_file_and_facts_without_time_have_their_own(bench: Bench) -> None:
    bench.put("log1", [handover("a>b", 0, 1.0), handover("a>b", 5, 1.0), ("a>b", 1, None, 2.0, False)])
    assert refresh().files_written == 3
    assert list(FactFile.objects.order_by("month").values_list("month", flat=True)) == ["2025-01", "2025-02", "undated"]
    assert StoredMeasure.objects.get(name=RETURN_RATE).result["whole"]["n"] == 2


@pytest.mark.django_db
def test_nothing_new_nothing_done(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1))
    refresh()
    before = everything()
    bench.built.clear()
    assert refresh() == Refreshed()
    assert bench.built == []

    bench.touch("log1")
    assert refresh() == Refreshed(sources=1), "the same facts: no file is written, nothing is measured"
    assert everything() == before
    assert feed.position(queries.READER) == head()


@pytest.mark.django_db
def test_only_what_was_touched_is_measured_again(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1) + year("b>c", seed=2))
    bench.put("log2", year("c>d", seed=3))
    assert refresh().computed == 6
    bench.built.clear()

    bench.put("log2", year("c>d", seed=3) + [handover("c>d", 51, 7.0)])
    done = refresh()
    assert bench.built == ["log2"]
    assert (done.files_written, done.files_removed) == (1, 1), "of twelve months only the last is new"
    assert (done.subjects, done.computed) == (1, 2)


@pytest.mark.django_db
def test_of_a_changed_file_only_the_subjects_that_changed_are_measured_again(bench: Bench) -> None:
    rows = year("a>b", seed=1) + year("b>c", seed=2)
    bench.put("log1", rows)
    refresh()
    bench.put("log1", [*rows, handover("b>c", 51, 7.0)])
    done = refresh()
    assert (done.subjects, done.computed) == (2, 2), "both stand in the new file, one has other figures"
    before = everything()
    changes.rebuild(by=SYSTEM, at=AT)
    assert everything() == before


@pytest.mark.django_db
def test_late_data_rebuild_their_weeks(bench: Bench) -> None:
    """Handovers of a week long past come in a log of their own, months later."""
    bench.put("log1", year("a>b", seed=1) + year("c>d", seed=2))
    refresh()
    before = StoredMeasure.objects.get(subject="a>b", name=RETURN_RATE)
    computed = StoredMeasure.objects.get(subject="c>d", name=RETURN_RATE).computed_at
    bench.put("late", [handover("a>b", 30, 60.0, returned=True, case=900 + number) for number in range(5)])
    later = AT + timedelta(days=9)
    assert changes.refresh(by=SYSTEM, at=later).computed == 2
    after = StoredMeasure.objects.get(subject="a>b", name=RETURN_RATE)
    moved = [
        week for week, pair in enumerate(zip(before.result["n"], after.result["n"], strict=True)) if len({*pair}) > 1
    ]
    assert (moved, after.result["n"][30]) == ([30], 10)
    assert (after.computed_at, after.input_digest != before.input_digest) == (later, True)
    assert StoredMeasure.objects.get(subject="c>d", name=RETURN_RATE).computed_at == computed
    stepwise = everything()
    changes.rebuild(by=SYSTEM, at=later)
    assert everything() == stepwise


@pytest.mark.django_db
def test_one_command_builds_everything_anew(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1, worse_from=40))
    refresh()
    before = everything()
    StoredMeasure.objects.update(result={}, health=Health.UNKNOWN)
    StoredViolation.objects.all().delete()
    for file in facts.folder().glob("*/month=*/*.parquet"):
        file.unlink()
    done = CliRunner().invoke(main, ["rebuild"])
    assert (done.exit_code, done.output) == (0, "Rebuilt.\n")
    assert everything() == before
    log = Run.objects.latest("pk")
    assert (log.kind, log.sources, log.computed, log.error) == ("rebuild", 1, 2, "")


@pytest.mark.django_db
def test_two_sources_of_one_subject_are_measured_together(bench: Bench) -> None:
    bench.put("log1", [handover("a>b", 0, 10.0)])
    bench.put("log2", [handover("a>b", 0, 30.0)])
    refresh()
    assert StoredMeasure.objects.get(name=WAITING_TIME).result["values"] == [20.0]


@pytest.mark.django_db
def test_what_was_recorded_stands_in_place_of_what_a_log_shows_of_the_same_week(
    bench: Bench,
) -> None:
    bench.put("log", [handover("a>b", week, 60.0, case=case) for week in range(3) for case in range(2)])
    recorded = frame([handover("a>b", 1, 30.0), handover("c>d", 0, 45.0)])
    registries.fact_builders.add(
        "recorded",
        registries.FactBuilder(HANDED_OVER, frozenset({"bench_log"}), lambda: ["log"], lambda _one: recorded),
    )
    refresh()
    stored = {row.subject: row.result for row in StoredMeasure.objects.filter(name=WAITING_TIME)}
    assert (stored["a>b"]["values"], stored["a>b"]["n"]) == ([60.0, 30.0, 60.0], [2, 1, 2])
    assert stored["c>d"]["values"] == [45.0]


@pytest.mark.django_db
def test_a_withdrawn_source_leaves_nothing_behind(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1, worse_from=40))
    bench.put("log2", year("c>d", seed=2))
    refresh()
    assert StoredViolation.objects.filter(subject="a>b").exists()
    bench.withdraw("log1")
    done = refresh()
    assert done.files_removed == 12
    assert set(StoredMeasure.objects.values_list("subject", flat=True)) == {"c>d"}
    assert not StoredViolation.objects.filter(subject="a>b").exists()
    assert facts.subjects_in(FactFile.objects.values_list("path", flat=True)) == {"c>d"}


@pytest.mark.django_db
def test_facts_of_a_table_that_nobody_builds_any_more_go(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.put("log1", year("a>b", seed=1))
    refresh()
    monkeypatch.setattr(registries, "fact_builders", registries.Registry("fact builder"))
    changes.rebuild(by=SYSTEM, at=AT)
    assert everything() == {"files": [], "on disk": [], "measures": [], "signals": [], "stale": []}


@pytest.mark.django_db
def test_step_by_step_and_from_nothing_end_in_the_same_state(bench: Bench) -> None:
    """Forty random steps: bring, change, withdraw, touch; refreshed at random; then rebuilt."""
    choose = random.Random(7)
    subjects = ["a>b", "b>c", "c>d", "d>a"]
    for step in range(40):
        source = choose.choice(["log1", "log2", "log3"])
        if choose.random() < 0.2 and source in bench.sources():
            bench.withdraw(source)
        else:
            chosen = choose.sample(subjects, choose.randint(1, 3))
            bench.put(source, [row for one in chosen for row in year(one, seed=step, worse_from=30, weeks=45)])
        if choose.random() < 0.4:
            refresh()
    refresh()
    stepwise = everything()
    assert stepwise["measures"]
    assert stepwise["signals"]
    changes.rebuild(by=SYSTEM, at=AT)
    assert everything() == stepwise


@pytest.mark.django_db
def test_a_rebuild_keeps_when_violations_were_first_seen(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1, worse_from=40))
    refresh()
    known = list(StoredViolation.objects.order_by("pk").values_list("pk", "first_seen"))
    changes.rebuild(by=SYSTEM, at=AT + timedelta(days=9))
    assert list(StoredViolation.objects.order_by("pk").values_list("pk", "first_seen")) == known != []


@pytest.mark.django_db
def test_lost_and_left_over_files_are_mended(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1))
    bench.put("log2", year("c>d", seed=2))
    refresh()
    before = everything()
    lost = facts.folder() / FactFile.objects.filter(source="log1").values_list("path", flat=True)[3]
    lost.unlink()
    (lost.parent / ".log1-feed.draft").write_bytes(b"half a file")
    (lost.parent / "log9-0123456789ab.parquet").write_bytes(b"a file that nobody lists")
    refresh()
    assert everything() == before


@pytest.mark.django_db
def test_two_runs_at_once_do_not_meet(bench: Bench) -> None:
    bench.put("log1", year("a>b", seed=1))
    with facts.locked(wait=False) as held:
        assert held
        assert refresh() == Refreshed(busy=True)
    assert refresh().sources == 1


@pytest.mark.django_db
@pytest.mark.parametrize("actor", [NOBODY, Actor(None, frozenset({Role.DIRECTOR, Role.AUDITOR, Role.HR, Role.GUEST}))])
def test_nobody_else_may_run_it(bench: Bench, actor: Actor) -> None:
    with pytest.raises(Forbidden):
        changes.refresh(by=actor, at=AT)
    with pytest.raises(Forbidden):
        changes.rebuild(by=actor, at=AT)


class Crash(BaseException):
    """The process ends here."""


class EndsAt:
    """Progress that ends the process at the step of that number, counted from 0."""

    def __init__(self, step: int) -> None:
        self.left = step

    def __call__(self, done: int, total: int, note: str = "") -> None:
        if self.left == 0:
            raise Crash
        self.left -= 1


@pytest.mark.django_db
def test_a_run_that_ends_before_any_of_its_steps_is_made_good_by_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step announces itself before it begins: the run is ended at the first step, at the second, and so on."""
    monkeypatch.setattr("baton.monitoring.changes.measuring.SUBJECTS_A_BATCH", 3)
    subjects = [f"p{number}>q{number}" for number in range(8)]
    ended_at = 0
    while True:
        for source in ("log0", "log1"):
            bench.put(source, [row for one in subjects for row in year(one, seed=ended_at, worse_from=7, weeks=12)])
        try:
            changes.refresh(by=SYSTEM, at=AT, progress=EndsAt(ended_at))
        except Crash:
            ended_at += 1
        else:
            break
    assert ended_at == 2 + 3, "two sources, three batches of subjects"
    stepwise = everything()
    changes.rebuild(by=SYSTEM, at=AT)
    assert everything() == stepwise


CHILD = """
    import sys
    from pathlib import Path
    import django
    django.setup()
    from tests.rooms.monitoring.bench import AT, SYSTEM, Bench
    from baton.core import registries
    from baton.monitoring import changes
    registries.fact_builders = registries.Registry("fact builder")
    Bench(Path(sys.argv[1])).register()
    print("ready", flush=True)
    sys.stdin.readline()
    changes.refresh(by=SYSTEM, at=AT, wait=True)
    print("done", flush=True)
"""


def _killed_after(seconds: float, bench: Bench, databases: Databases) -> bool:
    """Start a run in another process and kill it that long after it began. Returns whether it had ended by then."""
    environment = os.environ | {"DATABASE_URL": databases.url, "BATON_DATA": str(settings.DATA_DIR)}
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(bench.folder)],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    child.stdin.write(b"go\n")
    child.stdin.flush()
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    ended = child.stdout.readline() == b"done\n"
    timer.cancel()
    child.stdin.close()
    child.wait()
    return ended


@pytest.mark.slow
def test_a_run_killed_anywhere_is_made_good_by_the_next(committed_db: Databases, bench: Bench) -> None:
    """Killed at times spread over the length of a run; the next run ends where an undisturbed one does."""
    subjects = [f"p{number}>q{number}" for number in range(60)]
    moments = [0.05, 0.15, 0.3, 0.6]
    killed = 0
    for turn, seconds in enumerate(moments):
        source = f"log{turn % 2}"
        bench.put(source, [row for subject in subjects for row in year(subject, seed=turn, worse_from=30)])
        killed += not _killed_after(seconds, bench, committed_db)
    assert killed >= 2, "the times must hit runs at work"
    refresh()
    disturbed = everything()
    assert len(disturbed["measures"]) == 2 * len(subjects)
    changes.rebuild(by=SYSTEM, at=AT)
    assert everything() == disturbed


@pytest.mark.django_db
def test_a_builder_says_of_which_source_a_changed_record_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.put("log1", [handover("a>b", 0, 60.0)])
    bench.put("log2", [handover("c>d", 0, 60.0)])
    refresh()
    (known,) = (builder for _name, builder in registries.fact_builders)
    registry: registries.Registry[registries.FactBuilder] = registries.Registry("fact builder")
    registry.add("bench", replace(known, of_record=lambda _kind, public_id: [public_id.partition(":")[0]]))
    monkeypatch.setattr(registries, "fact_builders", registry)
    bench.built.clear()
    bench.touch("log1:row-7")
    assert refresh().sources == 1
    assert bench.built == ["log1"], "the source of the record, and no other"
