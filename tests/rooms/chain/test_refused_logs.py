"""Event logs that cannot be taken or read: what is said, and that nothing is kept."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baton.chain.models import EventLog
from baton.core.worker import Worker
from tests.rooms.chain.test_event_logs import bring, log_file, mine
from tests.world import World

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.django_db


def test_b023_the_same_file_twice_is_refused_beside_the_field(world: World) -> None:
    client = world.client(world.lin_mei)
    bring(client)
    again = client.post("/discovery/", {"file": log_file(name="copy.csv")})
    assert again.status_code == 422
    assert "already here as “specimens.csv”" in again.content.decode()
    assert EventLog.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("b001.csv", b"", "empty"),
        ("b002.csv", b"case,time,team\n", "header"),
        ("b036.xes", b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "b">]><log>&a;</log>', "entit"),
        ("b035.xlsx", b"PK\x03\x04 not a log", "CSV"),
        ("truncated.xes.gz", gzip.compress(b"<log><trace></trace></log>" * 500, mtime=0)[:60], "gz"),
    ],
)
def test_unreadable_files_are_refused_with_what_to_do(world: World, name: str, content: bytes, said: str) -> None:
    client = world.client(world.lin_mei)
    answer = client.post("/discovery/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert EventLog.objects.count() == 0


def test_nothing_is_kept_of_a_refused_upload(world: World, settings: object) -> None:
    from django.conf import settings as configured

    client = world.client(world.lin_mei)
    folder = Path(configured.DATA_DIR) / "uploads"
    before = set(folder.iterdir()) if folder.is_dir() else set()
    client.post("/discovery/", {"file": SimpleUploadedFile("x.csv", b"\x00\x01\x02")})
    assert (set(folder.iterdir()) if folder.is_dir() else set()) == before


def test_upload_over_the_limit_is_refused(world: World, settings: pytest.FixtureRequest) -> None:
    settings.EVENT_LOG_LIMIT_MIB = 1  # type: ignore[attr-defined]
    client = world.client(world.lin_mei)
    answer = client.post("/discovery/", {"file": SimpleUploadedFile("big.csv", b"a,b\n" + b"1,2\n" * 300_000)})
    assert answer.status_code == 422
    assert "at most 1 MiB" in answer.content.decode()


def test_a_file_that_breaks_while_it_is_read_is_explained_and_may_be_tried_again(world: World) -> None:
    client = world.client(world.lin_mei)
    rows = [(f"c{n}", f"2026-03-02T08:{n % 60:02d}:00Z", "a", "T") for n in range(5000)]
    rows.append(("c9", "2026-02-31T08:00:00Z", "a", "T"))
    log = mine(client, bring(client, log_file(rows)))
    assert log.state == "failed"
    page = client.get(f"/discovery/{log.public_id}/columns/").content.decode()
    assert "2026-02-31" in page
    assert mine(client, log, time="").state == "mined"


def test_a_log_whose_file_is_gone_does_not_stay_being_read(world: World) -> None:
    from baton.core import uploads

    client = world.client(world.lin_mei)
    log = bring(client)
    sent = {"case": "case", "party": "team", "party_kind": "team", "zone": "UTC", "version": log.changed_seq}
    client.post(f"/discovery/{log.public_id}/columns/", sent)
    uploads.location(log.path).unlink()
    Worker().drain(timezone.now() + timedelta(seconds=5))
    assert EventLog.objects.get(pk=log.pk).state == "failed"
