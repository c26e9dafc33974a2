"""A web process that begins with a request only when it has a turn for it.

Each process answers in threads that share one interpreter. With a thread for every request that comes, those it works
on slow each other down, and one that holds the lock for writing slows every other writer down too; meanwhile another
process may have nothing to do, because a connection belongs for its life to the process that took it first. Here all
requests stand in one line before all processes, and whichever has a turn takes the next.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

AT_ONCE = 2
"""Requests on which a process works at the same time: one that computes while others wait for the database."""

LONG = 1.0
"""Seconds after which a request no longer counts: it waits for something slow, such as a file from a telephone."""

SWITCH = 0.001
"""Seconds after which a thread that computes lets another go on that comes back from the database; one that holds the
lock for writing comes back dozens of times before it lets go of it."""


def _line() -> tuple[socket.socket, socket.socket]:
    """Where a connection goes in at the first end and comes out at the second, in whichever process takes it."""
    kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
    ends = socket.socketpair(socket.AF_UNIX, kind)
    for end in ends:
        end.setblocking(False)
    return ends


# Made when gunicorn reads this class, before it starts the processes, which all inherit it.
_IN, _OUT = _line()


class WebProcess(ThreadWorker):  # type: ignore[misc]
    """gunicorn's process with threads; a kept connection on which a request arrives when all turns are taken goes back
    into the line. Everything here happens in the thread that waits for connections."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._began: dict[TConn, float] = {}

    def init_process(self) -> None:
        sys.setswitchinterval(SWITCH)
        if hasattr(socket, "TCP_DEFER_ACCEPT"):
            # A browser opens connections that it may need: they come when something is asked on them.
            for listener in self.sockets:
                with contextlib.suppress(OSError):
                    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, int(self.cfg.keepalive) or 1)
        super().init_process()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self.alive:
            self.set_accept_enabled(self._has_turn())
        super().wait_for_and_dispatch_events(timeout)

    def set_accept_enabled(self, enabled: bool) -> None:
        was = self._accepting
        super().set_accept_enabled(enabled and self._has_turn())
        if self._accepting and not was:
            self.poller.register(_OUT, EVENT_READ, self._take_over)
        elif was and not self._accepting:
            self.poller.unregister(_OUT)
        if not self.alive:
            while self._take_over(_OUT):
                pass

    def accept(self, listener: Any) -> None:
        if self._has_turn():
            super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        self._began[conn] = time.monotonic()
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        self._began.pop(conn, None)
        super().finish_request(conn, fs)

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        # Whoever asks again at once would else be before those in the line each time.
        while self.alive and self._take_over(_OUT):
            pass
        if not self.alive or self._has_turn() or not self._passed_on(conn):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def _has_turn(self) -> bool:
        since = time.monotonic() - LONG
        return (
            len(self._began) < self.cfg.threads
            and self.nr_conns < self.worker_connections
            and sum(began > since for began in self._began.values()) < AT_ONCE
        )

    def _passed_on(self, conn: TConn) -> bool:
        """Whether the connection is in the line; what is encrypted is known to this process alone."""
        if self.cfg.is_ssl or conn.is_http2 or self.cfg.workers < 2:
            return False
        try:
            socket.send_fds(_IN, [json.dumps([conn.client, conn.server]).encode()], [conn.sock.fileno()])
        except OSError:  # the line is full
            return False
        return True

    def _take_over(self, line: socket.socket) -> bool:
        """Take the next connection of the line, on which a request has arrived; whether there was one."""
        if self.alive and not self._has_turn():
            return False
        try:
            said, handed, _flags, _from = socket.recv_fds(line, 1024, 1)
        except BlockingIOError:
            return False
        client, server = json.loads(said)
        conn = TConn(self.cfg, socket.socket(fileno=handed[0]), _address(client), _address(server))
        conn.data_ready = True
        self.nr_conns += 1
        self.enqueue_req(conn)
        return True


def _address(said: Any) -> Any:
    return tuple(said) if isinstance(said, list) else said
