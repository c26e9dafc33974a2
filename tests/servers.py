"""A real server for tests: gunicorn in a process of its own, on a database and data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import Databases, Template, connected

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

# Only what fails waits as long; a busy machine is no failure.
SECONDS_TO_START = 120


@dataclass(frozen=True)
class LiveBaton:
    """A running server; ``url`` has no slash at its end."""

    url: str
    databases: Databases
    data: Path
    log: Path
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End the server and its workers at once, as a crash would (SIGKILL to its process group)."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serve(
    databases: Databases, data: Path, *, workers: int = 1, settings: dict[str, str] | None = None,
    host: str = "127.0.0.1",
) -> Iterator[LiveBaton]:  # fmt: skip
    """Run Baton on ``databases`` with the data folder ``data`` until the block ends.

    ``settings`` are further environment variables, ``host`` is what this machine is called in its address. Raises
    ``RuntimeError`` with the server's log when it does not answer within :data:`SECONDS_TO_START`.
    """
    data.mkdir(parents=True, exist_ok=True)
    log = data / "server.log"
    with socket.socket() as listening, log.open("wb") as out:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        url = f"http://{host}:{listening.getsockname()[1]}"
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "baton.config.wsgi", "--bind", f"fd://{listening.fileno()}",
                "--worker-class", "baton.config.web_process.WebProcess", "--threads", "4", "--workers", str(workers),
                "--no-control-socket",
            ],
            env=_environment(databases, data, url) | (settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=[listening.fileno()],
            process_group=0,
        )  # fmt: skip
    live = LiveBaton(url, databases, data, log, process)
    try:
        _wait_until_answering(live)
        yield live
    finally:
        # How a server ends in order is a test of its own; here nobody waits for it.
        if process.poll() is None:
            live.kill()


def _environment(databases: Databases, data: Path, url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": databases.url, "BATON_DATA": str(data), "BATON_BASE_URL": url}


def _wait_until_answering(live: LiveBaton) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(f"{live.url}/health", timeout=SECONDS_TO_START).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError) as refused:
            if live.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start:\n{live.log.read_text(errors='replace')}") from refused
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="module")
def live_baton(
    template: Template,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveBaton]:
    """A server on an empty, migrated database that the tests of one module share.

    This process is connected to the same database and data folder meanwhile: what a test commits, the server shows.
    """
    from django.conf import settings

    databases = template.copy("live")
    data = tmp_path_factory.mktemp("live")
    before, settings.DATA_DIR = settings.DATA_DIR, data
    with django_db_blocker.unblock(), connected(databases), serve(databases, data) as live:
        yield live
    settings.DATA_DIR = before
    template.drop(databases)
