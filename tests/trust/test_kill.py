"""kill -9 in the middle of writing: what was acknowledged is there, the trail holds, work goes on at once.

The long forms are ``python3 -m benchmarks.kill --rounds 100`` for writers and, for the server,
``python3 run.py test tests/trust/test_kill.py --exhaustive``.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection

from baton.core.actors import Actor
from baton.core.audit.verify import verify
from baton.core.changes import add_person
from baton.core.models import AuditEntry
from tests.databases import Databases
from tests.exhaustive import shortly
from tests.servers import serve
from tests.world import World

AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ROUNDS = 3


@pytest.mark.slow
def test_killed_writers_lose_nothing_acknowledged(committed_db: Databases, data_folder: Path) -> None:
    """In a process of its own: writers are forked, and who forks must have no database open in any thread."""
    command = [sys.executable, "-m", "benchmarks.kill", "--here", "--rounds", str(ROUNDS), "--writers", "3"]
    here = os.environ | {"DATABASE_URL": committed_db.url, "BATON_DATA": str(data_folder)}
    ran = subprocess.run(
        [*command, "--database", connection.vendor], env=here, capture_output=True, text=True, timeout=240, check=True
    )
    tally = json.loads(ran.stdout.splitlines()[-1])
    assert (tally["rounds"], tally["lost"], tally["broken_chains"]) == (ROUNDS, 0, 0)
    assert tally["acknowledged"] > 0


class FormFields(HTMLParser):
    """The fields of the form that carries a ``submission``, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._current: dict[str, str] = {}
        self._select = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._current = {}
        elif tag == "input" and given.get("name"):
            self._current[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and "selected" in given:
            self._current[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form" and "submission" in self._current:
            self.fields = self._current


class Writer(threading.Thread):
    """Somebody who changes his own name in a browser, over and over, until the server is gone.

    ``acknowledged`` is the last number that the server said it had saved; ``problem`` anything but a lost connection.
    """

    def __init__(self, url: str, session: str, stored: int) -> None:
        super().__init__()
        self._address = url.removeprefix("http://")
        self._cookies = {"baton": session}
        self.acknowledged = self.before = stored
        self.problem = ""

    def run(self) -> None:
        try:
            while not self.problem:
                self._save(self.acknowledged + 1)
        except (OSError, http.client.HTTPException):
            """The server was killed."""

    def _save(self, number: int) -> None:
        status, page = self._ask("GET", None)
        fields = FormFields(page).fields | {"name_en": f"Number {number}"}
        if status == 200:
            status, page = self._ask("POST", urllib.parse.urlencode(fields))
        if status == 302:
            self.acknowledged = number
        else:
            self.problem = f"{status}: {page[:2000]}"

    def _ask(self, method: str, body: str | None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._address, timeout=60)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(method, "/me/", body, {"Cookie": cookies, **kind})
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie", []):
                name, _is, value = header.partition(";")[0].partition("=")
                self._cookies[name] = value
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.mark.slow
def test_killed_server_loses_nothing_that_a_page_said_was_saved(
    committed_db: Databases, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by, chance = Actor.system("test"), random.Random(11)
    people = [add_person(by=by, at=AT, sign_in_name=f"p{number}", name={"en": "Number 0"}) for number in range(3)]
    stored, kills = [0, 0, 0], shortly(2, 100)
    for _ in range(kills):
        with serve(committed_db, data_folder, workers=2) as live:
            sessions = [World.client(person).cookies["baton"].value for person in people]
            writers = [Writer(live.url, *given) for given in zip(sessions, stored, strict=True)]
            for writer in writers:
                writer.start()
            wait_for_work(writers)
            time.sleep(chance.uniform(0.1, 0.8))
            live.kill()
            for writer in writers:
                writer.join()
        assert [writer.problem for writer in writers] == ["", "", ""]
        for number, (person, writer) in enumerate(zip(people, writers, strict=True)):
            person.refresh_from_db()
            stored[number] = int(person.name["en"].removeprefix("Number "))
            assert writer.acknowledged > writer.before
            assert stored[number] - writer.acknowledged in {0, 1}  # 1: the answer was under way
    assert verify().holds
    edits = AuditEntry.objects.filter(action="person.edited")
    assert [edits.filter(object_id=person.public_id).count() for person in people] == stored
    with capsys.disabled():
        print(f"{kills} kill -9 of the server on {connection.vendor}: {sum(stored)} changes stored, none lost")


def wait_for_work(writers: list[Writer]) -> None:
    """Until everybody has saved something, or has met a problem."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not all(
        writer.acknowledged > writer.before or writer.problem for writer in writers
    ):
        for writer in writers:
            writer.join(0.02)
