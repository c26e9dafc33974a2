"""A start that is refused ends with exit code 3 and a message that says what to do, without a traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from baton.core.rules import START_REFUSED
from tests.databases import Databases


def baton(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; a value of “” takes a variable away."""
    given = {name: value for name, value in (os.environ | environment).items() if value}
    command = [sys.executable, "-m", "baton.config", *arguments]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=120, check=False)


def refused(ran: subprocess.CompletedProcess[str], *said: str) -> None:
    assert ran.returncode == START_REFUSED == 3, ran.stderr
    assert "Traceback" not in ran.stderr
    for text in said:
        assert text in ran.stderr


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("setting", "value", "command"),
    [
        ("BATON_DEBUG", "perhaps", "serve --port 0"), ("BATON_BASE_URL", "baton.example", "worker --once"),
        ("BATON_PROXIES", "two", "check"), ("BATON_TIME_ZONE", "Mars/Base", "serve --port 0"),
        ("BATON_LANGUAGE", "tlh", "worker --once"), ("DATABASE_URL", "mysql://x/y", "check"),
        ("BATON_BASE_URL", "http://baton.example.org", "serve --port 0"),
        ("BATON_DATA", "/dev/null/data", "worker --once"), ("BATON_DATA", "/dev/null/data", "serve --port 0"),
        ("BATON_OWNER_DATABASE_URL", "sqlite:////tmp/x", "check"),
        ("BATON_PASSWORD_SIGN_IN", "administrators", "serve --port 0"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(setting: str, value: str, command: str) -> None:
    """One module reads the settings for all commands, so each setting is tried with one of them, in turn."""
    ran = baton(*command.split(), **{setting: value})
    refused(ran, "baton: ", setting if "DATABASE" not in setting else setting[:5])


@pytest.mark.sqlite
def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = baton("serve", "--port", str(port))
        refused(ran, f"port {port} of 127.0.0.1", "Another program listens there.", f"--port {port + 1}")
        assert "gunicorn" not in ran.stderr
        refused(baton("serve", "--port", str(port), LC_ALL="zh_CN.UTF-8"), "已有其他程序在监听")
    refused(
        baton("serve", "--address", "192.0.2.1", BATON_ALLOW_PLAIN_HTTP="yes"),
        "of 192.0.2.1", "does not have the address",
    )  # fmt: skip
    refused(baton("serve", "--port", "65536"), "from 0 to 65535")


@pytest.mark.sqlite
def test_the_secret_key_is_missing(committed_db: Databases, tmp_path: Path) -> None:
    data = {"BATON_SECRET_KEY": "", "BATON_DATA": str(tmp_path), "DATABASE_URL": ""}
    key = tmp_path / "secret_key"
    baton("check", **data)
    for file in Path(committed_db.names["default"]).parent.glob("*.sqlite3"):
        shutil.copyfile(file, tmp_path / file.name)
    kept = key.read_text()
    assert key.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob(".secret_key*")) == []
    key.unlink()
    for command in (("serve", "--port", "0"), ("worker", "--once"), ("people", "list")):
        refused(baton(*command, **data), "secret_key", "The file is missing", "Put it back")
    assert not key.exists(), "a new one would make the second factors unreadable without a word"
    key.write_text("\n")
    refused(baton("check", **data), "The file is empty")
    key.write_text(kept)
    assert baton("worker", "--once", **data).returncode == 0


def migrated_past(databases: Databases) -> None:
    MigrationRecorder.Migration.objects.create(app="core", name="9999_of_a_newer_program")


def not_migrated(databases: Databases) -> None:
    MigrationRecorder.Migration.objects.filter(app="chain").delete()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [(not_migrated, "The database is older than the program"), (migrated_past, "The database is newer")],
)
def test_a_database_of_another_version(committed_db: Databases, spoil: Any, said: str) -> None:
    spoil(committed_db)
    connection.close()
    for command in (("serve", "--port", "0", "--workers", "1"), ("worker", "--once")):
        refused(baton(*command, DATABASE_URL=committed_db.url), said)


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    nowhere = f"postgresql://nobody@{str(tmp_path).replace('/', '%2F')}/none"
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 1000)
    for url in (nowhere, f"sqlite:///{broken}"):
        refused(baton("worker", "--once", DATABASE_URL=url), "The database does not answer")


@pytest.mark.sqlite
def test_the_codes_stand_in_the_help() -> None:
    ran = baton("--help")
    assert ran.returncode == 0
    assert "3  not started" in ran.stdout
