"""What is kept of earlier pages holds as long as the records are as they were, and no longer."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from baton.chain import changes, policy, queries
from baton.chain.queries.gaps import found_gaps
from baton.chain.rules import Capacity
from baton.core.audit.trail import change
from baton.core.changes import edit_person
from baton.core.days import day_of
from baton.core.models import Batch
from baton.core.once import once, once_in_here
from baton.core.versions import Memory, version_of
from tests.world import NOON, SYSTEM, World

LINKS = ("chain.Link",)


def test_a_version_follows_the_records_of_its_kinds_alone(world: World) -> None:
    before, parties = version_of(*LINKS), version_of("chain.Party")
    assert version_of(*LINKS) == before
    changes.end_link(by=SYSTEM, at=NOON, link=world.lab_ward, ended_on=day_of(NOON))
    assert version_of(*LINKS) != before
    assert version_of("chain.Party") == parties


def test_what_was_rolled_back_leaves_no_version_behind(world: World) -> None:
    before, seen = version_of(*LINKS), []

    def end_and_fail(reason: str) -> None:
        with change(by=SYSTEM, at=NOON, reason=reason):
            changes.end_link(by=SYSTEM, at=NOON, link=world.lab_ward, ended_on=day_of(NOON), reason=reason)
            seen.append(version_of(*LINKS))
            raise ZeroDivisionError

    for reason in ("first", "second"):
        with pytest.raises(ZeroDivisionError):
            end_and_fail(reason)
        assert version_of(*LINKS) == before
    assert len({before, *seen}) == 3, "the same numbers, and other entries"


def test_gaps_and_the_map_follow_every_change(world: World) -> None:
    viewer = world.actor(world.lin_mei)

    def now() -> tuple[int, int, int]:
        drawn = queries.chain_map(viewer=viewer, at=NOON)
        return len(found_gaps(viewer=viewer, at=NOON)), len(drawn.links), len(drawn.parties)

    first = now()
    assert now() == first
    changes.end_link(by=SYSTEM, at=NOON, link=world.ward_patient, ended_on=day_of(NOON))
    gaps, links, parties = now()
    assert gaps > first[0]
    assert (links, parties) == (first[1] - 1, first[2])
    changes.rename_party(by=SYSTEM, at=NOON, party=world.ward, name={"en": "Ward 7"})
    assert "Ward 7" in [str(party) for party in queries.chain_map(viewer=viewer, at=NOON).parties]
    before = len(found_gaps(viewer=viewer, at=NOON))
    changes.add_party(by=SYSTEM, at=NOON, party_kind="department", name={"en": "Archive"}, began_on=date(2026, 1, 1))
    assert len(found_gaps(viewer=viewer, at=NOON)) == before + 1, "a party without a customer"


def test_what_is_kept_of_one_viewer_is_shown_to_no_other(world: World) -> None:
    for key in ("lin_mei", "chen_jie", "lin_mei", "ivy_stone"):
        viewer = world.actor(getattr(world, key))
        listed = {row.link.public_id for row in queries.links(viewer=viewer, at=NOON, filters=queries.LinkFilters())}
        assert {link.public_id for link in queries.chain_map(viewer=viewer, at=NOON).links} == listed


def test_within_a_request_sight_is_read_once_and_anew_after_a_change(world: World) -> None:
    viewer, day = world.actor(world.chen_jie), day_of(NOON)
    with once_in_here():
        sight = policy.sight_of(viewer, day)
        assert policy.sight_of(viewer, day) is sight
        changes.appoint(
            by=SYSTEM, at=NOON, party=world.stores, person=world.chen_jie, capacity=Capacity.MEMBER, began_on=day
        )
        assert world.stores.pk in policy.sight_of(viewer, day).own
        assert world.stores.pk not in sight.own
    assert policy.sight_of(viewer, day) is not policy.sight_of(viewer, day)


def test_outside_a_request_everything_is_read_each_time() -> None:
    read: list[int] = []
    for _n in range(2):
        once("key", lambda: read.append(1))
    assert len(read) == 2


def test_a_memory_keeps_what_was_used_last() -> None:
    memory: Memory[str] = Memory(most=2)
    for key in ("a", "b"):
        memory.get(key, key.upper)
    assert memory.get("a", lambda: "new") == "A"
    memory.get("c", "c".upper)
    assert (memory.peek("a"), memory.peek("b"), memory.peek("c")) == ("A", None, "C")
    Memory.forget_all()
    assert memory.peek("a") is None


def asked_in_a_page(*models: str) -> int:
    """Queries for a version, in a page of its own; it is the one that is read elsewhere."""
    with once_in_here(), CaptureQueriesContext(connection) as asked:
        version = version_of(*models)
    assert version == version_of(*models)
    return len(asked)


def test_a_page_follows_the_trail_instead_of_reading_versions_anew(world: World) -> None:
    asked_in_a_page(*LINKS), asked_in_a_page("agreements.Agreement")
    assert (asked_in_a_page(*LINKS), asked_in_a_page("agreements.Agreement")) == (1, 1), "nothing happened"
    changes.rename_party(by=SYSTEM, at=NOON, party=world.ward, name={"en": "Ward 7"})
    assert asked_in_a_page("agreements.Agreement") == 1, "what happened was in another room"
    assert asked_in_a_page(*LINKS) == 3
    edit_person(by=SYSTEM, at=NOON, person=world.wang_fang, language="zh-hans")
    assert (asked_in_a_page(*LINKS), asked_in_a_page("core.Person")) == (1, 3)


def test_a_page_reads_versions_anew_where_the_trail_is_another(world: World) -> None:
    def rename(name: str) -> None:
        changes.rename_party(by=SYSTEM, at=NOON, party=world.ward, name={"en": name})

    @transaction.atomic
    def rename_and_fail(name: str) -> None:
        rename(name)
        asked_in_a_page(*LINKS)
        raise ZeroDivisionError

    for name in ("Ward 7", "Ward 8"):  # as where a backup is brought back
        with pytest.raises(ZeroDivisionError):
            rename_and_fail(name)
    assert asked_in_a_page(*LINKS) == 4
    for number in range(200):
        rename(f"Ward {number}")
    assert asked_in_a_page(*LINKS) == 4, "more entries than are looked at one by one"
    assert asked_in_a_page(*LINKS) == 1


def test_a_bulk_entry_touches_all(world: World) -> None:
    asked_in_a_page(*LINKS)
    with change(by=SYSTEM, at=NOON) as trail:
        trail.note("batch.rows_entered", kind=Batch.kind, object_id="")
    assert asked_in_a_page(*LINKS) == 3
