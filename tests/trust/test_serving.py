"""Web server and worker live and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.databases import Databases

RUN_TOGETHER = """
import os, sys
from baton.config.serving import run_together
patient = "import os, signal; os.write(1, f'{os.getpid()}{os.linesep}'.encode()); signal.pause()"
failing = "import sys; sys.stdin.readline(); sys.exit(3)"
second = failing if sys.argv[1] == "failing" else patient
commands = {name: [sys.executable, "-c", code] for name, code in (("web server", patient), ("worker", second))}
sys.exit(run_together(commands, dict(os.environ)))
"""


def started(second: str) -> subprocess.Popen[str]:
    """Two processes run together; the first prints its id, the second does too, or fails once a line is written.

    They share one pipe: an id and its end of line are one write, so that neither stands between the other's.
    """
    command = [sys.executable, "-c", RUN_TOGETHER, second]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, **pipes)


def read_pid(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.sqlite
def test_a_child_that_dies_ends_the_other() -> None:
    process = started("failing")
    web = read_pid(process)
    _, errors = process.communicate("now\n", timeout=120)
    assert process.returncode == 3
    assert "The worker ended (exit code 3)" in errors
    assert is_gone(web)


@pytest.mark.sqlite
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both_and_is_no_failure(number: signal.Signals) -> None:
    process = started("patient")
    children = [read_pid(process), read_pid(process)]
    process.send_signal(number)
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert [is_gone(child) for child in children] == [True, True]


def loaded(databases: Databases) -> subprocess.CompletedProcess[str]:
    """Load the application as a web server does, on the databases of the test."""
    command = [sys.executable, "-c", "import baton.config.wsgi"]
    environment = {**os.environ, "DATABASE_URL": databases.url}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_an_unprotected_trail_is_not_served_until_migrate_has_mended_it(committed_db: Databases) -> None:
    from click.testing import CliRunner
    from django.db import connection

    from baton.config.cli import main
    from baton.core.audit import triggers

    assert loaded(committed_db).returncode == 0
    triggers.drop(connection)
    refused = loaded(committed_db)
    assert refused.returncode == 3  # gunicorn ends, instead of starting one process after the other
    assert "The audit trail is not protected" in refused.stderr
    assert "Traceback" not in refused.stderr
    serve = [sys.executable, "-m", "baton.config", "serve", "--port", "0", "--workers", "1"]
    environment = {**os.environ, "DATABASE_URL": committed_db.url}
    ended = subprocess.run(serve, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "The audit trail is not protected" in ended.stderr
    worker = CliRunner().invoke(main, ["worker", "--once"])
    assert (worker.exit_code, "The audit trail is not protected" in worker.stderr) == (3, True)
    assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
    assert CliRunner().invoke(main, ["worker", "--once"]).exit_code == 0
    assert loaded(committed_db).returncode == 0
