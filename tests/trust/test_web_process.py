"""Requests stand in one line before all web processes, on kept connections too."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baton.config.web_process import AT_ONCE

pytestmark = pytest.mark.sqlite

APPLICATION = """
import os
from baton.config import web_process

web_process.LONG = float(os.environ["LONG"])

def application(environ, start_response):
    asked = environ["PATH_INFO"].strip("/")
    if asked:  # answered once somebody writes into the pipe of this name
        os.mkfifo(asked + ".new")
        os.rename(asked + ".new", asked)
        with open(asked) as pipe:
            pipe.read()
    said = f"{os.getpid()} {environ['REMOTE_ADDR']}:{environ['REMOTE_PORT']}".encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]
"""


class Server:
    """Web processes with an application that says which process answers and whom, when it is let."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.folder, self.port, self.process = folder, port, process

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def connect_to(self, process: int) -> http.client.HTTPConnection:
        """A connection that this process keeps."""
        while True:
            connection = self.connect()
            if answered(connection)[0] == process:
                return connection
            connection.close()

    def hold(self, connection: http.client.HTTPConnection, name: str) -> None:
        """Ask for what is answered after :meth:`let`; a process is at work on it when this comes back."""
        connection.request("GET", f"/{name}")
        self.wait_for(name)

    def wait_for(self, name: str) -> None:
        while not (self.folder / name).exists():
            assert self.process.poll() is None
            os.sched_yield()

    def let(self, name: str) -> None:
        (self.folder / name).write_text("")


@contextmanager
def serving(folder: Path, *, long: float) -> Iterator[Server]:
    (folder / "application.py").write_text(APPLICATION)
    command = [sys.executable, "-m", "gunicorn", "application", "--worker-class", "baton.config.web_process.WebProcess"]
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        command += ["--bind", f"fd://{listening.fileno()}", "--workers", "2", "--threads", "4", "--keep-alive", "60"]
        process = subprocess.Popen(
            [*command, "--no-control-socket", "--log-level", "warning"], cwd=folder, pass_fds=[listening.fileno()],
            env={**os.environ, "LONG": str(long)},
        )  # fmt: skip
        port = listening.getsockname()[1]
    try:
        yield Server(folder, port, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def answered(connection: http.client.HTTPConnection, path: str = "/") -> tuple[int, str]:
    """Which process answered, and whom."""
    connection.request("GET", path)
    return said(connection)


def said(connection: http.client.HTTPConnection) -> tuple[int, str]:
    process, whom = connection.getresponse().read().decode().split()
    return int(process), whom


def address(connection: http.client.HTTPConnection) -> str:
    host, port = connection.sock.getsockname()
    return f"{host}:{port}"


def take_all_turns(server: Server, process: int) -> list[str]:
    """Give a process as much to do as it works on at once; what it is held by."""
    names = [f"held-{process}-{place}" for place in range(AT_ONCE)]
    kept = [server.connect_to(process) for _name in names]
    for connection, name in zip(kept, names, strict=True):
        server.hold(connection, name)
    return names


def test_a_kept_connection_is_answered_by_whichever_process_has_a_turn(tmp_path: Path) -> None:
    with serving(tmp_path, long=600) as server:
        kept = server.connect()
        first, mine = answered(kept)
        assert mine == address(kept)
        names = take_all_turns(server, first)
        other, whom = answered(kept)
        # The same connection, to the same visitor; from now on the other process keeps it.
        assert (other != first, whom, address(kept)) == (True, mine, mine)
        for name in names:
            server.let(name)
        assert answered(kept) == (other, mine)


def test_requests_that_take_long_leave_their_turns_to_others(tmp_path: Path) -> None:
    with serving(tmp_path, long=0) as server:
        kept = server.connect()
        process, _whom = answered(kept)
        names = take_all_turns(server, process)
        assert answered(kept)[0] == process
        for name in names:
            server.let(name)


def test_who_stands_in_the_line_when_the_server_ends_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path, long=600) as server:
        names = take_all_turns(server, answered(server.connect())[0])
        kept = server.connect()
        second, mine = answered(kept)
        names += take_all_turns(server, second)
        kept.request("GET", "/last")  # no process has a turn
        server.process.send_signal(signal.SIGTERM)
        server.wait_for("last")
        for name in [*names, "last"]:
            server.let(name)
        assert said(kept)[1] == mine
        assert server.process.wait(timeout=60) == 0
