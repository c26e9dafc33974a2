"""An event log becomes handoffs: one where a case passes to another team; resolved by the chain, refused by row."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from baton.chain import changes as chain
from baton.core.changes.imports import withdraw_import
from baton.core.imports import checking
from baton.handoffs.imports import events
from baton.handoffs.models import Handoff
from tests.rooms.imports.tables import SYSTEM, checked, counts, entered, said
from tests.world import NOON, World

HEAD = "Case,Time,Team,Activity\n"
EIGHT = datetime(2026, 5, 4, 8, tzinfo=UTC)


def log(*events_of: tuple[str, int, str, str]) -> bytes:
    """Events of cases: minutes after eight, team, activity."""
    rows = (
        f"{case},{EIGHT + timedelta(minutes=minutes):%Y-%m-%d %H:%M},{team},{activity}\n"
        for case, minutes, team, activity in events_of
    )
    return (HEAD + "".join(rows)).encode()


def stored() -> list[tuple[str, str, int, int, int]]:
    """Key, link and minutes after eight: received, delivered, accepted."""

    def minutes(moment: datetime | None) -> int:
        assert moment is not None
        return int((moment - EIGHT).total_seconds() // 60)

    rows = Handoff.objects.select_related("link").order_by("link__number", "key")
    return [
        (one.key, one.link.number, minutes(one.received_at), minutes(one.delivered_at), minutes(one.accepted_at))
        for one in rows
    ]


USED = (
    ("C1", 0, "LD", "Wash"), ("C1", 30, "Laundry", "Iron"), ("C1", 40, "", "Print"), ("C1", 50, "W3", "Unpack"),
    ("C1", 90, "W3", "Sort"), ("C1", 100, "LD", "Wash again"), ("C1", 130, "W3", "Unpack"), ("C2", 5, "W3", "Unpack"),
)  # fmt: skip


def test_a_case_is_handed_over_where_another_team_goes_on(world: World) -> None:
    clean, used = world.laundry_ward.number, world.ward_laundry.number
    run = entered("handoff_events", log(*USED))
    assert counts(run) == (3, 0, 5, 0)
    expected = [("C1", clean, 0, 30, 50), ("C1#2", clean, 100, 100, 130), ("C1", used, 50, 90, 100)]
    assert stored() == expected
    assert set(Handoff.objects.values_list("reference", "state")) == {("C1", "accepted")}
    assert counts(checked("handoff_events", log(*USED))) == (0, 0, 8, 0), "the same log"
    mixed = list(USED)
    random.Random(5).shuffle(mixed)
    assert counts(checked("handoff_events", log(*mixed))) == (0, 0, 8, 0), "in another order"
    more = (*USED, ("C2", 20, "LD", "Wash"), ("C1", 140, "Patient", "Sleep"))
    assert counts(entered("handoff_events", log(*more))) == (2, 0, 8, 0), "it goes on"
    assert stored()[:2] == expected[:2]
    withdraw_import(by=SYSTEM, at=NOON, run=run, reason="wrong log")
    assert counts(checked("handoff_events", log(*more))) == (3, 0, 7, 0)


def test_a_case_that_is_called_like_the_second_passage_of_another(world: World) -> None:
    twice = [("A", minutes, team, "") for minutes, team in ((0, "LD"), (10, "W3"), (20, "LD"), (30, "W3"))]
    named = [(case, minutes, team, "") for case in ("A#2", "A#2#1", "A#") for minutes, team in ((5, "LD"), (15, "W3"))]
    rows = log(*twice, *named)
    run = entered("handoff_events", rows)
    assert (said(run), counts(run)[0]) == ([], 6)
    told = Handoff.objects.filter(link=world.laundry_ward).order_by("key").values_list("key", "reference")
    assert list(told) == [("A", "A"), ("A#", "A#"), ("A#2", "A"), ("A#2#1", "A#2"), ("A#2#1#1", "A#2#1")]
    assert counts(checked("handoff_events", rows))[0] == 0, "the same log"


def test_what_the_chain_does_not_know_is_refused_by_row(world: World) -> None:
    table = log(
        ("A", 0, "LD", ""), ("A", 10, "W3", ""), ("B", 0, "LD", ""), ("B", 5, "Kitchen", ""), ("B", 10, "W3", ""),
        ("C", 0, "Pharmacy", ""), ("C", 10, "LD", ""), ("D", 0, "LD", ""), ("D", 10**8, "W3", ""),
    )  # fmt: skip
    table += b"E,31/02/2026 08:00,LD,\nE,2026-05-04 09:00,LD,\nE,2026-05-04 10:00,W3,\n,2026-05-04 09:00,LD,\n"
    run = checked("handoff_events", table)
    found = {(row, column): text for row, column, text in said(run)}
    assert sorted(found) == [
        (5, "Team"), (6, "Case"), (8, "Team"), (10, "Time"), (11, "Time"), (13, "Case"), (14, "Case"),
    ]  # fmt: skip
    assert world.pharmacy.number in found[8, "Team"]
    assert "Row 5" in found[6, "Case"]
    assert counts(run) == (1, 0, 5, 7)
    assert all(text.count(".") >= 2 for text in found.values()), "what was expected, found, and is to be done"
    entered("handoff_events", table, leave_out=True)
    assert [one[0] for one in stored()] == ["A"]


def test_of_several_links_the_activity_says_which(world: World) -> None:
    gowns = chain.add_link(
        by=SYSTEM, at=NOON, supplier=world.laundry, customer=world.ward, output={"en": "Gowns", "zh-hans": "隔离衣"}
    )
    run = entered("handoff_events", log(
        ("A", 0, "LD", "gowns"), ("A", 9, "W3", "Unpack"), ("B", 0, "LD", "Iron"), ("B", 9, "W3", "Clean linen"),
        ("C", 0, "LD", "Iron"), ("C", 9, "W3", "Unpack"),
    ), leave_out=True)  # fmt: skip
    assert [(row, column) for row, column, _text in said(run)] == [(7, "Team")]
    assert [(key, link) for key, link, *_times in stored()] == [("B", world.laundry_ward.number), ("A", gowns.number)]


def test_a_long_log_is_looked_at_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PART_ROWS", 7)
    monkeypatch.setattr(events, "TOLD_AT_ONCE", 5)
    rows = [(f"N{n % 40:02}", n // 40 * 10, "LD" if n // 40 % 2 == 0 else "W3", "") for n in range(160)]
    assert counts(entered("handoff_events", log(*rows))) == (120, 0, 40, 0)
    assert Handoff.objects.filter(key__endswith="#2").count() == 40
    assert counts(checked("handoff_events", log(*rows))) == (0, 0, 160, 0)


def test_a_log_without_teams_is_not_begun(world: World) -> None:
    run = checked("handoff_events", b"Case,Time\nA,2026-05-04 08:00\n")
    assert (run.state, run.failure["values"]["columns"]) == ("failed", "Team")


def test_the_zone_of_the_log_and_who_may_tell(world: World) -> None:
    table = (
        "Case,Time,Team,Time zone\nA,2026-03-29 01:30,LD,Europe/Berlin\nA,2026-03-29 02:30,W3,Europe/Berlin\n"
        "B,2026-03-29 01:30,LD,Europe/Berlin\nB,2026-03-29 03:30,W3,Europe/Berlin\n"
    )
    run = checked("handoff_events", table.encode())
    assert [(row, column) for row, column, _text in said(run)] == [(3, "Time")], "the clocks jumped over it"
    run = checked("handoff_events", table.encode(), by=world.actor(world.zhao_lei))
    assert (5, "Link") not in [(row, column) for row, column, _text in said(run)]
    assert counts(run)[0] == 0, "that it was accepted, the ward tells"
