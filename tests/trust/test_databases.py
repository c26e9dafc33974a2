"""The databases of the tests: copies are apart from each other, commits are commits, the trail cannot be emptied."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.databases import Databases, Template, connected

COUNT_SESSIONS = """
import django
django.setup()
from django.contrib.sessions.models import Session
print(Session.objects.count())
"""


def add_session(key: str) -> None:
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now())


def count_sessions() -> int:
    from django.contrib.sessions.models import Session

    return Session.objects.count()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["first", "second"])
def test_what_a_test_writes_is_rolled_back(key: str) -> None:
    add_session(key)
    assert count_sessions() == 1


def test_other_processes_and_threads_see_a_commit(committed_db: Databases) -> None:
    add_session("committed")
    environment = os.environ | {"DATABASE_URL": committed_db.url}
    ran = subprocess.run([sys.executable, "-c", COUNT_SESSIONS], env=environment, capture_output=True, text=True)
    assert ran.stdout.strip() == "1", ran.stderr

    counted: list[int] = []

    def count() -> None:
        from django.db import connections

        counted.append(count_sessions())
        connections.close_all()

    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    assert counted == [1]


def test_copies_are_apart(committed_db: Databases, template: Template) -> None:
    add_session("here")
    other = template.copy()
    with connected(other):
        assert count_sessions() == 0
        add_session("there")
        add_session("there too")
    assert count_sessions() == 1
    template.drop(other)


def test_emptying_tables_is_refused(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    planted.write_text("import pytest\n\n@pytest.mark.django_db(transaction=True)\ndef test_flush(): pass\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.conftest", "-c", "pyproject.toml"]
    ran = subprocess.run([*command, str(planted)], cwd=pytestconfig.rootpath, capture_output=True, text=True)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert "use committed_db" in ran.stderr
