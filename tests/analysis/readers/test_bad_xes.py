"""Bad XES logs, by their numbers in the list of bad inputs (B036 to B044)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from baton_analysis.readers import Limits, Notice, preview, read
from tests.analysis.readers.logs import HEAD, attribute, event, log, trace
from tests.analysis.readers.refusals import MEMORY_MIB, peak_memory_of_refusal, refused

XML = '<?xml version="1.0"?>\n'
LAUGHS = (
    XML
    + '<!DOCTYPE log [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
    + ']>\n<log><trace><string key="concept:name" value="&m;"/></trace></log>'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xes"


def said(notices: tuple[Notice, ...], words: str) -> int:
    """The count of the one notice that has ``words``."""
    found = [notice.count for notice in notices if words in notice.render()]
    assert len(found) == 1, [notice.render() for notice in notices]
    return found[0]


def test_b036_billion_laughs_is_refused(path: Path) -> None:
    path.write_text(LAUGHS)
    assert "DOCTYPE" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b036_an_entity_of_a_file_outside_is_refused(path: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    path.write_text(f'{XML}<!DOCTYPE log [<!ENTITY x SYSTEM "{secret.as_uri()}">]><log><trace>&x;</trace></log>')
    assert "canary" not in refused(path).render()


def test_b036_entities_in_utf_16_are_refused(path: Path) -> None:
    path.write_bytes(LAUGHS.replace(XML, "").encode("utf-16"))
    assert "DOCTYPE" in refused(path).render()


def test_b037_quadratic_blow_up_is_refused(path: Path) -> None:
    path.write_text(f'{XML}<!DOCTYPE log [<!ENTITY a "{"x" * 100_000}">]><log>{"&a;" * 100_000}</log>')
    assert "DOCTYPE" in refused(path).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


@pytest.mark.parametrize("inside", ["<trace><event>", "", "<trace>"])
def test_b038_a_depth_of_10_000_is_refused(path: Path, inside: str) -> None:
    path.write_text(HEAD + inside + '<list key="a">' * 10_000)
    assert "nested" in refused(path).render()


def test_b039_a_trace_without_name_keeps_its_events_and_is_said(path: Path) -> None:
    path.write_bytes(log(trace("a", event(activity="x")), trace(None, event(activity="y"), event(activity="z"))))
    table = read(path)
    assert table.frame["case:concept:name"].to_list() == ["a", None, None]
    assert said(table.notices, "no name") == 1
    asked = read(path, columns=["case:concept:name"])
    assert said(asked.notices, "no value in “case:concept:name”") == 2


def test_b040_times_without_zone_are_local_and_said(path: Path) -> None:
    path.write_bytes(log(trace("a", event(time="2026-07-01T10:00:00"), event(time="2026-07-01T10:00:00+00:00"))))
    table = read(path, zone="Asia/Shanghai")
    assert [t.isoformat() for t in table.frame["time:timestamp"]] == [
        "2026-07-01T02:00:00+00:00",
        "2026-07-01T10:00:00+00:00",
    ]
    assert said(table.notices, "no zone") == 1


def test_b040_decreasing_times_are_counted_and_keep_their_order(path: Path) -> None:
    days = ["03", "01", "02"]
    path.write_bytes(log(trace("a", *(event(time=f"2026-01-{day}T00:00:00Z") for day in days))))
    table = read(path)
    assert table.frame["time:timestamp"].dt.day().to_list() == [3, 1, 2]
    assert said(table.notices, "earlier than the event before") == 1


def test_b040_the_year_1_is_taken_as_missing_and_said(path: Path) -> None:
    path.write_bytes(log(trace("a", event(time="0001-01-01T00:00:00+08:00"), event(time="2026-01-01T00:00:00Z"))))
    table = read(path)
    assert table.frame["time:timestamp"].null_count() == 1
    assert said(table.notices, "before 1900") == 1


def test_b040_a_date_that_is_none_is_refused_with_its_event(path: Path) -> None:
    path.write_bytes(log(trace("a", event(time="2026-01-01T00:00:00Z"), event(time="2026-02-30T00:00:00Z"))))
    error = refused(path)
    assert error.values["row"] == 2
    assert error.values["column"] == "time:timestamp"


def test_b041_more_events_than_the_bound_are_refused_while_streaming(path: Path) -> None:
    path.write_bytes(log(trace("a", *[event(activity="x")] * 1_001)))
    assert "1000 events" in refused(path, preview_too=False, limits=Limits(events=1_000)).render()
    assert read(path, limits=Limits(events=1_001)).frame.height == 1_001


def test_b042_shared_names_of_cases_are_said(path: Path) -> None:
    path.write_bytes(log(*(trace(name, event(activity="x")) for name in ("a", "b", "a"))))
    assert said(read(path).notices, "name of an earlier case") == 1


def test_b042_a_repeated_attribute_counts_once(path: Path) -> None:
    twice = attribute("org:group", "first") + attribute("org:group", "second")
    path.write_bytes(log(f"<trace><event>{twice}</event></trace>"))
    table = read(path)
    assert table.frame["org:group"].to_list() == ["first"]
    assert said(table.notices, "a name within") == 1


def test_b043_a_resource_that_is_null_or_a_list_is_kept_and_said(path: Path) -> None:
    listed = (
        f'<list key="org:resource"><values>{attribute("org:resource", "Ann")}{attribute("r", "Bo")}</values></list>'
    )
    path.write_bytes(
        log(
            trace("a", f"<event>{listed}</event>", '<event><string key="org:resource"/></event>', event(resource="Cy")),
        )
    )
    table = read(path, columns=["org:resource"])
    assert table.frame["org:resource"].to_list() == ["Ann; Bo", None, "Cy"]
    assert said(table.notices, "joined") == 2
    assert said(table.notices, "no value in “org:resource”") == 1


def test_b043_the_same_group_twice_and_a_way_back_are_kept_as_they_are(path: Path) -> None:
    path.write_bytes(log(trace("a", *(event(group=group) for group in "AABA"))))
    assert read(path).frame["org:group"].to_list() == list("AABA")


def _bomb(total: int) -> Iterator[bytes]:
    engine = zlib.compressobj(9, wbits=31)
    yield engine.compress((HEAD + "<trace>").encode())
    piece = event(activity="x").encode() * 20_000
    for _ in range(total // len(piece)):
        yield engine.compress(piece)
    yield engine.flush()


def test_b044_a_gzip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(b"".join(_bomb(300_000_000)))
    assert "times its size" in refused(path, preview_too=False).render()
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_b044_a_gzip_file_larger_than_its_absolute_bound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(b"".join(_bomb(8_000_000)))
    assert "at most 4 MiB" in refused(path, preview_too=False, limits=Limits(unpacked=4 * 1024 * 1024)).render()


def test_b044_a_bomb_of_spaces_before_anything_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b" " * 100_000_000))
    refused(path)
    assert peak_memory_of_refusal(path) < MEMORY_MIB


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_b044_a_truncated_gzip_is_refused(tmp_path: Path, share: float) -> None:
    path = tmp_path / "log.xes.gz"
    packed = gzip.compress(log(*(trace(str(i), event(activity=str(i * i))) for i in range(2_000))))
    path.write_bytes(packed[: int(len(packed) * share)])
    assert "cut off" in refused(path).render()


def test_b044_a_damaged_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    packed = bytearray(gzip.compress(log(*(trace(str(i), event(activity=str(i * i))) for i in range(2_000)))))
    packed[len(packed) // 2] ^= 0xFF
    path.write_bytes(packed)
    refused(path)


@pytest.mark.parametrize("cut", [60, 200, -3])
def test_a_truncated_log_is_refused(path: Path, cut: int) -> None:
    path.write_bytes(log(trace("a", event(activity="x"), event(activity="y")))[:cut])
    assert "well-formed" in refused(path).render()


def test_what_is_no_log_is_refused(path: Path) -> None:
    path.write_text(XML + "<html><body>Sign in</body></html>")
    assert "<html>" in refused(path).render()
    path.write_bytes(log(trace("a")))
    assert "no event" in refused(path).render()
    path.write_bytes(log())
    refused(path)


def test_a_value_or_a_number_of_columns_over_the_bound_is_refused(path: Path) -> None:
    path.write_bytes(log(trace("a", event(activity="x" * 1_001))))
    assert "1000 characters" in refused(path, limits=Limits(field_chars=1_000)).render()
    path.write_bytes(log(trace("a", event(**{f"k{i}": "v" for i in range(2_001)}))))
    assert "2000 columns" in refused(path).render()


def test_a_value_of_100_megabytes_is_refused(path: Path) -> None:
    path.write_bytes(log(trace("a", event(activity="x" * 100_000_000))))
    refused(path)
    assert peak_memory_of_refusal(path) < MEMORY_MIB


def test_a_preview_that_is_full_does_not_read_on(path: Path) -> None:
    good = trace("a", *[event(activity="x")] * 6_000)
    path.write_bytes(log(good)[:-20])
    seen = preview(path)
    assert seen.rows_sampled == 5_000
    assert not seen.complete
    refused(path, preview_too=False)


def test_few_events_that_spread_over_many_columns_are_refused_by_their_product(path: Path) -> None:
    wide = event(**{f"k{i}": "v" for i in range(200)})
    path.write_bytes(log(trace("a", wide, *[event(activity="x")] * 600)))
    assert "values" in refused(path, limits=Limits(cells=100_000)).render()
    assert read(path, columns=["concept:name"], limits=Limits(cells=100_000)).frame.height == 601


def test_a_timestamp_that_is_declared_as_text_is_still_a_time(path: Path) -> None:
    stamp = attribute("time:timestamp", "2026-01-01T08:00:00+01:00")
    path.write_bytes(log(f"<trace><event>{stamp}</event></trace>"))
    assert read(path).frame["time:timestamp"].item().isoformat() == "2026-01-01T07:00:00+00:00"
