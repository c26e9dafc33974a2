"""Long lists of handoffs in the order of their occurrence or of what is due: by an index, and part by part without a
gap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baton.handoffs.models import Handoff
from baton.handoffs.queries import HandoffFilters, handoff_page, handoff_slice
from baton.handoffs.rules import State
from tests.world import NOON, World

MANY = 400


def entered(world: World) -> list[str]:
    """Handoffs of which each three occurred at one moment; their numbers in the order of a list by occurrence."""
    at = [NOON - (MANY - place // 3) * timedelta(hours=1) for place in range(MANY)]
    Handoff.objects.bulk_create(
        Handoff(number=f"HO-2026-{place * 7 % 1000:07}", link=world.laundry_ward, state=State.EXPECTED, occurred_at=one,
                requested_at=one, due_at=one + timedelta(hours=place % 7) if place % 5 else None, recorded_at=NOON)
        for place, one in enumerate(at)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return list(Handoff.objects.order_by("occurred_at", "public_id").values_list("number", flat=True))


def plan_of(sql: str) -> str:
    """How the database goes about a query; PostgreSQL sorts few rows unless it is told not to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql.replace("%", "%%")
        )
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


@pytest.mark.both
@pytest.mark.parametrize("order", ["due_at", "-due_at"])
def test_what_is_due_is_read_along_the_index_and_what_never_is_comes_last(world: World, order: str) -> None:
    entered(world)
    quality, sign = world.actor(world.lin_mei), -1 if order.startswith("-") else 1
    with CaptureQueriesContext(connection) as asked:
        page = handoff_page(viewer=quality, at=NOON, filters=HandoffFilters(order=order))
    due = [one.due_at for one in page.object_list]
    assert due == sorted(due, key=lambda one: sign * one.timestamp())
    last = handoff_page(viewer=quality, at=NOON, filters=HandoffFilters(order=order), page=page.paginator.num_pages)
    assert {one.due_at for one in last.object_list} == {None}
    # Read backwards, PostgreSQL's index begins with those that are never due.
    if order == "due_at" or connection.vendor == "sqlite":
        keys = next(one["sql"] for one in asked.captured_queries if "ORDER BY" in one["sql"] and "LIMIT" in one["sql"])
        plan = plan_of(keys)
        assert "handoffs_by_due" in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan


@pytest.mark.both
@pytest.mark.parametrize("order", ["occurred_at", "-occurred_at"])
def test_who_sees_all_reads_along_the_index(world: World, order: str) -> None:
    entered(world)
    quality, filters = world.actor(world.lin_mei), HandoffFilters(order=order)
    cursor = handoff_slice(viewer=quality, at=NOON, filters=filters).next
    for ask in (
        lambda: handoff_page(viewer=quality, at=NOON, filters=filters),
        lambda: handoff_slice(viewer=quality, at=NOON, filters=filters),
        lambda: handoff_slice(viewer=quality, at=NOON, filters=filters, cursor=cursor),
    ):
        with CaptureQueriesContext(connection) as asked:
            ask()
        keys = next(one["sql"] for one in asked.captured_queries if "ORDER BY" in one["sql"] and "LIMIT" in one["sql"])
        plan = plan_of(keys)
        assert "handoffs_by_occurrence" in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert "chain_party" not in keys, "whole rows are read of the page alone"
    bound = "occurred_at>?" if order == "occurred_at" else "occurred_at<?"
    assert connection.vendor == "postgresql" or bound in plan, plan


@pytest.mark.parametrize("order", ["occurred_at", "-occurred_at", "number", "-number"])
def test_part_by_part_each_comes_once_and_in_order(world: World, order: str) -> None:
    wanted = entered(world)
    if order.endswith("number"):
        wanted = sorted(wanted)
    found: list[str] = []
    cursor = ""
    while True:
        part = handoff_slice(
            viewer=world.actor(world.lin_mei), at=NOON, filters=HandoffFilters(order=order), limit=70, cursor=cursor
        )
        found += [one.number for one in part.rows]
        cursor = part.next
        if not cursor:
            break
    assert found == (wanted[::-1] if order.startswith("-") else wanted)
