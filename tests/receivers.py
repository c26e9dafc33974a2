"""Receivers of calls on loopback, and wires that lead every address there: no packet of a test leaves this machine."""

from __future__ import annotations

import datetime as dates
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from baton.core.outgoing.calls import Wire

PUBLIC = "93.184.215.14"
"""A public address, which no test ever calls."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Speak = Callable[[socket.socket, bytes], None]


@dataclass
class Receiver:
    """What came, and how it is answered. ``speak(connection, request)`` may answer however badly it likes."""

    answers: list[bytes] = field(default_factory=list)
    speak: Speak | None = None
    requests: list[bytes] = field(default_factory=list)
    port: int = 0
    context: ssl.SSLContext | None = None
    names: list[str | None] = field(default_factory=list)

    def handle(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        try:
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            request = _read(connection)
            if not request:
                return
            self.requests.append(request)
            if self.speak is not None:
                self.speak(connection, request)
            else:
                connection.sendall(self.answers.pop(0) if self.answers else OK)
        except OSError:
            pass
        finally:
            connection.close()

    @property
    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    def headers(self, n: int = -1) -> dict[str, str]:
        head = self.requests[n].partition(b"\r\n\r\n")[0].decode()
        return {name.lower(): value for name, _c, value in (line.partition(": ") for line in head.split("\r\n")[1:])}


def _read(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        part = connection.recv(4096)
        if not part:
            return read
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body


@contextmanager
def receiving(receiver: Receiver) -> Iterator[Receiver]:
    """Listen on a free port of 127.0.0.1 while the block runs."""
    server = socket.create_server(("127.0.0.1", 0))
    receiver.port = server.getsockname()[1]

    def accept() -> None:
        while True:
            try:
                connection, _peer = server.accept()
            except OSError:
                return
            threading.Thread(target=receiver.handle, args=(connection,), daemon=True).start()

    listening = threading.Thread(target=accept, daemon=True)
    listening.start()
    try:
        yield receiver
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        listening.join(5)


@dataclass
class Recorded:
    """A wire to ``receiver`` that notes what was resolved and where a connection was to go."""

    receiver: Receiver
    names: dict[str, list[str]] = field(default_factory=dict)
    resolved: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)
    authority: Path | None = None
    seconds: float = 30.0

    def resolve(self, host: str) -> list[str]:
        self.resolved.append(host)
        return self.names.get(host, [PUBLIC])

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.receiver.port), timeout=seconds)

    @property
    def wire(self) -> Wire:
        return Wire(self.resolve, self.connect, self._context, self.seconds)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority) if self.authority else None)


def certificate(folder: Path, host: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own for ``host``, and the file that makes it trusted."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dates.datetime.now(dates.UTC)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dates.timedelta(days=1))
        .not_valid_after(now + dates.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    trusted, private = folder / "certificate.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted
