"""The pages of bulk entries: what is there, how far it is, giving up, going on; and who else hears of it."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from baton.chain.models import Link, Party
from baton.core import changes, registries
from baton.core.audit import feed
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.models import AuditEntry, Batch
from baton.core.pace import LOCK_SECONDS, MOST_ROWS, Pace
from baton.core.registries import BulkTarget, FactBuilder, Registry
from baton.core.rules import BatchState
from baton.core.worker import Worker
from tests.world import NOON, SYSTEM, World

if TYPE_CHECKING:
    from collections.abc import Iterator


def lines(world: World, count: int = 3) -> list[dict[str, Any]]:
    return [
        {
            "supplier": world.stores.public_id, "customer": world.pharmacy.public_id, "output": {"en": f"Item {n}"},
            "output_kind": "service", "source": "mined", "began_on": "2026-01-05",
        }
        for n in range(count)
    ]  # fmt: skip


def begin(world: World, count: int = 3) -> Batch:
    by = world.actor(world.lin_mei)
    return changes.begin_batch(
        by=by, at=NOON, target="links", title="Catalogue", lines=lines(world, count), source="/discovery/"
    )


def test_before_anything_came_the_page_says_what_it_is_for(world: World) -> None:
    client = world.client(world.lin_mei)
    assert 'href="/data/bulk/"' in client.get("/data/").content.decode()
    assert "Nothing came in bulk yet" in client.get("/data/bulk/").content.decode()
    assert client.get("/data/bulk/nothing/").status_code == 404


def test_the_list_says_what_who_when_how_many_and_how_far(world: World) -> None:
    changes.enter_batch(by=SYSTEM, at=NOON, batch=begin(world))
    begin(world, 1234)
    page = world.client(world.lin_mei).get("/data/bulk/").content.decode()
    for part in ("Catalogue", "Links", "Lin Mei", "0 of 1,234", "Being entered", "Entered"):
        assert part in page


def test_one_says_where_it_comes_from_and_stands_in_the_trail(world: World) -> None:
    batch = changes.enter_batch(by=SYSTEM, at=NOON, batch=begin(world))
    client = world.client(world.lin_mei)
    page = client.get(f"/data/bulk/{batch.public_id}/").content.decode()
    for part in (batch.digest, 'href="/discovery/"', "Counts since"):
        assert part in page
    trail = client.get(f"/audit/?record={batch.public_id}").content.decode()
    for part in ("Bulk entry begun", "Rows entered in bulk", "Bulk entry sealed"):
        assert part in trail
    entry = client.get(f"/audit/{AuditEntry.objects.get(action='batch.sealed').seq}/").content.decode()
    assert f"/data/bulk/{batch.public_id}/" in entry


def test_what_is_not_finished_is_given_up_with_a_form(world: World) -> None:
    batch, client = begin(world), world.client(world.lin_mei)
    address = f"/data/bulk/{batch.public_id}/take-back/"
    assert "Give up “Catalogue”" in client.get(address).content.decode()
    assert client.post(address, {"reason": "", "version": batch.changed_seq}).status_code == 302
    batch.refresh_from_db()
    assert (batch.state, batch.records) == ("abandoned", 0)
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    assert Link.everything.filter(batch=batch).count() == 0
    late = client.post(address, {"reason": "again", "version": batch.changed_seq})
    assert late.status_code == 422
    assert "It is: abandoned." in late.content.decode()


def test_a_run_that_breaks_off_says_so_and_can_go_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, client = begin(world), world.client(world.lin_mei)
    targets: Registry[BulkTarget] = Registry("target of bulk entries")
    sound = registries.bulk_targets.get("links")

    def broken(batch: Batch) -> Iterator[Any]:
        raise OSError("the disk is gone")

    fields = {name: getattr(sound, name) for name in BulkTarget.__slots__}
    targets.add("links", BulkTarget(**{**fields, "rows": broken}))
    with monkeypatch.context() as while_broken:
        while_broken.setattr(registries, "bulk_targets", targets)
        assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 1
    page = client.get(f"/data/bulk/{batch.public_id}/").content.decode()
    assert "The worker stopped" in page
    assert "Nobody sees them yet" in page
    assert client.post(f"/data/bulk/{batch.public_id}/resume/").status_code == 302
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    batch.refresh_from_db()
    assert (batch.state, batch.records) == ("sealed", 3)
    assert client.post(f"/data/bulk/{batch.public_id}/resume/").status_code == 400


def test_somebody_who_lost_the_role_meanwhile_enters_nothing(world: World) -> None:
    from baton.core.models import OrganisationRole

    batch = begin(world)
    role = OrganisationRole.objects.get(person=world.lin_mei)
    changes.end_role(by=SYSTEM, at=NOON, role=role)
    assert Worker().drain(timezone.now() + timedelta(seconds=5)).failed == 0
    batch.refresh_from_db()
    assert (batch.state, Link.everything.filter(batch=batch).count()) == ("abandoned", 0)


def test_a_bulk_entry_without_rows_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="at least one row"):
        changes.begin_batch(by=SYSTEM, at=NOON, target="links", title="Nothing", lines=[])


@pytest.mark.both
def test_it_is_not_sealed_before_all_rows_are_there(world: World) -> None:
    batch = begin(world)
    with pytest.raises(Refused, match="All 3 rows must be entered"):
        changes.seal_batch(by=SYSTEM, at=NOON, batch=batch)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="sealed", sealed_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(state="withdrawn")
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(records=1)


def test_slices_grow_and_shrink_with_the_time_they_take() -> None:
    def after(*slices: tuple[int, float], least: int = 1) -> int:
        pace = Pace(least=least)
        for rows, seconds in slices:
            pace.took(rows, seconds)
        return pace.rows

    assert after((50, 0.001)) == 75
    assert after((1, 0.001)) == 2
    assert after((400, 2 * LOCK_SECONDS)) == 200
    assert after((400, LOCK_SECONDS)) == 400
    assert after((10, 30.0)) == 1
    assert after((400, 30.0), least=50) == 50
    assert after((MOST_ROWS, 0.001)) == MOST_ROWS
    slow, quick = (400, 4 * LOCK_SECONDS), (100, LOCK_SECONDS / 4)
    assert after(slow, quick, quick) == 100, "a slow one is remembered"
    assert after(slow, quick, quick, quick) == 150, "for three slices"
    assert after(quick, quick, slow) == 100


def test_garbage_is_not_collected_under_the_lock_and_is_afterwards(world: World) -> None:
    assert gc.isenabled()
    with change(by=SYSTEM, at=NOON):
        with pytest.raises(KeyError), change(by=SYSTEM, at=NOON):
            raise KeyError
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(KeyError), change(by=SYSTEM, at=NOON):
        raise KeyError
    assert gc.isenabled()


def test_the_condition_of_rows_that_count_is_kept_and_stays_as_it_is() -> None:
    """As ``exclude`` would say it, whatever it was used for before, and in whichever thread."""
    said = str(Link.everything.exclude(batch__in=Batch.objects.exclude(state=BatchState.SEALED)).query)

    def use() -> set[str]:
        seen = set()
        for _time in range(20):
            within = Party.objects.filter(pk__in=Link.objects.exclude(number="1").values("customer"))
            links = Link.objects.filter(supplier__in=within) | Link.objects.filter(customer__name__en="2")
            seen |= {str(Link.objects.all().query), str(links.query)}
        return seen

    first = use()
    with ThreadPoolExecutor(8) as threads:
        everywhere = set[str]().union(*(found.result() for found in [threads.submit(use) for _thread in range(8)]))
    assert everywhere == first == {said, *first}
    assert len(first) == 2


def test_readers_of_the_feed_hear_of_sealing_and_withdrawing_and_of_nothing_between(world: World) -> None:
    batch = begin(world)
    before = AuditEntry.objects.latest("seq").seq
    changes.enter_batch(by=SYSTEM, at=NOON, batch=batch)
    changes.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="wrong")
    entries = AuditEntry.objects.filter(seq__gt=before).order_by("seq")
    heard = {entry.action: feed.kind_in_bulk(entry) for entry in entries}
    assert {action: kind for action, kind in heard.items() if kind} == {
        "batch.sealed": "link",
        "batch.withdrawn": "link",
    }
    assert "batch.rows_entered" in heard
    assert not AuditEntry.objects.filter(seq__gt=before, kind="link").exists()


def test_facts_of_records_that_come_in_bulk_follow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from baton.monitoring.changes import refresh

    asked: list[str] = []

    def build(source: str) -> pl.DataFrame | None:
        asked.append(source)
        return None

    def in_batch(batch: str) -> list[str]:
        return list(Link.everything.filter(batch__public_id=batch).values_list("public_id", flat=True))

    builders: Registry[FactBuilder] = Registry("fact builder")
    builders.add("test.links", FactBuilder("links", frozenset({"link"}), list, build, in_batch=in_batch))
    monkeypatch.setattr(registries, "fact_builders", builders)
    refresh(by=SYSTEM, at=NOON)
    asked.clear()
    batch = changes.enter_batch(by=SYSTEM, at=NOON, batch=begin(world))
    refresh(by=SYSTEM, at=NOON)
    made = set(Link.objects.filter(batch=batch).values_list("public_id", flat=True))
    assert len(made) == 3
    assert set(asked) == made
    asked.clear()
    changes.withdraw_batch(by=SYSTEM, at=NOON, batch=batch, reason="wrong")
    refresh(by=SYSTEM, at=NOON)
    assert set(asked) == made
