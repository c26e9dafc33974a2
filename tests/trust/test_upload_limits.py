"""Both sides of every bound on a file: the last byte that is accepted, and the first one that is refused."""

from __future__ import annotations

import gzip
import itertools
import re
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.chain.facts import limits
from baton.chain.models import EventLog
from baton.core import uploads
from baton.core.errors import Refused
from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, read
from tests.databases import Databases
from tests.servers import LiveBaton, serve
from tests.world import World, build

MIB = 1024**2
HEAD = b"case,team,when\nc1,Ward,2026-03-02\nc1,Lab,2026-03-03\n"


def log_of(size: int) -> bytes:
    """A CSV log of exactly ``size`` bytes."""
    row = b"c2,Ward,2026-03-04\n"
    rows = HEAD + row * ((size - len(HEAD)) // len(row))
    return rows[:-1] + b" " * (size - len(rows)) + b"\n"


@pytest.mark.django_db
def test_a_file_of_no_special_kind_has_ten_mib(data_folder: Path) -> None:
    chunk = bytes(MIB)
    assert uploads.keep([chunk] * 10).size == 10 * MIB
    with pytest.raises(Refused, match="at most 10 MiB"):
        uploads.keep([*[chunk] * 10, b"x"])
    assert [file.stat().st_size for file in (data_folder / "uploads").iterdir()] == [10 * MIB]


@pytest.mark.django_db
def test_an_event_log_has_fifty_mib_unless_the_administrator_says_otherwise(
    world: World, settings: Any, data_folder: Path
) -> None:
    assert settings.EVENT_LOG_LIMIT_MIB == 50
    settings.EVENT_LOG_LIMIT_MIB = 1
    client = world.client(world.lin_mei)
    for size, status in ((MIB, 302), (MIB + 1, 422)):
        file = SimpleUploadedFile(f"{size}.csv", log_of(size))
        assert client.post("/discovery/", {"file": file}).status_code == status, size
    assert EventLog.objects.get().size == MIB
    assert len(list((data_folder / "uploads").iterdir())) == 1


@pytest.mark.django_db
def test_bounds_of_a_packed_log(settings: Any) -> None:
    """Ten times the packed limit unpacked, or 512 MiB, whichever is more; never more than a hundred times its size."""
    settings.EVENT_LOG_LIMIT_MIB = 50
    assert (limits().packed, limits().unpacked, limits().ratio) == (50 * MIB, 512 * MIB, 100)
    settings.EVENT_LOG_LIMIT_MIB = 80
    assert (limits().packed, limits().unpacked) == (80 * MIB, 800 * MIB)


def test_a_packed_log_is_read_up_to_its_bound_and_no_further(tmp_path: Path) -> None:
    file = tmp_path / "log.csv.gz"
    content = log_of(MIB)
    file.write_bytes(gzip.compress(content))
    assert read(file, limits=Limits(unpacked=MIB)).frame.height > 50_000
    with pytest.raises(ReadError, match="unpack"):
        read(file, limits=Limits(unpacked=MIB - 1))


def test_what_packs_too_well_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "bomb.csv.gz"
    file.write_bytes(gzip.compress(log_of(12 * MIB)))
    packed = file.stat().st_size
    assert 12 * MIB / packed > 100
    with pytest.raises(ReadError):
        read(file, limits=Limits())
    assert read(file, limits=Limits(ratio=12 * MIB // packed + 1)).frame.height > 500_000


def _head(live: LiveBaton, cookies: str, length: int) -> bytes:
    """The beginning of a request that brings a file of ``length`` bytes in all."""
    host = live.url.removeprefix("http://")
    return (
        f"POST /discovery/ HTTP/1.1\r\nHost: {host}\r\nOrigin: {live.url}\r\nCookie: {cookies}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


def _memory(live: LiveBaton) -> int:
    """KiB at most in use by any process of the server so far."""
    workers = Path(f"/proc/{live.process.pid}/task/{live.process.pid}/children").read_text().split()
    texts = (Path(f"/proc/{pid}/status").read_text() for pid in workers)
    return max(int(re.findall(r"VmHWM:\s+(\d+)", text)[0]) for text in texts)


def _sent(sending: socket.socket, pieces: Iterable[bytes], over: int, spool: Path) -> tuple[float, int, int]:
    """Send the pieces as far as the server takes them: when number ``over`` went out, the most in ``spool``, and how
    many went."""
    passed, largest, number = 0.0, 0, 0
    with suppress(BrokenPipeError, ConnectionResetError):
        for number, piece in enumerate(pieces):
            if number == over:
                passed = time.monotonic()
            sending.sendall(piece)
            largest = max(largest, sum(file.stat().st_size for file in spool.rglob("*") if file.is_file()))
    return passed, largest, number


def _received(sending: socket.socket) -> str:
    """What the server said before it closed the connection."""
    said = b""
    with suppress(ConnectionResetError):
        while piece := sending.recv(65_536):
            said += piece
    return said.decode()


@pytest.mark.sqlite
@pytest.mark.slow
def test_b022_a_gigabyte_sent_to_a_server_is_refused_and_kept_nowhere(committed_db: Databases, tmp_path: Path) -> None:
    """The answer comes soon after the byte that was one too many; disk and memory never hold the file."""
    if not Path("/proc/self/status").exists():
        pytest.skip("the memory of a process is read from /proc, which is not here")
    spool = tmp_path / "spool"
    spool.mkdir()
    limit, whole, piece = 10, 1_000, bytes(MIB)
    world = build()
    with serve(
        committed_db, tmp_path / "data", settings={"BATON_EVENT_LOG_LIMIT_MIB": str(limit), "TMPDIR": str(spool)}
    ) as live:
        client = world.client(world.lin_mei)
        client.get("/discovery/")
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        token = client.cookies[configured.CSRF_COOKIE_NAME].value
        begin = (
            f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            '--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n\r\n'
        ).encode()
        end = b"\r\n--b--\r\n"
        before = _memory(live)
        host, port = live.url.removeprefix("http://").split(":")
        request = _head(live, cookies, len(begin) + whole * MIB + len(end)) + begin
        pieces = itertools.chain([request], itertools.repeat(piece, whole), [end])
        with socket.create_connection((host, int(port)), timeout=60) as sending:
            passed, largest, sent = _sent(sending, pieces, limit + 2, spool)
            answer = _received(sending)
            took = time.monotonic() - passed
        assert answer.startswith("HTTP/1.1 413")
        assert "too large" in answer.lower()
        assert sent < whole / 2, "what he refuses he does not read to its end"
        assert took < 20  # half a second on a machine that does nothing else
        assert largest <= limit * MIB + 1_000_000
        assert _memory(live) - before < 50 * 1024
        assert list(spool.rglob("*.upload*")) == []
        assert not (live.data / "uploads").exists() or not list((live.data / "uploads").iterdir())
        assert client.get("/discovery/").status_code == 200
