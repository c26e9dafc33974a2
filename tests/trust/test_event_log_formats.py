"""Excel workbooks and object-centric logs through the page that brings event logs, to the result and the refusal."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baton.chain.models import EventLog
from tests.analysis.readers.books import book
from tests.analysis.readers.test_ocel import as_json
from tests.world import World

pytestmark = pytest.mark.django_db

ROWS = [["Ticket", "Team", "Changed"], ["1", "Ward", "2026-01-01 08:00"], ["1", "Lab", "2026-01-01 09:00"]]


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [("tickets.xlsx", book(ROWS), "xlsx"), ("orders.json", json.dumps(as_json()).encode(), "ocel")],
)
def test_a_workbook_and_an_object_centric_log_are_brought(world: World, name: str, content: bytes, format: str) -> None:
    client = world.client(world.lin_mei)
    answer = client.post("/discovery/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302
    log = EventLog.objects.get()
    assert log.format == format
    page = client.get(answer["Location"], follow=True).content.decode()
    assert ("Ticket" if format == "xlsx" else "employees") in page


def test_a_cut_off_workbook_is_refused_beside_the_field(world: World) -> None:
    client = world.client(world.lin_mei)
    answer = client.post("/discovery/", {"file": SimpleUploadedFile("tickets.xlsx", book(ROWS)[:-100])})
    assert answer.status_code == 422
    assert not EventLog.objects.exists()
