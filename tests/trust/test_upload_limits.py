"""Both sides of every bound on a file: the last byte that is accepted, and the first one that is refused."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.chain.facts import limits
from baton.chain.models import EventLog
from baton.core import uploads
from baton.core.errors import Refused
from baton_analysis.errors import ReadError
from baton_analysis.readers import Limits, read
from tests.world import World

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
