"""A source that cannot be read: it stops nobody else, is kept with what happened, tried again, its figures marked."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest

from baton.core.actors import NOBODY
from baton.core.audit import feed
from baton.core.audit.trail import head
from baton.core.errors import Forbidden
from baton.monitoring import changes, facts, queries
from baton.monitoring.changes import Refreshed
from baton.monitoring.models import BrokenSource, FactFile, StoredMeasure
from tests.rooms.monitoring.bench import AT, SYSTEM, Bench, frame, handover, year


def refresh(at: datetime = AT) -> Refreshed:
    return changes.refresh(by=SYSTEM, at=at)


def measured() -> set[str]:
    return set(StoredMeasure.objects.values_list("subject", flat=True))


def spoil(bench: Bench, source: str) -> None:
    """The file of a source is overwritten with something that is no Parquet, and the source is touched."""
    (bench.folder / f"{source}.parquet").write_bytes(b"PAR1 not really, but Wang Fang PAR1")
    bench.touch(source)


@pytest.fixture
def two(bench: Bench) -> Bench:
    """Two sources, measured."""
    bench.put("log1", year("a>b", seed=1))
    bench.put("log2", year("c>d", seed=2))
    refresh()
    return bench


@pytest.mark.django_db
def test_one_broken_source_stops_no_other(two: Bench) -> None:
    spoil(two, "log1")
    two.put("log2", year("c>d", seed=3))
    done = refresh()
    assert (done.sources, done.computed) == (1, 2), "log2 is measured anew"
    assert feed.position(queries.READER) == head()
    broken = BrokenSource.objects.get()
    assert (broken.table, broken.source, broken.attempts) == ("handovers", "log1", 1)
    assert broken.subjects == ["a>b"]
    assert "Wang Fang" not in str(broken.message)
    assert measured() == {"a>b", "c>d"}, "what was known of a>b stays"
    found = queries.figures_of(viewer=SYSTEM, subjects=["a>b", "c>d"])
    assert {name: figures.old for name, figures in found.items()} == {"a>b": True, "c>d": False}


@pytest.mark.django_db
def test_it_is_tried_again_after_a_growing_pause_and_forgotten_when_it_can_be_read(two: Bench) -> None:
    spoil(two, "log1")
    refresh()
    two.built.clear()
    refresh(AT + timedelta(seconds=59))
    assert two.built == [], "the pause is not over"
    tried = []
    at = AT
    for _attempt in range(6):
        at = BrokenSource.objects.get().retry_at
        refresh(at)
        tried.append(BrokenSource.objects.get().retry_at - at)
    assert [pause.total_seconds() / 60 for pause in tried] == [4, 16, 60, 60, 60, 60]
    assert (BrokenSource.objects.get().attempts, BrokenSource.objects.get().first_failed_at) == (7, AT)
    frame(year("a>b", seed=9)).write_parquet(two.folder / "log1.parquet")
    assert refresh(BrokenSource.objects.get().retry_at).computed == 2
    assert not BrokenSource.objects.exists()
    assert not queries.figures_of(viewer=SYSTEM, subjects=["a>b"])["a>b"].old


@pytest.mark.django_db
def test_asked_for_by_hand_it_is_tried_at_once(two: Bench) -> None:
    spoil(two, "log1")
    refresh()
    two.built.clear()
    with pytest.raises(Forbidden):
        changes.ask_for_run(by=NOBODY, at=AT)
    changes.ask_for_run(by=SYSTEM, at=AT)
    refresh()
    assert two.built == ["log1"]


@pytest.mark.django_db
def test_a_source_that_is_changed_is_tried_at_once(two: Bench) -> None:
    spoil(two, "log1")
    refresh()
    two.put("log1", year("a>b", seed=1))
    refresh()
    assert not BrokenSource.objects.exists()


@pytest.mark.django_db
def test_a_source_that_is_withdrawn_is_broken_no_more(two: Bench) -> None:
    spoil(two, "log1")
    refresh()
    two.withdraw("log1")
    refresh()
    assert not BrokenSource.objects.exists()
    assert measured() == {"c>d"}


@pytest.mark.django_db
def test_a_rebuild_keeps_the_facts_of_what_cannot_be_read(two: Bench) -> None:
    files = set(FactFile.objects.filter(source="log1").values_list("path", flat=True))
    spoil(two, "log1")
    changes.rebuild(by=SYSTEM, at=AT)
    assert BrokenSource.objects.get().source == "log1"
    assert set(FactFile.objects.filter(source="log1").values_list("path", flat=True)) == files
    assert facts.lost(files) == set()
    assert measured() == {"a>b", "c>d"}


@pytest.mark.django_db
def test_facts_that_are_none_are_kept_out_and_said(bench: Bench) -> None:
    frame([handover("a>b", 0, 1.0)]).drop("subject").write_parquet(bench.folder / "log1.parquet")
    bench.touch("log1")
    refresh()
    broken = BrokenSource.objects.get()
    assert "need the columns subject" in broken.message["expected"]
    assert broken.message["values"] == {"table": "…", "columns": "…"}
    assert not FactFile.objects.exists()


@pytest.mark.sqlite
@pytest.mark.django_db
def test_fact_files_and_source_lost_the_other_goes_on_and_nothing_is_forgotten(two: Bench) -> None:
    for path in FactFile.objects.filter(source="log1").values_list("path", flat=True):
        (facts.folder() / path).unlink()
    spoil(two, "log1")
    two.put("log2", year("c>d", seed=3))
    refresh()
    assert BrokenSource.objects.get().subjects is None, "nobody knows what the lost facts were about"
    assert measured() == {"a>b", "c>d"}
    assert queries.figures_of(viewer=SYSTEM, subjects=["c>d"])["c>d"].old
    two.put("log1", year("a>b", seed=1))
    refresh()
    assert not BrokenSource.objects.exists()
    assert facts.lost(FactFile.objects.values_list("path", flat=True)) == set()


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["cut", "garbled", "emptied"])
def test_a_fact_file_that_was_harmed_is_made_anew_from_its_source(two: Bench, harm: str) -> None:
    before = list(StoredMeasure.objects.order_by("subject", "name").values_list("subject", "input_digest"))
    file = facts.folder() / FactFile.objects.filter(source="log1").values_list("path", flat=True)[3]
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes({"cut": whole[:-3], "garbled": b"PAR1" + b"\0" * middle + b"PAR1", "emptied": b""}[harm])
    two.put("log2", year("c>d", seed=3))
    assert refresh().computed == 2, "log2 is measured although a file beside it was harmed"
    two.put("log2", year("c>d", seed=2))
    refresh()
    assert file.read_bytes() == whole
    assert list(StoredMeasure.objects.order_by("subject", "name").values_list("subject", "input_digest")) == before


@pytest.mark.django_db
def test_another_version_of_the_method_is_computed_anew(two: Bench) -> None:
    StoredMeasure.objects.filter(subject="a>b").update(version="0")
    assert refresh().computed == 2
    assert not StoredMeasure.objects.filter(version="0").exists()


def test_a_file_that_does_not_end_as_parquet_is_lost(bench: Bench) -> None:
    place = facts.folder()
    place.mkdir(parents=True)
    pl.DataFrame({"subject": ["a>b"]}).write_parquet(place / "whole.parquet")
    (place / "short.parquet").write_bytes(b"PAR")
    assert facts.lost(["whole.parquet", "short.parquet", "none.parquet"]) == {"short.parquet", "none.parquet"}
