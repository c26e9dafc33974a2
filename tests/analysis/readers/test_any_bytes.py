"""Whatever the bytes: a table or a ReadError, never another exception."""

from __future__ import annotations

import contextlib
import gzip
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, preview, read
from tests.analysis.readers.logs import event, log, trace

SEEDS = (
    b'case,team,time\n1,"A, B",2026-01-01 08:00\n2,C,01/02/2026\n3,,?\n',
    "编号;部门;时间\n一;护理部门;2026年1月2日\n二;检验科室;2026-01-02T08:00Z\n".encode("gb18030"),
    "case\tteam\r\n1\tA\r\n2\tB\r\n".encode("utf-16"),
    log(
        trace("a", event(activity="x", group="A&B", time="2026-01-01T08:00:00+02:00")), trace("b", event(resource="é"))
    ),
)
FEW = settings(max_examples=150, deadline=None)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 4))
        content[place : place + length] = draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n", b"\r", b"<"])
        )
    return bytes(content)


@FEW
@given(damaged() | st.binary(max_size=60) | damaged().map(gzip.compress))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        for act in (preview, read):
            with contextlib.suppress(ReadError):
                act(path, limits=Limits(columns=50))
