"""One POST to an address that somebody has entered.

The name is resolved once; every address that it means must be allowed, and the connection goes to one of these very
addresses, so that a name that changes its mind in between gains nothing. No redirect is followed, nothing is
decompressed, at most 64 KiB are read, and after ten seconds in all the connection is cut, however slowly the other side
speaks.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from baton.core.outgoing.addresses import Target, is_allowed

SECONDS = 10.0
MOST_BYTES = 64 * 1024
MOST_HEADER_BYTES = 16 * 1024

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]*")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)


class Failure(StrEnum):
    """Why a call did not succeed.

    NAME      the name is not known, or the name service did not answer
    INNER     the name leads to a private or special address
    CONNECT   nobody answers at the address
    TLS       the certificate is not valid for the name, or encryption failed
    TIME      not answered within ten seconds
    ANSWER    what was answered is not HTTP, or its headers are too long
    REDIRECT  answered with a redirect, which is not followed
    STATUS    answered with a status that means no
    REFUSED   the answer says no, though its status says yes
    RATE      more than the receiver takes in a minute
    """

    NAME = "name"
    INNER = "inner"
    CONNECT = "connect"
    TLS = "tls"
    TIME = "time"
    ANSWER = "answer"
    REDIRECT = "redirect"
    STATUS = "status"
    REFUSED = "refused"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call: ``failure`` is None where the receiver took it (2xx). ``status`` 0: there was no answer.
    ``body`` is what was read of it, as it came."""

    failure: Failure | None
    status: int = 0
    body: bytes = b""
    milliseconds: int = 0


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _connect(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Wire:
    """How names are resolved (``resolve(host)`` gives addresses), connections opened (``connect(address, port,
    seconds)``) and certificates checked."""

    resolve: Callable[[str], list[str]] = _resolve
    connect: Callable[[str, int, float], socket.socket] = _connect
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS


INTERNET = Wire()


class _Failed(Exception):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.value)


@dataclass(slots=True)
class _Clock:
    """The time that is left of a call."""

    end: float
    cut: threading.Event = field(default_factory=threading.Event)

    def left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0 or self.cut.is_set():
            raise _Failed(Failure.TIME)
        return left


def post(target: Target, body: bytes, headers: Mapping[str, str], *, wire: Wire = INTERNET) -> Answer:
    """Send ``body`` and return what came of it; never raises for what the other side does.

    ValueError for a header that could end its line and begin another one.
    """
    request = _request(target, body, headers)
    began = time.monotonic()
    clock = _Clock(began + wire.seconds)
    failure: Failure | None
    try:
        status, answer = _exchange(target, request, wire, clock)
    except _Failed as failed:
        status, answer, failure = 0, b"", failed.failure
    else:
        failure = None if 200 <= status < 300 else Failure.REDIRECT if 300 <= status < 400 else Failure.STATUS
    return Answer(failure, status, answer, round((time.monotonic() - began) * 1000))


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    said = {
        "Host": target.host_header,
        "User-Agent": "Baton",
        "Accept": "application/json, text/plain",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **headers,
    }
    for name, value in said.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise ValueError(f"{name!r} is not a header that can be sent")
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _exchange(target: Target, request: bytes, wire: Wire, clock: _Clock) -> tuple[int, bytes]:
    address = _address_of(target.host, wire, clock)
    try:
        connection = wire.connect(address, target.port, clock.left())
    except TimeoutError as late:
        raise _Failed(Failure.TIME) from late
    except OSError as refused:
        raise _Failed(Failure.CONNECT) from refused
    if target.scheme == "https":
        # Not shaken yet: the guard below must be able to cut a handshake, too.
        connection = wire.context().wrap_socket(connection, server_hostname=target.host, do_handshake_on_connect=False)
    # A timeout of a socket counts from the last byte; this one counts from the beginning.
    guard = threading.Timer(clock.left(), _cut, [connection, clock])
    guard.daemon = True
    guard.start()
    try:
        connection.settimeout(clock.left())
        if isinstance(connection, ssl.SSLSocket):
            connection.do_handshake()
        connection.sendall(request)
        return _answer(connection, clock)
    except _Failed:
        raise
    except TimeoutError as late:
        raise _Failed(Failure.TIME) from late
    except ssl.SSLError as untrusted:
        raise _Failed(Failure.TIME if clock.cut.is_set() else Failure.TLS) from untrusted
    except OSError as broken:
        raise _Failed(Failure.TIME if clock.cut.is_set() else Failure.CONNECT) from broken
    finally:
        guard.cancel()
        connection.close()


def _cut(connection: socket.socket, clock: _Clock) -> None:
    clock.cut.set()
    with suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _address_of(host: str, wire: Wire, clock: _Clock) -> str:
    """The one address that is called; refused when any that the name means is not allowed."""
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            found.extend(wire.resolve(host))

    # The system's resolver knows no time limit of ours.
    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(clock.left())
    addresses = list(found)
    if not addresses:
        raise _Failed(Failure.NAME)
    if not all(is_allowed(address) for address in addresses):
        raise _Failed(Failure.INNER)
    return addresses[0]


def _answer(connection: socket.socket, clock: _Clock) -> tuple[int, bytes]:
    read = bytearray()
    while b"\r\n\r\n" not in read:
        if len(read) > MOST_HEADER_BYTES:
            raise _Failed(Failure.ANSWER)
        part = _more(connection, clock)
        if not part:
            raise _Failed(Failure.ANSWER)
        read += part
    end = read.index(b"\r\n\r\n") + 4
    if end > MOST_HEADER_BYTES:
        raise _Failed(Failure.ANSWER)
    length = _LENGTH.search(bytes(read[: end - 2]))
    wanted = end + min(int(length[1]) if length else MOST_BYTES, MOST_BYTES)
    while len(read) < wanted:
        part = _more(connection, clock)
        if not part:
            break
        read += part
    return _parsed(bytes(read[:wanted]))


def _more(connection: socket.socket, clock: _Clock) -> bytes:
    connection.settimeout(clock.left())
    part = connection.recv(8192)
    if not part and clock.cut.is_set():
        raise _Failed(Failure.TIME)
    return part


class _Read:
    """What was read, in the place of a connection."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def makefile(self, *args: Any, **kwargs: Any) -> io.BytesIO:
        return io.BytesIO(self.raw)


def _parsed(raw: bytes) -> tuple[int, bytes]:
    response = http.client.HTTPResponse(_Read(raw), method="POST")  # type: ignore[arg-type]
    try:
        response.begin()
    except (http.client.HTTPException, ValueError) as strange:
        raise _Failed(Failure.ANSWER) from strange
    try:
        body = response.read()
    except http.client.IncompleteRead as partial:
        body = partial.partial
    except (http.client.HTTPException, ValueError):
        body = b""
    return response.status, body
