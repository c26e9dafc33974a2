"""Object-centric logs in their three forms, flattened by the type that is the case."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.discover import discover
from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, preview, read
from baton_analysis.readers.ocel import opening
from tests.analysis.readers.refusals import MEMORY_MIB, peak_memory_of_refusal, refused

OBJECTS = [
    ("o1", "orders", {"price": "10.5"}), ("o2", "orders", {}), ("i1", "items", {}),
    ("Ann", "employees", {"role": "Sales"}), ("Bo", "employees", {}), ("p1", "products", {}),
]  # fmt: skip
EVENTS: list[tuple[str, str, str, dict[str, str], list[str]]] = [
    ("e1", "place", "2026-01-01T08:00:00Z", {"resource": "web"}, ["o1", "i1"]),
    ("e2", "confirm", "2026-01-01T09:00:00Z", {}, ["o1", "o2", "Ann", "Bo"]),
    ("e3", "pack", "2026-01-02T08:00:00Z", {}, ["o1", "Bo"]),
    ("e4", "count stock", "2026-01-03T08:00:00Z", {}, ["i1"]),
]
COLUMNS = ["orders", "employees", "ocel:timestamp", "ocel:activity"]
FLAT = [
    ("o1", None, "place"), ("o1", "Ann", "confirm"), ("o2", "Ann", "confirm"), ("o1", "Bo", "pack"),
]  # fmt: skip


def as_json(objects: Any = OBJECTS, events: Any = EVENTS) -> dict[str, Any]:
    return {
        "objectTypes": [],
        "eventTypes": [],
        "objects": [
            {"id": i, "type": t, "attributes": [{"name": k, "time": "1970-01-01", "value": v} for k, v in a.items()]}
            for i, t, a in objects
        ],
        "events": [
            {
                "id": i, "type": t, "time": time, "attributes": [{"name": k, "value": v} for k, v in a.items()],
                "relationships": [{"objectId": r, "qualifier": "q"} for r in related],
            }
            for i, t, time, a, related in events
        ],
    }  # fmt: skip


def as_xml() -> str:
    def attributes(values: dict[str, str]) -> str:
        return (
            "<attributes>"
            + "".join(f'<attribute name="{k}">{v}</attribute>' for k, v in values.items())
            + "</attributes>"
        )

    objects = "".join(f'<object id="{i}" type="{t}">{attributes(a)}</object>' for i, t, a in OBJECTS)
    events = "".join(
        f'<event id="{i}" type="{t}" time="{time}">{attributes(a)}<objects>'
        + "".join(f'<relationship object-id="{r}" qualifier="q"/>' for r in related)
        + "</objects></event>"
        for i, t, time, a, related in EVENTS
    )
    return f'<?xml version="1.0"?><log><object-types/><objects>{objects}</objects><events>{events}</events></log>'


def as_database(path: Path, statements: str = "") -> None:
    """Written in a process of its own, as it is read: here, too, lives one SQLite library."""
    script = [
        "CREATE TABLE event (ocel_id TEXT, ocel_type TEXT)", "CREATE TABLE object (ocel_id TEXT, ocel_type TEXT)",
        "CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT)",
        "CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT)",
        "CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT)",
        "CREATE TABLE object_Orders (ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT, price REAL)",
        "CREATE TABLE object_products (ocel_id TEXT, ocel_time TEXT)",
        "INSERT INTO object_map_type VALUES ('orders', 'Orders')",
        "INSERT INTO object_Orders VALUES ('o1', '1970-01-01', NULL, 10.5)",
    ]  # fmt: skip
    for identity, kind, _values in OBJECTS:
        script.append(f"INSERT INTO object VALUES ('{identity}', '{kind}')")
    for identity, kind, time, values, related in EVENTS:
        table = "event_" + kind.title().replace(" ", "")
        extra = "".join(f", {name} TEXT" for name in values)
        script.append(f"CREATE TABLE {table} (ocel_id TEXT, ocel_time TEXT{extra})")
        script.append(f"INSERT INTO event VALUES ('{identity}', '{kind}')")
        script.append(f"INSERT INTO event_map_type VALUES ('{kind}', '{kind.title().replace(' ', '')}')")
        script.append(f"INSERT INTO {table} VALUES ({', '.join(repr(v) for v in (identity, time, *values.values()))})")
        script += [f"INSERT INTO event_object VALUES ('{identity}', '{r}', 'q')" for r in related]
    database(path, ";".join(script) + ";" + statements)


def database(path: Path, script: str) -> None:
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.stdin.read()); c.close()"
    subprocess.run([sys.executable, "-c", program, str(path)], input=script, text=True, check=True)


@pytest.fixture(params=["json", "json.gz", "xml", "sqlite"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / f"log.{request.param}"
    text = as_xml() if request.param == "xml" else json.dumps(as_json())
    if request.param == "sqlite":
        as_database(file)
    else:
        file.write_bytes(gzip.compress(text.encode(), mtime=0) if request.param.endswith("gz") else text.encode())
    return file


def said(path: Path, columns: list[str] | None = None) -> str:
    return " ".join(notice.render() for notice in read(path, columns=columns).notices)


def test_every_form_gives_one_row_for_each_event_of_each_order(path: Path) -> None:
    table = read(path, columns=COLUMNS)
    assert table.format == "ocel"
    assert [(row[0], row[1], row[3]) for row in table.frame.rows()] == FLAT
    assert table.frame["ocel:timestamp"][0] == datetime(2026, 1, 1, 8, tzinfo=UTC)
    text = said(path, COLUMNS)
    assert "1 event belongs to no object of type “orders”; it is left out." in text
    assert "1 event belongs to several objects of type “employees”" in text
    assert "1 object belongs to no event." in text


def test_the_case_may_be_any_type_and_the_party_an_attribute(path: Path) -> None:
    assert read(path, columns=["items", "resource"]).frame.rows() == [("i1", "web"), ("i1", None)]


def test_a_preview_proposes_types_as_case_and_party(path: Path) -> None:
    seen = preview(path)
    assert (seen.format, seen.proposal.case, seen.proposal.party) == ("ocel", "orders", "employees")
    assert (seen.proposal.time, seen.proposal.activity) == ("ocel:timestamp", "ocel:activity")
    assert {"items", "resource"} <= {column.name for column in seen.columns}


def test_discover_needs_no_more_than_the_types(path: Path) -> None:
    chain = discover(path, case="orders", party="employees", allow_persons=True).to_dict()
    assert [(edge["supplier"], edge["customer"], edge["handovers"]) for edge in chain["edges"]] == [("Ann", "Bo", 1)]
    assert chain["edges"][0]["median_wait_seconds"] == 23 * 3600


def test_persons_get_pseudonyms(path: Path) -> None:
    assert "Ann" not in json.dumps(discover(path, case="orders", party="employees").to_dict())


def test_objects_are_a_table_of_their_own(path: Path) -> None:
    from baton_analysis.readers.files import opened_source
    from baton_analysis.readers.ocel import load_ocel

    objects = load_ocel(opened_source(path, Limits(), None)[2], Limits()).objects()
    assert objects.select("ocel:oid", "ocel:type", "price").rows()[0] == ("o1", "orders", "10.5")


def test_b045_references_to_nothing_are_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    events = [*EVENTS, ("e5", "x", "2026-01-04T08:00:00Z", {}, ["nobody", "o2"])]
    path.write_text(json.dumps(as_json(events=events)))
    assert read(path, columns=COLUMNS).frame.height == 5
    assert "1 entry names an event or object that the log does not have" in said(path, COLUMNS)
    database_path = tmp_path / "log.sqlite"
    as_database(database_path, "INSERT INTO event_object VALUES ('e9', 'o1', ''), ('e1', 'nobody', '');"
                "INSERT INTO object_Orders VALUES ('o9', '', NULL, 1)")  # fmt: skip
    assert "3 entries name" in said(database_path, COLUMNS)


def test_b042_the_first_of_two_events_or_objects_of_one_id_counts(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(as_json([*OBJECTS, ("o1", "items", {})], [*EVENTS, EVENTS[0]])))
    assert "1 event repeats the id" in said(path)
    assert "1 object is listed under two types" in said(path)
    assert read(path, columns=COLUMNS).frame.height == 4


def test_b046_names_that_stand_twice_and_numbers_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(
        '{"objects": [{"id": "o1", "id": "o2", "type": "orders"}], "events": [{"id": "e1", "type": "a",'
        ' "time": "2026-01-01T08:00:00Z", "attributes": [{"name": "n", "value": NaN}, {"name": "m", "value": 1e999},'
        f' {{"name": "k", "value": {"9" * 5_000}}}], "relationships": [{{"objectId": "o1"}}]}}]}}'
    )
    text = said(path)
    assert "1 name stands twice" in text
    assert "2 numbers are NaN or infinite" in text
    assert read(path).frame["orders"].to_list() == ["o1"]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_b046_depth_of_100_000_is_refused(tmp_path: Path, opening: str) -> None:
    path = tmp_path / "log.json"
    path.write_text('{"events": [' + opening * 100_000)
    assert "nested deeper" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"events": [', "It ends in the middle, in line 1"),
        ('{"events": [\n"a', "It ends in the middle, in line 2"),
        ('{"events": [\n}', "Reading stopped in line 2 at a character that JSON does not allow there"),
        ('{"events": [{"id": 1}]}', "no event"),
        ('{"objects": [], "a": 1}', "something else"),
        ('{"events":\n["\xff"]}', "Line 2 has bytes that are not UTF-8"),
        ("<log><objects></objects><events></events></log>", "no event"),
        ('<log><objects><object id="a" type="b">', "It ends in the middle, in line 1"),
        ("<log><object-types/><events>" + "<a>" * 100 + "</log>", "nested deeper"),
        ('<!DOCTYPE log [<!ENTITY a "b">]><log><objects/></log>', "DOCTYPE"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(content.encode("latin-1"))
    assert words in refused(path).render()


def test_a_database_that_is_no_log_or_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    database(path, "CREATE TABLE users (name TEXT); CREATE VIEW event AS SELECT 1;")
    assert "these tables: users" in refused(path).render()
    path.unlink()
    as_database(path)
    content = path.read_bytes()
    path.write_bytes(content[:5_000])
    assert "damaged or cut off" in refused(path).render()
    path.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    assert "damaged or cut off" in refused(path).render()
    path.unlink()
    database(path, "CREATE TABLE event (id); CREATE TABLE object (ocel_id); CREATE TABLE event_object (a);")
    assert "lacks such a column" in refused(path).render()


def test_a_database_that_takes_too_much_memory_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.sqlite"
    tables = "CREATE TABLE event (ocel_id, ocel_type); CREATE TABLE object (ocel_id, ocel_type);"
    database(path, f"{tables} CREATE TABLE event_object (a); INSERT INTO object VALUES (hex(zeroblob(16000000)), 'a');")
    monkeypatch.setattr(opening, "_MEMORY", 48 * 1024 * 1024)
    assert "This one took more" in refused(path).render()


def test_a_database_is_never_written_to_and_may_be_in_use(tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    as_database(path)
    before = path.read_bytes()
    read(path, columns=COLUMNS)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["log.sqlite"]


def test_bounds_of_events_and_columns(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    path.write_text(json.dumps(as_json()))
    assert "3 events" in refused(path, limits=Limits(events=3)).render()
    many = [("e1", "a", "2026-01-01T08:00:00Z", {f"n{i}": "1" for i in range(60)}, [])]
    path.write_text(json.dumps(as_json(events=many)))
    assert "50 columns" in refused(path, limits=Limits(columns=50)).render()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(json.dumps(as_json()).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        content[place : place + data.draw(st.integers(0, 5))] = data.draw(
            st.sampled_from([b"", b'"', b"[", b"null", b"1e9"])
        )
    path = tmp_path_factory.mktemp("any") / "log.json"
    path.write_bytes(content)
    try:
        assert read(path).frame.height
    except ReadError as error:
        found = error
        assert found.remedy


@pytest.mark.shared_data
def test_the_published_order_management_log(shared_data: Path) -> None:
    path = shared_data / "ocel" / "order_management_simulated.sqlite"
    if not path.exists():
        pytest.skip("the published log is not here")
    seen = preview(path)
    assert (seen.proposal.case, seen.proposal.party) == ("orders", "employees")
    whole = read(path)
    assert whole.frame.height == 18_211
    assert whole.frame["ocel:activity"].n_unique() == 8
    orders = read(path, columns=["orders", "employees", "ocel:timestamp"])
    assert (orders.frame.height, orders.frame["orders"].n_unique()) == (6_484, 2_000)
    items = read(path, columns=["items", "employees", "ocel:timestamp"])
    assert (items.frame.height, items.frame["items"].n_unique()) == (10_686, 7_670)
    assert items.frame["employees"].drop_nulls().n_unique() <= 18
