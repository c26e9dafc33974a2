"""Bad tables at the doors of the three imports of handoffs (B015 to B023, B036 to B043): told by row, nothing half
saved."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.core.models import ImportRun
from baton.handoffs.models import Handoff, HandoffLine
from tests.rooms.imports.tables import checked, counts, entered, said

if TYPE_CHECKING:
    from tests.world import World

TARGETS = ("handoffs", "handoff_cases", "handoff_events")
MOMENTS = {
    "B018": "31/02/2026 08:00", "B018-zero": "0000-00-00", "B018-far": "10000-01-01 08:00", "B018-serial": "60",
    "B018-hour": "2026-03-02 24:30", "B040": "0001-01-01 00:00", "old": "1999-12-31 23:59", "ahead": "2199-01-01 08:00",
    "error": "#VALUE!",
}  # fmt: skip
AMOUNTS = ("1e400", "nan", "inf", "1_000", "١٢٣", "9" * 5_000, "-1", "1,234", "1.000.000.000.000", "0.0000001", "12 pc")


def table(target: str, world: World, moment: str) -> bytes:
    """A row, or two events, that are well but for a moment."""
    number = world.laundry_ward.number
    head, rows = {
        "handoffs": ("Link,Key,Delivered", f"{number},A,{moment}\n"),
        "handoff_cases": ("Case,Link 1,Delivered 1", f"A,{number},{moment}\n"),
        "handoff_events": ("Case,Team,Time", f"A,LD,2026-03-02 07:00\nA,W3,{moment}\n"),
    }[target]
    return f"{head}\n{rows}".encode()


@pytest.mark.sqlite
@pytest.mark.parametrize("target", TARGETS)
def test_moments_that_are_none_are_refused_in_every_form(world: World, target: str) -> None:
    good = checked(target, table(target, world, "2026-03-02 08:00"))
    assert (good.rows_new, good.rows_refused) == (1, 0), said(good)
    for case, moment in MOMENTS.items():
        run = checked(target, table(target, world, moment))
        assert run.state == "checked", (case, run.failure)
        assert (run.rows_new, run.rows_refused) == (0, 1), (case, said(run))
        (_row, column, text) = said(run)[0]
        assert column in ("Delivered", "Delivered 1", "Time"), case
        assert text.count(".") >= 2, (case, text)
    assert not Handoff.everything.exists()


def test_amounts_that_are_none_are_refused(world: World) -> None:
    """B016, B017, B019."""
    number = world.laundry_ward.number
    rows = "".join(f'{number},K{n},2026-03-02 08:00,"{amount}"\n' for n, amount in enumerate(AMOUNTS))
    run = checked("handoffs", f"Link,Key,Delivered,Ordered\n{rows}".encode())
    assert [(row, column) for row, column, _text in said(run)] == [(n + 2, "Ordered") for n in range(len(AMOUNTS))]
    well = f'Link,Key,Delivered,Ordered\n{number},A,2026-03-02 08:00,"3,14"\n{number},B,2026-03-02 08:00,-0\n'
    entered("handoffs", well.encode())
    assert [str(one) for one in HandoffLine.objects.order_by("pk").values_list("ordered", flat=True)] == [
        "3.140000", "0.000000",
    ]  # fmt: skip


def test_odd_texts_are_inert(world: World) -> None:
    """B015, B020, B021."""
    number = world.laundry_ward.number
    odd = ("=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "OR\u202eD\u200b 😀", "{{7*7}}")
    rows = "".join(f'{number},K{n},"{text}",2026-03-02 08:00\n' for n, text in enumerate(odd))
    rows += f'{number},K9,<script>,"<img onerror=1>"\n'
    run = entered("handoffs", f"Link,Key,Reference,Delivered\n{rows}".encode(), leave_out=True)
    stored = list(Handoff.objects.order_by("key").values_list("reference", flat=True))
    assert stored == ["=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "ORD 😀", "{{7*7}}"]
    client = world.client(world.lin_mei)
    page = client.get(
        f"/data/imports/{checked('handoffs', f'Link,Key,Delivered{chr(10)}L,<b>,<img onerror=1>{chr(10)}').public_id}/"
    )
    assert b"<img onerror" not in page.content
    taken = b"".join(client.get("/data/tables/handoffs/csv/").streaming_content)  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in taken.decode("utf-8-sig")
    assert counts(checked("handoffs", taken)) == (0, 0, 4, 0)
    assert run.rows_refused == 1


@pytest.mark.parametrize("target", TARGETS)
def test_rows_in_another_order_and_the_same_file_twice_change_nothing(world: World, target: str) -> None:
    """B023."""
    number, back = world.laundry_ward.number, world.ward_laundry.number
    head, rows, new = {
        "handoffs": ("Link,Key,Delivered", [f"{number},K{n},2026-03-0{n + 1} 08:00" for n in range(5)], 5),
        "handoff_cases": (
            "Case,Link 1,Delivered 1,Link 2,Delivered 2",
            [f"C{n},{number},2026-03-0{n + 1} 08:00,{back},2026-03-0{n + 1} 09:00" for n in range(5)], 5,
        ),
        "handoff_events": (
            "Case,Team,Time", [f"C{n // 2},{'LD' if n % 2 else 'W3'},2026-03-0{n + 1} 08:00" for n in range(6)], 3,
        ),
    }[target]  # fmt: skip

    def content(lines: list[str]) -> bytes:
        return "\n".join([head, *lines, ""]).encode()

    assert entered(target, content(rows)).rows_new == new
    before = list(Handoff.everything.order_by("pk").values_list("public_id", "changed_seq"))
    for again in (rows, rows[::-1]):
        assert counts(checked(target, content(again))) == (0, 0, len(rows), 0)
    assert list(Handoff.everything.order_by("pk").values_list("public_id", "changed_seq")) == before


def test_odd_event_logs(world: World) -> None:
    """B039, B042, B043: an event without a case, the same event twice, a team after itself, none, or two at once."""
    rows = (
        "A,LD,2026-03-02 08:00\nA,LD,2026-03-02 08:00\nA,LD,2026-03-02 09:00\nA,,2026-03-02 09:30\n"
        "A,W3,2026-03-02 10:00\nA,W3,2026-03-02 10:00\n,LD,2026-03-02 08:00\nB,LD;W3,2026-03-02 08:00\n"
        "C,LD,2026-03-02 10:00\nC,W3,2026-03-02 08:00\n"
    )
    run = entered("handoff_events", f"Case,Team,Time\n{rows}".encode(), leave_out=True)
    assert [(row, column) for row, column, _text in said(run)] == [(8, "Case"), (9, "Team")]
    assert set(Handoff.objects.values_list("key", "link__number")) == {
        ("A", world.laundry_ward.number), ("C", world.ward_laundry.number),
    }, "what happened first stood second"  # fmt: skip


XES = b"""<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<log xmlns="http://www.xes-standard.org/"><trace><string key="concept:name" value="&b;"/></trace></log>"""


@pytest.mark.sqlite
def test_what_is_no_table_is_told_where_to_go(world: World) -> None:
    """B036 to B038, B044 to B046: event logs in formats of their own are for Discovery."""
    client = world.client(world.lin_mei)
    for content in (XES, gzip.compress(XES), b'{"eventTypes": [], "a": NaN, "a": 1e999}', b"[" * 100_000):
        file = SimpleUploadedFile("log.xes", content)
        sent = client.post("/data/imports/bring/handoff_events/", {"file": file})
        assert sent.status_code == 422, content[:40]
    assert not ImportRun.objects.exclude(state="failed").exists()
    assert not Handoff.everything.exists()
