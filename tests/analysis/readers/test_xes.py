"""XES logs: which column an attribute becomes, of which type, and what is said about the rest."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from baton_analysis.readers import preview, read
from tests.analysis.readers.logs import HEAD, attribute, event, log, trace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xes"


def test_attributes_of_traces_and_events_become_columns(path: Path) -> None:
    first = trace("a", attribute("channel", "phone"), event(activity="x", group="G1", time="2026-01-01T10:00:00+02:00"))
    path.write_bytes(log(first, trace("b", event(activity="y", group="G2", time="2026-01-02T10:00:00.123456Z"))))
    table = read(path)
    assert table.format == "xes"
    assert table.frame.to_dicts() == [
        {
            "concept:name": "x",
            "org:group": "G1",
            "time:timestamp": datetime(2026, 1, 1, 8, tzinfo=UTC),
            "case:concept:name": "a",
            "case:channel": "phone",
        },
        {
            "concept:name": "y",
            "org:group": "G2",
            "time:timestamp": datetime(2026, 1, 2, 10, 0, 0, 123456, tzinfo=UTC),
            "case:concept:name": "b",
            "case:channel": None,
        },
    ]
    assert table.frame.schema["time:timestamp"] == pl.Datetime("us", "UTC")


def test_columns_are_kept_as_asked_in_the_order_asked(path: Path) -> None:
    path.write_bytes(log(trace("a", event(activity="x", group="G1"), event(activity="y", group="G2"))))
    assert read(path, columns=["org:group", "case:concept:name"]).frame.rows() == [("G1", "a"), ("G2", "a")]


def test_an_attribute_of_the_trace_after_its_events_belongs_to_all_of_them(path: Path) -> None:
    path.write_bytes(log(trace(None, event(activity="x"), event(activity="y"), attribute("concept:name", "late"))))
    assert read(path).frame["case:concept:name"].to_list() == ["late", "late"]


def test_declared_types_are_kept_where_every_value_bears_them(path: Path) -> None:
    attributes = [("n", "int", "12"), ("x", "float", "1.5e3"), ("ok", "boolean", "true"), ("id", "id", "0b1")]
    inside = "".join(attribute(key, value, tag) for key, tag, value in attributes)
    path.write_bytes(log(f"<trace><event>{inside}</event></trace>"))
    assert read(path).frame.rows() == [(12, 1500.0, True, "0b1")]


@pytest.mark.parametrize(
    ("tag", "value"), [("int", "1_000"), ("int", "١٢٣"), ("float", "1e400"), ("float", "NaN"), ("boolean", "yes")]
)
def test_a_value_that_its_declared_type_cannot_hold_stays_text(path: Path, tag: str, value: str) -> None:
    path.write_bytes(log(f"<trace><event>{attribute('n', value, tag)}</event></trace>"))
    table = read(path)
    assert table.frame["n"].to_list() == [value]
    assert any("kept as text" in notice.render() for notice in table.notices)


def test_a_key_of_two_types_is_text(path: Path) -> None:
    two = f"<event>{attribute('n', '1', 'int')}</event><event>{attribute('n', 'one')}</event>"
    path.write_bytes(log(f"<trace>{two}</trace>"))
    assert read(path).frame["n"].to_list() == ["1", "one"]


def test_declared_defaults_are_not_filled_in(path: Path) -> None:
    default = f'<global scope="event">{attribute("org:group", "UNKNOWN")}</global>'
    path.write_bytes(log(default, trace("a", event(activity="x"), event(activity="y", group="G"))))
    table = read(path)
    assert table.frame["org:group"].to_list() == [None, "G"]
    [notice] = [n for n in table.notices if "default" in n.render()]
    assert notice.count == 1
    assert "UNKNOWN" in notice.render()


def test_what_a_table_cannot_hold_is_counted(path: Path) -> None:
    nested = f'<string key="note" value="x">{attribute("inner", "y")}{attribute("more", "z")}</string>'
    outside = event(activity="alone")
    path.write_bytes(log(outside, trace("a", f"<event>{nested}</event>"), trace("empty")))
    table = read(path)
    assert table.frame["note"].to_list() == [None, "x"]
    assert table.frame["case:concept:name"].to_list() == [None, "a"]
    counts = {notice.render().split(" ", 1)[1][:30]: notice.count for notice in table.notices}
    assert counts == {
        "attributes inside other attrib": 2,
        "case has no events; it has no ": 1,
        "event stands outside every case;"[:30]: 1,
    }


def test_attributes_of_the_log_itself_are_no_events(path: Path) -> None:
    deep = f'<float key="meta" value="1">{attribute("event", "x")}</float>'
    path.write_bytes(log(deep, '<classifier name="c" keys="concept:name"/>', trace("a", event(activity="x"))))
    assert read(path).frame.shape == (1, 2)


@pytest.mark.parametrize("head", ["<log>", '<x:log xmlns:x="urn:any">', HEAD])
def test_the_namespace_does_not_matter(path: Path, head: str) -> None:
    body = log(trace("a", event(activity="x")), head=head).decode()
    if head.startswith("<x:"):
        body = body.replace("<trace", "<x:trace").replace("</trace", "</x:trace").replace("</log", "</x:log")
        body = body.replace("<event", "<x:event").replace("</event", "</x:event").replace("<string", "<x:string")
    path.write_text(body)
    assert read(path).frame.height == 1


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_the_declared_encoding_is_used(path: Path, encoding: str) -> None:
    head = HEAD.replace("UTF-8", encoding)
    path.write_bytes(log(trace("一", event(group="护理部")), head=head).decode().encode(encoding))
    assert read(path).frame.rows() == [("护理部", "一")]


def test_packed_and_plain_give_the_same_table_whatever_the_name(tmp_path: Path) -> None:
    content = log(*(trace(str(i), event(activity="x", group="G")) for i in range(500)))
    plain, packed, parts = tmp_path / "a.bin", tmp_path / "b.csv", tmp_path / "c.xes.gz"
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content) + b"\x00" * 16)
    parts.write_bytes(gzip.compress(content[:1_000]) + gzip.compress(content[1_000:]))
    frames = [read(path).frame for path in (plain, packed, parts)]
    assert frames[0].equals(frames[1])
    assert frames[0].equals(frames[2])
    assert read(plain).digest != read(packed).digest


def test_progress_goes_from_little_to_all(path: Path) -> None:
    path.write_bytes(log(*(trace(str(i), event(activity="x" * 500)) for i in range(3_000))))
    heard: list[float] = []
    read(path, progress=heard.append)
    assert heard == sorted(heard)
    assert len(heard) > 3
    assert heard[-1] == 1.0


def test_more_events_than_one_batch_stay_in_order(path: Path) -> None:
    late = event(activity="z", group="new")
    path.write_bytes(log(*(trace(str(i), *[event(activity="x")] * 50) for i in range(2_400)), trace("last", late)))
    frame = read(path).frame
    assert frame.height == 120_001
    assert frame["case:concept:name"].unique(maintain_order=True).to_list() == [*map(str, range(2_400)), "last"]
    assert frame["org:group"].to_list()[-2:] == [None, "new"]


def test_a_preview_describes_columns_and_shows_rows(path: Path) -> None:
    times = [f"2026-01-0{i}T00:00:00Z" for i in range(1, 6)]
    cases = [trace(str(i), event(activity="x", group=f"G{i}", time=time)) for i, time in enumerate(times)]
    path.write_bytes(log(*cases, trace("last", event(activity="y"))))
    seen = preview(path)
    columns = {column.name: column for column in seen.columns}
    assert (seen.format, seen.encoding, seen.delimiter, seen.complete) == ("xes", None, None, True)
    assert columns["time:timestamp"].kind == "time"
    assert (columns["org:group"].kind, columns["org:group"].missing, columns["org:group"].distinct) == ("text", 1, 5)
    assert columns["org:group"].samples == ("G0", "G1", "G2", "G3", "G4")
    assert seen.rows[0] == {
        "concept:name": "x",
        "org:group": "G0",
        "time:timestamp": "2026-01-01 00:00:00Z",
        "case:concept:name": "0",
    }
    proposal = seen.proposal
    assert (proposal.case, proposal.activity, proposal.time, proposal.party) == (
        "case:concept:name",
        "concept:name",
        "time:timestamp",
        "org:group",
    )


def test_an_attribute_of_the_trace_goes_before_one_of_an_event_with_its_full_name(path: Path) -> None:
    copied = f"<event>{attribute('case:concept:name', 'copy')}</event>"
    path.write_bytes(log(trace("a", event(activity="x"), copied), trace(None, copied)))
    table = read(path)
    assert table.frame["case:concept:name"].to_list() == ["a", "a", "copy"]
    assert any("repeat a name" in notice.render() for notice in table.notices)
