"""A PostgreSQL server of the test session's own, started from the machine's binaries and gone when the session ends.

It listens on a Unix socket in a temporary folder only, in memory where there is room, so that it meets no other server,
no port and no other user.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.folders import fast_folder

PR_SET_PDEATHSIG = 1  # From <linux/prctl.h>.
PORT = 5432  # Names the socket file only; nothing listens on the network.


class NoPostgres(Exception):
    """The machine has no PostgreSQL server to start; the message says what to install."""


def find_binaries() -> Path:
    """The newest folder that holds ``initdb`` and ``postgres``. Raises :class:`NoPostgres`."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("No PostgreSQL server was found; install Debian's package `postgresql` or add initdb to the path.")


class PostgresServer:
    """One running server; :attr:`folder` holds its socket, its files and its log.

    With ``durable`` its commits wait for the disk, as benchmarks need.
    PostgreSQL refuses to run as root; then it runs as the user ``postgres`` (or ``nobody`` where there is none).
    """

    def __init__(self, *, durable: bool = False) -> None:
        binaries = find_binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="baton-pg-", dir="/tmp" if durable else fast_folder()))
        self._account = _account() if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self._log = (self.folder / "log").open("wb")
        self._run(
            [binaries / "initdb", "--pgdata", self.folder / "data", "--username", "baton", "--auth", "trust"]
            + ["--encoding", "UTF8", "--no-locale", "--no-sync"]
        )
        # Without fsync the server is as exact as ever, only not safe against a power cut, which no test makes. Small
        # tables need neither compiled queries nor somebody who tidies them up.
        fast: tuple[str, ...] = () if durable else ("fsync=off", "full_page_writes=off", "jit=off", "autovacuum=off")
        self._process = self._start(
            [binaries / "postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(PORT)]
            + [part for name in (*fast, "max_connections=200") for part in ("-c", name)]
            + ["-c", "listen_addresses="]
        )
        try:
            self._wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def url(self, name: str) -> str:
        """The ``DATABASE_URL`` of one database of this server."""
        return f"postgresql://baton@{quote(str(self.folder), safe='')}:{PORT}/{name}"

    def stop(self) -> None:
        """End the server, by its own process id, and remove its files."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as refused:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(errors="replace")
                    raise NoPostgres(f"The PostgreSQL server did not start:\n{log}") from refused
                time.sleep(0.05)
            else:
                return

    def _run(self, command: list[str | Path]) -> None:
        code = self._start(command).wait()
        if code != 0:
            log = (self.folder / "log").read_text(errors="replace")
            shutil.rmtree(self.folder, ignore_errors=True)
            raise NoPostgres(f"{command[0]} ended with {code}:\n{log}")

    def _start(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        account = self._account
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            cwd=self.folder,
            # Its own process group: Ctrl-C reaches pytest, which then ends the server in order.
            process_group=0,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _end_with_parent() -> None:
    """In the child: get SIGINT (a fast shutdown) when the test session dies, even if it is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def _account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody` to run it.")
