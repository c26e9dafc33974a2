"""Watched folders: tables laid into them are imported, put away, and failures are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from baton.chain.models import Party
from baton.core.imports.folders import look, place_of
from baton.core.models import ImportRun, Notification, WatchedFolder
from tests.rooms.imports.tables import SYSTEM
from tests.world import World

HEAD = "Code,Name (English),Kind\n"


def laid(folder: WatchedFolder, name: str, text: str) -> Path:
    place = place_of(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text)
    return place


def test_tables_are_imported_and_put_away_and_failures_told(world: World) -> None:
    client = world.client(world.lin_mei)
    sent = client.post("/data/imports/folders/", {"name": "hr-parties", "target": "organisation"})
    assert sent.status_code == 302, sent.content.decode()
    for bad in ("../up", "UP", "a/b", "hr-parties", ""):
        assert client.post("/data/imports/folders/", {"name": bad, "target": "organisation"}).status_code == 422, bad
    folder = WatchedFolder.objects.get()
    assert Path(settings.DATA_DIR) in place_of(folder).parents
    place = laid(folder, "good.csv", HEAD + "X1,Theatre,Department\n")
    laid(folder, "bad.csv", HEAD + "X2,Recovery,Room\n")
    laid(folder, "broken.csv", "")
    assert look(by=SYSTEM, at=timezone.now()) == 0, "files may still be on their way"
    later = timezone.now() + timedelta(minutes=5)
    assert look(by=SYSTEM, at=later) == 3
    assert Party.objects.filter(code="X1").exists()
    assert not Party.objects.filter(code="X2").exists()
    assert [file.name.partition("-")[2] for file in (place / "done").iterdir()] == ["good.csv"]
    assert {file.name.partition("-")[2] for file in (place / "failed").iterdir()} == {"bad.csv", "broken.csv"}
    told = set(Notification.objects.filter(person=world.lin_mei).values_list("topic", flat=True))
    assert told == {"core.import_entered", "core.import_waits", "core.import_failed"}
    assert look(by=SYSTEM, at=later) == 0

    laid(folder, f"{'x' * 250}.csv", HEAD + "X1,Theatre,Department\n")
    assert look(by=SYSTEM, at=later + timedelta(minutes=5)) == 1
    assert ImportRun.objects.latest("pk").rows_unchanged == 1
    assert look(by=SYSTEM, at=later + timedelta(minutes=5)) == 0, "the longest name is put away, too"
    assert client.post(f"/data/imports/folders/{folder.public_id}/", {"active": "no"}).status_code == 302
    laid(folder, "later.csv", HEAD + "X3,Ward,Department\n")
    assert look(by=SYSTEM, at=later + timedelta(minutes=9)) == 0
    assert "imports/hr-parties/" in client.get("/data/imports/folders/").content.decode()
    assert world.client(world.chen_jie).get("/data/imports/folders/").status_code == 403


def test_a_folder_with_an_hour_is_looked_into_then_and_tells_when_nothing_came(world: World) -> None:
    client = world.client(world.lin_mei)
    values = {"name": "nightly", "target": "organisation", "hour": "2"}
    assert client.post("/data/imports/folders/", values).status_code == 302
    folder = WatchedFolder.objects.get()
    night = (timezone.now() + timedelta(days=1)).replace(hour=2, minute=0)
    laid(folder, "tonight.csv", HEAD + "X1,Theatre,Department\n")
    assert look(by=SYSTEM, at=night - timedelta(hours=1)) == 0
    assert look(by=SYSTEM, at=night + timedelta(minutes=5)) == 1
    assert look(by=SYSTEM, at=night + timedelta(minutes=55)) == 0
    missing = Notification.objects.filter(person=world.lin_mei, topic="core.import_missing")
    assert not missing.exists(), "it came at five past"
    later = night + timedelta(days=1, minutes=50)
    assert look(by=SYSTEM, at=later) == look(by=SYSTEM, at=later + timedelta(minutes=5)) == 0
    assert missing.count() == 1
    page = client.get("/data/imports/folders/").content.decode()
    assert "02:00" in page
